"""For how long a list is not worth asking again, by its own word. Pure.

`Cache-Control: max-age` (less `Age`, RFC 9111) and RSS `ttl` are obeyed as they stand. `sy:updatePeriod` counts only
beyond an hour: WordPress prints "hourly" into every feed unasked.
"""

from __future__ import annotations

import re
from datetime import timedelta

from lxml import etree  # type: ignore[import-untyped,unused-ignore]

from crawler.discover import markup
from crawler.outcome import Fetched

NOT_AT_ALL = timedelta(0)
LONGEST = timedelta(hours=6)
"""No answer is taken for fresh beyond this: a slip in a server's configuration must not blind us for days."""

_MAX_AGE = re.compile(r"(?:^|[\s,])(s-maxage|max-age)\s*=\s*\"?(\d{1,9})", re.IGNORECASE)
_NEVER = re.compile(r"(?:^|[\s,])(?:no-cache|no-store|must-understand)(?:$|[\s,=])", re.IGNORECASE)
_PERIODS = {"hourly": 1, "daily": 24, "weekly": 168, "monthly": 720, "yearly": 8760}


def of_answer(answer: Fetched) -> timedelta:
    """What Cache-Control asks for; zero where it asks for nothing."""
    control = answer.header("cache-control")[:500]
    if _NEVER.search(control):
        return timedelta(0)
    ages = {name.lower(): int(value) for name, value in _MAX_AGE.findall(control)}
    age = answer.header("age").strip()
    spent = int(age) if age.isascii() and age.isdecimal() and len(age) < 10 else 0
    return _bounded(max(ages.get("max-age", 0) - spent, 0))


def of_feed(root: etree._Element) -> timedelta:
    """What a feed's channel asks for: `ttl` in minutes, and `updatePeriod` over `updateFrequency`."""
    said: dict[str, str] = {}
    for element in root.iter():
        name = markup.name_of(element)
        if name in {"item", "entry"}:
            break
        if name in {"ttl", "updateperiod", "updatefrequency"}:
            said.setdefault(name, markup.text_of(element).strip().lower()[:20])
    seconds = 60 * _whole(said.get("ttl", ""))
    hours = _PERIODS.get(said.get("updateperiod", ""), 0)
    if hours > 1:
        seconds = max(seconds, hours * 3600 // max(_whole(said.get("updatefrequency", "")), 1))
    return _bounded(seconds)


def _whole(raw: str) -> int:
    return int(raw) if re.fullmatch(r"[0-9]{1,7}", raw) else 0


def _bounded(seconds: int) -> timedelta:
    return min(timedelta(seconds=min(seconds, 10**8)), LONGEST)
