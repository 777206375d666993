"""The few requests that a look at a site takes: identified, within robots.txt, slow, bounded, to public addresses.

Each hop of a redirect passes the same questions again. A refusal is an answer and is told as one: nothing is tried in
its place. Not for crawling; that is `crawler`.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urljoin, urlsplit

import requests
from protego import Protego

from crawler.hosts import robots_rules, robots_text
from crawler.outcome import Failure, Fetched, Trouble, is_challenge
from pipeline.alert.channels.guard import session
from pipeline.errors import AddressRefused
from pipeline.net import check_url, redirected

AGENT = "Kawat"
MOST_BYTES = 5 * 1024 * 1024
MOST_REDIRECTS = 5
MOST_REQUESTS = 60
"""Requests of one look at one site, robots.txt and redirects included."""

FETCH_SECONDS = 20.0
READ_SECONDS = 10.0
LONGEST_DELAY = 20.0
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True, kw_only=True)
class Robots:
    """A host's robots.txt: its rules, or why nothing there may be asked for."""

    rules: Protego | None
    words: str

    @property
    def sitemaps(self) -> tuple[str, ...]:
        return tuple(self.rules.sitemaps)[:10] if self.rules is not None else ()


@dataclass(slots=True, kw_only=True)
class Caller:
    """One look. `delay` is the pause between two requests in seconds; `pause` and `clock` are the system's."""

    user_agent: str
    allow_loopback: bool = False
    delay: float = 1.0
    seconds: float = FETCH_SECONDS
    pause: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    now: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))
    asked: int = 0
    _robots: dict[str, Robots] = field(default_factory=dict)
    _last: dict[str, float] = field(default_factory=dict)

    def get(self, url: str, *, accept: str = "text/html, */*;q=0.5") -> Fetched | Failure:
        """Ask for an address, within robots.txt of every host on the way."""
        return self._follow(url, accept, robots=True)

    def robots(self, url: str) -> Robots:
        """The robots.txt of the URL's host; by RFC 9309 a client error means no rules, silence means hands off."""
        try:
            host = check_url(url, allow_loopback=self.allow_loopback).netloc.lower()
        except AddressRefused as error:
            return Robots(rules=None, words=str(error))
        if host not in self._robots:
            answer = self._follow(urljoin(url, "/robots.txt"), "text/plain, */*;q=0.5", robots=False)
            self._robots[host] = _rules(answer)
        return self._robots[host]

    def _follow(self, url: str, accept: str, *, robots: bool) -> Fetched | Failure:
        target = url
        for _ in range(MOST_REDIRECTS + 1):
            try:
                check_url(target, allow_loopback=self.allow_loopback)
            except AddressRefused as error:
                return Failure(trouble=Trouble.REFUSED, words=str(error), final=True)
            if robots:
                found = self.robots(target)
                if found.rules is None:
                    return Failure(trouble=Trouble.DOWN, words=f"robots.txt: {found.words}")
                if not found.rules.can_fetch(target, AGENT):
                    return Failure(trouble=Trouble.ROBOTS, words=f"robots.txt does not allow {target[:200]}")
            answer = self._once(url, target, accept)
            if isinstance(answer, Failure) or answer.status not in _REDIRECTS:
                return answer
            location = answer.header("location").strip()
            if not location:
                return Failure(trouble=Trouble.GARBAGE, words=f"HTTP {answer.status} without a Location")
            try:
                target = redirected(target, location, allow_loopback=self.allow_loopback)
            except AddressRefused as error:
                return Failure(trouble=Trouble.REFUSED, words=f"redirected: {error}", final=True)
        return Failure(trouble=Trouble.MOVED, words=f"more than {MOST_REDIRECTS} redirects from {url[:200]}")

    def _once(self, asked: str, target: str, accept: str) -> Fetched | Failure:
        if self.asked >= MOST_REQUESTS:
            return Failure(trouble=Trouble.STOPPED, words=f"{MOST_REQUESTS} requests are enough for one look")
        self.asked += 1
        host = urlsplit(target).netloc.lower()
        known = self._robots.get(host)
        wished = known.rules.crawl_delay(AGENT) if known is not None and known.rules is not None else None
        delay = min(max(self.delay, float(wished or 0)), LONGEST_DELAY)
        if host in self._last and (wait := self._last[host] + delay - self.clock()) > 0:
            self.pause(wait)
        # in a thread of its own: a body or a header that drips for ever is left behind at the deadline
        box: list[Fetched | Failure] = []
        worker = threading.Thread(target=lambda: box.append(self._call(asked, target, accept)), daemon=True)
        worker.start()
        worker.join(self.seconds)
        self._last[host] = self.clock()
        return box[0] if box else Failure(trouble=Trouble.DOWN, words="no complete answer in time")

    def _call(self, asked: str, target: str, accept: str) -> Fetched | Failure:
        headers = {"User-Agent": self.user_agent, "Accept": accept, "Accept-Encoding": "gzip, deflate"}
        try:
            with (
                session(loopback=self.allow_loopback) as http,
                http.get(target, headers=headers, timeout=READ_SECONDS, stream=True, allow_redirects=False) as answer,
            ):
                body = bytearray()
                for piece in answer.iter_content(64 * 1024):
                    body += piece
                    if len(body) > MOST_BYTES:
                        return Failure(trouble=Trouble.GARBAGE, words=f"an answer over {MOST_BYTES} bytes")
                return self._judged(asked, target, answer, bytes(body))
        except requests.exceptions.InvalidURL as error:
            return Failure(trouble=Trouble.REFUSED, words=str(error)[:200], final=True)
        except (requests.exceptions.RequestException, OSError, ValueError) as error:
            return Failure(trouble=Trouble.DOWN, words=f"{type(error).__name__}: {str(error)[:160]}")

    def _judged(self, asked: str, target: str, answer: requests.Response, body: bytes) -> Fetched | Failure:
        status, headers = answer.status_code, tuple(answer.headers.items())
        said = f"HTTP {status} at {target[:200]}"
        if status in _REDIRECTS or 200 <= status < 300:
            return Fetched(
                url=asked, final_url=target, status=status, headers=headers, body=body, fetched_at=self.now()
            )
        if status in {403, 503} and is_challenge(body, headers):
            return Failure(trouble=Trouble.BLOCKED, words=f"{said} with a bot check")
        if status == 429:
            return Failure(trouble=Trouble.LIMITED, words=said)
        if status in {401, 403, 407, 451}:
            return Failure(trouble=Trouble.BLOCKED, words=said)
        if status in {404, 410}:
            return Failure(trouble=Trouble.MOVED, words=said, final=True)
        return Failure(trouble=Trouble.DOWN if status >= 500 else Trouble.GARBAGE, words=said)


def _rules(answer: Fetched | Failure) -> Robots:
    if isinstance(answer, Fetched):
        return Robots(rules=robots_rules(robots_text(answer.body)), words="read")
    if answer.trouble in {Trouble.BLOCKED, Trouble.MOVED} or "HTTP 4" in answer.words:
        return Robots(rules=robots_rules(""), words=f"none ({answer.words})")
    return Robots(rules=None, words=str(answer))
