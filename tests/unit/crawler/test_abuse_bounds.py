"""Abuse cases 9 to 12, fetching: answers that lie or never end, and patience. Each test is named for its case in the
table of `docs/architecture.md`; servers are real, on loopback."""

from __future__ import annotations

import contextlib
import gzip
import zlib
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import brotli  # type: ignore[import-untyped]
from backports import zstd
from loopback import (
    ARTICLE,
    HTML,
    Answer,
    feed_source,
    outlet,
    plain_site,
    raw_web,
    run_crawl,
    served,
    web,
)

from pipeline.model import Source, SourceKind


def headers_without_end() -> Iterator[bytes]:
    yield b"HTTP/1.1 200 OK\r\n"
    while True:
        yield b"X-A: " + b"y" * 1000 + b"\r\n"


def one_header_without_end() -> Iterator[bytes]:
    yield b"HTTP/1.1 200 OK\r\nX-A: "
    while True:
        yield b"y" * 100_000


def body_without_end() -> Iterator[bytes]:
    yield b"HTTP/1.1 200 OK\r\n\r\n"
    while True:
        yield b"y" * 100_000


ENDLESS = {
    "headers without end": headers_without_end,
    "one header without end": one_header_without_end,
    "body without end": body_without_end,
    "100 MB of headers": lambda: iter(
        [b"HTTP/1.1 200 OK\r\n", *([b"X-A: " + b"y" * 9_993 + b"\r\n"] * 10_000), b"\r\n"]
    ),
}


def test_case_09_answers_that_drip_or_never_end(tmp_path: Path) -> None:
    pages = plain_site("/berita/1", "/berita/2")
    pages["/berita/1"] = Answer(b"x" * 1000, headers=HTML, drip=0.3)
    with contextlib.ExitStack() as stack, web(served(pages)) as server:
        urls = [stack.enter_context(raw_web(pieces)) for pieces in ENDLESS.values()]
        papers = [outlet(feed_source(url + "/rss"), slug=f"s{place}") for place, url in enumerate(urls)]
        crawled = run_crawl(tmp_path, *papers, outlet(feed_source(server.url + "/rss")), peak_mb=300, fetch_timeout=1.0)
    assert crawled.returncode == 0, crawled.stderr
    assert [page.url.rpartition("/")[2] for page in crawled.memory.pages] == ["2"]
    assert "no complete answer in time" in crawled.reasons()["1"]
    assert crawled.seconds < 10
    for place, name in enumerate(ENDLESS):
        run = crawled.run(f"s{place}")
        assert not run.ok and run.reason, name


def test_case_09_a_hung_host_does_not_hold_the_others(tmp_path: Path) -> None:
    hung = {"/robots.txt": Answer(b"x" * 1000, drip=5.0)}
    with web(served(hung)) as stuck, web(served(plain_site("/berita/1"))) as server:
        crawled = run_crawl(
            tmp_path,
            outlet(feed_source(stuck.url + "/rss"), slug="macet"),
            outlet(feed_source(server.url + "/rss")),
            fetch_timeout=30.0,
            deadline=2.0,
        )
    assert crawled.returncode == 0 and crawled.seconds < 12
    assert crawled.run("harian").ok and len(crawled.memory.pages) == 1
    assert not crawled.run("macet").ok and "tick ended" in crawled.run("macet").reason


BROKEN = {
    "too short": b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n<rss></rss>",
    "too long": b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nx",
    "negative": b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nx",
    "no number": b"HTTP/1.1 200 OK\r\nContent-Length: banyak\r\n\r\nx",
    "two that differ": b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 50\r\n\r\nx",
    "chunks that are none": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    "a status that is none": b"HTTP/1.1 abc OK\r\n\r\n",
    "another protocol": b"SSH-2.0-OpenSSH_9.2\r\n",
    "nothing": b"",
}


def said_once(piece: bytes) -> Iterator[bytes]:
    yield piece


def test_case_10_lengths_that_lie_and_answers_that_break_off(tmp_path: Path) -> None:
    with contextlib.ExitStack() as stack, web(served(plain_site("/berita/1"))) as server:
        urls = [stack.enter_context(raw_web(partial(said_once, piece))) for piece in BROKEN.values()]
        papers = [outlet(feed_source(url + "/rss"), slug=f"s{place}") for place, url in enumerate(urls)]
        crawled = run_crawl(tmp_path, *papers, outlet(feed_source(server.url + "/rss")))
    assert crawled.returncode == 0, crawled.stderr
    assert crawled.run("harian").ok
    for place, name in enumerate(BROKEN):
        run = crawled.run(f"s{place}")
        assert not run.ok and run.reason, name


def test_case_11_decompression_bombs(tmp_path: Path) -> None:
    zeros = b"\0" * (64 << 20)
    bomb = gzip.compress(zeros)
    many = bomb
    for _ in range(49):
        many = gzip.compress(many)
    wrapped = {
        "gzip": bomb,
        "deflate": zlib.compress(zeros),
        "br": brotli.compress(zeros, quality=1),
        "zstd": zstd.compress(zeros),
        ", ".join(["gzip"] * 50): many,
    }
    paths = [f"/berita/{n}" for n in range(len(wrapped) + 3)]
    pages = plain_site(*paths)
    for path, (coding, body) in zip(paths, wrapped.items(), strict=False):
        pages[path] = Answer(body, headers=HTML | {"Content-Encoding": coding})
    pages["/berita/5"] = Answer(b"x" * (6 << 20), headers=HTML)  # no bomb, just too much
    moved = {"Content-Encoding": "gzip", "Location": "/berita/99"}
    pages["/berita/6"] = Answer(bomb, status=302, headers=HTML | moved)  # the bomb is the redirect's own body
    pages["/berita/7"] = Answer(gzip.compress(ARTICLE), headers=HTML | {"Content-Encoding": "gzip"})
    pages["/berita/99"] = Answer(ARTICLE, headers=HTML)
    pages["/sitemap.xml.gz"] = Answer(bomb, headers={"Content-Type": "application/gzip"})
    with web(served(pages)) as server:
        mapped = outlet(Source(kind=SourceKind.SITEMAP, url=server.url + "/sitemap.xml.gz"), slug="peta")
        crawled = run_crawl(tmp_path, outlet(feed_source(server.url + "/rss")), mapped, memory_mb=400, peak_mb=300)
    assert crawled.returncode == 0, crawled.stderr
    assert {page.url.rpartition("/")[2]: crawled.body(page) for page in crawled.memory.pages} == {
        "6": ARTICLE,
        "7": ARTICLE,
    }
    why = crawled.reasons()
    assert set(why) == set("012345")
    assert all("bytes" in why[n] for n in "015") and "br" in why["2"] and "zstd" in why["3"] and "codings" in why["4"]
    assert not crawled.run("peta").ok and "a sitemap over" in crawled.run("peta").reason


def test_case_12_absurd_patience_is_bounded_and_ends(tmp_path: Path) -> None:
    wishes = {
        "99999999": timedelta(hours=24),
        "-1": timedelta(minutes=5),  # no wish: as after any failure
        "Thu, 01 Jan 1970 00:00:00 GMT": timedelta(seconds=1),
        "nanti": timedelta(minutes=5),
    }
    with contextlib.ExitStack() as stack:
        servers = []
        for wish in wishes:
            pages = plain_site("/berita/1", "/berita/2", "/berita/3")
            pages |= {f"/berita/{n}": Answer(status=429, headers={"Retry-After": wish}) for n in (1, 2, 3)}
            servers.append(stack.enter_context(web(served(pages))))
        papers = [outlet(feed_source(each.url + "/rss"), slug=f"s{place}") for place, each in enumerate(servers)]
        crawled = run_crawl(tmp_path, *papers)
        assert all(len(each.paths()) == 3 for each in servers)  # robots.txt, the feed, one page: then it is left alone
    for server, after in zip(servers, wishes.values(), strict=True):
        [(_, fate, given_up)] = [each for each in crawled.memory.fates if each[0].startswith(server.url)]
        assert fate.after == after, fate
        assert not given_up
    run = crawled.run("s0")
    assert run.ok and run.retry_after is not None and timedelta(hours=23) < run.retry_after <= timedelta(hours=24)


def test_case_12_unavailable_for_a_week_and_then_well(tmp_path: Path) -> None:
    pages = plain_site("/berita/1")
    pages["/berita/1"] = Answer(status=503, headers={"Retry-After": "86400"})
    with web(served(pages)) as server:
        paper = outlet(feed_source(server.url + "/rss"))
        memory = run_crawl(tmp_path, paper).memory
        for day in (3, 6):
            memory = run_crawl(tmp_path, paper, memory=memory, ahead=timedelta(days=day)).memory
        assert server.paths().count("/berita/1") == 3  # asked again, and only when its patience was over
        assert not any(given_up for _, _, given_up in memory.fates)
        pages["/berita/1"] = Answer(ARTICLE, headers=HTML)
        memory = run_crawl(tmp_path, paper, memory=memory, ahead=timedelta(days=6, hours=12)).memory
        assert memory.pages == []  # it asked for a day
        memory = run_crawl(tmp_path, paper, memory=memory, ahead=timedelta(days=7, hours=1)).memory
    assert [page.url.rpartition("/")[2] for page in memory.pages] == ["1"]
