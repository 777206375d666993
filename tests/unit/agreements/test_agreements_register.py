"""The register file: the shipped one loads, a broken one is refused whole with line and column."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.config.register import COLUMNS, parse_register, read_register
from pipeline.errors import ConfigError
from pipeline.model import Instrument, Stage

CONFIG = Path(__file__).resolve().parents[3] / "config"
FILE = Path("register.csv")
GOOD = {
    "id": "NZ-2026-02-05-001",
    "date": "2026-02-05",
    "date_precision": "day",
    "partner": "NZ",
    "partner_name": "New Zealand",
    "institutions": "kemenhub|komdigi",
    "partner_institutions": "nz_mot|Some Authority",
    "level": "g2g",
    "instrument": "arrangement",
    "instrument_kind": "arrangement",
    "title": "Smart buoys",
    "fields": "maritime",
    "stage": "signed",
    "relevance": "core",
    "source_url": "https://x.example/1",
    "certainty": "high",
}


def text(*rows: dict[str, str], header: tuple[str, ...] = COLUMNS) -> str:
    lines = [",".join(header)]
    lines += [",".join(f'"{row.get(column, "")}"' for column in header) for row in rows]
    return "\n".join(lines) + "\n"


def test_the_shipped_register() -> None:
    rows = read_register(CONFIG / "register.csv")
    assert len(rows) >= 100
    threads = {row.thread for row in rows if row.thread != row.id}
    assert {"KR-2021-05-25-008", "IN-2025-01-25-047", "US-2025-07-22-070"} <= threads
    assert len((CONFIG / "register.csv").read_text(encoding="utf-8")) < 40_000


def test_a_row() -> None:
    (row,) = parse_register(text(GOOD), FILE)
    assert row.thread == row.id
    assert row.parent is None
    assert row.institutions == ("kemenhub", "komdigi")
    assert (row.instrument, row.stage, row.known) == (Instrument.ARRANGEMENT, Stage.SIGNED, True)
    (talk,) = parse_register(text(GOOD | {"stage": "exploring"}), FILE)
    (doubted,) = parse_register(text(GOOD | {"relevance": "unverified"}), FILE)
    assert not talk.known
    assert not doubted.known


def test_an_absent_register_is_empty(tmp_path: Path) -> None:
    assert read_register(tmp_path / "register.csv") == ()


@pytest.mark.parametrize(
    ("change", "column", "words"),
    [
        ({"date": "5/2/2026"}, "date", "is no day"),
        ({"partner": "nz"}, "partner", "ISO 3166-1"),
        ({"stage": "sined"}, "stage", "did you mean signed?"),
        ({"instrument": "MoU"}, "instrument", "is none of"),
        ({"level": "g2b"}, "level", "is none of"),
        ({"date_precision": "hour"}, "date_precision", "is none of"),
        ({"fields": "Space Tech"}, "fields", "no lexicon id"),
        ({"id": "x"}, "id", "is refused"),
        ({"source_url": "javascript:1"}, "source_url", "no address"),
        ({"note": "x" * 501}, "note", "no prose"),
        ({"thread": "NZ-2026-02-05-002"}, "thread", "perhaps NZ-2026-02-05-001"),
        ({"parent": "QQQ"}, "parent", "no row's id"),
    ],
)
def test_broken_rows_name_line_and_column(change: dict[str, str], column: str, words: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_register(text(GOOD, GOOD | {"id": "NZ-2026-03-01-003"} | change), FILE)
    (fault,) = caught.value.faults
    assert (fault.path, fault.line, fault.key) == ("register.csv", 3, column)
    assert words in str(fault)


def test_every_fault_is_named() -> None:
    with pytest.raises(ConfigError) as caught:
        parse_register(text(GOOD | {"stage": "?", "date": "?"}, GOOD | {"level": "?"}), FILE)
    assert [fault.line for fault in caught.value.faults] == [2, 2, 3]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (text(GOOD, GOOD), "stands in line 2 too"),
        (text(GOOD, header=COLUMNS[:-1]), "note: is missing"),
        (text(GOOD, header=(*COLUMNS, "colour")), "colour: is no column"),
        (text(GOOD, header=(*COLUMNS[:-1], "not", "note")), "did you mean note?"),
        (text(GOOD, header=(*COLUMNS, "note")), "stands twice"),
        (text(GOOD) + "a,b\n", "has 2 cells"),
        (text(GOOD) + '"open', "is no CSV"),
        ("", "is missing"),
    ],
)
def test_broken_files(content: str, words: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_register(content, FILE)
    assert words in str(caught.value)


def test_unreadable_files(tmp_path: Path) -> None:
    path = tmp_path / "register.csv"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="not UTF-8"):
        read_register(path)
    path.write_bytes(b"x" * 5_000_001)
    with pytest.raises(ConfigError, match="longer than"):
        read_register(path)
    with pytest.raises(ConfigError, match="cannot be read"):
        read_register(tmp_path)
