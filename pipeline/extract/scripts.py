"""Scripts, styles and comments out of a page before it is parsed: they are half of its bytes and none of its text.
Navigation and footers go with them where they are closed and hold nothing of a story: a third of what is left.

JSON-LD is handed out on the way. What does not close within reach is left to the parser, which knows the rules.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

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

_OPEN = re.compile(rb"<(?:!--|(script|style|svg|nav|footer)(?=[\s/>]))", re.IGNORECASE)
_CLOSE = {
    name: re.compile(rb"</" + name + rb"(?=[\s/>])", re.IGNORECASE)
    for name in (b"script", b"style", b"svg", b"nav", b"footer")
}
_HOLDS = re.compile(rb"<(?:h1|article|main|nav|footer|script)\b", re.IGNORECASE)
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

    def furniture_text(self) -> str:
        """What a reader sees of the navigation and footers."""
        return b" ".join(_ANY_TAG.sub(b" ", piece) for piece in self.furniture).decode("utf-8", "replace")


def _end_tag(page: bytes, name: bytes, start: int, stop: int) -> int:
    """Where the end tag of an element stands, -1 where it has none."""
    found = _CLOSE[name].search(page, start, stop)
    return -1 if found is None else found.start()


def cut_scripts(page: bytes, *, furniture: bool) -> Cut:
    """A page without its scripts, styles, drawings and comments; with `furniture`, without nav and footer elements too.
    Its encoding must print ASCII as ASCII."""
    kept: list[bytes] = []
    told: list[bytes] = []
    apart: list[bytes] = []
    done = at = left = 0
    open_ended: set[bytes] = set()  # looked for once: what does not close may not cost a search for each that opens
    for _ in range(MAX_CUTS):
        found = _OPEN.search(page, at)
        if found is None:
            break
        start, name = found.start(), found[1]
        if name is None:
            end = page.find(b"-->", start + 2, start + COMMENT_BYTES)
            if end < 0:
                at = start + 4
                continue
            end += 3
        else:
            name = name.lower()
            is_furniture = name in {b"nav", b"footer"}
            if (is_furniture and not furniture) or name in open_ended:
                at = start + 4
                continue
            last = _end_tag(page, name, found.end(), start + FURNITURE_BYTES if is_furniture else len(page))
            end = page.find(b">", last) + 1 if last >= 0 else 0
            if end == 0 and name in {b"script", b"style"}:
                break
            if end == 0 or (is_furniture and _HOLDS.search(page, found.end(), end)):
                if end == 0:
                    open_ended.add(name)
                left += is_furniture
                furniture = furniture and left < MOST_LEFT
                at = start + 4
                continue
            if is_furniture:
                apart.append(page[start:end])
            elif name == b"script":
                opened = page.find(b">", start, last)
                if b"ld+json" in page[start : min(opened, start + 600)].lower() and end - opened <= MAX_LD_BYTES:
                    told.append(page[opened + 1 : last])
        kept.append(page[done:start])
        done = at = end
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
