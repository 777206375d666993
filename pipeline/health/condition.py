"""How a source fares. Pure: what is stored of its polls and `now` in, a condition out. Nothing disables itself.

When it is looked at next is `crawler.due`'s.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from pipeline.model import Issue, Outlet, Tier

FAILED_IN_A_ROW = 3
"""Polls that must fail in a row before a source counts as failing (issue of the operator, degraded status)."""


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
