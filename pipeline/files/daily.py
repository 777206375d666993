"""The JSON Lines files that grow: `articles/DATE.jsonl` and `agreements.jsonl`, below the data directory.

The store remembers, per file, up to which row it is written and how many bytes that is. Lines are appended and flushed
to the disk first, the cursor moves after; a crash between the two leaves bytes past the cursor, which the next append
cuts off before it writes the same lines again. So no line is lost and none is there twice, wherever the process dies. A
file that was shortened or deleted, or holds what was purged, is written anew and put in the place of the old one.
"""

from __future__ import annotations

import fcntl
import logging
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path

from pipeline.files.lines import article_data, change_data, line
from pipeline.files.trouble import refusal
from pipeline.store import Cursor, Store
from pipeline.store.purge import AGREEMENTS_FILE, articles_file

BATCH = 500
"""Rows read and written at a time."""

ARTICLES = "articles/"
"""Name of the cursor over all article revisions, whichever day's file they belong to."""

log = logging.getLogger(__name__)

Row = tuple[int, bytes]
"""A row's number and its line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """How many lines were appended, and which files were written anew."""

    articles: int
    changes: int
    rebuilt: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DataFiles:
    """The growing files of one data directory."""

    store: Store
    root: Path

    def write(self) -> Written:
        """Bring all files up to what is stored now. One process writes at a time; another waits.

        Raises StoreFull where the disk is full and StoreError where a file cannot be written; the next call goes on.
        """
        with _locked(self.root):
            rebuilt = [cursor.name for cursor in self.store.exports.to_rebuild()]
            for name in rebuilt:
                self._rebuild(name)
            articles = self._articles()
            changes = self._changes()
        return Written(articles=articles, changes=changes, rebuilt=tuple(rebuilt))

    def sweep(self, before: date) -> tuple[str, ...]:
        """Delete the daily article files of days before `before`; the names of those that were there."""
        old = tuple(
            name
            for name in self.store.exports.names()
            if name.startswith(ARTICLES) and name != ARTICLES and name < articles_file(before)
        )
        with _locked(self.root):
            for name in old:
                (self.root / name).unlink(missing_ok=True)
        self.store.exports.forget(old)
        return old

    def _articles(self) -> int:
        total = 0
        while True:
            overall = self.store.exports.get(ARTICLES)
            rows = self.store.articles.after(overall.seq, limit=BATCH)
            if not rows:
                return total
            cursors = [
                self._append(articles_file(day), [(one.seq, line(article_data(one))) for _, one in some])
                for day, some in groupby(sorted(rows, key=lambda row: row[0]), key=lambda row: row[0])
            ]
            self.store.exports.set(*cursors, Cursor(name=ARTICLES, seq=rows[-1][1].seq))
            total += len(rows)

    def _changes(self) -> int:
        total = 0
        while True:
            changes = self.store.agreements.changes(self.store.exports.get(AGREEMENTS_FILE).seq, limit=BATCH)
            if not changes:
                return total
            rows = [(change.seq, line(change_data(change))) for change in changes]
            self.store.exports.set(self._append(AGREEMENTS_FILE, rows))
            total += len(changes)

    def _append(self, name: str, rows: Iterable[Row]) -> Cursor:
        """Write the rows that are not in the file yet; the cursor to be stored after."""
        cursor = self.store.exports.get(name)
        path = self.root / name
        if (path.stat().st_size if path.exists() else 0) < cursor.size:
            log.warning("data file was shortened, writing it anew file=%s", name)
            cursor = self._rebuild(name)
        rows = [row for row in rows if row[0] > cursor.seq]
        if not rows:
            return cursor
        new = not path.exists()
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("r+b" if not new else "x+b") as file:
            file.truncate(cursor.size)
            file.seek(cursor.size)
            file.writelines(data for _, data in rows)
            file.flush()
            os.fsync(file.fileno())
            size = file.tell()
        if new:
            _sync_folder(path.parent)
        return Cursor(name=name, seq=rows[-1][0], size=size)

    def _rebuild(self, name: str) -> Cursor:
        """Write a file anew from the store, put it in the place of the old one, and move its cursor."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{path.name}.new")
        seq = 0
        with beside.open("wb") as file:
            for number, data in self._all_rows(name):
                file.write(data)
                seq = number
            file.flush()
            os.fsync(file.fileno())
            size = file.tell()
        beside.replace(path)
        _sync_folder(path.parent)
        cursor = Cursor(name=name, seq=max(seq, self.store.exports.get(name).seq), size=size)
        self.store.exports.set(cursor)
        return cursor

    def _all_rows(self, name: str) -> Iterator[Row]:
        seq = 0
        day = None if name == AGREEMENTS_FILE else date.fromisoformat(Path(name).stem)
        while True:
            if day is None:
                rows = [(one.seq, line(change_data(one))) for one in self.store.agreements.changes(seq, limit=BATCH)]
            else:
                stored = self.store.articles.after(seq, limit=BATCH, day=day)
                rows = [(one.seq, line(article_data(one))) for _, one in stored]
            if not rows:
                return
            yield from rows
            seq = rows[-1][0]


@contextmanager
def _locked(root: Path) -> Iterator[None]:
    try:
        root.mkdir(parents=True, exist_ok=True)
        with (root / ".files.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
    except OSError as error:
        raise refusal(error, root) from error


def _sync_folder(folder: Path) -> None:
    """Make a new name durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
