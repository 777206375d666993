"""Title, time, authors and section of a page, each by its cascade: the outlet's selectors, structured data, what stands
near the headline, and last a fallback. Every answer names its step."""

from __future__ import annotations

import re
from datetime import datetime

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from pipeline.extract.dates import date_in_url, is_date_line, read_date
from pipeline.extract.metadata import Metadata, site_of, title_element
from pipeline.extract.plain import tidy
from pipeline.extract.survey import Survey, is_seen
from pipeline.model import Outlet, Stamp

MAX_DATE_NODES = 40
LONGEST_TITLE = 400
MAX_HEAD_CHARS = 40_000
NEAR_LINES = 24
"""Lines behind the headline within which its time is printed."""

_PUBLISHED = re.compile(r"(?:di(?:posting|terbit|publi|unggah|tayang|muat)|posted|published)", re.IGNORECASE)
_YEAR = re.compile(r"\b20\d\d\b")
_TAIL = re.compile(r"\s+(?:[|–—·»•]|-{1,2}|::?)\s+([^|–—·»•]{2,60})$")
_WORD = re.compile(r"[^\W_]+")
_DATE_NODES = (
    "[itemprop=datePublished], time, [class*=date i], [class*=time i], [class*=tanggal i], [class*=waktu i], "
    "[class*=publish i], [class*=posted i], [class*=created i], [id*=date i]"
)
_NOT_AUTHORS = frozenset({"admin", "administrator", "redaksi", "editor", "tim redaksi", "staff", "user", "root"})
_BY = re.compile(r"^\s*(?:oleh|by|penulis|reporter|jurnalis|pewarta|editor)\s*[:\-–]?\s+", re.IGNORECASE)


def select_text(tree: LexborHTMLParser, selectors: tuple[str, ...], *, join: bool = False) -> list[str]:
    """What an outlet's selectors find; meta and time elements answer with their attribute. Bad CSS finds none."""
    found: list[str] = []
    for selector in selectors:
        try:
            nodes = tree.css(selector)
        except (SelectolaxError, ValueError):
            continue
        for node in nodes[:20]:
            attributes = node.attributes
            value = (
                attributes.get("content")
                if node.tag == "meta"
                else attributes.get("datetime")
                if node.tag == "time"
                else None
            )
            text = tidy((value or node.text(deep=True, separator=" ")).replace("\n", " ")).strip()
            if text:
                found.append(text[:LONGEST_TITLE])
        if found and not join:
            break
    return found


def _fold(text: str) -> str:
    return "".join(_WORD.findall(text)).casefold()


def without_tail(title: str, outlet: Outlet, site_name: str, host: str) -> str:
    """A page title without the outlet's name at its end ("… | Harian Contoh", "… - Contoh.com")."""
    for _ in range(3):
        match = _TAIL.search(title)
        if match is None:
            return title
        tail = _fold(match[1])
        names = map(_fold, (outlet.name, site_name, outlet.slug, host, site_of(host).partition(".")[0]))
        if not any(
            name and (name == tail or (len(name) >= 5 and (name in tail or (len(tail) >= 5 and tail in name))))
            for name in names
        ):
            return title
        title = title[: match.start()].rstrip()
    return title


def find_title(
    tree: LexborHTMLParser, seen: Survey, meta: Metadata, outlet: Outlet, *, host: str, hint: str
) -> tuple[str, str]:
    """The headline: selector; the h1 that structured data confirms; structured data; h1; title element; the feed's."""
    chosen = select_text(tree, outlet.selectors.title)
    if chosen:
        return without_tail(chosen[0], outlet, meta.site_name, host), "selectors"
    heads = [
        text
        for text in (
            tidy(h.text(deep=True, separator=" ").replace("\n", " ")).strip() for h in seen.heads[:6] if is_seen(h)
        )
        if len(text) >= 8
    ]
    told = [(step, without_tail(value, outlet, meta.site_name, host)) for step, value in meta.titles]
    folded = [(head, _fold(head)) for head in heads]
    for step, value in told if folded else ():
        said = _fold(value)
        for head, bare in folded:
            if bare == said or (len(head) >= 20 and bare in said):
                return head[:LONGEST_TITLE], f"h1 = {step}"
    if told:
        best = next((pair for pair in told if pair[0] == "meta og:title"), told[0])
        return best[1][:LONGEST_TITLE], best[0]
    if len(heads) == 1:
        return heads[0][:LONGEST_TITLE], "h1"
    text = tidy((title_element(tree, meta) or "").replace("\n", " ")).strip()
    if text:
        return without_tail(text, outlet, meta.site_name, host)[:LONGEST_TITLE], "title element"
    return (heads[0][:LONGEST_TITLE], "h1") if heads else (hint, "feed")


def _near_headline(body: LexborNode, outlet: Outlet, now: datetime) -> Stamp | None:
    """A time printed on a short line of its own just behind the headline, or just before it."""
    head = body.css_first("h1")
    title = " ".join(head.text(deep=True).split()) if head is not None else ""
    lines = [" ".join(line.split()) for line in body.text(deep=True, separator="\n")[:MAX_HEAD_CHARS].split("\n")]
    lines = [line for line in lines if line]
    place = next((n for n, line in enumerate(lines) if title and line in title), 0)
    near = lines[place + 1 : place + 1 + NEAR_LINES] + lines[max(0, place - NEAR_LINES // 4) : place]
    for line in [line for line in lines if _PUBLISHED.match(line)] + (near if title else []):
        if len(line) <= 110 and _YEAR.search(line):
            stamp = read_date(line, zone=outlet.zone, now=now)
            whole = stamp is not None and (stamp.precision == "minute" or is_date_line(line))
            if whole or (stamp is not None and _PUBLISHED.match(line)):
                return stamp
    return None


def find_date(
    tree: LexborHTMLParser, meta: Metadata, outlet: Outlet, *, url: str, hint: str, now: datetime
) -> tuple[Stamp | None, str, str]:
    """The publication time, its raw string and step. A bare day yields to a later step's minute on that day."""
    tried: list[tuple[str, str]] = [
        ("selectors", text) for text in select_text(tree, outlet.selectors.published, join=True)
    ]
    tried += list(meta.dates)
    if hint:
        tried.append(("feed", hint))
    day: tuple[Stamp, str, str] | None = None
    for step, raw in tried:
        stamp = read_date(raw, zone=outlet.zone, now=now)
        if stamp is None:
            continue
        if stamp.precision == "minute":
            if day is None or abs((day[0].instant - stamp.instant).total_seconds()) < 2 * 86_400:
                return stamp, raw, step
        elif day is None:
            day = stamp, raw, step
    if day is not None:
        return day
    body = tree.body
    if body is not None:
        for node in body.css(_DATE_NODES)[:MAX_DATE_NODES]:
            raw = (
                node.attributes.get("datetime") or node.attributes.get("content") or node.text(deep=True, separator=" ")
            )
            raw = " ".join(raw[:240].split())
            if 6 <= len(raw) <= 160 and is_seen(node):
                stamp = read_date(raw, zone=outlet.zone, now=now)
                if stamp is not None:
                    return stamp, raw, "printed"
        stamp = _near_headline(body, outlet, now)
        if stamp is not None:
            return stamp, stamp.raw, "near headline"
    stamp = date_in_url(url, zone=outlet.zone, now=now)
    if stamp is not None:
        return stamp, stamp.raw, "url"
    raw = tried[0][1] if tried else ""
    return None, raw, "none"


def find_authors(tree: LexborHTMLParser, meta: Metadata, outlet: Outlet) -> tuple[tuple[str, ...], str]:
    """The authors, without the outlet itself and its desk accounts."""
    chosen = tuple(select_text(tree, outlet.selectors.authors))
    for step, names in (("selectors", chosen), *meta.authors):
        people = tuple(
            dict.fromkeys(
                name for raw in names for part in re.split(r"\s*[,;|]\s*", _BY.sub("", raw))
                if 2 < len(name := part.strip(" -–:.")) <= 60 and name.lower() not in _NOT_AUTHORS
                and _fold(name) not in {_fold(outlet.name), _fold(meta.site_name)}
            )
        )  # fmt: skip
        if people:
            return people[:8], step
    return (), "none"


def find_section(tree: LexborHTMLParser, meta: Metadata, outlet: Outlet) -> tuple[str, str]:
    """The section that the page names, "" where it names none."""
    chosen = select_text(tree, outlet.selectors.section)
    if chosen:
        return chosen[-1][:80], "selectors"
    for step, value in meta.sections:
        return value[:80], step
    return "", "none"
