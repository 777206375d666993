"""Scripts, styles and comments out of a page before it is parsed: they are half of its bytes and none of its text.

JSON-LD is handed out on the way. What does not close within reach is left to the parser, which knows the rules.
"""

from __future__ import annotations

import re

MAX_LD = 12
"""JSON-LD scripts of a page that are read."""

MAX_LD_CHARS = 400_000
MAX_CUTS = 6_000

COMMENT_CHARS = 20_000
"""Characters within which a comment must close to be cut: longer ones are more often a stray mark in an attribute."""

DEEP_FROM = 8_000
"""Tags below which depth cannot cost much: the parser's work on unclosed elements grows with the square of them."""

_OPEN = re.compile(r"<(?:!--|(script|style)(?=[\s/>]))", re.IGNORECASE)
_CLOSE = {
    "script": re.compile(r"</script(?=[\s/>])", re.IGNORECASE),
    "style": re.compile(r"</style(?=[\s/>])", re.IGNORECASE),
}
_TAG = re.compile(
    r"<(/?)(div|section|span|article|main|ul|ol|table|tbody|font|b|i|em|strong|center|blockquote|form|a|dl|header|"
    r"footer|aside|nav|figure|details|small|u|s|code|sub|sup|label)\b",
    re.IGNORECASE,
)


def cut_scripts(text: str) -> tuple[str, list[str]]:
    """A page without its scripts, styles and comments, and its JSON-LD."""
    kept: list[str] = []
    told: list[str] = []
    done = at = 0
    for _ in range(MAX_CUTS):
        found = _OPEN.search(text, at)
        if found is None:
            break
        start = found.start()
        if found[1] is None:
            end = text.find("-->", start + 2, start + COMMENT_CHARS)
            if end < 0:
                at = start + 4
                continue
        else:
            opened = text.find(">", start)
            close = _CLOSE[found[1].lower()].search(text, opened) if opened >= 0 else None
            if close is None:
                break
            if "ld+json" in text[start : min(opened, start + 600)].lower() and close.start() - opened <= MAX_LD_CHARS:
                told.append(text[opened + 1 : close.start()])
            end = text.find(">", close.start())
        kept.append(text[done:start])
        done = at = len(text) if end < 0 else end + (3 if found[1] is None else 1)
    kept.append(text[done:])
    return "".join(kept) if len(kept) > 1 else text, told[:MAX_LD]


def is_deeper(text: str, limit: int) -> bool:
    """Whether elements may be nested deeper than `limit`: an end tag closes only an open element of its own name."""
    depth = 0
    opened: dict[str, int] = {}
    for end, name in _TAG.findall(text):
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
