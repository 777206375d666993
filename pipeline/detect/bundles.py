"""Packages of a state visit: several papers in one article, one of them perhaps about technology.

One list item is one candidate; the count that the article gives is never evidence. A package is an agreement when at
least one paper
between the two states names a field of technology; each such paper is a report of its own, the foremost first.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from pipeline.detect.analysis import Analysis, View
from pipeline.detect.lexicon import Lexicon
from pipeline.detect.scan import Mention
from pipeline.detect.sentences import Zone
from pipeline.detect.topics import scoped
from pipeline.model import Instrument

MOST = 6
_NUMBER = (
    r"(?:\d{1,2}|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|"
    r"twenty|several|a raft of|two|dua|"
    r"a dozen|dozens of|tiga|empat|lima|enam|tujuh|delapan|sembilan|sepuluh|sebelas|dua belas|tiga belas|"
    r"belasan|puluhan|sejumlah|beberapa)"
)
_WHO = (
    r"(?:kementerian|menteri|negara|pihak|lembaga|badan|presiden|pemimpin|pemerintah|men\w+|teken|ministr\w+|ministers?|"
    r"governments?|countries|states|agencies|sides|leaders|presidents|bodies|sign\w*|ink\w*)\b"
)
"""Who is counted, not what: `dua kementerian menandatangani nota`."""
_PACKAGE = re.compile(
    rf"\b{_NUMBER}\s+(?:(?!{_WHO})[\w-]+\s+){{0,2}}?(?:nota\b|dokumen|kesepakatan|perjanjian|persetujuan|naskah|MoUs?\b|memorand|agreements|documents|"
    rf"papers|pacts|deals|accords|instruments|kerja sama|kerjasama)"
    r"|\b(?:sign(?:s|ed)?|ink(?:s|ed)?|exchanged?)\s+(?:MoUs|MOUs|memoranda|memorandums|agreements|accords)\s+(?:on|for)\b"
    r"[^.;]*,[^.;]*\band\b",
    re.IGNORECASE,
)


_ONE = re.compile(
    r"\b(?:satu(?:nya)? (?:di antaranya|lagi|lainnya)|salah satu(?:nya)?|di antaranya|antara lain|sisanya|"
    r"pengecualian\w*|one of (?:them|those|which)|the exception|among them|another|"
    r"the (?:other|last|first|second|third|fourth)|the rest)\b",
    re.IGNORECASE,
)


_THEY = re.compile(
    r"\W*(?:they|these|the (?:texts|documents|papers|agreements|pacts|deals)|topics|themes|subjects|isinya|bidangnya|"
    r"temanya|topiknya|semuanya|(?:dokumen|naskah|kesepakatan|nota)(?:-\w+)? (?:itu|tersebut|ini))\b[^.;:]{0,24}?"
    r"(?:\b(?:deal|cover|concern|range|include|address|touch|are (?:on|about)|were (?:on|about)|mencakup|meliputi|"
    r"menyangkut|tentang|mengenai|terkait|di bidang|antara lain|termasuk)|:)",
    re.IGNORECASE,
)
"""How a sentence begins that goes on with what the counted papers are about: `They deal with extradition, …`."""


class Bundles:
    """Finds the technology papers of a package; holds only the lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon

    def announced(self, analysis: Analysis) -> bool:
        """Headline or lead count three papers or more, or a list holds them."""
        top = (view for view in analysis.zone(Zone.TITLE, Zone.LEAD))
        if any(_PACKAGE.search(view.sentence.text) for view in top):
            return True
        return sum(1 for view in analysis.views if view.papers and _listed(view)) >= 3

    def items(self, analysis: Analysis) -> tuple[View, ...]:
        """The sentences that each name one technology paper, those with organs of both sides first."""
        found: list[tuple[int, View, frozenset[str]]] = []
        for view in (part for each in analysis.views for part in _parts(each)):
            if view.zone is Zone.TITLE or view.sentence.quoted:
                continue
            told = _ONE.search(view.sentence.text) or _THEY.match(view.sentence.text)
            if not view.papers and not (view.zone is not Zone.LATE and told):
                continue
            if view.papers and all(_absent(each, analysis.story.text) for each in view.papers):
                continue
            fields = self._fields(view)
            if not fields or not self._public(view, analysis):
                continue
            foreign = view.foreign(analysis.home)
            home = view.home(analysis.home)
            rank = 0 if foreign and home else 1 if foreign or home else 2
            found.append((rank, view, fields))
        found.sort(key=lambda each: (each[0], each[1].sentence.index))
        chosen: list[tuple[View, frozenset[str]]] = []
        for _, view, fields in found:
            if not any(fields & taken for _, taken in chosen):
                chosen.append((view, fields))
        return tuple(view for view, _ in chosen[:MOST])

    def _fields(self, view: View) -> frozenset[str]:
        names = set()
        for mention in view.fields:
            field = self._lexicon.fields[mention.ref]
            if not (field.weak or field.hidden) and mention.ref != "defence":
                names.add(field.folds or field.id)
        return frozenset(names)

    def _public(self, view: View, analysis: Analysis) -> bool:
        """Not a company's contract, not a trade agreement's chapter."""
        papers = [self._lexicon.papers[each.ref] for each in view.papers]
        if papers and all(each.private or each.trade for each in papers):
            return False
        if papers and all(each.folded is Instrument.NONE for each in papers) and not view.acts:
            return False
        return not view.private or bool(view.foreign(analysis.home) and view.home(analysis.home))


_NONE = re.compile(
    r"\b(?:belum ada|tidak ada|tak ada|belum|tanpa|no|without(?: an?| any)?|not an?)\W+(?:\w+\W+){0,2}$", re.IGNORECASE
)


def _absent(paper: Mention, text: str) -> bool:
    """`minat kerja sama surya, tetapi belum ada dokumen`: what there is none of is not in the package."""
    return _NONE.search(text, max(0, paper.start - 40), paper.start) is not None


def foremost(deciding: View, analysis: Analysis) -> tuple[View, ...]:
    """What may say that a package is on technology though no paper of it does: headline, lead, what stands about the
    deciding sentence, and what papers are said to cover.
    """
    at = deciding.sentence.index
    return tuple(
        each
        for each in analysis.views
        if each.zone in (Zone.TITLE, Zone.LEAD) or abs(each.sentence.index - at) <= 1 or (each.papers and scoped(each))
    )


def _parts(view: View) -> tuple[View, ...]:
    """The papers that one sentence lists, each with what stands between it and the next: `…, di antaranya perjanjian
    drone antara dua perusahaan serta nota kesepahaman antara kedua kementerian`."""
    starts = [each.start for each in view.papers]
    if len(starts) < 2:
        return (view,)
    bounds = [*starts, view.sentence.end]

    def inside(at: int, left: int, right: int) -> bool:
        return left <= at < right

    parts = tuple(
        replace(
            view,
            actors=tuple(each for each in view.actors if inside(each.start, left, right)),
            papers=tuple(each for each in view.papers if each.start == left),
            fields=tuple(each for each in view.fields if inside(each.start, left, right)),
            named=tuple(each for each in view.named if inside(each.start, left, right)),
            subjects=tuple(each for each in view.subjects if inside(each.start, left, right)),
        )
        for left, right in pairwise(bounds)
    )
    told = [each for each in parts if each.fields]
    return (view,) if len(told) == len(parts) and not view.private else tuple(told) or (view,)


def _listed(view: View) -> bool:
    return view.zone is Zone.ITEM or re.match(r"\s*\d{1,2}[.)]\s", view.sentence.text) is not None
