"""Blocs and organisations of many states in the headline: then the story is theirs, not of two states."""

from __future__ import annotations

from pipeline.detect.analysis import Analysis
from pipeline.detect.sentences import Zone


def named_bloc(analysis: Analysis) -> str:
    """The bloc that the headline names, no venue; "" where none."""
    for view in analysis.zone(Zone.TITLE, Zone.LEAD):
        for actor in view.actors:
            if actor.what == "bloc" and not actor.place and view.zone is Zone.TITLE:
                return actor.country
    return ""


def bloc_acts(analysis: Analysis) -> bool:
    """`D-8 Sepakati …`: the headline opens with the bloc, before its act and before any state."""
    for view in analysis.zone(Zone.TITLE):
        first = min(view.actors, key=lambda each: each.start, default=None)
        labelled = first is not None and view.sentence.text[first.end - view.sentence.start :].startswith(":")
        if labelled:  # "G20: RI dan Turki …"
            continue
        if first is not None and first.what == "bloc" and any(act.mention.start > first.start for act in view.acts):
            return True
    return False
