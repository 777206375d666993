"""The day of an agreement in what `kawat read` says of a follow-up."""

from __future__ import annotations

import io
import json
from pathlib import Path

from kawat.read import read_inputs

SIGNED = (
    "Kementerian Komunikasi dan Digital dan Kementerian Urusan Digital Estonia menandatangani nota kesepahaman "
    "pemerintahan digital di Tallinn, Rabu (11/3/2026). Nota itu berlaku lima tahun dan mencakup pertukaran ahli."
)
LATER = (
    "Komite bersama Indonesia dan Estonia menggelar rapat perdana di Jakarta sebagai tindak lanjut nota kesepahaman "
    "pemerintahan digital yang diteken Maret lalu di Tallinn. Dua puluh pegawai Komdigi akan dikirim untuk belajar."
)


def test_a_follow_up_that_names_no_day_has_its_agreements(tmp_path: Path) -> None:
    rows = [
        {"id": "1", "title": "RI-Estonia Teken MoU Digital", "published": "2026-03-12", "text": SIGNED},
        {"id": "2", "title": "Komite RI-Estonia Bersidang", "published": "2026-06-02", "text": LATER},
    ]
    path = tmp_path / "given.jsonl"
    path.write_text("".join(json.dumps(each) + "\n" for each in rows), encoding="utf-8")
    first, second = (each["agreement"] for each in read_inputs([str(path)], register=False, stdin=io.StringIO()))
    assert first["key"] == second["key"]
    assert (second["relation"], second["signed_on"]) == ("update", "2026-03-11")


def test_alone_it_says_the_month(tmp_path: Path) -> None:
    row = {"id": "2", "title": "Komite RI-Estonia Bersidang", "published": "2026-06-02", "text": LATER}
    path = tmp_path / "given.jsonl"
    path.write_text(json.dumps(row) + "\n", encoding="utf-8")
    (said,) = read_inputs([str(path)], register=False, stdin=io.StringIO())
    assert said["agreement"]["signed_on"] == "2026-03"
