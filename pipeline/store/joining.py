"""What was told of an agreement that became part of another was told of that one, channel by channel and message by
message; and what still waits to be told of it is told once.

    channels       who was told of either was told of the agreement that stays
    messages       tell of it too: corrections reach their readers, and what follows goes below them
    waiting alerts are not sent to whom a message tells of the agreement that stays
    waiting lines  of a digest go over to it, where its channel has none

Where the two are parted again, messages tell of their own alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from pipeline.model import Agreement
from pipeline.store.engine import Database
from pipeline.store.notices import tell
from pipeline.store.outbox import note
from pipeline.store.tables import AGREEMENTS, MENTIONS, NOTICES, OUTBOX, TOLD
from pipeline.store.values import AgreementChange

UNSEEN = ("dead", "silenced")
"""States of a message that nobody sees."""


def join(database: Database, connection: Connection, changes: Sequence[AgreementChange], now: datetime) -> None:
    """Bring over what was told of agreements that these changes join to others, and back what is parted again; in the
    transaction that stores the changes, before they are stored."""
    after = {change.agreement.key: change.agreement for change in changes}
    for change in changes:
        was = change.before.joined if change.before is not None else None
        heir = change.agreement.joined
        if was == heir:
            continue
        if was is not None:
            _part(connection, change.agreement.key, was)
        if heir is not None:
            stays = after.get(heir) or _stored(connection, heir)
            if stays is not None:
                _channels(database, connection, change, heir, now)
                _waiting(connection, change.agreement.key, heir, now)
                _lines(connection, change.agreement.key, stays, now)
                _messages(connection, change.agreement.key, stays)


def _stored(connection: Connection, key: str) -> Agreement | None:
    found: Agreement | None = connection.execute(select(AGREEMENTS.c.record).where(AGREEMENTS.c.key == key)).scalar()
    return found


def _channels(database: Database, connection: Connection, change: AgreementChange, heir: str, now: datetime) -> None:
    """An agreement that was told without a note of its channels was told over all that there were: channel ""."""

    def told(key: str, agreement: Agreement | None) -> list[str]:
        named = list(connection.execute(select(TOLD.c.channel).where(TOLD.c.agreement == key)).scalars())
        return named or ([""] if agreement is not None and agreement.told else [])

    mine = told(change.agreement.key, change.before)
    for channel in (*mine, *told(heir, _stored(connection, heir))) if mine else ():
        tell(database, connection, channel, heir, now)


def _waiting(connection: Connection, gone: str, heir: str, now: datetime) -> None:
    mine = select(MENTIONS.c.delivery).where(MENTIONS.c.agreement == gone)
    theirs = select(MENTIONS.c.delivery).where(MENTIONS.c.agreement == heir)
    where = (OUTBOX.c.channel, OUTBOX.c.recipient)
    seen = select(*where).where(OUTBOX.c.id.in_(theirs), OUTBOX.c.state.not_in(UNSEEN))
    reached = {(row.channel, row.recipient) for row in connection.execute(seen)}
    columns = select(OUTBOX.c.id, OUTBOX.c.alert, *where)
    waits = columns.where(OUTBOX.c.id.in_(mine), OUTBOX.c.state == "pending", OUTBOX.c.kind == "agreement")
    for row in connection.execute(waits.order_by(OUTBOX.c.id)).all():
        alone = {each.agreement.key for each in row.alert.items} == {gone}
        if alone and (row.channel, row.recipient) in reached:
            untried = (OUTBOX.c.id == row.id, OUTBOX.c.state == "pending", OUTBOX.c.attempts == 0)
            if connection.execute(update(OUTBOX).where(*untried).values(state="dead")).rowcount:
                note(connection, row.id, now, "permanent", f"another message tells of it: it is part of {heir}")


def _lines(connection: Connection, gone: str, stays: Agreement, now: datetime) -> None:
    free = NOTICES.c.planned_at.is_(None)
    theirs = select(NOTICES.c.record).where(NOTICES.c.agreement == stays.key, free)
    held = {(each.channel, each.urgency) for each in connection.execute(theirs).scalars()}
    told = set(connection.execute(select(TOLD.c.channel).where(TOLD.c.agreement == stays.key)).scalars())
    rows = connection.execute(select(NOTICES.c.id, NOTICES.c.record).where(NOTICES.c.agreement == gone, free)).all()
    for row in rows:
        place = (row.record.channel, row.record.urgency)
        known = stays.told and (not told or not told.isdisjoint(("", row.record.channel)))
        moved = {"agreement": stays.key, "record": replace(row.record, agreement=stays)}
        values = {"planned_at": now} if place in held or known else moved
        held.add(place)
        connection.execute(update(NOTICES).where(NOTICES.c.id == row.id).values(**values))


def _messages(connection: Connection, gone: str, stays: Agreement) -> None:
    rows = connection.execute(
        select(MENTIONS.c.delivery)
        .join(OUTBOX, OUTBOX.c.id == MENTIONS.c.delivery)
        .where(MENTIONS.c.agreement == gone, OUTBOX.c.state.not_in(UNSEEN))
    ).scalars()
    theirs = set(connection.execute(select(MENTIONS.c.delivery).where(MENTIONS.c.agreement == stays.key)).scalars())
    new = [
        {"delivery": delivery, "agreement": stays.key, "partner": stays.partner}
        for delivery in rows
        if delivery not in theirs
    ]
    if new:
        connection.execute(insert(MENTIONS), new)


def _part(connection: Connection, key: str, was: str) -> None:
    mine = select(MENTIONS.c.delivery).where(MENTIONS.c.agreement == key)
    both = (MENTIONS.c.agreement == was, MENTIONS.c.delivery.in_(mine))
    rows = connection.execute(
        select(OUTBOX.c.id, OUTBOX.c.alert).join(MENTIONS, OUTBOX.c.id == MENTIONS.c.delivery).where(*both)
    ).all()
    own = [row.id for row in rows if was not in {each.agreement.key for each in row.alert.items}]
    if own:
        connection.execute(delete(MENTIONS).where(MENTIONS.c.agreement == was, MENTIONS.c.delivery.in_(own)))
