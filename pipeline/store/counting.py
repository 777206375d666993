"""Numbers that outlive what they count, and numbers that grow in commit order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import Connection, func, select

from pipeline.store.engine import Database
from pipeline.store.tables import COUNTERS, TALLIES


def next_number(database: Database, connection: Connection, name: str) -> int:
    """The next of an ascending series without gaps.

    The counter's row stays locked until the transaction ends: whoever reads up to N never sees a smaller one appear.
    """
    first = database.insert(COUNTERS).values(name=name, value=1)
    statement = first.on_conflict_do_update(index_elements=["name"], set_={"value": COUNTERS.c.value + 1})
    return int(connection.execute(statement.returning(COUNTERS.c.value)).scalar_one())


def tally(database: Database, connection: Connection, at: datetime, *, outlet: str, what: str, reason: str) -> None:
    """Count one outcome on its UTC day."""
    one = database.insert(TALLIES).values(
        day=at.astimezone(UTC).date(), outlet=outlet, what=what, reason=reason, number=1
    )
    connection.execute(
        one.on_conflict_do_update(
            index_elements=["day", "outlet", "what", "reason"], set_={"number": TALLIES.c.number + 1}
        )
    )


@dataclass(frozen=True, slots=True)
class Tallies:
    """Counted outcomes: `article` by verdict (new, same, near, revision), `reject` by reason, `alert` by kind."""

    database: Database

    def total(self, what: str) -> int:
        """How many of `what` there ever were."""
        query = select(func.coalesce(func.sum(TALLIES.c.number), 0)).where(TALLIES.c.what == what)
        with self.database.read() as connection:
            return int(connection.execute(query).scalar_one())

    def by_reason(self, what: str, *, since: date | None = None, outlet: str | None = None) -> Mapping[str, int]:
        """How many of `what` there were, by reason, the most frequent first."""
        total = func.sum(TALLIES.c.number)
        query = select(TALLIES.c.reason, total).where(TALLIES.c.what == what).group_by(TALLIES.c.reason)
        if since is not None:
            query = query.where(TALLIES.c.day >= since)
        if outlet is not None:
            query = query.where(TALLIES.c.outlet == outlet)
        with self.database.read() as connection:
            rows = connection.execute(query.order_by(total.desc(), TALLIES.c.reason)).all()
        return {reason: int(number) for reason, number in rows}
