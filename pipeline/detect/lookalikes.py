"""Words of signing that tell of something else: gifts exchanged, the seals of an office, a sign of the times."""

from __future__ import annotations

import re

from pipeline.detect.scan import Mention
from pipeline.model import Stage

_HANDED = frozenset({"exchanged", "mempertukarkan", "bertukar"})
_GOODS = (
    r"(?:data|samples?|sampel|students|mahasiswa|pelajar|information|informasi|staff|researchers|peneliti|experts|ahli|"
    r"engineers|teknisi|results|hasil|findings|readings|views|lessons|seeds|benih)"
)
_GIVEN = re.compile(r"\W+(?:(?:first|two|joint|\d+)\W+)?" + _GOODS + r"\b", re.IGNORECASE)
_WERE_GIVEN = re.compile(
    r"\b" + _GOODS + r"\W+(?:(?:pertama|were|was|are|is|have|has|been|first|telah|sudah)\W+)*$", re.I
)
"""What is exchanged and is no paper, though one stands near: `the first data were exchanged under the memorandum`."""
_PARTLY = re.compile(
    r"\b(?:(?:most|much|part|parts|half|some|bulk) of (?:it|the \w+|its \w+)|sebagian(?: besar)?(?: \w+){0,2})\W+"
    r"(?:(?:is|are|was|were|has|have|been|already|now|sudah|telah)\W+)*$",
    re.IGNORECASE,
)
"""`A draft exists and most of it is agreed`: a part that is agreed declares nothing."""
_TEXT = re.compile(r"\b(?:text|draft|wording|naskah(?:nya)?|draf(?:nya)?)\W+(?:\w+\W+){0,3}$", re.IGNORECASE)
"""`Its text was initialled`: what negotiators do with a text before it is signed."""
_THEM = re.compile(r"\W+(?:it|them|those|these|both|each|copies|signed|keduanya|dengan)\b", re.IGNORECASE)
_PASSIVE = re.compile(r"\b(?:was|were|been|being|is|are|be)\W+(?:\w+ly\W+)?$", re.IGNORECASE)
_COUNTS = frozenset(
    ("dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh", "sebelas", "belas", "sejumlah",
     "beberapa")
)  # fmt: skip
_NOUNS = frozenset({"seal", "seals", "sign", "signs", "ink", "inks", "end", "ends", "lapse", "scrap", "scraps", "quit"})
_DETERMINED = re.compile(
    r"\b(?:the|a|an|this|that|its|their|his|her|our|no|any|each|every|of|with|at|by|in|first|clear|early|good|new|name|"
    r"road|another|second)\W+$",
    re.IGNORECASE,
)
"""Words before an English stem that make it a noun: `the seals of BRIN`, `a sign of`."""


_STONE = re.compile(
    r"\W+(?:\w+\W+){0,2}?(?:plaques?|logos?|signs?|nameplates?|statues?|monuments?|stamps?|murals?|portraits?|busts?|"
    r"papan nama|prasasti|patung|tugu|perangko|prangko|mural)\b",
    re.IGNORECASE,
)
"""What is unveiled without anything being declared."""
_SHOWN = frozenset({"unveil", "unveils", "unveiled", "mengumumkan", "meluncurkan", "announced"})
_OPENS = re.compile(r"(?:^|[.!?\n]\W*|\b[Aa]n?\W+(?:\w+\W+)?)$")
_SIGNS = frozenset({"sign", "signs", "signed", "signing"})
_ENROLLED = re.compile(r"\W+(?:up (?!to\b)|in\W+(?:to|with)\b|out\b|off on\W+(?:its|his|her|a)\b)", re.IGNORECASE)
"""`signed up a customer`: no paper of states."""
_VOW = re.compile(
    r"\W+(?:(?:their|its|his|her|an?|the|kembali)\W+)?(?:pledges?|commitments?|vows?|calls?|friendship|interest|focus|"
    r"offers?|invitations?|talks|discussions|dialogues?|consultations?|conversations?|contacts?|janji|komitmen|tekad|"
    r"ikrar|persahabatan|tawaran|undangan|pembahasan|pembicaraan|dialog|diskusi|konsultasi|perbincangan|percakapan|"
    r"komunikasi|obrolan|silaturahmi)\b",
    re.IGNORECASE,
)
"""What is renewed without any paper."""
_COMFORT = re.compile(
    r"\W+(?:(?:its|his|her|their|deep|ucapan|rasa)\W+){0,2}(?:condolences?|congratulations?|sympath(?:y|ies)|"
    r"apolog\w+|thanks|prayers|excuses?|belasungkawa|duka|selamat|terima kasih|simpati|maaf)\b",
    re.IGNORECASE,
)
"""What is offered out of courtesy."""
_CROWNED = re.compile(
    r"(?:\W+\w+){0,4}?\W+(?:dengan|with|by)\W+(?:(?:the|a)\W+)?(?:penandatanganan|pertukaran|signing|exchange|"
    r"signature)\b",
    re.IGNORECASE,
)
"""What ends with a signing is the meeting."""
_CLAUSE = re.compile(
    r"\b(?:ketentuan|klausul|pasal|tata cara|syarat|provisions? (?:on|for)|clauses? (?:on|for))\W+$", re.IGNORECASE
)
"""What a paper says about its own end."""
_CORNER = re.compile(r"\W+(?:corners?|booths?|desks?|walls?|areas?|fees?|bonus(?:es)?)\b", re.IGNORECASE)
"""What behind `signing` makes it a thing of fairs and players."""


_DAY = re.compile(r"\W+(?:\d|(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|(?:the )?sidelines?\b)", re.IGNORECASE)
_ENDED_TALKS = re.compile(r"\b(?:after|following|during|at|in)\W+(?:\w+\W+){0,2}$", re.IGNORECASE)
"""`agreed to build a laboratory after talks on Tuesday`: of what they talked the decision tells."""


def no_act(act: Mention, stage: Stage, paper: Mention | None, text: str) -> bool:
    """Whether the printed word is no act here. `paper`: the one it would be about."""
    printed = text[act.start : act.end].lower()
    before = text[max(0, act.start - 24) : act.start]
    if printed in _SHOWN and _STONE.match(text, act.end):
        return True
    if stage is Stage.SIGNED and printed in _SIGNS and _ENROLLED.match(text, act.end):
        return True
    if stage is Stage.ANNOUNCED and _PARTLY.search(text, max(0, act.start - 50), act.start):
        return True
    if printed in ("initialled", "initialed") and _TEXT.search(before):
        return True
    if text.startswith("Asked", act.start):
        return True  # "Asked about the form, the minister said": what a reporter asks
    if printed == "talks on" and _DAY.match(text, act.end) and _ENDED_TALKS.search(before):
        return True
    if stage is Stage.RENEWED and _VOW.match(text, act.end):
        return True
    if stage is Stage.EXPLORING and _COMFORT.match(text, act.end):
        return True
    if stage is Stage.ENDED and _CROWNED.match(text, act.end):
        return True  # "sidang ditutup Selasa dengan penandatanganan pengaturan"
    if stage is Stage.ENDED and _CLAUSE.search(before):
        return True  # "ketentuan penghentian enam bulan"
    if printed in ("court", "courts") and _OPENS.search(before if act.start else ""):
        return True  # "A Jakarta court heard": no wooing
    if printed == "signing" and _CORNER.match(text, act.end):
        return True
    if stage is Stage.SIGNED and (printed in _HANDED or printed == "dipertukarkan"):
        near = paper is not None and 0 <= act.start - paper.end < 60
        if _GIVEN.match(text, act.end) or (not near and _WERE_GIVEN.search(before)):
            return True
    if printed in _HANDED and stage is Stage.SIGNED:
        told = paper is not None and act.start - 90 <= paper.end and paper.start <= act.end + 90
        return not (told or _THEM.match(text, act.end) or _PASSIVE.search(before))
    counted = printed.split()[-1]
    if printed.startswith(("pertukaran", "penyerahan")) and (counted in _COUNTS or counted.isdigit()):
        return paper is None or not act.end <= paper.start <= act.end + 20  # "pertukaran dua mahasiswa"
    return printed in _NOUNS and _DETERMINED.search(before) is not None
