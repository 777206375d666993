"""Starts the crawl process, listens to it, and ends it: by its own end, by deadline, or when asked to stop."""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from kawat.crawl import CrawlOrder, dumped
from pipeline.errors import CrawlError

log = logging.getLogger(__name__)

GRACE = 30.0
"""Seconds beyond its own deadline after which the process group is killed."""

END_WITHIN = 5.0
"""Seconds between asking the process to end and killing it."""


class CrawlProcess:
    """One crawl at a time. `end` may be called from any thread."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        self._ended = False

    def run(self, order: CrawlOrder, hear: Callable[[Mapping[str, Any]], None]) -> None:
        """Crawl as ordered; `hear` is told each event. Raises CrawlError where the process failed as a whole.

        Returns quietly where `end` stopped it: what was not fetched stays in the frontier.
        """
        with self._lock:
            if self._ended:
                return
            process = subprocess.Popen(
                # -P: what lies in the current directory must not stand in for Kawat's or Python's own modules
                [sys.executable, "-P", "-m", "kawat.crawl"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,
            )
            self._process = process
        late = threading.Event()
        overtime = threading.Timer(order.job.deadline + GRACE, _kill, (process, late))
        overtime.daemon = True
        overtime.start()
        complaints: list[str] = []
        listener = threading.Thread(target=_listen, args=(process, complaints), daemon=True)
        listener.start()
        reason = ""
        try:
            reason = _converse(process, replace(order, watched=True), hear)
            status = process.wait()
        finally:
            overtime.cancel()
            _kill(process)
            listener.join(END_WITHIN)
            _close(process, listener)
            with self._lock:
                self._process = None
        if status != 0 and not self._ended:
            if late.is_set():
                reason = f"it did not end {GRACE:.0f} s after its deadline and was killed"
            said = reason or (complaints[-1] if complaints else f"exit status {status}")
            raise CrawlError(f"the crawl process failed: {said}")

    def end(self) -> None:
        """Stop the running crawl for good: ask its group to end, then kill it. Later calls of `run` return at once."""
        with self._lock:
            self._ended = True
            process = self._process
        if process is None:
            return
        _signal(process, signal.SIGTERM)
        try:
            process.wait(END_WITHIN)
        except subprocess.TimeoutExpired:
            _kill(process)


def _converse(process: subprocess.Popen[bytes], order: CrawlOrder, hear: Callable[[Mapping[str, Any]], None]) -> str:
    assert process.stdin is not None
    assert process.stdout is not None
    reason = ""
    try:
        process.stdin.write(dumped(order) + b"\n")
        process.stdin.flush()  # left open: its end would tell the process that we are gone
    except BrokenPipeError:
        reason = "it ended before it was told what to do"
    for line in process.stdout:
        try:
            event = json.loads(line)
        except ValueError:
            event = None
        if not isinstance(event, dict):
            log.warning("the crawl process said something unreadable", extra={"line": line[:200]})
            continue
        if event.get("event") == "crawl failed":
            reason = str(event.get("reason", ""))
        hear(event)
    return reason


def _listen(process: subprocess.Popen[bytes], complaints: list[str]) -> None:
    """Log what the process writes to standard error; keep its last words."""
    assert process.stderr is not None
    for raw in process.stderr:
        line = raw.decode("utf-8", "replace").rstrip()
        if line:
            log.warning("crawl process: %s", line[:1000])
            complaints[:] = [*complaints[-4:], line[:300]]


def _signal(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    try:
        os.killpg(process.pid, number)
    except (ProcessLookupError, PermissionError):
        return


def _kill(process: subprocess.Popen[bytes], late: threading.Event | None = None) -> None:
    """End the process group for good, stopped or not. `late` is set where it was still there."""
    if process.poll() is None:
        if late is not None:
            late.set()
        _signal(process, signal.SIGKILL)
        process.wait()


def _close(process: subprocess.Popen[bytes], listener: threading.Thread) -> None:
    """Close our ends of the pipes: only here, for a thread that still read from one would meet a closed file."""
    if process.stdin is not None:
        with suppress(BrokenPipeError):  # what it never read
            process.stdin.close()
    if process.stdout is not None:
        process.stdout.close()
    if process.stderr is not None and not listener.is_alive():
        process.stderr.close()
