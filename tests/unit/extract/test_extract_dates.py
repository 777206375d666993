"""Printed times: each form of the press, its zone's source, and what must be refused."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.extract.dates import AHEAD, date_in_url, is_date_line, read_date

NOW = datetime(2026, 11, 21, 12, 0, 30, tzinfo=UTC)

FORMS = [
    ("02 Sep 2026, 14:22 WIB", "2026-09-02T07:22", "printed"),
    ("Rabu, 18 Jun 2025 07:30 WIB", "2025-06-18T00:30", "printed"),
    ("Kompas.com - 18/06/2025, 21:35 WIB", "2025-06-18T14:35", "printed"),
    ("Kompas.com- 18/06/2025, 20:19 WIB", "2025-06-18T13:19", "printed"),
    ("18 Juni 2025 | 20.04 WIB", "2025-06-18T13:04", "printed"),
    ("Jum'at, 20 Juni 2025 |11:58 WIB", "2025-06-20T04:58", "printed"),
    ("Diperbarui 18 Jun 2025, 14:05 WIB", "2025-06-18T07:05", "printed"),
    ("Selasa, 11 Juni 2019 / 15:58 WIB", "2019-06-11T08:58", "printed"),
    ("2026-05-13WIB18:45:00+07:00", "2026-05-13T11:45", "offset"),
    ("Published on 2025-09-29T17:09:28+07:00", "2025-09-29T10:09", "offset"),
    ("SELASA, 28 OKTOBER 2025 | 19:48 WIB", "2025-10-28T12:48", "printed"),
    (",\xa0Jurnalis-Kamis, 19 Juni 2025 |21:05 WIB", "2025-06-19T14:05", "printed"),
    ("Sabtu, 13 Mei 2023 12:31 Wib", "2023-05-13T05:31", "printed"),
    ("Kamis 03 April 2025 17.05 WIT", "2025-04-03T08:05", "printed"),
    ("18 Juni 2025 pukul 20.04 WITA", "2025-06-18T12:04", "printed"),
    ("June 18, 2025 07:30 GMT+7", "2025-06-18T00:30", "offset"),
    ("June 18, 2025 7:30 pm", "2025-06-18T11:30", "outlet"),
    ("18 JUN 2025 6:30PM by PIB Delhi", "2025-06-18T10:30", "outlet"),
    ("Wed, 18 Jun 2025 07:30:00 +0700", "2025-06-18T00:30", "offset"),
    ("Wed, 18 Jun 2025 07:30:00 GMT", "2025-06-18T07:30", "printed"),
    ("2025-03-26T01:00:00.000Z", "2025-03-26T01:00", "printed"),
    ("23 November 2025 09:00", "2025-11-23T01:00", "outlet"),
    ("2025-07-15 08:00:00", "2025-07-15T00:00", "outlet"),
    ("17-Nop-2025 08:00", "2025-11-17T00:00", "outlet"),
    ("2 jam lalu", "2026-11-21T10:00", "outlet"),
    ("sejam yang lalu", "2026-11-21T11:00", "outlet"),
    ("30 menit lalu", "2026-11-21T11:30", "outlet"),
    ("3 hours ago", "2026-11-21T09:00", "outlet"),
    ("kemarin, 14:00", "2026-11-20T06:00", "outlet"),
    ("20250715083000-92-123", "2025-07-15T00:30", "outlet"),
    ("18/06/2025 21:35 WIB Diperbarui 19/06/2025 10:00 WIB", "2025-06-18T14:35", "printed"),
]


@pytest.mark.parametrize(("raw", "instant", "source"), FORMS)
def test_a_printed_form_is_read(raw: str, instant: str, source: str) -> None:
    stamp = read_date(raw, zone="Asia/Makassar", now=NOW)
    assert stamp is not None
    assert (stamp.instant.isoformat()[:16], stamp.zone_source, stamp.raw) == (instant, source, raw)
    assert stamp.precision == "minute"


@pytest.mark.parametrize(
    "raw",
    ["31 Februari 2025", "2025-13-01", "18 Juni 2025 25:61 WIB 99", "Senin, 18 Juni 2025", "21 Desember 2027", "",
     "tahun 2025", "Rp 18.06.20255", "12/34/2025", "UU Nomor 12 Tahun 2024"],
)  # fmt: skip
def test_the_impossible_the_future_and_the_wrong_weekday_are_refused(raw: str) -> None:
    stamp = read_date(raw, zone="Asia/Jakarta", now=NOW)
    assert stamp is None or (raw.startswith("18 Juni") and stamp.precision == "day")


def test_a_day_without_a_time_is_local_midnight() -> None:
    stamp = read_date("2025-07-15", zone="Asia/Jakarta", now=NOW)
    assert stamp is not None
    assert (stamp.instant, stamp.precision) == (datetime(2025, 7, 14, 17, tzinfo=UTC), "day")


def test_no_zone_at_all_is_assumed_to_be_jakarta() -> None:
    stamp = read_date("15 Juli 2025 08:00")
    assert stamp is not None
    assert (stamp.zone, stamp.zone_source) == ("Asia/Jakarta", "assumed")


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://x.example/2025/07/15/judul", "2025-07-15"),
        ("https://x.example/judul-berita-2025-07-15?x=1", "2025-07-15"),
        ("https://x.example/read/20250715/12/34/judul", "2025-07-15"),
        ("https://x.example/nasional/20250715083000-92-123/judul", "2025-07-15"),
        ("https://x.example/berita/123456/judul-2025", None),
        ("https://x.example/2025/13/45/judul", None),
    ],
)
def test_a_date_in_the_address(url: str, day: str | None) -> None:
    stamp = date_in_url(url, zone="Asia/Jakarta", now=NOW)
    assert (stamp and (stamp.instant + timedelta(hours=7)).date().isoformat()) == day


@pytest.mark.parametrize(
    ("line", "verdict"),
    [("Jumat, 14 November 2025 | 08:15 WIB", True), ("2025-09-12 | 3 min read", True), ("Published 2025-07-26", True),
     ("Pemilu digelar 14 Februari 2024", False), ("JAKARTA, 14 November 2025", False)],
)  # fmt: skip
def test_what_is_nothing_but_a_date(line: str, verdict: bool) -> None:
    assert is_date_line(line) is verdict


def test_reading_is_cheap() -> None:
    started = time.process_time()
    for _ in range(20):
        for raw, _instant, _source in FORMS:
            read_date(raw, zone="Asia/Makassar", now=NOW)
    assert (time.process_time() - started) / (20 * len(FORMS)) < 0.0005


@given(st.text(max_size=300))
def test_no_text_makes_it_raise(text: str) -> None:
    stamp = read_date(text, zone="Asia/Jakarta", now=NOW)
    assert stamp is None or stamp.instant <= NOW + AHEAD
    date_in_url(f"https://x.example/{text}")
    is_date_line(text)
