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
        if adjectives and text[one.end : two.start] in (" and ", " dan ", ", ", " & ") and two.head > two.start:
            shared[number] = replace(one, what="organ", place=False, kindred=True)
    return shared


_WITH = re.compile(r"\b(?:bersama|dengan|serta|dan|with|and)\s+$", re.IGNORECASE)


def hosted(actors: list[Actor], home: str, text: str) -> list[Actor]:
    """`Menteri PANRB bersama Menteri Daniyar Ospanov di Astana`: who stands beside an organ of the home state by post
    and name alone, in another state's capital, is that state's.
    """
    organs = [each for each in actors if each.what == "organ" and not each.weak]
    bare = [each for each in organs if each.assumed and not each.ref and each.country == home]
    cities = {each.country for each in actors if each.weak and each.place and each.what == "state"} - {"", home}
    others = any(each.country not in ("", home) for each in actors if not (each.weak and each.place))
    if len(bare) != 1 or len(cities) != 1 or others:
        return actors
    one = bare[0]
    beside = any(each.country == home and each.ref and 0 <= one.start - each.end < 40 for each in organs)
    named = re.match(r"\s+(?:\w+\s+)?[A-Z]", text[one.end : one.end + 30]) is not None
    if not (beside and named and _WITH.search(text[max(0, one.start - 12) : one.start])):
        return actors
    return [replace(each, country=next(iter(cities)), assumed=False) if each is one else each for each in actors]
