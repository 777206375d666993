"""Markup that no parser should be given: a tag of thousands of attributes, which takes one hours (each attribute is
compared with all before it: 40,000 took lexbor 3 s, and the time grows with the square). Pure."""

from __future__ import annotations

import re

LONG = 10_000
"""Characters of a tag from which its attributes are counted."""

MOST = 2_000
"""Attributes of one tag, at most."""

_TAG = re.compile(r"<[A-Za-z]")
_BETWEEN = re.compile(r"[\s/\"\'=]+")


def _has_long_run(html: str | bytes) -> bool:
    """Whether `LONG` characters stand anywhere without a tag's end; looks at few of them where none do."""
    end: str | bytes = ">" if isinstance(html, str) else b">"
    at = 0
    while at + LONG <= len(html):
        stop = html.rfind(end, at, at + LONG)  # type: ignore[arg-type]  # both of one kind
        if stop < 0:
            return True
        at = stop + 1
    return False


def tangled(html: str | bytes) -> bool:
    """Whether a tag may hold more than `MOST` attributes. Linear in the length."""
    if not _has_long_run(html):
        return False
    text = html if isinstance(html, str) else html.decode("latin-1")
    for piece in text.split(">"):
        if len(piece) < LONG:
            continue
        tag = _TAG.search(piece)
        if tag is None or len(piece) - tag.start() < LONG:
            continue
        if sum(1 for _ in _BETWEEN.finditer(piece, tag.start())) > MOST:
            return True
    return False
