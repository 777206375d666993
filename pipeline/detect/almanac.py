"""Days as the press of other languages prints them: `el miércoles`, `am 3. März`, `ngày 3/3`, `3月19日`.

Months, weekdays and the words for today and yesterday are data (`config/lexicon/tongues.yaml`); a weekday is the latest
one, the day of publication included, and a day without its month the latest such day.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from datetime import date, timedelta

from pipeline.detect.printed import Days, Printed, Reference

_UNSPACED = frozenset({"ja", "zh", "ko"})
"""Languages that write no spaces around a date, or hang particles on it."""

_SIGNED = re.compile(
    r"(?:(?P<y>\d{4})\s*[年년]\s*)?(?P<m>\d{1,2})\s*[月월]\s*(?P<d>\d{1,2})\s*[日일]|(?<![\d月월])(?P<day>\d{1,2})[日일](?![間间本])"
)
_NUMBERED = re.compile(
    r"(?:\(|\bngày\s+)(?P<d>\d{1,2})(?:[/.]|\s+tháng\s+)(?P<m>\d{1,2})\b(?:(?:[/.]|\s+năm\s+)(?P<y>\d{4}))?"
)


_DATED_BEHIND = re.compile(r"\s*,?\s*(?:\(|(?:dia|den|dem|der|el|le|il)\s+)?\d{1,2}(?:[./]|º|\s)")
"""Behind a weekday: the date that it belongs to, which says more."""


class Almanac:
    """Reads the printed days of one language; compiled once."""

    def __init__(self, language: str, words: Days) -> None:
        self._words = words
        self._unspaced = language in _UNSPACED
        month = _any(words.months)
        self._dated = re.compile(
            rf"\b(?:(?P<d>\d{{1,2}})(?:\.|º|er)?\s+(?:de\s+)?(?P<m>{month})|(?P<m2>{month})\s+(?P<d2>\d{{1,2}}))\b"
            rf"(?:,?\s+(?:del?\s+)?(?P<y>\d{{4}})\b)?",
            re.IGNORECASE,
        )
        named = _any((*words.weekdays, *words.back))
        self._named = re.compile(named if self._unspaced else rf"(?<!\w)(?:{named})(?!\w)", re.IGNORECASE)

    def read(self, text: str, start: int, end: int, ref: Reference) -> Iterator[Printed]:
        """The days of one sentence; without a day of publication only those with their year."""
        patterns = [self._dated] if self._words.months else []
        patterns.append(_SIGNED if self._unspaced else _NUMBERED)
        for pattern in patterns:
            for found in pattern.finditer(text, start, end):
                if (day := self._day(found, ref)) is not None:
                    yield Printed(found.start(), found.end(), day, "day")
        if ref.day is None:
            return
        for found in self._named.finditer(text, start, end):
            if _DATED_BEHIND.match(text, found.end(), end):
                continue
            word = found.group().lower()
            weekday = self._words.weekdays.get(word)
            back = self._words.back[word] if weekday is None else (ref.day.weekday() - weekday) % 7
            yield Printed(found.start(), found.end(), ref.day - timedelta(days=back), "day", bare=True)

    def _day(self, found: re.Match[str], ref: Reference) -> date | None:
        parts = found.groupdict()
        if parts.get("day"):
            return _latest(int(parts["day"]), ref.day)
        name = parts["m"] or parts["m2"]
        month = int(name) if name.isdigit() else self._words.months[name.lower()]
        day = int(parts["d"] or parts["d2"])
        if parts["y"]:
            years = [int(parts["y"])]
        elif ref.day is not None:
            years = [ref.day.year, ref.day.year - 1, ref.day.year + 1]
        else:
            years = [ref.year] if ref.year is not None else []
        days = [each for year in years if (each := _date(year, month, day)) is not None]
        if ref.day is None:
            return next(iter(days), None)
        today = ref.day
        return min(days, key=lambda each: abs((each - today).days), default=None)


def _latest(day: int, today: date | None) -> date | None:
    """The latest day of that number; None where that is no day of this month or the one before."""
    if today is None:
        return None
    before = today.replace(day=1) - timedelta(days=1)
    days = (_date(today.year, today.month, day), _date(before.year, before.month, day))
    return next((each for each in days if each is not None and each <= today), None)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _any(words: Collection[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True)) or r"(?!)"
