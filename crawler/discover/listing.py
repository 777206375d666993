"""A section or index page to links: those a CSS selector names, else every link; the outlet's patterns choose later."""

from __future__ import annotations

from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from crawler.discover.item import MAX_LINKS, Found, Link, link
from crawler.discover.markup import decoded
from pipeline.tangle import tangled


def discover(data: bytes, *, url: str, selector: str | None = None, content_type: str = "") -> Found:
    """Links of a page in its order, each address once, with the longest text it was linked by. Never raises."""
    if not data.strip():
        return Found(problem="empty answer")
    text = decoded(data, content_type)
    if tangled(text):
        return Found(problem="a tag with thousands of attributes")
    tree = LexborHTMLParser(text)
    head = tree.css_first("base[href]")
    base = _joined(url, (head.attributes.get("href") if head else "") or "")
    try:
        nodes = tree.css(selector or "a[href]")
    except (SelectolaxError, ValueError):
        return Found(problem=f"the selector {selector!r} is not CSS")
    found: dict[str, Link] = {}
    for node in nodes:
        anchor = node if node.tag == "a" else node.css_first("a[href]")
        href = anchor.attributes.get("href") if anchor is not None else None
        if anchor is None or not href or href.startswith(("#", "javascript:", "mailto:", "tel:", "data:")):
            continue
        address = _joined(base or url, href).partition("#")[0]
        title = anchor.text(strip=True)[:1000] or anchor.attributes.get("title") or ""
        known = found.get(address)
        if address and (known is None or len(title) > len(known.title)):
            found[address] = link(address, title=title)
        if len(found) >= MAX_LINKS:
            break
    return Found(links=tuple(found.values()), problem="" if found else "a page without links")


def _joined(base: str, address: str) -> str:
    try:
        return urljoin(base, address.strip())
    except ValueError:
        return ""
