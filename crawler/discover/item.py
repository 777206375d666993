"""What discovery yields: a link with what its source says of it, and that as a captured document of its own."""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass
from datetime import timedelta

MAX_LINKS = 5_000
"""Links read from one document; a page with more is read so far."""

_TITLE, _SUMMARY, _BODY, _SHORT = 500, 20_000, 500_000, 200
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One link as its source gives it: `url` absolute, everything else raw and possibly empty."""

    url: str
    title: str = ""
    published: str = ""
    summary: str = ""
    body: str = ""
    authors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What one document names. `problem` says in words why it could not be read, "" where it could.

    `children` are the sitemaps an index names, newest first; `fresh_for` is a feed's own TTL.
    """

    links: tuple[Link, ...] = ()
    children: tuple[str, ...] = ()
    problem: str = ""
    fresh_for: timedelta = timedelta(0)


def link(
    url: str, *, title: str = "", published: str = "", summary: str = "", body: str = "", authors: tuple[str, ...] = ()
) -> Link:
    """A link with every text cut to its bound; the title as one line of plain text."""
    return Link(
        url=url.strip(),
        title=_SPACE.sub(" ", html.unescape(title[: 2 * _TITLE])).strip()[:_TITLE],
        published=published.strip()[:_SHORT],
        summary=summary.strip()[:_SUMMARY],
        body=body.strip()[:_BODY],
        authors=tuple(author.strip()[:_SHORT] for author in authors[:20] if author.strip()),
    )


def item_bytes(
    *, url: str, title: str, published: str, summary: str, body: str, authors: tuple[str, ...] = ()
) -> bytes:
    """The document of type `pipeline.model.ITEM_TYPE` that stands for an item read from its source alone."""
    fields = {
        "url": url,
        "title": title,
        "published": published,
        "summary": summary,
        "body": body,
        "authors": list(authors),
    }
    return json.dumps(fields, ensure_ascii=False).encode("utf-8", "replace")
