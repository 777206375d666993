"""Stored fingerprints: found by their keys, forgotten with all their rows, made anew from texts after an upgrade."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select
from store_samples import NOW, land_and_commit, make_article, make_fingerprint, make_outcome, url_of

from pipeline.dedupe import SIGNATURE_VERSION, body, fingerprint
from pipeline.model import Fingerprint, NearTo, SameAs
from pipeline.past import rebuild_fingerprints, verdict_on
from pipeline.store import Store
from pipeline.store.fingerprints import PER_BAND
from pipeline.store.retention import Policy
from pipeline.store.tables import BANDS

WORDS = tuple(f"kata{number} berita{number}" for number in range(60))


def rows(store: Store) -> int:
    with store.database.read() as connection:
        return connection.execute(select(func.count()).select_from(BANDS)).scalar_one()


def test_whatever_forgets_a_fingerprint_forgets_its_keys(store: Store) -> None:
    for number in (1, 2, 3):
        plain = replace(make_outcome(number), agreements=(), reports=(), alerts=(), notices=())
        land_and_commit(store, plain)
    assert rows(store) == 9
    store.fingerprints.put([make_fingerprint(1, bands=(7,))], NOW)
    assert rows(store) == 7
    store.retention.purge(url_of(2), NOW)
    assert rows(store) == 4
    store.fingerprints.put_seeds([replace(make_fingerprint(9), key="seed")], NOW)
    assert rows(store) == 7
    store.retention.sweep(NOW + timedelta(days=200), Policy())
    assert store.fingerprints.count() == {"seed": 1}
    assert rows(store) == 3
    store.fingerprints.drop_seeds([])
    assert rows(store) == 0


def test_a_frame_that_thousands_share_costs_a_few_rows(store: Store) -> None:
    many = [
        replace(make_fingerprint(0, bands=(1, *range(9 * number + 10, 9 * number + 13))), key=f"k{number}")
        for number in range(3 * PER_BAND)
    ]
    store.fingerprints.put(many, NOW)
    found = store.fingerprints.by_bands((1,), 1, 1000)
    assert [each.key for each in found] == [each.key for each in many[:PER_BAND]], "the oldest, in their order"
    last = store.fingerprints.by_bands(many[-1].bands, 1, 2)
    assert [each.key for each in last] == ["k0", many[-1].key], "its own keys find what the frame does not show"


def old_version(number: int) -> Fingerprint:
    return replace(make_fingerprint(number), version=SIGNATURE_VERSION - 1, bands=())


def test_fingerprints_of_an_older_version_are_made_anew_from_the_kept_texts(store: Store) -> None:
    text = (" ".join(WORDS), " ".join(reversed(WORDS)))
    for number in (1, 2):
        article = replace(make_article(number), paragraphs=(*text, f"Nomor {number}."), headings=(), removed=())
        outcome = replace(make_outcome(number), result=article, fingerprint=old_version(number), agreements=())
        land_and_commit(store, replace(outcome, reports=(), alerts=(), notices=()))
    store.fingerprints.put_seeds([replace(old_version(3), key="seed")], NOW)
    assert rebuild_fingerprints(store, NOW) == 2
    first, second = (store.articles.by_key(make_article(number).key) for number in (1, 2))
    assert first is not None
    assert second is not None
    assert store.fingerprints.get(first.head.key) == (fingerprint(first.head.key, body(first.article)),)
    print_ = fingerprint("new", body(second.article))
    verdict = verdict_on(store, replace(second.article, key="new"), print_)
    assert verdict == SameAs(key=second.head.key)
    assert rebuild_fingerprints(store, NOW) == 0
    assert store.fingerprints.get("seed") == (replace(old_version(3), key="seed"),), "a seed has no text"


def test_what_has_lost_its_text_is_left_to_its_time(store: Store) -> None:
    outcome = replace(make_outcome(1), fingerprint=old_version(1), agreements=(), reports=(), alerts=(), notices=())
    land_and_commit(store, outcome)
    store.retention.sweep(NOW + timedelta(days=40), Policy())
    assert rebuild_fingerprints(store, NOW) == 0
    assert store.fingerprints.get(make_article(1).key) == (old_version(1),)


def test_the_same_text_under_forty_addresses_is_one_story(opened: Callable[[], Store]) -> None:
    """Written by two processes by turns: each sees at once what the other stored."""
    stores = (opened(), opened())
    text = (" ".join(WORDS), " ".join(reversed(WORDS)))
    originals = set()
    for number in range(40):
        store = stores[number % 2]
        article = replace(make_article(number), paragraphs=(*text, f"Versi {number}."), headings=(), removed=())
        print_ = fingerprint(article.key, body(article))
        verdict = verdict_on(store, article, print_)
        if number:
            assert isinstance(verdict, NearTo)
            originals.add(verdict.key)
        outcome = replace(make_outcome(number), result=article, fingerprint=print_, verdict=verdict, agreements=())
        land_and_commit(store, replace(outcome, reports=(), alerts=(), notices=()))
    assert originals == {make_article(0).key}, "every copy names the first"


def test_a_process_that_just_started_knows_every_text(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/kawat.db"
    with Store.open(url) as store:
        store.fingerprints.put([make_fingerprint(1)], NOW)
    with Store.open(url, create=False) as store:
        assert store.fingerprints.by_bands(make_fingerprint(1).bands, 1, 9) == (make_fingerprint(1),)
