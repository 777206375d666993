"""What is known of each host during one tick: its pace, its robots.txt, and whether it is left alone.

Two outlets on one host share all of it. The pace is kept here and not in Scrapy's download slots, because a request
that waits for its turn must not hold one of the few places that are open to all hosts.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from protego import Protego

from crawler.outcome import Failure, Trouble
from pipeline.model import Outlet, Politeness

ROBOTS_BYTES = 512 * 1024
"""How much of a robots.txt is read (RFC 9309 asks for at least 500 KiB)."""
_STRIKES = 3


class Host:
    """One host and port."""

    def __init__(self, politeness: Politeness) -> None:
        self.delay = politeness.delay.total_seconds()
        self._turns = asyncio.Semaphore(max(1, politeness.concurrency))
        self._next = asyncio.Lock()
        self._free_at = 0.0
        self._strikes = 0.0
        self.robots_read = asyncio.Lock()
        self.robots: Protego | Failure | None = None
        self.closed: Failure | None = None
        self.closed_at: datetime | None = None

    @asynccontextmanager
    async def turn(self, places: asyncio.Semaphore, *, until: float) -> AsyncIterator[None]:
        """Wait until this host may be asked again, then take one of the `places` open to all hosts.

        Raises:
            TimeoutError: its turn would come after `until` (loop time), the end of the tick.
        """
        loop = asyncio.get_running_loop()
        async with self._turns:
            async with self._next:  # one at a time, so that two never start together after waiting for a place
                while (wait := self._free_at - loop.time()) > 0:
                    if self._free_at >= until:
                        raise TimeoutError
                    await asyncio.sleep(wait)
                await places.acquire()
                self._free_at = loop.time() + self.delay
            try:
                yield
            finally:
                places.release()

    def slow_to(self, delay: float) -> None:
        """Apply a Crawl-delay: the longer of the two counts."""
        self.delay = max(self.delay, delay)

    def close(self, failure: Failure, *, now: datetime) -> None:
        """Leave this host alone for the rest of the tick."""
        if self.closed is None:
            self.closed, self.closed_at = failure, now

    def note(self, outcome: object, *, now: datetime) -> None:
        """Count an outcome: three failures in a row, or two time-outs, and the host is left alone."""
        if not isinstance(outcome, Failure):
            self._strikes = 0.0
        elif outcome.trouble is Trouble.LIMITED:
            self.close(outcome, now=now)
        elif outcome.trouble in {Trouble.DOWN, Trouble.BLOCKED}:
            self._strikes += 1 if outcome.trouble is Trouble.BLOCKED else 1.5
            if self._strikes >= _STRIKES:
                self.close(outcome, now=now)

    def patience(self, *, now: datetime) -> timedelta | None:
        """How much longer the host asked to be left alone, None where it did not."""
        if self.closed is None or self.closed.retry_after is None or self.closed_at is None:
            return None
        left = self.closed.retry_after - (now - self.closed_at)
        return max(left, timedelta(seconds=1))


class Hosts:
    """Every host of the tick. Of several outlets on one host the most patient sets its pace."""

    def __init__(self, outlets: Iterable[Outlet] = ()) -> None:
        self._hosts: dict[str, Host] = {}
        shared: dict[str, Politeness] = {}
        for outlet in outlets:
            for source in outlet.sources:
                netloc, own = urlsplit(source.url).netloc.lower(), outlet.politeness
                other = shared.get(netloc, own)
                shared[netloc] = Politeness(
                    delay=max(own.delay, other.delay), concurrency=min(own.concurrency, other.concurrency)
                )
        for netloc, politeness in shared.items():
            self._hosts[netloc] = Host(politeness)

    def of(self, url: str, politeness: Politeness) -> Host:
        """The host of a URL, known from now on."""
        netloc = urlsplit(url).netloc.lower()
        host = self._hosts.get(netloc)
        if host is None:
            host = self._hosts[netloc] = Host(politeness)
        host.slow_to(politeness.delay.total_seconds())
        return host


def robots_rules(body: bytes) -> Protego:
    """The rules of a robots.txt; what is none (an HTML page, a picture) has no rules and forbids nothing."""
    text = body[:ROBOTS_BYTES].removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace").replace("\0", "")
    lines = (line[:2_000] for line in text.splitlines())
    return Protego.parse("\n".join(lines))
