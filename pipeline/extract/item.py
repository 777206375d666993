"""A captured feed or API item (`ITEM_TYPE`): a JSON object whose body or summary is an HTML fragment or plain text.

BeautifulSoup reads the fragments: they are short and broken in ways that only its tolerance survives.
"""

from __future__ import annotations

import re
import warnings
from typing import Any

import orjson
from bs4 import BeautifulSoup, MarkupResemblesLocatorWarning
from bs4.element import NavigableString, PreformattedString, Tag

from pipeline.extract.budget import Budget
from pipeline.extract.dates import date_in_url, read_date
from pipeline.extract.language import language_of
from pipeline.extract.metadata import canonical_of
from pipeline.extract.plain import tidy
from pipeline.model import Block, BlockKind, Extracted, Outlet, Page, Reject, RejectReason

MAX_FRAGMENT = 600_000
"""Characters of a fragment that are read."""

MAX_NESTING = 60
_BLOCK_TAGS_WORDS = "p div section article li ul ol h1 h2 h3 h4 h5 h6 blockquote table tr td figure figcaption"
_BLOCK_TAGS = frozenset(_BLOCK_TAGS_WORDS.split())
_DROPPED_WORDS = "script style iframe noscript img svg form button"
_DROPPED = frozenset(_DROPPED_WORDS.split())
_KINDS = {
    "li": BlockKind.ITEM, "blockquote": BlockKind.QUOTE, "figcaption": BlockKind.CAPTION, "figure": BlockKind.CAPTION,
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), BlockKind.HEADING),
}  # fmt: skip
_MARKUP = re.compile(r"<[a-zA-Z!/]|&[a-z#0-9]{2,8};")


def fragment_blocks(fragment: str) -> list[Block]:
    """The blocks of an HTML fragment or of plain text; never raises."""
    fragment = fragment[:MAX_FRAGMENT]
    if not _MARKUP.search(fragment):
        return [Block(text=line) for raw in tidy(fragment).split("\n") if (line := raw.strip())]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MarkupResemblesLocatorWarning)
        soup = BeautifulSoup(fragment, "lxml")
    blocks: list[Block] = []
    parts: list[str] = []
    linked = [0]

    def flush(kind: BlockKind) -> None:
        text = tidy("".join(parts).replace("\n", " ")).strip()
        parts.clear()
        if text:
            share = round(min(1.0, linked[0] / len(text)), 3)
            blocks.append(Block(text=text, kind=kind, link_share=share))
        linked[0] = 0

    def walk(node: Tag, kind: BlockKind, depth: int, *, link: bool) -> None:
        for child in node.children:
            if isinstance(child, PreformattedString):
                continue
            if isinstance(child, NavigableString):
                parts.append(str(child))
                linked[0] += len(str(child).strip()) if link else 0
            elif isinstance(child, Tag) and child.name not in _DROPPED and depth < MAX_NESTING:
                if child.name in _BLOCK_TAGS:
                    flush(kind)
                    walk(child, _KINDS.get(child.name, kind), depth + 1, link=link)
                    flush(_KINDS.get(child.name, kind))
                elif child.name in {"br", "hr"}:
                    flush(kind)
                else:
                    walk(child, kind, depth + 1, link=link or child.name == "a")

    walk(soup, BlockKind.PARAGRAPH, 0, link=False)
    flush(BlockKind.PARAGRAPH)
    return blocks


def _plain(value: Any) -> str:
    if not isinstance(value, str):
        return ""
    return (
        " ".join(block.text for block in fragment_blocks(value[:4000]))
        if _MARKUP.search(value)
        else tidy(value).strip()
    )


def extract_item(body: bytes, page: Page, outlet: Outlet, *, budget: Budget) -> Extracted | Reject:
    """A captured item as `Extracted`; `summary_only` where it carries no body."""

    def reject(reason: RejectReason, detail: str) -> Reject:
        return Reject(key=page.key, outlet=outlet.slug, url=page.final_url or page.url, reason=reason, detail=detail)

    if len(body) > budget.max_bytes:
        return reject(RejectReason.TOO_LARGE, f"{len(body)} bytes, {budget.max_bytes} allowed")
    try:
        item = orjson.loads(body)
    except orjson.JSONDecodeError:
        return reject(RejectReason.BROKEN, "not JSON")
    if not isinstance(item, dict):
        return reject(RejectReason.BROKEN, "not a JSON object")
    title = _plain(item.get("title")) or page.title_hint
    whole, summary, url = (v if isinstance(v := item.get(k), str) else "" for k in ("body", "summary", "url"))
    blocks = fragment_blocks(whole) if whole else []
    summary_only = not blocks
    if summary_only:
        blocks = fragment_blocks(summary)
    if budget.spent():
        return reject(RejectReason.TOO_SLOW, "the time for one page is over")
    if not blocks and title:
        blocks, summary_only = [Block(text=title, kind=BlockKind.PARAGRAPH)], True
    if not blocks:
        return reject(RejectReason.EMPTY, "no title, summary or body")
    raw = _plain(item.get("published")) or page.published_hint
    address = page.final_url or page.url
    canonical, step = canonical_of((("item", url),) if url else (), address)
    stamp = read_date(raw, zone=outlet.zone, now=page.fetched_at) if raw else None
    date_step = "item"
    if stamp is None:
        stamp, date_step = date_in_url(canonical, zone=outlet.zone, now=page.fetched_at), "url"
    authors = item.get("authors")
    many = authors if isinstance(authors, list) else [authors]
    return Extracted(
        title=title,
        blocks=tuple(blocks),
        authors=tuple(name for one in many[:8] if (name := _plain(one))),
        published=stamp,
        published_raw=raw,
        section=_plain(item.get("section")),
        canonical_url=canonical,
        language=language_of(f"{title} {' '.join(b.text for b in blocks)}"),
        steps=(
            ("title", "item"), ("body", "summary" if summary_only else "item"),
            ("published", date_step if stamp else "none"), ("authors", "item"), ("canonical_url", step),
            ("language", "stop-words"),
        ),
        summary_only=summary_only,
    )  # fmt: skip
