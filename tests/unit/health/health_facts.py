"""Facts for the tests of health: an outlet, its polls and pages, by the hour."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from pipeline.health import with_pages, with_polls
from pipeline.model import (
    Expectations,
    Fetch,
    Outlet,
    Politeness,
    Run,
    Selectors,
    Source,
    SourceKind,
    Terms,
    Tier,
    Trust,
    WarcRecord,
)
from pipeline.sight import PageSeen, PollSeen, Sight

NOW = datetime(2026, 3, 10, 5, tzinfo=UTC)  # a Tuesday noon in Jakarta, ten days before Lebaran
HOUR = timedelta(hours=1)
ALL = ("title", "published", "authors", "selectors")


def outlet(slug: str = "x", **changes: object) -> Outlet:
    """A must-tier outlet that is expected to print every twelve hours."""
    made = Outlet(
        slug=slug,
        name=slug.upper(),
        homepage=f"https://{slug}.example/",
        languages=("id",),
        tier=Tier.MUST,
        trust=Trust.PRESS,
        zone="Asia/Jakarta",
        country="ID",
        enabled=True,
        disabled_reason="",
        fetch=Fetch.FULL,
        sources=(Source(kind=SourceKind.FEED, url=f"https://{slug}.example/rss"),),
        every=timedelta(minutes=15),
        cron=None,
        article=(),
        not_article=(),
        selectors=Selectors(body=("div.isi",)),
        politeness=Politeness(),
        expect=Expectations(),
        terms=Terms(),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def run(at: datetime, **changes: object) -> Run:
    """A poll that answered with nothing new."""
    made = Run(
        outlet="x", started_at=at, finished_at=at, ok=True, sources=1, unchanged=0, items=20, candidates=0, fetched=0,
        failed=0,
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


def answer(at: datetime, new: int = 0) -> PollSeen:
    return PollSeen(at=at, answered=True, new=new)


def failure(at: datetime, kind: str = "down", words: str = "down: connection refused") -> PollSeen:
    return PollSeen(at=at, answered=False, kind=kind, words=words)


def page(number: int, at: datetime = NOW, **changes: object) -> PageSeen:
    """A good page of a thousand characters."""
    record = WarcRecord(file="w.warc.gz", offset=number, length=1)
    made = PageSeen(at=at, url=f"https://x.example/{number}", record=record, fields=ALL, chars=1000, removed=100)
    return replace(made, **changes)  # type: ignore[arg-type]


def seen(
    polls: Iterable[PollSeen] = (),
    pages: Iterable[PageSeen] = (),
    of: Outlet | None = None,
    before: Sight | None = None,
) -> Sight:
    """The sight after these."""
    one = of or outlet()
    sight = with_polls(before or Sight(outlet=one.slug), one, polls)
    return with_pages(sight, one, pages)


def steady(until: datetime, days: int = 21, of: Outlet | None = None) -> Sight:
    """Three weeks of an outlet that prints something every hour from 6 to 20 o'clock, and nothing on Sundays."""
    polls = []
    at = until - timedelta(days=days)
    while at <= until:
        local = at + 7 * HOUR
        new = 1 if 6 <= local.hour <= 20 and local.weekday() != 6 else 0
        polls.append(answer(at, new))
        at += HOUR
    return seen(polls, of=of)
