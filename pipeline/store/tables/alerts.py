"""The outbox, its attempts, what waits for digests, and what is silenced."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, Table

from pipeline.model import Alert, Notice
from pipeline.store.columns import ROW_ID, Instant, Structured, Words
from pipeline.store.tables.schema import METADATA, partial

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
    partial("ix_outbox_waiting", "next_at", where="state IN ('pending', 'leased', 'sending')"),
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
    partial("ix_notices_waiting", "urgency", "id", where="planned_at IS NULL"),
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
