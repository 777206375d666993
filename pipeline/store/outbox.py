"""Alerts not yet delivered. Lease, mark sending, send, record.

A crash at any point loses nothing, and what may have been sent already says so when it comes back.

    pending ─► leased ─► sending ─► sent
       ▲          │         ├─────► dead       the channel will never take it
       └──────────┴─────────┘ retry, or the lease ran out

Before it is first tried an alert may also end as `folded` (another message tells it) or `silenced` (`store.streams`).
What goes below another message is not handed out before that one is sent or given up.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Connection,
    Row,
    and_,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    text,
    update,
)

from pipeline.model import Alert, Attempt, Delivery, Permanent, Retry, Sent
from pipeline.store.counting import tally
from pipeline.store.engine import Database
from pipeline.store.tables import ATTEMPTS, MENTIONS, OUTBOX
from pipeline.store.values import Posted, Try

UNSENT = ("pending", "leased", "sending")
WAITING = text("state IN ('pending', 'leased', 'sending')")
"""Spelled as in the partial index, or SQLite does not use it."""

CLOCKS_APART = timedelta(minutes=5)
"""How far the clocks of two machines on one database may differ."""

LATE_AFTER = timedelta(minutes=15)
"""How long after it was due an unsent alert counts as overdue."""


def enqueue(database: Database, connection: Connection, alert: Alert) -> bool:
    """Put an alert into the outbox, in the caller's transaction; False where its key is known."""
    row = {
        "alert_key": alert.key,
        "kind": alert.kind,
        "channel": alert.channel,
        "recipient": alert.recipient,
        "state": "pending",
        "created_at": alert.created_at,
        "due_at": alert.due_at,
        "next_at": alert.due_at,
        "attempts": 0,
        "possible_repeat": False,
        "alert": alert,
    }
    new = database.add(connection, OUTBOX, row, "alert_key")
    if new:
        number = connection.execute(select(OUTBOX.c.id).where(OUTBOX.c.alert_key == alert.key)).scalar_one()
        mention(connection, number, alert)
        tally(database, connection, alert.created_at, outlet="", what="alert", reason=alert.kind)
    return new


def mention(connection: Connection, delivery: int, alert: Alert) -> None:
    """Note which agreements an alert tells of, in place of what was noted before."""
    connection.execute(delete(MENTIONS).where(MENTIONS.c.delivery == delivery))
    told = {each.agreement.key: each.agreement.partner for each in alert.items}
    if told:
        rows = [{"delivery": delivery, "agreement": key, "partner": partner} for key, partner in told.items()]
        connection.execute(insert(MENTIONS), rows)


@dataclass(frozen=True, slots=True)
class Outbox:
    """The delivery loop's side."""

    database: Database

    def put(self, alerts: Sequence[Alert]) -> int:
        """Queue alerts that belong to no page (tests, operator messages); how many were new."""
        with self.database.write() as connection:
            return sum(enqueue(self.database, connection, alert) for alert in alerts)

    def known(self, keys: Collection[str]) -> bool:
        """Whether any alert with one of these keys was ever queued."""
        query = select(OUTBOX.c.id).where(OUTBOX.c.alert_key.in_(list(keys))).limit(1)
        with self.database.read() as connection:
            return connection.execute(query).first() is not None

    def given_up(self, since: datetime) -> int:
        """How many alerts were given up from `since` on, and were not revived."""
        lately = select(ATTEMPTS.c.delivery).where(ATTEMPTS.c.outcome == "permanent", ATTEMPTS.c.at >= since)
        query = select(func.count()).select_from(OUTBOX).where(OUTBOX.c.state == "dead", OUTBOX.c.id.in_(lately))
        with self.database.read() as connection:
            return connection.execute(query).scalar_one()

    def dead_since(self, since: datetime) -> tuple[Posted, ...]:
        """Alerts that were given up after `since`, oldest first."""
        lately = select(ATTEMPTS.c.delivery).where(ATTEMPTS.c.outcome == "permanent", ATTEMPTS.c.at > since)
        query = select(OUTBOX).where(OUTBOX.c.state == "dead", OUTBOX.c.id.in_(lately)).order_by(OUTBOX.c.id)
        with self.database.read() as connection:
            return tuple(_posted(connection, row) for row in connection.execute(query).all())

    def claim_due(
        self,
        now: datetime,
        lease_for: timedelta,
        limit: int,
        *,
        upto: int | None = None,
        without: Collection[str] = (),
    ) -> tuple[Delivery, ...]:
        """Up to `limit` alerts for this process alone until the lease runs out, longest due first.

        What was made in the future, because the clock was set back since, does not wait for it. One that was being
        sent when its lease ran out comes back with `possible_repeat`. `upto` is the highest id that
        may be taken, `without` names channels that are left alone.
        """
        free = or_(
            and_(OUTBOX.c.state == "pending", OUTBOX.c.next_at <= now),
            and_(OUTBOX.c.state == "pending", OUTBOX.c.attempts == 0, OUTBOX.c.created_at > now + CLOCKS_APART),
            and_(OUTBOX.c.state != "pending", OUTBOX.c.lease_until <= now),
        )
        root = OUTBOX.alias("root")
        above = select(root.c.id).where(root.c.alert_key == OUTBOX.c.thread, root.c.state.in_(UNSENT))
        query = select(OUTBOX).where(WAITING, free, or_(OUTBOX.c.thread == "", ~exists(above)))
        if upto is not None:
            query = query.where(OUTBOX.c.id <= upto)
        if without:
            query = query.where(OUTBOX.c.channel.not_in(list(without)))
        query = query.order_by(OUTBOX.c.next_at, OUTBOX.c.id).limit(limit)
        with self.database.read() as connection:
            if connection.execute(query.with_only_columns(OUTBOX.c.id).limit(1)).first() is None:
                return ()
        token = secrets.token_hex(8)
        deliveries = []
        with self.database.write() as connection:
            for row in connection.execute(query.with_for_update(skip_locked=True, of=OUTBOX)).all():
                broken = row.state == "sending"
                if broken:
                    note(connection, row.id, now, "unknown", "the process ended after sending began")
                attempts, repeat = row.attempts + broken, row.possible_repeat or broken
                connection.execute(
                    update(OUTBOX)
                    .where(OUTBOX.c.id == row.id)
                    .values(
                        state="leased",
                        lease=token,
                        lease_until=now + lease_for,
                        attempts=attempts,
                        possible_repeat=repeat,
                    )
                )
                deliveries.append(
                    Delivery(
                        id=row.id,
                        alert=row.alert,
                        attempts=attempts,
                        possible_repeat=repeat,
                        lease=token,
                        last_reason=_last_reason(connection, row.id) if attempts else "",
                        thread=row.thread,
                        root=_receipt(connection, row.thread) if row.thread else "",
                        since=row.revived_at,
                    )
                )
        return tuple(deliveries)

    def recover(self, now: datetime) -> None:
        """End all leases: their holders are known to be dead, because the caller is alone on this data directory."""
        with self.database.write() as connection:
            connection.execute(update(OUTBOX).where(OUTBOX.c.state.in_(("leased", "sending"))).values(lease_until=now))

    def mark_sending(self, delivery: int, lease: str) -> bool:
        """To be called just before the first byte goes out; False where the lease was lost: then do not send."""
        with self.database.write() as connection:
            return bool(
                connection.execute(
                    update(OUTBOX)
                    .where(OUTBOX.c.id == delivery, OUTBOX.c.lease == lease, OUTBOX.c.state == "leased")
                    .values(state="sending")
                ).rowcount
            )

    def record(
        self, delivery: int, lease: str, attempt: Attempt, now: datetime, retry_at: datetime | None = None
    ) -> bool:
        """Note what came of an attempt. A Retry needs `retry_at`. False where the lease was lost.

        `Sent` counts even then: that the message arrived is true whoever holds the lease now.
        """
        mine = and_(OUTBOX.c.id == delivery, OUTBOX.c.lease == lease, OUTBOX.c.state.in_(("leased", "sending")))
        free = {"lease": None, "lease_until": None, "attempts": OUTBOX.c.attempts + 1}
        match attempt:
            case Sent():
                mine = and_(OUTBOX.c.id == delivery, OUTBOX.c.state != "sent")
                changes = {"state": "sent", "sent_at": now, "receipt": attempt.receipt}
                outcome, detail = "sent", attempt.receipt
            case Retry():
                if retry_at is None:
                    raise ValueError("a retry needs its time")
                changes, outcome, detail = {"state": "pending", "next_at": retry_at}, "retry", attempt.reason
                if attempt.maybe_accepted:
                    changes["possible_repeat"] = True
            case Permanent():
                changes, outcome, detail = {"state": "dead"}, "permanent", attempt.reason
        with self.database.write() as connection:
            changed = connection.execute(update(OUTBOX).where(mine).values(free | changes)).rowcount
            if changed:
                note(connection, delivery, now, outcome, detail)
        return bool(changed)

    def revive(self, delivery: int, now: datetime) -> bool:
        """Try an alert that was given up again, after its cause was mended, or send one that was silenced after all."""
        with self.database.write() as connection:
            return bool(
                connection.execute(
                    update(OUTBOX)
                    .where(OUTBOX.c.id == delivery, OUTBOX.c.state.in_(("dead", "silenced")))
                    .values(state="pending", next_at=now, attempts=0, revived_at=now)
                ).rowcount
            )

    def list(
        self, *, state: str | None = None, agreement: str | None = None, limit: int = 100, before: int | None = None
    ) -> tuple[Posted, ...]:
        """Alerts with their history, newest first: in one state, about one agreement (key), of ids below `before`."""
        query = select(OUTBOX).order_by(OUTBOX.c.id.desc()).limit(limit)
        if state is not None:
            query = query.where(OUTBOX.c.state == state)
        if agreement is not None:
            told = select(MENTIONS.c.delivery).where(MENTIONS.c.agreement == agreement)
            query = query.where(OUTBOX.c.id.in_(told))
        if before is not None:
            query = query.where(OUTBOX.c.id < before)
        with self.database.read() as connection:
            return tuple(_posted(connection, row) for row in connection.execute(query).all())

    def overdue(self, now: datetime, late_after: timedelta = LATE_AFTER) -> tuple[Posted, ...]:
        """Alerts that should have been sent by now, longest due first. One that was made after its hour, because the
        machine slept, is due when it was made; one that a person had tried again, since then."""
        latest = now - late_after
        since = or_(OUTBOX.c.revived_at.is_(None), OUTBOX.c.revived_at <= latest)
        query = (
            select(OUTBOX)
            .where(WAITING, OUTBOX.c.due_at <= latest, OUTBOX.c.created_at <= latest, since)
            .order_by(OUTBOX.c.due_at, OUTBOX.c.id)
        )
        with self.database.read() as connection:
            return tuple(_posted(connection, row) for row in connection.execute(query).all())

    def sent_since(self, channel: str, since: datetime) -> tuple[datetime, ...]:
        """When this channel took messages, from `since` on, ascending."""
        query = select(OUTBOX.c.sent_at).where(OUTBOX.c.channel == channel, OUTBOX.c.sent_at >= since)
        with self.database.read() as connection:
            return tuple(connection.execute(query.order_by(OUTBOX.c.sent_at)).scalars())

    def due_on(self, channels: Collection[str], now: datetime) -> bool:
        """Whether something is due on one of these channels."""
        query = select(OUTBOX.c.id).where(WAITING, OUTBOX.c.next_at <= now, OUTBOX.c.channel.in_(list(channels)))
        with self.database.read() as connection:
            return connection.execute(query.limit(1)).first() is not None

    def newest(self) -> int:
        """The highest id that was ever given, 0 where there is none."""
        with self.database.read() as connection:
            return connection.execute(select(func.max(OUTBOX.c.id))).scalar() or 0

    def counts(self) -> Mapping[str, int]:
        """How many alerts are in each state."""
        with self.database.read() as connection:
            rows = connection.execute(select(OUTBOX.c.state, func.count()).group_by(OUTBOX.c.state)).all()
        return dict(sorted((state, number) for state, number in rows))


def _receipt(connection: Connection, key: str) -> str:
    """What the channel answered when it took this alert, "" where it never did."""
    columns = select(OUTBOX.c.state, OUTBOX.c.receipt, OUTBOX.c.thread)
    row = connection.execute(columns.where(OUTBOX.c.alert_key == key)).first()
    if row is not None and row.state == "folded":  # told in another message
        row = connection.execute(columns.where(OUTBOX.c.alert_key == row.thread)).first()
    return str(row.receipt) if row is not None and row.state == "sent" else ""


def _last_reason(connection: Connection, delivery: int) -> str:
    """Why the try before failed."""
    query = select(ATTEMPTS.c.detail).where(ATTEMPTS.c.delivery == delivery).order_by(ATTEMPTS.c.id.desc()).limit(1)
    return str(connection.execute(query).scalar() or "")


def note(connection: Connection, delivery: int, now: datetime, outcome: str, detail: str) -> None:
    """Add a line to the history of an alert."""
    connection.execute(insert(ATTEMPTS).values(delivery=delivery, at=now, outcome=outcome, detail=detail))


def _posted(connection: Connection, row: Row[Any]) -> Posted:
    tries = connection.execute(
        select(ATTEMPTS.c.at, ATTEMPTS.c.outcome, ATTEMPTS.c.detail)
        .where(ATTEMPTS.c.delivery == row.id)
        .order_by(ATTEMPTS.c.id)
    ).all()
    return Posted(
        id=row.id,
        alert=row.alert,
        state=row.state,
        attempts=row.attempts,
        possible_repeat=row.possible_repeat,
        next_at=row.next_at,
        sent_at=row.sent_at,
        tries=tuple(Try(at=one.at, outcome=one.outcome, detail=one.detail) for one in tries),
    )
