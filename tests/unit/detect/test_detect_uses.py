"""The fields of a record: which technology, and what it is for; each way with its neighbour that says less."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pipeline.model import Reading

Read = Callable[..., Reading]

ID = "JAKARTA - Kementerian Komunikasi dan Digital dan pemerintah Chile menandatangani nota kesepahaman {}, Rabu (4/3)."
EN = "The governments of Indonesia and Chile signed a memorandum of understanding on {} in Santiago on Wednesday."


@pytest.mark.parametrize(
    ("title", "matter", "fields"),
    [
        # the headline says what the technology is for
        ("RI-Chile Teken MoU Satelit Pemantau Gambut", "satelit", {"space", "geo_climate"}),
        ("RI-Chile Teken MoU Satelit", "satelit", {"space"}),
        ("AI buat Peternak: RI-Chile Teken MoU", "kecerdasan artifisial", {"ai", "agritech"}),
        ("RI-Chile Teken MoU AI untuk Rumah Sakit", "kecerdasan artifisial", {"ai", "biotech_health"}),
        ("RI-Chile Teken MoU AI untuk Pelayanan Publik", "kecerdasan artifisial", {"ai", "digital_gov"}),
        ("Penelitian Kabel Laut Masuk MoU RI-Chile", "kabel laut", {"telecom", "sti_research"}),
        ("Pelatih Sepak Bola Chile Puji MoU AI", "kecerdasan artifisial", {"ai"}),
        # an office's name is no matter
        ("Kementerian Kesehatan dan Chile Teken MoU AI", "kecerdasan artifisial", {"ai"}),
        # what a drone is for, and whose it is
        ("RI-Chile Teken MoU Drone Pengantar Darah", "pesawat nirawak", {"biotech_health"}),
        ("RI-Chile Teken MoU Drone untuk Tentara", "pesawat nirawak untuk industri pertahanan", {"defence"}),
        ("RI-Chile Teken MoU Drone", "pesawat nirawak", {"general_digital"}),
        # warnings, views and savings of what
        ("RI-Chile Teken MoU Siber", "keamanan siber dan peringatan dini serangan", {"cybersecurity"}),
        ("RI-Chile Teken MoU Banjir", "peringatan dini banjir", {"geo_climate"}),
        ("RI-Chile Teken MoU Pusat Data", "pusat data hemat energi", {"cloud_dc"}),
        ("RI-Chile Teken MoU Observatorium", "observatorium", {"space"}),
        # which technology, before that it is technology
        ("Kerja Sama Teknologi RI-Chile: Bus Listrik", "bus listrik", {"ev_battery"}),
        ("Kerja Sama Teknologi RI-Chile", "kerja sama teknologi", {"general_digital"}),
    ],
)
def test_headlines_say_what_technology_is_for(read: Read, title: str, matter: str, fields: set[str]) -> None:
    assert set(read(title, ID.format(matter)).reports[0].fields) == fields


@pytest.mark.parametrize(
    ("title", "matter", "fields"),
    [
        ("Chile, Indonesia to map wildfires by satellite", "satellites", {"space", "geo_climate"}),
        ("Chile, Indonesia sign satellite memorandum", "satellites", {"space"}),
        ("Robots for Indonesian clinics under Chilean memorandum", "robotics", {"manufacturing", "biotech_health"}),
        ("Chile, Indonesia sign memorandum on robotics", "robotics", {"manufacturing"}),
        ("Chile, Indonesia to research batteries together", "batteries", {"ev_battery", "sti_research"}),
        ("Chile, Indonesia sign technology ties on batteries", "technology ties and batteries", {"ev_battery"}),
        ("Chile helps with blockchain", "blockchain for land records", {"blockchain", "digital_gov"}),
        ("Chile helps with blockchain", "blockchain for farmers", {"blockchain"}),
    ],
)
def test_english_headlines_do_as_well(read: Read, title: str, matter: str, fields: set[str]) -> None:
    assert set(read(title, EN.format(matter), language="en").reports[0].fields) == fields


def test_use_alone_makes_no_technology(read: Read) -> None:
    assert read("RI-Chile Teken MoU Gambut", ID.format("pengelolaan gambut dan hutan")).reports == ()
    assert read("RI-Chile Teken MoU Rumah Sakit", ID.format("pertukaran dokter dan perawat")).reports == ()


def test_a_use_has_its_word_as_evidence(read: Read) -> None:
    report = read("RI-Chile Teken MoU Satelit Pemantau Gambut", ID.format("satelit")).reports[0]
    quoted = {each.slot: (each.where, each.quote) for each in report.evidence}
    assert quoted["field:geo_climate"] == ("title", "Gambut")
