"""How a source fares, and when it is looked at next. Pure: what happened and `now` in, a verdict or an instant out.

Scheduling state is data: `next_check` is computed once after each poll and stored, so a restart costs nothing. Nothing
is ever disabled by itself; failures only stretch the interval, for a must-tier outlet to at most an hour.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from cronsim import CronSim

from pipeline.model import Issue, Outlet, Run, Tier

FAILED_IN_A_ROW = 3
"""Polls that must fail in a row before a source counts as failing (issue of the operator, degraded status)."""

LONGEST_PAUSE = {Tier.MUST: timedelta(hours=1), Tier.MAIN: timedelta(hours=3), Tier.EXTRA: timedelta(hours=6)}
"""How far failures may stretch an interval."""

JITTER = 0.1
"""Share of the interval by which polls are spread, so that forty outlets are not asked in one second."""

MAX_RETRY_AFTER = timedelta(hours=24)

OVERDUE = timedelta(minutes=15)
"""A delivery this late degrades the status."""


def next_check(outlet: Outlet, run: Run, failures: int, now: datetime) -> datetime:
    """When to poll next: the outlet's interval or cron expression, stretched by failures and by `Retry-After`.

    `failures` counts failed polls in a row, this one included.
    """
    if outlet.cron is not None:
        local = now.astimezone(ZoneInfo(outlet.zone))
        regular = next(CronSim(outlet.cron, local)).astimezone(now.tzinfo)
    else:
        every = outlet.every or timedelta(minutes=30)
        regular = now + every * (1 + JITTER * (_spread(outlet.slug, now) - 0.5))
        if failures:
            pause = min(every * 2 ** min(failures - 1, 16), max(every, LONGEST_PAUSE[outlet.tier]))
            regular = max(regular, now + pause)
    if run.retry_after is not None:
        return max(regular, now + min(max(run.retry_after, timedelta()), MAX_RETRY_AFTER))
    return regular


def _spread(slug: str, now: datetime) -> float:
    """A number in [0, 1) that differs by outlet and poll, the same on every machine."""
    seed = f"{slug}\0{int(now.timestamp())}".encode()
    return int.from_bytes(hashlib.blake2b(seed, digest_size=4).digest()) / 2**32


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One source's state in a word, and why."""

    state: str  # ok | quiet | failing | never polled | disabled
    reason: str
    failures: int = 0  # polls in a row


def condition(
    outlet: Outlet,
    *,
    failures: int,
    last_poll: datetime | None,
    last_error: str,
    last_new_at: datetime | None,
    now: datetime,
) -> Condition:
    """The state of one outlet from what is stored of its polls."""
    if not outlet.enabled:
        return Condition(state="disabled", reason=outlet.disabled_reason)
    if last_poll is None:
        return Condition(state="never polled", reason="")
    if failures:
        times = "the last poll failed" if failures == 1 else f"{failures} polls failed in a row"
        return Condition(state="failing", reason=f"{times}: {last_error}", failures=failures)
    silence = outlet.expect.max_silence
    if silence is not None and last_new_at is not None and now - last_new_at > silence:
        return Condition(state="quiet", reason=f"nothing new for {_hours(now - last_new_at)}")
    return Condition(state="ok", reason=last_error)


def outlet_issue(outlet: Outlet, found: Condition, since: datetime) -> Issue | None:
    """What an operator should know of this outlet; None where it is fine. Disabled outlets never count."""
    if found.failures >= FAILED_IN_A_ROW:
        remedy = "look at the address and at robots.txt; Kawat goes on trying"
        return Issue(subject=outlet.slug, problem=found.reason, remedy=remedy, since=since)
    if found.state == "quiet":
        remedy = f"see whether {outlet.homepage} still prints, and whether its feed moved"
        return Issue(subject=outlet.slug, problem=found.reason, remedy=remedy, since=since)
    return None


def degrades(outlet: Outlet, found: Condition) -> bool:
    """Whether this outlet alone makes `kawat status` leave with 3: a must-tier one that failed three polls."""
    return outlet.tier is Tier.MUST and found.failures >= FAILED_IN_A_ROW


def _hours(span: timedelta) -> str:
    hours = span // timedelta(hours=1)
    return f"{hours} h" if hours < 72 else f"{hours // 24} days"
