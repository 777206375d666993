"""A JSON list to links, by the dotted paths of an `ApiShape`."""

from __future__ import annotations

import re
from urllib.parse import quote, urljoin

import orjson

from crawler.discover.item import MAX_LINKS, Found, Link, link
from pipeline.model import ApiShape

_PLACE = re.compile(r"\{([^{}]{1,200})\}")


def discover(data: bytes, *, url: str, shape: ApiShape) -> Found:
    """Links of a JSON list in its order. Items without an address are left out. Never raises."""
    try:
        document = orjson.loads(data.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        return Found(problem=f"not JSON: {str(error)[:100]}" if data.strip() else "empty answer")
    items = at(document, shape.items)
    if not isinstance(items, list):
        return Found(problem=f"no list at {shape.items!r}")
    links = tuple(found for item in items[:MAX_LINKS] if (found := _item(item, url, shape)) is not None)
    return Found(links=links, problem="items without addresses" if items and not links else "")


def at(value: object, path: str) -> object:
    """What stands at a dotted path, a number being an index of a list; the empty path is the value itself; None where
    there is nothing."""
    for step in path.split(".") if path else ():
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and step.lstrip("-").isdecimal():
            index = int(step)
            value = value[index] if -len(value) <= index < len(value) else None
        else:
            return None
    return value


def text(value: object) -> str:
    """A scalar as text; WordPress's `{"rendered": …}` as what it renders; anything else as nothing."""
    if isinstance(value, dict):
        value = value.get("rendered")
    if isinstance(value, bool) or value is None or isinstance(value, dict | list):
        return ""
    return str(value)


def _item(item: object, base: str, shape: ApiShape) -> Link | None:
    if shape.url_template:
        missing = False

        def fill(match: re.Match[str]) -> str:
            nonlocal missing
            value = text(at(item, match.group(1)))
            missing = missing or not value
            return quote(value, safe="/-._~")

        address = _PLACE.sub(fill, shape.url_template)
        if missing:
            return None
    else:
        address = text(at(item, shape.url))
    if not address:
        return None
    try:
        address = urljoin(base, address)
    except ValueError:
        return None
    return link(
        address,
        title=text(at(item, shape.title)) if shape.title else "",
        published=text(at(item, shape.published)) if shape.published else "",
        summary=text(at(item, shape.summary)) if shape.summary else "",
        body=text(at(item, shape.body)) if shape.body else "",
    )
