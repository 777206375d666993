"""Whether an outlet is silent or only quiet: its silence, measured in its own working hours.

An hour weighs what the outlet usually prints in such an hour: little at night, on Sundays, on holidays, next to
nothing in Lebaran. So a ministry that prints nothing on a long weekend is quiet, and a wire that prints nothing on a
Tuesday noon is silent after a few hours. Learned from the days on which it was polled; until there are enough, from
what is usual.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from pipeline.health.calendar import FEAST, HOLIDAY, kind_of
from pipeline.model import Outlet
from pipeline.sight import DayCount, Rhythm

KEPT_DAYS = 56
LEARNED_DAYS, LEARNED_NEW = 7, 10
"""Polled days, and hours in which something was new, from which on the outlet's own history speaks."""

USUAL_LIMIT = 36.0
"""Working hours of silence that count as too long where neither history nor the outlet's file says anything."""

SHORTEST_LIMIT = 3.0
TIMES_THE_MEAN = 3.0
BEYOND_THE_LONGEST = 1.5
RETURNING = 6.0
"""Working hours more, where a holiday lies in between: newsrooms empty before it and fill slowly after it."""

_NIGHT, _EDGE = (0, 1, 2, 3, 4), (5, 22, 23)
_HOURS = tuple(0.15 if hour in _NIGHT else 0.5 if hour in _EDGE else 1.25 for hour in range(24))
_DAYS = (1.0, 1.0, 1.0, 1.0, 1.0, 0.6, 0.5)
_PRIOR_DAYS = 2.0  # of each kind that what is usual counts for
_PRIOR_NEW = 24.0
_HOLIDAY_OF_SUNDAY, _FEAST_OF_SUNDAY = 0.5, 0.05


def learn(outlet: Outlet, days: Sequence[DayCount], today: date) -> Rhythm:
    """The rhythm that these whole days show, filled up with what is usual."""
    past = [each for each in days if each.day < today]
    hours, weights = _hours(past), _day_weights(past, outlet.country)
    gaps, total, filled = _gaps(past, hours, weights, outlet.country)
    learned = len(past) >= LEARNED_DAYS and filled >= LEARNED_NEW
    declared = outlet.expect.max_silence / timedelta(hours=1) if outlet.expect.max_silence else None
    if not learned:
        limit = declared or USUAL_LIMIT
    else:
        longest = max(gaps, default=0.0)
        own = max(TIMES_THE_MEAN * total / filled, BEYOND_THE_LONGEST * longest, SHORTEST_LIMIT)
        limit = max(min(own, declared or own), longest)
    return Rhythm(day=today, hours=hours, days=weights, limit=round(limit, 2), learned=learned)


def working_hours(rhythm: Rhythm, outlet: Outlet, since: datetime, until: datetime) -> float:
    """The time between two instants in the outlet's working hours."""
    zone = ZoneInfo(outlet.zone)
    at, total = since, 0.0
    for _ in range(24 * 400):
        if at >= until:
            break
        local = at.astimezone(zone)
        step = min(until - at, timedelta(hours=1) - timedelta(minutes=local.minute, seconds=local.second))
        step = max(step, timedelta(seconds=1))
        kind = kind_of(local.date(), outlet.country)
        total += rhythm.hours[local.hour] * rhythm.days[kind] * (step / timedelta(hours=1))
        at += step
    return total


def allowed(rhythm: Rhythm, outlet: Outlet, since: datetime, until: datetime) -> float:
    """Working hours of silence between two instants that are still within the rhythm."""
    zone = ZoneInfo(outlet.zone)
    day, last = since.astimezone(zone).date(), until.astimezone(zone).date()
    day = max(day, last - timedelta(days=30))
    while day <= last:
        if kind_of(day, outlet.country) >= HOLIDAY:
            return rhythm.limit + RETURNING
        day += timedelta(days=1)
    return rhythm.limit


def _hours(days: Sequence[DayCount]) -> tuple[float, ...]:
    """Weight of each hour of the day; they average 1."""
    found = [sum(min(each.hours[hour], 5) for each in days) for hour in range(24)]  # a burst is one thing
    total = sum(found)
    usual = sum(_HOURS)
    blended = [(found[hour] + _PRIOR_NEW * _HOURS[hour] / usual) / (total + _PRIOR_NEW) * 24 for hour in range(24)]
    return tuple(round(each, 4) for each in blended)


def _day_weights(days: Sequence[DayCount], country: str) -> tuple[float, ...]:
    """Weight of Monday to Sunday, of a holiday and of Lebaran; an ordinary working day is 1."""
    ordinary = [sum(each.hours) for each in days if kind_of(each.day, country) < 5]
    mean = sum(ordinary) / len(ordinary) if ordinary else 0.0
    weights = []
    for kind, usual in enumerate(_DAYS):
        found = [sum(each.hours) for each in days if kind_of(each.day, country) == kind]
        if mean <= 0:
            weights.append(usual)
        else:
            weights.append((sum(found) / mean + _PRIOR_DAYS * usual) / (len(found) + _PRIOR_DAYS))
    sunday = weights[6]
    for kind, share in ((HOLIDAY, _HOLIDAY_OF_SUNDAY), (FEAST, _FEAST_OF_SUNDAY)):
        found = [sum(each.hours) for each in days if kind_of(each.day, country) == kind]
        seen = sum(found) / mean if mean > 0 else 0.0
        weights.append((seen + _PRIOR_DAYS * share * sunday) / (len(found) + _PRIOR_DAYS))
    return tuple(round(min(each, 3.0), 4) for each in weights)


def _gaps(
    days: Sequence[DayCount], hours: Sequence[float], weights: Sequence[float], country: str
) -> tuple[list[float], float, int]:
    """Silences between hours with something new, all working hours, and how many hours had something new.

    A day that was not polled parts two silences: nobody knows what it held.
    """
    gaps, total, filled = [], 0.0, 0
    running: float | None = None
    before: date | None = None
    for each in sorted(days, key=lambda day: day.day):
        if before is None or each.day - before > timedelta(days=1):
            running = None
        before = each.day
        weight = weights[kind_of(each.day, country)]
        for hour, new in enumerate(each.hours):
            total += weight * hours[hour]
            if new:
                filled += 1
                if running is not None:
                    gaps.append(running)
                running = 0.0
            elif running is not None:
                running += weight * hours[hour]
    return gaps, total, filled
