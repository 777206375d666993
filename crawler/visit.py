"""One outlet in one tick: poll its sources, commit what they list, fetch what waits, and say how it went.

    sources ─ poll ─► candidates + validators committed ─► pending ─ fetch ─► WARC record on disk ─► page landed
       │                                                               └──► put back with a time, or given up
       └ nothing shared with the list before, or long not polled ─► a gap ─► walked back (`crawler.walk`) ─► pending

Every visit that polls ends with one `Run`, whatever happened. News comes first: then stored articles are looked at
again, then walks have what time is left to them.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

from crawler import pages
from crawler.gate import Gate
from crawler.harvest import Harvest
from crawler.hosts import Host
from crawler.kit import Kit
from crawler.outcome import Failure, Trouble
from crawler.poll import Poll, Polled
from crawler.walk import Walker
from pipeline.errors import CrawlError
from pipeline.faultpoint import reached
from pipeline.model import Outlet, Revisit, Run, Step, Walk

LONGEST_GAP = timedelta(days=7)
"""How far back a gap is walked."""
_FUTURE = timedelta(minutes=5)


class Visit:
    """The visit to one outlet. `run` may be cancelled at any await; nothing that was committed is lost by that.

    `polls`: its sources are asked, and a run is stored; else it has only revisits and walks.
    """

    def __init__(self, outlet: Outlet, kit: Kit, *, polls: bool = True, revisits: tuple[Revisit, ...] = ()) -> None:
        self.outlet = outlet
        self._kit = kit
        self._polls = polls
        self._revisits = revisits
        self._sources = tuple(source for source in outlet.sources if source.poll)
        self._started = kit.clock()
        self._polled = 0
        self._answered = 0
        self._unchanged = 0
        self._items = 0
        self._new = 0
        self._arrivals: list[datetime] = []
        self._fresh_until: list[datetime | None] = []
        self._faults: list[Failure] = []
        self._gap: Walk | None = None
        self._harvest: Harvest | None = None
        self.finished = not polls

    async def run(self) -> None:
        """Poll, drain, finish; then what can wait.

        Raises:
            StoreError: the database or the archive refused.
        """
        try:
            gate = Gate(self.outlet, allow_loopback=self._kit.job.allow_loopback)
        except CrawlError as error:
            self._faults.append(Failure(trouble=Trouble.GARBAGE, words=str(error)))
            self.finish()
            return
        harvest = self._harvest = Harvest(self.outlet, self._kit, gate, self._has_room)
        if self._polls:
            await self._poll(gate)
            now = {None, self._gap.id if self._gap is not None else None}
            await harvest.drain(lambda candidate: candidate.walk in now, lambda: True)
            self.finish()
        await harvest.look_again(self._revisits)
        await self._walk(gate, harvest)

    def finish(self, why: str = "") -> None:
        """Store the `Run`; only the first call counts. `why` says what ended the visit early."""
        if self.finished:
            return
        self.finished = True
        harvest = self._harvest
        complete = self._polled == len(self._sources)
        reasons = [str(fault) for fault in self._faults]
        if why and (not complete or not self._answered):
            reasons.append(why)
        if harvest is not None and harvest.failed:
            articles = "1 page" if harvest.failed == 1 else f"{harvest.failed} pages"
            reasons.append(f"{articles} failed, last: {harvest.last_fault}")
        fresh = [at for at in self._fresh_until if at is not None]
        hosts = self._hosts()
        run = Run(
            outlet=self.outlet.slug,
            started_at=self._started,
            finished_at=self._kit.clock(),
            ok=complete and not self._faults,
            sources=len(self._sources),
            unchanged=self._unchanged,
            items=self._items,
            candidates=self._new,
            fetched=harvest.fetched if harvest else 0,
            failed=harvest.failed if harvest else 0,
            reason="; ".join(dict.fromkeys(reasons))[:1000],
            retry_after=max((left for host in hosts if (left := host.patience(now=self._kit.clock()))), default=None),
            delay=timedelta(seconds=max((host.delay for host in hosts), default=0.0)),
            fresh_until=min(fresh) if fresh and len(fresh) == len(self._fresh_until) else None,
            troubles=tuple(dict.fromkeys(str(fault.trouble) for fault in self._faults)),
            page_troubles=tuple(harvest.troubles) if harvest else (),
        )
        self._kit.inbox.finish(run, self._arrivals)
        reached("run-finished")
        self._tell("finished", ok=run.ok, fetched=run.fetched, failed=run.failed, reason=run.reason)

    def _hosts(self) -> list[Host]:
        urls = {source.url for source in self._sources} | (self._harvest.touched if self._harvest else set())
        return [self._kit.fetcher.hosts.of(url, self.outlet.politeness) for url in urls]

    # ---------------------------------------------------------------------------------------------------------- poll

    async def _poll(self, gate: Gate) -> None:
        kit = self._kit
        first = kit.frontier.first_poll(self.outlet.slug)
        late = None if first else kit.walks.gap_before(self.outlet.slug, self._started)
        last = None if first else kit.walks.last_read(self.outlet.slug)
        if late is not None:
            self._declare(*late)
        torn = False
        for source in self._sources:
            if not self._has_room():
                return
            poll = Poll(
                self.outlet,
                source,
                fetcher=kit.fetcher,
                frontier=kit.frontier,
                gate=gate,
                clock=kit.clock,
                early=kit.job.early,
            )
            results = await poll.run()
            self._polled += 1
            # one readable sitemap of several is an answer; so is a source whose every part answered
            failures = [result for result in results if isinstance(result, Failure)]
            answers = [result for result in results if isinstance(result, Polled)]
            self._faults += failures
            self._fresh_until += [None] * len(failures)
            self._answered += bool(answers)
            if answers and all(answer.unchanged for answer in answers) and not failures:
                self._unchanged += 1
            # a list that is cut into parts is torn only where all its parts are
            if last is not None and answers and all(answer.torn for answer in answers) and not failures:
                torn = True
                self._declare(last, f"{source.url[:200]} lists nothing that it listed before", torn=True)
            for answer in answers:
                self._take(answer, baseline=kit.job.baseline and first)
            self._tell(
                "polled",
                source=source.url,
                items=sum(answer.items for answer in answers),
                candidates=sum(len(answer.candidates) for answer in answers),
                unchanged=bool(answers) and all(answer.unchanged for answer in answers),
                problem="; ".join(map(str, failures)),
            )
        if self._gap is not None and not torn and not self._faults and self._answered == len(self._sources):
            # every list reaches back to what was seen before the gap: nothing can be missing
            kit.walks.close(self._gap.id, kit.clock())

    def _take(self, answer: Polled, *, baseline: bool) -> None:
        """Commit what one address said."""
        frontier = self._kit.frontier
        self._fresh_until.append(answer.validators.fresh_until)
        if answer.unchanged:
            if not answer.fresh and answer.validators.fresh_until is not None:
                frontier.add(answer.url, answer.validators, (), baseline=baseline)
            return
        found = answer.candidates
        if self._gap is not None:
            found = tuple(replace(candidate, walk=self._gap.id) for candidate in found)
        self._items += answer.items
        self._new += frontier.add(answer.url, answer.validators, found, baseline=baseline)
        reached("candidates-committed")
        for candidate in found:
            printed = pages.instant(candidate.published, self.outlet.zone) if candidate.published else None
            at = printed if printed is not None and printed < candidate.discovered_at + _FUTURE else None
            self._arrivals.append(min(at or candidate.discovered_at, candidate.discovered_at))

    # ---------------------------------------------------------------------------------------------------------- walks

    def _declare(self, since: datetime, reason: str, *, torn: bool = False) -> None:
        if self._gap is None:
            begin = max(since, self._started - LONGEST_GAP)
            self._gap = self._kit.walks.declare(
                self.outlet.slug, since=begin, until=self._started, reason=reason, torn=torn
            )

    async def _walk(self, gate: Gate, harvest: Harvest) -> None:
        """Walk back over gaps and the past, and fetch what that finds, for as long as the job allows."""
        kit = self._kit
        loop = asyncio.get_running_loop()
        until = loop.time() + kit.job.walk_seconds

        def more() -> bool:
            return loop.time() < until and self._has_room()

        for walk in kit.walks.open_of(self.outlet.slug):

            def told(step: Step, walk: Walk = walk) -> None:
                self._tell("walked", walk=walk.id, url=step.url, listed=step.listed, candidates=step.found)

            walker = Walker(
                walk,
                self.outlet,
                fetcher=kit.fetcher,
                frontier=kit.frontier,
                walks=kit.walks,
                gate=gate,
                clock=kit.clock,
                more=more,
                told=told,
            )
            await walker.run()
        await harvest.drain(lambda candidate: candidate.walk is not None, more)

    def _has_room(self) -> bool:
        if self._kit.room():
            return True
        full = Failure(trouble=Trouble.STOPPED, words="no room left on the disk")
        if full not in self._faults:
            self._faults.append(full)
        return False

    def _tell(self, event: str, **facts: object) -> None:
        self._kit.progress({"event": event, "outlet": self.outlet.slug, **facts})
