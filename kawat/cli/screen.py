"""How things are shown: data on standard output (tables on a terminal, tab-separated lines in a pipe, JSON on request),
chatter on standard error. What came from the web cannot steer the terminal: control and direction characters go."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from pathlib import Path
from typing import Any, Final, TextIO
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table
from rich.text import Text

from kawat.cli.face import Row

WIB: Final = "Asia/Jakarta"
LONG: Final = 40
"""Items of a list that are longer, in characters, stand on lines of their own."""
_INSTANT: Final = re.compile(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)(?![\w:])")
_UNSAFE: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


class Screen:
    """One command's output. `zone` is the reader's, shown beside WIB where it differs."""

    def __init__(self, *, out: TextIO, err: TextIO, zone: str = WIB) -> None:
        self.zone = zone
        self._file = out
        self._out = Console(file=out, highlight=False, soft_wrap=True)
        self._err = Console(file=err, highlight=False, soft_wrap=True)

    # ------------------------------------------------------------------------------------------------------- data

    def json(self, value: Any) -> None:
        """One JSON value on one line."""
        print(json.dumps(plain(value), ensure_ascii=False), file=self._file)

    def text(self, line: str = "", style: str = "") -> None:
        """One line of data."""
        self._out.print(Text(safe(line), style=style))

    def rows(self, rows: Iterable[Row], columns: Sequence[str], *, as_json: bool, empty: str) -> None:
        """A listing. `columns` are keys of the rows; JSON has all keys, one object per line."""
        listed = list(rows)
        if as_json:
            for row in listed:
                self.json(row)
        elif not listed:
            self.note(empty)
        elif self._out.is_terminal:
            table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
            for column in columns:
                table.add_column(heading(column), overflow="fold")  # nothing is cut: it goes on in the next line
            for row in listed:
                table.add_row(*(Text(self.cell(row.get(column))) for column in columns))
            self._out.print(table, soft_wrap=False)
        else:
            print("\t".join(columns), file=self._file)
            for row in listed:
                cells = (self.cell(row.get(column)) for column in columns)
                print("\t".join(re.sub(r"[\t\n]+", " ", cell) for cell in cells), file=self._file)

    def record(self, row: Row, *, as_json: bool) -> None:
        """One thing, key by key."""
        if as_json:
            self.json(row)
            return
        width = max((len(heading(key)) for key in row), default=0)
        for key, value in row.items():
            label = Text(f"{heading(key):<{width}}  ", style="bold")
            lines = self._lines(value)
            for n, line in enumerate(lines):
                self._out.print((label if n == 0 else Text(" " * (width + 2))) + Text(safe(line)))

    def cell(self, value: Any) -> str:
        """A value as a person reads it."""
        if value is None or value == "":
            return "–"
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, datetime):
            return self.stamp(value)
        if isinstance(value, float):
            return f"{value:.2f}"
        if isinstance(value, Mapping):
            return safe(", ".join(f"{key} {self.cell(inner)}" for key, inner in value.items()))
        if isinstance(value, list | tuple):
            return safe(", ".join(self.cell(each) for each in value)) or "–"
        return safe(str(value.value if isinstance(value, Enum) else value))

    def stamp(self, at: datetime) -> str:
        """An instant in WIB, and in the reader's zone where that differs: `2026-11-20 14:02 WIB (16:02 JST)`."""
        wib = at.astimezone(ZoneInfo(WIB))
        text = f"{wib:%Y-%m-%d %H:%M} WIB"
        local = at.astimezone(ZoneInfo(self.zone))
        if local.utcoffset() == wib.utcoffset():
            return text
        day = "" if local.date() == wib.date() else f"{local:%m-%d} "
        return f"{text} ({day}{local:%H:%M %Z})"

    def instants(self, text: str) -> str:
        """Words in which instants stand as ISO 8601, with each as `stamp` writes it."""
        return _INSTANT.sub(lambda found: self._instant(found[0]), text)

    def _instant(self, written: str) -> str:
        try:
            return self.stamp(datetime.fromisoformat(written))
        except (ValueError, OverflowError):
            return written

    def _lines(self, value: Any) -> list[str]:
        if isinstance(value, list | tuple) and any(
            isinstance(each, Mapping) or len(str(each)) > LONG for each in value
        ):
            return [self.cell(each) for each in value]
        if isinstance(value, str):
            return value.splitlines() or ["–"]
        return [self.cell(value)]

    # ---------------------------------------------------------------------------------------------------- chatter

    def note(self, line: str, style: str = "") -> None:
        """One line beside the data."""
        self._err.print(Text(safe(line), style=style))

    def warn(self, line: str) -> None:
        self.note(line, "yellow")

    def fail(self, line: str) -> None:
        self.note(line, "red")

    @contextmanager
    def progress(self, quiet: bool = False) -> Iterator[_Steps]:
        """Steps of something that takes a while: a spinner on a terminal, plain lines elsewhere."""
        if quiet or not self._err.is_terminal:
            yield _Steps(self, quiet=quiet)
            return
        with self._err.status("", spinner="dots") as status:
            yield _Steps(self, quiet=False, update=lambda line: status.update(Text(line)))


class _Steps:
    """A `Progress` that writes to the screen."""

    def __init__(self, screen: Screen, *, quiet: bool, update: Any = None) -> None:
        self._screen, self._quiet, self._update = screen, quiet, update

    def __call__(self, step: str, text: str) -> None:
        if self._quiet:
            return
        line = safe(f"{step:<8} {text}")
        if self._update is not None:
            self._update(line)
        if self._update is None or step != "fetch":  # hundreds of fetches are for the spinner, and for a pipe
            self._screen.note(line, "dim")


def safe(text: str) -> str:
    """`text` without characters that steer a terminal or turn the direction of writing."""
    return _UNSAFE.sub("", text)


def counted(number: int, thing: str) -> str:
    """`1 outlet`, `2 outlets`."""
    return f"{number} {thing}" if number == 1 else f"{number:,} {thing}s"


def heading(key: str) -> str:
    return key.replace("_", " ")


def plain(value: Any) -> Any:
    """A value as JSON has it: instants as ISO 8601 UTC with Z, dates as ISO."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date | Path):
        return str(value)
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(each) for each in value]
    return value


def as_row(value: Any) -> Row:
    """A frozen dataclass as a row."""
    return {name: _inner(getattr(value, name)) for name in value.__dataclass_fields__}


def _inner(value: Any) -> Any:
    if hasattr(value, "__dataclass_fields__"):
        return as_row(value)
    if isinstance(value, tuple | list):
        return [_inner(each) for each in value]
    return value
