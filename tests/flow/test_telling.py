"""What is told when: starting picture, daily digest, catch-up, purge. The clock is ours, everything else is real."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from newsroom import READERS, Newsroom

from kawat.app import App
from kawat.cli.face import Filter

STORIES = ("qa-1", "cl-1", "x-ar", "n-company-1", "o-stocks")
"""Two agreements and talks at one outlet, and what is neither."""

SLOW = pytest.mark.slow
HERE = pytest.mark.parametrize("newsroom", [STORIES], indirect=True)


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.now


def kinds(app: App) -> dict[str, int]:
    """How many messages of each kind there are for the mail channel's English reader."""
    rows = [row for row in app.alerts(Filter(limit=1000)) if row["recipient"] == "reader@demo.invalid"]
    return {kind: sum(row["kind"] == kind for row in rows) for kind in sorted({str(row["kind"]) for row in rows})}


def with_baseline(newsroom: Newsroom) -> None:
    path = newsroom.folder / "settings.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("{baseline: false}", "{baseline: true}"), encoding="utf-8")


@SLOW
@HERE
def test_a_first_poll_comes_as_one_starting_picture_and_nothing_singly(newsroom: Newsroom) -> None:
    with_baseline(newsroom)
    newsroom.press.withdraw("cl-1")
    assert newsroom.run().returncode == 0
    with newsroom.app() as app:
        assert kinds(app) == {"starting_picture": 1}
    assert len(newsroom.mailbox.messages) == READERS
    body = newsroom.mailbox.messages[0].message.get_body(("plain",))
    assert body is not None
    assert "Qatar" in body.get_content()

    newsroom.press.publish("cl-1")
    assert newsroom.run().returncode == 0
    with newsroom.app() as app:
        assert kinds(app) == {"agreement": 1, "starting_picture": 1}


@SLOW
@HERE
def test_the_digest_comes_once_a_day_at_its_hour_with_what_waits(newsroom: Newsroom) -> None:
    clock = Clock()
    with App.open(newsroom.folder, now=clock) as app:
        app.run(everything=True)
        assert kinds(app) == {"agreement": 2}
        clock.now += timedelta(days=1)
        app.compose_due()
        assert kinds(app) == {"agreement": 2, "digest": 1}
        app.compose_due()
        clock.now += timedelta(minutes=1)
        app.compose_due()
        assert kinds(app)["digest"] == 1
        app.deliver()
        digest = newsroom.mailbox.messages[-1].message
        body = digest.get_body(("plain",))
        assert body is not None
        assert "Argentin" in body.get_content()
        clock.now += timedelta(days=3)
        app.compose_due()
        assert kinds(app)["digest"] == 2  # the machine slept three days: one digest, not three
        app.deliver()
        empty = newsroom.mailbox.messages[-1].message.get_body(("plain",))
        assert empty is not None
        assert "Argentin" not in empty.get_content()


@SLOW
@HERE
def test_after_a_sleep_what_was_missed_comes_in_one_message(newsroom: Newsroom) -> None:
    clock, stop = Clock(), threading.Event()
    newsroom.press.withdraw("qa-1", "cl-1")
    with App.open(newsroom.folder, now=clock) as app:
        assert app.crawl_due(stop=stop)
        app.process()
        app.compose_due()
        assert kinds(app) == {}
        newsroom.press.publish("qa-1", "cl-1")
        clock.now += timedelta(hours=5)
        assert app.crawl_due(stop=stop)
        app.process()
        app.compose_due()
        assert {kind: number for kind, number in kinds(app).items() if kind != "digest"} == {"catch_up": 1}
        app.compose_due()
        assert kinds(app)["catch_up"] == 1


@SLOW
@HERE
def test_a_purged_page_is_gone_from_store_files_and_archive(newsroom: Newsroom) -> None:
    assert newsroom.run().returncode == 0
    url = newsroom.press.url("qa-1")
    headline = newsroom.press.read("qa-1").title
    purged = newsroom.run("purge", "--yes", url)
    assert purged.returncode == 0, purged.stderr
    with newsroom.app() as app:
        assert app.article(url) is None
        assert app.articles(Filter(text=headline.split()[-1])) == [] or url not in str(app.articles(Filter()))
        for path in app.configuration.data_dir.rglob("*.jsonl"):
            assert headline not in path.read_text(encoding="utf-8"), path
    again = newsroom.run()
    assert again.returncode == 0, again.stderr
    with newsroom.app() as app:
        assert app.article(url) is None


@HERE
def test_a_full_disk_stops_crawling_and_not_delivery(newsroom: Newsroom) -> None:
    path = newsroom.folder / "settings.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "disk: {min_free: 900000 GB}\n", encoding="utf-8")
    newsroom.press.requests.clear()
    with newsroom.app() as app:
        summary = app.run(everything=True)
        assert summary.pages == 0
        assert not newsroom.press.requests
        assert any("crawling has stopped" in issue.problem for issue in app.issues())
        (tested, *_) = app.test_channels("mail")
        assert type(tested.attempt).__name__ == "Sent"
