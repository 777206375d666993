"""The shipped watch, as a table: what is told at once, in the digest, in the starting picture, or not at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from alert_samples import NOW, agreement, article, linked, outlet, report, stamp

from pipeline.alert.plan import SHIPPED, Updates, Watch, plan
from pipeline.model import Instrument, Label, Level, Linked, Notice, Relation, Stage, Standing, Trust, Urgency

AT_ONCE, DIGEST, PICTURE, STORED = Urgency.AT_ONCE, Urgency.DIGEST, Urgency.STARTING_PICTURE, Urgency.STORED


def one(link: Linked | None = None, **options: Any) -> Notice:
    page = options.pop("page", article())
    source = options.pop("source", outlet())
    watch = options.pop("watch", SHIPPED)
    (notice,) = plan((link or linked(),), page, source, watch, now=NOW, **options)
    return notice


@pytest.mark.parametrize(
    ("changes", "urgency", "heading"),
    [
        ({}, AT_ONCE, ""),
        ({"stage": Stage.RENEWED}, AT_ONCE, ""),
        ({"stage": Stage.IN_FORCE}, AT_ONCE, ""),
        ({"stage": Stage.ANNOUNCED, "instrument": Instrument.JOINT_STATEMENT}, AT_ONCE, ""),
        ({"stage": Stage.ANNOUNCED, "instrument": Instrument.NONE}, AT_ONCE, ""),
        ({"stage": Stage.ANNOUNCED, "label": Label.EXPLORATORY}, DIGEST, "talks"),
        ({"stage": Stage.EXPLORING, "label": Label.EXPLORATORY}, DIGEST, "talks"),
        ({"stage": Stage.NEGOTIATING, "label": Label.EXPLORATORY}, DIGEST, "talks"),
        ({"stage": Stage.IMPLEMENTED}, DIGEST, "progress"),
        ({"stage": Stage.SIGNED, "relation": Relation.UPDATE}, DIGEST, "progress"),
        ({"stage": Stage.ENDED}, DIGEST, "ended"),
        ({"relation": Relation.BACKGROUND}, STORED, ""),
        ({"label": Label.OTHER}, STORED, ""),
        ({"confidence": 0.80}, AT_ONCE, ""),
        ({"confidence": 0.79}, DIGEST, "less sure"),
        ({"confidence": 0.50}, DIGEST, "less sure"),
        ({"confidence": 0.49}, STORED, ""),
        ({"level": Level.AGENCY}, AT_ONCE, ""),
        ({"level": Level.SOE}, AT_ONCE, ""),
        ({"level": Level.SUBNATIONAL}, DIGEST, "less sure"),
    ],
)
def test_shipped_watch(changes: dict[str, Any], urgency: Urgency, heading: str) -> None:
    notice = one(linked(report(**changes)))
    assert (notice.urgency, notice.heading) == (urgency, heading)
    assert notice.why and all(notice.why)
    assert notice.tells is (urgency is AT_ONCE)


def test_an_agreement_alerts_once() -> None:
    told = agreement(told=True, sources=2)
    assert one(linked(a=told, created=False)).urgency is STORED
    changed = one(linked(a=told, created=False, changed=("signed_on",)))
    assert (changed.urgency, changed.heading) == (DIGEST, "progress")


def test_the_same_agreement_twice_in_one_article_alerts_once() -> None:
    notices = plan((linked(), linked(report(key="r2"))), article(), outlet(), SHIPPED, now=NOW)
    assert [notice.urgency for notice in notices] == [AT_ONCE, STORED]


def test_talks_in_a_digest_do_not_use_up_the_alert() -> None:
    link = linked(a=agreement(told=False), created=False, changed=("stage",))
    assert one(link, digested={"g1"}).urgency is AT_ONCE


def test_unchanged_talks_are_not_digested_again() -> None:
    talks = report(label=Label.EXPLORATORY, stage=Stage.EXPLORING)
    assert one(linked(talks, created=False), digested={"g1"}).urgency is STORED
    assert one(linked(talks, created=False)).urgency is DIGEST
    assert one(linked(talks, created=False, changed=("partner",)), digested={"g1"}).urgency is DIGEST


@pytest.mark.parametrize(
    ("age", "precision", "urgency"),
    [
        (71, "minute", AT_ONCE),
        (73, "minute", DIGEST),
        (90, "day", AT_ONCE),
        (97, "day", DIGEST),
        (-48, "minute", AT_ONCE),
    ],
)
def test_age_of_the_page(age: int, precision: str, urgency: Urgency) -> None:
    published = NOW - timedelta(hours=age)
    page = article(published=stamp(published, precision))
    notice = one(linked(report(signed_on=None)), page=page)
    assert notice.urgency is urgency
    if urgency is DIGEST:
        assert notice.heading == "found late" and notice.tells


@pytest.mark.parametrize(
    ("day", "precision", "urgency"),
    [
        (date(2025, 2, 25), "day", AT_ONCE),
        (date(2025, 2, 20), "day", DIGEST),
        (date(2025, 2, 1), "month", AT_ONCE),
        (date(2025, 1, 1), "month", DIGEST),
        (date(2025, 1, 1), "year", AT_ONCE),
        (date(2023, 1, 1), "year", DIGEST),
        (None, "", AT_ONCE),
    ],
)
def test_age_of_the_act(day: date | None, precision: str, urgency: Urgency) -> None:
    link = linked(report(signed_on=day, signed_precision=precision))
    assert one(link).urgency is urgency
    assert one(link, age_rules=False).urgency is AT_ONCE


def test_undated_pages_count_from_discovery_and_say_so() -> None:
    notice = one(page=article(published=None))
    assert notice.urgency is AT_ONCE
    assert any("discovery" in why for why in notice.why)


@pytest.mark.parametrize(("days", "urgency"), [(1, PICTURE), (6, PICTURE), (8, STORED), (None, PICTURE)])
def test_baseline(days: int | None, urgency: Urgency) -> None:
    published = None if days is None else stamp(NOW - timedelta(days=days))
    page = article(published=published, baseline=True)
    notice = one(linked(report(signed_on=None)), page=page)
    assert notice.urgency is urgency
    assert notice.tells is (urgency is PICTURE)
    talks = report(label=Label.EXPLORATORY, stage=Stage.EXPLORING)
    assert not one(linked(talks), page=page).tells


@pytest.mark.parametrize(
    ("changes", "heading"),
    [
        ({}, ""),
        ({"label": Label.EXPLORATORY, "stage": Stage.NEGOTIATING}, "talks"),
        ({"stage": Stage.IMPLEMENTED}, "progress"),
        ({"relation": Relation.UPDATE}, "progress"),
        ({"stage": Stage.ENDED}, "ended"),
        ({"confidence": 0.6}, "less sure"),
    ],
)
def test_a_starting_picture_heads_its_items_as_the_digest_does(changes: dict[str, Any], heading: str) -> None:
    link = linked(report(**changes))
    picture = one(link, page=article(baseline=True))
    assert (picture.urgency, picture.heading) == (PICTURE, heading)
    later = one(link)
    assert later.heading == heading


def test_unverified_never_alone_but_promoted_by_another_trust() -> None:
    alone = one(source=outlet(trust=Trust.UNVERIFIED))
    assert (alone.urgency, alone.heading, alone.tells) == (DIGEST, "unconfirmed", False)
    second = linked(a=agreement(sources=2), created=False)
    assert one(second, source=outlet(trust=Trust.WIRE), digested={"g1"}).urgency is AT_ONCE


@pytest.mark.parametrize(
    ("origin", "trust", "urgency"),
    [
        (Trust.WIRE, Trust.PRESS, STORED),
        (Trust.UNVERIFIED, Trust.WIRE, AT_ONCE),
        (Trust.UNVERIFIED, Trust.UNVERIFIED, STORED),
    ],
)
def test_copies(origin: Trust, trust: Trust, urgency: Urgency) -> None:
    assert one(source=outlet(trust=trust), copy_of=origin).urgency is urgency


@pytest.mark.parametrize(
    ("repeats", "link", "urgency"),
    [
        (None, linked(), STORED),
        ({}, linked(), AT_ONCE),
        ({"other": 0.99}, linked(), AT_ONCE),
        ({"g1": 0.99}, linked(), STORED),
        ({"g1": 0.6}, linked(created=False), AT_ONCE),
        ({"g1": 0.6}, linked(report(confidence=0.6), created=False), STORED),
        ({"g1": 0.6}, linked(a=agreement(told=True), created=False), STORED),
        ({"g1": 0.99}, linked(created=False, changed=("stage",)), AT_ONCE),
    ],
)
def test_a_copy_tells_what_only_it_reports_or_makes_sure(
    repeats: dict[str, float] | None, link: Linked, urgency: Urgency
) -> None:
    assert one(link, copy_of=Trust.PRESS, repeats=repeats).urgency is urgency


def test_what_the_register_knows_is_not_new() -> None:
    notice = one(linked(a=agreement(register="jp-2023")))
    assert notice.urgency is DIGEST


def test_independent_reports_together_make_sure() -> None:
    assert one(linked(report(confidence=0.7), created=False, together=0.86)).urgency is AT_ONCE
    assert one(linked(report(confidence=0.7), created=False, together=0.79)).urgency is DIGEST


def test_an_unverified_report_of_what_a_verified_one_tells_is_not_alone() -> None:
    doubtful = outlet(trust=Trust.UNVERIFIED)
    assert one(linked(report(confidence=0.75), together=0.85), source=doubtful).urgency is DIGEST
    assert one(linked(report(confidence=0.75), together=0.85, backed=True), source=doubtful).urgency is AT_ONCE


def test_what_a_person_rejected_is_told_to_nobody() -> None:
    assert one(linked(a=agreement(standing=Standing.REJECTED))).urgency is STORED


@pytest.mark.parametrize(
    "narrow",
    [{"partners": ("US",)}, {"fields": ("ai",)}, {"languages": ("en",)}, {"institutions": ("bssn",)}],
)
def test_narrow_watches(narrow: dict[str, Any]) -> None:
    assert one(watch=replace(SHIPPED, **narrow)).urgency is STORED
    wide = replace(SHIPPED, partners=("JP",), fields=("telecom",), languages=("id",), institutions=("komdigi",))
    assert one(watch=wide).urgency is AT_ONCE


def test_a_clock_set_back_does_not_make_pages_old() -> None:
    page = article(discovered_at=NOW + timedelta(days=30))
    assert one(page=page).urgency is AT_ONCE


def told_before(**changes: Any) -> Linked:
    return linked(a=agreement(told=True), created=False, **changes)


@pytest.mark.parametrize(
    ("link", "watch", "urgency"),
    [
        (told_before(changed=("place",)), Watch(), Urgency.DIGEST),
        (told_before(changed=("place",)), Watch(updates=Updates.ALL), Urgency.UPDATE),
        (told_before(changed=("place",)), Watch(updates=Updates.ALL, at_once=False), Urgency.DIGEST),
        (told_before(r=report(stage=Stage.ENDED), changed=("stage",)), Watch(), Urgency.UPDATE),
        (told_before(r=report(stage=Stage.ENDED), changed=("stage",)), Watch(updates=Updates.NONE), Urgency.DIGEST),
        (told_before(r=report(confidence=0.6), changed=("place",)), Watch(updates=Updates.ALL), Urgency.DIGEST),
        (told_before(), Watch(), Urgency.STORED),
        (told_before(), Watch(counts=True), Urgency.COUNTER),
        (told_before(), Watch(counts=True, partners=("KR",)), Urgency.STORED),
        (linked(), Watch(at_once=False), Urgency.DIGEST),
    ],
)
def test_what_becomes_of_what_was_told(link: Linked, watch: Watch, urgency: Urgency) -> None:
    (notice,) = plan((link,), article(), outlet(), watch, now=NOW)
    assert notice.urgency is urgency, notice.why


def test_a_channel_misses_nothing_because_another_one_was_told() -> None:
    link = told_before()
    (here,) = plan((link,), article(), outlet(), SHIPPED, now=NOW)
    (there,) = plan((link,), article(), outlet(), SHIPPED, now=NOW, elsewhere=("g1",))
    assert (here.urgency, there.urgency, there.tells) == (Urgency.STORED, Urgency.AT_ONCE, True)
    old = linked(a=agreement(told=True, first_discovered=NOW - timedelta(days=9)), created=False)
    (late,) = plan((old,), article(), outlet(), SHIPPED, now=NOW, elsewhere=("g1",))
    assert (late.urgency, late.heading) == (Urgency.DIGEST, "found late")
