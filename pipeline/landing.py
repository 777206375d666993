"""A captured page on its way to being an article: its address, whether it is one, its clean text; and both in words."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from urllib.parse import urlsplit

import re2

from pipeline.clean import clean
from pipeline.clean.rules import Cleaning
from pipeline.extract.budget import UNLIMITED, Budget
from pipeline.extract.page import as_it_was
from pipeline.model import (
    ITEM_TYPE,
    Article,
    Extracted,
    NearTo,
    New,
    Outlet,
    Page,
    Reject,
    RejectReason,
    Revises,
    SameAs,
    Verdict,
    article_key,
)
from pipeline.net import same_site, url_key


def partial(extracted: Extracted, page: Page, outlet: Outlet) -> Reject:
    """A page of which only a part could be read: counted as such, never judged as if it were the article."""
    size = sum(len(block.text) for block in extracted.blocks)
    return Reject(
        key=page.key,
        outlet=outlet.slug,
        url=page.final_url or page.url,
        reason=RejectReason.PARTIAL,
        detail=f"{extracted.partial}, {size} characters",
    )


def address(extracted: Extracted, page: Page, outlet: Outlet) -> str:
    """The address that identifies an article: its canonical one where that is an article's, else where it was found.

    Sites that name their front page or a section as canonical on every page would otherwise make one article of all.
    """
    canonical = extracted.canonical_url
    if canonical and same_site(canonical, page.final_url) and is_article(canonical, outlet):
        return canonical
    return page.final_url or page.url


def is_article(url: str, outlet: Outlet) -> bool:
    """Whether the outlet's patterns take this address for an article; without patterns, anything but the front page."""
    if any(_pattern(each).search(url) for each in outlet.not_article):
        return False
    if outlet.article:
        return any(_pattern(each).search(url) for each in outlet.article)
    return urlsplit(url).path.strip("/") != ""


@lru_cache(maxsize=4096)
def _pattern(pattern: str) -> re2._Regexp:
    return re2.compile(pattern)


DEGRADED = ("degraded", "the outlet's own selectors found no story: read generically")
"""The step of an article that stands in another layout than its outlet's file says."""


def cleaned(
    extracted: Extracted,
    page: Page,
    outlet: Outlet,
    cleaning: Cleaning,
    *,
    learned: frozenset[str] = frozenset(),
    budget: Budget = UNLIMITED,
) -> Article | Reject:
    """The article of a captured page, under its own key; marked where the outlet's own selectors did not find it.
    `budget`: what cleaning may take."""
    article = clean(
        extracted,
        cleaning,
        key=article_key(outlet.slug, url_key(address(extracted, page, outlet))),
        url=page.final_url or page.url,
        outlet=outlet,
        fetched_at=page.fetched_at,
        discovered_at=page.discovered_at,
        baseline=page.baseline,
        learned=learned,
        budget=budget,
    )
    if isinstance(article, Reject) or page.content_type.startswith(ITEM_TYPE):
        return article
    expected = as_it_was(outlet, page.fetched_at).selectors.body
    if expected and dict(article.steps).get("body") != "selectors":
        return replace(article, steps=(*article.steps, DEGRADED))
    return article


def why_read(article: Article) -> tuple[str, ...]:
    """What was read of the page, in words."""
    by = ", ".join(f"{name} by {step}" for name, step in article.steps)
    when = article.published.instant.isoformat() if article.published else "no time of publication found"
    cut = f"; {len(article.removed)} pieces of furniture removed" if article.removed else ""
    short = "; only the feed's summary was read" if article.summary_only else ""
    return (
        f"read as {article.language or 'unknown language'}, published {when} ({by or 'no steps noted'}){cut}{short}",
    )


def explain(verdict: Verdict) -> str:
    """A verdict in words."""
    match verdict:
        case SameAs(key=key):
            return f"the same text as {key}"
        case NearTo(key=key, similarity=similarity):
            return f"a near-verbatim copy of {key} (similarity {similarity:.2f})"
        case Revises(changed=changed):
            return f"a new version of a stored article: {', '.join(changed) or 'text changed'}"
        case New():
            return "not seen before, under any address"
