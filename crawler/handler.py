"""Scrapy's HTTP download handler with a bound on the head of an answer.

Twisted bounds a header line, not how many there are, and Scrapy's size limit begins with the body: a server that sends
headers without end filled 700 MB in eight seconds (Scrapy 2.19, Twisted 26.10). Built on names that Scrapy keeps to
itself, hence the upper bound on its version and the test that notices when they change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
)
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IAddress
from twisted.web._newclient import HEADER, STATUS

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from twisted.web._newclient import HTTP11ClientProtocol, Request
    from twisted.web.iweb import IResponse

MAX_HEAD = 256 * 1024
"""Most bytes of status line and headers, far above what any server has reason to send."""


class BoundedProtocol(_LenientHTTP11ClientProtocol):
    """One connection that is cut when the head of an answer grows beyond `MAX_HEAD`."""

    _head = 0

    def request(self, request: Request) -> Deferred[IResponse]:
        """Send a request; the count begins anew."""
        self._head = 0
        return super().request(request)

    def dataReceived(self, data: bytes) -> None:
        """Count while the head is under way."""
        if self._parser is not None and self._parser.state in {STATUS, HEADER}:
            self._head += len(data)
            if self._head > MAX_HEAD:
                self.transport.abortConnection()  # type: ignore[union-attr]
                return
        super().dataReceived(data)  # type: ignore[no-untyped-call]


class BoundedFactory(_LenientHTTP11ClientFactory):
    """Builds `BoundedProtocol`."""

    def buildProtocol(self, addr: IAddress | None) -> HTTP11ClientProtocol:  # noqa: ARG002 (Twisted gives it)
        """A connection's protocol."""
        return BoundedProtocol(self._quiescentCallback)  # type: ignore[no-untyped-call]


class BoundedHandler(HTTP11DownloadHandler):
    """The handler of http and https in Kawat's settings."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool._factory = BoundedFactory
