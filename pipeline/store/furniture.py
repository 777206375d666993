"""What recurs on an outlet's pages: counted with every article, learned, and pinned or refused by a person."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, case, delete, or_, select, text, update

from pipeline.furniture import TOTAL, Furniture, LineState
from pipeline.store.engine import Database
from pipeline.store.frontier import batches
from pipeline.store.tables import FURNITURE

KEPT = 600
"""Lines of an outlet that are counted at a time: those of some fifty articles; who is not seen again goes first."""

SWEEP_EVERY = 25
"""Articles after which what is too much is forgotten."""

SHOWN_FROM = 3
"""Articles from which a counted line is shown."""

CUT = text("state IN ('learned', 'pinned')")
"""As its index has it: SQLite sees that the index serves only where the words are the same."""

SAID = (LineState.PINNED, LineState.REFUSED)


COUNTS = ("text", "articles", "base", "days", "topics", "first_seen", "last_seen")


def put(database: Database, connection: Connection, rows: Collection[Furniture]) -> None:
    """Store counts; what a person has said of a line meanwhile stays."""
    if not rows:
        return
    statement = database.insert(FURNITURE)
    new = statement.excluded
    counts = {name: new[name] for name in COUNTS}
    said = or_(*(FURNITURE.c.state == state for state in SAID))
    state = case((said, FURNITURE.c.state), else_=new.state)
    connection.execute(
        statement.on_conflict_do_update(index_elements=["outlet", "hash"], set_={**counts, "state": state}),
        [{name: getattr(row, name) for name in ("outlet", "hash", "state", *COUNTS)} for row in rows],
    )
    for row in rows:
        if row.hash == TOTAL and row.articles % SWEEP_EVERY == 0:
            _forget(connection, row.outlet)


def _forget(connection: Connection, outlet: str) -> None:
    mine = (FURNITURE.c.outlet == outlet, FURNITURE.c.state == LineState.COUNTED, FURNITURE.c.hash != TOTAL)
    newest = select(FURNITURE.c.hash).where(*mine).order_by(FURNITURE.c.last_seen.desc(), FURNITURE.c.hash)
    oldest = list(connection.execute(newest.offset(KEPT)).scalars())
    for hashes in batches(oldest):
        connection.execute(delete(FURNITURE).where(*mine, FURNITURE.c.hash.in_(hashes)))


@dataclass(frozen=True, slots=True)
class Furnishings:
    """The recurring lines of every outlet."""

    database: Database

    def known(self, outlet: str) -> frozenset[str]:
        """Hashes of the lines that are cut from an outlet's articles: learned and pinned ones."""
        query = select(FURNITURE.c.hash).where(FURNITURE.c.outlet == outlet, CUT)
        with self.database.read() as connection:
            return frozenset(connection.execute(query).scalars())

    def of(self, outlet: str, hashes: Collection[str]) -> Mapping[str, Furniture]:
        """The rows of these lines, and the outlet's total, by hash."""
        wanted = [TOTAL, *hashes]
        query = select(FURNITURE).where(FURNITURE.c.outlet == outlet, FURNITURE.c.hash.in_(wanted))
        with self.database.read() as connection:
            return {row.hash: _value(row._mapping) for row in connection.execute(query)}

    def of_outlet(self, outlet: str) -> tuple[Furniture, ...]:
        """What an outlet's pages repeat, the most frequent first: what is cut or refused, and what may be learned."""
        query = (
            select(FURNITURE)
            .where(
                FURNITURE.c.outlet == outlet,
                FURNITURE.c.hash != TOTAL,
                (FURNITURE.c.state != LineState.COUNTED) | (FURNITURE.c.articles >= SHOWN_FROM),
            )
            .order_by(FURNITURE.c.articles.desc(), FURNITURE.c.hash)
        )
        with self.database.read() as connection:
            return tuple(_value(row._mapping) for row in connection.execute(query))

    def say(self, outlet: str, hash_: str, state: LineState) -> bool:
        """Set what a line is taken for; False where the outlet has no such line."""
        mine = (FURNITURE.c.outlet == outlet, FURNITURE.c.hash == hash_, FURNITURE.c.hash != TOTAL)
        with self.database.write() as connection:
            return bool(connection.execute(update(FURNITURE).where(*mine).values(state=state)).rowcount)


def _value(row: Mapping[Any, Any]) -> Furniture:
    return Furniture(**{**row, "state": LineState(row["state"])})
