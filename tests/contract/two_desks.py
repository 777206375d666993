"""Two processes that drain one inbox: claiming, judging, linking, planning and storing are the real ones, only the
bytes of a page and what detection makes of them are given.
"""

from __future__ import annotations

import multiprocessing
from dataclasses import dataclass, replace
from multiprocessing.synchronize import Barrier
from typing import cast

from store_samples import NOW, make_alert, make_article, make_page, make_report

from pipeline.clean.rules import Cleaning
from pipeline.decide import Decider, Rulebook
from pipeline.detect.reader import Reader
from pipeline.model import Alert, Article, Label, Notice, Outlet, Page, Reading, Trust
from pipeline.run import BATCH, Pipeline, Tally
from pipeline.store import Outcome, Store
from pipeline.threads import unknown_outlet

EVENTS = BATCH
"""As many as one claim holds: the first process gets one report of each, the second another one of each."""

PARTNERS = tuple(f"{chr(65 + number)}X" for number in range(EVENTS))


def land(store: Store) -> None:
    """Two pages of each event, the second ones after all the first; every other second one is a copy of the first."""
    for number in range(2 * EVENTS):
        store.inbox.land(make_page(number))


def article_of(number: int) -> Article:
    event, second = number % EVENTS, number >= EVENTS
    words = f"kota{event}" if second and event % 2 else f"acara{event}"
    text = " ".join(f"{words}x{place} berita{place * 7 % 31} {words}" for place in range(60))
    return replace(make_article(number), paragraphs=(f"Kedua menteri bertemu di {words} hari ini.", text), headings=())


@dataclass(frozen=True, slots=True)
class Given:
    """What detection would have made of an article."""

    def read(self, article: Article, _outlet: Outlet | None) -> Reading:
        number = next(number for number in range(2 * EVENTS) if make_article(number).key == article.key)
        report = replace(make_report(number, partner=PARTNERS[number % EVENTS]), article=article.key, evidence=())
        return Reading(label=Label.AGREEMENT, reports=(report,), why=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk(Decider):
    def settle(self, page: Page, body: bytes) -> Outcome:
        outlet = replace(unknown_outlet(page.outlet, page.url), trust=Trust.PRESS, enabled=True)
        return self.settle_article(article_of(int(body)), page, outlet, key=page.key)


def composed(notice: Notice, _article: Article, _outlet: Outlet, _now: object) -> tuple[Alert, ...]:
    return (make_alert(notice.agreement.key, agreement=notice.agreement),)


def drain_by_two(url: str) -> None:
    """Two processes begin at the same moment and end when the inbox is empty."""
    forked = multiprocessing.get_context("fork")
    ready = forked.Barrier(2)
    both = [forked.Process(target=_drain, args=(url, ready)) for _ in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join(60)
    assert [each.exitcode for each in both] == [0, 0]


def _drain(url: str, ready: Barrier) -> None:
    rules = Rulebook(
        reader=cast(Reader, Given()), cleaning=cast(Cleaning, None), register=(), outlets={}, digest="rules"
    )
    with Store.open(url, create=False) as store:
        desk = Desk(store=store, rules=rules, compose=composed, now=lambda: NOW, learning=False)
        pipeline = Pipeline(
            store=store,
            decider=desk,
            read_body=lambda page: page.url.rsplit("/", 1)[1].encode(),
            now=lambda: NOW,
        )
        ready.wait(60)
        pipeline.drain(Tally())
