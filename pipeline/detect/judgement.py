"""From what stands in the text to a label: ordered, named rules. The first that speaks decides; `why` says which and on what.

    genre · denial · no deal · company, university, region · multilateral · foreign with foreign · no partner · not technology
    · ended · signed, renewed, in force · follow-up · declared agreed · to be signed · negotiating · exploring

They follow the labelling rules: both sides organs of state, Indonesia a party, the event the news and not its background; body and
quotations beat the lead, the lead beats the headline.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from pipeline.detect.acts import Act, Status, remembered
from pipeline.detect.analysis import Analysis, View
from pipeline.detect.bundles import Bundles
from pipeline.detect.lexicon import Lexicon
from pipeline.detect.parties import Pair, Parties
from pipeline.detect.sentences import Zone
from pipeline.detect.topics import Subjects, Topics
from pipeline.model import Instrument, Label, Level, Relation, Stage

SIGNING = ("sign", "sign_bare", "signing", "formalise", "produce")
_EARLY = (Zone.TITLE, Zone.LEAD)
_ZONE = {Zone.TITLE: 2.5, Zone.LEAD: 3.0, Zone.BODY: 2.0, Zone.ITEM: 1.5, Zone.LATE: 0.3}
_TALK_OBJECT = re.compile(
    r"^\W+(?:\w+\W+){0,2}?(?:bertemu|meet|membahas|discuss|menjajaki|explore|mengkaji|study|share|berbagi|melanjutkan pembicaraan|hold|menggelar|talk)\b",
    re.IGNORECASE,
)
_HOPE = re.compile(
    r"\b(?:hop\w+|harap\w*|berharap|diharap\w*|could|may|might|ingin|wants?|dapat|bisa)\b", re.IGNORECASE
)
_SOFT_OBJECT = re.compile(
    r"^\W+(?:\w+\W+){0,2}?(?:memperkuat|mempererat|meningkatkan|memperdalam|perkuat|tingkatkan|pererat|strengthen|deepen|boost|enhance|promote|mendorong|dorong|step up)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Frame:
    """An act in its sentence, how much it weighs, and between whom."""

    view: View
    act: Act
    weight: float
    pair: Pair


@dataclass(slots=True)
class Ruling:
    """What was decided. `frame` is the deciding act, `core` the sentences about the deal."""

    label: Label = Label.OTHER
    stage: Stage = Stage.NONE
    partner: str = ""
    level: Level = Level.G2G
    relation: Relation = Relation.NEW
    frame: Frame | None = None
    core: tuple[View, ...] = ()
    topics: Topics | None = None
    items: tuple[View, ...] = ()  # the technology papers of a package
    why: list[str] = field(default_factory=list)
    doubts: list[tuple[str, float]] = field(default_factory=list)


class Judge:
    """Applies the rules; holds only the lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._parties = Parties(lexicon)
        self._subjects = Subjects(lexicon)
        self._bundles = Bundles(lexicon)

    def topics(self, view: View) -> Topics:
        """What one paper of a package is about."""
        return self._subjects.of(view)

    def rule(self, analysis: Analysis) -> Ruling:
        """The decision on one article."""
        ruling = Ruling()
        why = ruling.why
        frames = self._frames(analysis, SIGNING + ("renew", "in_force", "ended"))
        asserted = [each for each in frames if each.act.status is Status.ASSERTED]
        asserted = self._body_beats_headline(frames, asserted, analysis, why)
        if self._genre(analysis, asserted, why) or self._denial(analysis, asserted, why):
            return ruling
        if self._foreign_news(analysis, asserted, why):
            return ruling
        if analysis.mentioned > 12:
            ruling.doubts.append((f"names {analysis.mentioned} foreign states", -0.4))
        asserted = [
            each for each in asserted if each.act.deed.stage is not Stage.ENDED or each.view.zone in _EARLY
        ]
        main = max(asserted, key=lambda each: each.weight, default=None)
        if main is not None and self._deal(analysis, ruling, main, asserted):
            return ruling
        if main is not None and ruling.core:
            return ruling  # a deal, but not ours: the reason stands in `why`
        if self._follow_up(analysis, ruling, frames):
            return ruling
        if self._talks(analysis, ruling, frames):
            return ruling
        if not why:
            why.append("no act between the home state and one foreign state on technology was found")
        return ruling

    # --------------------------------------------------------------------------------------------------------- frames

    def _frames(self, analysis: Analysis, ids: tuple[str, ...]) -> list[Frame]:
        frames: list[Frame] = []
        for view, act in analysis.acts(*ids):
            pair = self._parties.pair(view, analysis)
            weight = _ZONE[view.zone]
            weight += 1.5 if act.deed.strong else 0.0
            if act.paper is not None:
                paper = self._lexicon.papers[act.paper.ref]
                weight += 0.7 if paper.loose else 0.2 if paper.private else 2.0
            weight += (1.0 if pair.home else 0.0) + (1.5 if pair.foreign else 0.0)
            weight += 0.5 if view.fields else 0.0
            weight -= 0.7 if view.sentence.quoted else 0.0
            weight -= 0.3 if act.deed.form == "noun" else 0.0
            frames.append(Frame(view, act, weight, pair))
        return frames

    def _body_beats_headline(
        self, frames: list[Frame], asserted: list[Frame], analysis: Analysis, why: list[str]
    ) -> list[Frame]:
        """A signing that only the headline tells falls when the body denies it or puts it in the future."""
        below = [each for each in asserted if each.view.zone not in (Zone.TITLE, Zone.LATE)]
        against = [
            each
            for each in frames
            if each.view.zone not in (Zone.TITLE, Zone.LATE)
            and each.act.status in (Status.NEGATED, Status.FUTURE, Status.DENIED, Status.CONDITION)
            and each.act.deed.stage in (Stage.SIGNED, Stage.RENEWED)
        ]
        planned = [view for view, _ in analysis.acts("plan_sign", status=Status.FUTURE) if view.zone is not Zone.LATE]
        early = [each for each in below if each.view.zone is Zone.LEAD]
        if asserted and not below and (against or planned):
            why.append("the headline says signed, the body does not: body beats headline")
            return []
        if against and below and not early and not any(each.view.zone is Zone.TITLE for each in asserted):
            strong = [each for each in below if each.pair.complete and each.act.paper is not None]
            if not strong:
                why.append("the body says that nothing is signed yet")
                return []
        negotiating = [
            view
            for view, _ in analysis.acts("negotiate", status=Status.ASSERTED)
            if view.zone in (Zone.LEAD, Zone.BODY)
        ]
        if below and all(each.act.deed.form == "noun" and each.act.paper is None for each in below):
            below = []
        if asserted and not below and negotiating:
            why.append("the headline says done, the body negotiates: body beats headline")
            return []
        return asserted

    def _core(self, analysis: Analysis, main: Frame) -> tuple[View, ...]:
        """The sentences about the same deal: the deciding one, headline and lead acts, and those that name the paper."""
        core: list[View] = []
        for view in analysis.views:
            if view.zone is Zone.LATE:
                continue
            if view.sentence.index == main.view.sentence.index or any(
                act.status is Status.ASSERTED and act.deed.strong and act.deed.stage is not Stage.EXPLORING
                for act in view.acts
            ) or view.zone is Zone.TITLE:
                core.append(view)
        return tuple(core)

    # -------------------------------------------------------------------------------------------------- what is no deal

    def _genre(self, analysis: Analysis, asserted: list[Frame], why: list[str]) -> bool:
        views = analysis.views
        if not views:
            return False
        head = views[0].sentence.text.lower().strip()
        lead = next((each.sentence.text.lower() for each in views if each.zone is Zone.LEAD), "")
        if re.match(r"\W*(?:hoaks|hoax|cek fakta|fact check|salah|keliru)\b", head):
            why.append("denial: the headline calls it a hoax")
            return True
        lead_deal = any(each.view.zone in _EARLY and each.act.paper and each.pair.complete for each in asserted)
        for name, words in self._lexicon.genres.items():
            for word in words:
                opened = re.match(rf"\W*{re.escape(word)}\b", head)
                if name == "opinion":
                    opened = opened or re.search(rf"\b{re.escape(word)}\b", lead[:160])
                if name == "document":
                    opened = re.search(rf"\b{re.escape(word)}\b", lead) if word != "pasal" else None
                if opened and not lead_deal:
                    why.append(f"genre: reads like {name} ({word!r}), reports no event")
                    return True
        return False

    def _denial(self, analysis: Analysis, asserted: list[Frame], why: list[str]) -> bool:
        for view in analysis.zone(*_EARLY):
            for mention in view.sentence.mentions:
                if mention.ref == "denial" and mention.kind == "mark":
                    told = [
                        each for each in asserted if each.view.zone in (Zone.LEAD, Zone.BODY) and each.pair.complete
                    ]
                    if not told:
                        word = analysis.story.text[mention.start : mention.end]
                        why.append(f"denial: {word!r} in the {view.zone.value}")
                        return True
        return False

    def _foreign_news(self, analysis: Analysis, asserted: list[Frame], why: list[str]) -> bool:
        """Headline or first sentence tell of two foreign states; the home state comes later, if at all."""
        for frame in asserted:
            view = frame.view
            first = view.zone is Zone.TITLE or (view.zone is Zone.LEAD and view.sentence.index <= 2)
            if not (first and frame.act.deed.strong) or self._parties.home_titled(analysis):
                continue
            if len(view.foreign(analysis.home)) >= 2 and not any(not each.assumed for each in view.home(analysis.home)):
                why.append(f"foreign with foreign: {' and '.join(view.foreign(analysis.home)[:3])}")
                return True
        return False

    # ------------------------------------------------------------------------------------------------------ signed papers

    def _deal(self, analysis: Analysis, ruling: Ruling, main: Frame, asserted: list[Frame]) -> bool:
        why = ruling.why
        text = analysis.story.text
        core = self._core(analysis, main)
        verb = text[main.act.mention.start : main.act.mention.end]
        pair = self._parties.settle(main.view, main.act, core, analysis)
        paper = self._lexicon.papers[main.act.paper.ref] if main.act.paper is not None else None
        ruling.core = core
        ruling.frame = Frame(main.view, main.act, main.weight, pair)
        why.append(f"deciding act: {verb!r} in the {main.view.zone.value}, {pair.words()}")
        if pair.excluded:
            why.append(f"{pair.excluded}: not an agreement between two states")
            if pair.subnational and self._talks(analysis, ruling, []):
                return True
            return False
        if not pair.complete and self._bundles.announced(analysis):
            pair = self._parties.visit(pair, analysis)
            ruling.frame = Frame(main.view, main.act, main.weight, pair)
        if not pair.complete:
            why.append(
                "one side is missing: " + ("no foreign state acts" if pair.home else "the home state does not act")
            )
            if main.weight < 6.0:
                ruling.core = ()
            return False
        items = self._bundles.items(analysis) if self._bundles.announced(analysis) else ()
        if items:
            core = (items[0], *(each for each in core if each.zone is Zone.LEAD))
            ruling.core, ruling.items = core, items
            why.append(f"a package: {len(items)} of its papers on technology")
        topics = self._subjects.of(items[0]) if items else self._subjects.weigh(analysis.views, core)
        ruling.topics = topics
        if paper is not None and paper.trade and not self._technology_titled(main.view, analysis):
            why.append("a trade agreement is no technology agreement, whatever chapters it has")
            return False
        if paper is not None and paper.private:
            why.append("a contract is business, not an agreement between states")
            return False
        if not self._technology(topics, core, why, declared=paper is not None):
            return False
        if paper is None and main.act.deed.stage is Stage.SIGNED and not main.act.deed.strong:
            ruling.core = ()
            return False
        ruling.label = Label.AGREEMENT
        ruling.partner = pair.foreign
        ruling.level = pair.level
        ruling.stage = self._stage(main, asserted, analysis)
        if ruling.stage is Stage.IN_FORCE and any(each.act.deed.stage is Stage.SIGNED for each in asserted):
            ruling.stage = Stage.SIGNED
        why.append(f"agreement with {pair.foreign}: {ruling.stage.value}, both sides organs of state, on technology")
        return True

    def _stage(self, main: Frame, asserted: list[Frame], analysis: Analysis) -> Stage:
        near = [each for each in asserted if each.view.zone is not Zone.LATE and each.view.zone is not Zone.ITEM]
        early = [each for each in near if each.view.zone in _EARLY] or near
        for stage in (Stage.ENDED, Stage.RENEWED):
            strong = [each for each in early if each.act.deed.stage is stage]
            if strong and (stage is Stage.RENEWED or not any(each.act.deed.stage is Stage.SIGNED for each in early)):
                if (
                    stage is Stage.RENEWED
                    and all(each.act.paper is None for each in strong)
                    and main.act.deed.stage is not stage
                ):
                    continue
                return stage
        return main.act.deed.stage

    def _technology_titled(self, view: View, analysis: Analysis) -> bool:
        """A trade paper counts when headline or deciding sentence name digital trade as its matter."""
        seen = (view, *analysis.zone(Zone.TITLE))
        return any(
            each.ref in ("digital_economy", "data_protection") for found in seen for each in found.fields
        ) or any(each.ref == "digital_economy_agreement" for found in seen for each in found.papers)

    def _technology(
        self, topics: Topics, core: tuple[View, ...], why: list[str], *, declared: bool = False
    ) -> bool:
        if not topics.fields or topics.technology < 0.75:
            why.append("not technology: the sentences about it name no field of technology")
            return False
        if all(name == "defence" for name, _ in topics.fields) and not declared:
            why.append("not technology: talk of arms alone")
            return False
        if (
            topics.other > topics.technology
            and topics.technology < 2.5
            and not any(view.fields for view in core if view.zone is Zone.TITLE)
        ):
            why.append("not technology: it is about something else, technology is said in passing")
            return False
        return True

    # ------------------------------------------------------------------------------------------------------- follow-ups

    def _follow_up(self, analysis: Analysis, ruling: Ruling, frames: list[Frame]) -> bool:
        """Progress on an older paper between the two states, when that is the news: both named at the top."""
        if any(view.zone in _EARLY for view, _ in analysis.acts("negotiate", "draft", status=Status.ASSERTED)):
            return False
        progress = [
            view
            for view, act in analysis.acts("implement")
            if view.zone in _EARLY and act.status in (Status.ASSERTED, Status.NEGATED)
        ]
        if not progress:
            return False
        older = [
            each
            for each in frames
            if each.act.status is Status.BACKGROUND and each.act.paper is not None and each.view.zone is not Zone.LATE
        ]
        holders = [
            view
            for view in analysis.views
            if view.zone is not Zone.LATE and any(not self._lexicon.papers[each.ref].loose for each in view.papers)
        ]
        if not holders or not (older or any(view.zone in _EARLY for view in holders)):
            return False
        top = tuple(analysis.zone(*_EARLY))
        pair = self._parties.top(top, analysis)
        if not pair.complete or pair.excluded:
            return False
        view = older[0].view if older else holders[0]
        core = tuple({each.sentence.index: each for each in (*top, view)}.values())
        topics = self._subjects.weigh(analysis.views, core)
        if not self._technology(topics, core, ruling.why):
            return False
        act = older[0].act if older else next(act for _, act in analysis.acts("implement"))
        ruling.label, ruling.stage, ruling.relation = Label.AGREEMENT, Stage.IMPLEMENTED, Relation.UPDATE
        ruling.partner, ruling.level = pair.foreign, pair.level
        ruling.frame, ruling.core, ruling.topics = Frame(view, act, 4.0, pair), core, topics
        ruling.why.append(f"follow-up: progress on an older paper with {pair.foreign} is the news")
        return True

    # ------------------------------------------------------------------------------------------------------------ talks

    def _talks(self, analysis: Analysis, ruling: Ruling, frames: list[Frame]) -> bool:
        """Declared agreed, to be signed, negotiating, exploring: in this order."""
        why = ruling.why
        top = tuple(analysis.zone(Zone.TITLE, Zone.LEAD, Zone.BODY))
        planned = [
            (view, act)
            for view, act in analysis.acts("plan_sign", "sign", "sign_bare", "signing", "renew", status=Status.FUTURE)
            if view.zone is not Zone.LATE and (act.deed.id == "plan_sign" or act.paper is not None)
        ]
        negotiated = [
            (view, act)
            for view, act in analysis.acts("negotiate", "draft", status=Status.ASSERTED)
            if view.zone in _EARLY
        ]
        feeling = any(view.zone in _EARLY for view, _ in analysis.acts("explore", status=Status.ASSERTED))
        if not negotiated and not feeling:
            negotiated = [
                (view, act)
                for view, act in analysis.acts("negotiate", "draft", status=Status.ASSERTED)
                if view.zone is Zone.BODY and (act.deed.id == "draft" or act.paper is not None)
            ]
        agreed = self._agreed(analysis, planned or negotiated)
        unsigned = self._unsigned(analysis) if agreed else []
        explored = [
            (view, act)
            for view, act in analysis.acts(
                "explore", "discuss", "meet", "commit_bare", "pledge", "agree", "agree_bare", "join"
            )
            if view.zone in (Zone.TITLE, Zone.LEAD) and act.status in (Status.ASSERTED, Status.FUTURE)
        ]
        scheduled = [each for each in planned if not _HOPE.search(each[0].sentence.text)]
        hoped = [
            view
            for view in top
            if view.papers and any(each.kind == "mark" and each.ref == "future" for each in view.sentence.mentions)
        ]
        candidates: list[tuple[Stage, Label, list[tuple[View, Act]], str]] = []
        if agreed and unsigned:
            candidates.append((Stage.NEGOTIATING, Label.EXPLORATORY, agreed, "agreed on, but its paper is not signed"))
        elif agreed:
            candidates.append((Stage.ANNOUNCED, Label.AGREEMENT, agreed, "declared agreed"))
        if scheduled and not negotiated:
            candidates.append((Stage.ANNOUNCED, Label.EXPLORATORY, scheduled, "to be signed"))
        elif planned and not negotiated:
            candidates.append((Stage.NEGOTIATING, Label.EXPLORATORY, planned, "a signing is hoped for"))
        if negotiated:
            stage = Stage.NEGOTIATING
            if scheduled and scheduled[0][0].sentence.index < negotiated[0][0].sentence.index:
                stage = Stage.ANNOUNCED
            chosen = scheduled if stage is Stage.ANNOUNCED else negotiated
            candidates.append(
                (stage, Label.EXPLORATORY, chosen, "to be signed" if stage is Stage.ANNOUNCED else "negotiating")
            )
        if explored and hoped and not any(act.deed.id == "explore" for _, act in explored):
            candidates.append((Stage.NEGOTIATING, Label.EXPLORATORY, explored, "a paper is hoped for, not signed"))
        strong = [(view, act) for view, act in explored if act.deed.strong] or explored
        if strong:
            candidates.append((Stage.EXPLORING, Label.EXPLORATORY, strong, "exploring"))
        for stage, label, acts, words in candidates:
            view, act = acts[0]
            pair = self._parties.settle(view, act, top, analysis, talks=True)
            core = tuple(
                {
                    each.sentence.index: each for each in (*analysis.zone(*_EARLY), *(found for found, _ in acts[:4]))
                }.values()
            )
            if label is Label.AGREEMENT and (pair.excluded or pair.subnational or not self._parties.on_top(pair.foreign, analysis)):
                continue
            if pair.excluded and not pair.subnational:
                why.append(f"{words}: {pair.excluded}, not between two states")
                continue
            if not pair.complete:
                why.append(f"{words}, but one side is missing")
                continue
            topics = self._subjects.weigh(analysis.views, core)
            if not self._technology(topics, core, why):
                return False
            if stage is Stage.EXPLORING and not self._speaks_of_cooperation(analysis, acts, pair):
                why.append("a meeting without cooperation on technology as its matter")
                continue
            ruling.label, ruling.stage = label, stage
            ruling.partner, ruling.level = pair.foreign, pair.level
            ruling.frame, ruling.core, ruling.topics = Frame(view, act, 3.0, pair), core, topics
            why.append(f"{words} with {pair.foreign}")
            return True
        return False

    def _agreed(self, analysis: Analysis, pending: object) -> list[tuple[View, Act]]:
        """Leaders or ministers declare something agreed: in the body or lead, not for talks' sake, with nothing pending."""
        if pending:
            return []
        text = analysis.story.text
        found: list[tuple[View, Act]] = []
        for view, act in analysis.acts("agree", "agree_bare", "pledge", status=Status.ASSERTED):
            if view.zone not in (Zone.LEAD, Zone.BODY) or view.sentence.quoted:
                continue
            tail = text[act.mention.end : min(view.sentence.end, act.mention.end + 80)]
            specific = len({each.ref for each in view.fields if not self._lexicon.fields[each.ref].generic})
            if _TALK_OBJECT.match(tail) or (_SOFT_OBJECT.match(tail) and specific < 2):
                continue
            found.append((view, act))
        stated = [
            view
            for view in analysis.views
            if any(each.ref == "joint_statement" for each in view.papers) and view.zone is not Zone.LATE
        ]
        if not found and stated:
            for view in stated:
                acts = [act for act in view.acts if act.status in (Status.ASSERTED, Status.FUTURE, Status.BACKGROUND)]
                if acts:
                    return [(view, acts[0])]
        exploring = [
            act
            for view, act in analysis.acts("explore", status=Status.ASSERTED)
            if view.zone in (Zone.TITLE, Zone.LEAD)
        ]
        return [] if exploring and not stated else found

    def _unsigned(self, analysis: Analysis) -> list[View]:
        """Sentences that name a paper of the deal while nothing tells its signing."""
        text = analysis.story.text
        return [
            view
            for view in analysis.views
            if view.zone is not Zone.LATE
            for each in view.papers
            if self._lexicon.papers[each.ref].folded
            in (Instrument.MOU, Instrument.MOC, Instrument.LOI, Instrument.TREATY)
            and not self._lexicon.papers[each.ref].loose
            and not remembered(text, each, view.dates, analysis.ref)
        ]

    def _speaks_of_cooperation(self, analysis: Analysis, acts: list[tuple[View, Act]], pair: Pair) -> bool:
        if any(act.deed.strong and act.deed.id == "explore" for _, act in acts):
            return True
        early = tuple(analysis.zone(*_EARLY))
        cooperation = any(view.cooperation for view in early)
        talk = any(
            act.deed.id in ("discuss", "agree", "agree_bare", "pledge", "commit_bare", "join") for _, act in acts
        )
        titled = any(
            view.zone is Zone.TITLE and view.foreign(analysis.home) and view.home(analysis.home) for view in early
        )
        return cooperation and talk and (pair.organs or titled)
