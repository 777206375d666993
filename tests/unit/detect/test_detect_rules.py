"""The named rules and habits, one by one: a sentence that each decides, and the neighbour that it leaves alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from pipeline.model import Instrument, Label, Level, Reading, Relation, Stage

Read = Callable[..., Reading]

SIGNED = "JAKARTA - Kementerian Komunikasi dan Digital menandatangani nota kesepahaman kecerdasan artifisial dengan "


def test_both_sides_are_organs_of_state(read: Read) -> None:
    state = read("RI-Estonia Teken MoU AI", SIGNED + "Kementerian Kehakiman dan Digital Estonia, Rabu (4/3/2026).")
    assert state.label is Label.AGREEMENT
    assert state.reports[0].partner == "EE"
    assert {each.country for each in state.reports[0].institutions} == {"ID", "EE"}


@pytest.mark.parametrize(
    ("counterpart", "word"),
    [
        ("perusahaan perangkat lunak Estonia, Rabu (4/3/2026).", "company"),
        ("Universitas Tartu, Estonia, Rabu (4/3/2026).", "university"),
        ("sebuah yayasan dari Estonia, Rabu (4/3/2026).", "organ of state"),
        ("20 perguruan tinggi yang dipilih bersama pakar Jepang, Rabu (4/3/2026).", "university"),
    ],
)
def test_a_counterpart_that_is_no_organ_says_so(read: Read, counterpart: str, word: str) -> None:
    reading = read("Komdigi Teken MoU AI", SIGNED + counterpart)
    assert reading.label is Label.OTHER
    assert reading.reports == ()
    assert word in " ".join(reading.why)


def test_ministers_who_watch_a_company_deal_are_no_party(read: Read) -> None:
    reading = read(
        "PT Gelora dan Perusahaan Korea Teken Perjanjian Pusat Data",
        "PT Gelora dan perusahaan Korea Selatan Hanul meneken perjanjian pusat data di Batam, disaksikan "
        "Menteri Investasi "
        "dan Duta Besar Korea Selatan.",
    )
    assert reading.label is Label.OTHER


def test_the_home_state_must_be_a_party(read: Read) -> None:
    reading = read(
        "Jepang dan Vietnam Teken Perjanjian Cip",
        "Jepang dan Vietnam menandatangani perjanjian cip. Indonesia disebut sebagai pasar berikutnya.",
    )
    assert reading.label is Label.OTHER


def test_a_bloc_in_the_headline_is_multilateral(read: Read) -> None:
    reading = read(
        "ASEAN Sepakati Aturan AI", "Menteri digital ASEAN, termasuk Indonesia dan Vietnam, menandatangani aturan AI."
    )
    assert reading.label is Label.OTHER


def test_a_venue_in_a_third_country_is_no_partner(read: Read) -> None:
    reading = read(
        "Indonesia, Chile sign astronomy memorandum",
        "GENEVA - Indonesia and Chile signed a memorandum of understanding on telescope data in Geneva, "
        "Switzerland, on "
        "Tuesday.",
        language="en",
        published="2026-03-04",
    )
    report = reading.reports[0]
    assert (report.partner, report.place, report.signed_on) == ("CL", "Geneva", date(2026, 3, 3))


@pytest.mark.parametrize(
    ("sentence", "stage"),
    [
        ("akan menandatangani nota kesepahaman AI dengan Kementerian Digital Malaysia pekan depan.", Stage.ANNOUNCED),
        ("siap meneken nota kesepahaman AI dengan Kementerian Digital Malaysia.", Stage.ANNOUNCED),
        ("merundingkan nota kesepahaman AI dengan Kementerian Digital Malaysia.", Stage.NEGOTIATING),
        ("menjajaki kerja sama AI dengan Kementerian Digital Malaysia.", Stage.EXPLORING),
        ("belum menandatangani nota kesepahaman AI dan masih menjajaki kerja sama dengan Malaysia.", Stage.EXPLORING),
    ],
)
def test_what_lies_ahead_is_not_signed(read: Read, sentence: str, stage: Stage) -> None:
    reading = read("Komdigi dan Malaysia Bahas AI", "JAKARTA - Kementerian Komunikasi dan Digital " + sentence)
    assert reading.label is Label.EXPLORATORY
    assert reading.reports[0].stage is stage
    assert reading.reports[0].signed_on is None


def test_a_future_mark_behind_the_act_does_not_unsign_it(read: Read) -> None:
    reading = read(
        "RI-Malaysia Teken MoU AI",
        SIGNED + "Kementerian Digital Malaysia. Nota itu akan membantu pelatihan guru dan akan ditinjau tahun depan.",
    )
    assert (reading.label, reading.reports[0].stage) == (Label.AGREEMENT, Stage.SIGNED)


def test_not_only_is_no_negation(read: Read) -> None:
    reading = read(
        "RI-Malaysia Teken MoU AI",
        "Kedua menteri tidak hanya menandatangani nota kesepahaman kecerdasan artifisial antara Indonesia "
        "dan Malaysia, "
        "tetapi juga membuka pusat pelatihan.",
    )
    assert reading.label is Label.AGREEMENT


def test_an_old_paper_is_background(read: Read) -> None:
    reading = read(
        "Kantor Pos Perbatasan Direnovasi",
        "NUNUKAN - Kantor pos Nunukan direnovasi. Sejak 2018 Indonesia dan Malaysia telah memiliki MoU layanan pos.",
        published="2026-05-05",
    )
    assert reading.label is Label.OTHER


def test_body_beats_headline(read: Read) -> None:
    reading = read(
        "RI-Swedia Perbarui MoU Antariksa",
        "JAKARTA - BRIN dan badan antariksa Swedia masih merundingkan pembaruan nota kesepahaman antariksa.",
        "Belum ada yang diteken.",
    )
    assert reading.label is Label.EXPLORATORY
    assert reading.reports[0].stage is Stage.NEGOTIATING


def test_a_denial_is_no_agreement(read: Read) -> None:
    reading = read(
        "Komdigi Bantah Teken Perjanjian Data Pribadi dengan Tiongkok",
        "Kementerian Komunikasi dan Digital membantah kabar bahwa Indonesia menandatangani perjanjian "
        "data pribadi dengan Tiongkok.",
    )
    assert reading.label is Label.OTHER
    assert "denial" in reading.why[0]


def test_a_renewal_is_new_and_the_older_date_is_not_its_date(read: Read) -> None:
    reading = read(
        "MoU Siber RI-Kanada Diperpanjang",
        "OTTAWA - BSSN dan Kementerian Pertahanan Kanada memperpanjang nota kesepahaman keamanan siber, "
        "Selasa (3/3/2026). "
        "Nota pertama diteken pada 2 Maret 2021.",
        published="2026-03-04",
    )
    report = reading.reports[0]
    assert (report.stage, report.relation, report.signed_on) == (Stage.RENEWED, Relation.NEW, date(2026, 3, 3))


def test_an_ending_is_its_own_stage(read: Read) -> None:
    reading = read(
        "Nota Kesepahaman 5G RI-Peru Berakhir",
        "JAKARTA - Nota kesepahaman jaringan 5G antara Indonesia dan Peru resmi berakhir dan tidak diperpanjang.",
    )
    assert (reading.label, reading.reports[0].stage) == (Label.AGREEMENT, Stage.ENDED)


def test_progress_on_a_known_paper_is_an_update(read: Read) -> None:
    reading = read(
        "Komite Bersama Siber RI-Kanada Gelar Rapat Perdana",
        "JAKARTA - Komite bersama Indonesia dan Kanada menggelar rapat perdana sebagai tindak lanjut nota kesepahaman "
        "keamanan siber yang diteken tahun lalu.",
        published="2026-05-05",
    )
    assert (reading.reports[0].stage, reading.reports[0].relation) == (Stage.IMPLEMENTED, Relation.UPDATE)


def test_a_package_yields_one_report_for_each_technology_paper(read: Read) -> None:
    reading = read(
        "Lima Dokumen Diteken saat Kunjungan Presiden Kazakhstan",
        "JAKARTA - Presiden RI dan Presiden Kazakhstan menyaksikan penandatanganan lima dokumen, Kamis (5/3/2026).",
        "1. Nota kesepahaman pariwisata; 2. Perjanjian ekstradisi; 3. Nota kesepahaman satelit antara BRIN dan Badan "
        "Antariksa Kazakhstan; 4. Protokol ekspor daging; 5. Nota kerja sama keamanan siber antara BSSN "
        "dan Kementerian "
        "Digital Kazakhstan.",
        published="2026-03-06",
    )
    assert reading.label is Label.AGREEMENT
    assert [each.fields[0] for each in reading.reports] == ["space", "cybersecurity"]
    assert [each.instrument for each in reading.reports] == [Instrument.MOU, Instrument.MOC]
    assert len({each.key for each in reading.reports}) == 2


def test_a_regional_official_is_talks_at_subnational_level(read: Read) -> None:
    reading = read(
        "Menkomdigi Bertemu Sekretaris Partai Kota Nanning",
        "JAKARTA - Pemerintah Indonesia dan Tiongkok menjajaki pusat inovasi AI dalam pertemuan Menteri Komunikasi dan "
        "Digital dengan Sekretaris Partai Kota Nanning Tiongkok Nong Shengwen.",
    )
    assert (reading.label, reading.reports[0].level) == (Label.EXPLORATORY, Level.SUBNATIONAL)


def test_a_post_with_a_country_is_that_countrys(read: Read) -> None:
    reading = read(
        "Menkominfo Arab Saudi dan BRIN Teken MoU AI",
        "RIYADH - Menteri Komunikasi dan Teknologi Informasi Arab Saudi dan Kepala BRIN menandatangani "
        "nota kesepahaman AI.",
    )
    ids = {each.id: each.country for each in reading.reports[0].institutions}
    assert ids["brin"] == "ID"
    assert "SA" in ids.values()


def test_old_ministry_names_resolve_to_the_same_id(read: Read) -> None:
    old = read("RI-India", "Kementerian Komunikasi dan Informatika RI dan pemerintah India meneken MoU AI.")
    new = read("RI-India", "Kementerian Komunikasi dan Digital RI dan pemerintah India meneken MoU AI.")
    assert old.reports[0].institutions[0].id == new.reports[0].institutions[0].id == "komdigi"
    assert not old.reports[0].institutions[0].described


@pytest.mark.parametrize(("organ", "described"), [("Kepala badan nuklir Indonesia", True), ("Kepala Bapeten", False)])
def test_an_organ_that_is_only_described_is_marked(read: Read, organ: str, described: bool) -> None:
    reading = read("RI-Rusia", f"{organ} dan Rosatom menandatangani nota kesepahaman teknologi nuklir di Moskow.")
    (home,) = (each for each in reading.reports[0].institutions if each.country == "ID")
    assert (home.id, home.described) == ("bapeten", described)


def test_currency_is_no_country(read: Read) -> None:
    reading = read("Komdigi Teken MoU AI", SIGNED + "BRIN senilai 5 juta dolar AS atau US$5 juta.")
    assert reading.label is Label.OTHER
    assert "foreign state" in " ".join(reading.why)


def test_a_capital_is_a_venue(read: Read) -> None:
    reading = read("Komdigi dan BRIN Teken MoU AI di Tokyo", "TOKYO - Komdigi dan BRIN menandatangani MoU AI di Tokyo.")
    assert reading.label is Label.OTHER


def test_signatories_have_a_side(read: Read) -> None:
    reading = read(
        "RI-Mesir Teken MoU Vaksin",
        "KAIRO - Nota kesepahaman vaksin Indonesia dan Mesir ditandatangani Menteri Kesehatan RI Laras Prameswari dan "
        "Menteri Kesehatan Mesir Hany Fouad, Rabu (4/3/2026).",
    )
    sides = {each.name: each.side for each in reading.reports[0].signatories}
    assert sides == {"Laras Prameswari": "ID", "Hany Fouad": "EG"}


@pytest.mark.parametrize(
    ("organ", "ids"),
    [
        ("Kementerian Perdagangan, Industri, dan Perikanan Kerajaan Norwegia", {"no_trade"}),
        ("Kementerian Industri, Energi, dan Pertambangan Uruguay", {"uy_energy"}),
        ("Menteri Sains, Teknologi, Pengetahuan, dan Inovasi Chile", {"cl_research"}),
        ("Kementerian Perdagangan, Kementerian Perindustrian, dan Kementerian Keuangan Singapura",
         {"kemendag", "kemenperin", "sg_finance"}),
        ("Kementerian Perdagangan, Hanwol, dan pemerintah Korea Selatan", {"kemendag"}),
    ],
)  # fmt: skip
def test_an_organs_name_goes_on_over_its_portfolios(read: Read, organ: str, ids: set[str]) -> None:
    reading = read("", f"Badan Siber dan Sandi Negara dan {organ} menandatangani nota kesepahaman satelit di Bogor.")
    told = {each.id for each in reading.reports[0].institutions}
    assert told == {"bssn", *ids}


def test_an_owners_organ_keeps_all_its_portfolios(read: Read) -> None:
    text = "Indonesia and Uruguay's Ministry of Industry, Energy and Mining signed a memorandum on green hydrogen."
    names = [each.name for each in read("", text, language="en").reports[0].institutions]
    assert "Uruguay's Ministry of Industry, Energy and Mining" in names
