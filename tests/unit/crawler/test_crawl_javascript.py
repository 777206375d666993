"""Pages that a script fills, read by the real Chromium against a loopback web; skipped where it or the extra is not."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from loopback import HTML, Answer, feed_source, outlet, rss, run_crawl, web

from pipeline import javascript
from pipeline.model import Outlet, Selectors, Source, SourceKind

needs_browser = pytest.mark.skipif(bool(javascript.missing()), reason=javascript.missing())

FRAME = b"""<html><head><meta charset="windows-1252"><title>Aplikasi</title>
<link rel="stylesheet" href="/gaya.css"></head>
<body><div id="isi">Memuat</div><img src="/gambar.png"><iframe src="/bingkai"></iframe>
<script src="/app.js"></script></body></html>"""
SCRIPT = """
const tell = (name, value) => { document.body.dataset[name] = value };
tell('agent', navigator.userAgent);
const reach = (name, url) => fetch(url).then(() => tell(name, 'reached'), () => tell(name, 'nothing'));
Promise.all([
  reach('private', 'http://10.0.0.1/'),
  reach('turned', 'http://putar.example:PORT/rahasia'),
  reach('led', '/pindah'),
  reach('forbidden', '/tertutup/data'),
]).then(() => fetch('/api/berita')).then(answer => answer.json()).then(said => {
  const isi = document.getElementById('isi');
  isi.innerHTML = '<article class="siap"><h1>' + said.judul + '</h1><p>' + said.isi + '</p></article>';
});
fetch('/kirim', {method: 'POST', body: 'x'}).catch(() => {});
new WebSocket('ws://127.0.0.1:PORT/soket');
navigator.sendBeacon('/suar', 'x');
window.open('/jendela');
location.href = '/pergi';
"""
DATA = """{"judul": "Kesepakatan", "isi": "Naskah “penuh”: <a href='/berita/1'>lagi</a>"}"""


def site(path: str, headers: dict[str, str]) -> Answer:
    """A paper whose pages are frames that a script fills; robots.txt forbids a part of its data."""
    port = headers["host"].rpartition(":")[2]
    answers = {
        "/robots.txt": Answer(b"User-agent: *\nDisallow: /tertutup\n"),
        "/rss": Answer(rss("/berita/2")),
        "/indeks": Answer(FRAME, headers=HTML | {"ETag": '"bingkai"', "Set-Cookie": "sid=1"}),
        "/berita/1": Answer(FRAME, headers=HTML),
        "/berita/2": Answer(b"<title>Tanpa akhir</title><script>for (;;) {}</script>", headers=HTML),
        "/app.js": Answer(SCRIPT.replace("PORT", port).encode(), headers={"Content-Type": "text/javascript"}),
        "/api/berita": Answer(DATA.encode(), headers={"Content-Type": "application/json"}),
        "/pindah": Answer(status=302, headers={"Location": "http://192.168.0.1/"}),
    }
    return answers.get(path, Answer(b"nobody asks for this"))


def paper(base: str) -> Outlet:
    listing = Source(kind=SourceKind.LISTING, url=base + "/indeks", links="article a", javascript=True)
    return outlet(listing, javascript=True, selectors=Selectors(body=("article.siap",)))


@pytest.mark.slow
@needs_browser
def test_a_page_that_a_script_fills_is_read_and_its_script_reaches_nobody_else(tmp_path: Path) -> None:
    names = {"putar.example": ["10.0.0.2", "127.0.0.1"]}
    with web(site) as server:
        crawled = run_crawl(tmp_path, paper(server.url), fetch_timeout=20.0, deadline=50.0, dns=names)
        asked = set(server.paths())
        assert asked == {"/robots.txt", "/indeks", "/berita/1", "/app.js", "/api/berita", "/pindah"}
        assert server.paths().count("/app.js") == 1  # kept for the next page
        assert {a.headers["user-agent"] for a in server.asked} == {"Kawat/0.1 (+mailto:desk@example.org)"}
        assert not any({"cookie", "referer", "origin"} & set(a.headers) for a in server.asked)
    assert crawled.run().ok, crawled.run().reason
    assert crawled.events[-1]["browser"] is True
    [page] = crawled.memory.pages
    body = crawled.body(page).decode("utf-8-sig")
    assert page.url.endswith("/berita/1") and page.content_type == "text/html; charset=utf-8"
    assert '<article class="siap"><h1>Kesepakatan</h1><p>Naskah “penuh”' in body
    for name in ("private", "turned", "led", "forbidden"):
        assert f'data-{name}="nothing"' in body
    assert 'data-agent="Kawat/0.1 (+mailto:desk@example.org)"' in body


@pytest.mark.slow
@needs_browser
def test_a_script_without_end_costs_its_page_and_no_more(tmp_path: Path) -> None:
    with web(site) as server:
        crawled = run_crawl(tmp_path, outlet(feed_source(server.url + "/rss"), javascript=True), script_seconds=0.5)
    assert (crawled.returncode, crawled.memory.pages) == (0, [])
    assert "do not end" in crawled.run().reason
    [(_, fate, given_up)] = crawled.memory.fates
    assert fate.after is not None and not given_up


@needs_browser
def test_the_browser_by_itself_reaches_nobody() -> None:
    from playwright.async_api import Error

    from crawler.browser import OneBrowser

    async def go(url: str) -> str:
        browser = OneBrowser(javascript.chromium() or "")
        try:
            page = await (await browser.launch_browser()).new_page()
            with pytest.raises(Error) as refused:
                await page.goto(url)
            return refused.value.message
        finally:
            await browser.close()

    with web(site) as server:
        assert "ERR_PROXY_CONNECTION_FAILED" in asyncio.run(go(server.url + "/berita/1"))
        assert not server.asked


def test_without_a_browser_pages_are_fetched_plainly_and_the_list_says_why(tmp_path: Path) -> None:
    with web(site) as server:
        listing, feed = paper(server.url).sources[0], feed_source(server.url + "/rss")
        crawled = run_crawl(tmp_path, outlet(listing, feed, javascript=True), env={"PATH": ""})
        assert set(server.paths()) == {"/robots.txt", "/indeks", "/rss", "/berita/2"}
    assert "a page without links at" in crawled.run().reason
    assert "; a script fills it, and no Chromium is on the path" in crawled.run().reason
    [page] = crawled.memory.pages
    assert b"Tanpa akhir" in crawled.body(page)
    assert crawled.events[-1]["browser"] is False
