"""Fetching what waits in the frontier for one outlet: landed with its bytes on disk, put back, or given up."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable

from crawler.article import Capture, captured
from crawler.gate import Gate
from crawler.kit import Kit
from crawler.outcome import GIVE_UP, PATIENCE, Failure, Trouble, backoff
from crawler.second import second_look
from pipeline.faultpoint import reached
from pipeline.model import Candidate, Look, Outlet, Page, Retry, Revisit

_BATCH = 100


class Harvest:
    """The pages of one visit, counted. `has_room` is asked before each."""

    def __init__(self, outlet: Outlet, kit: Kit, gate: Gate, has_room: Callable[[], bool]) -> None:
        self._outlet = outlet
        self._kit = kit
        self._gate = gate
        self._has_room = has_room
        self._tried: set[str] = set()
        self.fetched = 0
        self.failed = 0
        self.last_fault = ""
        self.troubles: dict[str, None] = {}
        self.touched: set[str] = set()

    async def drain(self, wanted: Callable[[Candidate], bool], more: Callable[[], bool]) -> None:
        """Fetch what waits, is due and is `wanted`, as long as there is `more` time.

        Raises:
            StoreError: the database or the archive refused.
        """
        while self._has_room() and more():
            pending = self._kit.frontier.pending(
                [self._outlet.slug], now=self._kit.clock(), limit=_BATCH + len(self._tried)
            )
            batch = deque(candidate for candidate in pending if candidate.key not in self._tried and wanted(candidate))
            if not batch:
                return
            workers = max(1, self._outlet.politeness.concurrency)
            async with asyncio.TaskGroup() as group:
                for _ in range(min(workers, len(batch))):
                    group.create_task(self._work(batch, more))

    async def _work(self, batch: deque[Candidate], more: Callable[[], bool]) -> None:
        kit = self._kit
        while batch and self._has_room() and more():
            candidate = batch.popleft()
            self._tried.add(candidate.key)
            capture = await captured(
                candidate, self._outlet, fetcher=kit.fetcher, archive=kit.archive, gate=self._gate, clock=kit.clock
            )
            if isinstance(capture, Failure):
                self._put_back(candidate, capture)
            elif capture is not None:
                self._land(candidate, capture)

    def _land(self, candidate: Candidate, capture: Capture) -> None:
        reached("warc-flushed")
        self._kit.inbox.land(
            Page(
                outlet=self._outlet.slug,
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
        self.fetched += 1
        self._tell("fetched", url=candidate.url)

    def _put_back(self, candidate: Candidate, failure: Failure) -> None:
        if failure.trouble is Trouble.STOPPED:
            return  # it was not asked for, so it waits as it is
        now = self._kit.clock()
        self.touched.add(candidate.url)
        if failure.trouble is Trouble.LIMITED:
            give_up = now - candidate.discovered_at > PATIENCE
        else:
            give_up = failure.final or candidate.attempts + 1 >= GIVE_UP
        after = failure.retry_after or backoff(candidate.attempts)
        retry = Retry(reason=str(failure), after=after)
        self._kit.frontier.failed(candidate.key, retry, now=now, give_up=give_up)
        self.failed += 1
        self.last_fault = str(failure)
        self.troubles[str(failure.trouble)] = None
        self._tell("failed", url=candidate.url, reason=str(failure), given_up=give_up)

    async def look_again(self, revisits: tuple[Revisit, ...]) -> None:
        """Look at stored articles a second time.

        Raises:
            StoreError: the database or the archive refused.
        """
        kit = self._kit
        for revisit in revisits:
            if not self._has_room():
                return
            look, words, capture = await second_look(
                revisit, self._outlet, fetcher=kit.fetcher, archive=kit.archive, gate=self._gate, clock=kit.clock
            )
            if look is Look.FAILED and words.startswith(str(Trouble.STOPPED)):
                return
            if capture is not None:
                kit.inbox.land(
                    Page(
                        outlet=revisit.outlet,
                        url=revisit.url,
                        final_url=capture.final_url,
                        key=revisit.key,
                        status=capture.status,
                        content_type=capture.content_type,
                        fetched_at=capture.fetched_at,
                        discovered_at=revisit.discovered_at,
                        record=capture.record,
                        baseline=revisit.baseline,
                    )
                )
            kit.inbox.looked(revisit, look, words, now=kit.clock())
            self._tell("looked again", url=revisit.url, found=str(look), words=words)

    def _tell(self, event: str, **facts: object) -> None:
        self._kit.progress({"event": event, "outlet": self._outlet.slug, **facts})
