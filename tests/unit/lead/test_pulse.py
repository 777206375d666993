"""The dead-man switch is called only when the crawl finished, the inbox is drained and nothing due is late."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kawat.press.receivers import Hooks
from kawat.pulse import Pulse
from pipeline.alert.channel import Channel, ChannelKind, Folder, Recipient
from pipeline.alert.compose import trial
from pipeline.config.settings import Heartbeat, Settings
from pipeline.model import Page, WarcRecord
from pipeline.store import Store

NOW = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
CHANNEL = Channel(
    name="files",
    kind=ChannelKind.FILE,
    transport=Folder(path=Path("unsent")),
    recipients=(Recipient(address="a@example.org"),),
)
PAGE = Page(
    outlet="a",
    url="https://a.example/1",
    final_url="https://a.example/1",
    key="k",
    status=200,
    content_type="text/html",
    fetched_at=NOW,
    discovered_at=NOW,
    record=WarcRecord(file="a.warc.gz", offset=0, length=9),
)


@pytest.fixture
def hooks(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hooks]:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    with Hooks() as opened:
        opened.fail(200)  # answers every path
        yield opened


@pytest.fixture
def store() -> Iterator[Store]:
    with Store.open("sqlite://") as opened:
        yield opened


def settings(hooks: Hooks) -> Settings:
    return Settings(heartbeat=Heartbeat(url=hooks.base + "/ping/abc", every=5 * MINUTE), allow_loopback=True)


def test_it_waits_for_a_crawl_and_for_its_time(store: Store, hooks: Hooks) -> None:
    pulse, set_ = Pulse(), settings(hooks)
    assert not pulse.beat(store, set_, NOW)
    pulse.crawled = NOW
    assert pulse.beat(store, set_, NOW)
    pulse.crawled = NOW + MINUTE
    assert not pulse.beat(store, set_, NOW + 2 * MINUTE)  # not yet its time
    assert pulse.beat(store, set_, NOW + 6 * MINUTE)
    assert not pulse.beat(store, set_, NOW + 20 * MINUTE)  # no crawl has finished since
    assert hooks.attempts == 2


def test_it_waits_for_the_inbox(store: Store, hooks: Hooks) -> None:
    pulse = Pulse()
    pulse.crawled = NOW
    store.inbox.land(PAGE)
    assert not pulse.beat(store, settings(hooks), NOW)
    store.inbox.poison(PAGE, "for this test")
    assert pulse.beat(store, settings(hooks), NOW)


def test_it_waits_for_what_is_over_a_quarter_of_an_hour_late(store: Store, hooks: Hooks) -> None:
    pulse = Pulse()
    pulse.crawled = NOW + 16 * MINUTE
    store.outbox.put(trial(CHANNEL, now=NOW))
    assert not pulse.beat(store, settings(hooks), NOW + 16 * MINUTE)
    assert pulse.beat(store, settings(hooks), NOW + 14 * MINUTE)


def test_a_call_that_is_not_answered_is_made_again(store: Store, hooks: Hooks) -> None:
    pulse, set_ = Pulse(), settings(hooks)
    pulse.crawled = NOW
    hooks.fail(500, times=1)
    assert not pulse.beat(store, set_, NOW)
    assert pulse.beat(store, set_, NOW + MINUTE)
