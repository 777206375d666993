"""Progress on an older paper between the two states, when that is the news: a follow-up, never a new agreement."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pipeline.detect.acts import Act, Status
from pipeline.detect.analysis import Analysis, View
from pipeline.detect.background import remembered
from pipeline.detect.lexicon import Lexicon
from pipeline.detect.parties import PRIVATE, Parties
from pipeline.detect.ruling import EARLY, Frame, Ruling
from pipeline.detect.sentences import Zone
from pipeline.detect.talks import promised, unmade
from pipeline.detect.topics import Subjects
from pipeline.model import Label, Relation, Stage

_RESULT = re.compile(
    r"\b(?:tindak lanjut|pelaksanaan|implementasi|buah|hasil|follow-up|first fruit|result of)\b", re.IGNORECASE
)
_LINK = re.compile(
    r"\b(?:tindak lanjut|menindaklanjuti|pelaksanaan|melaksanakan|implementasi|berdasarkan|amanat|turunan|hasil|buah|"
    r"bagian|sesuai|dalam (?:nota|perjanjian|persetujuan|memorandum)|dijanjikan|under|part of|following|based on|"
    r"implement\w*|follow-up|thanks to|foreseen|promised|tetap|since|sejak|review\w*|took stock|stocktaking|"
    r"mengevaluasi|evaluasi|menilai kemajuan)\b",
    re.IGNORECASE,
)
_CHARTER = re.compile(
    r"\b(?:tindak lanjut|menindaklanjuti|pelaksanaan|melaksanakan|implementasi|mengimplementasikan|realisasi|"
    r"merealisasikan|menjalankan|dijalankan|menerapkan|penerapan|mewujudkan|menunaikan|amanat|diamanatkan|mandat|"
    r"turunan|perwujudan|penjabaran|wujud|buah|hasil|bagian|berdasarkan|(?:langkah|tahap|kegiatan|agenda) \w+|"
    r"sesuai|diatur dalam|dijanjikan dalam|tertuang dalam|disepakati dalam|payung|(?:pertama|perdana|awal)(?: dari|"
    r" dalam)?|"
    r"under|part of|follow-up (?:to|of)|follows?|following up|implementation of|implementing|implements?|pursuant to|"
    r"stems? from|born of|"
    r"provided for (?:in|by)|foreseen (?:in|by)|required by|promised (?:in|by|under)|agreed (?:in|under)|mandated by|"
    r"called for (?:in|by)|first \w+ of|carr(?:y|ies|ied) out|"
    r"fulfils?|fulfilling|(?:days?|weeks?|months?|years?) after|"
    r"fruit of|result of|outcome of|spelled out in|laid down in|thanks to)\W+(?:\w+\W+){0,3}$",
    re.IGNORECASE,
)
"""Words that make the paper behind them the ground of what is told."""


_INITIALLED = re.compile(r"initial|diparaf|memaraf", re.IGNORECASE)
_BILL = re.compile(
    r"\b(?:(?:mem|di)?bahas|pembahasan|(?:meng|di)ajukan|(?:menyerah|diserah)kan|menerima|submit\w*|tabled?|debat\w*|"
    r"discuss\w*|"
    r"deliberat\w*|introduc\w*|receiv\w*)\b[^.;]{0,60}\b(?:RUU|rancangan undang-undang|bill)\b"
    r"|\b(?:RUU|rancangan undang-undang|bill)\b[^.;]{0,80}\b(?:masuk|dibahas|diajukan|submitted|tabled|debated|awaits?|"
    r"menunggu)\b",
    re.IGNORECASE,
)
"""A bill that is on its way, not passed."""


_LONG_AGO = re.compile(
    r"\b(?:bertahun-tahun|puluhan tahun|belasan tahun)\s+(?:silam|lalu)|\b(?:many|some|several)?\s*years ago\b",
    re.IGNORECASE,
)


class FollowUps:
    """Rules of progress; holds only the lexicon."""

    def __init__(self, lexicon: Lexicon, parties: Parties, subjects: Subjects) -> None:
        self._lexicon = lexicon
        self._parties = parties
        self._subjects = subjects

    def rule(self, analysis: Analysis, ruling: Ruling, frames: list[Frame]) -> bool:
        """Progress on an older paper between the two states, when that is the news: both named at the top."""
        if any(view.zone in EARLY for view, _ in analysis.acts("negotiate", "draft", status=Status.ASSERTED)):
            return False
        if any(view.zone in EARLY for view, _ in analysis.acts("plan_sign", status=Status.FUTURE)):
            return False
        if self._of_a_month(analysis, ruling):
            return True
        progress = [
            view
            for view, act in analysis.acts("implement")
            if (view.zone in EARLY or (view.sentence.index <= 4 and view.both and view.papers))
            and act.status in (Status.ASSERTED, Status.NEGATED)
        ]
        older = [
            each
            for each in frames
            if each.act.status is Status.BACKGROUND and each.act.paper is not None and each.view.zone is not Zone.LATE
        ]
        if not older and any(
            each.view.zone in EARLY
            and each.act.status in (Status.FUTURE, Status.NEGATED)
            and each.act.paper is not None
            for each in frames
        ):
            return False  # what is put off is the signing itself
        linked = [each for each in older if each.view.zone in EARLY and _RESULT.search(each.view.sentence.text)]
        linked = [each for each in linked if not re.search(r"\d{4}", each.act.mark)]
        chartered = self._chartered(analysis)
        if not progress and not (linked and linked[0].pair.complete) and chartered is None:
            return False
        if progress and not linked and chartered is None and self._beside(analysis, progress, older):
            return False
        holders = [
            view
            for view in analysis.views
            if view.zone is not Zone.LATE
            and (view is chartered or any(not self._lexicon.papers[each.ref].loose for each in view.papers))
        ]
        if not holders or not (older or chartered or any(view.zone in EARLY for view in holders)):
            return False
        if (not older or not progress) and all(_ancient(analysis, view) for view in holders):
            return False
        if chartered is not None and _theirs(chartered):
            return False
        told = chartered is not None or any(_LINK.search(view.sentence.text) for view in holders)
        if not older and not told and not any(view.zone is Zone.TITLE for view in holders):
            return False
        stated = any(each.ref == "joint_statement" for view in analysis.zone(Zone.TITLE) for each in view.papers)
        if unmade(analysis) or promised(analysis) or (stated and not older):
            return False
        top = tuple(analysis.zone(*EARLY))
        pair = self._parties.top(top, analysis)
        view = chartered or (older[0].view if older else holders[0])
        business = pair.excluded == PRIVATE and chartered is not None and bool(view.home(analysis.home))
        linked_up = chartered or (progress and older and self._named_first(analysis))
        if (
            not pair.complete
            and (business or not pair.excluded)
            and (linked_up or any(each.both for each in (*top, view)))
        ):
            pair = self._parties.either((*top, view), analysis)
        if not pair.complete or pair.excluded:
            return False
        core = tuple({each.sentence.index: each for each in (*top, view)}.values())
        topics = self._subjects.weigh(analysis.views, core)
        if not self._subjects.enough(topics, core, ruling.why, declared=True):
            return False
        act = next((each.act for each in older if each.view is view), None) or (
            older[0].act if older else self._any_act(analysis, view)
        )
        if act is None:
            return False
        ruling.label, ruling.stage, ruling.relation = Label.AGREEMENT, Stage.IMPLEMENTED, Relation.UPDATE
        ruling.partner, ruling.level = pair.foreign, pair.level
        ruling.frame, ruling.core, ruling.topics = Frame(view, act, 4.0, pair), core, topics
        ruling.why.append(f"follow-up: progress on an older paper with {pair.foreign} is the news")
        return True

    def _of_a_month(self, analysis: Analysis, ruling: Ruling) -> bool:
        """`work that Indonesia and Spain agreed on in October`: headline or lead tell of what grew from it."""
        for view, act in analysis.acts("agree", "agree_bare", "pledge", status=Status.BACKGROUND):
            foreign = view.foreign(analysis.home)
            recalled = act.mark.lower() in self._lexicon.months and view.zone is Zone.LEAD
            paired = (len(foreign) == 1 and view.home(analysis.home)) or (view.both and not foreign)
            if not recalled or not paired or view.private:
                continue
            top = tuple(analysis.zone(*EARLY))
            pair = self._parties.top(top, analysis)
            topics = self._subjects.weigh(analysis.views, top)
            if not pair.complete or pair.excluded or not self._subjects.enough(topics, top, ruling.why):
                continue
            ruling.label, ruling.stage, ruling.relation = Label.AGREEMENT, Stage.IMPLEMENTED, Relation.UPDATE
            ruling.partner, ruling.level = pair.foreign, pair.level
            ruling.frame, ruling.core, ruling.topics = Frame(view, act, 4.0, pair), top, topics
            ruling.why.append(f"follow-up: what was agreed with {pair.foreign} in {act.mark} bears fruit")
            return True
        return False

    def _chartered(self, analysis: Analysis) -> View | None:
        """The early sentence that makes an older paper the ground of the news: `amanat nota kesepahaman Januari lalu`;
        not where the two only talk or feel their way.
        """
        talk = ("explore", "discuss", "negotiate", "draft", "plan_sign")
        if any(
            view.zone in EARLY and act.status in (Status.ASSERTED, Status.FUTURE) for view, act in analysis.acts(*talk)
        ):
            return None
        if any(each.ref == "joint_statement" for view in analysis.zone(Zone.TITLE) for each in view.papers):
            return None
        first, early = self._named_first(analysis), self._named(analysis, analysis.zone(*EARLY))
        moving = any(view.zone in EARLY for view, _ in analysis.acts("implement", status=Status.ASSERTED))
        text = analysis.story.text
        for view in analysis.views:
            named = first or (early and view.both) or (moving and _lone(view, analysis))
            if view.zone is Zone.LATE or view.sentence.index > 6 or not named or _ancient(analysis, view):
                continue
            for paper in view.papers:
                kind = self._lexicon.papers[paper.ref]
                dated = remembered(text, paper, view.dates, analysis.ref) or any(view.sentence.marks("background"))
                if kind.private or (kind.loose and not (dated and view.both)):
                    continue  # a loose word is a paper where it is said to be of both, and older
                year = analysis.ref.year
                done = re.findall(r"\b(?:pada|in|tahun) ((?:19|20)\d{2})\b", text[view.sentence.start : paper.start])
                if year is not None and any(int(each) < year - 1 for each in done):
                    continue  # "datang pada 2022 sebagai bagian dari perjanjian": done long ago
                if _CHARTER.search(text, max(view.sentence.start, paper.start - 70), paper.start):
                    return view
        return None

    def _beside(self, analysis: Analysis, progress: list[View], older: list[Frame]) -> bool:
        """The older paper is told in passing: the progress stands in the sentence that remembers it, and what comes
        first names no other state.
        """
        remembered = {each.view.sentence.index for each in older}
        if not remembered or any(view.sentence.index not in remembered for view in progress):
            return False
        return not self._named_first(analysis)

    def _named_first(self, analysis: Analysis) -> bool:
        """Headline or first sentence name another state, in whatever role."""
        return self._named(analysis, [*analysis.zone(Zone.TITLE), *list(analysis.zone(Zone.LEAD))[:1]])

    @staticmethod
    def _named(analysis: Analysis, views: Iterable[View]) -> bool:
        return any(each.country not in ("", analysis.home) for view in views for each in view.actors)

    def _any_act(self, analysis: Analysis, view: View) -> Act | None:
        """An act to stand for the progress: of the sentence, else of the whole, else the paper by its being named."""
        told = (*view.acts, *(act for _, act in analysis.acts("implement")))
        if told:
            return told[0]
        deed = next((each for each in self._lexicon.deeds.values() if each.stage is Stage.IMPLEMENTED), None)
        paper = next(iter(view.papers), None)
        return Act(paper, deed, Status.ASSERTED, paper) if deed is not None and paper is not None else None


def standing(stage: Stage, told: View, analysis: Analysis) -> tuple[Stage, Relation]:
    """What an entry into force is: later progress where the text recalls the signing; while a bill to ratify is only
    debated, the paper is signed and no more.
    """
    if stage is not Stage.IN_FORCE:
        return stage, Relation.NEW
    recalled = any(
        _INITIALLED.match(analysis.story.text, act.mention.start) is None
        for view, act in analysis.acts("sign", "sign_bare", "signing", status=Status.BACKGROUND)
        if view.zone is not Zone.LATE
    )
    if _BILL.search(told.sentence.text) is not None and recalled:
        return Stage.SIGNED, Relation.UPDATE
    return stage, Relation.UPDATE if recalled else Relation.NEW


def _lone(view: View, analysis: Analysis) -> bool:
    """`tindak lanjut nota kesepahaman Indonesia-Finlandia`: the paper of the two stands there."""
    return len(view.foreign(analysis.home)) == 1 and any(not each.assumed for each in view.home(analysis.home))


def _ancient(analysis: Analysis, view: View) -> bool:
    """A paper named with a year more than four years back: a memory, however lively its progress."""
    if _LONG_AGO.search(view.sentence.text):
        return True
    years = [int(each) for each in re.findall(r"\b(?:19|20)\d{2}\b", view.sentence.text)]
    return analysis.ref.year is not None and any(year < analysis.ref.year - 4 for year in years)


def _theirs(view: View) -> bool:
    """`under a letter of intent signed by their rectors`: the paper is that of campuses or firms."""
    last = max((each.start for each in view.papers), default=view.sentence.end)
    return any(each.start > last for each in view.private) and not (view.both or any(e.ref for e in view.actors))
