"""The crawl process: `python -m kawat.crawl` reads one job as a line of JSON on standard input, crawls, and exits.

    {"database_url": "sqlite:///…", "min_free": 1000000000, "watched": false, "job": {…CrawlJob…}}

On standard output it tells what happens, one JSON object a line; standard error is for logs. Exit status 0: the tick
ran, whatever the outlets answered; 1: it failed as a whole (the last line says why). A process of its own so that a
memory ceiling, a kill switch and an exit code are the operating system's, and the daemon never holds a reactor.
"""

from __future__ import annotations

import json
import logging
import os
import resource
import shutil
import signal
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from crawler.due import next_check
from crawler.job import CrawlJob
from pipeline.errors import KawatError
from pipeline.model import Outlet, Page, Run
from pipeline.store import Store

_log = logging.getLogger(__name__)

END_WITHIN = 10.0
"""Seconds that an orderly end may take once the caller is gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlOrder:
    """A job with where it is kept. `min_free` is the free space, in bytes, below which crawling stops.

    `watched`: standard input stays open for as long as the caller lives, and its end ends the crawl, so that a killed
    daemon leaves none behind that asks the same hosts beside its successor's.
    """

    database_url: str
    job: CrawlJob
    min_free: int = 1_000_000_000
    watched: bool = False


def dumped(order: CrawlOrder) -> bytes:
    """An order as the JSON that `python -m kawat.crawl` reads."""
    return TypeAdapter(CrawlOrder).dump_json(order)


def loaded(data: bytes) -> CrawlOrder:
    """The order that `dumped` wrote.

    Raises:
        ValidationError: it is none.
    """
    return TypeAdapter(CrawlOrder).validate_json(data)


@dataclass(frozen=True, slots=True)
class _Inbox:
    """The store's inbox, which is also told when each outlet is due again."""

    store: Store
    outlets: Mapping[str, Outlet]

    def land(self, page: Page) -> None:
        self.store.inbox.land(page)

    def finish(self, run: Run) -> None:
        state = self.store.outlets.states().get(run.outlet)
        failures = 0 if run.ok else (state.failures if state else 0) + 1
        self.store.inbox.finish(run, next_check(self.outlets[run.outlet], run, failures=failures))


def room_in(folder: Path, min_free: int) -> Callable[[], bool]:
    """Whether the disk that holds `folder` has `min_free` bytes left."""

    def room() -> bool:
        return shutil.disk_usage(folder).free >= min_free

    return room


def limit_memory(megabytes: int) -> None:
    """Let the system refuse this process more than so much memory of its own (RLIMIT_DATA: heap and private mappings;
    an address-space limit would count libraries and stacks that are never touched)."""
    if megabytes > 0:
        size = megabytes * 1024 * 1024
        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        resource.setrlimit(resource.RLIMIT_DATA, (size if hard == resource.RLIM_INFINITY else min(size, hard), hard))


def tell(event: Mapping[str, object]) -> None:
    """One event as one line; a caller that went away is no reason to stop."""
    try:
        sys.stdout.write(json.dumps(event, ensure_ascii=False, default=str) + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 (stands in until the process ends)


def end_with_caller() -> None:
    """Wait until standard input ends, then end in good order, or at once where that takes too long."""
    while os.read(0, 4096):  # not through sys.stdin: its lock would be held when the interpreter ends
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    threading.Event().wait(END_WITHIN)
    os._exit(1)


def run(order: CrawlOrder) -> int:
    """Crawl as ordered; the exit status."""
    from crawler.spider import crawl  # noqa: PLC0415 (loads Scrapy, which those who only write orders do not need)

    limit_memory(order.job.memory_mb)
    try:
        order.job.archive_dir.mkdir(parents=True, exist_ok=True)
        store = Store.open(order.database_url)
        try:
            inbox = _Inbox(store, {outlet.slug: outlet for outlet in order.job.outlets})
            crawl(order.job, store.frontier, inbox, tell, room=room_in(order.job.archive_dir, order.min_free))
        finally:
            store.close()
    except (KawatError, OSError, MemoryError) as error:
        tell({"event": "crawl failed", "reason": f"{type(error).__name__}: {error}"})
        return 1
    return 0


def main() -> int:
    """Entry of the process."""
    complaints = logging.StreamHandler(sys.stderr)
    complaints.setLevel(logging.WARNING)  # on the handler, for Scrapy sets its loggers' levels itself as it starts
    logging.basicConfig(handlers=[complaints], format="%(levelname)s %(name)s %(message)s")
    try:
        order = loaded(sys.stdin.buffer.readline())
    except ValidationError as error:
        tell({"event": "crawl failed", "reason": f"the order is not readable: {error}"})
        return 1
    if order.watched:
        threading.Thread(target=end_with_caller, daemon=True).start()
    return run(order)


if __name__ == "__main__":
    sys.exit(main())
