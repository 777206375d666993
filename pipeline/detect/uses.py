"""The fields of a record: what the rules weighed, and beside it what the technology is for.

`Satelit Pemantau Hutan` is of space and of forests. Words of use prove no technology and decide no label: they are
looked for when the ruling stands, in the headline alone, some of them in the first sentences.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from pipeline.detect.analysis import Analysis, View
from pipeline.detect.lexicon import Field, Lexicon
from pipeline.detect.ruling import Ruling
from pipeline.detect.scan import Mention, Scanner
from pipeline.detect.sentences import Zone
from pipeline.detect.topics import MOST, Topics

_MILITARY = "defence"
_GUARD = "cybersecurity"
_GUARDED = frozenset(
    {"biotech_health", "renewables", "nuclear", "transport_tech", "agritech", "maritime", "manufacturing", "standards"}
)
"""Fields whose works attackers go for: where the paper is on security first, hospitals and grids are what it guards."""

Told = tuple[str, Mention]


class Uses:
    """Completes the fields of rulings; the words of use compiled once."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._scanner = Scanner(replace(lexicon, terms=lexicon.uses))

    def complete(self, analysis: Analysis, ruling: Ruling) -> Topics:
        """The topics of the ruling with the fields that its record shall name."""
        topics = ruling.topics
        assert topics is not None
        told = [*self._told(topics, analysis)]
        found = {} if ruling.items else self._used(analysis, ruling)
        if told and told[0][0] == _GUARD and not ruling.items:
            told = [each for each in told if each[0] not in _GUARDED]
            found = {name: mention for name, mention in found.items() if name not in _GUARDED}
        beside = {name: mention for name, mention in found.items() if name not in dict(told)}
        told = [each for each in told if not self._less(each, told, analysis, bool(beside))]
        return replace(topics, fields=(*told, *beside.items())[:MOST])

    def _field(self, told: Told) -> Field:
        return self._lexicon.fields[told[1].ref]

    def _less(self, one: Told, told: list[Told], analysis: Analysis, used: bool) -> bool:
        """Whether a field says nothing more beside the others; `used`: what the technology is for is known."""
        field = self._field(one)
        if used and (field.hidden or one[0] == field.civil):
            return True
        if not field.yields or not (used or any(self._says(each) for each in told if each[0] != one[0])):
            return False
        own = (each for view in analysis.views for each in view.fields if self._name(each) == one[0])
        return field.generic or all(self._lexicon.fields[each.ref].yields for each in own)

    def _says(self, told: Told) -> bool:
        return not (self._field(told).generic or self._field(told).yields)

    def _name(self, mention: Mention) -> str:
        field = self._lexicon.fields[mention.ref]
        return field.folds or field.id

    def _told(self, topics: Topics, analysis: Analysis) -> Iterator[Told]:
        """The fields as weighed; what serves armies and farmers alike is arms only where something military stands."""
        military = any(each.ref == _MILITARY for view in analysis.views for each in (*view.fields, *view.named))
        names = {name for name, _ in topics.fields}
        for name, mention in topics.fields:
            civil = self._lexicon.fields[mention.ref].civil
            if not civil or military:
                yield name, mention
            elif civil not in names and len(names) == 1:
                yield civil, mention

    def _used(self, analysis: Analysis, ruling: Ruling) -> dict[str, Mention]:
        found: dict[str, Mention] = {}
        deciding = ruling.frame.view.sentence.index if ruling.frame is not None else -1
        for view in analysis.views:
            titled = view.zone is Zone.TITLE
            if not titled and view.zone is not Zone.LEAD and view.sentence.index != deciding:
                continue
            for mention in self._words(view, analysis):
                if titled or mention.ref in self._lexicon.early:
                    found.setdefault(mention.ref, mention)
        return found

    def _words(self, view: View, analysis: Analysis) -> Iterator[Mention]:
        """The words of use in a sentence, none inside the name of an organ."""
        start = view.sentence.start
        for each in self._scanner.scan(view.sentence.text, analysis.story.language):
            at = start + each.start
            if not any(actor.what == "organ" and actor.start <= at < actor.end for actor in view.actors):
                yield Mention(at, start + each.end, each.term)
