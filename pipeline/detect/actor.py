"""One who stands in a sentence, and how neighbours of a sentence become one or share an organ."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from pipeline.detect.scan import Mention


@dataclass(frozen=True, slots=True)
class Actor:
    """`what`: organ, state, company, university, region, civil, bloc. `country` "" where none is known.

    `place` marks a country that is a venue, an origin or a modifier; `witness` one that only watches; `topic` one
    inside what the paper is about; `assumed` an organ that is the home country's only because nothing says otherwise.
    """

    what: str
    country: str
    start: int
    end: int
    ref: str = ""  # institution id
    place: bool = False
    witness: bool = False
    topic: bool = False
    assumed: bool = False
    weak: bool = False
    agency: bool = False  # an unlisted agency, authority or central bank, no ministry
    kindred: bool = False  # "her Kenyan counterpart": an organ of the same kind as the other side's
    head: int = 0  # where the organ word itself stands

    @property
    def party(self) -> bool:
        return self.what in ("organ", "state") and not (self.place or self.witness or self.topic)


_ROW = re.compile(r",?\s+(?:and|dan|serta|atau|or)\s+(?:the\s+)?")


_PART_OF = re.compile(
    r"(?: |-president )(?:of )?(?:(?:the )?(?:provinsi|negara bagian|prefektur|wilayah|kanton|province of|state of|"
    r"prefecture of|canton of) )?",
    re.IGNORECASE,
)


def rules(organ: Mention, region: Mention, text: str) -> bool:
    """`Flemish minister`, `minister-president of Flanders`: an organ of a part of a state."""
    if region.end <= organ.start:
        return organ.start - region.end == 1
    return region.start >= organ.end and _PART_OF.fullmatch(text, organ.end, region.start) is not None


def merged(actors: list[Actor]) -> list[Actor]:
    """An organ word inside a longer actor of the same sentence is one actor: `Kepala BRIN`, `Dirjen ... Kementerian
    ESDM`.
    """
    actors.sort(key=lambda each: (each.start, -each.end))
    kept: list[Actor] = []
    for actor in actors:
        named = bool(kept) and kept[-1].assumed and not actor.assumed and 0 <= actor.start - kept[-1].end <= 1
        if kept and actor.what == kept[-1].what == "organ" and (actor.start < kept[-1].end or named):
            last = kept[-1]
            better = actor if (last.assumed and not actor.assumed) else last
            ref = actor.ref if actor.ref and not actor.assumed else last.ref or actor.ref
            kept[-1] = replace(
                better, start=last.start, end=max(last.end, actor.end), ref=ref, weak=last.weak and actor.weak
            )
            continue
        kept.append(actor)
    return kept


def shared(actors: list[Actor], text: str) -> list[Actor]:
    """`Indonesian and Australian police`: the organ behind the second adjective is the first state's, too."""
    actors.sort(key=lambda each: each.start)
    for number, (one, two) in enumerate(pairwise(list(actors))):
        if one.what == two.what == "state" and actors[number].place and _ROW.fullmatch(text[one.end : two.start]):
            actors[number + 1] = replace(two, place=True)  # "from China and the United States"
    shared = list(actors)
    for number, (one, two) in enumerate(pairwise(actors)):
        adjectives = one.what == "state" and one.place and two.what == "organ" and not two.assumed
        if adjectives and text[one.end : two.start] in (" and ", " dan ") and two.head > two.start:
            shared[number] = replace(one, what="organ", place=False, kindred=True)
    return shared
