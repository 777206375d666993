"""The small rules: what is fetched at all, how long is waited, when an outlet is due, how bytes are kept."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from loopback import outlet
from protego import Protego
from warcio.archiveiterator import ArchiveIterator

from crawler.archive import Archive
from crawler.article import next_page, with_query
from crawler.discover.item import Link
from crawler.gate import Gate
from crawler.hosts import Host, Pace, family, robots_rules, robots_text
from crawler.outcome import Failure, Fetched, Trouble, backoff, is_challenge, retry_after
from crawler.poll import newest
from pipeline.errors import CrawlError, StoreFull
from pipeline.model import HostNote, Politeness

NOW = datetime(2026, 11, 21, 11, 0, tzinfo=UTC)
FEED = "https://www.harian.id/rss"


@pytest.mark.parametrize(
    ("url", "refused"),
    [
        ("https://www.harian.id/berita/1/x", False),
        ("https://m.harian.id/berita/1/x", False),
        ("https://www.harian.id/video/berita/1", True),
        ("https://www.harian.id/tag/ai", True),
        ("https://evil.example/berita/1", True),
        ("https://mitra.id/read/5", False),
        ("http://127.0.0.1/berita/1", True),
        ("ftp://www.harian.id/berita/1", True),
    ],
)
def test_the_gate(url: str, refused: bool) -> None:
    gate = Gate(outlet(article=(r"/berita/\d+", r"^https://mitra\.id/read/"), not_article=("/video/",)))
    assert bool(gate.refusal(url, seen_in=FEED)) is refused


def test_without_patterns_only_the_outlets_own_host_is_read() -> None:
    gate = Gate(outlet(article=()))
    assert not gate.refusal("https://harian.id/apa-saja", seen_in=FEED)
    assert gate.refusal("https://lain.id/apa-saja", seen_in=FEED) == "another host"


def test_words_that_must_be_mentioned() -> None:
    gate = Gate(outlet(must_mention=("Indonesia", "Jakarta", "C++")))
    assert gate.concerns(Link(url="https://x/1", title="Japan, INDONESIA sign MoU"))
    assert gate.concerns(Link(url="https://x/1", title="x", summary="<p>in Jakarta.</p>"))
    assert gate.concerns(Link(url="https://x/news/japan-indonesia-sign"))
    assert not gate.concerns(Link(url="https://x/1", title="Indonesian sambal in Jakartan style"))
    assert not gate.concerns(Link(url="https://x/indonesia/1", title="Rice prices"))


@pytest.mark.parametrize(
    ("title", "concerned"),
    [
        ("日本国総務省とインドネシア共和国通信デジタル省との覚書", True),  # particles and nouns hang on the name
        ("ｲﾝﾄﾞﾈｼｱとの協力", True),  # half-width kana
        ("과기정통부, 인도네시아와 인공지능 협력 양해각서 체결", True),
        ("中国和印尼签署合作协议", True),
        ("インドとの協力", False),
        ("인도와 협력", False),
        ("Rindonesian fair", False),
        ("Indonesia's minister", True),
    ],
)
def test_words_of_scripts_without_spaces_need_no_bounds(title: str, concerned: bool) -> None:
    gate = Gate(outlet(must_mention=("Indonesia", "インドネシア", "인도네시아", "印尼", "印度尼西亚")))
    assert gate.concerns(Link(url="https://x/1", title=title)) is concerned


def test_a_pattern_re2_does_not_take_names_its_outlet() -> None:
    with pytest.raises(CrawlError, match="harian"):
        Gate(outlet(article=(r"(?=x)",)))


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120), ("0", 1), ("99999999", 86400), ("9" * 12, 86400), ("-1", None), ("soon", None), ("", None),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 1), ("Sat, 21 Nov 2026 11:10:00 GMT", 600),
        ("Sat, 21 Nov 9999 11:10:00 GMT", 86400), ("Sat, 99 Nov 2026 11:10:00 GMT", None), ("٣", None),
    ],
)  # fmt: skip
def test_retry_after_is_bounded(value: str, seconds: int | None) -> None:
    assert retry_after(value, now=NOW) == (None if seconds is None else timedelta(seconds=seconds))


def test_backoff_grows_to_its_bound() -> None:
    assert [backoff(n) // timedelta(minutes=1) for n in (0, 1, 2, 3, 4, 99)] == [5, 15, 45, 135, 360, 360]


def test_bot_checks_are_told_from_pages() -> None:
    assert is_challenge(b"<html><title>Just a moment...</title>")
    assert is_challenge(b"", (("CF-Mitigated", "challenge"),))
    assert not is_challenge(b"<html><title>Just a moment of peace for RI and Japan? No: a pact</title>"[:20])
    assert not is_challenge(b"<rss><channel><title>Harian</title></channel></rss>")


def test_hosts_of_one_domain_are_one_family() -> None:
    assert family("jatim.antaranews.com") == family("www.antaranews.com:443") == "antaranews.com"
    assert family("www.komdigi.go.id") == "komdigi.go.id" != family("kemlu.go.id")
    assert family("www.gov.uk") == "www.gov.uk" and family("dosen.ui.ac.id") == "ui.ac.id"
    assert family("127.0.0.2:8080") == "127.0.0.2:8080"
    assert family("[::1]:80") == "[::1]:80"


def test_newest_links_are_kept() -> None:
    links = [(str(n), Link(url=str(n), published=f"2026-11-{n:02}")) for n in range(1, 21)]
    assert [key for key, _ in newest(links, 3)] == ["20", "19", "18"]
    assert newest(links, 50) == links


def rules(body: bytes) -> Protego:
    return robots_rules(robots_text(body))


def test_robots_of_every_shape_are_read() -> None:
    assert rules(b"<html><body>Disallow: /</body></html>").can_fetch("https://h.id/a", "Kawat")
    assert not rules(b"\xef\xbb\xbfUser-agent: kawat\r\rDisallow: /").can_fetch("https://h.id/a", "Kawat")
    assert rules(b"\0\xff" * 1000).can_fetch("https://h.id/a", "Kawat")
    huge = b"User-agent: *\n" + b"Disallow: /x\n" * 4_000_000
    assert not rules(huge).can_fetch("https://h.id/x", "Kawat")


def test_three_failures_in_a_row_close_a_host_and_one_answer_between_does_not() -> None:
    async def story() -> tuple[bool, bool, bool]:
        blocked = Failure(trouble=Trouble.BLOCKED, words="HTTP 403")
        host, other, slow = (Host(Pace(Politeness()), HostNote(), now=NOW) for _ in range(3))
        for outcome in (blocked, blocked, None, blocked, blocked):
            host.note(outcome, now=NOW)
        for outcome in (blocked, blocked, blocked):
            other.note(outcome, now=NOW)
        for _ in range(2):
            slow.note(Failure(trouble=Trouble.DOWN, words="no answer"), now=NOW)
        return host.closed is None, other.closed is None, slow.closed is None

    assert asyncio.run(story()) == (True, False, False)


def test_a_turn_after_the_end_of_the_tick_is_not_waited_for() -> None:
    async def story() -> None:
        host = Host(Pace(Politeness(delay=timedelta(hours=1))), HostNote(), now=NOW)
        places = asyncio.Semaphore(1)
        until = asyncio.get_running_loop().time() + 60
        async with host.turn(places, until=until):
            pass
        with pytest.raises(TimeoutError):
            async with host.turn(places, until=until):
                pass

    asyncio.run(story())


def answer(**changes: object) -> Fetched:
    plain = Fetched(
        url="https://h.id/a", final_url="https://h.id/b", status=200, body=b"<p>isi</p>", fetched_at=NOW,
        headers=(("Content-Type", "text/html"), ("Set-Cookie", "id=7"), ("Content-Encoding", "gzip"),
                 ("X", "a\r\nY: b")),
    )  # fmt: skip
    return replace(plain, **changes)  # type: ignore[arg-type]


def test_any_replay_tool_can_read_the_archive_and_each_record_by_its_place(tmp_path: Path) -> None:
    with Archive(tmp_path / "w", now=NOW, agent="Kawat/0.1") as archive:
        assert not (tmp_path / "w").exists()
        places = [archive.response(answer()), archive.resource("https://h.id/c", b"{}", "application/json", NOW)]
        path = tmp_path / "w" / archive.name
    with path.open("rb") as file:
        kinds = [(r.rec_type, r.rec_headers.get_header("WARC-Target-URI")) for r in ArchiveIterator(file)]
    assert kinds == [("warcinfo", None), ("response", "https://h.id/b"), ("resource", "https://h.id/c")]
    data = path.read_bytes()
    assert places[-1].offset + places[-1].length == len(data)
    with path.open("rb") as file:
        file.seek(places[0].offset)
        record = next(iter(ArchiveIterator(file)))
        assert record.content_stream().read() == b"<p>isi</p>"
        names = [name for name, _ in record.http_headers.headers]
    assert names == ["Content-Type", "X", "Content-Length"]


def test_an_archive_that_cannot_be_written_is_a_full_store(tmp_path: Path) -> None:
    (tmp_path / "w").write_text("a file where the folder should be")
    with Archive(tmp_path / "w", now=NOW, agent="Kawat/0.1") as archive, pytest.raises(StoreFull):
        archive.response(answer())


def test_queries_are_set_and_next_pages_found() -> None:
    assert with_query("https://h.id/a?page=2&x=1#f", "page=all") == "https://h.id/a?x=1&page=all"
    page = answer(body=b'<a class="next" href="?page=2#x">2</a>', final_url="https://h.id/a")
    assert next_page(page, (":::", "a.prev", "a.next")) == "https://h.id/a?page=2"
    assert next_page(answer(body=b'<a class="next" href="javascript:x">2</a>'), ("a.next",)) == ""
