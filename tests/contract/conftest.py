"""One suite, two databases: every test that asks for `store` runs on SQLite and on PostgreSQL."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg
import pytest

from pipeline.store import Store
from pipeline.store.schema import HEAD
from pipeline.store.tables import METADATA

NUMBERS = count(1)
SHARED = "kawat"


def postgres_binaries() -> Path | None:
    """Debian's directory of initdb and pg_ctl, the newest version."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


@contextmanager
def running_postgres(binaries: Path, where: Path) -> Iterator[str]:
    """A server of our own behind a socket in `where`; the URL up to the database's name."""
    user: str | None = None
    if os.geteuid() == 0:  # initdb refuses root
        user = "postgres"
        os.chown(where, pwd.getpwnam(user).pw_uid, -1)

    def run(*command: str) -> None:
        subprocess.run(command, user=user, cwd=where, check=True, capture_output=True, env={"LC_ALL": "C.UTF-8"})

    data = where / "data"
    run(str(binaries / "initdb"), "-D", str(data), "-U", "kawat", "-A", "trust", "-E", "UTF8", "--no-sync")
    quick = "-c fsync=off -c full_page_writes=off -c autovacuum=off"
    options = f"-c listen_addresses='' -c unix_socket_directories={where} {quick}"
    control = (str(binaries / "pg_ctl"), "-D", str(data))
    run(*control, "-w", "-l", str(where / "log"), "-o", options, "start")
    try:
        yield f"host={where} user=kawat"
    finally:
        run(*control, "-w", "-m", "immediate", "stop")


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The connection string of a server with one migrated database, which every test finds empty."""
    binaries = postgres_binaries()
    if binaries is None:
        pytest.skip("no PostgreSQL server on this machine (apt-get install postgresql)")
    with tempfile.TemporaryDirectory(prefix="kawat-pg-", ignore_cleanup_errors=True) as folder:
        where = Path(folder)
        where.chmod(0o755)
        with running_postgres(binaries, where) as server:
            _execute(server, f"CREATE DATABASE {SHARED}")
            Store.open(_url(server, SHARED)).close()
            yield server


def _execute(server: str, statement: str) -> None:
    with psycopg.connect(f"{server} dbname=postgres", autocommit=True) as connection:
        connection.execute(statement.encode())


def _url(server: str, database: str) -> str:
    host = server.split(maxsplit=1)[0].removeprefix("host=")
    return f"postgresql+psycopg://kawat@/{database}?host={host}"


@contextmanager
def own_database(server: str) -> Iterator[str]:
    """The URL of a database that is gone afterwards."""
    name = f"kawat_{next(NUMBERS)}"
    _execute(server, f"CREATE DATABASE {name}")
    try:
        yield _url(server, name)
    finally:
        _execute(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def empty_postgres(postgres: str) -> Iterator[str]:
    """The URL of an empty database on the server."""
    with own_database(postgres) as url:
        yield url


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh SQLite file, to be copied."""
    path = tmp_path_factory.mktemp("sqlite") / "kawat.db"
    Store.open(f"sqlite:///{path}").close()
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database that this test finds empty."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("migrated_sqlite"), tmp_path)
        yield f"sqlite:///{tmp_path}/kawat.db"
        return
    server: str = request.getfixturevalue("postgres")
    yield _url(server, SHARED)
    with psycopg.connect(f"{server} dbname={SHARED}", autocommit=True) as connection:
        connection.execute(f"TRUNCATE {', '.join((*METADATA.tables, 'article_search'))} RESTART IDENTITY".encode())
        connection.execute("UPDATE alembic_version SET version_num = %s", [HEAD])


@pytest.fixture
def opened(url: str) -> Iterator[Callable[[], Store]]:
    """Opens the test's database as often as wanted; all are closed at its end."""
    stores: list[Store] = []

    def open_store() -> Store:
        stores.append(Store.open(url))
        return stores[-1]

    yield open_store
    for store in stores:
        store.close()


@pytest.fixture
def store(opened: Callable[[], Store]) -> Store:
    return opened()
