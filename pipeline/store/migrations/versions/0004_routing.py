"""Threads, folded and silenced alerts, who was told of what, and digests per recipient.

Revision ID: 0004
"""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outbox", sa.Column("thread", sa.Text(), nullable=False, server_default=""))
    op.add_column("outbox", sa.Column("receipt", sa.Text(), nullable=False, server_default=""))
    op.add_column("outbox", sa.Column("revived_at", sa.BigInteger(), nullable=True))
    op.create_index("ix_outbox_sent", "outbox", ["channel", "sent_at"], unique=False)
    op.create_table(
        "mentions",
        sa.Column("delivery", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("agreement", sa.Text(), nullable=False),
        sa.Column("partner", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["delivery"], ["outbox.id"], name=op.f("fk_mentions_delivery"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("delivery", "agreement", name=op.f("pk_mentions")),
        comment="Which agreements each alert tells of.",
    )
    op.create_index("ix_mentions_agreement", "mentions", ["agreement"], unique=False)
    op.create_table(
        "told",
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("agreement", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("channel", "agreement", name=op.f("pk_told")),
        comment="Which channel was told of which agreement; one without rows was told to all that there were.",
    )
    op.create_index("ix_told_agreement", "told", ["agreement"], unique=False)
    op.create_table(
        "digested",
        sa.Column("notice", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["notice"], ["notices.id"], name=op.f("fk_digested_notice"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("notice", "recipient", name=op.f("pk_digested")),
        comment="Notices that some recipients of a channel have and others wait for.",
    )
    op.create_table(
        "silences",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("matcher", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_silences")),
    )
    _fill_mentions()


def _fill_mentions() -> None:
    """The agreements of alerts that were queued before."""
    connection = op.get_bind()
    mentions = sa.table("mentions", sa.column("delivery"), sa.column("agreement"), sa.column("partner"))
    for number, written in connection.execute(sa.text("SELECT id, alert FROM outbox")).all():
        alert = json.loads(written)
        told = {each["agreement"]["key"]: each["agreement"]["partner"] for each in alert.get("items", ())}
        for key, partner in told.items():
            connection.execute(sa.insert(mentions).values(delivery=number, agreement=key, partner=partner))
