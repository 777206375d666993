"""Any order of arrival: the same agreements, the same number of alerts, but for two that were told and are one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from newsdesk import Newsdesk, opened
from test_agreements_deciding import DAY, member

from pipeline.agreements import Member, Thread, regroup
from pipeline.model import AlertKind, Relation, Stage, Trust, Urgency

ORGANS = ("komdigi", "esdm")
MATTERS = ("space", "renewables", "general_digital", "space renewables")


@st.composite
def reports(draw: st.DrawFn, trusts: tuple[Trust, ...] = (Trust.PRESS, Trust.PRESS, Trust.UNVERIFIED)) -> list[Member]:
    """Reports with one partner over some weeks, of which any may belong together: few organs, few fields, some unnamed,
    talks and follow-ups among the acts, sure and less sure, of papers and of doubtful sites."""
    members = []
    for number in range(draw(st.integers(2, 6))):
        stage = draw(st.sampled_from([Stage.SIGNED, Stage.SIGNED, Stage.SIGNED, Stage.EXPLORING, Stage.IN_FORCE]))
        one = member(
            f"r{number}",
            home=draw(st.sampled_from(ORGANS)),
            fields=draw(st.sampled_from(MATTERS)),
            days=draw(st.integers(0, 30)),
            stage=stage,
            confidence=draw(st.sampled_from([0.6, 0.95])),
            trust=draw(st.sampled_from(trusts)),
            relation=draw(st.sampled_from([Relation.NEW, Relation.NEW, Relation.UPDATE])),
        )
        report = one.report
        keep = draw(st.sampled_from(["both", "home", "abroad", "none"]))
        named = tuple(
            each
            for each in report.institutions
            if keep == "both"
            or (keep == "home" and each.country == "ID")
            or (keep == "abroad" and each.country != "ID")
        )
        dated = draw(st.booleans())
        shift = timedelta(days=draw(st.integers(-3, 3)))
        signed = one.published.date() + shift if dated and report.signed_on and one.published else None
        report = replace(
            report, institutions=named, signed_on=signed, signed_precision="day" if signed is not None else ""
        )
        members.append(replace(one, report=report))
    return members


def bridge() -> list[Member]:
    """Two reports that share nothing but the day, and an earlier one that has the organ of either."""
    here = member("r0", home="komdigi", fields="space", days=2)
    there = member("r1", home="komdigi", fields="space", days=3)
    both = member("r2", home="komdigi", fields="space", days=1)
    left = replace(
        here.report, institutions=here.report.institutions[:1], fields=(), signed_on=None, signed_precision=""
    )
    right = replace(
        there.report, institutions=there.report.institutions[1:], fields=(), signed_on=None, signed_precision=""
    )
    return [replace(here, report=left), replace(there, report=right), both]


def _of(name: str, days: int, *, organs: tuple[str, ...] = (), signed: int | None = None, **facts: Any) -> Member:
    """A report of a day with the named organs only; `signed` counts days as `days` does."""
    one = member(name, days=days, home="esdm", confidence=0.95, trust=Trust.PRESS, **facts)
    named = tuple(each for each in one.report.institutions if each.id in organs)
    day = (DAY + timedelta(days=signed)).date() if signed is not None else None
    printed = "day" if day is not None else ""
    return replace(one, report=replace(one.report, institutions=named, signed_on=day, signed_precision=printed))


def taken_along() -> list[Member]:
    """Two papers that are taken for one until a follow-up on the second, printed between them, sets them apart."""
    return [
        _of("r0", 4, signed=2, stage=Stage.IN_FORCE, fields="space renewables"),
        _of("r1", 12, organs=("nz_esdm",), fields="space"),
        _of("r2", 5, organs=("esdm", "nz_esdm"), stage=Stage.EXPLORING, relation=Relation.UPDATE, fields="renewables"),
        _of(
            "r3",
            11,
            organs=("nz_esdm",),
            signed=12,
            stage=Stage.IN_FORCE,
            relation=Relation.UPDATE,
            fields="space renewables",
        ),
    ]


def outcome(desk: Newsdesk) -> tuple[set[frozenset[str]], int, int]:
    """The agreements, the alerts at once, and the corrections, as one reader sees them."""
    alerts = len(desk.messages(AlertKind.AGREEMENT))
    return desk.clusters(), alerts, len(desk.messages(AlertKind.CORRECTION))


def grouped(members: list[Member]) -> set[frozenset[str]]:
    """The agreements of reports that arrive one by one, without a store."""
    threads: dict[str, Thread] = {}
    for each in members:
        found = regroup((each,), tuple(threads.values()))
        for gone, after in found.retired:
            threads[gone.key] = Thread(agreement=after, members=())
        threads |= {one.agreement.key: Thread(agreement=one.agreement, members=one.members) for one in found.groups}
    return {frozenset(one.report.key for one in thread.members) for thread in threads.values() if thread.members}


@settings(max_examples=150, deadline=None)
@given(reports(), st.randoms(use_true_random=False))
def test_any_order_makes_the_same_agreements(members: list[Member], rng: Random) -> None:
    mixed = list(members)
    rng.shuffle(mixed)
    assert grouped(members) == grouped(members[::-1]) == grouped(mixed)


@pytest.mark.slow
@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.generate],
)
@given(reports(trusts=(Trust.PRESS,)), st.randoms(use_true_random=False))
@example(bridge(), Random(1))
@example(taken_along(), Random(1))
def test_any_order_makes_the_same_agreements_and_tells_them_once(members: list[Member], rng: Random) -> None:
    """Acts that are sure by themselves: what only two reports together make sure may be told although a report that
    comes later parts them."""
    answers = []
    for order in (members, members[::-1], _shuffled(members, rng)):
        desk = opened(order)
        answers.append(outcome(desk))
        for each in order:  # the whole batch again
            desk.take(each)
        assert outcome(desk) == answers[-1]
        desk.store.close()
    clusters = [each[0] for each in answers]
    assert clusters[0] == clusters[1] == clusters[2]
    told = {alerts - corrections for _, alerts, corrections in answers}
    assert len(told) == 1, answers


def _shuffled(members: list[Member], rng: Random) -> list[Member]:
    mixed = list(members)
    rng.shuffle(mixed)
    return mixed


def test_a_follow_up_that_sets_two_papers_apart_tells_the_second_one() -> None:
    desk = opened(taken_along()[:3])
    assert outcome(desk) == ({frozenset({"r0#0", "r1#0"}), frozenset({"r2#0"})}, 1, 0)
    desk.take(taken_along()[3])
    apart = ({frozenset({"r0#0"}), frozenset({"r1#0", "r2#0", "r3#0"})}, 2, 0)
    assert outcome(desk) == apart
    for each in taken_along():
        desk.take(each)
    assert outcome(desk) == apart
    desk.store.close()


def test_a_late_report_that_joins_two_told_agreements_sends_one_correction() -> None:
    left, right, both = bridge()
    desk = opened([left, right])
    desk.deliver()
    assert outcome(desk)[1:] == (2, 0)
    late = replace(both, discovered=DAY + timedelta(days=4))
    desk.take(replace(late, published=both.published))
    clusters, alerts, corrections = outcome(desk)
    assert clusters == {frozenset({"r0#0", "r1#0", "r2#0"})}
    assert (alerts, corrections) == (2, 1)
    assert [each.joined is not None for each in desk.store.agreements.list(every=True)].count(True) == 1
    desk.store.close()


@pytest.mark.parametrize("confidences", [(0.75, 0.75, 0.75), (0.6, 0.75, 0.6)])
@pytest.mark.parametrize("doubtful", [0, 1, 2])
def test_reports_that_only_together_are_sure_alert_once_whichever_comes_last(
    confidences: tuple[float, ...], doubtful: int
) -> None:
    members = [
        member(
            f"r{number}",
            days=number,
            confidence=confidence,
            trust=Trust.UNVERIFIED if number == doubtful else Trust.PRESS,
        )
        for number, confidence in enumerate(confidences)
    ]
    told = set()
    for order in (members, members[::-1], [members[1], members[2], members[0]]):
        desk = opened(order)
        told.add(outcome(desk)[1])
        desk.store.close()
    assert told == {1}


def test_an_unverified_report_waits_and_an_independent_one_promotes_it() -> None:
    desk = opened([member("r0", trust=Trust.UNVERIFIED, confidence=0.95)])
    assert outcome(desk)[1] == 0
    assert [each.notice.heading for each in desk.store.notices.pending(Urgency.DIGEST)] == ["unconfirmed"]
    desk.take(member("r1", days=1, confidence=0.65))
    assert outcome(desk)[1] == 1
    desk.store.close()
