"""One walk over a parsed page that notes where things are, and what a reader does not see.

Every walk over a tree costs as much as half a parse, whatever it looks for; so the page is asked once. What is hidden
is not taken out but known: an element is asked when something is read from it or below it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from pipeline.extract.budget import Budget
from pipeline.extract.tags import KNOWN, TEXT, number_of, numbers_of

PIECE = 16
"""Characters from which a piece of text is noted: shorter ones are words of menus, or a link within a line."""

MOST_PIECES = 20_000
LEVELS = 14
"""Ancestors of a piece of text that are considered; page templates nest less between text and story."""

_RAW = "noscript iframe textarea script style"
_CONTROLS = "template button select object embed"
_PHRASING = (
    "a b strong i em u s small big font span sub sup mark abbr cite code q var kbd tt strike del bdi bdo data dfn label"
)
_BEARING = "p div td article section pre"
_SOMETIMES = "li center dd dt blockquote"
_SUBHEADS = "h2 h3 h4 h5"
NEVER_HIDDEN = "body html article main"
"""Elements that hold all of a page: what an attribute says of them is undone by a script."""

_ASKED = ", ".join(("[style]", "[hidden]", "[aria-hidden=true]", *_RAW.split(), *_CONTROLS.split()))
_HIDING = re.compile(r"display:none|visibility:hidden|font-size:0(?![.\d])|opacity:0(?:;|$)")  # in lower case
_WHITE = re.compile(
    r"(?:^|;)\s*color\s*:\s*(?:#fff(?:fff)?\b|white\b|rgb\(\s*255,\s*255,\s*255\s*\)|transparent)", re.I
)
_BACKGROUND = re.compile(r"background(?:-color)?\s*:\s*(?!\s*(?:#fff|white|transparent|none))", re.I)
Attributes = Mapping[str, str | None]


@dataclass(slots=True, kw_only=True)
class Bearer:
    """An element that bears text of its own: how much, and how much of it in links."""

    node: LexborNode
    tag: int
    opening: str  # its first piece of text
    link: LexborNode | None  # what it opens with, or stands in it, where that is a link
    size: int = 0
    linked: int = 0

    @property
    def is_sometimes(self) -> bool:
        """Whether it bears a story only where no better element does."""
        return self.tag in numbers_of(_SOMETIMES) or self.tag > KNOWN


@dataclass(slots=True)
class Survey:
    """Where things stand in a page, each in reading order."""

    metas: list[Attributes] = field(default_factory=list)
    heads: list[LexborNode] = field(default_factory=list)
    subheads: list[LexborNode] = field(default_factory=list)
    bearers: list[Bearer] = field(default_factory=list)


def survey(tree: LexborHTMLParser) -> Survey:
    """Note headlines, the elements that bear text, and the meta elements of the body."""
    found = Survey()
    body = tree.body
    if body is None:
        return found
    metas: list[LexborNode] = []
    noted = {number_of("h1"): found.heads, number_of("meta"): metas}
    noted |= dict.fromkeys(numbers_of(_SUBHEADS), found.subheads)
    pieces: list[tuple[LexborNode, str]] = []
    for node in body.traverse(include_text=True, skip_empty=True):
        tag = node.tag_id
        if tag == TEXT:
            text = node.text_content
            if text and len(text) >= PIECE and not text.isspace():
                pieces.append((node, text))
        elif tag in noted:
            noted[tag].append(node)
    found.metas = [node.attributes for node in metas]
    found.bearers = _bearers(pieces[:MOST_PIECES])
    return found


def _bearers(pieces: list[tuple[LexborNode, str]]) -> list[Bearer]:
    """The elements that the pieces stand in, without elements that only mark words."""
    phrasing, link, bearing = numbers_of(_PHRASING), number_of("a"), numbers_of(f"{_BEARING} {_SOMETIMES}")
    found: dict[int, Bearer] = {}
    for node, text in pieces:
        anchor = None
        above = inner = node.parent
        while above is not None and (tag := above.tag_id) in phrasing:
            inner = above
            anchor = above if tag == link else anchor
            above = above.parent
        if above is None or (tag not in bearing and tag < KNOWN):
            continue
        key = above.mem_id
        known = found.get(key)
        said = text.strip()
        if known is None:
            known = found[key] = Bearer(node=above, tag=tag, opening=said, link=None if anchor is None else inner)
        known.size += len(said)
        if anchor is not None:
            known.linked += len(said)
    return list(found.values())


def is_hidden(attributes: Attributes) -> bool:
    """Whether attributes say that a reader does not see the element: hidden, or white text on a white ground."""
    if not attributes:
        return False
    if "hidden" in attributes or attributes.get("aria-hidden") == "true":
        return True
    style = attributes.get("style")
    if not style:
        return False
    style = style.lower()
    if _HIDING.search(style.replace(" ", "")):
        return True
    return "color" in style and bool(_WHITE.search(style)) and not _BACKGROUND.search(style)


def is_seen(node: LexborNode) -> bool:
    """Whether neither an element nor one of those around it is hidden."""
    never, html = numbers_of(NEVER_HIDDEN), number_of("html")
    each: LexborNode | None = node
    for _ in range(LEVELS):
        if each is None or (tag := each.tag_id) == html:
            return True
        if tag not in never and is_hidden(each.attributes):
            return False
        each = each.parent
    return True


def take_out_hidden(tree: LexborHTMLParser, budget: Budget) -> None:
    """Take hidden elements, controls and what only shows without scripts out of a page, for who reads all its text.
    Ends early where the time for the page is over."""
    root = tree.root
    if root is None:
        return
    never, controls = numbers_of(NEVER_HIDDEN), numbers_of(f"{_CONTROLS} {_RAW}")
    gone: set[int] = set()
    for count, node in enumerate(root.css(_ASKED)):
        key = node.mem_id
        if key in gone:
            continue
        tag = node.tag_id
        if tag in controls or (tag not in never and is_hidden(node.attributes)):
            gone.add(key)
            if any(child.tag_id != TEXT for child in node.iter(include_text=True)):
                gone.update(inner.mem_id for inner in node.css(_ASKED))
            node.decompose()
        if count % 256 == 255 and budget.spent():
            return
