"""The spider against a loopback web: one process per crawl, fakes for the store, everything else real."""

from __future__ import annotations

from pathlib import Path

from loopback import ARTICLE, HTML, Answer, feed_source, outlet, rss, run_crawl, web


def test_a_tick_lands_each_listed_article_once_and_a_second_asks_conditionally(tmp_path: Path) -> None:
    def site(path: str, headers: dict[str, str]) -> Answer:
        if path == "/robots.txt":
            return Answer(status=404)
        if path == "/rss":
            if headers.get("if-none-match") == '"v1"':
                return Answer(status=304)
            return Answer(rss("/berita/1", "/berita/2?utm_source=rss", "/berita/2", "/video/3"), headers={"ETag": '"v1"'})
        return Answer(ARTICLE, headers=HTML)

    with web(site) as server:
        paper = outlet(feed_source(server.url + "/rss"))
        first = run_crawl(tmp_path, paper)
        print(first.stderr, first.events)
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
