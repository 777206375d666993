"""The one transaction, and what can be read after it, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from store_samples import (
    DAY,
    NOW,
    land_and_commit,
    make_agreement,
    make_article,
    make_fingerprint,
    make_outcome,
    make_page,
    make_report,
    url_of,
)

from pipeline.errors import StoreError
from pipeline.model import Label, NearTo, Reject, RejectReason, Revises, SameAs, Stage, digest
from pipeline.store import AgreementChange, StaleDecision, Store


def everything(store: Store) -> object:
    """All that a commit can change."""
    return (
        store.articles.list(),
        store.articles.rejects(),
        store.agreements.list(),
        store.agreements.changes(),
        store.outbox.list(),
        store.inbox.counts(),
        store.fingerprints.count(),
        store.tallies.by_reason("article"),
        store.tallies.by_reason("reject"),
        store.tallies.by_reason("alert"),
    )


def test_an_outcome_is_stored_whole(store: Store) -> None:
    outcome = make_outcome(1)
    land_and_commit(store, outcome)
    stored = store.articles.by_url(url_of(1))
    assert stored is not None
    assert stored.article == outcome.result
    assert stored.head.decided.why == outcome.why
    assert stored.head.decided.label is Label.AGREEMENT
    assert stored == store.articles.by_key(make_article(1).key)
    assert stored == store.articles.by_url("elsewhere", digest(url_of(1)))
    assert store.articles.reports(make_article(1).key) == ((make_report(1), make_agreement(1).key),)
    assert store.agreements.get(make_agreement(1).key) == make_agreement(1)
    assert store.fingerprints.get(make_article(1).key) == (make_fingerprint(1),)
    assert [posted.alert for posted in store.outbox.list()] == list(outcome.alerts)
    assert store.outbox.list(agreement=make_agreement(1).key) == store.outbox.list()
    assert store.outbox.list(agreement="other") == ()
    assert store.inbox.counts() == {"done": 1}
    assert store.tallies.by_reason("article") == {"new": 1}


def test_a_replay_changes_nothing(store: Store) -> None:
    outcome = make_outcome(1)
    land_and_commit(store, outcome)
    before = everything(store)
    store.inbox.land(outcome.page)
    assert not store.commit(outcome).stored
    assert everything(store) == before


def test_a_page_that_never_landed_is_refused(store: Store) -> None:
    with pytest.raises(StoreError, match="never landed"):
        store.commit(make_outcome(1))
    assert store.articles.list() == ()


def test_an_alert_key_goes_out_once(store: Store) -> None:
    first = make_outcome(1)
    land_and_commit(store, first)
    second = replace(make_outcome(2), agreements=(), alerts=first.alerts, notices=first.notices)
    store.inbox.land(second.page)
    committed = store.commit(second)
    assert (committed.alerts, committed.notices) == (0, 0)
    assert len(store.outbox.list()) == 1


def test_a_decision_on_old_ground_is_refused_whole(store: Store) -> None:
    land_and_commit(store, make_outcome(1))
    stale = make_outcome(2)  # believes that the agreement is new
    store.inbox.land(stale.page)
    before = everything(store)
    with pytest.raises(StaleDecision):
        store.commit(stale)
    assert everything(store) == before
    known = store.agreements.get(make_agreement(1).key)
    assert store.commit(make_outcome(2, before=known)).stored


def test_two_reports_of_one_page_may_change_one_agreement_in_turn(store: Store) -> None:
    outcome = make_outcome(1)
    created = outcome.agreements[0].agreement
    later = replace(created, revision=2, stage=Stage.IN_FORCE)
    second = AgreementChange(agreement=later, before=created, kind="changed", why=("stage",))
    land_and_commit(store, replace(outcome, agreements=(*outcome.agreements, second)))
    assert store.agreements.get(created.key) == later
    assert [(change.kind, change.agreement.revision) for change in store.agreements.changes()] == [
        ("created", 1),
        ("changed", 2),
    ]


def test_a_revision_keeps_the_old_text(store: Store) -> None:
    land_and_commit(store, make_outcome(1))
    changed = make_article(1, text="Kedua menteri menunda penandatanganan.")
    again = replace(
        make_outcome(1, file="two.warc.gz"),
        result=changed,
        verdict=Revises(key=changed.key, changed=("text",)),
        agreements=(),
        alerts=(),
        notices=(),
    )
    land_and_commit(store, again)
    stored = store.articles.by_key(changed.key)
    assert stored is not None
    assert (stored.revision, stored.article) == (2, changed)
    assert [one.article for one in store.articles.revisions(changed.key)] == [make_article(1), changed]
    assert len(store.articles.list()) == 1
    assert store.articles.list(verdict="revision") == (stored,)


def test_the_same_text_again_is_no_revision(store: Store) -> None:
    land_and_commit(store, make_outcome(1))
    again = replace(make_outcome(1, file="two.warc.gz"), verdict=SameAs(key=make_article(1).key), agreements=())
    land_and_commit(store, again)
    assert len(store.articles.revisions(make_article(1).key)) == 1
    assert store.tallies.by_reason("article") == {"new": 1, "same": 1}


def test_a_reject_is_stored_with_its_reason(store: Store) -> None:
    reject = Reject(key="k", outlet="warta", url=url_of(1), reason=RejectReason.PAYWALL, detail="90 words")
    outcome = replace(
        make_outcome(1),
        result=reject,
        why=("stub",),
        reports=(),
        agreements=(),
        alerts=(),
        notices=(),
        fingerprint=None,
    )
    land_and_commit(store, outcome)
    assert not store.commit(outcome).stored
    stored = store.articles.rejected(url_of(1))
    assert stored is not None
    assert (stored.reject, stored.why) == (reject, ("stub",))
    assert store.tallies.by_reason("reject", outlet="warta", since=NOW.date()) == {"paywall stub": 1}
    assert store.articles.by_url(url_of(1)) is None


def test_text_no_database_keeps_does_not_stop_the_page(store: Store) -> None:
    outcome = make_outcome(1)
    hostile = replace(make_article(1), title="a\x00b\ud800c", paragraphs=("x\x00y\ud800z",))
    land_and_commit(store, replace(outcome, result=hostile))
    stored = store.articles.by_key(hostile.key)
    assert stored is not None
    assert len(stored.article.title) == 5
    assert len(stored.article.text) == 5
    assert store.articles.index_pending(10) == 1


def test_a_very_long_address_is_stored(store: Store) -> None:
    outcome = make_outcome(1)
    address = "https://warta.example/" + "".join(digest(str(number)) for number in range(300))
    page = replace(outcome.page, url=address, final_url=address)
    land_and_commit(store, replace(outcome, page=page, result=replace(make_article(1), url=address)))
    assert store.articles.by_url(address) is not None


def test_lists_filter_and_page(store: Store) -> None:
    for number in range(1, 6):
        outcome = replace(make_outcome(number, at=NOW + number * DAY), agreements=(), label=Label.OTHER)
        land_and_commit(store, outcome)
    newest = store.articles.list(limit=2)
    assert [stored.head.url for stored in newest] == [url_of(5), url_of(4)]
    assert [stored.head.url for stored in store.articles.list(limit=9, before=newest[-1].seq)] == [
        url_of(3),
        url_of(2),
        url_of(1),
    ]
    assert len(store.articles.list(since=NOW + 2 * DAY, until=NOW + 4 * DAY)) == 2
    assert store.articles.list(label=Label.AGREEMENT) == ()
    assert store.articles.list(outlet="other") == ()
    assert store.articles.count() == 5
    assert store.articles.by_outlet() == {"warta": 5}
    assert (store.tallies.total("article"), store.tallies.total("nothing")) == (5, 0)


def test_search_finds_words_and_obeys_no_operator(store: Store) -> None:
    land_and_commit(store, make_outcome(1))
    assert store.articles.search("kesepahaman") == ()
    assert store.articles.index_pending(100) == 1
    assert store.articles.index_pending(100) == 0
    assert [stored.head.url for stored in store.articles.search("NOTA kesepahaman")] == [url_of(1)]
    for nothing in ('"', "", "nota OR", "nota NOT", "title:x", "*", "a' ; --", "kata-yang-tiada"):
        store.articles.search(nothing)
    assert store.articles.search("nota tiada") == ()


def test_duplicates_are_found_by_hash_bands_and_address(store: Store) -> None:
    near = replace(make_outcome(2), verdict=NearTo(key=make_article(1).key, similarity=0.9), agreements=())
    near = replace(near, fingerprint=make_fingerprint(2, bands=(1, 5, 6)))
    land_and_commit(store, make_outcome(1))
    land_and_commit(store, near)
    seed = replace(make_fingerprint(3, bands=(5,)), key="seed-1", text_hash="s")
    assert store.fingerprints.put_seeds([seed], NOW) == 1
    assert store.fingerprints.put_seeds([seed], NOW) == 0
    assert store.fingerprints.exact(make_fingerprint(1).text_hash, 1) == (make_fingerprint(1),)
    assert store.fingerprints.exact(make_fingerprint(1).text_hash, 2) == ()
    assert store.fingerprints.by_bands((1, 5), 1, 10) == (make_fingerprint(1), near.fingerprint, seed)
    assert store.fingerprints.by_bands((1, 5), 1, 1) == (near.fingerprint,)
    assert store.fingerprints.by_bands((), 1, 1) == ()
    assert store.fingerprints.count() == {"article": 2, "seed": 1}
    stored = store.articles.by_url(url_of(2))
    assert stored is not None
    assert stored.duplicate_of == make_article(1).key


def test_agreements_near_a_report(store: Store) -> None:
    land_and_commit(store, make_outcome(1))
    land_and_commit(store, make_outcome(2, before=make_agreement(1)))
    (known,) = store.agreements.near("JP", NOW - DAY, NOW + DAY)
    assert known.reports == (make_report(1), make_report(2))
    assert store.agreements.near("JP", NOW - 9 * DAY, NOW - 7 * DAY) == ()
    assert store.agreements.near("JP", NOW - 9 * DAY, NOW - 1 * DAY)  # the act was the day before
    assert store.agreements.near("IN", NOW - DAY, NOW + DAY) == ()
    told = store.agreements.reports(known.agreement.key)
    assert [one.report.key for one in told] == [make_report(1).key, make_report(2).key]
    assert (told[0].outlet, told[0].url, told[0].discovered) == ("warta", url_of(1), NOW)


def test_agreements_list_and_marks(store: Store) -> None:
    land_and_commit(store, make_outcome(1))
    key = make_agreement(1).key
    assert store.agreements.list(partner="JP", stage=Stage.SIGNED, min_confidence=0.9, told=False)
    assert store.agreements.list(min_confidence=0.95) == ()
    assert store.agreements.list(before=(NOW, key)) == ()
    store.agreements.mark_told([key, "unknown"])
    marked = store.agreements.get(key)
    assert marked is not None
    assert marked.told
    assert store.agreements.list(told=True) == (marked,)
    assert store.agreements.count() == 1


def test_rules_and_facts_are_kept_by_name(opened: Callable[[], Store]) -> None:
    store = opened()
    store.rules.put("d", "{}", NOW)
    store.rules.put("d", "other", NOW)
    store.meta.set("a", "1")
    store.meta.set("a", "2")
    store.meta.set_time("heartbeat", NOW + timedelta(microseconds=1))
    other = opened()
    assert other.rules.get("d") == "{}"
    assert other.meta.time("heartbeat") == NOW + timedelta(microseconds=1)
    assert other.meta.time("never") is None
    assert other.meta.all() == {"a": "2", "heartbeat": "2026-03-02T05:00:00.000001+00:00"}


def test_a_landed_page_with_another_number_is_another_capture(store: Store) -> None:
    store.inbox.land(make_page(1))
    store.inbox.land(make_page(1, file="two.warc.gz"))
    assert store.inbox.counts() == {"pending": 2}
