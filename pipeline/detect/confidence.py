"""How sure a report is, 0 to 1, with the reasons in words: what the rules add up to, then how often such were right.

What each sign is worth stands in `config/lexicon/weights.yaml`, the map in `calibration.yaml`. Alerts at once need
0.80.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.detect.acts import Status
from pipeline.detect.analysis import Analysis
from pipeline.detect.lexicon import Lexicon
from pipeline.detect.ruling import Ruling
from pipeline.detect.sentences import Zone
from pipeline.detect.signs import SIGNS
from pipeline.model import Instrument, Label, Level, Outlet, Signatory, Stage, Trust


def confidence(
    analysis: Analysis,
    ruling: Ruling,
    instrument: Instrument,
    signatories: Sequence[Signatory],
    *,
    dated: bool,
    weekday_agrees: bool,
    placed: bool,
    outlet: Outlet | None,
    lexicon: Lexicon,
) -> tuple[float, tuple[str, ...]]:
    """The number and why."""
    assert ruling.frame is not None
    value = lexicon.start
    reasons: list[str] = []

    def count(worth: float, words: str) -> None:
        nonlocal value
        if worth:
            value += worth
            reasons.append(f"{words} ({worth:+.2f})")

    def add(sign: str) -> None:
        count(lexicon.weights[sign], SIGNS[sign])

    act = ruling.frame.act
    pair = ruling.frame.pair
    if ruling.label is Label.AGREEMENT:
        if act.deed.strong and act.paper is not None:
            add("strong_verb_with_paper")
        elif ruling.stage is Stage.ANNOUNCED:
            add("joint_statement" if instrument is Instrument.JOINT_STATEMENT else "declared")
        elif act.deed.strong and instrument is not Instrument.NONE:
            add("strong_verb_beside_paper")
        elif act.deed.strong:
            add("strong_verb_alone")
        elif act.paper is not None:
            add("paper_that_holds_it")
        sides = {each.side for each in signatories if each.role != "witnessed"}
        if analysis.home in sides and ruling.partner in sides:
            add("persons_of_both_sides")
        if dated:
            add("dated")
        if placed:
            add("placed")
        if instrument is Instrument.AGREEMENT:
            add("bare_agreement")
        title = any(
            found.status is Status.ASSERTED and found.deed.stage is not Stage.EXPLORING
            for view in analysis.zone(Zone.TITLE)
            for found in view.acts
        )
        if title and ruling.frame.view.zone in (Zone.LEAD, Zone.BODY):
            add("headline_agrees")
        if pair.organs:
            add("organs_of_both")
    else:
        if pair.organs:
            add("organs_talk")
        if act.status is Status.FUTURE:
            add("lies_ahead")
    if outlet is not None and outlet.trust in (Trust.OFFICIAL, Trust.WIRE):
        add(f"{outlet.trust.value}_source")
    if outlet is not None and outlet.trust is Trust.UNVERIFIED:
        add("unverified_source")
    item = ruling.items[0] if ruling.items else None
    named = item is not None and bool(item.foreign(analysis.home)) and bool(item.home(analysis.home))
    if named:
        add("paper_names_both")
    if pair.inherited and not named and not _both_on_top(analysis, ruling.partner):
        add("side_from_context")
    if pair.inherited and not named and any(view.private for view in analysis.zone(Zone.TITLE, Zone.LEAD)):
        add("private_at_the_top")
    if pair.assumed and not named:
        add("home_organ_assumed" if ruling.label is Label.AGREEMENT else "home_organ_assumed_in_talks")
    if ruling.level is Level.SUBNATIONAL:
        add("subnational")
    if dated and not weekday_agrees:
        add("weekday_disagrees")
    if ruling.frame.view.sentence.quoted:
        add("quotation_only")
    if ruling.frame.view.zone is Zone.TITLE and ruling.label is Label.AGREEMENT and item is None:
        add("headline_only")
    if ruling.topics is not None and ruling.topics.technology < 0.9:
        add("little_technology")
    if ruling.topics is not None and ruling.topics.other > ruling.topics.technology:
        add("other_subjects")
    for words, worth in ruling.doubts:
        count(worth, words)
    value = min(0.99, max(0.05, value))
    sure = round(min(0.99, max(0.05, lexicon.calibrated(ruling.label, value))), 2)
    if abs(sure - value) >= 0.01:
        reasons.append(f"reports that add up to {value:.2f} were right {sure:.2f} of the time")
    return sure, tuple(reasons)


def _both_on_top(analysis: Analysis, partner: str) -> bool:
    """Headline and lead name both states, in whatever role."""
    named = {each.country for view in analysis.zone(Zone.TITLE, Zone.LEAD) for each in view.actors}
    return {analysis.home, partner} <= named
