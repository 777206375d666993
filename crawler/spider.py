"""The one spider: all due outlets in one Scrapy process, one task per outlet, until they are done or the tick ends.

The spider asks through `engine.download_async` instead of yielding requests. What to fetch next is the frontier's to
say and when is the host's (`crawler.hosts`); Scrapy's scheduler, duplicate filter and scraper would be a second,
forgetful opinion on both, at most of the processor time of a page (`bench/crawl.py`). Of Scrapy remain its downloader
with TLS, deadlines, size limits and connection pool, the resolver hook, signals and orderly shutdown.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import Any

import scrapy
from scrapy.crawler import AsyncCrawlerProcess

from crawler.archive import Archive
from crawler.fetch import Download, Draw, Fetcher
from crawler.hosts import Hosts
from crawler.job import CrawlJob
from crawler.kit import Kit, Progress
from crawler.resolver import REFUSALS_SETTING, Refusals
from crawler.tuning import settings
from crawler.visit import Visit
from pipeline import javascript
from pipeline.errors import CrawlError, StoreError
from pipeline.model import Revisit
from pipeline.ports import Frontier, Inbox, Walks

_log = logging.getLogger(__name__)

__all__ = ["CrawlJob", "KawatSpider", "crawl"]


def always() -> bool:
    """The disk check where nobody gave one."""
    return True


def utc_now() -> datetime:
    """The wall clock, aware."""
    return datetime.now(UTC)


def crawl(
    job: CrawlJob,
    frontier: Frontier,
    inbox: Inbox,
    walks: Walks,
    progress: Progress,
    *,
    room: Callable[[], bool] = always,
    clock: Callable[[], datetime] = utc_now,
) -> None:
    """Run one tick in this process. A process can do this once: Twisted's reactor does not start twice.

    Raises:
        StoreError: the database or the archive refused; what was landed before stands.
        CrawlError: a fault of Kawat's own in at least one outlet; the others were crawled.
    """
    faults: list[BaseException] = []
    refusals = Refusals()
    with Archive(job.archive_dir, now=clock(), agent=job.user_agent) as archive:
        level = logging.root.level
        chosen = settings(job) | {REFUSALS_SETTING: refusals}
        if executable := _browser(job):
            from crawler import browser  # noqa: PLC0415 (of an extra that most need not have)

            chosen |= browser.settings(job, executable)
        process = AsyncCrawlerProcess(chosen)
        logging.root.setLevel(level)  # Scrapy opens it to every message
        for chatty in ("scrapy", "twisted"):
            logging.getLogger(chatty).setLevel(logging.WARNING)
        process.crawl(
            KawatSpider,
            job=job,
            frontier=frontier,
            inbox=inbox,
            walks=walks,
            archive=archive,
            progress=progress,
            room=room,
            clock=clock,
            faults=faults,
            refusals=refusals,
            draws=bool(executable),
        )
        process.start()
    if refused := next((fault for fault in faults if isinstance(fault, StoreError)), None):
        raise refused
    if faults:
        raise CrawlError(f"{type(faults[0]).__name__}: {faults[0]}") from faults[0]


def _browser(job: CrawlJob) -> str | None:
    """The browser, where an outlet of the job asks for one and there is one."""
    wanted = any(javascript.asks(outlet) for outlet in (*job.outlets, *job.beside))
    return javascript.chromium() if wanted and not javascript.missing() else None


class KawatSpider(scrapy.Spider):
    """Visits every outlet of a job."""

    name = "kawat"

    def __init__(
        self,
        *,
        job: CrawlJob,
        frontier: Frontier,
        inbox: Inbox,
        walks: Walks,
        archive: Archive,
        progress: Progress,
        room: Callable[[], bool],
        clock: Callable[[], datetime],
        faults: list[BaseException],
        refusals: Refusals,
        draws: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self._job = job
        self._frontier = frontier
        self._inbox = inbox
        self._walks = walks
        self._archive = archive
        self._progress = progress
        self._room = room
        self._clock = clock
        self._faults = faults
        self._refusals = refusals
        self._draws = draws

    async def start(self) -> AsyncIterator[Any]:
        """Visit all outlets; yields nothing."""
        loop = asyncio.get_running_loop()
        engine = self.crawler.engine
        assert engine is not None
        until = loop.time() + self._job.deadline
        fetcher = Fetcher(
            download=engine.download_async,
            clock=self._clock,
            places=self._job.max_concurrency,
            until=until,
            allow_loopback=self._job.allow_loopback,
            refused=self._refusals.of,
            hosts=Hosts((*self._job.outlets, *self._job.beside), memory=self._frontier, clock=self._clock),
            draw=self._draw(engine.download_async, until) if self._draws else None,
        )
        visits = {loop.create_task(visit.run()): visit for visit in self._visits(fetcher)}
        if not visits:
            return
        ended = "stopped"
        try:
            _, late = await asyncio.wait(visits, timeout=self._job.deadline)
            ended = "not reached: the tick ended first" if late else ""
        finally:
            for task in visits:
                task.cancel()
            outcomes = await asyncio.gather(*visits, return_exceptions=True)
            for visit, outcome in zip(visits.values(), outcomes, strict=True):
                self._close(visit, outcome, ended)
            self._keep(fetcher.hosts)
        return
        yield

    def _draw(self, download: Download, until: float) -> Draw:
        from crawler.render import Renderer  # noqa: PLC0415 (of an extra that most need not have)

        job = self._job
        return Renderer(download, user_agent=job.user_agent, seconds=job.script_seconds, until=until).draw

    def _visits(self, fetcher: Fetcher) -> list[Visit]:
        kit = Kit(
            job=self._job,
            fetcher=fetcher,
            frontier=self._frontier,
            inbox=self._inbox,
            walks=self._walks,
            archive=self._archive,
            clock=self._clock,
            progress=self._progress,
            room=self._room,
        )
        again: dict[str, list[Revisit]] = {}
        for revisit in self._job.revisits:
            again.setdefault(revisit.outlet, []).append(revisit)
        polled = {outlet.slug for outlet in self._job.outlets}
        beside = [outlet for outlet in self._job.beside if outlet.slug not in polled]
        return [
            Visit(outlet, kit, polls=outlet.slug in polled, revisits=tuple(again.get(outlet.slug, ())))
            for outlet in (*self._job.outlets, *beside)
        ]

    def _keep(self, hosts: Hosts) -> None:
        try:
            hosts.keep()
        except StoreError as refused:
            self._faults.append(refused)

    def _close(self, visit: Visit, outcome: BaseException | None, ended: str) -> None:
        """Note how a visit ended and see that its run is stored, unless the process was told to stop or the store is
        what failed: then the outlet stays due."""
        error = _first(outcome)
        if error is None:
            return
        if isinstance(error, asyncio.CancelledError):
            if ended == "stopped":
                return
        else:
            self._faults.append(error)
            if isinstance(error, StoreError):
                return
            _log.error("fault of Kawat's own in a visit", extra={"outlet": visit.outlet.slug}, exc_info=error)
            ended = f"fault of Kawat's own: {type(error).__name__}: {error}"
        try:
            visit.finish(ended)
        except StoreError as refused:
            self._faults.append(refused)


def _first(outcome: BaseException | None) -> BaseException | None:
    """The error itself, out of the group a task group wraps it in."""
    while isinstance(outcome, BaseExceptionGroup):
        outcome = outcome.exceptions[0]
    return outcome
