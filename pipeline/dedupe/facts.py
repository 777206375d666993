"""Facts in place: what stands in the gaps of a text's frame.

A bulletin (an earthquake, a price list, the weather, a match) repeats its frame word for word and changes numbers and
names; an edited copy changes words and keeps them. So each fact (a word with a digit, or a capitalised word that opens
no sentence) is kept with its place, the two ordinary words before it. Where two texts share places, a copy has the same
facts in them and a bulletin has others; whole paragraphs cut or added share no place and do not matter.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.dedupe.words import HALF, Words, mix

Slots = npt.NDArray[np.uint64]

MAX_SLOTS = 64
"""How many (place, fact) pairs a fingerprint keeps: those with the smallest places, so that two texts keep the same."""

_PLACE = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))
_HIGH, _SHORT = np.uint64(0xFFFFFFFF00000000), np.uint64(0xFFFF)
_16, _48 = np.uint64(16), np.uint64(48)


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """How far two texts agree in their facts: `shared` facts stand in common places, `kept` of them are equal."""

    shared: int
    kept: int

    @property
    def changed(self) -> int:
        return self.shared - self.kept

    @property
    def share(self) -> float:
        return self.kept / self.shared if self.shared else 1.0


def slots(words: Words) -> Slots:
    """The facts of a text, each as place (upper 32 bits) and fact (lower 32 bits), sorted."""
    fact = words.digit | words.capital
    at = fact.nonzero()[0]
    before = at - np.arange(len(at))  # ordinary words before each fact
    skip = int(before.searchsorted(2))  # facts that open the text have no place
    if skip == len(at):
        return np.zeros(0, np.uint64)
    at, before = at[skip:], before[skip:]
    frame = words.hashes[~fact]
    pairs = mix(frame[before - 1] * _PLACE[0] + frame[before - 2] * _PLACE[1])
    pairs &= _HIGH
    pairs |= words.hashes[at] >> HALF
    pairs.sort()
    fresh = np.ones(len(pairs), np.bool_)
    np.not_equal(pairs[1:], pairs[:-1], out=fresh[1:])
    return pairs[fresh]


def packed(facts: Slots) -> bytes:
    """At most `MAX_SLOTS` facts in four bytes each: sixteen bits of the place, sixteen of the fact."""
    few = facts[:MAX_SLOTS]
    return ((few >> _48 << _16) | (few >> _16 & _SHORT)).astype("<u4").tobytes()


def unpacked(blob: bytes) -> Slots:
    """What `packed` kept, to be compared with the same of another text only."""
    few = np.frombuffer(blob[: len(blob) // 4 * 4], "<u4").astype(np.uint64)
    return (few >> _16 << _48) | (few & _SHORT)


def agreement(a: Slots, b: Slots) -> Agreement:
    """Compare the facts of two texts where their places are the same."""
    if not len(a) or not len(b):
        return Agreement(shared=0, kept=0)
    places_a, places_b = a >> HALF, b >> HALF
    shared = np.intersect1d(places_a, places_b)
    if not len(shared):
        return Agreement(shared=0, kept=0)
    _, count_a = np.unique(places_a[np.isin(places_a, shared)], return_counts=True)
    _, count_b = np.unique(places_b[np.isin(places_b, shared)], return_counts=True)
    kept = len(np.intersect1d(a, b))
    return Agreement(shared=int(np.minimum(count_a, count_b).sum()), kept=kept)
