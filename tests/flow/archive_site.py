"""A generated outlet with a past: a feed of its newest articles, and the same by page, by day and by sitemap."""

from __future__ import annotations

import http.server
import socketserver
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import TracebackType
from typing import Self
from zoneinfo import ZoneInfo

WIB = ZoneInfo("Asia/Jakarta")
PER_PAGE = 50
IN_FEED = 10

AGREEMENT = (
    "Menteri Komunikasi dan Digital Republik Indonesia dan Menteri Digital Qatar menandatangani nota kesepahaman"
    " tentang kerja sama kecerdasan artifisial di Jakarta, {day}. Nota kesepahaman antara Pemerintah Republik Indonesia"
    " dan Pemerintah Qatar itu mencakup pertukaran data dan pelatihan."
)
PLAIN = "Panen raya di lereng gunung dimulai pekan ini. Petani memetik hasil nomor {n} dan membawanya ke pasar desa."


@dataclass
class Printed:
    """One article."""

    number: int
    at: datetime
    text: str
    title: str

    @property
    def path(self) -> str:
        return f"/berita/{self.number}/kabar"


@dataclass
class ArchiveSite:
    """The server. `lists` names what it answers besides the feed: pages, days, sitemap."""

    articles: list[Printed]
    lists: frozenset[str] = frozenset({"pages"})
    asked: list[str] = field(default_factory=list)  # robots.txt left out
    conditions: list[tuple[str, str]] = field(default_factory=list)
    missing: dict[str, int] = field(default_factory=dict)  # path to status
    on_article: Callable[[int], None] = lambda _number: None
    channel: str = ""  # XML put into the feed's channel
    headers: dict[str, str] = field(default_factory=dict)  # of the feed

    def __enter__(self) -> Self:
        site = self

        class Page(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                if self.path != "/robots.txt":
                    site.asked.append(self.path)
                status, kind, body, headers = site.answer(self.path, self.headers.get("If-None-Match", ""))
                self.send_response(status)
                self.send_header("Content-Type", kind)
                for name, value in headers.items():
                    self.send_header(name, value)
                if status != 304:
                    self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                if status != 304:
                    self.wfile.write(body)

            def log_message(self, *args: object) -> None:
                pass

        class Server(socketserver.ThreadingTCPServer):
            allow_reuse_address = True
            daemon_threads = True
            block_on_close = False

            def handle_error(self, *args: object) -> None:
                pass  # a crawl that is killed hangs up

        self._server = Server(("127.0.0.1", 0), Page)
        self.base = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def answer(self, path: str, known: str) -> tuple[int, str, bytes, dict[str, str]]:
        html = "text/html; charset=utf-8"
        newest = sorted(self.articles, key=lambda each: each.at, reverse=True)
        plain, _, query = path.partition("?")
        if plain in self.missing:
            location = {"Location": "/"} if self.missing[plain] == 302 else {}
            return self.missing[plain], html, b"<h1>tidak ada</h1>", location
        if plain == "/rss":
            return 200, "application/rss+xml", self._rss(newest[:IN_FEED]), self.headers
        if plain == "/indeks" and "pages" in self.lists:
            number = int(query.partition("=")[2] or 1)
            return 200, html, self._links(newest[(number - 1) * PER_PAGE : number * PER_PAGE]), {}
        if plain.startswith("/arsip/") and "days" in self.lists:
            day = plain.removeprefix("/arsip/")
            return 200, html, self._links([each for each in newest if f"{each.at.astimezone(WIB):%Y-%m-%d}" == day]), {}
        if plain == "/sitemap.xml" and "sitemap" in self.lists:
            months = sorted({f"{each.at.astimezone(WIB):%Y-%m}" for each in newest}, reverse=True)
            parts = "".join(f"<sitemap><loc>{self.base}/sitemap-{month}.xml</loc></sitemap>" for month in months)
            return 200, "application/xml", f"<sitemapindex>{parts}</sitemapindex>".encode(), {}
        if plain.startswith("/sitemap-") and "sitemap" in self.lists:
            month = plain.removeprefix("/sitemap-").removesuffix(".xml")
            urls = "".join(
                f"<url><loc>{self.base}{each.path}</loc><lastmod>{each.at.isoformat()}</lastmod></url>"
                for each in newest
                if f"{each.at.astimezone(WIB):%Y-%m}" == month
            )
            return 200, "application/xml", f"<urlset>{urls}</urlset>".encode(), {}
        if plain == "/robots.txt" and "robots" in self.lists:
            return 200, "text/plain", f"Sitemap: {self.base}/sitemap.xml\n".encode(), {}
        for each in self.articles:
            if each.path == plain:
                self.on_article(each.number)
                tag = f'"{hash((each.title, each.text)) & 0xFFFFFFFF:x}"'
                self.conditions.append((plain, known))
                if known == tag:
                    return 304, html, b"", {"ETag": tag}
                return 200, html, self._article(each), {"ETag": tag}
        return (200, html, b"<h1>Beranda</h1>", {}) if plain == "/" else (404, html, b"<h1>404</h1>", {})

    def _rss(self, shown: list[Printed]) -> bytes:
        items = "".join(
            f"<item><title>{each.title}</title><link>{self.base}{each.path}</link>"
            f"<pubDate>{each.at:%a, %d %b %Y %H:%M:%S +0000}</pubDate></item>"
            for each in shown
        )
        return f'<rss version="2.0"><channel><title>Arsip</title>{self.channel}{items}</channel></rss>'.encode()

    def _links(self, shown: list[Printed]) -> bytes:
        links = "".join(f'<li><a href="{each.path}">{each.title}</a></li>' for each in shown)
        return f"<html><body><ul>{links}</ul></body></html>".encode()

    def _article(self, each: Printed) -> bytes:
        paragraphs = "".join(f"<p>{part}</p>" for part in each.text.split("\n"))
        return (
            f"<html lang='id'><head><title>{each.title}</title>"
            f'<meta property="article:published_time" content="{each.at.isoformat()}"></head>'
            f"<body><article><h1>{each.title}</h1>{paragraphs}</article></body></html>"
        ).encode()


def plain(number: int, at: datetime) -> Printed:
    """An article about nothing that matters, unlike any other."""
    words = " ".join(f"kata{(number * 7919 + k * 104729) % 99991}" for k in range(60))
    return Printed(number=number, at=at, text=f"{PLAIN.format(n=number)}\n{words}.", title=f"Panen nomor {number}")


def printed_day(day: datetime) -> str:
    """A day as this press prints it."""
    months = dict(enumerate(("Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli"), 1)) | {
        8: "Agustus", 9: "September", 10: "Oktober", 11: "November", 12: "Desember",
    }  # fmt: skip
    return f"{day.day} {months[day.month]} {day.year}"


def agreement(number: int, at: datetime) -> Printed:
    """A new agreement with Qatar, signed on the day it is printed."""
    text = AGREEMENT.format(day=printed_day(at.astimezone(WIB)))
    text += "\n" + "Kedua menteri berharap kerja sama itu segera berjalan di kedua negara bagi warga mereka. " * 3
    return Printed(
        number=number, at=at, text=text, title="Indonesia dan Qatar teken nota kesepahaman kecerdasan artifisial"
    )


def outlet_file(base: str, *, sources: str = "", extra: str = "") -> str:
    """The YAML of an outlet that polls the feed; further lines of `sources` and of the file."""
    return (
        f"name: Arsip\nhomepage: {base}/\nlanguages: [id]\ntrust: press\nsources:\n"
        f"  - {{kind: feed, url: {base}/rss, certainty: A}}\n{sources}"
        f"article: ['/berita/\\d+/']\npoliteness: {{delay: 1ms, concurrency: 1}}\n{extra}"
    )


def days_back(now: datetime, number: int, over: timedelta) -> list[Printed]:
    """So many plain articles, evenly over the time before `now`."""
    return [plain(n + 1, now - over * (number - n) / number) for n in range(number)]
