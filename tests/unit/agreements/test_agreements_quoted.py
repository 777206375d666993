"""Names, numbers and codes that reports in two languages quote alike."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from linking_desk import Desk, at, report

from pipeline.agreements.quoted import marks, papers, same_person
from pipeline.model import Evidence, Report, Signatory


def quoting(one: Report, text: str) -> Report:
    return replace(one, evidence=(Evidence(slot="claim", where="text", start=0, end=len(text), quote=text),))


@pytest.mark.parametrize(
    ("indonesian", "english", "shared"),
    [
        ("membayar 600 miliar won untuk KF-21", "pays 600 billion won for the KF-21", {"600000000000", "kf-21"}),
        ("1,5 triliun rupiah untuk jaringan 6G", "1.5 trillion rupiah for a 6G network", {"1500000000000", "6g"}),
        ("jatah 400.000 jam komputasi", "400,000 hours of computing", {"400000"}),
        ("diteken 5 Februari 2026 (5/2/2026)", "signed on February 5, 2026", set()),
        ("12 dokumen, 3 nota", "12 papers, 3 memoranda", set()),
    ],
)
def test_marks(indonesian: str, english: str, shared: set[str]) -> None:
    assert marks(quoting(report(), indonesian)) & marks(quoting(report(), english)) == shared


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("menghasilkan 12 dokumen kerja sama", 12),
        ("bertukar empat nota kesepahaman", 4),
        ("one of four agreements exchanged", 4),
        ("menandatangani nota kesepahaman", None),
    ],
)
def test_papers(text: str, count: int | None) -> None:
    assert papers(quoting(report(), text)) == count


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Meutya Hafid", "Meutya Viada Hafid", True),
        ("S. Jaishankar", "Subrahmanyam Jaishankar", True),
        ("MEUTYA HAFID", "meutya hafid", True),
        ("Jitin Prasada", "S. Jaishankar", False),
        ("Budi", "Budi Arie Setiadi", True),
        ("Li", "Li Qiang", False),
        ("", "Meutya Hafid", False),
    ],
)
def test_same_person(one: str, other: str, same: bool) -> None:
    assert same_person(one, other) is same_person(other, one) is same


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    one = quoting(report(), text)
    assert all(marks(one))
    assert papers(one) != 0 or "0" in text


def signing(one: Report, name: str, side: str) -> Report:
    return replace(one, signatories=(Signatory(name=name, post="Minister", side=side),))


def test_who_signed_stands_for_an_organ_that_is_not_named() -> None:
    """Two reports of the same days that share no organ and one field of five: only who signed says it is one act."""
    first = report("a/0", home="", abroad="nz_mbie", fields="space ai maritime", on="2026-02-05")
    second = report("b/0", home="komdigi", abroad="", fields="space telecom postal")
    alone = Desk()
    alone.take(at(first, "2026-02-05"))
    assert alone.take(at(second, "2026-02-06")).created
    both = signing(first, "Hana Rewiti", "NZ"), signing(second, "Hana Mere Rewiti", "NZ")
    both = (
        replace(both[0], signatories=(*both[0].signatories, Signatory(name="Arga Pratama", post="", side="ID"))),
        replace(both[1], signatories=(*both[1].signatories, Signatory(name="Arga Pratama", post="", side="ID"))),
    )
    desk = Desk()
    desk.take(at(both[0], "2026-02-05"))
    assert not desk.take(at(both[1], "2026-02-06")).created


def test_the_same_minister_signs_several_papers_in_a_day() -> None:
    first = report("a/0", home="esdm", abroad="nz_mbie", fields="critical_minerals ev_battery", on="2026-02-05")
    second = report("b/0", home="esdm", abroad="nz_energyagency", fields="critical_minerals", on="2026-02-05")
    desk = Desk()
    desk.take(at(signing(first, "Arga Pratama", "ID"), "2026-02-05"))
    assert desk.take(at(signing(second, "Arga Pratama", "ID"), "2026-02-05")).created
