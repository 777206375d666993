"""Addresses with places for a page's number or a day, as lists of the past have them. Pure.

    https://kabar.example/indeks?page={n}                 numbered from 1 ({n0}: from 0)
    https://kabar.example/indeks/{YYYY}/{MM}/{DD}         one list a day; {YYYY-MM-DD} and the like as well
    https://kabar.example/indeks?date={YYYY-MM-DD}&page={n}

A poll asks for the first page, of today. The outlet's zone says what day it is.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

_PLACE = re.compile(r"\{([^{}]{1,20})\}")
_DAY = re.compile(r"(?:YYYY|MM|DD|[-/._])+")
_NUMBERS = {"n": 0, "n0": -1}
_IN_PATH = re.compile(r"(?<!\d)(20\d\d)[-/_.]?(0[1-9]|1[0-2])(?:[-/_.]?(0[1-9]|[12]\d|3[01])(?!\d))?")


def problem(url: str) -> str:
    """What is wrong with the places of an address, "" where nothing is."""
    for name in _PLACE.findall(url):
        if name not in _NUMBERS and not (_DAY.fullmatch(name) and any(c.isalpha() for c in name)):
            return f"{{{name}}} is no place Kawat knows: {{n}}, {{n0}}, {{YYYY-MM-DD}}, {{YYYY}}, {{MM}}, {{DD}}"
    if {"{n}", "{n0}"} <= set(re.findall(r"\{n0?\}", url)):
        return "{n} and {n0} stand in one address"
    return ""


def numbered(url: str) -> bool:
    """Whether the address has a place for a page's number."""
    return any(name in _NUMBERS for name in _PLACE.findall(url))


def by_day(url: str) -> bool:
    """Whether the address has a place for a day."""
    return any(name not in _NUMBERS and _DAY.fullmatch(name) for name in _PLACE.findall(url))


def walkable(url: str) -> bool:
    """Whether further pages can be asked for."""
    return numbered(url) or by_day(url)


def page(url: str, day: date, number: int = 1) -> str:
    """The address of one page; `number` counts from 1."""

    def fill(match: re.Match[str]) -> str:
        name = match.group(1)
        if name in _NUMBERS:
            return str(number + _NUMBERS[name])
        if not _DAY.fullmatch(name):
            return match.group(0)
        return name.replace("YYYY", f"{day:%Y}").replace("MM", f"{day:%m}").replace("DD", f"{day:%d}")

    return _PLACE.sub(fill, url)


def first(url: str, now: datetime, zone: str) -> str:
    """The address that a poll asks for: the first page, of today."""
    return page(url, now.astimezone(ZoneInfo(zone)).date())


def instant(raw: str, zone: str) -> datetime | None:
    """A printed time of a feed, sitemap or API as an instant, without a zone the outlet's; None if unreadable."""
    raw = raw.strip()
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = read(raw)
            return (moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    return None


def span(raw: str, url: str, zone: str) -> tuple[datetime, datetime] | None:
    """From when to when an article may have been printed: by its printed time, else by a day or month in its address;
    None where neither tells."""
    moment = instant(raw, zone) if raw else None
    if moment is not None:
        return moment, moment
    found = _IN_PATH.search(urlsplit(url).path)
    if found is None:
        return None
    year, month, day = (int(part) if part else None for part in found.groups())
    assert year is not None and month is not None
    here = ZoneInfo(zone)
    try:
        begin = datetime.combine(date(year, month, day or 1), time(), here)
        if day:
            end = begin + timedelta(days=1)
        else:
            end = datetime.combine(date(year + month // 12, month % 12 + 1, 1), time(), here)
    except ValueError:
        return None
    return begin.astimezone(UTC), end.astimezone(UTC)
