"""What waits to be told together: the digest queue, and the notices of a starting picture."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, insert, select, update

from pipeline.model import Alert, Notice, Urgency, digest
from pipeline.store.engine import Database
from pipeline.store.frontier import batches
from pipeline.store.outbox import enqueue
from pipeline.store.tables import DIGESTED, NOTICES, TOLD
from pipeline.store.values import Queued


def wait(database: Database, connection: Connection, notice: Notice, now: datetime) -> bool:
    """Put a notice into its queue, in the caller's transaction; False where it waits or was told already."""
    agreement, report = notice.agreement, notice.report
    row = {
        "key": digest("notice", agreement.key, str(agreement.revision), report.key, notice.urgency, notice.channel),
        "agreement": agreement.key,
        "report": report.key,
        "urgency": notice.urgency,
        "created_at": now,
        "record": notice,
    }
    return database.add(connection, NOTICES, row, "key")


def tell(database: Database, connection: Connection, channel: str, agreement: str, now: datetime) -> None:
    """Note that a channel was told of an agreement, in the caller's transaction."""
    statement = database.insert(TOLD).values(channel=channel, agreement=agreement, at=now)
    connection.execute(statement.on_conflict_do_nothing(index_elements=["channel", "agreement"]))


@dataclass(frozen=True, slots=True)
class Notices:
    """Nothing can fall between two digests: a notice leaves the queue in the transaction that puts its alert out."""

    database: Database

    def pending(self, urgency: Urgency, recipient: str = "") -> tuple[Queued, ...]:
        """What waits to be told with this urgency, oldest first; without what this recipient has while others wait."""
        query = (
            select(NOTICES.c.id, NOTICES.c.record, NOTICES.c.created_at)
            .where(NOTICES.c.planned_at.is_(None), NOTICES.c.urgency == urgency)
            .order_by(NOTICES.c.id)
        )
        if recipient:
            theirs = select(DIGESTED.c.notice).where(DIGESTED.c.recipient == recipient)
            query = query.where(NOTICES.c.id.not_in(theirs))
        with self.database.read() as connection:
            rows = connection.execute(query).all()
        return tuple(Queued(id=row.id, notice=row.record, created_at=row.created_at) for row in rows)

    def oldest(self, *urgencies: Urgency) -> datetime | None:
        """Since when something waits to be told with one of these urgencies; None where nothing does."""
        query = select(NOTICES.c.created_at).where(NOTICES.c.planned_at.is_(None), NOTICES.c.urgency.in_(urgencies))
        with self.database.read() as connection:
            return connection.execute(query.order_by(NOTICES.c.created_at).limit(1)).scalar()

    def held(self, channel: str, agreements: Collection[str]) -> frozenset[str]:
        """Which of these agreements a digest of this channel already has, waiting or told."""
        query = select(NOTICES.c.record).where(
            NOTICES.c.agreement.in_(list(agreements)), NOTICES.c.urgency == Urgency.DIGEST
        )
        with self.database.read() as connection:
            found: list[Notice] = list(connection.execute(query).scalars())
        return frozenset(each.agreement.key for each in found if each.channel == channel)

    def elsewhere(self, channel: str, agreements: Collection[str]) -> frozenset[str]:
        """Which of these agreements were told over other channels, and never over this one."""
        query = select(TOLD.c.agreement, TOLD.c.channel).where(TOLD.c.agreement.in_(list(agreements)))
        with self.database.read() as connection:
            rows = connection.execute(query).all()
        here = {row.agreement for row in rows if row.channel in ("", channel)}
        return frozenset(row.agreement for row in rows) - here

    def told_to(self, agreement: str) -> frozenset[str]:
        """The channels that were told of an agreement."""
        query = select(TOLD.c.channel).where(TOLD.c.agreement == agreement)
        with self.database.read() as connection:
            return frozenset(connection.execute(query).scalars())

    def plan(
        self,
        alerts: Sequence[Alert],
        consumed: Collection[int],
        now: datetime,
        *,
        recipients: Collection[str] = (),
        waiting: Collection[str] = (),
    ) -> bool:
        """Queue `alerts` and take the notices they tell of out of the queue, together.

        Where only `recipients` of a channel are told now, and those `waiting` have their own hour, the notices stay in
        the queue until the last has them. False, with nothing changed, where another process has planned any of them
        first: look at `pending` again.
        """
        with self.database.write() as connection:
            free = NOTICES.c.planned_at.is_(None)
            for keys in batches(sorted(set(consumed))):
                rows = select(NOTICES.c.id).where(NOTICES.c.id.in_(keys), free).with_for_update()
                if len(connection.execute(rows).all()) < len(keys):
                    return False
                theirs = select(DIGESTED.c.notice).where(
                    DIGESTED.c.notice.in_(keys), DIGESTED.c.recipient.in_(list(recipients))
                )
                if recipients and connection.execute(theirs).first() is not None:
                    return False
                if waiting:
                    pairs = [{"notice": key, "recipient": each} for key in keys for each in recipients]
                    connection.execute(insert(DIGESTED), pairs)
                open_ = self._still_waiting(connection, keys, waiting)
                done = [key for key in keys if key not in open_]
                connection.execute(update(NOTICES).where(NOTICES.c.id.in_(done)).values(planned_at=now))
            for alert in alerts:
                enqueue(self.database, connection, alert)
        return True

    def _still_waiting(self, connection: Connection, keys: Collection[int], waiting: Collection[str]) -> set[int]:
        """Which of these notices some of `waiting` do not have yet."""
        query = select(DIGESTED.c.notice, DIGESTED.c.recipient).where(
            DIGESTED.c.notice.in_(list(keys)), DIGESTED.c.recipient.in_(list(waiting))
        )
        have = {(row.notice, row.recipient) for row in connection.execute(query).all()} if waiting else set()
        return {key for key in keys if any((key, each) not in have for each in waiting)}

    def counts(self) -> dict[str, int]:
        """How many notices wait, by urgency."""
        query = (
            select(NOTICES.c.urgency, func.count()).where(NOTICES.c.planned_at.is_(None)).group_by(NOTICES.c.urgency)
        )
        with self.database.read() as connection:
            return dict(connection.execute(query).all())
