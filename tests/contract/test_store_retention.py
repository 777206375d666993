"""What is forgotten and what is kept, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from store_samples import (
    DAY,
    FEED,
    NOW,
    land_and_commit,
    make_agreement,
    make_alert,
    make_article,
    make_candidate,
    make_fingerprint,
    make_outcome,
    make_page,
    make_report,
    url_of,
)

from pipeline.model import Reject, RejectReason, Urgency, Validators
from pipeline.store import Policy, Store
from pipeline.store.exports import Cursor

POLICY = Policy()


def plain(number: int, file: str) -> object:
    return replace(make_outcome(number, file=file), reports=(), agreements=(), alerts=(), notices=())


def fill(store: Store) -> None:
    """One page behind an agreement in its own archive file, one plain page, one page still unread."""
    for number in (1, 2, 3):
        store.frontier.add(FEED, Validators(), [make_candidate(number)], baseline=False)
    land_and_commit(store, make_outcome(1, file="agreement.warc.gz"))
    land_and_commit(store, plain(2, "plain.warc.gz"))  # type: ignore[arg-type]
    store.inbox.land(make_page(3, file="unread.warc.gz"))
    store.articles.index_pending(9)


def test_nothing_is_swept_before_its_time(store: Store) -> None:
    fill(store)
    swept = store.retention.sweep(NOW + 29 * DAY, POLICY)
    assert (swept.files, swept.texts, swept.fingerprints, swept.pages) == ((), 0, 0, 0)


def test_raw_pages_and_texts_go_unless_an_agreement_or_the_inbox_needs_them(store: Store) -> None:
    fill(store)
    later = NOW + 31 * DAY
    swept = store.retention.sweep(later, POLICY)
    assert swept.files == ("plain.warc.gz",)
    assert (swept.texts, swept.fingerprints, swept.pages) == (1, 0, 2)
    assert swept.articles_before == (NOW + DAY).date()
    behind, other = store.articles.by_key(make_article(1).key), store.articles.by_key(make_article(2).key)
    assert behind is not None
    assert other is not None
    assert behind.article == make_article(1)
    assert other.body is None
    assert other.head.title == make_article(2).title
    store.articles.index_pending(9)
    assert [one.head.url for one in store.articles.search("kesepahaman")] == [url_of(1)]
    assert store.retention.sweep(later, POLICY).files == ("plain.warc.gz",)  # until it is said to be deleted
    store.retention.forget(swept.files)
    assert store.retention.sweep(later, POLICY).files == ()
    assert store.inbox.counts() == {"pending": 1}


def test_fingerprints_go_later_and_seeds_and_agreements_never(store: Store) -> None:
    fill(store)
    store.fingerprints.put_seeds([replace(make_fingerprint(9), key="seed")], NOW)
    assert store.retention.sweep(NOW + 181 * DAY, POLICY).fingerprints == 2
    assert store.fingerprints.count() == {"seed": 1}
    assert store.fingerprints.by_bands(make_fingerprint(1).bands, 1, 9)[0].key == "seed"
    swept = store.retention.sweep(NOW + 4000 * DAY, POLICY)
    assert swept.links == 3
    assert store.agreements.get(make_agreement(1).key) == make_agreement(1)
    assert store.agreements.reports(make_agreement(1).key)
    assert store.articles.count() == 2


def test_purge_leaves_only_counts(store: Store) -> None:
    fill(store)
    store.exports.set(Cursor(name="articles/2026-03-02.jsonl", seq=2, size=99), Cursor(name="agreements.jsonl", seq=1))
    purged = store.retention.purge(url_of(1), NOW)
    assert (purged.articles, purged.rejects, purged.agreements) == (1, 0, 1)
    assert purged.records == (make_page(1, file="agreement.warc.gz").record,)
    assert store.articles.by_url(url_of(1)) is None
    assert store.articles.search("kesepahaman judul 1") == ()
    assert store.agreements.get(make_agreement(1).key) is None
    assert store.agreements.changes() == ()
    assert store.fingerprints.get(make_article(1).key) == ()
    assert store.notices.pending(Urgency.DIGEST) == ()
    assert store.outbox.counts() == {"dead": 1}
    assert store.outbox.list()[0].alert.items == ()
    assert store.frontier.known([make_candidate(1).key]) == {make_candidate(1).key}
    assert store.frontier.of_url(url_of(1)) is None
    assert store.tallies.by_reason("article") == {"new": 2}
    assert [cursor.name for cursor in store.exports.to_rebuild()] == ["agreements.jsonl", "articles/2026-03-02.jsonl"]
    assert store.retention.purge(url_of(1), NOW).articles == 0


def test_purge_takes_one_report_out_of_an_agreement_with_others(store: Store) -> None:
    land_and_commit(store, make_outcome(1))
    land_and_commit(store, make_outcome(2, before=make_agreement(1)))
    assert store.retention.purge(url_of(1), NOW).agreements == 0
    left = store.agreements.get(make_agreement(1).key)
    assert left is not None
    assert (left.reports, left.sources) == ((make_report(2).key,), 1)
    assert store.agreements.changes()[-1].kind == "purged"


def test_purge_removes_a_reject(store: Store) -> None:
    reject = Reject(key="k", outlet="warta", url=url_of(1), reason=RejectReason.EMPTY)
    land_and_commit(store, replace(make_outcome(1), result=reject))
    assert store.retention.purge(url_of(1), NOW).rejects == 1
    assert store.articles.rejected(url_of(1)) is None
    assert store.tallies.by_reason("reject") == {"empty body": 1}


def test_a_sent_alert_is_scrubbed_too(store: Store) -> None:
    land_and_commit(store, make_outcome(1))
    store.outbox.put([make_alert("other", agreement=make_agreement(2), number=2)])
    store.retention.purge(url_of(1), NOW)
    assert [len(posted.alert.items) for posted in store.outbox.list()] == [1, 0]


def test_growth_is_measured(store: Store) -> None:
    fill(store)
    store.retention.measure(NOW - 2 * DAY)
    store.retention.measure(NOW)
    store.retention.measure(NOW)
    growth = store.retention.growth(NOW + timedelta(hours=1))
    assert growth.days == 2
    assert growth.database_bytes > 0
    assert growth.archive_bytes == growth.archive_per_day == 2000 + 3000 + 4000
    assert growth.database_per_day >= 0


def test_a_purge_that_dies_while_erasing_can_be_done_again(store: Store) -> None:
    fill(store)

    def dies(_record: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.retention.purge(url_of(1), NOW, erase=dies)
    assert store.articles.by_url(url_of(1)) is not None
    erased: list[object] = []
    purged = store.retention.purge(url_of(1), NOW, erase=erased.append)
    assert tuple(erased) == purged.records != ()
