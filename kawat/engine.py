"""What works: one `Engine` per data folder, built from its configuration. The daemon and `App` call it.

    crawl_due ─► process ─► deliver            one tick; `run` does all three once, the daemon each on its own clock
    compose_due   digests, starting picture, catch-up message
    write_files   articles/DATE.jsonl and agreements.jsonl from the store
    housekeep     retention, full-text index, changed configuration

`App` adds what a person asks for: listings, status, exports.
"""

from __future__ import annotations

import fcntl
import logging
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from crawler.job import CrawlJob
from kawat import __version__
from kawat.archive import with_validators
from kawat.cli.face import RunSummary
from kawat.code import note_code
from kawat.crawl import CrawlOrder
from kawat.crawling import CrawlProcess
from kawat.desk import Desk, furnished, refuse_moves
from kawat.gaps import gap_facts
from kawat.gathering import Gathering
from kawat.lock import NAME as LOCK
from kawat.patience import askable
from kawat.progress import show
from kawat.pulse import Pulse
from kawat.routing import deliver
from kawat.shipped import defaults
from kawat.standing import CRAWL_PROBLEM, health, machine_issues, outlet_issues
from kawat.vigil import Vigil
from kawat.weekly import weekly
from pipeline.alert.deliver import A_RUN, SHORT, Drained
from pipeline.config import Configuration, load
from pipeline.errors import AlreadyRunning, ConfigError, CrawlError, KawatError, StoreError
from pipeline.files import DataFiles
from pipeline.model import Issue, Outlet, Revisit, Urgency
from pipeline.past import rebuild_fingerprints
from pipeline.run import Tally
from pipeline.store import Store
from pipeline.store.retention import Policy

log = logging.getLogger(__name__)

Progress = Callable[[str, str], None]

REST, LONGEST_REST = timedelta(minutes=1), timedelta(hours=1)
"""How long the daemon leaves a crawl process that failed as a whole alone: doubling from the first to the longest."""

BESIDE, BESIDE_IN_VAIN = timedelta(minutes=1), timedelta(minutes=10)
"""How long walks over the past and second looks wait for the next crawl process, and after one that got nowhere."""

WALK_SECONDS = 60.0
"""How long one crawl process of the daemon may be busy with an outlet's past."""

INDEX_AT_ONCE = 500
DELIVERIES_AT_ONCE = 1000


def utc_now() -> datetime:
    """The wall clock, aware."""
    return datetime.now(UTC)


def silent(_step: str, _text: str) -> None:
    """Progress that nobody watches."""


class Engine:
    """An opened data folder. `now` is the clock. Use `Engine.open`; safe to share between the daemon's threads."""

    def __init__(
        self,
        folder: Path,
        configuration: Configuration,
        store: Store,
        now: Callable[[], datetime],
        environ: Mapping[str, str],
    ) -> None:
        self.folder = folder
        self._environ = environ
        self.store = store
        self.now = now
        self._crawler = CrawlProcess()
        self._seen = _state(folder)
        self._refused = ""
        self._crawl_again = now()
        self._crawl_failures = 0
        self._beside_again = now()
        self._full = False
        self.pulse = Pulse()
        self.gathering = Gathering(store)
        self.vigil = Vigil(store)
        self.desk = self._furnished(configuration)

    @classmethod
    def open(
        cls, folder: Path, *, environ: Mapping[str, str] | None = None, now: Callable[[], datetime] = utc_now
    ) -> Self:
        """The engine of a folder that `kawat init` set up. Raises ConfigError, StoreError or UsageError."""
        variables = dict(os.environ if environ is None else environ)
        configuration = load(folder, defaults(), variables)
        configuration.data_dir.mkdir(parents=True, exist_ok=True)
        store = Store.open(configuration.database_url)
        try:
            return cls(folder, configuration, store, now, variables)
        except BaseException:
            store.close()
            raise

    def _furnished(self, configuration: Configuration) -> Desk:
        gathering = self.gathering
        return furnished(self.store, configuration, now=self.now, catching_up=lambda: gathering.catching_up)

    @property
    def configuration(self) -> Configuration:
        """What is in force."""
        return self.desk.configuration

    @property
    def archive(self) -> Path:
        """The folder of WARC files."""
        return self.configuration.data_dir / "warc"

    def close(self) -> None:
        self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def exclusive(self, role: str) -> Iterator[None]:
        """Be the only one that works on this data directory. Raises AlreadyRunning, naming who is."""
        path = self.configuration.data_dir / LOCK
        with path.open("a+", encoding="utf-8") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                lock.seek(0)
                holder = lock.read(100).strip() or "another process"
                raise AlreadyRunning(
                    f"{self.configuration.data_dir}: {holder} is at work here; stop it first, or leave the work to it"
                ) from error
            lock.truncate(0)
            lock.write(f"kawat {role} (process {os.getpid()})")
            lock.flush()
            self.store.inbox.recover()
            self.store.outbox.recover(self.now())
            note_code(self.store, self.now())
            if rebuilt := rebuild_fingerprints(self.store, self.now()):
                log.info("fingerprints of an older version made anew", extra={"articles": rebuilt})
            yield

    # ---------------------------------------------------------------------------------------------------------- ticks

    def run(self, progress: Progress = silent, *, everything: bool = False) -> RunSummary:
        """Poll what is due once (`everything`: due or not), process, deliver, write the files.

        What fails keeps no later step from its work; the first failure is raised when all is done.
        """
        started = time.monotonic()
        with self.exclusive("run"):
            before = self.now()
            failures: list[KawatError] = []
            tally, sent = Tally(), Drained()
            with _kept(failures):
                self.crawl_due(progress=progress, everything=everything)
            with _kept(failures):
                self.process(tally=tally, progress=progress)
            with _kept(failures):
                self.compose_due(once=True)
            progress("deliver", "delivering")
            with _kept(failures):
                sent = self.deliver(patience=A_RUN)
            for step in (self.write_files, self.housekeep, *(() if failures else (self.beat,))):
                with _kept(failures):
                    step()
            if failures:
                raise failures[0]
            self.store.meta.set_time("last_run", self.now())
            return RunSummary(
                runs=tuple(each for each in self.store.runs.latest(limit=500) if each.started_at >= before),
                pages=tally.pages,
                articles=tally.articles,
                rejects=tally.rejects,
                duplicates=tally.duplicates,
                agreements=tally.agreements,
                sent=sent.sent,
                waiting=sent.retried,
                failed=sent.dead,
                sending=self.configuration.sending,
                seconds=time.monotonic() - started,
                issues=self.issues(),
            )

    def crawl_due(
        self, *, stop: threading.Event | None = None, progress: Progress = silent, everything: bool = False
    ) -> bool:
        """Crawl what is due in a process of its own; False where nothing was. Raises CrawlError where it failed.

        With `stop` the daemon asks: it notices that the machine slept, and lets a crawl that failed rest for a while.
        """
        now, desk = self.now(), self.desk
        if stop is not None:
            self.gathering.look(now)
            if now < self._crawl_again:
                return False
        enabled = (desk.by_slug[slug] for slug in desk.enabled)
        slugs = askable(self.store, enabled, now) if everything else self.store.outlets.due(now)
        due = tuple(desk.by_slug[slug] for slug in slugs if slug in desk.by_slug)
        revisits: tuple[Revisit, ...] = ()
        beside: tuple[Outlet, ...] = ()
        waiting: set[str] = set()
        if due or now >= self._beside_again:  # what can wait is no reason to start a process at every look
            revisits = with_validators(self.store.revisits.due(now), self.archive)
            waiting = {*self.store.walks.open_outlets(now), *(each.outlet for each in revisits)}
            beside = tuple(desk.by_slug[slug] for slug in sorted(waiting - {*slugs}) if slug in desk.enabled)
        if not (due or beside):
            self.pulse.crawled = now
            return False
        if (stop is not None and stop.is_set()) or not self._room():
            return False
        self.store.meta.set_time("last_tick", now)
        progress("poll", f"polling {len(due)} outlets")
        try:
            moved = self.crawl(due, beside=beside, revisits=revisits, early=everything, progress=progress)
        except CrawlError as failed:
            self._crawl_failures += 1
            self._crawl_again = self.now() + min(REST * 2 ** min(self._crawl_failures - 1, 10), LONGEST_REST)
            self.store.meta.set(CRAWL_PROBLEM, str(failed))
            raise
        self._beside_again = self.now() + (BESIDE if moved or not waiting else BESIDE_IN_VAIN)
        self.gathering.polled()
        self.pulse.crawled = self.now()
        self._crawl_failures = 0
        if self.store.meta.get(CRAWL_PROBLEM):
            self.store.meta.set(CRAWL_PROBLEM, "")
        return True

    def crawl(
        self,
        outlets: tuple[Outlet, ...] = (),
        *,
        beside: tuple[Outlet, ...] = (),
        revisits: tuple[Revisit, ...] = (),
        early: bool = False,
        walk_seconds: float = WALK_SECONDS,
        deadline: float | None = None,
        progress: Progress = silent,
    ) -> int:
        """One crawl process for this work (`crawler.job.CrawlJob`); how many pages and lists it brought beside polls.

        Raises CrawlError where it failed as a whole.
        """
        settings = self.configuration.settings
        job = CrawlJob(
            outlets=outlets,
            beside=beside,
            revisits=revisits,
            early=early,
            walk_seconds=walk_seconds,
            archive_dir=self.archive,
            user_agent=settings.user_agent(__version__),
            deadline=settings.crawl.deadline.total_seconds() if deadline is None else deadline,
            fetch_timeout=settings.crawl.fetch_time.total_seconds(),
            memory_mb=settings.crawl.memory // 1_000_000,
            allow_loopback=settings.allow_loopback,
            baseline=settings.first_run.baseline,
            max_concurrency=settings.crawl.concurrency,
        )
        url, room = self.configuration.database_url, settings.disk.min_free
        moved = 0

        def hear(event: Mapping[str, Any]) -> None:
            nonlocal moved
            moved += event.get("event") in {"fetched", "walked", "looked again"}
            show(event, progress)

        self._crawler.run(CrawlOrder(database_url=url, job=job, min_free=room, now=self.now()), hear)
        return moved

    def _room(self) -> bool:
        data_dir = self.configuration.data_dir
        try:
            free = shutil.disk_usage(data_dir).free
        except OSError as error:
            raise StoreError(f"{data_dir} cannot be looked at: {error.strerror}") from error
        was_full, self._full = self._full, free < self.configuration.settings.disk.min_free
        if self._full and not was_full:
            log.error("crawling stopped: the disk is nearly full", extra={"free": free})
        return not self._full

    def end_crawl(self) -> None:
        """End a running crawl: what it has not fetched stays in the frontier."""
        self._crawler.end()

    def warm_up(self) -> None:
        """Start what reads pages, so that the first one does not wait for it."""
        self.desk.reading.start()

    def process(
        self, *, stop: threading.Event | None = None, tally: Tally | None = None, progress: Progress = silent
    ) -> Tally:
        """Read, decide and store what waits in the inbox."""
        tally = Tally() if tally is None else tally
        halt = stop.is_set if stop is not None else lambda: False
        while not halt() and self.desk.pipeline.drain(tally, stop=halt, limit=20):
            progress("process", f"{tally.pages} pages read, {tally.agreements} new agreements")
        return tally

    def deliver(
        self, *, stop: threading.Event | None = None, limit: int = DELIVERIES_AT_ONCE, patience: timedelta = SHORT
    ) -> Drained:
        """Send what is due in the outbox. `patience`: how long to wait for a channel that had its share for now."""
        desk, now = self.desk, self.now
        return deliver(
            self.store, desk.routing, desk.telling, desk.notifiers, now=now, stop=stop, limit=limit, patience=patience
        )

    def compose_due(self, *, once: bool = False) -> int:
        """Put digests whose hour has come, a starting picture and a catch-up that are complete, into the outbox.

        `once`: no further poll follows soon, so nothing waits for one.
        """
        now, desk = self.now(), self.desk
        made = self.vigil.look(desk.by_slug, desk.configuration.channels, now)
        made += desk.telling.digests(now, lambda: health(self.store, desk.by_slug))
        if self.gathering.complete(desk.enabled, now, once=once):
            made += desk.telling.together(Urgency.STARTING_PICTURE, now)
            gaps = self.gathering.gaps()
            made += desk.telling.together(Urgency.CATCH_UP, now, gap_facts(gaps, desk.by_slug))
            self.gathering.told(gaps, now)
        made += weekly(self.store, desk.configuration, desk.by_slug, now)
        return made + desk.telling.troubles(self._machine_issues, now)

    def write_files(self) -> None:
        """Bring the files a person inspects up to the store."""
        DataFiles(self.store, self.configuration.data_dir).write()

    def housekeep(self, *, stop: threading.Event | None = None) -> None:
        """Forget what is past its time, bring the full-text index up, note sizes. Costs little when called often."""
        now, settings = self.now(), self.configuration.settings
        while not (stop is not None and stop.is_set()) and self.store.articles.index_pending(INDEX_AT_ONCE):
            pass
        last = self.store.meta.time("housekeeping")
        if last is not None and now - last < settings.housekeeping:
            return
        keep = settings.retention
        held = self.store.health.held()
        policy = Policy(raw=keep.raw, text=keep.text, fingerprints=keep.fingerprints, held=held)
        swept = self.store.retention.sweep(now, policy)
        self.store.retention.forget([name for name in swept.files if self._deleted(name)])
        DataFiles(self.store, self.configuration.data_dir).sweep(swept.articles_before)
        self.store.retention.measure(now)
        self.store.meta.set_time("housekeeping", now)

    def _deleted(self, name: str) -> bool:
        """Whether an archive file is gone now; one that cannot be deleted is tried again by the next sweep."""
        try:
            (self.archive / name).unlink(missing_ok=True)
        except OSError as error:
            log.error("archive file cannot be deleted", extra={"file": name, "problem": error.strerror})
            return False
        return True

    def reload(self) -> bool:
        """Take over configuration that changed on the disk; True where it did. A broken one is refused, the last good
        one stays in force, and `issues` say so."""
        state = _state(self.folder)
        if state == self._seen:
            return False
        try:
            configuration = load(self.folder, defaults(), self._environ)
            refuse_moves(self.configuration, configuration)
        except ConfigError as refused:
            self._seen, self._refused = state, str(refused)
            log.error("configuration refused, the last good one stays in force", extra={"problem": self._refused})
            return False
        self.desk = self._furnished(configuration)  # where the store refuses, the next look tries again
        self._seen, self._refused = state, ""
        log.info("configuration taken over")
        return True

    def heartbeat(self) -> None:
        """Note that the daemon lives, and call the operator's dead-man switch while all is well."""
        self.store.meta.set_time("daemon", self.now())
        self.beat()

    def beat(self) -> None:
        self.pulse.beat(self.store, self.configuration.settings, self.now())

    def issues(self) -> tuple[Issue, ...]:
        """What an operator should know now."""
        return (*self._machine_issues(), *outlet_issues(self.store, self.configuration, self.now()))

    def _machine_issues(self) -> tuple[Issue, ...]:
        """The same without the verdicts on sources, whose changes are told by themselves."""
        now = self.now()
        found = machine_issues(self.store, self.configuration, now)
        if self._refused:
            remedy = "mend it; `kawat check` shows every fault"
            found = (Issue(subject="configuration", problem=self._refused, remedy=remedy, since=now), *found)
        return found


def _state(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """Name, size and time of every file that configuration is read from."""
    found = [
        path
        for pattern in ("*.yaml", "*.csv", "*.env", "outlets/*.yaml", "lexicon/*.yaml", "seed/*.jsonl")
        for path in sorted(folder.glob(pattern))
    ]
    state = []
    for path in found:
        with suppress(FileNotFoundError):  # an editor that is just putting a new one in its place
            each = path.stat()
            state.append((path.name, each.st_size, each.st_mtime_ns))
    return tuple(state)


@contextmanager
def _kept(failures: list[KawatError]) -> Iterator[None]:
    """A step whose failure is kept for later."""
    try:
        yield
    except KawatError as failed:
        failures.append(failed)
