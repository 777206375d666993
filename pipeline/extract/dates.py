"""Printed times: every form that the Indonesian press, its feeds and its page metadata use, read into a `Stamp`.

Two tables of months and a handful of anchored expressions; no library, well under 0.05 ms a string. What is impossible,
lies in the future or disagrees with its own weekday is refused (None), never mended. The forms are those of
`docs/outlets.md` and of the outlets' feeds.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pipeline.model import Stamp

LONGEST = 240
"""Characters of a raw string that are looked at; a printed time stands within them or not at all."""

AHEAD = timedelta(hours=26)
"""How far past `now` a time may lie: clocks run fast and zones are misprinted by up to a day."""

EARLIEST = 1990
"""First year that a page of today's press can carry."""

_MONTHS = {
    **dict.fromkeys(("januari", "january", "jan"), 1),
    **dict.fromkeys(("februari", "pebruari", "february", "feb", "peb"), 2),
    **dict.fromkeys(("maret", "march", "mar", "mrt", "mac"), 3),
    **dict.fromkeys(("april", "apr"), 4),
    **dict.fromkeys(("mei", "may"), 5),
    **dict.fromkeys(("juni", "june", "jun"), 6),
    **dict.fromkeys(("juli", "july", "jul", "julai"), 7),
    **dict.fromkeys(("agustus", "august", "ags", "agt", "agu", "aug", "agst", "ogos"), 8),
    **dict.fromkeys(("september", "sept", "sep"), 9),
    **dict.fromkeys(("oktober", "october", "okt", "oct"), 10),
    **dict.fromkeys(("november", "nopember", "nov", "nop"), 11),
    **dict.fromkeys(("desember", "december", "des", "dec", "dis", "disember"), 12),
}
_DAYS = {
    **dict.fromkeys(("senin", "sen", "monday", "mon", "isnin"), 0),
    **dict.fromkeys(("selasa", "sel", "tuesday", "tue", "tues"), 1),
    **dict.fromkeys(("rabu", "rab", "wednesday", "wed"), 2),
    **dict.fromkeys(("kamis", "kam", "thursday", "thu", "thur", "thurs", "khamis"), 3),
    **dict.fromkeys(("jumat", "jum'at", "jum’at", "jum", "friday", "fri", "jumaat"), 4),
    **dict.fromkeys(("sabtu", "sab", "saturday", "sat"), 5),
    **dict.fromkeys(("minggu", "min", "ahad", "sunday", "sun"), 6),
}
_ZONES = {
    "wib": ("Asia/Jakarta", 7.0),
    "wita": ("Asia/Makassar", 8.0),
    "wit": ("Asia/Jayapura", 9.0),
    "gmt": ("UTC", 0.0),
    "utc": ("UTC", 0.0),
    "z": ("UTC", 0.0),
    "sgt": ("Asia/Singapore", 8.0),
    "myt": ("Asia/Kuala_Lumpur", 8.0),
    "jst": ("Asia/Tokyo", 9.0),
    "kst": ("Asia/Seoul", 9.0),
    "ist": ("Asia/Kolkata", 5.5),
    "est": ("-05:00", -5.0),
    "edt": ("-04:00", -4.0),
    "pst": ("-08:00", -8.0),
    "pdt": ("-07:00", -7.0),
    "bst": ("+01:00", 1.0),
    "cet": ("+01:00", 1.0),
    "cest": ("+02:00", 2.0),
    "aest": ("+10:00", 10.0),
}

_MONTH = "(?P<mon>" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\b\.?"
_DAY_BEFORE = re.compile(
    r"\b(?P<dow>" + "|".join(sorted(map(re.escape, _DAYS), key=len, reverse=True)) + r")\b[.,\s]*$", re.IGNORECASE
)
DAY_CHARS = 24
"""Characters before a date in which its weekday ends."""

_CLOCK = (
    r"(?:[\s,|/@•·.–—-]*(?:(?:pukul|jam|at)\s+)?"
    r"(?P<h>\d{1,2})(?P<sep>[:.])(?P<mi>\d{2})(?:[:.](?P<s>\d{2}))?(?!\d)(?:\s*(?P<ampm>[ap])\.?m\b\.?)?"
    r"(?:\s*\(?(?P<z>wib|wita|wit|z|sgt|myt|jst|kst|ist|est|edt|pst|pdt|bst|cet|cest|aest|(?:gmt|utc)(?=\s*[+-]?\d)|gmt|utc)?"
    r"\)?\s*(?P<off>[+-]\d{1,2}(?::?\d{2})?)?(?!\d))?)?"
)
_DAY_FIRST = re.compile(
    r"(?<!\d)(?P<d>\d{1,2})(?:st|nd|rd|th)?[\s.-]{1,3}"
    + _MONTH
    + r"[\s,.'’-]{1,3}(?P<y>\d{4}|\d{2}(?=\s|$))"
    + _CLOCK,
    re.IGNORECASE,
)  # fmt: skip
_MONTH_FIRST = re.compile(
    r"\b" + _MONTH + r"\s+(?P<d>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<y>\d{4})(?:\s*,?\s*at)?" + _CLOCK,
    re.IGNORECASE,
)
_NUMERIC = re.compile(
    r"(?<![\d/])(?P<d>\d{1,2})(?P<n>[/.-])(?P<m>\d{1,2})(?P=n)(?P<y>\d{4})(?!\d)" + _CLOCK, re.IGNORECASE
)
_NUMERIC_HINT = re.compile(r"\d([/.-])\d{1,2}\1\d{4}(?!\d)")
_ISO = re.compile(
    r"(?<!\d)(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})(?!\d)"
    r"(?:(?:T|\s+|\s*,\s*|WI(?:B|TA?))?(?P<h>\d{2}):(?P<mi>\d{2})(?::(?P<s>\d{2})(?:[.,]\d{1,9})?)?"
    r"\s*(?P<z>wib|wita|wit|z|gmt|utc)?\s*(?P<off>[+-]\d{2}(?::?\d{2})?)?(?!\d))?",
    re.IGNORECASE,
)
_SLASHED = re.compile(r"(?<!\d)(?P<y>(?:19|20)\d{2})/(?P<m>\d{1,2})/(?P<d>\d{1,2})(?!\d)" + _CLOCK, re.IGNORECASE)
_AGO = re.compile(
    r"(?<!\w)(?P<n>\d{1,3}|satu|se|an?|one)\s*(?P<u>detik|menit|jam|hari|minggu|second|sec|minute|min|hour|hr|day|week)s?"
    r"\s+(?:yang\s+)?(?:lalu|ago)\b",
    re.IGNORECASE,
)
_AGO_GLUED = re.compile(r"\bse(?P<u>jam|hari|minggu)\s+(?:yang\s+)?lalu\b", re.IGNORECASE)
_DAY_WORD = re.compile(
    r"\b(?P<w>kemarin|yesterday|hari\s+ini|today|baru\s+saja|just\s+now)\b[\s,|]*(?:(?P<h>\d{1,2})[:.](?P<mi>\d{2}))?",
    re.IGNORECASE,
)
_DIGITS14 = re.compile(r"(?<!\d)(20\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(?!\d)")
_EPOCH = re.compile(r"\s*(\d{10})(?:\d{3})?\s*")
_URL_DATE = re.compile(r"[/_-](20\d{2})[/-](0?[1-9]|1[0-2])[/-](0?[1-9]|[12]\d|3[01])(?=[/_.?#-]|$)")
_URL_8 = re.compile(r"/(20\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?=/|$)")
_UPDATED = re.compile(
    r"\b(?:di)?(?:perbarui|perbaharui|update[d]?|modified|diubah|terakhir\s+diubah)\b[^0-9]*", re.IGNORECASE
)

_UNITS = {
    **dict.fromkeys(("detik", "second", "sec"), timedelta(seconds=1)),
    **dict.fromkeys(("menit", "minute", "min"), timedelta(minutes=1)),
    **dict.fromkeys(("jam", "hour", "hr"), timedelta(hours=1)),
    **dict.fromkeys(("hari", "day"), timedelta(days=1)),
    **dict.fromkeys(("minggu", "week"), timedelta(weeks=1)),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Zone:
    name: str
    offset: timezone | ZoneInfo
    source: str


@lru_cache(maxsize=64)
def _named(zone: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _offset(text: str) -> timezone | None:
    sign = -1 if text[0] == "-" else 1
    digits = text[1:].replace(":", "")
    hours, minutes = (int(digits), 0) if len(digits) <= 2 else (int(digits[:-2]), int(digits[-2:]))
    if hours > 14 or minutes > 59:
        return None
    return timezone(sign * timedelta(hours=hours, minutes=minutes))


@lru_cache(maxsize=64)
def _zone(printed: str | None, offset: str | None, outlet: str | None) -> _Zone:
    """The zone a time is in: an offset beats a name, a printed name beats the outlet's, WIB is assumed last."""
    if offset:
        fixed = _offset(offset)
        if fixed is not None:
            name = datetime(2000, 1, 1, tzinfo=fixed).isoformat()[-6:]
            return _Zone(name=name, offset=fixed, source="offset")
    if printed:
        name, hours = _ZONES[printed.lower()]
        return _Zone(name=name, offset=timezone(timedelta(hours=hours)), source="printed")
    if outlet:
        named = _named(outlet)
        if named is not None:
            return _Zone(name=outlet, offset=named, source="outlet")
    return _Zone(name="Asia/Jakarta", offset=timezone(timedelta(hours=7)), source="assumed")


def _stamp(
    raw: str, day: tuple[int, int, int], clock: tuple[int, int, int] | None, zone: _Zone, now: datetime | None
) -> Stamp | None:
    if not EARLIEST <= day[0] <= 2100:
        return None
    try:
        local = datetime(day[0], day[1], day[2], *(clock or (0, 0, 0)), tzinfo=zone.offset)
        instant = local.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    if now is not None and instant > now + AHEAD:
        return None
    precision = "minute" if clock else "day"
    return Stamp(raw=raw, instant=instant, zone=zone.name, zone_source=zone.source, precision=precision)


def _year(printed: str) -> int:
    """A year as printed: two digits are of this century, four mean what they say."""
    return int(printed) + (2000 if len(printed) == 2 else 0)


def _clock(match: re.Match[str]) -> tuple[int, int, int] | None:
    if match["h"] is None:
        return None
    groups = match.re.groupindex
    hour, minute, second = int(match["h"]), int(match["mi"]), int((match["s"] if "s" in groups else None) or 0)
    half = ((match["ampm"] if "ampm" in groups else None) or "").lower()
    if half and hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    if hour == 24 and minute == 0:
        hour = 0
    return (hour, minute, second) if hour < 24 and minute < 60 and second < 60 else None


def _right_day(match: re.Match[str], year: int, month: int, day: int) -> bool:
    """Whether a printed weekday, if there is one, is the weekday of that date."""
    before = _DAY_BEFORE.search(match.string[max(0, match.start() - DAY_CHARS) : match.start()])
    if before is None:
        return True
    name = before["dow"]
    try:
        return datetime(year, month, day, tzinfo=UTC).weekday() == _DAYS[name.lower()]
    except ValueError:
        return False


def _numbered(raw: str, match: re.Match[str], *, zone: str | None, now: datetime | None) -> Stamp | None:
    """The time that a match of `_ISO` or `_SLASHED` means."""
    day = (int(match["y"]), int(match["m"]), int(match["d"]))
    printed = match["z"]
    if printed is None and "WI" in match[0].upper() and match["off"] is None:
        printed = next((name for name in ("wita", "wib", "wit") if name in match[0].lower()), None)
    return _stamp(raw, day, _clock(match), _zone(printed, match["off"], zone), now)


def _absolute(raw: str, text: str, *, zone: str | None, now: datetime | None) -> Stamp | None:
    match = _ISO.search(text) or _SLASHED.search(text)
    if match:
        return _numbered(raw, match, zone=zone, now=now)
    numeric = _NUMERIC.search(text) if _NUMERIC_HINT.search(text) else None
    match = None if numeric else _DAY_FIRST.search(text) or _MONTH_FIRST.search(text)
    if match:
        day = (_year(match["y"]), _MONTHS[match["mon"].lower()], int(match["d"]))
        if not _right_day(match, *day):
            return None
        return _stamp(raw, day, _clock(match), _zone(match["z"], match["off"], zone), now)
    match = numeric
    if match:
        first, second = int(match["d"]), int(match["m"])
        for month, number in ((second, first), (first, second)):  # day first, as this press prints
            if 1 <= month <= 12 and _right_day(match, _year(match["y"]), month, number):
                day = (_year(match["y"]), month, number)
                return _stamp(raw, day, _clock(match), _zone(match["z"], match["off"], zone), now)
        return None
    match = _DIGITS14.search(text)
    if match:
        y, mo, d, h, mi, s = map(int, match.groups())
        if h < 24 and mi < 60 and s < 60:
            return _stamp(raw, (y, mo, d), (h, mi, s), _zone(None, None, zone), now)
    match = _EPOCH.fullmatch(text)
    if match:
        instant = datetime.fromtimestamp(int(match[1]), tz=UTC)
        if instant.year >= EARLIEST and (now is None or instant <= now + AHEAD):
            return Stamp(raw=raw, instant=instant, zone="UTC", zone_source="offset")
    return None


def _relative(raw: str, text: str, *, zone: str | None, now: datetime) -> Stamp | None:
    match = _AGO.search(text)
    if match:
        count = int(match["n"]) if match["n"].isdigit() else 1
        unit = match["u"].lower()
    else:
        match = _AGO_GLUED.search(text)
        if match is None:
            return _day_word(raw, text, zone=zone, now=now)
        count, unit = 1, match["u"].lower()
    where = _zone(None, None, zone)
    instant = now - count * _UNITS[unit]
    if _UNITS[unit] < timedelta(days=1):
        return Stamp(raw=raw, instant=instant.replace(second=0, microsecond=0), zone=where.name,
                     zone_source=where.source)  # fmt: skip
    local = instant.astimezone(where.offset)
    return _stamp(raw, (local.year, local.month, local.day), None, where, now)


def _day_word(raw: str, text: str, *, zone: str | None, now: datetime) -> Stamp | None:
    match = _DAY_WORD.search(text)
    if match is None:
        return None
    where = _zone(None, None, zone)
    word = " ".join(match["w"].lower().split())
    if word in {"baru saja", "just now"}:
        return Stamp(raw=raw, instant=now.replace(second=0, microsecond=0), zone=where.name, zone_source=where.source)
    local = now.astimezone(where.offset) - timedelta(days=word in {"kemarin", "yesterday"})
    return _stamp(raw, (local.year, local.month, local.day), _clock(match), where, now)


def read_date(raw: str, *, zone: str | None = None, now: datetime | None = None) -> Stamp | None:
    """The time a printed string means, or None where it means none.

    `zone` is the outlet's IANA zone, used where the string names none; `now` anchors relative forms ("2 jam lalu") and
    refuses times more than `AHEAD` past it. Where a publication and an update stand in one string, the publication is
    read.
    """
    text = " ".join(raw[:LONGEST].split())
    if not text or (now is None and not any(map(str.isdigit, text))):
        return None
    match = _ISO.fullmatch(text)
    if match:  # as programs print it: most of what metadata tell
        return _numbered(raw, match, zone=zone, now=now)
    update = _UPDATED.search(text)
    if update and update.start() > 0:
        before = _absolute(raw, text[: update.start()], zone=zone, now=now)
        if before is not None:
            return before
    stamp = _absolute(raw, text, zone=zone, now=now)
    if stamp is None and now is not None:
        stamp = _relative(raw, text, zone=zone, now=now)
    return stamp


def date_in_url(url: str, *, zone: str | None = None, now: datetime | None = None) -> Stamp | None:
    """The date that a URL carries: /2025/07/15/, 2025-07-15, /20250715/ or a 14-digit id that opens with the time."""
    path = url.partition("://")[2].partition("/")[2][:500]
    path = "/" + path.partition("?")[0]
    match = _DIGITS14.search(path)
    if match:
        y, mo, d, h, mi, s = map(int, match.groups())
        if h < 24 and mi < 60 and s < 60:
            return _stamp(match[0], (y, mo, d), (h, mi, s), _zone(None, None, zone), now)
    match = _URL_DATE.search(path) or _URL_8.search(path)
    if match is None:
        return None
    return _stamp(
        match[0].strip("/-_"), (int(match[1]), int(match[2]), int(match[3])), None, _zone(None, None, zone), now
    )


_DIGITS = re.compile(r"\d+")
_REST = re.compile(
    r"[\s\d:.,/|+()•·–—-]+|\b(?:wib|wita|wit|gmt|utc|z|am|pm|pukul|jam|at|on|t|min(?:ute)?s?|menit|read|baca|membaca|"
    r"published|posted|updated|last|date|tanggal|tgl|terbit|tayang|rilis|dipublikasikan|diterbitkan|diposting|diunggah|"
    r"diperbarui|diupdate|update|dibuat|dimuat|pada|hari|waktu|estimasi|est|oleh|by|redaksi|"
    + "|".join(sorted(map(re.escape, (*_DAYS, *_MONTHS)), key=len, reverse=True))
    + r")\b",
    re.IGNORECASE,
)


def is_date_line(text: str) -> bool:
    """Whether a line holds a printed time and, but for words that go with one, nothing else."""
    if len(text) > 120 or not any(map(str.isdigit, text)):
        return False
    stamp = read_date(text)
    return stamp is not None and not _REST.sub("", _DIGITS.sub(" ", text)).strip("\"'’")
