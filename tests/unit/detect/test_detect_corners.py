"""Rules that seldom speak: each is made to speak, so that none stands in the code without a sentence that needs it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from detect_samples import article

from pipeline.detect.dates import Calendar, reference
from pipeline.detect.lexicon import Lexicon
from pipeline.detect.printed import Reference
from pipeline.detect.reader import Reader
from pipeline.model import Label, Outlet, Reading, Stamp, Trust
from pipeline.threads import unknown_outlet

Read = Callable[..., Reading]
SIGNED = "Kementerian Komunikasi dan Digital dan Kementerian Digital Estonia menandatangani nota kesepahaman AI"


def steps(reading: Reading) -> str:
    return " / ".join(reading.why)


@pytest.mark.parametrize(("trust", "word"), [(Trust.OFFICIAL, "official source"), (Trust.UNVERIFIED, "unverified")])
def test_the_source_counts(read: Read, trust: Trust, word: str) -> None:
    plain = read("RI-Estonia Teken MoU AI", f"{SIGNED}.").reports[0]
    outlet: Outlet = replace(unknown_outlet("koran", "https://koran.example/"), trust=trust)
    told = read("RI-Estonia Teken MoU AI", f"{SIGNED}.", outlet=outlet).reports[0]
    assert word in "; ".join(told.reasons)
    assert (told.confidence > plain.confidence) is (trust is Trust.OFFICIAL)


def test_a_weekday_that_is_not_that_dates_lowers_the_confidence(read: Read) -> None:
    report = read("RI-Estonia Teken MoU AI", f"{SIGNED} di Tallinn, Senin (4/3/2026).", published="2026-03-05").reports[
        0
    ]
    assert report.signed_on == date(2026, 3, 4)
    assert "weekday" in "; ".join(report.reasons)


def test_a_zone_that_no_machine_knows_is_read_as_jakartas() -> None:
    stamp = Stamp(raw="x", instant=datetime(2026, 3, 4, 20, tzinfo=UTC), zone="Mars/Olympus", zone_source="page")
    assert reference(replace(article("", "x"), published=stamp)).day == date(2026, 3, 5)


@pytest.mark.parametrize(
    ("text", "ref", "years", "day"),
    [
        ("Rabu (4/3/26)", Reference(date(2026, 3, 5), 2026), (), date(2026, 3, 4)),
        ("pada 11 Oktober", Reference(None, 2023), (), date(2023, 10, 11)),
        ("pada 11 Oktober", Reference(None, None), (2022, 2022), date(2022, 10, 11)),
        ("pada 5 Maret lalu", Reference(date(2026, 4, 1), 2026), (), date(2026, 3, 5)),
    ],
)
def test_days_without_their_year(
    lexicon: Lexicon, text: str, ref: Reference, years: tuple[int, ...], day: date
) -> None:
    assert [each.day for each in Calendar(lexicon).read(text, 0, len(text), ref, years)] == [day]


def test_the_older_papers_day_after_the_publications_is_the_year_befores(read: Read) -> None:
    reading = read(
        "Komite Bersama Siber RI-Kanada Gelar Rapat Perdana",
        "JAKARTA - Komite bersama Indonesia dan Kanada menggelar rapat perdana sebagai tindak lanjut nota kesepahaman "
        "keamanan siber yang diteken pada 3 Desember 2026.",
        published="2026-05-05",
    )
    assert reading.reports[0].signed_on == date(2025, 12, 3)


def test_after_a_paper_was_signed_is_a_memory(read: Read) -> None:
    reading = read(
        "Laboratorium AI Dibuka",
        "JAKARTA - Laboratorium itu dibuka sesudah nota kesepahaman AI Indonesia dan Estonia diteken.",
    )
    assert reading.label is not Label.AGREEMENT or reading.reports[0].relation == "update"


def test_a_year_in_another_clause_does_not_age_the_act(read: Read) -> None:
    reading = read(
        "RI-Estonia Teken MoU AI",
        f"TALLINN - {SIGNED}, setelah draf yang dibahas sejak 2019 rampung.",
        published="2026-03-05",
    )
    assert (reading.label, reading.reports[0].relation) == (Label.AGREEMENT, "new")


def test_an_unknown_organ_behind_and_ends_the_name(read: Read) -> None:
    reading = read("", "Kementerian Perindustrian dan QATZ Korea menandatangani nota kesepahaman standar cip.")
    ids = {each.id for report in reading.reports for each in report.institutions}
    assert not ids or "kemenperin" in ids


def test_a_comma_and_what_no_organ_is_in_charge_of_end_the_name(read: Read) -> None:
    reading = read(
        "RI-Korea Teken MoU Cip",
        "Kementerian Perindustrian, tuan rumah bagi tamu Korea, dan Kementerian Sains Korea menandatangani nota "
        "kesepahaman standar cip.",
    )
    assert "kemenperin" in {each.id for report in reading.reports for each in report.institutions}


def test_a_companys_contract_in_a_package_is_no_report(read: Read) -> None:
    reading = read(
        "Lima Dokumen Diteken saat Kunjungan Presiden Kazakhstan",
        "JAKARTA - Presiden RI dan Presiden Kazakhstan menyaksikan penandatanganan lima dokumen, Kamis (5/3/2026).",
        "1. Nota kesepahaman pariwisata; 2. Kontrak pengadaan drone; 3. Nota kesepahaman satelit antara BRIN dan Badan "
        "Antariksa Kazakhstan.",
        published="2026-03-06",
    )
    assert [each.fields for each in reading.reports] == [("space",)]


def test_a_companys_paper_at_the_head_of_a_package_hides_no_states_paper(read: Read) -> None:
    reading = read(
        "Indonesia dan Kazakhstan Teken Lima Dokumen",
        "JAKARTA - Lima dokumen diteken dalam kunjungan Presiden Kazakhstan ke Indonesia, Kamis (5/3/2026). "
        "PT Gelora dan perusahaan Kazakhstan Alatau meneken perjanjian pusat data.",
        "Badan Riset dan Inovasi Nasional dan Badan Antariksa Kazakhstan menandatangani nota kesepahaman satelit.",
        published="2026-03-06",
    )
    assert reading.label is Label.AGREEMENT
    assert reading.reports[0].partner == "KZ"


def test_arms_that_are_bought_are_no_agreement_on_technology(read: Read) -> None:
    reading = read(
        "Indonesia dan Prancis Teken Perjanjian Jet Tempur",
        "JAKARTA - Kementerian Pertahanan RI dan Kementerian Pertahanan Prancis menandatangani perjanjian pengadaan "
        "jet tempur, Kamis (5/3/2026).",
        published="2026-03-06",
    )
    assert reading.label is Label.OTHER
    assert "arms are bought" in steps(reading)


def test_what_stands_under_a_second_sub_heading_is_background(reader: Reader) -> None:
    story = "Kementerian Komunikasi dan Digital membuka kelas koding bagi guru di Ambon. "
    made = article("Kelas Koding", *[story] * 5, "Berita lain dari luar negeri", f"{SIGNED}.", *[story] * 12)
    assert "in the body" in steps(reader.read(made))
    assert "in the late" in steps(reader.read(replace(made, headings=(5,))))


@pytest.mark.parametrize(
    ("title", "text", "partner"),
    [
        ("RI-Jepang Teken MoU Cip",
         "Ia bersama Menteri Ekonomi Jepang dan Menteri Perdagangan Singapura menandatangani nota kesepahaman cip.",
         "JP"),
        ("Lima Dokumen Indonesia-Kazakhstan Diteken",
         "JAKARTA - Perusahaan Alatau meneken perjanjian pusat data dengan PT Gelora, Kamis (5/3/2026). Presiden "
         "Kazakhstan menyaksikan.\n1. Nota kesepahaman satelit antara BRIN dan Badan Antariksa Kazakhstan; 2. Nota "
         "kesepahaman budaya.", "KZ"),
        ("MoU Kereta RI-Cina",
         "Airlangga Hartarto dan Wang Wentao menandatangani nota kesepahaman sinyal kereta, disaksikan Presiden Cina.",
         "CN"),
        ("MoU Kereta RI-Cina",
         "Han Sungjoon dan RX menandatangani nota kesepahaman sinyal kereta, disaksikan Presiden Cina. Nota itu "
         "disambut Menteri Perdagangan Indonesia Han Sungjoon.", "CN"),
        ("RI-Flandria Teken MoU Cip",
         "BRUSSEL - Nota kesepahaman cip ditandatangani Kepala BRIN di Flandria, disaksikan Menteri-Presiden Flandria.",
         ""),
    ],
)  # fmt: skip
def test_whose_deal_it_is(read: Read, title: str, text: str, partner: str) -> None:
    """The headline's pair before a guest, the state's paper before the company's, names beside persons, no region."""
    reading = read(title, *text.split("\n"), published="2026-03-06")
    assert [each.partner for each in reading.reports] == ([partner] if partner else [])


def test_the_lexicon_knows_the_ids_of_unlisted_organs(lexicon: Lexicon) -> None:
    assert {"brin", "ee_digital"} <= lexicon.institutions


def test_the_papers_of_a_package_have_their_own_organs(read: Read) -> None:
    reading = read(
        "Lima Dokumen Diteken saat Kunjungan Presiden Kazakhstan",
        "JAKARTA - Presiden RI dan Presiden Kazakhstan menyaksikan penandatanganan lima dokumen, Kamis (5/3/2026).",
        "1. Nota kesepahaman pariwisata; 2. Nota kesepahaman satelit antara BRIN dan Badan Antariksa Kazakhstan; "
        "3. Nota kerja sama keamanan siber antara BSSN dan Kementerian Digital Kazakhstan.",
        published="2026-03-06",
    )
    organs = [{each.id for each in report.institutions} for report in reading.reports]
    assert organs == [{"brin", "kz_space"}, {"bssn", "kz_digital"}]


@pytest.mark.parametrize(
    ("first", "second", "label"),
    [
        ("di Tokyo, Rabu (11/10/2023).", "Menteri Suzuki dan Menteri Setiadi meneken dokumen itu.", Label.OTHER),
        ("di Tokyo, Rabu (4/3/2026).", "Menteri Suzuki dan Menteri Setiadi meneken dokumen itu.", Label.AGREEMENT),
        ("di Tokyo, Rabu (11/10/2023).",
         "Kementerian Komunikasi dan Digital RI dan Kementerian Dalam Negeri Jepang meneken nota kesepahaman AI baru, "
         "Rabu (4/3/2026).", Label.AGREEMENT),
    ],
)  # fmt: skip
def test_that_document_is_as_old_as_the_one_told_before(read: Read, first: str, second: str, label: Label) -> None:
    reading = read(
        "Indonesia dan Jepang Perkuat Kerja Sama Digital",
        "JAKARTA - Kementerian Komunikasi dan Digital RI dan Kementerian Dalam Negeri Jepang menandatangani memorandum "
        f"kerja sama telekomunikasi {first} {second}",
        published="2026-03-05",
    )
    told = [each.label for each in reading.reports if each.relation == "new"]
    assert (told == [Label.AGREEMENT]) is (label is Label.AGREEMENT)
