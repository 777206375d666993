"""Dates as printed, against the publication and without a clock."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.detect.dates import Calendar
from pipeline.detect.lexicon import Lexicon
from pipeline.detect.printed import Reference

PUBLISHED = Reference(date(2025, 3, 26), 2025)


def one(lexicon: Lexicon, text: str, ref: Reference = PUBLISHED) -> tuple[date, str, bool] | None:
    found = Calendar(lexicon).read(text, 0, len(text), ref, ())
    return (found[0].day, found[0].precision, found[0].agrees) if found else None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("di Tokyo, Rabu (11/10/2023).", date(2023, 10, 11)),
        ("di Jakarta, Selasa (25/3).", date(2025, 3, 25)),
        ("on Tuesday (March 25), officials said", date(2025, 3, 25)),
        ("pada 3 Juli 2018 di Jakarta", date(2018, 7, 3)),
        ("signed on Sept 17, 2024", date(2024, 9, 17)),
        ("pada hari Sabtu", date(2025, 3, 22)),
        ("on Wednesday", date(2025, 3, 26)),
        ("pada Desember 2024", date(2024, 12, 1)),
        ("Senin (30/12)", date(2024, 12, 30)),
    ],
)
def test_printed_forms(lexicon: Lexicon, text: str, day: date) -> None:
    found = one(lexicon, text)
    assert found is not None
    assert found[0] == day


def test_a_weekday_alone_needs_a_publication(lexicon: Lexicon) -> None:
    assert one(lexicon, "pada hari Sabtu", Reference(None, None)) is None
    assert one(lexicon, "Selasa (25/3)", Reference(None, None)) is None


def test_a_wrong_weekday_is_noticed(lexicon: Lexicon) -> None:
    found = one(lexicon, "Senin (25/3/2025)")
    assert found == (date(2025, 3, 25), "day", False)


def test_the_weekday_decides_between_day_and_month(lexicon: Lexicon) -> None:
    found = one(lexicon, "on Monday (3/10)")
    assert found == (date(2025, 3, 10), "day", True)


def test_weeks_are_not_sundays(lexicon: Lexicon) -> None:
    assert one(lexicon, "berlangsung dua Minggu penuh") is None


def test_impossible_days_are_nothing(lexicon: Lexicon) -> None:
    assert one(lexicon, "Rabu (31/2/2025)") is None


@pytest.mark.parametrize(
    ("language", "text", "day"),
    [
        ("nl", "hebben woensdag in Den Haag een verklaring getekend", date(2025, 3, 26)),
        ("nl", "op 3 maart in Rotterdam", date(2025, 3, 3)),
        ("de", "unterzeichneten am Dienstag in Berlin", date(2025, 3, 25)),
        ("de", "am 3. März 2024 in Bonn", date(2024, 3, 3)),
        ("fr", "ont signé jeudi à Tunis", date(2025, 3, 20)),
        ("es", "firmaron el miércoles en Montevideo", date(2025, 3, 26)),
        ("es", "el 15 de diciembre de 2024", date(2024, 12, 15)),
        ("pt", "assinaram hoje, em Lisboa", date(2025, 3, 26)),
        ("pt", "na quarta-feira (19/3)", date(2025, 3, 19)),
        ("vi", "tại Manila ngày 3/3", date(2025, 3, 3)),
        ("ja", "運輸省は19日、東京で", date(2025, 3, 19)),
        ("ja", "2024年3月19日", date(2024, 3, 19)),
        ("ko", "3월 4일 서울에서", date(2025, 3, 4)),
        ("zh", "周二在北京", date(2025, 3, 25)),
        ("pt", "a segunda fase do acordo", None),
        ("vi", "giai đoạn thứ hai", None),
        ("ja", "3日間の会合", None),
        ("en", "woensdag", None),
        ("es", "31 de febrero", None),
    ],
)
def test_days_in_other_languages(lexicon: Lexicon, language: str, text: str, day: date | None) -> None:
    found = Calendar(lexicon).read(text, 0, len(text), PUBLISHED, (), language=language)
    assert (found[0].day if found else None) == day


def test_other_languages_without_a_day_of_publication(lexicon: Lexicon) -> None:
    for text, days in (("el miércoles", []), ("el 3 de marzo de 2024", [date(2024, 3, 3)]), ("19日", [])):
        language = "ja" if "日" in text else "es"
        found = Calendar(lexicon).read(text, 0, len(text), Reference(None, None), (), language=language)
        assert [each.day for each in found] == days
