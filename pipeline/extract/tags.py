"""The parser's numbers of HTML's elements: asking a node for its number costs a third of asking for its name.

Numbers of elements that HTML knows are the same in every document; others get one of their own in each, above `KNOWN`.
"""

from __future__ import annotations

from functools import cache

from selectolax.lexbor import LexborHTMLParser

TEXT, COMMENT = 2, 4
"""The numbers of text nodes and comments (`LXB_TAG__TEXT`, `LXB_TAG__EM_COMMENT`)."""

KNOWN = 4096
"""Above every number of an element that HTML knows."""


@cache
def number_of(tag: str) -> int:
    """The number of an element that HTML knows."""
    number = int(LexborHTMLParser("").create_node(tag).tag_id)
    assert number < KNOWN, tag
    return number


@cache
def numbers_of(tags: str) -> frozenset[int]:
    """The numbers of several elements, given as names with spaces between."""
    return frozenset(map(number_of, tags.split()))
