"""A decision may speak of two partners: of the one that reports name and of the one that is meant.

Revision ID: 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("decisions", sa.Column("further", sa.Text(), nullable=True))
