"""Sites that Kawat has never seen, each of another make, on loopback: what `kawat outlets add` is tried on.

wordpress   a stock WordPress: feed named in the head, dated permalinks, no marks of its own
plain       hand-made pages: no feed, no sitemap, a section page with cards, times printed in Indonesian
mapped      an application without any list of links: only a news sitemap behind an index in robots.txt
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise

DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
MONTHS = (
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),
    *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
)
HEADLINES = (
    "Panen garam di pesisir utara naik dua kali lipat tahun ini",
    "Warga tiga desa bangun jembatan bambu penghubung sekolah",
    "Pasar ikan Muara Baru buka lebih pagi selama musim teri",
    "Pemuda Lembah Anai hidupkan lagi tari piring di balai kota",
    "Kereta perintis jalur selatan angkut penumpang pertama",
    "Perpustakaan keliling singgah di dua belas pulau kecil",
)
SENTENCES = (
    "Hasil itu disampaikan ketua kelompok tani setempat seusai pertemuan warga di balai desa pada pagi hari.",
    "Menurut dia, cuaca kering sejak pertengahan tahun membuat pekerjaan di lapangan berjalan lebih lancar.",
    "Pemerintah kabupaten menyiapkan gudang bersama agar harga di tingkat warga tidak jatuh ketika pasokan melimpah.",
    "Sebagian warga berharap jalan menuju dermaga segera diperbaiki karena truk sering terhenti di tanjakan.",
    "Kelompok perempuan desa mengolah sisa panen menjadi produk rumahan yang dijual di pasar setiap akhir pekan.",
    "Rencana berikutnya dibahas kembali bulan depan bersama para kepala dusun dan pengurus koperasi.",
)
_MENU = '<nav><a href="/">Beranda</a> <a href="/kabar">Kabar</a> <a href="/tentang">Tentang kami</a></nav>'
_FOOT = '<footer><p>Hak cipta redaksi. Dilarang menyalin tanpa izin.</p><a href="/kontak">Kontak</a></footer>'


@dataclass(slots=True)
class Stranger:
    """One running site: `pages` by path, and the paths that were asked for with their user agents."""

    url: str
    pages: dict[str, tuple[int, str, bytes]] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)

    def put(self, path: str, body: str | bytes, kind: str = "text/html; charset=utf-8", status: int = 200) -> None:
        self.pages[path] = (status, kind, body.encode() if isinstance(body, str) else body)


@contextmanager
def stranger() -> Iterator[Stranger]:
    """An empty site on a port of its own."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            site.asked.append((self.path, self.headers.get("User-Agent", "")))
            status, kind, body = site.pages.get(self.path, (404, "text/html", b"<html><body>tidak ada</body></html>"))
            self.send_response(status)
            for name, value in (("Content-Type", kind), ("Content-Length", str(len(body))), ("Connection", "close")):
                self.send_header(name, value)
            if status in {301, 302}:
                self.send_header("Location", body.decode())
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    site = Stranger(url=f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def slug(title: str) -> str:
    return "-".join(title.lower().split())


def story(number: int) -> list[str]:
    """The paragraphs of a story, each its own."""
    turned = SENTENCES[number % 3 :] + SENTENCES[: number % 3]
    return [f"{a} {b} ({HEADLINES[number].split()[0]} ke-{number + 1})." for a, b in pairwise(turned)]


def times(now: datetime) -> list[datetime]:
    return [(now - timedelta(hours=3 * n + 1)).replace(second=0, microsecond=0) for n in range(len(HEADLINES))]


def wordpress(site: Stranger, now: datetime) -> None:
    """A stock WordPress with a theme that marks nothing up but the usual."""
    items = []
    for number, (title, at) in enumerate(zip(HEADLINES, times(now), strict=True)):
        path = f"/{at:%Y/%m/%d}/{slug(title)}/"
        body = "".join(f"<p>{text}</p>" for text in story(number))
        site.put(
            path,
            f'<!DOCTYPE html><html lang="id-ID"><head><title>{title} – Lentera Lembah</title>'
            f'<meta property="og:site_name" content="Lentera Lembah"><meta property="og:title" content="{title}">'
            f'<meta property="article:published_time" content="{at.isoformat()}"><link rel="canonical"'
            f' href="{site.url}{path}"></head><body class="single">{_MENU}<article><header><h1 class="entry-title">'
            f'{title}</h1><span class="author">Oleh Sari Wulan</span></header><div class="entry-content">{body}'
            '<div class="sharedaddy"><a href="#">Bagikan ini</a></div></div></article><section><h3>Tinggalkan Balasan'
            f"</h3><p>Alamat email Anda tidak akan dipublikasikan.</p></section>{_FOOT}</body></html>",
        )
        items.append(
            f"<item><title>{title}</title><link>{site.url}{path}</link><pubDate>{format_datetime(at)}</pubDate>"
            f"<description><![CDATA[<p>{story(number)[0][:100]} [&hellip;]</p>]]></description></item>"
        )
    site.put(
        "/",
        f'<!DOCTYPE html><html lang="id-ID"><head><title>Lentera Lembah – Kabar dari lembah</title>'
        f'<meta property="og:site_name" content="Lentera Lembah"><link rel="alternate" type="application/rss+xml"'
        f' title="Lentera Lembah &raquo; Feed" href="{site.url}/feed/"><link rel="alternate" type="application/rss+xml"'
        f' href="{site.url}/comments/feed/"></head><body>{_MENU}<h1>Lentera Lembah</h1>{_FOOT}</body></html>',
    )
    site.put(
        "/feed/",
        f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>Lentera Lembah</title>'
        f"<link>{site.url}</link>{''.join(items)}</channel></rss>",
        "application/rss+xml; charset=UTF-8",
    )
    site.put("/robots.txt", "User-agent: *\nDisallow: /wp-admin/\n", "text/plain")


def plain(site: Stranger, now: datetime) -> None:
    """Hand-made pages: a section page is all there is."""
    cards = []
    for number, (title, at) in enumerate(zip(HEADLINES, times(now), strict=True)):
        local = at + timedelta(hours=7)
        path = f"/kabar/{40_000 + number}/{slug(title)}.html"
        printed = f"{DAYS[local.weekday()]}, {local.day} {MONTHS[local.month - 1]} {local.year} {local:%H:%M} WIB"
        body = "".join(f"<p>{text}</p>" for text in story(number))
        site.put(
            path,
            f'<!DOCTYPE html><html lang="id"><head><title>{title} | Suara Teluk</title></head><body>{_MENU}'
            f'<div id="utama"><h1>{title}</h1><div class="tanggal">{printed}</div><div class="teks">{body}</div></div>'
            f'<div class="samping"><h4>Terpopuler</h4><ul><li><a href="/kabar/39000/kabar-lama-dari-teluk-ini.html">'
            f"Kabar lama</a></li></ul></div>{_FOOT}</body></html>",
        )
        cards.append(f'<div class="kartu"><a href="{path}"><h3>{title}</h3></a><small>{printed}</small></div>')
    site.put(
        "/kabar", f"<html><head><title>Kabar | Suara Teluk</title></head><body>{_MENU}{''.join(cards)}{_FOOT}</body>"
    )
    site.put(
        "/",
        f"<html><head><title>Suara Teluk | Kabar warga teluk</title></head><body>{_MENU}<h1>Suara Teluk</h1>"
        f"<p>Selamat datang.</p>{_FOOT}</body></html>",
    )
    site.put("/tentang", f"<html><body>{_MENU}<h1>Tentang</h1>{_FOOT}</body></html>")


def mapped(site: Stranger, now: datetime) -> None:
    """An application whose pages link to nothing: only the sitemap knows the articles."""
    urls = []
    for number, (title, at) in enumerate(zip(HEADLINES, times(now), strict=True)):
        path = f"/read/{slug(title)}-{7000 + number}"
        body = "".join(f"<p>{text}</p>" for text in story(number))
        data = (
            '{"@context":"https://schema.org","@type":"NewsArticle","headline":"'
            f'{title}","datePublished":"{at.isoformat()}","author":{{"@type":"Person","name":"Budi Laut"}}}}'
        )
        site.put(
            path,
            f'<!DOCTYPE html><html lang="id"><head><title>{title}</title><script type="application/ld+json">{data}'
            f'</script></head><body><div id="app"><h1>{title}</h1><div class="css-1x2y">{body}</div></div></body>',
        )
        urls.append(
            f"<url><loc>{site.url}{path}</loc><news:news><news:publication_date>{at.isoformat()}"
            f"</news:publication_date><news:title>{title}</news:title></news:news></url>"
        )
    site.put("/", '<html><head><title>Pelita Pulau</title></head><body><div id="app"></div></body></html>')
    site.put("/robots.txt", f"User-agent: *\nDisallow: /api/\nSitemap: {site.url}/peta/indeks.xml\n", "text/plain")
    site.put(
        "/peta/indeks.xml",
        '<?xml version="1.0"?><sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
        f"<sitemap><loc>{site.url}/peta/berita.xml</loc><lastmod>{now.isoformat()}</lastmod></sitemap></sitemapindex>",
        "application/xml",
    )
    site.put(
        "/peta/berita.xml",
        '<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
        f' xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">{"".join(urls)}</urlset>',
        "application/xml",
    )
