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
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from kawat.cli.face import RunSummary
from kawat.code import note_code
from kawat.desk import Desk, furnished, refuse_moves
from kawat.gaps import gap_facts
from kawat.gathering import Gathering
from kawat.lock import NAME as LOCK
from kawat.pulse import Pulse
from kawat.rounds import Progress, Rounds, silent
from kawat.routing import deliver
from kawat.shipped import defaults
from kawat.standing import health, machine_issues, outlet_issues
from kawat.vigil import Vigil
from kawat.weekly import weekly
from pipeline.alert.deliver import A_RUN, SHORT, Drained
from pipeline.config import Configuration, load
from pipeline.errors import AlreadyRunning, ConfigError, KawatError
from pipeline.files import DataFiles
from pipeline.model import Issue, Urgency
from pipeline.past import rebuild_fingerprints
from pipeline.run import Tally
from pipeline.store import Store
from pipeline.store.retention import Policy

log = logging.getLogger(__name__)

INDEX_AT_ONCE = 500
DELIVERIES_AT_ONCE = 1000


def utc_now() -> datetime:
    """The wall clock, aware."""
    return datetime.now(UTC)


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
        self._seen = _state(folder)
        self._refused = ""
        self.pulse = Pulse()
        self.gathering = Gathering(store)
        self.rounds = Rounds(store, self.gathering, self.pulse, now)
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
        return self.desk.archive

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
        """Crawl what is due (`rounds.Rounds.due`); with `stop`, the daemon asks."""
        return self.rounds.due(self.desk, stop=stop, progress=progress, everything=everything)

    def end_crawl(self) -> None:
        """End a running crawl: what it has not fetched stays in the frontier."""
        self.rounds.end()

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
