"""What kind of day it is for an outlet: a weekday, or a holiday of its country with the government's joint leave.

Dates come from the `holidays` package (movable feasts of years to come are estimates there). Pure but for a cache.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

import holidays

HOLIDAY = 7
"""The place of holidays behind Monday (0) to Sunday (6)."""

FEAST = 8
"""The place of Lebaran, when newsrooms stand nearly still for days."""


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


def kind_of(day: date, country: str) -> int:
    """0 to 6 for Monday to Sunday, `HOLIDAY`, or `FEAST`."""
    name = _of(country, day.year).get(day)
    if name is None:
        return day.weekday()
    return FEAST if "Eid al-Fitr" in name else HOLIDAY


def name_of(day: date, country: str) -> str:
    """The holiday's name, "" for none."""
    return _of(country, day.year).get(day, "")
