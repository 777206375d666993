"""The engine over a folder of its own: reloading, a crawl that fails as a whole, steps that fail in a run."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kawat.engine import Engine
from kawat.rounds import REST
from kawat.telling import matter
from pipeline.errors import CrawlError, StoreBusy, StoreError, StoreFull
from pipeline.model import Issue

SETTINGS = "data_dir: data\noperator: {name: Test, contact: test@kawat.invalid}\n"
NOW = datetime(2026, 3, 2, 5, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "settings.yaml").write_text(SETTINGS, encoding="utf-8")
    return tmp_path


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def engine(folder: Path, clock: Clock) -> Iterator[Engine]:
    with Engine.open(folder, environ={}, now=clock) as opened:
        yield opened


def write(engine: Engine, text: str) -> None:
    (engine.folder / "settings.yaml").write_text(text, encoding="utf-8")


def problems(engine: Engine) -> str:
    return " ".join(each.problem for each in engine.issues())


def test_data_cannot_move_under_a_running_daemon(engine: Engine) -> None:
    before = engine.desk
    write(engine, SETTINGS.replace("data_dir: data", "data_dir: elsewhere"))
    assert not engine.reload()
    assert engine.desk is before
    assert "cannot change while Kawat runs" in problems(engine)
    write(engine, SETTINGS)
    assert engine.reload()
    assert "cannot change" not in problems(engine)


def test_a_configuration_that_the_store_could_not_take_is_tried_again(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy = [True]
    sync = type(engine.store.outlets).sync

    def refuses(*arguments: object) -> object:
        if busy:
            busy.clear()
            raise StoreBusy("another process holds it")
        return sync(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(type(engine.store.outlets), "sync", refuses)
    write(engine, SETTINGS + "housekeeping: 2h\n")
    with pytest.raises(StoreBusy):
        engine.reload()
    assert engine.configuration.settings.housekeeping == timedelta(hours=1)
    assert engine.reload()
    assert engine.configuration.settings.housekeeping == timedelta(hours=2)


def test_a_crawl_that_fails_as_a_whole_rests_is_said_and_is_forgotten_when_it_works(
    engine: Engine, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def fails(*_: object) -> None:
        asked.append("x")
        raise CrawlError("the crawl process failed: out of memory")

    stop = threading.Event()
    monkeypatch.setattr(engine.rounds._crawler, "run", fails)
    with pytest.raises(CrawlError):
        engine.crawl_due(stop=stop)
    assert not engine.crawl_due(stop=stop)
    assert len(asked) == 1, "not two seconds later, for ever"
    assert "out of memory" in problems(engine)
    clock.now += REST
    with pytest.raises(CrawlError):
        engine.crawl_due(stop=stop)
    clock.now += REST
    assert not engine.crawl_due(stop=stop), "it rests twice as long"
    clock.now += REST
    monkeypatch.setattr(engine.rounds._crawler, "run", lambda *_: None)
    assert engine.crawl_due(stop=stop)
    assert "out of memory" not in problems(engine)


def test_in_a_run_a_failed_step_keeps_no_later_one_from_its_work(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []

    def full(*_: object, **__: object) -> None:
        raise StoreFull("no room left")

    monkeypatch.setattr(engine.rounds._crawler, "run", lambda *_: None)
    monkeypatch.setattr(engine, "process", full)

    def noted(name: str) -> None:
        step = getattr(engine, name)

        def run(**options: object) -> object:
            done.append(name)
            return step(**options)

        monkeypatch.setattr(engine, name, run)

    for name in ("deliver", "write_files", "housekeep"):
        noted(name)
    with pytest.raises(StoreFull):
        engine.run()
    assert done == ["deliver", "write_files", "housekeep"]


def test_a_vanished_data_folder_is_said_and_no_fault_of_ours(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(_: object) -> None:
        raise FileNotFoundError(2, "No such file or directory")

    monkeypatch.setattr("kawat.rounds.shutil.disk_usage", gone)
    with pytest.raises(StoreError, match="cannot be looked at"):
        engine.crawl_due()


def test_a_trouble_keeps_its_name_while_its_numbers_change() -> None:
    def issue(problem: str) -> Issue:
        return Issue(subject="delivery", problem=problem, remedy="", since=NOW)

    assert matter(issue("3 alerts are overdue")) == matter(issue("12 alerts are overdue"))
    assert matter(issue("3 polls failed in a row: HTTP 503")) == matter(issue("4 polls failed in a row: timed out"))
    assert matter(issue("3 alerts are overdue")) != matter(issue("3 alerts were given up"))
