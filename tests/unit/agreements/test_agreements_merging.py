"""An agreement is a function of the set of its reports: who leads a slot, who counts as a source, what is material."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest

from pipeline.agreements import Member, changes, conflicts, merge, origins
from pipeline.agreements.sources import filed as filed_at
from pipeline.model import (
    Evidence,
    Institution,
    Instrument,
    Label,
    Level,
    Relation,
    Report,
    Signatory,
    Stage,
    Trust,
)

DAY = datetime(2026, 2, 5, 3, tzinfo=UTC)

BASE = Report(
    key="a/0",
    article="a",
    label=Label.AGREEMENT,
    stage=Stage.SIGNED,
    instrument=Instrument.MOU,
    instrument_printed="MoU",
    title="",
    partner="NZ",
    level=Level.G2G,
    institutions=(Institution(id="komdigi", name="Komdigi", country="ID"),),
    fields=("space",),
    signatories=(Signatory(name="Wirya Nasution", post="Dirjen", side="ID"),),
    signed_on=date(2026, 2, 5),
    signed_precision="day",
    place="Wellington",
    relation=Relation.NEW,
    confidence=0.80,
    reasons=("signing verb",),
    evidence=(),
)


def by(
    name: str,
    *,
    outlet: str = "",
    hours: int = 0,
    trust: Trust = Trust.PRESS,
    wire: str = "",
    copy: str | None = None,
    **slots: object,
) -> Member:
    return Member(
        report=replace(BASE, key=f"{name}/0", article=name, **slots),  # type: ignore[arg-type]
        outlet=outlet or name,
        trust=trust,
        published=DAY + timedelta(hours=hours),
        discovered=DAY + timedelta(hours=hours, minutes=5),
        duplicate_of=copy,
        wire=wire,
    )


def test_reprints_share_one_origin() -> None:
    members = (
        by("a", trust=Trust.WIRE, outlet="antara_id", wire="antara"),
        by("b", wire="antara"),
        by("c", copy="b"),
        by("d"),
        by("e", copy="gone"),
        by("f", copy="gone"),
    )
    said = origins(members)
    assert len({said[f"{name}/0"] for name in "abc"}) == 1
    assert said["e/0"] == said["f/0"]
    assert len(set(said.values())) == 3
    assert merge(members, key="k").sources == 3


def test_copies_that_name_each_other_end() -> None:
    assert len(set(origins((by("a", copy="b"), by("b", copy="a"))).values())) <= 2


def test_independent_sources_raise_confidence_reprints_do_not() -> None:
    alone = merge((by("a"),), key="k")
    reprinted = merge((by("a"), by("b", copy="a"), by("c", copy="a")), key="k")
    second = merge((by("a"), by("b")), key="k")
    third = merge((by("a"), by("b"), by("c")), key="k")
    assert alone.confidence == reprinted.confidence == 0.80
    assert second.confidence == pytest.approx(0.90)
    assert 0.90 < third.confidence < 1
    assert "2 independent sources" in second.reasons
    assert any("reprint" in reason for reason in reprinted.reasons)
    assert merge(tuple(by(f"o{n}", confidence=0.98) for n in range(9)), key="k").confidence == 0.99


def test_unverified_outlets_do_not_lead() -> None:
    lone = merge((by("a", trust=Trust.UNVERIFIED, confidence=0.95),), key="k")
    assert lone.confidence == 0.75
    assert "only unverified outlets report it" in lone.reasons
    both = merge((by("a", trust=Trust.UNVERIFIED), by("b", stage=Stage.EXPLORING, signed_on=None)), key="k")
    assert (both.stage, both.signed_on, both.sources) == (Stage.EXPLORING, None, 1)


def test_the_majority_of_independent_sources_leads() -> None:
    members = (
        by("a", instrument=Instrument.AGREEMENT, instrument_printed="perjanjian"),
        by("b", hours=1, copy="a", instrument=Instrument.AGREEMENT, instrument_printed="perjanjian"),
        by("c", hours=2),
        by("d", hours=3),
    )
    merged = merge(members, key="k")
    assert (merged.instrument, merged.instrument_printed) == (Instrument.MOU, "MoU")
    tie = merge((by("a", place="Auckland"), by("b", place="Wellington", trust=Trust.OFFICIAL, hours=9)), key="k")
    assert tie.place == "Wellington", "the more authoritative among equals"
    assert merge((by("a", place="Auckland"), by("b", hours=1)), key="k").place == "Auckland", "then the earlier"


def test_fields_are_those_of_the_leading_report_or_of_two_sources() -> None:
    lead = by("wire", trust=Trust.WIRE, hours=2, fields=("ai", "cloud_dc"))
    passing = by("a", fields=("telecom", "ai"))
    assert merge((passing, lead), key="k").fields == ("ai", "cloud_dc")
    second = by("b", hours=1, fields=("telecom", "space"))
    assert merge((passing, lead, second), key="k").fields == ("ai", "telecom", "cloud_dc")
    copied = by("c", hours=1, copy="a", fields=("telecom", "space"))
    assert merge((passing, lead, copied), key="k").fields == ("ai", "cloud_dc"), "a reprint is no second source"
    progress = by("o", trust=Trust.OFFICIAL, relation=Relation.UPDATE, fields=("defence",))
    assert merge((passing, lead, progress), key="k").fields == ("ai", "cloud_dc"), "the act itself leads"
    bare = by("p", trust=Trust.OFFICIAL, fields=())
    assert merge((passing, bare), key="k").fields == ("telecom", "ai")
    many = tuple(by(name, fields=("ai", "space", "telecom", "postal", "quantum", "nuclear")) for name in "xyz")
    assert len(merge(many, key="k").fields) == 5


def test_where_a_report_was_filed_is_no_place_of_the_act_while_one_prints_it() -> None:
    filed = [replace(by(name, place="Jakarta", trust=Trust.OFFICIAL), filed=True) for name in "abc"]
    printed = by("d", hours=5, place="Tokyo")
    assert merge((*filed, printed), key="k").place == "Tokyo"
    assert merge(tuple(filed), key="k").place == "Jakarta"
    later = by("e", hours=6, place="Bandung", relation=Relation.UPDATE, trust=Trust.OFFICIAL)
    assert merge((*filed, printed, later), key="k").place == "Tokyo", "the act's own reports go first"


@pytest.mark.parametrize(
    ("start", "dateline", "expected"),
    [(0, "", True), (40, "Jakarta (ANTARA)", True), (40, "", False), (40, "Tokyo", False), (120, "Jakarta", False)],
)
def test_a_place_from_the_dateline_is_known_as_such(start: int, dateline: str, expected: bool) -> None:
    evidence = (
        Evidence(slot="claim", where="text", start=100, end=180, quote="x" * 80),
        Evidence(slot="place", where="text", start=start, end=start + 7, quote="Jakarta"),
    )
    report = replace(BASE, place="Jakarta", evidence=evidence)
    assert filed_at(report, SimpleNamespace(dateline=dateline)) is expected  # type: ignore[arg-type]
    assert not filed_at(replace(report, evidence=evidence[:1]), SimpleNamespace(dateline="Jakarta"))  # type: ignore[arg-type]


def test_a_day_beats_a_month() -> None:
    first = date(2026, 2, 1)
    vague = tuple(by(name, signed_on=first, signed_precision="month") for name in "ab")
    merged = merge((*vague, by("c")), key="k")
    assert (merged.signed_on, merged.signed_precision) == (date(2026, 2, 5), "day")


def test_stage_is_the_furthest_and_background_does_not_count() -> None:
    late = by("b", hours=900, stage=Stage.IMPLEMENTED, relation=Relation.UPDATE)
    recalled = by("c", hours=950, stage=Stage.ENDED, relation=Relation.BACKGROUND)
    assert merge((by("a"), late, recalled), key="k").stage is Stage.IMPLEMENTED
    assert merge((recalled,), key="k").stage is Stage.ENDED


def test_times_and_order() -> None:
    early, late = by("z"), by("a", hours=30)
    undated = replace(by("m", hours=10), published=None)
    merged = merge((late, undated, early), key="k")
    assert merged.reports == ("z/0", "m/0", "a/0")
    assert merged.first_published == early.published
    assert merged.first_discovered == early.discovered
    assert merged.last_reported == late.published


def test_a_named_organ_goes_before_a_kindred_one_that_is_only_described() -> None:
    named = Institution(id="batan", name="Batan", country="ID")
    described = Institution(id="bapeten", name="Bapeten", country="ID", described=True)
    other = Institution(id="esdm", name="ESDM", country="ID", described=True)
    merged = merge((by("a", institutions=(described, other)), by("b", institutions=(named,), hours=1)), key="k")
    assert {each.id for each in merged.institutions} == {"batan", "esdm"}
    both = replace(other, described=False)
    merged = merge((by("a", institutions=(other,)), by("b", institutions=(both,), hours=1)), key="k")
    assert merged.institutions == (both,)


def test_conflicting_names_are_all_kept() -> None:
    other = (
        Signatory(name="Hana Rewiti", post="kepala", side="NZ"),
        Signatory(name="WIRYA NASUTION", post="", side="ID"),
    )
    merged = merge((by("a"), by("b", signatories=other)), key="k")
    assert [one.name for one in merged.signatories] == ["Wirya Nasution", "Hana Rewiti"]
    said = conflicts((by("a"), by("b", signed_on=date(2026, 2, 6))))
    assert said == ("reports differ on signed_on: 2026-02-05 (a); 2026-02-06 (b)",)


def signed(*names: str, side: str = "NZ", role: str = "signed") -> tuple[Signatory, ...]:
    return tuple(Signatory(name=name, post="", side=side, role=role) for name in names)


def test_who_signed_differs_only_where_reports_have_nobody_in_common() -> None:
    one = by("a", signatories=signed("Hana Rewiti"))
    fuller = by("b", signatories=signed("Hana Mere Rewiti", "Tane Ngata"))
    other = by("c", signatories=signed("Tom Bracken"))
    watched = by("d", signatories=signed("Ada Pike", role="witnessed"))
    assert conflicts((one, fuller, watched)) == ()
    assert conflicts((one, fuller, other, watched)) == (
        "reports differ on who signed for NZ: Hana Mere Rewiti (a, b); Tom Bracken (c)",
    )


def test_counts_of_papers_and_days_before_the_act() -> None:
    def quoting(text: str) -> tuple[Evidence, ...]:
        return (Evidence(slot="claim", where="text", start=0, end=len(text), quote=text),)

    members = (
        by("a", evidence=quoting("Keduanya menyaksikan pertukaran 12 dokumen.")),
        by("b", evidence=quoting("The leaders watched the exchange of 13 documents.")),
        by("c", stage=Stage.ANNOUNCED, signed_on=date(2026, 1, 9)),
    )
    assert conflicts(members) == ("reports differ on how many papers: 12 (a); 13 (b)",)


def test_material_changes_make_a_revision() -> None:
    first = replace(merge((by("a"),), key="k"), told=True, register="R-1", decision="kept", parent="p")
    same = merge((by("a"), by("b")), key="k", before=first)
    assert (same.revision, same.told, same.register, same.decision, same.parent) == (1, True, "R-1", "kept", "p")
    assert changes(first, same) == ()
    moved = merge((by("a"), by("b", stage=Stage.IN_FORCE, hours=9)), key="k", before=same)
    assert changes(same, moved) == ("stage",)
    assert moved.revision == 2


def test_any_order_gives_the_same() -> None:
    members = [
        by("a", fields=("space", "ai"), trust=Trust.OFFICIAL),
        by("b", hours=1, instrument=Instrument.MOC, copy="a"),
        by("c", hours=2, fields=("maritime", "space"), place="Auckland"),
        by("d", hours=2, stage=Stage.IN_FORCE, relation=Relation.UPDATE, confidence=0.9),
    ]
    answers = {merge(tuple(order), key="k") for order in itertools.permutations(members)}
    assert len(answers) == 1
    assert answers.pop().fields[0] == "space"


def test_nothing_makes_no_agreement() -> None:
    with pytest.raises(ValueError, match="needs a report"):
        merge((), key="k")
