"""What may be handed to `kawat read`: every kind, and everything that is wrong with an input."""

from __future__ import annotations

import gzip
import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kawat.archive import erase, read_body
from kawat.given import given
from kawat.read import read_inputs
from pipeline.errors import UsageError
from pipeline.model import Page, WarcRecord

TEXT = """\
Indonesia dan Slovenia Teken Nota Kesepahaman Kecerdasan Artifisial

LJUBLJANA - Kementerian Komunikasi dan Digital RI dan Kementerian Transformasi Digital Slovenia menandatangani nota
kesepahaman kerja sama kecerdasan artifisial di Ljubljana, Selasa (4/11/2025).

Baca juga: Kroasia Buka Penerbangan ke Bali

Kedua kementerian akan bertukar peneliti selama tiga tahun dan membangun pusat uji model bahasa.
"""
PAGE = (
    f"<html><head><title>{TEXT.splitlines()[0]}</title></head><body><h1>{TEXT.splitlines()[0]}</h1><article>"
    + "".join(f"<p>{part.strip()}</p>" for part in TEXT.split("\n\n")[1:])
)


def rows(*inputs: str, stdin: str = "") -> list[dict[str, object]]:
    return list(read_inputs(inputs, register=False, stdin=io.StringIO(stdin)))


def test_text_html_json_and_standard_input_say_the_same(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "a.html").write_text(PAGE, encoding="utf-8")
    line = json.dumps({"id": "j", "text": TEXT, "title": TEXT.splitlines()[0], "published": "2025-11-05"})
    (tmp_path / "a.jsonl").write_text(line + "\n", encoding="utf-8")
    text, page, jsonl = rows(*(str(tmp_path / name) for name in ("a.txt", "a.html", "a.jsonl")))
    (piped,) = rows("-", stdin=line)
    for row in (text, page, jsonl, piped):
        assert row["label"] == "agreement", row["why"]
        agreement = row["agreement"]
        assert isinstance(agreement, dict)
        assert (agreement["partner"], agreement["stage"], agreement["instrument"]) == ("SI", "signed", "mou")
        assert "Kroasia" not in str(row["text"])
        for evidence in agreement["evidence"]:
            source = str(row[evidence["in"]])
            assert source[evidence["start"] : evidence["end"]] == evidence["quote"]
    assert (page["verdict"], page["duplicate_of"]) == ("same", str(tmp_path / "a.txt"))
    assert not page["alert"]
    assert piped["alert"]


def test_an_article_that_arrives_late_raises_no_immediate_alert() -> None:
    line = json.dumps({"id": "late", "text": TEXT, "published": "2026-03-01"})
    (row,) = rows("-", stdin=line)
    assert row["label"] == "agreement"
    assert not row["alert"]


@pytest.mark.parametrize("line", ["{", "[1]", "{}", '{"id": "x", "text": 7}', '{"text": ""}', '{"html": ""}'])
def test_a_line_that_is_no_article_is_rejected_with_its_reason_and_stops_nothing(line: str) -> None:
    broken, fine = rows("-", stdin=line + "\n" + json.dumps({"id": "fine", "text": TEXT}))
    assert broken["verdict"] == "reject"
    assert broken["reason"]
    assert fine["label"] == "agreement"


def test_an_archive_is_read_record_by_record(tmp_path: Path) -> None:
    archive = tmp_path / "a.warc.gz"
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + PAGE.encode()
    media_type = "application/http; msgtype=response"
    archive.write_bytes(member("https://kabar.example/berita/1", "response", media_type, answer))
    (row,) = rows(str(archive))
    assert (row["url"], row["label"]) == ("https://kabar.example/berita/1", "agreement")
    (tmp_path / "b.warc").write_bytes(b"no archive at all")
    (broken,) = rows(str(tmp_path / "b.warc"))
    assert broken["verdict"] == "reject"


def test_an_input_that_is_not_there_is_a_usage_error(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF")
    for name in ("nothing.txt", "a.pdf"):
        with pytest.raises(UsageError, match=name):
            list(given([str(tmp_path / name)]))


def test_an_erased_record_is_gone_and_its_neighbours_stay(tmp_path: Path) -> None:
    members = [
        member(f"https://x.example/{n}", "resource", "text/html", f"<p>Rahasia {n}</p>".encode() * 40) for n in range(3)
    ]
    (tmp_path / "a.warc.gz").write_bytes(b"".join(members))
    places = [WarcRecord(file="a.warc.gz", offset=sum(map(len, members[:n])), length=len(members[n])) for n in range(3)]
    pages = [page(record) for record in places]
    assert b"Rahasia 1" in read_body(tmp_path, pages[1])
    assert erase(tmp_path, places[1])
    assert read_body(tmp_path, pages[1]) == b"erased"
    assert b"Rahasia 0" in read_body(tmp_path, pages[0])
    assert b"Rahasia 2" in read_body(tmp_path, pages[2])
    assert len(rows(str(tmp_path / "a.warc.gz"))) == 2


def member(url: str, kind: str, media_type: str, block: bytes) -> bytes:
    """One WARC record, a gzip member of its own."""
    head = (
        f"WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2026-11-21T00:00:00Z\r\n"
        f"WARC-Record-ID: <urn:{url}>\r\nContent-Type: {media_type}\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return gzip.compress(head.encode() + block + b"\r\n\r\n")


def page(record: WarcRecord) -> Page:
    now = datetime(2026, 11, 21, tzinfo=UTC)
    return Page(
        outlet="x",
        url="https://x.example/",
        final_url="https://x.example/",
        key="x",
        status=200,
        content_type="text/html",
        fetched_at=now,
        discovered_at=now,
        record=record,
    )
