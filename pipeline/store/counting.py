"""Numbers that outlive what they count, and numbers that grow in commit order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, func, select
from sqlalchemy.sql.dml import ReturningInsert

from pipeline.store.engine import Database, Insert, insert_of
from pipeline.store.tables import COUNTERS, TALLIES


def next_number(database: Database, connection: Connection, name: str) -> int:
    """The next of an ascending series without gaps.

    The counter's row stays locked until the transaction ends: whoever reads up to N never sees a smaller one appear.
    """
    return int(connection.execute(_next(database.is_sqlite), {"name": name, "value": 1}).scalar_one())


def tally(database: Database, connection: Connection, at: datetime, *, outlet: str, what: str, reason: str) -> None:
    """Count one outcome on its UTC day."""
    row = {"day": at.astimezone(UTC).date(), "outlet": outlet, "what": what, "reason": reason, "number": 1}
    connection.execute(_one_more(database.is_sqlite), row)


@cache  # building a statement costs more than running it
def _next(is_sqlite: bool) -> ReturningInsert[Any]:
    grown = {"value": COUNTERS.c.value + 1}
    added = insert_of(COUNTERS, is_sqlite=is_sqlite).on_conflict_do_update(index_elements=["name"], set_=grown)
    return added.returning(COUNTERS.c.value)


@cache
def _one_more(is_sqlite: bool) -> Insert:
    grown = {"number": TALLIES.c.number + 1}
    unique = ["day", "outlet", "what", "reason"]
    return insert_of(TALLIES, is_sqlite=is_sqlite).on_conflict_do_update(index_elements=unique, set_=grown)


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
