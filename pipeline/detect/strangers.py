"""Who is not the other state: rows of states, organs of one state, names inside a clause, and unknown names.

Unknown are names of parties, neither organs nor introduced persons: `Halmahera Energi dan Daehan Cell meneken …`.

Those matter only where a side of the deal was read from the context: then the context names a state that watches, and
the party is somebody else.
"""

from __future__ import annotations

import re

from pipeline.detect.actor import Actor
from pipeline.detect.acts import Act
from pipeline.detect.analysis import Analysis, View
from pipeline.detect.lexicon import Kind
from pipeline.detect.sentences import Zone
from pipeline.model import Stage

_NAME = r"[A-Z][\w’'.&-]*(?:\s+[A-Z][\w’'.&-]*){0,3}"
_SUBJECT = re.compile(rf"^\W*(?P<one>{_NAME})\s+(?:dan|and)\s+(?P<two>{_NAME})")
_SINGLE = re.compile(rf"^\W*(?P<one>{_NAME})\s*$")
_OTHER = re.compile(rf"\b(?:dan|and|dengan|with|antara|between)\s+(?P<one>{_NAME})")
_ROW = re.compile(r"\s*(?:,|,?\s+and|,?\s+dan|,?\s+serta|&|[-–/])\s*(?:the\s+)?", re.IGNORECASE)
_BESIDE = re.compile(r"\b(?:antara|dengan|dan|bersama|between|with|and|by|oleh)\b", re.IGNORECASE)
_JOINED = re.compile(r"\b(?:dan|and|dengan|with|bersama)\b|[-–/.]")
_TOWNS = (Kind.CITY, Kind.PLACE)
"""A name may begin with a town: `Lyon Atomique`."""
_COMMON = frozenset(
    {
        *("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu", "Monday", "Tuesday", "Wednesday"),
        *("Thursday", "Friday", "Saturday", "Sunday", "The", "In", "On", "At", "Di", "Pada", "Kedua", "Keduanya"),
        *("Dua", "Both", "Mr", "Ms", "Ia", "Ini", "Itu", "MoU", "MOU", "AI"),
    }
)


def stranger_named(view: View, act: Act, analysis: Analysis) -> str:
    """The first such name beside the act, or ""."""
    text, start = view.sentence.text, max(view.sentence.start, analysis.filed)
    subject = analysis.story.text[start : act.mention.start]
    found: list[tuple[int, str]] = []
    opened = _SUBJECT.match(subject)
    if opened is not None:
        found += [(start + opened.start(group), opened[group]) for group in ("one", "two")]
    single = _SINGLE.match(subject)
    if single is not None and " " in single["one"]:
        found.append((start + single.start("one"), single["one"]))
    found += [(start + each.start("one"), each["one"]) for each in _OTHER.finditer(subject)]
    behind = act.mention.end - view.sentence.start
    for each in _OTHER.finditer(text, behind, min(len(text), behind + 110)):
        if each.group().startswith(("dengan", "with")):
            found.append((view.sentence.start + each.start("one"), each["one"]))
    for at, name in found:
        words = [word for word in name.split() if word not in _COMMON]
        known = [each for each in view.sentence.mentions if each.start <= at < each.end]
        if not words or any(each.kind not in _TOWNS or each.end - at >= len(name) for each in known):
            continue
        if any(_posted(each.start, each.end, at, analysis.story.text) for each in view.actors if each.what == "organ"):
            continue
        if _beside_person(view, at, analysis.story.text):
            continue
        if len(words) == 1 and words[0].isupper() and len(words[0]) < 3:
            continue
        if not _introduced(words, at, analysis):
            return name
    return ""


def _beside_person(view: View, at: int, text: str) -> bool:
    """`Menko Airlangga Hartarto dan Wang Wentao`: joined to a person, the name is a person's."""
    persons = view.sentence.of(Kind.PERSON, Kind.POST)
    return any(0 <= at - each.end < 60 and not re.search(r"[,;.]", text[each.end : at]) for each in persons)


def _posted(start: int, end: int, at: int, text: str) -> bool:
    """Whether the name stands in or right behind an organ or post."""
    return start <= at < end or (0 <= at - end < 30 and not _JOINED.search(text[end:at]))


def _introduced(words: list[str], at: int, analysis: Analysis) -> bool:
    """Whether a post stands beside one of the words elsewhere: `Trade Minister Han Sung-joon` makes Han a person."""
    text = analysis.story.text
    organs = [each for view in analysis.views for each in view.actors if each.what == "organ"]
    for word in words:
        for found in re.finditer(rf"\b{re.escape(word)}\b", text):
            if abs(found.start() - at) < 60:
                continue
            if any(
                _posted(each.start, each.end, found.start(), text)
                or (0 < each.start - found.end() < 40 and "," in text[found.end() : each.start])
                for each in organs
            ):
                return True
    return False


def listed(view: View, home: str, text: str) -> bool:
    """`Indonesia, Jepang, dan Filipina`: the home state in one row with two others or more."""
    row: list[Actor] = []
    for actor in view.actors:
        if actor.what not in ("state", "organ") or not actor.party or actor.assumed:
            continue
        if row and not _ROW.fullmatch(text[row[-1].end : actor.start]):
            row = []
        row.append(actor)
        codes = {each.country for each in row}
        if home in codes and len(codes) >= 3 and sum(each.what == "organ" and not each.kindred for each in row) <= 1:
            return True
    return False


def domestic(view: View, home: str) -> bool:
    """Two organs of the home state in the deal: they deal with each other."""
    ours = {each.ref or str(each.start) for each in view.home(home) if each.what == "organ" and not each.weak}
    return len(ours) >= 2 and not view.both


def inside_clause(actor: Actor, act: Act | None, text: str, start: int) -> bool:
    """`a treaty that lets police ask companies … took effect`: between a paper and what befalls it, no counterpart."""
    paper = act.paper if act is not None else None
    if act is None or paper is None or not paper.end <= actor.start < act.mention.start:
        return False
    before = text[paper.end - start : actor.start - start]
    return _BESIDE.search(before) is None


def of_deal(view: View, home: str) -> bool:
    """A sentence that tells of the deal, or names the home state beside the other."""
    return bool(view.papers or view.cooperation or view.both or view.home(home)) or any(
        act.deed.stage is not Stage.IMPLEMENTED and not act.deed.weak for act in view.acts
    )


def home_press(partner: str, view: View, analysis: Analysis) -> bool:
    """The home press leaves its own country's name away: organs of both sides act, and no third state is named."""
    ours_only = analysis.story.language == "id"
    theirs = any(
        each.country == partner and not each.weak and (each.what == "organ" or (ours_only and each.party))
        for each in view.actors
    )
    ours = any(each.what == "organ" and each.assumed and not each.weak for each in view.actors)
    return theirs and ours and analysis.mentioned <= 1 and analysis.story.language in ("id", "en")


def antecedent(view: View, analysis: Analysis, *, civil: bool) -> list[Actor]:
    """`Keduanya sepakat …`, `Penandatanganan dilakukan di …`: the company, campus or region that the sentence before
    put beside an organ; with `civil`, those that made the deal there among themselves, federations too.
    """
    before = [each for each in analysis.views if each.zone is not Zone.TITLE and each.actors]
    before = [each for each in before if 1 <= view.sentence.index - each.sentence.index <= 2]
    if not before or before[-1].foreign(analysis.home):
        return []
    if civil:
        return list(before[-1].private) if len(before[-1].private) > 1 and not before[-1].home(analysis.home) else []
    return [each for each in before[-1].private if each.what != "civil"]
