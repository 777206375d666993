"""What people decided of agreements, and whether an agreement still stands.

Revision ID: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("agreements", sa.Column("standing", sa.Text(), nullable=False, server_default="stands"))
    op.create_table(
        "decisions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("partner", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("undone_at", sa.BigInteger(), nullable=True),
        sa.Column("record", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
        comment="What people decided of agreements; it binds what is read later.",
    )
    condition = sa.text("undone_at IS NULL")
    op.create_index(
        "ix_decisions_standing",
        "decisions",
        ["partner"],
        unique=False,
        sqlite_where=condition,
        postgresql_where=condition,
    )
