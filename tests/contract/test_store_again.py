"""A page that was no article for a passing reason is asked for again, a few times; one that never will be is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from store_samples import NOW, land_and_commit, make_candidate, make_outcome, url_of

from pipeline.model import ITEM_TYPE, Reject, RejectReason, Validators, WarcRecord
from pipeline.store import Outcome, Store


def rejected(reason: RejectReason, time: int = 0, content_type: str = "text/html") -> Outcome:
    """The same page for the n-th time, read as no article."""
    sample = make_outcome(1)
    record = WarcRecord(file=f"{time}.warc.gz", offset=0, length=10)
    page = replace(sample.page, key=make_candidate(1).key, record=record, content_type=content_type)
    return replace(
        sample,
        page=page,
        stored_at=NOW + timedelta(days=time),
        result=Reject(key="k", outlet="warta", url=url_of(1), reason=reason),
        reports=(),
        agreements=(),
        alerts=(),
        notices=(),
        fingerprint=None,
    )


def due(store: Store, days: int) -> int:
    return len(store.frontier.pending(["warta"], now=NOW + timedelta(days=days, hours=13), limit=10))


@pytest.mark.parametrize("reason", [RejectReason.CHALLENGE, RejectReason.EMPTY])
def test_a_passing_reason_is_asked_again_three_times(store: Store, reason: RejectReason) -> None:
    store.frontier.add("https://feed.example/", Validators(), [make_candidate(1)], baseline=False)
    for time in range(3):
        land_and_commit(store, rejected(reason, time))
        assert not store.frontier.pending(["warta"], now=NOW + timedelta(days=time), limit=10)
        assert due(store, time) == 1
    land_and_commit(store, rejected(reason, 3))
    assert due(store, 400) == 0
    assert store.tallies.by_reason("reject") == {str(reason): 4}


@pytest.mark.parametrize(
    ("reason", "content_type"), [(RejectReason.INDEX, "text/html"), (RejectReason.EMPTY, ITEM_TYPE)]
)
def test_what_will_not_pass_is_left_alone(store: Store, reason: RejectReason, content_type: str) -> None:
    store.frontier.add("https://feed.example/", Validators(), [make_candidate(1)], baseline=False)
    land_and_commit(store, rejected(reason, 0, content_type))
    assert due(store, 400) == 0
