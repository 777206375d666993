"""Blocs and organisations of many states in the headline: then the story is theirs, not of two states."""

from __future__ import annotations

import re

from pipeline.detect.actor import Actor
from pipeline.detect.acts import Status
from pipeline.detect.analysis import Analysis
from pipeline.detect.cue import cue
from pipeline.detect.sentences import Zone

_CROWD = cue(
    r"(?:\b(?:bersama|dengan|with|menteri(?: \w+)?|ministers|leaders|delegasi|wakil)\s+(?:(?:dari|from|of)\s+)?)?"
    r"\b(?:(?:\d{1,3}|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|(?:twenty|thirty|forty|fifty|sixty|"
    r"seventy|eighty|ninety)(?:-\w+)?|a hundred|dozens of|half a dozen|scores of|empat|lima|enam|tujuh|delapan|"
    r"sembilan|"
    r"sepuluh|sebelas|(?:dua|tiga|empat|lima|enam|tujuh|delapan|sembilan) (?:belas|puluh)|seratus|belasan|puluhan)\s+"
    r"(?:(?:other|more|african|asian|european|island|pacific|developing)\s+){0,2}(?:countries|nations|states|"
    r"governments|economies|negara)"
    r"|(?:\w+\s+)?(?:southeast asian|south-east asian|asean|apec|african|european|arab|gulf|pacific|asian|"
    r"latin american|g20|brics|oic|commonwealth|muslim)\s+"
    r"(?:ministers|leaders|states|nations|countries|governments|economies|members)"
    r"|(?:asean|apec|g20|g7|brics|oic|d-8|commonwealth)(?:[’']s?)?\s+(?:[\w-]+\s+){0,3}?"
    r"(?:ministers|leaders|regulators|agencies|central banks|academies)\b(?!['’])"
    r"|(?:ministers|leaders|regulators|central banks|officials)\s+(?:of|from)\s+(?:the\s+)?(?:asean|apec|g20|g7|"
    r"brics|oic|d-8)"
    r"|(?:asean|brics|oic|d-8|oki)(?:\s+(?:and|dan|plus)\s+|[-–])(?!indonesia)\w+"
    r"|(?:menteri|pemimpin|regulator|bank-bank sentral|lembaga-lembaga)\s+(?:[\w-]+\s+){0,2}?"
    r"(?:asean|apec|g20|brics|oki|d-8)\b"
    r"|(?:negara-negara|para menteri|menteri-menteri)\s+(?:\w+\s+){0,2}?"
    r"(?:asean|apec|afrika|eropa|arab|teluk|pasifik|samudra hindia|asia tenggara|asia|g20|brics|oki|islam)"
    r"|(?:(?:semua|seluruh|para)\s+)?(?:negara )?anggota\s+(?:asean|apec|g20|brics|oki|d-8|asean\+3|rcep|indo-pasifik)"
    r"|(?:asean|apec|g20|brics|oic|d-8) members?"
    r"|(?:members|leaders|ministers|delegates|governments|states|nations|signatories|representatives|rest) (?:of|from) "
    r"(?:(?:the )?(?:united nations|un\b|commonwealth|global south|non-aligned|african union|g-?77)|"
    r"(?:\w+ )?continents|"
    r"(?:africa|asia|europe|latin america|the pacific|the gulf) and\b)"
    r"|(?:anggota|pemimpin|menteri|pemerintah|delegasi|wakil|negara(?:-negara)?) (?:dari )?(?:pbb|persemakmuran|"
    r"gerakan non-blok|negara(?:-negara)? selatan|g-?77|uni afrika|brics|g20|(?:\w+ )?benua))\b",
    "countries|nations|states|governments|economies|negara|ministers|leaders|member|menteri|anggota|asean|apec|g20|"
    "brics|"
    "oic|oki|d-8|delegates|signatories|representatives|rest of|pemimpin|pemerintah|delegasi|wakil",
)
_VENUE = re.compile(
    r"\b(?:sela(?:-sela)?|sidelines|margins|meetings?|pertemuan|forum|ktt|summit|konferensi|conference|gathering|"
    r"salah satu|one of|among|di antara|in|across|to|ke|di|untuk|bagi|for|of|oleh|ketua|chair of|hosted)\W+"
    r"(?:(?:the|para|tahunan|annual)\W+)*$",
    re.IGNORECASE,
)
_MEETING = re.compile(
    r"\b(?:sela(?:-sela)?|sidelines of|margins of)\W+(?:the\W+)?(?:(?:annual|general|\d+(?:st|nd|rd|th))\W+)?"
    r"(?:(?:ktt|pertemuan|forum|summit|konferensi|sidang|rapat|meeting|conference|assembly|session)\W+"
    r"(?:(?:umum|tahunan|tingkat tinggi|para menteri|menteri|of|of the|general|annual)\W+){0,2})?$",
    re.IGNORECASE,
)
_DONE = ("sign", "sign_bare", "agree", "agree_bare", "pledge", "formalise", "produce")


def named_bloc(analysis: Analysis) -> str:
    """The bloc that the headline names, no venue; "" where none."""
    for view in analysis.zone(Zone.TITLE, Zone.LEAD):
        for actor in view.actors:
            if actor.what == "bloc" and not actor.place and view.zone is Zone.TITLE and not _met_at(actor, analysis):
                return actor.country
    return ""


def _met_at(bloc: Actor, analysis: Analysis) -> bool:
    """`di sela KTT G20`: its meeting is but where the two met."""
    return _MEETING.search(analysis.story.text, max(0, bloc.start - 40), bloc.start) is not None


def bloc_acts(analysis: Analysis) -> bool:
    """`D-8 Sepakati …`: the headline opens with the bloc, before its act and before any state."""
    for view in analysis.zone(Zone.TITLE):
        first = min(view.actors, key=lambda each: each.start, default=None)
        labelled = first is not None and view.sentence.text[first.end - view.sentence.start :].startswith(":")
        if labelled:  # "G20: RI dan Turki …"
            continue
        if first is None or first.what != "bloc" or _met_at(first, analysis):
            continue
        if any(act.mention.start > first.start for act in view.acts):
            return True
    return False


def crowd_acts(analysis: Analysis) -> str:
    """`Menteri dari 21 negara menyepakati …`: in headline or lead many states are who acts; their words, else ""."""
    for view in analysis.zone(Zone.TITLE, Zone.LEAD):
        text, start = view.sentence.text, view.sentence.start
        for crowd in _CROWD.finditer(text):
            if _VENUE.search(text[: crowd.start()]):
                continue
            acts = [each for each in view.acts if each.deed.id in _DONE and each.status is Status.ASSERTED]
            if any(0 <= each.mention.start - start - crowd.end() < 160 for each in acts):
                return crowd.group().strip()
    return ""
