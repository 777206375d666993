"""Discovery from bytes: what each kind of document names, and that no document can hurt."""

from __future__ import annotations

import gzip
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discover import api, feed, listing, sitemap
from crawler.discover.item import Found, item_bytes
from crawler.inflate import TooLarge, Undecodable, inflated, unpacked
from pipeline.model import ApiShape

HERE = "https://www.harian.id/rss"

RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/">
<channel><title>Harian</title><link>https://www.harian.id</link>
<item><media:title>Foto</media:title><title><![CDATA[RI &#8220;gandeng&#8221; Jepang & Korea]]></title>
<link>/berita/1?a=1&b=2</link><pubDate>Sab, 21 Nov 2026 10:00:00 +0700</pubDate>
<description><![CDATA[<p>Ringkasan</p>]]></description><content:encoded><![CDATA[<p>Isi</p>]]></content:encoded>
<dc:creator>Budi</dc:creator></item>
<item><title>Kedua</title><guid>https://www.harian.id/berita/2</guid></item>
<item><title>Tanpa alamat</title><guid isPermaLink="false">77</guid></item>
</channel></rss>"""

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://www.harian.id/en/"><title>Harian</title>
<entry><title type="html">AI &amp;amp; chips</title><link rel="enclosure" href="/x.mp3"/><link href="news/5"/>
<published>2026-11-21T03:00:00Z</published><updated>2026-11-21T04:00:00Z</updated><author><name>Siti</name></author>
<summary>Short</summary><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Long</p></div></content>
</entry></feed>"""

RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="x"><title>H</title></channel>
<item rdf:about="https://www.harian.id/berita/9"><title>Sembilan</title><dc:date>2026-11-21</dc:date></item></rdf:RDF>"""


def addresses(found: Found) -> list[str]:
    return [link.url for link in found.links]


def test_rss_gives_links_with_what_is_said_of_them() -> None:
    first, second = feed.discover(RSS.encode(), url=HERE).links
    assert first.url == "https://www.harian.id/berita/1?a=1&b=2"
    assert first.title == "RI “gandeng” Jepang & Korea"
    assert first.published == "Sab, 21 Nov 2026 10:00:00 +0700"
    assert (first.summary, first.body, first.authors) == ("<p>Ringkasan</p>", "<p>Isi</p>", ("Budi",))
    assert second.url == "https://www.harian.id/berita/2"


def test_atom_and_rdf() -> None:
    [entry] = feed.discover(ATOM.encode(), url=HERE).links
    assert entry.url == "https://www.harian.id/en/news/5" and entry.title == "AI & chips"
    assert (entry.published, entry.summary, entry.body, entry.authors) == (
        "2026-11-21T03:00:00Z",
        "Short",
        "Long",
        ("Siti",),
    )
    [item] = feed.discover(RDF.encode(), url=HERE).links
    assert item.url == "https://www.harian.id/berita/9" and item.published == "2026-11-21"


@pytest.mark.parametrize(
    ("encode", "content_type"),
    [
        (lambda t: t.encode("utf-8"), "text/xml; charset=iso-8859-1"),
        (lambda t: b"\xef\xbb\xbf" + t.encode("utf-8"), ""),
        (lambda t: t.replace("UTF-8", "UTF-16").encode("utf-16"), ""),
        (lambda t: t.encode("utf-16-be"), ""),
        (lambda t: t.encode("utf-16-le"), "application/xml"),
        (lambda t: t.replace("UTF-8", "utf-8").encode("windows-1252"), "text/xml; charset=utf-8"),
        (lambda t: t.replace("UTF-8", "iso-8859-1").encode("windows-1252"), ""),
        (lambda t: t.replace("UTF-8", "x-nonsense").encode("utf-8"), "text/xml; charset=nonsense"),
    ],
)
def test_case_18_contradicting_charsets_are_settled_by_the_bytes(encode, content_type) -> None:  # type: ignore[no-untyped-def]
    text = RSS.replace("Kedua", "“Kédua”")
    assert feed.discover(encode(text), url=HERE, content_type=content_type).links[1].title == "“Kédua”"


LAUGHS = "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(12))
HOSTILE = {
    "billion laughs": f'<!DOCTYPE r [<!ENTITY a0 "ha">{LAUGHS}]>'
    + RSS.partition("?>")[2].replace("Kedua", "&a12;Kedua"),
    "external entity": '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    + RSS.partition("?>")[2].replace("Kedua", "&x;Kedua"),
    "external dtd": '<!DOCTYPE rss SYSTEM "http://127.0.0.1:9/x.dtd">' + RSS.partition("?>")[2],
    "bracket in entity": '<!DOCTYPE r [<!ENTITY x "]>">\n<!ENTITY y "z">]>' + RSS.partition("?>")[2],
    "lower case": '<!doctype r [<!ENTITY x SYSTEM "file:///etc/hostname">]>' + RSS.partition("?>")[2],
    "two doctypes": "<!DOCTYPE a><!DOCTYPE b>" + RSS.partition("?>")[2],
    "nul bytes": RSS.replace("<item>", "\0<item>\x01"),
    "bare ampersands": RSS.replace("Kedua", "A & B &nbsp; &nope; &#0; &#xD800;"),
    "junk before": "\r\n  warning: php\n" + RSS,
    "junk after": RSS + "<script>x</script>",
    "unclosed": RSS.replace("</item>", ""),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_case_17_hostile_feeds_are_read_without_harm(name: str) -> None:
    began = time.process_time()
    found = feed.discover(HOSTILE[name].encode("utf-8", "replace"), url=HERE)
    assert time.process_time() - began < 2
    assert addresses(found)[0] == "https://www.harian.id/berita/1?a=1&b=2", found.problem
    said = " ".join(link.title for link in found.links)
    assert "root:" not in said and "haha" not in said


def test_case_17_a_feed_cut_at_any_byte_gives_what_came_before() -> None:
    data = RSS.encode()
    whole = addresses(feed.discover(data, url=HERE))
    most = 0
    for end in range(len(data)):
        found = addresses(feed.discover(data[:end], url=HERE))
        assert len(found) <= len(whole)
        if end > data.index(b"<item><title>Kedua"):
            assert found[0] == whole[0]
        most = max(most, len(found))
    assert most == len(whole)


@pytest.mark.parametrize(
    "data",
    [
        b"<rss>" + b"<a>" * 100_000,
        b"<rss><channel>" + b"<item>" * 50_000,
        b"<!DOCTYPE r [" + b"<!ENTITY a 'b'>" * 50_000,
        b"<!DOCTYPE " * 50_000,
        b"&" * 1_000_000,
        b"<![CDATA[" * 100_000,
        b"<" * 500_000,
        b"x" * 3_000_000,
        b"<rss><channel><item><link>http://[</link></item></channel></rss>",
    ],
    ids=lambda data: ascii(data[:12]),
)
def test_case_19_huge_or_deep_documents_end_soon(data: bytes) -> None:
    began = time.process_time()
    for found in (
        feed.discover(data, url=HERE),
        sitemap.discover(data, url=HERE),
        listing.discover(data, url=HERE),
        api.discover(data, url=HERE, shape=ApiShape(items="", url="u")),
    ):
        assert not any(link.url == HERE for link in found.links) or found.links
    assert time.process_time() - began < 6


@given(st.binary(max_size=300))
def test_no_bytes_raise(data: bytes) -> None:
    shape = ApiShape(items="", url="u")
    for body in (data, b"<rss><item><link>" + data + b"</link></item></rss>", b'[{"u":"' + data + b'"}]'):
        feed.discover(body, url=HERE, content_type=data[:40].decode("latin-1"))
        sitemap.discover(body, url=HERE)
        listing.discover(body, url=HERE, selector=data[:20].decode("latin-1"))
        api.discover(body, url=HERE, shape=shape)


def test_news_sitemap_newest_first_without_pictures() -> None:
    data = b"""<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
     xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
     <url><loc>https://h.id/berita/1</loc><news:news><news:title>Satu</news:title>
     <news:publication_date>2026-11-20T01:00:00+07:00</news:publication_date></news:news>
     <image:image><image:loc>https://h.id/x.jpg</image:loc></image:image></url>
     <url><loc> https://h.id/berita/2 </loc><lastmod>2026-11-21</lastmod></url></urlset>"""
    found = sitemap.discover(data, url="https://h.id/s.xml")
    assert [(link.url, link.title, link.published) for link in found.links] == [
        ("https://h.id/berita/2", "", "2026-11-21"),
        ("https://h.id/berita/1", "Satu", "2026-11-20T01:00:00+07:00"),
    ]


def test_sitemap_index_names_its_newest() -> None:
    entries = "".join(f"<sitemap><loc>/s{n}.xml</loc><lastmod>20{n:02}-01-01</lastmod></sitemap>" for n in range(9))
    found = sitemap.discover(f"<sitemapindex>{entries}</sitemapindex>".encode(), url="https://h.id/")
    assert found.children == tuple(f"https://h.id/s{n}.xml" for n in (8, 7, 6, 5, 4))
    assert sitemap.discover(b"<html></html>", url="x").problem
    assert addresses(sitemap.discover(b"https://h.id/a\nhttps://h.id/b\n", url="x")) == [
        "https://h.id/a",
        "https://h.id/b",
    ]


def test_listing_takes_the_selector_or_every_link_and_the_longest_text() -> None:
    page = b"""<base href="https://h.id/indeks/"><a href="/berita/1"><img></a>
    <h2 class=j><a href="/berita/1">Judul satu</a></h2>
    <a href="#top">x</a><a href="javascript:void(0)">y</a><a href="2">dua</a><a href="http://[">z</a>"""
    found = listing.discover(page, url="https://h.id/")
    assert [(link.url, link.title) for link in found.links] == [
        ("https://h.id/berita/1", "Judul satu"),
        ("https://h.id/indeks/2", "dua"),
    ]
    assert addresses(listing.discover(page, url="https://h.id/", selector="h2.j")) == ["https://h.id/berita/1"]
    assert listing.discover(page, url="https://h.id/", selector=":::").problem


def test_api_paths_and_templates() -> None:
    data = b"""{"d": {"list": [{"id": 7, "t": {"rendered": "AI &amp; data"}, "at": 1795285140,
     "b": "<p>Isi</p>", "s": "Ringkas", "k": ["x"]},
     {"t": "tanpa id"}, 5, null]}}"""
    shape = ApiShape(
        items="d.list", url="link", title="t", published="at", summary="s", body="b",
        url_template="https://x.go.id/{k.0}/{id}",
    )  # fmt: skip
    [link] = api.discover(data, url=HERE, shape=shape).links
    assert (link.url, link.title, link.published, link.summary, link.body) == (
        "https://x.go.id/x/7",
        "AI & data",
        "1795285140",
        "Ringkas",
        "<p>Isi</p>",
    )
    assert api.discover(b"[" * 100_000, url=HERE, shape=shape).problem
    assert api.discover(b'{"d": 1}', url=HERE, shape=shape).problem == "no list at 'd.list'"


def test_an_item_is_a_json_document() -> None:
    data = item_bytes(url="u", title="t\ud800", published="p", summary="s", body="b", authors=("a",))
    assert data == b'{"url": "u", "title": "t?", "published": "p", "summary": "s", "body": "b", "authors": ["a"]}'


def test_inflating_is_bounded() -> None:
    bomb = gzip.compress(b"0" * (50 << 20))
    for pack, codings in ((bomb, "gzip"), (bomb, "identity, x-gzip")):
        with pytest.raises(TooLarge):
            inflated(pack, codings, limit=1 << 20)
    with pytest.raises(TooLarge):
        unpacked(bomb, limit=1 << 20)
    with pytest.raises(Undecodable):
        inflated(b"", "gzip,gzip,gzip", limit=10)
    with pytest.raises(Undecodable):
        inflated(b"x", "zstd", limit=10)
    whole = gzip.compress(b"satu") + gzip.compress(b"dua")
    assert inflated(whole, "gzip", limit=100) == b"satudua"
    assert inflated(gzip.compress(gzip.compress(b"x")), "gzip, gzip", limit=100) == b"x"
    assert inflated(b"<p>already</p>", "gzip", limit=100) == b"<p>already</p>"
    assert inflated(gzip.compress(b"halaman" * 1000)[:-20], "gzip", limit=10_000).startswith(b"halaman")
