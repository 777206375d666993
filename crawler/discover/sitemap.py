"""Sitemaps to links: news sitemap, urlset, sitemap index and plain text lists, already inflated."""

from __future__ import annotations

import re
from datetime import date
from urllib.parse import urljoin

from lxml import etree  # type: ignore[import-untyped,unused-ignore]

from crawler.discover import markup
from crawler.discover.item import MAX_LINKS, Found, link

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
MAX_CHILDREN = 5
"""Sitemaps of an index that are followed, the newest by `lastmod`; archives are not news."""


def discover(
    data: bytes, *, url: str, content_type: str = "", most: int = MAX_CHILDREN, since: date | None = None
) -> Found:
    """Links of a sitemap, newest first where it gives times, and the sitemaps an index names: at most so many, and none
    that by its `lastmod` did not change since that day. Never raises."""
    root = markup.parsed(data, content_type)
    if root is None:
        return _text_list(data)
    name = markup.name_of(root)
    if name == "html":
        return Found(problem="an HTML page instead of a sitemap")
    if name not in {"urlset", "sitemapindex"}:
        return Found(problem=f"no sitemap: its root is <{name[:40]}>")
    entries: list[tuple[str, str, str]] = []
    for element in root:
        if markup.name_of(element) not in {"url", "sitemap"}:
            continue
        fields = _fields(element)
        if address := fields.get("loc", ""):
            published = fields.get("publication_date") or fields.get("lastmod", "")
            entries.append((address, fields.get("title", ""), published))
    # W3C datetimes sort as text as far as news needs it; undated entries keep their place behind dated ones
    entries.sort(key=lambda entry: entry[2], reverse=True)
    joined = [
        (urljoin(url, address), title, published)
        for address, title, published in entries[:MAX_LINKS]
        if _is_address(address)
    ]
    if name == "sitemapindex":
        late = [address for address, _, changed in joined if since is None or not _before(changed, since)]
        return Found(children=tuple(late[:most]), problem="" if late or joined else "an empty sitemap index")
    return Found(links=tuple(link(address, title=title, published=published) for address, title, published in joined))


def _before(changed: str, day: date) -> bool:
    return changed[:10] < f"{day:%Y-%m-%d}" if _DAY.match(changed) else False


def _fields(element: etree._Element) -> dict[str, str]:
    """Texts by local name, images and videos left out; `loc` and `lastmod` are direct children."""
    fields: dict[str, str] = {}
    for child in element:
        name = markup.name_of(child)
        if name in {"loc", "lastmod"} and "image" not in markup.space_of(child):
            fields.setdefault(name, markup.text_of(child))
        elif name == "news":
            for part in child.iter():
                if (part_name := markup.name_of(part)) in {"title", "publication_date"}:
                    fields.setdefault(part_name, markup.text_of(part))
    return fields


def _is_address(address: str) -> bool:
    try:
        urljoin("https://x/", address)
    except ValueError:
        return False
    return True


def _text_list(data: bytes) -> Found:
    """A sitemap may be a plain list, one URL a line (sitemaps.org)."""
    lines = [line.strip() for line in data[: markup.MAX_BYTES].decode("utf-8", "replace").splitlines()]
    links = tuple(link(line) for line in lines[:MAX_LINKS] if line.startswith(("http://", "https://")))
    return Found(links=links, problem="" if links else ("not XML" if data.strip() else "empty answer"))
