"""What the last polls say: which trouble lasts, and whether it is ours. Failures are weighed, single ones tell nothing.

A refusal counts 1, a failure that may pass a half, a request for patience a quarter; a verdict takes `ENOUGH` in a row
without one answer between. Polls while nothing at all answered us count for nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from pipeline.sight import Outage, PollSeen, Sight, State

ENOUGH = 1.5
HARD, SOFT, PASSING = 1.0, 0.5, 0.25
APART = timedelta(minutes=1)
"""How long after the last answer of any outlet a failed poll speaks of our own net: one tick asks many at once."""

KINDS: Mapping[str, tuple[State, float]] = {
    "blocked": (State.BLOCKED, HARD),
    "forbidden by robots.txt": (State.ROBOTS, HARD),
    "moved or gone": (State.MOVED, HARD),
    "address not called": (State.MOVED, HARD),
    "unreadable answer": (State.MOVED, SOFT),
    "too few articles listed": (State.REDESIGNED, SOFT),
    "asks for patience": (State.BLOCKED, PASSING),
    "down": (State.DOWN, SOFT),
}
"""Kinds of `crawler.outcome.Trouble` as verdicts, with their weight."""

_LEFT = (State.DOWN, SOFT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """What lasts: the verdict it means, since when, and in the words of the last poll. `enough`: it is certain."""

    state: State
    since: datetime
    words: str
    polls: int
    enough: bool


def counted(polls: Iterable[PollSeen], outages: Sequence[Outage]) -> list[PollSeen]:
    """The polls without the unanswered ones of our own outages."""
    return [poll for poll in polls if poll.answered or not any(_within(poll.at, each) for each in outages)]


def list_trouble(polls: Sequence[PollSeen]) -> Trouble | None:
    """The trouble that the newest polls have had with every list of the source, None where one answered."""
    run: list[PollSeen] = []
    for poll in reversed(polls):
        if poll.answered:
            break
        run.insert(0, poll)
    if not run:
        return None
    weight = sum(KINDS.get(poll.kind, _LEFT)[1] for poll in run)
    return Trouble(
        state=KINDS.get(run[-1].kind, _LEFT)[0],
        since=run[0].at,
        words=run[-1].words,
        polls=len(run),
        enough=weight >= ENOUGH,
    )


def page_trouble(polls: Sequence[PollSeen]) -> Trouble | None:
    """The trouble with its articles while its lists answer: twice in a row none of them could be fetched."""
    run: list[PollSeen] = []
    for poll in reversed(polls):
        if poll.fetched or not poll.answered:
            break
        if poll.failed:
            run.insert(0, poll)
    if not run:
        return None
    return Trouble(
        state=KINDS.get(run[-1].page_kind, _LEFT)[0],
        since=run[0].at,
        words=run[-1].words,
        polls=len(run),
        enough=len(run) >= 2 and sum(poll.failed for poll in run) >= 3,
    )


def our_outage(sights: Mapping[str, Sight], outages: Sequence[Outage]) -> datetime | None:
    """Since when nothing answers us, None where something does, or where too few were asked to tell.

    The polls are the check of our own connection: no outlet has answered for `APART`, though so many that were well
    were asked, that they cannot all have gone by themselves.
    """
    answer = max((each.last_answer for each in sights.values() if each.last_answer), default=None)
    failing, well = [], 0
    for sight in sights.values():
        run = list_trouble(counted(sight.polls, outages))
        if run is None:
            well += sight.first_poll is not None
        elif answer is None or run.since > answer:
            well += 1
            if answer is None or sight.polls[-1].at > answer + APART:
                failing.append(run.since)
    if answer is None:  # nothing ever answered: a first run without a net
        return min(failing) if len(failing) >= 2 and len(failing) == len(sights) else None
    if len(failing) < max(2, min(well, max(3, ceil(well / 4)))):
        return None
    return min(failing)


def proven(sights: Mapping[str, Sight], slug: str, since: datetime) -> bool:
    """Whether another outlet has answered since an instant, so that a trouble is not ours. Alone, nobody can say."""
    others = [each for name, each in sights.items() if name != slug and each.first_poll is not None]
    return not others or any(each.last_answer is not None and each.last_answer > since for each in others)


def _within(at: datetime, outage: Outage) -> bool:
    return at >= outage.since - timedelta(seconds=1) and (outage.until is None or at <= outage.until)
