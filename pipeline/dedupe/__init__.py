"""Is it new? Fingerprints of texts and the verdict on one article, pure: history is handed in, never held."""

from __future__ import annotations

from pipeline.dedupe.body import body
from pipeline.dedupe.signature import MIN_WORDS, SIGNATURE_VERSION, containment, estimate, fingerprint
from pipeline.dedupe.verdict import Likeness, Neighbour, changes, judge, likeness, plausible, stands_in
from pipeline.dedupe.words import normalise

__all__ = [
    "MIN_WORDS",
    "SIGNATURE_VERSION",
    "Likeness",
    "Neighbour",
    "body",
    "changes",
    "containment",
    "estimate",
    "fingerprint",
    "judge",
    "likeness",
    "normalise",
    "plausible",
    "stands_in",
]
