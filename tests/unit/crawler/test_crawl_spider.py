"""The spider against a loopback web: one process per crawl, fakes for the store, everything else real."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from loopback import (
    ARTICLE,
    HTML,
    Answer,
    feed_source,
    outlet,
    plain_site,
    rss,
    run_crawl,
    served,
    web,
)

from pipeline.model import ITEM_TYPE, ApiShape, Fetch, Selectors, Source, SourceKind


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
        assert first.events[-1]["browser"] is False  # nothing of the extra is loaded where nobody asks for it
        assert {a.headers["user-agent"] for a in server.asked} == {"Kawat/0.1 (+mailto:desk@example.org)"}
        assert not any({"cookie", "referer", "authorization"} & set(a.headers) for a in server.asked)
        server.asked.clear()
        second = run_crawl(tmp_path, paper, memory=first.memory)
        assert server.paths() == ["/rss"]  # robots.txt is remembered for an hour
        assert second.run().ok and second.run().unchanged == 1 and second.run().fetched == 0


def test_robots_rules_and_crawl_delay_are_kept_to(tmp_path: Path) -> None:
    pages = plain_site("/berita/1", "/berita/2", "/berita/3")
    pages["/robots.txt"] = Answer(b"\xef\xbb\xbfUser-agent: *\r\nCrawl-delay: 0.4\r\nDisallow: /berita/2\r\n")
    with web(served(pages)) as server:
        crawled = run_crawl(tmp_path, outlet(feed_source(server.url + "/rss")))
        assert "/berita/2" not in server.paths()
        first, *_, last = server.asked[1:]  # those after robots.txt
        assert last.at - first.at >= (len(server.asked) - 2) * 0.39
    assert len(crawled.memory.pages) == 2
    [(url, fate, given_up)] = crawled.memory.fates
    assert url.endswith("/berita/2") and "robots.txt" in fate.reason and not given_up


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
