"""`docs/data.md` defines every key and column that the files have."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from store_samples import land_and_commit, make_outcome

from pipeline.files import AGREEMENT_COLUMNS, ARTICLE_COLUMNS, DataFiles
from pipeline.store import Store
from pipeline.store.tables import METADATA

DOCUMENT = Path(__file__).parents[2] / "docs" / "data.md"


def section(heading: str) -> str:
    """The text under a heading of the document."""
    parts = re.split(r"^## ", DOCUMENT.read_text("utf-8"), flags=re.MULTILINE)
    return next(part for part in parts if part.startswith(heading))


def rows(heading: str) -> list[str]:
    return re.findall(r"^\| `(\w+)` \|", section(heading), flags=re.MULTILINE)


@pytest.fixture
def written(tmp_path: Path) -> Path:
    with Store.open("sqlite://") as store:
        land_and_commit(store, make_outcome(1))
        DataFiles(store, tmp_path).write()
    return tmp_path


def test_every_key_of_an_article_line(written: Path) -> None:
    assert list(json.loads((written / "articles/2026-03-02.jsonl").read_bytes())) == rows("`articles/DATE.jsonl`")


def test_every_key_of_a_change_line(written: Path) -> None:
    data = json.loads((written / "agreements.jsonl").read_bytes())
    assert list(data) == rows("`agreements.jsonl`")
    assert set(data["agreement"]) <= set(re.findall(r"`(\w+)`", section("`agreements.jsonl`")))


def test_every_column_of_the_agreements() -> None:
    assert tuple(rows("Export of agreements")) == AGREEMENT_COLUMNS


def test_every_column_of_the_articles() -> None:
    assert set(ARTICLE_COLUMNS) <= set(re.findall(r"`(\w+)`", section("Export of articles")))


def test_every_table() -> None:
    assert set(METADATA.tables) <= set(re.findall(r"`(\w+)`", section("The database")))
