"""Every table. One MetaData, the same on SQLite and PostgreSQL; `migrations/` builds it, a test holds the two together.

Enumerations are text. What is looked up stands in columns; what is only read back stands as JSON beside them. The
full-text index (`search.py`) is the one thing that differs by database and is made by the migration alone.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    UniqueConstraint,
    text,
)

from pipeline.model import Agreement, Alert, Decision, HostNote, Notice, Report, Run, Step
from pipeline.store.columns import ROW_ID, Day, Instant, Structured, Words
from pipeline.store.values import Body, Head

METADATA = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
    }
)


def _partial(name: str, *columns: str, where: str) -> Index:
    """An index over only the rows that wait for something, so that it stays small."""
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))


def _lookup(name: str, column: str) -> Index:
    """An index for equality on text of any length: PostgreSQL's B-tree refuses values over 2,704 bytes."""
    return Index(name, column, postgresql_using="hash")


META = Table("meta", METADATA, Column("name", Words, primary_key=True), Column("value", Words, nullable=False))

COUNTERS = Table(
    "counters",
    METADATA,
    Column("name", Words, primary_key=True),
    Column("value", BigInteger, nullable=False),
    comment="Numbers that grow in commit order: the row stays locked until the transaction ends.",
)

TALLIES = Table(
    "tallies",
    METADATA,
    Column("day", Day, primary_key=True),
    Column("outlet", Words, primary_key=True),
    Column("what", Words, primary_key=True),
    Column("reason", Words, primary_key=True),
    Column("number", BigInteger, nullable=False),
    comment="Counted outcomes per UTC day; they outlive what they count.",
)

RULES = Table(
    "rules",
    METADATA,
    Column("digest", Words, primary_key=True),
    Column("first_used", Instant, nullable=False),
    Column("snapshot", Words, nullable=False),
)

# --------------------------------------------------------------------------------------------------------------- crawl

OUTLETS = Table(
    "outlets",
    METADATA,
    Column("slug", Words, primary_key=True),
    Column("enabled", Boolean, nullable=False),
    Column("next_check_at", Instant, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("last_poll", Instant),
    Column("last_ok", Instant),
    Column("last_error", Words, nullable=False),
    Column("first_polled_at", Instant),
    Column("last_new_at", Instant),
)

SOURCES = Table(
    "sources",
    METADATA,
    Column("url", Words, primary_key=True),
    Column("etag", Words),
    Column("last_modified", Words),
    Column("fresh_until", Instant),
    Column("listed", Structured(tuple[str, ...])),
)

TRAITS = Table(
    "traits",
    METADATA,
    Column("outlet", Words, primary_key=True),
    Column("name", Words, primary_key=True),
    Column("value", Words, nullable=False),
    comment="What was learned or noted of an outlet, as JSON: `rhythm`, `hindrance` and what other rooms keep.",
)

HOSTS = Table(
    "hosts",
    METADATA,
    Column("netloc", Words, primary_key=True),
    Column("record", Structured(HostNote), nullable=False),
)

WALKS = Table(
    "walks",
    METADATA,
    Column("id", ROW_ID, primary_key=True),
    Column("kind", Words, nullable=False),  # gap | backfill
    Column("outlet", Words, nullable=False),
    Column("since", Instant, nullable=False),
    Column("until", Instant, nullable=False),
    Column("reason", Words, nullable=False),
    Column("alert", Boolean, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("closed_at", Instant),
    Column("told_at", Instant),
    Column("lost", Words, nullable=False),
    Column("lists", Integer, nullable=False),
    Column("found", Integer, nullable=False),
    _partial("ix_walks_open", "outlet", where="closed_at IS NULL"),
    _partial("ix_walks_untold", "id", where="told_at IS NULL"),
)

STEPS = Table(
    "steps",
    METADATA,
    Column("walk", ROW_ID, ForeignKey("walks.id", ondelete="CASCADE"), primary_key=True),
    Column("url", Words, primary_key=True),
    Column("record", Structured(Step), nullable=False),
    comment="List pages of a walk that were read: after a kill it goes on behind them.",
)

FRONTIER = Table(
    "frontier",
    METADATA,
    Column("key", Words, primary_key=True),
    Column("outlet", Words, nullable=False),
    Column("url", Words, nullable=False),
    Column("seen_in", Words, nullable=False),
    Column("title", Words, nullable=False),
    Column("published", Words, nullable=False),
    Column("summary", Words, nullable=False),
    Column("body", Words, nullable=False),
    Column("discovered_at", Instant, nullable=False),
    Column("baseline", Boolean, nullable=False),
    Column("state", Words, nullable=False),  # pending | fetched | failed | purged
    Column("attempts", Integer, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("reason", Words, nullable=False),
    Column("walk", ROW_ID),  # the walk that found it
    _partial("ix_frontier_pending", "outlet", "discovered_at", where="state = 'pending'"),
    _partial("ix_frontier_walk", "walk", where="walk IS NOT NULL"),
    _lookup("ix_frontier_url", "url"),
    Index("ix_frontier_discovered", "discovered_at"),
)

RUNS = Table(
    "runs",
    METADATA,
    Column("id", ROW_ID, primary_key=True),
    Column("outlet", Words, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("ok", Boolean, nullable=False),
    Column("record", Structured(Run), nullable=False),
    UniqueConstraint("outlet", "started_at"),
    Index("ix_runs_started", "started_at"),
)

ARCHIVES = Table(
    "archives",
    METADATA,
    Column("file", Words, primary_key=True),
    Column("first_at", Instant, nullable=False),
    Column("last_at", Instant, nullable=False),
    Column("pages", Integer, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    comment="WARC files, until retention has deleted them.",
)

INBOX = Table(
    "inbox",
    METADATA,
    Column("id", ROW_ID, primary_key=True),
    Column("warc", Words, nullable=False),
    Column("offset", BigInteger, nullable=False),
    Column("length", BigInteger, nullable=False),
    Column("outlet", Words, nullable=False),
    Column("url", Words, nullable=False),
    Column("final_url", Words, nullable=False),
    Column("key", Words, nullable=False),
    Column("status", Integer, nullable=False),
    Column("content_type", Words, nullable=False),
    Column("fetched_at", Instant, nullable=False),
    Column("discovered_at", Instant, nullable=False),
    Column("title_hint", Words, nullable=False),
    Column("published_hint", Words, nullable=False),
    Column("baseline", Boolean, nullable=False),
    Column("state", Words, nullable=False),  # pending | leased | done | poison
    Column("attempts", Integer, nullable=False),
    Column("lease_until", Instant),
    Column("reason", Words, nullable=False),
    Column("origin", Words, nullable=False, server_default=""),
    UniqueConstraint("warc", "offset"),
    _partial("ix_inbox_waiting", "id", where="state IN ('pending', 'leased')"),
    _lookup("ix_inbox_url", "url"),
    Index("ix_inbox_key", "key"),
    Index("ix_inbox_fetched", "fetched_at"),
)

# ------------------------------------------------------------------------------------------------------------ articles

ARTICLES = Table(
    "articles",
    METADATA,
    Column("id", ROW_ID, primary_key=True),
    Column("key", Words, nullable=False, unique=True),
    Column("outlet", Words, nullable=False),
    Column("url", Words, nullable=False),
    Column("canonical_url", Words, nullable=False),
    Column("url_key", Words, nullable=False),
    Column("title", Words, nullable=False),
    Column("language", Words, nullable=False),
    Column("published", Instant),
    Column("discovered_at", Instant, nullable=False),
    Column("stored_at", Instant, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("label", Words, nullable=False),
    Column("verdict", Words, nullable=False),
    Column("duplicate_of", Words),
    Column("to_index", Boolean, nullable=False),
    Column("gone_at", Instant),  # since when its page is no longer there; never deleted here for that
    Column("gone_why", Words, nullable=False, server_default=""),
    _lookup("ix_articles_url", "url"),
    _lookup("ix_articles_canonical", "canonical_url"),
    Index("ix_articles_url_key", "url_key"),
    Index("ix_articles_stored", "stored_at"),
    Index("ix_articles_outlet", "outlet", "stored_at"),
    _partial("ix_articles_to_index", "id", where="to_index"),
)

REVISIONS = Table(
    "revisions",
    METADATA,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),  # from `counters`, in commit order
    Column("article", Words, ForeignKey("articles.key", ondelete="CASCADE"), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("stored_at", Instant, nullable=False),
    Column("day", Day, nullable=False),  # in WIB: the name of its JSONL file
    Column("warc", Words, nullable=False),
    Column("offset", BigInteger, nullable=False),
    Column("length", BigInteger, nullable=False),
    Column("head", Structured(Head), nullable=False),
    Column("body", Structured(Body)),  # NULL once retention has cleared it
    UniqueConstraint("article", "revision"),
    Index("ix_revisions_warc", "warc"),
    Index("ix_revisions_day", "day", "seq"),
    _partial("ix_revisions_texts", "stored_at", where="body IS NOT NULL"),
)

REVISITS = Table(
    "revisits",
    METADATA,
    Column("article", Words, ForeignKey("articles.key", ondelete="CASCADE"), primary_key=True),
    Column("outlet", Words, nullable=False),
    Column("first_at", Instant, nullable=False),
    Column("next_at", Instant),  # NULL: no longer
    Column("attempts", Integer, nullable=False),
    Column("last_at", Instant),
    Column("last", Words, nullable=False),  # what the last look found, in words
    _partial("ix_revisits_due", "next_at", where="next_at IS NOT NULL"),
)

FURNITURE = Table(
    "furniture",
    METADATA,
    Column("outlet", Words, primary_key=True),
    Column("hash", Words, primary_key=True),
    Column("text", Words, nullable=False),
    Column("articles", Integer, nullable=False),
    Column("base", Integer, nullable=False),
    Column("days", Words, nullable=False),
    Column("topics", Words, nullable=False),
    Column("first_seen", Instant, nullable=False),
    Column("last_seen", Instant, nullable=False),
    Column("state", Words, nullable=False),  # counted | learned | pinned | refused
    _partial("ix_furniture_cut", "outlet", where="state IN ('learned', 'pinned')"),
    comment="Lines that recur on an outlet's pages; the row without hash counts the outlet's articles.",
)

REJECTS = Table(
    "rejects",
    METADATA,
    Column("id", ROW_ID, primary_key=True),
    Column("key", Words, nullable=False),
    Column("outlet", Words, nullable=False),
    Column("url", Words, nullable=False),
    Column("url_key", Words, nullable=False),
    Column("reason", Words, nullable=False),
    Column("detail", Words, nullable=False),
    Column("why", Structured(tuple[str, ...]), nullable=False),
    Column("stored_at", Instant, nullable=False),
    Column("warc", Words, nullable=False),
    Column("offset", BigInteger, nullable=False),
    Column("length", BigInteger, nullable=False),
    UniqueConstraint("warc", "offset"),
    _lookup("ix_rejects_url", "url"),
    Index("ix_rejects_url_key", "url_key"),
    Index("ix_rejects_stored", "stored_at"),
)

FINGERPRINTS = Table(
    "fingerprints",
    METADATA,
    Column("id", ROW_ID, primary_key=True),
    Column("key", Words, nullable=False),
    Column("version", Integer, nullable=False),
    Column("origin", Words, nullable=False),  # article | seed
    Column("text_hash", Words, nullable=False),
    Column("signature", LargeBinary, nullable=False),
    Column("band_hashes", LargeBinary, nullable=False),  # little-endian signed 32-bit: its rows of `bands`
    Column("words", Integer, nullable=False),
    Column("stored_at", Instant, nullable=False),
    UniqueConstraint("key", "version"),
    Index("ix_fingerprints_text", "text_hash", "version"),
    Index("ix_fingerprints_stored", "stored_at"),
)

BANDS = Table(
    "bands",
    METADATA,
    Column("band", Integer, primary_key=True, autoincrement=False),
    Column("fingerprint", Integer, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
    comment="Some twenty short rows a text and no second index: whoever deletes a fingerprint deletes its rows.",
)

# ---------------------------------------------------------------------------------------------------------- agreements

AGREEMENTS = Table(
    "agreements",
    METADATA,
    Column("key", Words, primary_key=True),
    Column("partner", Words, nullable=False),
    Column("level", Words, nullable=False),
    Column("stage", Words, nullable=False),
    Column("confidence", Float, nullable=False),
    Column("since", Instant, nullable=False),  # the window in which reports of it lie; see `agreements.near`
    Column("until", Instant, nullable=False),
    Column("first_discovered", Instant, nullable=False),
    Column("told", Boolean, nullable=False),
    Column("record", Structured(Agreement), nullable=False),
    Column("standing", Words, nullable=False, server_default="stands"),  # stands | rejected | joined
    Index("ix_agreements_partner", "partner", "until"),
    Index("ix_agreements_discovered", "first_discovered"),
)

REPORTS = Table(
    "reports",
    METADATA,
    Column("key", Words, primary_key=True),
    Column("article", Words, ForeignKey("articles.key", ondelete="CASCADE"), nullable=False),
    Column("agreement", Words),
    Column("partner", Words, nullable=False),
    Column("stored_at", Instant, nullable=False),
    Column("record", Structured(Report), nullable=False),
    Index("ix_reports_article", "article"),
    Index("ix_reports_agreement", "agreement"),
)

CHANGES = Table(
    "changes",
    METADATA,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),  # from `counters`, in commit order
    Column("agreement", Words, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    Column("kind", Words, nullable=False),
    Column("why", Structured(tuple[str, ...]), nullable=False),
    Column("record", Structured(Agreement), nullable=False),
    Index("ix_changes_agreement", "agreement", "seq"),
)

DECISIONS = Table(
    "decisions",
    METADATA,
    Column("id", ROW_ID, primary_key=True),
    Column("partner", Words, nullable=False),
    Column("further", Words),
    Column("at", Instant, nullable=False),
    Column("undone_at", Instant),
    Column("record", Structured(Decision), nullable=False),
    _partial("ix_decisions_standing", "partner", where="undone_at IS NULL"),
    comment="What people decided of agreements; it binds what is read later.",
)

# -------------------------------------------------------------------------------------------------------------- alerts

OUTBOX = Table(
    "outbox",
    METADATA,
    Column("id", ROW_ID, primary_key=True),
    Column("alert_key", Words, nullable=False, unique=True),
    Column("kind", Words, nullable=False),
    Column("channel", Words, nullable=False),
    Column("recipient", Words, nullable=False),
    Column("state", Words, nullable=False),  # pending | leased | sending | sent | dead | folded | silenced
    Column("created_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("next_at", Instant, nullable=False),
    Column("lease", Words),
    Column("lease_until", Instant),
    Column("attempts", Integer, nullable=False),
    Column("possible_repeat", Boolean, nullable=False),
    Column("sent_at", Instant),
    Column("alert", Structured(Alert), nullable=False),
    Column("thread", Words, nullable=False, server_default=""),  # key of the alert below whose message it goes
    Column("receipt", Words, nullable=False, server_default=""),  # what the channel answered when it took it
    Column("revived_at", Instant),  # when a person had it tried again
    _partial("ix_outbox_waiting", "next_at", where="state IN ('pending', 'leased', 'sending')"),
    Index("ix_outbox_created", "created_at"),
    Index("ix_outbox_sent", "channel", "sent_at"),
)

MENTIONS = Table(
    "mentions",
    METADATA,
    Column("delivery", ROW_ID, ForeignKey("outbox.id", ondelete="CASCADE"), primary_key=True),
    Column("agreement", Words, primary_key=True),
    Column("partner", Words, nullable=False),
    Index("ix_mentions_agreement", "agreement"),
    comment="Which agreements each alert tells of.",
)

TOLD = Table(
    "told",
    METADATA,
    Column("channel", Words, primary_key=True),
    Column("agreement", Words, primary_key=True),
    Column("at", Instant, nullable=False),
    Index("ix_told_agreement", "agreement"),
    comment="Which channel was told of which agreement; one without rows was told to all that there were.",
)

ATTEMPTS = Table(
    "attempts",
    METADATA,
    Column("id", ROW_ID, primary_key=True),
    Column("delivery", ROW_ID, ForeignKey("outbox.id", ondelete="CASCADE"), nullable=False),
    Column("at", Instant, nullable=False),
    Column("outcome", Words, nullable=False),  # sent | retry | permanent | unknown
    Column("detail", Words, nullable=False),
    Index("ix_attempts_delivery", "delivery"),
)

NOTICES = Table(
    "notices",
    METADATA,
    Column("id", ROW_ID, primary_key=True),
    Column("key", Words, nullable=False, unique=True),
    Column("agreement", Words, nullable=False),
    Column("report", Words, nullable=False),
    Column("urgency", Words, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("planned_at", Instant),
    Column("record", Structured(Notice), nullable=False),
    _partial("ix_notices_waiting", "urgency", "id", where="planned_at IS NULL"),
    Index("ix_notices_agreement", "agreement"),
)

DIGESTED = Table(
    "digested",
    METADATA,
    Column("notice", ROW_ID, ForeignKey("notices.id", ondelete="CASCADE"), primary_key=True),
    Column("recipient", Words, primary_key=True),
    comment="Notices that some recipients of a channel have and others wait for.",
)

SILENCES = Table(
    "silences",
    METADATA,
    Column("id", ROW_ID, primary_key=True),
    Column("matcher", Words, nullable=False),
    Column("author", Words, nullable=False),
    Column("reason", Words, nullable=False),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("ended_by", Words, nullable=False),  # who ended it before its time, "" where nobody did
)

# --------------------------------------------------------------------------------------------------------------- files

EXPORTS = Table(
    "exports",
    METADATA,
    Column("name", Words, primary_key=True),
    Column("seq", BigInteger, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("rebuild", Boolean, nullable=False),
    comment="How far each JSON Lines file is written: up to which seq, and how many bytes that is.",
)

SIZES = Table(
    "sizes",
    METADATA,
    Column("day", Day, primary_key=True),
    Column("database_bytes", BigInteger, nullable=False),
    Column("archive_bytes", BigInteger, nullable=False),
)
