"""A day as an article prints it, what is known of the article's own, and the words in which a language names days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Printed:
    """A date where it stands. `agrees` is False when the printed weekday is not that date's."""

    start: int
    end: int
    day: date
    precision: str  # day | month | year
    agrees: bool = True
    bare: bool = False  # a weekday alone


@dataclass(frozen=True, slots=True)
class Reference:
    """What is known of the publication: its local day, or only its year (and month)."""

    day: date | None
    year: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """The words of one language: lower-case months (1..12), weekdays (0 Monday .. 6 Sunday), today (0) and yesterday
    (1)."""

    months: Mapping[str, int] = field(default_factory=dict)
    weekdays: Mapping[str, int] = field(default_factory=dict)
    back: Mapping[str, int] = field(default_factory=dict)
