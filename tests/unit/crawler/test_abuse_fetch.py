"""Abuse cases 1 to 8, fetching: addresses inside, and redirects. Each test is named for its case in the table of
`docs/architecture.md`; servers are real, on loopback."""

from __future__ import annotations

import ipaddress
import socket
from datetime import UTC, datetime
from pathlib import Path

import pytest
from loopback import (
    ARTICLE,
    HTML,
    Answer,
    feed_source,
    outlet,
    plain_site,
    rss,
    run_crawl,
    self_signed,
    served,
    web,
)
from requests.exceptions import InvalidURL

from kawat.probe.caller import Caller
from pipeline.alert.channels.guard import session
from pipeline.extract import Budget, extract
from pipeline.model import Page, Source, SourceKind, WarcRecord
from pipeline.net import redirected

INSIDE = "http://10.0.0.1:9093/berita/66"
ANYWHERE = (r"/berita/\d+", r"^http://.*berita")


def test_case_01_private_addresses_in_six_places(tmp_path: Path) -> None:
    urls = f"<urlset><url><loc>{INSIDE}</loc></url><url><loc>/berita/3</loc></url></urlset>".encode()
    index = b"<sitemapindex><sitemap><loc>http://10.0.0.1:9093/s.xml</loc></sitemap></sitemapindex>"
    pages = plain_site("/berita/1", "/berita/2") | {
        "/rss": Answer(rss(INSIDE, "/berita/1", "/berita/2")),
        "/sitemap.xml": Answer(urls),
        "/index.xml": Answer(index),
        "/berita/2": Answer(status=302, headers={"Location": INSIDE}),
        "/berita/3": Answer(ARTICLE, headers=HTML),
    }
    with web(served(pages)) as server:
        paper = outlet(
            feed_source(server.url + "/rss"),
            Source(kind=SourceKind.SITEMAP, url=server.url + "/sitemap.xml"),
            article=ANYWHERE,
        )
        mapped = outlet(Source(kind=SourceKind.SITEMAP, url=server.url + "/index.xml"), slug="peta")
        crawled = run_crawl(tmp_path, paper, mapped, outlet(feed_source(INSIDE), slug="dalam"))
    assert "address not called" in crawled.run("dalam").reason  # the source itself
    assert "address not called" in crawled.run("peta").reason  # a sitemap that an index names
    assert not any("10.0.0.1" in link.url for link in crawled.memory.links.values())  # items of feed and sitemap
    assert {page.url.rpartition("/")[2] for page in crawled.memory.pages} == {"1", "3"}
    assert "address not called" in crawled.reasons()["2"]  # a redirect's target
    page = Page(
        outlet="harian", url="https://harian.example/berita/1", final_url="https://harian.example/berita/1", key="k",
        status=200, content_type="text/html", fetched_at=datetime.now(UTC), discovered_at=datetime.now(UTC),
        record=WarcRecord(file="x", offset=0, length=1),
    )  # fmt: skip
    text = "Sebuah kalimat berita yang cukup panjang untuk dibaca sebagai paragraf. " * 4
    html = f'<html><head><link rel="canonical" href="{INSIDE}"></head><body><h1>Judul</h1><p>{text}</p><p>{text}</p>'
    said = extract(html.encode(), page, outlet(), budget=Budget())
    assert getattr(said, "canonical_url", "") == page.url
    with session(loopback=True) as hook, pytest.raises(InvalidURL, match="not a public internet address"):
        hook.post(INSIDE, data=b"{}")  # what a webhook is called by


def points_inside(name: str) -> bool:
    try:
        return ipaddress.ip_address(socket.gethostbyname(name)).is_private
    except OSError:
        return False


DISGUISES = [
    "127.0.0.1", "2130706433", "0x7f.1", "017700000001", "localhost", "localhost.", "127.0.0.1.", "[::1]",
    "[::ffff:127.0.0.1]", "[::ffff:10.0.0.1]", "100.64.0.1", "169.254.169.254",
    "１２７.0.0.1", "127。0。0。1", "ⓛocalhost",
]  # fmt: skip


def test_case_02_private_addresses_in_disguise(tmp_path: Path) -> None:
    with web(served(plain_site("/berita/1"))) as server:
        port = server.url.rpartition(":")[2]
        # the machine's own name stands for every name whose record points inside
        hosts = DISGUISES + [name for name in (socket.gethostname(),) if points_inside(name)]
        papers = [
            outlet(feed_source(f"http://{host}:{port}/rss"), slug=f"s{place}") for place, host in enumerate(hosts)
        ]
        crawled = run_crawl(tmp_path, *papers, allow_loopback=False)
        assert server.asked == []
        for host in hosts:
            caller = Caller(user_agent="Kawat/0 (+mailto:x@example.org)", delay=0.0)
            assert "address not called" in str(caller.get(f"http://{host}:{port}/rss")), host
        assert server.asked == []
    assert len(crawled.memory.runs) == len(hosts)
    for place, host in enumerate(hosts):
        assert "address not called" in crawled.run(f"s{place}").reason, host


def test_case_03_dns_that_changes_its_answer(tmp_path: Path) -> None:
    with web(served(plain_site("/berita/1"))) as server:
        port = server.url.rpartition(":")[2]
        names = {"berubah": ["127.0.0.1", "10.0.0.1"], "balik": ["10.0.0.1", "127.0.0.1"]}
        papers = [outlet(feed_source(f"http://{name}.example:{port}/rss"), slug=name) for name in names]
        crawled = run_crawl(tmp_path, *papers, dns={f"{name}.example": found for name, found in names.items()})
        assert {asked.headers["host"] for asked in server.asked} == {f"berubah.example:{port}"}
        assert sorted(server.paths()) == ["/berita/1", "/robots.txt", "/rss"]
        [looked_up] = [event["names"] for event in crawled.events if event["event"] == "looked up"]
        assert looked_up in (
            ["balik.example", "berubah.example"],
            ["berubah.example", "balik.example"],
        )  # each once: what was judged is what is called
        assert crawled.run("berubah").ok
        assert "10.0.0.1 is not a public internet address" in crawled.run("balik").reason
        server.asked.clear()
        later = run_crawl(tmp_path, *papers[:1], memory=crawled.memory, dns={"berubah.example": ["10.0.0.1"]})
        assert server.asked == [] and "not a public internet address" in later.run("berubah").reason


def test_case_04_one_public_and_one_private_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with web(served(plain_site("/berita/1"))) as server:
        port = server.url.rpartition(":")[2]
        # the system hands out one of the two; loopback, allowed here, stands for the public one
        papers = [outlet(feed_source(f"http://{name}.example:{port}/rss"), slug=name) for name in ("satu", "dua")]
        crawled = run_crawl(tmp_path, *papers, dns={"satu.example": ["127.0.0.1"], "dua.example": ["192.168.7.7"]})
        assert crawled.run("satu").ok
        assert "192.168.7.7 is not a public internet address" in crawled.run("dua").reason
        server.asked.clear()

        def both(host: str, port: int, *_: object, **__: object) -> list[object]:
            order = ("127.0.0.1", "192.168.7.7") if host.startswith("satu") else ("192.168.7.7", "127.0.0.1")
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in order]

        monkeypatch.setattr(socket, "getaddrinfo", both)  # the probe and webhooks see both, and take neither
        for name in ("satu", "dua"):
            url = f"http://{name}.example:{port}/rss"
            caller = Caller(user_agent="Kawat/0 (+mailto:x@example.org)", allow_loopback=True, delay=0.0)
            assert "not a public internet address" in str(caller.get(url))
            with session(loopback=True) as hook, pytest.raises(InvalidURL, match="not a public internet address"):
                hook.post(url, data=b"{}")
        assert server.asked == []


def test_case_05_addresses_that_parsers_read_differently(tmp_path: Path) -> None:
    twisted = [
        "http://good.example\\@10.0.0.1/berita/5",
        "http://good.example%5C@10.0.0.1/berita/6",
        "http://10.0.0.1#@good.example/berita/7",
        "http://good.example:80@10.0.0.1/berita/8",
        "http:\\\\10.0.0.1\\berita\\9",
    ]
    pages = plain_site(*(f"/berita/{n}" for n in range(len(twisted))))
    pages["/rss"] = Answer(rss(*twisted, *(f"/berita/{n}" for n in range(len(twisted)))))
    pages |= {f"/berita/{n}": Answer(status=302, headers={"Location": url}) for n, url in enumerate(twisted)}
    with web(served(pages)) as server:
        crawled = run_crawl(tmp_path, outlet(feed_source(server.url + "/rss"), article=ANYWHERE))
    assert {link.url for link in crawled.memory.links.values()} <= {f"{server.url}/berita/{n}" for n in range(5)}
    assert crawled.memory.pages == []
    assert all("address not called" in reason for reason in crawled.reasons().values())
    assert len(crawled.reasons()) == len(twisted)


def test_case_06_redirects_to_other_schemes(tmp_path: Path) -> None:
    targets = ["file:///etc/passwd", "ftp://ftp.example/berita/1", "data:text/html,berita", "javascript:alert(1)"]
    pages = plain_site(*(f"/berita/{n}" for n in range(len(targets))))
    pages |= {f"/berita/{n}": Answer(status=302, headers={"Location": url}) for n, url in enumerate(targets)}
    secure = plain_site("/berita/1", "/berita/2")
    pem = self_signed(tmp_path)
    with web(served(pages)) as server, web(served(secure), certificate=pem) as tls:
        secure["/berita/1"] = Answer(status=302, headers={"Location": server.url + "/berita/polos"})
        crawled = run_crawl(
            tmp_path,
            outlet(feed_source(server.url + "/rss")),
            outlet(feed_source(tls.url + "/rss"), slug="aman", article=ANYWHERE),
            env={"SSL_CERT_FILE": str(pem)},
        )
        assert "/berita/polos" not in server.paths()
    assert [page.url for page in crawled.memory.pages] == [tls.url + "/berita/2"], crawled.events
    assert len(crawled.memory.fates) == len(targets) + 1
    assert all("redirected: " in fate.reason for _, fate, _ in crawled.memory.fates)
    assert any("leaves https" in fate.reason for _, fate, _ in crawled.memory.fates)
    # a careless server that names itself without the s is asked with it
    assert redirected("https://h.example/a", "http://h.example:80/a/") == "https://h.example/a/"


def test_case_07_redirects_without_end(tmp_path: Path) -> None:
    def site(path: str, headers: dict[str, str]) -> Answer:
        if path == "/rss":
            return Answer(rss("/berita/1", "/berita/2", "/berita/3", "/berita/4"))
        if path in {"/robots.txt", "/"}:
            return Answer(status=404)
        article, _, mark = path.partition("?lagi=")
        match article:
            case "/berita/1":  # round and round
                return Answer(status=301, headers={"Location": "/berita/1"})
            case "/berita/2":  # a chain of 21 addresses
                following = f"/berita/2?lagi={int(mark or 0) + 1}"
                return Answer(ARTICLE) if mark == "21" else Answer(status=302, headers={"Location": following})
            case "/berita/3":  # another query each time
                return Answer(status=307, headers={"Location": f"/berita/3?lagi={mark}x"})
            case _:
                return Answer(status=302, headers={"Location": "/"})  # to the front page

    with web(site) as server:
        crawled = run_crawl(tmp_path, outlet(feed_source(server.url + "/rss")))
        assert "/" not in server.paths()
        for n in (1, 2, 3):
            assert sum(path.startswith(f"/berita/{n}") for path in server.paths()) == 6
    assert crawled.memory.pages == []
    why = crawled.reasons()
    assert all("more than 5 redirects" in why[n] for n in "123") and "moved" in why["4"]


def test_case_08_secrets_do_not_follow_a_redirect(tmp_path: Path) -> None:
    pages = plain_site("/berita/1", "/berita/2")
    with web(served(plain_site("/berita/1"))) as elsewhere, web(served(pages)) as server:
        baked = {"Set-Cookie": "sesi=rahasia; Path=/", "ETag": '"umpan"'}
        pages["/rss"] = Answer(rss("/berita/1", "/berita/2"), headers=baked)
        pages["/berita/1"] = Answer(status=302, headers=baked | {"Location": elsewhere.url + "/berita/1"})
        paper = outlet(feed_source(server.url + "/rss"), article=ANYWHERE)
        crawled = run_crawl(tmp_path, paper)
        assert "/berita/1" in elsewhere.paths() and len(crawled.memory.pages) == 2
        # the feed moves to another port: what was seen of it here is not told there
        pages["/rss"] = Answer(status=302, headers={"Location": elsewhere.url + "/rss"})
        run_crawl(tmp_path, paper, memory=crawled.memory)
        assert any(asked.headers.get("if-none-match") == '"umpan"' for asked in server.asked)
        assert "/rss" in elsewhere.paths()
        assert not any("if-none-match" in asked.headers for asked in elsewhere.asked)
        for asked in (*server.asked, *elsewhere.asked):
            assert not {"cookie", "authorization", "referer"} & set(asked.headers)
