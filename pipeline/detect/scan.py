"""Finding every term of the lexicon in a text, in one pass of an Aho-Corasick automaton.

The text is folded one to one (lower case, anything but letters and digits a space), so offsets stay those of the
text and a
space on both sides of a pattern is the word boundary. Overlaps are settled by layers: names hide topics inside them
("Ministry of Energy" is no energy deal), acts hide the marks inside them, and within a layer the longest term wins.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import ahocorasick_rs

from pipeline.detect.lexicon import Kind, Lexicon, Term

_GAP = re.compile(r"[\W_]")

_LAYER = {
    Kind.COUNTRY: 0,
    Kind.DEMONYM: 0,
    Kind.CITY: 0,
    Kind.METONYM: 0,
    Kind.NICKNAME: 0,
    Kind.REGION: 0,
    Kind.BLOC: 0,
    Kind.INSTITUTION: 0,
    Kind.POST: 0,
    Kind.PERSON: 0,
    Kind.PLACE: 0,
    Kind.ORGAN: 1,
    Kind.PRIVATE: 2,
    Kind.INSTRUMENT: 3,
    Kind.ACT: 4,
    Kind.MARK: 5,
    Kind.COOPERATION: 6,
    Kind.BOTH: 7,
    Kind.FIELD: 8,
    Kind.SUBJECT: 9,
}
_HIDDEN_BY = {  # layer -> layers whose terms hide what lies inside them
    1: (0,),
    2: (0,),
    3: (0,),
    4: (0,),
    5: (0, 4),
    8: (0,),
    9: (0,),
}


@dataclass(frozen=True, slots=True)
class Mention:
    """A term where it stands: `start` and `end` in code points of the scanned text."""

    start: int
    end: int
    term: Term

    @property
    def kind(self) -> Kind:
        return self.term.kind

    @property
    def ref(self) -> str:
        return self.term.ref


def fold(text: str) -> str:
    """Lower case, one space for every character that is no letter or digit, same length as `text`."""
    lowered = text.lower()
    if len(lowered) != len(text):  # İ and a few others grow when lowered
        lowered = "".join(each.lower() if len(each.lower()) == 1 else each for each in text)
    return _GAP.sub(" ", lowered)


_DENSE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
"""Kana, Han and Hangul: written without spaces around words, so that their terms count wherever they stand."""


AROUND = 60
"""Characters on each side by which a line of capitals is known."""

_OWNED = (Kind.INSTRUMENT, Kind.FIELD, Kind.COOPERATION)
"""Kinds whose Indonesian words also stand with the clitic: `nota kesepahamannya`."""


class Scanner:
    """The lexicon compiled. Immutable after construction; safe to share between threads."""

    def __init__(self, lexicon: Lexicon) -> None:
        terms: dict[str, list[Term]] = {}
        for term in lexicon.terms:
            printed = fold(term.text).strip()
            # "Sains, dan Teknologi" folds to two spaces; copies without the comma to one
            forms = [f" {printed} ", f" {' '.join(printed.split())} "]
            if (term.kind in _OWNED or (term.kind is Kind.ACT and printed.startswith(("pe", "me")))) and not term.exact:
                forms.append(f" {printed}nya ")
            if term.kind is Kind.FIELD and not term.exact and not printed.endswith("s"):
                forms.append(f" {printed}s ")
            for folded in dict.fromkeys(forms):
                known = terms.setdefault(folded, []) if len(folded) > 2 else [term]
                if not any(_stands_for(each, term) for each in known):
                    known.append(term)
        dense = {text: terms.pop(text) for text in [text for text in terms if _DENSE.search(text)]}
        self._terms = tuple(tuple(each) for each in terms.values())
        self._automaton = ahocorasick_rs.AhoCorasick(list(terms))
        self._dense_terms = tuple(tuple(each) for each in dense.values())
        self._dense = ahocorasick_rs.AhoCorasick([text.strip() for text in dense])
        self._folded: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._needs: dict[tuple[str, ...], tuple[tuple[str, re.Pattern[str] | None], ...]] = {}
        self._exact = {term.text: " ".join(_GAP.sub(" ", term.text).split()) for term in lexicon.terms if term.exact}

    def scan(self, text: str, language: str) -> tuple[Mention, ...]:
        """Every term that counts, in order of place. `language` is the article's, for terms that count in one only."""
        folded = f" {fold(text)} "
        dense = _DENSE.search(text) is not None
        if dense:  # "BSSNと": Latin letters inside such text are words of their own
            folded = _DENSE.sub(" ", folded)
        layers: dict[int, list[Mention]] = {}
        for pattern, start, end in self._automaton.find_matches_as_indexes(folded, overlapping=True):
            for term in self._terms[pattern]:
                if self._counts(term, (text, folded, language), start, end - 2):
                    layers.setdefault(_LAYER[term.kind], []).append(Mention(start, end - 2, term))
        if dense:
            for pattern, start, end in self._dense.find_matches_as_indexes(text, overlapping=True):
                for term in self._dense_terms[pattern]:
                    if self._counts(term, (text, folded, language), start, end):
                        layers.setdefault(_LAYER[term.kind], []).append(Mention(start, end, term))
        return _settle(layers)

    def _counts(self, term: Term, scanned: tuple[str, str, str], start: int, end: int) -> bool:
        text, folded, language = scanned
        # `start` and `end` are offsets in `text`; `folded` has one more space in front
        printed = text[start:end]
        if term.exact:
            if " ".join(_GAP.sub(" ", printed).split()) != self._exact[term.text]:
                shouted = term.kind in (Kind.COUNTRY, Kind.INSTITUTION) and len(printed) >= 4 and printed.isupper()
                if not shouted:
                    return False
        elif term.proper and not printed[0].isupper():
            return False
        if "\n" in printed or (term.word and _shouted(text, start, end)):
            return False
        if term.languages and language not in term.languages and language not in ("", "und"):
            return False
        if term.not_before and any(
            folded.startswith(f"{word} ", end + 2) if word[0].isalnum() else text.startswith(word, end)
            for word in map(str.lower, term.not_before)
        ):
            return False
        if term.not_after and folded.endswith(self._padded(term.not_after), 0, start + 1):
            return False
        return not term.needs or any(
            word in folded and (initials is None or initials.search(text) is not None)
            for word, initials in self._needed(term.needs)
        )

    def _padded(self, words: tuple[str, ...]) -> tuple[str, ...]:
        """The words as they stand in folded text, a space on both sides; each tuple is folded once."""
        known = self._folded.get(words)
        if known is None:
            known = self._folded[words] = tuple(f" {' '.join(fold(word).split())} " for word in words)
        return known

    def _needed(self, words: tuple[str, ...]) -> tuple[tuple[str, re.Pattern[str] | None], ...]:
        """The padded words, each with a pattern where its capitals count: the `US` of a rule is no `us`."""
        known = self._needs.get(words)
        if known is None:
            capitals = (re.compile(rf"\b{word}\b") if word.isupper() and len(word) <= 4 else None for word in words)
            known = self._needs[words] = tuple(zip(self._padded(words), capitals, strict=True))
        return known


def _stands_for(known: Term, term: Term) -> bool:
    """Whether a form that is known makes another of the same meaning needless."""
    return known.kind is term.kind and known.ref == term.ref and not known.exact and known.languages == term.languages


def _shouted(text: str, start: int, end: int) -> bool:
    """Whether other words stand on the same line, and all of them in capitals."""
    left = text[max(0, start - AROUND) : start].rpartition("\n")[2]
    right = text[end : end + AROUND].partition("\n")[0]
    return (left + right).isupper()


def _settle(layers: dict[int, list[Mention]]) -> tuple[Mention, ...]:
    kept: dict[int, list[Mention]] = {}
    for layer in sorted(layers):
        found = _longest(layers[layer], nested=layer == _LAYER[Kind.FIELD])
        hiders = [mention for above in _HIDDEN_BY.get(layer, ()) for mention in kept.get(above, ())]
        if hiders:
            found = _outside(found, hiders)
        kept[layer] = found
    organs, topics = kept.get(1), kept.get(8)
    if organs and topics:
        # "space agency" is an organ, "e-government" a topic: the longer one stands
        kept[1] = [each for each in organs if not any(_inside(each, topic) for topic in topics)]
        kept[8] = _outside(topics, kept[1])
    mentions = [mention for found in kept.values() for mention in found]
    mentions.sort(key=lambda each: (each.start, -each.end, _LAYER[each.term.kind]))
    return tuple(mentions)


def _inside(one: Mention, other: Mention) -> bool:
    return other.start <= one.start and one.end <= other.end and (one.start, one.end) != (other.start, other.end)


def _longest(mentions: list[Mention], *, nested: bool) -> list[Mention]:
    """Leftmost longest; terms that share one span all stay, and where `nested`, a term of another ref inside a longer
    one.
    """
    mentions.sort(key=lambda each: (each.start, -each.end))
    kept: list[Mention] = []
    inner: list[Mention] = []
    for mention in mentions:
        if kept and mention.start < kept[-1].end:
            last = kept[-1]
            if mention.start == last.start and mention.end == last.end:
                kept.append(mention)
            elif nested and not mention.term.weak and mention.end <= last.end and mention.ref != last.ref:
                inner.append(mention)
            continue
        kept.append(mention)
    return sorted(kept + inner, key=lambda each: each.start) if inner else kept


def _outside(mentions: list[Mention], hiders: Iterable[Mention]) -> list[Mention]:
    taken = sorted((each.start, each.end) for each in hiders)
    kept: list[Mention] = []
    at = 0
    for mention in mentions:
        while at < len(taken) and taken[at][1] <= mention.start:
            at += 1
        if at < len(taken) and taken[at][0] < mention.end:
            continue
        kept.append(mention)
    return kept
