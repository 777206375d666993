"""The daemon's jobs: what fails is said and comes again; told to end, it is gone in time whatever still runs."""

from __future__ import annotations

import logging
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from pipeline.errors import StoreBusy
from scheduler import QUIET, guarded

HERE = Path(__file__).parents[3]
DAEMON = """
import sys, threading
from pathlib import Path
import scheduler

def ready(words):
    print(words, flush=True)

class Stand:
    '''Every job does nothing, but for those under test.'''
    folder = Path(".")
    def __init__(self): self.turns = 0
    def __getattr__(self, name): return lambda **_: False
    def process(self, **_):
        self.turns += 1
        if self.turns == 3: ready("again")
        if self.turns < 3: raise {fault}
    def deliver(self, stop):
        {deliver}

sys.exit(scheduler.leave(scheduler.serve(Stand(), scheduler.until_signalled())))
"""


def daemon(fault: str, deliver: str = "return") -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", DAEMON.format(fault=fault, deliver=deliver)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=HERE,
    )


def ended(process: subprocess.Popen[str]) -> tuple[float, str]:
    """How many seconds it took to end after it was told to, and what it said on standard error."""
    watchdog = threading.Timer(40, process.kill)
    watchdog.start()
    assert process.stdout is not None
    assert process.stdout.readline() == "again\n"
    started = time.monotonic()
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate()
    watchdog.cancel()
    return time.monotonic() - started, said


def test_a_job_that_raises_what_nobody_expects_comes_again_and_says_what_it_was() -> None:
    process = daemon("ZeroDivisionError('of our own')")
    _, said = ended(process)
    assert process.returncode == 0
    assert said.count("ZeroDivisionError: of our own") == 2


@pytest.mark.slow
def test_a_job_that_never_ends_does_not_hold_the_end() -> None:
    process = daemon("ZeroDivisionError", "threading.Event().wait()")
    seconds, _ = ended(process)
    assert process.returncode == 1
    assert seconds < 10  # the promise of `kawat daemon --help`; not a speed figure


def test_the_same_failure_is_said_once_a_minute(caplog: pytest.LogCaptureFixture) -> None:
    clock = [0.0]
    problems = iter(["full", "full", "busy", "busy"])

    def job() -> None:
        raise StoreBusy(next(problems))

    run = guarded("files", job, clock=lambda: clock[0])
    with caplog.at_level(logging.ERROR):
        run()
        run()
        assert len(caplog.records) == 1
        run()
        assert len(caplog.records) == 2
        clock[0] += QUIET
        run()
        assert len(caplog.records) == 3
