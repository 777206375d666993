"""What is told from a distance: papers named with an old year, talks that go on or end, deeds that only cooperate."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta

from pipeline.detect.lexicon import Kind, Lexicon
from pipeline.detect.printed import Printed, Reference
from pipeline.detect.scan import Mention
from pipeline.detect.sentences import Sentence
from pipeline.model import Stage

OLD = timedelta(days=45)
"""An act dated longer before the publication is told as background (DOMAIN.md 8 says 30 days; late reports get two
weeks more).
"""

REPORTED = re.compile(
    r"\b(?:kabar|isu|klaim|informasi|narasi|video|unggahan|pesan berantai|anggapan|tudingan|tuduhan|spekulasi|"
    r"reports?|claims?|rumou?rs?|posts?|videos?|messages?|allegations?|suggestions?|speculation|assertions?)\b",
    re.IGNORECASE,
)
"""What goes from mouth to mouth: told, but by nobody who answers for it."""
_SOON = 40
"""Characters behind a verb that dismisses within which what it dismisses is named."""


def denial(sentence: Sentence, text: str) -> Mention | None:
    """By which word a sentence denies what it tells: `membantah`; `rejected` where a claim or rumour stands behind."""
    for mark in sentence.marks("denial", "dismissal"):
        if mark.ref == "denial" or REPORTED.search(text, mark.end, min(sentence.end, mark.end + _SOON)):
            return mark
    return None


_WORD = re.compile(r"\w+")
_CUT = re.compile(r"[,;:]| [-–—] |\(|\)")
_YEAR = re.compile(r"\b(?:19|20)\d{2}\b")


def remembered(text: str, paper: Mention, view_dates: Sequence[Printed], ref: Reference) -> bool:
    """Whether a paper is named with an old year or date right beside it: `a 2019 memorandum`, `LoI of 3 July 2018`."""
    if ref.year is None:
        return False
    for match in _YEAR.finditer(text, max(0, paper.start - 40), min(len(text), paper.end + 60)):
        gap = text[paper.end : match.start()] if match.start() >= paper.end else text[match.end() : paper.start]
        if int(match.group()) < ref.year and len(_WORD.findall(gap)) <= 5 and not _CUT.search(gap):
            return True
    return any(
        ref.day is not None
        and each.day < ref.day - OLD
        and 0 <= each.start - paper.end < 60
        and not _CUT.search(text[paper.end : each.start])
        for each in view_dates
    )


_NEEDLESS = re.compile(
    r"\b(?:no need (?:for|of)|without|instead of|rather than|did not need|tanpa|tidak (?:perlu|butuh|memerlukan)|"
    r"tak (?:perlu|butuh)|alih-alih)\W+(?:\w+\W+){0,2}$",
    re.IGNORECASE,
)


def needless(text: str, paper: Mention) -> bool:
    """`shook hands and saw no need for a memorandum`: a paper that is named to say that none is wanted."""
    return _NEEDLESS.search(text, max(0, paper.start - 40), paper.start) is not None


def of_talks(sentence: Sentence, act: Mention, lexicon: Lexicon) -> bool:
    """`melanjutkan perundingan`, `putaran keempat berakhir`: what goes on or ends is the talks, not a paper."""
    return any(
        lexicon.deeds[each.ref].stage is Stage.NEGOTIATING and abs(each.start - act.start) < 45
        for each in sentence.of(Kind.ACT)
    ) or bool(
        re.search(
            r"\b(?:putaran|babak|round|pertemuan|rapat|meeting|forum|talks)\W+(?:\w+\W+){0,2}$",
            sentence.text[: act.start - sentence.start],
            re.IGNORECASE,
        )
    )


def cooperates(sentence: Sentence, act: Mention) -> bool:
    return any(
        abs(each.start - act.start) < 70 and each.term.text not in ("bersama", "saling", "together", "joint", "jointly")
        for each in sentence.of(Kind.COOPERATION)
    )


_HOPED = re.compile(
    r"\b(?:berharap|harap\w*|mengharapkan|diharapkan|hop(?:e[sd]?|ing)|wish(?:e[sd])?|expect\w*|urg(?:e[sd]?|ing)|"
    r"mendorong|meminta|ingin|wants?|wanted|called for)\b[^;]*$",
    re.IGNORECASE,
)


def hoped(before: str) -> bool:
    """`bupati berharap kerja sama … terus berlanjut`: a wish that a cooperation go on renews nothing."""
    return _HOPED.search(before) is not None


def older_year(words: str, year: int | None) -> bool:
    """`yang diteken … pada 2018 berakhir 10 Februari`: an older year stands nearer to the act than the day behind."""
    return year is not None and any(int(each) < year for each in _YEAR.findall(words))
