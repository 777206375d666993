"""Outlets, their sources, the frontier, the inbox and what the crawl notes."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, Table, UniqueConstraint

from pipeline.model import HostNote, Run, Step
from pipeline.store.columns import ROW_ID, Instant, Structured, Words
from pipeline.store.tables.schema import METADATA, lookup, partial

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
    partial("ix_walks_open", "outlet", where="closed_at IS NULL"),
    partial("ix_walks_untold", "id", where="told_at IS NULL"),
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
    partial("ix_frontier_pending", "outlet", "discovered_at", where="state = 'pending'"),
    partial("ix_frontier_walk", "walk", where="walk IS NOT NULL"),
    lookup("ix_frontier_url", "url"),
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
    partial("ix_inbox_waiting", "id", where="state IN ('pending', 'leased')"),
    lookup("ix_inbox_url", "url"),
    Index("ix_inbox_key", "key"),
    Index("ix_inbox_fetched", "fetched_at"),
)
