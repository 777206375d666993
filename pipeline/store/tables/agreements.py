"""Agreements, the reports behind them, their changes and the decisions of people."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Float, ForeignKey, Index, Integer, Table

from pipeline.model import Agreement, Decision, Report
from pipeline.store.columns import ROW_ID, Instant, Structured, Words
from pipeline.store.tables.schema import METADATA, partial

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
    partial("ix_decisions_standing", "partner", where="undone_at IS NULL"),
    comment="What people decided of agreements; it binds what is read later.",
)
