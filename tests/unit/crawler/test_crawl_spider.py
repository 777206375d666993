"""The spider against a loopback web: one process per crawl, fakes for the store, everything else real."""

from __future__ import annotations

import contextlib
import gzip
import ipaddress
import json
import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from loopback import ARTICLE, HTML, Answer, Handler, feed_source, outlet, raw_web, rss, run_crawl, web

from pipeline.model import ITEM_TYPE, ApiShape, Fetch, Politeness, Selectors, Source, SourceKind


def test_a_tick_lands_each_listed_article_once_and_a_second_asks_conditionally(tmp_path: Path) -> None:
    def site(path: str, headers: dict[str, str]) -> Answer:
        if path == "/robots.txt":
            return Answer(status=404)
        if path == "/rss":
            if headers.get("if-none-match") == '"v1"':
                return Answer(status=304)
            return Answer(
                rss("/berita/1", "/berita/2?utm_source=rss", "/berita/2", "/video/3"), headers={"ETag": '"v1"'}
            )
        return Answer(ARTICLE, headers=HTML)

    with web(site) as server:
        paper = outlet(feed_source(server.url + "/rss"))
        first = run_crawl(tmp_path, paper)
        assert first.returncode == 0
        assert sorted(server.paths()) == ["/berita/1", "/berita/2?utm_source=rss", "/robots.txt", "/rss"]
        assert [page.status for page in first.memory.pages] == [200, 200]
        assert all(first.body(page) == ARTICLE for page in first.memory.pages)
        assert first.run().ok and first.run().candidates == 2 and first.run().fetched == 2
        assert first.memory.baselines == [True]
        assert {a.headers["user-agent"] for a in server.asked} == {"Kawat/0.1 (+mailto:desk@example.org)"}
        assert not any({"cookie", "referer", "authorization"} & set(a.headers) for a in server.asked)
        server.asked.clear()
        second = run_crawl(tmp_path, paper, memory=first.memory)
        assert server.paths() == ["/robots.txt", "/rss"]
        assert second.run().ok and second.run().unchanged == 1 and second.run().fetched == 0


def plain_site(*paths: str) -> dict[str, Answer]:
    """robots.txt absent, a feed of these paths, and an article behind each."""
    pages = {"/robots.txt": Answer(status=404), "/rss": Answer(rss(*paths))}
    return pages | {path: Answer(ARTICLE, headers=HTML) for path in paths}


def served(pages: dict[str, Answer]) -> Handler:
    return lambda path, _: pages.get(path, Answer(status=404))


def test_robots_rules_and_crawl_delay_are_kept_to(tmp_path: Path) -> None:
    pages = plain_site("/berita/1", "/berita/2", "/berita/3")
    pages["/robots.txt"] = Answer(b"\xef\xbb\xbfUser-agent: *\r\nCrawl-delay: 0.4\r\nDisallow: /berita/2\r\n")
    with web(served(pages)) as server:
        crawled = run_crawl(tmp_path, outlet(feed_source(server.url + "/rss")))
        assert "/berita/2" not in server.paths()
        gaps = [b.at - a.at for a, b in zip(server.asked, server.asked[1:], strict=False)]
        assert all(gap >= 0.39 for gap in gaps[1:]), gaps
    assert len(crawled.memory.pages) == 2
    [(url, fate, given_up)] = crawled.memory.fates
    assert url.endswith("/berita/2") and "robots.txt" in fate.reason and not given_up


def test_a_server_error_for_robots_forbids_all_and_a_client_error_nothing(tmp_path: Path) -> None:
    cases = {500: False, 503: False, 403: True, 410: True}
    with contextlib.ExitStack() as stack:
        servers = {
            status: stack.enter_context(
                web(served(plain_site("/berita/1") | {"/robots.txt": Answer(b"<html>oops", status=status)}))
            )
            for status in cases
        }
        papers = [outlet(feed_source(server.url + "/rss"), slug=f"s{status}") for status, server in servers.items()]
        crawled = run_crawl(tmp_path, *papers)
        for status, allowed in cases.items():
            assert ("/rss" in servers[status].paths()) is allowed, status
            run = crawled.run(f"s{status}")
            assert run.ok is allowed and ("robots.txt" in run.reason) is not allowed


def test_robots_that_forbids_everything_ends_the_visit_with_its_reason(tmp_path: Path) -> None:
    pages = plain_site("/berita/1")
    pages["/robots.txt"] = Answer(b"User-agent: Kawat\nDisallow: /\n")
    with web(served(pages)) as server:
        crawled = run_crawl(tmp_path, outlet(feed_source(server.url + "/rss")))
        assert server.paths() == ["/robots.txt"]
    assert not crawled.run().ok and crawled.run().reason.startswith("forbidden by robots.txt")


def test_429_is_asked_once_and_its_host_left_alone(tmp_path: Path) -> None:
    pages = plain_site("/berita/1", "/berita/2", "/berita/3")
    for path in ("/berita/1", "/berita/2", "/berita/3"):
        pages[path] = Answer(status=429, headers={"Retry-After": "99999999"})
    with web(served(pages)) as server:
        crawled = run_crawl(tmp_path, outlet(feed_source(server.url + "/rss")))
        assert len(server.paths()) == 3  # robots.txt, the feed, one page
    [(_, fate, given_up)] = crawled.memory.fates
    assert fate.after == timedelta(hours=24) and not given_up
    assert len(crawled.memory.due) == 3 and crawled.memory.pages == []
    run = crawled.run()
    assert run.ok and run.failed == 1
    assert run.retry_after is not None and timedelta(hours=23) < run.retry_after <= timedelta(hours=24)


def test_a_server_error_is_tried_again_later_and_given_up_after_five(tmp_path: Path) -> None:
    pages = plain_site("/berita/1")
    pages["/berita/1"] = Answer(status=500)
    with web(served(pages)) as server:
        paper = outlet(feed_source(server.url + "/rss"))
        memory = run_crawl(tmp_path, paper).memory
        assert run_crawl(tmp_path, paper, memory=memory).memory.fates == memory.fates  # not due yet
        for key in memory.due:
            memory.due[key] = datetime(2026, 1, 1, tzinfo=UTC)
            memory.links[key] = replace(memory.links[key], attempts=4)
        memory = run_crawl(tmp_path, paper, memory=memory).memory
        assert server.paths().count("/berita/1") == 2
    assert [(fate.after, given_up) for _, fate, given_up in memory.fates] == [
        (timedelta(minutes=5), False),
        (timedelta(hours=6), True),
    ]


def test_redirects_are_followed_only_to_articles_at_public_addresses(tmp_path: Path) -> None:
    targets = {
        "/berita/1": "/berita/11",
        "/berita/2": "http://10.0.0.1/berita/2",
        "/berita/3": "http://2130706433.example@169.254.169.254/berita/3",
        "/berita/4": "file:///etc/passwd",
        "/berita/5": "/berita/5?lagi=1",
        "/berita/6": "/",
        "/berita/7": "http://[::ffff:10.0.0.1]/berita/7",
        "/berita/8": "//0x0a000001/berita/8",
    }
    pages = plain_site(*targets)
    pages["/berita/11"] = Answer(ARTICLE, headers=HTML)
    pages |= {path: Answer(status=302, headers={"Location": target}) for path, target in targets.items()}

    def site(path: str, headers: dict[str, str]) -> Answer:
        if path.startswith("/berita/5"):
            return Answer(status=301, headers={"Location": path + "1"})
        return pages.get(path, Answer(ARTICLE, headers=HTML))

    with web(site) as server:
        crawled = run_crawl(
            tmp_path, outlet(feed_source(server.url + "/rss"), article=(r"/berita/\d+", r"^http://.*berita"))
        )
        assert "/" not in server.paths()
        assert sum(path.startswith("/berita/5") for path in server.paths()) == 6
    [page] = crawled.memory.pages
    assert page.url.endswith("/berita/1") and page.final_url.endswith("/berita/11")
    reasons = {url.rpartition("/")[2]: fate.reason for url, fate, _ in crawled.memory.fates}
    assert set(reasons) == set("2345678")
    assert all("address not called" in reasons[n] for n in "23478"), reasons
    assert "redirects" in reasons["5"] and "moved" in reasons["6"]


def points_inside(name: str) -> bool:
    try:
        return ipaddress.ip_address(socket.gethostbyname(name)).is_private
    except OSError:
        return False


def test_without_leave_even_this_machine_is_refused_by_address_and_by_name(tmp_path: Path) -> None:
    with web(served(plain_site("/berita/1"))) as server:
        port = server.url.rpartition(":")[2]
        hosts = ["127.0.0.1", "2130706433", "0x7f.1", "localhost", "localhost.", "[::1]", "[::ffff:127.0.0.1]"]
        # the machine's own name stands for every name whose record points inside
        hosts += [name for name in (socket.gethostname(),) if points_inside(name)]
        papers = [
            outlet(feed_source(f"http://{host}:{port}/rss"), slug=f"s{place}") for place, host in enumerate(hosts)
        ]
        crawled = run_crawl(tmp_path, *papers, allow_loopback=False)
        assert server.asked == []
    assert len(crawled.memory.runs) == len(hosts)
    assert all(not run.ok and "address not called" in run.reason for run in crawled.memory.runs)


def test_a_slow_drip_ends_at_the_deadline_of_one_answer(tmp_path: Path) -> None:
    pages = plain_site("/berita/1", "/berita/2")
    pages["/berita/1"] = Answer(b"x" * 1000, headers=HTML, drip=0.3)
    with web(served(pages)) as server:
        crawled = run_crawl(tmp_path, outlet(feed_source(server.url + "/rss")), fetch_timeout=1.0)
    assert [page.url.rpartition("/")[2] for page in crawled.memory.pages] == ["2"]
    assert "no complete answer in time" in crawled.memory.fates[0][1].reason
    assert crawled.seconds < 8


def test_a_hung_host_does_not_hold_the_tick_or_the_other_outlets(tmp_path: Path) -> None:
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


def test_bombs_are_bounded_and_named(tmp_path: Path) -> None:
    zeros = gzip.compress(b"\0" * (64 << 20))
    many = zeros
    for _ in range(3):
        many = gzip.compress(many)
    pages = plain_site("/berita/1", "/berita/2", "/berita/3", "/berita/4", "/berita/5")
    pages["/berita/1"] = Answer(zeros, headers=HTML | {"Content-Encoding": "gzip"})
    pages["/berita/2"] = Answer(many, headers=HTML | {"Content-Encoding": "gzip, gzip, gzip, gzip"})
    pages["/berita/3"] = Answer(b"x" * (6 << 20), headers=HTML)
    pages["/berita/4"] = Answer(b"kaput", headers=HTML | {"Content-Encoding": "br"})
    pages["/berita/5"] = Answer(gzip.compress(ARTICLE), headers=HTML | {"Content-Encoding": "gzip"})
    with web(served(pages)) as server:
        crawled = run_crawl(tmp_path, outlet(feed_source(server.url + "/rss")), memory_mb=400)
    [page] = crawled.memory.pages
    assert crawled.body(page) == ARTICLE
    reasons = {url.rpartition("/")[2]: fate.reason for url, fate, _ in crawled.memory.fates}
    assert "bytes" in reasons["1"] and "codings" in reasons["2"] and "bytes" in reasons["3"] and "br" in reasons["4"]


def test_two_outlets_on_one_host_share_its_pace_and_its_patience(tmp_path: Path) -> None:
    pages = plain_site("/berita/1", "/berita/2") | {"/en/rss": Answer(rss("/berita/3", "/berita/4"))}
    pages |= {f"/berita/{n}": Answer(ARTICLE, headers=HTML) for n in (3, 4)}
    slow = Politeness(delay=timedelta(seconds=0.3), concurrency=1)
    with web(served(pages)) as server:
        papers = (
            outlet(feed_source(server.url + "/rss"), politeness=slow),
            outlet(feed_source(server.url + "/en/rss"), slug="english", politeness=slow),
        )
        crawled = run_crawl(tmp_path, *papers)
        assert server.paths().count("/robots.txt") == 1
        gaps = [b.at - a.at for a, b in zip(server.asked, server.asked[1:], strict=False)]
        assert len(server.asked) == 7 and all(gap >= 0.29 for gap in gaps), gaps
    assert len(crawled.memory.pages) == 4 and all(run.ok for run in crawled.memory.runs)


def test_a_bot_check_in_place_of_a_feed_counts_as_blocked_and_is_asked_for_again_whole(tmp_path: Path) -> None:
    check = b"<!DOCTYPE html><html><head><title>Just a moment...</title></head><body>cf</body></html>"
    pages = plain_site() | {"/rss": Answer(check, headers=HTML | {"ETag": '"x"'})}
    with web(served(pages)) as server:
        crawled = run_crawl(tmp_path, outlet(feed_source(server.url + "/rss")))
    assert not crawled.run().ok and crawled.run().reason.startswith("blocked: a bot check")
    assert crawled.memory.seen == {}


BAD_FEEDS = [
    (Answer(b"<html><body>Beranda</body></html>", headers=HTML), "unreadable answer: an HTML page"),
    (Answer(b"\x00\xff\xfe<<<&&&\x80"), "unreadable answer"),
    (Answer(b""), "unreadable answer: empty"),
    (Answer(status=403), "blocked: HTTP 403"),
    (Answer(status=410), "moved or gone: HTTP 410"),
    (Answer(status=502), "down: HTTP 502"),
    (Answer(b"x", headers={"Content-Length": "500"}), "down"),
    (Answer(b"x", headers={"Content-Length": "-5"}), "down"),
    (Answer(b"<rss><channel/></rss>"), "unreadable answer: 0 links"),
    (Answer(rss("/berita/1") * 20_000, headers={"Content-Type": "text/xml"}), ""),
]


def test_every_bad_feed_ends_as_a_run_with_its_reason(tmp_path: Path) -> None:
    with contextlib.ExitStack() as stack:
        servers = [stack.enter_context(web(served(plain_site("/berita/1") | {"/rss": bad}))) for bad, _ in BAD_FEEDS]
        papers = [outlet(feed_source(s.url + "/rss"), slug=f"s{place}") for place, s in enumerate(servers)]
        crawled = run_crawl(tmp_path, *papers, fetch_timeout=2.0)
    assert crawled.returncode == 0
    for place, (_, reason) in enumerate(BAD_FEEDS):
        run = crawled.run(f"s{place}")
        assert run.ok is not bool(reason) and run.reason.startswith(reason), run.reason


def test_summary_outlets_land_the_feeds_own_item_and_fetch_no_page(tmp_path: Path) -> None:
    with web(served(plain_site("/berita/1"))) as server:
        crawled = run_crawl(tmp_path, outlet(feed_source(server.url + "/rss"), fetch=Fetch.SUMMARY))
        assert server.paths() == ["/robots.txt", "/rss"]
    [page] = crawled.memory.pages
    assert page.content_type == ITEM_TYPE and page.status == 200
    item = json.loads(crawled.body(page))
    assert item["title"] == "Judul /berita/1" and set(item) == {
        "url",
        "title",
        "published",
        "summary",
        "body",
        "authors",
    }


def test_pages_of_one_article_are_landed_together(tmp_path: Path) -> None:
    def site(path: str, headers: dict[str, str]) -> Answer:
        base, _, page = path.partition("?page=")
        if base in {"/robots.txt"}:
            return Answer(status=404)
        if base == "/rss":
            return Answer(rss("/berita/1"))
        number = int(page or 1)
        following = f'<a class="next" href="/berita/1?page={number + 1}">2</a>' if number < 3 else ""
        return Answer(f"<p>halaman {number}</p>{following}".encode(), headers=HTML)

    with web(site) as server:
        paged = outlet(feed_source(server.url + "/rss"), selectors=Selectors(next_page=("a.next",)))
        crawled = run_crawl(tmp_path, paged)
        assert server.paths()[2:] == ["/berita/1", "/berita/1?page=2", "/berita/1?page=3"]
    [page] = crawled.memory.pages
    body = crawled.body(page)
    assert [f"halaman {n}".encode() in body for n in (1, 2, 3)] == [True] * 3
    assert body.count(b"kawat:next-page") == 2


def test_whole_page_is_asked_for_by_its_query(tmp_path: Path) -> None:
    with web(
        lambda path, _: Answer(rss("/berita/1?page=2")) if path == "/rss" else Answer(ARTICLE, headers=HTML)
    ) as server:
        run_crawl(tmp_path, outlet(feed_source(server.url + "/rss"), selectors=Selectors(whole_page="page=all")))
        assert server.paths()[-1] == "/berita/1?page=all"


def test_a_full_disk_stops_landing_and_crawling_and_loses_nothing(tmp_path: Path) -> None:
    with web(served(plain_site("/berita/1", "/berita/2", "/berita/3"))) as server:
        crawled = run_crawl(tmp_path, outlet(feed_source(server.url + "/rss")), room=1)
    assert len(crawled.memory.pages) == 1 and len(crawled.memory.due) == 2
    assert not crawled.run().ok and "no room left" in crawled.run().reason


@pytest.mark.parametrize("point", ["candidates-committed", "warc-flushed", "page-landed", "run-finished"])
def test_the_kill_points_kill(tmp_path: Path, point: str) -> None:
    with web(served(plain_site("/berita/1"))) as server:
        killed = run_crawl(tmp_path, outlet(feed_source(server.url + "/rss")), env={"KAWAT_KILL_AT": point})
    assert killed.returncode == -9


def test_sitemap_index_section_page_and_api_feed_one_outlet(tmp_path: Path) -> None:
    index = (
        b"<sitemapindex><sitemap><loc>/s-old.xml</loc><lastmod>2019-01-01</lastmod></sitemap>"
        b"<sitemap><loc>/s-new.xml.gz</loc><lastmod>2026-11-21</lastmod></sitemap></sitemapindex>"
    )
    urls = b"<urlset><url><loc>/berita/1</loc></url><url><loc>/video/2</loc></url></urlset>"
    pages = {
        "/robots.txt": Answer(status=404),
        "/sitemap.xml": Answer(index),
        "/s-new.xml.gz": Answer(gzip.compress(urls)),
        "/s-old.xml": Answer(b"<urlset><url><loc>/berita/9</loc></url></urlset>"),
        "/indeks": Answer(b'<a href="/berita/3">Tiga</a><a href="/tentang">Tentang</a>', headers=HTML),
        "/api": Answer(b'{"data":[{"id":4,"judul":"Empat","isi":"<p>Isi lengkap.</p>"}]}'),
    } | {f"/berita/{n}": Answer(ARTICLE, headers=HTML) for n in (1, 3, 9)}
    with web(served(pages)) as server:
        shape = ApiShape(items="data", url="id", title="judul", body="isi", url_template=server.url + "/berita/{id}")
        crawled = run_crawl(
            tmp_path,
            outlet(
                Source(kind=SourceKind.SITEMAP, url=server.url + "/sitemap.xml"),
                Source(kind=SourceKind.LISTING, url=server.url + "/indeks"),
                Source(kind=SourceKind.API, url=server.url + "/api", api=shape),
            ),
        )
        assert "/berita/4" not in server.paths()
    assert crawled.run().ok, crawled.run().reason
    landed = {page.url.rpartition("/")[2]: page.content_type for page in crawled.memory.pages}
    assert set(landed) == set("1349") and landed["4"] == ITEM_TYPE


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


RAW = {
    "headers without end": headers_without_end,
    "one header without end": one_header_without_end,
    "body without end": body_without_end,
    "another protocol": lambda: iter([b"SSH-2.0-OpenSSH_9.2\r\n"]),
    "nothing": lambda: iter([]),
    "chunks that are none": lambda: iter([b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"]),
    "a status that is none": lambda: iter([b"HTTP/1.1 abc OK\r\n\r\n"]),
    "a broken body": lambda: iter([b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nx"]),
}


def test_servers_that_break_the_protocol_end_as_failed_runs_in_little_memory(tmp_path: Path) -> None:
    with contextlib.ExitStack() as stack, web(served(plain_site("/berita/1"))) as server:
        urls = [stack.enter_context(raw_web(pieces)) for pieces in RAW.values()]
        papers = [outlet(feed_source(url + "/rss"), slug=f"s{place}") for place, url in enumerate(urls)]
        crawled = run_crawl(tmp_path, *papers, outlet(feed_source(server.url + "/rss")), peak_mb=300)
    assert crawled.returncode == 0, crawled.stderr
    assert crawled.run("harian").ok
    for place, name in enumerate(RAW):
        run = crawled.run(f"s{place}")
        assert not run.ok and run.reason, name
