"""What the command line lists: searches within one outlet, agreements by how their key begins, seeds that went."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import takewhile
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
    url_of,
)

from kawat import listings
from kawat.cli.face import Filter
from pipeline.alert.words import Names
from pipeline.model import NearTo, Permanent
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
    found = listings.agreement(store, key[:6], Names({}))
    assert found is not None
    assert found["key"] == key
    assert listings.agreement(store, "", Names({})) is None
    assert listings.agreement(store, "%", Names({})) is None
    assert listings.agreement(store, "zz", Names({})) is None


def test_an_article_is_found_by_a_unique_beginning_of_its_key(store: Store) -> None:
    for number in (1, 2):
        land_and_commit(store, replace(make_outcome(number), reports=(), agreements=(), alerts=(), notices=()))
    first, second = (make_article(number).key for number in (1, 2))
    same = len([*takewhile(lambda pair: pair[0] == pair[1], zip(first, second, strict=True))])
    found = listings.article(store, first[: same + 1])
    assert found is not None
    assert found["key"] == first
    assert listings.why(store, first[: same + 1]) == listings.why(store, first)
    for wrong in (first[:same], "%", "zz", "", f"{first}0"):
        assert listings.article(store, wrong) is None


def test_lists_come_in_the_order_of_what_they_show(store: Store) -> None:
    for number, hours in ((1, 3), (2, 9), (3, 1)):
        outcome = make_outcome(number)
        article = make_article(number)
        assert article.published is not None
        article = replace(article, published=replace(article.published, instant=NOW - timedelta(hours=hours)))
        land_and_commit(store, replace(outcome, result=article, reports=(), agreements=(), alerts=(), notices=()))
    rows = listings.articles(store, Filter())
    assert [row["published"] for row in rows] == [NOW - timedelta(hours=hours) for hours in (1, 3, 9)]


def test_why_names_the_original_and_tells_messages_in_their_order(store: Store) -> None:
    outcome = make_outcome(1)
    land_and_commit(store, outcome)
    original = make_article(1).key
    near = NearTo(key=original, similarity=0.91)
    copy = replace(make_outcome(2), verdict=near, why=(f"a near-verbatim copy of {original} (similarity 0.91)",))
    land_and_commit(store, replace(copy, reports=(), agreements=(), alerts=(), notices=()))
    steps = listings.why(store, url_of(2))
    assert steps is not None
    assert f"a near-verbatim copy of {original} ({url_of(1)}) (similarity 0.91)" in steps
    found = listings.article(store, url_of(2))
    assert found is not None
    assert found["original"] == url_of(1)

    key = make_agreement(1).key
    about = make_agreement(1)
    store.outbox.put([replace(make_alert(name, agreement=about), recipient=name) for name in ("first", "second")])
    told = [step for step in listings.why(store, url_of(1)) or [] if " over " in step]
    numbers = [posted.alert.recipient for posted in reversed(store.outbox.list(agreement=key))]
    assert [step.split(" to ")[1].split(" over ")[0] for step in told] == numbers
    assert numbers[-2:] == ["first", "second"]


def test_why_has_its_instants_as_the_data_files_do(store: Store) -> None:
    land_and_commit(store, make_outcome(1))
    assert any(f"stored {NOW.isoformat()} as revision 1" in step for step in listings.why(store, url_of(1)) or [])


def test_a_seed_that_was_taken_out_is_forgotten(store: Store) -> None:
    store.fingerprints.put_seeds([make_fingerprint(1), make_fingerprint(2)], NOW)
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
