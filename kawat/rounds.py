"""Rounds of the crawl: what is due is crawled in a process of its own, and what can wait goes beside it."""

from __future__ import annotations

import logging
import shutil
import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from crawler.job import CrawlJob
from kawat import __version__
from kawat.archive import with_validators
from kawat.crawl import CrawlOrder
from kawat.crawling import CrawlProcess
from kawat.desk import Desk
from kawat.gathering import Gathering
from kawat.patience import askable
from kawat.progress import show
from kawat.pulse import Pulse
from kawat.standing import CRAWL_PROBLEM
from pipeline.errors import CrawlError, StoreError
from pipeline.model import Outlet, Revisit
from pipeline.store import Store

log = logging.getLogger(__name__)

Progress = Callable[[str, str], None]

REST, LONGEST_REST = timedelta(minutes=1), timedelta(hours=1)
"""How long the daemon leaves a crawl process that failed as a whole alone: doubling from the first to the longest."""

BESIDE, BESIDE_IN_VAIN = timedelta(minutes=1), timedelta(minutes=10)
"""How long walks over the past and second looks wait for the next crawl process, and after one that got nowhere."""

WALK_SECONDS = 60.0
"""How long one crawl process of the daemon may be busy with an outlet's past."""


def silent(_step: str, _text: str) -> None:
    """Progress that nobody watches."""


class Rounds:
    """The crawls of one data folder: which process runs, and when the next one may."""

    def __init__(self, store: Store, gathering: Gathering, pulse: Pulse, now: Callable[[], datetime]) -> None:
        self._store = store
        self._gathering = gathering
        self._pulse = pulse
        self._now = now
        self._crawler = CrawlProcess()
        self._crawl_again = now()
        self._crawl_failures = 0
        self._beside_again = now()
        self._full = False

    def due(
        self, desk: Desk, *, stop: threading.Event | None = None, progress: Progress = silent, everything: bool = False
    ) -> bool:
        """Crawl what is due in a process of its own; False where nothing was. Raises CrawlError where it failed.

        With `stop` the daemon asks: it notices that the machine slept, and lets a crawl that failed rest for a while.
        """
        now = self._now()
        if stop is not None:
            self._gathering.look(now)
            if now < self._crawl_again:
                return False
        enabled = (desk.by_slug[slug] for slug in desk.enabled)
        slugs = askable(self._store, enabled, now) if everything else self._store.outlets.due(now)
        due = tuple(desk.by_slug[slug] for slug in slugs if slug in desk.by_slug)
        revisits: tuple[Revisit, ...] = ()
        beside: tuple[Outlet, ...] = ()
        waiting: set[str] = set()
        if due or now >= self._beside_again:  # what can wait is no reason to start a process at every look
            revisits = with_validators(self._store.revisits.due(now), desk.archive)
            waiting = {*self._store.walks.open_outlets(now), *(each.outlet for each in revisits)}
            beside = tuple(desk.by_slug[slug] for slug in sorted(waiting - {*slugs}) if slug in desk.enabled)
        if not (due or beside):
            self._pulse.crawled = now
            return False
        if (stop is not None and stop.is_set()) or not self._room(desk):
            return False
        self._store.meta.set_time("last_tick", now)
        progress("poll", f"polling {len(due)} outlets")
        try:
            moved = self.crawl(desk, due, beside=beside, revisits=revisits, early=everything, progress=progress)
        except CrawlError as failed:
            self._crawl_failures += 1
            self._crawl_again = self._now() + min(REST * 2 ** min(self._crawl_failures - 1, 10), LONGEST_REST)
            self._store.meta.set(CRAWL_PROBLEM, str(failed))
            raise
        self._beside_again = self._now() + (BESIDE if moved or not waiting else BESIDE_IN_VAIN)
        self._gathering.polled()
        self._pulse.crawled = self._now()
        self._crawl_failures = 0
        if self._store.meta.get(CRAWL_PROBLEM):
            self._store.meta.set(CRAWL_PROBLEM, "")
        return True

    def crawl(
        self,
        desk: Desk,
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
        settings = desk.configuration.settings
        job = CrawlJob(
            outlets=outlets,
            beside=beside,
            revisits=revisits,
            early=early,
            walk_seconds=walk_seconds,
            archive_dir=desk.archive,
            user_agent=settings.user_agent(__version__),
            deadline=settings.crawl.deadline.total_seconds() if deadline is None else deadline,
            fetch_timeout=settings.crawl.fetch_time.total_seconds(),
            memory_mb=settings.crawl.memory // 1_000_000,
            allow_loopback=settings.allow_loopback,
            baseline=settings.first_run.baseline,
            max_concurrency=settings.crawl.concurrency,
        )
        url, room = desk.configuration.database_url, settings.disk.min_free
        moved = 0

        def hear(event: Mapping[str, Any]) -> None:
            nonlocal moved
            moved += event.get("event") in {"fetched", "walked", "looked again"}
            show(event, progress)

        self._crawler.run(CrawlOrder(database_url=url, job=job, min_free=room, now=self._now()), hear)
        return moved

    def _room(self, desk: Desk) -> bool:
        data_dir = desk.configuration.data_dir
        try:
            free = shutil.disk_usage(data_dir).free
        except OSError as error:
            raise StoreError(f"{data_dir} cannot be looked at: {error.strerror}") from error
        was_full, self._full = self._full, free < desk.configuration.settings.disk.min_free
        if self._full and not was_full:
            log.error("crawling stopped: the disk is nearly full", extra={"free": free})
        return not self._full

    def end(self) -> None:
        """End a running crawl: what it has not fetched stays in the frontier."""
        self._crawler.end()
