"""Which of the links a source names are worth fetching: an outlet's patterns, its own host, its words, and addresses
that may be called at all. Everything is decided before a byte is asked for."""

from __future__ import annotations

import unicodedata
from urllib.parse import unquote, urlsplit

import re2

from crawler.discover.item import Link
from pipeline.errors import AddressRefused, CrawlError
from pipeline.model import Outlet
from pipeline.net import check_url, same_site

_SPACED = re2.compile(r"[\p{Latin}\p{Greek}\p{Cyrillic}\pN]")


class Gate:
    """One outlet's rules, compiled.

    Raises:
        CrawlError: a pattern that RE2 does not take.
    """

    def __init__(self, outlet: Outlet, *, allow_loopback: bool = False) -> None:
        self._allow_loopback = allow_loopback
        self._article = tuple(_compiled(outlet, pattern) for pattern in outlet.article)
        self._not_article = tuple(_compiled(outlet, pattern) for pattern in outlet.not_article)
        self._words = (
            _compiled(outlet, f"(?i){'|'.join(map(_word, outlet.must_mention))}") if outlet.must_mention else None
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
            said = unquote(urlsplit(link.url).path).replace("-", " ").replace("_", " ").replace("/", " ")
        return self._words.search(unicodedata.normalize("NFKC", said)) is not None


def _word(word: str) -> str:
    """A pattern for one word that must be mentioned: bounded at a Latin, Greek or Cyrillic letter or a digit; the
    scripts that write no spaces, or hang particles on a name (インドネシアと, 인도네시아와), know no such bound."""
    word = unicodedata.normalize("NFKC", word)
    before = r"(?:^|[^\pL\pN])" if _SPACED.search(word[0]) else ""
    after = r"(?:$|[^\pL\pN])" if _SPACED.search(word[-1]) else ""
    return f"(?:{before}{re2.escape(word)}{after})"


def _compiled(outlet: Outlet, pattern: str) -> re2._Regexp:
    options = re2.Options()
    options.log_errors = False
    options.max_mem = 8 << 20
    try:
        return re2.compile(pattern, options)
    except re2.error as error:
        raise CrawlError(f"outlet {outlet.slug}: the pattern {pattern!r} is not RE2: {error}") from None
