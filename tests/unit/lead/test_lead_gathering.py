"""When a gathering message is complete, and that nothing holds it for ever. The clock is ours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from store_samples import (
    DAY,
    FEED,
    NOW,
    land_and_commit,
    make_candidate,
    make_notice,
    make_outcome,
    make_outlet,
    make_page,
    make_run,
)

from kawat.gathering import LONGEST, SLEPT, Gathering
from pipeline.model import Urgency, Validators
from pipeline.store import Store

MINUTE = timedelta(minutes=1)
ALL = ("warta",)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path}/kawat.db") as opened:
        opened.outlets.sync([make_outlet()], NOW)
        yield opened


def queue(store: Store, urgency: Urgency = Urgency.STARTING_PICTURE) -> None:
    """A page is read, and something of it waits to be told with others."""
    notice = replace(make_notice(1), urgency=urgency)
    land_and_commit(store, replace(make_outcome(1, at=NOW), alerts=(), notices=(notice,)))


def polled(store: Store, *, ok: bool = True) -> None:
    store.inbox.finish(make_run(at=NOW, ok=ok, items=10 if ok else 0), NOW + DAY)


def test_nothing_is_complete_where_nothing_waits(store: Store) -> None:
    polled(store)
    assert not Gathering(store).complete(ALL, NOW, once=False)


def test_a_starting_picture_waits_for_first_polls_links_and_pages(store: Store) -> None:
    gathering = Gathering(store)
    queue(store)
    assert not gathering.complete(ALL, NOW, once=False), "its outlet has not been polled to the end"
    store.frontier.add(FEED, Validators(), [make_candidate(2)], baseline=True)
    polled(store)
    assert not gathering.complete(ALL, NOW, once=False), "a link of the first poll was never asked for"
    assert gathering.complete(ALL, NOW, once=True), "a single run does not wait for the next one's links"
    store.inbox.land(replace(make_page(2), key=make_candidate(2).key))
    assert not gathering.complete(ALL, NOW, once=True), "a page waits"
    (claimed,) = store.inbox.claim(NOW, 10, 2 * MINUTE)
    assert not gathering.complete(ALL, NOW, once=True), "a page is being read"
    store.inbox.poison(claimed.page, "unreadable")
    assert gathering.complete(ALL, NOW, once=False)


def test_an_outlet_that_fails_from_the_first_does_not_hold_it(store: Store) -> None:
    queue(store)
    polled(store, ok=False)
    assert Gathering(store).complete(ALL, NOW, once=False)


def test_nor_does_one_that_is_not_polled(store: Store) -> None:
    queue(store)
    assert Gathering(store).complete((), NOW, once=False)


def test_one_that_was_enabled_again_holds_it_until_it_was_polled(store: Store) -> None:
    polled(store)
    store.outlets.sync([make_outlet(enabled=False)], NOW)
    store.outlets.sync([make_outlet()], NOW)
    queue(store)
    assert not Gathering(store).complete(ALL, NOW, once=False)


def test_nothing_holds_it_longer_than_two_hours(store: Store) -> None:
    queue(store)
    store.inbox.land(make_page(3))
    store.inbox.claim(NOW, 10, 9 * DAY)
    gathering = Gathering(store)
    assert not gathering.complete(ALL, NOW + LONGEST, once=False)
    assert gathering.complete(ALL, NOW + LONGEST + MINUTE, once=False)


def test_a_pause_is_sleep_only_if_nobody_looked(store: Store) -> None:
    gathering = Gathering(store)
    for hours in range(0, 12, 2):  # nothing was due all the while
        gathering.look(NOW + timedelta(hours=hours))
        assert not gathering.catching_up
    gathering.look(NOW + timedelta(hours=10) + SLEPT + MINUTE)
    assert gathering.catching_up


def test_a_stopped_daemon_slept_too(store: Store) -> None:
    store.meta.set_time("daemon", NOW)
    gathering = Gathering(store)
    gathering.look(NOW + SLEPT + MINUTE)
    assert gathering.catching_up


def test_the_first_start_is_no_waking(store: Store) -> None:
    gathering = Gathering(store)
    gathering.look(NOW + 9 * DAY)
    assert not gathering.catching_up


def test_a_catch_up_lasts_until_what_was_due_is_polled_and_read_over_a_restart_too(store: Store) -> None:
    store.meta.set_time("last_tick", NOW - DAY)
    gathering = Gathering(store)
    gathering.look(NOW)
    assert not gathering.complete(ALL, NOW, once=False), "an outlet is due"

    gathering = Gathering(store)
    gathering.look(NOW + MINUTE)
    assert gathering.catching_up
    assert not gathering.complete(ALL, NOW + MINUTE, once=False)
    queue(store, Urgency.CATCH_UP)
    polled(store)
    gathering.polled()
    assert gathering.complete(ALL, NOW + 2 * MINUTE, once=False)
    gathering.told((), NOW + 2 * MINUTE)
    assert not gathering.catching_up
    assert not Gathering(store).catching_up


def test_a_crawl_that_never_succeeds_does_not_hold_a_catch_up_for_ever(store: Store) -> None:
    store.meta.set_time("last_tick", NOW - DAY)
    gathering = Gathering(store)
    gathering.look(NOW)
    assert not gathering.complete(ALL, NOW + LONGEST, once=False)
    assert gathering.complete(ALL, NOW + LONGEST + MINUTE, once=False)
