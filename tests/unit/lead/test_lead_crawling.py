"""The crawl process seen from its caller: hanging, talking nonsense, ended, or left behind by a caller that died."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from crawler.job import CrawlJob
from kawat import crawling
from kawat.crawl import CrawlOrder, dumped
from kawat.crawling import CrawlProcess
from pipeline.errors import CrawlError
from pipeline.model import Certainty, Source, SourceKind
from pipeline.threads import unknown_outlet

SPEAKS = """
import json, sys
sys.stdin.readline()
{body}
"""


def order(folder: Path, deadline: float = 30.0) -> CrawlOrder:
    job = CrawlJob(outlets=(), archive_dir=folder / "warc", user_agent="x", deadline=deadline)
    return CrawlOrder(database_url=f"sqlite:///{folder / 'kawat.db'}", job=job, min_free=1)


def unheard(_event: object) -> None:
    """Nobody listens."""


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], list[subprocess.Popen[bytes]]]:
    """Have another programme started in the place of the crawl; the processes that were."""

    def put(body: str) -> list[subprocess.Popen[bytes]]:
        started: list[subprocess.Popen[bytes]] = []

        class Stand(subprocess.Popen[bytes]):
            def __init__(self, _command: object, **options: Any) -> None:
                super().__init__([sys.executable, "-c", SPEAKS.format(body=body)], **options)
                started.append(self)

        monkeypatch.setattr(subprocess, "Popen", Stand)
        return started

    return put


def descriptors() -> int:
    return len(os.listdir("/proc/self/fd"))  # noqa: PTH208


@pytest.mark.slow
def test_it_runs_and_leaves_nothing_open(tmp_path: Path) -> None:
    CrawlProcess().run(order(tmp_path), unheard)
    before = descriptors()
    CrawlProcess().run(order(tmp_path), unheard)
    assert descriptors() == before


def test_one_that_hangs_is_killed_when_its_time_is_over(
    tmp_path: Path, stand_in: Callable[[str], list[subprocess.Popen[bytes]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crawling, "GRACE", 0.3)
    started = stand_in('import os, signal; print(\'{"event": "polled"}\', flush=True); os.kill(0, signal.SIGSTOP)')
    heard: list[object] = []
    crawl = CrawlProcess()
    with pytest.raises(CrawlError, match="did not end"):
        crawl.run(order(tmp_path, deadline=1.0), heard.append)
    assert started[0].returncode == -signal.SIGKILL
    assert heard == [{"event": "polled"}]
    with pytest.raises(CrawlError, match="did not end"):  # and the next one is started all the same
        crawl.run(order(tmp_path, deadline=1.0), heard.append)


def test_asked_to_end_a_stopped_one_is_killed_and_that_is_no_failure(
    tmp_path: Path, stand_in: Callable[[str], list[subprocess.Popen[bytes]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crawling, "END_WITHIN", 0.2)
    started = stand_in("print('{}', flush=True); sys.stdin.read()")
    crawl, spoke = CrawlProcess(), threading.Event()

    def end() -> None:
        spoke.wait(30)
        crawl.end()

    ending = threading.Thread(target=end)
    ending.start()

    def stopped(_event: object) -> None:
        started[0].send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, started[0].pid, os.WSTOPPED | os.WNOWAIT)
        spoke.set()

    crawl.run(order(tmp_path), stopped)
    ending.join()
    assert started[0].returncode == -signal.SIGKILL
    crawl.run(order(tmp_path), unheard)
    assert len(started) == 1  # ended for good


def test_nonsense_is_passed_over_and_a_failure_says_its_last_words(
    tmp_path: Path, stand_in: Callable[[str], list[subprocess.Popen[bytes]]]
) -> None:
    stand_in("print('nonsense'); print('[1]'); print('7'); print('{\"event\": \"polled\"}'); sys.exit('no memory')")
    heard: list[object] = []
    with pytest.raises(CrawlError, match="no memory"):
        CrawlProcess().run(order(tmp_path), heard.append)
    assert heard == [{"event": "polled"}]


def test_one_that_ends_before_it_read_its_order(
    tmp_path: Path, stand_in: Callable[[str], list[subprocess.Popen[bytes]]]
) -> None:
    stand_in("sys.exit(3)")
    with pytest.raises(CrawlError, match="exit status 3"):
        CrawlProcess().run(order(tmp_path), unheard)


@contextmanager
def tarpit() -> Iterator[tuple[str, threading.Event]]:
    """A host that never answers, and whether it was asked."""
    asked, done = threading.Event(), threading.Event()

    class Silent(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.set()
            done.wait(60)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Silent)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/", asked
    finally:
        done.set()
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.mark.slow
def test_a_crawl_whose_caller_died_ends(tmp_path: Path) -> None:
    with tarpit() as (url, asked):
        source = Source(kind=SourceKind.FEED, url=f"{url}feed", certainty=Certainty.A)
        outlet = replace(unknown_outlet("harian", url), enabled=True, sources=(source,))
        job = replace(order(tmp_path).job, outlets=(outlet,), allow_loopback=True)
        given = replace(order(tmp_path), job=job, watched=True)
        process = subprocess.Popen(
            [sys.executable, "-m", "kawat.crawl"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=Path(__file__).parents[3],
        )
        assert process.stdin is not None
        process.stdin.write(dumped(given) + b"\n")
        process.stdin.flush()
        assert asked.wait(30)
        assert process.poll() is None
        process.communicate(timeout=20)  # closes its standard input, as our death would
    assert process.returncode == 0
