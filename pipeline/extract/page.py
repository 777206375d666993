"""A captured HTML page into `Extracted`, or a `Reject` with its reason. One parsed tree, a cascade per field.

    bytes ─► refusals by bytes ─► scripts, navigation out ─► encoding ─► tree ─► metadata ─► one walk
          ─► story: selectors │ density │ JSON-LD │ where density is unsure, trafilatura
          ─► refusals by content ─► title, time, authors, section, canonical URL, language

A body may hold several documents, joined by `NEXT_PAGE`: the first gives the fields, each gives paragraphs.
"""

from __future__ import annotations

import codecs
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from pipeline.extract.budget import Budget
from pipeline.extract.charset import decode
from pipeline.extract.container import Place, find_container
from pipeline.extract.content import blocks_of
from pipeline.extract.fallback import Doubt, agrees, doubt_of, is_better, read_again, unfolded
from pipeline.extract.fields import find_authors, find_date, find_section, find_title
from pipeline.extract.item import extract_item, fragment_blocks
from pipeline.extract.language import language_of
from pipeline.extract.metadata import Metadata, canonical_of, read_metadata, title_element
from pipeline.extract.refusal import (
    Links,
    Refusal,
    is_challenge,
    partial_story,
    refuse_bytes,
    refuse_markup,
    refuse_story,
    refuse_tree,
    shows_little,
)
from pipeline.extract.scripts import Cut, Marks, cut_scripts, look
from pipeline.extract.survey import Survey, survey, take_out_hidden
from pipeline.model import ITEM_TYPE, Block, Extracted, Outlet, Page, Reject, RejectReason, Selectors

NEXT_PAGE = b"<!-- kawat:next-page -->"
"""Stands between the documents of a multi-page article."""

MAX_PAGES = 30

SELECTED_LEAST = 200
"""Characters that an outlet's own selector must find to be believed; below it the page is read generically."""

JSON_LD_GAIN = 1.6
"""How much longer than the story found an articleBody must be to replace it."""

JSON_LD_LEAST = 250
DENSITY_ENOUGH = 600
"""Characters of story above which JSON-LD is not asked."""

NO_SELECTORS = Selectors()


def as_it_was(outlet: Outlet, at: datetime) -> Outlet:
    """The outlet with the selectors that held when a page was fetched: archived pages keep the layout of their day."""
    if not outlet.former:
        return outlet
    return replace(outlet, selectors=outlet.selectors_on(at.astimezone(ZoneInfo(outlet.zone)).date()))


def _size(blocks: list[Block]) -> int:
    return sum(len(b.text) for b in blocks)


def _selected(tree: LexborHTMLParser, outlet: Outlet) -> list[LexborNode]:
    """The containers that the outlet's body selectors find, none inside another."""
    for selector in outlet.selectors.body:
        try:
            nodes = tree.css(selector)
        except (SelectolaxError, ValueError):
            continue
        seen = {node.mem_id for node in nodes}
        outer = []
        for node in nodes[:400]:
            parent = node.parent
            while parent is not None and parent.mem_id not in seen:
                parent = parent.parent
            if parent is None:
                outer.append(node)
        if outer:
            return outer
    return []


def _remove(tree: LexborHTMLParser, outlet: Outlet) -> None:
    for selector in outlet.selectors.remove:
        try:
            for node in reversed(tree.css(selector)):  # what is inside another must go first
                node.decompose()
        except (SelectolaxError, ValueError):
            continue


def _story(
    tree: LexborHTMLParser, seen: Survey, outlet: Outlet, meta: Metadata | None, title: str
) -> tuple[list[Block], Place | None, str]:
    """The blocks of the story, the place they stand in, and the step that found it."""
    if outlet.selectors.remove:
        _remove(tree, outlet)
        seen = survey(tree)
    chosen = _selected(tree, outlet)
    if chosen:
        blocks = blocks_of(chosen)
        if _size(blocks) >= SELECTED_LEAST:
            return blocks, Place(node=chosen[0], teasers=frozenset(), is_wide=False), "selectors"
    body = tree.body
    place = find_container(body, seen, title) if body is not None else None
    blocks = blocks_of([place.node], without=place.teasers) if place is not None else []
    size = _size(blocks)
    if meta is not None and size < DENSITY_ENOUGH and len(meta.body) >= max(JSON_LD_LEAST, JSON_LD_GAIN * size):
        told = fragment_blocks(meta.body.replace("\r", "\n"))
        if meta.is_free and agrees(told, blocks, title):
            return told, place, "json-ld"
    return blocks, place, "density"


def _markup(seen: Marks, content_type: str, *, furniture: bool) -> tuple[Cut, str, str]:
    """A document without scripts in UTF-8, the step that chose its encoding, and its text."""
    marked = seen.page.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if marked:  # UTF-16 prints no "<" as one byte
        seen = look(decode(seen.page)[0].encode())
    cut = cut_scripts(seen, furniture=furniture)
    text, charset = decode(cut.rest, content_type)
    if marked:
        return cut, "bom", text
    if charset != "utf-8":
        cut.rest = text.encode()
        cut.told = [decode(told, content_type)[0].encode() for told in cut.told]
        cut.furniture = [decode(piece, content_type)[0].encode() for piece in cut.furniture]
    return cut, charset, text


def extract(body: bytes, page: Page, outlet: Outlet, *, budget: Budget) -> Extracted | Reject:
    """What a captured page says. Content cannot make it raise; time is looked at between the steps."""

    def reject(refusal: Refusal) -> Reject:
        return Reject(
            key=page.key, outlet=outlet.slug, url=page.final_url or page.url, reason=refusal[0], detail=refusal[1]
        )

    if page.content_type.startswith(ITEM_TYPE) and page.status < 400:
        return extract_item(body, page, outlet, budget=budget)
    outlet = as_it_was(outlet, page.fetched_at)
    refusal = refuse_bytes(body, page.status, page.content_type, budget)
    if refusal is not None:
        return reject(refusal)
    marks = look(body)
    further: list[bytes] = []
    if marks.may_hold(NEXT_PAGE):
        first, *further = body.split(NEXT_PAGE)[:MAX_PAGES]
        marks = look(first)
    plain = outlet.selectors == NO_SELECTORS  # an outlet's own selectors may ask for anything
    cut, charset, text = _markup(marks, page.content_type, furniture=plain)
    url = page.final_url or page.url
    late = (RejectReason.TOO_SLOW, "the time for one page is over")
    if budget.spent():
        return reject(late)
    if "\ufffd" in text and text.count("\ufffd") * 5 > len(text):
        return reject((RejectReason.ENCODING, f"read as {charset}"))
    refusal = refuse_markup(cut.rest, budget)
    if refusal is not None:
        return reject(refusal)
    tree = LexborHTMLParser(cut.rest, scripting=True)
    root = tree.body
    if root is None:
        return reject((RejectReason.NOT_HTML, "no body element"))
    seen = whole = survey(tree)
    meta = read_metadata(cut.told, tree, seen)
    if not plain or not meta.dates:  # the text around headline and selectors is asked for: it must be what is seen
        take_out_hidden(tree, budget)
        seen = survey(tree)
    if budget.spent():
        return reject(late)
    host = urlsplit(url).hostname or ""
    title, title_step = find_title(tree, seen, meta, outlet, host=host, hint=page.title_hint)
    stamp, raw, date_step = find_date(tree, meta, outlet, url=url, hint=page.published_hint, now=page.fetched_at)
    authors, author_step = find_authors(tree, meta, outlet)
    section, section_step = find_section(tree, meta, outlet)
    lang_attribute = (tree.root.attributes.get("lang") or "") if tree.root is not None else ""
    if budget.spent():
        return reject(late)
    blocks, place, body_step = _story(tree, seen, outlet, meta, title)
    page_title = title_element(tree, meta)
    page_title = title if page_title is None else page_title
    doubted = is_challenge(page_title) or shows_little(blocks, cut, body_step)
    selected = body_step == "selectors"
    is_article = meta.is_article or selected
    is_wide = place is None or place.is_wide
    doubt = doubt_of(seen, whole, blocks, title, is_wide=is_wide) if body_step == "density" else None
    links = Links()
    if not is_article or doubted or doubt is not None:
        links = Links.of(place.node if place is not None else root, root, cut)
    visible = ""
    if doubted or doubt is not None:
        take_out_hidden(tree, budget)  # and with it may go elements that were noted: only the text is asked from here
        visible = " ".join(" ".join((root.text(deep=True, separator=" "), *cut.furniture_texts())).split())
    refusal = refuse_tree(page_title, visible, is_article=meta.is_article) if doubted else None
    if refusal is not None:
        return reject(refusal)

    def judged(links: Links) -> tuple[Refusal | None, str]:
        refusal = refuse_story(
            blocks,
            links=links,
            visible=visible,
            is_article=is_article,
            is_free=meta.is_free,
            script_chars=cut.script_bytes,
        )
        if refusal is not None or further:
            return refusal, ""
        words = meta.words
        return None, partial_story(blocks, visible=visible, is_free=meta.is_free, told_words=words, selected=selected)

    refusal, partial = judged(links)
    unread = (
        refusal is None or refusal[0] is RejectReason.EMPTY or (refusal[0] is RejectReason.INDEX and meta.is_article)
    )
    if doubt is not None and unread and partial != "paywalled":
        again, budget = read_again(unfolded(text) if doubt is Doubt.FOLDED else tree.html or "", budget)
        if budget.spent():
            return reject(late)
        if is_better(again, blocks, title, doubt):
            blocks, body_step = again, "trafilatura"
            refusal, partial = judged(Links(every=links.every))
    if refusal is not None:
        return reject(refusal)
    for document in further:
        if budget.spent():
            return reject(late)
        rest = _markup(look(document), page.content_type, furniture=plain)[0].rest
        refusal = refuse_markup(rest, budget)
        if refusal is not None:
            return reject(refusal)
        more = LexborHTMLParser(rest, scripting=True)
        blocks = blocks + _story(more, survey(more), outlet, None, title)[0]
    language = language_of(" ".join(b.text for b in blocks if len(b.text) > 40)[:4000])
    language_step = "stop-words"
    if language == "und" and lang_attribute[:2].isalpha() and len(lang_attribute) >= 2:
        language, language_step = lang_attribute[:2].lower(), "lang attribute"
    canonical, canonical_step = canonical_of(meta.canonicals, url)
    return Extracted(
        title=title,
        blocks=tuple(blocks),
        authors=authors,
        published=stamp,
        published_raw=raw,
        section=section,
        canonical_url=canonical,
        language=language,
        steps=(
            ("title", title_step),
            ("body", body_step),
            ("published", date_step),
            ("authors", author_step),
            ("section", section_step),
            ("canonical_url", canonical_step),
            ("language", language_step),
            ("charset", charset),
        ),
        partial=partial,
    )
