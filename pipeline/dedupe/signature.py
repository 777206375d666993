"""The fingerprint of a text: MinHash over 3-word shingles, keys to look neighbours up by, and its facts in place.

`SIGNATURE_VERSION` names the whole definition, `words` and `facts` included; whoever changes a bit of it raises the
number, and the known-answer test says so. A library's hash is not used on purpose: both known ones have invalidated
stored signatures by an upgrade.

- One-permutation hashing into 128 bins, empty bins filled from chosen full ones (optimal densification, Shrivastava
  2017): as accurate as 128 permutations at a fraction of the work.
- 32 bands of 4 values find pairs that resemble one another; 8 anchors (the smallest hashes of runs of 8 words) find a
  copy inside a longer text, which resembles it little.
- The blob holds the 128 values, the hashes of the first `LEAD_WORDS` words' shingles, and up to 64 facts.
- A text below `MIN_WORDS` words has no signature: only exact equality counts for it.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from pipeline.dedupe.facts import Slots, slots
from pipeline.dedupe.words import Hashes, Words, mix, split
from pipeline.model import Fingerprint

SIGNATURE_VERSION = 1
VALUES = 128
BANDS = 32
ANCHORS = 8
MIN_WORDS = 40
LEAD_WORDS = 60
"""How many words open a story: a text that opens with its own is not a copy, however much background it repeats."""

_SHINGLE = (0xD6E8FEB86659FD93, 0xA3B195354A39B70D, 0x1B03738712FAD5C9)
_BAND_PLACE = 0xE7037ED1A0B428DB
_BAND = (0x8EBC6AF09C88C6E3, 0x589965CC75374CC3, 0x1D8E4E27C47D124F, 0xEB44ACCAB455D165)
_TRIES = 64
_BYTES = VALUES * 4
_LEAD_BYTES = (LEAD_WORDS - 2) * 4

Values = npt.NDArray[np.uint32]


def fingerprint(key: str, text: str) -> Fingerprint:
    """What is kept of a body text (see `body.body`) for duplicate search."""
    words = split(text)
    text_hash = hashlib.blake2b(words.hashes.astype("<u8").tobytes(), digest_size=16).hexdigest()
    if len(words) < MIN_WORDS:
        return Fingerprint(
            key=key, version=SIGNATURE_VERSION, text_hash=text_hash, signature=b"", bands=(), words=len(words)
        )
    runs = _joined(words.hashes)
    values = _minhash(_distinct(np.sort(runs)))
    opening = np.zeros(LEAD_WORDS - 2, np.uint32)  # zero: no such word
    opening[: len(runs)] = runs[: LEAD_WORDS - 2] & np.uint64(0xFFFFFFFF)
    blob = values.astype("<u4").tobytes() + opening.astype("<u4").tobytes() + slots(words).astype("<u8").tobytes()
    keys = np.concatenate([_bands(values), _anchors(runs)]).view(np.int64)
    return Fingerprint(
        key=key,
        version=SIGNATURE_VERSION,
        text_hash=text_hash,
        signature=blob,
        bands=tuple(keys.tolist()),
        words=len(words),
    )


def shingles(words: Words) -> Hashes:
    """The set of 3-word shingles of a text as sorted hashes."""
    hashes = words.hashes
    if len(hashes) < 3:
        return hashes[:0]
    return _distinct(np.sort(_joined(hashes)))


def _distinct(ordered: Hashes) -> Hashes:
    fresh = np.ones(len(ordered), np.bool_)
    fresh[1:] = ordered[1:] != ordered[:-1]
    return ordered[fresh]


def lead(words: Words) -> Values:
    """The shingles that open a text, cut to 32 bits."""
    return (_joined(words.hashes[:LEAD_WORDS]) & np.uint64(0xFFFFFFFF)).astype(np.uint32)


def _joined(hashes: Hashes) -> Hashes:
    a, b, c = (np.uint64(factor) for factor in _SHINGLE)
    return mix(hashes[:-2] * a + hashes[1:-1] * b + hashes[2:] * c)


def values_of(print_: Fingerprint) -> Values | None:
    """The MinHash values of a fingerprint; None for one without, or of another version."""
    if print_.version != SIGNATURE_VERSION or len(print_.signature) < _BYTES:
        return None
    return np.frombuffer(print_.signature, "<u4", VALUES)


def lead_of(print_: Fingerprint) -> Values:
    """The opening of a fingerprinted text (`lead`); empty for one without, or of another version."""
    if values_of(print_) is None or len(print_.signature) < _BYTES + _LEAD_BYTES:
        return np.zeros(0, np.uint32)
    opening = np.frombuffer(print_.signature[_BYTES : _BYTES + _LEAD_BYTES], "<u4")
    return opening[opening > 0]


def slots_of(print_: Fingerprint) -> Slots:
    """The sampled facts of a fingerprint (`facts.slots`); empty for one without, or of another version."""
    blob = print_.signature[_BYTES + _LEAD_BYTES :] if print_.version == SIGNATURE_VERSION else b""
    return np.frombuffer(blob[: len(blob) // 8 * 8], "<u8")


def estimate(a: Fingerprint, b: Fingerprint) -> float:
    """The estimated resemblance (Jaccard of the shingle sets) of two texts, 0 to 1; its error is about 0.04.

    Two texts too short for a signature resemble one another only when they are equal.
    """
    left, right = values_of(a), values_of(b)
    if left is None or right is None:
        return 1.0 if a.version == b.version and a.text_hash == b.text_hash else 0.0
    return float(np.count_nonzero(left == right)) / VALUES


def containment(resemblance: float, words_a: int, words_b: int) -> float:
    """How much of the shorter text stands in the longer one, from their resemblance and lengths, 0 to 1."""
    shorter = min(words_a, words_b) - 2
    if shorter <= 0:
        return resemblance
    shared = resemblance / (1 + resemblance) * (words_a + words_b - 4)
    return min(1.0, shared / shorter)


def _minhash(hashes: Hashes) -> Values:
    """The smallest shingle hash of each of 128 bins; `hashes` is sorted and not empty."""
    starts = np.searchsorted(hashes, _bounds())
    full = starts[1:] > starts[:-1]
    first = hashes[np.minimum(starts[:-1], len(hashes) - 1)]
    values = ((first >> np.uint64(25)) & np.uint64(0xFFFFFFFF)).astype(np.uint32)
    if full.all():
        return values
    empty = np.flatnonzero(~full)
    chances = full[_detours()[empty]]
    source = _detours()[empty, chances.argmax(axis=1)]
    source = np.where(chances.any(axis=1), source, np.flatnonzero(full)[0])
    values[empty] = values[source]
    return values


@lru_cache(maxsize=1)
def _bounds() -> Hashes:
    """Lower bounds of the bins and the end: the top seven bits of a hash choose its bin."""
    bounds = np.arange(VALUES + 1, dtype=np.uint64) << np.uint64(57)
    bounds[VALUES] = np.uint64(0xFFFFFFFFFFFFFFFF)
    return bounds


@lru_cache(maxsize=1)
def _detours() -> npt.NDArray[np.int64]:
    """For each bin, in which order others are tried when it is empty: random, and the same for every text."""
    seeds = np.arange(1, VALUES * _TRIES + 1, dtype=np.uint64) * np.uint64(_SHINGLE[0])
    return (mix(seeds) >> np.uint64(57)).astype(np.int64).reshape(VALUES, _TRIES)


def _bands(values: Values) -> Hashes:
    rows = values.astype(np.uint64).reshape(BANDS, VALUES // BANDS)
    joined = (rows * np.array(_BAND, np.uint64)).sum(axis=1, dtype=np.uint64)
    return mix(joined + np.arange(1, BANDS + 1, dtype=np.uint64) * np.uint64(_BAND_PLACE))


def _anchors(runs: Hashes) -> Hashes:
    """The smallest hashes of runs of eight words, each made of the three shingles that span it."""
    a, b, c = (np.uint64(factor) for factor in _BAND[:3])
    spans = mix(runs[:-5] * a + runs[3:-2] * b + runs[5:] * c)
    few = np.sort(np.partition(spans, ANCHORS * 2)[: ANCHORS * 2] if len(spans) > ANCHORS * 2 else spans)
    return _distinct(few)[:ANCHORS]
