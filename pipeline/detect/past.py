"""What is told from a distance: acts under a back-reference, an old year or an old date remember older papers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.detect.background import OLD
from pipeline.detect.cue import cue
from pipeline.detect.lexicon import Deed, Kind, Lexicon
from pipeline.detect.printed import Printed, Reference
from pipeline.detect.scan import Mention
from pipeline.detect.sentences import Sentence
from pipeline.model import Stage

_MONTH_AGO = re.compile(
    r"(?:\W+\w+){0,6}?\W+(?:in|last|pada|bulan|since|sejak)\W+(?:bulan\W+)?([A-Z][a-z]{2,9})\b(?!\W+\d)"
    r"|(?:\W+\w+){0,4}?\W+([A-Z][a-z]{2,9}) (?:lalu|silam)\b|\W+([A-Z][a-z]{2,9})(?=[.,;]|$)"
)
_MADE = (Stage.SIGNED, Stage.RENEWED)
_AGREED_IN = re.compile(
    r"(?:\W+on)?\W+(?:in|last|pada|sejak|since)\W+(?:bulan\W+)?([A-Z][a-z]{2,9})\b(?!\W+\d)"
    r"|(?:\W+(?!yang\b|di\w+)\w+){0,5}?\W+([A-Z][a-z]{2,9}) (?:lalu|silam)\b"
)
"""`agreed on in April`, `disepakati April lalu`: right behind, for what is agreed may lie in another month ahead."""
_AGREED_THERE = re.compile(
    r"(?:\W+(?!yang\b)\w+){1,6}?\W+(?:in|last|pada|sejak|since)\W+(?:bulan\W+)?([A-Z][a-z]{2,9})\b(?!\W+\d)"
)
_RELATIVE = re.compile(r"\b(?:yang|that|which)\W+(?:\w+\W+){0,3}$", re.IGNORECASE)
"""`satgas yang disepakati kedua presiden lewat telepon pada September`: the month stands farther off."""
_LAPSED = re.compile(r"\b(?:yang|that|which)\b[^,;]*\b(?:habis|berakhir|lapsed|expired|ended|ran out)\b", re.IGNORECASE)
_SAID = re.compile(r"\b(?:said|says|told|announced|reported|confirmed|added|explained)\b", re.IGNORECASE)
_SPAN = re.compile(r"\b(?:hari|pekan|minggu|bulan|tahun|days?|weeks?|months?|years?)\W+$", re.IGNORECASE)
_SPAN_DAYS = re.compile(r"\b(?:hari|days?|sehari|jam|hours?)\W+$", re.IGNORECASE)
_HABIT = re.compile(
    r"\b(sering|kerap|acap ?kali|biasa(?:nya)?|often|frequently|regularly|routinely|usually)\W+(?:kali\W+)?$",
    re.IGNORECASE,
)
"""`too often signed`: what is done again and again is no event."""
_MEMORIES = frozenset({"setelah", "sesudah", "usai", "after"})
_KINDRED = frozenset({"sejenis", "serupa", "similar"})
_YEAR = re.compile(r"\b(?:19|20)\d{2}\b")
_IN_YEAR = re.compile(r"\b(?:pada|sejak|tahun|in|since|during|last)\W+(?:tahun\W+)?$|[,;:]", re.IGNORECASE)
"""What stands before the year in which something was done."""
_OPENED_IN = re.compile(
    r"\W*(?:(?:sudah|already|back|kembali)\W+)?(?:pada|di|sejak|dalam|medio|in|since|during|by|tahun)\W+"
    r"(?:(?:tahun|awal|akhir|pertengahan|dasawarsa|dekade|era|early|late|mid|the|year)\W+)*((?:19|20)\d{2})(?:s|-an)?\b"
    r"(?!\W+(?:and|dan|to|hingga|sampai)\b)",
    re.IGNORECASE,
)
"""`Pada 2014, …`, `Back in 1979 he …`: a sentence that begins with its year tells of that year, however far the act."""
_LONG_AGO = (
    r"(?:(?:(?:two|three|four|five|several|many|some|a few|nearly two|more than two) )?(?:decades|generations|"
    r"centuries) "
    r"(?:ago|earlier|before)|(?:a|one|half a|a quarter of a|a quarter) (?:decade|generation|century) (?:ago|earlier)|"
    r"(?:long|ages|many moons) ago|in the (?:(?:early|late|mid)[- ])?(?:(?:19|20)\d0s|twenties|thirties|forties|"
    r"fifties|"
    r"sixties|seventies|eighties|nineties)|(?:in|during) the (?:last|previous|twentieth) (?:century|decade)|"
    r"last decade|"
    r"(?:under|during|in|before) (?:the )?(?:former )?(?:president )?(?:suharto|soeharto|sukarno|soekarno|habibie|"
    r"wahid|"
    r"megawati|yudhoyono|new order|cold war|pandemic|reform era|colonial (?:times|era|rule)|"
    r"previous government)(?![^.,;]{0,30}['’]s)|"
    r"in the (?:old )?(?:days|time) (?:of|when)|in (?:his|her|their) (?:grand)?(?:father|mother)\w*['’]s? (?:time|day)|"
    r"when (?:he|she|they) (?:was|were) (?:still )?(?:a child|a boy|a girl|young|children|at school)|in a bygone era|"
    r"(?:puluhan|belasan|bertahun-tahun|beratus) (?:tahun )?(?:lalu|silam|lampau)|(?:satu|dua|tiga|empat|lima|"
    r"beberapa) "
    r"(?:dekade|dasawarsa|generasi|abad|windu) (?:lalu|silam|lampau|sebelumnya)|(?:seperempat|setengah|separuh|seabad) "
    r"(?:abad )?(?:lalu|silam|lampau)|(?:pada|di|dalam|sejak) (?:abad|dekade|dasawarsa) (?:lalu|silam|lampau)|"
    r"(?:(?:pada|di|dalam|sejak) )?(?:awal|akhir|pertengahan) (?:era |tahun )?(?:19|20)\d0-an|"
    r"(?:(?:pada|di|dalam|sejak) (?:masa|zaman|era)|semasa|sebelum|selama) (?:orde|presiden (?!prabowo)|soeharto|"
    r"soekarno|"
    r"suharto|sukarno|habibie|gus dur|megawati|kolonial|perang|pandemi|reformasi|kemerdekaan|kakek\w*|nenek\w*|"
    r"pemerintah(?:an)? (?:sebelumnya|terdahulu|lama))|"
    r"(?:waktu|ketika|saat|semasa) (?:ia|dia|mereka|saya) masih (?:kecil|muda|anak-anak|sekolah))"
)
_ONCE = re.compile(r"\W*(?:back when|long before|back in|" + _LONG_AGO + r")\b", re.IGNORECASE)
"""How a sentence begins that tells of old times without a year."""
_BEHIND = cue(
    r"\b" + _LONG_AGO + r"\b",
    "ago|earlier|ties|0s|century|decade|suharto|soeharto|sukarno|soekarno|habibie|wahid|megawati|yudhoyono|new order|"
    "cold war|pandemi|reform|colonial|previous|days |father|mother|time of|time when|when |bygone|lalu|silam|lampau|"
    "-an|masa |zaman |era |"
    "sebelum|"
    "selama |waktu |ketika |saat |semasa ",
)
"""The same behind the act: `signed a memorandum two decades ago`."""
_TURNED = re.compile(
    r"\b(?:kini|sekarang|akhirnya|barulah|hari ini|kemarin|pekan ini|bulan ini|tahun ini|now|today|yesterday|finally|"
    r"this (?:week|month|year)|last (?:week|month))\b",
    re.IGNORECASE,
)
"""What turns such a sentence back to the day of the news."""
_MADE_IN = re.compile(
    r"\b(?:sejak|since|diteken|ditandatangani|signed|dated|made|dibuat|disepakati)\W+(?:\w+\W+){0,2}$", re.IGNORECASE
)
_WORD = re.compile(r"\w+")
_CUT = re.compile(r"[,;:]| [-–—] |\(|\)")


@dataclass(frozen=True, slots=True)
class Scene:
    """The sentence that acts are read in, the text around it, and its dates."""

    sentence: Sentence
    text: str
    dates: Sequence[Printed]
    ref: Reference


def reaches(gap: str, span: tuple[int, int], sentence: Sentence, reach: int) -> bool:
    """Whether a mark reaches over `gap`, which spans these offsets: inside its clause and within so many words."""
    if _CUT.search(gap) or len(_WORD.findall(gap)) > reach:
        return False
    return not any(span[0] <= each.start < span[1] for each in sentence.marks("bounds"))


class Past:
    """Tells memories from news; holds only the lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon

    def span(self, act: Mention, scene: Scene) -> str:
        """`ten months after the two banks signed`, `too often signs`: told from a distance."""
        sentence, text = scene.sentence, scene.text
        habit = _HABIT.search(text, max(sentence.start, act.start - 24), act.start)
        if habit is not None:
            return habit.group(1)
        for mark in sentence.marks("background"):
            if mark.end <= act.start:
                word = text[mark.start : mark.end].lower()
                gap = text[mark.end : act.start]
                if word in ("since", "sejak") and not _CUT.search(gap) and len(_WORD.findall(gap)) <= 8:
                    return text[mark.start : mark.end]
                if word in _MEMORIES and _SPAN.search(text[sentence.start : mark.start]):
                    gap = text[mark.end : act.start]
                    if not _CUT.search(gap) and len(_WORD.findall(gap)) <= 10:
                        return text[mark.start : mark.end]
        return ""

    def months_ago(self, act: Mention, deed: Deed, scene: Scene) -> str:
        """`signed in November`, `diteken Maret lalu`: another month than the publication's right behind the act."""
        month = _MONTH_AGO.match(scene.text[act.end : min(scene.sentence.end, act.end + 80)])
        if deed.stage not in _MADE:
            month = _AGREED_IN.match(scene.text, act.end, scene.sentence.end) if deed.form != "talk" else None
            if month is None and deed.form != "talk" and _RELATIVE.search(scene.text, scene.sentence.start, act.start):
                month = _AGREED_THERE.match(scene.text, act.end, scene.sentence.end)
        if month is None or scene.ref.day is None:
            return ""
        word = next(filter(None, month.groups()))
        number = self._lexicon.months.get(word.lower())
        return word if number is not None and number != scene.ref.day.month else ""

    def memory(self, act: Mention, paper: Mention | None, scene: Scene) -> str:
        sentence, text, dates, ref = scene.sentence, scene.text, scene.dates, scene.ref
        anchor = act.start if paper is None else min(act.start, paper.start)
        reach = self._lexicon.reach["background"]
        for mark in sentence.marks("background"):
            word = text[mark.start : mark.end].lower()
            if word == "had" and _SAID.search(text, sentence.start, mark.start):
                continue  # "officials said they had signed": the tense of what is told, no memory
            if word in _KINDRED and any(0 <= mark.start - each.end <= 1 for each in sentence.of(Kind.ORGAN)):
                continue  # "dengan badan sejenis di Ceko"
            if word in _MEMORIES:
                # "sesudah nota kesepahaman diteken" remembers; "setelah meneken nota kesepahaman" tells
                between = paper is not None and mark.end <= paper.start < act.start
                if not between or not text[mark.end : act.start].strip() or _CUT.search(text[mark.end : act.start]):
                    continue
                return text[mark.start : mark.end]
            if mark.end <= act.start and reaches(text[mark.end : act.start], (mark.end, act.start), sentence, reach):
                return text[mark.start : mark.end]
            if mark.end <= anchor and reaches(text[mark.end : anchor], (mark.end, anchor), sentence, 4):
                return text[mark.start : mark.end]
            if _SPAN_DAYS.search(text[max(sentence.start, mark.start - 12) : mark.start]):
                continue  # "dua hari sebelumnya"
            if mark.start >= act.end and word in (
                "serupa",
                "sejenis",
                "similar",
                "tahun lalu",
                "last year",
                "years ago",
                "bulan lalu",
                "sebelumnya",
                "previously",
                "earlier",
                "dahulu",
                "silam",
            ):
                gap = text[act.end : mark.start]
                again = self._lexicon.deeds[act.ref].stage in (Stage.RENEWED, Stage.ENDED)
                if again and _LAPSED.search(gap):
                    continue  # "memperbarui MoU yang habis tahun lalu": the older paper's day
                if not _CUT.search(gap) and len(_WORD.findall(gap)) <= 12:
                    return text[mark.start : mark.end]
        for printed in dates:
            if printed.bare and printed.precision == "month":
                continue  # "Maret lalu": of what, only its next neighbour says
            if ref.day is not None and printed.precision in ("day", "month") and printed.day < ref.day - OLD:
                gap = text[act.end : printed.start] if printed.start >= act.end else text[printed.end : act.start]
                if self._parted(act, printed.start, sentence, text):
                    continue
                if len(_WORD.findall(gap)) <= 14 and not re.search("[;:]", gap):
                    return text[printed.start : printed.end]
        year = ref.year
        if year is None:
            return ""
        once = _ONCE.match(text, sentence.start, act.start)
        if once is not None and not _TURNED.search(text, once.end(), act.start):
            return once.group().strip()
        behind = _BEHIND.search(text, act.end, sentence.end) if self._lexicon.deeds[act.ref].stage in _MADE else None
        if behind is not None and not re.search(
            r"[;:]|, (?:and|but|while|dan|tetapi|sementara)", text[act.end : behind.start()]
        ):
            return behind.group()
        opened = _OPENED_IN.match(text, sentence.start, act.start)
        if opened is not None and int(opened[1]) < year and not _TURNED.search(text, opened.end(), act.start):
            return opened[1]
        deed_old = self._lexicon.deeds[act.ref].stage is Stage.ENDED
        for match in _YEAR.finditer(text, sentence.start, sentence.end):
            if int(match.group()) >= year or any(each.start <= match.start() < each.end for each in dates):
                continue
            if self._parted(act, match.start(), sentence, text):
                continue
            if deed_old and _MADE_IN.search(text[max(act.end, match.start() - 40) : match.start()]):
                continue  # "mengakhiri perjanjian yang berlaku sejak 2006": the paper's year
            if self._of_paper(act, paper, match.start(), scene):
                continue
            gap = text[act.end : match.start()] if match.start() >= act.end else text[match.end() : act.start]
            limit = 10 if match.start() >= act.end else 7
            if (
                len(_WORD.findall(gap)) <= limit
                and not re.search("[;:]", gap)
                and (match.start() < act.start or gap.count(",") <= 1)
            ):
                if match.start() < act.start and _CUT.search(gap):
                    continue
                return match.group()
        return ""

    def _of_paper(self, act: Mention, paper: Mention | None, at: int, scene: Scene) -> bool:
        """`bahas perpanjangan MoU TIK 2007`, `discussed the 2011 agreement`: the year of the paper that is talked of,
        renewed or ended, not of the talk."""
        deed = self._lexicon.deeds[act.ref]
        if (
            (deed.form != "talk" and deed.stage not in (Stage.RENEWED, Stage.ENDED))
            or paper is None
            or paper.start < act.end
        ):
            return False
        words = scene.text[act.end : at] if at < paper.start else scene.text[paper.end : at]
        return _IN_YEAR.search(words) is None and (
            len(_WORD.findall(words)) <= 3 if at >= paper.start else at >= act.end and paper.start - at < 60
        )

    def _parted(self, act: Mention, at: int, sentence: Sentence, text: str) -> bool:
        """`meluncurkan X, setelah nota yang diteken 2022`: a comma and a new clause stand between act and date."""
        return any(
            act.end <= each.start < at and text[act.end : each.start].rstrip().endswith(",")
            for each in sentence.marks("bounds")
        )
