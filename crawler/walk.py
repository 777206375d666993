"""Walking an outlet's lists back from one time to another: over a gap between two polls, or over the past.

    sitemaps                ─ index ─► children changed since ─► links of the time asked for
    {YYYY-MM-DD} lists      ─ each day, newest first ─► its pages until one names nothing new
    {n} lists               ─ page by page until they are older than asked for, or (gap) hold what was seen before
    none of these           ─ the sitemaps that robots.txt names

Every list page that was read is stored with the links it named in one transaction, so that a walk goes on where it was
ended, by a deadline or by a kill, and reads none of them twice.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from crawler import pages
from crawler.discover.item import Found
from crawler.fetch import Fetcher
from crawler.gate import Gate
from crawler.outcome import Failure, Fetched, Trouble
from crawler.poll import SITEMAP_DEPTH, Poll
from pipeline.model import Candidate, Outlet, Source, SourceKind, Step, Walk, WalkKind
from pipeline.ports import Frontier, Walks

MAX_PAGES = {WalkKind.GAP: 100, WalkKind.BACKFILL: 5_000}
"""List pages of one route that are read."""
MAX_CHILDREN = {WalkKind.GAP: 50, WalkKind.BACKFILL: 2_000}
"""Sitemaps of one index that are read."""
IN_A_ROW = 3
PATIENCE = timedelta(hours=24)
"""How long a walk tries again what does not answer."""
_SLACK = timedelta(days=1)
_WAITS = frozenset({Trouble.DOWN, Trouble.LIMITED, Trouble.STOPPED})


class _Later(Exception):
    """The walk goes on in a later tick."""


@dataclass(slots=True)
class _Reach:
    """How far a route came: `whole` when it came back to where the walk begins, or to what was seen before."""

    oldest: datetime | None = None
    whole: bool = False
    trouble: str = ""

    def take(self, step: Step) -> None:
        if step.oldest is not None and (self.oldest is None or step.oldest < self.oldest):
            self.oldest = step.oldest
        self.whole = self.whole or step.reaches
        self.trouble = step.lost or self.trouble


class Walker:
    """One walk of one outlet. `more` says whether the tick still has time for it."""

    def __init__(
        self,
        walk: Walk,
        outlet: Outlet,
        *,
        fetcher: Fetcher,
        frontier: Frontier,
        walks: Walks,
        gate: Gate,
        clock: Callable[[], datetime],
        more: Callable[[], bool],
        told: Callable[[Step], None],
    ) -> None:
        self._walk = walk
        self._outlet = outlet
        self._fetcher = fetcher
        self._frontier = frontier
        self._walks = walks
        self._gate = gate
        self._clock = clock
        self._more = more
        self._told = told
        self._zone = ZoneInfo(outlet.zone)
        self._read = dict(walks.steps(walk.id))
        self._mine: set[str] = set()

    async def run(self) -> bool:
        """Walk until nothing is left; False where it goes on in a later tick.

        Raises:
            StoreError: the database refused.
        """
        reaches: list[_Reach] = []
        try:
            for source in await self._routes():
                reach = _Reach()
                await self._route(source, reach)
                reaches.append(reach)
        except _Later:
            return False
        self._walks.close(self._walk.id, self._clock(), self._lost(reaches))
        return True

    async def _routes(self) -> list[Source]:
        own = [
            source
            for source in self._outlet.sources
            if source.kind is SourceKind.SITEMAP or not source.poll or pages.walkable(source.url)
        ]
        if own:
            return own
        named: list[str] = []
        for root in dict.fromkeys(_root(source.url) for source in self._outlet.sources):
            named += await self._fetcher.sitemaps(root, self._outlet.politeness)
        return [Source(kind=SourceKind.SITEMAP, url=url) for url in dict.fromkeys(named)]

    def _lost(self, reaches: list[_Reach]) -> str:
        """What could not be recovered, in words."""
        since = self._walk.since.astimezone(self._zone)
        if not reaches:
            return "it has no sitemap, dated index or numbered list to walk back"
        if any(reach.whole for reach in reaches):
            return ""
        oldest = min((reach.oldest for reach in reaches if reach.oldest is not None), default=None)
        trouble = next((f" ({reach.trouble})" for reach in reaches if reach.trouble), "")
        if oldest is None:
            return f"its lists could not be read back{trouble}"
        if oldest <= self._walk.since + _SLACK / 24:
            return ""
        begin, end = (f"{at:%Y-%m-%d %H:%M}" for at in (since, oldest.astimezone(self._zone)))
        return f"its lists do not reach back: what it printed from {begin} to {end} is not recovered{trouble}"

    async def _route(self, source: Source, reach: _Reach) -> None:
        if source.kind is SourceKind.SITEMAP and not pages.walkable(source.url):
            await self._sitemap(source, source.url, reach, depth=0)
            # a sitemap that was read to its end holds all that the outlet still lists
            return
        if pages.by_day(source.url):
            for day in self._days():
                await self._pages(source, day, reach)
            reach.whole = reach.whole or not reach.trouble
        else:
            await self._pages(source, self._walk.until.astimezone(self._zone).date(), reach)

    def _days(self) -> Iterator[date]:
        day = self._walk.until.astimezone(self._zone).date()
        while day >= self._walk.since.astimezone(self._zone).date():
            yield day
            day -= timedelta(days=1)

    async def _pages(self, source: Source, day: date, reach: _Reach) -> None:
        """The pages of a numbered list, or of one day's."""
        most = MAX_PAGES[self._walk.kind] if pages.numbered(source.url) else 1
        for number in range(1, most + 1):
            step = await self._step(source, pages.page(source.url, day, number))
            reach.take(step)
            if step.ends:
                return

    async def _sitemap(self, source: Source, url: str, reach: _Reach, *, depth: int) -> None:
        step = await self._step(source, url)
        reach.take(step)
        for child in step.children if depth < SITEMAP_DEPTH else ():
            within = pages.span("", child, self._outlet.zone)
            if within is not None and (within[1] < self._walk.since or within[0] > self._walk.until):
                continue  # sitemap-2019-03.xml
            await self._sitemap(source, child, reach, depth=depth + 1)

    async def _step(self, source: Source, url: str) -> Step:
        """Read one list page, or say what it said when it was read."""
        if (known := self._read.get(url)) is not None:
            return known
        if not self._more():
            raise _Later
        step, candidates = await self._page(source, url)
        found = self._walks.step(self._walk, step, candidates)
        step = self._read[url] = replace(step, found=found)
        self._told(step)
        return step

    async def _page(self, source: Source, url: str) -> tuple[Step, list[Candidate]]:
        poll = Poll(
            self._outlet, source, fetcher=self._fetcher, frontier=self._frontier, gate=self._gate, clock=self._clock
        )
        answer = await poll.ask(url)
        found: Found | Failure | Fetched = answer
        if isinstance(answer, Fetched):
            day = self._walk.since.astimezone(self._zone).date()
            found = poll.read(answer, since=day, children=MAX_CHILDREN[self._walk.kind])
        if isinstance(found, Failure):
            if found.trouble in _WAITS and self._clock() - self._walk.opened_at < PATIENCE:
                raise _Later
            beyond = found.trouble in {Trouble.MOVED, Trouble.GARBAGE} and bool(self._read)
            lost = "" if beyond else str(found)  # page 40 of 39 answers 404
            return Step(url=url, listed=0, found=0, oldest=None, ends=True, lost=lost[:200]), []
        assert isinstance(answer, Fetched) and not isinstance(found, Fetched)
        fitting = poll.fitting(found)
        wanted: list[Candidate] = []
        oldest: datetime | None = None
        newest: datetime | None = None
        known = self._frontier.known(tuple(fitting))
        seen = self._frontier.known(tuple(fitting), before=self._walk.until)
        edge = _edge(fitting, seen) if self._walk.kind is WalkKind.GAP else None
        for place, (key, link) in enumerate(fitting.items()):
            if edge is not None and place >= edge:
                break  # from here on it lists what was listed before the gap
            span = pages.span(link.published, link.url, self._outlet.zone)
            if span is not None:
                oldest = span[0] if oldest is None else min(oldest, span[0])
                newest = span[1] if newest is None else max(newest, span[1])
                if span[1] < self._walk.since - _SLACK or span[0] > self._walk.until + _SLACK:
                    continue
            if key not in known and self._gate.concerns(link):
                wanted.append(replace(poll.candidate(key, link, answer.fetched_at), walk=self._walk.id))
        repeats = not fitting or fitting.keys() <= self._mine  # many sites show the last page again for ever
        before = newest is not None and newest < self._walk.since
        reaches = before or edge is not None or (oldest is not None and oldest <= self._walk.since)
        self._mine.update(fitting)
        step = Step(
            url=url,
            listed=len(fitting),
            found=len(wanted),
            oldest=oldest,
            ends=repeats or before or edge is not None,
            reaches=reaches and bool(fitting),
            children=found.children,
        )
        return step, wanted


def _edge(keys: Iterable[str], seen: Collection[str]) -> int | None:
    """Where a list comes to what was seen before: the first of `IN_A_ROW` such links. One alone may be pinned there."""
    row = 0
    for place, key in enumerate(keys):
        row = row + 1 if key in seen else 0
        if row == IN_A_ROW:
            return place - IN_A_ROW + 1
    return None


def _root(url: str) -> str:
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.partition('/')[0]}/"
