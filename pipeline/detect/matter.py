"""What a paper is about by its own words: `extradition treaty`, `nota kesepahaman penempatan perawat`.

A paper on work, law, visas, taxes, faith, sport or goods is no technology agreement, whatever gadget the story goes on
to name: only its own words, or the sentence that lists what it covers, can make it one.
"""

from __future__ import annotations

import re

from pipeline.detect.acts import Act
from pipeline.detect.analysis import Analysis, View
from pipeline.detect.lexicon import Lexicon
from pipeline.detect.ruling import EARLY
from pipeline.detect.scan import Mention
from pipeline.detect.sentences import Zone
from pipeline.detect.topics import scoped

TECHNOLOGY = "technology"
_END = re.compile(
    r"[,;:()]| [-–—] |[.!?](?=\s|$)|\b(?:disaksikan|setelah|usai|sesudah|saat|ketika|sementara|di sela(?:-sela)?|"
    r"watched by|witnessed by|on the sidelines|after|when|while|as)\b",
    re.IGNORECASE,
)
"""Where the words about the paper end."""
_COMPOUND = re.compile(r"[ -](?:(?:cooperation|bilateral|services?) )?")
_COVERS = re.compile(
    r"\b(?:covers?|covering|also on|as well as|mencakup|meliputi|serta)\W+(?:also\W+|juga\W+)?$", re.IGNORECASE
)
"""`on transnational crime, which covers cybercrime`: what it is said to cover besides."""
_CHAPTER = re.compile(
    r"\W*(?:(?:the|a|an|its|one|satu|ada)\W+)?(?:\w+\W+){0,3}?(?:bab|babnya|chapters?|annex|lampiran)\b", re.IGNORECASE
)
"""A sentence about one chapter of a paper is not about the paper."""
_THINGS = re.compile(
    r"\W+(?:(?:a|the|two|three|new|dua|tiga|joint)\W+){0,2}(?:stasiun|satelit|sensor|antena|alat|peralatan|perangkat|"
    r"radar|server|pelampung|reflektor|teleskop|instrumen|kamera|stations?|satellites?|sensors?|antennas?|buoys?|radars?|"
    r"servers?|telescopes?|instruments?|reflectors?|equipment)\b",
    re.IGNORECASE,
)
"""What is put somewhere and is no worker."""
_NARROW = frozenset({"law", "placement"})
"""Subjects that no gadget makes technology of: what courts do, and who is sent to work."""
_WIDE = frozenset({"services", "nature"})
"""Subjects that technology may serve: farms, hospitals, forests. What the paper is said to cover decides there."""


class Matters:
    """Tells what papers are about; holds only the lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon

    def other(self, view: View, act: Act, analysis: Analysis) -> str:
        """The subject that makes the deciding paper no technology agreement, or ""."""
        paper = act.paper
        if paper is None:
            return ""
        own = self._of(view, paper, analysis.story.text)
        if own == TECHNOLOGY:
            return ""
        early = list(analysis.zone(Zone.TITLE)) if any(analysis.zone(Zone.TITLE)) else list(analysis.zone(*EARLY))
        told = [self._of(seen, each, analysis.story.text) for seen in early for each in seen.papers]
        told = [each for each in told if each]
        if own not in _NARROW and TECHNOLOGY in told:
            return ""
        subject = own or (told[0] if told else "")
        if not subject or subject in _NARROW:
            return subject
        if own and not told and any(self._special(each) for seen in early for each in seen.fields):
            return ""  # the headline names technology, and no paper of another matter
        covered = any(self._special(each) for seen in analysis.views if scoped(seen) for each in seen.fields)
        return "" if covered and subject in _WIDE else subject

    def digital_trade(self, view: View, analysis: Analysis) -> bool:
        """A trade paper counts when headline or deciding sentence name digital trade as its matter."""
        seen = (view, *analysis.zone(Zone.TITLE), *(each for each in analysis.views if scoped(each)))
        seen = tuple(each for each in seen if _CHAPTER.match(each.sentence.text) is None)
        return any(
            each.ref in ("digital_economy", "data_protection") for found in seen for each in found.fields
        ) or any(each.ref == "digital_economy_agreement" for found in seen for each in found.papers)

    def _of(self, view: View, paper: Mention, text: str) -> str:
        """`technology`, the subject, or "" where the words about the paper name neither."""
        subjects = [each for each in view.subjects if not _inside(each, view)]
        for each in subjects:
            if each.end <= paper.start and _COMPOUND.fullmatch(text, each.end, paper.start):
                return each.ref if not self._modified(each, view) else TECHNOLOGY
        ahead = [each for each in view.fields if 0 <= paper.start - each.end <= 1 and not self._weak(each)]
        if ahead:
            return TECHNOLOGY
        end = _END.search(text, paper.end, view.sentence.end)
        limit = end.start() if end is not None else view.sentence.end
        fields = [each for each in view.fields if paper.end <= each.start < limit and not self._weak(each)]
        named = [each for each in subjects if paper.end <= each.start < limit]
        if not named:
            return TECHNOLOGY if fields else ""
        first = named[0]
        beside = any(each.start - first.end == 1 for each in fields) or _THINGS.match(text, first.end)
        if first.ref == "placement" and not beside:
            return first.ref
        if first.ref == "law" and not any(each.start < first.start for each in fields):
            covered = any(
                self._special(each) and first.end <= each.start and _COVERS.search(text, first.end, each.start)
                for each in view.fields
            )
            return TECHNOLOGY if covered else first.ref
        return TECHNOLOGY if fields or any(self._modified(each, view) for each in named) else first.ref

    def _modified(self, subject: Mention, view: View) -> bool:
        """`pariwisata digital`, `digital tourism`: the bare adjective makes technology of it."""
        return any(
            (each.start - subject.end == 1 or subject.start - each.end == 1) and self._lexicon.fields[each.ref].generic
            for each in view.fields
        )

    def _weak(self, mention: Mention) -> bool:
        return self._lexicon.fields[mention.ref].weak

    def _special(self, mention: Mention) -> bool:
        field = self._lexicon.fields[mention.ref]
        return not (field.generic or field.weak or field.hidden)


def _inside(subject: Mention, view: View) -> bool:
    """A subject that is part of an organ's name: `Kementerian Pertanian`."""
    return any(each.what == "organ" and each.start <= subject.start and subject.end <= each.end for each in view.actors)
