"""The register told in short reports, through the whole pipeline: one thread per agreement, one alert per thread."""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path

import pytest
from register_press import Printed, printed

from kawat.read import Row, read_inputs
from pipeline.model import Level, Stage

ACTS = (Stage.SIGNED, Stage.RENEWED)

Told = list[tuple[Printed, Row]]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """Every report with what was made of it, oldest first."""
    reports = printed()
    file: Path = tmp_path_factory.mktemp("press") / "reports.jsonl"
    file.write_text("".join(f"{one.line}\n" for one in reports), encoding="utf-8")
    return list(zip(reports, read_inputs([str(file)], register=False), strict=True))


def between_states(one: Printed) -> bool:
    return one.row.level in (Level.G2G, Level.AGENCY)


@pytest.mark.slow
def test_every_row_is_told_three_times_in_both_languages(told: Told) -> None:
    per_row = Counter(one.row.id for one, _ in told)
    assert set(per_row.values()) == {3}
    assert len(per_row) >= 100
    assert Counter(one.language for one, _ in told) == {"id": 2 * len(per_row), "en": len(per_row)}
    assert len({one.text for one, _ in told}) == len(told)
    assert {row["verdict"] for _, row in told} == {"new"}  # no report repeats another


@pytest.mark.slow
def test_no_two_threads_are_merged_and_no_row_is_split(told: Told) -> None:
    threads, agreements = defaultdict(set), defaultdict(set)
    for one, row in told:
        for each in filter(None, (row["agreement"], *row["also"])):
            threads[each["key"]].add(one.row.thread)
            agreements[one.row.thread].add(each["key"])
    assert [names for names in threads.values() if len(names) > 1] == []
    assert [name for name, keys in agreements.items() if len(keys) > 1] == []


@pytest.mark.slow
def test_reports_between_states_are_read(told: Told) -> None:
    unread = [one.id for one, row in told if between_states(one) and row["agreement"] is None]
    assert len(unread) <= 0.05 * sum(between_states(one) for one, _ in told), unread


@pytest.mark.slow
def test_each_thread_alerts_once_and_only_on_acts_between_states(told: Told) -> None:
    alerts = Counter(one.row.thread for one, row in told if row["alert"])
    assert [name for name, count in alerts.items() if count > 1] == []
    assert [one.id for one, row in told if row["alert"] and not between_states(one)] == []
    assert [one.id for one, row in told if row["alert"] and one.row.relevance in ("negative", "update")] == []
    signed = {one.row.thread for one, _ in told if between_states(one) and one.row.stage in ACTS}
    assert len(signed & set(alerts)) >= 0.95 * len(signed), sorted(signed - set(alerts))
