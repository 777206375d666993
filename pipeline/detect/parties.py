"""Between whom: the pair of states behind an act, or the reason why it is not one.

Both sides must be organs of state (or the two states by name). A company, campus, foundation, province or city as the
counterpart, three states or more, a bloc, or two foreign states among themselves exclude the story.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.detect.actor import Actor
from pipeline.detect.acts import Act
from pipeline.detect.analysis import Analysis, View
from pipeline.detect.blocs import bloc_acts, crowd_acts, named_bloc
from pipeline.detect.levels import Levels
from pipeline.detect.lexicon import Lexicon
from pipeline.detect.pair import Pair
from pipeline.detect.sentences import Zone
from pipeline.detect.strangers import antecedent, domestic, home_press, inside_clause, listed, of_deal, stranger_named
from pipeline.model import Level, Stage

_MANY = re.compile(
    r"\b(?:\d{1,3}|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|"
    r"eighteen|nineteen|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:-\w+)?|(?:a|one|two|"
    r"several) hundred|"
    r"(?:half a )?dozens?(?: of)?|scores of|several|many|tiga|empat|lima|enam|tujuh|delapan|sembilan|sepuluh|sebelas|"
    r"(?:dua|tiga|empat|lima|enam|tujuh|delapan|sembilan) (?:belas|puluh)|seratus|ratusan|belasan|puluhan|sejumlah|"
    r"beberapa)\s+"
    r"(?:(?:other|more|asean|member|southeast asian|african|asian|european|arab|pacific|island|developing)\s+){0,2}"
    r"(?:countries|nations|states|governments|negara(?:\s+(?:lain|anggota))?|members|economies|central banks|"
    r"signatories|bank sentral|pemerintah)\b"
    r"|\b(?:among (?:them|the signatories|those)|including|termasuk|di antaranya)\s+indonesia\s+(?:and|dan)\b",
    re.IGNORECASE,
)
WINDOW = 6
"""Sentences, headline included, within which a deal that a story leads up to must be told."""
PRIVATE = "the counterpart is no organ of state"
_READ = ("id", "en", "ms")  # languages whose phrases are read
_DEALING = ("agree", "agree_bare", "join")
_CLAUSE = re.compile(
    r"\b(?:following|after|setelah|usai|menyusul|under an?|berdasarkan|while|sementara|sehingga|so that|agar)\b",
    re.IGNORECASE,
)
_KINDS = {
    "company": "a company",
    "university": "a university",
    "region": "a region or city",
    "civil": "no organ of state",
}


class Parties:
    """Finds the pair; holds only the lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._levels = Levels(lexicon)

    def pair(self, view: View, analysis: Analysis) -> Pair:
        """The pair that one sentence names by itself."""
        foreign = view.foreign(analysis.home)
        home = view.home(analysis.home)
        certain = any(not each.assumed for each in home)
        return Pair(home=bool(home), foreign=foreign[0] if foreign else "", assumed=bool(home) and not certain)

    def settle(self, view: View, act: Act, core: Sequence[View], analysis: Analysis, *, talks: bool = False) -> Pair:
        """The pair behind the deciding sentence, completed from headline, lead and the other sentences about the
        deal.
        """
        home = analysis.home
        own = view.foreign(home)
        own_home = view.home(home)
        private = [] if view.both and not (own or own_home) else self._counterparts(view, act)
        certain_home = any(not each.assumed for each in own_home)
        if not own and (view.both or not (own_home or private)):
            private = private or antecedent(view, analysis, civil=not view.both)
        if crowd := "" if self.home_titled(analysis) else crowd_acts(analysis):
            return Pair(home=bool(own_home), foreign=own[0] if own else "", excluded=f"multilateral: {crowd}")
        states = tuple(code for code in own if not self._lexicon.countries[code].bloc or code == "EU")
        done = not talks or act.deed.id in _DEALING
        if done and len(states) == 2 and not certain_home and not self._home_paired(states, analysis):
            return Pair(foreign=own[0], excluded="foreign with foreign")
        if not talks:
            told_here = (view, *analysis.zone(Zone.TITLE))
            many = next(filter(None, (_MANY.search(each.sentence.text) for each in told_here)), None)
            alone = own[0] if own else ""
            if many is not None:
                return Pair(home=bool(own_home), foreign=alone, excluded=f"multilateral: {many.group()}")
            if len(states) >= 3 and not self._leads(states, analysis):
                return Pair(home=bool(own_home), foreign=own[0], excluded=f"multilateral: {len(states)} foreign states")
            if any(listed(each, home, analysis.story.text) for each in (view, *analysis.zone(Zone.TITLE))):
                return Pair(home=True, foreign=alone, excluded="multilateral: several states in one row")
            told = any(each.foreign(home) for each in analysis.zone(Zone.TITLE)) or any(
                each.foreign(home) and each.home(home) and each.sentence.index < view.sentence.index
                for each in analysis.zone(Zone.LEAD)
            )
            if not (own or told) and any(domestic(each, home) for each in (view, *analysis.zone(Zone.TITLE))):
                return Pair(home=True, excluded="organs of the home state among themselves")
        lawmakers = False
        if act.deed.stage is Stage.IN_FORCE:
            lawmakers = any(each.what == "civil" and each.country in ("", home) for each in view.actors)
            private = [each for each in private if each.what != "civil"]  # a parliament that ratifies is no counterpart
        if private:
            own, own_home = self._dealing(view, act, home, organs=analysis.story.language not in _READ)
        if talks and private and self._states_on_top(analysis):
            private = []
        if private and not (own and own_home):
            regions = sorted(
                (each for each in private if each.what == "region"), key=lambda each: each.country in ("", home)
            )
            if regions and regions[0].country in ("", home):  # the headline leaves the region's state to the lead
                lead = [one for seen in analysis.zone(Zone.LEAD) for one in seen.actors if one.what == "region"]
                regions = [one for one in lead if one.country not in ("", home)] or regions
            region = regions[0] if regions else None
            if (
                region is not None
                and any(
                    each.what in ("organ", "state") and not each.assumed
                    for seen in (view, *(analysis.zone(Zone.TITLE, Zone.LEAD) if len(regions) == len(private) else ()))
                    for each in seen.home(home)
                )
                and region.country not in ("", home)
            ):
                return Pair(
                    home=True,
                    foreign=region.country,
                    level=Level.SUBNATIONAL,
                    excluded="a foreign region",
                    subnational=True,
                )
            return Pair(
                home=bool(own_home),
                foreign=own[0] if own else "",
                excluded=f"the counterpart is {_KINDS[private[0].what]}",
            )
        bloc = named_bloc(analysis)
        titled = {code for each in analysis.zone(Zone.TITLE) for code in each.foreign(home)}
        if bloc and (bloc_acts(analysis) or not (own and own_home and own[0] in titled)):
            return Pair(home=bool(own_home), foreign=own[0] if own else "", excluded=f"multilateral: {bloc}")
        partner = own[0] if own else ""
        if len(own) > 1:
            ranked = [code for code, _ in analysis.foreign if code in own]
            partner = ranked[0] if ranked else own[0]
        inherited = False
        has_home = bool(own_home) or (lawmakers and self._at_home(analysis))
        top = self._leading(view, analysis)
        if not partner:
            partner = self._inherit(top, core, analysis, view)
            inherited = bool(partner)
        if not partner and (view.both or any(each.deed.id == "produce" for each in view.acts)):
            partner = self._mentioned(analysis) or self._only(top, home)
            inherited = bool(partner)
        if not has_home:
            has_home = any(each.home(home) for each in (*top, *core)) or self._watching(top, home)
            inherited = inherited or has_home
        if talks and not has_home and partner and any(each.what == "organ" and each.party for each in view.actors):
            # one side speaks of doing something in the other's country
            has_home = inherited = any(each.country == home for seen in (view, *top) for each in seen.actors)
        unnamed = has_home and not certain_home and not analysis.home_named
        if unnamed and (talks or analysis.story.language != "id") and not home_press(partner, view, analysis):
            has_home = False
        corporate = self._levels.corporate(view, act, core, home, partner)
        if corporate:
            return Pair(home=has_home, foreign=partner, excluded=corporate)
        if not has_home and partner and view.both and self._at_home(analysis):
            has_home = inherited = True
        if partner and not self._on_top(partner, top):
            return Pair(home=has_home, foreign=partner, excluded=f"{partner} is not what headline or lead are about")
        level, organs = self._levels.level(view, core, analysis, partner)
        near = [each for each in core if not talks or each.zone in (Zone.TITLE, Zone.LEAD) or each is view]
        deal_private = [each for seen in near for each in self._counterparts(seen, None) if each.what != "civil"]
        if inherited and deal_private and not own:
            return Pair(home=has_home, foreign=partner, excluded=f"the counterpart is {_KINDS[deal_private[0].what]}")
        dealing = any(
            each.what == "organ" and each.country == partner and each.party and not each.weak
            for seen in (*top, *core)
            for each in seen.actors
        )
        watched = any(
            each.what == "organ" and (each.witness or each.weak) for seen in (*top, *core) for each in seen.actors
        )
        if inherited and not talks and not own and not view.both and ((watched and not dealing) or not own_home):
            stranger = stranger_named(view, act, analysis)
            if stranger:
                return Pair(home=has_home, foreign=partner, excluded=f"{stranger} is no organ of state that is known")
        return Pair(
            home=has_home,
            foreign=partner,
            level=level,
            organs=organs,
            inherited=inherited,
            subnational=level is Level.SUBNATIONAL,
            assumed=has_home
            and not certain_home
            and not any(each.country == home and not each.assumed for seen in (*top, *core) for each in seen.actors),
        )

    def on_top(self, partner: str, analysis: Analysis) -> bool:
        """Headline and lead name both states as parties."""
        top = tuple(analysis.zone(Zone.TITLE, Zone.LEAD))
        home = any(not each.assumed for view in top for each in view.home(analysis.home))
        if not home or not any(partner in view.foreign(analysis.home) for view in top):
            return False
        organs = {
            each.country
            for view in top
            for each in view.actors
            if each.what == "organ" and not each.weak and each.party
        }
        together = any(partner in view.foreign(analysis.home) and view.home(analysis.home) for view in top)
        return together or {analysis.home, partner} <= organs

    def top(self, views: Sequence[View], analysis: Analysis) -> Pair:
        """The pair that headline and lead are about."""
        home = any(each.home(analysis.home) for each in views)
        codes = [code for code, _ in analysis.foreign if any(code in each.foreign(analysis.home) for each in views)]
        if bloc := named_bloc(analysis):
            return Pair(home=home, excluded=f"multilateral: {bloc}")
        if any(self._counterparts(each, None) for each in views if each.papers or each.acts) and not codes:
            return Pair(home=home, excluded=PRIVATE)
        if not codes:
            return Pair(home=home)
        level, organs = self._levels.level(views[0], views, analysis, codes[0])
        return Pair(home=home, foreign=codes[0], level=level, organs=organs)

    # ------------------------------------------------------------------------------------------------------------------

    def _counterparts(self, view: View, act: Act | None) -> list[Actor]:
        """Companies and the like that do the deal here, near the act: not those a clause mentions in passing."""
        if view.sentence.quoted:
            return []
        anchors = (
            [act.mention]
            if act is not None
            else [each.mention for each in view.acts if each.deed.strong or each.deed.id in _DEALING]
        )
        if not anchors and act is None:
            return []
        text, start = view.sentence.text, view.sentence.start
        return [
            each
            for each in view.private
            if not inside_clause(each, act, text, start)
            and any(
                abs(each.start - mention.start) < 130
                and not (each.end <= mention.start and _CLAUSE.search(text[each.end - start : mention.start - start]))
                for mention in anchors
            )
        ]

    def _dealing(self, view: View, act: Act, home: str, *, organs: bool) -> tuple[tuple[str, ...], tuple[Actor, ...]]:
        """The states in the deal's own clause: before the act, or behind it before the first comma that closes it.
        `organs`: by their organs alone, where whose a bare name makes the firm beside it is not read.
        """
        text, start = view.sentence.text, view.sentence.start
        comma = text.find(",", max(act.mention.end, act.paper.end if act.paper is not None else 0) - start)
        limit = start + (comma if comma >= 0 else len(text))
        first = min((each.start for each in view.private), default=limit)
        states = [
            each
            for each in view.actors
            if each.party
            and each.start < limit
            and (each.what == "organ" or (not organs and each.start < max(first, act.mention.start)))
        ]
        foreign = tuple(dict.fromkeys(each.country for each in states if each.country not in ("", home)))
        return foreign, tuple(each for each in states if each.country == home)

    def _leads(self, states: tuple[str, ...], analysis: Analysis) -> bool:
        """One foreign state stands in the headline alone, the others are company."""
        title = {code for view in analysis.zone(Zone.TITLE) for code in view.foreign(analysis.home)}
        return len(title & set(states)) == 1

    def _home_paired(self, states: tuple[str, ...], analysis: Analysis) -> bool:
        """The headline pairs the home state with one of them alone."""
        for view in analysis.zone(Zone.TITLE):
            named = set(view.foreign(analysis.home)) & set(states)
            if len(named) == 1 and any(not each.assumed for each in view.home(analysis.home)):
                return True
        return False

    def visit(self, pair: Pair, analysis: Analysis) -> Pair:
        """The pair of a package signed on a visit: the one foreign state that headline and lead go to or receive."""
        top = tuple(analysis.zone(Zone.TITLE, Zone.LEAD))
        codes = list(
            dict.fromkeys(
                each.country
                for view in top
                for each in view.actors
                if each.country not in ("", analysis.home) and each.what in ("organ", "state") and not each.weak
            )
        )
        home = pair.home or any(
            each.country == analysis.home and each.what in ("organ", "state") for view in top for each in view.actors
        )
        if len(codes) != 1 or not home:
            return pair
        return Pair(home=True, foreign=codes[0], inherited=True)

    def home_titled(self, analysis: Analysis) -> bool:
        """The headline pairs the home state with exactly one foreign state."""
        return any(
            len(view.foreign(analysis.home)) == 1 and any(not each.assumed for each in view.home(analysis.home))
            for view in analysis.zone(Zone.TITLE)
        )

    def _mentioned(self, analysis: Analysis) -> str:
        """The one foreign state that the headline names in any role: whom "both countries" means."""
        codes = {
            each.country
            for view in analysis.zone(Zone.TITLE)
            for each in view.actors
            if each.what == "state" and each.country not in ("", analysis.home) and not each.weak
        }
        return codes.pop() if len(codes) == 1 else ""

    def _on_top(self, partner: str, top: list[View]) -> bool:
        """Headline, lead or the sentences up to an early deciding act name the partner in any role: it is the news."""
        return any(each.country == partner for view in top for each in view.actors)

    def _states_on_top(self, analysis: Analysis) -> bool:
        """Headline and lead name organs of both states, and the headline no company, campus or region."""
        top = tuple(analysis.zone(Zone.TITLE, Zone.LEAD))
        organs = {
            each.country for view in top for each in view.actors if each.what == "organ" and each.party and each.country
        }
        private = any(view.private for view in top if view.zone is Zone.TITLE)
        return analysis.home in organs and len(organs) >= 2 and not private

    def _leading(self, view: View, analysis: Analysis) -> list[View]:
        """Headline, lead, and what leads up to an early deciding sentence."""
        last = view.sentence.index if view.sentence.index <= WINDOW else -1
        return [each for each in analysis.views if each.zone in (Zone.TITLE, Zone.LEAD) or each.sentence.index <= last]

    def _only(self, top: list[View], home: str) -> str:
        """The one foreign state that what leads up to the act names in any role, be it by its capital."""
        codes = {
            each.country
            for view in top
            for each in view.actors
            if each.what in ("state", "organ") and each.country not in ("", home)
        }
        return codes.pop() if len(codes) == 1 else ""

    def either(self, views: Sequence[View], analysis: Analysis) -> Pair:
        """`both countries`: the one foreign state that the views name in any role, with the home state."""
        code = self._only(list(views), analysis.home)
        return Pair(home=self._at_home(analysis), foreign=code, inherited=True) if code else Pair()

    def _at_home(self, analysis: Analysis) -> bool:
        """`both countries` without the home state's name: the home press speaks."""
        return analysis.home_named or analysis.story.language == "id" or not analysis.mentioned

    def _inherit(self, top: list[View], core: Sequence[View], analysis: Analysis, view: View) -> str:
        """The one foreign state that headline, lead and the deal's sentences speak of."""
        home = analysis.home
        order = [code for code, _ in analysis.foreign]
        indexes = {each.sentence.index for each in core}
        # a deciding sentence that names nobody takes up the sentence before it
        before = view.sentence.index - 1 if not any(each.party for each in view.actors) else -1
        near = {
            code
            for each in (*top, *core)
            if each.zone is Zone.TITLE or each.sentence.index in (*indexes, before) or of_deal(each, home)
            for code in each.foreign(home)
        }
        watching = {
            each.country
            for seen in top
            for each in seen.actors
            if each.witness and each.what == "organ" and not each.weak and each.country not in ("", home)
        }
        regional = {
            each.country
            for seen in top
            for each in seen.actors
            if each.what == "region" and each.country not in ("", home)
        }
        seen_here = {
            each.country
            for each in view.actors
            if each.witness and each.what == "organ" and not each.weak and each.country not in ("", home)
        }
        if len(seen_here) == 1 and not any(
            code in seen.foreign(home) for seen in analysis.zone(Zone.TITLE) for code in near
        ):
            return seen_here.pop()
        for group in (near, watching, regional):
            for code in order:
                if code in group:
                    return code
            if group:
                return sorted(group)[0]
        return ""

    def _watching(self, top: list[View], home: str) -> bool:
        return any(
            each.witness and each.what == "organ" and each.country == home for view in top for each in view.actors
        )
