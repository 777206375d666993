"""What every table is made with, and the tables of the store itself."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, MetaData, Table, text

from pipeline.store.columns import Day, Instant, Words

METADATA = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
    }
)


def partial(name: str, *columns: str, where: str) -> Index:
    """An index over only the rows that wait for something, so that it stays small."""
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))


def lookup(name: str, column: str) -> Index:
    """An index for equality on text of any length: PostgreSQL's B-tree refuses values over 2,704 bytes."""
    return Index(name, column, postgresql_using="hash")


META = Table("meta", METADATA, Column("name", Words, primary_key=True), Column("value", Words, nullable=False))

COUNTERS = Table(
    "counters",
    METADATA,
    Column("name", Words, primary_key=True),
    Column("value", BigInteger, nullable=False),
    comment="Numbers that grow in commit order: the row stays locked until the transaction ends.",
)

TALLIES = Table(
    "tallies",
    METADATA,
    Column("day", Day, primary_key=True),
    Column("outlet", Words, primary_key=True),
    Column("what", Words, primary_key=True),
    Column("reason", Words, primary_key=True),
    Column("number", BigInteger, nullable=False),
    comment="Counted outcomes per UTC day; they outlive what they count.",
)

RULES = Table(
    "rules",
    METADATA,
    Column("digest", Words, primary_key=True),
    Column("first_used", Instant, nullable=False),
    Column("snapshot", Words, nullable=False),
)

EXPORTS = Table(
    "exports",
    METADATA,
    Column("name", Words, primary_key=True),
    Column("seq", BigInteger, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("rebuild", Boolean, nullable=False),
    comment="How far each JSON Lines file is written: up to which seq, and how many bytes that is.",
)

SIZES = Table(
    "sizes",
    METADATA,
    Column("day", Day, primary_key=True),
    Column("database_bytes", BigInteger, nullable=False),
    Column("archive_bytes", BigInteger, nullable=False),
)
