"""Captured pages that were read, to be read again by other rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, func, or_, select, update

from pipeline.model import Page
from pipeline.store.engine import Database
from pipeline.store.inbox import page_of
from pipeline.store.tables import ARTICLES, INBOX, REJECTS, REVISIONS


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """A page that was read: what stands for its article now (`article` is its key), or was no article (None)."""

    id: int
    page: Page
    article: str | None


@dataclass(frozen=True, slots=True)
class Captures:
    """Pages that the inbox is done with, in the order in which they came. What a later capture replaced is left out."""

    database: Database

    def after(self, number: int, *, limit: int, since: datetime | None = None) -> tuple[Capture, ...]:
        """The captures that came after a number, fetched from `since` on."""
        query = self._done(since).where(INBOX.c.id > number).order_by(INBOX.c.id).limit(limit)
        with self.database.read() as connection:
            return tuple(map(_capture, connection.execute(query).all()))

    def count(self, since: datetime | None = None) -> int:
        """How many there are."""
        with self.database.read() as connection:
            return connection.execute(select(func.count()).select_from(self._done(since).subquery())).scalar_one()

    def again(self, numbers: Sequence[int], origin: str) -> None:
        """Put captures back into the inbox, with the origin that says who is told of what they hold."""
        with self.database.write() as connection:
            for number in numbers:
                connection.execute(
                    update(INBOX)
                    .where(INBOX.c.id == number, INBOX.c.state == "done")
                    .values(state="pending", attempts=0, lease_until=None, reason="", origin=origin)
                )

    def _done(self, since: datetime | None) -> Any:
        stands = and_(ARTICLES.c.key == REVISIONS.c.article, ARTICLES.c.revision == REVISIONS.c.revision)
        current = select(REVISIONS.c.warc, REVISIONS.c.offset, ARTICLES.c.key.label("article")).join(ARTICLES, stands)
        held = current.subquery()
        refused = select(REJECTS.c.warc, REJECTS.c.offset).subquery()
        joined = INBOX.outerjoin(held, and_(held.c.warc == INBOX.c.warc, held.c.offset == INBOX.c.offset)).outerjoin(
            refused, and_(refused.c.warc == INBOX.c.warc, refused.c.offset == INBOX.c.offset)
        )
        query = select(INBOX, held.c.article).select_from(joined)
        query = query.where(INBOX.c.state == "done", or_(held.c.article.is_not(None), refused.c.warc.is_not(None)))
        return query if since is None else query.where(INBOX.c.fetched_at >= since)


def _capture(row: Row[Any]) -> Capture:
    return Capture(id=row.id, article=row.article, page=page_of(row))
