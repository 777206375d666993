"""What outlets offer to those who look for new articles: feeds (RSS 2.0, Atom, RDF), sitemaps, index pages, a JSON API.

Each is a function from the printed stories, newest first, to bytes. Flaws are on purpose and as met in the wild: links
that are no articles, links with tracking parameters, a bare ampersand, a feed that is not UTF-8.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from email.utils import format_datetime
from html import escape
from typing import Final

from kawat.press.dates import clock, short_id
from kawat.press.sites import Site, Told

PER_PAGE: Final = 6
"""Articles on one page of an index, or in one answer of the API by default."""

_NO_ARTICLES: Final = (
    ("/foto/4410/pasar-apung-lok-baintan", "Foto: Pasar apung Lok Baintan"),
    ("/video/881/kereta-pertama-pagi-ini", "Video: Kereta pertama pagi ini"),
    ("/tag/kerja-sama", "Topik: kerja sama"),
)


def rss(site: Site, base: str, told: Sequence[Told]) -> bytes:
    """RSS 2.0 with dc:creator; WordPress sites add an excerpt in content:encoded and tracking parameters to links."""
    wordpress = site.template == "wordpress"
    items = [_rss_item(site, base, one, wordpress) for one in told]
    if site.template == "wire":
        stamp = format_datetime(told[0].published) if told else ""
        for path, title in _NO_ARTICLES:
            items.insert(1, f"<item><title>{title}</title><link>{base}{path}</link><pubDate>{stamp}</pubDate></item>")
    # A blog of this kind writes "Gadget & Opini" as it stands: no XML parser takes it, every feed reader must.
    about = "Gadget & Opini & lain-lain" if site.template == "blog" else escape(f"Berita terbaru {site.name}")
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:content="http://purl.org/rss/1.0/modules/content/">'
        f"<channel><title>{escape(site.name)}</title><link>{base}/</link><description>{about}</description>"
        f"<language>{site.language}</language>\n" + "\n".join(items) + "\n</channel></rss>\n"
    ).encode()


def _rss_item(site: Site, base: str, one: Told, wordpress: bool) -> str:
    link = f"{base}{one.path}" + ("?utm_source=rss&utm_medium=feed&utm_campaign=terbaru" if wordpress else "")
    lead = one.paragraphs[0]
    if site.template == "blog":
        summary = escape(" ".join(one.paragraphs))
    elif site.template == "wire":
        summary = f"<![CDATA[<img src='{base}/img/{one.number}.jpg' align='left' border='0'>{lead}]]>"
    else:
        summary = f"<![CDATA[<p>{lead[:150]} [&hellip;]</p>]]>"
    content = f"<content:encoded><![CDATA[<p>{lead}</p><p>[&hellip;]</p>]]></content:encoded>" if wordpress else ""
    return (
        f"<item><title>{escape(one.title)}</title><link>{escape(link)}</link>"
        f'<guid isPermaLink="false">{base}/?p={one.number}</guid>'
        f"<pubDate>{format_datetime(one.published)}</pubDate><dc:creator>{escape(one.story.author)}</dc:creator>"
        f"<category>{escape(one.story.section)}</category><description>{summary}</description>{content}</item>"
    )


def atom(site: Site, base: str, told: Sequence[Told]) -> bytes:
    """Atom with a summary."""
    entries = "\n".join(
        f"<entry><title>{escape(one.title)}</title><id>tag:nusakabar,{one.number}</id>"
        f'<link rel="alternate" type="text/html" href="{base}{one.path}"/>'
        f"<published>{one.published.isoformat()}</published><updated>{one.published.isoformat()}</updated>"
        f"<author><name>{escape(one.story.author)}</name></author>"
        f'<summary type="html">{escape(one.paragraphs[0])}</summary></entry>'
        for one in told
    )
    updated = told[0].published.isoformat() if told else "1970-01-01T00:00:00Z"
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">'
        f"<title>{escape(site.name)}</title><id>{base}/</id><updated>{updated}</updated>\n{entries}\n</feed>\n"
    ).encode()


def rdf(site: Site, base: str, told: Sequence[Told]) -> bytes:
    """RSS 1.0, declared and written in windows-1252, with typographic quotes."""
    index = "".join(f'<rdf:li rdf:resource="{base}{one.path}"/>' for one in told)
    items = "\n".join(
        f'<item rdf:about="{base}{one.path}"><title>{escape(one.title, quote=False)}</title>'
        f"<link>{base}{one.path}</link>"
        f"<description>“{escape(one.paragraphs[0][:160], quote=False)}…”</description>"
        f"<dc:creator>{escape(one.story.author)}</dc:creator><dc:date>{one.published.isoformat()}</dc:date></item>"
        for one in told
    )
    return (
        '<?xml version="1.0" encoding="windows-1252"?>\n'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f'<channel rdf:about="{base}/rss"><title>{escape(site.name)} – sekali di udara</title><link>{base}/</link>'
        f"<description>Café pagi, berita siang</description><items><rdf:Seq>{index}</rdf:Seq></items></channel>\n"
        f"{items}\n</rdf:RDF>\n"
    ).encode("windows-1252", errors="xmlcharrefreplace")


def news_sitemap(site: Site, base: str, told: Sequence[Told]) -> bytes:
    """A Google News sitemap."""
    urls = "\n".join(
        f"<url><loc>{base}{one.path}</loc><news:news><news:publication><news:name>{escape(site.name)}</news:name>"
        f"<news:language>{site.language}</news:language></news:publication>"
        f"<news:publication_date>{one.published.isoformat()}</news:publication_date>"
        f"<news:title>{escape(one.title)}</news:title></news:news></url>"
        for one in told
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
        f' xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">\n{urls}\n</urlset>\n'
    ).encode()


def sitemap_index(base: str, told: Sequence[Told]) -> bytes:
    """A gzipped index of sitemaps: the news, and pages that never change."""
    newest = told[0].published.isoformat() if told else "2020-01-01"
    xml = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
        f"<sitemap><loc>{base}/sitemap-news.xml</loc><lastmod>{newest}</lastmod></sitemap>"
        f"<sitemap><loc>{base}/sitemap-static.xml</loc><lastmod>2019-02-01</lastmod></sitemap></sitemapindex>\n"
    )
    return gzip.compress(xml.encode(), mtime=0)


def static_sitemap(base: str) -> bytes:
    """Pages that are no articles."""
    urls = "".join(f"<url><loc>{base}/{name}</loc><lastmod>2019-02-01</lastmod></url>" for name in ("about", "contact"))
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>\n'.encode()


def index(site: Site, base: str, told: Sequence[Told], page: int) -> bytes:
    """A section page of cards, `PER_PAGE` to a page, with the things that surround cards."""
    shown = told[(page - 1) * PER_PAGE : page * PER_PAGE]
    last = max(1, -(-len(told) // PER_PAGE))
    if site.template == "gerbang":
        cards = "".join(
            f'<div class="articleItem"><a class="article-link" href="{base}{one.path}"><h2 class="articleTitle">'
            f'{escape(one.title)}</h2></a><div class="articlePost-date">{one.published:%d/%m/%Y}, '
            f"{clock(one.published)} WIB</div></div>"
            for one in shown
        )
    else:
        cards = "".join(
            f'<article><a href="{one.path}"><h4>{escape(one.title)}</h4></a>'
            f"<small>{short_id(one.published)}</small></article>"
            for one in shown
        )
    pager = "".join(f'<a class="paging__link" href="{site.source}?page={n}">{n}</a>' for n in range(1, last + 1))
    return (
        f'<!DOCTYPE html><html lang="id"><head><meta charset="utf-8">'
        f"<title>Indeks {escape(site.name)}</title></head><body>"
        '<nav><a href="/nasional">Nasional</a><a href="/image/2026/galeri">Galeri</a><a href="/video/1">Video</a></nav>'
        f'<main class="latest">{cards}</main><div class="paging">{pager}</div>'
        '<footer><a href="/tentang-kami">Tentang kami</a><a href="/pedoman-media-siber">Pedoman</a></footer>'
        "</body></html>"
    ).encode()


def api(told: Sequence[Told], page: int, size: int) -> bytes:
    """A ministry's JSON list: items under `data.items`, times without a zone, the body as HTML."""
    shown = told[(page - 1) * size : page * size]
    items = [
        {
            "id": one.number,
            "slug": one.story.slug,
            "title": one.title,
            "release": one.story.author,
            "published_at": f"{one.published:%Y-%m-%d %H:%M:%S}",
            "body_html": "".join(f"<p>{escape(p, quote=False)}</p>" for p in one.paragraphs),
        }
        for one in shown
    ]
    answer = {"status": "ok", "data": {"page": page, "per_page": size, "total": len(told), "items": items}}
    return json.dumps(answer, ensure_ascii=False).encode()
