"""Which agreement a report speaks of: tables of cases, and any order of arrival."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from linking_desk import Desk, at, report

from pipeline.agreements import Member
from pipeline.model import (
    Agreement,
    Instrument,
    Level,
    Relation,
    Stage,
)

FIRST = at(report("a/0", on="2026-02-05"), "2026-02-05")

SAME = {
    "another outlet, next day": at(report("b/0", on="2026-02-05"), "2026-02-06"),
    "exchange two days later": at(report("b/0", on="2026-02-07"), "2026-02-07"),
    "no date, printed the same week": at(report("b/0"), "2026-02-09"),
    "only the month is known": at(report("b/0", on="2026-02"), "2026-02-20"),
    "organs unknown": at(report("b/0", on="2026-02-05", home="", abroad=""), "2026-02-06"),
    "partner's organ unknown": at(report("b/0", on="2026-02-05", abroad="nz_other"), "2026-02-06"),
    "hosted by the foreign ministry": at(report("b/0", on="2026-02-05", home="kemlu komdigi"), "2026-02-06"),
    "signing credited to the foreign ministry": at(report("b/0", on="2026-02-05", home="kemlu"), "2026-02-06"),
    "called an arrangement": at(report("b/0", on="2026-02-05", instrument=Instrument.ARRANGEMENT), "2026-02-06"),
    "told by what it is made with": at(report("b/0", on="2026-02-05", fields="geo_climate"), "2026-02-06"),
    "told by what it is made with, partner's organ unknown": at(
        report("b/0", on="2026-02-05", fields="geo_climate", abroad=""), "2026-02-06"
    ),
    "broad fields": at(report("b/0", on="2026-02-05", fields="general_digital"), "2026-02-06"),
    "more fields": at(report("b/0", on="2026-02-05", fields="space ai maritime telecom"), "2026-02-06"),
    "year misprinted": at(report("b/0", on="2025-02-05"), "2026-02-06"),
    "announced a month before, found late": at(report("b/0", stage=Stage.ANNOUNCED), "2026-01-04"),
    "negotiated half a year before": at(report("b/0", stage=Stage.NEGOTIATING), "2025-08-20"),
    "in force": at(report("b/0", stage=Stage.IN_FORCE, relation=Relation.UPDATE), "2026-09-01"),
    "carried out": at(report("b/0", stage=Stage.IMPLEMENTED, relation=Relation.UPDATE, on="2026-02-05"), "2027-05-01"),
    "carried out, day of the launch": at(
        report("b/0", stage=Stage.IMPLEMENTED, relation=Relation.UPDATE, on="2026-06-01"), "2026-06-02"
    ),
    "carried out with another organ": at(
        report("b/0", stage=Stage.IMPLEMENTED, relation=Relation.UPDATE, abroad="nz_spacecorp"), "2026-05-01"
    ),
    "recalled": at(report("b/0", relation=Relation.BACKGROUND), "2027-02-01"),
    "ended": at(report("b/0", stage=Stage.ENDED), "2028-01-15"),
}

OTHER = {
    "another partner": at(report("b/0", partner="AU", on="2026-02-05"), "2026-02-05"),
    "other ministries, same day": at(
        report("b/0", on="2026-02-05", home="esdm", abroad="nz_energy", fields="renewables"), "2026-02-05"
    ),
    "other fields, same ministries and day": at(report("b/0", on="2026-02-05", fields="postal"), "2026-02-05"),
    "other fields, same ministries, same week": at(
        report("b/0", on="2026-02-09", fields="online_safety"), "2026-02-09"
    ),
    "kindred fields, no organ in common to go by": at(
        report("b/0", on="2026-02-05", fields="geo_climate", home="", abroad=""), "2026-02-05"
    ),
    "kindred fields, two weeks later": at(report("b/0", on="2026-02-19", fields="geo_climate"), "2026-02-19"),
    "other partner organ, like field": at(
        report("b/0", on="2026-02-05", abroad="nz_spacecorp", fields="space defence"), "2026-02-05"
    ),
    "two months later": at(report("b/0", on="2026-04-10"), "2026-04-10"),
    "undated, two months later": at(report("b/0"), "2026-04-10"),
    "signed years before": at(report("b/0", on="2021-03-01", relation=Relation.BACKGROUND), "2026-02-06"),
    "a city's party secretary": at(report("b/0", stage=Stage.EXPLORING, level=Level.SUBNATIONAL), "2026-02-01"),
    "carried out, nothing in common but the field": at(
        report("b/0", stage=Stage.IMPLEMENTED, relation=Relation.UPDATE, home="esdm", abroad="nz_energy"), "2026-05-01"
    ),
    "new talks, months after": at(report("b/0", stage=Stage.EXPLORING), "2026-06-01"),
    "a treaty, not a letter": at(
        report("b/0", on="2026-02-05", instrument=Instrument.TREATY, home="", fields=""), "2026-02-05"
    ),
}


@pytest.mark.parametrize("name", SAME)
def test_one_agreement(name: str) -> None:
    for order in ((FIRST, SAME[name]), (SAME[name], FIRST)):
        desk = Desk()
        for one in order:
            desk.take(one)
        assert len(desk.threads) == 1, (name, [one.report.key for one in order])


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("batan", "~bapeten", True),
        ("~brin", "kemdiktisaintek", True),
        ("~brin", "~kemdiktisaintek", True),
        ("brin", "bapeten", False),
        ("batan", "~esdm", False),
        ("bpom", "~kemenkes", True),
        ("~kemdiktisaintek", "~esdm", False),
    ],
)
def test_a_described_organ_may_be_a_kindred_one(one: str, other: str, same: bool) -> None:
    """The two differ in nothing else, but the partner's organ is named once only."""
    for first, second in ((one, other), (other, one)):
        desk = Desk()
        desk.take(at(report("a/0", home=first, fields="nuclear", on="2026-02-05"), "2026-02-05"))
        desk.take(at(report("b/0", home=second, abroad="", fields="nuclear"), "2026-02-06"))
        assert (len(desk.threads) == 1) is same


@pytest.mark.parametrize("name", OTHER)
def test_two_agreements(name: str) -> None:
    for order in ((FIRST, OTHER[name]), (OTHER[name], FIRST)):
        desk = Desk()
        for one in order:
            desk.take(one)
        assert len(desk.threads) == 2, name


@pytest.mark.parametrize(("cases", "threads"), [(SAME, 1), (OTHER, 2)])
def test_another_home_country_links_alike(cases: dict[str, Member], threads: int) -> None:
    for name, case in cases.items():
        desk = Desk()
        for each in (FIRST, case):
            institutions = (
                replace(one, country="MY" if one.country == "ID" else one.country) for one in each.report.institutions
            )
            desk.take(replace(each, report=replace(each.report, institutions=tuple(institutions))))
        assert len(desk.threads) == threads, name


@pytest.mark.parametrize(
    ("other", "day", "same"),
    [
        ({"fields": "online_safety digital_talent", "home": "", "abroad": ""}, "2026-02-06", True),
        ({"fields": "online_safety digital_talent", "home": "bssn", "abroad": ""}, "2026-02-06", False),
        ({"fields": "online_safety", "home": "", "abroad": ""}, "2026-03-20", False),
        ({"fields": "nuclear", "home": "", "abroad": ""}, "2026-02-06", False),
        ({"fields": "online_safety", "home": "", "abroad": "", "stage": Stage.SIGNED}, "2026-02-06", False),
    ],
)
def test_talks_of_the_same_days_where_one_report_names_no_organ(other: dict[str, str], day: str, same: bool) -> None:
    talks = at(report("a/0", fields="general_digital", stage=Stage.NEGOTIATING), "2026-02-05")
    further = at(report("b/0", **({"stage": Stage.EXPLORING} | other)), day)  # type: ignore[arg-type]
    for order in ((talks, further), (further, talks)):
        desk = Desk()
        for one in order:
            desk.take(one)
        assert (len(desk.threads) == 1) is same


@pytest.mark.parametrize(
    ("other", "same"),
    [
        ({"on": "2026-02-05"}, True),
        ({"on": "2026-02-05", "home": "bssn"}, False),
        ({"on": "2026-02-05", "fields": "nuclear"}, False),
        ({"on": "2026-02-20"}, False),
        ({}, False),
    ],
)
def test_a_report_that_says_only_that_it_is_digital(other: dict[str, str], same: bool) -> None:
    signed = at(report("a/0", fields="online_safety", on="2026-02-05"), "2026-02-05")
    further = at(report("b/0", **({"fields": "general_digital", "home": "", "abroad": ""} | other)), "2026-02-20")  # type: ignore[arg-type]
    for order in ((signed, further), (further, signed)):
        desk = Desk()
        for each in order:
            desk.take(each)
        assert (len(desk.threads) == 1) is same


def test_the_life_of_one_thread() -> None:
    desk = Desk()
    steps = [
        (Stage.EXPLORING, "2026-01-05", "", Relation.NEW),
        (Stage.ANNOUNCED, "2026-01-25", "", Relation.NEW),
        (Stage.SIGNED, "2026-02-10", "2026-02-10", Relation.NEW),
        (Stage.IN_FORCE, "2026-06-10", "", Relation.UPDATE),
        (Stage.IMPLEMENTED, "2026-11-10", "", Relation.UPDATE),
        (Stage.ENDED, "2028-03-10", "", Relation.NEW),
    ]
    said = [
        desk.take(at(report(f"s{n}/0", stage=stage, on=on, relation=relation), day))
        for n, (stage, day, on, relation) in enumerate(steps)
    ]
    assert len(desk.threads) == 1
    assert [each.created for each in said] == [True] + [False] * 5
    assert [each.agreement.stage for each in said] == [stage for stage, *_ in steps]
    assert said[2].changed == ("stage", "signed_on")
    assert said[-1].agreement.revision == 6
    assert said[-1].agreement.signed_on == date(2026, 2, 10)


def test_what_was_announced_on_a_day_is_signed_on_another() -> None:
    desk = Desk()
    desk.take(
        at(report("a/0", stage=Stage.ANNOUNCED, on="2026-02-05", instrument=Instrument.JOINT_STATEMENT), "2026-02-05")
    )
    said = desk.take(at(report("b/0", on="2026-09-10", instrument=Instrument.AGREEMENT), "2026-09-10"))
    assert not said.created
    assert said.changed == ("instrument", "stage", "signed_on")


def test_a_renewal_years_later_is_a_new_event_in_the_chain() -> None:
    desk = Desk()
    first = desk.take(FIRST).agreement
    renewed = desk.take(at(report("r/0", stage=Stage.RENEWED, on="2029-02-01"), "2029-02-02"))
    assert renewed.created
    assert renewed.agreement.parent == first.key
    assert desk.take(at(report("r2/0", stage=Stage.RENEWED), "2029-02-04")).agreement.key == renewed.agreement.key


def test_two_reports_of_one_article_are_two_agreements() -> None:
    desk = Desk()
    desk.take(at(report("a/0", on="2026-02-05"), "2026-02-05"))
    desk.take(at(report("a/1", on="2026-02-05"), "2026-02-05"))
    assert len(desk.threads) == 2


def test_replaying_a_report_changes_nothing() -> None:
    desk = Desk()
    desk.take(FIRST)
    desk.take(SAME["another outlet, next day"])
    before = desk.threads
    again = Desk(threads=dict(before))
    for one in (FIRST, SAME["another outlet, next day"]):
        assert again.take(one).changed == ()
    assert {key: thread.agreement for key, thread in again.threads.items()} == {
        key: thread.agreement for key, thread in before.items()
    }


def test_a_copy_joins_the_thread_of_its_original() -> None:
    desk = Desk()
    desk.take(FIRST)
    thin = at(report("c/0", home="", abroad="", fields=""), "2026-02-10", copy="a")
    assert not desk.take(thin).created
    alone = Desk()
    alone.take(FIRST)
    assert alone.take(replace(thin, duplicate_of=None)).created


@st.composite
def arrivals(draw: st.DrawFn) -> list[Member]:
    """Up to five agreements of one partner, each with reports over its life: organs, fields and dates of their own."""
    members: list[Member] = []
    organs = ["komdigi", "esdm", "brin", "bssn", "kemhan"]
    matters = ["telecom", "renewables", "space", "cybersecurity", "defence"]
    for number in range(draw(st.integers(1, 5))):
        day = date(2026, 1, 10) + timedelta(days=draw(st.integers(0, 60)))
        life = draw(st.lists(st.sampled_from(["signed", "bare", "announced", "update"]), min_size=1, max_size=5))
        for place, kind in enumerate(life):
            shift = {"signed": 0, "bare": 2, "announced": -20, "update": 90}[kind] + place % 2
            stage = {"announced": Stage.ANNOUNCED, "update": Stage.IMPLEMENTED}.get(kind, Stage.SIGNED)
            one = report(
                f"{number}-{place}/0",
                stage=stage,
                home=organs[number],
                abroad=f"nz_{organs[number]}",
                fields=matters[number],
                on=day.isoformat() if kind == "signed" else "",
                relation=Relation.UPDATE if kind == "update" else Relation.NEW,
            )
            members.append(at(one, (day + timedelta(days=shift)).isoformat()))
    return members


@settings(max_examples=80, deadline=None)
@given(arrivals(), st.randoms(use_true_random=False))
def test_clusters_do_not_depend_on_the_order_of_arrival(members: list[Member], rng: random.Random) -> None:
    answers: list[tuple[set[frozenset[str]], dict[frozenset[str], Agreement]]] = []
    for _ in range(3):
        desk = Desk()
        for one in members:
            desk.take(one)
        merged = {
            frozenset(each.report.key for each in thread.members): replace(
                thread.agreement, key="", revision=0, parent=None, decision=""
            )
            for thread in desk.threads.values()
        }
        answers.append((desk.clusters(), merged))
        rng.shuffle(members)
    assert answers[0] == answers[1] == answers[2]
    assert {frozenset(key.split("-")[0] for key in cluster) for cluster in answers[0][0]} == {
        frozenset([one.report.key.split("-")[0]]) for one in members
    }


def test_progress_belongs_to_the_paper_rather_than_to_later_talks() -> None:
    desk = Desk()
    signed = desk.take(FIRST).agreement
    talks = desk.take(at(report("t/0", stage=Stage.EXPLORING, abroad=""), "2026-04-20")).agreement
    assert talks.key != signed.key
    carried = report("c/0", stage=Stage.IMPLEMENTED, relation=Relation.UPDATE, abroad="")
    assert desk.take(at(carried, "2026-05-10")).agreement.key == signed.key
