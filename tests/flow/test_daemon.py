"""The daemon as a process: it tells what is printed, refuses a second one, ends when told to, and is quick about it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from newsroom import READERS, Newsroom

STORIES = ("qa-1", "n-company-1", "o-stocks")
DEADLINE = 60.0
"""Seconds after which a daemon that says nothing is ended, so that the test fails and does not hang."""


@contextmanager
def daemon(folder: Path, *command: str) -> Iterator[subprocess.Popen[str]]:
    """A running daemon whose log can be read line by line."""
    process = subprocess.Popen(
        [sys.executable, *(command or ("-m", "kawat", "--dir", str(folder), "daemon"))],
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    watchdog = threading.Timer(DEADLINE, process.kill)
    watchdog.start()
    try:
        yield process
    finally:
        watchdog.cancel()
        process.kill()
        process.wait()
        assert process.stderr is not None
        process.stderr.close()


def until(process: subprocess.Popen[str], words: str, times: int = 1) -> list[str]:
    """Read the log until a line holds `words` for the n-th time; the lines read."""
    assert process.stderr is not None
    lines = []
    for line in process.stderr:
        lines.append(line)
        times -= words in line
        if not times:
            return lines
    pytest.fail(f"the daemon ended without saying {words!r}: {''.join(lines)}")


def furnish(newsroom: Newsroom) -> None:
    newsroom.furnish(STORIES)
    settings = newsroom.folder / "settings.yaml"
    text = settings.read_text(encoding="utf-8").replace("log: {level: error}", "log: {level: info, format: json}")
    settings.write_text(text, encoding="utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("newsroom", [STORIES], indirect=True)
def test_it_tells_what_is_printed_and_ends_when_told(newsroom: Newsroom) -> None:
    furnish(newsroom)
    with daemon(newsroom.folder) as process:
        until(process, '"sent"', times=READERS + 1)
        assert len(newsroom.mailbox.messages) == READERS
        assert len(newsroom.hooks.posts) == 1

        second = newsroom.spawn("daemon")
        assert second.returncode == 1
        assert "at work here" in second.stderr
        assert str(process.pid) in second.stderr

        started = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0
        assert time.monotonic() - started < 10  # the promise of `kawat daemon --help`; not a speed figure


@pytest.mark.slow
@pytest.mark.parametrize("newsroom", [STORIES], indirect=True)
def test_scheduler_py_does_the_same_and_a_broken_file_leaves_the_last_good_one(newsroom: Newsroom) -> None:
    furnish(newsroom)
    scheduler = Path(__file__).resolve().parents[2] / "scheduler.py"
    with daemon(newsroom.folder, str(scheduler), str(newsroom.folder)) as process:
        until(process, '"sent"', times=READERS + 1)
        settings = newsroom.folder / "settings.yaml"
        settings.write_text(settings.read_text(encoding="utf-8") + "zoen: Asia/Tokyo\n", encoding="utf-8")
        (refused,) = [line for line in until(process, "configuration refused") if "refused" in line]
        assert "zone" in refused
        assert process.poll() is None
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0
