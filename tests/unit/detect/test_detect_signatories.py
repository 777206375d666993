"""Who signed, and for whom."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pipeline.model import Reading

Read = Callable[..., Reading]
LEAD = "Indonesia dan Korea Selatan menandatangani nota kesepahaman kecerdasan buatan di Seoul, Rabu (4/3/2026)."


def sides(read: Read, sentence: str, lead: str = LEAD, language: str = "id") -> dict[str, tuple[str, str, str]]:
    reading = read("Indonesia-Korea Selatan Teken MoU AI", lead, sentence, published="2026-03-04", language=language)
    return {each.name: (each.side, each.role, each.post) for each in reading.reports[0].signatories}


def test_who_stands_beside_a_known_side_signed_for_the_other(read: Read) -> None:
    found = sides(read, "Naskah diteken Kepala BRIN Surya Laksmana dan Direktur Jenderal Kim Tae-ho di Seoul.")
    assert {name: side for name, (side, _, _) in found.items()} == {"Surya Laksmana": "ID", "Kim Tae-ho": "KR"}


def test_a_side_that_is_printed_is_taken(read: Read) -> None:
    found = sides(read, "Dari pihak Korea Selatan, nota kesepahaman ditandatangani Menteri Perdagangan Choi Min-jae.")
    assert found["Choi Min-jae"][0] == "KR"


def test_the_head_of_a_named_body_is_of_its_country(read: Read) -> None:
    lead = "Indonesia and Saudi Arabia signed a memorandum of understanding on artificial intelligence on Wednesday."
    reading = read(
        "Indonesia, Saudi Arabia sign AI pact",
        lead,
        "Communications minister Dewi Larasati and Fahad Alotaibi, president of the Saudi Data and AI Authority, "
        "signed the memorandum of understanding.",
        language="en",
    )
    assert {each.name: each.side for each in reading.reports[0].signatories} == {
        "Dewi Larasati": "ID",
        "Fahad Alotaibi": "SA",
    }


@pytest.mark.parametrize(
    "sentence",
    [
        "Nota kesepahaman ditandatangani Menteri Pendayagunaan Aparatur Negara dan Reformasi Birokrasi di Seoul.",
        "Nota kesepahaman itu ditandatangani Badan Kepegawaian Negara dan Kementerian Keuangan di Seoul.",
        "Nota kesepahaman itu ditandatangani Kepala BRIN, Rabu Wage pekan ini.",
    ],
)
def test_the_words_of_an_office_are_nobodys_name(read: Read, sentence: str) -> None:
    assert sides(read, sentence) == {}


def test_an_acronym_belongs_to_the_post(read: Read) -> None:
    found = sides(
        read, "Kepala BSN Hariyanto Wibisono dan Presiden KATS Park Jun-seo menandatangani nota kesepahaman itu."
    )
    assert found["Park Jun-seo"] == ("KR", "signed", "Presiden KATS")


def test_who_only_watches_is_a_witness(read: Read) -> None:
    found = sides(
        read, "Nota kesepahaman diteken Kepala BRIN Surya Laksmana di depan Menteri Luar Negeri Anwar Sasmita."
    )
    assert found["Surya Laksmana"][1] == "signed"
    assert found["Anwar Sasmita"][1] == "witnessed"


def test_two_holders_of_one_post_in_the_plural_have_no_printed_side(read: Read) -> None:
    reading = read(
        "Indonesia and Norway sign fisheries technology deal",
        "Indonesia and Norway signed a memorandum of understanding on fish-stock sensors on Wednesday (4/3/2026).",
        "Fisheries ministers Astrid Lunde and Bayu Pramono signed the memorandum of understanding in Bergen.",
        language="en",
    )
    assert [(each.name, each.side) for each in reading.reports[0].signatories] == [
        ("Astrid Lunde", ""),
        ("Bayu Pramono", ""),
    ]


def test_the_proving_sentence_names_both_states_and_the_field(read: Read) -> None:
    reading = read("Kerja Sama AI Diteken", LEAD, published="2026-03-04")
    report = reading.reports[0]
    claim = report.quote
    assert claim is not None
    inside = {each.slot: each.quote for each in report.evidence if claim.start <= each.start and each.end <= claim.end}
    assert (inside["home"], inside["partner"], inside["field:ai"]) == (
        "Indonesia",
        "Korea Selatan",
        "kecerdasan buatan",
    )
