"""What is done in a sentence: acts with their paper and their marks.

A mark reaches an act only inside its clause and within so many words: "menandatangani … akan membantu" stays signed,
"siap meneken" and "belum ada yang diteken" are not. An act under a back-reference, an old year or an old date is a
memory of an older paper.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from pipeline.detect.background import OLD, REPORTED, cooperates, denial, hoped, of_talks, older_year
from pipeline.detect.ceremony import held
from pipeline.detect.lexicon import Deed, Kind, Lexicon, Term
from pipeline.detect.lookalikes import no_act
from pipeline.detect.past import Past, Scene, reaches
from pipeline.detect.pending import waits
from pipeline.detect.printed import Printed, Reference
from pipeline.detect.scan import Mention, fold
from pipeline.detect.sentences import Sentence, Zone
from pipeline.model import Stage


class Status(StrEnum):
    ASSERTED = "asserted"
    FUTURE = "future"
    NEGATED = "negated"
    CONDITION = "conditional"
    HEARSAY = "hearsay"
    DENIED = "denied"
    BACKGROUND = "background"


@dataclass(frozen=True, slots=True)
class Act:
    """One act. `paper` the instrument it is about, None where only a cooperation or nothing is named."""

    mention: Mention
    deed: Deed
    status: Status
    paper: Mention | None
    mark: str = ""  # the word that changed the status


_WORD = re.compile(r"\w+")
_CUT = re.compile(r"[,;:]| [-–—] |\(|\)")
_OLD_YEAR = re.compile(r"\W+(?:(?:pada|in|sejak|tahun|since)\W+){0,2}((?:19|20)\d{2})\b", re.IGNORECASE)
_DRAFT = re.compile(r"\b(?:draf|draft|rancangan|konsep)\W+(?:\w+\W+){0,2}$", re.IGNORECASE)
_UNSIGNED = re.compile(r"\W+(?:belum|tidak|tak|masih)\b", re.IGNORECASE)
_ONLY = re.compile(r"^\s+(?:hanya|sekadar|sekedar|cuma|only|just|merely)\b", re.IGNORECASE)
_AHEAD = re.compile(
    r"(?:[^\w,;]+(?!(?:until|till|through|hingga|sampai)\b)\w+){0,5}?[^\w,;]+((?:19|20)\d{2})\b", re.IGNORECASE
)
"""A year behind the act in its own clause, none until which the paper runs."""
_AFTER_NOUN = re.compile(
    r"^\W+(?:\w+\W+){0,6}?(?<!sempat )(?:akan|bakal|dijadwalkan|direncanakan|ditargetkan|diharapkan|rencananya|segera|"
    r"will|is expected|is planned|is due|"
    r"(?:sudah|makin|semakin|kian) dekat|di depan mata|is near|is close|imminent|"
    r"had been (?:pencilled|planned|expected|scheduled)|unlikely|is scheduled|is set|was expected|was due|"
    r"ditunda|batal|postponed|could|may|is to)\b"
    r"|^[^,;:]{0,140}?\b(?:(?:yang|that)\W+(?:semula\W+|was\W+|had been\W+)?(?:direncanakan|dijadwalkan|semestinya|"
    r"seharusnya|planned|scheduled|due))\b",
    re.IGNORECASE,
)
_ASKED = re.compile(
    r"\b(?:whether|asked (?:what|if)|what(?:ever)?|apakah|apa yang)\W+(?:\w+\W+){0,2}?"
    r"(?:(?:had|has|have|was|is|be|been|akan|sudah|telah)\W+)*$|\b(?:should|ought to)\W+(?:\w+\W+)?$",
    re.IGNORECASE,
)
"""`Asked what had been agreed`, `whether it signed`, `Jakarta should sign`: questions and advice tell nothing."""
_HOPEFUL = re.compile(
    r"\W*(?:if|jika|bila|kalau|apabila)\W+(?:all (?:goes|is)|everything goes|things go|semua(?:nya)?|segalanya|"
    r"(?:tak|tidak) ada (?:aral|halangan)|sesuai|berjalan|lancar)\b",
    re.IGNORECASE,
)
"""`If all goes to plan`: no condition, a way to say soon."""
_CONDITION = re.compile(r"\W*(jika|apabila|bila|kalau|andai|seandainya|if|should|unless)\b", re.IGNORECASE)
_FOLLOWED = re.compile(
    r"\b(menindaklanjuti|tindak lanjut(?: dari)?|pelaksanaan|implementasi|realisasi|amanat|implementation of|"
    r"implements|implementing|"
    r"follow-up to|follows up on|follows|carries out|carry out)\W+(?:\w+\W+){0,2}$",
    re.IGNORECASE,
)
_GROUNDED = re.compile(
    r"\b(sesuai(?: dengan)?|buah(?: dari)?|hasil(?: dari)?|bagian dari|\w+ (?:pertama|perdana) (?:dari|dalam|di bawah)|"
    r"turunan(?: dari)?|first (?:\w+ ){1,2}(?:of|under|from|since)|results? of|part of|fruit of)\W+(?:\w+\W+){0,2}$",
    re.IGNORECASE,
)
"""What rests on the paper behind these is told of a paper made before, unless its day is close."""
_FIRST_OF = re.compile(r"\b(?:pertama|perdana|first)\b", re.IGNORECASE)
"""`kegiatan pertama dari MoU`: however new the paper is, the news is what grew from it."""
_CONCLUDED = frozenset({"concluded", "conclude", "concludes", "wrapped up"})
_NOTHING = re.compile(r"\W*(?:nothing|neither|none|no such|apa ?pun)\b", re.IGNORECASE)
_NONE_IS = re.compile(
    r"\bno\b(?! longer)[^,;:.]{0,60}\b(?:was|were|is|are|(?:has|have|had) been|will be)\s+(?:yet\s+)?$"
    r"|\b(?:tidak|tak|belum) ada\b[^,;:.]{0,60}\byang\s+(?:\w+\s+)?$",
    re.IGNORECASE,
)
"""`no separate paper on the sensors had been signed`, `belum ada naskah tentang sensor yang diteken`."""
_UNBEGUN = re.compile(
    r"\s+(?:\w+\s+){0,4}?(?:(?:has|have|had|is|was|were)\W+(?:not|never|yet\W+to)\W+(?:yet\W+)?(?:begun|begin|started|"
    r"start|"
    r"been|commenced)|(?:belum|tidak)\W+(?:ada|dimulai|disusun|dibuat|mulai|digelar))\b",
    re.IGNORECASE,
)
"""`drafting had not begun`, `perundingan belum dimulai`."""
_NEVER = re.compile(
    r"\s+(?:[\w’'-]+\s+){0,8}?(?:(?:never|did not|didn['’]t) (?:take|took|happen(?:ed)?|beg[ai]n|start(?:ed)?)|"
    r"(?:tidak|tak) pernah (?:ada|terjadi|berlangsung|digelar|dimulai))\b",
    re.IGNORECASE,
)
"""`Talks on an accord never took place`."""
_NO_PAPER = re.compile(
    r"\b(?:no|without(?: any| an?)?|not an?|nor an?|tidak ada|belum ada|tak ada|tanpa|bukan)\W+"
    r"(?:(?:new|formal|signed|separate|written|further|additional|other|legal|official|fresh|such|binding)\W+){0,2}$"
    r"|\bthere (?:(?:is|was|are|were) (?:no|not an?)|(?:has|have) been no|never (?:was|"
    r"were)(?: an?)?)\W+(?:[\w-]+\W+){0,3}$",
    re.IGNORECASE,
)
_FAILED = ("failed", "fails", "gagal", "urung", "short of", "stops short")
"""`failed to close a draft agreement`: they negotiated all the same."""
_NO_LONGER = ("tidak", "tak")
"""`sepakat tidak memperbaruinya`: what nobody renews has ended; `belum` leaves it open."""
_RENEWALS = frozenset({"perpanjangan", "pembaruan", "pembaharuan", "extension", "renewal", "prolongation"})
_TALKED_OF = re.compile(
    r"\b(?:(?:mem|di)?bahas|(?:mem|di)?bicarakan|(?:men|di)?jajaki|(?:meng|di)?usulkan|(?:men|di)?tawarkan|"
    r"discuss(?:es|ed|ing)?|"
    r"propos(?:es?|ed|ing)|consider(?:s|ed|ing)?|mull(?:s|ed|ing)?|weigh(?:s|ed|ing)?|seek(?:s|ing)?|sought|"
    r"(?:berbincang|berbicara|bicara|talk(?:s|ed|ing)?|spoke)\b[^.,;]{0,24}\b(?:mengenai|soal|tentang|about|on|of))\W+"
    r"(?:\w+\W+){0,3}$",
    re.IGNORECASE,
)
"""`bahas perpanjangan MoU`: what is talked of is not done."""
_AGENDA = re.compile(
    r"\b(agenda(?:nya)?|misi(?:nya)?|puncak(?:nya| lawatan| kunjungan)?|tujuan(?:nya)?|rencana(?:nya)?|tugas(?:nya)?|"
    r"item|purpose|aim|mission|task|plan|errand|business|objective|goal|(?:top of|first on) (?:\w+) (?:list|agenda))\b"
    r"[^.;:,]{0,40}(?::|\b(?:adalah|ialah|yakni|yaitu|is|will be))\W+(?:(?:putting a|adding a|the|a|to|untuk)\W+)?$",
    re.IGNORECASE,
)
"""`Agenda utamanya: membubuhkan tanda tangan`: what somebody is to do."""
_TENSELESS = ("di", "me", "ber")
"""Indonesian verbs know no tense: `diteken pekan depan` lies ahead."""
_LEANING = ("dalam", "lewat", "melalui", "in", "into", "with")
_PURPOSE = frozenset({"untuk", "to", "guna", "demi"})
_ADVERBS = re.compile(
    r"\W+(?:(?:segera|bersama|sama|kembali|secara|resmi|saling|ikut|jointly|formally|soon|also|finally|be)\W+)*",
    re.IGNORECASE,
)
"""What may stand between a word of purpose and the act it puts ahead."""
_RELATIVE = re.compile(r"\b(?:yang|that|which)\W+(?:\w+\W+){0,2}$", re.IGNORECASE)
"""`menargetkan … lewat nota yang diteken`: what a clause of its own tells is not part of the plan."""
_TOLD = re.compile(
    r"\b(?:said|says|told|stated|announced|confirmed|reported|according to|kata|ujar|tutur|ucap|katanya|ujarnya|"
    r"mengatakan|menyatakan|menurut|keterangan|siaran pers)\b",
    re.IGNORECASE,
)
"""The day behind these is the day on which it was said."""
_UNDER = re.compile(r"\b(under|di bawah|berdasarkan)\s+(?:(?:a|an|the|their|its)\s+)?$", re.IGNORECASE)


def _part(act: Mention, topic: Mention) -> bool:
    return topic.start <= act.start and act.end <= topic.end and act.end - act.start < topic.end - topic.start


class Acts:
    """Reads the acts of sentences."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._past = Past(lexicon)

    def read(self, sentence: Sentence, text: str, dates: Sequence[Printed], ref: Reference) -> tuple[Act, ...]:
        """Every act of the sentence, in order, with its status."""
        found: list[Act] = []
        papers, topics = sentence.of(Kind.INSTRUMENT), sentence.of(Kind.FIELD)
        for mention in sentence.of(Kind.ACT):
            deed = self._lexicon.deeds[mention.ref]
            if deed.stage is Stage.SIGNED and any(_part(mention, each) for each in topics):
                continue  # "electronic signatures"
            if deed.form == "talk" and any(_part(mention, each) for each in papers):
                continue  # "surat minat"
            paper = self._paper(mention, papers, text)
            if deed.needs_instrument and paper is None:
                aside = papers and text[mention.start : mention.end].lower() in _RENEWALS
                if aside or not cooperates(sentence, mention):
                    continue
            if no_act(mention, deed.stage, paper, text):
                continue
            ending = (
                deed.stage in (Stage.RENEWED, Stage.ENDED) or text[mention.start : mention.end].lower() in _CONCLUDED
            )
            if ending and of_talks(sentence, mention, self._lexicon):
                continue
            status, mark = self._status(mention, deed, paper, Scene(sentence, text, dates, ref))
            if (
                paper is None
                and status is Status.ASSERTED
                and text[mention.start : mention.end].lower() == "tanda tangan"
            ):
                unsigned = _UNSIGNED.match(text[mention.end : mention.end + 20])
                if unsigned is None:
                    continue  # the bare noun tells nothing
                status, mark = Status.NEGATED, unsigned.group().strip()
            if deed.stage is Stage.RENEWED and status is Status.NEGATED and mark.lower() in _NO_LONGER:
                deed, status, mark = self._lexicon.deeds["ended"], Status.ASSERTED, ""
            found.append(Act(mention, deed, status, paper, mark))
        return (*found, *self._waiting(sentence, text, papers, found))

    def _waiting(self, sentence: Sentence, text: str, papers: Sequence[Mention], found: list[Act]) -> Iterator[Act]:
        """`A memorandum … is planned for May`: papers of which is said that they are still to come."""
        if any(each.deed.strong or each.deed.form == "plan" for each in found):
            return
        for paper in papers:
            span = None if self._lexicon.papers[paper.ref].loose else waits(paper, sentence, text)
            if span is not None:
                deed = self._lexicon.deeds["plan_sign"]
                term = Term(text=text[slice(*span)].lower(), kind=Kind.ACT, ref=deed.id)
                yield Act(Mention(*span, term), deed, Status.FUTURE, paper, text[slice(*span)])
                return

    def _paper(self, act: Mention, papers: Sequence[Mention], text: str) -> Mention | None:
        best: Mention | None = None
        cost = 10_000.0
        far = self._lexicon.deeds[act.ref].stage is Stage.ENDED
        leaning = text[act.start : act.end].lower().split()[-1] in _LEANING
        nominal = text[act.start : act.end].lower() in _RENEWALS
        for paper in papers:
            gap = text[act.end : paper.start] if paper.start >= act.end else text[paper.end : act.start]
            distance = len(gap) + 60 * len(re.findall(r"[;:]", gap)) + 15 * gap.count(",")
            kind = self._lexicon.papers[paper.ref]
            if nominal and paper.end <= act.start and "," in gap:
                continue  # "MoU riset vaksin, perpanjangan sinergi": of something else
            if far and paper.start >= act.end and len(_WORD.findall(gap)) > 6:
                continue  # "mengakhiri kunjungan … dengan enam naskah"
            if leaning and not (paper.start >= act.start and len(_WORD.findall(gap)) <= 5):
                continue  # "disepakati dalam rapat …, setelah memorandum …"
            distance += 90 if kind.loose else 0
            distance += 0 if paper.start >= act.end else 10
            if distance < cost and len(gap) <= 260:
                best, cost = paper, distance
        return best

    def _status(self, act: Mention, deed: Deed, paper: Mention | None, scene: Scene) -> tuple[Status, str]:
        sentence, text = scene.sentence, scene.text
        if deed.form == "plan":
            negated = self._mark(act, scene, "negation")
            return (Status.NEGATED, negated) if negated else (Status.FUTURE, text[act.start : act.end])
        no = denial(sentence, text)
        if no is not None and (no.start < act.start or REPORTED.search(text, sentence.start, act.start)):
            return Status.DENIED, text[no.start : no.end]
        opened = _CONDITION.match(text, sentence.start)
        if opened is not None:
            hopeful = _HOPEFUL.match(text, sentence.start) is not None
            return Status.FUTURE if hopeful else Status.CONDITION, opened.group(1)
        if paper is None and deed.stage is Stage.RENEWED and hoped(text[sentence.start : act.start]):
            return Status.FUTURE, "hope"
        for name, status in (("negation", Status.NEGATED), ("condition", Status.CONDITION)):
            word = self._mark(act, scene, name)
            if word and not (deed.stage is Stage.NEGOTIATING and word.lower() in _FAILED):
                return status, word
        if (deed.form == "noun" or text[act.start : act.end].lower() in _RENEWALS) and _TALKED_OF.search(
            text, max(sentence.start, act.start - 60), act.start
        ):
            return Status.CONDITION, "talked of"
        nothing = _NOTHING.match(text, act.end, sentence.end)
        if nothing is not None:
            return Status.NEGATED, nothing.group().strip()
        if deed.form in ("done", "bare"):
            none_is = _NONE_IS.search(text, sentence.start, act.start)
            if none_is is not None:
                return Status.NEGATED, none_is.group().split()[0]
        if deed.form == "talk":
            unbegun = _NEVER.match(text, act.end, sentence.end)
            if unbegun is None and deed.stage is Stage.NEGOTIATING:
                unbegun = _UNBEGUN.match(text, act.end, sentence.end)
            if unbegun is not None:
                return Status.NEGATED, unbegun.group().strip()
        if deed.form in ("done", "bare") and _ASKED.search(text[max(sentence.start, act.start - 40) : act.start]):
            return Status.CONDITION, "asked"
        talk = deed.form == "talk" or deed.stage is Stage.IMPLEMENTED  # `membahas peluang, tanpa dokumen`: they talked
        if (
            paper is not None
            and not talk
            and _NO_PAPER.search(text[max(sentence.start, paper.start - 60) : paper.start])
        ):
            return Status.NEGATED, text[paper.start : paper.end]
        if deed.stage is Stage.SIGNED:
            drafted = _DRAFT.search(text[max(sentence.start, (paper or act).start - 30) : (paper or act).start])
            if drafted is not None:
                return Status.FUTURE, drafted.group().split()[0]
        current = self._current(act, scene)
        if deed.form != "talk" or deed.stage is Stage.NEGOTIATING:
            word = self._future(act, deed, scene)
            if word and not (deed.form == "done" and self._current(act, scene, behind=True)):
                return Status.FUTURE, word
        hearsay = next(iter(sentence.marks("hearsay")), None)
        if hearsay is not None and hearsay.start < act.start:
            return Status.HEARSAY, text[hearsay.start : hearsay.end]
        word = self._past.span(act, scene)
        if word:
            return Status.BACKGROUND, word
        under = _UNDER.search(text[max(sentence.start, act.start - 24) : act.start])
        if under is not None and paper is not None and paper.start >= act.end and sentence.zone is Zone.TITLE:
            return Status.BACKGROUND, under.group(1)
        followed = _FOLLOWED.search(text[max(sentence.start, (paper or act).start - 40) : (paper or act).start])
        if followed is not None and paper is not None and paper.start < act.start and deed.strong:
            return Status.BACKGROUND, followed.group(1)
        founded = _GROUNDED.search(text[max(sentence.start, (paper or act).start - 40) : (paper or act).start])
        first = founded is not None and _FIRST_OF.search(founded.group(1)) is not None
        if (
            founded is not None
            and (first or not current)
            and paper is not None
            and paper.start < act.start
            and deed.strong
        ):
            return Status.BACKGROUND, founded.group(1)
        if deed.form == "noun" and not held(act, scene):
            return Status.FUTURE, "only named"
        word = self._past.months_ago(act, deed, scene)
        if word:
            return Status.BACKGROUND, word
        if not current:
            word = self._past.memory(act, paper, scene)
            if word:
                return Status.BACKGROUND, word
        return Status.ASSERTED, ""

    def _mark(self, act: Mention, scene: Scene, name: str) -> str:
        sentence, text = scene.sentence, scene.text
        reach = self._lexicon.reach[name]
        for mark in reversed(sentence.marks(name)):
            if mark.end <= act.start:
                gap = text[mark.end : act.start]
                if _ONLY.match(text[mark.end : mark.end + 20]):
                    continue
                if text[mark.start : mark.end].lower() in _PURPOSE and not _ADVERBS.fullmatch(gap):
                    continue  # "Duta Besar X untuk Indonesia meneken", "for peaceful ends, was signed"
                if reaches(gap, (mark.end, act.start), sentence, reach):
                    return text[mark.start : mark.end]
        return ""

    def _future(self, act: Mention, deed: Deed, scene: Scene) -> str:
        sentence, text, ref = scene.sentence, scene.text, scene.ref
        printed = text[act.start : act.end].lower()
        before = fold(text[max(sentence.start, act.start - 30) : act.start]).split()[-3:]
        participle = printed.endswith("ed") or printed in ("struck", "put on paper", "put pen to")
        if not (participle and "be" not in before):
            word = self._mark(act, scene, "future")
            if not word and not _RELATIVE.search(text, sentence.start, act.start):
                word = self._mark(act, scene, "intention")
            if word:
                return word
        if deed.stage is Stage.SIGNED:
            agenda = _AGENDA.search(text, max(sentence.start, act.start - 70), act.start)
            if agenda is not None:
                return agenda.group(1)
            ahead = _AHEAD.match(text[act.end : min(sentence.end, act.end + 60)])
            if ahead is not None and ref.year is not None and int(ahead.group(1)) > ref.year:
                return ahead.group(1)
        if deed.form in ("bare", "noun") or printed.startswith(_TENSELESS):
            tail = text[act.end : min(sentence.end, act.end + 180)]
            if deed.form == "noun":
                match = _AFTER_NOUN.match(tail)
                if match:
                    return match.group().split()[-1]
            for mark in sentence.marks("future_time"):
                if mark.start >= act.end:
                    gap = text[act.end : mark.start]
                    if len(_WORD.findall(gap)) <= 10 and not _CUT.search(gap):
                        return text[mark.start : mark.end]
        return ""

    def _current(self, act: Mention, scene: Scene, *, behind: bool = False) -> bool:
        """A date near the publication stands by the act: what it tells is news."""
        text, ref = scene.text, scene.ref
        if ref.day is None:
            return False
        own = next((each for each in scene.dates if 0 <= each.start - act.end <= 14), None)
        if own is not None and own.precision == "day" and own.day < ref.day - OLD:
            return False  # "signed on 15 December took effect today"
        for printed in scene.dates:
            near = printed.start >= act.end - 1 and not re.search(r"[;]", text[act.end : printed.start])
            # what ends or goes on has its paper's year behind it
            made = self._lexicon.deeds[act.ref].stage is Stage.SIGNED
            near = near and not (made and older_year(text[act.end : printed.start], ref.year))
            near = near and not (behind and _TOLD.search(text, act.end, max(act.end, printed.start)))
            before = not behind and printed.end <= act.start and len(_WORD.findall(text[printed.end : act.start])) <= 12
            if before and _OLD_YEAR.match(text[act.end : act.end + 30]) and not near:
                year = int(_OLD_YEAR.match(text[act.end : act.end + 30])[1])  # type: ignore[index]
                if ref.year is not None and year < ref.year:
                    continue
            if printed.precision == "day" and (near or before) and -OLD <= printed.day - ref.day <= timedelta(days=1):
                return True
        return False
