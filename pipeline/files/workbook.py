"""An export as an Excel workbook."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from pipeline.files.cells import INSTANTS, LONG_COLUMNS, NARROW, WIDE, safe


def write(path: Path, title: str, columns: tuple[str, ...], rows: Iterator[dict[str, Any]]) -> int:
    """Write the rows under their heads; how many. Raises OSError."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for place, column in enumerate(columns, 1):
        sheet.column_dimensions[get_column_letter(place)].width = _width(column)
    sheet.append([_head(sheet, column) for column in columns])
    number = 0
    for row in rows:
        number += 1
        sheet.append([_cell(sheet, column, row[column]) for column in columns])
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{number + 1}"
    whole = io.BytesIO()
    book.save(whole)
    path.write_bytes(whole.getvalue())
    return number


def _width(column: str) -> int:
    """In characters of the usual font."""
    return WIDE if column in LONG_COLUMNS else max(len(column) + 4, NARROW)


def _head(sheet: Any, column: str) -> Any:
    cell = WriteOnlyCell(sheet, column)
    cell.font = Font(bold=True)
    return cell


def _cell(sheet: Any, column: str, value: Any) -> Any:
    """A cell; an instant is one that Excel counts with: UTC, whole seconds (its own calendar begins in 1900)."""
    if column in INSTANTS and isinstance(value, str):
        at = datetime.fromisoformat(value).astimezone(UTC).replace(microsecond=0, tzinfo=None)
        if at.year > 1900:
            cell = WriteOnlyCell(sheet, at)
            cell.number_format = "yyyy-mm-dd hh:mm:ss"
            return cell
    return safe(value)
