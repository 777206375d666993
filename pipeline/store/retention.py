"""What is forgotten, and when. Agreements are kept for ever, and with them the pages behind them."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Table, delete, exists, func, select, text, update

from pipeline.model import WarcRecord
from pipeline.store import search
from pipeline.store.commit import WIB
from pipeline.store.engine import Database
from pipeline.store.fingerprints import ARTICLE, forget
from pipeline.store.frontier import batches
from pipeline.store.purge import purge
from pipeline.store.tables import (
    ARCHIVES,
    ARTICLES,
    FINGERPRINTS,
    FRONTIER,
    INBOX,
    NOTICES,
    REJECTS,
    REPORTS,
    REVISIONS,
    RUNS,
    SIZES,
)
from pipeline.store.values import Growth, Purged, Swept

CHUNK = 500
"""Rows that one transaction of the sweep touches, so that nobody waits long for it."""

GROWTH_OVER = timedelta(days=14)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How long what is kept. `raw` is captures, `text` full texts (None: as long); `links` how long a link counts as
    seen."""

    raw: timedelta = timedelta(days=30)
    text: timedelta | None = None
    fingerprints: timedelta = timedelta(days=180)
    links: timedelta = timedelta(days=400)
    held: frozenset[str] = frozenset()  # archive files that are kept all the same


BEHIND_AGREEMENT = exists().where(REPORTS.c.article == REVISIONS.c.article, REPORTS.c.agreement.is_not(None))


@dataclass(frozen=True, slots=True)
class Retention:
    """Housekeeping; every method may be interrupted and called again."""

    database: Database

    def sweep(self, now: datetime, policy: Policy) -> Swept:
        """Forget what is past its time. The files in the answer are for the caller to delete, then to `forget`."""
        raw, prints, links = now - policy.raw, now - policy.fingerprints, now - policy.links
        read = raw if policy.text is None else now - policy.text
        texts = self._in_chunks(lambda connection: _clear_texts(connection, read))
        self._drop(REPORTS, REPORTS.c.key, REPORTS.c.agreement.is_(None), REPORTS.c.stored_at < read)
        pages = self._drop(INBOX, INBOX.c.id, INBOX.c.state.in_(("done", "poison")), INBOX.c.fetched_at < raw)
        fingerprints = self._in_chunks(lambda connection: _forget_prints(connection, prints))
        self._drop(REJECTS, REJECTS.c.id, REJECTS.c.stored_at < prints)
        self._drop(RUNS, RUNS.c.id, RUNS.c.started_at < prints)
        self._drop(NOTICES, NOTICES.c.id, NOTICES.c.planned_at < prints)
        seen = self._drop(FRONTIER, FRONTIER.c.key, FRONTIER.c.state != "purged", FRONTIER.c.discovered_at < links)
        return Swept(
            files=tuple(name for name in self._unreferenced(raw) if name not in policy.held),
            texts=texts,
            fingerprints=fingerprints,
            pages=pages,
            links=seen,
            articles_before=read.astimezone(WIB).date(),
        )

    def forget(self, files: Collection[str]) -> None:
        """These archive files are deleted."""
        with self.database.write() as connection:
            for names in batches(files):
                connection.execute(delete(ARCHIVES).where(ARCHIVES.c.file.in_(names)))

    def purge(
        self,
        url: str,
        now: datetime,
        url_key: str | None = None,
        *,
        erase: Callable[[WarcRecord], object] | None = None,
    ) -> Purged:
        """Remove everything that came from one URL, except counts; see `purge`.

        `erase` takes each raw capture out of its archive file before the rows that name it are gone for good: after a
        crash in between, the same call finishes the work.
        """
        with self.database.write() as connection:
            if self.database.is_sqlite:
                connection.exec_driver_sql("PRAGMA secure_delete=ON")  # overwrite, do not only unlink
            purged = purge(self.database, connection, url, now, url_key)
            if erase is not None:
                for record in purged.records:
                    erase(record)
        return purged

    def measure(self, now: datetime) -> None:
        """Note how large database and archive are today."""
        with self.database.write() as connection:
            archive = connection.execute(select(func.coalesce(func.sum(ARCHIVES.c.bytes), 0))).scalar_one()
            row = {"database_bytes": self._database_bytes(connection), "archive_bytes": int(archive)}
            statement = self.database.insert(SIZES).values(day=now.astimezone(UTC).date(), **row)
            connection.execute(statement.on_conflict_do_update(index_elements=["day"], set_=row))

    def growth(self, now: datetime) -> Growth:
        """How fast database and archive grow, by what was measured and captured in the last fortnight."""
        start = now - GROWTH_OVER
        with self.database.read() as connection:
            sizes = connection.execute(
                select(SIZES).where(SIZES.c.day >= start.astimezone(UTC).date()).order_by(SIZES.c.day)
            ).all()
            archive, first = connection.execute(
                select(func.coalesce(func.sum(ARCHIVES.c.bytes), 0), func.min(ARCHIVES.c.first_at)).where(
                    ARCHIVES.c.first_at >= start
                )
            ).one()
            total = connection.execute(select(func.coalesce(func.sum(ARCHIVES.c.bytes), 0))).scalar_one()
            size = self._database_bytes(connection)
        days = (sizes[-1].day - sizes[0].day).days if sizes else 0
        captured_days = max((now - first) / timedelta(days=1), 1.0) if first else 1.0
        return Growth(
            days=days,
            database_bytes=size,
            archive_bytes=int(total),
            database_per_day=max(sizes[-1].database_bytes - sizes[0].database_bytes, 0) / days if days else 0.0,
            archive_per_day=int(archive) / captured_days,
        )

    def _database_bytes(self, connection: Connection) -> int:
        query = (
            "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
            if self.database.is_sqlite
            else "SELECT pg_database_size(current_database())"
        )
        return int(connection.execute(text(query)).scalar_one())

    def _drop(self, table: Table, key: Any, *conditions: Any) -> int:
        def some(connection: Connection) -> int:
            keys = list(connection.execute(select(key).where(*conditions).limit(CHUNK)).scalars())
            if keys:
                connection.execute(delete(table).where(key.in_(keys)))
            return len(keys)

        return self._in_chunks(some)

    def _in_chunks(self, some: Callable[[Connection], int]) -> int:
        total = 0
        while True:
            with self.database.write() as connection:
                number = some(connection)
            total += number
            if number < CHUNK:
                return total

    def _unreferenced(self, cutoff: datetime) -> tuple[str, ...]:
        """Archive files whose newest capture is past its time, and that nothing kept refers to."""
        kept = exists().where(REVISIONS.c.warc == ARCHIVES.c.file, (REVISIONS.c.stored_at >= cutoff) | BEHIND_AGREEMENT)
        waiting = exists().where(INBOX.c.warc == ARCHIVES.c.file)
        query = select(ARCHIVES.c.file).where(ARCHIVES.c.last_at < cutoff, ~kept, ~waiting).order_by(ARCHIVES.c.file)
        with self.database.read() as connection:
            return tuple(connection.execute(query).scalars())


def _forget_prints(connection: Connection, cutoff: datetime) -> int:
    old = (FINGERPRINTS.c.origin == ARTICLE, FINGERPRINTS.c.stored_at < cutoff)
    numbers = list(connection.execute(select(FINGERPRINTS.c.id).where(*old).limit(CHUNK)).scalars())
    forget(connection, numbers)
    return len(numbers)


def _clear_texts(connection: Connection, cutoff: datetime) -> int:
    rows = connection.execute(
        select(REVISIONS.c.seq, ARTICLES.c.id)
        .join(ARTICLES, ARTICLES.c.key == REVISIONS.c.article)
        .where(text("body IS NOT NULL"), REVISIONS.c.stored_at < cutoff, ~BEHIND_AGREEMENT)
        .limit(CHUNK)
    ).all()
    if not rows:
        return 0
    connection.execute(update(REVISIONS).where(REVISIONS.c.seq.in_([row.seq for row in rows])).values(body=None))
    numbers = sorted({row.id for row in rows})
    search.forget(connection, numbers)
    connection.execute(update(ARTICLES).where(ARTICLES.c.id.in_(numbers)).values(to_index=True))
    return len(rows)
