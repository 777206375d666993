"""Column types that mean the same on SQLite and PostgreSQL.

Instants are whole microseconds since 1970 in UTC (they sort, and no driver touches them); calendar days ISO text;
structured values JSON text through `codec`. Text loses what no database keeps: NUL and lone surrogates become U+FFFD,
one for one, so that offsets into the text stay right.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Integer, Text
from sqlalchemy.types import TypeDecorator

from pipeline.store import codec

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
UNKEPT = re.compile("[\x00\ud800-\udfff]")

ROW_ID = BigInteger().with_variant(Integer(), "sqlite")
"""A number the database counts up; SQLite does so only for its own INTEGER PRIMARY KEY."""


def micros(instant: datetime) -> int:
    """Microseconds since 1970-01-01T00:00:00Z. Raises ValueError for an instant without a zone."""
    if instant.tzinfo is None:
        raise ValueError(f"{instant!r} has no time zone")
    return (instant - EPOCH) // MICROSECOND


def instant(value: int) -> datetime:
    """The aware UTC instant of `micros`."""
    return EPOCH + timedelta(microseconds=value)


def storable(text: str) -> str:
    """`text` without what no database keeps, at the same length."""
    return UNKEPT.sub("\ufffd", text) if UNKEPT.search(text) else text


class Words(TypeDecorator[str]):
    """Text, and the values of text enumerations."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: object) -> str | None:  # noqa: ARG002 - SQLAlchemy's signature
        return None if value is None else storable(str(value))


class Instant(TypeDecorator[datetime]):
    """An aware instant as microseconds since 1970."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: object) -> int | None:  # noqa: ARG002 - SQLAlchemy's signature
        return None if value is None else micros(value)

    def process_result_value(self, value: int | None, dialect: object) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        return None if value is None else instant(value)


class Day(TypeDecorator[date]):
    """A calendar day as ISO text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: date | None, dialect: object) -> str | None:  # noqa: ARG002 - SQLAlchemy's signature
        return None if value is None else value.isoformat()

    def process_result_value(self, value: str | None, dialect: object) -> date | None:  # noqa: ARG002 - SQLAlchemy's signature
        return None if value is None else date.fromisoformat(value)


class Structured(TypeDecorator[Any]):
    """A frozen value as JSON text. `hint` is its type."""

    impl = Text
    cache_ok = True

    def __init__(self, hint: Any) -> None:
        self.hint = hint
        super().__init__()

    def process_bind_param(self, value: Any, dialect: object) -> str | None:  # noqa: ARG002 - SQLAlchemy's signature
        return None if value is None else storable(codec.dumps(self.hint, value))

    def process_result_value(self, value: str | None, dialect: object) -> Any:  # noqa: ARG002 - SQLAlchemy's signature
        return None if value is None else codec.loads(self.hint, value)


__all__ = ["ROW_ID", "Day", "Instant", "Structured", "Words", "instant", "micros", "storable"]
