"""When and how often: digests ("07:30", "monday 07:30"), quiet hours ("22:00-06:00"), rates ("30/m")."""

from __future__ import annotations

import re
from datetime import time, timedelta
from typing import Any

from pipeline.alert.channel import Quiet, Rate
from pipeline.config.explain import Mend
from pipeline.config.quantities import time_of_day

WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_RATE = re.compile(r"([0-9]{1,5})\s*/\s*(s|m|h|d)")
_UNITS = {"s": timedelta(seconds=1), "m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}


def digest_time(value: Any) -> tuple[time | None, int | None]:
    """When a digest comes: "07:30" daily, "monday 07:30" weekly, false for none. Raises `Mend`."""
    if value is False or value is None:
        return None, None
    day, _, at = value.strip().lower().rpartition(" ") if isinstance(value, str) else ("", "", value)
    if day and day not in WEEK:
        raise Mend("names no day of the week", 'write "07:30" for every day, or "monday 07:30"')
    return time_of_day(at), WEEK.index(day) if day else None


def quiet_hours(value: Any) -> Quiet:
    """A `Quiet` from "22:00-06:00". Raises `Mend`."""
    start, dash, end = value.partition("-") if isinstance(value, str) else ("", "", "")
    if not dash:
        raise Mend("are no quiet hours", 'write "22:00-06:00"')
    found = Quiet(start=time_of_day(start), end=time_of_day(end))
    if found.start == found.end:
        raise Mend("would be quiet all day", "name two different times")
    return found


def rate_limit(value: Any) -> Rate:
    """A `Rate` from "1/s", "30/m", "200/h" or "500/d". Raises `Mend`."""
    match = _RATE.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None or int(match[1]) < 1:
        raise Mend("is no rate", "write how many messages in a second, minute, hour or day: 1/s, 30/m, 200/h, 500/d")
    return Rate(messages=int(match[1]), per=_UNITS[match[2]])
