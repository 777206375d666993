"""Bringing a database to the schema this version reads, through the Alembic migrations beside this file."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, select, table, text
from sqlalchemy.sql import column

from pipeline.errors import StoreError
from pipeline.store.engine import Database

HEAD = "0007"
"""The newest revision in `migrations/versions`; a test holds it to that."""

MIGRATIONS = Path(__file__).parent / "migrations"
LOCK = 0x6B61776174  # "kawat": PostgreSQL advisory lock under which one process migrates

_VERSION = table("alembic_version", column("version_num"))


def upgrade(database: Database, *, create: bool = True) -> None:
    """Run `upgrade head` where needed. Two processes may call it at once: one migrates, the other waits.

    Raises StoreError for a database written by a newer Kawat, or an empty one where `create` is false.
    """
    if _current(database) == HEAD:
        return
    with database.write() as connection:
        if not database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        found = _version(connection)
        if found == HEAD:
            return
        if found is None and not create:
            raise StoreError("the database is empty; `kawat run` fills it")
        _migrate(connection, found)


def _current(database: Database) -> str | None:
    if (path := database.path) is not None and not path.exists():
        return None
    with database.read() as connection:
        return _version(connection)


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(select(_VERSION.c.version_num)).scalar()


def _migrate(connection: Connection, found: str | None) -> None:
    from alembic import command  # noqa: PLC0415 - 0.1 s that only an outdated database costs
    from alembic.config import Config  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if found is not None and found not in known:
        raise StoreError(f"the database has schema {found}, written by a newer Kawat; this one reads up to {HEAD}")
    command.upgrade(config, "head")
