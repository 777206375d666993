"""What readers say of articles: `labels/feedback.jsonl` in the data folder, one line per judgement, in the form that
`kawat eval` scores.

A labelled line holds the article's text, as a label without its text teaches nothing once retention has cleared the
text; `kawat purge` takes the lines of an address out. The last judgement of an article counts.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from pipeline.errors import ConfigError, Fault, UsageError
from pipeline.model import Label, Report
from pipeline.net import url_key
from pipeline.store import Store
from pipeline.store.values import StoredArticle

Row = dict[str, Any]
FOLDER, FEEDBACK, DRAWN = "labels", "feedback.jsonl", "sample.jsonl"


class Labels:
    """The labelled file of one data folder, and the list of articles drawn for judgement."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FOLDER / FEEDBACK
        self.drawn_path = folder / FOLDER / DRAWN

    def add(self, row: Row) -> None:
        _append(self.path, [row])

    def rows(self) -> list[Row]:
        """The last judgement of each article, oldest first. Raises ConfigError for a line that is no JSON object."""
        return list({str(row["id"]): row for row in _rows(self.path)}.values())

    def drawn(self) -> dict[str, str]:
        """Key of each article that was drawn for judgement: the part of the archive it stands for."""
        return {str(row["id"]): str(row["part"]) for row in _rows(self.drawn_path)}

    def draw(self, rows: Iterable[Row]) -> None:
        _append(self.drawn_path, rows)

    def forget(self, url: str) -> int:
        """Take out every judgement of an address; how many there were."""
        rows = list(_rows(self.path))
        left = [row for row in rows if row.get("url") != url and url_key(str(row.get("url"))) != url_key(url)]
        if len(left) < len(rows):
            new = self.path.with_suffix(".new")
            new.write_text("".join(map(_line, left)), encoding="utf-8")
            new.replace(self.path)
        return len(rows) - len(left)


def judged(
    store: Store, stored: StoredArticle, *, right: bool, label: str, note: str, at: datetime, part: str, rules: str
) -> Row:
    """One labelled line. What was said is taken over where it is right; of a wrong record nothing but the label is
    known. Raises UsageError where the judgement contradicts itself, or where nothing is left to judge by."""
    if label and label not in {each.value for each in Label}:
        raise UsageError(f"--label {label!r} is none of {', '.join(each.value for each in Label)}")
    said = str(stored.head.decided.label)
    if right and label not in ("", said):
        raise UsageError(f"--right says that {said} is the right label, --label says {label}: give one of the two")
    if stored.body is None:
        raise UsageError(f"the text of {stored.head.key} was cleared by retention: nothing is left to learn from")
    head = stored.head
    reports = store.articles.reports(head.key)
    report, agreement = reports[0] if reports else (None, None)
    return {
        "id": head.key,
        "url": head.canonical_url or head.url,
        "outlet": head.outlet,
        "lang": head.language,
        "title": head.title,
        "published": head.published.instant.isoformat() if head.published else None,
        "text": stored.article.text,
        "label": said if right else label or None,
        **(_facts(report, agreement) if right else dict.fromkeys(_facts(None, None))),
        "dup_of": None,
        "judged": {
            "at": at.isoformat(),
            "right": right,
            "said": said,
            "confidence": report.confidence if report is not None else None,
            "note": note,
            "part": part,
            "rules": rules,
        },
    }


def _facts(report: Report | None, agreement: str | None) -> Row:
    """The record as labelled sets name it; None is not scored."""
    if report is None:
        return {
            "stage": "none", "instrument": "none", "fields": [], "country": None, "date_signed": None,
            "event_id": None, "relation": None,
        }  # fmt: skip
    return {
        "stage": str(report.stage),
        "instrument": str(report.instrument),
        "fields": list(report.fields),
        "country": report.partner,
        "date_signed": _printed(report.signed_on, report.signed_precision),
        "event_id": agreement,
        "relation": str(report.relation),
    }


def _printed(day: date | None, precision: str) -> str | None:
    return None if day is None else day.isoformat()[: {"month": 7, "year": 4}.get(precision, 10)]


def _line(row: Row) -> str:
    return json.dumps(row, ensure_ascii=False) + "\n"


def _append(path: Path, rows: Iterable[Row]) -> None:
    """One write per call, so that two readers at once cannot tear a line."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        file.write("".join(map(_line, rows)).encode("utf-8", "replace"))
        file.flush()
        os.fsync(file.fileno())


def _rows(path: Path) -> Iterator[Row]:
    if not path.is_file():
        return
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except ValueError:
                row = None
            if not isinstance(row, dict) or "id" not in row:
                fault = Fault(
                    path=str(path), line=number, key=None, problem="is no labelled article", remedy="take the line out"
                )
                raise ConfigError((fault,))
            yield row
