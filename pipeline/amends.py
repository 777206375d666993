"""What readers are owed where an article reads otherwise now: by today's rules, or because its outlet changed it.

    gone       reports that the article does not make any longer
    reread     corrections and withdrawals after reading by today's rules
    revised    the same after an outlet changed a page, where the change is material
    joined     one correction where two agreements that were told are one

Reads the store, writes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from datetime import datetime

from pipeline.agreements import Grouped
from pipeline.alert.correction import Cause, Correction, visible_changes
from pipeline.model import Alert, Article, Instrument, Label, Notice, Reading, Report, Standing, Urgency, digest
from pipeline.store import Store
from pipeline.threads import Links

Correct = Callable[[Correction, datetime], tuple[Alert, ...]]
"""Turns a correction into one message per reader who was told what it corrects."""

MATERIAL = frozenset({"stage", "instrument", "signed_on"})
"""Slots of an agreement in which a changed page corrects what was told, where something was told of them; another party
is another agreement."""

_AGAIN = (Urgency.DIGEST, Urgency.UPDATE, Urgency.COUNTER)


def gone(store: Store, article: Article, reading: Reading, *, revised: bool) -> tuple[Report, ...]:
    """Reports of an article that are no longer made of it. Of a page that its outlet changed (`revised`) only those in
    whose place another party stands now: a page that has merely become shorter takes nothing back."""
    made = {each.key: each.partner for each in reading.reports if each.label is not Label.OTHER}
    stored = store.articles.reports(article.key)
    return tuple(
        report
        for report, held in stored
        if held is not None and made.get(report.key) != report.partner and (report.key in made or not revised)
    )


def reread(found: Links, correct: Correct, now: datetime) -> Iterator[Alert]:
    """Corrections of what was told and now reads otherwise, or is told by no report any longer."""
    for group in found.groups:
        before = group.before
        if before is not None and before.told and before.reports and visible_changes(before, group.agreement):
            yield from _corrected(group, correct, now)
    yield from _lost(found, correct, now)


def revised(found: Links, correct: Correct, telling: Collection[str], now: datetime) -> Iterator[Alert]:
    """Corrections of what was told and what its outlet says otherwise now; `telling` names the agreements that the same
    page tells as new."""
    for group in found.groups:
        before = group.before
        if before is None or not before.told or not before.reports or before.key in telling:
            continue
        stated = (slot for slot in visible_changes(before, group.agreement) if slot in MATERIAL)
        if any(getattr(before, slot) not in (None, Instrument.NONE) for slot in stated):
            yield from _corrected(group, correct, now)
    yield from _lost(found, correct, now)


def joined(group: Grouped, correct: Correct, now: datetime) -> tuple[Alert, ...]:
    """One correction to those who were told of two agreements that are one; nothing where one was told at most."""
    told = tuple(each for each in (group.before, *group.joined) if each is not None and each.told)
    if len(told) < 2:
        return ()
    keys = sorted(each.key for each in told)
    return correct(
        Correction(matter=digest("joined", *keys), after=group.agreement, told=told, cause=Cause.JOINED), now
    )


def not_twice(notices: tuple[Notice, ...], corrected: Collection[str]) -> tuple[Notice, ...]:
    """The notices without what a correction says at once to the same readers."""
    why = "said in a correction"
    return tuple(
        replace(each, urgency=Urgency.STORED, why=(*each.why, why))
        if each.agreement.key in corrected and not each.tells and each.urgency in _AGAIN
        else each
        for each in notices
    )


def _corrected(group: Grouped, correct: Correct, now: datetime) -> tuple[Alert, ...]:
    before = group.before
    assert before is not None
    matter = digest("reread", before.key, str(group.agreement.revision), now.isoformat())
    return correct(Correction(matter=matter, cause=Cause.REREAD, told=(before,), after=group.agreement), now)


def _lost(found: Links, correct: Correct, now: datetime) -> Iterator[Alert]:
    for before, after in (each for some in found.regrouped for each in some.retired):
        if before.told and after.standing is Standing.LOST:
            matter = digest("lost", before.key, now.isoformat())
            yield from correct(Correction(matter=matter, cause=Cause.LOST, told=(before,), after=after), now)
