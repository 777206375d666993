"""One outlet in one tick: poll its sources, commit what they list, fetch what waits, and say how it went.

    sources ─ poll ─► candidates + validators committed ─► pending ─ fetch ─► WARC record on disk ─► page landed
                                                                       └──► put back with a time, or given up

Every visit ends with one `Run`, whatever happened.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from crawler.archive import Archive
from crawler.article import Capture, captured
from crawler.fetch import Fetcher
from crawler.gate import Gate
from crawler.outcome import GIVE_UP, PATIENCE, Failure, Trouble, backoff
from crawler.poll import Poll, Polled
from pipeline.errors import CrawlError
from pipeline.faultpoint import reached
from pipeline.model import Candidate, Outlet, Page, Retry, Run
from pipeline.ports import Frontier, Inbox

Progress = Callable[[Mapping[str, object]], None]
_BATCH = 100


class Visit:
    """The visit to one outlet. `run` may be cancelled at any await; nothing that was committed is lost by that."""

    def __init__(
        self,
        outlet: Outlet,
        *,
        fetcher: Fetcher,
        frontier: Frontier,
        inbox: Inbox,
        archive: Archive,
        clock: Callable[[], datetime],
        progress: Progress,
        room: Callable[[], bool],
        allow_loopback: bool,
        baseline: bool = True,
    ) -> None:
        self.outlet = outlet
        self._fetcher = fetcher
        self._frontier = frontier
        self._inbox = inbox
        self._archive = archive
        self._clock = clock
        self._progress = progress
        self._room = room
        self._allow_loopback = allow_loopback
        self._baseline = baseline
        self._started = clock()
        self._polled = 0
        self._answered = 0
        self._unchanged = 0
        self._items = 0
        self._new = 0
        self._fetched = 0
        self._failed = 0
        self._faults: list[Failure] = []
        self._last_page_fault = ""
        self._page_troubles: dict[str, None] = {}
        self._touched = {source.url for source in outlet.sources}
        self.finished = False

    async def run(self) -> None:
        """Poll, then drain, then finish.

        Raises:
            StoreError: the database or the archive refused.
        """
        try:
            gate = Gate(self.outlet, allow_loopback=self._allow_loopback)
        except CrawlError as error:
            self._faults.append(Failure(trouble=Trouble.GARBAGE, words=str(error)))
            self.finish()
            return
        await self._poll(gate)
        await self._drain(gate)
        self.finish()

    def finish(self, why: str = "") -> None:
        """Store the `Run`; only the first call counts. `why` says what ended the visit early."""
        if self.finished:
            return
        self.finished = True
        complete = self._polled == len(self.outlet.sources)
        reasons = [str(fault) for fault in self._faults]
        if why and (not complete or not self._answered):
            reasons.append(why)
        if self._failed:
            pages = "1 page" if self._failed == 1 else f"{self._failed} pages"
            reasons.append(f"{pages} failed, last: {self._last_page_fault}")
        run = Run(
            outlet=self.outlet.slug,
            started_at=self._started,
            finished_at=self._clock(),
            ok=complete and not self._faults,
            sources=len(self.outlet.sources),
            unchanged=self._unchanged,
            items=self._items,
            candidates=self._new,
            fetched=self._fetched,
            failed=self._failed,
            reason="; ".join(dict.fromkeys(reasons))[:1000],
            retry_after=self._patience(),
            troubles=tuple(dict.fromkeys(str(fault.trouble) for fault in self._faults)),
            page_troubles=tuple(self._page_troubles),
        )
        self._inbox.finish(run)
        reached("run-finished")
        self._tell("finished", ok=run.ok, fetched=run.fetched, failed=run.failed, reason=run.reason)

    def _patience(self) -> timedelta | None:
        now = self._clock()
        hosts = (self._fetcher.hosts.of(url, self.outlet.politeness) for url in self._touched)
        return max((left for host in hosts if (left := host.patience(now=now)) is not None), default=None)

    async def _poll(self, gate: Gate) -> None:
        baseline = self._baseline and self._frontier.first_poll(self.outlet.slug)
        for source in self.outlet.sources:
            if not self._has_room():
                return
            poll = Poll(self.outlet, source, fetcher=self._fetcher, frontier=self._frontier, gate=gate)
            results = await poll.addresses(source.url)
            self._polled += 1
            # one readable sitemap of several is an answer; so is a source whose every part answered
            failures = [result for result in results if isinstance(result, Failure)]
            answers = [result for result in results if isinstance(result, Polled)]
            self._faults += failures
            self._answered += bool(answers)
            if answers and all(answer.unchanged for answer in answers) and not failures:
                self._unchanged += 1
            for answer in answers:
                if not answer.unchanged:
                    self._items += answer.items
                    self._new += self._frontier.add(answer.url, answer.validators, answer.candidates, baseline=baseline)
                    reached("candidates-committed")
            self._tell(
                "polled",
                source=source.url,
                items=sum(answer.items for answer in answers),
                candidates=sum(len(answer.candidates) for answer in answers),
                unchanged=bool(answers) and all(answer.unchanged for answer in answers),
                problem="; ".join(map(str, failures)),
            )

    async def _drain(self, gate: Gate) -> None:
        tried: set[str] = set()
        while self._has_room():
            pending = self._frontier.pending([self.outlet.slug], now=self._clock(), limit=_BATCH + len(tried))
            batch = deque(candidate for candidate in pending if candidate.key not in tried)
            if not batch:
                return
            tried.update(candidate.key for candidate in batch)
            workers = max(1, self.outlet.politeness.concurrency)
            async with asyncio.TaskGroup() as group:
                for _ in range(min(workers, len(batch))):
                    group.create_task(self._work(batch, gate))

    async def _work(self, batch: deque[Candidate], gate: Gate) -> None:
        while batch and self._has_room():
            candidate = batch.popleft()
            capture = await captured(
                candidate, self.outlet, fetcher=self._fetcher, archive=self._archive, gate=gate, clock=self._clock
            )
            if isinstance(capture, Failure):
                self._put_back(candidate, capture)
            else:
                self._land(candidate, capture)

    def _land(self, candidate: Candidate, capture: Capture) -> None:
        reached("warc-flushed")
        self._inbox.land(
            Page(
                outlet=self.outlet.slug,
                url=candidate.url,
                final_url=capture.final_url,
                key=candidate.key,
                status=capture.status,
                content_type=capture.content_type,
                fetched_at=capture.fetched_at,
                discovered_at=candidate.discovered_at,
                record=capture.record,
                title_hint=candidate.title,
                published_hint=candidate.published,
            )
        )
        reached("page-landed")
        self._fetched += 1
        self._tell("fetched", url=candidate.url)

    def _put_back(self, candidate: Candidate, failure: Failure) -> None:
        if failure.trouble is Trouble.STOPPED:
            return  # it was not asked for, so it waits as it is
        now = self._clock()
        self._touched.add(candidate.url)
        if failure.trouble is Trouble.LIMITED:
            give_up = now - candidate.discovered_at > PATIENCE
        else:
            give_up = failure.final or candidate.attempts + 1 >= GIVE_UP
        after = failure.retry_after or backoff(candidate.attempts)
        self._frontier.failed(candidate.key, Retry(reason=str(failure), after=after), now=now, give_up=give_up)
        self._failed += 1
        self._last_page_fault = str(failure)
        self._page_troubles[str(failure.trouble)] = None
        self._tell("failed", url=candidate.url, reason=str(failure), given_up=give_up)

    def _has_room(self) -> bool:
        if self._room():
            return True
        full = Failure(trouble=Trouble.STOPPED, words="no room left on the disk")
        if full not in self._faults:
            self._faults.append(full)
        return False

    def _tell(self, event: str, **facts: object) -> None:
        self._progress({"event": event, "outlet": self.outlet.slug, **facts})
