"""Text as an array of words: numpy over raw UTF-8 bytes, no Python string per word.

The definition is our own and frozen by `signature.SIGNATURE_VERSION`: nothing here depends on the Unicode tables, the
hash seed or the byte order of the machine. A word is a run of ASCII letters and digits and of bytes above ASCII;
general punctuation (U+2000-203F) and Latin-1 signs (U+0080-00BF) part words; `. , : / -` between two digits do not, so
that "5,1", "14.03" and "11/10/2023" are one word each. Only A-Z is lower-cased.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

Hashes = npt.NDArray[np.uint64]
Flags = npt.NDArray[np.bool_]
Bytes = npt.NDArray[np.uint8]

MAX_BYTES = 200_000
"""Longest text that is looked at, in bytes; what stands beyond it does not change a fingerprint."""

_BASE = 0x9E3779B97F4A7C15
_MASK = (1 << 64) - 1

_WORD, _DIGIT, _UPPER, _JOIN, _BREAK = 1, 2, 4, 8, 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The words of a text in reading order: their hashes, and what kind each is."""

    hashes: Hashes
    digit: Flags  # holds a digit
    capital: Flags  # begins with A-Z and does not open a sentence

    def __len__(self) -> int:
        return len(self.hashes)


def mix(values: Hashes) -> Hashes:
    """Spread the bits of 64-bit values (the finaliser of MurmurHash3, public domain)."""
    values = values ^ (values >> np.uint64(33))
    values = values * np.uint64(0xFF51AFD7ED558CCD)
    values = values ^ (values >> np.uint64(33))
    values = values * np.uint64(0xC4CEB9FE1A85EC53)
    return values ^ (values >> np.uint64(33))


@lru_cache(maxsize=1)
def _kinds() -> Bytes:
    kinds = np.zeros(256, np.uint8)
    kinds[ord("a") : ord("z") + 1] = _WORD
    kinds[ord("A") : ord("Z") + 1] = _WORD | _UPPER
    kinds[ord("0") : ord("9") + 1] = _WORD | _DIGIT
    kinds[0x80:] = _WORD
    for sign in b".,:/-":
        kinds[sign] |= _JOIN
    for sign in b'.!?:;"\n\r|':
        kinds[sign] |= _BREAK
    return kinds


@lru_cache(maxsize=1)
def _powers() -> tuple[Hashes, Hashes]:
    """Powers of an odd base modulo 2**64 and of its inverse: what makes every word's hash one subtraction."""
    size = MAX_BYTES + 8
    up, down = np.full(size, _BASE, np.uint64), np.full(size, pow(_BASE, -1, 1 << 64), np.uint64)
    up[0] = down[0] = 1
    return np.cumprod(up, dtype=np.uint64), np.cumprod(down, dtype=np.uint64)


def split(text: str) -> Words:
    """The words of a text; at most `MAX_BYTES` bytes of it are read."""
    low, kind, word = _read(text)
    edges = np.flatnonzero(np.diff(word.view(np.int8), prepend=np.int8(0), append=np.int8(0)))
    starts, ends = edges[::2], edges[1::2]

    up, down = _powers()
    sums = np.zeros(len(low) + 1, np.uint64)
    np.cumsum((low.astype(np.uint64) + np.uint64(1)) * up[: len(low)], out=sums[1:])
    hashes = mix((sums[ends] - sums[starts]) * down[starts])

    digits = np.zeros(len(starts), np.bool_)
    digits[np.searchsorted(starts, np.flatnonzero(kind & _DIGIT), side="right") - 1] = True
    opens = np.zeros(len(starts) + 1, np.bool_)  # the last one takes what closes the text
    opens[np.searchsorted(starts, np.flatnonzero(((kind & _BREAK) > 0) & ~word))] = True
    opens[0] = True
    return Words(hashes=hashes, digit=digits, capital=((kind[starts] & _UPPER) > 0) & ~opens[:-1])


def normalise(text: str) -> str:
    """A text as it is compared: words only, lower case, one blank between them."""
    low, _, word = _read(text)
    keep = word.copy()
    keep[1:] |= word[:-1]
    low[~word] = ord(" ")
    return low[keep].tobytes().rstrip().decode("utf-8", "replace")


def _read(text: str) -> tuple[Bytes, Bytes, Flags]:
    """The bytes of a text in lower case, the kind of each, and which belong to words."""
    raw = np.frombuffer(text[:MAX_BYTES].encode("utf-8", "replace")[:MAX_BYTES], np.uint8)
    kind = _kinds().take(raw)
    if not text.isascii():
        _part_signs(raw, kind)
    word = (kind & _WORD) > 0
    digit = (kind & _DIGIT) > 0
    word[1:-1] |= ((kind[1:-1] & _JOIN) > 0) & digit[:-2] & digit[2:]
    return raw + ((kind & _UPPER) << 3), kind, word  # 4 << 3 is 32, the distance from A to a


def _part_signs(raw: Bytes, kind: Bytes) -> None:
    """Turn punctuation outside ASCII into separators, in place; quotation marks and the ellipsis also end sentences."""
    if len(raw) < 2:
        return
    for at in np.flatnonzero((raw[:-1] == 0xE2) & (raw[1:] == 0x80)):
        kind[at : at + 3] = 0
        if at + 2 < len(raw) and (0x98 <= raw[at + 2] <= 0x9F or raw[at + 2] == 0xA6):
            kind[at] = _BREAK
    for at in np.flatnonzero((raw[:-1] == 0xC2) & (raw[1:] < 0xC0)):
        kind[at : at + 2] = 0
