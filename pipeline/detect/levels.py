"""At which level two sides meet: state with state, agency with agency, state corporation, region."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.detect.actor import Actor
from pipeline.detect.acts import Act
from pipeline.detect.analysis import Analysis, View
from pipeline.detect.lexicon import Lexicon
from pipeline.detect.sentences import Zone
from pipeline.model import Level


class Levels:
    """Tells the level of a pair; holds only the lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon

    def corporate(self, view: View, act: Act, core: Sequence[View], home: str, partner: str) -> str:
        """A home state corporation with no organ of the other state opposite is a company."""
        organs = [each for seen in (view, *core) for each in seen.actors if each.what == "organ" and not each.place]
        dealing = [each for each in organs if each.party]
        ours = [each for each in dealing if each.country == home and not each.assumed]
        named = any(
            each.what == "state" and each.country == home and each.party and each.start < act.mention.start
            for each in view.actors
        )
        corporate = [
            each for each in ours if each.ref in self._lexicon.bodies and self._lexicon.bodies[each.ref].corporate
        ]
        if not ours or named or len(corporate) < len(ours):
            return ""
        theirs = [each for each in dealing if each.country == partner]
        return "" if theirs else "a state corporation deals with a company"

    def level(self, view: View, core: Sequence[View], analysis: Analysis, partner: str) -> tuple[Level, bool]:
        home = analysis.home
        organs = [
            each
            for seen in (view, *core)
            for each in seen.actors
            if each.what == "organ" and not each.place and not each.topic
        ]
        ours = [each for each in organs if each.country == home]
        theirs = [each for each in organs if each.country == partner]
        kinds = [self._kind(each) for each in theirs if not each.kindred]
        regional = [
            each
            for seen in (view, *(each for each in core if each.zone in (Zone.TITLE, Zone.LEAD)))
            for each in seen.actors
            if each.what == "region" and each.country == partner and not (each.place or each.topic)
        ]
        deciding = [each for each in view.actors if each.country == partner and each.party]
        stated = any(each.what == "state" and not each.weak for each in deciding) and not any(
            each.what == "organ" for each in deciding
        )
        both = bool(ours) and bool(theirs)
        if regional and not any(each.ref for each in theirs):
            return Level.SUBNATIONAL, bool(ours)
        corporate = [each for each in deciding if each.what == "organ"] or theirs
        if corporate and all(self._kind(each) in ("soe", "sovereign_fund") for each in corporate) and not stated:
            return Level.SOE, both
        agencies = ("agency", "regulator", "bank", "council")
        ours_kinds = [self._kind(each) for each in ours]
        if kinds and ours_kinds and all(k in agencies for k in kinds) and all(k in agencies for k in ours_kinds):
            return Level.AGENCY, both
        return Level.G2G, both

    def _kind(self, actor: Actor) -> str:
        if actor.ref in self._lexicon.bodies and not actor.assumed:
            return self._lexicon.bodies[actor.ref].kind
        return "agency" if actor.agency else "ministry"
