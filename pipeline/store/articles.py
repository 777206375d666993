"""Stored articles with their decisions, and the pages that were none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, and_, bindparam, func, or_, select

from pipeline.model import Label, Reject, RejectReason, Report, WarcRecord
from pipeline.store import search
from pipeline.store.engine import Database
from pipeline.store.tables import ARTICLES, INBOX, REJECTS, REPORTS, REVISIONS
from pipeline.store.values import StoredArticle, StoredReject

HEXADECIMAL = frozenset("0123456789abcdef")

CURRENT = and_(REVISIONS.c.article == ARTICLES.c.key, REVISIONS.c.revision == ARTICLES.c.revision)


@dataclass(frozen=True, slots=True)
class Articles:
    """Reading only; what is stored comes through `commit`."""

    database: Database

    def by_key(self, key: str) -> StoredArticle | None:
        """The newest revision of an article."""
        with self.database.read() as connection:
            row = connection.execute(_BY_KEY, {"of": key}).first()
        return None if row is None else stored_article(row)

    def by_url(self, url: str, url_key: str | None = None) -> StoredArticle | None:
        """The newest article at a URL: as fetched, as found, canonical, or by the key of its canonical form."""
        found_as = select(INBOX.c.final_url).where(INBOX.c.url == url)
        named = or_(
            ARTICLES.c.url == url,
            ARTICLES.c.canonical_url == url,
            ARTICLES.c.url.in_(found_as),
            ARTICLES.c.url_key == (url_key or ""),
        )
        return self._one(_current().where(named).order_by(REVISIONS.c.seq.desc()).limit(1))

    def by_prefix(self, start: str, limit: int) -> tuple[StoredArticle, ...]:
        """Articles whose key, which is hexadecimal, begins so; in order of their keys."""
        if not start or set(start) - HEXADECIMAL:
            return ()
        among = (ARTICLES.c.key >= start, ARTICLES.c.key < f"{start}g")  # the letter after the last digit
        return self._many(_current().where(*among).order_by(ARTICLES.c.key).limit(limit))

    def revisions(self, key: str) -> tuple[StoredArticle, ...]:
        """Every revision of an article, oldest first."""
        query = _joined(ARTICLES.c.key == REVISIONS.c.article).where(ARTICLES.c.key == key)
        return self._many(query.order_by(REVISIONS.c.revision))

    def list(
        self,
        *,
        outlet: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        label: Label | None = None,
        verdict: str | None = None,
        limit: int = 50,
        before: int | None = None,
    ) -> tuple[StoredArticle, ...]:
        """Articles stored from `since` until before `until`, newest first.

        `verdict` is new, same, near or revision; `before` is the `seq` of the last article of the page before.
        """
        query = _current()
        if outlet is not None:
            query = query.where(ARTICLES.c.outlet == outlet)
        if since is not None:
            query = query.where(ARTICLES.c.stored_at >= since)
        if until is not None:
            query = query.where(ARTICLES.c.stored_at < until)
        if label is not None:
            query = query.where(ARTICLES.c.label == label)
        if verdict is not None:
            query = query.where(ARTICLES.c.verdict == verdict)
        if before is not None:
            query = query.where(REVISIONS.c.seq < before)
        return self._many(query.order_by(REVISIONS.c.seq.desc()).limit(limit))

    def search(self, words: str, *, limit: int = 50) -> tuple[StoredArticle, ...]:
        """Articles whose title and text hold all these words, newest first.

        What was stored a moment ago may not be found yet: `index_pending` follows behind.
        """
        with self.database.read() as connection:
            found = search.find(self.database, connection, words, limit)
            rows = connection.execute(_current().where(ARTICLES.c.id.in_(found)).order_by(REVISIONS.c.seq.desc())).all()
        return tuple(map(stored_article, rows))

    def index_pending(self, limit: int) -> int:
        """Bring up to `limit` articles into the full-text index; how many there were."""
        return search.index_pending(self.database, limit)

    def reports(self, key: str) -> tuple[tuple[Report, str | None], ...]:
        """The reports of one article, each with the key of its agreement."""
        query = select(REPORTS.c.record, REPORTS.c.agreement).where(REPORTS.c.article == key).order_by(REPORTS.c.key)
        with self.database.read() as connection:
            return tuple((row.record, row.agreement) for row in connection.execute(query).all())

    def rejected(self, url: str, url_key: str | None = None) -> StoredReject | None:
        """The newest rejection of a URL."""
        found_as = select(INBOX.c.final_url).where(INBOX.c.url == url)
        named = or_(REJECTS.c.url == url, REJECTS.c.url.in_(found_as), REJECTS.c.url_key == (url_key or "-"))
        query = select(REJECTS).where(named).order_by(REJECTS.c.id.desc()).limit(1)
        with self.database.read() as connection:
            row = connection.execute(query).first()
        return None if row is None else _rejected(row)

    def rejects(self, *, outlet: str | None = None, limit: int = 50) -> tuple[StoredReject, ...]:
        """The newest rejections, newest first."""
        query = select(REJECTS).order_by(REJECTS.c.id.desc()).limit(limit)
        if outlet is not None:
            query = query.where(REJECTS.c.outlet == outlet)
        with self.database.read() as connection:
            return tuple(map(_rejected, connection.execute(query).all()))

    def after(self, seq: int, *, limit: int, day: date | None = None) -> tuple[tuple[date, StoredArticle], ...]:
        """Revisions in commit order after `seq`, each with its WIB day; of one day only, where given."""
        query = _joined(ARTICLES.c.key == REVISIONS.c.article).add_columns(REVISIONS.c.day)
        query = query.where(REVISIONS.c.seq > seq)
        if day is not None:
            query = query.where(REVISIONS.c.day == day)
        with self.database.read() as connection:
            rows = connection.execute(query.order_by(REVISIONS.c.seq).limit(limit)).all()
        return tuple((row.day, stored_article(row)) for row in rows)

    def by_outlet(self) -> dict[str, int]:
        """How many articles of each outlet are stored."""
        query = select(ARTICLES.c.outlet, func.count()).group_by(ARTICLES.c.outlet)
        with self.database.read() as connection:
            return dict(connection.execute(query).all())

    def count(self) -> int:
        with self.database.read() as connection:
            return connection.execute(select(func.count()).select_from(ARTICLES)).scalar_one()

    def _one(self, query: Select[Any]) -> StoredArticle | None:
        found = self._many(query)
        return found[0] if found else None

    def _many(self, query: Select[Any]) -> tuple[StoredArticle, ...]:
        with self.database.read() as connection:
            return tuple(map(stored_article, connection.execute(query).all()))


def _joined(condition: Any) -> Select[Any]:
    return select(
        REVISIONS.c.seq,
        REVISIONS.c.revision,
        REVISIONS.c.stored_at,
        REVISIONS.c.warc,
        REVISIONS.c.offset,
        REVISIONS.c.length,
        REVISIONS.c.head,
        REVISIONS.c.body,
        ARTICLES.c.url_key,
        ARTICLES.c.duplicate_of,
    ).select_from(ARTICLES.join(REVISIONS, condition))


def _current() -> Select[Any]:
    return _joined(CURRENT)


_BY_KEY = _current().where(ARTICLES.c.key == bindparam("of"))


def stored_article(row: Row[Any]) -> StoredArticle:
    """An article from a row of `_joined`."""
    return StoredArticle(
        head=row.head,
        body=row.body,
        revision=row.revision,
        stored_at=row.stored_at,
        record=WarcRecord(file=row.warc, offset=row.offset, length=row.length),
        url_key=row.url_key,
        duplicate_of=row.duplicate_of,
        seq=row.seq,
    )


def _rejected(row: Row[Any]) -> StoredReject:
    return StoredReject(
        reject=Reject(key=row.key, outlet=row.outlet, url=row.url, reason=RejectReason(row.reason), detail=row.detail),
        why=row.why,
        stored_at=row.stored_at,
        record=WarcRecord(file=row.warc, offset=row.offset, length=row.length),
    )
