"""The spider against servers that mean harm or are broken: every bound holds and every other outlet is read."""

from __future__ import annotations

import contextlib
import gzip
import ipaddress
import socket
from collections.abc import Iterator
from pathlib import Path

from loopback import (
    ARTICLE,
    HTML,
    Answer,
    feed_source,
    outlet,
    plain_site,
    raw_web,
    rss,
    run_crawl,
    served,
    web,
)


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
