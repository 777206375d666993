"""Who only looks on while others sign: which words of watching do watch."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.detect.scan import Mention
from pipeline.detect.sentences import Sentence
from pipeline.model import Stage

_SEEING = frozenset({"saw"})
"""Words that watch only where what is seen is a signing: `saw eight letters exchanged`, not `saw trade grow`."""
_REACH = 120
"""Characters behind such a word within which the signing is told."""
_APART = re.compile(r"[,;:]|\b(?:and|but|before|then)\b")


def watching(sentence: Sentence, acts: Sequence[Mention], stages: Sequence[Stage], text: str) -> tuple[Mention, ...]:
    """The words by which somebody looks on. `acts` and `stages`: what is done in the sentence, in the same order."""
    return tuple(
        mark
        for mark in sentence.marks("witness")
        if text[mark.start : mark.end].lower() not in _SEEING
        or any(
            stage is Stage.SIGNED
            and 0 <= act.start - mark.end <= _REACH
            and _APART.search(text[mark.end : act.start]) is None
            for act, stage in zip(acts, stages, strict=True)
        )
    )
