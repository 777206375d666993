"""Pages read in a child process, which is killed when one page outlives the hard limit, and goes on without it.

    parent ── length, pickled page and outlet, length, bytes ──► child: `extract` under the page's own budget
           ◄── length, pickled Extracted or Reject ─────────────

The budget is looked at between the steps of reading; what hangs inside a step (the parser, an expression) is ended by
the kernel: before each page the child sets its own limit of processor time. Nothing is carried from page to page.
"""

from __future__ import annotations

import gc
import logging
import os
import pickle
import resource
import select
import signal
import struct
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Sequence
from typing import IO

from pipeline.extract import Budget, extract
from pipeline.model import Extracted, Outlet, Page, Reject, RejectReason

log = logging.getLogger(__name__)

PAGE_BUDGET = 0.25
"""Seconds of processor time that reading one page may take, looked at between the steps."""

CLEANING_BUDGET = 1.0
"""Seconds of processor time of its thread that cleaning one page may take, looked at between the steps. Some 0.5 ms is
usual; the first texts of a process take thirty times as much: the tables of the patterns grow with what they meet."""

HARD_LIMIT = 5
"""Whole seconds of processor time after which the child is killed in the middle of a page."""

STALL = 30.0
"""Seconds by the clock after which the child is killed even if it has used no processor time."""

RECYCLED = 5_000
"""Pages after which the child is replaced, so that what a library may leak is given back."""

KEPT_MEMORY = 32 << 20
"""Bytes of freed memory that the child keeps."""

_COMMAND = (sys.executable, "-m", "pipeline.reading")
_SIZE = struct.Struct(">Q")


_PRACTICE = (
    b"<title>Latihan</title><h1>Latihan</h1><p>Senin, 2 Maret 2026 10:00 WIB</p>" + b"<p>Satu kalimat berita.</p>" * 9
)
_PRACTISED = threading.Event()


def read_here(body: bytes, page: Page, outlet: Outlet) -> Extracted | Reject:
    """Read a page in this process, under the budget alone. What is made once for all pages (expressions, tables of
    words) is made before the first one, which would not find the time for it."""
    if not _PRACTISED.is_set():
        _PRACTISED.set()
        extract(_PRACTICE, page, outlet, budget=Budget.of(60, time.process_time))
    return extract(body, page, outlet, budget=Budget.of(PAGE_BUDGET, time.process_time))


def for_cleaning() -> Budget:
    """The budget for cleaning one page, from now."""
    return Budget.of(CLEANING_BUDGET, time.thread_time)


class ReadingApart:
    """Reads pages in a child of this process, which is started when it is first needed. Not for several threads."""

    def __init__(
        self, *, hard_limit: int = HARD_LIMIT, stall: float = STALL, command: Sequence[str] = _COMMAND
    ) -> None:
        self._command = (*command, str(hard_limit))
        self._limit = hard_limit
        self._stall = stall
        self._child: subprocess.Popen[bytes] | None = None
        self._done = 0
        self._finalizer: weakref.finalize[..., ReadingApart] | None = None

    def read(self, body: bytes, page: Page, outlet: Outlet) -> Extracted | Reject:
        """What a page says; a `Reject` where the child did not live to say it."""
        child = self._running()
        try:
            _send(child, pickle.dumps((page, outlet)), body)
            answer = _receive(child, self._stall)
        except OSError as broken:
            answer, problem = None, str(broken)
        else:
            problem = "no answer"
        if answer is not None:
            self._done += 1
            said = pickle.loads(answer)  # noqa: S301 - from our own child
            assert isinstance(said, Extracted | Reject)
            return said
        return self._buried(child, page, outlet, problem)

    def start(self) -> None:
        """Start the child now, so that the first page does not wait for it."""
        self._running()

    def close(self) -> None:
        """End the child."""
        if self._finalizer is not None:
            self._finalizer()
        self._child = None

    def _running(self) -> subprocess.Popen[bytes]:
        if self._child is not None and (self._done >= RECYCLED or self._child.poll() is not None):
            self.close()
        if self._child is None:
            self._child = subprocess.Popen(
                self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=surroundings()
            )
            self._finalizer = weakref.finalize(self, _end, self._child)
            self._done = 0
        return self._child

    def _buried(self, child: subprocess.Popen[bytes], page: Page, outlet: Outlet, problem: str) -> Reject:
        _end(child)
        self._child = None
        ended = -(child.returncode or 0)
        slow = ended in {signal.SIGXCPU, signal.SIGKILL}
        detail = f"killed after {self._limit} s of processor time" if slow else f"its reader ended: {ended or problem}"
        log.warning("page cost its reader", extra={"url": page.url, "outlet": page.outlet, "problem": detail})
        return Reject(
            key=page.key,
            outlet=outlet.slug,
            url=page.final_url or page.url,
            reason=RejectReason.TOO_SLOW if slow else RejectReason.BROKEN,
            detail=detail,
        )


def surroundings() -> dict[str, str]:
    """The environment of the child: this package is found where this process found it, and the memory of one page is
    kept for the next instead of given back and asked for again (glibc; a twentieth of the time)."""
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        "MALLOC_TRIM_THRESHOLD_": str(KEPT_MEMORY),
        "MALLOC_MMAP_THRESHOLD_": str(KEPT_MEMORY),
    }


def _end(child: subprocess.Popen[bytes]) -> None:
    child.kill()
    for pipe in (child.stdin, child.stdout):
        if pipe is not None:
            try:
                pipe.close()
            except OSError:
                continue  # what was still to be written is for nobody
    child.wait()


def _send(child: subprocess.Popen[bytes], *parts: bytes) -> None:
    assert child.stdin is not None
    for part in parts:
        child.stdin.write(_SIZE.pack(len(part)))
        child.stdin.write(part)
    child.stdin.flush()


def _receive(child: subprocess.Popen[bytes], stall: float) -> bytes | None:
    """The child's answer; None where it ended or stalled before."""
    assert child.stdout is not None
    ready, _, _ = select.select([child.stdout], [], [], stall)
    return _part(child.stdout) if ready else None


def _part(pipe: IO[bytes]) -> bytes | None:
    head = pipe.read(_SIZE.size)
    if len(head) < _SIZE.size:
        return None
    size = _SIZE.unpack(head)[0]
    part = pipe.read(size)
    return part if len(part) == size else None


def serve(hard_limit: int) -> None:
    """The child: read pages from standard input until it ends. Orders to stop are for the parent alone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    asked, answers = sys.stdin.buffer, sys.stdout.buffer
    most = resource.getrlimit(resource.RLIMIT_CPU)[1]
    gc.freeze()  # what is loaded by now stays: it need not be looked through for garbage
    while True:
        told, body = _part(asked), _part(asked)
        if told is None or body is None:
            return
        page, outlet = pickle.loads(told)  # noqa: S301 - from our own parent
        resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time()) + 1 + hard_limit, most))
        answer = pickle.dumps(read_here(body, page, outlet), protocol=pickle.HIGHEST_PROTOCOL)
        answers.write(_SIZE.pack(len(answer)))
        answers.write(answer)
        answers.flush()


if __name__ == "__main__":
    serve(int(sys.argv[1]))
