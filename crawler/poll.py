"""Polling one source: ask conditionally, read what is listed, choose what is worth fetching. Commits nothing itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from crawler import freshness, pages
from crawler.discover import api, feed, listing, sitemap
from crawler.discover.item import Found, Link
from crawler.fetch import MAX_BYTES, Fetcher
from crawler.gate import Gate
from crawler.inflate import TooLarge, Undecodable, unpacked
from crawler.outcome import Failure, Fetched, Trouble, is_challenge
from pipeline import javascript
from pipeline.model import Candidate, Fetch, Outlet, Source, SourceKind, Validators, digest
from pipeline.net import url_key
from pipeline.ports import Frontier

MAX_NEW = 500
"""New links taken from one poll of one source, the newest."""
SITEMAP_BYTES = 10 * 1024 * 1024
"""Largest sitemap when inflated, in bytes (the protocol allows 50 MB; news sitemaps are far smaller)."""
SITEMAP_DEPTH = 2
_LATE_HOURS = 3
REMEMBERED = 100
"""Links of a list that the next poll is compared with, the first."""
_ACCEPT = {
    SourceKind.FEED: "application/rss+xml, application/atom+xml, application/rdf+xml, application/xml;q=0.9, */*;q=0.5",
    SourceKind.SITEMAP: "application/xml, text/xml;q=0.9, */*;q=0.5",
    SourceKind.LISTING: "text/html, application/xhtml+xml;q=0.9, */*;q=0.5",
    SourceKind.API: "application/json, */*;q=0.5",
}


_NOTHING = Validators()


@dataclass(frozen=True, slots=True, kw_only=True)
class Polled:
    """What one address of a source said: new links with the validators that say they were seen.

    `unchanged`: it answered 304, or was not asked (`fresh`) because its last answer is fresh still. `torn`: it shares
    no link with the list before, so that something may have come and gone in between.
    """

    url: str
    validators: Validators
    items: int
    candidates: tuple[Candidate, ...] = ()
    unchanged: bool = False
    fresh: bool = False
    torn: bool = False


class Poll:
    """One poll of one source of an outlet. `early`: even where its last answer is fresh by its own word."""

    def __init__(
        self,
        outlet: Outlet,
        source: Source,
        *,
        fetcher: Fetcher,
        frontier: Frontier,
        gate: Gate,
        clock: Callable[[], datetime],
        early: bool = False,
    ) -> None:
        self._outlet = outlet
        self._source = source
        self._fetcher = fetcher
        self._frontier = frontier
        self._gate = gate
        self._clock = clock
        self._early = early
        self._own = pages.first(source.url, clock(), outlet.zone)

    async def run(self) -> list[Polled | Failure]:
        """Poll the source: its one address, or the first page of today where the address has places; after midnight
        yesterday's too, for what came late."""
        local = self._clock().astimezone(ZoneInfo(self._outlet.zone))
        results = await self.addresses(self._own)
        if pages.by_day(self._source.url) and local.hour < _LATE_HOURS:
            results += await self.addresses(pages.page(self._source.url, local.date() - timedelta(days=1)))
        return results

    async def addresses(self, url: str, depth: int = 0) -> list[Polled | Failure]:
        """Poll an address and, where it is a sitemap index, the newest sitemaps it names."""
        seen = self._frontier.validators(url)
        if seen.fresh_until is not None and seen.fresh_until > self._clock() and not self._early:
            return [Polled(url=url, validators=seen, items=0, unchanged=True, fresh=True)]
        outcome = await self.ask(url, seen)
        if isinstance(outcome, Failure):
            return [outcome]
        if outcome.status == 304:
            renewed = replace(seen, fresh_until=self._fresh_until(outcome, None))
            return [Polled(url=url, validators=renewed, items=0, unchanged=True)]
        found = self.read(outcome)
        if isinstance(found, Failure):
            return [found]
        if not found.children:
            return [self._chosen(url, outcome, found)]
        if depth >= SITEMAP_DEPTH:
            return [Failure(trouble=Trouble.GARBAGE, words=f"sitemap indexes nested too deeply at {url[:200]}")]
        # an index gets no validators: it may stay as it is while the sitemaps it names grow
        results: list[Polled | Failure] = []
        for child in found.children:
            results += await self.addresses(child, depth + 1)
        return results

    def _fresh_until(self, answer: Fetched, found: Found | None) -> datetime | None:
        span = max(freshness.of_answer(answer), found.fresh_for if found else freshness.NOT_AT_ALL)
        return answer.fetched_at + span if span else None

    async def ask(self, url: str, seen: Validators = _NOTHING) -> Fetched | Failure:
        """Ask for a list, conditionally where something was seen of it. Of a page that a script fills the frame says
        nothing: it may stay as it is while the list grows."""
        headers = {"Accept": _ACCEPT[self._source.kind]}
        politeness, scripts = self._outlet.politeness, self._source.javascript
        if seen.etag and not scripts:
            headers["If-None-Match"] = seen.etag
        if seen.last_modified and not scripts:
            headers["If-Modified-Since"] = seen.last_modified
        answer = await self._fetcher.get(url, politeness, headers=headers, limit=MAX_BYTES)
        if not scripts or isinstance(answer, Failure):
            return answer
        return await self._fetcher.drawn(answer, politeness, [self._source.links] if self._source.links else [])

    def read(
        self, answer: Fetched, *, since: date | None = None, children: int = sitemap.MAX_CHILDREN
    ) -> Found | Failure:
        """What a list names. `since` and `children` choose among the sitemaps of an index."""
        kind, source = self._source.kind, self._source
        if kind is SourceKind.FEED:
            found = feed.discover(answer.body, url=answer.final_url, content_type=answer.content_type)
        elif kind is SourceKind.SITEMAP:
            try:
                body = unpacked(answer.body, limit=SITEMAP_BYTES)
            except (TooLarge, Undecodable) as error:
                return Failure(trouble=Trouble.GARBAGE, words=f"a sitemap {error} at {answer.url[:200]}")
            found = sitemap.discover(
                body, url=answer.final_url, content_type=answer.content_type, most=children, since=since
            )
        elif kind is SourceKind.LISTING:
            found = listing.discover(
                answer.body, url=answer.final_url, selector=source.links, content_type=answer.content_type
            )
        elif source.api is not None:
            found = api.discover(answer.body, url=answer.final_url, shape=source.api)
        else:
            found = Found(problem="a JSON list without its shape")
        if found.problem:
            blocked = is_challenge(answer.body, answer.headers)
            words = "a bot check instead of a list" if blocked else found.problem
            trouble = Trouble.BLOCKED if blocked else Trouble.GARBAGE
            return Failure(trouble=trouble, words=f"{words} at {answer.url[:200]}{self._unfilled()}")
        return found

    def fitting(self, found: Found) -> dict[str, Link]:
        """The links that are articles of this outlet, by key, in the order of the list."""
        chosen: dict[str, Link] = {}
        for link in found.links:
            if not self._gate.refusal(link.url, seen_in=self._own):
                chosen.setdefault(url_key(link.url), link)
        return chosen

    def _chosen(self, url: str, answer: Fetched, found: Found) -> Polled | Failure:
        fitting = self.fitting(found)
        dated = pages.by_day(self._source.url)  # the list of a day begins empty
        if (
            url == self._own and not dated and len(fitting) < self._outlet.expect.min_items
        ):  # a sitemap's parts may hold no articles
            if is_challenge(answer.body, answer.headers):
                return Failure(trouble=Trouble.BLOCKED, words=f"a bot check instead of a list at {url[:200]}")
            return Failure(
                trouble=Trouble.SPARSE if found.links or self._source.kind is SourceKind.LISTING else Trouble.GARBAGE,
                words=f"{len(found.links)} links, {len(fitting)} of them articles, where at least"
                f" {self._outlet.expect.min_items} are normal, at {url[:200]}{self._unfilled()}",
            )
        wanted = {key: link for key, link in fitting.items() if self._gate.concerns(link)}
        known = self._frontier.known(tuple(wanted))
        new = newest([(key, link) for key, link in wanted.items() if key not in known], MAX_NEW, self._outlet.zone)
        before = set(self._frontier.validators(url).listed)
        listed = tuple(_short(key) for key in fitting)
        return Polled(
            url=url,
            validators=Validators(
                etag=answer.header("etag")[:500] or None,
                last_modified=answer.header("last-modified")[:100] or None,
                fresh_until=self._fresh_until(answer, found),
                listed=listed[:REMEMBERED],
            ),
            items=len(fitting),
            candidates=tuple(self.candidate(key, link, answer.fetched_at) for key, link in new),
            torn=bool(before and listed and before.isdisjoint(listed)),
        )

    def _unfilled(self) -> str:
        """Why a page that a script fills may be empty."""
        if not self._source.javascript or self._fetcher.draws:
            return ""
        return f"; a script fills it, and {javascript.missing() or 'no browser runs'}"

    def candidate(self, key: str, link: Link, at: datetime) -> Candidate:
        # a feed's text may be an excerpt, so it stands for the article only where the outlet is read by its feed;
        # an API's body is declared to be the article
        alone = self._outlet.fetch is Fetch.SUMMARY
        whole = self._source.api is not None and self._source.api.body is not None
        return Candidate(
            outlet=self._outlet.slug,
            url=link.url,
            key=key,
            seen_in=self._source.url,
            title=link.title,
            published=link.published,
            summary=link.summary if alone else "",
            body=link.body if alone or whole else "",
            discovered_at=at,
        )


def newest(links: Sequence[tuple[str, Link]], most: int, zone: str = "UTC") -> list[tuple[str, Link]]:
    """At most `most` links: the latest by their printed time, undated ones as the list has them before older dates."""
    if len(links) <= most:
        return list(links)

    def age(pair: tuple[str, Link]) -> float:
        moment = pages.instant(pair[1].published, zone)
        return float("inf") if moment is None else moment.timestamp()

    return sorted(links, key=age, reverse=True)[:most]


def _short(key: str) -> str:
    return digest("listed", key, size=4)
