"""Finding every term of the lexicon in a text, in one pass of an Aho-Corasick automaton.

The text is folded one to one (lower case, anything but letters and digits a space), so offsets stay those of the
text and a
space on both sides of a pattern is the word boundary. Overlaps are settled by layers: names hide topics inside them
("Ministry of Energy" is no energy deal), acts hide the marks inside them, and within a layer the longest term wins.
Layers are settled as they are asked for: ordinary news is told by its names, and what else it says is never looked at.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial

import ahocorasick_rs

from pipeline.detect.lexicon import Kind, Lexicon, Term

_GAP = re.compile(r"[\W_]")
_ASCII = "".join(_GAP.sub(" ", chr(each).lower()) for each in range(128))
_OTHER_GAP = re.compile(r"[^\w ]")

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


_TOPICS = _LAYER[Kind.FIELD]
_RIVALS = (_LAYER[Kind.ORGAN], _TOPICS)  # layers of which either may hide the other
Hit = tuple[int, int, Term, bool]
"""Start, end, and a term that may count there; whether it counts wherever it stands."""


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
    if text.isascii():
        return text.translate(_ASCII)
    lowered = text.lower()
    if len(lowered) != len(text):  # İ and a few others grow when lowered
        lowered = "".join(each.lower() if len(each.lower()) == 1 else each for each in text)
    return _OTHER_GAP.sub(" ", lowered.replace("_", " "))  # what is a space already is not put in again


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
        self._terms = tuple(
            tuple((_LAYER[each.kind], each, _plain(each)) for each in found) for found in terms.values()
        )
        self._automaton = ahocorasick_rs.AhoCorasick(list(terms))
        self._dense_terms = tuple(
            tuple((_LAYER[each.kind], each, _plain(each)) for each in found) for found in dense.values()
        )
        self._dense = ahocorasick_rs.AhoCorasick([text.strip() for text in dense])
        self._folded: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._needs: dict[tuple[str, ...], tuple[tuple[str, re.Pattern[str] | None], ...]] = {}
        self._exact = {term.text: " ".join(_GAP.sub(" ", term.text).split()) for term in lexicon.terms if term.exact}

    def scan(self, text: str, language: str) -> tuple[Mention, ...]:
        """Every term that counts, in order of place. `language` is the article's, for terms that count in one only."""
        return self.find(text, language).all()

    def find(self, text: str, language: str) -> Found:
        """The same, to be settled as far as it is asked for."""
        folded = f" {fold(text)} "
        dense = not text.isascii() and _DENSE.search(text) is not None
        if dense:  # "BSSNと": Latin letters inside such text are words of their own
            folded = _DENSE.sub(" ", folded)
        hits: dict[int, list[Hit]] = {}
        for pattern, start, end in self._automaton.find_matches_as_indexes(folded, overlapping=True):
            for layer, term, plain in self._terms[pattern]:
                hits.setdefault(layer, []).append((start, end - 2, term, plain))
        if dense:
            for pattern, start, end in self._dense.find_matches_as_indexes(text, overlapping=True):
                for layer, term, plain in self._dense_terms[pattern]:
                    hits.setdefault(layer, []).append((start, end, term, plain))
        return Found(hits, text, partial(self._counts, (text, folded, language)))

    def _counts(self, scanned: tuple[str, str, str], term: Term, start: int, end: int) -> bool:
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
        if term.word and _shouted(text, start, end):
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


def _plain(term: Term) -> bool:
    """Whether the term counts wherever it stands."""
    return not (
        term.exact or term.proper or term.word or term.languages or term.not_before or term.not_after or term.needs
    )


def _stands_for(known: Term, term: Term) -> bool:
    """Whether a form that is known makes another of the same meaning needless."""
    return known.kind is term.kind and known.ref == term.ref and not known.exact and known.languages == term.languages


def _shouted(text: str, start: int, end: int) -> bool:
    """Whether other words stand on the same line, and all of them in capitals."""
    left = text[max(0, start - AROUND) : start].rpartition("\n")[2]
    right = text[end : end + AROUND].partition("\n")[0]
    return (left + right).isupper()


class Found:
    """The terms of one text, each layer settled when it is first asked for."""

    def __init__(self, hits: dict[int, list[Hit]], text: str, counts: Callable[[Term, int, int], bool]) -> None:
        self._hits = hits
        self._text = text
        self._counts = counts
        self._kept: dict[int, list[Mention]] = {}

    def all(self) -> tuple[Mention, ...]:
        """Every term that counts, in order of place."""
        mentions = [mention for layer in sorted(self._hits) for mention in self._layer(layer)]
        mentions.sort(key=lambda each: (each.start, -each.end, _LAYER[each.term.kind]))
        return tuple(mentions)

    def of(self, *kinds: Kind) -> Iterator[Mention]:
        """The terms of these kinds that count, layer by layer."""
        for layer in sorted({_LAYER[kind] for kind in kinds}):
            for mention in self._layer(layer):
                if mention.term.kind in kinds:
                    yield mention

    def _layer(self, layer: int) -> list[Mention]:
        if layer not in self._kept:
            if layer in _RIVALS:
                self._part()
            else:
                self._kept[layer] = self._settled(layer)
        return self._kept[layer]

    def _settled(self, layer: int) -> list[Mention]:
        """The longest terms of a layer that no layer above hides."""
        counting = [
            Mention(start, end, term)
            for start, end, term, plain in self._hits.get(layer, ())
            if "\n" not in self._text[start:end] and (plain or self._counts(term, start, end))
        ]
        found = _longest(counting, nested=layer == _TOPICS)
        hiders = [mention for above in _HIDDEN_BY.get(layer, ()) for mention in self._layer(above)]
        return _outside(found, hiders) if found and hiders else found

    def _part(self) -> None:
        """ "space agency" is an organ, "e-government" a topic: the longer one stands."""
        organs, topics = (self._settled(layer) for layer in _RIVALS)
        if organs and topics:
            organs = [each for each in organs if not any(_inside(each, topic) for topic in topics)]
            topics = _outside(topics, organs)
        self._kept |= zip(_RIVALS, (organs, topics), strict=True)


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
