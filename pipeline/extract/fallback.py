"""A second reader, trafilatura, for the pages on which our finder is unsure by its own measure, and which of the two
readings is kept.

Thresholds were set on the half called `set` (by hash of the name, `bench.extract.half`) of 90 saved news pages and of
our own hard pages (`tests/quality/hard_pages.py`), and reported on the other half: docs/text.md. Trafilatura is loaded
when the first such page comes.
"""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum
from functools import cache
from typing import Any

from pipeline.extract.budget import Budget
from pipeline.extract.plain import one_line
from pipeline.extract.survey import Survey, is_seen
from pipeline.model import Block, BlockKind

TOLD_LEAST = 0.15
"""Share of the headline's words that a story tells at the least; on news pages it is 0.2 or more, mostly above 0.5."""

TOLD_WORDS = 3
"""Words of a headline below which it is not asked whether the story tells them."""

LITTLE = 0.12
"""Share of a page's running text that its story has at the least; on news pages it is 0.22 or more."""

AGREED = 0.5
"""Share of the words of our reading that a structured body must hold to be the same story's."""

STUB = 700
"""Characters of story from which it is not doubted for what its page hides."""

RUNNING = 60
"""Characters from which the text of an element counts as running text."""

FOLDED = 1.5
"""Hidden running text per character of story from which hiding is the template's, undone by a script: a page hides no
more than it shows."""

LESS = 0.5
"""How much of our text the second reading must hold to be looked at: with less it has lost the story."""

LEFT_OUT = 0.8
"""How much of our text it may hold at most for the rest to be what stands around the story, taken along for want of a
container."""

WITHIN = 0.9
"""Share of its words that ours must hold for it to be ours without something: what holds others is another reading."""

MORE = 1.5
"""How much longer than ours it must be for ours to be a part."""

TOLD_LOST = 0.2
"""Share of the headline's words that it may tell less than ours."""

TOLD_GAINED = 0.3
"""Share of the headline's words that it must tell more than ours to be believed without more signs."""

SECONDS_PER_TAG = 50e-6
SECONDS_PER_CHARACTER = 0.8e-6
"""Processor time that the second reader takes at most (on 90 news pages 8 to 45 µs a tag, 0.1 to 0.8 a character)."""

MAX_DEPTH = 100
MAX_BLOCKS = 3000

_HIDING = re.compile(r"""display\s*:\s*none|visibility\s*:\s*hidden|\baria-hidden=["']?true|\shidden(?=[\s>=])""", re.I)
_WORD = re.compile(r"[^\W\d_]{4,}")
_BLOCKS = frozenset(("body", "p", "head", "list", "item", "quote", "table", "row", "cell", "div", "lb", "code", "ab"))
_KINDS = {"head": BlockKind.HEADING, "item": BlockKind.ITEM, "quote": BlockKind.QUOTE}


class Doubt(StrEnum):
    """Why a reading of our finder is doubted."""

    NOWHERE = "nowhere"  # no element within the page holds most of the text, or an outer one alone does
    UNTOLD = "untold"  # the story tells nothing of what the headline says
    LITTLE = "little"  # the story is little of the page's text
    FOLDED = "folded"  # more is hidden than shown


def _prose(blocks: Sequence[Block]) -> list[str]:
    """What is neither caption nor heading nor link."""
    apart = {BlockKind.CAPTION, BlockKind.HEADING}
    return [b.text for b in blocks if b.kind not in apart and b.link_share < 0.6 and len(b.text) >= 40]


def _size(blocks: Sequence[Block]) -> int:
    return sum(map(len, _prose(blocks)))


def _told(title: str, blocks: Sequence[Block], *, enough: float = 1.0) -> float:
    """The share of a headline's words that some blocks tell, counted until it is `enough`; 1 where it has too few to
    ask."""
    headline = title.casefold()
    words = set(_WORD.findall(headline))
    if len(words) < TOLD_WORDS:
        return 1.0
    left = set(words)
    for line in _prose(blocks):
        said = line.casefold()
        if said != headline:
            left = {word for word in left if word not in said}
            if len(words) - len(left) >= enough * len(words):
                break
    return 1 - len(left) / len(words)


def agrees(body: Sequence[Block], blocks: Sequence[Block], title: str) -> bool:
    """Whether the body that structured data gives is that of the page's story: it holds what ours does, or tells the
    headline where ours does not."""
    ours = set(_WORD.findall(" ".join(_prose(blocks)).casefold()))
    theirs = set(_WORD.findall(" ".join(block.text for block in body).casefold()))
    if ours and len(ours & theirs) >= AGREED * len(ours):
        return True
    told = _told(title, body)
    return told >= _told(title, blocks) + TOLD_GAINED if ours else told >= TOLD_LEAST


def _running(seen: Survey) -> int:
    return sum(bearer.size - bearer.linked for bearer in seen.bearers if bearer.size >= RUNNING)


def _hidden(seen: Survey, whole: Survey) -> int:
    """Characters of running text that a reader does not see. `whole` is the page before hidden parts were taken out;
    `seen` itself where none were."""
    if seen is not whole:
        return _running(whole) - _running(seen)
    return sum(b.size - b.linked for b in seen.bearers if b.size >= RUNNING and not is_seen(b.node))


def doubt_of(seen: Survey, whole: Survey, blocks: Sequence[Block], title: str, *, is_wide: bool) -> Doubt | None:
    """Why our finder's reading is to be doubted, None where it is not. `seen` is what it was made from, `whole` the
    page before hidden parts were taken out of it; `is_wide`: it found no place for the story, or a wide one."""
    size, running = _size(blocks), _running(whole)
    if size < STUB and running > FOLDED * size and _hidden(seen, whole) > FOLDED * size:
        return Doubt.FOLDED
    if is_wide:
        return Doubt.NOWHERE
    if size < LITTLE * running:
        return Doubt.LITTLE
    return Doubt.UNTOLD if _told(title, blocks, enough=TOLD_LEAST) < TOLD_LEAST else None


def is_better(second: Sequence[Block], first: Sequence[Block], title: str, doubt: Doubt) -> bool:
    """Whether the second reading is to be kept: it tells more of the headline, or as much and left out what ours took
    along, or found what ours was too little of."""
    ours, theirs = _size(first), _size(second)
    gain = _told(title, second) - _told(title, first)
    if theirs < LESS * ours or not theirs or gain < -TOLD_LOST:
        return False
    if theirs >= MORE * ours and doubt in {Doubt.LITTLE, Doubt.FOLDED}:
        return True
    return gain >= TOLD_GAINED or (theirs < LEFT_OUT * ours and _is_within(second, first))


def _is_within(second: Sequence[Block], first: Sequence[Block]) -> bool:
    """Whether the second reading is the first without something, word for word."""
    words = [Counter(_WORD.findall(" ".join(_prose(blocks)).casefold())) for blocks in (second, first)]
    return (words[0] & words[1]).total() >= WITHIN * words[0].total()


@cache
def _trafilatura() -> Any:
    """The library, and its errors: those of its parser, and what its own code lets through on markup it did not expect
    (it promises ValueError alone)."""
    import trafilatura  # noqa: PLC0415 - 0.15 s that only a page in doubt costs
    from lxml.etree import LxmlError  # noqa: PLC0415

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # it reports every page without a text as an error
    return trafilatura, (LxmlError, ValueError, TypeError, AttributeError, LookupError, AssertionError, RecursionError)


def unfolded(markup: str) -> str:
    """Markup whose hidden parts are shown."""
    return _HIDING.sub(" ", markup)


def read_again(markup: str, budget: Budget) -> tuple[list[Block], Budget]:
    """What trafilatura reads in a page, none where the time left is too short for it; and the budget, longer by the
    time of loading the library."""
    started = budget.clock()
    library, errors = _trafilatura()
    now = budget.clock()
    budget = replace(budget, deadline=budget.deadline + now - started)
    longest = max(SECONDS_PER_TAG * markup.count("<"), SECONDS_PER_CHARACTER * len(markup))
    if now + longest > budget.deadline:
        return [], budget
    try:
        said = library.bare_extraction(markup, favor_precision=True, include_comments=False, include_links=True)
    except errors:
        return [], budget
    if said is None:
        return [], budget
    walk = _Walk()
    walk.into(said.body, BlockKind.PARAGRAPH, 0, link=False)
    return walk.blocks, budget


class _Walk:
    """One walk over trafilatura's own elements (TEI's names) that collects blocks."""

    __slots__ = ("blocks", "linked", "parts")

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.parts: list[str] = []
        self.linked = 0

    def flush(self, kind: BlockKind) -> None:
        text = one_line("".join(self.parts))
        linked, self.linked = self.linked, 0
        self.parts = []
        if text and len(self.blocks) < MAX_BLOCKS:
            share = round(min(1.0, linked / len(text)), 3) if linked else 0.0
            self.blocks.append(Block(text=text, kind=kind, link_share=share))

    def say(self, text: str | None, *, link: bool) -> None:
        if text:
            self.parts.append(text)
            self.linked += len(text.strip()) if link else 0

    def into(self, element: Any, kind: BlockKind, depth: int, *, link: bool) -> None:
        tag = element.tag
        if depth > MAX_DEPTH or not isinstance(tag, str):  # comments and instructions have no name
            return
        own, is_block = _KINDS.get(tag, kind), tag in _BLOCKS
        if is_block:
            self.flush(kind)
        link = link or tag == "ref"
        self.say(element.text, link=link)
        for child in element:
            self.into(child, own, depth + 1, link=link)
            self.say(child.tail, link=link)
        if is_block:
            self.flush(own)
