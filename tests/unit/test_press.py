"""The press in a box: every outlet answers as its kind does, every story is whole, every fault happens."""

from __future__ import annotations

import gzip
import http.client
import json
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit

import feedparser
import pytest

from kawat.press import SITES, Labels, Press, Story
from kawat.press.faults import MODES
from pipeline.config.document import read_document
from pipeline.config.outlets import outlet_from, takes
from pipeline.model import Fetch, Outlet, Trust

NOW = datetime(2026, 11, 21, 3, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def press() -> Iterator[Press]:
    with Press(NOW) as running:
        yield running


@pytest.fixture
def fresh() -> Iterator[Press]:
    with Press(NOW) as running:
        yield running


class Answer:
    def __init__(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.status, self.headers, self.body = status, headers, body

    @property
    def text(self) -> str:
        return self.body.decode()


def get(url: str, *, method: str = "GET", **headers: str) -> Answer:
    """One request, no redirect followed."""
    split = urlsplit(url)
    connection = http.client.HTTPConnection(split.netloc, timeout=10)
    try:
        target = split.path + (f"?{split.query}" if split.query else "")
        connection.request(method, target, headers={k.replace("_", "-"): v for k, v in headers.items()})
        response = connection.getresponse()
        names = {k.lower(): v for k, v in response.getheaders()}
        return Answer(response.status, names, response.read())
    finally:
        connection.close()


def outlets(press: Press, folder: Path) -> dict[str, Outlet]:
    return {path.stem: outlet_from(read_document(path)) for path in press.outlet_files(folder)}


# ------------------------------------------------------------------------------------------------------------- outlets


def test_each_outlet_has_an_address_of_its_own(press: Press) -> None:
    assert len({urlsplit(url).hostname for url in press.urls.values()}) == len(SITES) >= 9


def test_the_outlet_files_are_valid_and_fit_the_pages(press: Press, tmp_path: Path) -> None:
    files = outlets(press, tmp_path)
    assert set(files) == set(SITES)
    assert {o.trust for o in files.values()} == set(Trust)
    assert files["catatan"].fetch is Fetch.SUMMARY
    for slug, outlet in files.items():
        for told in press.told(slug):
            assert takes(outlet.article, outlet.not_article, press.urls[slug] + told.path), told.path
        for source in outlet.sources:
            assert get(source.url).status == 200


@pytest.mark.parametrize("slug", list(SITES))
def test_every_article_is_served_with_its_text_and_its_furniture(press: Press, slug: str) -> None:
    assert get(press.urls[slug] + "/").status == 200
    for told in press.told(slug):
        page = get(press.url(told.story.id) + ("?page=all" if slug == "gerbang" else ""))
        assert page.status == 200
        plain = re.sub(r"\s+", " ", unescape(re.sub(r"</?(?:strong|b|i|em)>", "", page.text)))
        for paragraph in (told.title, *told.paragraphs):
            assert re.sub(r"\s+", " ", paragraph) in plain
        for piece in press.furniture(told.story.id):
            assert re.sub(r"\s+", " ", piece) in plain
            assert piece == told.story.caption or not any(piece in paragraph for paragraph in told.paragraphs)


@pytest.mark.parametrize("slug", ["nusakabar", "nusakabar_en", "niagakini", "suararaya", "catatan", "pesisir"])
def test_feeds_list_every_article(press: Press, slug: str) -> None:
    parsed = feedparser.parse(get(press.urls[slug] + SITES[slug].source).body)
    links = {urlsplit(e.link).path for e in parsed.entries}
    assert {t.path for t in press.told(slug)} <= links
    assert all(e.title for e in parsed.entries)
    assert bool(parsed.bozo) is (slug == "catatan")


def test_the_flaws_of_the_feeds(press: Press) -> None:
    wire = get(press.urls["nusakabar"] + "/rss/terkini.xml").text
    assert "/foto/" in wire and "/video/" in wire and "/rilis-pers/" in wire and "dc:creator" in wire
    assert "utm_source=rss" in get(press.urls["niagakini"] + "/feed/").text
    radio = get(press.urls["suararaya"] + "/rss").body
    assert b"windows-1252" in radio and "Café".encode("cp1252") in radio and b"rdf:RDF" in radio
    with pytest.raises(ET.ParseError):
        ET.fromstring(get(press.urls["catatan"] + "/feeds/posts.xml").body)


def test_robots_txt(press: Press) -> None:
    assert "Disallow: /rilis-pers/" in get(press.urls["nusakabar"] + "/robots.txt").text
    assert "Crawl-delay: 1" in get(press.urls["suararaya"] + "/robots.txt").text
    blocked = press.stories["o-release"]
    assert blocked.blocked and press.read("o-release").path.startswith("/rilis-pers/")


def test_the_sitemaps(press: Press) -> None:
    base = press.urls["archipelago"]
    robots = get(base + "/robots.txt").text
    index = gzip.decompress(get(re.findall(r"Sitemap: (\S+)", robots)[0]).body).decode()
    places = re.findall(r"<loc>([^<]+)</loc>", index)
    assert places == [base + "/sitemap-news.xml", base + "/sitemap-static.xml"]
    found = set(re.findall(r"<loc>([^<]+)</loc>", get(places[0]).text))
    assert found == {base + t.path for t in press.told("archipelago")}
    assert "/about" in get(places[1]).text
    kilat = get(press.urls["kilat"] + "/sitemap_news.xml").text
    assert all(t.path in kilat for t in press.told("kilat"))


@pytest.mark.parametrize("slug", ["gerbang", "fajar"])
def test_index_pages_go_on(press: Press, slug: str) -> None:
    source = press.urls[slug] + SITES[slug].source
    pages = get(source).text + get(source + "?page=2").text
    assert all(t.path in pages for t in press.told(slug))
    assert not all(t.path in get(source).text for t in press.told(slug))


def test_the_api(press: Press) -> None:
    url = press.urls["humasdigital"] + "/api/v1/contents/siaran-pers"
    data = json.loads(get(url + "?page=1&per_page=3").text)["data"]
    assert data["total"] == len(press.told("humasdigital")) and len(data["items"]) == 3
    assert data["items"][0]["body_html"].startswith("<p>") and re.fullmatch(
        r"[0-9-]{10} [0-9:]{8}", data["items"][0]["published_at"]
    )


def test_an_article_in_several_pages(press: Press) -> None:
    url, told = press.url("lt-2"), press.read("lt-2")
    first, second, whole = (get(url + q).text for q in ("", "?page=2", "?page=all"))
    assert "read__paging" in first and "read__paging" not in whole
    last = told.paragraphs[-1]
    assert last not in first and last in second and last in whole
    assert told.paragraphs[0] in first and told.paragraphs[0] not in second
    assert press.stories["lt-2"].paragraphs == press.stories["lt-1"].paragraphs


def test_metadata_differs_between_outlets(press: Press) -> None:
    assert 'type="application/ld+json"' in get(press.url("kz-2")).text
    assert "article:published_time" in get(press.url("fi-1")).text and 'rel="amphtml"' in get(press.url("fi-1")).text
    bare = get(press.url("nz-2")).text
    assert "ld+json" not in bare and "og:" not in bare and "<time" not in bare and "WIB</p>" in bare
    assert "Listrik Pulau" in bare or "Jaringan Desa" in bare
    amp = get(press.urls["nusakabar"] + "/amp" + press.read("fi-1").path)
    assert amp.status == 200 and f'rel="canonical" href="{press.url("fi-1")}"' in amp.text


def test_compressed_pages(press: Press) -> None:
    plain, packed = get(press.url("cz-1")), get(press.url("cz-1"), Accept_Encoding="gzip")
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body


def test_addresses_that_do_not_exist(press: Press) -> None:
    assert get(press.urls["kilat"] + "/inet/d-1/nothing").status == 404
    moved = get(press.url("qa-1").rstrip("/"))
    assert moved.status == 301 and moved.headers["location"] == press.url("qa-1")
    assert get(press.url("qa-1"), method="POST").status == 405
    head = get(press.url("qa-1"), method="HEAD")
    assert head.status == 200 and head.body == b"" and int(head.headers["content-length"]) > 1000


# ------------------------------------------------------------------------------------------------ polling and newsroom


@pytest.mark.parametrize("slug", list(SITES))
def test_lists_answer_304_until_something_changes(fresh: Press, slug: str) -> None:
    source = SITES[slug].source if slug != "archipelago" else "/sitemap-news.xml"
    url = fresh.urls[slug] + source
    first = get(url)
    etag, modified = first.headers["etag"], first.headers["last-modified"]
    by_tag, by_date = get(url, If_None_Match=etag), get(url, If_Modified_Since=modified)
    assert (by_tag.status, by_date.status, by_tag.body) == (304, 304, b"")
    assert by_tag.headers["etag"] == etag
    told = fresh.told(slug)
    fresh.withdraw(told[-1].story.id)
    assert get(url, If_None_Match='"other"').status == 200
    again = get(url, If_Modified_Since=modified)
    assert again.status == 200
    assert parsedate_to_datetime(again.headers["last-modified"]) > parsedate_to_datetime(modified)


def test_stories_come_out_one_by_one() -> None:
    with Press(NOW, only=["fi-1"]) as press:
        assert [t.story.id for t in press.told("nusakabar")] == ["fi-1"]
        assert press.told("kilat") == ()
        assert get(press.urls["kilat"] + "/sitemap_news.xml").status == 200
        press.publish("fi-6", "kz-3")
        assert [t.story.id for t in press.told("nusakabar")] == ["fi-6", "fi-1"]
        assert press.read("kz-3").path in get(press.urls["kilat"] + "/sitemap_news.xml").text
        press.publish(
            Story(
                id="own",
                outlet="pesisir",
                section="daerah",
                slug="kabar-sendiri",
                title="Kabar Sendiri",
                author="A",
                paragraphs=("Satu {hari}.", "Dua."),
                expected=Labels(label="other", role="ordinary"),
                age=1,
                day0=1,
            )
        )
        assert "Satu Sabtu (21/11/2026)." in get(press.url("own")).text
    with pytest.raises(KeyError, match="no-such"):
        Press(NOW, only=["no-such"])
    with pytest.raises(ValueError, match="aware"):
        Press(datetime(2026, 11, 21))  # noqa: DTZ001


def test_requests_are_kept(fresh: Press) -> None:
    get(fresh.urls["kilat"] + "/robots.txt", User_Agent="Kawat/0")
    get(fresh.urls["kilat"] + "/nowhere?x=1")
    first, second = fresh.requests
    assert (first.method, first.outlet, first.path, first.status) == ("GET", "kilat", "/robots.txt", 200)
    assert first.headers["user-agent"] == "Kawat/0"
    assert (second.path, second.status) == ("/nowhere?x=1", 404)
    assert second.at >= first.at


# -------------------------------------------------------------------------------------------------------------- faults


def test_statuses_and_healing(fresh: Press) -> None:
    url = fresh.urls["kilat"] + "/robots.txt"
    fresh.fail("kilat", "/robots.txt", 429, retry_after=30)
    busy = get(url)
    assert busy.status == 429 and busy.headers["retry-after"] == "30"
    assert get(fresh.urls["kilat"] + "/sitemap_news.xml").status == 200
    fresh.fail("kilat", "*", 503, times=2)
    assert [get(url).status for _ in range(3)] == [503, 503, 429]
    fresh.heal("kilat")
    assert get(url).status == 200
    with pytest.raises(ValueError, match="no fault"):
        fresh.fail("kilat", "*", "sulk")
    with pytest.raises(KeyError):
        fresh.fail("nobody")


@pytest.mark.parametrize(
    ("mode", "words"), [("challenge", "Just a moment..."), ("captive", "WiFi"), ("garbage", ""), ("empty", "")]
)
def test_pages_that_lie(fresh: Press, mode: str, words: str) -> None:
    fresh.fail("pesisir", "*", mode)
    answer = get(fresh.url("fi-2"))
    assert answer.status == 200
    assert words.encode() in answer.body
    assert fresh.read("fi-2").title.encode() not in answer.body


def test_redirects_that_must_not_be_followed(fresh: Press) -> None:
    fresh.fail("pesisir", "*", "private")
    assert get(fresh.url("fi-2")).headers["location"].startswith("http://169.254.169.254/")
    fresh.fail("pesisir", "*", "loop")
    first = get(fresh.url("fi-2"))
    assert first.status == 302 and first.headers["location"].endswith("?hop=1")
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(fresh.url("fi-2"), timeout=10)
    caught.value.close()


def test_connections_that_break(fresh: Press) -> None:
    fresh.fail("pesisir", "*", "refuse")
    with pytest.raises((ConnectionResetError, http.client.RemoteDisconnected)):
        get(fresh.url("fi-2"))
    fresh.fail("pesisir", "*", "reset")
    with pytest.raises((ConnectionResetError, http.client.IncompleteRead)):
        get(fresh.url("fi-2"))
    fresh.fail("pesisir", "*", "short")
    with pytest.raises(http.client.IncompleteRead):
        get(fresh.url("fi-2"))
    assert [r.status for r in fresh.requests] == [0, 200, 200]


def test_bodies_that_are_too_large(fresh: Press) -> None:
    fresh.fail("pesisir", "*", "bomb", megabytes=8)
    packed = get(fresh.url("fi-2"))
    assert packed.headers["content-encoding"] == "gzip"
    assert len(packed.body) < 50_000 and len(gzip.decompress(packed.body)) == 8 << 20
    fresh.fail("pesisir", "*", "huge", megabytes=2)
    huge = get(fresh.url("fi-2"))
    assert len(huge.body) >= 2_000_000 and "content-length" not in huge.headers


def test_slow_answers_end_when_the_press_stops() -> None:
    """No waiting: the client gives up, and so does the press."""
    with Press(NOW) as press:
        for mode in ("slow", "hang", "drip"):
            press.fail("pesisir", "*", mode, seconds=60)
            split = urlsplit(press.url("fi-2"))
            with socket.create_connection((split.hostname, split.port), timeout=0.05) as connection:
                connection.sendall(f"GET {split.path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
                received = b""
                with pytest.raises(TimeoutError):
                    while piece := connection.recv(4096):
                        received += piece
            assert (b"200 OK" in received) is (mode == "drip")
    assert {"slow", "hang", "drip"} < set(MODES)


def test_stopping_twice_and_never_starting() -> None:
    press = Press(NOW - timedelta(days=30))
    press.stop()
    press.stop()


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_the_command_prints_the_sites_and_ends_when_asked(ending: signal.Signals) -> None:
    with subprocess.Popen([sys.executable, "-m", "kawat.press"], stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        lines = [running.stdout.readline() for _ in SITES]
        assert "stories" in lines[0] and get(lines[0].split()[0] + "/robots.txt").status == 200
        assert running.stdout.readline().startswith("Ctrl-C")
        running.send_signal(ending)
        try:
            assert running.wait(timeout=20) == 0
        finally:
            running.kill()
