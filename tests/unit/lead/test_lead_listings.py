"""What the command line lists: searches within one outlet, agreements by how their key begins, seeds that went."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from store_samples import (
    DAY,
    NOW,
    land_and_commit,
    make_agreement,
    make_alert,
    make_article,
    make_fingerprint,
    make_outcome,
)

from kawat import listings
from kawat.cli.face import Filter
from pipeline.model import Permanent
from pipeline.store import Policy, Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path}/kawat.db") as opened:
        yield opened


def test_a_search_within_an_outlet_looks_past_the_others(store: Store) -> None:
    for number in range(1, 13):
        article = replace(make_article(number), outlet="other" if number > 2 else "warta")
        outcome = make_outcome(number)
        land_and_commit(store, replace(outcome, result=article, reports=(), agreements=(), alerts=(), notices=()))
    store.articles.index_pending(100)
    found = listings.articles(store, Filter(text="menteri", outlet="warta", limit=2))
    assert [row["outlet"] for row in found] == ["warta", "warta"]
    assert listings.articles(store, Filter(text="menteri", outlet="nobody", limit=2)) == []


def test_an_agreement_is_found_by_the_beginning_of_its_key(store: Store) -> None:
    land_and_commit(store, make_outcome(1))
    key = make_agreement(1).key
    found = listings.agreement(store, key[:6], {})
    assert found is not None
    assert found["key"] == key
    assert listings.agreement(store, "", {}) is None
    assert listings.agreement(store, "%", {}) is None
    assert listings.agreement(store, "zz", {}) is None


def test_a_seed_that_was_taken_out_is_forgotten(store: Store) -> None:
    store.fingerprints.put_seeds([(make_fingerprint(1), ""), (make_fingerprint(2), "")], NOW)
    land_and_commit(store, make_outcome(3))
    assert store.fingerprints.drop_seeds([make_fingerprint(2).key]) == 1
    assert store.fingerprints.get(make_fingerprint(1).key) == ()
    assert store.fingerprints.count() == {"article": 1, "seed": 1}


def test_texts_are_kept_as_long_as_their_own_setting_says(store: Store) -> None:
    outcome = make_outcome(1)
    land_and_commit(store, replace(outcome, reports=(), agreements=(), alerts=(), notices=()))
    store.retention.sweep(NOW + 40 * DAY, Policy(raw=30 * DAY, text=90 * DAY))
    kept = store.articles.by_key(make_article(1).key)
    assert kept is not None
    assert kept.body is not None
    store.retention.sweep(NOW + 91 * DAY, Policy(raw=30 * DAY, text=90 * DAY))
    cleared = store.articles.by_key(make_article(1).key)
    assert cleared is not None
    assert cleared.body is None


def test_an_alert_given_up_is_a_trouble_for_a_while(store: Store) -> None:
    store.outbox.put([make_alert("one")])
    (delivery,) = store.outbox.claim_due(NOW, DAY, 1)
    store.outbox.record(delivery.id, delivery.lease, Permanent(reason="no such mailbox"), NOW)
    assert store.outbox.given_up(NOW - DAY) == 1
    assert store.outbox.given_up(NOW + DAY) == 0
