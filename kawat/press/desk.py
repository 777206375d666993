"""One outlet's answers: which bytes stand at which address. Pure: a target and its headers in, a `Reply` out."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from html import escape
from typing import Final
from urllib.parse import parse_qs, urlsplit

from kawat.press import listings, templates
from kawat.press.faults import Reply
from kawat.press.furniture import Sheet
from kawat.press.sites import Site, Told

_XML: Final = "application/xml; charset=utf-8"
_NOT_FOUND: Final = Reply(status=404, body=b"<html><body><h1>404</h1><p>Halaman tidak ditemukan</p></body></html>")
_ASIDE: Final = ("/foto/", "/video/", "/tag/", "/image/")


class Desk:
    """What `site` answers at `base`, given the stories it has printed so far (newest first)."""

    def __init__(self, site: Site, base: str) -> None:
        self.site = site
        self.base = base

    def answer(self, target: str, headers: Mapping[str, str], told: Sequence[Told], changed: datetime) -> Reply:
        """The sound answer to a GET of `target`; `changed` is when a story last appeared or was edited."""
        split = urlsplit(target)
        query = {key: values[-1] for key, values in parse_qs(split.query).items()}
        if split.path == "/robots.txt":
            return Reply(status=200, body=self.robots().encode(), content_type="text/plain; charset=utf-8")
        listing = self._listing(split.path, query, told)
        if listing is not None:
            return self._unless_known(listing, headers, changed)
        return self._pack(self._article(split.path, query, told), headers)

    def robots(self) -> str:
        """The outlet's robots.txt."""
        return self.site.robots.replace("{base}", self.base)

    def _listing(self, path: str, query: Mapping[str, str], told: Sequence[Told]) -> Reply | None:
        site, base = self.site, self.base
        if site.listing == "sitemaps":
            if path == "/sitemap_index.xml.gz":
                return Reply(status=200, body=listings.sitemap_index(base, told), content_type="application/x-gzip")
            if path == "/sitemap-news.xml":
                return Reply(status=200, body=listings.news_sitemap(site, base, told), content_type=_XML)
            if path == "/sitemap-static.xml":
                return Reply(status=200, body=listings.static_sitemap(base), content_type=_XML)
            return None
        if path != site.source:
            return None
        number = _whole(query.get("page"), 1)
        match site.listing:
            case "rss":
                return Reply(status=200, body=listings.rss(site, base, told), content_type="application/rss+xml")
            case "atom":
                return Reply(status=200, body=listings.atom(site, base, told), content_type="application/atom+xml")
            case "rdf":
                return Reply(status=200, body=listings.rdf(site, base, told), content_type="text/xml")
            case "news_sitemap":
                return Reply(status=200, body=listings.news_sitemap(site, base, told), content_type=_XML)
            case "api":
                size = _whole(query.get("per_page"), listings.PER_PAGE)
                return Reply(
                    status=200,
                    body=listings.api(told, number, size),
                    content_type="application/json",
                )
            case _:
                return Reply(status=200, body=listings.index(site, base, told, number))

    def _article(self, path: str, query: Mapping[str, str], told: Sequence[Told]) -> Reply:
        if path == "/":
            return Reply(status=200, body=self._home(told).encode())
        if path.startswith(_ASIDE):
            return Reply(status=200, body=b"<html><body><h1>Galeri</h1></body></html>")
        plain = path.removeprefix("/amp")
        for one in told:
            if one.path == plain:
                part = None if query.get("page") == "all" else _whole(query.get("page"), 1)
                html = templates.page(Sheet(one), self.base, part)
                return Reply(status=200, body=html.encode(), headers=(("Cache-Control", "max-age=60"),))
            if one.path == path + "/":
                return Reply(status=301, headers=(("Location", self.base + one.path),))
        return _NOT_FOUND

    def _home(self, told: Sequence[Told]) -> str:
        links = "".join(f'<li><a href="{one.path}">{escape(one.title)}</a></li>' for one in told)
        source = f'<p><a href="{self.site.source}">{self.site.source}</a> <a href="/robots.txt">robots.txt</a></p>'
        return (
            f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{escape(self.site.name)}</title></head>'
            f"<body><h1>{escape(self.site.name)}</h1><ul>{links}</ul>{source}</body></html>"
        )

    def _unless_known(self, reply: Reply, headers: Mapping[str, str], changed: datetime) -> Reply:
        etag = f'"{hashlib.sha256(reply.body).hexdigest()[:20]}"'
        if self.site.slug == "kilat":
            etag = "W/" + etag
        stamped = (("ETag", etag), ("Last-Modified", format_datetime(changed.astimezone(UTC), usegmt=True)))
        if _known(headers, etag, changed):
            return Reply(status=304, headers=stamped)
        packed = self._pack(reply, headers)
        return Reply(
            status=200,
            body=packed.body,
            content_type=packed.content_type,
            headers=(*packed.headers, *stamped),
        )

    def _pack(self, reply: Reply, headers: Mapping[str, str]) -> Reply:
        if not self.site.gzip or reply.status != 200 or "gzip" not in headers.get("accept-encoding", ""):
            return reply
        return Reply(
            status=200,
            body=gzip.compress(reply.body, mtime=0),
            content_type=reply.content_type,
            headers=(*reply.headers, ("Content-Encoding", "gzip"), ("Vary", "Accept-Encoding")),
        )


def _known(headers: Mapping[str, str], etag: str, changed: datetime) -> bool:
    asked = headers.get("if-none-match")
    if asked is not None:
        known = {tag.strip().removeprefix("W/") for tag in asked.split(",")}
        return etag.removeprefix("W/") in known or "*" in known
    since = headers.get("if-modified-since")
    if since is None:
        return False
    try:
        return changed <= parsedate_to_datetime(since)
    except (ValueError, TypeError):  # no date, or one without a zone
        return False


def _whole(raw: str | None, default: int) -> int:
    return int(raw) if raw is not None and raw.isdecimal() and int(raw) > 0 else default
