"""Drains the outbox: lease, mark sending, send, record. Nothing else sends.

    claim_due ─► leased ─► mark_sending ─► sending ─► Notifier.send ─► record ─► sent | pending again | dead
                   │            │ False: another sender has it           │
                   └─ a lease that runs out comes back ──────────────────┘ from `sending`: as a possible repeat

A process that dies before `mark_sending` repeats nothing. One that dies between it and `record` may repeat one message,
which the store then hands out with `possible_repeat`, and which says so.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from pipeline import faultpoint
from pipeline.alert.backoff import retry_at
from pipeline.model import Attempt, Delivery, Permanent, Retry, Sent
from pipeline.ports import Notifier

LEASE = timedelta(minutes=5)
"""Longer than any channel's time-outs together, so that a living sender keeps what it holds."""

NO_CHANNEL = timedelta(minutes=10)
"""How long an alert waits whose channel is not configured: a mistake in a file loses nothing."""

log = logging.getLogger(__name__)


class Outbox(Protocol):
    """What the delivery loop asks of the store."""

    def claim_due(self, now: datetime, lease_for: timedelta, limit: int) -> tuple[Delivery, ...]:
        """Lease up to `limit` alerts that are due, oldest first; those whose lease ran out come again."""

    def mark_sending(self, id: int, lease: str) -> bool:
        """Note that bytes are about to go out; False where the lease is no longer ours."""

    def record(self, id: int, lease: str, attempt: Attempt, now: datetime, retry_at: datetime | None) -> None:
        """Store an attempt's outcome: sent, again at `retry_at`, or dead (a `Retry` without a time, a `Permanent`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drained:
    """What one drain did. `skipped` were leased by us and taken by another sender before we sent."""

    sent: int = 0
    retried: int = 0
    dead: int = 0
    skipped: int = 0

    @property
    def total(self) -> int:
        return self.sent + self.retried + self.dead


def drain(
    outbox: Outbox,
    notifiers: Mapping[str, Notifier],
    *,
    now: Callable[[], datetime],
    stop: Callable[[], bool] = lambda: False,
    limit: int = 100,
) -> Drained:
    """Send what is due, at most `limit` messages, one at a time; between two it asks `stop`.

    `now` is the clock, asked before and after each send. `notifiers` by channel name. Store errors are raised: what was
    claimed comes back when its lease runs out.
    """
    done = Drained()
    while done.total + done.skipped < limit and not stop():
        claimed = outbox.claim_due(now(), LEASE, 1)
        if not claimed:
            break
        done = _deliver(outbox, notifiers, claimed[0], done, now=now)
    return done


def _deliver(
    outbox: Outbox,
    notifiers: Mapping[str, Notifier],
    delivery: Delivery,
    done: Drained,
    *,
    now: Callable[[], datetime],
) -> Drained:
    alert = delivery.alert
    notifier = notifiers.get(alert.channel)
    attempt: Attempt
    if notifier is None:
        attempt = Retry(reason=f"channel {alert.channel} is not configured", after=NO_CHANNEL)
    elif not outbox.mark_sending(delivery.id, delivery.lease):
        return replace(done, skipped=done.skipped + 1)
    else:
        faultpoint.reached("before-send")
        attempt = notifier.send(alert, delivery, now=now())
        faultpoint.reached("after-accept")
    after = now()
    again: datetime | None = None
    if isinstance(attempt, Retry):
        again = retry_at(alert.key, delivery.attempts + 1, now=after, due_at=alert.due_at, wish=attempt.after)
    outbox.record(delivery.id, delivery.lease, attempt, after, again)
    faultpoint.reached("after-record")
    return _counted(done, delivery, attempt, again)


def _counted(done: Drained, delivery: Delivery, attempt: Attempt, again: datetime | None) -> Drained:
    facts = {"alert": delivery.alert.key, "channel": delivery.alert.channel, "attempt": delivery.attempts + 1}
    match attempt:
        case Sent():
            log.info("sent", extra=facts)
            return replace(done, sent=done.sent + 1)
        case Retry() if again is not None:
            log.warning("not sent, will try again: %s", attempt.reason, extra={**facts, "retry_at": again.isoformat()})
            return replace(done, retried=done.retried + 1)
        case Retry() | Permanent():
            log.error("given up: %s", attempt.reason, extra=facts)
            return replace(done, dead=done.dead + 1)
