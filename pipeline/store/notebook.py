"""Small things kept by name: facts about this data directory, and the rules that decisions were made under."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from pipeline.store.engine import Database
from pipeline.store.tables import META, RULES


@dataclass(frozen=True, slots=True)
class Meta:
    """Key and value, both text: the daemon's heartbeat, the last catch-up, ….

    Instants go through `set_time` and `time`, as ISO 8601 in UTC.
    """

    database: Database

    def get(self, name: str) -> str | None:
        with self.database.read() as connection:
            return connection.execute(select(META.c.value).where(META.c.name == name)).scalar()

    def set(self, name: str, value: str) -> None:
        statement = self.database.insert(META).values(name=name, value=value)
        with self.database.write() as connection:
            connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_={"value": value}))

    def time(self, name: str) -> datetime | None:
        """The instant stored under `name`."""
        value = self.get(name)
        return datetime.fromisoformat(value) if value else None

    def set_time(self, name: str, at: datetime) -> None:
        self.set(name, at.isoformat())

    def all(self) -> Mapping[str, str]:
        with self.database.read() as connection:
            return dict(connection.execute(select(META.c.name, META.c.value).order_by(META.c.name)).all())


@dataclass(frozen=True, slots=True)
class Snapshots:
    """Rules as they were, by digest, so that a decision can be replayed."""

    database: Database

    def put(self, digest: str, snapshot: str, now: datetime) -> None:
        """Keep a snapshot (JSON text); the first one under a digest stays."""
        if self.get(digest) is not None:
            return
        with self.database.write() as connection:
            row = {"digest": digest, "snapshot": snapshot, "first_used": now}
            self.database.add(connection, RULES, row, "digest")

    def get(self, digest: str) -> str | None:
        with self.database.read() as connection:
            return connection.execute(select(RULES.c.snapshot).where(RULES.c.digest == digest)).scalar()
