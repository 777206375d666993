"""How sure a report is, 0 to 1, with the reasons in words: what the rules add up to, then how often such were right.

Start values from DOMAIN.md 8: 0.5, plus a strong signing verb with its paper, named signatories on each side, date
and place, an official or wire source; minus future, single unverified source, thin naming. Immediate alerts need 0.80.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.detect.acts import Status
from pipeline.detect.analysis import Analysis
from pipeline.detect.lexicon import Lexicon
from pipeline.detect.ruling import Ruling
from pipeline.detect.sentences import Zone
from pipeline.model import Instrument, Label, Level, Outlet, Signatory, Stage, Trust

START = 0.5
"""What a report begins with, before anything speaks for or against it."""


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
    value = START
    reasons: list[str] = []

    def add(worth: float, words: str) -> None:
        nonlocal value
        if not worth:
            return
        value += worth
        reasons.append(f"{words} ({worth:+.2f})")

    act = ruling.frame.act
    pair = ruling.frame.pair
    if ruling.label is Label.AGREEMENT:
        if act.deed.strong and act.paper is not None:
            add(0.2, "a strong verb with its paper")
        elif ruling.stage is Stage.ANNOUNCED:
            stated = instrument is Instrument.JOINT_STATEMENT
            add(0.2 if stated else 0.15, "declared agreed" + (" in a joint statement" if stated else ""))
        elif act.deed.strong and instrument is not Instrument.NONE:
            add(0.15, "a strong verb, its paper named beside it")
        elif act.deed.strong:
            add(0.1, "a strong verb without a named paper")
        elif act.paper is not None:
            add(0.15, "a paper that holds it")
        sides = {each.side for each in signatories if each.role != "witnessed"}
        if analysis.home in sides and ruling.partner in sides:
            add(0.1, "named persons of both sides")
        if dated and placed:
            add(0.1, "date and place")
        elif dated or placed:
            add(0.05, "date or place")
        title = any(
            found.status is Status.ASSERTED and found.deed.stage is not Stage.EXPLORING
            for view in analysis.zone(Zone.TITLE)
            for found in view.acts
        )
        if title and ruling.frame.view.zone in (Zone.LEAD, Zone.BODY):
            add(0.05, "headline and text agree")
        if pair.organs:
            add(0.05, "organs of both states are named")
        if ruling.frame.view.zone in (Zone.TITLE, Zone.LEAD):
            add(0.05, "told at the top")
    else:
        add(0.1 if pair.organs else 0.0, "organs of both states talk")
        if act.status is Status.FUTURE:
            add(-0.05, "lies ahead")
    if outlet is not None and outlet.trust in (Trust.OFFICIAL, Trust.WIRE):
        add(0.1, f"{outlet.trust.value} source")
    if outlet is not None and outlet.trust is Trust.UNVERIFIED:
        add(-0.3, "unverified source")
    item = ruling.items[0] if ruling.items else None
    named = item is not None and bool(item.foreign(analysis.home)) and bool(item.home(analysis.home))
    if named:
        add(0.1, "the paper of the package names an organ of each side")
    if pair.inherited and not named and not _both_on_top(analysis, ruling.partner):
        add(-0.05, "one side is read from the context")
    if pair.inherited and not named and any(view.private for view in analysis.zone(Zone.TITLE, Zone.LEAD)):
        add(-0.1, "a company, campus or region stands at the top")
    if pair.assumed and not named:
        worth = -0.1 if ruling.label is Label.AGREEMENT else -0.2
        add(worth, "the home organ is not said to be the home state's")
    if ruling.level is Level.SUBNATIONAL:
        add(-0.1, "a region or party official, not the state")
    if dated and not weekday_agrees:
        add(-0.05, "the printed weekday is not that date's")
    if ruling.frame.view.sentence.quoted:
        add(-0.25, "told only in a quotation")
    if ruling.frame.view.zone is Zone.TITLE and ruling.label is Label.AGREEMENT and item is None:
        add(-0.1, "told only in the headline")
    if ruling.topics is not None and ruling.topics.technology < 0.9:
        add(-0.05, "little on technology")
    if ruling.topics is not None and ruling.topics.other > ruling.topics.technology:
        add(-0.1, "much on other subjects")
    for words, worth in ruling.doubts:
        add(worth, words)
    value = min(0.99, max(0.05, value))
    sure = round(min(0.99, max(0.05, lexicon.calibrated(ruling.label, value))), 2)
    if abs(sure - value) >= 0.01:
        reasons.append(f"reports that add up to {value:.2f} were right {sure:.2f} of the time")
    return sure, tuple(reasons)


def _both_on_top(analysis: Analysis, partner: str) -> bool:
    """Headline and lead name both states, in whatever role."""
    named = {each.country for view in analysis.zone(Zone.TITLE, Zone.LEAD) for each in view.actors}
    return {analysis.home, partner} <= named
