"""The address policy at the one place that every connection passes: the resolver of Scrapy's reactor.

A host is resolved once, its address is judged, and Twisted connects to exactly the address that was judged; there is
no second look-up in which a name could point elsewhere. Literal addresses pass here too, in every spelling.
"""

from __future__ import annotations

from typing import Any, Self

from scrapy.resolver import CachingThreadedResolver
from twisted.internet.base import ReactorBase
from twisted.internet.defer import Deferred, fail

from pipeline.errors import AddressRefused
from pipeline.net import check_address, host_literal

LOOPBACK_SETTING = "KAWAT_ALLOW_LOOPBACK"
REFUSALS_SETTING = "KAWAT_REFUSALS"


class Refusals:
    """Hosts that were refused in this process, with the reason. Twisted turns the resolver's refusal into a failed
    look-up on its way up; the fetcher asks here what it was."""

    def __init__(self) -> None:
        self._reasons: dict[str, str] = {}

    def note(self, host: str, reason: str) -> None:
        """Remember a refusal."""
        self._reasons[host.lower()] = reason

    def of(self, host: str) -> str:
        """Why a host was refused, "" where it was not."""
        return self._reasons.get(host.lower(), "")


class GuardedResolver(CachingThreadedResolver):
    """Scrapy's caching resolver that refuses what is not a public address. Named in TWISTED_DNS_RESOLVER."""

    allow_loopback: bool
    refusals: Refusals

    @classmethod
    def from_crawler(cls, crawler: Any, reactor: ReactorBase) -> Self:
        resolver = super().from_crawler(crawler, reactor)
        resolver.allow_loopback = crawler.settings.getbool(LOOPBACK_SETTING)
        resolver.refusals = crawler.settings.get(REFUSALS_SETTING) or Refusals()
        return resolver

    def getHostByName(self, name: str, timeout: Any = ()) -> Deferred[str]:
        """The host's address, or a failure with `AddressRefused`."""
        literal = host_literal(name)
        if literal is not None:
            try:
                self._judged(str(literal), name)
            except AddressRefused as error:
                return fail(error)
        return super().getHostByName(name, timeout).addCallback(self._judged, name)

    def _judged(self, address: str, name: str) -> str:
        try:
            check_address(address, allow_loopback=self.allow_loopback)
        except AddressRefused as error:
            self.refusals.note(name, str(error))
            raise
        return address
