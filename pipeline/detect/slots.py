"""The record behind a ruling: instrument, title, institutions, signatories, date, place, each with its span.

No span, no value: what no stretch of the article proves stays empty.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

from pipeline.detect.acts import Status
from pipeline.detect.analysis import Analysis, View
from pipeline.detect.background import remembered
from pipeline.detect.cue import cue
from pipeline.detect.lexicon import Kind, Lexicon
from pipeline.detect.ruling import Ruling
from pipeline.detect.scan import Mention
from pipeline.detect.sentences import Zone
from pipeline.detect.signatories import Signatories
from pipeline.model import Evidence, Institution, Instrument, Label, Relation, Signatory, Stage

MAX_INSTITUTIONS = 8
_NAMING = frozenset({Kind.INSTITUTION, Kind.POST, Kind.PERSON})
_TITLE = re.compile(
    r"""\b(?:tentang|mengenai|on|bertajuk|titled|berjudul)\s+(?P<title>[A-Z][\w’'()/&-]*(?:\s+(?:[A-Z][\w’'()/&-]*|dan|di|of|and|the|for|in|on|untuk|bidang|pada)){1,14})"""
)
_STREET = re.compile(r"\b(?:di|in|at)\s+(?:[\w’'.]+\s+){0,5}?$", re.IGNORECASE)


_FRAME = re.compile(
    r"\b(?:under|pursuant to|within|in line with|acting for|di bawah|berdasarkan|dalam kerangka|mengacu pada)\s+"
    r"(?:[\w’'-]+\s+){0,4}$",
    re.IGNORECASE,
)
"""What stands before a paper in whose frame another one is signed."""
_COUNTS = {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "se": 1, "dua ": 2, "tiga ": 3, "empat ": 4}
_TODAY = cue(r"\b(?:hari ini|today|(?:pagi|siang|sore|malam) ini)\b", "ini|today")
_CEREMONY = cue(r"\b(?:ceremony|upacara|seremoni|acara itu)\b", "ceremony|upacara|seremoni|acara itu")
_DAYS_BEFORE = cue(
    r"\b(?:(?P<count>a|one|two|three|four) days? (?:earlier|before)\b(?! (?:the|a|his|her|their|than)\b)|"
    r"the (?:day before|previous day)\b|(?P<jumlah>se|dua |tiga |empat )hari (?:sebelumnya|sebelum itu)\b)",
    "earlier|before|previous day|hari sebelum",
)
"""A day told by its distance from the one told before."""


class Slots:
    """Fills the record; holds only what it knows of the lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._signatories = Signatories(lexicon)

    def evidence(self, analysis: Analysis, slot: str, start: int, end: int) -> Evidence:
        """The span as offsets in the title or in the article's text; a bracket that opens in it closes in it."""
        text, offset = analysis.story.text, analysis.story.offset
        if text[end : end + 1] == ")" and text.count("(", start, end) > text.count(")", start, end):
            end += 1
        if start < offset:
            end = min(end, max(0, offset - 2))
            return Evidence(slot=slot, where="title", start=start, end=end, quote=text[start:end])
        return Evidence(slot=slot, where="text", start=start - offset, end=end - offset, quote=text[start:end])

    def instrument(self, analysis: Analysis, ruling: Ruling) -> tuple[Instrument, Mention | None]:
        """The class of the paper: the most telling name among the deal's sentences; loose names only beside a
        signing.
        """
        assert ruling.frame is not None
        background = {
            act.paper.start
            for view in analysis.views
            for act in view.acts
            if act.paper is not None and act.status is Status.BACKGROUND and act.deed.form != "talk"
        }
        if ruling.relation is Relation.UPDATE or ruling.stage is Stage.ENDED:
            background = set()
        best: tuple[float, Mention] | None = None
        deciding = None if ruling.items else ruling.frame.act.paper
        own = deciding.start if deciding is not None else -1
        told = deciding is not None and self._lexicon.papers[deciding.ref].folded is not Instrument.NONE
        in_core = {view.sentence.index for view in ruling.core}
        for view in analysis.views:
            inside = view.sentence.index in in_core
            if view.zone is Zone.LATE and not ruling.items:
                continue
            if ruling.items and ruling.items[0].papers and view.sentence.index != ruling.items[0].sentence.index:
                continue
            for mention in view.papers:
                if mention.start in background:
                    continue
                if self._older(analysis, ruling, view, mention):
                    continue
                if (
                    told
                    and mention.start != own
                    and _FRAME.search(analysis.story.text, max(view.sentence.start, mention.start - 60), mention.start)
                ):
                    continue  # "under the two states' space treaty"
                paper = self._lexicon.papers[mention.ref]
                if paper.folded is Instrument.NONE and paper.id != "document":
                    continue
                score = paper.rank * (1.0 if inside else 0.75 if view.zone is not Zone.BODY else 0.6)
                score += 1.5 if mention.start == own else 0.0
                if best is None or score > best[0]:
                    best = (score, mention)
        if best is None:
            return Instrument.NONE, None
        paper = self._lexicon.papers[best[1].ref]
        signed = ruling.stage not in (Stage.EXPLORING,) and ruling.frame.act.deed.stage is not Stage.EXPLORING
        if paper.loose and not (signed and paper.folded is not Instrument.NONE):
            return Instrument.NONE, None
        if ruling.stage is Stage.EXPLORING:
            return Instrument.NONE, None
        if (
            ruling.stage is Stage.ANNOUNCED
            and ruling.label is Label.AGREEMENT
            and paper.folded is not Instrument.JOINT_STATEMENT
            and best[0] < 6
        ):
            return Instrument.NONE, None
        return paper.folded, best[1]

    def _older(self, analysis: Analysis, ruling: Ruling, view: View, mention: Mention) -> bool:
        if ruling.relation is Relation.UPDATE or ruling.stage in (Stage.ENDED, Stage.RENEWED):
            return False
        return remembered(analysis.story.text, mention, view.dates, analysis.ref)

    def title(self, analysis: Analysis, ruling: Ruling) -> tuple[str, tuple[int, int] | None]:
        """The paper's own title, where it is printed as one."""
        for view in ruling.core:
            for paper in view.papers:
                match = _TITLE.search(analysis.story.text, paper.end, min(view.sentence.end, paper.end + 200))
                if match is not None and match.start() - paper.end < 60:
                    return match["title"].strip(" ,."), match.span("title")
        return "", None

    def institutions(self, analysis: Analysis, ruling: Ruling) -> tuple[tuple[Institution, Evidence], ...]:
        """Organs of both sides in the deal's sentences, headline and lead."""
        home = analysis.home
        found: dict[str, tuple[Institution, Evidence]] = {}
        wanted = {home, ruling.partner}
        indexes = {each.sentence.index for each in ruling.core}
        named = {one.ref for each in analysis.views for one in each.sentence.of(*_NAMING)}
        views = [each for each in analysis.views if each.sentence.index in indexes or each.zone is Zone.LEAD]
        views += [each for each in analysis.views if each.zone is Zone.BODY and each not in views][:8]
        if ruling.items and ruling.items[0].foreign(home) and ruling.items[0].home(home):
            views = [ruling.items[0]]  # the organs of the package's other papers are not this one's
        for view in views:
            for actor in view.actors:
                if actor.what != "organ" or actor.country not in wanted or actor.topic or not actor.ref:
                    continue
                if actor.ref in found:
                    continue
                body = self._lexicon.bodies.get(actor.ref)
                printed = analysis.story.text[actor.start : actor.end].strip()
                name = body.name if body is not None else printed
                country = body.country if body is not None else actor.country
                described = body is not None and actor.ref not in named
                institution = Institution(id=actor.ref, name=name, country=country, described=described)
                found[actor.ref] = (
                    institution,
                    self.evidence(analysis, f"institution:{actor.ref}", actor.start, actor.end),
                )
        return tuple(found.values())[:MAX_INSTITUTIONS]

    def signatories(self, analysis: Analysis, ruling: Ruling) -> tuple[tuple[Signatory, Evidence], ...]:
        """Who signed, who exchanged, who watched."""
        return tuple(
            (each.who, self.evidence(analysis, "signatory", each.start, each.end))
            for each in self._signatories.of(analysis, ruling)
        )

    def signed_on(self, analysis: Analysis, ruling: Ruling) -> tuple[date, str, tuple[int, int], bool] | None:
        """The day of the act: printed beside it, else in the lead. Never for what has not happened."""
        if ruling.label is not Label.AGREEMENT or ruling.frame is None:
            return None
        if ruling.relation is Relation.UPDATE or ruling.stage in (Stage.IN_FORCE, Stage.ENDED):
            older = self._first_signed(analysis)
            if older is not None or ruling.stage is not Stage.IN_FORCE:
                return older
        ref = analysis.ref.day
        candidates: list[tuple[float, date, str, tuple[int, int], bool]] = []
        deciding = ruling.frame.view.sentence.index
        for view in analysis.views:
            if view.zone is Zone.LATE or not view.dates:
                continue
            behind = 1 <= view.sentence.index - deciding <= 2
            acts = [
                act
                for act in view.acts
                if act.status is Status.ASSERTED
                and act.deed.stage not in (Stage.EXPLORING, Stage.IMPLEMENTED, Stage.NEGOTIATING)
            ]
            for printed in view.dates:
                if ref is not None and (printed.day > ref or (ref - printed.day).days > 400):
                    continue
                if ref is None and analysis.ref.year is not None and printed.day.year < analysis.ref.year:
                    continue
                score = 0.0
                if acts:
                    score += 3.0
                    score -= min(abs(printed.start - act.mention.end) for act in acts) / 400
                score += 1.5 if view.sentence.index == deciding else 1.2 if behind else 0.0
                score += 0.8 if view.zone is Zone.LEAD else 0.0
                score -= 0.7 if printed.bare else 0.0
                score -= 1.5 if printed.precision != "day" else 0.0
                spoken = ruling.stage is not Stage.ANNOUNCED and self._speech(analysis, view, printed.start)
                score -= 2.0 if spoken else 0.0
                if printed.start < analysis.filed:  # when it was filed, which is the day that "today" means
                    score += 1.0 if _TODAY.search(analysis.story.text, analysis.filed, view.sentence.end) else -2.0
                if not acts and view.zone is not Zone.LEAD and not behind:
                    continue
                candidates.append((score, printed.day, printed.precision, (printed.start, printed.end), printed.agrees))
        earlier = self._days_before(analysis, deciding)
        if earlier is not None:
            return earlier
        if not candidates:
            return None
        score, day, precision, span, agrees = max(candidates, key=lambda each: each[0])
        return (day, precision, span, agrees) if score > 0 else None

    def _days_before(self, analysis: Analysis, deciding: int) -> tuple[date, str, tuple[int, int], bool] | None:
        """`The signing took place a day earlier`: counted from the day printed before it, else from the publication."""
        anchor = analysis.ref.day
        for view in analysis.views:
            if view.zone is Zone.LATE or view.sentence.index > deciding + 2:
                break
            signed = any(act.status is Status.ASSERTED and act.deed.stage is Stage.SIGNED for act in view.acts)
            signed = signed or (view.sentence.index > deciding and _CEREMONY.search(view.sentence.text) is not None)
            match = _DAYS_BEFORE.search(view.sentence.text) if signed and view.sentence.index >= deciding else None
            at = view.sentence.start + match.start() if match is not None else view.sentence.end
            told = [each.day for each in view.dates if each.precision == "day" and each.end <= at]
            anchor = told[-1] if told else anchor
            if match is not None and anchor is not None:
                count = _COUNTS[(match["count"] or match["jumlah"] or "a").lower()]
                span = (at, view.sentence.start + match.end())
                return anchor - timedelta(days=count), "day", span, True
        return None

    def _first_signed(self, analysis: Analysis) -> tuple[date, str, tuple[int, int], bool] | None:
        """The day on which the older paper was signed, where it is printed beside the telling of it."""
        best: tuple[int, date, str, tuple[int, int], bool] | None = None
        month: tuple[int, date, str, tuple[int, int], bool] | None = None
        for view in analysis.views:
            for act in view.acts:
                told = act.paper is not None or act.deed.id in ("sign", "sign_bare")
                if act.deed.stage is not Stage.SIGNED or not told or act.status is Status.FUTURE:
                    continue
                for printed in view.dates:
                    gap = abs(printed.start - act.mention.end)
                    if printed.precision == "month" and gap <= 90 and (month is None or gap < month[0]):
                        month = (gap, printed.day, "month", (printed.start, printed.end), printed.agrees)
                    if printed.precision != "day" or printed.bare or gap > 90:
                        continue
                    day, ref = printed.day, analysis.ref.day
                    if ref is not None and day > ref:
                        day = day.replace(year=day.year - 1) if (day.month, day.day) != (2, 29) else day
                    if best is None or gap < best[0]:
                        best = (gap, day, "day", (printed.start, printed.end), printed.agrees)
        best = best or month
        return best[1:] if best is not None else None

    def _speech(self, analysis: Analysis, view: View, at: int) -> bool:
        """The date belongs to what somebody said: `..., kata Menteri di Jakarta, Rabu (6/5)`."""
        before = analysis.story.text[max(view.sentence.start, at - 70) : at].lower()
        return bool(
            re.search(
                r"\b(?:kata|ujar|tutur|ucap|ujarnya|katanya|said|told|membenarkan|mengatakan|menyatakan|jelas|keterangan|"
                r"siaran pers|press release|confirmed)\b[^.;]*$",
                before,
            )
        )

    def place(self, analysis: Analysis, ruling: Ruling) -> tuple[str, tuple[int, int] | None]:
        """The city of the act: named beside it, else where the report was filed."""
        if ruling.frame is None:
            return "", None
        text = analysis.story.text
        ordered = [ruling.frame.view, *(each for each in ruling.core if each.zone is not Zone.TITLE)]
        lead = [each for each in analysis.zone(Zone.LEAD) if each not in ordered]
        for view in (*ordered, *lead):
            if view.zone is Zone.TITLE:
                continue
            for mention in view.sentence.of(Kind.PLACE, Kind.CITY):
                opened = text[view.sentence.start : mention.start]
                if opened.count('"') % 2 or opened.count("“") > opened.count("”"):
                    continue  # inside somebody's words: where he speaks of, not where it was signed
                before = opened[-45:]
                if _STREET.search(before) or re.search(r"\b(?:di|in|at)\s[^.;]{0,40},\s$", before):
                    return text[mention.start : mention.end], (mention.start, mention.end)
        if analysis.dateline:
            at = text.find(analysis.dateline, analysis.story.offset)
            city = re.split(r"[,(]", analysis.dateline)[0].strip()
            if at >= 0 and city:
                return (city.title() if city.isupper() else city), (at, at + len(city))
        return "", None


def fields_evidence(slots: Slots, analysis: Analysis, ruling: Ruling, claim: View) -> Sequence[Evidence]:
    """One span per field, of the claim's own sentence where it names the field."""
    assert ruling.topics is not None
    beside = {each.ref: each for each in reversed(claim.fields)}
    spans = ((name, beside.get(name, mention)) for name, mention in ruling.topics.fields)
    return [slots.evidence(analysis, f"field:{name}", mention.start, mention.end) for name, mention in spans]
