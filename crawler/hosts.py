"""What is known of each host: its pace, its robots.txt, and whether it is left alone.

Two outlets on one host share all of it. Hosts of one registered domain (a wire's regional desks) share the pace, for
they are the same people's machines; robots.txt and closing are each host's own, as the standard has it. What a host
asked for outlives the process: its robots.txt for an hour, its Retry-After, and its Crawl-delay since the last request.
The pace is kept here and not in Scrapy's download slots, because a request that waits for its turn must not hold one of
the few places that are open to all hosts.
"""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from protego import Protego

from crawler.outcome import Failure, Trouble
from pipeline.model import HostNote, Outlet, Politeness
from pipeline.ports import Frontier

ROBOTS_BYTES = 512 * 1024
"""How much of a robots.txt is read (RFC 9309 asks for at least 500 KiB)."""
ROBOTS_KEPT = timedelta(hours=1)
"""How long a robots.txt holds: RFC 9309 allows a day, but what is forbidden at noon is left alone within a round."""
_STRIKES = 3
_LONG_DELAY = 5.0
"""Seconds of pause between requests from which the last request of a process binds the next process."""

_GENERIC = frozenset(
    {"ac", "co", "com", "desa", "edu", "go", "gob", "gov", "mil", "my", "net", "or", "org", "sch", "web"}
)
"""Second labels under a country's domain that are nobody's own."""


def family(netloc: str) -> str:
    """The registered domain of a host, as far as its name tells; the host and port itself for an address."""
    host = netloc.rpartition("@")[2].partition(":")[0].lower().rstrip(".")
    try:
        ipaddress.ip_address(host.strip("[]") or netloc)
    except ValueError:
        labels = host.split(".")
        size = 3 if len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _GENERIC else 2
        return ".".join(labels[-size:]) if len(labels) >= size else netloc.lower()
    return netloc.lower()


class Pace:
    """How fast the hosts of one registered domain are asked, all together."""

    def __init__(self, politeness: Politeness) -> None:
        self.delay = politeness.delay.total_seconds()
        self.turns = asyncio.Semaphore(max(1, politeness.concurrency))
        self.next = asyncio.Lock()
        self.free_at = 0.0  # loop time


class Host:
    """One host and port. `note` is what was remembered of it, `now` when it is made."""

    def __init__(self, pace: Pace, note: HostNote, *, now: datetime) -> None:
        self.pace = pace
        self._strikes = 0.0
        self.robots_read = asyncio.Lock()
        self.robots: Protego | Failure | None = None
        self.robots_text: str | None = None
        self.robots_until: datetime | None = None
        self.closed: Failure | None = None
        self.closed_at: datetime | None = None
        if note.robots is not None and note.robots_until is not None and note.robots_until > now:
            self.robots, self.robots_until, self.robots_text = robots_rules(note.robots), note.robots_until, note.robots
        if note.closed_until is not None and note.closed_until > now:
            left = note.closed_until - now
            self.close(Failure(trouble=Trouble.LIMITED, words=note.closed_why, retry_after=left), now=now)
        if note.free_at is not None and (wait := (note.free_at - now).total_seconds()) > 0:
            pace.free_at = max(pace.free_at, asyncio.get_running_loop().time() + min(wait, 3600.0))

    @property
    def delay(self) -> float:
        """Seconds between two requests."""
        return self.pace.delay

    @asynccontextmanager
    async def turn(self, places: asyncio.Semaphore, *, until: float) -> AsyncIterator[None]:
        """Wait until this host may be asked again, then take one of the `places` open to all hosts.

        Raises:
            TimeoutError: its turn would come after `until` (loop time), the end of the tick.
        """
        loop = asyncio.get_running_loop()
        pace = self.pace
        async with pace.turns:
            async with pace.next:  # one at a time, so that two never start together after waiting for a place
                while (wait := pace.free_at - loop.time()) > 0:
                    if pace.free_at >= until:
                        raise TimeoutError
                    await asyncio.sleep(wait)
                await places.acquire()
                pace.free_at = loop.time() + pace.delay
            try:
                yield
            finally:
                places.release()

    def slow_to(self, delay: float) -> None:
        """Apply a Crawl-delay: the longer of the two counts."""
        self.pace.delay = max(self.pace.delay, delay)

    def obey(self, text: str, *, now: datetime) -> Protego:
        """Take over a robots.txt that was read just now. A page in its place, as of a captive portal, forbids nothing
        and is not remembered."""
        page = text.lstrip().startswith("<")
        self.robots = rules = robots_rules(text)
        self.robots_until = now + ROBOTS_KEPT
        self.robots_text = None if page else text
        return rules

    def kept(self, *, now: datetime) -> HostNote:
        """What the next process should know."""
        patience = self.patience(now=now)
        wait = self.pace.free_at - asyncio.get_running_loop().time()
        long = self.pace.delay >= _LONG_DELAY and wait > 0
        return HostNote(
            robots=self.robots_text,
            robots_until=None if self.robots_text is None else self.robots_until,
            closed_until=None if patience is None else now + patience,
            closed_why="" if patience is None or self.closed is None else self.closed.words[:300],
            free_at=now + timedelta(seconds=wait) if long else None,
        )

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
    """Every host of the tick. Of several outlets on hosts of one domain the most patient sets the pace.

    `memory` keeps what hosts asked for from one process to the next; without it nothing is kept.
    """

    def __init__(
        self,
        outlets: Iterable[Outlet] = (),
        *,
        memory: Frontier | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._memory = memory
        self._clock = clock
        self._hosts: dict[str, Host] = {}
        self._kept: dict[str, HostNote] = {}
        shared: dict[str, Politeness] = {}
        for outlet in outlets:
            for source in outlet.sources:
                name, own = family(urlsplit(source.url).netloc), outlet.politeness
                other = shared.get(name, own)
                shared[name] = Politeness(
                    delay=max(own.delay, other.delay), concurrency=min(own.concurrency, other.concurrency)
                )
        self._paces = {name: Pace(politeness) for name, politeness in shared.items()}

    def of(self, url: str, politeness: Politeness) -> Host:
        """The host of a URL, known from now on.

        Raises:
            StoreError: the memory refused.
        """
        netloc = urlsplit(url).netloc.lower()
        host = self._hosts.get(netloc)
        if host is None:
            name = family(netloc)
            if name not in self._paces:
                self._paces[name] = Pace(politeness)
            note = self._kept[netloc] = self._memory.host(netloc) if self._memory is not None else HostNote()
            host = self._hosts[netloc] = Host(self._paces[name], note, now=self._clock())
        host.slow_to(politeness.delay.total_seconds())
        return host

    def keep(self) -> None:
        """Remember what hosts asked for.

        Raises:
            StoreError: the memory refused.
        """
        for netloc in self._hosts:
            self.keep_one(netloc)

    def keep_one(self, netloc: str) -> None:
        """Remember at once what one host asked for, as a process may be killed.

        Raises:
            StoreError: the memory refused.
        """
        note = self._hosts[netloc].kept(now=self._clock())
        if self._memory is not None and note != self._kept[netloc]:
            self._memory.note_host(netloc, note)
            self._kept[netloc] = note


def robots_text(body: bytes) -> str:
    """A robots.txt as text, within `ROBOTS_BYTES`."""
    text = body[:ROBOTS_BYTES].removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace").replace("\0", "")
    return "\n".join(line[:2_000] for line in text.splitlines())


def robots_rules(text: str) -> Protego:
    """The rules of a robots.txt; what is none (an HTML page, a picture) has no rules and forbids nothing."""
    return Protego.parse(text)
