"""What waits for a recipient over a channel, before it is first tried: what it may be folded with or go below.

`pipeline.alert.routing` decides; here is only what it must know, and the one transaction that stores what it decided.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Select, func, select, update

from pipeline.model import AlertKind, Arranged, Item, Pending, Root
from pipeline.store.engine import Database
from pipeline.store.frontier import batches
from pipeline.store.outbox import enqueue, mention, note
from pipeline.store.tables import MENTIONS, OUTBOX

FIRST = (AlertKind.AGREEMENT, AlertKind.CATCH_UP, AlertKind.STARTING_PICTURE, AlertKind.DIGEST)
"""Kinds of messages by which a reader first hears of an agreement."""


class Overtaken(Exception):
    """An alert that was to be arranged is on its way already."""


@dataclass(frozen=True, slots=True)
class Streams:
    """One stream is one recipient of one channel."""

    database: Database

    def pending(self) -> tuple[Pending, ...]:
        """Every alert that waits and was never tried, oldest first."""
        query = (
            select(OUTBOX.c.id, OUTBOX.c.alert, OUTBOX.c.thread, OUTBOX.c.next_at)
            .where(*_untried())
            .order_by(OUTBOX.c.id)
        )
        with self.database.read() as connection:
            rows = connection.execute(query).all()
        return tuple(Pending(id=row.id, alert=row.alert, thread=row.thread, next_at=row.next_at) for row in rows)

    def sent_since(self, channel: str, recipient: str, since: datetime) -> int:
        """How many messages of new agreements this recipient got from `since` on."""
        query = _sent(channel, recipient, since).with_only_columns(func.count())
        with self.database.read() as connection:
            return connection.execute(query).scalar_one()

    def threads(self, channel: str, recipient: str, since: datetime) -> Mapping[str, str]:
        """By partner, the key of the alert whose message told this recipient of a new agreement with it since then."""
        query = (
            _sent(channel, recipient, since)
            .join(MENTIONS, MENTIONS.c.delivery == OUTBOX.c.id)
            .with_only_columns(MENTIONS.c.partner, OUTBOX.c.thread, OUTBOX.c.alert_key)
            .order_by(OUTBOX.c.sent_at.desc(), OUTBOX.c.id.desc())
        )
        with self.database.read() as connection:
            rows = connection.execute(query).all()
        return {row.partner: row.thread or row.alert_key for row in rows}

    def roots(self, channel: str, recipient: str, agreements: Collection[str]) -> Mapping[str, Root]:
        """By agreement, the first message that tells this recipient of it and was not given up."""
        found: dict[str, Root] = {}
        with self.database.read() as connection:
            for keys in batches(sorted(set(agreements))):
                query = (
                    select(MENTIONS.c.agreement, OUTBOX)
                    .join(OUTBOX, MENTIONS.c.delivery == OUTBOX.c.id)
                    .where(
                        MENTIONS.c.agreement.in_(keys),
                        OUTBOX.c.channel == channel,
                        OUTBOX.c.recipient == recipient,
                        OUTBOX.c.kind.in_(FIRST),
                        OUTBOX.c.state.not_in(("dead", "silenced", "folded")),
                    )
                    .order_by(OUTBOX.c.id.desc())
                )
                for row in connection.execute(query).all():
                    found[row.agreement] = Root(
                        key=row.alert_key,
                        state=row.state,
                        kind=AlertKind(row.kind),
                        thread=row.thread,
                        items=_as_edited(connection, row.alert_key) or row.alert.items,
                        facts=row.alert.facts,
                    )
        return found

    def arrange(self, changes: Sequence[Arranged], now: datetime) -> bool:
        """Store all of it together. False, with nothing changed, where one of them was taken to be sent meanwhile."""
        try:
            with self.database.write() as connection:
                for each in changes:
                    self._arrange(connection, each, now)
        except Overtaken:
            return False
        return True

    def _arrange(self, connection: Connection, change: Arranged, now: datetime) -> None:
        values: dict[str, object] = {}
        if change.alert is not None:
            values |= {"alert": change.alert, "due_at": change.alert.due_at}
        if change.thread is not None:
            values["thread"] = change.thread
        if change.next_at is not None:
            values["next_at"] = change.next_at
        if change.state is not None:
            values["state"] = change.state
        mine = (OUTBOX.c.id == change.id, *_untried())
        if not connection.execute(update(OUTBOX).where(*mine).values(values)).rowcount:
            raise Overtaken
        if change.alert is not None:
            mention(connection, change.id, change.alert)
        if change.why:
            outcome = change.state or ("silenced" if change.hides else "held")
            note(connection, change.id, now, outcome, change.why)
        for alert in change.more:
            enqueue(self.database, connection, alert)


def _untried() -> tuple[ColumnElement[bool], ...]:
    return (
        OUTBOX.c.state == "pending",
        OUTBOX.c.attempts == 0,
        OUTBOX.c.possible_repeat.is_(False),
        OUTBOX.c.revived_at.is_(None),
    )


def _sent(channel: str, recipient: str, since: datetime) -> Select[tuple[object, ...]]:
    return select(OUTBOX).where(
        OUTBOX.c.channel == channel,
        OUTBOX.c.recipient == recipient,
        OUTBOX.c.kind == AlertKind.AGREEMENT,
        OUTBOX.c.state == "sent",
        OUTBOX.c.sent_at >= since,
    )


def _as_edited(connection: Connection, key: str) -> tuple[Item, ...]:
    """The items of a message as the last edit left them; empty where it was never edited."""
    query = (
        select(OUTBOX.c.alert)
        .where(OUTBOX.c.thread == key, OUTBOX.c.kind == AlertKind.COUNTER, OUTBOX.c.state == "sent")
        .order_by(OUTBOX.c.id.desc())
        .limit(1)
    )
    found = connection.execute(query).scalar()
    return found.items if found is not None else ()
