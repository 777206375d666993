"""The fingerprint of a text: MinHash over 3-word shingles, keys to look neighbours up by, and its facts in place.

`SIGNATURE_VERSION` names the whole definition, `words` and `facts` included; whoever changes a bit of it raises the
number, and the known-answer test says so. A library's hash is not used on purpose: both known ones have invalidated
stored signatures by an upgrade.

- One-permutation hashing into 128 bins, empty bins filled from chosen full ones (optimal densification, Shrivastava
  2017): as accurate as 128 permutations at a fraction of the work. Eight bits of each value are kept (b-bit MinHash, Li
  and König 2010); what equals by chance is taken off again.
- 16 bands of 3 values find pairs that resemble one another; anchors (the smallest hashes of runs of 8 words, some of
  the opening, some of the whole) find a copy inside a longer text, which resembles it little.
- The blob holds the 128 values, the hashes of the first `LEAD_WORDS` words' shingles, and up to 64 facts.
- A text below `MIN_WORDS` words has no signature: only exact equality counts for it.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from pipeline.dedupe.facts import Slots, packed, slots, unpacked
from pipeline.dedupe.words import HALF, Hashes, Words, mix, split
from pipeline.model import Fingerprint

SIGNATURE_VERSION = 2
VALUES = 128
BANDS = 16
ROWS = 3
ANCHORS = 3
"""How many runs of the opening are keys, and how many of the whole text."""

OPENING_RUNS = 72
"""Among how many runs of eight words, from the first on, the anchors of the opening are chosen."""

MIN_WORDS = 40
LEAD_WORDS = 60
"""How many words open a story: a text that opens with its own is not a copy, however much background it repeats."""

_SHINGLE = (np.uint64(0xD6E8FEB86659FD93), np.uint64(0xA3B195354A39B70D))
_RUN = np.uint64(0x8EBC6AF09C88C6E3)
_ROW = np.array([[0x1D8E4E27C47D124F], [0xEB44ACCAB455D165], [0x8CB92BA72F3D8DD7]], np.uint64)
_PLACE = np.arange(1, BANDS + 1, dtype=np.uint64) * np.uint64(0xE7037ED1A0B428DB)
_BIN_BITS, _BIN, _VALUE, _TOP_SHORT = (np.uint64(bits) for bits in (7, 57, 49, 48))
_NONE = np.uint64(0xFFFFFFFFFFFFFFFF)
_TRIES = 64
_LEAD = LEAD_WORDS - 2
_CHANCE = 1 / 256

Values = npt.NDArray[np.uint8]
Opening = npt.NDArray[np.uint16]


def fingerprint(key: str, text: str) -> Fingerprint:
    """What is kept of a body text (see `body.body`) for duplicate search."""
    words = split(text)
    text_hash = hashlib.blake2b(words.hashes.astype("<u8", copy=False).tobytes(), digest_size=10).hexdigest()
    if len(words) < MIN_WORDS:
        return Fingerprint(
            key=key, version=SIGNATURE_VERSION, text_hash=text_hash, signature=b"", bands=(), words=len(words)
        )
    runs = _joined(words.hashes)
    least = _minhash(runs)
    opening = np.zeros(_LEAD, "<u2")  # zero: no such word
    opening[: len(runs)] = _opening(runs)
    keys = mix(np.concatenate((_bands(least), _anchors(runs)))) >> HALF
    return Fingerprint(
        key=key,
        version=SIGNATURE_VERSION,
        text_hash=text_hash,
        signature=b"".join(((least >> _VALUE).astype(np.uint8).tobytes(), opening.tobytes(), packed(slots(words)))),
        bands=tuple(dict.fromkeys(keys.astype("<u4").view("<i4").tolist())),  # signed 32 bits, as the store keeps them
        words=len(words),
    )


def shingles(words: Words) -> Hashes:
    """The set of 3-word shingles of a text as sorted hashes."""
    if len(words) < 3:
        return words.hashes[:0]
    ordered = np.sort(_joined(words.hashes))
    fresh = np.ones(len(ordered), np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=fresh[1:])
    return ordered[fresh]


def lead(words: Words) -> Hashes:
    """The shingles that open a text."""
    return _joined(words.hashes[:LEAD_WORDS])


def _joined(hashes: Hashes) -> Hashes:
    """A hash of every three words that follow one another; the hashes of words are mixed, so sums of them are."""
    joined = hashes[:-2] * _SHINGLE[0]
    joined += hashes[1:-1]
    joined *= _SHINGLE[1]
    joined += hashes[2:]
    return joined


def _opening(runs: Hashes) -> Opening:
    return (runs[:_LEAD] >> _TOP_SHORT).astype(np.uint16) | np.uint16(1)  # never zero


def values_of(print_: Fingerprint) -> Values | None:
    """The MinHash values of a fingerprint; None for one without, or of another version."""
    if print_.version != SIGNATURE_VERSION or len(print_.signature) < VALUES + 2 * _LEAD:
        return None
    return np.frombuffer(print_.signature, np.uint8, VALUES)


def lead_of(print_: Fingerprint) -> Opening:
    """The opening of a fingerprinted text, to be compared with that of another; empty for one of another version."""
    if values_of(print_) is None:
        return np.zeros(0, np.uint16)
    opening = np.frombuffer(print_.signature, "<u2", _LEAD, VALUES)
    return opening[opening > 0]


def slots_of(print_: Fingerprint) -> Slots:
    """The sampled facts of a fingerprint, to be compared with those of another; empty for one of another version."""
    return unpacked(print_.signature[VALUES + 2 * _LEAD :] if print_.version == SIGNATURE_VERSION else b"")


def estimate(a: Fingerprint, b: Fingerprint) -> float:
    """The estimated resemblance (Jaccard of the shingle sets) of two texts, 0 to 1; its error is about 0.04.

    Two texts too short for a signature resemble one another only when they are equal.
    """
    left, right = values_of(a), values_of(b)
    if left is None or right is None:
        return 1.0 if a.version == b.version and a.text_hash == b.text_hash else 0.0
    equal = int(np.count_nonzero(left == right)) / VALUES
    return max(0.0, (equal - _CHANCE) / (1 - _CHANCE))


def containment(resemblance: float, words_a: int, words_b: int) -> float:
    """How much of the shorter text stands in the longer one, from their resemblance and lengths, 0 to 1."""
    shorter = min(words_a, words_b) - 2
    if shorter <= 0:
        return resemblance
    shared = resemblance / (1 + resemblance) * (words_a + words_b - 4)
    return min(1.0, shared / shorter)


def _minhash(runs: Hashes) -> Hashes:
    """The smallest shingle hash of each of 128 bins; the top seven bits of a hash choose its bin."""
    least = np.full(VALUES, _NONE)
    np.minimum.at(least, (runs >> _BIN).view(np.int64), runs)
    lacking = least == _NONE
    if lacking.any():
        full, detours = (~lacking).tobytes(), _detours()
        for empty in lacking.nonzero()[0].tolist():
            least[empty] = least[next(filter(full.__getitem__, detours[empty]), full.index(1))]
    return least


@lru_cache(maxsize=1)
def _detours() -> tuple[bytes, ...]:
    """For each bin, in which order others are tried when it is empty: random, and the same for every text."""
    seeds = mix(np.arange(1, VALUES * _TRIES + 1, dtype=np.uint64) * _SHINGLE[0])
    order = (seeds >> _BIN).astype(np.uint8).tobytes()
    return tuple(order[start : start + _TRIES] for start in range(0, VALUES * _TRIES, _TRIES))


def _bands(least: Hashes) -> Hashes:
    rows = (least[: BANDS * ROWS].reshape(ROWS, BANDS) << _BIN_BITS >> HALF) * _ROW
    joined: Hashes = rows[0] + rows[1] + rows[2] + _PLACE
    return joined


def _anchors(runs: Hashes) -> Hashes:
    """The smallest runs of eight words, each known by its first three words and its last three."""
    spans = runs[:-5] * _RUN
    spans += runs[5:]
    opening, whole = np.sort(spans[:OPENING_RUNS]), np.sort(spans)
    return np.concatenate((opening[:ANCHORS], whole[:ANCHORS]))
