"""What kind of day it is for an outlet: a weekday, or a holiday of its country with the government's joint leave.

Dates come from the `holidays` package (movable feasts of years to come are estimates there). Pure but for a cache.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache

import holidays

HOLIDAY = 7
"""The place of holidays behind Monday (0) to Sunday (6)."""

FEAST = 8
"""The place of Lebaran, when newsrooms stand nearly still for days."""

LONGEST_LEAVE = 14
"""Days."""


@lru_cache(maxsize=256)
def _of(country: str, year: int) -> Mapping[date, str]:
    try:
        known = holidays.country_holidays(country, years=year, language="en_US")
        joint = "government" in known.supported_categories
        if joint:
            categories = ("public", "government")
            known = holidays.country_holidays(country, years=year, language="en_US", categories=categories)
    except NotImplementedError:
        return {}
    return dict(known.items())


@lru_cache(maxsize=4096)
def kind_of(day: date, country: str) -> int:
    """0 to 6 for Monday to Sunday, `HOLIDAY`, or `FEAST` for all free days that hang together with Lebaran."""
    if not _free(day, country):
        return day.weekday()
    near = (-1, 1)
    if any(_feast(day, country, step) for step in near):
        return FEAST
    return HOLIDAY if name_of(day, country) else day.weekday()


def _feast(day: date, country: str, step: int) -> bool:
    """Whether the free days from this one on, in one direction, reach Lebaran."""
    for _ in range(LONGEST_LEAVE):
        if not _free(day, country):
            return False
        if "Eid al-Fitr" in name_of(day, country):
            return True
        day += timedelta(days=step)
    return False


def _free(day: date, country: str) -> bool:
    return day.weekday() >= 5 or bool(name_of(day, country))


def name_of(day: date, country: str) -> str:
    """The holiday's name, "" for none."""
    return _of(country, day.year).get(day, "")
