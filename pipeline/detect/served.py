"""What stands in a matter without being one: what technology is made of, what it measures, and where it is used."""

from __future__ import annotations

import re

from pipeline.detect.scan import Mention

_RAW_BEFORE = re.compile(
    r"\b(?:ampas|limbah|sekam|jerami|tandan kosong|residu|cangkang|biomassa|serat|tetes|berbahan(?: baku)?|berbasis|"
    r"benih|bibit|varietas|galur|genom|gen|pemuliaan|pengolahan|teknologi|gasifikasi|pencairan|clean|waste|bagasse|"
    r"genome|breeding|biofuel|biodiesel|dry|drying|roast|roasting|process|processing|mengeringkan|pengeringan|pengering|"
    r"mengolah|pengolah|penyangrai) "
    r"(?:(?:dari|from|of|kelapa) )?$",
    re.IGNORECASE,
)
_RAW_BEHIND = re.compile(
    r"[ -](?:cane |oil |mill |palm )?(?:waste|residues?|husks?|straw|bagasse|shells?|based|biomass|genomes?|genes?|"
    r"dr[iy]ers?|drying|roasters?|roasting|processing|traceability|tracing|breeding|varieties|genetics|effluent|gasification|bersih|fib(?:re|er)s?|stalks?)\b",
    re.IGNORECASE,
)


def _raw(subject: Mention, text: str) -> bool:
    """`limbah sawit`, `sugar-cane waste`, `varietas kedelai`: what technology is made of, not what is traded."""
    return (
        _RAW_BEFORE.search(text, max(0, subject.start - 30), subject.start) is not None
        or _RAW_BEHIND.match(text, subject.end) is not None
    )


_BORDER = frozenset(("perbatasan", "border"))
_WAVES = re.compile(
    r"\b(?:frekuensi|spektrum|sinyal|siaran|radio|seluler|sensor|frequenc(?:y|ies)|spectrum|signals?|broadcasts?)\b"
    r"[^.;,]{0,40}$",
    re.IGNORECASE,
)
"""What crosses a border without asking."""
_SURVEYED = re.compile(
    r"\b(?:survey|map|chart|monitor|memetakan|pemetaan|memantau|menyurvei) (?:the )?(?:land |sea )?$", re.IGNORECASE
)
_MEASURED_BEFORE = re.compile(
    r"\b(?:peta|pemetaan|memetakan|pemantauan|pantau|pemantau|memantau|citra|data|sensor|deteksi|pelacakan|pelacak|"
    r"(?:mapping|monitoring|maps|images|imagery|tracking|sensing|surveys?|models?)(?: of)?|data on) $",
    re.IGNORECASE,
)
_MEASURED_BEHIND = re.compile(
    r"[ -](?:monitoring|mapping|sensors?|data|tracking|imagery|maps?|models?)\b", re.IGNORECASE
)


def served(subject: Mention, text: str) -> bool:
    """What technology is made of, measures or is for: `limbah sawit`, `pemetaan terumbu karang`, `frekuensi di
    perbatasan`, no matter of its own."""
    if subject.ref == "trade":
        return _raw(subject, text)
    if subject.ref == "law" and text[subject.start : subject.end].lower() in _BORDER:
        window = (max(0, subject.start - 70), subject.start)
        return any(each.search(text, *window) is not None for each in (_WAVES, _SURVEYED))
    return subject.ref == "nature" and (
        _MEASURED_BEFORE.search(text, max(0, subject.start - 24), subject.start) is not None
        or _MEASURED_BEHIND.match(text, subject.end) is not None
    )
