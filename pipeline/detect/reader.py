"""Reading one article: what agreement does it report, between whom, how sure, and which sentence says so.

    scan ─ one pass of the automaton ─► ordinary news ends here
      ─► sentences ─► actors, acts, dates ─► rules ─► record with evidence ─► confidence

Pure: no clock, no file; the publication's own time dates what is printed. Bounded: `sentences.LIMIT` characters. Bad
content yields a poor reading, never an exception.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from pipeline.detect.account import account, instead
from pipeline.detect.analysis import Analysis, Analyst
from pipeline.detect.anaphora import aged
from pipeline.detect.clauses import clauses
from pipeline.detect.confidence import confidence
from pipeline.detect.judgement import Judge
from pipeline.detect.lexicon import Kind, Lexicon
from pipeline.detect.ruling import Ruling
from pipeline.detect.scan import Found, Mention, Scanner
from pipeline.detect.sentences import story
from pipeline.detect.slots import Slots, fields_evidence
from pipeline.detect.uses import Uses
from pipeline.model import Article, Evidence, Label, Outlet, Reading, Report, digest

_BODIES = (Kind.INSTITUTION, Kind.POST, Kind.PERSON)
_NAMES = (*_BODIES, Kind.COUNTRY, Kind.DEMONYM, Kind.CITY, Kind.METONYM, Kind.REGION, Kind.NICKNAME, Kind.BLOC)

NOT_READ = ("names no foreign state", "names no instrument, act or cooperation", "names no technology")
"""Why ordinary news needs no further reading: the one step of its `why`."""

_TELLING = ("negotiate", "agree", "agree_bare", "discuss")


class Reader:
    """The lexicon compiled once; `read` is safe to call from several threads."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self._scanner = Scanner(lexicon)
        self._analyst = Analyst(lexicon)
        self._judge = Judge(lexicon)
        self._slots = Slots(lexicon)
        self._uses = Uses(lexicon)

    def read(self, article: Article, outlet: Outlet | None = None) -> Reading:
        """What the article reports. `reports` is empty exactly when the label is `other`."""
        told = story(article, self.lexicon.press)
        found = self._scanner.find(told.text, told.language)
        missing = self._missing(found, told.language)
        if missing:
            named = (instead(found.all(), told.text, self.lexicon),) if missing == NOT_READ[2] else ()
            return Reading(label=Label.OTHER, reports=(), why=(missing, *named))
        analysis = aged(self._analyst.analyse(article, told, found.all()))
        ruling = self._judge.rule(analysis)
        if ruling.label is Label.OTHER or ruling.frame is None or ruling.topics is None:
            why = (*ruling.why, *account(analysis, ruling))
            return Reading(label=Label.OTHER, reports=(), why=why)
        ruling.topics = self._uses.complete(analysis, ruling)
        report = self._report(article, analysis, ruling, outlet)
        sure = f"confidence {report.confidence:.2f}, from {self.lexicon.start:.2f}: " + "; ".join(report.reasons)
        why = (*ruling.why, *account(analysis, ruling, report.reasons), sure)
        return Reading(label=ruling.label, reports=(report, *self._others(article, analysis, ruling, outlet)), why=why)

    def _missing(self, found: Found, language: str) -> str:
        """Why ordinary news needs no further reading, or "" where it does. What comes first is told by the fewest."""
        at_home = self.lexicon.press.get(language, "") in ("", self.lexicon.home)  # else the press need not say whose
        if at_home and not any(map(self._foreign, found.of(*_NAMES))):
            return NOT_READ[0]
        if not any(map(self._deed, found.of(Kind.INSTRUMENT, Kind.COOPERATION, Kind.ACT))):
            return NOT_READ[1]
        dealing = any(self.lexicon.bodies[each.ref].field for each in found.of(*_BODIES))
        return "" if dealing or any(found.of(Kind.FIELD)) else NOT_READ[2]

    def _foreign(self, mention: Mention) -> bool:
        """Whether the name is another state's."""
        if mention.kind in _BODIES:
            return self.lexicon.bodies[mention.ref].country != self.lexicon.home
        if mention.kind is Kind.BLOC:
            return self.lexicon.countries[mention.ref].partner
        return mention.ref != self.lexicon.home

    def _deed(self, mention: Mention) -> bool:
        """Whether the word tells of an agreement, made or in the making."""
        if mention.kind is not Kind.ACT:
            return True
        deed = self.lexicon.deeds[mention.ref]
        return deed.strong or deed.form == "plan" or deed.id in _TELLING

    def _others(self, article: Article, analysis: Analysis, ruling: Ruling, outlet: Outlet | None) -> Iterator[Report]:
        """The other technology papers of a package, one report each."""
        for number, item in enumerate(ruling.items[1:], start=1):
            one = replace(ruling, core=(item,), items=(item,), topics=self._judge.topics(item))
            yield self._report(article, analysis, one, outlet, number)

    def _report(
        self, article: Article, analysis: Analysis, ruling: Ruling, outlet: Outlet | None, number: int = 0
    ) -> Report:
        assert ruling.frame is not None and ruling.topics is not None
        slots = self._slots
        act, view = ruling.frame.act, ruling.frame.view
        if ruling.items:
            view = ruling.items[0]
        evidence: list[Evidence] = [
            slots.evidence(analysis, "claim", view.sentence.start, view.sentence.end),
            slots.evidence(analysis, "stage", act.mention.start, act.mention.end),
        ]
        instrument, printed = slots.instrument(analysis, ruling)
        if printed is not None:
            evidence.append(slots.evidence(analysis, "instrument", printed.start, printed.end))
        own = next((each for each in view.actors if each.country == analysis.home and each.party), None)
        if own is not None:
            evidence.append(slots.evidence(analysis, "home", own.start, own.end))
        partner = self._partner(analysis, ruling)
        if partner is not None:
            evidence.append(partner)
        institutions = slots.institutions(analysis, ruling)
        evidence += [each for _, each in institutions]
        evidence += fields_evidence(slots, analysis, ruling, view)
        signatories = slots.signatories(analysis, ruling)
        evidence += [each for _, each in signatories]
        signed = slots.signed_on(analysis, ruling)
        if signed is not None:
            evidence.append(slots.evidence(analysis, "signed_on", *signed[2]))
        place, where = slots.place(analysis, ruling)
        if where is not None:
            evidence.append(slots.evidence(analysis, "place", *where))
        title, span = slots.title(analysis, ruling)
        if span is not None:
            evidence.append(slots.evidence(analysis, "title", *span))
        of_paper = ruling.items or ruling.core
        evidence += [slots.evidence(analysis, slot, a, b) for slot, a, b in clauses(of_paper, analysis.views)]
        value, reasons = confidence(
            analysis,
            ruling,
            instrument,
            [each for each, _ in signatories],
            dated=signed is not None,
            weekday_agrees=signed is None or signed[3],
            placed=bool(place),
            outlet=outlet,
            lexicon=self.lexicon,
        )
        return Report(
            key=digest("report", article.key, str(number), size=10),
            article=article.key,
            label=ruling.label,
            stage=ruling.stage,
            instrument=instrument,
            instrument_printed=analysis.story.text[printed.start : printed.end] if printed is not None else "",
            title=title,
            partner=ruling.partner,
            level=ruling.level,
            institutions=tuple(each for each, _ in institutions),
            fields=tuple(name for name, _ in ruling.topics.fields),
            signatories=tuple(each for each, _ in signatories),
            signed_on=signed[0] if signed is not None else None,
            signed_precision=signed[1] if signed is not None else "",
            place=place,
            relation=ruling.relation,
            confidence=value,
            reasons=reasons,
            evidence=tuple(evidence),
        )

    def _partner(self, analysis: Analysis, ruling: Ruling) -> Evidence | None:
        """Where the partner is named: in the deciding sentence, else in headline, lead or body, in this order."""
        assert ruling.frame is not None
        for view in (ruling.frame.view, *ruling.core, *analysis.views):
            for actor in view.actors:
                if actor.country == ruling.partner:
                    return self._slots.evidence(analysis, "partner", actor.start, actor.end)
        return None
