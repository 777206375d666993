"""The one transaction that stores what a page led to.

Article or reject, fingerprint, reports, agreements, outbox rows, digest notices, and the inbox row done: all of it or
nothing, and a second time it changes nothing.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from pipeline.errors import StoreBusy, StoreError
from pipeline.model import (
    ITEM_TYPE,
    REREAD,
    RETOLD,
    Agreement,
    Article,
    NearTo,
    New,
    Reject,
    RejectReason,
    Revises,
    SameAs,
    Verdict,
)
from pipeline.store import codec, fingerprints, furniture, revisits
from pipeline.store.candidates import counted
from pipeline.store.columns import storable
from pipeline.store.counting import next_number, tally
from pipeline.store.engine import Database
from pipeline.store.frontier import batches
from pipeline.store.inbox import capture
from pipeline.store.joining import join
from pipeline.store.notices import tell, wait
from pipeline.store.outbox import enqueue
from pipeline.store.tables import AGREEMENTS, ARTICLES, CHANGES, FRONTIER, INBOX, REJECTS, REPORTS, REVISIONS
from pipeline.store.values import AgreementChange, Body, Committed, Decided, Head, Outcome

WIB = timezone(timedelta(hours=7), "WIB")
"""Western Indonesian Time, UTC+7 all year: the day by which daily files are named."""

VERDICTS = {New: "new", SameAs: "same", NearTo: "near", Revises: "revision"}


PASSING = (RejectReason.CHALLENGE, RejectReason.EMPTY, RejectReason.STATUS, RejectReason.NOT_HTML)
"""Why a page is no article that may pass: its link is asked for again."""

ASK_AGAIN = (timedelta(minutes=15), timedelta(hours=2), timedelta(hours=12))
"""After how long, one try after the other; then it is left alone."""


class StaleDecision(StoreBusy):
    """The agreement changed while the page was being decided: decide again from what is stored now."""


def commit(database: Database, outcome: Outcome) -> Committed:
    """Store `outcome`. Raises StaleDecision, StoreBusy, StoreFull or StoreError; then nothing was stored."""
    with database.write() as connection:
        if not _take(connection, outcome):
            return Committed(stored=False, revision=0, alerts=0, notices=0)
        if isinstance(outcome.result, Reject):
            _put_reject(database, connection, outcome, outcome.result)
            return Committed(stored=True, revision=0, alerts=0, notices=0)
        revision = _put_article(database, connection, outcome, outcome.result)
        if outcome.fingerprint is not None:
            fingerprints.put(connection, outcome.fingerprint, origin=fingerprints.ARTICLE, now=outcome.stored_at)
        if outcome.look_again is not None:
            revisits.watch(database, connection, outcome.result, due=outcome.look_again)
        furniture.put(database, connection, outcome.furniture)
        _put_reports(database, connection, outcome)
        if any(counted(connection, among) != among.count for among in outcome.candidates):
            raise StaleDecision("an agreement with the same partner came meanwhile; decide again")
        join(database, connection, outcome.agreements, outcome.stored_at)
        for change in outcome.agreements:
            put_agreement(database, connection, change, outcome.stored_at)
        alerts = sum(enqueue(database, connection, alert) for alert in outcome.alerts)
        notices = sum(wait(database, connection, notice, outcome.stored_at) for notice in outcome.notices)
        for channel, agreement in outcome.told:
            tell(database, connection, channel, agreement, outcome.stored_at)
        verdict = VERDICTS[type(outcome.verdict)]
        if outcome.page.origin not in (REREAD, RETOLD):
            tally(database, connection, outcome.stored_at, outlet=outcome.result.outlet, what="article", reason=verdict)
    return Committed(stored=True, revision=revision, alerts=alerts, notices=notices)


def _take(connection: Connection, outcome: Outcome) -> bool:
    """Close the inbox row; False where it was closed before."""
    record = outcome.page.record
    taken = connection.execute(_TAKEN, {"in_file": record.file, "at": record.offset}).rowcount
    if not taken and connection.execute(select(INBOX.c.id).where(capture(record))).first() is None:
        raise StoreError(f"{outcome.page.url} never landed in the inbox; land a page before committing its outcome")
    return bool(taken)


def _put_reject(database: Database, connection: Connection, outcome: Outcome, reject: Reject) -> None:
    record = outcome.page.record
    connection.execute(
        insert(REJECTS).values(
            key=reject.key,
            outlet=reject.outlet,
            url=reject.url,
            url_key=outcome.url_key,
            reason=reject.reason,
            detail=reject.detail,
            why=outcome.why,
            stored_at=outcome.stored_at,
            warc=record.file,
            offset=record.offset,
            length=record.length,
        )
    )
    tally(database, connection, outcome.stored_at, outlet=reject.outlet, what="reject", reason=reject.reason)
    if reject.reason in PASSING and outcome.page.content_type != ITEM_TYPE:
        _ask_again(connection, outcome)


def _ask_again(connection: Connection, outcome: Outcome) -> None:
    """Put the link of a page that may read well later back into the frontier, a few times: the bot check of an hour,
    the captive portal of a hotel and the half-deployed site answer 200 too."""
    mine = FRONTIER.c.key == outcome.page.key
    row = connection.execute(select(FRONTIER.c.state, FRONTIER.c.attempts).where(mine)).first()
    if row is None or row.state != "fetched" or row.attempts >= len(ASK_AGAIN):
        return
    connection.execute(
        update(FRONTIER)
        .where(mine)
        .values(
            state="pending",
            attempts=row.attempts + 1,
            due_at=outcome.stored_at + ASK_AGAIN[row.attempts],
            reason=f"was no article: {outcome.result.reason}" if isinstance(outcome.result, Reject) else "",
        )
    )


def _put_article(database: Database, connection: Connection, outcome: Outcome, article: Article) -> int:
    """Store the article or its next revision; the revision's number. The same text again is no revision."""
    mine = {"of": article.key}
    unchanged = isinstance(outcome.verdict, SameAs) and outcome.verdict.key == article.key
    if unchanged and (before := connection.execute(_REVISION, mine).scalar()) is not None:
        return int(before)
    seq = next_number(database, connection, "revisions")  # first: from here on committers go one after the other
    before = connection.execute(_REVISION, mine).scalar()
    revision = (before or 0) + 1
    row = {
        "outlet": article.outlet,
        "url": article.url,
        "canonical_url": article.canonical_url,
        "url_key": outcome.url_key,
        "title": article.title,
        "language": article.language,
        "published": article.published.instant if article.published else None,
        "discovered_at": article.discovered_at,
        "stored_at": outcome.stored_at,
        "revision": revision,
        "label": outcome.label,
        "verdict": VERDICTS[type(outcome.verdict)],
        "duplicate_of": original(outcome.verdict),
        "to_index": True,
    }
    if before is None:
        connection.execute(_NEW_ARTICLE, {"key": article.key, **row})
    else:
        connection.execute(update(ARTICLES).where(ARTICLES.c.key == article.key).values(row))
    record = outcome.page.record
    text = {
        "seq": seq,
        "article": article.key,
        "revision": revision,
        "stored_at": outcome.stored_at,
        "day": outcome.stored_at.astimezone(WIB).date(),
        "warc": record.file,
        "offset": record.offset,
        "length": record.length,
        "head": _head(article, outcome),
        "body": Body(paragraphs=article.paragraphs, headings=article.headings, removed=article.removed),
    }
    connection.execute(_NEW_REVISION, text)
    return revision


# building a statement costs more than running it
_REVISION = select(ARTICLES.c.revision).where(ARTICLES.c.key == bindparam("of")).with_for_update()
_NEW_ARTICLE, _NEW_REVISION = insert(ARTICLES), insert(REVISIONS)
_TAKEN = (
    update(INBOX)
    .where(INBOX.c.warc == bindparam("in_file"), INBOX.c.offset == bindparam("at"), INBOX.c.state != "done")
    .values(state="done", lease_until=None, reason="")
)


def original(verdict: Verdict) -> str | None:
    """The key of the text this one repeats."""
    return verdict.key if isinstance(verdict, (SameAs, NearTo)) else None


def _head(article: Article, outcome: Outcome) -> Head:
    return Head(
        key=article.key,
        outlet=article.outlet,
        url=article.url,
        canonical_url=article.canonical_url,
        title=article.title,
        credits=article.credits,
        dateline=article.dateline,
        authors=article.authors,
        published=article.published,
        published_raw=article.published_raw,
        section=article.section,
        language=article.language,
        steps=article.steps,
        fetched_at=article.fetched_at,
        discovered_at=article.discovered_at,
        summary_only=article.summary_only,
        baseline=article.baseline,
        decided=Decided(verdict=outcome.verdict, label=outcome.label, why=outcome.why, rules=outcome.rules),
    )


def _put_reports(database: Database, connection: Connection, outcome: Outcome) -> None:
    if outcome.page.origin in (REREAD, RETOLD) and isinstance(outcome.result, Article):
        kept = [report.key for report in outcome.reports]
        connection.execute(delete(REPORTS).where(REPORTS.c.article == outcome.result.key, REPORTS.c.key.not_in(kept)))
    for report in outcome.reports:
        row = {"partner": report.partner, "stored_at": outcome.stored_at, "record": report}
        connection.execute(
            database.insert(REPORTS)
            .values(key=report.key, article=report.article, **row)
            .on_conflict_do_update(index_elements=["key"], set_=row)
        )


def put_agreement(database: Database, connection: Connection, change: AgreementChange, now: datetime) -> None:
    """Store an agreement as it now stands. Raises StaleDecision where it is not what `change` was made from."""
    agreement = change.agreement
    mine = AGREEMENTS.c.key == agreement.key
    stored = connection.execute(select(AGREEMENTS.c.record).where(mine).with_for_update()).scalar()
    if _text(stored) != _text(change.before):
        raise StaleDecision(f"agreement {agreement.key} changed meanwhile; decide again")
    if stored == agreement:
        return
    row = agreement_row(agreement)
    if stored is None:
        connection.execute(insert(AGREEMENTS).values(key=agreement.key, **row))
    else:
        connection.execute(update(AGREEMENTS).where(mine).values(row))
    for keys in batches(agreement.reports):
        connection.execute(update(REPORTS).where(REPORTS.c.key.in_(keys)).values(agreement=agreement.key))
    note_change(database, connection, change, now)


def note_change(database: Database, connection: Connection, change: AgreementChange, now: datetime) -> None:
    """Add a line to the history of agreements."""
    connection.execute(
        insert(CHANGES).values(
            seq=next_number(database, connection, "changes"),
            agreement=change.agreement.key,
            revision=change.agreement.revision,
            at=now,
            kind=change.kind,
            why=change.why,
            record=change.agreement,
        )
    )


def agreement_row(agreement: Agreement) -> dict[str, object]:
    """The columns of an agreement. Its reports lie between `since` and `until`; the act itself may be earlier."""
    times = [agreement.first_discovered, agreement.last_reported]
    if agreement.first_published is not None:
        times.append(agreement.first_published)
    if agreement.signed_on is not None:
        times.append(_midnight(agreement.signed_on))
    return {
        "partner": agreement.partner,
        "level": agreement.level,
        "stage": agreement.stage,
        "confidence": agreement.confidence,
        "since": min(times),
        "until": max(times),
        "first_discovered": agreement.first_discovered,
        "told": agreement.told,
        "standing": agreement.standing,
        "record": agreement,
    }


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _text(agreement: Agreement | None) -> str | None:
    """What of an agreement the database keeps, for comparison."""
    return None if agreement is None else storable(codec.dumps(Agreement, agreement))
