"""One walk over a parsed page that takes out what a reader does not see and notes where things are.

Every walk over a tree costs as much as half a parse, whatever it looks for; so the page is asked once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from pipeline.extract.budget import Budget

_RAW = frozenset({"noscript", "iframe", "textarea", "script", "style"})
_CONTROLS = frozenset({"template", "button", "select", "object", "embed"})
_NEVER_HIDDEN = frozenset({"body", "html", "article", "main"})
_SUBHEADS = frozenset({"h2", "h3", "h4", "h5"})
_OUTER = frozenset({"div", "td", "article", "section", "pre"})
_ASKED = ", ".join(
    (
        "meta[content]",
        "h1",
        "p",
        "[style]",
        "[hidden]",
        "[aria-hidden=true]",
        *_RAW,
        *_CONTROLS,
        *_SUBHEADS,
        *_OUTER,
    )
)
_HIDING = re.compile(r"display:none|visibility:hidden|font-size:0(?![.\d])|opacity:0(?:;|$)", re.I)
_WHITE = re.compile(
    r"(?:^|;)\s*color\s*:\s*(?:#fff(?:fff)?\b|white\b|rgb\(\s*255,\s*255,\s*255\s*\)|transparent)", re.I
)
_BACKGROUND = re.compile(r"background(?:-color)?\s*:\s*(?!\s*(?:#fff|white|transparent|none))", re.I)


@dataclass(slots=True)
class Survey:
    """Where things stand in a page, each in reading order; nothing in it is hidden."""

    metas: list[dict[str, str | None]] = field(default_factory=list)  # attributes
    heads: list[LexborNode] = field(default_factory=list)
    subheads: list[LexborNode] = field(default_factory=list)
    paragraphs: list[LexborNode] = field(default_factory=list)
    outer: list[LexborNode] = field(default_factory=list)  # may bear text of their own: div and its like


def survey(tree: LexborHTMLParser, budget: Budget) -> Survey:
    """Take out hidden elements, white text on a white ground and controls, and note the rest.

    An element that is asked for by its name and by an attribute is answered twice in a row, so that only the second
    answer needs a look at its attributes. Ends early where the time for the page is over.
    """
    found = Survey()
    root = tree.root
    if root is None:
        return found
    kinds = {
        "h1": found.heads,
        "p": found.paragraphs,
        **dict.fromkeys(_SUBHEADS, found.subheads),
        **dict.fromkeys(_OUTER, found.outer),
    }
    gone: set[int] = set()
    before = hidden = 0
    for node in root.css(_ASKED):
        key = node.mem_id
        if gone and key in gone:
            continue
        tag = node.tag or ""
        kind = kinds.get(tag)
        if key != before and kind is not None:
            before = key
            kind.append(node)
        elif key != before and tag == "meta":
            before = key
            found.metas.append(node.attributes)
        elif tag in _RAW:
            gone.add(key)
            node.decompose()
        elif tag in _CONTROLS or (tag not in _NEVER_HIDDEN and _is_hidden(node)):  # asked for by its attributes
            if key == before and kind is not None:
                kind.pop()
            gone.add(key)
            if any(child.tag != "-text" for child in node.iter(include_text=True)):
                for inner in node.css(_ASKED):
                    gone.add(inner.mem_id)
                    if inner.tag == "meta":
                        found.metas.append(inner.attributes)
            node.decompose()
            hidden += 1
            if hidden % 256 == 0 and budget.spent():
                break
    return found


def _is_hidden(node: LexborNode) -> bool:
    attributes = node.attributes
    if not attributes:
        return False
    if "hidden" in attributes or attributes.get("aria-hidden") == "true":
        return True
    style = attributes.get("style")
    if not style:
        return False
    if _HIDING.search(style.replace(" ", "")):
        return True
    return "color" in style.lower() and bool(_WHITE.search(style)) and not _BACKGROUND.search(style)
