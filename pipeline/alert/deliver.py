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
from pipeline.alert.backoff import GIVE_UP, retry_at
from pipeline.model import Alert, Attempt, Delivery, Permanent, Retry, Sent
from pipeline.ports import Notifier

LEASE = timedelta(minutes=5)
"""Longer than any channel's time-outs together, so that a living sender keeps what it holds."""

NO_CHANNEL = timedelta(minutes=10)
"""How long an alert waits whose channel is not configured: a mistake in a file loses nothing."""

FAILURES = 2
PAUSE = timedelta(minutes=1)

log = logging.getLogger(__name__)


class Outbox(Protocol):
    """What the delivery loop asks of the store."""

    def claim_due(self, now: datetime, lease_for: timedelta, limit: int) -> tuple[Delivery, ...]:
        """Lease up to `limit` alerts that are due, oldest first; those whose lease ran out come again."""

    def mark_sending(self, delivery: int, lease: str) -> bool:
        """Note that bytes are about to go out; False where the lease is no longer ours."""

    def record(self, delivery: int, lease: str, attempt: Attempt, now: datetime, retry_at: datetime | None) -> bool:
        """Store an attempt's outcome: sent, again at `retry_at` (with every `Retry`), or dead; False: not ours."""


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
    held: dict[str, _Trouble] = {}
    while done.total + done.skipped < limit and not stop():
        claimed = outbox.claim_due(now(), LEASE, 1)
        if not claimed:
            break
        delivery = claimed[0]
        trouble = held.setdefault(delivery.alert.channel, _Trouble())
        attempt: Attempt | None
        if trouble.wait is None:
            attempt = _send(outbox, notifiers.get(delivery.alert.channel), delivery, now=now)
        else:  # the channel is down: its other messages wait too, and do not keep those of other channels waiting
            attempt = Retry(reason=f"waiting: {trouble.reason}", after=trouble.wait)
        if attempt is None:
            done = replace(done, skipped=done.skipped + 1)
            continue
        trouble.note(attempt)
        done = _record(outbox, delivery, attempt, done, now=now())
    return done


@dataclass(slots=True)
class _Trouble:
    """How a channel fares in this drain: the rest waits after two failures in a row, when it asks for a pause, and
    when it may have accepted what it did not confirm, so that one message is repeated and not all."""

    failures: int = 0
    wait: timedelta | None = None
    reason: str = ""

    def note(self, attempt: Attempt) -> None:
        if not isinstance(attempt, Retry):
            self.failures = 0
        elif self.wait is None:
            self.failures += 1
            if attempt.after is not None or attempt.maybe_accepted or self.failures >= FAILURES:
                self.wait, self.reason = attempt.after or PAUSE, attempt.reason


def _send(
    outbox: Outbox, notifier: Notifier | None, delivery: Delivery, *, now: Callable[[], datetime]
) -> Attempt | None:
    """One try; None where another sender took it over."""
    if notifier is None:
        return Retry(reason=f"channel {delivery.alert.channel} is not configured", after=NO_CHANNEL)
    if not outbox.mark_sending(delivery.id, delivery.lease):
        return None
    faultpoint.reached("before-send")
    attempt = notifier.send(delivery.alert, delivery, now=now())
    faultpoint.reached("after-accept")
    return attempt


def _record(outbox: Outbox, delivery: Delivery, attempt: Attempt, done: Drained, *, now: datetime) -> Drained:
    alert = delivery.alert
    facts = {"alert": alert.key, "channel": alert.channel, "attempt": delivery.attempts + 1}
    again: datetime | None = None
    if isinstance(attempt, Retry):
        again = retry_at(alert.key, delivery.attempts + 1, now=now, due_at=alert.due_at, wish=attempt.after)
        if again is None:
            attempt = Permanent(reason=f"given up after {GIVE_UP.days} days: {attempt.reason}")
    outbox.record(delivery.id, delivery.lease, attempt, now, again)
    faultpoint.reached("after-record")
    match attempt:
        case Sent():
            log.info("sent", extra=facts)
            return replace(done, sent=done.sent + 1)
        case Retry():
            when = again.isoformat() if again else ""
            log.warning("not sent, will try again: %s", attempt.reason, extra={**facts, "retry_at": when})
            return replace(done, retried=done.retried + 1)
        case Permanent():
            log.error("not sent, given up: %s", attempt.reason, extra=facts)
            return replace(done, dead=done.dead + 1)


def try_once(notifier: Notifier, alert: Alert, *, now: datetime) -> Attempt:
    """Send one message past the outbox: a TEST, whose outcome a person is waiting for."""
    return notifier.send(alert, Delivery(id=0, alert=alert, attempts=0, possible_repeat=False, lease=""), now=now)
