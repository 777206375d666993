"""People decide last: what they decide binds later articles, is told to who was told otherwise, and can be undone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from newsdesk import Newsdesk, opened

from pipeline.agreements import Member
from pipeline.errors import UsageError
from pipeline.model import (
    Agreement,
    AlertKind,
    Institution,
    Instrument,
    Label,
    Level,
    Relation,
    Report,
    Stage,
    Standing,
    Trust,
)

DAY = datetime(2026, 2, 5, 3, tzinfo=UTC)


def member(
    name: str,
    *,
    home: str = "komdigi",
    fields: str = "space",
    days: int = 0,
    stage: Stage = Stage.SIGNED,
    confidence: float = 0.9,
    trust: Trust = Trust.PRESS,
    relation: Relation = Relation.NEW,
) -> Member:
    talks = stage in (Stage.EXPLORING, Stage.NEGOTIATING)
    return Member(
        report=Report(
            key=f"{name}/0",
            article=name,
            label=Label.EXPLORATORY if talks else Label.AGREEMENT,
            stage=stage,
            instrument=Instrument.MOU,
            instrument_printed="MoU",
            title="",
            partner="NZ",
            level=Level.G2G,
            institutions=(
                Institution(id=home, name=home, country="ID"),
                Institution(id=f"nz_{home}", name=home, country="NZ"),
            ),
            fields=tuple(fields.split()),
            signatories=(),
            signed_on=None if talks else date(2026, 2, 5),
            signed_precision="" if talks else "day",
            place="",
            relation=relation,
            confidence=confidence,
            reasons=(),
            evidence=(),
        ),
        outlet=f"outlet-{name}",
        trust=trust,
        published=DAY + timedelta(days=days),
        discovered=DAY + timedelta(days=days, minutes=4),
    )


SPACE = (member("a"), member("b", days=1))
POWER = (member("p", home="esdm", fields="renewables"), member("q", home="esdm", fields="renewables", days=1))


@pytest.fixture
def desk() -> Iterator[Newsdesk]:
    made = opened((*SPACE, *POWER))
    assert made.deliver() == 4  # two agreements, two readers
    yield made
    made.store.close()


def key_of(desk: Newsdesk, name: str) -> str:
    return next(
        each.key
        for each in desk.agreements()
        if any(name in told.url for told in desk.store.agreements.reports(each.key))
    )


def at(desk: Newsdesk, name: str) -> str:
    """The address of an article."""
    return f"https://outlet-{name}.example/{name}"


def test_a_merge_binds_later_articles_and_corrects_what_was_told_twice(desk: Newsdesk) -> None:
    space, power = key_of(desk, "/a"), key_of(desk, "/p")
    ruled = desk.deciding.merge((space[:8], power), "Wirya", "one paper, two ministries")
    assert ruled.messages == 2
    assert desk.clusters() == {frozenset({"a#0", "b#0", "p#0", "q#0"})}
    (corrected,) = desk.messages(AlertKind.CORRECTION)
    assert "one and the same" in corrected.body
    assert "one paper, two ministries" in corrected.body
    (indonesian,) = desk.messages(AlertKind.CORRECTION, "id@x.example")
    assert indonesian.subject.startswith("Koreksi: ")
    assert corrected.items[0].agreement.key == space  # which names the thread
    gone = desk.store.agreements.get(power)
    assert gone is not None
    assert (gone.standing, gone.joined, gone.reports) == (Standing.JOINED, space, ())
    assert desk.take(member("later", home="esdm", fields="renewables", days=2)) == (space,)
    assert len(desk.messages(AlertKind.AGREEMENT)) == 2
    with pytest.raises(UsageError, match="part of"):
        desk.deciding.reject(power, "Wirya", "x")


def test_a_rejection_withdraws_what_was_told_and_keeps_later_reports_silent(desk: Newsdesk) -> None:
    space = key_of(desk, "/a")
    assert desk.deciding.reject(space, "Wirya", "a company's own paper").messages == 2
    (withdrawn,) = desk.messages(AlertKind.WITHDRAWAL)
    assert withdrawn.subject.startswith("Withdrawn: Indonesia and New Zealand sign")
    assert "a company's own paper" in withdrawn.body
    assert withdrawn.items[0].agreement.key == space
    assert space not in {each.key for each in desk.agreements()}
    assert desk.take(member("later", days=2, confidence=0.99)) == (space,)
    assert len(desk.messages(AlertKind.AGREEMENT)) == 2
    assert desk.deciding.undo(1, "Sari", "it is one after all").messages == 2
    assert "stands after all" in desk.messages(AlertKind.CORRECTION)[0].body
    assert space in {each.key for each in desk.agreements()}
    with pytest.raises(UsageError, match="undone already"):
        desk.deciding.undo(1, "Sari", "again")
    (decision,) = desk.store.decisions.list()
    assert (decision.author, decision.undone_by) == ("Wirya", "Sari")


def test_what_was_never_sent_is_not_sent_and_not_withdrawn() -> None:
    desk = opened(SPACE)
    assert desk.deciding.reject(key_of(desk, "/a"), "Wirya", "no").messages == 0
    assert desk.deliver() == 0
    assert {each.state for each in desk.store.outbox.list()} == {"dead"}
    desk.store.close()


def test_an_edit_stands_whatever_is_reported_later(desk: Newsdesk) -> None:
    space = key_of(desk, "/a")
    values = {"stage": "announced", "signed_on": "", "fields": "space,ai"}
    assert desk.deciding.edit(space, values, "Wirya", "only initialled").messages == 2
    (corrected,) = desk.messages(AlertKind.CORRECTION)
    assert "Stage: announced (told as: signed)" in corrected.body
    assert "Date of act: not stated" in corrected.body
    desk.take(member("later", days=2))
    found = desk.store.agreements.get(space)
    assert found is not None
    assert (found.stage, found.signed_on, found.fields) == (Stage.ANNOUNCED, None, ("space", "ai"))
    assert found.edited == ("fields", "signed_on", "signed_precision", "stage")
    desk.deciding.undo(1, "Wirya", "it was signed")
    again = desk.store.agreements.get(space)
    assert again is not None
    assert (again.stage, again.signed_on, again.edited) == (Stage.SIGNED, date(2026, 2, 5), ())


def abroad(one: Member, partner: str) -> Member:
    """The same report, read of another country."""
    organs = tuple(
        each if each.country == "ID" else replace(each, id=f"{partner.lower()}{each.id[2:]}", country=partner)
        for each in one.report.institutions
    )
    return replace(one, report=replace(one.report, partner=partner, institutions=organs))


def test_a_partner_that_a_person_set_holds_for_reports_of_either_name(desk: Newsdesk) -> None:
    space = key_of(desk, "/a")
    assert desk.deciding.edit(space, {"partner": "AU"}, "Wirya", "the minister of Australia").messages == 2
    (corrected,) = desk.messages(AlertKind.CORRECTION)
    assert "Partner: Australia (told as: New Zealand)" in corrected.body
    assert corrected.items[0].agreement.key == space
    assert desk.take(member("again", days=1)) == (space,)
    assert desk.take(abroad(member("right", days=1), "AU")) == (space,)
    assert desk.take(abroad(member("apart", home="bssn", fields="cybersecurity", days=1), "AU")) != (space,)
    assert desk.take(member("other", home="esdm", fields="renewables", days=2)) == (key_of(desk, "/p"),)
    found = desk.store.agreements.get(space)
    assert found is not None
    assert (found.partner, found.edited, len(found.reports)) == ("AU", ("partner",), 4)
    assert len(desk.messages(AlertKind.AGREEMENT)) == 3
    desk.deciding.undo(1, "Wirya", "New Zealand after all")
    again = desk.store.agreements.get(space)
    assert again is not None
    assert again.partner == "NZ"


def test_agreements_of_one_partner_as_decided_can_be_merged(desk: Newsdesk) -> None:
    (right,) = desk.take(abroad(member("right", days=1), "AU"))
    space = key_of(desk, "/a")
    with pytest.raises(UsageError, match="cannot be one"):
        desk.deciding.merge((right, space), "Wirya", "one")
    desk.deciding.edit(space, {"partner": "AU"}, "Wirya", "Australia")
    desk.deciding.merge((right, space), "Wirya", "one")
    assert {"a#0", "b#0", "right#0"} in desk.clusters()
    assert desk.take(member("again", days=1)) == (right,)
    assert desk.take(abroad(member("later", days=2), "AU")) == (right,)
    desk.deciding.undo(2, "Wirya", "two after all")
    found = {each.key: each.partner for each in desk.agreements()}
    assert (found[right], found[space]) == ("AU", "AU")


def test_institutions_that_a_person_set_are_told_and_link_later_reports(desk: Newsdesk) -> None:
    space = key_of(desk, "/a")
    desk.deciding.organs["brin"] = Institution(id="brin", name="Badan Riset dan Inovasi Nasional", country="ID")  # type: ignore[index]
    values = {"institutions": "brin; nz_space|NZ|New Zealand Space Agency"}
    with pytest.raises(UsageError, match="id\\|COUNTRY\\|Name"):
        desk.deciding.edit(space, values, "Wirya", "the agency signed")
    with pytest.raises(UsageError, match="perhaps brin"):
        desk.deciding.edit(space, {"institutions": "bri,nz_komdigi"}, "Wirya", "the agency signed")
    assert desk.deciding.edit(space, {"institutions": "brin, nz_komdigi"}, "Wirya", "the agency signed").messages == 2
    (corrected,) = desk.messages(AlertKind.CORRECTION)
    told = (
        "Institutions: Badan Riset dan Inovasi Nasional (ID) and komdigi (NZ) (told as: komdigi (ID) and komdigi (NZ))"
    )
    assert told in corrected.body
    later, brin = member("later", days=2), desk.deciding.organs["brin"]
    report = replace(later.report, institutions=(brin, *later.report.institutions[1:]))
    assert desk.take(replace(later, report=report)) == (space,)
    found = desk.store.agreements.get(space)
    assert found is not None
    assert [each.id for each in found.institutions] == ["brin", "nz_komdigi"]


def test_a_split_parts_reports_for_good_and_says_so(desk: Newsdesk) -> None:
    space = key_of(desk, "/a")
    ruled = desk.deciding.split(space, [at(desk, "b")], "Wirya", "the launch of another satellite")
    assert ruled.messages == 2
    assert {"a#0"} in desk.clusters()
    assert {"b#0"} in desk.clusters()
    (corrected,) = desk.messages(AlertKind.CORRECTION)
    assert "Apart from it: " in corrected.body
    desk.take(member("c", days=2))
    assert len(desk.messages(AlertKind.AGREEMENT)) == 2
    assert len(desk.clusters()) == 3
    desk.deciding.undo(1, "Wirya", "the same after all")
    assert {"a#0", "b#0", "c#0"} in desk.clusters()


@pytest.mark.parametrize(
    ("words", "ask"),
    [
        ("one agreement already", lambda d, k: d.merge((k, k), "w", "x")),
        ("no agreement that is stored", lambda d, k: d.merge((k, "ffff"), "w", "x")),
        ("needs its author", lambda d, k: d.reject(k, " ", "x")),
        ("needs its reason", lambda d, k: d.reject(k, "w", "")),
        ("one line of at most", lambda d, k: d.reject(k, "w", "x" * 501)),
        ("names no report", lambda d, k: d.split(k, ["https://x.example/none"], "w", "x")),
        ("leaves at least one", lambda d, k: d.split(k, ["https://outlet-a.example/a", at(d, "b")], "w", "x")),
        ("cannot be edited", lambda d, k: d.edit(k, {"confidence": "1"}, "w", "x")),
        ("is no country", lambda d, k: d.edit(k, {"partner": "Australia"}, "w", "x")),
        ("no institution that Kawat knows", lambda d, k: d.edit(k, {"institutions": "nobody"}, "w", "x")),
        ("is none of", lambda d, k: d.edit(k, {"stage": "sined"}, "w", "x")),
        ("is no date", lambda d, k: d.edit(k, {"signed_on": "2026-13"}, "w", "x")),
        ("is no field", lambda d, k: d.edit(k, {"fields": "Space Tech"}, "w", "x")),
        ("say what to set", lambda d, k: d.edit(k, {}, "w", "x")),
        ("there is no decision", lambda d, _: d.undo(7, "w", "x")),
    ],
)
def test_what_makes_no_sense_is_refused_and_changes_nothing(desk: Newsdesk, words: str, ask: object) -> None:
    before = desk.agreements()
    with pytest.raises(UsageError, match=words):
        ask(desk.deciding, key_of(desk, "/a"))  # type: ignore[operator]
    assert desk.agreements() == before
    assert desk.store.decisions.list() == ()


def facts(agreement: Agreement) -> Agreement:
    """An agreement without what counts its changes."""
    return replace(agreement, revision=0, decision="")


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_merge_then_split_restores(data: st.DataObject) -> None:
    organs = {"komdigi": "space", "esdm": "renewables", "bssn": "cybersecurity"}
    members = [
        member(
            f"{home}-{number}",
            home=home,
            fields=field,
            days=data.draw(st.integers(0, 5)),
            confidence=data.draw(st.sampled_from([0.6, 0.7, 0.95])),
        )
        for home, field in organs.items()
        for number in range(data.draw(st.integers(1, 3)))
    ]
    desk = opened(data.draw(st.permutations(members)))
    before = {each.key: facts(each) for each in desk.agreements()}
    one, other = data.draw(st.permutations(sorted(before)))[:2]
    parted = [told.url for told in desk.store.agreements.reports(other)]
    desk.deciding.merge((one, other), "Wirya", "one")
    assert len(desk.agreements()) == len(before) - 1
    if data.draw(st.booleans()):
        desk.deciding.split(one, parted, "Wirya", "two")
    else:
        desk.deciding.undo(1, "Wirya", "two")
    assert {each.key: facts(each) for each in desk.agreements()} == before
    desk.store.close()
