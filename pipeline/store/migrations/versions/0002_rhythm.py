"""What is learned of outlets and remembered of hosts; walks back over gaps and the past; second looks at articles.

Revision ID: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("sources", sa.Column("fresh_until", sa.BigInteger()))
    op.add_column("sources", sa.Column("listed", sa.Text()))
    op.create_table(
        "traits",
        sa.Column("outlet", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("outlet", "name", name=op.f("pk_traits")),
        comment="What was learned or noted of an outlet, as JSON: `rhythm`, `hindrance` and what other rooms keep.",
    )
    op.create_table(
        "hosts",
        sa.Column("netloc", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("netloc", name=op.f("pk_hosts")),
    )
    op.create_table(
        "walks",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("outlet", sa.Text(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("alert", sa.Boolean(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("closed_at", sa.BigInteger()),
        sa.Column("told_at", sa.BigInteger()),
        sa.Column("lost", sa.Text(), nullable=False),
        sa.Column("lists", sa.Integer(), nullable=False),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_walks")),
    )
    _partial("ix_walks_open", "walks", "outlet", "closed_at IS NULL")
    _partial("ix_walks_untold", "walks", "id", "told_at IS NULL")
    op.create_table(
        "steps",
        sa.Column("walk", ROW_ID, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["walk"], ["walks.id"], name=op.f("fk_steps_walk_walks"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("walk", "url", name=op.f("pk_steps")),
        comment="List pages of a walk that were read: after a kill it goes on behind them.",
    )
    op.add_column("frontier", sa.Column("walk", ROW_ID))
    _partial("ix_frontier_walk", "frontier", "walk", "walk IS NOT NULL")
    op.add_column("inbox", sa.Column("origin", sa.Text(), nullable=False, server_default=""))
    op.add_column("articles", sa.Column("gone_at", sa.BigInteger()))
    op.add_column("articles", sa.Column("gone_why", sa.Text(), nullable=False, server_default=""))
    op.create_table(
        "revisits",
        sa.Column("article", sa.Text(), nullable=False),
        sa.Column("outlet", sa.Text(), nullable=False),
        sa.Column("first_at", sa.BigInteger(), nullable=False),
        sa.Column("next_at", sa.BigInteger()),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.BigInteger()),
        sa.Column("last", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article"], ["articles.key"], name=op.f("fk_revisits_article_articles"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article", name=op.f("pk_revisits")),
    )
    _partial("ix_revisits_due", "revisits", "next_at", "next_at IS NOT NULL")


def _partial(name: str, table: str, column: str, where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, table, [column], unique=False, sqlite_where=condition, postgresql_where=condition)
