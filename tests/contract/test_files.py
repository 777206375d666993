"""The files a person inspects: no line lost, none twice, and they open in what people open them with."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pandas
import pytest
from store_samples import DAY, NOW, land_and_commit, make_agreement, make_article, make_outcome, url_of

from pipeline.errors import StoreError, StoreFull, UsageError
from pipeline.files import AGREEMENT_COLUMNS, ARTICLE_COLUMNS, DataFiles, export_agreements, export_articles
from pipeline.files.cells import INSTANTS, safe
from pipeline.model import Agreement
from pipeline.store import Store

TODAY = "articles/2026-03-02.jsonl"


class Killed(BaseException):
    """The process dies here."""


def claim(agreement: Agreement, language: str) -> str:
    return f"@{language}: é {agreement.partner}"


def lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(one) for one in path.read_text("utf-8").splitlines()]


def fill(store: Store, *numbers: int) -> None:
    before = None
    for number in numbers:
        outcome = replace(make_outcome(number), agreements=()) if number > 1 else make_outcome(number)
        land_and_commit(store, outcome)
        before = before or outcome


def test_lines_are_appended_once(store: Store, tmp_path: Path) -> None:
    files = DataFiles(store, tmp_path)
    fill(store, 1, 2)
    assert files.write().articles == 2
    assert files.write().articles == 0
    fill(store, 3)
    assert files.write().articles == 1
    written = lines(tmp_path / TODAY)
    assert [one["url"] for one in written] == [url_of(1), url_of(2), url_of(3)]
    assert written[0]["text"] == make_article(1).text
    assert written[0]["schema_version"] == 1
    assert [one["change"] for one in lines(tmp_path / "agreements.jsonl")] == ["created"]


def test_days_are_those_of_western_indonesia(store: Store, tmp_path: Path) -> None:
    land_and_commit(store, make_outcome(1, at=NOW.replace(hour=16, minute=59)))
    land_and_commit(store, replace(make_outcome(2, at=NOW.replace(hour=17)), agreements=()))
    DataFiles(store, tmp_path).write()
    assert len(lines(tmp_path / TODAY)) == 1
    assert len(lines(tmp_path / "articles/2026-03-03.jsonl")) == 1


def test_half_a_line_from_a_crash_is_cut_off(store: Store, tmp_path: Path) -> None:
    files = DataFiles(store, tmp_path)
    fill(store, 1)
    files.write()
    for name in (TODAY, "agreements.jsonl"):
        with (tmp_path / name).open("ab") as file:
            file.write(b'{"schema_version":1,"key":"ha')
    fill(store, 2)
    files.write()
    assert len(lines(tmp_path / TODAY)) == 2


@pytest.mark.parametrize("moment", ["before the cursor", "after the cursor"])
def test_a_crash_around_the_cursor_neither_loses_nor_doubles(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    fill(store, 1, 2)
    real = type(store.exports).set

    def dies(self: object, *cursors: object) -> None:
        if moment == "after the cursor":
            real(self, *cursors)  # type: ignore[arg-type]
        raise Killed

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(type(store.exports), "set", dies)
        DataFiles(store, tmp_path).write()
    assert len(lines(tmp_path / TODAY)) == 2
    fill(store, 3)
    DataFiles(store, tmp_path).write()
    assert [one["url"] for one in lines(tmp_path / TODAY)] == [url_of(1), url_of(2), url_of(3)]
    assert len(lines(tmp_path / "agreements.jsonl")) == 1


def test_a_deleted_file_is_written_anew(store: Store, tmp_path: Path) -> None:
    files = DataFiles(store, tmp_path)
    fill(store, 1, 2)
    files.write()
    (tmp_path / TODAY).unlink()
    fill(store, 3)
    files.write()
    assert [one["url"] for one in lines(tmp_path / TODAY)] == [url_of(1), url_of(2), url_of(3)]


def test_purged_lines_leave_the_files(store: Store, tmp_path: Path) -> None:
    files = DataFiles(store, tmp_path)
    fill(store, 1, 2)
    files.write()
    store.retention.purge(url_of(1), NOW)
    assert set(files.write().rebuilt) == {TODAY, "agreements.jsonl"}
    assert [one["url"] for one in lines(tmp_path / TODAY)] == [url_of(2)]
    assert (tmp_path / "agreements.jsonl").read_bytes() == b""
    fill(store, 3)
    files.write()
    assert [one["url"] for one in lines(tmp_path / TODAY)] == [url_of(2), url_of(3)]
    assert b"berita/1" not in b"".join(path.read_bytes() for path in tmp_path.rglob("*.jsonl"))


def test_old_daily_files_are_swept(store: Store, tmp_path: Path) -> None:
    files = DataFiles(store, tmp_path)
    fill(store, 1)
    files.write()
    assert files.sweep(NOW.date()) == ()
    assert files.sweep((NOW + DAY).date()) == (TODAY,)
    assert not (tmp_path / TODAY).exists()
    files.write()
    assert not (tmp_path / TODAY).exists()


def test_csv_opens_in_pandas_with_its_accents(store: Store, tmp_path: Path) -> None:
    fill(store, 1)
    path = tmp_path / "out.csv"
    assert export_agreements(store, path, "csv", claim) == 1
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    table = pandas.read_csv(path, keep_default_na=False)
    assert tuple(table.columns) == AGREEMENT_COLUMNS
    row = table.iloc[0]
    assert row["key"] == make_agreement(1).key
    assert row["claim_id"] == "'@id: é JP"
    assert row["title"] == "'+62 =Judul"
    assert row["quote"] == "Kedua menteri menandatangani nota kesepahaman."
    assert row["source_urls"] == url_of(1)
    assert row["signed_on"] == "2026-03-01"
    assert row["first_published_wib"] == "2026-03-02T11:00:00+07:00"
    assert row["confidence"] == 0.93
    assert row["independent_sources"] == 1


def test_xlsx_opens_in_openpyxl_and_pandas(store: Store, tmp_path: Path) -> None:
    fill(store, 1)
    path = tmp_path / "out.xlsx"
    export_agreements(store, path, "xlsx", claim)
    book = openpyxl.load_workbook(path)
    sheet = book["agreements"]
    assert tuple(cell.value for cell in sheet[1]) == AGREEMENT_COLUMNS
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert [cell.value for cell in sheet[2]][1] == "'@en: é JP"
    book.close()
    table = pandas.read_excel(path)
    assert table.iloc[0]["partner"] == "JP"
    assert table.iloc[0]["first_published_utc"] == pandas.Timestamp("2026-03-02 04:00:00")
    assert table.iloc[0]["first_published_wib"] == "2026-03-02T11:00:00+07:00"


@pytest.mark.parametrize("form", ["agreements", "articles"])
def test_xlsx_is_a_table_to_work_with(store: Store, tmp_path: Path, form: str) -> None:
    fill(store, 1, 2)
    path = tmp_path / "out.xlsx"
    _ = export_agreements(store, path, "xlsx", claim) if form == "agreements" else export_articles(store, path, "xlsx")
    book = openpyxl.load_workbook(path)
    sheet: Any = book[form]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == sheet.dimensions
    assert all(cell.font.b for cell in sheet[1])
    widths = {cell.value: sheet.column_dimensions[cell.column_letter].width for cell in sheet[1]}
    assert widths["title"] > widths["key"] >= 10
    instants = [cell for cell in sheet[2] if sheet[1][cell.column - 1].value in INSTANTS]
    assert len(instants) >= 3
    assert all(cell.is_date and cell.value.microsecond == 0 for cell in instants)
    book.close()


@pytest.mark.parametrize("form", ["csv", "xlsx", "jsonl"])
def test_a_full_disk_is_said_and_leaves_nothing_half_written(store: Store, tmp_path: Path, form: str) -> None:
    fill(store, 1)
    path = tmp_path / f"out.{form}"
    path.write_text("the last export")
    (tmp_path / f".out.{form}.new").symlink_to("/dev/full")
    with pytest.raises(StoreFull, match="no room left"):
        export_articles(store, path, form)
    assert path.read_text() == "the last export"
    assert not (tmp_path / f".out.{form}.new").is_symlink()
    with pytest.raises(StoreError, match="cannot be written"):
        export_agreements(store, path / "below.csv", form, claim)


def test_jsonl_keeps_types(store: Store, tmp_path: Path) -> None:
    fill(store, 1)
    path = tmp_path / "out.jsonl"
    export_agreements(store, path, "jsonl", claim)
    (row,) = lines(path)
    assert tuple(row) == AGREEMENT_COLUMNS
    assert row["fields"] == ["ai", "telecom"]
    assert row["title"] == "+62 =Judul"


@pytest.mark.parametrize("form", ["csv", "xlsx", "jsonl"])
def test_articles_export(store: Store, tmp_path: Path, form: str) -> None:
    fill(store, 1, 2)
    path = tmp_path / f"articles.{form}"
    assert export_articles(store, path, form, outlet="warta") == 2
    if form == "csv":
        assert tuple(pandas.read_csv(path).columns) == ARTICLE_COLUMNS
    assert export_articles(store, path, form, since=NOW + DAY) == 0


def test_an_unknown_format_is_refused(store: Store, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="csv, xlsx, jsonl"):
        export_agreements(store, tmp_path / "x", "ods", claim)


@pytest.mark.parametrize("start", ["=1+1", "+62", "-1", "@a", "\ta", "\ra", "\n=1", " =1", "＝1"])
def test_what_begins_like_a_formula_is_text(start: str) -> None:
    assert str(safe(start)).startswith("'")


def test_cells_hold_what_spreadsheets_hold() -> None:
    assert safe("a\x00\x0bb") == "ab"
    assert len(str(safe("x" * 40_000))) == 32_767
    assert (safe(None), safe(3), safe(0.5), safe(True), safe(["a", "b"])) == (None, 3, 0.5, "yes", "a; b")
