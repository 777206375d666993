"""Lookup keys of 32 bits in a table without a second index; fingerprints of the first definition lose theirs.

Revision ID: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_table("bands")
    op.create_table(
        "bands",
        sa.Column("band", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("fingerprint", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("band", "fingerprint", name=op.f("pk_bands")),
        sqlite_with_rowid=False,
        comment="Some twenty short rows a text and no second index: whoever deletes a fingerprint deletes its rows.",
    )
    op.drop_index("ix_fingerprints_url", table_name="fingerprints")
    op.drop_column("fingerprints", "url_key")
    prints = sa.table("fingerprints", sa.column("band_hashes", sa.LargeBinary))
    op.execute(prints.update().values(band_hashes=b""))
