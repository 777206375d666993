"""The text of an article that is compared: its body, without headline, place line and agency mark.

Copies change exactly these: a new headline, "JAKARTA - " for "TOKYO - ", another agency in brackets.
"""

from __future__ import annotations

import re

from pipeline.dedupe.words import normalise
from pipeline.model import Article

_HEAD_WORDS = 25
_PLACE_LINE = re.compile(
    r"""^\s*(?:[^\W\d_][\w.,'/&|()\[\] ]{0,70}?)?   # city, outlet or agency, a date in brackets
        (?:\s(?:--?|[–—])\s | \s?[–—]\s | \|\|?\s? | \)\s?[-–—:]\s? )""",
    re.VERBOSE,
)
_CITY_PIPE_OUTLET = re.compile(r"^\s*[^\W\d_][\w ]{1,30}\|{1,2}\s?[\w-]+\.(?:com|co\.id|co|id|net|tv|news)\b\s*")
_AGENCY_MARK = re.compile(r"\s*[\(\[]\s*[\w./\- ]{2,20}\s*[\)\]]\s*$")
_PLACE_WORDS = 8


def body(article: Article) -> str:
    """The paragraphs of an article that are compared, parted by a line break."""
    paragraphs = list(article.paragraphs)
    title = normalise(article.title)
    place = article.dateline.strip()
    while len(paragraphs) > 1 and _is_head(paragraphs[0], title):
        paragraphs.pop(0)
    if paragraphs:
        paragraphs[0] = _without_place(paragraphs[0], place)
        paragraphs[-1] = _without_mark(paragraphs[-1])
    return "\n".join(paragraphs)


def _is_head(paragraph: str, title: str) -> bool:
    """The headline, or a line above it: short and no sentence."""
    plain = normalise(paragraph)
    if not plain or (title and plain == title):
        return True
    bare = paragraph.rstrip(" \"'”’)")
    return len(plain.split(" ", _HEAD_WORDS)) <= _HEAD_WORDS // 2 and not bare.endswith((".", "!", "?", ":", ","))


def _without_place(paragraph: str, place: str) -> str:
    if place and paragraph.startswith(place):
        return paragraph[len(place) :].lstrip(" -–—|:,.")
    for pattern in (_CITY_PIPE_OUTLET, _PLACE_LINE):
        found = pattern.match(paragraph[:120])
        if found and len(found.group().split()) <= _PLACE_WORDS:
            return paragraph[found.end() :]
    return paragraph


def _without_mark(paragraph: str) -> str:
    found = _AGENCY_MARK.search(paragraph[-30:])
    if found is None or any(sign.isdigit() for sign in found.group()):
        return paragraph
    return paragraph[: len(paragraph) - len(paragraph[-30:]) + found.start()]
