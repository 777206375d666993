"""Instants and days as a reader sees them: in WIB, and in the reader's own zone where that differs."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from pipeline.alert.words import INDONESIAN, MONTHS, pick

JAKARTA = "Asia/Jakarta"


@lru_cache(maxsize=64)
def zone(name: str) -> ZoneInfo:
    """The named zone; WIB where there is none of that name (configuration refuses those earlier)."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return ZoneInfo(JAKARTA)


def day(value: date, language: str, precision: str = "day") -> str:
    """`26 Mar 2025`, `Mar 2025` or `2025`, as precisely as it was printed."""
    month = pick(MONTHS[value.month - 1], language)
    if precision == "year":
        return str(value.year)
    return f"{month} {value.year}" if precision == "month" else f"{value.day} {month} {value.year}"


def moment(instant: datetime, reader_zone: str, language: str) -> str:
    """`26 Mar 2025, 14:02 WIB (08:02 CET)`; the reader's day is named where it is another one."""
    try:
        home, there = instant.astimezone(zone(JAKARTA)), instant.astimezone(zone(reader_zone))
    except OverflowError:  # a page may claim any year from 1 to 9999
        return f"{day(instant.date(), language)}, {instant:%H:%M} UTC"
    text = f"{day(home.date(), language)}, {home:%H:%M} {_label(home)}"
    if there.utcoffset() == home.utcoffset():
        return text
    other = f"{there.day} {pick(MONTHS[there.month - 1], language)}, " if there.date() != home.date() else ""
    return f"{text} ({other}{there:%H:%M} {_label(there)})"


def span(length: timedelta, language: str) -> str:
    """A length of time in its largest useful unit: `42 min`, `3 h`, `2 days`."""
    minutes = max(0, round(length / timedelta(minutes=1)))
    own = language == INDONESIAN
    if minutes < 120:
        return f"{minutes} menit" if own else f"{minutes} min"
    hours = minutes // 60
    if hours < 48:
        return f"{hours} jam" if own else f"{hours} h"
    return f"{hours // 24} hari" if own else f"{hours // 24} days"


def _label(instant: datetime) -> str:
    name = instant.tzname() or "UTC"
    return f"UTC{name}" if name[:1] in "+-" else name
