"""Text as an array of words: numpy over raw UTF-8 bytes, no Python string per word.

The definition is our own and frozen by `signature.SIGNATURE_VERSION`: nothing here depends on the Unicode tables, the
hash seed or the byte order of the machine. A word is a run of ASCII letters and digits and of bytes above ASCII;
general punctuation (U+2000-203F) and Latin-1 signs (U+0080-00BF) part words; `. , : / -` between two digits do not, so
that "5,1", "14.03" and "11/10/2023" are one word each. Only A-Z is lower-cased.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Hashes = npt.NDArray[np.uint64]
Flags = npt.NDArray[np.bool_]
Bytes = npt.NDArray[np.uint8]
Places = npt.NDArray[np.intp]

MAX_BYTES = 200_000
"""Longest text that is looked at, in bytes; what stands beyond it does not change a fingerprint."""

MAX_WORD = 64
"""Longest part of a word that counts, in bytes: its beginning, and its last eight."""

_WORD, _DIGIT, _UPPER, _JOIN, _BREAK, _MARK = 1, 2, 4, 8, 16, 128  # a mark is a digit or ends a sentence
HALF = np.uint64(32)
_HEAD, _TAIL = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F)
_SPREAD = np.uint64(0xFF51AFD7ED558CCD)
_CASE = np.uint64(0x2020202020202020)  # set in every byte of a word: lower case, in ASCII and beyond
_REST = np.arange(64, -8, -8).astype(np.uint64)
"""How many bits of eight bytes are not a word's, by its length in bytes; 8 stands for all that are longer."""
_PAD = 8  # bytes before and after the text, so that eight can be read from any place of it


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The words of a text in reading order: their hashes, and what kind each is."""

    hashes: Hashes
    digit: Flags  # holds a digit
    capital: Flags  # begins with A-Z and does not open a sentence

    def __len__(self) -> int:
        return len(self.hashes)


def mix(values: Hashes) -> Hashes:
    """Spread 64-bit values so that the upper half depends on every bit (half of what MurmurHash3 ends with)."""
    values = values ^ (values >> HALF)
    values *= _SPREAD
    return values


def _kind(byte: int) -> int:
    char = chr(byte)
    if byte >= 0x80 or "a" <= char <= "z":
        return _WORD
    if "A" <= char <= "Z":
        return _WORD | _UPPER
    if "0" <= char <= "9":
        return _WORD | _DIGIT | _MARK
    return (_JOIN if char in ".,:/-" else 0) | (_BREAK | _MARK if char in '.!?:;"\n\r|' else 0)


_KINDS = bytes(map(_kind, range(256)))


def split(text: str) -> Words:
    """The words of a text; at most `MAX_BYTES` bytes of it are read."""
    raw, kind, marks = _read(text)
    edges = _edges(kind)
    starts, ends = edges[::2], edges[1::2]

    digit = np.zeros(len(starts), np.bool_)
    capital = np.zeros(len(starts), np.bool_)
    if len(starts):
        inside = (kind[marks] & _WORD) != 0
        digit[starts.searchsorted(marks[inside], side="right") - 1] = True
        opens = np.zeros(len(starts) + 1, np.bool_)  # the last one takes what closes the text
        opens[starts.searchsorted(marks[~inside])] = True
        opens[0] = True
        np.greater((kind[starts] & _UPPER) != 0, opens[:-1], out=capital)
    return Words(hashes=_hashed(raw, starts, ends), digit=digit, capital=capital)


def normalise(text: str) -> str:
    """A text as it is compared: words only, lower case, one blank between them."""
    raw, kind, _ = _read(text)
    low = np.frombuffer(bytearray(raw.lower()), np.uint8)
    word = (kind & _WORD) > 0
    low[~word] = ord(" ")
    word[1:] |= word[:-1]
    return low[word].tobytes().strip().decode("utf-8", "replace")


def _read(text: str) -> tuple[bytes, Bytes, Places]:
    """The padded bytes of a text, the kind of each, and where digits and ends of sentences stand."""
    raw = b"".join((bytes(_PAD), text[:MAX_BYTES].encode("utf-8", "replace")[:MAX_BYTES], bytes(_PAD)))
    kind = np.frombuffer(bytearray(raw.translate(_KINDS)), np.uint8)
    if not text.isascii():
        _part_signs(np.frombuffer(raw, np.uint8), kind)
    marks = (kind >= _MARK).nonzero()[0]
    digits = marks[(kind[marks] & _DIGIT) != 0]
    between = digits[:-1][digits[1:] - digits[:-1] == 2] + 1
    kind[between[(kind[between] & _JOIN) != 0]] = _WORD
    return raw, kind, marks


def _edges(kind: Bytes) -> Places:
    """Where words begin and end, by turns; the padding parts the first and the last from nothing."""
    word = kind & np.uint8(_WORD)
    parted: Flags = word[1:] != word[:-1]
    return parted.nonzero()[0] + 1


def _hashed(raw: bytes, starts: Places, ends: Places) -> Hashes:
    """A hash of each word from eight bytes at a time: its last eight, its first, and those between."""
    eight = np.ndarray((len(raw) - 7,), "<u8", raw, strides=(1,))
    size = ends - starts
    rest = _REST.take(size, mode="clip")
    hashes = ((eight[ends - 8] | _CASE) >> rest) * _TAIL
    hashes ^= ((eight[starts] | _CASE) << rest) * _HEAD
    for step in range(8, MAX_WORD - 8, 8):
        longer = (size > step + 8).nonzero()[0]
        if not len(longer):
            break
        hashes[longer] += mix((eight[starts[longer] + step] | _CASE) * _HEAD + np.uint64(step))
    return mix(hashes)


def _part_signs(raw: Bytes, kind: Bytes) -> None:
    """Turn punctuation outside ASCII into separators, in place; quotation marks and the ellipsis also end sentences."""
    at = (raw == 0xE2).nonzero()[0]
    if len(at):
        at = at[raw[at + 1] == 0x80]
        third = raw[at + 2]
        kind[at] = np.where(((third >= 0x98) & (third <= 0x9F)) | (third == 0xA6), _BREAK | _MARK, 0)
        kind[at + 1] = kind[at + 2] = 0
    at = (raw == 0xC2).nonzero()[0]
    kind[at] = kind[at + 1] = 0
