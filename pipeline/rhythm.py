"""When an outlet is asked next: by its own rhythm, within bounds, and never against what its host asks for. Pure.

    counts of new articles per hour of the week, fading ─► expected rate ─► the moment at which unseen articles
    will have waited long enough together ─► bounds of the tier ─► TTL, Retry-After, failures ─► spread

For articles that come at a rate r, asking every T costs 1/T requests and lets articles wait r·T²/2 in sum. The least
waiting for a given number of requests is reached where that sum is the same at every poll of every outlet, so the next
poll is due when the waiting that is expected since the last one reaches `PATIENCE`: often in a newspaper's forenoon,
seldom at night, whatever the average.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from cronsim import CronSim

from pipeline.model import Outlet, Rhythm, Run, Tier, digest

WIB = timezone(timedelta(hours=7), "WIB")
"""Western Indonesian Time: the clock of this press, the year round."""

LONGEST = timedelta(hours=6)
"""A failing outlet is asked at least this often, for ever: it is never given up by itself."""

BOUNDS = {True: (timedelta(minutes=5), timedelta(minutes=10)), False: (timedelta(minutes=10), timedelta(minutes=60))}
"""Shortest and longest interval by rhythm, day and night: of the must tier, and of all others."""

PATIENCE = {True: 3.0, False: 10.0}
"""How many minutes unseen articles may be expected to have waited, summed over them, before an outlet is asked."""

MEMORY = timedelta(days=28)
"""After so long an observation counts half."""

LATELY = timedelta(hours=2)
"""The same for what tells a lively day from a dull one, a burst or a holiday."""

LIVELIEST, DULLEST = 4.0, 0.35
"""How far the last hours may lift or lower what the hour of the week makes expect."""

SPREAD = 0.1
"""Share of the interval within which polls are spread, so that outlets do not fall into step."""

_WEEK = 7 * 24
_HOUR_WEIGHT, _DAY_WEIGHT, _LEVEL_WEIGHT = 3.0, 12.0, 6.0
"""Hours of observation for which what is known of wider spans (that hour on all days, all hours, nothing) counts."""
_UNKNOWN_RATE = 1.5  # new articles per hour
_LATELY_WEIGHT = 2.0  # articles
_LEARN_FROM = timedelta(days=7)  # the longest span that one poll may tell of
_STEP = timedelta(minutes=1)


def fresh(at: datetime) -> Rhythm:
    """The rhythm of an outlet of which nothing is known."""
    return Rhythm(counts=(0.0,) * _WEEK, hours=(0.0,) * _WEEK, seen_lately=0.0, expected_lately=0.0, at=at)


def observed(rhythm: Rhythm, *, since: datetime, until: datetime, arrivals: Sequence[datetime]) -> Rhythm:
    """What a poll teaches: between `since` and `until` these articles were printed. Those outside are left out.

    `since` may lie before `rhythm.at` (an outlet's first list tells of the day before).
    """
    since = max(since, until - _LEARN_FROM)
    if since >= until:
        return rhythm
    fading = _half(until - rhythm.at, MEMORY)
    lately = _half(until - rhythm.at, LATELY)
    counts = [value * fading for value in rhythm.counts]
    hours = [value * fading for value in rhythm.hours]
    expected = 0.0
    for moment, share in _parts(since, until):
        place = hour_of_week(moment)
        expected += rate(rhythm, moment, lately=False) * share
        hours[place] += share
    seen = 0
    for arrival in arrivals:
        if since < arrival <= until:
            counts[hour_of_week(arrival)] += 1.0
            seen += 1
    return Rhythm(
        counts=tuple(round(value, 4) for value in counts),
        hours=tuple(round(value, 4) for value in hours),
        seen_lately=round(rhythm.seen_lately * lately + seen, 4),
        expected_lately=round(rhythm.expected_lately * lately + expected, 4),
        at=until,
    )


def rate(rhythm: Rhythm, at: datetime, *, lately: bool = True) -> float:
    """New articles expected per hour at an instant: of that hour of the week as far as it was watched, else of that
    hour on other days, else of the whole week; with `lately`, lifted or lowered by how the last hours went."""
    place = hour_of_week(at)
    week = (sum(rhythm.counts) + _UNKNOWN_RATE * _LEVEL_WEIGHT) / (sum(rhythm.hours) + _LEVEL_WEIGHT)
    same = range(place % 24, _WEEK, 24)
    daily = (sum(rhythm.counts[n] for n in same) + week * _DAY_WEIGHT) / (
        sum(rhythm.hours[n] for n in same) + _DAY_WEIGHT
    )
    usual = (rhythm.counts[place] + daily * _HOUR_WEIGHT) / (rhythm.hours[place] + _HOUR_WEIGHT)
    return usual * liveliness(rhythm, at) if lately else usual


def liveliness(rhythm: Rhythm, at: datetime) -> float:
    """How the hours before `at` compare with what was expected of them: 1 as usual, or where nothing is known."""
    fading = _half(at - rhythm.at, LATELY)
    ratio = (rhythm.seen_lately * fading + _LATELY_WEIGHT) / (rhythm.expected_lately * fading + _LATELY_WEIGHT)
    return min(max(ratio, DULLEST), LIVELIEST)


def bounds(outlet: Outlet) -> tuple[timedelta, timedelta]:
    """The shortest and the longest interval between two polls of an outlet that is asked by its rhythm."""
    return BOUNDS[outlet.tier is Tier.MUST]


def usual_interval(outlet: Outlet, at: datetime) -> timedelta:
    """The longest interval that is normal: beyond twice of it a poll comes after a gap."""
    if outlet.cron:
        following = _next_cron(outlet.cron, outlet.zone, at)
        return _next_cron(outlet.cron, outlet.zone, following) - following
    return outlet.every or bounds(outlet)[1]


def interval(outlet: Outlet, rhythm: Rhythm | None, after: datetime) -> timedelta:
    """How long to wait after a poll, by the outlet's rhythm alone, to the minute, within its bounds."""
    shortest, longest = bounds(outlet)
    rhythm = rhythm or fresh(after)
    lift = liveliness(rhythm, after)
    unseen = waited = 0.0
    passed = timedelta(0)
    per_minute, until = 0.0, after
    while passed < longest:
        at = after + passed
        if at >= until:  # the rate holds for the rest of its clock hour
            per_minute = rate(rhythm, at, lately=False) * lift / 60
            until = at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        waited += unseen + per_minute / 2
        unseen += per_minute
        passed += _STEP
        if waited >= PATIENCE[outlet.tier is Tier.MUST]:
            break
    return min(max(passed, shortest), longest)


def next_check(
    outlet: Outlet,
    run: Run,
    *,
    failures: int,
    rhythm: Rhythm | None = None,
    fresh_until: datetime | None = None,
) -> datetime:
    """The instant of the next poll after `run`. `failures` counts the failed polls in a row, this one included;
    `fresh_until` is when the first of the outlet's sources is worth asking again by its own word (TTL, max-age).

    The file's `every` or `cron` where it gives one, else the rhythm. After failures the interval doubles with each, up
    to `LONGEST` (an outlet with a longer schedule keeps it); a Retry-After or TTL is waited for in any case.
    """
    if outlet.cron:
        plain = _next_cron(outlet.cron, outlet.zone, run.finished_at)
        pause = plain - run.finished_at
    elif outlet.every is not None:
        pause = outlet.every
        plain = max(run.started_at + pause, run.finished_at)
    else:
        pause = interval(outlet, rhythm, run.started_at)
        shortest, longest = bounds(outlet)
        pause = min(max(pause * (1 + _spread(outlet.slug, run.started_at)), shortest), longest)
        plain = max(run.started_at + pause, run.finished_at)
    due = plain
    if failures > 0:
        due = max(plain, run.finished_at + min(pause * 2 ** min(failures - 1, 10), LONGEST))
    if run.retry_after is not None:
        due = max(due, run.finished_at + run.retry_after)
    return due if fresh_until is None else max(due, fresh_until)


def hindrance(outlet: Outlet, *, delay: timedelta, fresh_for: timedelta | None, retry_after: timedelta | None) -> str:
    """Why an outlet cannot be asked as often as its tier wants, in words; "" where it can. `delay` is the pause that
    its host asks for between two requests, `fresh_for` the TTL of the source that is fresh for the shortest time."""
    if outlet.cron:
        return ""
    longest = outlet.every or bounds(outlet)[1]
    said: list[str] = []
    requests = 1 + sum(source.poll for source in outlet.sources)  # and at least one article
    if delay * requests > longest:
        said.append(
            f"its robots.txt asks for {_words(delay)} between requests, so one round of {requests} takes"
            f" {_words(delay * requests)}"
        )
    if fresh_for is not None and fresh_for > longest:
        said.append(f"it asks not to be read again within {_words(fresh_for)} (TTL or max-age)")
    if retry_after is not None and retry_after > longest:
        said.append(f"it asks to be left alone for {_words(retry_after)}")
    return f"{'; '.join(said)}: it cannot be read every {_words(longest)}, as is wanted" if said else ""


def hour_of_week(at: datetime) -> int:
    """0 for Monday 00:00 to 00:59 WIB, 167 for Sunday 23:00."""
    local = at.astimezone(WIB)
    return local.weekday() * 24 + local.hour


def _parts(since: datetime, until: datetime) -> list[tuple[datetime, float]]:
    """The clock hours from `since` to `until`: an instant in each, and how much of the hour is meant, 0 to 1."""
    parts = []
    at = since
    while at < until:
        end = min(at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1), until)
        parts.append((at, (end - at) / timedelta(hours=1)))
        at = end
    return parts


def _half(passed: timedelta, life: timedelta) -> float:
    return math.exp2(-max(passed / life, 0.0))


def _spread(slug: str, at: datetime) -> float:
    """A share of the interval between -`SPREAD` and `SPREAD`, another one for each outlet and poll."""
    number = int(digest("spread", slug, at.isoformat(), size=4), 16)
    return SPREAD * (2 * number / 0xFFFFFFFF - 1)


def _next_cron(expression: str, zone: str, after: datetime) -> datetime:
    return next(CronSim(expression, after.astimezone(ZoneInfo(zone)))).astimezone(UTC)


def _words(span: timedelta) -> str:
    seconds = round(span.total_seconds())
    if seconds < 120:
        return f"{seconds} s"
    return f"{seconds // 60} min" if seconds < 7200 else f"{seconds // 3600} h"
