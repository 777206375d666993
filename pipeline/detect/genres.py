"""Kinds of article that report no event however full of the right words: explainers, opinions, documents, denials."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.detect.acts import Status
from pipeline.detect.analysis import Analysis, View
from pipeline.detect.background import REPORTED, denial
from pipeline.detect.cue import cue
from pipeline.detect.lexicon import Lexicon
from pipeline.detect.ruling import EARLY, Frame
from pipeline.detect.sentences import Zone
from pipeline.model import Stage

_BYLINE = re.compile(
    r"\s*(?:oleh|by)\s*:?\s+[\w.’' -]{3,40},\s+(?:pengajar|peneliti|dosen|guru besar|pengamat|analis|pakar|"
    r"a lecturer|an? \w+ researcher|professor)\b"
)
_TEXT = re.compile(
    r"\W*(?:(?:the|this|an?)\s+)?(?:(?:full|complete|official|verbatim|authentic)\s+text\b[^.;]{0,40}\b(?:paragraphs|"
    r"pages|articles|chapters)|transcript|(?:text|copy)\s+of\s+"
    r"(?:the|an?)\s+(?:[\w’'-]+\s+){0,4}?(?:agreement|treaty|memorandum|protocol|convention|communiqu[eé]|arrangement|"
    r"statement)\s+between)\b"
    r"|\W*(?:salinan\s+(?:naskah|persetujuan|perjanjian|nota)|(?:teks|naskah)\s+(?:resmi|lengkap|asli|utuh))\b"
    r"|\W*(?:teks|naskah|text of)\b[^.;:]{0,160}[:,]\s*(?:the\s+)?"
    r"(?:pasal|bab|lampiran|articles?|clauses?|chapters?)\b",
    re.IGNORECASE,
)
"""How a lead begins that shows a document instead of telling an event."""
_CAREER = re.compile(
    r"\b(?:retires?|retired|retirement|steps down|bows out|farewell|leaves (?:\w+ ){0,4}after \d+ years|"
    r"looks back|purna ?tugas|purna ?bakti|pensiun|perpisahan|berpamitan|pamit|lepas jabatan|masa baktinya)\b",
    re.IGNORECASE,
)
"""A headline in which somebody ends a career: what the report tells was done long ago."""
_LIST = re.compile(
    r"\W*(?:(?:the|ini|inilah)\s+)?(?:(?:top|ini)\s+)?\d{1,3}\s+(?:[a-z]+\s+){0,2}?(?:facts?|things|reasons|ways|"
    r"secrets|myths|tips|"
    r"takeaways|questions|fakta|hal|alasan|cara|mitos|rahasia|pertanyaan|poin)\b",
)
"""`10 amazing facts about …`: a list, no event."""
_DEATH = re.compile(
    r"\b(?:berpulang|tutup usia|meninggal dunia|wafat|mengenang|in memoriam|obituar\w+|dies|has died|passes away|"
    r"passed away)\b",
    re.IGNORECASE,
)
_PLAN = (
    r"(?:plans?|planned|proposed|proposal|drafts?|idea|(?:meant|intended|due|set) to sign|"
    r"(?:was|were) to (?:be )?sign\w*|before (?:signing|signature|(?:it|they) (?:was|were|could be|reach\w*))|"
    r"rencana\w*|direncanakan|rancangan|draf|usul\w*|gagasan|sebelum (?:sempat )?(?:di)?(?:teken|tandatangan\w*)|"
    r"sedianya)"
)
_GIVEN_UP = (
    r"(?:shel(?:ves|ved|ving)|abandon(?:s|ed)|calls? off|called off|drop(?:s|ped)|scrap(?:s|ped)|cancel(?:s|l?ed)|"
    r"axe[sd]|(?:will|would) not (?:happen|be signed|go ahead|materiali[sz]e|proceed)|"
    r"won['’]t (?:happen|be signed|go ahead)|(?:di)?batal(?:kan)?|membatalkan|urung|kandas|(?:tidak|tak) jadi|"
    r"ditinggalkan|dicoret|dikubur)"
)
_CALLED_OFF = cue(
    rf"\b(?:{_PLAN}\b[^,;.]{{0,90}}\b{_GIVEN_UP}|{_GIVEN_UP}\b[^;.]{{0,90}}\b{_PLAN}|shel(?:ves|ved)\b)\b",
    "shel|abandon|call|drop|scrap|cancel|axe|not |won|batal|urung|kandas|jadi|tinggal|dicoret|dikubur",
    re.IGNORECASE,
)
"""A plan that was given up; put off, it would go on."""
_PUT_OFF = re.compile(
    r"\b(?:ditunda|tertunda|digeser|bergeser|diundur|mundur ke|dijadwal(?:kan)? ulang|ganti tanggal|postpon\w+|put off|"
    r"rescheduled|pushed back|moved to|delayed (?:to|until))\b",
    re.IGNORECASE,
)
_PROLONGED = re.compile(r"\b(?:perpanjang\w*|diperpanjang|exten\w+|renew\w*|prolong\w*)\b", re.IGNORECASE)
"""What nobody prolongs has ended."""
_DIED = re.compile(
    r"\b(?:(?:who )?(?:died|passed away)\b[^.;]{0,60}?\b(?:aged|at the age of|at (?:his|her) home|at \d{2})\b|"
    r"(?:meninggal(?: dunia)?|wafat|berpulang|tutup usia)\b[^.;]{0,60}?\b(?:(?:dalam|pada|di) usia|usia \d{2})\b)",
    re.IGNORECASE,
)
"""A lead that tells of a death tells of a life."""
_OBSERVER = re.compile(
    r"\W*(?:(?:an?|the|two|some|sejumlah|para|seorang)\s+)?(?:(?:\w+\s+){0,2}?(?:analysts?|academics?|scholars?|"
    r"lecturers?|"
    r"columnists?|economists?|observers?|commentators?|critics?|professor)|akademisi|pengamat|dosen|guru besar|analis|"
    r"pakar|ekonom|kolumnis|peneliti|(?:former|retired|ex-|mantan|eks|bekas)[ -]?(?:\w+\s+){0,2}?(?:diplomats?|"
    r"ambassadors?|envoys?|ministers?|officials?|diplomat|dubes|duta besar|menteri|pejabat|"
    r"dirjen))\b[^.;,]{0,60}?\b(?:writes?|wrote|argue[sd]?|questions?|questioned|criticis\w+|"
    r"complain\w*|warn(?:s|ed)?|urge[sd]?|suggest(?:s|ed)?|recommend(?:s|ed)?|believe[sd]?|thinks?|reckons?|"
    r"menyarankan|menganjurkan|"
    r"mendesak|menulis|menilai|berpendapat|mengkritik|mempertanyakan|mengeluhkan|menyayangkan|"
    r"mengingatkan)\b(?P<claim>\W+(?:that|bahwa|how|betapa)\b)?",
    re.IGNORECASE,
)
"""A lead in which somebody who acts for no state weighs what states do."""
_ARTICLE = cue(r"\b(?:[Pp]asal|PASAL|[Aa]rticle|ARTICLE) (?:\d{1,2}|[IVX]{1,4})\b", "pasal |article ", re.NOFLAG)
_WRITER = re.compile(
    r"\W*(?:Penulis (?:adalah|merupakan)|The (?:writer|author) (?:is|teaches)|"
    r"(?:Tulisan|Artikel|Kolom|Opini)\b[^.]{0,40}"
    r"\btidak (?:selalu )?(?:mewakili|mencerminkan)|(?:The )?(?:[Vv]iews|[Oo]pinions) (?:expressed|in this))\b"
)
_MEMORY = re.compile(
    r"\W*\d{1,3} (?:tahun|dekade|years|decades)\b|\W*(?:mengenang|kilas balik|menengok kembali|remembering|in memoriam|"
    r"obituar\w+|(?:sixty|seventy|fifty|forty|thirty|twenty) years of)\b",
    re.IGNORECASE,
)
_RECALLS = re.compile(
    r"\b(?:tulisan khusus|mengenang|napak tilas|kilas balik|a look back|looks back|memoir|memoar|remembers)\b",
    re.IGNORECASE,
)
_SAID_OF = re.compile(
    r"\s*(?:[.,;:!?”\")]|$|(?:dan|karena|sebab|menurut|kata|ujar|belaka|semata|oleh|and|because|as|by|said|says)\b)"
)
"""What follows a word that is said of what stands before it, not of what comes: `is false.`, no `fake videos`."""
_PRESS = re.compile(
    r"\b(?:newspapers?|websites?|portals?|blogs?|bloggers?|broadcasters?|magazines?|podcasts?|lawmakers?|media|koran|"
    r"surat kabar|situs|laman|majalah|siniar|akun|stasiun televisi)\b[^.;]{0,60}\b(?:reported|claimed|wrote|said|"
    r"alleged|melaporkan|memberitakan|menulis|mengklaim|menyebut|mengabarkan)\b",
    re.IGNORECASE,
)
"""Who told it: somebody else, for whom this report does not answer."""
_QUOTED = re.compile(r"[\"“][^\"”]*[\"”]?")
_OURS = re.compile(r"\b(?:kita|(?i:our))\b|^\W*(?:Mari|Let us|Let’s|Let's)\b|\b(?i:we)\b(?! are told)|\b(?i:saya)\b")
_SHARED = 3
"""Sentences outside quotation marks in which somebody speaks for all of us: then no reporter does."""
_PIECE = r"(?:^\W*|\b(?:in (?:an?|his|her|their)|this|sebuah|dalam|lewat|melalui) (?:[a-z-]+ ){0,2})"
"""What stands before the name of the kind of piece that one reads."""
_SELF = re.compile(r"\b(?:(?i:saya|hemat saya|my|we should|we must|kita semestinya|kita seharusnya)|I)\b")


@dataclass(frozen=True, slots=True)
class Openings:
    """The words that give one kind of article away, and all of them at once: `first` at the start of a headline,
    `within` anywhere."""

    words: tuple[str, ...]
    first: re.Pattern[str]
    within: re.Pattern[str]


class Genres:
    """Tells such articles; holds only the lexicon and the words of each kind."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._openings: dict[str, Openings] = {}
        for name, words in lexicon.genres.items():
            any_of = "|".join(map(re.escape, words))
            self._openings[name] = Openings(words, re.compile(rf"\W*(?:{any_of})\b"), re.compile(rf"\b(?:{any_of})\b"))

        studies = "|".join(map(re.escape, lexicon.genres["study"])) or "(?!)"
        self._study = re.compile(rf"\W*(?:(?:sebuah|dalam|in|an?|the)\W+)?(?P<word>{studies})\b")

    def refuse(self, analysis: Analysis, asserted: list[Frame], why: list[str]) -> bool:
        """Whether the article is of such a kind, which it then says in `why`. `asserted`: the acts told as done."""
        return self._kind(analysis, asserted, why) or self._denial(analysis, asserted, why)

    def _kind(self, analysis: Analysis, asserted: list[Frame], why: list[str]) -> bool:
        views = analysis.views
        if not views:
            return False
        head = views[0].sentence.text.lower().strip()
        lead = next((each.sentence.text.lower() for each in views if each.zone is Zone.LEAD), "")
        if re.match(r"\W*(?:hoaks|hoax|cek fakta|fact check|salah|keliru)\b", head):
            why.append("denial: the headline calls it a hoax")
            return True
        study = self._study.match(head) or self._study.match(lead)
        if study is not None:
            why.append(f"genre: a study ({study['word']!r}) of what others did")
            return True
        if _first_person(analysis) or any(_WRITER.match(each.sentence.text) for each in views[-2:]):
            why.append("genre: the writer speaks of himself: an opinion")
            return True
        lead_deal = any(each.view.zone in EARLY and each.act.paper and each.pair.complete for each in asserted)
        dated = any(each.act.deed.strong and _fresh(each.view, analysis) for each in asserted) or any(
            _met(view, analysis) for view in analysis.views[:8]
        )
        if _TEXT.match(lead) and not dated:
            why.append("genre: shows the text of a document")
            return True
        observer = _OBSERVER.match(lead) if not dated else None
        if observer is not None and (observer["claim"] or not lead_deal):
            why.append("genre: an observer weighs what states do")
            return True
        if not (lead_deal or dated) and _LIST.match(head):
            why.append("genre: a list of what is known, reports no event")
            return True
        if not (lead_deal or dated) and (
            _CAREER.search(head)
            or _MEMORY.match(head)
            or _RECALLS.search(lead[:160])
            or _DEATH.search(head)
            or _MEMORY.match(lead)
            or _DIED.search(lead)
        ):
            why.append("genre: looks back on times past, reports no event")
            return True
        if len([*_ARTICLE.finditer(analysis.story.text, 0, 2000)]) >= 2:
            why.append("genre: the text of a document, article by article")
            return True
        for name, openings in self._openings.items():
            signed = name == "opinion" and _BYLINE.match(lead)
            told = lead[:160] if name == "opinion" else lead if name == "document" else ""
            if not (signed or openings.first.match(head) or openings.within.search(told)):
                continue
            for word in openings.words:
                opened = re.match(rf"\W*{re.escape(word)}\b", head)
                if name == "opinion":
                    # a bare noun gives a lead away only where it names the piece: "ransomware analysis" does not
                    named = r"\b" if " " in word or "-" in word else _PIECE
                    opened = opened or re.search(rf"{named}{re.escape(word)}\b", lead[:160])
                if name == "document":
                    opened = re.search(rf"\b{re.escape(word)}\b", lead) if word != "pasal" else None
                if name == "opinion" and (re.match(rf"\W*{re.escape(word)}\s*:", head) or signed):
                    why.append("genre: an opinion piece by its label or by-line")
                    return True
                if opened and not (lead_deal or (dated and name == "explainer")):
                    why.append(f"genre: reads like {name} ({word!r}), reports no event")
                    return True
        return False

    def _denial(self, analysis: Analysis, asserted: list[Frame], why: list[str]) -> bool:
        titled = any(each.view.zone is Zone.TITLE and each.pair.complete for each in asserted)
        for view in analysis.views[:6] if not titled else ():
            false = self._false(view, analysis.story.text)
            if false:
                why.append(f"denial: {false!r}")
                return True
        text = analysis.story.text
        told = [each for each in asserted if each.view.zone in (Zone.LEAD, Zone.BODY) and each.pair.complete]
        for view in analysis.zone(*EARLY) if not told else ():
            mark = denial(view.sentence, text)
            if mark is not None:
                why.append(f"denial: {text[mark.start : mark.end]!r} in the {view.zone.value}")
                return True
        done = any(each.act.deed.stage is not Stage.ENDED or not _given_up(each.view) for each in told)
        later = any(_PUT_OFF.search(view.sentence.text) for view in analysis.zone(*EARLY))
        for view in analysis.zone(*EARLY) if not (done or later) else ():
            off = _given_up(view)
            if off is not None:
                why.append(f"denial: a plan was given up before anything was signed ({off.group()[:60]!r})")
                return True
        none = next(analysis.acts("sign", "sign_bare", "signing", status=Status.NEGATED), None)
        if none and asserted and all(_press(each, text) for each in asserted):
            why.append(f"denial: others reported it, and here it says {none[1].mark!r}")
            return True
        return False

    def _false(self, view: View, text: str) -> str:
        """`kabar itu keliru`, `the claims were baseless`: the rumour and what is said of it, or ""."""
        for mark in view.sentence.marks("falsehood", "denial"):
            told = [*REPORTED.finditer(text, view.sentence.start, mark.start)][-1:]
            gap = text[told[0].end() : mark.start] if told else ";"
            words = len(gap.split())
            said = words or text[mark.start : mark.end].lower().startswith(("tidak", "is ", "not "))
            claim = gap.split()[:1] in (["bahwa"], ["that"])  # its whole content stands between
            near = words <= self._lexicon.reach["falsehood"] * (3 if claim else 1) and not re.search("[;:]", gap)
            if said and near and _SAID_OF.match(text, mark.end):
                return text[told[0].start() : mark.end]
        return ""


def _given_up(view: View) -> re.Match[str] | None:
    off = _CALLED_OFF.search(view.sentence.text)
    return off if off is not None and _PROLONGED.search(view.sentence.text) is None else None


def _press(frame: Frame, text: str) -> bool:
    return _PRESS.search(text, frame.view.sentence.start, frame.act.mention.start) is not None


def _met(view: View, analysis: Analysis) -> bool:
    """Organs of both states in a sentence with a day close before the publication: an event, however it is headed."""
    day = analysis.ref.day
    organs = {each.country for each in view.actors if each.what == "organ" and each.party and not each.assumed}
    close = day is not None and any(each.precision == "day" and 0 <= (day - each.day).days <= 14 for each in view.dates)
    return close and analysis.home in organs and len(organs) > 1


def _fresh(view: View, analysis: Analysis) -> bool:
    """A day close before the publication is printed beside the act: an event is told."""
    day = analysis.ref.day
    return day is not None and any(
        each.precision == "day" and not each.bare and 0 <= (day - each.day).days <= 14 for each in view.dates
    )


def _first_person(analysis: Analysis) -> bool:
    """Two sentences or more, the lead among them, or four, in which the writer says "I" outside quotation marks."""
    early = [each.sentence for each in analysis.views[:10] if not each.sentence.quoted and each.zone is not Zone.TITLE]
    ours = [each for each in early if _OURS.search(each.text)]
    if len(ours) >= _SHARED and sum(_OURS.search(_QUOTED.sub("", each.text)) is not None for each in ours) >= _SHARED:
        return True
    if sum(_SELF.search(each.text) is not None for each in early) < 2:
        return False
    said = [each for each in early if _SELF.search(re.sub(r"[\"“][^\"”]*[\"”]?", "", each.text))]
    return len(said) >= 4 or (len(said) >= 2 and said[0].zone is Zone.LEAD)
