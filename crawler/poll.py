"""Polling one source: ask conditionally, read what is listed, choose what is worth fetching. Commits nothing itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from crawler.discover import api, feed, listing, sitemap
from crawler.discover.item import Found, Link
from crawler.fetch import MAX_BYTES, Fetcher
from crawler.gate import Gate
from crawler.inflate import TooLarge, Undecodable, unpacked
from crawler.outcome import Failure, Fetched, Trouble, is_challenge
from pipeline.model import Candidate, Fetch, Outlet, Source, SourceKind, Validators
from pipeline.net import url_key
from pipeline.ports import Frontier

MAX_NEW = 500
"""New links taken from one poll of one source, the newest."""
SITEMAP_BYTES = 10 * 1024 * 1024
"""Largest sitemap when inflated, in bytes (the protocol allows 50 MB; news sitemaps are far smaller)."""
SITEMAP_DEPTH = 2
_ACCEPT = {
    SourceKind.FEED: "application/rss+xml, application/atom+xml, application/rdf+xml, application/xml;q=0.9, */*;q=0.5",
    SourceKind.SITEMAP: "application/xml, text/xml;q=0.9, */*;q=0.5",
    SourceKind.LISTING: "text/html, application/xhtml+xml;q=0.9, */*;q=0.5",
    SourceKind.API: "application/json, */*;q=0.5",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Polled:
    """What one address of a source said: new links with the validators that say they were seen."""

    url: str
    validators: Validators
    items: int
    candidates: tuple[Candidate, ...] = ()
    unchanged: bool = False


class Poll:
    """One poll of one source of an outlet."""

    def __init__(self, outlet: Outlet, source: Source, *, fetcher: Fetcher, frontier: Frontier, gate: Gate) -> None:
        self._outlet = outlet
        self._source = source
        self._fetcher = fetcher
        self._frontier = frontier
        self._gate = gate

    async def addresses(self, url: str, depth: int = 0) -> list[Polled | Failure]:
        """Poll the source's address and, where it is a sitemap index, the newest sitemaps it names."""
        outcome = await self._ask(url)
        if isinstance(outcome, Failure):
            return [outcome]
        if outcome.status == 304:
            seen = self._frontier.validators(url)
            return [Polled(url=url, validators=seen, items=0, unchanged=True)]
        found = self._read(outcome)
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

    async def _ask(self, url: str) -> Fetched | Failure:
        seen = self._frontier.validators(url)
        headers = {"Accept": _ACCEPT[self._source.kind]}
        if seen.etag:
            headers["If-None-Match"] = seen.etag
        if seen.last_modified:
            headers["If-Modified-Since"] = seen.last_modified
        return await self._fetcher.get(url, self._outlet.politeness, headers=headers, limit=MAX_BYTES)

    def _read(self, answer: Fetched) -> Found | Failure:
        kind, source = self._source.kind, self._source
        if kind is SourceKind.FEED:
            found = feed.discover(answer.body, url=answer.final_url, content_type=answer.content_type)
        elif kind is SourceKind.SITEMAP:
            try:
                body = unpacked(answer.body, limit=SITEMAP_BYTES)
            except (TooLarge, Undecodable) as error:
                return Failure(trouble=Trouble.GARBAGE, words=f"a sitemap {error} at {answer.url[:200]}")
            found = sitemap.discover(body, url=answer.final_url, content_type=answer.content_type)
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
            return Failure(trouble=trouble, words=f"{words} at {answer.url[:200]}")
        return found

    def _chosen(self, url: str, answer: Fetched, found: Found) -> Polled | Failure:
        own = self._source.url
        fitting: dict[str, Link] = {}
        for link in found.links:
            if not self._gate.refusal(link.url, seen_in=own):
                fitting.setdefault(url_key(link.url), link)
        if url == own and len(fitting) < self._outlet.expect.min_items:  # a sitemap's parts may hold no articles
            if is_challenge(answer.body, answer.headers):
                return Failure(trouble=Trouble.BLOCKED, words=f"a bot check instead of a list at {url[:200]}")
            return Failure(
                trouble=Trouble.SPARSE if found.links or self._source.kind is SourceKind.LISTING else Trouble.GARBAGE,
                words=f"{len(found.links)} links, {len(fitting)} of them articles, where at least"
                f" {self._outlet.expect.min_items} are normal, at {url[:200]}",
            )
        wanted = {key: link for key, link in fitting.items() if self._gate.concerns(link)}
        known = self._frontier.known(tuple(wanted))
        new = newest([(key, link) for key, link in wanted.items() if key not in known], MAX_NEW)
        return Polled(
            url=url,
            validators=Validators(
                etag=answer.header("etag")[:500] or None, last_modified=answer.header("last-modified")[:100] or None
            ),
            items=len(fitting),
            candidates=tuple(self._candidate(key, link, answer.fetched_at) for key, link in new),
        )

    def _candidate(self, key: str, link: Link, at: datetime) -> Candidate:
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


def newest(links: Sequence[tuple[str, Link]], most: int) -> list[tuple[str, Link]]:
    """At most `most` links: the latest by their printed time, undated ones as the list has them before older dates."""
    if len(links) <= most:
        return list(links)
    return sorted(links, key=lambda pair: _instant(pair[1].published), reverse=True)[:most]


def _instant(raw: str) -> float:
    """A feed's or sitemap's time as POSIX seconds for ordering only; an unreadable one counts as just now."""
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = read(raw.strip())
            return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    return float("inf")
