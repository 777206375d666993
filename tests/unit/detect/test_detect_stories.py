"""Stories that come late to their deal, names of strangers, rows of states, opinions, and days counted back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from pipeline.model import Label, Reading, Relation

Read = Callable[..., Reading]


def test_an_organ_says_its_field_where_the_text_says_none(read: Read) -> None:
    reading = read("", "BATAN dan CEA Prancis menandatangani nota kesepahaman untuk lima tahun.")
    assert reading.reports[0].fields == ("nuclear",)


@pytest.mark.parametrize(
    "text",
    [
        "Kementerian transportasi kedua negara menandatangani MoU persinyalan kereta, Rabu (4/3/2026).",
        "Dasarnya sebuah nota kesepahaman persinyalan yang penandatanganannya berlangsung di Madrid, Rabu (4/3/2026).",
    ],
)
def test_a_story_may_lead_up_to_its_deal(read: Read, text: str) -> None:
    reading = read(
        "Palang Pintu Dikendalikan Radio",
        "SURABAYA - Kementerian Perhubungan akan menguji palang pintu baru. "
        "Tekniknya dikirim Kementerian Transportasi Spanyol.",
        text,
        published="2026-03-05",
    )
    assert (reading.label, reading.reports[0].partner) == (Label.AGREEMENT, "ES")


@pytest.mark.parametrize(
    "text",
    [
        "Karya Prima dan Suomi Akku menandatangani perjanjian baterai di Helsinki. Menteri Finlandia menyaksikan.",
        "Kemendikdasmen dan Aurora Edukasi asal Kanada menandatangani perjanjian kelas AI. Duta Besar Kanada hadir.",
        "Indonesia's Sagara Cloud and Saudi Arabia's Al Waha signed an agreement on data centres. Investment ministers "
        "of both countries witnessed it.",
    ],
)
def test_strangers_whom_a_state_watches_are_no_state(read: Read, text: str) -> None:
    assert read("Perjanjian Teknologi Diteken", text).label is Label.OTHER


def test_a_post_makes_a_name_a_person(read: Read) -> None:
    reading = read(
        "Airlangga Teken MoU E-commerce dengan Mendag China",
        "Menko Airlangga Hartarto dan Wang Wentao menandatangani nota kesepahaman perdagangan elektronik di Jakarta.",
    )
    assert reading.label is Label.AGREEMENT


def test_a_row_of_states_is_multilateral_and_a_pair_is_not(read: Read) -> None:
    row = read("", "Menteri digital Indonesia, Jepang, dan Filipina menandatangani nota kesepahaman kabel laut.")
    pair = read("", "Menteri digital Indonesia dan Filipina menandatangani nota kesepahaman kabel laut.")
    assert (row.label, pair.label) == (Label.OTHER, Label.AGREEMENT)


def test_a_writer_who_says_i_reports_no_event(read: Read) -> None:
    text = "Indonesia dan India menandatangani perjanjian satelit pekan lalu. "
    opinion = read("Satelit Bersama", "Saya menyambutnya dengan cemas. " + text, "Saya bertanya untung siapa.")
    assert opinion.label is Label.OTHER
    assert "himself" in opinion.why[0]
    assert read("Satelit Bersama", text, '"Saya senang," kata menteri. "Saya puas."').label is Label.AGREEMENT


def test_drafts_that_are_exchanged_are_not_signed(read: Read) -> None:
    reading = read("", "Draf nota kesepahaman peternakan presisi Indonesia dan Selandia Baru dipertukarkan lagi.")
    assert reading.label is Label.EXPLORATORY


@pytest.mark.parametrize(
    ("printed", "day"),
    [("Kemarin", date(2026, 3, 4)), ("Dua hari lalu", date(2026, 3, 3)), ("Rabu", date(2026, 3, 4))],
)
def test_days_are_counted_back(read: Read, printed: str, day: date) -> None:
    reading = read(
        "RI-Mesir Teken MoU Vaksin",
        f"{printed} Indonesia dan Mesir menandatangani nota kesepahaman vaksin.",
        published="2026-03-05",
    )
    assert reading.reports[0].signed_on == day


def test_a_follow_up_carries_the_older_papers_day(read: Read) -> None:
    reading = read(
        "Komite Bersama Siber RI-Kanada Gelar Rapat Perdana",
        "JAKARTA - Komite bersama Indonesia dan Kanada menggelar rapat perdana sebagai tindak lanjut nota kesepahaman "
        "keamanan siber yang diteken pada 3 Februari 2026.",
        published="2026-05-05",
    )
    report = reading.reports[0]
    assert (report.relation, report.signed_on) == (Relation.UPDATE, date(2026, 2, 3))


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Lima dokumen diteken Indonesia dan Chile, satu di antaranya nota kesepahaman AI.", Label.AGREEMENT),
        ("Peru and Indonesia signed a memorandum of understanding on AI in Lima.", Label.AGREEMENT),
        ("Solar subsidi naik; Indonesia dan Chile menandatangani nota kesepahaman ekspor buah.", Label.OTHER),
    ],
)
def test_words_that_mean_two_things(read: Read, text: str, label: Label) -> None:
    assert read("", text, language="en" if "signed" in text else "id").label is label


def test_a_dateline_is_no_party(read: Read) -> None:
    reading = read("", "SINGAPORE - Indonesia signed a memorandum on cyber drills on Tuesday.", language="en")
    assert reading.label is Label.OTHER
