"""Blocks of text out of the container of a story: paragraphs, headings, items, quotes and captions in reading order,
each with its share of link text. Class names speak against an element only."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

from selectolax.lexbor import LexborNode

from pipeline.extract.plain import one_line
from pipeline.extract.survey import NEVER_HIDDEN, Attributes, is_hidden
from pipeline.extract.tags import COMMENT, KNOWN, TEXT, number_of, numbers_of
from pipeline.model import Block, BlockKind

LIST_LINKS = 0.5
"""Share of link text above which a list, table or list item is navigation."""

PARAGRAPH = 40
"""Characters from which an element that HTML does not know is taken for a paragraph, not for words of one."""

MAX_BLOCKS = 3000
MAX_DEPTH = 120

_BLOCKS = (
    "p div section article main h1 h2 h3 h4 h5 h6 ul ol li dl dt dd blockquote pre table tbody thead tr td th "
    "figure figcaption header address center details summary hgroup"
)
_SKIPPED = (
    "script style noscript nav footer aside form button select option textarea input label iframe svg "
    "template dialog object embed video audio canvas map picture source img menu ins time"
)
_SKIPPED_STRANGE = frozenset(("amp-ad", "amp-sidebar"))
_LISTS = "ul ol table dl"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Numbers:
    """What a walk asks of each element: the numbers of elements by what they are to it."""

    skipped: frozenset[int]
    blocks: frozenset[int]
    lists: frozenset[int]
    never_hidden: frozenset[int]
    kinds: dict[int, BlockKind]  # what the text of an element is
    span: int
    link: int
    line_break: int
    rule: int
    figure: int


@cache
def _numbers() -> _Numbers:
    return _Numbers(
        skipped=numbers_of(_SKIPPED),
        blocks=numbers_of(_BLOCKS),
        lists=numbers_of(_LISTS),
        never_hidden=numbers_of(NEVER_HIDDEN),
        kinds={
            **dict.fromkeys(numbers_of("h1 h2 h3 h4 h5 h6"), BlockKind.HEADING),
            **dict.fromkeys(numbers_of("li dd dt"), BlockKind.ITEM),
            number_of("blockquote"): BlockKind.QUOTE,
            number_of("figcaption"): BlockKind.CAPTION,
        },
        span=number_of("span"),
        link=number_of("a"),
        line_break=number_of("br"),
        rule=number_of("hr"),
        figure=number_of("figure"),
    )


_AGAINST = re.compile(
    r"(?:^|[\s_-])(?:related|relat|terkait|baca-?juga|bacajuga|read-?(?:also|more|next)|also-?read|see-?also|sisip\w*|link-?sisip\w*|"
    r"share|sharing|sharer|shared|addtoany\w*|social\w*|sosmed|comments?|komentar|respond|disqus\w*|newsletters?|nawala|"
    r"subscri\w+|signup|sign-up|promo\w*|advert\w*|ads?|adslot|adsense|adbox|iklan|banner|sponsor\w*|breadcrumbs?|"
    r"(?:post-?|article-?|entry-?)?tags?|tagcloud|widget|sidebar|side-?bar|popular|terpopuler|populer|most-?(?:read|popular)|trending|"
    r"recommend\w*|rekomendasi|recirc\w*|outbrain\w*|taboola\w*|footer|footnotes?|menu|navigation|navbar|pagination|"
    r"copyright|captions?|wp-caption-text|credits?|toolbar|modal|popup|cookies?|consent|hidden|hide|visually-?hidden|"
    r"sr-only|screen-reader-text|print-?only|byline|author-?(?:box|bio|info|card)|about-?author|gallery|slideshow|"
    r"carousel|video-?(?:player|caption)|player|jp-relatedposts|more-?(?:news|stories|from|on)|rating|poll|quiz|login|"
    r"register|disclaimer|editor-?s?-?picks?|next-?article|teaser|skip-link|infobox|pullquote|pull-quote|meta-?info)"
    r"(?:$|[\s_-])",
    re.IGNORECASE,
)
_AGAINST_HARD = re.compile(
    r"(?:^|[\s_-])(?:comments?|komentar|disqus\w*|footer|sidebar|side-?bar|related|terkait|recommend\w*|nav|menu|"
    r"newsletter|cookie\w*|consent|modal|popup|widget|popular|terpopuler|populer|trending|rekomendasi|baca-?juga|"
    r"read-?also|promo|banner|subscribe|teaser|most-?read|pilihan|indeks)(?:$|[\s_-])",
    re.IGNORECASE,
)
_CAPTION = re.compile(
    r"(?:^|[\s_-])(?:captions?|wp-caption-text|credits?|image-?(?:title|text|desc\w*)|photo-?(?:text|desc\w*))(?:$|[\s_-])",
    re.I,
)
_CONTENT_SAYS = re.compile(r"(?:^|[\s_-])(?:article|entry|post|story|news|content|detail|read|main)(?:[\s_-]|$)", re.I)
NAME_CHARS = 300
"""Characters of class and id that are looked at."""


def joined_names(attributes: Attributes) -> str:
    """Class and id of an element as one string; a space where it has neither."""
    if not attributes:
        return " "
    return f"{attributes.get('class') or ''} {attributes.get('id') or ''}"[:NAME_CHARS]


@lru_cache(maxsize=8192)  # templates repeat their names on every page; a name's meaning depends on nothing else
def speaks_against(names: str) -> bool:
    """Whether a name is that of furniture inside or around a story."""
    return bool(_AGAINST.search(names))


@lru_cache(maxsize=8192)
def speaks_hard_against(names: str) -> bool:
    """Whether a name is that of furniture wherever it stands."""
    return bool(_AGAINST_HARD.search(names))


class _Walk:
    """One walk over a container that collects its blocks."""

    __slots__ = ("blocks", "linked", "numbers", "parts", "without")

    def __init__(self, without: frozenset[int]) -> None:
        self.numbers = _numbers()
        self.without = without
        self.blocks: list[Block] = []
        self.parts: list[str] = []
        self.linked = 0

    def flush(self, kind: BlockKind) -> None:
        parts = self.parts
        if not parts:
            return
        text = one_line(parts[0] if len(parts) == 1 else "".join(parts))
        linked, self.linked = self.linked, 0
        self.parts = []
        if text and len(self.blocks) < MAX_BLOCKS:
            share = round(min(1.0, linked / len(text)), 3) if linked else 0.0
            self.blocks.append(Block(text=text, kind=kind, link_share=share))

    def into(self, node: LexborNode, kind: BlockKind, depth: int, *, link: bool = False) -> None:
        if depth > MAX_DEPTH:
            return
        numbers = self.numbers
        skipped, blocks, line_break = numbers.skipped, numbers.blocks, numbers.line_break
        breaks = 0
        for child in node.iter(include_text=True):
            tag = child.tag_id
            if tag == TEXT:
                text = child.text_content or ""
                if breaks and not text.isspace():
                    breaks = 0
                self.parts.append(text)
                if link:
                    self.linked += len(text.strip())
            elif tag == line_break:
                breaks += 1
                if breaks >= 2:
                    self.flush(kind)
                else:
                    self.parts.append(" ")
            elif tag in blocks:
                self.flush(kind)
                self._block(child, tag, kind, depth)
                breaks = 0
            elif tag in skipped or tag == COMMENT or (tag > KNOWN and child.tag in _SKIPPED_STRANGE):
                continue
            elif tag == numbers.rule:
                self.flush(kind)
            else:
                if tag > KNOWN and len(child.text(deep=True)) >= PARAGRAPH:
                    self.flush(kind)
                    self._block(child, tag, kind, depth)
                    breaks = 0
                    continue
                attributes = child.attributes
                if attributes and (
                    is_hidden(attributes) or (tag == numbers.span and speaks_against(joined_names(attributes)))
                ):
                    continue
                self.into(child, kind, depth + 1, link=link or tag == numbers.link)
                breaks = 0

    def _block(self, child: LexborNode, tag: int, kind: BlockKind, depth: int) -> None:
        if self.without and child.mem_id in self.without:
            return
        numbers = self.numbers
        own = numbers.kinds.get(tag, kind)
        attributes = child.attributes
        if attributes:
            if is_hidden(attributes) and tag not in numbers.never_hidden:
                return
            names = joined_names(attributes)
            if names != " " and speaks_against(names):
                if _CAPTION.search(names):
                    own = BlockKind.CAPTION
                elif not _outweighs(child, names):
                    return
        if tag in numbers.lists and _is_navigation(child):
            return
        if tag == numbers.figure:
            own = BlockKind.CAPTION
        self.into(child, own, depth + 1)
        self.flush(own)


def _outweighs(node: LexborNode, names: str) -> bool:
    """Whether an element whose name speaks against it holds a story all the same."""
    if node.tag in {"p", "span", "li", "ul", "ol", "table", "h2", "h3", "h4", "h5"}:
        return False
    return bool(_CONTENT_SAYS.search(names)) and not speaks_hard_against(names) and len(_paragraph_text(node)) > 1200


def _paragraph_text(node: LexborNode) -> str:
    return "".join(p.text(deep=True) for p in node.css("p"))


def _is_navigation(node: LexborNode) -> bool:
    links = node.css("a")
    if not links:
        return False
    linked = sum(len((a.text(deep=True) or "").strip()) for a in links)
    return linked > LIST_LINKS * max(1, len((node.text(deep=True) or "").strip()))


def blocks_of(nodes: Iterable[LexborNode], *, without: frozenset[int] = frozenset()) -> list[Block]:
    """The blocks of some containers, in reading order, without navigation, what is named as furniture, and `without`
    (keys of elements)."""
    walk = _Walk(without)
    for node in nodes:
        tag = node.tag_id
        kind = walk.numbers.kinds.get(tag, BlockKind.PARAGRAPH)
        walk.into(node, kind, 0, link=tag == walk.numbers.link)
        walk.flush(kind)
    return walk.blocks
