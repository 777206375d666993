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
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from statistics import quantiles
from typing import Any

from kawat.app import App
from kawat.demo import furnish
from kawat.press import Press
from kawat.press.receivers import Hooks, Mail, Mailbox, Post
from kawat.proof import every
from pipeline.alert.channel import Rate
from pipeline.alert.compose import at_once, importance
from pipeline.alert.routing import HELD
from pipeline.model import Agreement, AlertKind, Citation, Instrument, Item, Level, Stage, Trust, digest

QUIET = 6.0
"""Seconds without a further message after which all have come."""

LATEST = 180.0
PROMISED = 2.0
"""Seconds from fetch to message at the 95th percentile."""

PARTNERS = ("JP", "KR", "SG", "QA", "AU", "IN", "FR", "DE", "NL", "CN", "US", "GB", "SA", "TR", "BR")
URL = re.compile(r"https://kabar\.example/a/\d{4}")


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


# -------------------------------------------------------------------------------------------------- very many at once


def invented(number: int, now: datetime) -> Item:
    """One of many agreements, each with an address of its own; they differ in partner, level and confidence."""
    partner, level = PARTNERS[number % len(PARTNERS)], (Level.G2G, Level.AGENCY, Level.SOE)[number % 3]
    source = Citation(
        outlet="kabar",
        outlet_name="Kabar Contoh",
        trust=Trust.PRESS,
        url=f"https://kabar.example/a/{number:04d}",
        title=f"Indonesia dan mitranya teken nota kesepahaman ke-{number}",
        published=now,
        discovered=now,
        language="id",
    )
    agreement = Agreement(
        key=digest("bench", str(number)),
        partner=partner,
        level=level,
        stage=Stage.SIGNED,
        instrument=Instrument.MOU,
        instrument_printed="nota kesepahaman",
        title="",
        institutions=(),
        fields=("telecom",),
        signatories=(),
        signed_on=now.date(),
        signed_precision="day",
        place="Jakarta",
        confidence=0.80 + (number * 7 % 20) / 100,
        reasons=(),
        revision=1,
        first_published=now,
        first_discovered=now,
        last_reported=now,
        sources=1,
        reports=(f"r{number}",),
    )
    quote = f"Kedua menteri menandatangani nota kesepahaman telekomunikasi ke-{number} di Jakarta."
    return Item(agreement=agreement, quote=quote, quote_source=source, citations=(source,))


@dataclass(slots=True)
class Jumping:
    """The wall clock, and what it was set forward by."""

    ahead: timedelta = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


def many_at_once(number: int) -> bool:
    """Whether all are told to everybody, once, in order of importance, within each channel's rate."""
    clock = Jumping()
    with tempfile.TemporaryDirectory() as made, TimedMailbox() as mailbox, TimedHooks() as hooks:
        folder = Path(made) / "kawat"
        folder.mkdir()
        with Press(clock(), only=()) as press:
            furnish(folder, press, mailbox, hooks)
        told = [invented(n, clock()) for n in range(number)]
        order = [each.quote_source.url for each in sorted(told, key=importance)]
        with App.open(folder, now=clock) as app:
            now = clock()
            for channel in app.configuration.channels:
                app.store.outbox.put([alert for each in told for alert in at_once(each, channel, now=now)])
            began = time.monotonic()
            app.deliver()
            print(f"{3 * number} queued messages looked at and held in {time.monotonic() - began:.1f} s", flush=True)
            held = len(mailbox.accepted) + len(hooks.accepted)
            clock.ahead += HELD + timedelta(seconds=1)
            started = time.monotonic()
            while app.store.outbox.counts().keys() & {"pending", "leased", "sending"}:
                app.deliver()
                if time.monotonic() - started > LATEST:
                    break
            rates = {each.name: each.rate for each in app.configuration.channels}
            readers = [each.address for each in app.configuration.channels[0].recipients]
        streams: dict[str, list[tuple[float, str]]] = {reader: [] for reader in readers}
        streams["slack"] = list(hooks.accepted)
        for mail, (at, text) in zip(mailbox.messages, mailbox.accepted, strict=True):
            streams[mail.recipients[0]].append((at, text))
        fine = [
            _complete(name, got, order, rates["slack"] if name == "slack" else None, held)
            for name, got in streams.items()
        ]
        return all(fine)


def _complete(name: str, got: list[tuple[float, str]], order: list[str], rate: Rate | None, held: int) -> bool:
    found = [url for _, text in got for url in dict.fromkeys(URL.findall(text))]
    gap = min((later - at for (at, _), (later, _) in pairwise(got)), default=0.0)
    times = [at for at, _ in got]
    limit = "no limit" if rate is None else f"limit {rate.messages} in {rate.per.total_seconds():.0f} s"
    fits = rate is None or all(
        later - at >= 0.9 * rate.per.total_seconds() for at, later in zip(times, times[rate.messages :], strict=False)
    )
    fine = found == order and fits
    print(
        f"{len(order)} at once to {name}: {len(set(found))} told in {len(got)} messages, "
        f"{'in' if found == order else 'NOT in'} order of importance, {held} before they were held, "
        f"at least {gap:.2f} s apart ({limit})",
        flush=True,
    )
    return fine


def main() -> int:
    ask = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    ask.add_argument("--many", type=int, default=300)
    many = many_at_once(ask.parse_args().many)
    both = daemon_latencies()
    for name, seconds in both.items():
        print(shown(f"fetch to {name}", seconds), flush=True)
    together = [*both["mail"], *both["slack"]]
    print(shown("fetch to both", together))
    quick = len(together) > 1 and quantiles(together, n=100, method="inclusive")[94] <= PROMISED
    return 0 if quick and many else 1


if __name__ == "__main__":
    sys.exit(main())
