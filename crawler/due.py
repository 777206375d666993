"""When an outlet is asked next: a pure function of its schedule, how its last poll went, and its host's Retry-After."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from cronsim import CronSim

from pipeline.model import Outlet, Run

LONGEST = timedelta(hours=6)
"""A failing outlet is asked at least this often, for ever: it is never given up by itself."""
_DEFAULT = timedelta(minutes=15)


def next_check(outlet: Outlet, run: Run, *, failures: int) -> datetime:
    """The instant of the next poll after `run`. `failures` counts the failed polls in a row, this one included.

    The plain schedule where all is well. After failures the interval doubles with each, up to `LONGEST` (an outlet with
    a longer schedule keeps it); a host's Retry-After is waited for in any case.
    """
    if outlet.cron:
        plain = _next_cron(outlet.cron, outlet.zone, run.finished_at)
    else:
        every = outlet.every or _DEFAULT
        plain = max(run.started_at + every, run.finished_at)
    due = plain
    if failures > 0:
        pause = plain - run.finished_at if outlet.cron else (outlet.every or _DEFAULT)
        slowed = min(pause * 2 ** min(failures - 1, 10), LONGEST)
        due = max(plain, run.finished_at + slowed)
    if run.retry_after is not None:
        due = max(due, run.finished_at + run.retry_after)
    return due


def _next_cron(expression: str, zone: str, after: datetime) -> datetime:
    return next(CronSim(expression, after.astimezone(ZoneInfo(zone)))).astimezone(UTC)
