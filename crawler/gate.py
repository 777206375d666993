"""Which of the links a source names are worth fetching: an outlet's patterns, its own host, its words, and addresses
that may be called at all. Everything is decided before a byte is asked for."""

from __future__ import annotations

from urllib.parse import urlsplit

import re2

from crawler.discover.item import Link
from pipeline.errors import AddressRefused, CrawlError
from pipeline.model import Outlet
from pipeline.net import check_url, same_site


class Gate:
    """One outlet's rules, compiled.

    Raises:
        CrawlError: a pattern that RE2 does not take.
    """

    def __init__(self, outlet: Outlet, *, allow_loopback: bool = False) -> None:
        self._allow_loopback = allow_loopback
        self._article = tuple(_compiled(outlet, pattern) for pattern in outlet.article)
        self._not_article = tuple(_compiled(outlet, pattern) for pattern in outlet.not_article)
        words = "|".join(re2.escape(word) for word in outlet.must_mention)
        self._words = (
            _compiled(outlet, rf"(?i)(?:^|[^\pL\pN])(?:{words})(?:$|[^\pL\pN])") if outlet.must_mention else None
        )

    def refusal(self, url: str, *, seen_in: str) -> str:
        """Why this address is not fetched for this outlet, "" where it is. `seen_in` is the page that named it."""
        try:
            parts = check_url(url, allow_loopback=self._allow_loopback)
        except AddressRefused as error:
            return str(error)
        if any(pattern.search(url) for pattern in self._not_article):
            return "not an article by its address"
        own = same_site(url, seen_in)
        if not self._article:
            return "" if own else "another host"
        # a pattern that names no host ("/berita/\d+") says nothing about somebody else's host
        path_at = len(parts.scheme) + 3 + len(parts.netloc)
        for pattern in self._article:
            match = pattern.search(url)
            if match and (own or match.start() < path_at):
                return ""
        return "not an article by its address" if own else "another host"

    def concerns(self, link: Link) -> bool:
        """Whether the link's words hold one of those the outlet must mention; the address speaks for a bare link."""
        if self._words is None:
            return True
        said = f"{link.title} {link.summary} {link.body}".strip()
        if not said:
            said = urlsplit(link.url).path.replace("-", " ").replace("_", " ").replace("/", " ")
        return self._words.search(said) is not None


def _compiled(outlet: Outlet, pattern: str) -> re2._Regexp:
    options = re2.Options()
    options.log_errors = False
    options.max_mem = 8 << 20
    try:
        return re2.compile(pattern, options)
    except re2.error as error:
        raise CrawlError(f"outlet {outlet.slug}: the pattern {pattern!r} is not RE2: {error}") from None
