"""What recurs across stories is learned as furniture; what recurs within one story is not, and quotations never are."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from tests_clean_world import NOW, article_of

from pipeline.clean.learned import countable, counted, line_key
from pipeline.config.cleaning import load_cleaning
from pipeline.furniture import TOTAL, Furniture, LineState
from pipeline.model import Article, Removed, Stamp

CLEANING = load_cleaning(Path(__file__).parents[3] / "config" / "cleaning.yaml")
SUBJECTS = [
    "pelabuhan",
    "garam",
    "sekolah",
    "jembatan",
    "rumput",
    "mercusuar",
    "kapal",
    "beras",
    "kopi",
    "hutan",
    "sungai",
    "pasar",
    "listrik",
    "kereta",
]
PLACES = ["Ambon", "Bitung", "Ternate", "Sorong", "Palu", "Kendari", "Mamuju"]


def told(number: int, *extra: str, title: str = "", day: int | None = None) -> Article:
    """An article of its own story, published on the day of its number or the one given."""
    subject, place = SUBJECTS[number % len(SUBJECTS)], PLACES[number % len(PLACES)]
    head = title or f"Pembangunan {subject} {place} dimulai lagi"
    lines = [
        head,
        f"Pemerintah kota {place} memulai pembangunan {subject} tahap {number} setelah lama tertunda oleh cuaca.",
        f"Warga {place} menyambut {subject} itu, sebab jarak tempuh ke kota berkurang {number + 3} kilometer.",
        *extra,
    ]
    article = article_of(lines, CLEANING, title=head)
    when = NOW + timedelta(days=number // 3 if day is None else day)
    stamp = Stamp(raw="", instant=when, zone="Asia/Jakarta", zone_source="printed")
    return replace(article, published=stamp)


def count(articles: list[Article], rows: dict[str, Furniture] | None = None) -> dict[str, Furniture]:
    known = dict(rows or {})
    for number, article in enumerate(articles):
        lines = countable(article)
        before = {key: row for key, row in known.items() if key in {TOTAL, *lines}}
        known |= {row.hash: row for row in counted(article, lines, before, NOW + timedelta(minutes=number))}
    return known


def state(rows: dict[str, Furniture], line: str) -> LineState:
    return rows[line_key(line)].state


FURNITURE = "Ombak menjaga pulau, dan pulau menjaga suaranya."
BACKGROUND = "Kesepakatan kabel laut itu pertama kali dibahas kedua menteri di Manado dua tahun silam."


def test_a_line_in_thirty_stories_is_learned() -> None:
    rows = count([told(n, FURNITURE) for n in range(30)])
    assert state(rows, FURNITURE) is LineState.LEARNED
    assert [row.text for row in rows.values() if row.state is LineState.LEARNED] == [FURNITURE]
    assert rows[TOTAL].articles == 30


def test_thirty_stories_of_one_day_are_enough() -> None:
    rows = count([told(n, FURNITURE, day=0) for n in range(30)])
    assert state(rows, FURNITURE) is LineState.LEARNED


@pytest.mark.parametrize("number", [5, 11])
def test_a_few_stories_are_not_enough(number: int) -> None:
    assert state(count([told(n, FURNITURE) for n in range(number)]), FURNITURE) is LineState.COUNTED


def test_what_stands_in_few_of_many_stories_is_not_learned() -> None:
    rows = count([told(n, *([FURNITURE] if n % 7 == 0 else [])) for n in range(90)])
    assert rows[line_key(FURNITURE)].articles == 13
    assert state(rows, FURNITURE) is LineState.COUNTED


def test_background_of_one_story_is_not_learned_however_often_it_is_printed() -> None:
    follow = [told(n, BACKGROUND, title=f"Kabel laut: babak {SUBJECTS[n % 14]} nomor {n}") for n in range(0, 60, 2)]
    others = [told(n) for n in range(1, 60, 2)]
    rows = count([article for pair in zip(follow, others, strict=True) for article in pair])
    assert rows[line_key(BACKGROUND)].articles == 30
    assert state(rows, BACKGROUND) is LineState.COUNTED


@pytest.mark.parametrize(
    "line",
    ["“Kami tidak akan mundur,” demikian sikapnya.", "Proyek itu harus selesai, kata wali kota.", "x" * 300, "Ya"],
)
def test_quotations_and_what_is_no_line_are_never_counted(line: str) -> None:
    assert line_key(line) not in countable(told(1, line))


def test_the_headline_is_never_counted() -> None:
    article = told(1)
    assert line_key(article.title) not in countable(article)


def test_one_number_is_as_good_as_another() -> None:
    rows = count([told(n, f"Ombak ke-{n} menjaga pulau, dan pulau menjaga suaranya.") for n in range(30)])
    assert state(rows, "Ombak ke-99 menjaga pulau, dan pulau menjaga suaranya.") is LineState.LEARNED


def test_what_a_person_said_stays() -> None:
    rows = count([told(n, FURNITURE) for n in range(5)])
    key = line_key(FURNITURE)
    rows[key] = replace(rows[key], state=LineState.REFUSED)
    assert state(count([told(n, FURNITURE) for n in range(5, 60)], rows), FURNITURE) is LineState.REFUSED


def test_a_line_that_is_cut_counts_on() -> None:
    rows = count([told(n, FURNITURE) for n in range(30)])
    cut = replace(told(31), removed=(Removed(text=FURNITURE, rule="learned", before=3),))
    assert count([cut], rows)[line_key(FURNITURE)].articles == 31


def test_the_text_of_a_line_that_one_article_has_is_not_kept() -> None:
    rows = count([told(1, FURNITURE)])
    assert all(not row.text for row in rows.values())
    assert isinstance(rows[TOTAL].first_seen, datetime)
