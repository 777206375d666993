"""Second looks at stored articles: which are due, what each look found. A page that vanished is noted, not deleted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update

from pipeline.model import Article, Revisit, WarcRecord
from pipeline.store.engine import Database
from pipeline.store.tables import ARTICLES, INBOX, REVISIONS, REVISITS


def watch(database: Database, connection: Connection, article: Article, *, due: datetime) -> None:
    """Look at this article again at `due`; one that is watched already stays as it is."""
    row = {
        "article": article.key,
        "outlet": article.outlet,
        "first_at": article.fetched_at,
        "next_at": due,
        "attempts": 0,
        "last": "",
    }
    database.add(connection, REVISITS, row, "article")


@dataclass(frozen=True, slots=True)
class Revisits:
    """Articles that carry or may carry an agreement, for as long as they are looked at again."""

    database: Database

    def due(self, now: datetime, *, limit: int = 200) -> Sequence[Revisit]:
        """Articles to look at now, longest overdue first."""
        query = (
            select(
                REVISITS.c.article,
                REVISITS.c.outlet,
                REVISITS.c.attempts,
                REVISIONS.c.warc,
                REVISIONS.c.offset,
                REVISIONS.c.length,
                INBOX.c.url,
                INBOX.c.key,
                INBOX.c.discovered_at,
                INBOX.c.baseline,
            )
            .join(ARTICLES, ARTICLES.c.key == REVISITS.c.article)
            .join(
                REVISIONS,
                (REVISIONS.c.article == ARTICLES.c.key) & (REVISIONS.c.revision == ARTICLES.c.revision),
            )
            .join(INBOX, (INBOX.c.warc == REVISIONS.c.warc) & (INBOX.c.offset == REVISIONS.c.offset))
            .where(REVISITS.c.next_at.is_not(None), REVISITS.c.next_at <= now)
            .order_by(REVISITS.c.next_at)
            .limit(limit)
        )
        with self.database.read() as connection:
            rows = connection.execute(query).all()
        return tuple(
            Revisit(
                article=row.article,
                outlet=row.outlet,
                url=row.url,
                key=row.key,
                discovered_at=row.discovered_at,
                baseline=row.baseline,
                attempts=row.attempts,
                record=WarcRecord(file=row.warc, offset=row.offset, length=row.length),
            )
            for row in rows
        )

    def looked(self, article: str, *, at: datetime, found: str, due: datetime | None) -> None:
        """Note what a look found, in words, and when the next one is; None: there is none."""
        with self.database.write() as connection:
            connection.execute(
                update(REVISITS)
                .where(REVISITS.c.article == article)
                .values(attempts=REVISITS.c.attempts + 1, last_at=at, last=found[:300], next_at=due)
            )

    def gone(self, article: str, *, at: datetime, why: str) -> None:
        """The article's page is no longer there; what was stored of it stays. The first such note counts."""
        with self.database.write() as connection:
            connection.execute(
                update(ARTICLES)
                .where(ARTICLES.c.key == article, ARTICLES.c.gone_at.is_(None))
                .values(gone_at=at, gone_why=why[:300])
            )

    def back(self, article: str) -> None:
        """The article's page answers again."""
        with self.database.write() as connection:
            connection.execute(
                update(ARTICLES)
                .where(ARTICLES.c.key == article, ARTICLES.c.gone_at.is_not(None))
                .values(gone_at=None, gone_why="")
            )

    def first_at(self, article: str) -> datetime | None:
        """When the article was first read; None for one that is not looked at again."""
        query = select(REVISITS.c.first_at).where(REVISITS.c.article == article)
        with self.database.read() as connection:
            return connection.execute(query).scalar()

    def state(self, article: str) -> tuple[str, datetime | None, str]:
        """For `why`: what the last look found, since when the page is gone, and why."""
        query = (
            select(REVISITS.c.last, ARTICLES.c.gone_at, ARTICLES.c.gone_why)
            .select_from(ARTICLES.outerjoin(REVISITS, REVISITS.c.article == ARTICLES.c.key))
            .where(ARTICLES.c.key == article)
        )
        with self.database.read() as connection:
            row = connection.execute(query).first()
        return ("", None, "") if row is None else (row.last or "", row.gone_at, row.gone_why)
