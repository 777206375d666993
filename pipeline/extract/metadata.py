"""What a page says of itself: JSON-LD, OpenGraph and other meta elements; each value with the step that gave it.

JSON-LD comes from `scripts.cut_scripts`, bounded in size and number; here it is bounded in depth.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

import orjson
from selectolax.lexbor import LexborHTMLParser

from pipeline.extract.plain import tidy
from pipeline.extract.survey import Attributes, Survey
from pipeline.extract.tags import number_of

MAX_METAS = 300
MAX_NODES = 400
LONGEST_VALUE = 2_000

_ARTICLE_TYPES_WORDS = (
    "newsarticle article reportagenewsarticle analysisnewsarticle blogposting socialmediaposting report"
)
_ARTICLE_TYPES = frozenset(_ARTICLE_TYPES_WORDS.split())
_CONTROL = re.compile(r"[\x00-\x1f]+")
_TITLE_KEYS = ("og:title", "twitter:title", "dc.title", "headline")
_DATE_KEYS = (
    "article:published_time", "og:article:published_time", "datepublished", "date_published", "publishdate",
    "dtk:publishdate", "content_publisheddate", "pubdate", "publish_date", "published_at", "parsely-pub-date",
    "sailthru.date", "dc.date.issued", "dc.date", "dcterms.created", "article.published", "jpnncom_news_pubdate",
    "cxenseparse:recs:publishtime", "og:published_time", "originalpublicationdate", "date",
)  # fmt: skip
_AUTHOR_KEYS = ("author", "content_author", "dtk:author", "article:author", "jpnncom_news_author", "parsely-author",
                "dc.creator", "sailthru.author", "byl")  # fmt: skip
_SECTION_KEYS = ("article:section", "dtk:kanal", "content_category", "parsely-section", "section", "category")
_META_KEYS = frozenset((*_TITLE_KEYS, *_DATE_KEYS, *_AUTHOR_KEYS, *_SECTION_KEYS, "og:url", "og:site_name", "og:type"))
_SECOND_LEVEL_WORDS = "co go or ac com net org web sch edu gov my desa mil"
_SECOND_LEVEL = frozenset(_SECOND_LEVEL_WORDS.split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What structured data gave; pairs are (step, value), first the most trusted."""

    titles: tuple[tuple[str, str], ...]
    dates: tuple[tuple[str, str], ...]
    authors: tuple[tuple[str, tuple[str, ...]], ...]
    sections: tuple[tuple[str, str], ...]
    canonicals: tuple[tuple[str, str], ...]
    page_title: str | None  # of the title element in the head, None where there is none
    body: str
    site_name: str
    is_article: bool
    is_free: bool
    words: int  # wordCount, 0 where none is told


def _documents(scripts: Iterable[bytes]) -> Iterator[Any]:
    for script in scripts:
        try:
            yield orjson.loads(script)
        except orjson.JSONDecodeError:
            raw = script.decode("utf-8", "replace").strip()
            raw = raw.removeprefix("<!--").removesuffix("-->").removeprefix("//<![CDATA[").removesuffix("//]]>")
            try:
                yield json.loads(_CONTROL.sub(" ", raw).rstrip("; "))
            except (ValueError, RecursionError):
                continue


def _nodes(scripts: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    for document in _documents(scripts):
        stack, count = [document], 0
        while stack and count < MAX_NODES:
            count += 1
            node = stack.pop(0)
            if isinstance(node, list):
                stack.extend(node[:50])
            elif isinstance(node, dict):
                yield node
                stack.extend(
                    v for k in ("@graph", "mainEntity", "mainEntityOfPage") if isinstance(v := node.get(k), list | dict)
                )


def _types(node: dict[str, Any]) -> set[str]:
    kind = node.get("@type")
    kinds = kind if isinstance(kind, list) else [kind]
    return {k.rsplit("/", 1)[-1].lower() for k in kinds if isinstance(k, str)}


def _text(value: Any) -> str:
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, dict):
        value = value.get("name") or value.get("@value") or value.get("@id")
    return tidy(value[:LONGEST_VALUE]).strip() if isinstance(value, str) else ""


def _people(value: Any) -> tuple[str, ...]:
    many = value if isinstance(value, list) else [value]
    return tuple(name for one in many[:20] if (name := _text(one)) and not name.startswith(("http", "@")))


def _metas(elements: Sequence[Attributes]) -> dict[str, str]:
    found: dict[str, str] = {}
    for attributes in elements[:MAX_METAS]:
        name = attributes.get("property") or attributes.get("name") or attributes.get("itemprop")
        value = attributes.get("content")
        if name and value and (name := name.lower()) in _META_KEYS and name not in found:
            found[name] = tidy(value[:LONGEST_VALUE]).strip()
    return found


def read_metadata(scripts: Iterable[bytes], tree: LexborHTMLParser, seen: Survey) -> Metadata:
    """The structured data of a page: its JSON-LD, and its meta elements, those of the head before those of the body.

    Nothing in it can raise; what is malformed is not there.
    """
    head = tree.head
    elements: list[Attributes] = []
    page_title: str | None = None
    meta, titled, linking = number_of("meta"), number_of("title"), number_of("link")
    canonical: str | None = None
    for element in head.iter() if head is not None else ():
        tag = element.tag_id
        if tag == meta:
            elements.append(element.attributes)
        elif tag == titled:
            page_title = element.text(deep=True) if page_title is None else page_title
        elif tag == linking and canonical is None:
            attributes = element.attributes
            if (attributes.get("rel") or "").lower() == "canonical":
                canonical = attributes.get("href") or ""
    metas = _metas((*elements, *seen.metas))
    article: dict[str, Any] = {}
    for node in _nodes(scripts):
        if _types(node) & _ARTICLE_TYPES:
            for name, value in node.items():
                article.setdefault(name, value)
    titles = [("json-ld", _text(article.get("headline")))] + [
        (f"meta {k}", metas[k]) for k in _TITLE_KEYS if k in metas
    ]
    dates = [("json-ld", _text(article.get("datePublished")))]
    dates += [(f"meta {k}", metas[k]) for k in _DATE_KEYS if k in metas]
    authors = [("json-ld", _people(article.get("author")))]
    authors += [(f"meta {k}", (metas[k],)) for k in _AUTHOR_KEYS if k in metas and not metas[k].startswith("http")]
    sections = [("json-ld", _text(article.get("articleSection")))]
    sections += [(f"meta {k}", metas[k]) for k in _SECTION_KEYS if k in metas]
    canonicals = []
    if canonical is not None:
        canonicals.append(("link canonical", canonical))
    canonicals.append(("meta og:url", metas.get("og:url", "")))
    body = article.get("articleBody")
    free, words = article.get("isAccessibleForFree", True), article.get("wordCount", 0)
    return Metadata(
        titles=tuple((step, value) for step, value in titles if value),
        dates=tuple((step, value) for step, value in dates if value),
        authors=tuple((step, value) for step, value in authors if value),
        sections=tuple((step, value) for step, value in sections if value),
        canonicals=tuple((step, value) for step, value in canonicals if value),
        page_title=page_title,
        body=body if isinstance(body, str) else "",
        site_name=metas.get("og:site_name", ""),
        is_article=bool(article)
        or metas.get("og:type", "").lower() == "article"
        or not metas.keys().isdisjoint(_DATE_KEYS[:-1]),
        is_free=str(free).lower() not in {"false", "0"},
        words=int(words) if str(words).isascii() and str(words).isdigit() and len(str(words)) < 7 else 0,
    )


def title_element(tree: LexborHTMLParser, meta: Metadata) -> str | None:
    """The text of a page's title element, None where there is none; a broken page has it outside of its head."""
    if meta.page_title is not None:
        return meta.page_title
    node = tree.css_first("title")
    return node.text(deep=True) if node is not None else None


def site_of(host: str) -> str:
    """The registrable name of a host, by rule of thumb: the last two labels, three under co.id and its like."""
    labels = host.lower().rstrip(".").split(".")
    wide = len(labels) >= 3 and len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVEL
    return ".".join(labels[-3:] if wide else labels[-2:])


def canonical_of(candidates: tuple[tuple[str, str], ...], page_url: str) -> tuple[str, str]:
    """The canonical URL and its step: only an http(s) address on the page's own site, and no home page, counts."""
    here = urlsplit(page_url)
    for step, value in candidates:
        try:
            address = value.strip()
            if not address.startswith(("https://", "http://")):
                address = urljoin(page_url, address)
            there = urlsplit(address)
            host = there.hostname or ""
        except ValueError:
            continue
        if there.scheme not in {"http", "https"} or site_of(host) != site_of(here.hostname or ""):
            continue
        if len(address) > LONGEST_VALUE or (there.path in {"", "/"} and not there.query and here.path not in {"", "/"}):
            continue
        return address, step
    return page_url, "requested"
