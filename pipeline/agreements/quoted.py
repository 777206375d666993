"""What reports quote alike in any language: who signed, numbers, and names that are written as a code ("KF-21", "6G").

Names differ by report ("Meutya Hafid", "Meutya Viada Hafid"); numbers by language ("1,5 triliun", "1.5 trillion").
Days, years and how many papers a visit brought are no facts of one agreement: papers are counted apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from pipeline.model import Report, Signatory

_NAME_WORD = re.compile(r"[^\W\d_]{2,}")
_CODE = re.compile(r"\b(?=[\w-]*\d)(?=[\w-]*[A-Z])[A-Z0-9][A-Za-z0-9]*(?:-[A-Za-z0-9]+)*\b")
_SCALES = {
    "ribu": 10**3, "thousand": 10**3, "juta": 10**6, "million": 10**6, "miliar": 10**9, "milyar": 10**9,
    "billion": 10**9, "triliun": 10**12, "trillion": 10**12,
}  # fmt: skip
_NUMBER = re.compile(
    rf"(?<![\w/.,:-])(?P<digits>\d+(?:[.,]\d+)*)(?![\w/:-])(?:\s+(?P<scale>{'|'.join(_SCALES)}))?", re.IGNORECASE
)
_MONTH = re.compile(r"\s*(?:jan|feb|mar|apr|mei|may|jun|jul|ag[us]|aug|sep|o[kc]t|nov|des|dec)[a-z]*\b", re.IGNORECASE)
_MONTH_BEFORE = re.compile(
    r"(?:jan|feb|mar|apr|mei|may|jun|jul|ag[us]|aug|sep|o[kc]t|nov|des|dec)[a-z]*\.?\s+$", re.IGNORECASE
)
_WORDS = {
    word: count
    for count, words in enumerate(
        (
            "dua two", "tiga three", "empat four", "lima five", "enam six", "tujuh seven", "delapan eight",
            "sembilan nine", "sepuluh ten", "sebelas eleven",
        ),
        start=2,
    )
    for word in words.split()
}  # fmt: skip
_PAPERS = re.compile(
    rf"\b(?P<count>\d{{1,3}}|{'|'.join(_WORDS)})\s+(?:buah\s+)?"
    r"(?:dokumen|naskah|nota|memorandum|memoranda|mou|perjanjian|persetujuan|kesepakatan|documents|papers|agreements|deals)",
    re.IGNORECASE,
)
MAX_CLAIM = 1_000
"""Characters of the proving sentence that are looked at."""

_LEAST = 100
"""Smaller numbers are chance."""


def same_person(one: str, other: str) -> bool:
    """Whether two names may be one person's: the words of the shorter all stand in the longer, at least one of them
    long enough to tell people apart."""
    a, b = (frozenset(_NAME_WORD.findall(name.casefold())) for name in (one, other))
    fewer, more = sorted((a, b), key=len)
    return bool(fewer) and fewer <= more and max(map(len, fewer)) >= 4


def signers(signatories: Iterable[Signatory], side: str) -> tuple[str, ...]:
    """Who signed or exchanged for a side; who only watched is left out."""
    return tuple(one.name for one in signatories if one.side == side and one.role != "witnessed")


def home_signers(report: Report) -> tuple[str, ...]:
    """Who signed or exchanged for the side that is not the partner's."""
    sides = {one.side for one in report.signatories} - {report.partner, ""}
    return tuple(name for side in sorted(sides) for name in signers(report.signatories, side))


def marks(report: Report) -> frozenset[str]:
    """Codes and numbers in the sentence that proves a report and in the paper's title; numbers as plain digits."""
    text = f"{report.title} {_claim(report)}"
    codes = {found.casefold() for found in _CODE.findall(text)}
    return frozenset(codes | {number for found in _NUMBER.finditer(text) if (number := _read(found, text))})


def papers(report: Report) -> int | None:
    """How many papers the proving sentence counts; None where it counts none."""
    found = _PAPERS.search(_claim(report))
    if found is None:
        return None
    count = found["count"].casefold()
    return int(count) if count.isdigit() else _WORDS[count]


def _claim(report: Report) -> str:
    return report.quote.quote[:MAX_CLAIM] if report.quote is not None else ""


def _read(found: re.Match[str], text: str) -> str:
    """A number as digits; "" for days, years, and what is too small."""
    if _MONTH.match(text, found.end()) or _MONTH_BEFORE.search(text, 0, found.start()):
        return ""
    digits, scale = found["digits"], (found["scale"] or "").casefold()
    parts = re.split("[.,]", digits)
    whole = len(parts) == 1 or all(len(part) == 3 for part in parts[1:])
    value = float("".join(parts)) if whole else float(f"{''.join(parts[:-1])}.{parts[-1]}")
    value *= _SCALES.get(scale, 1)
    if value < _LEAST or (not scale and len(parts) == 1 and 1900 <= value < 2100) or value > 10**18:
        return ""
    return f"{value:.15g}"
