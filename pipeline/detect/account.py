"""A ruling accounted for in words: which clause decided, what spoke against, what was missing for the next label."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pipeline.detect.acts import Act, Status
from pipeline.detect.analysis import Analysis, View
from pipeline.detect.lexicon import Kind, Lexicon
from pipeline.detect.ruling import Ruling
from pipeline.detect.scan import Mention
from pipeline.detect.sentences import Zone
from pipeline.model import Label, Stage

LONGEST = 200
"""Characters that are quoted of a clause."""

MOST = 3
_SPACE = re.compile(r"\s+")
_EDGE = re.compile(r"[;:]|, (?=[a-z]+ )| [-–—] ")
_MADE = (Stage.SIGNED, Stage.RENEWED, Stage.IN_FORCE)
_STATUS = {
    Status.FUTURE: "lies ahead",
    Status.NEGATED: "is denied",
    Status.CONDITION: "is conditional",
    Status.HEARSAY: "is hearsay",
    Status.DENIED: "is denied",
    Status.BACKGROUND: "is background",
}


def account(analysis: Analysis, ruling: Ruling, reasons: tuple[str, ...] = ()) -> Iterator[str]:
    """The steps that follow the rules' own."""
    frame = ruling.frame
    if frame is not None and ruling.label is not Label.OTHER:
        yield f"decided by “{_clause(frame.view, frame.act)}” ({frame.view.zone.value})"
    lowered = (each for each in reasons if re.search(r"\(-\d", each))
    against = [*lowered, *list(dict.fromkeys(_doubted(analysis)))[:MOST], *_older(analysis, ruling)]
    if against:
        yield "against: " + "; ".join(against)
    missing = _missing(analysis, ruling)
    if missing:
        yield missing


def _clause(view: View, act: Act) -> str:
    """The words around the act, whole where they are short, else from one comma or bracket to the next."""
    text = view.sentence.text
    if len(text) > LONGEST:
        at = act.mention.start - view.sentence.start
        left = max((each.end() for each in _EDGE.finditer(text, 0, at) if at - each.end() < LONGEST // 2), default=0)
        left = max(left, at - LONGEST // 2)
        text = ("…" if left else "") + text[left : left + LONGEST] + ("…" if left + LONGEST < len(text) else "")
    return _SPACE.sub(" ", text).strip()


def _doubted(analysis: Analysis) -> Iterator[str]:
    """Signings that are told, but not as done."""
    text = analysis.story.text
    for view in analysis.views:
        for act in view.acts:
            if act.deed.strong and act.deed.stage in _MADE and act.status in _STATUS and view.zone is not Zone.LATE:
                word = text[act.mention.start : act.mention.end]
                yield f"“{word}” in the {view.zone.value} {_STATUS[act.status]} (“{act.mark}”)"


def _older(analysis: Analysis, ruling: Ruling) -> Iterator[str]:
    """The first paper that is told as an older one, where nothing is reported: `telah memiliki MoU`."""
    if ruling.label is not Label.OTHER:
        return
    for view in analysis.views:
        marks = view.sentence.marks("background") if view.papers and view.zone is not Zone.LATE else []
        for paper in view.papers if marks else ():
            text = analysis.story.text
            mark = text[marks[0].start : marks[0].end]
            yield f"“{text[paper.start : paper.end]}” in the {view.zone.value} is told of as an older paper (“{mark}”)"
            return


def instead(mentions: Iterable[Mention], text: str, lexicon: Lexicon) -> str:
    """What an article does name that names no technology: of which state, what act or paper, and what it is about."""
    shown: dict[str, str] = {}
    for each in mentions:
        word = f"“{text[each.start : each.end]}”"
        if each.kind in (Kind.COUNTRY, Kind.DEMONYM) and each.ref != lexicon.home:
            shown.setdefault(f"of {each.ref}", word)
        elif each.kind in (Kind.INSTRUMENT, Kind.ACT, Kind.COOPERATION):
            shown.setdefault("tells", word)
        elif each.kind is Kind.SUBJECT:
            shown.setdefault(f"is about {each.ref}", word)
    return "found: " + ", ".join(f"{what} ({word})" for what, word in list(shown.items())[: 2 * MOST])


def _missing(analysis: Analysis, ruling: Ruling) -> str:
    """What the next label would have needed; "" for an agreement."""
    if ruling.label is Label.AGREEMENT:
        return ""
    if ruling.label is Label.EXPLORATORY:
        done = any(
            act.status is Status.ASSERTED and act.deed.strong and act.deed.stage in _MADE
            for view in analysis.views
            for act in view.acts
        )
        act = "a signing told of this pair's own paper" if done else "a signing or declaration told as done"
        return f"missing for agreement: {act}"
    views = [view for view in analysis.views if view.zone is not Zone.LATE]
    wants = {
        "the home state as a party": any(view.home(analysis.home) for view in views),
        "one foreign state as a party": any(view.foreign(analysis.home) for view in views),
        "talks or an act between them": any(view.acts for view in views),
        "a field of technology where it is told": any(view.fields for view in views),
    }
    lacking = [words for words, there in wants.items() if not there]
    if not lacking:
        return "missing for exploratory: its parts stand there, but not as one story between the two states; see above"
    return f"missing for exploratory: {', '.join(lacking)}"
