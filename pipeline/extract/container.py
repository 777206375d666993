"""Which element of a page holds the story: our own finder, by density of paragraphs.

Every good paragraph gives its length to each of its ancestors; the deepest element that holds `CORE_SHARE` of all is
the story, or one that holds `NAMED_SHARE` and is named as an article's body. Teasers of other stories (a linked
headline with a paragraph) and what stands under a name of furniture do not count. Thresholds were set on half of 90
saved news pages with human truth.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from dataclasses import dataclass, field
from functools import lru_cache

from selectolax.lexbor import LexborNode

from pipeline.extract.content import joined_names, speaks_hard_against
from pipeline.extract.survey import LEVELS, NEVER_HIDDEN, Survey, is_hidden
from pipeline.extract.tags import TEXT, number_of, numbers_of

GOOD_CHARS = 60
"""Characters from which a paragraph counts for the finder."""

GOOD_LINKS = 0.35
"""Share of link text above which a paragraph does not count."""

LONG_CHARS = 300
"""Characters from which a paragraph is not asked for its links: lists of links are shorter."""

SHORT_WEIGHT = 0.6
"""What a character counts in a paragraph shorter than twice `GOOD_CHARS`: captions and teasers are."""

CORE_SHARE = 0.75
"""Share of all good text that the story's container holds."""

NAMED_SHARE = 0.6
"""The same for an element that is named as the body of an article."""

HEAD_SHARE = 0.15
"""Share of a page's good text that stands with its headline for the headline to decide."""

HEAD_CHARS = 200
"""Good text that stands with the headline at the least."""

MOST = 0.5
"""Share of a page's paragraph text from which an element's name does not speak against what is in it."""

TWIN_GAIN = 1.5
"""How much more text the parent may hold when a twin of the container joins it: the rest of a story, not a list."""

PART_SHARE = 0.25
"""Share of a wide place's text that the part with the headline must hold to be the story."""

SPREAD = 0.8
"""Share of a place's text that stands in one element of it; where less does, and the headline is inside it too, or it
is not `OUTER` levels deep, the place is wide: it may be the page's outermost element."""

OUTER = 3

TEASER_LEVELS = 3
"""Ancestors of a linked headline within which its teaser stands."""

TEASER_CHARS = 450
"""Good text beside a linked headline from which it is no teaser of another story."""

MANY_HEADS = 200
"""Headlines of a page that are looked at."""

MANY_TEASERS = 3
"""Linked headlines with a teaser from which a page has a list of other stories."""

PLAIN_ENOUGH = 1_500
"""Characters of good paragraphs from which text in items and inline elements is not looked for."""

_NO_STORY = "a template button select object"
_REFUSED = "aside footer nav"
_LINE_ENDS = "br p div ul ol section table"
_CLAIMS = ("©", "Copyright", "COPYRIGHT", "copyright", "Hak cipta", "Hak Cipta", "All rights reserved")
_TOO_NARROW_WORDS = "p span font ul ol li b strong em i a tr tbody table dl blockquote"
_TOO_NARROW = frozenset(_TOO_NARROW_WORDS.split())
_FOOT_NAME = re.compile(
    r"(?:^|[\s_-])(?:footer|copyright|cookies?|consent|comments?|komentar|disqus\w*)(?:$|[\s_-])", re.I
)
_BODY_NAME = re.compile(
    r"(?:^|[\s_-])(?:article|story|post|entry|news|detail|artikel|berita|isi|read|body|single)[\s_-]{0,2}"
    r"(?:body|content|text|copy|isi|konten|artikel|berita)(?:$|[\s_-])|articlebody|storybody",
    re.IGNORECASE,
)


_TOP, _NOWHERE = 0, -1


@dataclass(slots=True)
class _Found:
    """Good paragraphs: the weight of those that stand in an element, by its key, and the keys over each; and of every
    element over one, by key, the element, its names, and the key of the element around it (`_TOP` below html;
    `_NOWHERE` for links, whose text is another page's, and for what is hidden)."""

    weights: dict[int, float] = field(default_factory=dict)
    chains: dict[int, list[int]] = field(default_factory=dict)
    nodes: dict[int, LexborNode] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)
    around: dict[int, int] = field(default_factory=dict)
    refused: set[int] = field(default_factory=set)  # by tag or name
    bodies: set[int] = field(default_factory=set)  # named as the body of an article

    def chain(self, node: LexborNode) -> list[int]:
        """Keys of an element and its ancestors, none where one of them is a link or hidden."""
        key = node.mem_id
        known = self.chains.get(key)
        if known is None:
            self.nodes.setdefault(key, node)
            known = self.chains[key] = self._upwards(key)
        return known

    def _upwards(self, key: int) -> list[int]:
        keys: list[int] = []
        while key != _TOP and len(keys) < LEVELS:
            above = self._above(key)
            if above == _NOWHERE:
                return []
            keys.append(key)
            key = above
        return keys

    def depth(self, key: int) -> int:
        """Levels below the page's outermost element."""
        depth = 0
        while (key := self._above(key)) > _TOP:
            depth += 1
        return depth

    def _above(self, key: int) -> int:
        above = self.around.get(key)
        if above is None:
            above = self.around[key] = self._ask(key)
        return above

    def _ask(self, key: int) -> int:
        node = self.nodes[key]
        tag, attributes = node.tag_id, node.attributes
        if tag in numbers_of(_NO_STORY):
            return _NOWHERE
        refused, names = tag in numbers_of(_REFUSED), " "
        if attributes:
            never = tag in numbers_of(NEVER_HIDDEN)
            if not never and is_hidden(attributes):
                return _NOWHERE
            names = joined_names(attributes)
            if names != " ":
                refused = refused or (not never and speaks_hard_against(names))
                if _names_body(names):
                    self.bodies.add(key)
            if "articleBody" in (attributes.get("itemprop") or ""):
                self.bodies.add(key)
        self.names[key] = names
        if refused:
            self.refused.add(key)
        above = node.parent
        if above is None or above.tag_id == number_of("html"):
            return _TOP
        self.nodes.setdefault(above.mem_id, above)
        return above.mem_id

    def weigh(self, without: Set[int]) -> dict[int, float]:
        """The good text in each element, but for that under some elements."""
        sums: dict[int, float] = {}
        for place, weight in self.weights.items():
            keys = self.chains[place]
            if without and not without.isdisjoint(keys):
                continue
            for key in keys:
                sums[key] = sums.get(key, 0.0) + weight
        return sums


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the story stands, the keys (`mem_id`) of elements in it that hold teasers of other stories, and whether it
    is so wide that it may hold more than the story."""

    node: LexborNode
    teasers: frozenset[int]
    is_wide: bool


def _upwards(node: LexborNode) -> Iterator[LexborNode]:
    each: LexborNode | None = node
    for _ in range(LEVELS):
        if each is None or each.tag_id == number_of("html"):
            return
        yield each
        each = each.parent


def _gather(seen: Survey) -> _Found:
    found = _Found()
    paragraph = number_of("p")
    good = [
        bearer
        for bearer in seen.bearers
        if bearer.size >= GOOD_CHARS
        and (bearer.linked <= GOOD_LINKS * bearer.size or bearer.size >= LONG_CHARS)
        and not bearer.opening.startswith(_CLAIMS)
    ]
    enough = sum(bearer.size for bearer in good if bearer.tag == paragraph) >= PLAIN_ENOUGH
    weights = found.weights
    for bearer in good:
        if enough and bearer.is_sometimes:
            continue
        node: LexborNode | None = bearer.node
        if bearer.tag == paragraph:
            node = None if is_hidden(bearer.node.attributes) else bearer.node.parent
        if node is not None and found.chain(node):
            size, key = bearer.size, node.mem_id
            weights[key] = weights.get(key, 0.0) + size * (1.0 if size >= 2 * GOOD_CHARS else SHORT_WEIGHT)
    return found


def _teasers(seen: Survey, weights: dict[int, float]) -> frozenset[int]:
    """Elements that hold a linked headline, or open with a link on a line of its own, and no more text than a teaser
    has; none where they are few."""
    headed: list[int] = []
    for head in seen.subheads[:MANY_HEADS] if len(seen.subheads) >= MANY_TEASERS else ():
        around: LexborNode | None = head if _is_link(head) else None
        outer = -1
        for _ in range(TEASER_LEVELS + 2):
            if around is None or weights.get(key := around.mem_id, 0.0) > TEASER_CHARS:
                break
            if key in weights:
                outer = key
            around = around.parent
        if outer >= 0:
            headed.append(outer)
    opened: set[int] = set()
    for bearer in seen.bearers:
        if bearer.link is not None:
            lowest = bearer.node.mem_id
            if lowest not in weights and (around := bearer.node.parent) is not None:
                lowest = around.mem_id
            if 0.0 < weights.get(lowest, 0.0) <= TEASER_CHARS and _is_line(bearer.link):
                opened.add(lowest)
    found = set(headed) if len(headed) >= MANY_TEASERS else set()
    return frozenset(found | opened if len(opened) >= MANY_TEASERS else found)


def _is_line(link: LexborNode) -> bool:
    """Whether a line ends behind a link."""
    after = link.next
    while after is not None and after.tag_id == TEXT and (after.text_content or "").isspace():
        after = after.next
    return after is None or after.tag_id in numbers_of(_LINE_ENDS)


def _is_link(head: LexborNode) -> bool:
    """Whether a headline is a link: it stands in one, or one in it."""
    link, span = number_of("a"), number_of("span")
    parent = head.parent
    if parent is not None and (parent.tag_id == link or (parent.parent is not None and parent.parent.tag_id == link)):
        return True
    return any(child.tag_id == link or (child.tag_id == span and child.css("a")) for child in head.iter())


def find_container(body: LexborNode, seen: Survey, title: str = "") -> Place | None:
    """Where the story of a page stands, None where there is no good paragraph.

    A paragraph under an element whose name speaks against it does not count, unless that element holds most of the
    page's text and is no foot of it: then the name is the template's, not the paragraph's.
    """
    found = _gather(seen)
    if not found.weights:
        return None
    everything = sum(found.weights.values())
    nodes, sizes = found.nodes, found.weigh(frozenset())
    refused = {
        key
        for key in found.refused & sizes.keys()
        if sizes[key] < MOST * everything or (sizes[key] < everything and _FOOT_NAME.search(found.names[key]))
    }
    teasers = _teasers(seen, sizes)
    without = refused | teasers
    weights = found.weigh(without) if without else sizes
    if not weights:
        weights = sizes
        teasers = frozenset()
    total = sum(weight for key, weight in found.weights.items() if without.isdisjoint(found.chains[key])) or everything
    core = [
        key
        for key, weight in weights.items()
        if weight >= CORE_SHARE * total or (weight >= NAMED_SHARE * total and key in found.bodies)
    ]
    if not core:
        return Place(node=body, teasers=teasers, is_wide=True)
    best = nodes[max(core, key=found.depth)]
    best = _under_headline(best, seen, weights, total, found) or best
    best = _with_twins(best, weights, nodes)
    wide = _is_wide(best, seen, found, without)
    if wide:
        part = _headlined_part(best, seen, title, weights, nodes)
        wide = part is best or _is_wide(part, seen, found, without)
        best = part
    while best.tag in _TOO_NARROW and best.parent is not None and best.parent.tag not in {"html", None}:
        best = best.parent
    return Place(node=best, teasers=teasers, is_wide=wide)


def _under_headline(
    best: LexborNode, seen: Survey, weights: dict[int, float], total: float, found: _Found
) -> LexborNode | None:
    """The lowest element that holds the page's one headline and some text, where the densest element is outside it."""
    if len(seen.heads) != 1:
        return None
    above = set(found.chain(best))
    for each in _upwards(seen.heads[0]):
        key = each.mem_id
        if weights.get(key, 0.0) >= max(HEAD_CHARS, HEAD_SHARE * total):
            inside = key in above or best.mem_id in found.chain(each)
            return None if inside else each
    return None


@lru_cache(maxsize=8192)  # templates repeat their names
def _names_body(names: str) -> bool:
    return bool(_BODY_NAME.search(names))


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


def _is_wide(place: LexborNode, seen: Survey, found: _Found, without: Set[int]) -> bool:
    """Whether the text of a place stands in no one element of it, and the place is an outer one of the page."""
    if place.tag_id == number_of("body"):
        return True
    key = place.mem_id
    shares = [
        weight
        for at, weight in found.weights.items()
        if key in found.chains[at] and without.isdisjoint(found.chains[at])
    ]
    if not shares or max(shares) >= SPREAD * sum(shares):
        return False
    return found.depth(key) < OUTER or any(each.mem_id == key for head in seen.heads[:3] for each in _upwards(head))


def _headlined_part(
    body: LexborNode, seen: Survey, title: str, weights: dict[int, float], nodes: dict[int, LexborNode]
) -> LexborNode:
    """Where a wide place would be the container: the deepest part with the headline and `PART_SHARE` of its text."""
    wanted = "".join(title.split()).casefold()
    for head in (seen.heads + seen.subheads)[:MANY_HEADS] if wanted else ():
        if "".join(head.text(deep=True).split()).casefold() == wanted:
            for ancestor in _upwards(head):
                if weights.get(ancestor.mem_id, 0.0) >= PART_SHARE * weights.get(body.mem_id, 0.0):
                    return nodes[ancestor.mem_id]
    return body
