"""Articles, their revisions and rejects, learned furniture, and the index of texts."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, LargeBinary, Table, UniqueConstraint

from pipeline.store.columns import ROW_ID, Day, Instant, Structured, Words
from pipeline.store.tables.schema import METADATA, lookup, partial
from pipeline.store.values import Body, Head

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
    lookup("ix_articles_url", "url"),
    lookup("ix_articles_canonical", "canonical_url"),
    Index("ix_articles_url_key", "url_key"),
    Index("ix_articles_stored", "stored_at"),
    Index("ix_articles_outlet", "outlet", "stored_at"),
    partial("ix_articles_to_index", "id", where="to_index"),
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
    partial("ix_revisions_texts", "stored_at", where="body IS NOT NULL"),
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
    partial("ix_revisits_due", "next_at", where="next_at IS NOT NULL"),
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
    partial("ix_furniture_cut", "outlet", where="state IN ('learned', 'pinned')"),
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
    lookup("ix_rejects_url", "url"),
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
