"""Dates as printed, resolved without a clock: against the publication, never by the publication alone.

`Rabu (11/10/2023)`, `Selasa (25/3)`, `on Wednesday (Sept 17)`, `3 Juli 2018`, `hari Sabtu`. A printed weekday is
checked; where day and month can be read both ways the weekday decides. Without a publication a weekday alone, or a
day without a year, says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta, timezone
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pipeline.detect.almanac import Almanac
from pipeline.detect.cue import cue
from pipeline.detect.lexicon import Lexicon
from pipeline.detect.printed import Printed, Reference
from pipeline.model import Article

_NUMBER = re.compile(r"\d+")
_LONGEST = 14
"""Characters of the longest month, its point and the spaces behind it."""
_AHEAD, _BEHIND = 80, 50
"""Characters of a date before and behind its first number: weekday, time of day, month; month, year, bracket."""
_FIXED = {"Asia/Jakarta": 7, "Asia/Makassar": 8, "Asia/Jayapura": 9, "UTC": 0}


def reference(article: Article) -> Reference:
    """The local day of publication in the zone it was printed in; or what a bare year says."""
    stamp = article.published
    if stamp is None:
        match = re.match(r"\s*(\d{4})\b", article.published_raw)
        return Reference(None, int(match.group(1)) if match else None)
    hours = _FIXED.get(stamp.zone)
    try:
        zone = timezone(timedelta(hours=hours)) if hours is not None else ZoneInfo(stamp.zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        zone = timezone(timedelta(hours=7))
    day = stamp.instant.astimezone(zone).date()
    return Reference(None if stamp.precision in ("month", "year") else day, day.year)


class Calendar:
    """Reads printed dates in both languages; compiled once."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._months = lexicon.months
        self._weekdays = lexicon.weekdays
        named = "|".join(sorted((re.escape(each.capitalize()) for each in lexicon.weekdays), key=len, reverse=True))
        month = "|".join(sorted(map(re.escape, lexicon.months), key=len, reverse=True))
        weekday = "|".join(sorted(map(re.escape, lexicon.weekdays), key=len, reverse=True))
        self._pattern = re.compile(
            rf"(?:\b(?P<weekday>{weekday})\b\.?,?\s*(?:malam|pagi|siang|sore|waktu setempat)?,?\s*(?:\(\s*|"
            rf"tanggal\s+)?)?"
            rf"(?:"
            rf"(?P<d1>\d{{1,2}})\s*[/.]\s*(?P<m1>\d{{1,2}})(?:\s*[/.]\s*(?P<y1>\d{{4}}|\d{{2}}))?(?=\s*\))"
            rf"|(?P<d4>\d{{1,2}})[/-](?P<m4>\d{{1,2}})[/-](?P<y4>\d{{4}})"
            rf"|(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<m2>{month})\b\.?(?:,?\s+(?P<y2>\d{{4}}))?"
            rf"|(?P<m3>{month})\b\.?\s+(?P<d3>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s+(?P<y3>\d{{4}}))?"
            rf")",
            re.IGNORECASE,
        )
        self._behind = re.compile(
            rf"\s*[/.]\s*\d{{1,2}}\s*[/.)]|[/-]\d{{1,2}}[/-]\d|(?:st|nd|rd|th)?\s+(?:of\s+)?(?:{month})\b",
            re.IGNORECASE,
        )
        self._before = re.compile(rf"(?:{month})\b\.?\s+$", re.IGNORECASE)
        self._month = re.compile(rf"\b(?P<m>{month})\s+(?P<y>(?:19|20)\d{{2}})\b", re.IGNORECASE)
        self._month_ago = cue(
            rf"(?<!\d )\b(?:last\s+(?P<one>{month})|"
            rf"(?P<two>{month})\s+(?:(?P<year>tahun\s+lalu|last\s+year)|lalu|silam))\b",
            "last|lalu|silam",
        )
        self._weekday = cue(rf"\b(?P<weekday>{named})\b", "|".join(lexicon.weekdays), re.NOFLAG)
        self._almanacs = {language: Almanac(language, words) for language, words in lexicon.days.items()}

    def read(
        self, text: str, start: int, end: int, ref: Reference, years: tuple[int, ...], *, language: str = ""
    ) -> tuple[Printed, ...]:
        """The dates of one sentence, in order. `years` are the years printed with full dates elsewhere in the
        article; `language` is one of the lexicon's other ones, "" for the two that are read always.
        """
        found: list[Printed] = []
        unread: list[tuple[int, int]] = []
        left, right = self._dated(text, start, end)
        for match in self._pattern.finditer(text, left, right):
            printed = self._full(match, ref, years)
            if printed is not None:
                found.append(printed)
            else:
                unread.append((match.start(), match.end()))
        for match in self._month.finditer(text, left, right):
            if not _covered(found, match.start(), match.end()):
                day = date(int(match["y"]), self._months[match["m"].lower()], 1)
                found.append(Printed(match.start(), match.end(), day, "month"))
        if ref.day is not None:
            found += _relative(text, start, end, ref.day)
            found += self._months_back(text, start, end, ref.day, found)
            for match in self._weekday.finditer(text, start, end):
                word = match["weekday"]
                if not word[0].isupper() or _covered(found, match.start(), match.end()):
                    continue
                if any(start <= match.start() < end for start, end in unread):
                    continue
                if word.lower() == "minggu" and re.search(
                    r"(?:se|satu|dua|tiga|\d)\s*$", text[max(0, match.start() - 8) : match.start()]
                ):
                    continue
                day = _weekday(self._weekdays[word.lower()], ref.day, text, match)
                found.append(Printed(match.start("weekday"), match.end(), day, "day", bare=True))
        if (almanac := self._almanacs.get(language)) is not None:
            for printed in almanac.read(text, start, end, ref):
                if not _covered(found, printed.start, printed.end):
                    found.append(printed)
        found.sort(key=lambda each: each.start)
        return tuple(found)

    def _dated(self, text: str, start: int, end: int) -> tuple[int, int]:
        """The stretch in which dates may stand: around the numbers that a month or the marks of a date stand beside."""
        left = right = end
        for number in _NUMBER.finditer(text, start, end):
            first, last = number.span()
            if self._behind.match(text, last, end) or self._before.search(text, max(start, first - _LONGEST), first):
                left, right = min(left, max(start, first - _AHEAD)), min(end, last + _BEHIND)
        return left, right

    def _months_back(self, text: str, start: int, end: int, today: date, found: list[Printed]) -> Iterator[Printed]:
        """`last November`, `Maret lalu`, `Oktober tahun lalu`: the latest such month before the publication's."""
        for match in self._month_ago.finditer(text, start, end):
            if _covered(found, match.start(), match.end()):
                continue
            month = self._months[(match["one"] or match["two"]).lower()]
            year = today.year - (1 if match["year"] or month >= today.month else 0)
            yield Printed(match.start(), match.end(), date(year, month, 1), "month", bare=True)

    def _full(self, match: re.Match[str], ref: Reference, years: tuple[int, ...]) -> Printed | None:
        number = next((each for each in "1423" if match[f"d{each}"]), "")
        if not number:
            return None
        day = int(match[f"d{number}"])
        raw_month = match[f"m{number}"]
        month = int(raw_month) if raw_month.isdigit() else self._months[raw_month.lower().rstrip(".")]
        raw_year = match[f"y{number}"]
        year = int(raw_year) if raw_year else None
        if year is not None and year < 100:
            year += 2000
        if year is None and ref.year is not None and _YEAR_AGO.match(match.string, match.end()):
            year = ref.year - 1
        weekday = self._weekdays[match["weekday"].lower()] if match["weekday"] else None
        readings = [(day, month)]
        if raw_month.isdigit() and day <= 12 and day != month:
            readings.append((month, day))
        best: Printed | None = None
        for index, (d, m) in enumerate(readings):
            for candidate in _years(d, m, year, ref, years):
                agrees = weekday is None or candidate.weekday() == weekday
                printed = Printed(match.start(), match.end(), candidate, "day", agrees)
                if index == 0 and (
                    best is None or (agrees and not best.agrees and year is None and _near(candidate, ref))
                ):
                    best = printed
                if (
                    index == 1
                    and best is not None
                    and not best.agrees
                    and weekday is not None
                    and agrees
                    and _near(candidate, ref)
                ):
                    best = printed
        return best


_YEAR_AGO = re.compile(r"\s+(?:tahun lalu|last year)\b", re.IGNORECASE)
_WEEK_AGO = re.compile(r"\s+(?:pekan|minggu)\s+(?:lalu|kemarin)\b|\s+last week\b", re.IGNORECASE)
_PAST = re.compile(r"\s+(?:lalu|silam)\b", re.IGNORECASE)
_COMING = re.compile(r"\s+(?:depan|mendatang|(?:pekan|minggu)\s+depan|next week)\b", re.IGNORECASE)
_LAST = re.compile(r"\b(?P<way>last|next|coming)\s+$", re.IGNORECASE)


def _weekday(number: int, today: date, text: str, match: re.Match[str]) -> date:
    """The day that a weekday alone means: the latest, today included; `Rabu lalu` not today, `Rabu pekan lalu` in the
    week before, `Rabu depan` ahead.
    """
    back = (today.weekday() - number) % 7
    before = _LAST.search(text, max(0, match.start() - 10), match.start())
    way = before["way"].lower() if before else ""
    if _WEEK_AGO.match(text, match.end()):
        return today - timedelta(days=today.weekday() + 7 - number)
    if way in ("next", "coming") or _COMING.match(text, match.end()):
        return today + timedelta(days=7 - back)
    if back == 0 and (way == "last" or _PAST.match(text, match.end())):
        back = 7
    return today - timedelta(days=back)


_TODAY = frozenset(
    ("hari ini", "today", "pagi ini", "siang ini", "sore ini", "petang ini", "malam ini", "tadi pagi", "tadi siang")
) | frozenset(("tadi sore", "this morning", "this afternoon", "this evening", "tonight"))
_AGO = cue(
    r"\b(?:(?P<one>kemarin|yesterday|tadi malam|semalam|last night|hari ini|today|(?:pagi|siang|sore|petang|malam) ini|"
    r"tadi (?:pagi|siang|sore)|this (?:morning|afternoon|evening)|tonight)|"
    r"(?P<count>sehari|satu|dua|tiga|empat|lima|enam|one|two|three|four|five|six|\d{1,2}) ?(?:hari|days?) "
    r"(?:yang )?(?:lalu|silam|ago))\b",
    "kemarin|yesterday|tadi |semalam|last night|hari ini|pagi ini|siang ini|sore ini|petang ini|malam ini|today|this |"
    "tonight|lalu|silam|ago",
)
_COUNTS = {
    "sehari": 1,
    "satu": 1,
    "dua": 2,
    "tiga": 3,
    "empat": 4,
    "lima": 5,
    "enam": 6,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
}


def _relative(text: str, start: int, end: int, today: date) -> list[Printed]:
    """`kemarin`, `dua hari lalu`, `two days ago`: counted back from the publication."""
    found: list[Printed] = []
    for match in _AGO.finditer(text, start, end):
        word = (match["count"] or "").lower()
        named = 0 if (match["one"] or "").lower() in _TODAY else 1
        back = (_COUNTS.get(word) or int(word)) if word else named
        found.append(Printed(match.start(), match.end(), today - timedelta(days=back), "day", bare=True))
    return found


def _years(day: int, month: int, year: int | None, ref: Reference, years: tuple[int, ...]) -> list[date]:
    if year is not None:
        wanted = [year]
    elif ref.day is not None:
        # the latest such day that is not well after the publication; then the one before and the one ahead
        wanted = [ref.day.year, ref.day.year - 1, ref.day.year + 1]
    elif ref.year is not None:
        wanted = [ref.year]
    elif len(set(years)) == 1:
        wanted = [years[0]]
    else:
        return []
    days: list[date] = []
    for each in wanted:
        try:
            days.append(date(each, month, day))
        except ValueError:
            continue
    if year is None and ref.day is not None:
        today = ref.day
        days.sort(key=lambda each: abs((each - today).days))
    return days


def _near(day: date, ref: Reference) -> bool:
    return ref.day is None or abs((day - ref.day).days) <= 45


def _covered(found: list[Printed], start: int, end: int) -> bool:
    return any(each.start < end and start < each.end for each in found)
