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
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any, Self

from pydantic import TypeAdapter, ValidationError

from crawler.job import CrawlJob
from pipeline.errors import KawatError
from pipeline.model import Candidate, Look, Outlet, Page, Revisit, Rhythm, Run, Step, Walk, WalkKind
from pipeline.revisit import next_look
from pipeline.rhythm import fresh, hindrance, next_check, observed, usual_interval
from pipeline.store import Store
from pipeline.store.values import Standing

_log = logging.getLogger(__name__)

GAPS_APART = timedelta(hours=6)
"""A feed that lists nothing it listed before is walked back at most so often: some reissue everything, always."""

HABIT = 9
"""Polls whose distances tell what is usual here."""

END_WITHIN = 10.0
"""Seconds that an orderly end may take once the caller is gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlOrder:
    """A job with where it is kept. `min_free` is the free space, in bytes, below which crawling stops; `now` what time
    it is for the caller, where that is not the system's time.

    `watched`: standard input stays open for as long as the caller lives, and its end ends the crawl, so that a killed
    daemon leaves none behind that asks the same hosts beside its successor's.
    """

    database_url: str
    job: CrawlJob
    min_free: int = 1_000_000_000
    now: datetime | None = None
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


_NOTED: Mapping[str, Any] = {"rhythm": Rhythm, "hindrance": str}
"""What a poll teaches of an outlet, and its type."""


@dataclass(frozen=True, slots=True)
class StoreInbox:
    """The store's inbox, which is also told when each outlet is due again.

    `standing` is what was known of outlets when the crawl began; each counts once. Of others the store is asked.
    """

    store: Store
    outlets: Mapping[str, Outlet]
    standing: dict[str, Standing] = field(default_factory=dict)

    @classmethod
    def opened(cls, store: Store, outlets: Mapping[str, Outlet]) -> Self:
        """The inbox for one crawl of these outlets, with what is known of them."""
        return cls(store, outlets, store.outlets.standing(tuple(outlets), _NOTED))

    def land(self, page: Page) -> None:
        self.store.inbox.land(page)

    def finish(self, run: Run, arrivals: Sequence[datetime] = ()) -> None:
        outlet, slug = self.outlets[run.outlet], run.outlet
        known = self.standing.pop(slug, None) or self.store.outlets.standing((slug,), _NOTED)[slug]
        state = known.state
        failures = 0 if run.ok else (state.failures if state else 0) + 1
        traits: dict[str, tuple[Any, Any]] = {}
        rhythm: Rhythm = known.traits.get("rhythm") or fresh(run.started_at)
        if run.ok:
            last = state.last_ok if state is not None else None
            since = last or min(arrivals, default=run.started_at)
            rhythm = observed(rhythm, since=since, until=run.started_at, arrivals=arrivals)
            traits["rhythm"] = (Rhythm, rhythm)
        words = hindrance(
            outlet,
            delay=run.delay,
            fresh_for=None if run.fresh_until is None else run.fresh_until - run.finished_at,
            retry_after=run.retry_after,
        )
        if words != known.traits.get("hindrance", ""):
            traits["hindrance"] = (str, words or None)
        due = next_check(outlet, run, failures=failures, rhythm=rhythm, fresh_until=run.fresh_until)
        self.store.inbox.finish(run, due, traits)

    def looked(self, revisit: Revisit, look: Look, words: str, *, now: datetime) -> None:
        revisits = self.store.revisits
        if look is Look.GONE:
            revisits.gone(revisit.article, at=now, why=words)
        elif look is not Look.FAILED:
            revisits.back(revisit.article)
        first = revisits.first_at(revisit.article)
        due = None if first is None else next_look(first, revisit.attempts + 1, now=now)
        revisits.looked(revisit.article, at=now, found=f"{look}: {words}", due=due)


@dataclass(frozen=True, slots=True)
class StoreWalks:
    """The store's walks, which also knows when a poll comes late."""

    store: Store
    outlets: Mapping[str, Outlet]

    def gap_before(self, outlet: str, now: datetime) -> tuple[datetime, str] | None:
        last = self.last_read(outlet)
        if last is None:
            return None
        runs = self.store.runs.latest(outlet, limit=HABIT)
        usual = usual_interval(self.outlets[outlet], last)
        apart = sorted(later.started_at - earlier.started_at for later, earlier in pairwise(runs))
        if len(apart) > 2:  # whoever runs `kawat run` once an hour has an interval of an hour
            usual = max(usual, apart[len(apart) // 2])
        allowed = 2 * usual
        if runs and runs[0].fresh_until is not None:
            allowed = max(allowed, runs[0].fresh_until - last + usual)
        if now - last <= allowed:
            return None
        return last, f"it was not read for {_hours(now - last)}"

    def last_read(self, outlet: str) -> datetime | None:
        state = self.store.outlets.state(outlet)
        return None if state is None else state.last_ok

    def declare(self, outlet: str, *, since: datetime, until: datetime, reason: str, torn: bool = False) -> Walk | None:
        last = self.store.walks.last_gap(outlet) if torn else None
        if last is not None and until - last < GAPS_APART:
            return None
        return self.store.walks.open(WalkKind.GAP, outlet, since, until, reason=reason, alert=True, now=until)

    def open_of(self, outlet: str) -> Sequence[Walk]:
        return self.store.walks.of(outlet)

    def steps(self, walk: int) -> Mapping[str, Step]:
        return self.store.walks.steps(walk)

    def step(self, walk: Walk, step: Step, candidates: Sequence[Candidate]) -> int:
        return self.store.walks.step(walk, step, candidates)

    def close(self, walk: int, now: datetime, lost: str = "") -> None:
        self.store.walks.close(walk, now, lost)


def _hours(span: timedelta) -> str:
    minutes = round(span / timedelta(minutes=1))
    return f"{minutes} min" if minutes < 180 else f"{minutes // 60} h" if minutes < 4320 else f"{minutes // 1440} days"


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
            outlets = {outlet.slug: outlet for outlet in (*order.job.outlets, *order.job.beside)}
            ahead = order.now - datetime.now(UTC) if order.now is not None else timedelta(0)
            crawl(
                order.job,
                store.frontier,
                StoreInbox.opened(store, outlets),
                StoreWalks(store, outlets),
                tell,
                room=room_in(order.job.archive_dir, order.min_free),
                clock=lambda: datetime.now(UTC) + ahead,
            )
        finally:
            store.close()
    except (KawatError, OSError, MemoryError, SystemError) as error:  # C code that finds no memory raises the last
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
