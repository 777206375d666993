"""Migrations build what the tables say, from nothing, once; and the door refuses what it cannot read."""

from __future__ import annotations

import sqlite3
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text
from store_samples import make_page

from pipeline.errors import StoreBusy, StoreError, StoreFull, UsageError
from pipeline.store import Store
from pipeline.store.engine import to_wal
from pipeline.store.schema import HEAD, MIGRATIONS
from pipeline.store.tables import METADATA


def is_ours(_object: object, name: str | None, *_: object) -> bool:
    return not str(name).startswith("article_search")


def test_the_migrations_and_the_tables_agree(store: Store) -> None:
    with store.database.write() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": is_ours, "compare_type": True})
        assert compare_metadata(context, METADATA) == []


def test_head_is_the_newest_migration() -> None:
    assert ScriptDirectory(str(MIGRATIONS)).get_current_head() == HEAD


def test_opening_again_changes_nothing(url: str) -> None:
    Store.open(url).close()
    with Store.open(url, create=False) as store:
        assert store.inbox.counts() == {}


def test_migrations_run_from_another_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Store.open("sqlite:///here/kawat.db").close()
    assert (tmp_path / "here/kawat.db").exists()


def test_a_store_in_memory_works_and_shares_nothing() -> None:
    with Store.open("sqlite://") as one, Store.open("sqlite://") as two:
        one.inbox.land(make_page(1))
        assert one.inbox.counts() == {"pending": 1}
        assert two.inbox.counts() == {}


def test_a_database_of_a_newer_version_is_refused(url: str) -> None:
    with Store.open(url) as store, store.database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match="newer Kawat"):
        Store.open(url)


def test_a_missing_database_is_not_made_unasked(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="does not exist"):
        Store.open(f"sqlite:///{tmp_path}/none.db", create=False)
    assert not (tmp_path / "none.db").exists()


def test_what_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "kawat.db"
    path.write_text("this is a letter, not a database, and it is long enough to be looked at" * 100)
    with pytest.raises(StoreError, match="not a database"):
        Store.open(f"sqlite:///{path}")


@pytest.mark.parametrize("url", ["", "kawat.db", "mysql://x/y", "nothing://", "oracle+cx://x"])
def test_a_url_that_names_no_database_we_know_is_refused(url: str) -> None:
    with pytest.raises(UsageError):
        Store.open(url)


def test_a_server_that_is_not_there_is_busy_not_a_driver_error(tmp_path: Path) -> None:
    with pytest.raises(StoreBusy, match="does not answer"):
        Store.open(f"postgresql://kawat@/kawat?host={tmp_path}")


def test_a_missing_driver_is_named_with_its_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(UsageError, match=r"kawat\[postgres\]"):
        Store.open("postgresql://kawat@/kawat")


def test_sqlite_runs_as_promised(tmp_path: Path) -> None:
    with Store.open(f"sqlite:///{tmp_path}/kawat.db") as store:
        with store.database.write() as connection:
            assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
            assert connection.execute(text("PRAGMA synchronous")).scalar() == 2
            assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1
            with store.database.read() as reader:  # a reader is not held up by a writer
                assert reader.execute(text("SELECT count(*) FROM inbox")).scalar() == 0
        with pytest.raises(StoreError), store.database.read() as connection:
            connection.execute(text("DELETE FROM inbox"))


def test_a_held_database_is_busy(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/kawat.db"
    Store.open(url).close()
    other = sqlite3.connect(tmp_path / "kawat.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with Store.open(url, busy_after=timedelta(milliseconds=10)) as store:
        with pytest.raises(StoreBusy):
            store.inbox.land(make_page(1))
        other.execute("ROLLBACK")
        store.inbox.land(make_page(1))
    other.close()


def test_the_journal_waits_for_a_writer_of_the_old_mode(tmp_path: Path) -> None:
    path = tmp_path / "kawat.db"
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    class Patient(sqlite3.Connection):
        """Lets the other writer end as soon as this one begins to wait."""

        def execute(self, statement: str) -> sqlite3.Cursor:  # type: ignore[override]
            if statement == "BEGIN EXCLUSIVE":
                other.execute("COMMIT")
            return super().execute(statement)

    connection = sqlite3.connect(path, isolation_level=None, factory=Patient)
    to_wal(connection)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()
    other.close()


def test_the_journal_waits_no_longer_than_it_may(tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "kawat.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreBusy, match="database is locked"):
        Store.open(f"sqlite:///{tmp_path}/kawat.db", busy_after=timedelta(milliseconds=10))
    other.execute("ROLLBACK")
    Store.open(f"sqlite:///{tmp_path}/kawat.db").close()
    other.close()


def test_a_full_disk_is_full_and_loses_nothing(tmp_path: Path) -> None:
    with Store.open(f"sqlite:///{tmp_path}/kawat.db") as store:
        store.inbox.land(make_page(1))
        with store.database.write() as connection:
            pages = connection.execute(text("PRAGMA page_count")).scalar()
            connection.execute(text(f"PRAGMA max_page_count = {pages}"))
        with pytest.raises(StoreFull, match="free some space"):
            for number in range(2, 2000):
                store.inbox.land(make_page(number))
        assert store.inbox.counts()["pending"] >= 1


def test_alembic_is_not_loaded_for_a_database_that_is_new_enough(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite:///{tmp_path}/kawat.db"
    Store.open(url).close()
    monkeypatch.setitem(sys.modules, "alembic", None)
    Store.open(url).close()
