"""The article pages: one template for each kind of outlet, each with that kind's furniture, metadata and date style.

A template is a function from a `Sheet` to the `<html>` of the page. The wordings are our own; the structures are those
of real outlets as scrapers describe them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from html import escape
from typing import Final

from kawat.press.dates import WEEKDAYS, clock, long_id, short_id, weekday_id
from kawat.press.furniture import Sheet


def page(sheet: Sheet, base: str, part: int | None) -> str:
    """The page of `sheet.told`; `part` is the page of a multi-page article, None for all of it."""
    template = sheet.told.site.template
    return _gerbang(sheet, base, part) if template == "gerbang" else _TEMPLATES[template](sheet, base)


def _p(paragraphs: Iterable[str], attributes: str = "") -> list[str]:
    return [f"<p{attributes}>{escape(text, quote=False)}</p>" for text in paragraphs]


def _after(blocks: list[str], position: int, block: str) -> None:
    blocks.insert(min(position, len(blocks)), block)


def _document(sheet: Sheet, base: str, body: str, *, meta: str = "", graph: bool = True) -> str:
    told = sheet.told
    og = (
        f'<meta property="og:type" content="article"><meta property="og:title" content="{escape(told.title)}">'
        f'<meta property="og:site_name" content="{escape(told.site.name)}">'
        f'<meta property="og:url" content="{base}{told.path}">'
        f'<meta property="og:image" content="{base}/img/{told.number}.jpg">'
        if graph
        else ""
    )
    return (
        f'<!DOCTYPE html>\n<html lang="{told.site.language}"><head><meta charset="utf-8">'
        f"<title>{escape(told.title)} - {escape(told.site.name)}</title>"
        f'<link rel="canonical" href="{base}{told.path}">{og}{meta}'
        "<script>window.dataLayer=window.dataLayer||[];</script></head>\n<body>\n"
        '<header><nav><ul><li><a href="/">Beranda</a></li><li><a href="/nasional">Nasional</a></li>'
        '<li><a href="/tekno">Tekno</a></li></ul></nav></header>\n'
        f"{body}\n<footer><p>© {told.published.year} {escape(told.site.name)}</p></footer>\n</body></html>\n"
    )


def _json_ld(sheet: Sheet, base: str) -> str:
    told = sheet.told
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": told.title,
        "datePublished": told.published.isoformat(),
        "dateModified": told.published.isoformat(),
        "author": [{"@type": "Person", "name": told.story.author}],
        "publisher": {"@type": "Organization", "name": told.site.name},
        "mainEntityOfPage": f"{base}{told.path}",
    }
    return f'<script type="application/ld+json">{json.dumps(data, ensure_ascii=False)}</script>'


def _published_meta(sheet: Sheet) -> str:
    return f'<meta property="article:published_time" content="{sheet.told.published.isoformat()}">'


def _wire(sheet: Sheet, base: str) -> str:
    told, mark = sheet.told, sheet.mark
    blocks = _p(told.paragraphs)
    english = told.site.language == "en"
    lead = "Related news: " if english else "Baca juga: "
    for position, nth in ((2, 0), (5, 1)):
        also = mark(lead + sheet.read_also(nth))
        _after(blocks, position, f'<p><span class="baca-juga"><b><a href="/tag/dunia">{also}</a></b></span></p>')
    if english:
        credit = f"Translator: {told.story.author}, Kenzu\nEditor: {told.story.editor}"
    else:
        credit = f"Pewarta : {told.story.author}\nEditor: {told.story.editor}"
    credit += f"\nCOPYRIGHT © NUSAKABAR {told.published.year}"
    foot = "<br>".join(mark(line) for line in credit.splitlines())
    notice = mark(
        "This site's content may not be gathered by machines for artificial intelligence without written consent."
        if english
        else "Isi situs ini tidak boleh dipanen mesin untuk kecerdasan artifisial tanpa persetujuan tertulis Nusakabar."
    )
    stamp = (
        f"{told.published:%B} {told.published.day}, {told.published.year} {clock(told.published)} GMT+700"
        if english
        else f"{weekday_id(told.published)}, {long_id(told.published.date())} {clock(told.published)} WIB"
    )
    section = told.path.split("/", 3)[1]
    amp = f'<link rel="amphtml" href="{base}/amp{told.path}">' if section in {"berita", "news"} else ""
    caption = f"<figcaption>{mark(told.story.caption + '. (NUSAKABAR/HO)')}</figcaption>" if told.story.caption else ""
    body = (
        f'<article class="wrap__article-detail"><h1 class="wrap__article-detail-title">{escape(told.title)}</h1>'
        f'<ul class="list-inline"><li class="list-inline-item mr-2">{stamp}</li></ul>'
        f'<figure class="wrap__article-detail-image"><img src="/img/{told.number}.jpg" alt="">{caption}</figure>'
        f'<div class="wrap__article-detail-content post-content">{"".join(blocks)}'
        f'<p class="text-muted mt-2 small">{foot}</p><p class="text-muted small">{notice}</p></div></article>'
        '<aside><h5>Berita Terkait</h5><ul><li><a href="/tag/dunia">Empat negara bahas kabel laut</a></li></ul></aside>'
    )
    return _document(sheet, base, body, meta=amp + _published_meta(sheet))


def _wordpress(sheet: Sheet, base: str) -> str:
    told, mark = sheet.told, sheet.mark
    blocks = _p(told.paragraphs)
    _after(blocks, 2, f"<p>{mark('Baca Juga :  ' + sheet.read_also(0))}</p>")
    _after(blocks, 5, f"<p><strong>{mark('Baca Juga :  ' + sheet.read_also(2))}</strong></p>")
    caption = f"<figcaption>{mark(told.story.caption or told.title)}</figcaption>"
    inner = "entry-content" if told.site.slug == "niagakini" else "td-post-content"
    tail = "".join(f"<p>{mark(text)}</p>" for text in ("Bagikan :", "Like, Comment, or Share:", "Tinggalkan komentar"))
    body = (
        f'<article class="post type-post"><h1 class="entry-title">{escape(told.title)}</h1>'
        f'<div class="entry-meta"><span class="author">{escape(told.story.author)}</span> '
        f'<time class="entry-date" datetime="{told.published.isoformat()}">{long_id(told.published.date())}</time>'
        "</div>"
        f'<div class="{inner}"><figure><img src="/wp-content/{told.number}.jpg" alt="">{caption}</figure>'
        f"{''.join(blocks)}{tail}</div></article>"
        '<div id="comments"><h3>Satu komentar</h3><p>Mantap, kapan ke daerah kami?</p></div>'
    )
    return _document(sheet, base, body, meta=_published_meta(sheet))


def _kilat(sheet: Sheet, base: str) -> str:
    told, mark = sheet.told, sheet.mark
    dateline, rest = told.dateline, told.paragraphs[0].removeprefix(told.dateline)
    blocks = [
        f"<p><strong>{escape(dateline)}</strong>{escape(rest, quote=False)}</p>",
        *_p(told.paragraphs[1:]),
    ]
    scroll = f"<p>{mark('ADVERTISEMENT')}</p><p>{mark('SCROLL TO CONTINUE WITH CONTENT')}</p>"
    _after(blocks, 1, f'<div class="parallaxindetail">{scroll}</div>')
    card = mark("Lihat juga: " + sheet.read_also(1))
    _after(
        blocks,
        4,
        f'<table class="linksisip"><tr><td><div class="lihatjg"><a href="/tag/a">{card}</a></div></td></tr></table>',
    )
    _after(
        blocks,
        6,
        f"<p><b>{mark('Simak juga Video: ' + sheet.read_also(0))}</b></p><p>{mark('[Gambas:Video Kilat]')}</p>",
    )
    initials = mark(f"({told.story.initials})")
    body = (
        f'<article class="detail"><h1 class="detail__title">{escape(told.title)}</h1>'
        f'<div class="detail__author">{escape(told.story.author)} - '
        f"<span>Kilat{told.story.section.title()}</span></div>"
        f'<div class="detail__date">{weekday_id(told.published)}, {short_id(told.published)} '
        f"{clock(told.published)} WIB</div>"
        f'<div class="detail__body-text itp_bodycontent">{"".join(blocks)}<strong>{initials}</strong></div>'
        '<div class="detail__body-tag"><a href="/tag/teknologi">teknologi</a></div></article>'
    )
    return _document(sheet, base, body, meta=_json_ld(sheet, base))


def _gerbang(sheet: Sheet, base: str, part: int | None) -> str:
    told, mark, pages = sheet.told, sheet.mark, sheet.told.story.pages
    paragraphs = told.paragraphs
    if pages > 1 and part is not None:
        size = -(-len(paragraphs) // pages)
        paragraphs = paragraphs[(part - 1) * size : part * size]
    blocks = _p(paragraphs)
    also = mark("Baca juga: " + sheet.read_also(0))
    _after(blocks, 2, f'<p><strong><a class="inner-link-baca-juga" href="/tag/a">{also}</a></strong></p>')
    channel = mark("Ikuti kabar pilihan kami lewat saluran WhatsApp Gerbang.com")
    _after(blocks, 4, f'<p class="kompasidRec"><i>{channel}</i></p>')
    paging = ""
    if pages > 1 and part is not None:
        links = "".join(f'<a class="paging__link" href="{told.path}?page={n}">{n}</a>' for n in range(1, pages + 1))
        paging = f'<div class="read__paging">{links}<a class="paging__link" href="{told.path}?page=all">Semua</a></div>'
    stamp = f"Gerbang.com - {told.published:%d/%m/%Y}, {clock(told.published)} WIB"
    credit = mark(f"(Penulis: {told.story.author} | Editor: {told.story.editor})")
    body = (
        f'<div class="read"><h1 class="read__title">{escape(told.title)}</h1><div class="read__time">{stamp}</div>'
        f'<div class="credit-title-name">{escape(told.story.author)}</div>'
        f'<div class="read__content"><div class="clearfix">{"".join(blocks)}<p>{credit}</p></div></div>{paging}'
        f'<div class="gate"><p>{mark("Tulis pendapatmu dengan sopan di kolom ini")}</p></div></div>'
    )
    return _document(sheet, base, body, meta=_json_ld(sheet, base))


def _fajar(sheet: Sheet, base: str) -> str:
    told, mark = sheet.told, sheet.mark
    blocks = _p(told.paragraphs)
    head, *second = sheet.second_story()
    second_html = f"<h3>{head}</h3>" + "".join(f"<p>{text}</p>" for text in second)
    when = f"{weekday_id(told.published)}, {long_id(told.published.date())} | {clock(told.published, '.')} WIB"
    body = (
        f'<div class="article"><h1>{escape(told.title)}</h1><p class="when">{when}</p>'
        f'<p class="caption">{mark("Ket. " + told.title + ".")}</p><p class="doc">{mark("Doc: Istimewa")}</p>'
        f'<div class="article-description">{"".join(blocks)}{second_html}'
        f"<p>{mark('Tim Redaksi: ' + told.story.author)}</p></div>"
        f'<h4>Artikel Terkait</h4><ul><li><a href="/tag/a">{mark(sheet.read_also(0))}</a></li></ul></div>'
    )
    return _document(sheet, base, body, graph=False)


def _official(sheet: Sheet, base: str) -> str:
    told, mark = sheet.told, sheet.mark
    body = (
        f'<main><h1>{escape(told.title)}</h1><section class="flex mt-5">'
        f'<span class="text-body-l">{mark(told.story.author)}</span> '
        f'<time datetime="{told.published.isoformat()}">{long_id(told.published.date())}</time></section>'
        f'<section id="section_text_body">{"".join(_p(told.paragraphs))}'
        f"<p>***</p><p>{mark('Biro Hubungan Masyarakat')}</p><p>{mark('Telepon 021-000-1122')}</p></section></main>"
    )
    return _document(sheet, base, body)


def _english(sheet: Sheet, base: str) -> str:
    told, mark = sheet.told, sheet.mark
    blocks = _p(told.paragraphs)
    _after(blocks, 2, f"<p><em>{mark('Read also: ' + sheet.read_also(0))}</em></p>")
    _after(
        blocks,
        5,
        f'<div class="newsletter"><p>{mark("Get the Archipelago Post briefing every morning")}</p></div>',
    )
    day = f"{WEEKDAYS[told.published.weekday()]}, {told.published:%B} {told.published.day}, {told.published.year}"
    body = (
        f"<article><h1>{escape(told.title)}</h1><p class='byline'>{mark('By ' + told.story.author)}</p>"
        f'<time datetime="{told.published.isoformat()}">{day}</time><div class="story-body">{"".join(blocks)}'
        f"<p>{mark('Share this article')}</p></div></article>"
    )
    return _document(sheet, base, body, meta=_json_ld(sheet, base) + _published_meta(sheet))


def _radio(sheet: Sheet, base: str) -> str:
    told, mark = sheet.told, sheet.mark
    blocks = _p(told.paragraphs)
    _after(blocks, 3, f"<p>{mark('Baca juga: ' + sheet.read_also(0))}</p>")
    body = (
        f'<div class="post_details_block"><h2 id="news-title">{escape(told.title)}</h2><ul class="post_meta">'
        f'<li class="author">Oleh - {escape(told.story.author)},</li>'
        f'<li class="author">Editor - {escape(told.story.editor)}</li>'
        f'<li class="date">{short_id(told.published)}, {clock(told.published)} WIB</li></ul>'
        f'<div id="news-content">{"".join(blocks)}<p>{mark("Rekomendasi Berita")}</p></div></div>'
    )
    return _document(sheet, base, body)


def _blog(sheet: Sheet, base: str) -> str:
    told, mark = sheet.told, sheet.mark
    blocks = _p(told.paragraphs)
    body = (
        f'<div class="post"><h3 class="post-title">{escape(told.title)}</h3>'
        f'<div class="post-body">{"".join(blocks)}</div>'
        f"<span>{mark('Diposting oleh admin di ' + long_id(told.published.date()))}</span></div>"
    )
    return _document(sheet, base, body, graph=False)


_TEMPLATES: Final[Mapping[str, Callable[[Sheet, str], str]]] = {
    "wire": _wire,
    "wordpress": _wordpress,
    "kilat": _kilat,
    "fajar": _fajar,
    "official": _official,
    "english": _english,
    "radio": _radio,
    "blog": _blog,
}
