"""RSS 0.9x to 2.0, RDF and Atom to links. lxml reads; where it finds no item, feedparser salvages."""

from __future__ import annotations

from urllib.parse import urljoin

import feedparser
from lxml import etree  # type: ignore[import-untyped,unused-ignore]

from crawler import freshness
from crawler.discover import markup
from crawler.discover.item import MAX_LINKS, Found, Link, link

_ROOTS = {"rss", "rdf", "feed", "channel"}
_SALVAGE_BYTES = 1024 * 1024
_DATES = ("pubdate", "published", "date", "issued", "updated", "modified")


def discover(data: bytes, *, url: str, content_type: str = "") -> Found:
    """Links of a feed in its own order. `url` is where it was read, for relative links. Never raises."""
    root = markup.parsed(data, content_type)
    if root is None:
        return Found(problem="not XML" if data.strip() else "empty answer")
    name = markup.name_of(root)
    items = [element for element in root.iter() if markup.name_of(element) in {"item", "entry"}][:MAX_LINKS]
    links = tuple(found for item in items if (found := _item(item, url)) is not None)
    if links:
        return Found(links=links, fresh_for=freshness.of_feed(root))
    if name == "html":
        return Found(problem="an HTML page instead of a feed")
    salvaged = _salvaged(data, url, content_type)
    if salvaged:
        return Found(links=salvaged)
    if name not in _ROOTS:
        return Found(problem=f"no feed: its root is <{name[:40]}>")
    return Found(problem="items without links" if items else "")


def _item(item: etree._Element, base: str) -> Link | None:
    children: dict[str, list[etree._Element]] = {}
    for child in item:
        children.setdefault(markup.name_of(child), []).append(child)
    base = _joined(base, item.base or "") or base
    address = _address(item, children)
    if not address:
        return None
    url = _joined(base, address)
    if not url:
        return None
    encoded = [child for child in children.get("encoded", []) if "excerpt" not in markup.space_of(child)]
    return link(
        url,
        title=markup.text_of(_plain(children.get("title"))),
        published=next((markup.text_of(children[name][0]) for name in _DATES if children.get(name)), ""),
        summary=_first(children, "description", "summary"),
        body=markup.text_of(encoded[0]) if encoded else _first(children, "content"),
        authors=tuple(filter(None, (_author(child) for n in ("creator", "author") for child in children.get(n, [])))),
    )


def _address(item: etree._Element, children: dict[str, list[etree._Element]]) -> str:
    if original := _first(children, "origlink"):
        return original
    for child in children.get("link", []):
        if child.get("href"):
            if child.get("rel", "alternate") == "alternate":
                return str(child.get("href"))
        elif text := markup.text_of(child):
            return text
    for child in children.get("guid", []) + children.get("id", []):
        text = markup.text_of(child)
        if child.get("isPermaLink", "true").lower() != "false" and text.startswith(("http://", "https://")):
            return text
    return next((str(value) for key, value in item.attrib.items() if str(key).endswith("}about")), "")


def _plain(titles: list[etree._Element] | None) -> etree._Element | None:
    """The item's own title, before those of media and Dublin Core extensions."""
    if not titles:
        return None
    return next(
        (title for title in titles if not ("mrss" in markup.space_of(title) or "media" in markup.space_of(title))),
        titles[0],
    )


def _first(children: dict[str, list[etree._Element]], *names: str) -> str:
    return next((text for name in names for child in children.get(name, []) if (text := markup.text_of(child))), "")


def _author(element: etree._Element) -> str:
    name = next((child for child in element if markup.name_of(child) == "name"), None)
    return markup.text_of(element if name is None else name)


def _joined(base: str, address: str) -> str:
    try:
        return urljoin(base, address.strip())
    except ValueError:
        return ""


def _salvaged(data: bytes, url: str, content_type: str) -> tuple[Link, ...]:
    """What feedparser's loose mode makes of a document that lxml could not mend; bounded, entities already gone."""
    text = markup.harmless(markup.decoded(data[:_SALVAGE_BYTES], content_type))
    if "<item" not in text and "<entry" not in text:
        return ()
    try:
        result = feedparser.parse(
            text.encode("utf-8", "replace"), response_headers={"content-type": "application/xml; charset=utf-8"}
        )
    except (ValueError, LookupError, AttributeError, TypeError, AssertionError):  # its loose parser's known failures
        return ()
    links = []
    for entry in result.get("entries", [])[:MAX_LINKS]:
        address = _joined(url, str(entry.get("link") or ""))
        if entry.get("link") and address:
            links.append(
                link(
                    address,
                    title=str(entry.get("title") or ""),
                    published=str(entry.get("published") or entry.get("updated") or ""),
                    summary=str(entry.get("summary") or ""),
                    authors=(str(entry.get("author") or ""),),
                )
            )
    return tuple(links)
