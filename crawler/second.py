"""A second look at a stored article's page: is it as it was, another text, or gone?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlsplit

from crawler.archive import Archive
from crawler.article import Capture, captured
from crawler.fetch import Fetcher
from crawler.gate import Gate
from crawler.outcome import Failure, Trouble
from pipeline.model import Candidate, Look, Outlet, Revisit


async def second_look(
    revisit: Revisit,
    outlet: Outlet,
    *,
    fetcher: Fetcher,
    archive: Archive,
    gate: Gate,
    clock: Callable[[], datetime],
) -> tuple[Look, str, Capture | None]:
    """Ask for the page again, conditionally where its answer can tell: what was found, in words, and the capture where
    there is a new one.

    Raises:
        StoreFull: no room on the disk.
    """
    conditions = {"If-None-Match": revisit.etag, "If-Modified-Since": revisit.last_modified}
    candidate = Candidate(
        outlet=revisit.outlet,
        url=revisit.url,
        key=revisit.key,
        seen_in=revisit.url,
        discovered_at=revisit.discovered_at,
    )
    capture = await captured(
        candidate,
        outlet,
        fetcher=fetcher,
        archive=archive,
        gate=gate,
        clock=clock,
        conditions={name: value for name, value in conditions.items() if value},
    )
    if capture is None:
        return Look.UNCHANGED, "the page is as it was (304)", None
    if isinstance(capture, Failure):
        if capture.trouble is Trouble.MOVED and capture.final:
            return Look.GONE, capture.words, None
        return Look.FAILED, str(capture), None
    if _is_front(capture.final_url) and not _is_front(revisit.url):
        return Look.GONE, f"it leads to the front page {capture.final_url[:200]}", None
    return Look.FETCHED, "the page was fetched again", capture


def _is_front(url: str) -> bool:
    parts = urlsplit(url)
    return parts.path.strip("/") == "" and not parts.query
