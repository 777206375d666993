"""Frontier, outlets and inbox, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from store_samples import DAY, FEED, NOW, make_candidate, make_outlet, make_page, make_run, url_of

from pipeline.model import Retry, Validators
from pipeline.ports import Frontier
from pipeline.store import Store

LEASE = timedelta(minutes=5)


def test_the_store_is_what_the_crawler_asks_for(store: Store) -> None:
    frontier: Frontier = store.frontier
    assert frontier.validators(FEED) == Validators()


def test_candidates_and_validators_come_together(store: Store) -> None:
    seen = Validators(etag='"1"', last_modified="Mon, 02 Mar 2026 05:00:00 GMT")
    candidates = [make_candidate(number) for number in (1, 2, 3)]
    assert store.frontier.add(FEED, seen, candidates[:2], baseline=False) == 2
    assert store.frontier.add(FEED, seen, candidates, baseline=False) == 1
    assert store.frontier.validators(FEED) == seen
    assert store.frontier.known([candidate.key for candidate in candidates] + ["x"]) == {c.key for c in candidates}
    assert set(store.frontier.pending(["warta"], now=NOW, limit=9)) == set(candidates)
    assert store.frontier.pending(["other"], now=NOW, limit=9) == ()


def test_known_takes_any_number_of_keys(store: Store) -> None:
    store.frontier.add(FEED, Validators(), [make_candidate(1)], baseline=False)
    assert store.frontier.known([*map(str, range(70_000)), make_candidate(1).key]) == {make_candidate(1).key}


def test_oldest_discovery_comes_first(store: Store) -> None:
    store.frontier.add(FEED, Validators(), [make_candidate(1), make_candidate(2, at=NOW - DAY)], baseline=False)
    assert [one.url for one in store.frontier.pending(["warta"], now=NOW, limit=2)] == [url_of(2), url_of(1)]


def test_a_failed_fetch_waits_longer_each_time_until_given_up(store: Store) -> None:
    key = make_candidate(1).key
    store.frontier.add(FEED, Validators(), [make_candidate(1)], baseline=False)
    store.frontier.failed(key, Retry(reason="503"), now=NOW, give_up=False)
    assert not store.frontier.pending(["warta"], now=NOW + timedelta(minutes=4), limit=9)
    (again,) = store.frontier.pending(["warta"], now=NOW + timedelta(minutes=5), limit=9)
    assert again.attempts == 1
    store.frontier.failed(key, Retry(reason="429", after=timedelta(hours=9)), now=NOW, give_up=False)
    assert not store.frontier.pending(["warta"], now=NOW + timedelta(hours=8), limit=9)
    store.frontier.failed(key, Retry(reason="404"), now=NOW, give_up=True)
    assert not store.frontier.pending(["warta"], now=NOW + 100 * DAY, limit=9)
    assert store.frontier.known([key]) == {key}
    assert store.frontier.of_url(url_of(1)) == ("failed", "404")
    assert store.frontier.counts() == {"failed": 1}


def test_landing_closes_the_candidate_and_is_harmless_twice(store: Store) -> None:
    store.frontier.add(FEED, Validators(), [make_candidate(1)], baseline=False)
    store.inbox.land(make_page(1))
    store.inbox.land(make_page(1))
    assert not store.frontier.pending(["warta"], now=NOW, limit=9)
    assert store.frontier.counts() == {"fetched": 1}
    assert store.inbox.counts() == {"pending": 1}


def test_what_the_first_poll_found_stays_baseline_however_late_it_is_fetched(store: Store) -> None:
    store.frontier.add(FEED, Validators(), [make_candidate(1)], baseline=True)
    store.frontier.add(FEED, Validators(), [make_candidate(2)], baseline=False)
    store.inbox.finish(make_run())
    store.inbox.land(make_page(1))
    store.inbox.land(make_page(2))
    claimed = store.inbox.claim(NOW, 9, LEASE)
    assert [one.page.baseline for one in claimed] == [True, False]


def test_first_poll_ends_with_the_first_that_read_something(store: Store) -> None:
    store.outlets.sync([make_outlet()], NOW)
    assert store.frontier.first_poll("warta")
    store.inbox.finish(make_run(ok=False, items=0, reason="no route"))
    assert store.frontier.first_poll("warta")
    store.inbox.finish(make_run(at=NOW + DAY))
    assert not store.frontier.first_poll("warta")


def test_outlet_states_follow_their_polls(store: Store) -> None:
    assert store.outlets.sync([make_outlet(), make_outlet("kabar", enabled=False)], NOW) == ("warta",)
    assert store.outlets.due(NOW) == ("warta",)
    later = NOW + timedelta(hours=1)
    for number in range(3):
        store.inbox.finish(make_run(at=NOW + number * DAY, ok=False, items=0, reason="503"), later)
    state = store.outlets.states()["warta"]
    assert (state.failures, state.last_error, state.last_ok, state.next_check_at) == (3, "503", None, later)
    store.inbox.finish(make_run(at=NOW + 4 * DAY))
    store.inbox.finish(make_run(at=NOW + 4 * DAY))  # a replay of the same poll
    state = store.outlets.states()["warta"]
    assert (state.failures, state.last_error, state.last_ok) == (0, "", NOW + 4 * DAY + timedelta(seconds=3))
    assert len(store.runs.latest("warta")) == 4
    assert store.runs.latest()[0] == make_run(at=NOW + 4 * DAY)
    store.outlets.set_next("warta", NOW + 9 * DAY)
    assert store.outlets.due(NOW + 8 * DAY) == ()


def test_an_outlet_enabled_again_starts_over(store: Store) -> None:
    store.outlets.sync([make_outlet()], NOW)
    store.frontier.add(FEED, Validators(etag="1"), [], baseline=True)
    store.inbox.finish(make_run())
    assert store.outlets.sync([make_outlet()], NOW) == ()
    assert store.outlets.sync([], NOW) == ()
    assert not store.outlets.states()["warta"].enabled
    assert store.outlets.sync([make_outlet()], NOW + DAY) == ("warta",)
    assert store.frontier.first_poll("warta")
    assert store.frontier.validators(FEED) == Validators()


def test_two_claimants_get_disjoint_pages(opened: Callable[[], Store]) -> None:
    one, two = opened(), opened()
    for number in range(6):
        one.inbox.land(make_page(number))
    first, second = one.inbox.claim(NOW, 4, LEASE), two.inbox.claim(NOW, 4, LEASE)
    assert [captured.page.url for captured in first] == [url_of(number) for number in range(4)]
    assert [captured.page.url for captured in second] == [url_of(4), url_of(5)]
    assert one.inbox.claim(NOW, 4, LEASE) == ()


def test_a_lease_that_ran_out_can_be_claimed_again_and_is_counted(store: Store) -> None:
    store.inbox.land(make_page(1))
    assert [one.attempts for one in store.inbox.claim(NOW, 9, LEASE)] == [1]
    assert store.inbox.claim(NOW + LEASE - timedelta(seconds=1), 9, LEASE) == ()
    assert [one.attempts for one in store.inbox.claim(NOW + LEASE, 9, LEASE)] == [2]
    store.inbox.release([make_page(1)])
    assert [one.attempts for one in store.inbox.claim(NOW + LEASE, 9, LEASE)] == [2]
    store.inbox.poison(make_page(1), "no process survives it")
    assert store.inbox.claim(NOW + 9 * DAY, 9, LEASE) == ()
    assert store.inbox.of_url(url_of(1)) == ("poison", "no process survives it")


def test_leases_end_when_their_holders_are_known_to_be_dead(store: Store) -> None:
    store.inbox.land(make_page(1))
    store.inbox.claim(NOW, 9, LEASE)
    store.inbox.recover()
    assert [one.attempts for one in store.inbox.claim(NOW, 9, LEASE)] == [2]
