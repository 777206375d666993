"""The one door to the database: a write transaction, a read transaction, and driver errors turned into Kawat's own.

SQLite needs two engines: one whose transactions begin with BEGIN IMMEDIATE, so that what is read before a write cannot
change under it, and one for reading, which never locks. WAL, synchronous=FULL: a commit is on the disk when it returns.
PostgreSQL has one engine; its readers see one snapshot per transaction.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Table, create_engine, event, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import StaticPool
from sqlalchemy.sql.dml import ReturningInsert

from pipeline.errors import StoreBusy, StoreError, StoreFull, UsageError

BUSY_AFTER = timedelta(seconds=20)
"""How long a writer waits for another before StoreBusy."""

SQLITE_BUSY, SQLITE_LOCKED, SQLITE_FULL = 5, 6, 13  # https://www.sqlite.org/rescode.html
POSTGRES_FULL = ("53100",)  # https://www.postgresql.org/docs/current/errcodes-appendix.html
POSTGRES_BUSY = (
    "40001",
    "40P01",
    "55P03",
    "57014",
    "57P01",
    "57P02",
    "57P03",
    "53300",
    "08000",
    "08001",
    "08003",
    "08006",
)

Insert = sqlite.Insert | postgresql.Insert


class Database:
    """Two ways in: `write()` and `read()`, each one transaction."""

    def __init__(self, url: str, *, create: bool = True, busy_after: timedelta = BUSY_AFTER) -> None:
        """Raises UsageError for a URL that names no database we know, StoreError where it cannot be opened."""
        self.url = _parsed(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        if self.is_sqlite:
            self._writer, self._reader = _sqlite(self.url, create=create, busy_after=busy_after)
        else:
            self._writer = _postgres(self.url, busy_after)
            self._reader = self._writer.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)

    @property
    def path(self) -> Path | None:
        """The database file; None in memory or on a server."""
        in_file = self.is_sqlite and self.url.database not in (None, "", ":memory:")
        return Path(str(self.url.database)) if in_file else None

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction that may change things: committed at the end, rolled back by any exception.

        Raises StoreBusy, StoreFull or StoreError instead of what the driver raises.
        """
        with _translated(), self._writer.begin() as connection:
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One transaction that sees one state of the database and never holds up a writer."""
        with _translated(), self._reader.begin() as connection:
            yield connection

    def fetch(self, connection: Connection, question: str, values: Sequence[object]) -> list[Any]:
        """The rows of a question in plain SQL, `?` standing for each value, past what SQLAlchemy wraps around one: for
        what is asked so often that the wrapping costs more than the answer. Text and numbers come as they are kept."""
        if self.is_sqlite:
            driver: Any = connection.connection.dbapi_connection
            found: list[Any] = driver.execute(question, values).fetchall()
            return found
        return list(connection.exec_driver_sql(question.replace("?", "%s"), tuple(values)))

    def insert(self, table: Table) -> Insert:
        """An INSERT that knows `on_conflict_do_nothing` and `on_conflict_do_update`: spelt alike by both."""
        return insert_of(table, is_sqlite=self.is_sqlite)

    def add(self, connection: Connection, table: Table, row: Mapping[str, object], *unique: str) -> bool:
        """Insert `row`, plain values, unless one with the same `unique` columns is there; whether it was new."""
        return connection.execute(_adding(self.is_sqlite, table, unique), row).first() is not None

    def put(self, connection: Connection, table: Table, row: Mapping[str, object], *unique: str) -> None:
        """Insert `row`, plain values, or give the one with the same `unique` columns its other values."""
        connection.execute(_putting(self.is_sqlite, table, unique, tuple(row)), row)

    def close(self) -> None:
        self._reader.dispose()
        self._writer.dispose()


def insert_of(table: Table, *, is_sqlite: bool) -> Insert:
    """`Database.insert`, for a statement that is built once."""
    return sqlite.insert(table) if is_sqlite else postgresql.insert(table)


@cache  # building a statement costs more than running it
def _adding(is_sqlite: bool, table: Table, unique: tuple[str, ...]) -> ReturningInsert[Any]:
    statement = insert_of(table, is_sqlite=is_sqlite).on_conflict_do_nothing(index_elements=unique)
    return statement.returning(table.c[unique[0]])


@cache
def _putting(is_sqlite: bool, table: Table, unique: tuple[str, ...], columns: tuple[str, ...]) -> Insert:
    statement = insert_of(table, is_sqlite=is_sqlite)
    others = {name: statement.excluded[name] for name in columns if name not in unique}
    return statement.on_conflict_do_update(index_elements=unique, set_=others)


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
        backend = parsed.get_backend_name()
        parsed.get_dialect()
    except (ArgumentError, NoSuchModuleError) as error:
        raise UsageError(
            f"the database URL cannot be read ({error}); write sqlite:///PATH or postgresql+psycopg://…"
        ) from error
    if backend == "postgresql" and parsed.drivername != "postgresql+psycopg":
        parsed = parsed.set(drivername="postgresql+psycopg")
    if backend not in ("sqlite", "postgresql"):
        raise UsageError(f"{backend} is not supported; write sqlite:///PATH or postgresql+psycopg://…")
    return parsed


def _postgres(url: URL, busy_after: timedelta) -> Engine:
    options = f"-c lock_timeout={_milliseconds(busy_after)}"
    try:
        return create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": 10, "options": options})
    except ModuleNotFoundError as error:
        raise UsageError(f"{error}; install kawat[postgres] for PostgreSQL") from error


def _milliseconds(duration: timedelta) -> int:
    return duration // timedelta(milliseconds=1)


def _sqlite(url: URL, *, create: bool, busy_after: timedelta) -> tuple[Engine, Engine]:
    busy = _milliseconds(busy_after)
    if url.database in (None, "", ":memory:"):
        engine = create_engine(url, poolclass=StaticPool, connect_args={"check_same_thread": False})
        _prepare(engine, busy=busy, begin="BEGIN IMMEDIATE", pragmas=("foreign_keys=ON",))
        return engine, engine
    path = Path(str(url.database))
    if not create and not path.exists():
        raise StoreError(f"{path} does not exist; `kawat run` makes it")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"{path.parent} cannot be made: {error.strerror}; check the data directory") from error
    arguments = {"timeout": busy / 1000, "check_same_thread": False}
    writer, reader = create_engine(url, connect_args=arguments), create_engine(url, connect_args=arguments)
    _prepare(writer, busy=busy, begin="BEGIN IMMEDIATE", pragmas=("synchronous=FULL", "foreign_keys=ON"), wal=True)
    _prepare(reader, busy=busy, begin="BEGIN", pragmas=("query_only=ON",))
    return writer, reader


def _prepare(engine: Engine, *, busy: int, begin: str, pragmas: tuple[str, ...], wal: bool = False) -> None:
    """Take transactions out of the sqlite3 module's hands: it would begin none for a SELECT."""

    @event.listens_for(engine, "connect")
    def connected(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        connection.execute(f"PRAGMA busy_timeout={busy}")
        if wal:
            to_wal(connection)
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        driver: Any = connection.connection.dbapi_connection
        driver.execute(begin)


def to_wal(connection: sqlite3.Connection) -> None:
    """Keep the file's journal as a write-ahead log, from now on and for everybody.

    Where another process writes in the old mode, or is changing it too, SQLite refuses at once and does not heed the
    busy timeout (https://www.sqlite.org/c3ref/busy_handler.html: waiting might be a deadlock); an exclusive transaction
    does wait. Raises sqlite3.OperationalError where that has waited in vain.
    """
    while connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != SQLITE_BUSY:
                raise
        connection.execute("BEGIN EXCLUSIVE")
        connection.execute("ROLLBACK")


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        raise _kawat_error(error.orig, str(error.orig)) from error
    except sqlite3.Error as error:  # from the connect hook, outside of SQLAlchemy's own wrapping
        raise _kawat_error(error, str(error)) from error
    except PoolTimeout as error:
        raise StoreBusy("all database connections are in use; try again") from error
    except SQLAlchemyError as error:
        raise StoreError(f"the database refused: {error}") from error


def _kawat_error(cause: BaseException | None, message: str) -> StoreError:
    code = (getattr(cause, "sqlite_errorcode", None) or 0) & 0xFF  # the low byte is the primary code
    state = getattr(cause, "sqlstate", None) or ""
    if code in (SQLITE_BUSY, SQLITE_LOCKED) or state in POSTGRES_BUSY:
        return StoreBusy(f"another process holds the database ({message}); try again")
    if code == SQLITE_FULL or state in POSTGRES_FULL:
        return StoreFull(f"no room left for the database ({message}); free some space")
    if type(cause).__module__.startswith("psycopg") and not state and type(cause).__name__ == "OperationalError":
        return StoreBusy(f"the database server does not answer ({message}); check that it runs")
    return StoreError(f"the database refused: {message}")
