"""From what stands in the text to a label: ordered, named rules; the first that speaks decides, and `why` says on what.

    genre · denial · no deal · company, university, region · multilateral · foreign with foreign · no partner ·
    not technology · ended · signed, renewed, in force · follow-up · agreed · to be signed · negotiating · exploring

They follow the labelling rules: both sides organs of state, the home state a party, the event the news and not its
background; body and quotations beat the lead, the lead beats the headline.
"""

from __future__ import annotations

import re

from pipeline.detect.acts import Act, Status
from pipeline.detect.analysis import Analysis, View
from pipeline.detect.bundles import Bundles, foremost
from pipeline.detect.followups import FollowUps, standing
from pipeline.detect.genres import Genres
from pipeline.detect.lexicon import Lexicon
from pipeline.detect.matter import Matters
from pipeline.detect.pair import Pair
from pipeline.detect.parties import Parties
from pipeline.detect.ruling import EARLY, Frame, Ruling
from pipeline.detect.sentences import Zone
from pipeline.detect.suspicion import suspicions
from pipeline.detect.talks import Talks
from pipeline.detect.topics import Subjects, Topics
from pipeline.model import Label, Stage

SIGNING = ("sign", "sign_bare", "signing", "formalise", "by_paper", "produce")
_TELLING = 5.0
"""Weight from which an act of the text decides over the headline's."""
_EARLIER = 6
"""The last sentence, headline included, whose older paper makes what is signed at the end a side matter."""
_BREAK = re.compile(r"[,;:] | [-–] | (?:as|while|but|sementara|saat|ketika|tetapi|tapi) ")
"""Where another part of a headline begins."""
_ASIDE = re.compile(r"; | (?:as|while|sementara) ")
_ZONE = {Zone.TITLE: 2.5, Zone.LEAD: 3.0, Zone.BODY: 2.0, Zone.ITEM: 1.5, Zone.LATE: 0.3}
_BOUGHT = re.compile(
    r"\b(?:pengadaan|membeli|pembelian|dibeli|kontrak|pesanan|memesan|purchase[sd]?|buy|buys|buying|bought|procure\w*|"
    r"order(?:s|ed)?|contract|arms (?:deals?|sales?))\b",
    re.IGNORECASE,
)
_DECREE = re.compile(
    r"\b(?:peraturan presiden|perpres|keputusan presiden|keppres|undang-undang|presidential (?:regulation|decree))\b"
    r"[^.;]{0,60}\b(?:pengesahan|ratifikasi|mengesahkan|meratifikasi|ratif\w+)",
    re.IGNORECASE,
)
_LAW = re.compile(r"\b(?:undang-undang|perpres|peraturan presiden|keppres|ratifi\w+)\b|\bUU\b", re.IGNORECASE)
_BIDDEN = re.compile(
    r"\s+(?:\w+\s+){0,2}?(?:should|ought|must|needs? to|has yet|(?:was|is) not|would do well|could learn|harus|perlu|"
    r"(?:se)?(?:mesti|harus)nya|sebaiknya|hendaknya|mesti|jangan|patut|diminta|didesak|diimbau|tertinggal|belum)\b",
    re.IGNORECASE,
)
"""What is said behind a state that is told what to do, or what it has missed: it does nothing itself."""
_ABOUT = re.compile(
    r"\s*(?:\([^)]{1,20}\)\s*)?(?:(?:kerja sama|bilateral)\s+)?(?:(?:tentang|mengenai|soal|di bidang|bidang|on|for|"
    r"concerning|about|to)\s+)?(?:the\s+)?",
    re.IGNORECASE,
)


class Judge:
    """Applies the rules; holds only the lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._parties = Parties(lexicon)
        self._subjects = Subjects(lexicon)
        self._bundles = Bundles(lexicon)
        self._matters = Matters(lexicon)
        self._genres = Genres(lexicon)
        self._follow_ups = FollowUps(lexicon, self._parties, self._subjects)
        self._talks = Talks(lexicon, self._parties, self._subjects)

    def topics(self, view: View) -> Topics:
        """What one paper of a package is about."""
        return self._subjects.of(view)

    def rule(self, analysis: Analysis) -> Ruling:
        """The decision on one article."""
        ruling = Ruling()
        why = ruling.why
        frames = self._frames(analysis, (*SIGNING, "renew", "in_force", "ended"))
        asserted = [each for each in frames if each.act.status is Status.ASSERTED]
        titled = next((each for each in asserted if each.view.zone is Zone.TITLE and each.act.paper), None)
        asserted = self._body_beats_headline(frames, asserted, analysis, why)
        beaten = titled if titled is not None and not asserted else None
        if self._genres.refuse(analysis, asserted, why):
            return ruling
        if self._foreign_news(analysis, asserted, why):
            return ruling
        ruling.doubts += suspicions(analysis)
        asserted = [each for each in asserted if each.act.deed.stage is not Stage.ENDED or each.view.zone in EARLY]
        feeling = any(view.zone in EARLY for view, _ in analysis.acts("explore", "negotiate", "draft", "plan_sign"))
        if feeling:
            asserted = [
                each for each in asserted if each.act.deed.stage is not Stage.ENDED or each.view.zone is Zone.TITLE
            ]
        if any(
            each.act.status is Status.BACKGROUND and each.act.paper and each.view.sentence.index <= _EARLIER
            for each in frames
        ):
            # an older paper stands at the top: what is signed at the end is beside the matter
            asserted = [each for each in asserted if each.view.zone is not Zone.LATE]
        main = self._main(asserted)
        if main is not None and self._deal(analysis, ruling, main, asserted):
            return ruling
        if main is not None and ruling.core:
            return ruling  # a deal, but not ours: the reason stands in `why`
        if self._follow_ups.rule(analysis, ruling, frames):
            return ruling
        if self._talks.rule(analysis, ruling):
            return ruling
        if beaten is not None and self._talks.unfinished(analysis, ruling, beaten):
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
        over = any(each.act.deed.stage is Stage.ENDED for each in asserted)  # what nobody renewed has ended
        against = [
            each
            for each in frames
            if each.view.zone not in (Zone.TITLE, Zone.LATE)
            and each.act.status in (Status.NEGATED, Status.FUTURE, Status.DENIED, Status.CONDITION)
            and each.act.deed.stage in (Stage.SIGNED, Stage.RENEWED)
            and not (over and each.act.deed.stage is Stage.RENEWED)
        ]
        planned = [view for view, _ in analysis.acts("plan_sign", status=Status.FUTURE) if view.zone is not Zone.LATE]
        early = [each for each in below if each.view.zone is Zone.LEAD]
        if asserted and not below and (against or planned):
            why.append("the headline says signed, the body does not: body beats headline")
            return []
        if against and below and not early and not any(each.view.zone is Zone.TITLE for each in asserted):
            strong = [
                each
                for each in below
                if (each.pair.complete or each.view.both) and (each.act.paper is not None or each.view.dates)
            ]
            if not strong:
                why.append("the body says that nothing is signed yet")
                return []
        negotiating = [
            view
            for view, _ in analysis.acts("negotiate", "draft", status=Status.ASSERTED)
            if view.zone in (Zone.LEAD, Zone.BODY)
        ]
        if below and all(each.act.deed.form == "noun" and each.act.paper is None for each in below):
            below = []
        if asserted and not below and negotiating:
            why.append("the headline says done, the body negotiates: body beats headline")
            return []
        return asserted

    def _main(self, asserted: list[Frame]) -> Frame | None:
        """The deciding act: the weightiest in lead or body, for they beat the headline; else the headline's."""
        below = [each for each in asserted if each.view.zone is not Zone.TITLE and each.act.deed.strong]
        best = max(below, key=lambda each: each.weight, default=None)
        if best is not None and best.weight >= _TELLING:
            return best
        return max(asserted, key=lambda each: each.weight, default=None)

    def _core(self, analysis: Analysis, main: Frame) -> tuple[View, ...]:
        """The sentences about the same deal: the deciding one, headline and lead acts, and those that name the
        paper.
        """
        core: list[View] = []
        for view in analysis.views:
            if view.zone is Zone.LATE:
                continue
            if (
                view.sentence.index == main.view.sentence.index
                or any(
                    act.status is Status.ASSERTED
                    and (act.deed.strong or (act.deed.stage is Stage.SIGNED and act.paper is not None))
                    and act.deed.stage is not Stage.EXPLORING
                    for act in view.acts
                )
                or view.zone is Zone.TITLE
            ):
                core.append(view)
        return tuple(core)

    # -------------------------------------------------------------------------------------------------- what is no deal

    def _foreign_news(self, analysis: Analysis, asserted: list[Frame], why: list[str]) -> bool:
        """Headline or first sentence tell of two foreign states; the home state comes later, if at all."""
        home = analysis.home
        ours = any(
            each.view.foreign(home) and any(not one.assumed for one in each.view.home(home)) for each in asserted
        )
        weak = ("agree", "agree_bare", "join", "pledge", "by_paper")
        told = [(each.view, each.act) for each in asserted if each.act.deed.strong]
        told += analysis.acts(*weak, status=Status.ASSERTED) if asserted and not ours else []
        for view, act in told:
            first = view.zone is Zone.TITLE or (view.zone is Zone.LEAD and view.sentence.index <= 2)
            if not first or self._parties.home_titled(analysis):
                continue
            parties = view.foreign(home)
            titled = {code: 0 for each in analysis.zone(Zone.TITLE) for code in each.foreign(home)}
            if all(each.assumed for each in view.home(home)) and set(parties) < set(titled):
                parties = tuple(titled)  # `MoU diteken kedua negara`: the headline says whose
            if len(parties) >= 2 and not self._home_acts(view, act, analysis):
                why.append(f"foreign with foreign: {' and '.join(parties[:3])}")
                return True
        return False

    @staticmethod
    def _home_acts(view: View, act: Act, analysis: Analysis) -> bool:
        """The home state stands where the act is told; not behind it, where another part begins: `A dan B Teken MoU, RI
        Jangan Mau Kalah`, `A and B sign as Jakarta watches`, `exchanged a statement; the report recalls what …`."""
        text, end = analysis.story.text, view.sentence.end
        cut = (_BREAK if view.zone is Zone.TITLE else _ASIDE).search(text, act.mention.end, end)
        end = cut.start() if cut is not None else end
        return any(
            not each.assumed and each.start < end and not _BIDDEN.match(text, each.end)
            for each in view.home(analysis.home)
        )

    # ------------------------------------------------------------------------------------------------- signed papers

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
        if pair.excluded and not pair.subnational and self._bundles.announced(analysis):
            visit = self._parties.visit(Pair(), analysis)
            if visit.complete and self._bundles.items(analysis):
                pair = visit  # a company's paper stands in the same list
                ruling.frame = Frame(main.view, main.act, main.weight, pair)
        if pair.excluded:
            why.append(f"{pair.excluded}: not an agreement between two states")
            return pair.subnational and self._talks.rule(analysis, ruling)
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
        if pair.subnational:
            why.append("a region or party official signs: not an agreement between two states")
            return False
        items = self._bundles.items(analysis) if self._bundles.announced(analysis) else ()
        if items:
            core = (items[0], *(each for each in core if each.zone is Zone.LEAD))
            ruling.core, ruling.items = core, items
            why.append(f"a package: {len(items)} of its papers on technology")
        # of a package none of whose papers names technology, only what stands at the top may say that it does
        told = analysis.views if items or not self._bundles.announced(analysis) else foremost(main.view, analysis)
        topics = self._subjects.of(items[0]) if items else self._subjects.weigh(told, core)
        ruling.topics = topics
        if paper is not None and paper.trade and not items and not self._matters.digital_trade(main.view, analysis):
            why.append("a trade agreement is no technology agreement, whatever chapters it has")
            return False
        if main.act.paper is not None and not items and self._other_paper(main, analysis):
            why.append("not technology: the paper itself is about something else")
            return False
        subject = self._matters.other(main.view, main.act, analysis) if not items else ""
        if subject:
            why.append(f"not technology: the paper itself is about {subject}")
            return False
        if paper is not None and paper.private:
            why.append("a contract is business, not an agreement between states")
            return False
        declared = paper is not None or any(
            not self._lexicon.papers[each.ref].loose for seen in core for each in seen.papers
        )
        if not self._subjects.declared(main.view, main.act.paper) and not self._subjects.enough(
            topics, core, why, declared=declared
        ):
            return False
        if all(mention.ref == "defence" for _, mention in topics.fields):
            if any(_BOUGHT.search(seen.sentence.text) for seen in (*core, *analysis.zone(*EARLY))):
                why.append("arms are bought: business, not an agreement on technology")
                return False
            if not any(each.ref in ("research_word", "sti_research") for seen in core for each in seen.fields):
                ruling.doubts.append(("arms alone, nothing is developed or handed on together", -0.15))
        at = main.view.sentence.index
        near = (*core, *analysis.zone(*EARLY), *(each for each in analysis.views if abs(each.sentence.index - at) <= 2))
        papered = any(not self._lexicon.papers[each.ref].private for seen in near for each in seen.papers)
        titled = main.view.cooperation and self._parties.home_titled(
            analysis
        )  # the headline pairs them, this is its deal
        if paper is None and pair.inherited and not (papered or titled) and main.act.deed.stage is Stage.SIGNED:
            why.append("no paper is named and one side is read from the context")
            ruling.core = ()
            return False
        if (
            paper is None
            and main.act.deed.stage is Stage.SIGNED
            and (not main.act.deed.strong or main.view.sentence.quoted)
        ):
            ruling.core = ()
            return False
        ruling.label = Label.AGREEMENT
        ruling.partner = pair.foreign
        ruling.level = pair.level
        ruling.stage = self._stage(main, asserted)
        if ruling.stage is Stage.IN_FORCE and self._by_both(main, analysis):
            ruling.stage = Stage.SIGNED
        headlined = {each.act.deed.stage for each in asserted if each.view.zone is Zone.TITLE}
        signed = any(
            each.act.deed.stage is Stage.SIGNED and each.act.mention.start < main.act.mention.start for each in asserted
        )
        if ruling.stage is Stage.IN_FORCE and Stage.IN_FORCE not in headlined and signed:
            ruling.stage = Stage.SIGNED
        if ruling.stage is Stage.SIGNED and _DECREE.search(main.view.sentence.text):
            ruling.stage = Stage.IN_FORCE  # a president signs the decree that ratifies
        ruling.stage, ruling.relation = standing(ruling.stage, main.view, analysis)
        why.append(f"agreement with {pair.foreign}: {ruling.stage.value}, both sides organs of state, on technology")
        return True

    def _other_paper(self, main: Frame, analysis: Analysis) -> bool:
        """`perjanjian ekstradisi`, `agreement on coffee`: right behind the paper stands what is no technology, and
        neither its sentence nor the headline names any; what is law by its name is law whatever else is said.
        """
        paper, text = main.act.paper, analysis.story.text
        if paper is None:
            return False
        ahead = [each for each in main.view.subjects if 0 <= paper.start - each.end <= 1]
        if ahead and not any(
            0 <= paper.start - each.end <= 40
            or (0 <= each.start - paper.end <= 60 and not re.search("[,;]", text[paper.end : each.start]))
            for each in main.view.fields
        ):
            return True  # "a border agreement", "an extradition treaty"
        if main.view.fields:
            return False
        titled = any(view.fields for view in analysis.zone(Zone.TITLE))
        return any(
            0 <= each.start - paper.end < 40
            and _ABOUT.fullmatch(text, paper.end, each.start) is not None
            and (each.ref == "law" or not titled)
            for each in main.view.subjects
        )

    def _stage(self, main: Frame, asserted: list[Frame]) -> Stage:
        near = [each for each in asserted if each.view.zone is not Zone.LATE and each.view.zone is not Zone.ITEM]
        early = [each for each in near if each.view.zone in EARLY] or near
        for stage in (Stage.ENDED, Stage.RENEWED):
            strong = [each for each in early if each.act.deed.stage is stage]
            if strong and (stage is Stage.RENEWED or not any(each.act.deed.stage is Stage.SIGNED for each in early)):
                if (
                    stage is Stage.RENEWED
                    and all(each.act.paper is None for each in strong)
                    and not any(each.act.deed.stage is stage and each.act.paper is not None for each in near)
                    and main.act.deed.stage is not stage
                ):
                    continue
                return stage
        return main.act.deed.stage

    def _by_both(self, main: Frame, analysis: Analysis) -> bool:
        """`pengaturan yang disahkan BSN dan KATS`: approved by the organs of both sides, by no parliament or law."""
        view = main.view
        word = analysis.story.text[main.act.mention.start : main.act.mention.end].lower()
        organs = {each.country for each in view.actors if each.what == "organ" and each.party and not each.assumed}
        return (
            "sahkan" in word
            and {analysis.home, main.pair.foreign} <= organs
            and not any(each.what == "civil" for each in view.actors)
            and _LAW.search(view.sentence.text) is None
        )
