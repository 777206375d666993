"""Silences as a person asks for them."""

from __future__ import annotations

from datetime import datetime

from kawat.cli.face import Row
from pipeline.alert.silencing import matcher
from pipeline.errors import UsageError
from pipeline.model import Silence
from pipeline.store import Store


def add(store: Store, terms: str, *, author: str, reason: str, until: datetime, now: datetime) -> Row:
    """Silence what has these terms. Raises UsageError for terms that make no sense, or without a reason."""
    matcher(terms)
    if not reason.strip():
        raise UsageError("a silence needs its reason: --reason 'reported twice'")
    return _row(store.silences.add(" ".join(terms.split()), author, reason.strip(), now=now, ends_at=until), now)


def rows(store: Store, now: datetime, *, every: bool) -> list[Row]:
    """The silences that last, or every one there was."""
    found = store.silences.list() if every else store.silences.active(now)
    return [_row(each, now) for each in found]


def end(store: Store, number: int, *, by: str, now: datetime) -> None:
    """End a silence before its time. Raises UsageError."""
    if not store.silences.end(number, by, now):
        raise UsageError(f"there is no silence {number} that lasts: kawat silences list --all")


def _row(silence: Silence, now: datetime) -> Row:
    return {
        "id": silence.id,
        "matcher": silence.matcher,
        "author": silence.author,
        "reason": silence.reason,
        "starts_at": silence.starts_at,
        "ends_at": silence.ends_at,
        "state": "active" if now < silence.ends_at else "over",
        "ended_by": silence.ended_by,
        "hid": silence.hid,
    }
