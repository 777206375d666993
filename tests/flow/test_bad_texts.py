"""Articles as nobody should print them, through the whole pipeline: no crash, no agreement lost or doubled."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from kawat.read import read_inputs

SIGNED = (
    "Kementerian Komunikasi dan Digital dan Kementerian Urusan Digital Estonia menandatangani nota kesepahaman "
    "pemerintahan digital di Tallinn, Rabu (11/3/2026). Naskah diteken Menteri Komunikasi dan Digital Bagas Wirayuda "
    "dan Menteri Urusan Digital Estonia Liisa Tamm seusai pertemuan dua jam.\n\n"
    "Menurut Bagas, kedua negara akan bertukar 40 ahli selama tiga tahun dan menyiapkan sistem pertukaran data antara "
    "lembaga. Setiap pihak menanggung biayanya sendiri, dan hasilnya dinilai setiap tahun oleh kelompok kerja.\n\n"
    "Liisa menyebut nota kesepahaman itu berlaku lima tahun sejak tanggal penandatanganan."
)
HEADLINE = "Indonesia dan Estonia Teken MoU Pemerintahan Digital"
ORDINARY = (
    "Harga cabai di pasar induk turun sepekan ini karena panen raya di tiga kabupaten berlangsung bersamaan, kata "
    "pedagang yang ditemui Senin pagi. Pembeli datang lebih awal daripada biasanya dan membeli dua kali lipat.\n\n"
    "Kepala pasar memperkirakan harga bertahan sampai akhir bulan selama jalan dari pegunungan tidak tertutup longsor."
)


VISIT = (
    "Delegasi Estonia berkeliling di pusat data Batam sejak Senin pagi dan mencatat cara teknisi menjaga suhu mesin "
    "ketika listrik padam. Para tamu juga mencicipi gonggong di pelabuhan lama sebelum kapal terakhir berangkat.\n\n"
    "Wali kota menyambut mereka dengan tarian zapin yang dibawakan dua puluh pelajar, lalu memperlihatkan rancangan "
    "taman baru di tepi waduk. Hujan sempat turun deras, tetapi jadwal hanya bergeser setengah jam dari rencana.\n\n"
    "Seorang nelayan bercerita bahwa lampu suar di mulut teluk kini menyala sendiri memakai panel surya buatan bengkel "
    "setempat. Ia berharap lebih banyak kapal kecil memasang pemancar agar mudah dicari ketika cuaca memburuk."
)
SIGNING = SIGNED.split("\n\n", maxsplit=1)[0]


def row(number: int | str, text: str, **more: str) -> dict[str, str]:
    url = f"https://koran{number}.example/berita/{number}"
    return {"id": str(number), "url": url, "title": HEADLINE, "published": "2026-03-12", "text": text} | more


def read(folder: Path, *rows: dict[str, str]) -> list[dict[str, Any]]:
    path = folder / "given.jsonl"
    path.write_text("".join(json.dumps(each, ensure_ascii=False) + "\n" for each in rows), encoding="utf-8")
    said = list(read_inputs([str(path)], register=False, stdin=io.StringIO()))
    assert len(said) == len(rows)
    return said


ODD = {
    "one sentence": "Indonesia dan Estonia menandatangani nota kesepahaman pemerintahan digital.",
    "200 kB": (SIGNED + "\n\n") + "\n\n".join(f"Alinea {n} membahas pasar ikan dan jalan desa." for n in range(4_600)),
    "only numbers": " ".join(str(n * 7919) for n in range(400)),
    "mixed languages": SIGNED + "\n\nThe ministers said that both sides will meet again in September. 両国は署名した。",
    "one word a thousand times": "digital " * 1000,
}


@pytest.mark.parametrize("name", ODD)
def test_odd_texts_are_read_and_their_copies_known(name: str, tmp_path: Path) -> None:
    first, second = read(tmp_path, row(1, ODD[name]), row(2, ODD[name]))
    assert first["verdict"] in ("new", "reject")
    assert second["verdict"] in ("same", "reject")
    assert not second["alert"]
    if first["agreement"] and second["agreement"]:
        assert first["agreement"]["key"] == second["agreement"]["key"]


def test_what_has_no_words_is_a_copy_of_nothing(tmp_path: Path) -> None:
    said = read(tmp_path, row(1, "... --- ... !!! ???"), row(2, "... --- ... !!! ???"))
    assert {each["verdict"] for each in said} <= {"new", "reject"}
    assert len({each["agreement"]["key"] for each in said if each["agreement"]}) <= 1, "its headline may tell of one"
    assert sum(each["alert"] for each in said) <= 1


@pytest.mark.parametrize("published", ["", "2031-01-01", "gibberish", "0001-01-01", "9999-12-31T23:59:59+07:00"])
def test_without_a_date_or_with_one_ahead_the_agreement_is_one(published: str, tmp_path: Path) -> None:
    other = SIGNED.replace("Menurut Bagas", "Kata Bagas")
    first, second = read(tmp_path, row(1, SIGNED, published=published), row(2, other, published=published))
    assert first["agreement"] is not None
    assert second["verdict"] == "near"
    assert second["agreement"]["key"] == first["agreement"]["key"]
    assert not second["alert"]


def test_one_address_with_two_texts_is_one_article(tmp_path: Path) -> None:
    later = row(1, SIGNED.replace("40 ahli", "60 ahli")) | {"id": "later"}
    mirrored = row(1, SIGNED) | {"id": "mirror", "url": "https://m.koran1.example/berita/1/print?utm_source=x"}
    first, second, third = read(tmp_path, row(1, SIGNED), later, mirrored)
    assert (first["verdict"], second["verdict"], third["verdict"]) == ("new", "revision", "revision")
    assert second["agreement"]["key"] == first["agreement"]["key"]
    assert not second["alert"]
    assert not third["alert"]


def test_one_text_under_forty_addresses_is_one_agreement_told_once(tmp_path: Path) -> None:
    said = read(tmp_path, *(row(number, SIGNED) for number in range(40)))
    assert [each["verdict"] for each in said] == ["new"] + ["same"] * 39
    assert {each["duplicate_of"] for each in said[1:]} == {"0"}
    assert len({each["agreement"]["key"] for each in said}) == 1
    assert sum(each["alert"] for each in said) <= 1


def test_a_copy_that_is_the_first_to_report_an_agreement_tells_of_it(tmp_path: Path) -> None:
    """A paragraph was added, or the first was cut before it: the text is known, what it reports is not."""
    first, copy, third = read(
        tmp_path,
        row(1, VISIT, title="Delegasi Estonia Berkeliling di Batam"),
        row(2, f"{VISIT}\n\n{SIGNING}"),
        row(3, f"{VISIT}\n\n{SIGNING}"),
    )
    assert (first["label"], copy["verdict"], third["verdict"]) == ("other", "near", "same")
    assert copy["duplicate_of"] == "1"
    assert (first["alert"], copy["alert"], third["alert"]) == (False, True, False)
    assert third["agreement"]["key"] == copy["agreement"]["key"]


def test_an_ending_of_what_was_told_is_no_new_agreement(tmp_path: Path) -> None:
    ended = (
        "Kementerian Komunikasi dan Digital dan Kementerian Urusan Digital Estonia mengakhiri nota kesepahaman "
        "pemerintahan digital, Selasa (8/9/2026), enam bulan sesudah diteken di Tallinn."
    )
    title = "Indonesia dan Estonia Akhiri MoU Pemerintahan Digital"
    first, second = read(tmp_path, row(1, SIGNED), row(2, ended, title=title, published="2026-09-09"))
    assert first["alert"]
    assert (second["agreement"]["stage"], second["agreement"]["key"]) == ("ended", first["agreement"]["key"])
    assert not second["alert"]


def test_mirrors_on_other_hosts_are_known_by_their_text(tmp_path: Path) -> None:
    hosts = ("www", "jatim", "bali", "en")
    said = read(tmp_path, *(row(h, SIGNED, url=f"https://{h}.kantor.example/berita/7/estonia") for h in hosts))
    assert [each["verdict"] for each in said] == ["new", "same", "same", "same"]


@pytest.mark.slow
def test_five_hundred_old_items_reissued_change_nothing(tmp_path: Path) -> None:
    items = [row(n, f"{ORDINARY} Pasar nomor {n} buka pukul {n % 24}.") for n in range(24)] + [row("mou", SIGNED)]
    again = [each | {"id": f"{each['id']} again {turn}"} for turn in range(20) for each in items]
    said = read(tmp_path, *items, *again)
    reissued = said[len(items) :]
    assert len(reissued) == 500
    assert {each["verdict"] for each in reissued} == {"same"}
    assert not any(each["alert"] for each in reissued)
    assert len({each["agreement"]["key"] for each in said if each["agreement"]}) == 1
