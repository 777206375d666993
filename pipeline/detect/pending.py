"""Papers and signings that wait: `the signing is planned for May`, `a memorandum … is pending`, `digeser ke Juni`.

What is told stands behind the whole name of the paper, so no mark reaches it: the predicate is looked for instead.
"""

from __future__ import annotations

import re

from pipeline.detect.cue import cue
from pipeline.detect.scan import Mention
from pipeline.detect.sentences import Sentence

_NAME = r"(?:(?!\b(?:yang|which|that|who)\b)[^.;:,]){0,140}?"
"""The rest of the paper's name: no clause of its own."""
_MADE = (
    r"(?:signed|inked|sealed|concluded|finali[sz]ed|completed|ready|held|exchanged|done|take place|follow|come|happen)"
)
_WHEN = (
    r"(?:for|in|on|at|by|before|within|next|later|this|early|soon|to (?:be " + _MADE + r"|" + _MADE + r")|"
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december)\b)"
)
_LATER = (
    r"(?:(?:is|are|was|were|has been|have been|remains?)\s+(?:(?:now|still|also|only|again|tentatively|currently|"
    r"not)\s+)*"
    r"(?:(?:expected|planned|set|due|scheduled|slated|pencill?ed in|likely|targeted|foreseen|envisaged|anticipated)\s+"
    + _WHEN
    + r"|pending|awaiting|unsigned|imminent|near(?:ing)?\b|postponed|put (?:off|back)|pushed|moved to|rescheduled|"
    r"deferred|on hold|on the horizon|in the (?:works|pipeline|offing)|(?:\w+ )?(?:weeks|months|days) (?:away|off)|"
    r"ready (?:for|to be)|being (?:prepared|translated|drafted|finali[sz]ed|arranged|negotiated|polished|vetted)|"
    r"under (?:negotiation|discussion|preparation|consideration)|in its final|delayed|called off)"
    r"|awaits|slip(?:s|ped)\b|has slipped|will have to wait|must wait|did not (?:take place|happen)|"
    r"(?:will|would|could|may|might|is to|are to|shall) (?:be " + _MADE + r"|" + _MADE + r")\b"
    r"|(?:(?:masih|sedang|tengah|baru|kembali|terpaksa|akhirnya|kini|semula|tinggal|sudah|telah|rencananya|"
    r"diperkirakan|"
    r"kemungkinan(?: besar)?)\s+)*(?:di(?:jadwalkan|rencanakan|targetkan|agendakan)|dijadwal(?:kan)? ulang|"
    r"diharapkan (?:rampung|selesai|tuntas|berlangsung|dilakukan|digelar|terlaksana|diteken|ditandatangani)|"
    r"diundur\w*|ditunda|tertunda|dimundurkan|mundur (?:ke|hingga|sampai|dari|lagi)|digeser|bergeser|molor|"
    r"menunggu|menanti|dibahas|digodok|disiapkan|dirundingkan|difinalisasi|dimatangkan|disusun|diterjemahkan|"
    r"(?:dalam|memasuki) tahap (?:akhir|finalisasi|perundingan|pembahasan)|di depan mata|"
    r"kemungkinan besar (?:bulan|pekan|tahun))\b"
    r"|(?:akan|bakal|segera|baru akan|mau) (?:segera )?(?:ditandatangani|diteken|dilakukan|dilaksanakan|digelar|"
    r"berlangsung|"
    r"diadakan|dilangsungkan|dihelat|diselenggarakan|menyusul|rampung|selesai)\b)"
)
_WORDS = (
    "expected|planned|is set|are set|due|scheduled|slated|pencil|likely|targeted|foreseen|envisaged|anticipated|"
    "pending|"
    " in its |await|unsigned|imminent|near|postponed|put off|put back|pushed|moved|deferred|hold|horizon|in the |"
    "away|days off|"
    "weeks off|months off|ready|being |under |delayed|called off|slip|wait|did not |will |would |could |may |might |"
    "to be |"
    "jadwal|direncanakan|ditarget|diagenda|diharap|undur|tunda|mundur|geser|molor|menunggu|menanti|dibahas|digodok|"
    "disiapkan|dirunding|finalisasi|dimatang|disusun|diterjemah|tahap|di depan|kemungkinan|akan |bakal |segera |mau "
)
_PENDING = cue(_NAME + r"\s(?<!yang )(?<!sempat )(?<!after being )(" + _LATER + r")", _WORDS)
_UNDONE = cue(
    _NAME + r"\s(?<!yang )(?<!sempat )(?:(?:belum|tidak|urung|batal|tak) (?:jadi |juga |bisa |dapat |sempat |akan )?"
    r"(?:diteken|ditandatangani|dilakukan|terlaksana|digelar|terjadi|dijadwalkan|berlangsung)|ditangguhkan|urung|batal"
    r"|(?:has|have|was|were|is) (?:still )?not (?:yet )?(?:been )?(?:signed|held|scheduled|taken place)"
    r"|(?:is|are) still (?:under|being|in))\b",
    "belum|tidak|urung|batal|tak |tangguh| not | still ",
)
_NOW = re.compile(r"\b(?:hari ini|kemarin|akhirnya|today|yesterday|finally|at last|went ahead)\b", re.IGNORECASE)
_SIGNED = re.compile(r"\b(?:sign(?:ed|s)|ink(?:ed|s)|seal(?:ed|s)|\w*teken\w*|\w*tandatang\w*)\b", re.IGNORECASE)
_SUBJECT = re.compile(
    r"(?:^|[,;:]|\b(?:that|bahwa|said|says|kata|and|dan|but|tetapi|tapi))\W*(?:(?!(?:under|of|on|in|from|to|for|dari|"
    r"untuk|pada|dalam|di|oleh|atas|soal|tentang|berdasarkan|implementing|pelaksanaan|isi|"
    r"projects?)\b)[\w'’-]+\W+){0,4}$",
    re.IGNORECASE,
)
"""What stands before a paper of which the sentence tells, not what is done under it."""


def put_ahead(signing: Mention, sentence: Sentence, text: str) -> bool:
    """`penandatanganan nota … diundur ke Juni`: of a signing as a noun it is said that it waits."""
    end = min(sentence.end, signing.end + 220)
    found = _PENDING.pattern.match(text, signing.end, end) if _PENDING.near(text, signing.end, end) else None
    if found is None and _UNDONE.near(text, signing.end, end):
        found = _UNDONE.pattern.match(text, signing.end, end)
    return found is not None and not _NOW.search(text, found.end(), min(sentence.end, found.end() + 60))


def waits(paper: Mention, sentence: Sentence, text: str) -> tuple[int, int] | None:
    """`A memorandum … is planned for May`: where it is said of the paper itself that it is still to come."""
    end = min(sentence.end, paper.end + 200)
    if not _PENDING.near(text, paper.end, end) or not _SUBJECT.search(text[sentence.start : paper.start]):
        return None
    found = _PENDING.pattern.match(text, paper.end, end)
    if found is None or _SIGNED.search(text[paper.end : found.start(1)]):
        return None
    if _NOW.search(text, found.end(), min(sentence.end, found.end() + 60)):
        return None
    return found.span(1)
