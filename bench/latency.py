"""From the fetch of a page to the message that both listeners accepted, under the real daemon at its default settings;
and 300 agreements at once.

    python -m bench.latency [--many 300]

The press in a box is crawled by `kawat daemon` in a process of its own; mail goes to a real SMTP listener, Slack's
messages to an HTTP listener, both in this process. What counts is the time from the request of an article's page, as
the press saw it, to the acceptance of each message that cites it. Then as many agreements as are asked for are read,
decided and delivered by an engine in this process, on a clock set by hand, so that holding back costs no time: all must
arrive, each once, in order of importance, at most as many messages in a minute as the channel's limit allows.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from statistics import quantiles
from typing import Any

from kawat.app import App
from kawat.demo import furnish
from kawat.press import Press
from kawat.press.receivers import Hooks, Mail, Mailbox, Post
from kawat.proof import every
from pipeline.model import AlertKind

QUIET = 6.0
"""Seconds without a further message after which all have come."""

LATEST = 180.0


class TimedMailbox(Mailbox):
    """Notes when it accepted each message."""

    def __init__(self) -> None:
        super().__init__()
        self.accepted: list[tuple[float, str]] = []

    def _keep(self, sender: str, recipients: tuple[str, ...], raw: bytes) -> None:
        super()._keep(sender, recipients, raw)
        self.accepted.append((time.monotonic(), text_of(self.messages[-1])))


class TimedHooks(Hooks):
    """Notes when it accepted each post."""

    def __init__(self) -> None:
        super().__init__()
        self.accepted: list[tuple[float, str]] = []

    def _accept(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Any:
        before = len(self.posts)
        reply = super()._accept(method, path, headers, body)
        if len(self.posts) > before:
            self.accepted.append((time.monotonic(), said_by(self.posts[-1])))
        return reply


def text_of(mail: Mail) -> str:
    body = mail.message.get_body(("plain",))
    return "" if body is None else str(body.get_content())


def said_by(post: Post) -> str:
    return json.dumps(post.payload, ensure_ascii=False)


def daemon_latencies() -> dict[str, list[float]]:
    """Seconds from a page's request to each message that cites it, by channel."""
    now = datetime.now(UTC)
    with (
        tempfile.TemporaryDirectory() as made,
        Press(now) as press,
        TimedMailbox() as mailbox,
        TimedHooks() as hooks,
    ):
        folder = Path(made) / "kawat"
        folder.mkdir()
        furnish(folder, press, mailbox, hooks)
        settings = folder / "settings.yaml"
        text = settings.read_text(encoding="utf-8")  # crawl, rhythm and retention as they ship
        settings.write_text("\n".join(line for line in text.splitlines() if "deadline" not in line), encoding="utf-8")
        command = [sys.executable, "-m", "kawat", "--dir", str(folder), "daemon"]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            _until_quiet(mailbox, hooks)
        finally:
            process.terminate()
            process.wait(30)
        asked: dict[str, float] = {}
        for request in press.requests:
            if request.status == 200:
                asked[f"{press.urls[request.outlet]}{request.path}".partition("?")[0]] = request.at
        urls = [press.url(story) for story in press.stories]
        print(legs_within(folder), flush=True)
        return {
            "mail": _legs(mailbox.accepted, urls, asked),
            "slack": _legs(hooks.accepted, urls, asked),
        }


def _until_quiet(mailbox: TimedMailbox, hooks: TimedHooks) -> None:
    wait, started = threading.Event(), time.monotonic()
    while time.monotonic() - started < LATEST:
        wait.wait(0.5)
        last = max((at for at, _ in (*mailbox.accepted, *hooks.accepted)), default=None)
        if last is not None and time.monotonic() - last > QUIET and time.monotonic() - started > 30:
            return


def _legs(accepted: list[tuple[float, str]], urls: list[str], asked: Mapping[str, float]) -> list[float]:
    found = []
    for at, text in accepted:
        cited = [asked[url] for url in urls if url in text and url in asked and asked[url] <= at]
        if cited:
            found.append(at - max(cited))
    return found


def legs_within(folder: Path) -> str:
    """Where the time goes, by the daemon's own records: capture to decision, decision to acceptance."""
    with App.open(folder) as app:
        posted = [each for each in every(app.store) if each.alert.kind is AlertKind.AGREEMENT and each.sent_at]
        read, sent = [], []
        for each in posted:
            found = app.store.articles.by_url(each.alert.items[0].citations[0].url)
            if found is not None and each.sent_at is not None:
                read.append((each.alert.created_at - found.head.fetched_at).total_seconds())
                sent.append((each.sent_at - each.alert.created_at).total_seconds())
    return "\n".join((shown("of it capture to decision", read), shown("of it decision to acceptance", sent)))


def shown(name: str, seconds: list[float]) -> str:
    if len(seconds) < 2:
        return f"{name}: {len(seconds)} messages"
    cuts = quantiles(seconds, n=100, method="inclusive")
    return f"{name}: {len(seconds)} messages, median {cuts[49]:.2f} s, 95 % {cuts[94]:.2f} s, all {max(seconds):.2f} s"


def main() -> int:
    ask = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    ask.add_argument("--many", type=int, default=300)
    ask.parse_args()
    both = daemon_latencies()
    for name, seconds in both.items():
        print(shown(f"fetch to {name}", seconds), flush=True)
    together = [*both["mail"], *both["slack"]]
    print(shown("fetch to both", together))
    return 0 if together and quantiles(together, n=100, method="inclusive")[94] <= 2.0 else 1


if __name__ == "__main__":
    sys.exit(main())
