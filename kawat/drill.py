"""`kawat drill`: an invented article down the real path to every channel, marked TEST; nothing of it stays.

    invented page ─► WARC record ─► inbox ─► read, judged, linked ─► outbox ─► every channel

The parts, the rules and the channels are those of this folder. The database and the archive are the same code on the
same disk, but thrown away afterwards: an invented agreement must never stand among real ones.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from crawler.archive import Archive
from kawat.archive import read_body
from kawat.cli.face import Row
from kawat.corpus import load_seeds
from kawat.press.furniture import Sheet
from kawat.press.sites import SITES, Told, tell
from kawat.press.story import shipped
from kawat.press.templates import page as printed
from kawat.rulebook import rulebook
from pipeline.alert.channel import Channel
from pipeline.alert.claim import claim
from pipeline.alert.compose import citation, item, trial
from pipeline.alert.deliver import drain
from pipeline.alert.plan import SHIPPED
from pipeline.alert.words import ENGLISH, Names
from pipeline.config import Configuration
from pipeline.decide import Decider
from pipeline.model import Alert, Article, Item, Notice, Outlet, Page, Trust
from pipeline.net import url_key
from pipeline.ports import Notifier
from pipeline.reading import ReadingApart
from pipeline.run import Pipeline, Tally
from pipeline.store import Store
from pipeline.threads import unknown_outlet

STORY = "qa-1"
"""Of the invented press: a ministry signs a memorandum with its counterpart."""

AGO = timedelta(minutes=5)
BASE = "https://drill.invalid"
NOTE = "This is a drill: the article below is invented, and no such agreement exists."


def drill(
    configuration: Configuration, notifiers: Mapping[str, Notifier], names: Names, *, now: Callable[[], datetime]
) -> list[Row]:
    """One row per step and per message: step, outcome (ok | failed), seconds, detail. Raises StoreError."""
    rows: list[Row] = []
    moment = now()
    told = _told(moment)
    with (
        TemporaryDirectory(prefix="drill-", dir=configuration.data_dir) as folder,
        closing(Store.open(f"sqlite:///{Path(folder) / 'drill.db'}")) as store,
    ):
        watch = _Watch()
        page = _landed(store, Path(folder), told, moment)
        watch.step(rows, "capture", True, f"{page.record.length} bytes written to the archive and flushed")
        load_seeds(store, configuration, moment)
        tally = _read(store, configuration, names, Path(folder), now)
        queued = store.outbox.list(limit=10_000)
        claims = {claim(each.agreement, ENGLISH, names) for alert in queued for each in alert.alert.items}
        detail = "; ".join(sorted(claims)) or "no agreement was found in it: see kawat read"
        watch.step(rows, "read and decide", bool(tally.agreements and queued), detail)
        drain(store.outbox, notifiers, now=now)
        for each in reversed(store.outbox.list(limit=10_000)):
            last = each.tries[-1].detail if each.tries else "not tried"
            where = f"{each.alert.channel}: {each.alert.recipient}"
            watch.step(rows, where, each.state == "sent", last)
    return rows


class _Watch:
    """Seconds since the last step."""

    def __init__(self) -> None:
        self._last = time.monotonic()

    def step(self, rows: list[Row], step: str, fine: bool, detail: str) -> None:
        spent, self._last = time.monotonic() - self._last, time.monotonic()
        rows.append({"step": step, "outcome": "ok" if fine else "failed", "seconds": round(spent, 2), "detail": detail})


def _told(moment: datetime) -> Told:
    story = replace(shipped()[STORY], age=AGO / timedelta(hours=1), day0=AGO / timedelta(hours=1))
    return tell(story, SITES[story.outlet], moment)


def _landed(store: Store, folder: Path, told: Told, moment: datetime) -> Page:
    body = printed(Sheet(told), BASE, None).encode()
    url = BASE + told.path
    with Archive(folder, now=moment, agent="kawat drill") as archive:
        record = archive.resource(url, body, "text/html; charset=utf-8", moment)
    page = Page(
        outlet=told.site.slug,
        url=url,
        final_url=url,
        key=url_key(url),
        status=200,
        content_type="text/html; charset=utf-8",
        fetched_at=moment,
        discovered_at=moment,
        record=record,
        title_hint=told.title,
    )
    store.inbox.land(page)
    return page


def _read(store: Store, configuration: Configuration, names: Names, folder: Path, now: Callable[[], datetime]) -> Tally:
    site = _told(now()).site
    outlet = replace(
        unknown_outlet(site.slug, BASE),
        name="Kawat drill (invented)",
        trust=Trust.PRESS,
        enabled=True,
        disabled_reason="",
        languages=(site.language,),
    )
    rules = rulebook(configuration)
    outlets = {**rules.outlets, site.slug: outlet}
    channels = configuration.channels

    def every(notice: Notice, article: Article, of: Outlet, at: datetime) -> tuple[Alert, ...]:
        told = item(notice, citation(article, of))
        return _trials(channels, told, claim(notice.agreement, ENGLISH, names), at)

    decider = Decider(
        store=store,
        rules=replace(rules, outlets=outlets, watches={"": SHIPPED}),  # every channel, whatever it watches
        compose=every,
        now=now,
        read=ReadingApart().read,
    )
    tally = Tally()
    Pipeline(store=store, decider=decider, read_body=lambda page: read_body(folder, page), now=now).drain(tally)
    return tally


def _trials(channels: tuple[Channel, ...], told: Item, subject: str, now: datetime) -> tuple[Alert, ...]:
    return tuple(
        replace(alert, subject=subject)
        for channel in channels
        for alert in trial(channel, now=now, body=NOTE, items=(told,))
    )
