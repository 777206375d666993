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
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from crawler.job import CrawlJob
from kawat import __version__
from kawat.archive import read_body
from kawat.cli.face import RunSummary
from kawat.corpus import load_seeds
from kawat.crawl import CrawlOrder
from kawat.crawling import CrawlProcess
from kawat.rulebook import keep_snapshot, rulebook
from kawat.shipped import defaults
from kawat.standing import conditions, issues
from kawat.telling import Telling
from pipeline.alert.channel import Secret
from pipeline.alert.channels.notifiers import notifiers
from pipeline.alert.channels.webhook import ping
from pipeline.alert.deliver import Drained, drain
from pipeline.config import Configuration, load
from pipeline.decide import Decider
from pipeline.errors import AlreadyRunning, ConfigError, CrawlError
from pipeline.files import DataFiles
from pipeline.model import Issue, Outlet, Sent, Urgency
from pipeline.run import Pipeline, Tally
from pipeline.store import Store
from pipeline.store.retention import Policy

log = logging.getLogger(__name__)

Progress = Callable[[str, str], None]

SLEPT = timedelta(hours=3)
"""A pause between two ticks of the daemon that counts as sleep: what is found then is told in one message."""

INDEX_AT_ONCE = 500
DELIVERIES_AT_ONCE = 1000


def utc_now() -> datetime:
    """The wall clock, aware."""
    return datetime.now(UTC)


def silent(_step: str, _text: str) -> None:
    """Progress that nobody watches."""


class Engine:
    """An opened data folder. `now` is the clock. Use `Engine.open`; safe to share between the daemon's threads."""

    def __init__(self, folder: Path, configuration: Configuration, store: Store, now: Callable[[], datetime]) -> None:
        self.folder = folder
        self.store = store
        self.now = now
        self._crawler = CrawlProcess()
        self._seen = _state(folder)
        self._refused = ""
        self.catching_up = False
        self._take(configuration)

    @classmethod
    def open(
        cls, folder: Path, *, environ: Mapping[str, str] | None = None, now: Callable[[], datetime] = utc_now
    ) -> Self:
        """The engine of a folder that `kawat init` set up. Raises ConfigError, StoreError or UsageError."""
        configuration = load(folder, defaults(), dict(os.environ if environ is None else environ))
        configuration.data_dir.mkdir(parents=True, exist_ok=True)
        store = Store.open(configuration.database_url)
        try:
            return cls(folder, configuration, store, now)
        except BaseException:
            store.close()
            raise

    def _take(self, configuration: Configuration) -> None:
        """Work by this configuration from now on."""
        now = self.now()
        installed = self.store.meta.time("installed")
        if installed is None:
            installed = now
            self.store.meta.set_time("installed", now)
        self.store.outlets.sync(configuration.outlets, now)
        load_seeds(self.store, configuration, now)
        keep_snapshot(self.store, configuration, now)
        rules = rulebook(configuration)
        self.configuration = configuration
        self.by_slug: Mapping[str, Outlet] = rules.outlets
        self.telling = Telling(self.store, configuration.channels, rules.outlets, installed=installed)
        self.names = {code: (each.name_en, each.name_id) for code, each in configuration.lexicon.countries.items()}
        self.notifiers = notifiers(configuration.channels, self.names)
        decider = Decider(
            store=self.store,
            rules=rules,
            compose=self.telling.at_once,
            now=self.now,
            catching_up=lambda: self.catching_up,
        )
        archive = self.archive
        self.pipeline = Pipeline(
            store=self.store, decider=decider, read_body=lambda page: read_body(archive, page), now=self.now
        )

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
        path = self.configuration.data_dir / "kawat.lock"
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
            yield

    # ---------------------------------------------------------------------------------------------------------- ticks

    def run(self, progress: Progress = silent, *, everything: bool = False) -> RunSummary:
        """Poll what is due once (`everything`: due or not), process, deliver, write the files."""
        started = time.monotonic()
        with self.exclusive("run"):
            before = self.now()
            failed: CrawlError | None = None
            try:
                self.crawl_due(progress=progress, everything=everything)
            except CrawlError as error:  # what was captured is read and told all the same
                failed = error
            tally = Tally()
            self.process(tally=tally, progress=progress)
            self.compose_due()
            progress("deliver", "delivering")
            sent = self.deliver()
            self.write_files()
            self.housekeep()
            self.store.meta.set_time("last_run", self.now())
            if failed is not None:
                raise failed
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
        """Crawl what is due in a process of its own; False where nothing was. Raises CrawlError where it failed."""
        now = self.now()
        slugs = self.store.outlets.due(now)
        if everything:
            slugs = tuple(each.slug for each in self.by_slug.values() if each.enabled)
        due = tuple(self.by_slug[slug] for slug in slugs if slug in self.by_slug)
        if not due or (stop is not None and stop.is_set()) or not self._room():
            return False
        if stop is not None:
            last = self.store.meta.time("last_tick")
            self.catching_up = self.catching_up or (last is not None and now - last > SLEPT)
        self.store.meta.set_time("last_tick", now)
        crawl = self.configuration.settings.crawl
        job = CrawlJob(
            outlets=due,
            archive_dir=self.archive,
            user_agent=self.configuration.settings.user_agent(__version__),
            deadline=crawl.deadline.total_seconds(),
            fetch_timeout=crawl.fetch_time.total_seconds(),
            memory_mb=crawl.memory // 1_000_000,
            allow_loopback=self.configuration.settings.allow_loopback,
            baseline=self.configuration.settings.first_run.baseline,
            max_concurrency=crawl.concurrency,
        )
        order = CrawlOrder(
            database_url=self.configuration.database_url,
            job=job,
            min_free=self.configuration.settings.disk.min_free,
        )
        progress("poll", f"polling {len(due)} outlets")
        self._crawler.run(order, lambda event: _show(event, progress))
        return True

    def _room(self) -> bool:
        free = shutil.disk_usage(self.configuration.data_dir).free
        if free >= self.configuration.settings.disk.min_free:
            return True
        log.error("crawling stopped: the disk is nearly full", extra={"free": free})
        return False

    def end_crawl(self) -> None:
        """End a running crawl: what it has not fetched stays in the frontier."""
        self._crawler.end()

    def process(
        self, *, stop: threading.Event | None = None, tally: Tally | None = None, progress: Progress = silent
    ) -> Tally:
        """Read, decide and store what waits in the inbox."""
        tally = Tally() if tally is None else tally
        halt = stop.is_set if stop is not None else lambda: False
        while not halt() and self.pipeline.drain(tally, stop=halt, limit=20):
            progress("process", f"{tally.pages} pages read, {tally.agreements} new agreements")
        return tally

    def deliver(self, *, stop: threading.Event | None = None, limit: int = DELIVERIES_AT_ONCE) -> Drained:
        """Send what is due in the outbox."""
        halt = stop.is_set if stop is not None else lambda: False
        return drain(self.store.outbox, self.notifiers, now=self.now, stop=halt, limit=limit)

    def compose_due(self) -> int:
        """Put digests whose hour has come, a starting picture and a catch-up that are complete, into the outbox."""
        now = self.now()
        found = conditions(self.store, self.by_slug, now)
        active = [state for slug, state in found.items() if self.by_slug[slug].enabled]
        healthy = sum(state.state == "ok" for state in active)
        made = self.telling.digests(now, healthy=healthy, sources=len(active))
        if self._settled():
            made += self.telling.together(Urgency.STARTING_PICTURE, now)
            made += self.telling.together(Urgency.CATCH_UP, now)
            self.catching_up = False
        return made + self.telling.troubles(self.issues(), now)

    def _settled(self) -> bool:
        """Whether all that was found so far has been read: a message that gathers may go out."""
        if self.store.inbox.waiting(self.now()):
            return False
        polled = self.store.outlets.states().values()
        return not any(each.enabled and each.last_poll is None for each in polled)

    def write_files(self) -> None:
        """Bring the files a person inspects up to the store."""
        DataFiles(self.store, self.configuration.data_dir).write()

    def housekeep(self) -> None:
        """Forget what is past its time, bring the full-text index up, note sizes. Costs little when called often."""
        now = self.now()
        while self.store.articles.index_pending(INDEX_AT_ONCE):
            pass
        last = self.store.meta.time("housekeeping")
        if last is not None and now - last < self.configuration.settings.housekeeping:
            return
        keep = self.configuration.settings.retention
        swept = self.store.retention.sweep(now, Policy(raw=min(keep.raw, keep.text), fingerprints=keep.fingerprints))
        for name in swept.files:
            (self.archive / name).unlink(missing_ok=True)
        self.store.retention.forget(swept.files)
        DataFiles(self.store, self.configuration.data_dir).sweep(swept.articles_before)
        self.store.retention.measure(now)
        self.store.meta.set_time("housekeeping", now)

    def reload(self) -> bool:
        """Take over configuration that changed on the disk; True where it did. A broken one is refused, the last good
        one stays in force, and `issues` say so."""
        state = _state(self.folder)
        if state == self._seen:
            return False
        self._seen = state
        try:
            self._take(load(self.folder, defaults(), dict(os.environ)))
        except ConfigError as refused:
            self._refused = str(refused)
            log.error("configuration refused, the last good one stays in force", extra={"problem": self._refused})
            return False
        self._refused = ""
        log.info("configuration taken over")
        return True

    def heartbeat(self) -> None:
        """Note that the daemon lives; ping the operator's dead-man switch while nothing is overdue."""
        now = self.now()
        self.store.meta.set_time("daemon", now)
        beat = self.configuration.settings.heartbeat
        last = self.store.meta.time("heartbeat")
        if beat.url is None or (last is not None and now - last < beat.every) or self.store.outbox.overdue(now):
            return
        if isinstance(ping(Secret(beat.url), loopback=self.configuration.settings.allow_loopback), Sent):
            self.store.meta.set_time("heartbeat", now)

    def issues(self) -> tuple[Issue, ...]:
        """What an operator should know now."""
        now = self.now()
        found = issues(self.store, self.configuration, now)
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
    return tuple((path.name, each.st_size, each.st_mtime_ns) for path in found for each in (path.stat(),))


def _show(event: Mapping[str, Any], progress: Progress) -> None:
    """One event of the crawl process as a line of progress."""
    outlet = event.get("outlet", "")
    match event.get("event"):
        case "polled":
            problem = f"; {event['problem']}" if event.get("problem") else ""
            progress("poll", f"{outlet}: {event.get('candidates', 0)} new of {event.get('items', 0)} listed{problem}")
        case "fetched":
            progress("fetch", f"{outlet}: {event.get('url', '')}")
        case "failed":
            progress("fetch", f"{outlet}: {event.get('url', '')}: {event.get('reason', '')}")
        case "finished" if not event.get("ok", True):
            progress("poll", f"{outlet}: {event.get('reason', '')}")
