"""How far each JSON Lines file is written. `pipeline.files` writes the lines; this remembers."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, delete, select, update

from pipeline.store.engine import Database
from pipeline.store.tables import EXPORTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """A file is right when its first `size` bytes hold all lines up to `seq`; what follows is from a crash.

    `rebuild` says that lines written before must go (a purge): write the whole file anew.
    """

    name: str
    seq: int = 0
    size: int = 0
    rebuild: bool = False


@dataclass(frozen=True, slots=True)
class Exports:
    """Cursors by file name."""

    database: Database

    def get(self, name: str) -> Cursor:
        """The cursor of a file; at its beginning for an unknown one."""
        with self.database.read() as connection:
            row = connection.execute(select(EXPORTS).where(EXPORTS.c.name == name)).first()
        return Cursor(**row._mapping) if row else Cursor(name=name)

    def set(self, *cursors: Cursor) -> None:
        """Move cursors, all in one transaction."""
        with self.database.write() as connection:
            for cursor in cursors:
                row = {"seq": cursor.seq, "size": cursor.size, "rebuild": cursor.rebuild}
                statement = self.database.insert(EXPORTS).values(name=cursor.name, **row)
                connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_=row))

    def to_rebuild(self) -> tuple[Cursor, ...]:
        """The files that must be written anew."""
        with self.database.read() as connection:
            rows = connection.execute(select(EXPORTS).where(EXPORTS.c.rebuild).order_by(EXPORTS.c.name)).all()
        return tuple(Cursor(**row._mapping) for row in rows)

    def names(self) -> tuple[str, ...]:
        with self.database.read() as connection:
            return tuple(connection.execute(select(EXPORTS.c.name).order_by(EXPORTS.c.name)).scalars())

    def forget(self, names: tuple[str, ...]) -> None:
        """Drop the cursors of files that retention has deleted."""
        with self.database.write() as connection:
            connection.execute(delete(EXPORTS).where(EXPORTS.c.name.in_(names)))


def mark_rebuild(connection: Connection, names: set[str]) -> None:
    """Have these files written anew, in the caller's transaction."""
    connection.execute(update(EXPORTS).where(EXPORTS.c.name.in_(sorted(names))).values(rebuild=True))
