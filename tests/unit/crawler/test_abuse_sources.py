"""Abuse cases 13, 14, 17, 21 and 22, what is asked and what lists say: robots.txt in every form, two outlets on one
host, XML that means harm, lists that repeat themselves, many addresses of one article. Real servers, on loopback."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from loopback import ARTICLE, HTML, Answer, feed_source, outlet, plain_site, rss, run_crawl, served, web
from test_crawl_discover import HOSTILE, LAUGHS

from pipeline.model import Fetch, Politeness, Source, SourceKind

RULES = b"User-agent: *\nDisallow: /berita/2\n"
PAGE = b"<!DOCTYPE html><html><body>User-agent: *<br>Disallow: /</body></html>"
ROBOTS: dict[str, tuple[Answer, set[str]]] = {
    # what is served as robots.txt, and which of /rss, /berita/1 and /berita/2 may then be asked for
    "500": (Answer(b"oops", status=500), set()),
    "503": (Answer(b"oops", status=503), set()),
    "403": (Answer(b"oops", status=403), {"/rss", "/berita/1", "/berita/2"}),
    "410": (Answer(status=410), {"/rss", "/berita/1", "/berita/2"}),
    "a page": (Answer(PAGE, headers=HTML), {"/rss", "/berita/1", "/berita/2"}),
    "50 MB": (Answer(RULES + b"#" * (50 << 20)), set()),
    "4 MB": (Answer(RULES + b"Disallow: /x\n" * 320_000), {"/rss", "/berita/1"}),
    "BOM": (Answer(b"\xef\xbb\xbf" + RULES), {"/rss", "/berita/1"}),
    "mixed line ends": (Answer(b"User-agent: *\r\rDisallow: /berita/2\r\n\nCrawl-delay: x\n"), {"/rss", "/berita/1"}),
    "NUL and no text": (Answer(b"\0\xff\xfe" * 5_000), {"/rss", "/berita/1", "/berita/2"}),
    "nothing for anyone": (Answer(b"User-agent: *\nDisallow: /\n"), set()),
    "nothing for us": (Answer(b"User-agent: kawat\nDisallow: /\n\nUser-agent: *\nAllow: /\n"), set()),
    "empty": (Answer(b""), {"/rss", "/berita/1", "/berita/2"}),
    "round and round": (Answer(status=302, headers={"Location": "/robots.txt"}), {"/rss", "/berita/1", "/berita/2"}),
}  # fmt: skip


def test_case_13_robots_txt_in_every_form(tmp_path: Path) -> None:
    with contextlib.ExitStack() as stack:
        servers = {}
        for name, (robots, _) in ROBOTS.items():
            pages = plain_site("/berita/1", "/berita/2") | {"/robots.txt": robots}
            servers[name] = stack.enter_context(web(served(pages)))
        papers = [outlet(feed_source(each.url + "/rss"), slug=f"s{n}") for n, each in enumerate(servers.values())]
        crawled = run_crawl(tmp_path, *papers, peak_mb=400)
        assert crawled.returncode == 0, crawled.stderr
        for place, (name, (_, allowed)) in enumerate(ROBOTS.items()):
            assert set(servers[name].paths()) - {"/robots.txt"} == allowed, name
            run = crawled.run(f"s{place}")
            assert run.ok is ("/rss" in allowed), name
            assert allowed or "robots.txt" in run.reason, name


def test_case_13_forbidden_at_noon_is_left_alone_within_the_hour(tmp_path: Path) -> None:
    pages = plain_site("/berita/1")
    with web(served(pages)) as server:
        paper = outlet(feed_source(server.url + "/rss"))
        memory = run_crawl(tmp_path, paper).memory
        pages["/robots.txt"] = Answer(b"User-agent: *\nDisallow: /\n")
        pages["/rss"] = Answer(rss("/berita/1", "/berita/2"))
        server.asked.clear()
        crawled = run_crawl(tmp_path, paper, memory=memory, ahead=timedelta(minutes=61))
        assert server.paths() == ["/robots.txt"]
    assert not crawled.run().ok and crawled.run().reason.startswith("forbidden by robots.txt")


def test_case_13_a_captive_portals_robots_txt_is_not_remembered(tmp_path: Path) -> None:
    pages = plain_site("/berita/1") | {"/robots.txt": Answer(PAGE, headers=HTML), "/rss": Answer(PAGE, headers=HTML)}
    with web(served(pages)) as server:
        paper = outlet(feed_source(server.url + "/rss"))
        memory = run_crawl(tmp_path, paper).memory
        pages |= plain_site("/berita/1") | {"/robots.txt": Answer(b"User-agent: *\nDisallow: /berita/\n")}
        server.asked.clear()
        run_crawl(tmp_path, paper, memory=memory)
        assert server.paths() == ["/robots.txt", "/rss"]


def test_case_14_two_outlets_on_one_host_share_its_pace_and_its_patience(tmp_path: Path) -> None:
    pages = plain_site("/berita/1", "/berita/2") | {"/en/rss": Answer(rss("/berita/3", "/berita/4"))}
    pages |= {f"/berita/{n}": Answer(ARTICLE, headers=HTML) for n in (3, 4)}
    slow = Politeness(delay=timedelta(seconds=0.2), concurrency=1)
    with web(served(pages)) as server:
        papers = (
            outlet(feed_source(server.url + "/rss"), politeness=slow),
            outlet(feed_source(server.url + "/en/rss"), slug="english", politeness=slow),
        )
        crawled = run_crawl(tmp_path, *papers)
        assert server.paths().count("/robots.txt") == 1
        assert len(server.asked) == 7
        # seven requests one after the other; each outlet at a pace of its own would need little more than half of it
        assert server.asked[-1].at - server.asked[0].at >= 6 * 0.19
        assert len(crawled.memory.pages) == 4 and all(run.ok for run in crawled.memory.runs)
        server.asked.clear()
        pages["/rss"] = Answer(status=429, headers={"Retry-After": "600"})
        later = run_crawl(tmp_path, papers[0], memory=crawled.memory)
        assert server.paths() == ["/rss"]
        run_crawl(tmp_path, papers[1], memory=later.memory)  # the other one leaves the host alone as well
        assert server.paths() == ["/rss"]


def test_case_17_xml_that_means_harm(tmp_path: Path) -> None:
    feeds = {f"/f{n}": Answer(text.encode("utf-8", "replace")) for n, text in enumerate(HOSTILE.values())}
    entry = "<url><loc>{}</loc></url>"
    maps = {
        "/s0": f"<!DOCTYPE r [<!ENTITY a0 'ha'>{LAUGHS}]><urlset>{entry.format('&a12;')}</urlset>",
        "/s1": '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><urlset>' + entry.format("/berita/&x;1"),
        "/s2": f'<!DOCTYPE r [<!ENTITY q "{"a" * 50_000}">]><urlset>' + entry.format("/berita/1" + "&q;" * 20_000),
        "/s3": "<urlset>" + "<url>" * 100_000 + "<loc>/berita/1</loc>",
        "/s4": "<urlset>" + entry.format("/berita/1") + "\0<url><loc>/beri",
    }
    pages = {"/robots.txt": Answer(status=404), "/berita/1": Answer(ARTICLE, headers=HTML)}
    pages |= {path: Answer(text.encode()) for path, text in maps.items()}
    asked_inside: list[str] = []

    def inside(path: str, headers: dict[str, str]) -> Answer:
        asked_inside.append(path)
        return Answer(b"<!ENTITY x 'y'>")

    with web(inside) as trap:
        feeds["/f99"] = Answer(f'<!DOCTYPE rss SYSTEM "{trap.url}/x.dtd">'.encode() + rss("/berita/1"))
        with web(served(pages | feeds)) as server:
            papers = [outlet(feed_source(server.url + path), slug=path[1:], homepage="https://www.harian.id/")
                      for path in feeds]  # fmt: skip
            papers += [outlet(Source(kind=SourceKind.SITEMAP, url=server.url + path), slug=path[1:]) for path in maps]
            quick = Politeness(delay=timedelta(0), concurrency=8)
            crawled = run_crawl(tmp_path, *(replace(each, politeness=quick) for each in papers), peak_mb=400)
    assert crawled.returncode == 0, crawled.stderr
    assert crawled.seconds < 20
    assert asked_inside == []
    assert len({run.outlet for run in crawled.memory.runs}) == len(papers)
    said = " ".join(f"{link.url} {link.title} {link.summary}" for link in crawled.memory.links.values())
    assert "root:" not in said and "haha" not in said and "aaaaaaaa" not in said


def test_case_21_lists_that_repeat_themselves_under_new_names(tmp_path: Path) -> None:
    def feed(mark: str, day: int, numbers: range) -> Answer:
        items = "".join(
            f'<item><guid isPermaLink="false">{mark}-{n if mark != "sama" else 0}</guid><title>Judul {n}</title>'
            f"<link>/berita/{n}</link><pubDate>{day:02} Nov 2026 10:00:00 +0700</pubDate></item>"
            for n in numbers
        )
        return Answer(f'<rss version="2.0"><channel><title>Harian</title>{items}</channel></rss>'.encode())

    pages = plain_site()
    with web(served(pages)) as server:
        paper = outlet(feed_source(server.url + "/rss"), fetch=Fetch.SUMMARY)  # its items are its articles
        pages["/rss"] = feed("lama", 20, range(500))
        crawled = run_crawl(tmp_path, paper)
        assert crawled.run().fetched == 500
        pages["/rss"] = feed("baru", 21, range(500))  # all of it again, under new ids, dated now
        crawled = run_crawl(tmp_path, paper, memory=crawled.memory)
        assert crawled.run().items == 500 and crawled.run().candidates == 0
        pages["/rss"] = feed("sama", 21, range(498, 504))  # one id for different articles
        crawled = run_crawl(tmp_path, paper, memory=crawled.memory)
        assert crawled.run().candidates == 4
        assert set(server.paths()) == {"/robots.txt", "/rss"}
    assert len({page.url for page in crawled.memory.pages}) == len(crawled.memory.pages) == 504


def test_case_22_one_article_under_forty_addresses(tmp_path: Path) -> None:
    base = "/berita/7/judul"
    spellings = [f"{base}?utm_source=s{n}&utm_medium=feed" for n in range(20)]
    spellings += [f"{base}#bagian{n}" for n in range(10)] + [f"{base}?page={n}" for n in range(2, 6)]
    spellings += [f"{base}{end}" for end in ("?page=all", "/amp", "/", "?fbclid=x", "?amp=1")] + [f"/amp{base}"]
    assert len(spellings) == 40
    pages = {"/robots.txt": Answer(status=404), "/rss": Answer(rss(*spellings, base=""))}

    def site(path: str, headers: dict[str, str]) -> Answer:
        return pages.get(path, Answer(ARTICLE, headers=HTML))

    with web(site) as server:
        crawled = run_crawl(tmp_path, outlet(feed_source(server.url + "/rss")))
        assert len([path for path in server.paths() if "berita" in path]) == 1
    assert len(crawled.memory.links) == len(crawled.memory.pages) == 1
    assert crawled.memory.pages[0].fetched_at <= datetime.now(UTC)
