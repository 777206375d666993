"""Full-text search by what each database has: FTS5, or a tsvector. Filled behind the hot transaction."""

from __future__ import annotations

import re
from collections.abc import Iterable

from sqlalchemy import Connection, select, text, update

from pipeline.store.columns import storable
from pipeline.store.engine import Database
from pipeline.store.frontier import batches
from pipeline.store.tables import ARTICLES, REVISIONS

LONGEST_QUERY = 20
"""Words of a query that count."""

FIND = {
    True: "SELECT rowid FROM article_search WHERE article_search MATCH :words ORDER BY rowid DESC LIMIT :number",
    False: "SELECT rowid FROM article_search WHERE words @@ plainto_tsquery('simple', :words)"
    " ORDER BY rowid DESC LIMIT :number",
}
FILL = {
    True: "INSERT INTO article_search (rowid, title, body) VALUES (:id, :title, :body)",
    False: "INSERT INTO article_search (rowid, words)"
    " VALUES (:id, to_tsvector('simple', left(:title || ' ' || :body, 200000)))",
}
CLEAR = text("DELETE FROM article_search WHERE rowid = :id")


def find(database: Database, connection: Connection, words: str, limit: int) -> list[int]:
    """The ids of the newest articles that hold all `words`; nothing in `words` is an operator."""
    terms = re.findall(r"\w+", words)[:LONGEST_QUERY]
    if not terms:
        return []
    query = " ".join(f'"{term}"' for term in terms) if database.is_sqlite else " ".join(terms)
    found = connection.execute(text(FIND[database.is_sqlite]), {"words": query, "number": limit})
    return [int(number) for number in found.scalars()]


def index_pending(database: Database, limit: int) -> int:
    """Index what was stored or revised since the last call, at most `limit` articles; how many there were."""
    waiting = (
        select(ARTICLES.c.id, ARTICLES.c.title, REVISIONS.c.body)
        .join(REVISIONS, (REVISIONS.c.article == ARTICLES.c.key) & (REVISIONS.c.revision == ARTICLES.c.revision))
        .where(text("to_index"))  # spelled as in the partial index, or SQLite does not use it
        .order_by(ARTICLES.c.id)
        .limit(limit)
    )
    with database.read() as connection:
        if connection.execute(waiting.with_only_columns(ARTICLES.c.id).limit(1)).first() is None:
            return 0
    with database.write() as connection:
        rows = connection.execute(waiting.with_for_update(of=ARTICLES, skip_locked=True)).all()
        for row in rows:
            body = storable("\n\n".join(row.body.paragraphs)) if row.body else ""
            connection.execute(CLEAR, {"id": row.id})
            connection.execute(text(FILL[database.is_sqlite]), {"id": row.id, "title": row.title, "body": body})
        for numbers in batches([row.id for row in rows]):
            connection.execute(update(ARTICLES).where(ARTICLES.c.id.in_(numbers)).values(to_index=False))
    return len(rows)


def forget(connection: Connection, numbers: Iterable[int]) -> None:
    """Take articles out of the index, in the caller's transaction."""
    for number in numbers:
        connection.execute(CLEAR, {"id": number})
