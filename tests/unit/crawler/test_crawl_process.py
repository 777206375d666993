"""The crawl process as the daemon starts it: order in, lines out, real store, ended from outside."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from loopback import AGENT, ARTICLE, HTML, Answer, feed_source, outlet, record_body, rss, web

from crawler.job import CrawlJob
from kawat.crawl import CrawlOrder, dumped, loaded, room_in
from pipeline.model import Outlet
from pipeline.store import Store

CRAWL = [sys.executable, "-m", "kawat.crawl"]
HERE = Path(__file__).parents[3]


def order_for(folder: Path, *outlets: Outlet) -> CrawlOrder:
    job = CrawlJob(outlets=outlets, archive_dir=folder / "warc", user_agent=AGENT, allow_loopback=True, deadline=30.0)
    return CrawlOrder(database_url=f"sqlite:///{folder / 'kawat.db'}", job=job, min_free=1)


def crawled(order: CrawlOrder) -> tuple[int, list[dict[str, object]], str]:
    done = subprocess.run(CRAWL, input=dumped(order), capture_output=True, timeout=60, check=False, cwd=HERE)
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()], done.stderr.decode()


def site(path: str, headers: dict[str, str]) -> Answer:
    if path == "/rss":
        return Answer(status=304) if "if-none-match" in headers else Answer(rss("/berita/1"), headers={"ETag": '"1"'})
    return Answer(ARTICLE, headers=HTML) if path.startswith("/berita/") else Answer(status=404)


def test_an_order_survives_its_journey() -> None:
    order = order_for(Path("/x"), outlet(feed_source("https://h.id/rss")))
    assert loaded(dumped(order)) == order


def test_pages_come_to_the_inbox_with_bytes_that_can_be_read_back(tmp_path: Path) -> None:
    with web(site) as server:
        order = order_for(tmp_path, outlet(feed_source(server.url + "/rss")))
        status, events, complaints = crawled(order)
        assert (status, complaints) == (0, "")
        assert [event["event"] for event in events] == ["polled", "fetched", "finished"]
        assert crawled(order)[1][0]["unchanged"] is True
    with Store.open(order.database_url) as store:
        now = datetime.now(UTC)
        [capture] = store.inbox.claim(now, 10, order.job.outlets[0].every or now - now)
        assert record_body(order.job.archive_dir, capture.page) == ARTICLE
        assert capture.page.baseline
        assert store.outlets.states()["harian"].next_check_at > now


def test_asked_to_end_it_ends_soon_and_leaves_the_outlet_due(tmp_path: Path) -> None:
    with web(lambda path, _: Answer(b"x" * 1000, drip=5.0) if path == "/robots.txt" else site(path, _)) as server:
        order = order_for(tmp_path, outlet(feed_source(server.url + "/rss")))
        process = subprocess.Popen(
            CRAWL, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=HERE
        )
        assert process.stdin is not None
        process.stdin.write(dumped(order))
        process.stdin.close()
        process.stdin = None
        assert server.spoken_to.wait(30)  # the process itself says nothing until a source has answered
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=10)
    assert process.returncode == 0, err
    assert b"finished" not in out
    with Store.open(order.database_url) as store:
        assert "harian" not in store.outlets.states()


def test_beyond_its_memory_limit_it_fails_as_a_whole_and_says_so(tmp_path: Path) -> None:
    with web(site) as server:
        order = order_for(tmp_path, outlet(feed_source(server.url + "/rss")))
        status, events, complaints = crawled(replace(order, job=replace(order.job, memory_mb=30)))
    assert status != 0
    assert any(event["event"] == "crawl failed" for event in events) or "MemoryError" in complaints


def test_a_database_that_cannot_be_opened_is_said(tmp_path: Path) -> None:
    order = replace(order_for(tmp_path, outlet()), database_url=f"sqlite:///{tmp_path}/no/such/folder/x/kawat.db")
    (tmp_path / "no").write_text("a file where a folder should be")
    status, events, _ = crawled(order)
    assert status == 1 and events[-1]["event"] == "crawl failed"


def test_nonsense_is_refused(tmp_path: Path) -> None:
    done = subprocess.run(CRAWL, input=b"{", capture_output=True, timeout=60, check=False, cwd=HERE)
    assert done.returncode == 1 and b"not readable" in done.stdout


def test_room_is_what_the_disk_has_left(tmp_path: Path) -> None:
    assert room_in(tmp_path, 1)()
    assert not room_in(tmp_path, 1 << 60)()


@pytest.mark.parametrize("point", ["candidates-committed", "warc-flushed", "page-landed", "run-finished"])
def test_killed_anywhere_and_started_again_every_listed_page_is_landed_once(tmp_path: Path, point: str) -> None:
    with web(site) as server:
        order = order_for(tmp_path, outlet(feed_source(server.url + "/rss")))
        killed = subprocess.run(
            CRAWL, input=dumped(order), capture_output=True, timeout=60, check=False, cwd=HERE,
            env={**os.environ, "KAWAT_KILL_AT": point},
        )  # fmt: skip
        assert killed.returncode == -signal.SIGKILL
        assert crawled(order)[0] == 0
    with Store.open(order.database_url) as store:
        [capture] = store.inbox.claim(datetime.now(UTC), 10, timedelta(minutes=1))
    assert capture.page.url.endswith("/berita/1")
    assert record_body(order.job.archive_dir, capture.page) == ARTICLE
