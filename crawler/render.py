"""A page that a script fills, drawn by a browser to which Kawat gives every byte.

    the page as it was fetched ─► Chromium runs its scripts ─┬─► asks for scripts and data ─► `ask` ─► Kawat's fetcher
                                                             ├─► pictures, fonts, frames, posts, sockets ─► nothing
                                                             └─► the document as it then stands, as UTF-8

A context of its own for each page, no cookies, no storage, no downloads. Bounded in time, requests and bytes. A page
that is a challenge is not drawn, and the services behind challenges are never asked: no browser gets round one here.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit
from uuid import uuid4

from playwright.async_api import Error as PlaywrightError
from scrapy import Request
from scrapy_playwright.page import PageMethod

from crawler.browser import AT_ONCE, CLOSE_SECONDS
from crawler.fetch import Download
from crawler.outcome import Failure, Fetched, Trouble

if TYPE_CHECKING:
    from playwright.async_api import CDPSession, Page, Route
    from playwright.async_api import Request as Asked

DRAWN_TYPE = "text/html; charset=utf-8"
MAX_ASKED = 80
"""Things that one page may ask for."""
MAX_ASKED_BYTES = 15 * 1024 * 1024
"""Bytes of all that one page asks for."""
MAX_DRAWN = 4 * 1024 * 1024
"""Largest drawn document, in characters."""
MAX_KEPT = 20 * 1024 * 1024
"""Bytes of scripts that are kept for the next pages of this process."""
QUIET = 0.5
"""Seconds without a request after which a page is done."""
SELECTOR_PATIENCE = 10.0
"""Seconds of quiet that are waited for what the outlet's file says must be there."""
START_SECONDS = 30.0
"""How long the browser may take to start."""
_LOOK = 0.05

Ask = Callable[[str, str], Awaitable[Fetched | Failure]]
"""Fetches the address that a page asks for, with the Accept header it wishes, as politely as everything else."""

_CHECKS = re.compile(
    r"/cdn-cgi/challenge-platform/|//challenges\.cloudflare\.com/|/recaptcha/|hcaptcha\.com/|captcha-delivery\.com/"
    r"|awswaf\.com/|/_incapsula_resource|px-cloud\.net/|ddos-guard",
    re.IGNORECASE,
)
_NOISE = re.compile(
    r"(?:^|\.)(?:google-analytics|googletagmanager|googletagservices|googlesyndication|googleadservices|doubleclick"
    r"|facebook|scorecardresearch|chartbeat|hotjar|clarity|taboola|outbrain|mgid|onesignal|criteo|comscore|quantserve"
    r"|adnxs|amazon-adsystem|newrelic|nr-data|izooto|innity|teads)\.(?:com|net|ms)$",
    re.IGNORECASE,
)
"""Hosts of advertising and measurement, of which no story comes."""
_DONE = "document.readyState === 'complete'"
_HELD = "%s.some(css => { try { return document.querySelector(css) !== null } catch { return false } })"
_HTML = "(() => { const html = document.documentElement?.outerHTML ?? ''; return html.length > %d ? null : html })()"


class Renderer:
    """All drawing of one tick. `seconds` bounds one page, `until` is the loop time at which the tick ends."""

    def __init__(self, download: Download, *, user_agent: str, seconds: float, until: float) -> None:
        self._download = download
        self._agent = user_agent
        self._seconds = seconds
        self._until = until
        self._places = asyncio.Semaphore(AT_ONCE)
        self._scripts = Scripts()

    async def draw(self, page: Fetched, ask: Ask, awaited: Sequence[str] = ()) -> Fetched | Failure:
        """The page as its scripts leave it; `awaited` are CSS selectors one of which should match then."""
        async with self._places:
            loop = asyncio.get_running_loop()
            sitting = Sitting(page, ask, awaited, self._scripts, seconds=self._seconds)
            request = Request(
                page.final_url,
                dont_filter=True,
                meta={
                    "playwright": True,
                    "playwright_context": uuid4().hex,
                    "playwright_context_kwargs": {
                        "user_agent": self._agent,
                        "locale": "id-ID",
                        "service_workers": "block",
                        "accept_downloads": False,
                    },
                    "playwright_include_page": True,
                    "playwright_page_init_callback": sitting.begin,
                    "playwright_page_goto_kwargs": {"wait_until": "commit"},
                    "playwright_page_methods": [PageMethod(sitting.wait)],
                },
            )
            fault, stuck = "", False
            try:
                async with asyncio.timeout_at(min(loop.time() + START_SECONDS + self._seconds, self._until)):
                    await self._download(request)
            except Taken:
                pass
            except PlaywrightError as error:
                fault = error.message.partition("\n")[0][:200]
            except TimeoutError:
                fault, stuck = "its scripts do not end", True
            except (OSError, RuntimeError, ValueError) as error:
                fault = f"{type(error).__name__}: {str(error)[:200]}"
            finally:
                await _leave(request, stuck=stuck)
            if sitting.html is not None:
                return replace(
                    page,
                    headers=(("Content-Type", DRAWN_TYPE),),
                    # the mark says UTF-8 whatever the document's own declaration, which was another one's, says
                    body=f"\ufeff<!DOCTYPE html>\n{sitting.html}".encode(errors="replace"),
                    plain=page,
                )
            if loop.time() >= self._until:
                return Failure(trouble=Trouble.STOPPED, words="its scripts run beyond the end of this tick")
            words = fault or f"it is larger than {MAX_DRAWN} characters when drawn"
            return Failure(trouble=Trouble.GARBAGE, words=words)


class Taken(Exception):
    """The page was taken; nothing went wrong."""


class Scripts:
    """Scripts that were fetched, for the other pages of this process."""

    def __init__(self) -> None:
        self._kept: dict[str, Fetched] = {}
        self._room = MAX_KEPT

    def get(self, url: str) -> Fetched | None:
        """The script of an address."""
        return self._kept.get(url)

    def keep(self, url: str, script: Fetched) -> None:
        """Keep one, as long as there is room."""
        if len(script.body) <= self._room:
            self._room -= len(script.body)
            self._kept[url] = script


class Sitting:
    """One page in the browser. `html` is the document when it was done, None before and where it is too large."""

    def __init__(self, page: Fetched, ask: Ask, awaited: Sequence[str], scripts: Scripts, *, seconds: float) -> None:
        self._given = page
        self._ask = ask
        self._awaited = list(awaited)
        self._scripts = scripts
        self._seconds = seconds
        self.html: str | None = None

    async def begin(self, page: Page, _request: Request) -> None:
        """Take over all that the page asks for. Asked before it goes anywhere, again where the browser had to be
        started anew."""
        loop = asyncio.get_running_loop()
        self._served = self._shut = False
        self._busy = self._asked = self._bytes = 0
        self._last = loop.time()
        self._deadline = loop.time() + self._seconds

        async def alone(other: Page) -> None:
            if other is not page:
                await other.close()

        page.context.on("page", alone)
        await page.route(lambda _: True, self._answer)

    async def wait(self, page: Page) -> None:
        """Until the page is done, or its time is up; then take the document.

        Raises:
            Taken: always. What scrapy-playwright does next, waiting for every frame and carrying the document over
                whatever its size, is not wanted.
        """
        async with asyncio.timeout_at(self._deadline + 1 + self._seconds / 10):  # a script may never make way
            tools = await page.context.new_cdp_session(page)
            tree = await tools.send("Page.getFrameTree")
            world = await tools.send(
                "Page.createIsolatedWorld", {"frameId": tree["frameTree"]["frame"]["id"], "worldName": "kawat"}
            )
            place = int(world["executionContextId"])  # a world whose objects the page's scripts cannot touch
            with suppress(TimeoutError):
                async with asyncio.timeout_at(self._deadline):
                    await self._done(tools, place)
            self._shut = True
            html = await _value(tools, place, _HTML % MAX_DRAWN)
        self.html = html if isinstance(html, str) else None
        raise Taken

    async def _done(self, tools: CDPSession, place: int) -> None:
        """Return when nothing was asked for in a while, and what must be there is, or does not come."""
        loop = asyncio.get_running_loop()
        wanted = json.dumps(self._awaited)
        while True:
            await asyncio.sleep(_LOOK)
            still = loop.time() - self._last
            if self._busy or still < QUIET or not await _value(tools, place, _DONE):
                continue
            if loop.time() - self._last < QUIET:  # something was asked for while it answered
                continue
            if not self._awaited or still > SELECTOR_PATIENCE or await _value(tools, place, _HELD % wanted):
                return

    async def _answer(self, route: Route) -> None:
        loop = asyncio.get_running_loop()
        self._busy += 1
        try:
            await self._served_to(route)
        except PlaywrightError:
            return  # the page is gone
        finally:
            self._busy -= 1
            self._last = loop.time()

    async def _served_to(self, route: Route) -> None:
        asked = route.request
        if asked.is_navigation_request():
            if self._served:  # a frame, or a script that leads elsewhere: any other word would show an error's page
                await route.abort("aborted")
                return
            self._served = True
            await _fulfilled(route, self._given)
        elif asked.resource_type == "stylesheet":  # scripts wait for them, and nobody looks
            headers = {"Content-Type": "text/css", "Access-Control-Allow-Origin": "*"}
            await route.fulfill(status=200, headers=headers, body="")
        elif not self._wanted(asked):
            await route.abort("blockedbyclient")
        else:
            found = self._scripts.get(asked.url) if asked.resource_type == "script" else None
            if found is None:
                self._asked += 1
                answer = await self._ask(asked.url, _accept(asked))
                if isinstance(answer, Failure):
                    await route.abort("failed")
                    return
                found = answer
                if asked.resource_type == "script":
                    self._scripts.keep(asked.url, found)
            self._bytes += len(found.body)
            if self._bytes > MAX_ASKED_BYTES or self._shut:
                await route.abort("blockedbyclient")
                return
            await _fulfilled(route, found, origin=self._given.final_url)

    def _wanted(self, asked: Asked) -> bool:
        return (
            not self._shut
            and asked.method == "GET"
            and asked.resource_type in {"script", "xhr", "fetch"}
            and self._asked < MAX_ASKED
            and self._bytes < MAX_ASKED_BYTES
            and not _CHECKS.search(asked.url)
            and not _NOISE.search(urlsplit(asked.url).hostname or "")
        )


def _accept(asked: Asked) -> str:
    wish = asked.headers.get("accept", "")
    return wish if wish.isascii() and wish.isprintable() and len(wish) < 200 else "*/*"


async def _fulfilled(route: Route, answer: Fetched, *, origin: str = "") -> None:
    """Give the browser an answer. What a page asks of another host it may read: it is public, and asked without any
    cookie or name."""
    headers = {"Content-Type": answer.content_type or "application/octet-stream"}
    if origin:
        parts = urlsplit(origin)
        headers["Access-Control-Allow-Origin"] = f"{parts.scheme}://{parts.netloc}"
        headers["Access-Control-Allow-Credentials"] = "true"
    await route.fulfill(status=answer.status, headers=headers, body=answer.body)


async def _value(tools: CDPSession, place: int, expression: str) -> object:
    said = await tools.send("Runtime.evaluate", {"expression": expression, "contextId": place, "returnByValue": True})
    return said["result"].get("value")


async def _leave(request: Request, *, stuck: bool) -> None:
    """Close the page's context; where a script without end does not let it, the browser, which is started anew."""
    page = cast("Page | None", request.meta.get("playwright_page"))
    if page is None:
        return
    browser = page.context.browser
    with suppress(PlaywrightError, TimeoutError):
        async with asyncio.timeout(CLOSE_SECONDS):
            if not stuck:
                await page.context.close()
            elif browser is not None:
                await browser.close()
