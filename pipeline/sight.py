"""The nouns of source health: what is kept of each outlet's polls and pages, and what was found of it. Frozen values.

Small on purpose: a `Sight` is a few kilobytes whatever the outlet prints, so that a thousand are looked at in a moment.
What is decided from them is in `pipeline.health`; how they are kept in `pipeline.store.health`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from pipeline.model import WarcRecord


class State(StrEnum):
    """The verdict on a source. `UNKNOWN` and `DISABLED` stand for none: never polled, and not to be polled."""

    OK = "ok"
    QUIET = "quiet"
    SILENT = "silent"
    BLOCKED = "blocked"
    REDESIGNED = "redesigned"
    MOVED = "moved"
    DOWN = "down"
    ROBOTS = "robots"
    NETWORK = "our network"
    UNKNOWN = "never polled"
    DISABLED = "disabled"


WELL = frozenset({State.OK, State.QUIET, State.UNKNOWN, State.DISABLED})
"""Verdicts that nobody need be told of."""

BLIND = frozenset({State.BLOCKED, State.MOVED, State.DOWN, State.ROBOTS, State.NETWORK})
"""Verdicts under which nothing of the source is read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A verdict: since when, by what evidence, and what to do, in words."""

    state: State
    since: datetime
    evidence: str = ""
    remedy: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PollSeen:
    """One poll, as far as health goes. `kind` is the foremost trouble where no source answered, "" where one did."""

    at: datetime
    answered: bool
    kind: str = ""
    words: str = ""
    new: int = 0
    fetched: int = 0
    failed: int = 0
    page_kind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageSeen:
    """One page that was read. `refused` says why it was no article, "" where it was one."""

    at: datetime
    url: str
    record: WarcRecord | None
    fields: tuple[str, ...] = ()  # of title, published, authors, section, body by selectors
    chars: int = 0  # of cleaned text
    removed: int = 0  # characters of boilerplate
    refused: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayCount:
    """One day in the outlet's zone: what was found new in each hour, and sums over the articles read."""

    day: date
    hours: tuple[int, ...] = (0,) * 24
    pages: int = 0
    articles: int = 0
    fields: tuple[tuple[str, int], ...] = ()
    chars: int = 0
    removed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """How an outlet prints: weight of each hour and of each kind of day (Monday to Sunday, holiday), an ordinary
    working hour being 1; after how many such hours without anything new it counts as silent."""

    day: date  # when this was learned
    hours: tuple[float, ...]
    days: tuple[float, ...]
    limit: float
    learned: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """All that is kept of one outlet."""

    outlet: str
    finding: Finding | None = None
    before: Finding | None = None  # what held before our network went: it holds again until the next poll
    turns: tuple[Finding, ...] = ()  # earlier verdicts, the latest last
    polls: tuple[PollSeen, ...] = ()
    pages: tuple[PageSeen, ...] = ()
    days: tuple[DayCount, ...] = ()
    first_poll: datetime | None = None
    last_answer: datetime | None = None
    last_new: datetime | None = None
    rhythm: Rhythm | None = None
    last_good: PageSeen | None = None  # kept while the source counts as redesigned
    first_bad: PageSeen | None = None

    @property
    def brief(self) -> Brief:
        unanswered = 0
        for poll in reversed(self.polls):
            if poll.answered:
                break
            unanswered += 1
        pages = (self.first_bad, self.last_good)
        files = {page.record.file for page in pages if page is not None and page.record is not None}
        return Brief(finding=self.finding, unanswered=unanswered, files=tuple(sorted(files)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """The little of a `Sight` that is shown: its verdict, how many polls in a row no list answered, and the archive
    files that are kept while it stands."""

    finding: Finding | None
    unanswered: int = 0
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """A time in which nothing answered us at all."""

    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Horizon:
    """What is kept of all outlets together: how far their history was read, our own outages, what readers were told."""

    run: int = 0  # number of the last poll that was taken in
    revision: int = 0
    reject: int = 0
    outages: tuple[Outage, ...] = ()
    blind_since: datetime | None = None  # our network, or half of the must tier
    readers_told: datetime | None = None  # of the blindness since then

    @property
    def outage(self) -> Outage | None:
        """The outage that lasts."""
        return next((each for each in self.outages if each.until is None), None)
