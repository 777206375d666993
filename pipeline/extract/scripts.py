"""Scripts, styles and comments out of a page before it is parsed: they are half of its bytes and none of its text.
Navigation and footers go with them where they are closed and hold nothing of a story: a third of what is left.

JSON-LD is handed out on the way. What does not close within reach is left to the parser, which knows the rules.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import repeat

from ahocorasick_rs import BytesAhoCorasick

MAX_LD = 12
"""JSON-LD scripts of a page that are read."""

MAX_LD_BYTES = 400_000
MAX_CUTS = 6_000

COMMENT_BYTES = 20_000
"""Bytes within which a comment must close to be cut: longer ones are more often a stray mark in an attribute."""

DEEP_FROM = 8_000
"""Tags below which depth cannot cost much: the parser's work on unclosed elements grows with the square of them."""

FURNITURE_BYTES = 60_000
"""Bytes within which a nav or footer must close to be cut."""

MOST_LEFT = 60
"""Navigations and footers left in place after which no further one is looked at."""

WINDOW = 1 << 20
"""Bytes of a page that are looked at in one go: nearly every page is smaller."""

MAX_MARKS = 50_000
"""Tags of scripts and their like after which no further window is looked at; real pages have some hundreds."""

_NAMES = (b"script", b"style", b"svg", b"nav", b"footer")
_STORY = (b"h1", b"article", b"main")
_COMMENT = b"!--"
_ENDS_NAME = frozenset(b" \t\n\r\f\v/>")
_IN_NAME = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")
_NO_STORY = frozenset((b"style", b"svg"))
_WAYS: tuple[Callable[[bytes], bytes], ...] = (bytes.lower, bytes.upper, bytes.title)
_Marks = list[tuple[int, int, int]]
_ANY_TAG = re.compile(rb"<[^>]*>")
_TAG = re.compile(
    rb"<(/?)(div|section|span|article|main|ul|ol|table|tbody|font|b|i|em|strong|center|blockquote|form|a|dl|header|"
    rb"footer|aside|nav|figure|details|small|u|s|code|sub|sup|label)\b",
    re.IGNORECASE,
)


@dataclass(slots=True, kw_only=True)
class Cut:
    """A page without what was cut of it: what is left to parse, its JSON-LD, its navigation and footers, and how many
    bytes of scripts and their like went."""

    rest: bytes
    told: list[bytes]
    furniture: list[bytes]
    script_bytes: int

    def furniture_texts(self) -> Iterator[str]:
        """What a reader sees of each navigation and footer."""
        return (_ANY_TAG.sub(b" ", piece).decode("utf-8", "replace") for piece in self.furniture)


@cache
def _scanner() -> tuple[Callable[[bytes], _Marks], tuple[tuple[bytes, bool], ...]]:
    """Finds all marks in one scan, names in the three ways in which they are written, and what each is by its number:
    the name, and whether it closes. To look for each name by itself costs as much every time."""
    spelt = {(b"<" + way(name)): (name, False) for name in (*_NAMES, *_STORY) for way in _WAYS}
    spelt |= {(b"</" + way(name)): (name, True) for name in _NAMES for way in _WAYS}
    spelt[b"<" + _COMMENT] = _COMMENT, False
    return BytesAhoCorasick(list(spelt)).find_matches_as_indexes, tuple(spelt.values())


def _marks(page: bytes) -> _Marks:
    find = _scanner()[0]
    if len(page) <= WINDOW:
        return find(page)
    found: _Marks = []
    for at in range(0, len(page), WINDOW):
        piece = page[at : at + WINDOW + 16]
        found += [(kind, at + start, at + end) for kind, start, end in find(piece) if start < WINDOW]
        if len(found) > MAX_MARKS:
            break
    return found


@dataclass(slots=True, kw_only=True)
class Marks:
    """What opens in a page, with where it starts and its name ends; where end tags start, by name; and where elements
    start that navigation does not hold."""

    page: bytes
    opens: list[tuple[bytes, int, int]]
    ends: dict[bytes, list[int]]
    story: list[int]

    def may_hold(self, comment: bytes) -> bool:
        """Whether a comment may stand in the page; where it is too large to have been looked at whole, it may."""
        if len(self.page) > WINDOW:
            return comment in self.page
        comments = [start for name, start, _ in self.opens if name is _COMMENT]
        return any(map(self.page.startswith, repeat(comment), comments))


def look(page: bytes) -> Marks:
    """Where scripts and their like stand in a page."""
    kinds, size = _scanner()[1], len(page)
    seen = Marks(page=page, opens=[], ends={name: [] for name in _NAMES}, story=[])
    opens, ends, story = seen.opens, seen.ends, seen.story
    for kind, start, end in _marks(page):
        name, closes = kinds[kind]
        behind = page[end] if end < size else 0
        if closes:
            if behind in _ENDS_NAME:
                ends[name].append(start)
        elif name in ends:
            if behind in _ENDS_NAME:
                opens.append((name, start, end))
            if behind not in _IN_NAME and name not in _NO_STORY:
                story.append(start)
        elif name is _COMMENT:
            opens.append((name, start, end))
        elif behind not in _IN_NAME:
            story.append(start)
    return seen


def _any_within(places: list[int], start: int, stop: int) -> bool:
    place = bisect_left(places, start)
    return place < len(places) and places[place] < stop


def cut_scripts(seen: Marks, *, furniture: bool) -> Cut:
    """A page without its scripts, styles, drawings and comments; with `furniture`, without nav and footer elements too.
    Its encoding must print ASCII as ASCII."""
    page = seen.page
    kept: list[bytes] = []
    told: list[bytes] = []
    apart: list[bytes] = []
    done = left = 0
    open_ended: set[bytes] = set()  # looked for once: what does not close may not cost a search for each that opens
    for name, start, behind in seen.opens[:MAX_CUTS]:
        if start < done:
            continue
        if name is _COMMENT:
            end = page.find(b"-->", start + 2, start + COMMENT_BYTES) + 3
            if end < 3:
                continue
        else:
            is_furniture = name in {b"nav", b"footer"}
            if (is_furniture and not furniture) or name in open_ended:
                continue
            closing = seen.ends[name]
            place = bisect_left(closing, behind)
            last = closing[place] if place < len(closing) else -1
            if is_furniture and last + len(name) + 3 > start + FURNITURE_BYTES:
                last = -1
            end = page.find(b">", last) + 1 if last >= 0 else 0
            if end == 0 and name in {b"script", b"style"}:
                break
            if end == 0 or (is_furniture and _any_within(seen.story, behind, end)):
                if end == 0:
                    open_ended.add(name)
                left += is_furniture
                furniture = furniture and left < MOST_LEFT
                continue
            if is_furniture:
                apart.append(page[start:end])
            elif name == b"script":
                opened = page.find(b">", start, last)
                attributes = page[behind : min(opened, start + 600)]
                if attributes and b"ld+json" in attributes.lower() and end - opened <= MAX_LD_BYTES:
                    told.append(page[opened + 1 : last])
        kept.append(page[done:start])
        done = end
    kept.append(page[done:])
    rest = b"".join(kept) if len(kept) > 1 else page
    gone = len(page) - len(rest) - sum(map(len, apart))
    return Cut(rest=rest, told=told[:MAX_LD], furniture=apart, script_bytes=gone)


def is_deeper(page: bytes, limit: int) -> bool:
    """Whether elements may be nested deeper than `limit`: an end tag closes only an open element of its own name."""
    depth = 0
    opened: dict[bytes, int] = {}
    for end, name in _TAG.findall(page):
        count = opened.get(name, 0)
        if not end:
            opened[name] = count + 1
            depth += 1
            if depth > limit:
                return True
        elif count:
            opened[name] = count - 1
            depth -= 1
    return False
