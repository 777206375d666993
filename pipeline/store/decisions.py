"""What people decided of agreements: stored with author and reason, never deleted, at most undone."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from pipeline.model import Alert, Decision
from pipeline.store.commit import put_agreement
from pipeline.store.engine import Database
from pipeline.store.joining import join
from pipeline.store.outbox import enqueue
from pipeline.store.tables import ATTEMPTS, DECISIONS, NOTICES, OUTBOX
from pipeline.store.values import AgreementChange

MOST = 100_000


@dataclass(frozen=True, slots=True)
class Decisions:
    """Decisions, and the one transaction in which a decision takes effect."""

    database: Database

    def standing(self, *partners: str) -> tuple[Decision, ...]:
        """What binds agreements with these partners, in the order in which it was decided."""
        speaks = DECISIONS.c.partner.in_(partners) | DECISIONS.c.further.in_(partners)
        return self._many(select(DECISIONS).where(speaks, DECISIONS.c.undone_at.is_(None)).order_by(DECISIONS.c.id))

    def allied(self, partner: str) -> tuple[str, ...]:
        """The partners that decisions put together with this one, itself among them, in order: a person found that
        reports name one of them and mean another."""
        query = select(DECISIONS.c.partner, DECISIONS.c.further)
        with self.database.read() as connection:
            pairs = connection.execute(
                query.where(DECISIONS.c.further.is_not(None), DECISIONS.c.undone_at.is_(None))
            ).all()
        found = {partner}
        while more := {one for pair in pairs if found & {*pair} for one in pair} - found:
            found |= more
        return tuple(sorted(found))

    def list(self, *, limit: int = MOST) -> tuple[Decision, ...]:
        """Decisions, newest first, those that were undone too."""
        return self._many(select(DECISIONS).order_by(DECISIONS.c.id.desc()).limit(limit))

    def get(self, number: int) -> Decision | None:
        """One decision."""
        found = self._many(select(DECISIONS).where(DECISIONS.c.id == number))
        return found[0] if found else None

    def settle(
        self,
        decision: Decision,
        changes: Sequence[AgreementChange],
        alerts: Sequence[Alert] = (),
        *,
        now: datetime,
        silenced: Collection[str] = (),
    ) -> Decision:
        """Store a new decision (id 0), or one that is undone, with what it changes and tells, in one transaction.

        `silenced` are agreements of which nothing that waits is told any longer. Raises StaleDecision where an
        agreement has changed since it was read; then nothing was stored.
        """
        with self.database.write() as connection:
            number = decision.id or _insert(connection, decision)
            if decision.id:
                connection.execute(
                    update(DECISIONS)
                    .where(DECISIONS.c.id == number)
                    .values(undone_at=decision.undone_at, record=decision)
                )
            join(self.database, connection, changes, now)
            for change in changes:
                put_agreement(self.database, connection, change, now)
            for key in silenced:
                _silence(connection, key, now)
            for alert in alerts:
                enqueue(self.database, connection, alert)
        return replace(decision, id=number)

    def regroup(self, changes: Sequence[AgreementChange], alerts: Sequence[Alert], *, now: datetime) -> None:
        """Store agreements that were put together anew, with the corrections that follow, in one transaction."""
        with self.database.write() as connection:
            join(self.database, connection, changes, now)
            for change in changes:
                put_agreement(self.database, connection, change, now)
            for alert in alerts:
                enqueue(self.database, connection, alert)

    def _many(self, query: Any) -> tuple[Decision, ...]:
        with self.database.read() as connection:
            return tuple(map(_decision, connection.execute(query).all()))


def _insert(connection: Connection, decision: Decision) -> int:
    row = {
        "partner": decision.partner,
        "further": decision.further or None,
        "at": decision.at,
        "undone_at": None,
        "record": decision,
    }
    key = connection.execute(insert(DECISIONS).values(row)).inserted_primary_key
    return int(key[0]) if key is not None else 0


def _silence(connection: Connection, key: str, now: datetime) -> None:
    """What waits to be told of an agreement alone is not sent; what waits for a digest leaves its queue."""
    waiting = select(OUTBOX.c.id, OUTBOX.c.alert).where(OUTBOX.c.state == "pending", OUTBOX.c.kind == "agreement")
    for row in connection.execute(waiting).all():
        if {each.agreement.key for each in row.alert.items} == {key}:
            connection.execute(update(OUTBOX).where(OUTBOX.c.id == row.id).values(state="dead"))
            why = "a person rejected the agreement before it was sent"
            connection.execute(insert(ATTEMPTS).values(delivery=row.id, at=now, outcome="permanent", detail=why))
    mine = (NOTICES.c.agreement == key, NOTICES.c.planned_at.is_(None))
    connection.execute(update(NOTICES).where(*mine).values(planned_at=now))


def _decision(row: Row[Any]) -> Decision:
    record: Decision = row.record
    return replace(record, id=row.id)
