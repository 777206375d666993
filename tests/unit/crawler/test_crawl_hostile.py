"""The spider against servers that mean harm or are broken: every bound holds and every other outlet is read."""

from __future__ import annotations

import contextlib
from pathlib import Path

from loopback import (
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
