"""`register.csv`: the known agreements, read into values; a broken row is refused with file, line and column.

The shipped file was carried from the team's register of November 2026: facts and one address each, no prose and no
names of persons. `thread` joins rows that are stages of one act (empty: a thread of its own), `parent` names the thread
that a renewal or follow-on paper continues.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from pipeline.agreements.register import RegisterEntry
from pipeline.errors import ConfigError, Fault
from pipeline.model import Instrument, Level, Stage

COLUMNS: Final = (
    *("id", "thread", "parent", "date", "date_precision", "partner", "partner_name", "institutions"),
    *("partner_institutions", "level", "instrument", "instrument_kind", "title", "fields", "stage", "relevance"),
    *("place", "source_url", "certainty", "note"),
)
LEVELS: Final = (*Level, "b2b", "academic")
PRECISIONS: Final = ("day", "pm1", "approx")
RELEVANCES: Final = ("core", "marginal", "update", "negative", "b2b", "unverified")
CERTAINTIES: Final = ("high", "medium", "low")

MAX_BYTES: Final = 5_000_000
LONGEST_CELL: Final = 500

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{2,60}")
_COUNTRY = re.compile(r"[A-Z]{2}")
_NAME = re.compile(r"[a-z][a-z0-9_]*")


def read_register(path: Path) -> tuple[RegisterEntry, ...]:
    """The register of a configuration folder; an absent file is an empty register.

    Raises `ConfigError` with every fault found: nothing of a broken register is used.
    """
    if not path.exists():
        return ()
    try:
        raw = path.read_bytes()
        if len(raw) > MAX_BYTES:
            raise ConfigError((_fault(path, None, None, f"is longer than {MAX_BYTES:,} bytes", "split or shorten it"),))
        text = raw.decode("utf-8-sig")
    except OSError as error:
        raise ConfigError((_fault(path, None, None, f"cannot be read: {error.strerror}"),)) from error
    except UnicodeDecodeError as error:
        raise ConfigError((_fault(path, None, None, "is not UTF-8", "save it as UTF-8"),)) from error
    return parse_register(text, path)


def parse_register(text: str, path: Path) -> tuple[RegisterEntry, ...]:
    """The rows of a register given as text; `path` is named in faults. Raises `ConfigError`."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    faults: list[Fault] = []
    entries: dict[str, RegisterEntry] = {}
    lines: dict[str, int] = {}
    try:
        header = next(reader, [])
        faults += _header_faults(header, path)
        if faults:
            raise ConfigError(tuple(faults))
        start = reader.line_num + 1
        for cells in reader:
            line, start = start, reader.line_num + 1
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(header):
                faults.append(_fault(path, line, None, f"has {len(cells)} cells, not {len(header)}", "quote commas"))
                continue
            row = _Row(path=path, line=line, cells=dict(zip(header, map(str.strip, cells), strict=True)))
            entry = row.entry()
            faults += row.faults
            if entry is None:
                continue
            if entry.id in entries:
                faults.append(_fault(path, line, "id", f"{entry.id} stands in line {lines[entry.id]} too"))
                continue
            entries[entry.id], lines[entry.id] = entry, line
    except csv.Error as error:
        faults.append(_fault(path, reader.line_num, None, f"is no CSV: {error}"))
    for entry in entries.values():
        for column, name in (("thread", entry.thread), ("parent", entry.parent)):
            if name and name not in entries and not faults:
                near = get_close_matches(name, entries, n=1)
                remedy = f"perhaps {near[0]}" if near else "name the id of another row"
                faults.append(_fault(path, lines[entry.id], column, f"{name} is no row's id", remedy))
    if faults:
        raise ConfigError(tuple(faults))
    return tuple(entries.values())


def _header_faults(header: list[str], path: Path) -> list[Fault]:
    faults = [
        _fault(path, 1, name or "(empty)", "is no column of a register", _nearest(name, COLUMNS))
        for name in header
        if name not in COLUMNS
    ]
    faults += [_fault(path, 1, name, "stands twice") for name in sorted({n for n in header if header.count(n) > 1})]
    faults += [_fault(path, 1, name, "is missing") for name in COLUMNS if name not in header]
    return faults


class _Row:
    """One row while it is read: collects its faults."""

    def __init__(self, *, path: Path, line: int, cells: Mapping[str, str]) -> None:
        self.path, self.line, self.cells = path, line, cells
        self.faults: list[Fault] = []

    def entry(self) -> RegisterEntry | None:
        for column, cell in self.cells.items():
            if len(cell) > LONGEST_CELL:
                self._refuse(column, f"is longer than {LONGEST_CELL} characters", "a register holds facts, no prose")
        name = self._matching("id", _ID, "letters, digits, - and _")
        on = self._day()
        partner = self._matching("partner", _COUNTRY, "an ISO 3166-1 code such as JP")
        url = self.cells["source_url"]
        if url and not url.startswith(("https://", "http://")):
            self._refuse("source_url", f"{url[:60]!r} is no address", "begin with https://")
        chosen = {
            column: self._one_of(column, choices)
            for column, choices in (
                ("date_precision", PRECISIONS),
                ("level", LEVELS),
                ("instrument", tuple(Instrument)),
                ("stage", tuple(Stage)),
                ("relevance", RELEVANCES),
                ("certainty", CERTAINTIES),
            )
        }
        institutions, fields = self._names("institutions"), self._names("fields")
        if self.faults or on is None:
            return None
        return RegisterEntry(
            id=name,
            thread=self.cells["thread"] or name,
            parent=self.cells["parent"] or None,
            on=on,
            precision=chosen["date_precision"],
            partner=partner,
            partner_name=self.cells["partner_name"],
            institutions=institutions,
            partner_institutions=_parts(self.cells["partner_institutions"]),
            level=chosen["level"],
            instrument=Instrument(chosen["instrument"]),
            instrument_kind=self.cells["instrument_kind"],
            title=self.cells["title"],
            fields=fields,
            stage=Stage(chosen["stage"]),
            relevance=chosen["relevance"],
            place=self.cells["place"],
            source_url=url,
            certainty=chosen["certainty"],
            note=self.cells["note"],
        )

    def _matching(self, column: str, pattern: re.Pattern[str], want: str) -> str:
        cell = self.cells[column]
        if pattern.fullmatch(cell) is None:
            self._refuse(column, f"{cell[:60]!r} is refused", f"give {want}")
        return cell

    def _one_of(self, column: str, choices: tuple[str, ...]) -> str:
        cell = self.cells[column]
        if cell not in choices:
            self._refuse(column, f"{cell[:60]!r} is none of {', '.join(choices)}", _nearest(cell, choices))
        return cell

    def _names(self, column: str) -> tuple[str, ...]:
        names = _parts(self.cells[column])
        for name in names:
            if _NAME.fullmatch(name) is None:
                self._refuse(column, f"{name[:60]!r} is no lexicon id", "lower-case ids, parted by |")
        return names

    def _day(self) -> date | None:
        try:
            return date.fromisoformat(self.cells["date"])
        except ValueError:
            self._refuse("date", f"{self.cells['date'][:60]!r} is no day", "write 2025-01-25")
            return None

    def _refuse(self, column: str, problem: str, remedy: str = "") -> None:
        self.faults.append(_fault(self.path, self.line, column, problem, remedy))


def _parts(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split("|") if part.strip())


def _nearest(word: str, choices: tuple[str, ...] | list[str]) -> str:
    near = get_close_matches(word, choices, n=1)
    return f"did you mean {near[0]}?" if near else ""


def _fault(path: Path, line: int | None, key: str | None, problem: str, remedy: str = "") -> Fault:
    return Fault(path=str(path), line=line, key=key, problem=problem, remedy=remedy)
