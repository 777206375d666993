"""The dateline of a story ("JAKARTA, KOMPAS.com - ", "Jakarta (ANTARA) - ", "Cape Town. "): read into a field, left
in the text. A loose rule is dangerous ("Gara-gara …", "COVID-19 …"), so a city must be followed by an agency or
by a dash with spaces and a capital."""

from __future__ import annotations

import re

_CITY = r"[A-Z][\w.’'/-]*(?: [A-Z][\w.’'/-]*){0,3}"
_AGENCY = r"(?:\([^()]{2,24}\)|[|]\s*\S{3,24}|(?:[A-Z][\w.’'-]*|[a-z]+\.(?:com|id|co|co\.id))(?: [A-Z][\w.’'-]*){0,2})"
_DASH = r"[-–—]{1,2}"
_DATE = r"(?:, [A-Z]\w+)?(?:, \w+\.? \d{1,2}|, \d{1,2} \w+\.?)?(?:,? \d{4})?"
_STORY = r"(?=[\"“]?[A-Z])"
_HOST = r"(?:[A-Z][\w-]*\.(?:com|id|co\.id)|[a-z]+\.(?:com|id|co\.id))"
_FORMS = (
    re.compile(rf"(?P<d>{_CITY}{_DATE}\s*\([^()]{{2,40}}\))\s*(?:{_DASH}|\|\|)\s*"),
    re.compile(rf"(?P<d>\((?:[A-Z][A-Za-z]+)(?:/[A-Z][A-Za-z]+)?\))\s+{_DASH}\s+{_STORY}"),
    re.compile(rf"(?P<d>{_CITY}\s*\|\s*[A-Za-z][\w.]{{2,24}})(?:\s*{_DASH})?\s+{_STORY}"),
    re.compile(rf"(?P<d>{_CITY},\s*{_AGENCY})\s*{_DASH}\s*{_STORY}"),
    re.compile(rf"(?P<d>{_HOST},?\s*{_CITY})\s*{_DASH}\s*{_STORY}", re.ASCII),
    re.compile(rf"(?P<d>(?:KBRN|RRI\.CO\.ID),?\s*{_CITY})\s*[:–-]\s*"),
    re.compile(rf"(?P<d>{_HOST})\s+{_DASH}\s*{_STORY}"),
    re.compile(rf"(?P<d>{_CITY})\s+{_DASH}\s+{_STORY}"),
    re.compile(r"(?P<d>[A-Z]{4,}(?: [A-Z]{2,}){0,2})\s*[-–—]{1,2}\s*(?=[\"“]?[A-Z][a-z])"),
    re.compile(r"(?P<d>[A-Z][a-z]+(?: [A-Z][a-z]+){0,2})[.:] (?=[\"“]?[A-Z][\w’'-]*,? (?:[\w’'-]+,? ){4})"),
)  # fmt: skip
_UNMARKED = _FORMS[-1:]
_MARK = re.compile("[-–—|:]")
"""What every form but the last has."""

LONGEST = 80


def read_dateline(paragraph: str) -> str:
    """The dateline that opens a paragraph, without its dash; "" where there is none."""
    head = paragraph[: LONGEST + 60]
    for form in _FORMS if _MARK.search(head) else _UNMARKED:
        match = form.match(head)
        if match and len(match["d"]) <= LONGEST:
            return match["d"].strip()
    return ""
