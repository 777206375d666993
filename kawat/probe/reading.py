"""One article of a site, read as the pipeline would read it: each field with the step that produced it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime

from crawler.discover.item import Link, item_bytes
from crawler.outcome import Failure, Fetched
from kawat.probe.caller import Caller
from pipeline.clean.rules import Cleaning
from pipeline.extract import Budget, extract
from pipeline.landing import DEGRADED, cleaned
from pipeline.model import ITEM_TYPE, Article, Fetch, Outlet, Page, Reject, Source, WarcRecord
from pipeline.net import url_key

PAGE_SECONDS = 5.0
"""Time for reading one page: nobody else waits for it."""

SHOWN = 90
"""Characters of a text that are shown."""

Field = tuple[str, str, str]
"""Name, value as far as it is shown, and the step that produced it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What came of one article: `article` where it was read, else `problem` in words."""

    link: Link
    fetched: Fetched | None = None
    article: Article | None = None
    problem: str = ""
    refused: Failure | None = None

    @property
    def fields(self) -> tuple[Field, ...]:
        """Each field with its step, missing ones included."""
        read = self.article
        if read is None:
            return ()
        steps = dict(read.steps)
        text = f"{len(read.text)} characters in {len(read.paragraphs)} paragraphs: {read.text[:SHOWN]}…"
        stamp = read.published
        boilerplate = f"{len(read.removed)} pieces, {sum(len(each.text) for each in read.removed)} characters"
        rules = ", ".join(dict.fromkeys(each.rule for each in read.removed))
        return (
            ("title", read.title, steps.get("title", "none")),
            ("published", f"{stamp.instant:%Y-%m-%d %H:%M} UTC" if stamp else "", steps.get("published", "none")),
            ("authors", ", ".join(read.authors) or ", ".join(each.name for each in read.credits), _by(read, steps)),
            ("section", read.section, steps.get("section", "none")),
            ("language", read.language, steps.get("language", "none")),
            ("text", text, steps.get("body", "none")),
            ("boilerplate", boilerplate, rules or "none"),
        )

    @property
    def complete(self) -> bool:
        """Whether the least that an article needs is there."""
        return self.article is not None and bool(self.article.title) and self.article.published is not None

    @property
    def degraded(self) -> bool:
        """Whether the outlet's own selectors were to find the story and did not."""
        return self.article is not None and DEGRADED in self.article.steps


def _by(read: Article, steps: dict[str, str]) -> str:
    return "credit line" if read.credits and not read.authors else steps.get("authors", "none")


def try_article(link: Link, outlet: Outlet, source: Source, cleaning: Cleaning, caller: Caller) -> Trial:
    """Fetch and read one article; where the outlet is read by its feed, or its list carries the text, only read it."""
    whole = source.api is not None and source.api.body is not None and link.body
    if outlet.fetch is Fetch.SUMMARY or whole:
        body = item_bytes(
            url=link.url, title=link.title, published=link.published, summary=link.summary, body=link.body
        )
        answer = Fetched(
            url=link.url, final_url=link.url, status=200, headers=(("Content-Type", ITEM_TYPE),), body=body,
            fetched_at=caller.now(),
        )  # fmt: skip
        return read_article(answer, link, outlet, cleaning)
    found = caller.get(link.url)
    if isinstance(found, Failure):
        return Trial(link=link, problem=str(found), refused=found)
    return read_article(found, link, outlet, cleaning)


def read_article(answer: Fetched, link: Link, outlet: Outlet, cleaning: Cleaning) -> Trial:
    """What the pipeline reads in an answer."""
    page = page_of(answer, link, outlet)
    extracted = extract(answer.body, page, outlet, budget=Budget.of(PAGE_SECONDS, time.monotonic))
    article = extracted if isinstance(extracted, Reject) else cleaned(extracted, page, outlet, cleaning)
    if isinstance(article, Reject):
        detail = f" ({article.detail})" if article.detail else ""
        return Trial(link=link, fetched=answer, problem=f"no article: {article.reason}{detail}")
    return Trial(link=link, fetched=answer, article=article)


def page_of(answer: Fetched, link: Link, outlet: Outlet, fetched_at: datetime | None = None) -> Page:
    """An answer as a captured page that was archived nowhere."""
    at = fetched_at or answer.fetched_at
    return Page(
        outlet=outlet.slug,
        url=link.url,
        final_url=answer.final_url,
        key=url_key(link.url),
        status=answer.status,
        content_type=answer.content_type,
        fetched_at=at,
        discovered_at=at,
        record=WarcRecord(file="", offset=0, length=0),
        title_hint=link.title,
        published_hint=link.published,
    )
