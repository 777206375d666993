"""Dates as Indonesian and English papers print them, and the `{…}` placeholders of the stories.

A story names days by their distance from its day zero, never by the calendar, so that the press is always fresh:

    {hari} Selasa (20/11/2026)   {hari_pendek} Selasa (20/11)   {nama_hari} Selasa   {tanggal} 20 November 2026
    {weekday} Tuesday            {date_en} Nov 20, 2026         {bulan} {month_en} {tahun}

each with an optional distance in days (`{hari:-1}`), months (`{bulan:+2}`) or years (`{tahun:-1}`). A placeholder that
is not of this list is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta, timezone
from typing import Final

WIB: Final = timezone(timedelta(hours=7), "WIB")
"""Western Indonesian time, in which every outlet of the press prints its dates."""

HARI: Final = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
BULAN: Final = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni",
    "Juli", "Agustus", "September", "Oktober", "November", "Desember",
)  # fmt: skip
MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_BLN: Final = ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des")
_PLACEHOLDER: Final = re.compile(r"\{([^{}]*)\}")
_KNOWN: Final = re.compile(r"([a-z_]+)(?::([+-][0-9]+))?")


def _months_on(day: date, months: int) -> int:
    return (day.month - 1 + months) % 12


_FORMS: Final[Mapping[str, Callable[[date, int], str]]] = {
    "hari": lambda d, n: f"{HARI[_on(d, n).weekday()]} ({_slashed(_on(d, n))}/{_on(d, n).year})",
    "hari_pendek": lambda d, n: f"{HARI[_on(d, n).weekday()]} ({_slashed(_on(d, n))})",
    "nama_hari": lambda d, n: HARI[_on(d, n).weekday()],
    "tanggal": lambda d, n: long_id(_on(d, n)),
    "weekday": lambda d, n: WEEKDAYS[_on(d, n).weekday()],
    "date_en": lambda d, n: f"{MONTHS[_on(d, n).month - 1][:3]} {_on(d, n).day}, {_on(d, n).year}",
    "bulan": lambda d, n: BULAN[_months_on(d, n)],
    "month_en": lambda d, n: MONTHS[_months_on(d, n)],
    "tahun": lambda d, n: str(d.year + n),
}


def _slashed(day: date) -> str:
    return f"{day.day}/{day.month}"


def _on(day: date, days: int) -> date:
    return day + timedelta(days=days)


def fill(text: str, day_zero: date) -> str:
    """`text` with every placeholder resolved against `day_zero`; ValueError for an unknown one."""

    def one(match: re.Match[str]) -> str:
        known = _KNOWN.fullmatch(match[1])
        form = _FORMS.get(known[1]) if known else None
        if known is None or form is None:
            raise ValueError(f"unknown placeholder {match[0]}; known: {', '.join(_FORMS)}")
        return form(day_zero, int(known[2] or 0))

    return _PLACEHOLDER.sub(one, text)


def long_id(day: date) -> str:
    """`20 November 2026`."""
    return f"{day.day} {BULAN[day.month - 1]} {day.year}"


def short_id(at: datetime) -> str:
    """`20 Nov 2026`, with Indonesian month abbreviations."""
    local = at.astimezone(WIB)
    return f"{local.day:02d} {_BLN[local.month - 1]} {local.year}"


def weekday_id(at: datetime) -> str:
    """`Selasa`."""
    return HARI[at.astimezone(WIB).weekday()]


def clock(at: datetime, separator: str = ":") -> str:
    """`07:30`, or `07.30` as most Indonesian papers print it."""
    local = at.astimezone(WIB)
    return f"{local.hour:02d}{separator}{local.minute:02d}"
