"""What an agreement's record says was told of it and why, and how long that stands."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from alert_samples import NOW, article, linked, outlet, report

from pipeline.agreements import Grouped, Regrouped
from pipeline.alert.plan import SHIPPED, plan
from pipeline.model import Agreement, Label, Linked, Outlet, Stage, Trust, Urgency
from pipeline.threads import Links, changes_of


def after(link: Linked, stored: Agreement | None = None, source: Outlet | None = None) -> Agreement:
    """The agreement as it is stored after a report of it, with what the shipped watch makes of that."""
    known = replace(link, agreement=stored or link.agreement)
    notices = plan((known,), article(), source or outlet(), SHIPPED, now=NOW)
    told = {
        each.agreement.key: each.report.key for each in notices if each.tells and each.urgency is not Urgency.STORED
    }
    changes = changes_of(found(known, stored), told, notices)
    return changes[0].agreement if changes else known.agreement


def found(link: Linked, stored: Agreement | None = None) -> Links:
    """What linking led to, where it touched one agreement."""
    group = Grouped(agreement=link.agreement, before=stored, members=(), why={})
    return Links(links=(link,), regrouped=(Regrouped(groups=(group,), retired=()),))


def again(**changes: Any) -> Linked:
    return linked(report(key="r2"), created=False, **changes)


def test_an_alert_at_once_is_said_with_its_reasons_and_stands() -> None:
    first = after(linked())
    assert first.decision.startswith("at once: first report of this agreement's act: stage signed")
    assert "confidence 0.93 reaches 0.80" in first.decision
    assert first.told
    assert after(again(), first).decision == first.decision


def test_what_is_told_later_stands_behind_what_was_told_first() -> None:
    first = after(linked())
    changed = after(again(changed=("signed_on",)), first).decision
    assert changed == f"{first.decision} | later digest: told before; changed since: signed_on"
    once_more = after(again(changed=("stage",)), replace(first, decision=changed)).decision
    assert once_more == f"{first.decision} | later digest: told before; changed since: stage"


def test_talks_and_doubts_give_way_to_the_act() -> None:
    talks = after(linked(report(label=Label.EXPLORATORY, stage=Stage.EXPLORING)))
    assert talks.decision == "digest: talks, not an agreement yet"
    assert after(again(changed=("stage",)), talks).decision.startswith("at once: ")
    doubted = after(linked(), source=outlet(trust=Trust.UNVERIFIED))
    assert doubted.decision.startswith("digest: Kabar Nusa is unverified")
    assert after(again(), doubted).decision.startswith("at once: ")


def test_what_was_only_stored_says_so_until_it_is_told() -> None:
    weak = after(linked(report(confidence=0.3)))
    assert weak.decision == "stored: confidence 0.30 is below 0.50: stored, not told"
    assert after(again(), weak).decision.startswith("at once: ")
    assert after(linked(report(key="r2", confidence=0.2), created=False), weak).decision == weak.decision


def test_channels_that_differ_are_named() -> None:
    link = linked()
    wide = [replace(each, channel="desk") for each in plan((link,), article(), outlet(), SHIPPED, now=NOW)]
    narrow = replace(SHIPPED, partners=("US",))
    rest = [replace(each, channel="us") for each in plan((link,), article(), outlet(), narrow, now=NOW)]
    (change,) = changes_of(found(link), {"g1": "r1"}, (*rest, *wide))
    first, second = change.agreement.decision.split(" / ")
    assert first.startswith("desk: at once: ")
    assert second == "us: stored: partner JP is not watched"
