"""One candidate to one capture on disk: the feed's own item, one page, or all pages of an article put together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from crawler.archive import Archive
from crawler.discover.item import item_bytes
from crawler.discover.markup import decoded
from crawler.fetch import Fetcher
from crawler.gate import Gate
from crawler.outcome import Failure, Fetched, Trouble
from pipeline.model import ITEM_TYPE, Candidate, Fetch, Outlet, WarcRecord
from pipeline.net import same_site
from pipeline.tangle import tangled

MAX_PAGES = 10
"""Pages of one article that are followed."""
PAGE_MARK = b"\n<!-- kawat:next-page -->\n"
"""What stands between the HTML documents of an article of several pages, in one `resource` record."""


_UNCONDITIONAL: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """What was kept of a candidate."""

    final_url: str
    status: int
    content_type: str
    fetched_at: datetime
    record: WarcRecord


async def captured(
    candidate: Candidate,
    outlet: Outlet,
    *,
    fetcher: Fetcher,
    archive: Archive,
    gate: Gate,
    clock: Callable[[], datetime],
    conditions: Mapping[str, str] = _UNCONDITIONAL,
) -> Capture | Failure | None:
    """Fetch a candidate and keep it in the archive; the record is on disk when this returns. None: it answered 304 to
    the `conditions` (headers), which only a second look has.

    Raises:
        StoreFull: no room on the disk.
    """
    if refusal := gate.refusal(candidate.url, seen_in=candidate.seen_in):
        return Failure(trouble=Trouble.REFUSED, words=refusal, final=True)
    if outlet.fetch is Fetch.SUMMARY or candidate.body:
        return _item(candidate, archive, clock())
    pages = await _pages(candidate, outlet, fetcher, gate, conditions)
    if isinstance(pages, Failure):
        return pages
    if not pages:
        return None
    first = pages[0]
    records = [archive.response(page.plain or page) for page in pages]
    record = records[0]
    if len(pages) > 1 or first.plain is not None:
        joined = PAGE_MARK.join(page.body for page in pages)
        record = archive.resource(first.final_url, joined, first.content_type or "text/html", first.fetched_at)
    return Capture(
        final_url=first.final_url,
        status=first.status,
        content_type=first.content_type,
        fetched_at=first.fetched_at,
        record=record,
    )


def _item(candidate: Candidate, archive: Archive, now: datetime) -> Capture:
    payload = item_bytes(
        url=candidate.url,
        title=candidate.title,
        published=candidate.published,
        summary=candidate.summary,
        body=candidate.body,
    )
    return Capture(
        final_url=candidate.url,
        status=200,
        content_type=ITEM_TYPE,
        fetched_at=now,
        record=archive.resource(candidate.url, payload, ITEM_TYPE, now),
    )


async def _pages(
    candidate: Candidate, outlet: Outlet, fetcher: Fetcher, gate: Gate, conditions: Mapping[str, str]
) -> list[Fetched] | Failure:
    """The pages of an article; none where it is as it was."""

    def admits(url: str) -> str:
        return gate.refusal(url, seen_in=candidate.url)

    whole = outlet.selectors.whole_page
    url = with_query(candidate.url, whole) if whole else candidate.url
    if outlet.javascript:  # its frame stays as it is whatever its scripts fill it with
        conditions = _UNCONDITIONAL
    first = await _page(url, outlet, fetcher, headers=conditions, admits=admits)
    if isinstance(first, Failure) and first.trouble is Trouble.MOVED and url != candidate.url:
        first = await _page(candidate.url, outlet, fetcher, admits=admits)
    if isinstance(first, Failure):
        return first
    if first.status == 304 and conditions:
        return []
    if first.status == 304 or (first.status == 204 and not first.body):
        return Failure(trouble=Trouble.GARBAGE, words=f"HTTP {first.status} to a plain request")
    pages = [first]
    if whole or not outlet.selectors.next_page:
        return pages
    seen = {candidate.url, first.final_url}
    while len(pages) < MAX_PAGES:
        following = next_page(pages[-1], outlet.selectors.next_page)
        if not following or following in seen or not same_site(following, first.final_url):
            break
        seen.add(following)
        page = await _page(following, outlet, fetcher)
        if isinstance(page, Failure):
            if page.final:
                break
            return page  # half an article is not landed: the whole is tried again
        pages.append(page)
    return pages


async def _page(
    url: str,
    outlet: Outlet,
    fetcher: Fetcher,
    *,
    headers: Mapping[str, str] = _UNCONDITIONAL,
    admits: Callable[[str], str] | None = None,
) -> Fetched | Failure:
    """One page, as its scripts leave it where the outlet asks for that."""
    answer = await fetcher.get(url, outlet.politeness, headers=headers, admits=admits)
    if not outlet.javascript or isinstance(answer, Failure):
        return answer
    return await fetcher.drawn(answer, outlet.politeness, outlet.selectors.body)


def next_page(page: Fetched, selectors: tuple[str, ...]) -> str:
    """Address of the next page of an article by the first selector that names a link, "" where there is none."""
    text = decoded(page.body, page.content_type)
    if tangled(text):
        return ""
    tree = LexborHTMLParser(text)
    for selector in selectors:
        try:
            node = tree.css_first(selector)
        except (SelectolaxError, ValueError):
            continue
        href = node.attributes.get("href") if node is not None else None
        if href and not href.startswith(("#", "javascript:")):
            try:
                return urljoin(page.final_url, href.strip()).partition("#")[0]
            except ValueError:
                continue
    return ""


def with_query(url: str, query: str) -> str:
    """The URL with the pairs of `query` set, replacing those of the same names."""
    parts = urlsplit(url)
    added = parse_qsl(query, keep_blank_values=True)
    names = {name for name, _ in added}
    kept = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] not in names]
    return urlunsplit(parts._replace(query=urlencode(kept + added), fragment=""))
