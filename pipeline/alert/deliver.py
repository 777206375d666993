"""Drains the outbox: lease, mark sending, send, record. Nothing else sends.

    claim_due ─► leased ─► mark_sending ─► sending ─► Notifier.send ─► record ─► sent | pending again | dead
                   │            │ False: another sender has it           │
                   └─ a lease that runs out comes back ──────────────────┘ from `sending`: as a possible repeat

A process that dies before `mark_sending` repeats nothing. One that dies between it and `record` may repeat one message,
which the store then hands out with `possible_repeat`, and which says so.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol, TypeAlias

from pipeline import faultpoint
from pipeline.alert.backoff import GIVE_UP, retry_at
from pipeline.alert.channel import Rate
from pipeline.model import Alert, Attempt, Delivery, Permanent, Retry, Sent
from pipeline.ports import Notifier

LEASE = timedelta(minutes=5)
"""Longer than any channel's time-outs together, so that a living sender keeps what it holds."""

NO_CHANNEL = timedelta(minutes=10)
"""How long an alert waits whose channel is not configured: a mistake in a file loses nothing."""

SHORT = timedelta(seconds=2)
"""How long a daemon's drain waits for a channel to be within its rate again: it looks again soon."""

A_RUN = timedelta(seconds=30)
"""How long a single run waits: the next one may be an hour off."""

FAILURES = 2
PAUSE = timedelta(minutes=1)

Notifiers: TypeAlias = Mapping[str, Notifier]

log = logging.getLogger(__name__)


class Outbox(Protocol):
    """What the delivery loop asks of the store."""

    def claim_due(
        self,
        now: datetime,
        lease_for: timedelta,
        limit: int,
        *,
        upto: int | None = None,
        without: Collection[str] = (),
    ) -> tuple[Delivery, ...]:
        """Lease up to `limit` alerts that are due, oldest first, up to a number, without these channels; those whose
        lease ran out come again."""

    def sent_since(self, channel: str, since: datetime) -> tuple[datetime, ...]:
        """When this channel took messages, from `since` on, ascending."""

    def due_on(self, channels: Collection[str], now: datetime) -> bool:
        """Whether something is due on one of these channels."""

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

    def plus(self, other: Drained) -> Drained:
        """Both together."""
        return Drained(
            sent=self.sent + other.sent,
            retried=self.retried + other.retried,
            dead=self.dead + other.dead,
            skipped=self.skipped + other.skipped,
        )


def drain(
    outbox: Outbox,
    notifiers: Notifiers,
    *,
    now: Callable[[], datetime],
    stop: Callable[[], bool] = lambda: False,
    limit: int = 100,
    arrange: Callable[[], int] | None = None,
    rates: Mapping[str, Rate] | None = None,
    rest: Callable[[timedelta], None] | None = None,
    patience: timedelta = SHORT,
) -> Drained:
    """Send what is due, at most `limit` messages, one at a time; between two it asks `stop`.

    `now` is the clock, asked before and after each send. `notifiers` by channel name. `arrange` decides first what
    becomes of what was never tried, and says up to which number; what comes later waits for its next look. `rates` by
    channel name: a channel that had its share rests, for at most `patience` with `rest`, else until the next drain,
    while others go on. Store errors are raised: what was claimed comes back when its lease runs out.
    """
    done = Drained()
    held: dict[str, _Trouble] = {}
    upto = arrange() if arrange is not None else None
    paces = {
        name: _Pace(rate=rate, sent=deque(outbox.sent_since(name, now() - rate.per)))
        for name, rate in (rates or {}).items()
    }
    while done.total + done.skipped < limit and not stop():
        moment = now()
        resting = {name: at for name, pace in paces.items() if (at := pace.free_at(moment)) > moment}
        claimed = outbox.claim_due(moment, LEASE, 1, upto=upto, without=tuple(resting))
        if not claimed:
            if arrange is not None and (newest := arrange()) != upto:
                upto = newest
            elif not _rested(outbox, resting, rest, patience, now=now):
                break
            continue
        delivery = claimed[0]
        name = delivery.alert.channel
        trouble = held.setdefault(name, _Trouble())
        attempt: Attempt | None
        if trouble.wait is None:
            attempt = _send(outbox, notifiers.get(name), delivery, now=now)
            if name in paces and attempt is not None:
                paces[name].sent.append(now())
        else:  # the channel is down: its other messages wait too, and do not keep those of other channels waiting
            attempt = Retry(reason=f"waiting: {trouble.reason}", after=trouble.wait)
        if attempt is None:
            done = replace(done, skipped=done.skipped + 1)
            continue
        trouble.note(attempt)
        done = _record(outbox, delivery, attempt, done, now=now())
    return done


def _rested(
    outbox: Outbox,
    resting: Mapping[str, datetime],
    rest: Callable[[timedelta], None] | None,
    patience: timedelta,
    *,
    now: Callable[[], datetime],
) -> bool:
    """Wait until the first channel that has something may go on; False where none has, or it would take long."""
    waiting = [at for name, at in resting.items() if outbox.due_on((name,), now())]
    if rest is None or not waiting or (span := min(waiting) - now()) > patience:
        return False
    rest(max(span, timedelta()))
    return now() >= min(waiting)


@dataclass(slots=True, kw_only=True)
class _Pace:
    """When a channel sent, as far as its rate looks back."""

    rate: Rate
    sent: deque[datetime]

    def free_at(self, now: datetime) -> datetime:
        """When it may send the next message. What a clock that was set back puts into the future does not count."""
        while self.sent and not now - self.rate.per < self.sent[0] <= now:
            self.sent.popleft()
        return now if len(self.sent) < self.rate.messages else self.sent[-self.rate.messages] + self.rate.per


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
        since = max(filter(None, (alert.due_at, alert.created_at, delivery.since)))
        again = retry_at(alert.key, delivery.attempts + 1, now=now, due_at=since, wish=attempt.after)
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
