"""Asking for one address: policy before, bounds during, judgement after.

Order of things for each hop: may the address be called, is its host left alone, does its robots.txt allow it, is it
the host's turn; then Scrapy's downloader with its deadline for the whole answer and its size limit; then redirects
(each one a new hop through the same questions), status, content coding. Every outcome is a value; nothing here raises
for what the other side does.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol
from urllib.parse import urljoin, urlsplit

from protego import Protego as Rules
from scrapy import Request
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
from scrapy.http import Response
from twisted.internet.error import ConnectError, ConnectionClosed
from twisted.web.error import Error as WebError

from crawler.hosts import Host, Hosts, robots_text
from crawler.inflate import TooLarge, Undecodable, inflated
from crawler.outcome import Failure, Fetched, Trouble, is_challenge, is_wall, retry_after
from pipeline.errors import AddressRefused
from pipeline.model import Politeness
from pipeline.net import check_url, redirected, same_site

MAX_BYTES = 5 * 1024 * 1024
"""Largest answer, as sent and (pages and feeds) as inflated, in bytes."""
MAX_REDIRECTS = 5
MAX_SITEMAPS = 20
"""Sitemaps of one robots.txt that are looked at."""
AGENT_TOKEN = "Kawat"  # noqa: S105 (the product token of robots.txt)
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_ROBOTS_PAUSE = timedelta(hours=24)  # rules change seldom; asking sooner would only be noise


class Download(Protocol):
    """Scrapy's `engine.download_async`."""

    async def __call__(self, request: Request) -> Response: ...


class Draw(Protocol):
    """`crawler.render.Renderer.draw`."""

    async def __call__(
        self, page: Fetched, ask: Callable[[str, str], Awaitable[Fetched | Failure]], awaited: Sequence[str]
    ) -> Fetched | Failure: ...


class Fetcher:
    """All fetching of one tick.

    `until` is the loop time at which the tick ends; `refused` says why the resolver refused a host, "" if it did not.
    `draw` runs the scripts of a page, None where there is no browser for it.
    """

    def __init__(
        self,
        *,
        download: Download,
        clock: Callable[[], datetime],
        places: int,
        until: float,
        allow_loopback: bool,
        refused: Callable[[str], str],
        hosts: Hosts,
        draw: Draw | None = None,
    ) -> None:
        self._download = download
        self._clock = clock
        self._places = asyncio.Semaphore(places)
        self._until = until
        self._allow_loopback = allow_loopback
        self._refused = refused
        self.hosts = hosts
        self._draw = draw

    @property
    def draws(self) -> bool:
        """Whether there is a browser that runs scripts."""
        return self._draw is not None

    async def drawn(self, page: Fetched, politeness: Politeness, awaited: Sequence[str] = ()) -> Fetched | Failure:
        """A page as its scripts leave it, once one of the CSS selectors `awaited` matches; as it is where there is no
        browser, and where it is no HTML or a bot check, which no browser is used to get round."""
        kind = page.content_type.partition(";")[0].strip().lower()
        html = kind in {"text/html", "application/xhtml+xml"}
        if self._draw is None or page.status == 304 or not html or is_wall(page.body, page.headers):
            return page

        async def ask(url: str, accept: str) -> Fetched | Failure:
            return await self.get(url, politeness, headers={"Accept": accept})

        return await self._draw(page, ask, awaited)

    async def get(
        self,
        url: str,
        politeness: Politeness,
        *,
        headers: Mapping[str, str] | None = None,
        limit: int = MAX_BYTES,
        admits: Callable[[str], str] | None = None,
    ) -> Fetched | Failure:
        """Fetch an address, following at most `MAX_REDIRECTS`. `admits` says why a redirect's target is not wanted, ""
        where it is; `limit` bounds the inflated body in bytes."""
        target = url
        for _ in range(MAX_REDIRECTS + 1):
            sent = headers or {}
            if not same_site(url, target):  # what was seen of one host is nobody else's to know
                sent = {name: value for name, value in sent.items() if not name.startswith("If-")}
            outcome = await self._hop(target, politeness, sent, robots=True)
            if isinstance(outcome, Failure):
                return outcome
            if outcome.status not in _REDIRECTS:
                return self._judged(url, target, outcome, limit)
            following = self._target(target, outcome)
            if isinstance(following, Failure):
                return following
            if admits is not None and (reason := admits(following)):
                return Failure(trouble=Trouble.MOVED, words=f"leads to {following[:200]}: {reason}", final=True)
            target = following
        return Failure(trouble=Trouble.MOVED, words=f"more than {MAX_REDIRECTS} redirects from {url[:200]}")

    async def _hop(
        self, url: str, politeness: Politeness, headers: Mapping[str, str], *, robots: bool
    ) -> Response | Failure:
        try:
            check_url(url, allow_loopback=self._allow_loopback)
        except AddressRefused as error:
            return Failure(trouble=Trouble.REFUSED, words=str(error), final=True)
        host = self.hosts.of(url, politeness)
        if host.closed is not None:
            return Failure(trouble=Trouble.STOPPED, words=f"host left alone after: {host.closed}")
        if robots and (forbidden := await self._forbidden(url, host, politeness)):
            return forbidden
        try:
            async with host.turn(self._places, until=self._until):
                if host.closed is not None:  # it closed while this one waited
                    return Failure(trouble=Trouble.STOPPED, words=f"host left alone after: {host.closed}")
                outcome = await self._downloaded(url, headers)
        except TimeoutError:
            return Failure(trouble=Trouble.STOPPED, words="its turn comes after the end of this tick")
        verdict = _status_failure(outcome, now=self._clock()) if isinstance(outcome, Response) else outcome
        host.note(verdict, now=self._clock())
        if verdict is not None and verdict.retry_after is not None:
            self.hosts.keep_one(urlsplit(url).netloc.lower())
        return verdict if verdict is not None else outcome

    async def _downloaded(self, url: str, headers: Mapping[str, str]) -> Response | Failure:
        try:
            request = Request(url, headers={"Accept-Encoding": "gzip, deflate", **headers}, dont_filter=True)
            return await self._download(request)
        except DownloadTimeoutError:
            return Failure(trouble=Trouble.DOWN, words="no complete answer in time")
        except CannotResolveHostError:
            if reason := self._refused(urlsplit(url).hostname or ""):
                return Failure(trouble=Trouble.REFUSED, words=reason, final=True)
            return Failure(trouble=Trouble.DOWN, words="its name is not known to the DNS")
        except DownloadConnectionRefusedError:
            return Failure(trouble=Trouble.DOWN, words="connection refused")
        except DownloadCancelledError:
            return Failure(trouble=Trouble.GARBAGE, words=f"an answer over {MAX_BYTES} bytes", final=True)
        except AddressRefused as error:
            return Failure(trouble=Trouble.REFUSED, words=str(error), final=True)
        except UnsupportedURLSchemeError as error:
            return Failure(trouble=Trouble.REFUSED, words=str(error)[:200], final=True)
        except (DownloadFailedError, ResponseDataLossError) as error:
            cause = _cause(error)
            if "certificate" in cause:
                return Failure(trouble=Trouble.DOWN, words=f"its TLS certificate is not valid: {cause}")
            return Failure(trouble=Trouble.DOWN, words=f"the answer broke off: {cause}")
        except (ConnectError, ConnectionClosed, WebError, OSError, ValueError) as error:
            return Failure(trouble=Trouble.DOWN, words=f"{type(error).__name__}: {str(error)[:200]}")

    async def _forbidden(self, url: str, host: Host, politeness: Politeness) -> Failure | None:
        async with host.robots_read:
            if host.robots is None or (host.robots_until is not None and host.robots_until <= self._clock()):
                read = await self._robots(url, politeness)
                if isinstance(read, Failure):
                    host.robots = read
                    host.close(read, now=self._clock())
                else:
                    host.obey(read, now=self._clock())
                    self.hosts.keep_one(urlsplit(url).netloc.lower())
            rules = host.robots
        if isinstance(rules, Failure):
            return rules
        assert rules is not None
        host.slow_to(_asked_delay(rules))
        if rules.can_fetch(url, AGENT_TOKEN):
            return None
        return Failure(
            trouble=Trouble.ROBOTS, words=f"robots.txt does not allow {url[:200]}", retry_after=_ROBOTS_PAUSE
        )

    async def sitemaps(self, url: str, politeness: Politeness) -> tuple[str, ...]:
        """The sitemaps that the robots.txt of a URL's host names; none where it cannot be read."""
        host = self.hosts.of(url, politeness)
        if host.closed is not None or await self._forbidden(url, host, politeness):
            return ()
        named = list(host.robots.sitemaps) if isinstance(host.robots, Rules) else []
        return tuple(dict.fromkeys(urljoin(url, each) for each in named[:MAX_SITEMAPS] if len(each) < 2000))

    async def _robots(self, url: str, politeness: Politeness) -> Failure | str:
        """The host's rules, or why it is left alone: RFC 9309 takes a client error as "no rules" and a server error or
        silence as "nothing is allowed"."""
        target = urljoin(url, "/robots.txt")
        for _ in range(MAX_REDIRECTS + 1):
            outcome = await self._hop(target, politeness, {}, robots=False)
            if isinstance(outcome, Failure):
                if outcome.trouble in {Trouble.BLOCKED, Trouble.MOVED} or "HTTP 4" in outcome.words:
                    return ""
                return Failure(
                    trouble=outcome.trouble, words=f"robots.txt: {outcome.words}", retry_after=outcome.retry_after
                )
            if outcome.status not in _REDIRECTS:
                try:
                    return robots_text(inflated(outcome.body, _codings(outcome), limit=MAX_BYTES))
                except (TooLarge, Undecodable) as error:
                    return Failure(trouble=Trouble.ROBOTS, words=f"robots.txt is unreadable: {error}")
            following = self._target(target, outcome)
            if isinstance(following, Failure):
                return ""
            target = following
        return ""

    def _target(self, url: str, response: Response) -> str | Failure:
        location = (response.headers.get("Location") or b"").decode("utf-8", "replace").strip()
        if not location:
            return Failure(trouble=Trouble.GARBAGE, words=f"HTTP {response.status} without a Location")
        try:
            return redirected(url, location, allow_loopback=self._allow_loopback)
        except AddressRefused as error:
            return Failure(trouble=Trouble.REFUSED, words=f"redirected: {error}", final=True)

    def _judged(self, url: str, final_url: str, response: Response, limit: int) -> Fetched | Failure:
        try:
            body = inflated(response.body, _codings(response), limit=limit)
        except TooLarge as error:
            return Failure(trouble=Trouble.GARBAGE, words=f"an answer {error}", final=True)
        except Undecodable as error:
            return Failure(trouble=Trouble.GARBAGE, words=f"cannot be inflated: {error}")
        return Fetched(
            url=url,
            final_url=final_url,
            status=response.status,
            headers=_headers(response),
            body=body,
            fetched_at=self._clock(),
        )


def _status_failure(response: Response, *, now: datetime) -> Failure | None:
    status = response.status
    if 200 <= status < 300 or status == 304 or status in _REDIRECTS:
        return None
    said = f"HTTP {status}"
    wish = retry_after((response.headers.get("Retry-After") or b"").decode("latin-1"), now=now)
    if status in {403, 503} and is_challenge(response.body, _headers(response)):
        return Failure(trouble=Trouble.BLOCKED, words=f"{said} with a bot check")
    if status == 429 or (status == 503 and wish is not None):
        asked = f", asks for {wish.total_seconds():.0f} s" if wish else ""
        return Failure(trouble=Trouble.LIMITED, words=said + asked, retry_after=wish)
    if status in {401, 403, 407, 451}:
        return Failure(trouble=Trouble.BLOCKED, words=said)
    if status in {404, 410}:
        return Failure(trouble=Trouble.MOVED, words=said, final=True)
    if status >= 500 or status in {408, 425}:
        return Failure(trouble=Trouble.DOWN, words=said, retry_after=wish)
    return Failure(trouble=Trouble.GARBAGE, words=said)


def _asked_delay(rules: Rules) -> float:
    """Seconds between requests that robots.txt asks for, by Crawl-delay or Request-rate; 0 where it asks for none."""
    delay = rules.crawl_delay(AGENT_TOKEN) or 0.0
    rate = rules.request_rate(AGENT_TOKEN)
    if rate is not None and rate.requests > 0 and rate.start_time is None:
        delay = max(delay, rate.seconds / rate.requests)
    return float(delay)


def _codings(response: Response) -> str:
    return b",".join(response.headers.getlist("Content-Encoding")).decode("latin-1")


def _headers(response: Response) -> tuple[tuple[str, str], ...]:
    return tuple(
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in response.headers.items()
        for value in values
    )


def _cause(error: BaseException) -> str:
    cause = error.__cause__
    reasons = getattr(cause, "reasons", None)
    return str(reasons[0].value if reasons else cause or error)[:200]
