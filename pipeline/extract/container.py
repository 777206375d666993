"""Which element of a page holds the story: our own finder, by density of paragraphs.

Every good paragraph gives its length to each of its ancestors; the deepest element that holds `CORE_SHARE` of all is
the story. Thresholds were set on 90 saved news pages with human truth.
"""

from __future__ import annotations

from collections.abc import Iterator

from selectolax.lexbor import LexborNode

from pipeline.extract.content import AGAINST_HARD, names_of

GOOD_CHARS = 60
"""Characters from which a paragraph counts for the finder."""

GOOD_LINKS = 0.35
"""Share of link text above which a paragraph does not count."""

CORE_SHARE = 0.75
"""Share of all good text that the story's container holds."""

MOST = 0.5
"""Share of a page's paragraph text from which an element's name does not speak against what is in it."""

TWIN_GAIN = 1.5
"""How much more text the parent may hold when a twin of the container joins it: the rest of a story, not a list."""

PART_SHARE = 0.4
"""Share of a body without one container that the part with the headline must hold to be the story."""

LEVELS = 14
"""Ancestors of a paragraph that are considered; page templates nest less between text and story."""

_TEXT_BEARERS = ("p", "div, td, article, section, li, span, font, pre, center")

_TOO_NARROW_WORDS = "p span font ul ol li b strong em i a tr tbody table dl blockquote"

_TOO_NARROW = frozenset(_TOO_NARROW_WORDS.split())


def _ancestors(node: LexborNode) -> Iterator[LexborNode]:
    parent = node.parent
    for _ in range(LEVELS):
        if parent is None or parent.tag in {"html", "-document", None}:
            return
        yield parent
        parent = parent.parent


def _link_chars(node: LexborNode) -> int:
    return sum(len(a.text(deep=True)) for a in node.css("a"))


def find_container(body: LexborNode, title: str = "") -> LexborNode | None:
    """The deepest element that holds `CORE_SHARE` of the page's good paragraph text, None where there is none.

    A paragraph under an element whose name speaks against it does not count, unless that element holds most of the
    page's text: then the name is the template's, not the paragraph's.
    """
    nodes: dict[int, LexborNode] = {}
    found: list[tuple[float, list[int]]] = []
    size_of: dict[int, float] = {}
    everything = 0.0
    for selector in _TEXT_BEARERS:
        deep = selector == "p"
        for node in body.css(selector):
            size = len(node.text(deep=deep).strip())
            if size < GOOD_CHARS or _linked_away(node, size, deep=deep):
                continue
            chain = list(_ancestors(node)) if deep else [node, *_ancestors(node)]
            keys = [ancestor.mem_id for ancestor in chain]
            weight = size * (1.0 if size >= 2 * GOOD_CHARS else 0.6)
            everything += weight
            found.append((weight, keys))
            for key, ancestor in zip(keys, chain, strict=True):
                size_of[key] = size_of.get(key, 0.0) + weight
                nodes.setdefault(key, ancestor)
    if not found:
        return None
    refused = {key for key, size in size_of.items() if size < MOST * everything and _is_refused(nodes[key])}
    weights: dict[int, float] = {}
    total = 0.0
    for weight, keys in found:
        if refused and not refused.isdisjoint(keys):
            continue
        total += weight
        for key in keys:
            weights[key] = weights.get(key, 0.0) + weight
    enough = [key for key, weight in weights.items() if weight >= CORE_SHARE * total]
    if not enough:
        return body
    best = nodes[min(enough, key=lambda key: _height(nodes[key]))]
    best = _with_twins(best, weights, nodes)
    if best.tag == "body":
        best = _headlined_part(best, title, weights, nodes)
    while best.tag in _TOO_NARROW and best.parent is not None and best.parent.tag not in {"html", None}:
        best = best.parent
    return best


def _with_twins(best: LexborNode, weights: dict[int, float], nodes: dict[int, LexborNode]) -> LexborNode:
    """The parent, where elements of the same class beside the container, or beside its wrapper, carry story too."""
    here = best
    for _ in range(2):
        parent, name = here.parent, here.attributes.get("class")
        if parent is None or parent.mem_id not in weights or weights[parent.mem_id] > TWIN_GAIN * weights[here.mem_id]:
            return best
        for twin in parent.iter():
            key = twin.mem_id
            if name and key != here.mem_id and key in weights and twin.attributes.get("class") == name:
                return nodes[parent.mem_id]
        here = parent
    return best


def _headlined_part(
    body: LexborNode, title: str, weights: dict[int, float], nodes: dict[int, LexborNode]
) -> LexborNode:
    """Where the whole body would be the container: the deepest part with the headline and `PART_SHARE` of the text."""
    wanted = "".join(title.split()).casefold()
    for head in body.css("h1, h2")[:40] if wanted else ():
        if "".join(head.text(deep=True).split()).casefold() == wanted:
            for ancestor in _ancestors(head):
                if weights.get(ancestor.mem_id, 0.0) >= PART_SHARE * weights.get(body.mem_id, 0.0):
                    return nodes[ancestor.mem_id]
    return body


def _height(node: LexborNode) -> int:
    """Negative depth below the body: the deepest element is the least."""
    depth, parent = 0, node.parent
    while parent is not None and depth < 10 * LEVELS:
        depth += 1
        parent = parent.parent
    return -depth


def _linked_away(node: LexborNode, size: int, *, deep: bool) -> bool:
    if not deep:
        return node.tag == "a"
    return _link_chars(node) > GOOD_LINKS * size


def _is_refused(node: LexborNode) -> bool:
    tag = node.tag
    if tag in {"aside", "footer", "nav"}:
        return True
    names = names_of(node)
    return tag not in {"body", "html", "main", "article"} and bool(AGAINST_HARD.search(names))
