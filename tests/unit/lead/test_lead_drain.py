"""The inbox drained: what one page, a dead process, a busy or a full store may cost, and what they may not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from kawat.rulebook import rulebook
from kawat.shipped import defaults
from pipeline.config import load
from pipeline.decide import Decider, Rulebook
from pipeline.errors import PageLost, StoreBusy, StoreError, StoreFull
from pipeline.model import Page, WarcRecord
from pipeline.net import url_key
from pipeline.run import ATTEMPTS, LEASE, Pipeline, Tally
from pipeline.store import StaleDecision, Store

TITLE = "Indonesia dan Slovenia Teken Nota Kesepahaman Kecerdasan Artifisial"
TEXT = (
    "LJUBLJANA - Kementerian Komunikasi dan Digital RI dan Kementerian Transformasi Digital Slovenia menandatangani "
    "nota kesepahaman kerja sama kecerdasan artifisial di Ljubljana, {day} November {year}.",
    "Kedua kementerian akan bertukar peneliti selama tiga tahun dan membangun pusat uji model bahasa nomor {number}.",
)


@pytest.fixture(scope="session")
def rules() -> Rulebook:
    return replace(rulebook(load(defaults(), defaults(), {}), register=False), register=())


@dataclass(slots=True)
class Desk:
    """A pipeline over a store in a file, whose clock and archive are ours."""

    store: Store
    rules: Rulebook
    now: datetime = field(default_factory=lambda: datetime(2025, 11, 5, 3, tzinfo=UTC))
    fault: Callable[[Page], None] = lambda _: None
    read: list[str] = field(default_factory=list)

    def land(self, *numbers: int) -> None:
        for number in numbers:
            self.capture(number, offset=number)

    def capture(self, number: int, *, offset: int) -> None:
        """One capture of a page; the offset is what its text tells apart."""
        url = f"https://koran.example/berita/{number}"
        self.store.inbox.land(
            Page(
                outlet="koran",
                url=url,
                final_url=url,
                key=url_key(url),
                status=200,
                content_type="text/html; charset=utf-8",
                fetched_at=self.now,
                discovered_at=self.now,
                record=WarcRecord(file="a", offset=offset, length=1),
            )
        )

    def body(self, page: Page) -> bytes:
        self.read.append(page.url)
        self.fault(page)
        number = page.record.offset
        paragraphs = "".join(f"<p>{each.format(day=4, year=2025, number=number)}</p>" for each in TEXT)
        page_text = f"<html><head><title>{TITLE} {number}</title></head><body><article><h1>{TITLE} {number}</h1>"
        return f"{page_text}{paragraphs}</article></body></html>".encode()

    def pipeline(self) -> Pipeline:
        decider = Decider(store=self.store, rules=self.rules, compose=lambda *_: (), now=lambda: self.now)
        return Pipeline(store=self.store, decider=decider, read_body=self.body, now=lambda: self.now)

    def drain(self) -> Tally:
        tally = Tally()
        self.pipeline().drain(tally)
        return tally

    def states(self) -> dict[str, int]:
        return self.store.inbox.counts()


@pytest.fixture
def desk(tmp_path: Path, rules: Rulebook) -> Any:
    with Store.open(f"sqlite:///{tmp_path}/kawat.db") as store:
        yield Desk(store=store, rules=rules)


class Killed(BaseException):
    """Stands for the end of the process: nothing catches it."""


def dies_at(number: int) -> Callable[[Page], None]:
    def fault(page: Page) -> None:
        if page.record.offset == number:
            raise Killed

    return fault


def test_a_page_that_kills_the_process_costs_no_other_page_anything(desk: Desk) -> None:
    desk.land(*range(1, 11))
    desk.fault = dies_at(3)
    deaths = 0
    for _ in range(ATTEMPTS + 3):
        try:
            desk.drain()
            break
        except Killed:
            deaths += 1
            desk.store.inbox.recover()
    assert deaths == ATTEMPTS
    assert desk.states() == {"done": 9, "poison": 1}


def test_a_page_whose_bytes_are_lost_is_set_aside_and_says_why(desk: Desk) -> None:
    def fault(page: Page) -> None:
        if page.record.offset == 2:
            raise PageLost("the archive file is gone")

    desk.land(1, 2, 3)
    desk.fault = fault
    assert desk.drain().poisoned == 1
    assert desk.states() == {"done": 2, "poison": 1}
    assert desk.store.inbox.of_url("https://koran.example/berita/2") == ("poison", "the archive file is gone")


def test_a_page_that_cannot_be_read_just_now_is_tried_again_later_and_the_rest_goes_on(desk: Desk) -> None:
    def fault(page: Page) -> None:
        if page.record.offset == 1:
            raise StoreError("too many open files")

    desk.land(1, 2)
    desk.fault = fault
    assert desk.drain().articles == 1
    assert desk.states() == {"done": 1, "leased": 1}
    desk.fault = lambda _: None
    desk.now += LEASE + timedelta(seconds=1)
    assert desk.drain().articles == 1
    assert desk.states() == {"done": 2}


def test_it_is_set_aside_in_the_end(desk: Desk) -> None:
    def fault(_page: Page) -> None:
        raise StoreError("too many open files")

    desk.land(1)
    desk.fault = fault
    for _ in range(ATTEMPTS):
        desk.drain()
        desk.now += LEASE + timedelta(seconds=1)
    assert desk.store.inbox.of_url("https://koran.example/berita/1") == ("poison", "too many open files")


@pytest.mark.parametrize("trouble", [StoreBusy, StoreFull])
def test_a_store_that_takes_nothing_now_ends_the_drain_and_counts_against_no_page(
    desk: Desk, trouble: type[StoreError]
) -> None:
    def fault(_page: Page) -> None:
        raise trouble("not now")

    desk.land(1, 2, 3)
    desk.fault = fault
    for _ in range(2 * ATTEMPTS):
        with pytest.raises(trouble):
            desk.drain()
        assert desk.states() == {"pending": 3}
    assert len(desk.read) == 2 * ATTEMPTS  # once a drain, not round and round
    desk.fault = lambda _: None
    assert desk.drain().articles == 3


def test_an_agreement_that_changed_meanwhile_is_decided_anew_but_not_for_ever(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.land(1, 2)
    commit = desk.store.commit
    refusals = [1, 1]

    def stale(outcome: Any) -> Any:
        if refusals:
            refusals.pop()
            raise StaleDecision("changed meanwhile")
        return commit(outcome)

    monkeypatch.setattr(desk.store, "commit", stale)
    assert desk.drain().articles == 2

    desk.land(3, 4)
    refusals.extend([1] * 5)
    assert desk.drain().articles == 1
    assert desk.states() == {"done": 3, "leased": 1}


def test_one_fault_of_our_own_sets_its_page_aside_only(desk: Desk) -> None:
    def fault(page: Page) -> None:
        if page.record.offset == 2:
            raise RecursionError("too deep")

    desk.land(1, 2, 3)
    desk.fault = fault
    assert desk.drain().poisoned == 1
    assert desk.states() == {"done": 2, "poison": 1}


def test_an_agreement_further_off_than_candidates_reach_is_found_by_its_key(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.land(1)
    assert desk.drain().agreements == 1
    (before,) = desk.store.agreements.list()
    monkeypatch.setattr(type(desk.store.agreements), "near", lambda *_: ())
    desk.capture(1, offset=77)  # the same address, another text
    assert desk.drain().agreements == 0
    assert [each.key for each in desk.store.agreements.list()] == [before.key]


def test_many_reports_of_one_partner_are_read_in_few_queries(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.land(*range(1, 9))
    desk.drain()
    (known,) = desk.store.agreements.near("SI", desk.now - timedelta(days=99), desk.now + timedelta(days=99))
    assert len(known.sources) == len(known.reports) == 8
    asked: list[str] = []
    by_key = type(desk.store.articles).by_key

    def counted(self: Any, key: str) -> Any:
        asked.append(key)
        return by_key(self, key)

    monkeypatch.setattr(type(desk.store.articles), "by_key", counted)
    desk.land(99)
    desk.drain()
    assert len(asked) <= 1 + 8 + 2  # itself, its near-verbatim neighbours, the text it copies: none per report
