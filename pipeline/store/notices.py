"""What waits to be told together: the digest queue, and the notices of a starting picture."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select, update

from pipeline.model import Alert, Notice, Urgency, digest
from pipeline.store.engine import Database
from pipeline.store.frontier import batches
from pipeline.store.outbox import enqueue
from pipeline.store.tables import NOTICES
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


@dataclass(frozen=True, slots=True)
class Notices:
    """Nothing can fall between two digests: a notice leaves the queue in the transaction that puts its alert out."""

    database: Database

    def pending(self, urgency: Urgency) -> tuple[Queued, ...]:
        """What waits to be told with this urgency, oldest first."""
        query = (
            select(NOTICES.c.id, NOTICES.c.record, NOTICES.c.created_at)
            .where(NOTICES.c.planned_at.is_(None), NOTICES.c.urgency == urgency)
            .order_by(NOTICES.c.id)
        )
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

    def plan(self, alerts: Sequence[Alert], consumed: Collection[int], now: datetime) -> bool:
        """Queue `alerts` and take the notices they tell of out of the queue, together.

        False, with nothing changed, where another process has planned any of them first: look at `pending` again.
        """
        with self.database.write() as connection:
            free = NOTICES.c.planned_at.is_(None)
            for keys in batches(sorted(set(consumed))):
                rows = select(NOTICES.c.id).where(NOTICES.c.id.in_(keys), free).with_for_update()
                if len(connection.execute(rows).all()) < len(keys):
                    return False
            for keys in batches(sorted(set(consumed))):
                connection.execute(update(NOTICES).where(NOTICES.c.id.in_(keys)).values(planned_at=now))
            for alert in alerts:
                enqueue(self.database, connection, alert)
        return True

    def counts(self) -> dict[str, int]:
        """How many notices wait, by urgency."""
        query = (
            select(NOTICES.c.urgency, func.count()).where(NOTICES.c.planned_at.is_(None)).group_by(NOTICES.c.urgency)
        )
        with self.database.read() as connection:
            return dict(connection.execute(query).all())
