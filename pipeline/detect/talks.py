"""What is not signed: progress on an older paper, things declared agreed, papers to be signed, negotiated, hoped
for, explored.

The strongest that the text supports wins; each asks for both sides and for technology, and says in `why` what was
missing.
"""

from __future__ import annotations

import re

from pipeline.detect.acts import Act, Status
from pipeline.detect.analysis import Analysis, View
from pipeline.detect.background import needless, remembered
from pipeline.detect.cue import cue
from pipeline.detect.lexicon import Lexicon
from pipeline.detect.matter import Matters
from pipeline.detect.pair import Pair
from pipeline.detect.parties import Parties
from pipeline.detect.ruling import EARLY, Frame, Ruling
from pipeline.detect.sentences import Zone
from pipeline.detect.strangers import listed
from pipeline.detect.topics import Subjects
from pipeline.model import Instrument, Label, Stage

Told = list[tuple[View, Act]]
_BELOW = (Zone.TITLE, Zone.LEAD, Zone.BODY)
_TALK_OBJECT = re.compile(
    r"^\W+(?:\w+\W+){0,2}?(?:bertemu|meet|membahas|discuss|menjajaki|explore|mengkaji|study|"
    r"(?:melanjutkan|meneruskan) (?:pembicaraan|obrolan|percakapan|dialog|diskusi|pembahasan)|"
    r"saling berkunjung|saling mengunjungi|exchange visits|visit each other|"
    r"(?:hold|menggelar|mengadakan|menyelenggarakan|convene)\W+(?:\w+\W+){0,4}?(?:talks?|meetings?|dialogues?|rounds?|"
    r"consultations?|discussions?|forums?|seminars?|workshops?|conferences?|summits?|visits?|pertemuan|dialog|rapat|"
    r"konsultasi|putaran|diskusi|pembicaraan|perundingan|forum|lokakarya|konferensi|sidang|kunjungan)|talk|"
    r"mempelajari|menelaah|mengeksplorasi|mempertimbangkan|menimbang|"
    r"bertukar pandangan|look (?:into|at)|see whether|weigh|melihat|assess|examine|consider|continue|keep|draft|"
    r"menyusun|menyiapkan|merumuskan|"
    r"prepare)\b"
    r"|^\W+(?:\w+\W+){0,2}?(?:share|berbagi|saling berbagi|exchange|bertukar|send each other|trade)\W+(?:\w+\W+){0,3}?"
    r"(?:experiences?|views?|knowledge|best practices?|lessons|information|contacts?|lists?|pengalaman|pandangan|"
    r"pengetahuan|praktik|informasi|kontak|daftar|pelajaran)\b"
    r"|^\W+(?:bahwa|that)\b(?![^.;]{0,80}\b(?:akan|will|shall|would|to be)\b)"
    r"|^[^.;]{0,70}\b(?:untuk|guna|to)\W+(?:mengkaji|mempelajari|menjajaki|membahas|menelaah|menilai|study|explore|"
    r"assess|examine|look (?:into|at)|discuss)\b",
    re.IGNORECASE,
)
_HOPE = re.compile(
    r"\b(?:hop\w+|harap\w*|berharap|diharap\w*|ditargetkan|menargetkan|could|(?-i:may)|might|ingin|wants?|dapat|"
    r"bisa)\b",
    re.IGNORECASE,
)
_UNSPOKEN = cue(
    r"\b(?:no|without any|without) (?:\w+ ){0,3}?(?:co-?operation|collaboration|partnership|projects?|technology|"
    r"business|offers?)(?: \w+){0,4}? (?:was|were|had been|has been|is|came) (?:\w+ )?(?:discussed|raised|mentioned|"
    r"brought up|broached|made|offered|proposed|on the|up\b|touched)"
    r"|\bnothing (?:\w+ ){0,2}?(?:was|had been) (?:offered|proposed|discussed|asked)"
    r"|\bneither(?: (?:side|minister|man|woman|of them|delegation|government|official|party))? (?:brought up|raised|"
    r"mentioned|touched on|touched upon|spoke of|talked about|discussed|broached|said a word)"
    r"|\b(?:did not|didn't) (?:discuss|touch on|mention|talk about|raise|bring up) (?:any )?(?:co-?operation|"
    r"collaboration|projects?|technology|data\b|digital )|\b(?:tech|digital)(?: \w+){0,2} not (?:discussed|raised)"
    r"|\b(?:tidak|tak|belum) ada (?!dokumen|naskah|draf|perjanjian|nota|memorandum|"
    r"mou)(?:\w+ ){0,3}?(?:yang )?(?:dibahas|dibicarakan|disinggung|ditawarkan|diusulkan)"
    r"|\b(?:kerja ?sama|proyek|teknologi)(?: \w+){0,3}? (?:tidak|tak|belum) (?:sempat |ikut |sama sekali )?(?:dibahas|"
    r"dibicarakan|disinggung|ditawarkan)"
    r"|\b(?:tidak|tak) (?:sempat |sama sekali |saling )?(?:membahas|menyinggung|membicarakan|menawarkan) (?:soal |"
    r"tentang |rencana )?(?:kerja ?sama|proyek)|"
    r"\btanpa (?:membahas|menyinggung|membicarakan) (?:soal )?(?:kerja ?sama|proyek)",
    "no |nothing|neither|did not|didn't|without| not |tidak|tak |belum|tanpa",
)
"""`No cooperation was discussed`, `kerja sama tidak dibahas`: what was not talked of."""
_TOLD_BY = 5  # the last sentence, headline included, that says so of the meeting itself
_PUT_OFF = cue(
    r"\b(?:put off|postponed|delayed|pushed back|put back|slipped|ditunda|tertunda|diundur|molor)\b[^.]*"
    r"\b(?:articles?|clauses?|wording|paragraphs?|pasal|klausul|redaksional|rumusan)\b",
    "put |postponed|delayed|pushed|slipped|tunda|diundur|molor",
)
"""A signing that did not come when it was due because the text is still open."""
_FAIR = re.compile(
    r"\b(?:expo|fair|exhibition|pameran|festival|contest|competition|lomba|kompetisi|olimpiade|webinar|seminar|"
    r"workshop|"
    r"lokakarya|course|kursus|beasiswa|scholarships?|tournament|bazar|quiz|kuis|reuni|reunion|alumni)\b",
    re.IGNORECASE,
)
_CONCLUDES = re.compile(r"(?:conclud|finish|wrap|clinch|complete|rampung|merampung|menuntas|tuntas)", re.IGNORECASE)
"""What is done with a text that is still being made."""
_PART = re.compile(r"[;:](?=\s)")
_ITS_PURPOSE = re.compile(
    r"\b(?:partnership|alliance|pact|accord|kemitraan|aliansi)\b[^.;:]{0,60}\b(?:to|untuk|guna)\W+$", re.IGNORECASE
)
"""`New partnership with Indonesia to explore chips`: what the partnership is for, not what is felt out."""
_DIALOGUE = re.compile(
    r"dialog\w*|(?:pertemuan|meeting)(?: (?:bilateral|teknis|pejabat senior))? (?:kerja sama|soal|tentang|mengenai|on|"
    r"about)\b",
    re.IGNORECASE,
)
"""A meeting that is named after talk or its matter: its field is what was talked of."""
_INVITED = re.compile(r"(?:invit|undang|diundang|mengundang)", re.IGNORECASE)
"""Whom events that are held for a public invite is no talk of two states."""
_SOFT_OBJECT = re.compile(
    r"^\W+(?:\w+\W+){0,2}?(?:memperkuat|mempererat|meningkatkan|memperdalam|perkuat|tingkatkan|pererat|"
    r"strengthen|deepen|boost|enhance|promote|mendorong|dorong|step up)\b",
    re.IGNORECASE,
)


class Talks:
    """Rules of everything short of a signing; holds only the lexicon."""

    def __init__(self, lexicon: Lexicon, parties: Parties, subjects: Subjects) -> None:
        self._lexicon = lexicon
        self._parties = parties
        self._subjects = subjects
        self._matters = Matters(lexicon)

    def rule(self, analysis: Analysis, ruling: Ruling) -> bool:
        """Declared agreed, to be signed, negotiating, exploring: in this order."""
        why, text = ruling.why, analysis.story.text
        top = tuple(analysis.zone(Zone.TITLE, Zone.LEAD, Zone.BODY))
        planned = [
            (view, act)
            for view, act in analysis.acts("plan_sign", "sign", "sign_bare", "signing", "renew", status=Status.FUTURE)
            if view.zone is not Zone.LATE and (act.deed.id == "plan_sign" or act.paper is not None)
        ]
        negotiated = [
            (view, act)
            for view, act in analysis.acts("negotiate", "draft", status=Status.ASSERTED)
            if view.zone in EARLY
        ]
        feeling = any(view.zone in EARLY for view, _ in analysis.acts("explore", status=Status.ASSERTED))
        if not negotiated and not feeling:
            negotiated = [
                (view, act)
                for view, act in analysis.acts("negotiate", "draft", status=Status.ASSERTED)
                if view.zone is Zone.BODY and (act.deed.id == "draft" or act.paper is not None)
            ]
        pending = [each for each in (*planned, *negotiated) if each[0].zone in EARLY] if promised(analysis) else True
        agreed = self._agreed(analysis, (planned or negotiated) and pending)
        unsigned = self._unsigned(analysis) if agreed and not promised(analysis) else []
        explored = [
            (view, act)
            for view, act in analysis.acts(
                "explore", "discuss", "meet", "commit_bare", "pledge", "agree", "agree_bare", "join"
            )
            if view.zone in (Zone.TITLE, Zone.LEAD) and act.status in (Status.ASSERTED, Status.FUTURE)
        ]
        concluding = [
            (view, act)
            for view, act in analysis.acts("formalise", status=Status.FUTURE)
            if view.zone in EARLY and act.paper is not None and _CONCLUDES.match(text, act.mention.start)
        ]
        still_open = any(_PUT_OFF.search(view.sentence.text) for view in analysis.zone(*EARLY)) if planned else False
        scheduled = [each for each in planned if not still_open and not _HOPE.search(each[0].sentence.text)]
        hoped = [view for view in top if _named(view) and view.sentence.marks("future")]
        candidates: list[tuple[Stage, Label, Told, str]] = []
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
            if (
                scheduled
                and scheduled[0][0].sentence.index < negotiated[0][0].sentence.index
                and scheduled[0][1].deed.id != "renew"
            ):
                stage = Stage.ANNOUNCED
            chosen = scheduled if stage is Stage.ANNOUNCED else negotiated
            candidates.append(
                (stage, Label.EXPLORATORY, chosen, "to be signed" if stage is Stage.ANNOUNCED else "negotiating")
            )
        elif concluding and not planned and not agreed:
            candidates.append((Stage.NEGOTIATING, Label.EXPLORATORY, concluding, "to be concluded"))
        if explored and hoped and not any(act.deed.id == "explore" for _, act in explored):
            candidates.append((Stage.NEGOTIATING, Label.EXPLORATORY, explored, "a paper is hoped for, not signed"))
        strong = [(view, act) for view, act in explored if act.deed.strong] or explored
        if strong:
            candidates.append((Stage.EXPLORING, Label.EXPLORATORY, strong, "exploring"))
        crowded = (
            bool(candidates)
            and not self._parties.home_titled(analysis)
            and any(listed(each, analysis.home, analysis.story.text) for each in analysis.zone(Zone.TITLE, Zone.LEAD))
        )
        for stage, label, acts, words in candidates:
            view, act = acts[0]
            if crowded or listed(view, analysis.home, analysis.story.text):
                why.append(f"{words}: several states in one row, not between two states")
                continue
            pair = self._parties.settle(view, act, top, analysis, talks=True)
            core = tuple(
                {
                    each.sentence.index: each for each in (*analysis.zone(*EARLY), *(found for found, _ in acts[:4]))
                }.values()
            )
            if label is Label.AGREEMENT and (
                pair.excluded
                or pair.subnational
                or not (self._parties.on_top(pair.foreign, analysis) or (view.both and view.zone is Zone.LEAD))
            ):
                continue
            if label is Label.AGREEMENT and _of_other(view, act, analysis.story.text):
                why.append(f"{words}, but on what is no technology")
                return False
            if pair.excluded and not pair.subnational:
                why.append(f"{words}: {pair.excluded}, not between two states")
                continue
            if not pair.complete:
                why.append(f"{words}, but one side is missing")
                continue
            topics = self._subjects.weigh(analysis.views, core)
            papers = any(not self._lexicon.papers[each.ref].loose for seen in core for each in seen.papers)
            trade = act.paper is not None and self._lexicon.papers[act.paper.ref].trade
            if trade and not self._matters.digital_trade(view, analysis):
                why.append(f"{words}, but a trade agreement, whatever chapters it has")
                return False
            said = act.paper is not None and self._subjects.declared(view, act.paper)
            if not said and not self._subjects.enough(topics, core, why, declared=papers):
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

    def unfinished(self, analysis: Analysis, ruling: Ruling, told: Frame) -> bool:
        """`RI-Ceko Perbarui MoU` over a body that says otherwise: what the headline calls done is being negotiated."""
        top = tuple(analysis.zone(Zone.TITLE, Zone.LEAD, Zone.BODY))
        pair = self._parties.settle(told.view, told.act, top, analysis, talks=True)
        core = tuple(analysis.zone(*EARLY))
        topics = self._subjects.weigh(analysis.views, core)
        if not pair.complete or pair.excluded or not self._subjects.enough(topics, core, ruling.why):
            return False
        ruling.label, ruling.stage = Label.EXPLORATORY, Stage.NEGOTIATING
        ruling.partner, ruling.level = pair.foreign, pair.level
        ruling.frame, ruling.core, ruling.topics = Frame(told.view, told.act, 3.0, pair), core, topics
        ruling.why.append(f"the headline runs ahead of the body: not yet done with {pair.foreign}")
        return True

    def _agreed(self, analysis: Analysis, pending: object) -> Told:
        """Leaders or ministers declare something agreed: in the body or lead, not for talks' sake, with nothing
        pending.
        """
        if pending or (unmade(analysis) and not promised(analysis)):
            return []
        text = analysis.story.text
        found: Told = []
        unsigned = any(act.deed.stage is Stage.SIGNED for _, act in self._negated(analysis))
        stated = [
            view
            for view in analysis.views
            if any(each.ref == "joint_statement" for each in view.papers) and view.zone is not Zone.LATE
        ]
        paired = self._parties.home_titled(analysis) and any(view.cooperation for view in analysis.zone(*EARLY))
        for view, act in analysis.acts("agree", "agree_bare", "pledge", status=Status.ASSERTED):
            if view.zone not in (Zone.LEAD, Zone.BODY) or view.sentence.quoted:
                continue
            together = (
                view.both or (view.foreign(analysis.home) and view.home(analysis.home) and view.cooperation) or paired
            )
            if act.deed.id == "pledge" and not ((together and (view.fields or stated)) or view.papers):
                continue
            tail = text[act.mention.end : min(view.sentence.end, act.mention.end + 80)]
            specific = len({each.ref for each in view.fields if not self._lexicon.fields[each.ref].generic})
            if _TALK_OBJECT.match(tail) or (_SOFT_OBJECT.match(tail) and (unsigned or specific < 2)):
                continue
            found.append((view, act))
        if not found and stated:
            titled = any(view.zone is Zone.TITLE for view in stated)
            told = [
                (view, act)
                for view, act in analysis.acts("lay_down", status=Status.ASSERTED)
                if titled and view.zone in (Zone.LEAD, Zone.BODY) and view.fields and (view.both or paired)
            ]
            if told:
                return told
            for view in stated:
                acts = [act for act in view.acts if act.status in (Status.ASSERTED, Status.FUTURE, Status.BACKGROUND)]
                if acts:
                    return [(view, acts[0])]
        exploring = [
            act
            for view, act in analysis.acts("explore", status=Status.ASSERTED)
            if view.zone in (Zone.TITLE, Zone.LEAD)
            and not _ITS_PURPOSE.search(text, view.sentence.start, act.mention.start)
        ]
        return [] if exploring and not stated else found

    def _negated(self, analysis: Analysis) -> Told:
        """`Nothing was signed`: said of the deal itself, not of something long ago."""
        return [
            (view, act)
            for view, act in analysis.acts("sign", "sign_bare", "signing", status=Status.NEGATED)
            if view.zone is not Zone.LATE
        ]

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
            and not (remembered(text, each, view.dates, analysis.ref) or needless(text, each))
        ]

    def _speaks_of_cooperation(self, analysis: Analysis, acts: Told, pair: Pair) -> bool:
        early = tuple(analysis.zone(*EARLY))
        text = analysis.story.text
        inviting = all(_INVITED.match(text, act.mention.start) for _, act in acts)
        if (inviting or not pair.organs) and any(_FAIR.search(_subject(view)) for view in early[:1]):
            return False
        unspoken = [
            found.group().lower()
            for view in analysis.views
            if view.sentence.index <= _TOLD_BY and (found := _UNSPOKEN.search(view.sentence.text))
        ]
        if any("operation" in each or "kerja" in each for each in unspoken):
            return False
        if any(act.deed.strong and act.deed.id == "explore" for _, act in acts):
            return True
        if unspoken:
            return False
        cooperation = any(view.cooperation for view in early)
        talk = any(
            act.deed.id in ("discuss", "agree", "agree_bare", "pledge", "commit_bare", "join") for _, act in acts
        )
        titled = any(
            view.zone is Zone.TITLE and view.foreign(analysis.home) and view.home(analysis.home) for view in early
        )
        paired = any(view.foreign(analysis.home) and view.home(analysis.home) for view in early[:1])
        special = any(
            (
                act.deed.id in ("discuss", "agree", "agree_bare")
                or (act.deed.id == "meet" and _DIALOGUE.match(text, act.mention.start))
            )
            and act.status in (Status.ASSERTED, Status.FUTURE)
            and any(not self._lexicon.fields[each.ref].hidden for each in view.fields)
            for view in analysis.views
            if view.zone in EARLY or view.sentence.index <= 4
            for act in view.acts
        )
        shared = any(view.both and any(each.what == "organ" for each in view.actors) for view in early)
        return (cooperation and talk and (pair.organs or titled or pair.subnational)) or (
            special and (pair.organs or shared or (paired and early[0].zone is not Zone.TITLE))
        )


def _named(view: View) -> bool:
    """A paper is spoken of; not where it is said that there is none: `belum sampai bicara dokumen`."""
    return any(
        not any(0 <= paper.start - mark.end <= 30 for mark in view.sentence.marks("negation")) for paper in view.papers
    )


def _subject(view: View) -> str:
    """A headline, or what a sentence is about, before anything is told of it."""
    first = min((each.mention.start for each in view.acts), default=view.sentence.end)
    return view.sentence.text if view.zone is Zone.TITLE else view.sentence.text[: first - view.sentence.start]


def _of_other(view: View, act: Act, text: str) -> bool:
    """`sepakat mempercepat batas laut; peta digital …`: what was agreed names another subject, and technology stands
    only in another part of the sentence.
    """
    cut = _PART.search(text, act.mention.end, view.sentence.end)
    end = cut.start() if cut is not None else view.sentence.end
    subjects = any(act.mention.end <= each.start < end for each in view.subjects)
    return subjects and cut is not None and not any(each.start < end for each in view.fields)


def unmade(analysis: Analysis) -> bool:
    """`Belum ada perjanjian`, `no agreement`: headline or lead deny the paper itself."""
    text = analysis.story.text
    return any(
        0 <= paper.start - mark.end < 24
        and not re.search(r"[,;]", text[mark.end : paper.start])
        and not any(mark.end <= act.mention.start < paper.start and not act.deed.weak for act in view.acts)
        for view in analysis.zone(*EARLY)
        for mark in view.sentence.marks("negation")
        for paper in view.papers
        if paper.ref != "document" and not needless(text, paper)
    )


def promised(analysis: Analysis) -> bool:
    """Headline or lead tell of a joint statement in which something is promised: a promise is no progress."""
    return any(any(each.ref == "joint_statement" for each in view.papers) for view in analysis.zone(*EARLY)) and any(
        view.zone in EARLY for view, _ in analysis.acts("agree", "agree_bare", "pledge", status=Status.ASSERTED)
    )
