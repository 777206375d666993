"""A recurring line of an outlet's pages: what was counted of it and what was made of it. Both the stages and the store
know this noun, and nothing stands beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

TOTAL = ""
"""The hash under which an outlet's row stands that counts all its articles."""

RULE = "learned"
"""The name under which a learned line is cut."""


class LineState(StrEnum):
    """What a line is taken for."""

    COUNTED = "counted"  # seen, not yet often enough
    LEARNED = "learned"  # cut, because it recurs
    PINNED = "pinned"  # cut, because a person said so
    REFUSED = "refused"  # never cut, because a person said so


@dataclass(frozen=True, slots=True, kw_only=True)
class Furniture:
    """A line of an outlet by its hash. `text` is kept from the second article on: a line of one article is its own.

    `articles` counts distinct texts that hold it, `days` names the days of publication (at most eight, ISO, with spaces
    between), `topics` the words of those articles' headlines, each with its number behind it, most frequent first;
    `base` is how many articles of the outlet had been counted before the first that holds it.
    """

    outlet: str
    hash: str
    text: str
    articles: int
    base: int
    days: str
    topics: str
    first_seen: datetime
    last_seen: datetime
    state: LineState = LineState.COUNTED
