"""Where a country word stands in its phrase: right after an organ, before it, behind its city, in a row of places."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.detect.lexicon import Kind
from pipeline.detect.scan import Mention, fold
from pipeline.detect.sentences import Sentence, Zone

NATION = (Kind.COUNTRY, Kind.DEMONYM)


def following(mention: Mention, names: Sequence[Mention], text: str) -> Mention | None:
    """A country word right after, an abbreviation in brackets between them allowed."""
    for nation in names:
        if nation.start >= mention.end:
            gap = text[mention.end : nation.start]
            return nation if re.fullmatch(r"\s*(?:\([\w .&-]{1,20}\)\s*)?", gap) else None
    return None


def preceding(mention: Mention, names: Sequence[Mention], text: str) -> Mention | None:
    for nation in reversed(names):
        if nation.end <= mention.start:
            gap = text[nation.end : mention.start]
            return nation if re.fullmatch(r"['’]s?\s+|\s+", gap) else None
    return None


def of(mention: Mention, names: Sequence[Mention], text: str) -> Mention | None:
    for nation in names:
        if nation.start >= mention.end:
            gap = text[mention.end : nation.start]
            return nation if re.fullmatch(r"\s*(?:\([\w .&-]{1,20}\)\s*)?(?:of|for)\s+(?:the\s+)?", gap) else None
    return None


_ALIKE = re.compile(
    r"\s+(?:sejenis(?:nya)?|serupa|sejawat(?:nya)?|sepadan|padanan(?:nya)?|mitra(?:nya)?)\s+(?:(?:di|dari|asal|milik)\s+)?",
    re.IGNORECASE,
)
_PEER = re.compile(r"\b(?:equivalent|sister|counterpart|corresponding|fellow|opposite|parallel)\s+(?:[\w-]+\s+){0,3}$")
_IN = re.compile(r"\s+(?:in|of|from)\s+(?:the\s+)?")


def alike(organ: Mention, names: Sequence[Mention], text: str) -> Mention | None:
    """`badan sejenis di Ceko`, `its sister agency in Chile`: the other state's organ of the same kind."""
    nation = next((each for each in names if each.start >= organ.end), None)
    if nation is None or nation.start - organ.end > 30:
        return None
    if _ALIKE.fullmatch(text, organ.end, nation.start):
        return nation
    peer = _IN.fullmatch(text, organ.end, nation.start) and _PEER.search(text, max(0, organ.start - 50), organ.start)
    return nation if peer else None


def hyphenated(text: str, mention: Mention) -> bool:
    return text[mention.end : mention.end + 1] in "-–/" or text[max(0, mention.start - 1) : mention.start] in (
        "-",
        "–",
        "/",
    )


def apposed(text: str, mention: Mention, sentence: Sentence) -> bool:
    """`Tokyo, Jepang` or `, Tokyo,`: a venue inside a list of places; but `Seoul, Jakarta sign` names two capitals.

    `Universitas Zagreb`: a capital that a campus is named for is no party, either.
    """
    if any(text[each.end : mention.start] in (" ", " of ") for each in sentence.of(Kind.PRIVATE)):
        return True
    if text[max(0, mention.start - 2) : mention.start] != ", ":
        return False
    first = next(iter(sentence.of(Kind.CITY, *NATION)), None)
    return first is None or not (first.start == sentence.start and first.end == mention.start - 2)


_PUBLIC_BODY = re.compile(
    r"(?:['’]s?)?\s+(?=(?:[A-Z][\w’'-]*\s+(?:(?:for|of|on|and|the)\s+){0,2}){0,4}(?:National|State|Federal|Royal|Central|"
    r"Cyber\w*|Space|Meteorolog\w+|Nuclear|Atomic|Statistic\w*|Standards?|Metrology|Security|Intelligence|Disaster|Seismic|"
    r"Geophysic\w*|Astronom\w*|Antarctic|Polar|Marine|Physics|Scientific|Forensic\w*|Vaccine|Cancer|Biolog\w*|"
    r"Seismolog\w+|Geologic\w*|Geodetic|Weather|Patent|Digital|Data|Climate|Remote|Satellite|Ocean\w*|Hydrograph\w+|"
    r"Radiation|Energy|Maritime|Aviation|Telecom\w*|Spectrum|Postal|Railway|Mining|Fisheries|Agricultur\w+|Health|"
    r"Medicines|Drug|Innovation|Research|Technology|Government|Civil|Public|Customs|Tax|Land|Water|Forest\w*)\b)"
    r"(?:[A-Z][\w’'-]*\s+(?:(?:for|of|on|and|the)\s+){0,2}){1,6}?"
    r"(?:Cent(?:er|re)|Office|Service|Organi[sz]ation|Institute|Survey|Command|Division|Committee|Laborator(?:y|ies)|"
    r"Observatory|Mission|Registry|Force|Taskforce|Unit|System)\b"
    r"(?! of Technology|\s+(?:Inc|Ltd|Corp|Group|Company|Holdings?|Limited|Plc)\b)"
)
"""`Jordan's National Cyber Security Center`, `the Thai Space Office`: a body that its state's name makes an organ."""


def public_body(nation: Mention, text: str) -> int:
    """Where the public body's name ends that begins with the state; the end of the state's name where none does."""
    found = _PUBLIC_BODY.match(text, nation.end, nation.end + 110)
    return found.end() if found is not None else nation.end


def opposite(nation: Mention, text: str, counterparts: frozenset[str]) -> bool:
    """`its Indonesian counterpart`: the other side's organ of the same kind."""
    after = fold(text[nation.end : nation.end + 30]).split()[:1]
    before = fold(text[max(0, nation.start - 20) : nation.start]).split()[-1:]  # "son homologue indonésien"
    told = bool(before) and before[0] in counterparts and text[nation.start].islower()
    return (bool(after) and after[0] in counterparts) or told


def part_of_name(organ: Mention, private: Mention, sentence: Sentence, text: str) -> bool:
    """A capitalised company word in running text close behind an organ word belongs to the organ's name."""
    return (
        sentence.zone is not Zone.TITLE
        and text[organ.start].isupper()
        and text[private.start].isupper()
        and private.start - organ.end < 30
        and not text[private.start : private.end].isupper()
    )


_SENT = re.compile(
    r"\b(?:menerima|terima|mendapat(?:kan)?|memperoleh|mempelajari|menelaah|menanggapi|receive[sd]?|gets?|got|accept(?:s|ed)?|"
    r"weighs?|stud(?:ies|ied))\b[^,;.]{0,60}?\b(?:rancangan|draf|tawaran|usul\w*|permintaan|undangan|drafts?|offers?|proposals?|"
    r"invitations?|requests?)\b[^,;.]{0,60}?\b(?:dari|from)\s+(?:the\s+)?$",
    re.IGNORECASE,
)


def sends(text: str, at: int) -> bool:
    """`menerima rancangan nota kesepahaman dari Nigeria`: who sends a draft or an offer is a party, no place."""
    return _SENT.search(text, max(0, at - 160), at) is not None


_LAND = re.compile(r"(?:\s+(?:of\s+)?(?:the\s+)?[A-Z][\w’'-]*){1,4},\s*")


def seated(gap: str) -> bool:
    """`Wakil Gubernur` Provinsi Anhui, `Tiongkok`: the state behind the name of its region."""
    return _LAND.fullmatch(gap) is not None


def in_list_of_places(mention: Mention, sentence: Sentence, text: str) -> bool:
    """`in Vientiane, Laos`: the country behind its city."""
    return any(
        each.end <= mention.start and text[each.end : mention.start] == ", "
        for each in sentence.of(Kind.CITY, Kind.PLACE)
    )


def words_before(text: str, at: int, count: int) -> set[str]:
    return set(fold(text[max(0, at - 30) : at]).split()[-count:])


_OWNED = re.compile(
    r"\b(?:milik|dimiliki(?: oleh)?|owned by|controlled by|backed by|funded by|financed by|paid(?: for)? by|"
    r"sponsored by|dibiayai(?: oleh)?|didanai(?: oleh)?|anak usaha|(?:unit|subsidiary|arm) of)\s+(?:(?:the|an?)\s+)?$",
    re.IGNORECASE,
)
_PRESS_BEHIND = re.compile(
    r"(?:['’]s)?\s+(?:(?:state|official|national|daily|local)\s+)?(?:news (?:agenc(?:y|ies)|site)|newspapers?|"
    r"broadcasters?|media|press|daily)\b"
)
_PRESS = re.compile(r"\bnews agenc(?:y|ies)\W*$", re.IGNORECASE)
_PRESS_AHEAD = re.compile(r"\b(?:kantor berita|koran|harian|surat kabar|media)\s+(?:\w+\s+)?$", re.IGNORECASE)
_ASIDE = frozenset(
    (
        "milik",
        "dimiliki",
        "by",
        "oleh",
        "dibiayai",
        "didanai",
        "usaha",
        "of",
        "berita",
        "koran",
        "harian",
        "kabar",
        "media",
    )
)
"""Words of which one stands right before the state, or one word ahead of it, where it is owned or read there."""
_HAILS = re.compile(
    r"\b(?:dari|asal|from|in|di|(?:[Ii]nstitute|[Cc]ollege|[Ff]irm|[Cc]ompany|[Gg]roup|[Ll]aborator(?:y|ies)) of)\s+"
    r"(?P<town>[A-Z][\w’'.-]*(?:\s+[A-Z][\w’'.-]*){0,3}),\s+(?:the\s+)?$"
)
_SEATED = re.compile(r"\b(?:Institute|College|University|Company|Group|Bank|Laborator(?:y|ies)|Foundation) of\s+$")
_NAMED = re.compile(r"['’]s\s+(?:[a-z-]+\s+){0,3}|\s+(?:[A-Z][\w’'-]*\s+){1,2}")
"""Between a country and the company whose it is: `Qatar Sun Company`, `Indonesia's state utility`."""
_MODEL = re.compile(
    r"\b(?:modell?ed|patterned|based|built|styled)\s+(?:\w+\s+){0,2}?(?:on|after)\s+(?:the\s+|that of\s+)?$|"
    r"\b(?:similar to|inspired by|copied from|borrowed from|akin to|seperti (?:milik|punya)|menyerupai|meniru|"
    r"mencontoh|terinspirasi(?: dari)?|berkaca (?:pada|dari))\s+(?:the\s+|that of\s+)?$",
    re.IGNORECASE,
)
"""Before a state whose example others follow."""
_SEAT = re.compile(r"(?:\s+(?:(?:of|de|di)\s+)?[A-Z][\w’'&-]*){0,4},\s+(?:the\s+)?")
"""Between `Universitas` and its country: ` Twente, `."""
_TOWN_FIRM = re.compile(
    r"\s(?:(?!(?:and|for|to|with|in|on|by|as|the|a|of|at|from|after|when|that|where|which|will)\b)[A-Za-z][\w-]*\s){0,3}"
)
"""Between a town and the company or campus that has its seat there: `a Copenhagen software company`."""
_FIRM = re.compile(
    r"\s+(?:[A-Z][\w&-]*\s+){0,2}?(?:Railways?|Aerospace|Airlines|Airways|Motors?|Steel|Shipbuilding|Shipyards?|"
    r"Telecom|"
    r"Petroleum|Electric|Electronics|Corporation|Holdings|Industries|Construction|Engineering|Enterprises|Chemicals?)\b"
)
"""How companies go on that are named after their country: `China Railway International`."""
_CHARGED = re.compile(
    r"[^.;]{0,80}\b(?:ditunjuk|diberi mandat|atas nama|designated|appointed|mandated|charged by|on behalf of)\b"
)
"""Behind a company that acts for its state."""
_LIMITED = re.compile(r"\bPT\.?(?:\s+[A-Z][\w&-]*){1,5}\s+$")
"""The beginning of a company's name: `PT Pilar Sinergi BUMN` Indonesia."""


def aside(start: int, end: int, sentence: Sentence, text: str) -> bool:
    """A state that is no party but says whose somebody is: `milik pemerintah Qatar`, `an Indonesian news agency`, the
    place in `Jakarta start-up` and `Qatar Sun Company`, and where a name is from: `perusahaan dari Austin, Amerika`.
    """
    before = text[max(sentence.start, start - 60) : start]
    if words_before(text, start, 2) & _ASIDE and (_OWNED.search(before) or _PRESS_AHEAD.search(before)):
        return True
    if _PRESS.search(text, start, end) or text.startswith(("-based", "-owned", "-backed", "-born"), end):
        return True
    if _PRESS_BEHIND.match(text, end, sentence.end):
        return True
    names = sentence.of(*NATION, Kind.CITY)
    own = next((each for each in names if each.start == start and each.end == end), None)
    if own is None:
        return False
    if own.kind is Kind.COUNTRY and (_MODEL.search(before) or _seat(start, sentence, text)):
        return True
    private = [each for each in sentence.of(Kind.PRIVATE) if each.start > end]
    if own.kind is Kind.CITY:
        behind = any(each.kind is Kind.COUNTRY and text[end : each.start] == ", " for each in names)
        firm = any(_TOWN_FIRM.fullmatch(text, end, each.start) for each in private)
        return behind or firm or bool(_SEATED.search(before))
    if own.kind is Kind.COUNTRY and (_FIRM.match(text, end, sentence.end) or _LIMITED.search(before)):
        return _CHARGED.match(text, end, sentence.end) is None
    if own.kind is Kind.COUNTRY and any(_NAMED.fullmatch(text, end, each.start) for each in private[:2]):
        return True
    hails = _HAILS.search(before)
    if hails is None or own.kind is not Kind.COUNTRY:
        return False
    town = start - len(before) + hails.start("town")
    listed = any(each.start <= town < each.end and each.kind in NATION for each in names)
    first = not text[sentence.start : start - len(before) + hails.start()].strip()
    return not (listed or first) and not re.match(r"\s+(?:and|dan|serta)\b", text[end : end + 8])


def _seat(start: int, sentence: Sentence, text: str) -> bool:
    """`Universitas Twente, Belanda,`: where a campus or company has its seat."""
    if text[start - 2 : start] != ", " and text[start - 6 : start] != ", the ":
        return False
    return any(
        each.ref in ("university", "company") and text[each.start].isupper() and _SEAT.fullmatch(text, each.end, start)
        for each in sentence.of(Kind.PRIVATE)
        if each.end < start
    )


_AUDIENCE = re.compile(
    r"\b(?:told|tells?|kepada|informed|briefed|asked|assured|before|di hadapan|di depan)\W+"
    r"(?:(?:the|a|para|anggota|sejumlah)\W+)*$",
    re.IGNORECASE,
)
"""Who only hears of it: `the minister told parliament`."""

_MEANT = re.compile(r"\b(?:bagi|untuk|buat|for)\s+(?:[a-z-]+\s+){0,2}$")
_NAMELESS = re.compile(r"[a-z][\w-]*(?:\s+[a-z]|\W*$|[.,;:])")
"""Whom it is for, by no name: `satelit bagi sekolah di daerah terpencil`, `kits for small companies`."""

_OF_BANK = re.compile(
    r"\s+(?:of\s+(?:the\s+)?)?(?:(?:[A-Z][\w-]+\s+){1,2}(?:Bank|Bank Sentral)|"
    r"(?:Central |National |State |Reserve )?Bank)\b"
)
"""`Gubernur Bangladesh Bank`: the governor of a central bank is no head of a region."""
_OBJECT = re.compile(
    r"(?:\s+(?!(?:yang|dengan|bersama|antara|antar|oleh|milik|dari|kepada|with|between|by|from|among|of|com|con|avec|mit|met|"
    r"entre|zwischen|par|por|da|de la|von|that|which)\b)[a-z-]+){1,9}\s+"
)
"""Words on one matter, none of which says with whom."""


def counterparts(sentence: Sentence) -> list[Mention]:
    """The words for companies and the like, without those that are part of a matter: `teknologi galangan kapal`."""
    topics = sentence.of(Kind.FIELD)
    return [
        each
        for each in sentence.of(Kind.PRIVATE)
        if not any(one.start <= each.start and each.end < one.end for one in topics)
        and not (each.ref == "civil" and _AUDIENCE.search(sentence.text[: each.start - sentence.start]))
        and not (each.ref == "region" and _OF_BANK.match(sentence.text, each.end - sentence.start))
        and not _served(each, sentence)
        and not _covered(each, sentence)
    ]


def _served(mention: Mention, sentence: Sentence) -> bool:
    text, at = sentence.text, mention.start - sentence.start
    return _NAMELESS.match(text, at) is not None and _MEANT.search(text, max(0, at - 40), at) is not None


def _covered(mention: Mention, sentence: Sentence) -> bool:
    """A part of what a paper is about: `nota kesepahaman pengembangan talenta dan perusahaan rintisan`."""
    text, at = sentence.text, mention.start - sentence.start
    if _NAMELESS.match(text, at) is None:
        return False
    papers = [each for each in sentence.of(Kind.INSTRUMENT) if each.end < mention.start]
    if papers and any(papers[-1].end <= each.start < mention.start for each in sentence.of(Kind.ACT)):
        return False  # `MoU yang diteken federasi`: who signed it
    return bool(papers) and _OBJECT.fullmatch(text, papers[-1].end - sentence.start, at) is not None
