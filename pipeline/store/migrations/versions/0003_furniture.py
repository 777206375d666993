"""Lines that recur on an outlet's pages, counted and learned.

Revision ID: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "furniture",
        sa.Column("outlet", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("articles", sa.Integer(), nullable=False),
        sa.Column("base", sa.Integer(), nullable=False),
        sa.Column("days", sa.Text(), nullable=False),
        sa.Column("topics", sa.Text(), nullable=False),
        sa.Column("first_seen", sa.BigInteger(), nullable=False),
        sa.Column("last_seen", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("outlet", "hash", name=op.f("pk_furniture")),
        comment="Lines that recur on an outlet's pages; the row without hash counts the outlet's articles.",
    )
    condition = sa.text("state IN ('learned', 'pinned')")
    op.create_index(
        "ix_furniture_cut", "furniture", ["outlet"], unique=False, sqlite_where=condition, postgresql_where=condition
    )
