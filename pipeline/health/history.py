"""Taking polls and pages into what is kept of an outlet. Pure: a `Sight` and new facts in, the next `Sight` out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from pipeline.health.silence import KEPT_DAYS, learn
from pipeline.model import Article, Outlet, Reject, RejectReason, Run, WarcRecord
from pipeline.sight import DayCount, PageSeen, PollSeen, Sight, State

KEPT_POLLS = 16
KEPT_PAGES = 12
"""Pages that wait before they are counted into their day: a redesign is noticed before it becomes what is usual."""

_SPOILING = frozenset({State.REDESIGNED, State.BLOCKED})

STOPPED = "not reached"
_GRAVEST = (
    "blocked",
    "forbidden by robots.txt",
    "moved or gone",
    "asks for patience",
    "too few articles listed",
    "unreadable answer",
    "address not called",
    "down",
)
_NO_JUDGEMENT = frozenset({RejectReason.LANGUAGE, RejectReason.STATUS, RejectReason.TOO_SLOW, RejectReason.TOO_LARGE})
"""Refusals that say nothing of whether a layout can still be read."""


def poll_seen(run: Run) -> PollSeen | None:
    """A poll as health sees it; None for one that was cut short before it could tell anything."""
    answered = run.ok or bool(run.items or run.unchanged)
    troubles = [each for each in run.troubles if each != STOPPED]
    if not answered and not troubles:
        return None
    return PollSeen(
        at=run.finished_at,
        answered=answered,
        kind="" if answered else _gravest(troubles),
        words=run.reason[:300],
        new=run.candidates,
        fetched=run.fetched,
        failed=run.failed,
        page_kind=_gravest(run.page_troubles),
    )


def page_seen(read: Article | Reject, at: datetime, record: WarcRecord | None) -> PageSeen | None:
    """A page as health sees it; None for one that says nothing about the outlet's layout of today."""
    if isinstance(read, Reject):
        if read.reason in _NO_JUDGEMENT:
            return None
        return PageSeen(at=at, url=read.url, record=record, refused=read.reason)
    published = read.published.instant if read.published else None
    if published is not None and (at - published).days > 30:
        return None  # walked back to: it may stand in a layout of its day
    steps = dict(read.steps)
    found = (
        ("title", bool(read.title)),
        ("published", read.published is not None),
        ("authors", bool(read.authors or read.credits)),
        ("section", bool(read.section)),
        ("selectors", steps.get("body") == "selectors"),
    )
    return PageSeen(
        at=at,
        url=read.url,
        record=record,
        fields=tuple(name for name, there in found if there),
        chars=sum(map(len, read.paragraphs)),
        removed=sum(len(each.text) for each in read.removed),
    )


def with_polls(sight: Sight, outlet: Outlet, polls: Iterable[PollSeen]) -> Sight:
    """The sight after these polls, oldest first."""
    zone = ZoneInfo(outlet.zone)
    days = {each.day: each for each in sight.days}
    first, last_answer, last_new = sight.first_poll, sight.last_answer, sight.last_new
    kept = list(sight.polls)
    for poll in polls:
        kept.append(poll)
        if not poll.answered:
            continue
        local = poll.at.astimezone(zone)
        today = days.get(local.date()) or DayCount(day=local.date())
        if poll.new and first is not None:  # the first poll finds everything at once: that is no rhythm
            hours = list(today.hours)
            hours[local.hour] += poll.new
            today = replace(today, hours=tuple(hours))
        days[today.day] = today
        first = first or poll.at
        last_answer = max(poll.at, last_answer or poll.at)
        last_new = max(poll.at, last_new or poll.at) if poll.new else last_new or poll.at
    return replace(
        sight,
        polls=tuple(kept[-KEPT_POLLS:]),
        days=_latest(days.values()),
        first_poll=first,
        last_answer=last_answer,
        last_new=last_new,
    )


def with_pages(sight: Sight, outlet: Outlet, pages: Iterable[PageSeen]) -> Sight:
    """The sight after these pages, oldest first. What leaves the short list is counted into its day, unless the outlet
    counts as redesigned or blocked: then it would make the fault what is usual."""
    kept = [*sight.pages, *pages]
    leaving, staying = kept[:-KEPT_PAGES], kept[-KEPT_PAGES:]
    days = {each.day: each for each in sight.days}
    standing = sight.finding
    spoilt = standing.since if standing is not None and standing.state in _SPOILING else None
    zone = ZoneInfo(outlet.zone)
    for page in leaving:
        if spoilt is not None and page.at >= spoilt:
            continue
        day = page.at.astimezone(zone).date()
        days[day] = _counted(days.get(day) or DayCount(day=day), page)
    return replace(sight, pages=tuple(staying), days=_latest(days.values()))


def with_rhythm(sight: Sight, outlet: Outlet, now: datetime) -> Sight:
    """The sight with its rhythm learned anew where a day has passed."""
    today = now.astimezone(ZoneInfo(outlet.zone)).date()
    if sight.rhythm is not None and sight.rhythm.day == today:
        return sight
    return replace(sight, rhythm=learn(outlet, sight.days, today))


def _counted(day: DayCount, page: PageSeen) -> DayCount:
    if page.refused:
        return replace(day, pages=day.pages + 1)
    fields = dict(day.fields)
    for name in page.fields:
        fields[name] = fields.get(name, 0) + 1
    return replace(
        day,
        pages=day.pages + 1,
        articles=day.articles + 1,
        fields=tuple(sorted(fields.items())),
        chars=day.chars + page.chars,
        removed=day.removed + page.removed,
    )


def _latest(days: Iterable[DayCount]) -> tuple[DayCount, ...]:
    return tuple(sorted(days, key=lambda each: each.day)[-KEPT_DAYS:])


def _gravest(kinds: Sequence[str]) -> str:
    return next((each for each in _GRAVEST if each in kinds), kinds[0] if kinds else "")
