"""What the rules hand to one another: an act in its frame, and the decision as it grows."""

from __future__ import annotations

from dataclasses import dataclass, field

from pipeline.detect.acts import Act
from pipeline.detect.analysis import View
from pipeline.detect.pair import Pair
from pipeline.detect.sentences import Zone
from pipeline.detect.topics import Topics
from pipeline.model import Label, Level, Relation, Stage

EARLY = (Zone.TITLE, Zone.LEAD)
"""Where the news stands; what comes later explains it."""


@dataclass(frozen=True, slots=True)
class Frame:
    """An act in its sentence, how much it weighs, and between whom."""

    view: View
    act: Act
    weight: float
    pair: Pair


@dataclass(slots=True)
class Ruling:
    """What was decided. `frame` is the deciding act, `core` the sentences about the deal."""

    label: Label = Label.OTHER
    stage: Stage = Stage.NONE
    partner: str = ""
    level: Level = Level.G2G
    relation: Relation = Relation.NEW
    frame: Frame | None = None
    core: tuple[View, ...] = ()
    topics: Topics | None = None
    items: tuple[View, ...] = ()  # the technology papers of a package
    why: list[str] = field(default_factory=list)
    doubts: list[tuple[str, float]] = field(default_factory=list)
