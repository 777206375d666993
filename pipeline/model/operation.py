"""How Kawat itself fares."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One poll of one outlet in one crawl tick, with its counted outcomes."""

    outlet: str
    started_at: datetime
    finished_at: datetime
    ok: bool  # every source answered (200 or 304) with something readable
    sources: int
    unchanged: int  # 304 answers
    items: int  # links listed
    candidates: int  # new ones
    fetched: int
    failed: int
    reason: str = ""  # what went wrong, "" where nothing did
    retry_after: timedelta | None = None
    delay: timedelta = timedelta(0)  # the longest pause between requests that one of its hosts asks for
    fresh_until: datetime | None = None  # before that none of its sources is worth asking again, by their own word
    troubles: tuple[str, ...] = ()  # kinds of what went wrong with its sources (`crawler.outcome.Trouble`)
    page_troubles: tuple[str, ...] = ()  # the same of its articles


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """When an outlet prints, learned from its own past: per hour of the week in WIB (0 is Monday 00:00), how many new
    articles were seen and for how many hours that hour was watched, both fading with age; and the same for the last
    hours. Everything as of `at`."""

    counts: tuple[float, ...]
    hours: tuple[float, ...]
    seen_lately: float
    expected_lately: float
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """Something an operator should know."""

    subject: str
    problem: str
    remedy: str
    since: datetime
