"""Signs that a text is made for machines and not for readers: each lowers the confidence, none decides a label.

Words heaped without sentences, the same words over and over, instructions to whoever reads, a roll of countries. Real
articles quote, list and repeat, too: the limits lie far outside of what the labelled articles and ordinary news show.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.detect.analysis import Analysis
from pipeline.detect.cue import cue
from pipeline.detect.lexicon import Kind
from pipeline.detect.scan import fold

COUNTRIES = 12
"""More foreign states than a report on an agreement between two names."""

LOOKED_AT = 300
"""Words of a text whose variety is looked at."""

_WORD = re.compile(r"\w+")
_ORDER = cue(
    r"\b(?:ignore|disregard|forget)\W+(?:all\W+|any\W+|the\W+|your\W+)*(?:previous|prior|above|earlier|other)?\W*"
    r"(?:instructions?|rules|prompts?)\b"
    r"|\b(?:abaikan|lupakan|kesampingkan)\W+(?:semua\W+|segala\W+|seluruh\W+)?(?:petunjuk|instruksi|aturan|perintah)\b"
    r"|\b(?:classify|label|klasifikasikan|tandai|laporkan)\W+(?:\w+\W+){0,3}?(?:as|sebagai|bahwa)\W+(?:an\W+)?"
    r"[\"'“”]?(?:agreement|perjanjian|signed)\b"
    r"|\bconfidence\W+(?:of\W+|=\W*|:\W*)?(?:1(?:\.0)?|0\.9\d?|100 ?%)"
    r"|\b(?:system prompt|as an ai model|you are an ai)\b",
    "ignore|disregard|forget|abaikan|lupakan|kesampingkan|classify|label|klasifikasikan|tandai|laporkan|confidence|"
    "system prompt|an ai model|are an ai",
)
_HEAPED = (Kind.ACT, Kind.INSTRUMENT, Kind.FIELD, Kind.COOPERATION, Kind.COUNTRY)


def suspicions(analysis: Analysis) -> Iterator[tuple[str, float]]:
    """What speaks against the text as a whole, in words, and by how much it lowers the confidence."""
    if analysis.mentioned > COUNTRIES:
        yield f"names {analysis.mentioned} foreign states", -0.4
    text = analysis.story.text
    if _ORDER.search(text):
        yield "the text gives instructions to whoever reads it", -0.4
    words = fold(text[:8000]).split(None, LOOKED_AT)[:LOOKED_AT]
    if len(words) >= 60 and len(set(words)) < 0.33 * len(words):
        yield "the same words over and over", -0.4
    for view in analysis.views:
        heaped = len(view.sentence.of(*_HEAPED))
        if heaped > 15 and 30 <= len(_WORD.findall(view.sentence.text)) < 2 * heaped:
            yield "words of agreements heaped without a sentence", -0.4
            return
