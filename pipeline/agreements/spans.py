"""When an act was: a day, a month or a year as an interval of days."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """An interval of days, both ends within it."""

    low: date
    high: date

    @property
    def coarse(self) -> bool:
        return self.high - self.low > timedelta(days=3)

    def gap(self, other: Span) -> int:
        """Days between two intervals, 0 where they overlap."""
        if self.high < other.low:
            return (other.low - self.high).days
        return max(0, (self.low - other.high).days)


def span_of(day: date | None, precision: str) -> Span | None:
    """The days a printed date can mean; `precision` as in `Report.signed_precision`."""
    if day is None:
        return None
    if precision == "year":
        return Span(low=date(day.year, 1, 1), high=date(day.year, 12, 31))
    if precision == "month":
        return Span(low=day.replace(day=1), high=day.replace(day=monthrange(day.year, day.month)[1]))
    return Span(low=day, high=day)


def misprint(a: Span, b: Span) -> bool:
    """Two days that differ as the press misprints them: another year, or day and month exchanged."""
    if a.low != a.high or b.low != b.high:
        return False
    one, two = a.low, b.low
    if (one.month, one.day) == (two.month, two.day):
        return abs(one.year - two.year) == 1
    return one.year == two.year and (one.month, one.day) == (two.day, two.month)
