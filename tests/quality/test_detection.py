"""How well detection reads: our own articles always, the labelled sets beside the checkout where they are.

Floors, not goals: a change that falls below one needs a reason. Sets are read cleaned, so that only detection counts.
"""

from __future__ import annotations

import csv
import importlib.util
import json
import re
import sys
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from pipeline.config.lexicon import load_lexicon
from pipeline.detect.reader import Reader
from pipeline.model import Article, Label, Level, Reading, Relation, Stage, Stamp

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
OWN = Path(__file__).parent / "detection" / "articles.txt"
BATCHES = sorted((Path(__file__).parent / "detection").glob("batch-*.txt"))
"""Articles written batch by batch, each measured before anything was changed for it: agreement F1 of batches 1-18 as
first read .84 .79 .91 .84 .75 .73 .55 .84 .88 .91 .98 .98 .91 .73 .90 .91 .95 .90 (batches 2-7 each harder than the
last: traps of the class that had just failed; 8 and 10 are briefs, 9 articles in the mixture of an ordinary week; 11-18
articles and briefs of four authors who never saw the rules)."""
UNSEEN = Path(__file__).parent / "unseen"
"""Articles by authors who never saw the rules. A row is held out when the first byte of the SHA-256 of its event (else
outlet) is even: from those only figures were taken, never a text."""
WIB = timezone(timedelta(hours=7))
NOW = datetime(2026, 11, 21, tzinfo=UTC)
ALERTS = (Stage.SIGNED, Stage.RENEWED, Stage.IN_FORCE, Stage.ANNOUNCED)

Row = dict[str, Any]

beside = pytest.mark.skipif(not (SHARED / "eval").is_dir(), reason="the labelled sets lie beside the checkout")


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(load_lexicon(ROOT / "config" / "lexicon"))


def stamp(raw: str | None) -> Stamp | None:
    """A publication of at least a day; a bare year or month is none."""
    if not raw or len(raw) < 10:
        return None
    instant = datetime.fromisoformat(raw)
    if instant.tzinfo is None:
        instant = instant.replace(tzinfo=WIB)
    return Stamp(raw=raw, instant=instant.astimezone(UTC), zone="Asia/Jakarta", zone_source="assumed")


def article(row: Row) -> Article:
    text = row.get("clean_text") or row["text"]
    paragraphs = tuple(each.strip() for each in re.split(r"\n+", text) if each.strip())
    return Article(
        key=str(row["id"]),
        outlet=row.get("outlet") or "",
        url="",
        canonical_url="",
        title=row.get("title") or "",
        paragraphs=paragraphs,
        headings=(),
        removed=(),
        credits=(),
        dateline="",
        authors=(),
        published=stamp(row.get("published")),
        published_raw=row.get("published") or "",
        section="",
        language=row.get("lang") or "und",
        steps=(),
        fetched_at=NOW,
        discovered_at=NOW,
    )


def own(path: Path = OWN) -> list[Row]:
    """Our own articles: blocks of `=== id`, `key: value` parted by bars or lines, an empty line, paragraphs."""
    rows: list[Row] = []
    for block in re.split(r"(?m)^=== ", path.read_text(encoding="utf-8"))[1:]:
        head, _, body = block.partition("\n\n")
        name, *lines = head.split("\n")
        row: Row = {"id": name.strip(), "relation": "new"}
        for line in lines:
            for part in line.split(" | ") if line.startswith("label") else [line]:
                key, _, value = part.partition(":")
                row[key.strip()] = value.strip()
        row["text"] = f"{row['title']}\n\n{body.strip()}" if "title" in row else body.strip()
        rows.append(row)
    return rows


def alerts(reading: Reading) -> bool:
    """Whether the shipped watch would tell it at once, were it the first report."""
    if reading.label is not Label.AGREEMENT:
        return False
    report = reading.reports[0]
    return (
        report.confidence >= 0.8
        and report.stage in ALERTS
        and report.relation is Relation.NEW
        and report.level is not Level.SUBNATIONAL
    )


def said(row: Row, reading: Reading) -> Row:
    """One line of `kawat read --json`, as far as it is scored."""
    line: Row = {"id": row["id"], "label": reading.label.value, "alert": alerts(reading)}
    if reading.reports:
        report = reading.reports[0]
        day = report.signed_on if report.signed_precision == "day" else None
        line["agreement"] = {
            "partner": report.partner,
            "stage": report.stage.value,
            "instrument": report.instrument.value,
            "fields": list(report.fields),
            "signed_on": day.isoformat() if day else None,
            "relation": report.relation.value,
        }
    return line


def agreement_f1(rows: list[Row], readings: list[Reading]) -> tuple[float, float, float]:
    """Precision, recall and F1 of the label `agreement`."""
    hit = sum(
        row["label"] == "agreement" and each.label is Label.AGREEMENT for row, each in zip(rows, readings, strict=True)
    )
    told = sum(each.label is Label.AGREEMENT for each in readings)
    due = sum(row["label"] == "agreement" for row in rows)
    precision, recall = hit / max(told, 1), hit / max(due, 1)
    return precision, recall, 2 * precision * recall / max(precision + recall, 1e-9)


def held_out(row: Row) -> bool:
    """Whether a row of the unseen sets is only counted, never read."""
    key = row.get("event_id") or row.get("outlet") or row["id"]
    return sha256(str(key).encode()).digest()[0] % 2 == 0


def scored(reader: Reader, name: str) -> dict[str, Any]:
    """What `score.py` makes of a labelled set, one alert per event."""
    spec = importlib.util.spec_from_file_location("kawat_score", SHARED / "eval" / "score.py")
    assert spec is not None and spec.loader is not None
    score = importlib.util.module_from_spec(spec)
    sys.dont_write_bytecode = True
    spec.loader.exec_module(score)
    gold = [json.loads(line) for line in (SHARED / "eval" / name).read_text(encoding="utf-8").splitlines() if line]
    lines: dict[str, Row] = {}
    told: set[str] = set()
    for row in gold:
        line = said(row, reader.read(article(row)))
        event = row["event_id"] or row["id"]
        line["alert"] = line["alert"] and event not in told
        if line["alert"]:
            told.add(event)
        lines[row["id"]] = line
    result: dict[str, Any] = score.score(gold, lines)
    return result


@pytest.mark.parametrize("row", own(), ids=lambda row: str(row["id"]))
def test_our_own_articles(reader: Reader, row: Row) -> None:
    reading = reader.read(article(row))
    assert reading.label.value == row["label"], reading.why
    if reading.label is Label.OTHER:
        return
    report = reading.reports[0]
    assert report.partner == row["partner"]
    assert report.stage.value == row["stage"]
    assert report.instrument.value == row["instrument"]
    assert report.relation.value == row["relation"]
    if "fields" in row:
        assert set(row["fields"].split(", ")) <= set(report.fields)
    if "signed_on" in row:
        assert report.signed_on is not None
        assert report.signed_on.isoformat() == row["signed_on"]
    if "place" in row:
        assert report.place == row["place"]
    if "level" in row:
        assert report.level.value == row["level"]
    for each in report.evidence:
        made = article(row)
        assert (made.title if each.where == "title" else made.text)[each.start : each.end] == each.quote


def test_our_own_articles_alert_rightly(reader: Reader) -> None:
    wrong = [row["id"] for row in own() if row["label"] != "agreement" and alerts(reader.read(article(row)))]
    assert wrong == []
    due = [row for row in own() if row["label"] == "agreement" and row["stage"] in ("signed", "renewed")]
    told = [row for row in due if alerts(reader.read(article(row)))]
    assert len(told) >= 0.9 * len(due)


@pytest.mark.parametrize("path", BATCHES, ids=lambda path: str(path.stem))
def test_batches_stay_read(reader: Reader, path: Path) -> None:
    rows = own(path)
    readings = [reader.read(article(row)) for row in rows]
    precision, recall, _ = agreement_f1(rows, readings)
    assert precision >= 0.97, [
        row["id"] for row, each in zip(rows, readings, strict=True) if each.label != row["label"]
    ]
    assert recall >= 0.9
    false = [
        row["id"] for row, each in zip(rows, readings, strict=True) if row["label"] != "agreement" and alerts(each)
    ]
    assert false == []
    partners = [
        row["id"]
        for row, each in zip(rows, readings, strict=True)
        if each.reports and row["label"] == each.label.value and each.reports[0].partner != row["partner"]
    ]
    assert partners == []


@pytest.mark.skipif(not UNSEEN.is_dir(), reason="no articles of other authors in this checkout")
def test_articles_of_other_authors(reader: Reader) -> None:
    rows = [
        json.loads(line)
        for path in sorted(UNSEEN.glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if line
    ]
    for wanted, part in ((0.95, [each for each in rows if not held_out(each)]), (0.85, list(filter(held_out, rows)))):
        _, _, f1 = agreement_f1(part, [reader.read(article(each)) for each in part])
        assert f1 >= wanted


@beside
def test_labelled_articles(reader: Reader) -> None:
    result = scored(reader, "articles.jsonl")
    assert result["agreement"]["f1"] >= 0.97
    assert result["any_cooperation"]["f1"] >= 0.95
    slots = result["slots"]
    assert slots["partner"] >= 0.98
    assert slots["stage"] >= 0.97
    assert slots["instrument"] >= 0.92
    assert slots["signed_on"] >= 0.87
    assert slots["relation"] >= 0.95
    assert slots["fields_f1"] >= 0.87
    assert result["alerts"]["recall"] >= 0.97
    assert result["alerts"]["false_alerts"] == 0


@beside
def test_labelled_briefs(reader: Reader) -> None:
    result = scored(reader, "briefs.jsonl")
    assert result["agreement"]["f1"] >= 0.92
    assert result["any_cooperation"]["f1"] >= 0.93
    assert result["slots"]["partner"] >= 0.97
    assert result["slots"]["stage"] >= 0.86
    assert result["slots"]["fields_f1"] >= 0.72


def ordinary() -> list[Row]:
    """Ordinary news beside the checkout; none where it is not there."""
    path = SHARED / "texts" / "detik-2026.csv"
    if not path.is_file():
        return []
    csv.field_size_limit(10**7)
    with path.open(encoding="utf-8", newline="") as file:
        return [
            {
                "id": str(number), "title": row["judul"], "text": row["isi"], "lang": "id",
                "section": row["kategori"], "printed": row["tanggal"],
            }
            for number, row in enumerate(csv.DictReader(file))
        ]  # fmt: skip


@pytest.mark.skipif(not (SHARED / "texts").is_dir(), reason="the ordinary articles lie beside the checkout")
def test_ordinary_news_is_quiet(reader: Reader) -> None:
    readings = [reader.read(article(row)) for row in ordinary()]
    assert not any(alerts(each) for each in readings)
    assert not any(each.confidence >= 0.5 for reading in readings for each in reading.reports)
    assert sum(each.label is Label.AGREEMENT for each in readings) <= 2
    assert sum(each.label is not Label.OTHER for each in readings) <= 6
