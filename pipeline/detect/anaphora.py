"""An act told twice: "dokumen itu" and "the memorandum" take up a paper told before, and are as old as that telling."""

from __future__ import annotations

import re
from dataclasses import replace

from pipeline.detect.acts import Act, Status
from pipeline.detect.analysis import Analysis, View
from pipeline.model import Stage

_THAT = re.compile(r"\s+(?:itu|tersebut|ini|dimaksud)\b")
_THE = re.compile(r"\b(?:the|that|this)\s+$", re.IGNORECASE)


def aged(analysis: Analysis) -> Analysis:
    """The same, with undated signings of a paper that a dated old signing told of before made background, too."""
    views: list[View] = []
    told: Act | None = None
    for view in analysis.views:
        acts = list(view.acts)
        for n, act in enumerate(acts):
            if act.deed.stage is not Stage.SIGNED or act.paper is None:
                continue
            if told is not None and _old(told) and _again(act, view, analysis.story.text):
                acts[n] = replace(act, status=Status.BACKGROUND, mark=told.mark)
            told = acts[n]
        views.append(view if tuple(acts) == view.acts else replace(view, acts=tuple(acts)))
    return analysis if tuple(views) == analysis.views else replace(analysis, views=tuple(views))


def _old(told: Act) -> bool:
    """Told as background by a date or a year, not by a word alone."""
    return told.status is Status.BACKGROUND and any(each.isdigit() for each in told.mark)


def _again(act: Act, view: View, text: str) -> bool:
    """`meneken dokumen itu`, `signed the memorandum`, with no day of its own."""
    if act.status is not Status.ASSERTED or act.paper is None or view.dates:
        return False
    before = _THE.search(text, view.sentence.start, act.paper.start)
    return before is not None or _THAT.match(text, act.paper.end) is not None
