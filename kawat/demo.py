"""`kawat demo`: the whole of Kawat against an invented press on this machine, with nothing pretended but the news.

Real parts throughout: the Scrapy process crawls over loopback, alerts go to a real SMTP listener and to a real HTTP
listener that stands in for Slack, everything is stored as in earnest. Two things differ, and are said: addresses of
this machine may be called, and the first poll is not a baseline, because all of the press is younger than two days.
Two of its pages are a challenge and a blank, so that one sees what is set aside.

    DIR/articles/*.jsonl  agreements.jsonl  kawat.db  warc/*.warc.gz      as in any data folder
    DIR/sent/mail/*.eml   sent/slack/*.json                               what arrived
    DIR/settings.yaml     channels.yaml  outlets/                         the configuration it ran with
    DIR/demo.json                                                         the press's hour and ports, for the next run
"""

from __future__ import annotations

import errno
import json
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from kawat.app import App
from kawat.cli.face import Row, RunSummary
from kawat.press import Press
from kawat.press.receivers import Hooks, Mailbox
from pipeline.alert.claim import claim
from pipeline.alert.deliver import A_RUN
from pipeline.alert.words import ENGLISH
from pipeline.errors import UsageError
from pipeline.model import AlertKind, Urgency

Progress = Callable[[str, str], None]

STATE = "demo.json"
NO_ARTICLES = {"o-chili": "challenge", "o-rail": "empty"}
"""Stories that the press of the demo answers with a page that is none, by what it answers instead."""
SLACK = "KAWAT_DEMO_SLACK"
SECRETS = "secrets.env"
SETTINGS = """\
# Written by `kawat demo`. A folder of your own is made by `kawat init`.
data_dir: .
operator: {{name: Kawat demo, contact: demo@kawat.invalid}}
allow_loopback: true            # the press in a box lives on this machine; never set this in earnest
first_run: {{baseline: false}}    # all of the invented press is fresh: tell it singly, not as a starting picture
outlets: {{only: [{slugs}]}}
crawl: {{deadline: 50s}}
log: {{level: error}}
"""
CHANNELS = """\
# Written by `kawat demo`: a mailbox and a stand-in for Slack, both on this machine.
channels:
  mail:
    kind: smtp
    host: 127.0.0.1
    port: {smtp}
    security: plain
    sender: Kawat <kawat@demo.invalid>
    operator: operator@demo.invalid
    to:
      - {{address: reader@demo.invalid, language: en, zone: Asia/Tokyo}}
      - {{address: pembaca@demo.invalid, language: id}}
  slack:
    kind: slack
    url: ${{KAWAT_DEMO_SLACK}}
    to: ["#perjanjian"]
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """Where and when the press of one demo folder lives, kept so that a second run meets the same press."""

    now: datetime
    press: int = 0
    smtp: int = 0
    hooks: int = 0


def run_demo(folder: Path, *, progress: Progress) -> Row:
    """Run the demo in `folder`, made where it is missing; what happened. A second run meets the same press.

    Raises UsageError where `folder` holds something else, or where a port of the first run is taken.
    """
    setting = _setting(folder)
    with ExitStack() as stack:
        try:
            press = stack.enter_context(Press(setting.now, port=setting.press))
            mailbox = stack.enter_context(Mailbox(folder / "sent" / "mail", port=setting.smtp))
            hooks = stack.enter_context(Hooks(folder / "sent" / "slack", port=setting.hooks))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            raise UsageError(
                f"a port that the first demo in {folder} used is taken now: end what holds it, or name another folder"
            ) from error
        for story, mode in NO_ARTICLES.items():
            press.fail(press.stories[story].outlet, press.read(story).path, mode)
        progress("demo", f"the press is open: {len(press.urls)} outlets, {len(press.stories)} stories")
        furnish(folder, press, mailbox, hooks)
        with App.open(folder) as app:
            summary = app.run(progress, everything=True)
            progress("deliver", "the daily digest, early")
            with app.exclusive("demo"):
                app.desk.telling.together(Urgency.DIGEST, app.now())
                app.deliver(patience=A_RUN)
            return _row(folder, app, summary, mails=len(mailbox.messages), posts=len(hooks.posts))


def _setting(folder: Path) -> Setting:
    path = folder / STATE
    if path.is_file():
        try:
            known = json.loads(path.read_text(encoding="utf-8"))
            return Setting(
                now=datetime.fromisoformat(known["now"]),
                press=int(known["press"]),
                smtp=int(known["smtp"]),
                hooks=int(known["hooks"]),
            )
        except (ValueError, KeyError, TypeError) as error:
            raise UsageError(f"{path} is damaged: delete {folder} and run the demo again") from error
    if folder.is_dir() and any(folder.iterdir()):
        raise UsageError(f"{folder} holds something else: name an empty or a new folder")
    folder.mkdir(parents=True, exist_ok=True)
    return Setting(now=datetime.now(UTC))


def furnish(
    folder: Path, press: Press, mailbox: Mailbox, hooks: Hooks, *, outlets: Collection[str] | None = None
) -> None:
    """Write the configuration of this run, for some outlets or all. Addresses stay, so what was seen stays seen."""
    press.outlet_files(folder / "outlets")
    files = {
        "settings.yaml": SETTINGS.format(slugs=", ".join(sorted(outlets or press.urls))),
        "channels.yaml": CHANNELS.format(smtp=mailbox.port),
        STATE: json.dumps(
            {
                "now": press.now.isoformat(),
                "press": _port(next(iter(press.urls.values()))),
                "smtp": mailbox.port,
                "hooks": _port(hooks.base),
            }
        ),
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    (folder / SECRETS).touch(mode=0o600)
    (folder / SECRETS).write_text(f"{SLACK}={hooks.slack_url}\n", encoding="utf-8")


def _port(address: str) -> int:
    return int(address.rstrip("/").rpartition(":")[2])


def _row(folder: Path, app: App, summary: RunSummary, *, mails: int, posts: int) -> Row:
    return {
        "outlets": len(summary.runs),
        "outlets_failed": {run.outlet: run.reason for run in summary.runs if not run.ok},
        "pages": summary.pages,
        "articles": summary.articles,
        "rejects": dict(summary.rejects),
        "duplicates": summary.duplicates,
        "agreements": summary.agreements,
        "alerts": list(_told(app)) if mails or posts else [],
        "mails": mails,
        "slack_messages": posts,
        "seconds": round(summary.seconds, 1),
        "folder": str(folder),
        "note": "the first-run baseline is off here: a real first run sends one starting picture instead",
    }


def _told(app: App) -> Iterator[Row]:
    """Each agreement that was told at once, with the sentence that proves it and who reports it."""
    names = {slug: each.name for slug, each in app.desk.by_slug.items()}
    seen: set[str] = set()
    for posted in reversed(app.store.outbox.list(limit=1000)):
        for told in posted.alert.items if posted.alert.kind is AlertKind.AGREEMENT else ():
            if told.agreement.key in seen:
                continue
            seen.add(told.agreement.key)
            reports = app.store.agreements.reports(told.agreement.key)
            yield {
                "claim": claim(told.agreement, ENGLISH, app.desk.names),
                "quote": told.quote,
                "source": told.quote_source.outlet_name,
                "url": told.quote_source.url,
                "reported_by": list(dict.fromkeys(names.get(each.outlet, each.outlet) for each in reports)),
            }
