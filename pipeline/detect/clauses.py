"""What a paper says of its own life: how long it holds, how it is renewed, which joint body carries it out.

Read from the sentences about the deal alone, kept as evidence: a stretch of the article under the slots `duration`,
`renewal` and `mechanism`. DOMAIN.md 7 names them; a number of years beside anything else (a plant, a career) is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from pipeline.detect.analysis import View
from pipeline.detect.cue import cue
from pipeline.detect.sentences import Zone

_COUNT = (
    r"(?:\d{1,2}|satu|dua|tiga|empat|lima|enam|tujuh|delapan|sembilan|sepuluh|setengah|"
    r"one|two|three|four|five|six|seven|eight|nine|ten)"
)
_SPAN = rf"(?:{_COUNT}(?:\s*\([\w\s]{{1,12}}\))?[\s-]+(?:tahun|bulan|years?|months?)|setahun|a\s+year)"
_DURATION = cue(
    rf"\b(?:berlaku|jangka\s+waktu|masa\s+berlaku|selama|untuk|valid|runs?|running|lasts?|lasting|in\s+force|effective|"
    rf"for|period\s+of|term\s+of)(?:\W+(?:\w+\W+){{0,3}}?)(?P<span>{_SPAN})\b|\b(?P<before>{_SPAN})(?:-long)?\s+"
    r"(?:memorandum|agreement|pact|deal|accord|programme|program)\b",
    "tahun|bulan|year|month",
)
_OF_PAPER = re.compile(
    r"\b(?:berlaku|jangka\s+waktu|valid|runs?|running|lasts?|lasting|in\s+force|effective|period|term|diperpanjang|"
    r"renew\w*|extended)\b",
    re.IGNORECASE,
)
_RENEWAL = cue(
    r"\b(?:(?:dapat\s+|akan\s+|bisa\s+)?diperpanjang(?:\s+secara)?\s+otomatis|perpanjangan\s+otomatis|dapat\s+"
    r"diperpanjang|(?:is\s+|be\s+)?(?:automatically\s+(?:renew|extend)(?:ed|able|s)?|(?:renewed|extended)\s+"
    r"automatically)|may\s+be\s+(?:renewed|extended)|renewable)\b",
    "panjang|renew|extend",
)
_MECHANISM = cue(
    r"\b(?:(?:kelompok\s+kerja|komite|komisi|subkomite|panitia|satuan\s+tugas|gugus\s+tugas)\s+(?:bersama|gabungan|"
    r"pengarah)|joint\s+(?:working\s+group|committee|commission|task\s+force|steering\s+committee|council)|"
    r"(?:steering|sub-?)\s?committee)\b",
    "bersama|gabungan|pengarah|joint|committee",
)


def clauses(core: Iterable[View], views: Iterable[View]) -> Iterator[tuple[str, int, int]]:
    """Slot, start and end of each, the first of its kind: in the deal's sentences, then in the others that name a paper
    or stand right behind one."""
    ordered = [each for each in core if each.zone is not Zone.TITLE]
    listed = list(views)
    known = {each.sentence.index for each in ordered}
    ordered += [
        each
        for before, each in pairwise(listed)
        if each.sentence.index not in known and each.zone is not Zone.LATE and (each.papers or before.papers)
    ]
    for slot, pattern in (("duration", _DURATION), ("renewal", _RENEWAL), ("mechanism", _MECHANISM)):
        for view in ordered:
            found = pattern.search(view.sentence.text)
            if found is None or (slot == "duration" and not (view.papers or _OF_PAPER.search(found.group()))):
                continue
            group = "before" if slot == "duration" and found["before"] else "span" if slot == "duration" else 0
            start = view.sentence.start
            yield slot, start + found.start(group), start + found.end(group)
            break
