"""Where a country word stands in its phrase: right after an organ, before it, behind its city, in a row of places."""

from __future__ import annotations

import re

from pipeline.detect.lexicon import Kind
from pipeline.detect.scan import Mention, fold
from pipeline.detect.sentences import Sentence, Zone

NATION = (Kind.COUNTRY, Kind.DEMONYM)


def following(mention: Mention, names: list[Mention], text: str) -> Mention | None:
    """A country word right after, an abbreviation in brackets between them allowed."""
    for nation in names:
        if nation.start >= mention.end:
            gap = text[mention.end : nation.start]
            return nation if re.fullmatch(r"\s*(?:\([\w .&-]{1,20}\)\s*)?", gap) else None
    return None


def preceding(mention: Mention, names: list[Mention], text: str) -> Mention | None:
    for nation in reversed(names):
        if nation.end <= mention.start:
            gap = text[nation.end : mention.start]
            return nation if re.fullmatch(r"['’]s?\s+|\s+", gap) else None
    return None


def of(mention: Mention, names: list[Mention], text: str) -> Mention | None:
    for nation in names:
        if nation.start >= mention.end:
            gap = text[mention.end : nation.start]
            return nation if re.fullmatch(r"\s*(?:\([\w .&-]{1,20}\)\s*)?(?:of|for)\s+(?:the\s+)?", gap) else None
    return None


def hyphenated(text: str, mention: Mention) -> bool:
    return text[mention.end : mention.end + 1] in "-–/" or text[max(0, mention.start - 1) : mention.start] in (
        "-",
        "–",
        "/",
    )


def apposed(text: str, mention: Mention, sentence: Sentence) -> bool:
    """`Tokyo, Jepang` or `, Tokyo,`: a venue inside a list of places; but `Seoul, Jakarta sign` names two capitals."""
    if text[max(0, mention.start - 2) : mention.start] != ", ":
        return False
    first = next((each for each in sentence.mentions if each.kind in (Kind.CITY, *NATION)), None)
    return first is None or not (first.start == sentence.start and first.end == mention.start - 2)


def opposite(nation: Mention, text: str, counterparts: frozenset[str]) -> bool:
    """`its Indonesian counterpart`: the other side's organ of the same kind."""
    after = fold(text[nation.end : nation.end + 30]).split()[:1]
    before = fold(text[max(0, nation.start - 20) : nation.start]).split()[-1:]  # "son homologue indonésien"
    told = bool(before) and before[0] in counterparts and text[nation.start].islower()
    return (bool(after) and after[0] in counterparts) or told


def part_of_name(organ: Mention, private: Mention, sentence: Sentence, text: str) -> bool:
    """A capitalised company word in running text close behind an organ word belongs to the organ's name."""
    return (
        sentence.zone is not Zone.TITLE
        and text[organ.start].isupper()
        and text[private.start].isupper()
        and private.start - organ.end < 30
        and not text[private.start : private.end].isupper()
    )


def in_list_of_places(mention: Mention, sentence: Sentence, text: str) -> bool:
    """`in Vientiane, Laos`: the country behind its city."""
    return any(
        each.kind in (Kind.CITY, Kind.PLACE) and each.end <= mention.start and text[each.end : mention.start] == ", "
        for each in sentence.mentions
    )


def words_before(text: str, at: int, count: int) -> set[str]:
    return set(fold(text[max(0, at - 30) : at]).split()[-count:])
