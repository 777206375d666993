"""Leases, attempts and digests, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from store_samples import NOW, land_and_commit, make_alert, make_outcome

from pipeline.model import Permanent, Retry, Sent, Urgency
from pipeline.store import Store

LEASE = timedelta(seconds=60)


def test_two_senders_get_disjoint_alerts(opened: Callable[[], Store]) -> None:
    one, two = opened(), opened()
    assert one.outbox.put([make_alert(name) for name in "abc"]) == 3
    assert one.outbox.put([make_alert("a")]) == 0
    first, second = one.outbox.claim_due(NOW, LEASE, 2), two.outbox.claim_due(NOW, LEASE, 2)
    assert len(first) == 2
    assert len(second) == 1
    assert not {delivery.id for delivery in first} & {delivery.id for delivery in second}


def test_what_is_not_due_is_not_claimed(store: Store) -> None:
    store.outbox.put([make_alert("a", at=NOW + LEASE)])
    assert store.outbox.claim_due(NOW, LEASE, 9) == ()
    assert len(store.outbox.claim_due(NOW + LEASE, LEASE, 9)) == 1


def test_sent_is_sent(store: Store) -> None:
    store.outbox.put([make_alert("a")])
    (delivery,) = store.outbox.claim_due(NOW, LEASE, 9)
    assert (delivery.alert, delivery.attempts, delivery.possible_repeat) == (make_alert("a"), 0, False)
    assert store.outbox.mark_sending(delivery.id, delivery.lease)
    assert not store.outbox.mark_sending(delivery.id, delivery.lease)
    assert store.outbox.record(delivery.id, delivery.lease, Sent(receipt="250 ok"), NOW)
    (posted,) = store.outbox.list(state="sent")
    assert (posted.sent_at, posted.attempts) == (NOW, 1)
    assert [(one.outcome, one.detail) for one in posted.tries] == [("sent", "250 ok")]
    assert store.outbox.claim_due(NOW + 99 * LEASE, LEASE, 9) == ()
    assert store.outbox.counts() == {"sent": 1}


def test_a_lease_that_ran_out_before_sending_is_no_repeat(store: Store) -> None:
    store.outbox.put([make_alert("a")])
    (first,) = store.outbox.claim_due(NOW, LEASE, 9)
    assert store.outbox.claim_due(NOW + LEASE / 2, LEASE, 9) == ()
    (second,) = store.outbox.claim_due(NOW + LEASE, LEASE, 9)
    assert (second.possible_repeat, second.attempts) == (False, 0)
    assert not store.outbox.mark_sending(first.id, first.lease)
    assert not store.outbox.record(first.id, first.lease, Retry(reason="late"), NOW, NOW)


def test_a_lease_that_ran_out_while_sending_is_a_possible_repeat(store: Store) -> None:
    store.outbox.put([make_alert("a")])
    (first,) = store.outbox.claim_due(NOW, LEASE, 9)
    assert store.outbox.mark_sending(first.id, first.lease)
    (second,) = store.outbox.claim_due(NOW + LEASE, LEASE, 9)
    assert (second.possible_repeat, second.attempts) == (True, 1)
    assert [one.outcome for one in store.outbox.list()[0].tries] == ["unknown"]
    assert store.outbox.record(first.id, first.lease, Sent(), NOW)  # it had arrived after all
    assert not store.outbox.mark_sending(second.id, second.lease)
    assert store.outbox.counts() == {"sent": 1}


def test_a_retry_comes_back_at_its_time(store: Store) -> None:
    store.outbox.put([make_alert("a")])
    (delivery,) = store.outbox.claim_due(NOW, LEASE, 9)
    store.outbox.mark_sending(delivery.id, delivery.lease)
    again = NOW + timedelta(minutes=10)
    with pytest.raises(ValueError, match="needs its time"):
        store.outbox.record(delivery.id, delivery.lease, Retry(reason="451"), NOW)
    assert store.outbox.record(delivery.id, delivery.lease, Retry(reason="451", maybe_accepted=True), NOW, again)
    assert store.outbox.claim_due(NOW + timedelta(minutes=9), LEASE, 9) == ()
    assert len(store.outbox.overdue(NOW + timedelta(minutes=15))) == 1
    (delivery,) = store.outbox.claim_due(again, LEASE, 9)
    assert (delivery.attempts, delivery.possible_repeat) == (1, True)


def test_a_permanent_failure_is_dead_until_revived(store: Store) -> None:
    store.outbox.put([make_alert("a")])
    (delivery,) = store.outbox.claim_due(NOW, LEASE, 9)
    assert store.outbox.record(delivery.id, delivery.lease, Permanent(reason="550 no such user"), NOW)
    assert store.outbox.claim_due(NOW + 99 * LEASE, LEASE, 9) == ()
    assert store.outbox.counts() == {"dead": 1}
    assert store.outbox.revive(delivery.id, NOW)
    assert len(store.outbox.claim_due(NOW, LEASE, 9)) == 1


def test_nothing_falls_between_two_digests(store: Store) -> None:
    land_and_commit(store, make_outcome(1))
    (first,) = store.notices.pending(Urgency.DIGEST)
    land_and_commit(store, make_outcome(2, before=make_outcome(1).agreements[0].agreement))
    assert store.notices.plan([make_alert("digest 1")], [first.id], NOW)
    (second,) = store.notices.pending(Urgency.DIGEST)
    assert second.notice == make_outcome(2).notices[0]
    assert not store.notices.plan([make_alert("digest 2")], [first.id, second.id], NOW)
    assert store.notices.pending(Urgency.DIGEST) == (second,)
    assert len(store.outbox.list()) == 3
    assert store.notices.pending(Urgency.STARTING_PICTURE) == ()
    assert store.notices.counts() == {"digest": 1}


def test_leases_end_when_their_holders_are_known_to_be_dead(store: Store) -> None:
    store.outbox.put([make_alert("a"), make_alert("b")])
    first, _ = store.outbox.claim_due(NOW, LEASE, 9)
    store.outbox.mark_sending(first.id, first.lease)
    store.outbox.recover(NOW)
    assert [one.possible_repeat for one in store.outbox.claim_due(NOW, LEASE, 9)] == [True, False]
    assert store.outbox.known([make_alert("a").key])
    assert not store.outbox.known(["other"])


def test_a_digest_holds_what_waits_and_what_was_told(store: Store) -> None:
    outcome = make_outcome(1)
    key = outcome.agreements[0].agreement.key
    land_and_commit(store, replace(outcome, notices=tuple(replace(one, channel="mail") for one in outcome.notices)))
    assert store.notices.held("mail", [key, "other"]) == {key}
    assert store.notices.held("slack", [key]) == frozenset()
    (queued,) = store.notices.pending(Urgency.DIGEST)
    store.notices.plan([], [queued.id], NOW)
    assert store.notices.held("mail", [key]) == {key}


def test_one_notice_per_channel_waits(store: Store) -> None:
    outcome = make_outcome(1)
    notices = tuple(replace(outcome.notices[0], channel=name) for name in ("mail", "slack", "mail"))
    land_and_commit(store, replace(outcome, notices=notices))
    assert [one.notice.channel for one in store.notices.pending(Urgency.DIGEST)] == ["mail", "slack"]
