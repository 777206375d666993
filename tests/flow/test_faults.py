"""The promise of `docs/reliability.md`, case by case: nothing lost, at most the one marked repeat, state readable."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fault_cases import CASES, Case
from fault_cycle import Bench
from faults import BEGIN, DOCUMENT, END

from pipeline.store.outbox import Outbox


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with Bench.open(tmp_path_factory.mktemp("faults")) as opened:
        opened.stride = 4  # `make faults` breaks every one of them
        yield opened


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.part}: {case.words}")
def test_nothing_is_lost(bench: Bench, case: Case) -> None:
    result = case.run(bench)
    assert result.kept, result
    assert result.given_up == case.given_up


def test_what_marks_before_it_sends_is_noticed(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    sending = Outbox.mark_sending

    def sent(outbox: Outbox, delivery: int, lease: str) -> bool:
        mine = sending(outbox, delivery, lease)
        with outbox.database.write() as connection:
            connection.exec_driver_sql(f"UPDATE outbox SET state = 'sent' WHERE id = {delivery}")
        return mine

    monkeypatch.setattr(Outbox, "mark_sending", sent)
    bench.anew()
    assert bench.killed(KAWAT_KILL_AT="before-send")
    result = bench.follow(bench.configuration, restarted=True)
    assert result.lost == 1 and not result.kept


def test_the_document_has_every_case_and_no_broken_promise() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    rows = [line.split(" | ") for line in text[text.index(BEGIN) : text.index(END)].splitlines() if " | " in line][2:]
    assert [(row[0].removeprefix("| "), row[1]) for row in rows] == [(each.part, each.words) for each in CASES]
    for row in rows:
        tries, lost, _, unmarked = row[2:6]
        assert int(tries) > 0
        assert (lost, unmarked) == ("0", "0"), row


def test_the_document_names_the_points_that_are_in_the_code() -> None:
    root = DOCUMENT.parents[1]
    code = "".join(
        path.read_text(encoding="utf-8") for part in ("crawler", "pipeline", "kawat") for path in _python(root / part)
    )
    named = {point for case in CASES for point in re.findall(r"point `([a-z-]+)`", case.words)}
    assert named == set(re.findall(r'reached\("([a-z-]+)"\)', code))


def _python(folder: Path) -> Iterator[Path]:
    return folder.rglob("*.py")
