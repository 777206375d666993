"""Forgetting one URL: everything that came from it, but that it was counted and must not be fetched again."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, delete, or_, select, update

from pipeline.model import Agreement, Alert, WarcRecord
from pipeline.store import search
from pipeline.store.commit import agreement_row, note_change
from pipeline.store.engine import Database
from pipeline.store.exports import mark_rebuild
from pipeline.store.fingerprints import forget
from pipeline.store.tables import (
    AGREEMENTS,
    ARTICLES,
    CHANGES,
    FINGERPRINTS,
    FRONTIER,
    INBOX,
    NOTICES,
    OUTBOX,
    REJECTS,
    REPORTS,
    REVISIONS,
)
from pipeline.store.values import AgreementChange, Purged

AGREEMENTS_FILE = "agreements.jsonl"


def articles_file(day: object) -> str:
    """The name of the daily article file, below the data directory."""
    return f"articles/{day}.jsonl"


def purge(database: Database, connection: Connection, url: str, now: datetime, url_key: str | None) -> Purged:
    """Remove articles, rejects, texts, fingerprints, reports and captures of a URL, and what alerts say of it.

    An agreement that only this URL reported goes with it; others lose the report. The link itself stays known, without
    its address, so that the next poll does not bring it back. Files written from the store are
    marked to be written anew.
    """
    captures = connection.execute(
        select(
            INBOX.c.id, INBOX.c.key, INBOX.c.url, INBOX.c.final_url, INBOX.c.warc, INBOX.c.offset, INBOX.c.length
        ).where(or_(INBOX.c.url == url, INBOX.c.final_url == url, INBOX.c.key == (url_key or "-")))
    ).all()
    urls = {url} | {row.url for row in captures} | {row.final_url for row in captures}
    link_keys = {row.key for row in captures} | ({url_key} if url_key else set())
    found = connection.execute(
        select(ARTICLES.c.id, ARTICLES.c.key, ARTICLES.c.url, ARTICLES.c.canonical_url).where(
            or_(ARTICLES.c.url.in_(urls), ARTICLES.c.canonical_url.in_(urls), ARTICLES.c.url_key == (url_key or "-"))
        )
    ).all()
    keys = [row.key for row in found]
    urls |= {row.url for row in found} | {row.canonical_url for row in found}
    revisions = connection.execute(
        select(REVISIONS.c.day, REVISIONS.c.warc, REVISIONS.c.offset, REVISIONS.c.length).where(
            REVISIONS.c.article.in_(keys)
        )
    ).all()
    rejected = or_(REJECTS.c.url.in_(urls), REJECTS.c.url_key == (url_key or "-"))
    rejects = connection.execute(
        select(REJECTS.c.id, REJECTS.c.warc, REJECTS.c.offset, REJECTS.c.length).where(rejected)
    ).all()
    records = {(row.warc, row.offset, row.length) for row in (*captures, *revisions, *rejects)}

    agreements = _forget_reports(database, connection, keys, now)
    _forget_prints(connection, keys)
    search.forget(connection, [row.id for row in found])
    connection.execute(delete(REVISIONS).where(REVISIONS.c.article.in_(keys)))
    connection.execute(delete(ARTICLES).where(ARTICLES.c.key.in_(keys)))
    connection.execute(delete(REJECTS).where(REJECTS.c.id.in_([row.id for row in rejects])))
    connection.execute(delete(INBOX).where(INBOX.c.id.in_([row.id for row in captures])))
    connection.execute(
        update(FRONTIER)
        .where(or_(FRONTIER.c.url.in_(urls), FRONTIER.c.key.in_(link_keys)))
        .values(state="purged", url="", title="", published="", summary="", body="", reason="")
    )
    _scrub_alerts(connection, urls)
    mark_rebuild(connection, {articles_file(row.day) for row in revisions} | {AGREEMENTS_FILE})
    return Purged(
        articles=len(keys),
        rejects=len(rejects),
        agreements=agreements,
        records=tuple(WarcRecord(file=file, offset=offset, length=length) for file, offset, length in sorted(records)),
    )


def _forget_reports(database: Database, connection: Connection, articles: Collection[str], now: datetime) -> int:
    """Take the articles' reports out of their agreements; how many agreements were left with none and went."""
    rows = connection.execute(select(REPORTS.c.key, REPORTS.c.agreement).where(REPORTS.c.article.in_(articles))).all()
    gone = {row.key for row in rows}
    removed = 0
    for key in sorted({row.agreement for row in rows if row.agreement is not None}):
        mine = AGREEMENTS.c.key == key
        before: Agreement | None = connection.execute(
            select(AGREEMENTS.c.record).where(mine).with_for_update()
        ).scalar()
        if before is None:
            continue
        left = tuple(report for report in before.reports if report not in gone)
        if left:
            after = replace(before, reports=left, sources=min(before.sources, len(left)))
            connection.execute(update(AGREEMENTS).where(mine).values(agreement_row(after)))
            change = AgreementChange(agreement=after, before=before, kind="purged", why=("a report was purged",))
            note_change(database, connection, change, now)
        else:
            connection.execute(delete(CHANGES).where(CHANGES.c.agreement == key))
            connection.execute(delete(AGREEMENTS).where(mine))
            removed += 1
    connection.execute(delete(NOTICES).where(NOTICES.c.report.in_(gone)))
    connection.execute(delete(REPORTS).where(REPORTS.c.key.in_(gone)))
    return removed


def _forget_prints(connection: Connection, keys: Collection[str]) -> None:
    numbers = select(FINGERPRINTS.c.id).where(FINGERPRINTS.c.key.in_(keys), FINGERPRINTS.c.origin == "article")
    forget(connection, list(connection.execute(numbers).scalars()))


def _scrub_alerts(connection: Connection, urls: Collection[str]) -> None:
    """Alerts lose what cites these URLs; one that is not sent yet and has nothing left is not sent."""
    for row in connection.execute(select(OUTBOX.c.id, OUTBOX.c.state, OUTBOX.c.alert)).all():
        alert: Alert = row.alert
        items = tuple(
            replace(item, citations=tuple(one for one in item.citations if one.url not in urls))
            for item in alert.items
            if item.quote_source.url not in urls
        )
        if items == alert.items:
            continue
        if items or row.state in ("sent", "dead"):
            connection.execute(update(OUTBOX).where(OUTBOX.c.id == row.id).values(alert=replace(alert, items=items)))
        else:
            connection.execute(
                update(OUTBOX).where(OUTBOX.c.id == row.id).values(state="dead", alert=replace(alert, items=()))
            )
