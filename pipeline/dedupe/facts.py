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

from pipeline.dedupe.words import Words, mix

Slots = npt.NDArray[np.uint64]

MAX_SLOTS = 64
"""How many (place, fact) pairs a fingerprint keeps: those with the smallest places, so that two texts keep the same."""

_PLACE = (0xBF58476D1CE4E5B9, 0x94D049BB133111EB)
_LOW = np.uint64(0xFFFFFFFF)


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


def slots(words: Words, *, limit: int = MAX_SLOTS) -> Slots:
    """The facts of a text, each as place (upper 32 bits) and fact (lower 32 bits), sorted; at most `limit`."""
    fact = words.digit | words.capital
    at = np.flatnonzero(fact)
    frame = words.hashes[~fact]
    before = at - np.arange(len(at))  # ordinary words before each fact
    known = before >= 2
    at, before = at[known], before[known]
    if not len(at):
        return np.zeros(0, np.uint64)
    one, two = (np.uint64(factor) for factor in _PLACE)
    place = mix(frame[before - 1] * one + frame[before - 2] * two)
    pairs = (place & ~_LOW) | (mix(words.hashes[at]) & _LOW)
    return np.unique(pairs)[:limit]


def agreement(a: Slots, b: Slots) -> Agreement:
    """Compare the facts of two texts where their places are the same."""
    if not len(a) or not len(b):
        return Agreement(shared=0, kept=0)
    high = np.uint64(32)
    places_a, places_b = a >> high, b >> high
    shared = np.intersect1d(places_a, places_b)
    if not len(shared):
        return Agreement(shared=0, kept=0)
    _, count_a = np.unique(places_a[np.isin(places_a, shared)], return_counts=True)
    _, count_b = np.unique(places_b[np.isin(places_b, shared)], return_counts=True)
    kept = len(np.intersect1d(a, b))
    return Agreement(shared=int(np.minimum(count_a, count_b).sum()), kept=kept)
