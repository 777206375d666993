"""The system's Chromium behind Scrapy's download handlers (scrapy-playwright), without any network of its own.

Whatever a page asks for is fetched by Kawat itself (`crawler.render`), through the one resolver, robots.txt and pace
that hold for all. Chromium is only given the bytes. So that nothing can leave it by another way (a second name look-up,
WebSockets, WebRTC, workers, prefetching, its own updates), its proxy is a port on which nobody listens and which nobody
else can take, and no name leads anywhere. Loaded only where an outlet asks for it; needs the extra `javascript`.
"""

from __future__ import annotations

import asyncio
import logging
import os
import resource
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from playwright.async_api import Browser, BrowserContext, Playwright, async_playwright
from playwright.async_api import Error as PlaywrightError
from scrapy.exceptions import NotSupported
from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler

from crawler.handler import BoundedHandler
from crawler.job import CrawlJob

MEMORY_MB = 2048
"""Memory of its own that each process of the browser may use; with half of it Chromium does not start reliably."""

AT_ONCE = 2
"""Pages that are drawn side by side."""

CLOSE_SECONDS = 5.0
"""How long the browser may take to end in good order."""

_SHUT = (
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--proxy-bypass-list=<-loopback>",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-quic",
    "--disable-background-networking",
    "--no-pings",
    "--mute-audio",
)


class OneBrowser:
    """The browser of a crawl process, started by the first page that needs it and shared by all handlers.

    A browser provider as scrapy-playwright asks for one.
    """

    def __init__(self, executable: str) -> None:
        self._executable = executable
        self._starting = asyncio.Lock()
        self._playwright: Playwright | None = None
        self._browser: Browser | None = None
        self._nobody: socket.socket | None = None

    async def start(self) -> None:
        """Nothing yet: most ticks meet no new page that needs a browser."""

    async def launch_browser(self) -> Browser:
        """The browser, started where it does not run.

        Raises:
            playwright.async_api.Error: it does not start.
        """
        async with self._starting:
            if self._browser is None or not self._browser.is_connected():
                if self._playwright is None:
                    with allowed(MEMORY_MB):  # what it starts inherits it
                        self._playwright = await async_playwright().start()
                self._browser = await self._playwright.chromium.launch(
                    executable_path=self._executable,
                    headless=True,
                    chromium_sandbox=os.geteuid() != 0,  # Chromium refuses its sandbox to root
                    handle_sigint=False,
                    handle_sigterm=False,
                    handle_sighup=False,
                    args=[*_SHUT, f"--proxy-server=127.0.0.1:{self._deaf_port()}"],
                )
            return self._browser

    async def launch_persistent_context(self, _options: dict[str, Any]) -> BrowserContext:
        """Never: each page has a context of its own, and nothing of it is kept.

        Raises:
            NotSupported: always.
        """
        raise NotSupported("no profile is kept")

    async def close(self) -> None:
        """End the browser and its driver; may be called more than once."""
        browser, playwright, nobody = self._browser, self._playwright, self._nobody
        self._browser = self._playwright = self._nobody = None
        with suppress(PlaywrightError, TimeoutError):
            async with asyncio.timeout(CLOSE_SECONDS):
                if browser is not None:
                    await browser.close()
                if playwright is not None:
                    await playwright.stop()
        if nobody is not None:
            nobody.close()

    def _deaf_port(self) -> int:
        """A port of this machine that is taken and never listened on."""
        if self._nobody is None:
            self._nobody = socket.socket()
            self._nobody.bind(("127.0.0.1", 0))
        return int(self._nobody.getsockname()[1])


class BrowserHandler(BoundedHandler, ScrapyPlaywrightDownloadHandler):  # type: ignore[misc]
    """Kawat's own handler, and scrapy-playwright's for the requests that are marked `playwright`."""


def settings(job: CrawlJob, executable: str) -> dict[str, Any]:
    """What is added to Scrapy's settings for a job in which pages are drawn by the browser at `executable`."""
    logging.getLogger("scrapy-playwright").setLevel(logging.CRITICAL)  # outcomes are the visits' to tell
    browser = OneBrowser(executable)
    return {
        "DOWNLOAD_HANDLERS": {
            "http": BrowserHandler,
            "https": BrowserHandler,
            "data": None,
            "file": None,
            "ftp": None,
            "s3": None,
        },
        "PLAYWRIGHT_BROWSER_PROVIDER": lambda _config: browser,
        "PLAYWRIGHT_DEFAULT_NAVIGATION_TIMEOUT": 1000 * job.fetch_timeout,
        "CONCURRENT_REQUESTS_PER_DOMAIN": job.max_concurrency + AT_ONCE,
        "CONCURRENT_REQUESTS": job.max_concurrency + AT_ONCE,
    }


@contextmanager
def allowed(megabytes: int) -> Iterator[None]:
    """Let what is started meanwhile have so much memory of its own, where this process is held to less."""
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    size = megabytes * 1024 * 1024
    wider = size if hard == resource.RLIM_INFINITY else min(size, hard)
    if soft != resource.RLIM_INFINITY and soft >= wider:
        wider = soft
    resource.setrlimit(resource.RLIMIT_DATA, (wider, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))
