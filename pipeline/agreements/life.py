"""The life of an agreement: explored, announced, negotiated, signed, in force, carried out, renewed, ended.

Whether a report and a thread can stand in one life, by the phases they speak of and the days between them. Windows are
DOMAIN notes, section 8, where they give one; the others are stated here and are ours.
"""

from __future__ import annotations

from datetime import date, timedelta

from pipeline.agreements.matching import Facts, Match, Phase, content, dates_agree, parties
from pipeline.model import Relation

ENOUGH = 4.0
"""Points from which a report belongs to a thread."""

TALKS_APART = timedelta(days=180)
TALKS_TO_ACT = timedelta(days=400)
PRINTED_AFTER_ACT = timedelta(days=21)
PRINTED_BEFORE_ACT = timedelta(days=3)
TALKS_AFTER_ACT = timedelta(days=14)
FOLLOWED_UP_WITHIN = timedelta(days=5 * 366)
NEW_PAPER_AFTER = timedelta(days=30)
SAME_DAYS = timedelta(days=3)
SAME_WEEK = timedelta(days=7)
FRESH_TALKS = timedelta(days=30)
SOON_SIGNED = timedelta(days=60)

_PAST = (Phase.AFTER, Phase.END)


def belongs(report: Facts, thread: Facts) -> Match | None:
    """Points for `report` being part of `thread`, or None where it cannot be."""
    if not report.partners & thread.partners or report.subnational != thread.subnational:
        return None
    organs, matter = parties(report, thread), content(report, thread)
    if matter is None:
        return None
    close = organs.points >= 2 and matter.points >= 2
    when = None
    dated = bool(report.acts and thread.acts) and report.phase is not Phase.TALK
    if dated:
        when = dates_agree(report, thread, close=close)
    if not dated or (when is None and (thread.phase is Phase.TALK or _later(report, thread))):
        when = _by_life(report, thread)
    if when is None:
        return None
    points, words = when
    return Match(points=organs.points + matter.points + points, why=(*organs.why, *matter.why, words))


def _later(report: Facts, thread: Facts) -> bool:
    """A follow-up may print the day of the launch or meeting it tells of, not that of the act."""
    first, second = (thread, report) if report.phase is Phase.ACT else (report, thread)
    follows = first.phase in _PAST and second.phase in (Phase.ACT, *_PAST)
    return follows and max(span.low for span in first.acts) > max(span.high for span in second.acts)


def _since(report: Facts, day: date) -> timedelta:
    """From a day to when the report was printed: none where it may have been that day, less than none before it."""
    return max(report.first - day, timedelta()) if report.last >= day else report.last - day


def _by_life(report: Facts, thread: Facts) -> tuple[int, str] | None:
    if report.phase is Phase.TALK:
        return _talk(report, thread)
    if report.phase is Phase.ACT:
        return _act(report, thread)
    if thread.phase is Phase.TALK:
        past = _since(report, thread.first)
        return _fading(past, "talks went before") if timedelta() <= past <= TALKS_TO_ACT else None
    if thread.phase in _PAST:
        apart = abs(report.first - thread.first)
        return (2, "follows the same paper") if apart <= FOLLOWED_UP_WITHIN else None
    past = _since(report, min(span.high for span in thread.acts) if thread.acts else thread.first)
    if report.phase is Phase.END:
        return (2, "the paper that ends") if past >= timedelta() else None
    return (2, "later progress") if -PRINTED_AFTER_ACT <= past <= FOLLOWED_UP_WITHIN else None


def _fading(apart: timedelta, words: str, fresh: timedelta = SOON_SIGNED) -> tuple[int, str]:
    """Talks long ago need both sides' organs to be the same talks: ministries meet about many things."""
    return (2 if apart <= fresh else -1), f"{words}, {max(0, apart.days)} days"


def _talk(report: Facts, thread: Facts) -> tuple[int, str] | None:
    if thread.phase is Phase.TALK:
        apart = max(report.first - thread.last, thread.first - report.last, timedelta())
        if apart <= SAME_DAYS and report.first == report.last:
            return 3, "talks of the same days"
        return _fading(apart, "the same talks", FRESH_TALKS) if apart <= TALKS_APART else None
    act = max(span.high for span in thread.acts) if thread.acts else thread.first
    past = _since(report, act)
    if timedelta() < past <= TALKS_AFTER_ACT:
        return 1, "talks around the act"
    return _fading(-past, "talks before the act") if -TALKS_TO_ACT <= past <= timedelta() else None


def _act(report: Facts, thread: Facts) -> tuple[int, str] | None:
    """An act with at least one date unknown: publication stands for it."""
    act = report.acts[0].high if report.acts else None
    if thread.phase is Phase.TALK:
        past = act - thread.first if act is not None else _since(report, thread.first)
        if report.renewed and past > TALKS_APART:
            return None
        return _fading(past, "talks went before") if -SAME_WEEK <= past <= TALKS_TO_ACT else None
    if thread.phase in _PAST:
        past = thread.first - (act or report.first)
        return (2, "the paper that was followed up") if -SAME_WEEK <= past <= FOLLOWED_UP_WITHIN else None
    if act is not None:
        past = thread.first - act
        return (2, "printed soon after the act") if -PRINTED_BEFORE_ACT <= past <= PRINTED_AFTER_ACT else None
    if thread.acts:
        past = min((_since(report, span.high) for span in thread.acts), key=abs)
        inside = any(span.low <= report.last and report.first <= span.high for span in thread.acts)
        if inside or -PRINTED_BEFORE_ACT <= past <= PRINTED_AFTER_ACT:
            return 2, "printed soon after the act"
        return None
    apart = max(report.first - thread.last, thread.first - report.last, timedelta())
    return (2, "printed in the same days") if apart <= PRINTED_AFTER_ACT else None


def continues(report: Facts, thread: Facts) -> Match | None:
    """Points for `report` being a new paper in the chain of `thread` (a renewal, a wider one): its parent."""
    if not report.partners & thread.partners or report.subnational != thread.subnational:
        return None
    if report.phase is not Phase.ACT:
        return None
    if thread.phase is Phase.TALK or report.relation is not Relation.NEW:
        return None
    day = report.acts[0].low if report.acts else report.first
    before = max(span.high for span in thread.acts) if thread.acts else thread.first
    organs, matter = parties(report, thread), content(report, thread)
    if matter is None or organs.points < 2 or matter.points <= 0 or organs.points + matter.points < ENOUGH:
        return None
    if day - before <= NEW_PAPER_AFTER and not (report.renewed and day - before > SAME_WEEK):
        return None
    return Match(points=organs.points + matter.points, why=(*organs.why, *matter.why, f"follows that of {before}"))
