"""One agreement behind many reports, on the labelled sets: through the whole pipeline as `score.py` scores it, and by
linking alone, where the labels stand for what detection would say."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest

from kawat.read import read_inputs
from pipeline.agreements import Member, Thread, regroup
from pipeline.model import (
    Institution,
    Instrument,
    Label,
    Level,
    Relation,
    Report,
    Stage,
    Trust,
    digest,
)

EVAL = Path(__file__).resolve().parents[3] / "shared" / "eval"
HOME = (
    *("kementerian", "departemen", "bssn", "brin", "batan", "government of indonesia", "coordinating ministry"),
    *("president of indonesia", "indonesian"),
)

pytestmark = pytest.mark.skipif(
    not EVAL.is_dir(), reason="the labelled sets lie beside the checkout; they are not here"
)


def rows(name: str) -> list[dict[str, Any]]:
    lines = (EVAL / name).read_text(encoding="utf-8").splitlines()
    return [row for row in map(json.loads, lines) if row["event_id"] and row["label"] != "other"]


def instant(printed: str | None) -> datetime | None:
    if not printed:
        return None
    padded = printed[:19] if len(printed) > 10 else (printed + "-01-01")[:10] if len(printed) < 7 else printed
    if len(padded) == 7:
        padded += "-01"
    return datetime.fromisoformat(padded).replace(tzinfo=UTC)


def as_member(row: dict[str, Any]) -> Member:
    signed = row["date_signed"] or ""
    names = [(name, name.lower().startswith(HOME)) for name in row["parties"]]
    published = instant(row["published"])
    return Member(
        report=Report(
            key=f"{row['id']}/0",
            article=row["id"],
            label=Label(row["label"]),
            stage=Stage(row["stage"]),
            instrument=Instrument(row["instrument"] or "none"),
            instrument_printed="",
            title="",
            partner=row["country"],
            level=Level.G2G,
            institutions=tuple(
                Institution(id=digest(name, size=4), name=name, country="ID" if home else row["country"])
                for name, home in names
            ),
            fields=tuple(row["fields"]),
            signatories=(),
            signed_on=date.fromisoformat((signed + "-01-01")[:10]) if signed else None,
            signed_precision={10: "day", 7: "month", 4: "year", 0: ""}[len(signed)],
            place="",
            relation=Relation(row["relation"]),
            confidence=0.9,
            reasons=(),
            evidence=(),
        ),
        outlet=row["outlet"] or row["id"],
        trust=Trust.PRESS,
        published=published,
        discovered=(published or datetime(2026, 11, 21, tzinfo=UTC)) + timedelta(minutes=5),
        duplicate_of=row.get("dup_of"),
    )


def linked(members: list[Member]) -> dict[str, str]:
    """The cluster of each article, linked in the given order."""
    threads: dict[str, Thread] = {}
    for each in members:
        near = tuple(t for t in threads.values() if t.agreement.partner == each.report.partner)
        found = regroup((each,), near)
        for gone, _ in found.retired:
            del threads[gone.key]
        threads |= {one.agreement.key: Thread(agreement=one.agreement, members=one.members) for one in found.groups}
    return {each.report.article: key for key, thread in threads.items() for each in thread.members}


def b_cubed(gold: dict[str, str], said: dict[str, str]) -> float:
    by_gold, by_said = defaultdict(set), defaultdict(set)
    for key, event in gold.items():
        by_gold[event].add(key)
        by_said[said[key]].add(key)
    both = {key: len(by_gold[event] & by_said[said[key]]) for key, event in gold.items()}
    precision = sum(n / len(by_said[said[key]]) for key, n in both.items()) / len(gold)
    recall = sum(n / len(by_gold[gold[key]]) for key, n in both.items()) / len(gold)
    return 2 * precision * recall / (precision + recall)


@pytest.mark.parametrize(("name", "floor"), [("articles.jsonl", 0.97), ("briefs.jsonl", 0.93)])
@pytest.mark.parametrize("order", ["printed", "reversed", "by id"])
def test_clusters(name: str, floor: float, order: str) -> None:
    labelled = rows(name)
    if order == "reversed":
        labelled.reverse()
    elif order == "by id":
        labelled.sort(key=lambda row: row["id"])
    gold = {row["id"]: row["event_id"] for row in labelled}
    said = linked([as_member(row) for row in labelled])
    wrong = defaultdict(list)
    for key, cluster in said.items():
        wrong[cluster].append((gold[key], key))
    assert b_cubed(gold, said) >= floor, list(wrong.values())


@pytest.fixture(scope="module")
def scorer() -> Iterator[Any]:
    """`score.py` of the labelled sets."""
    spec = spec_from_file_location("labelled_score", EVAL / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    yield module


@pytest.mark.slow
@pytest.mark.parametrize(("name", "floor"), [("articles.jsonl", 0.97), ("briefs.jsonl", 0.93)])
def test_clusters_and_alerts_as_read(scorer: Any, name: str, floor: float) -> None:
    gold = scorer.rows(EVAL / name)
    said = {row["id"]: row for row in read_inputs([str(EVAL / name)], register=False)}
    result = scorer.score(gold, said)
    assert result["clusters_b3"]["f1"] >= floor
    assert result["alerts"]["second_alerts"] == result["alerts"]["on_follow_up"] == 0
    assert result["slots"]["relation"] >= 0.95
