"""Pages in hard shapes around given stories: what content finders go wrong on, as templates of this and other presses
print it. Every page is made anew from a story and furniture of our own; its truth is the story's paragraphs.

    python tests/quality/hard_pages.py FOLDER      for bench/extract.py --pages FOLDER
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from zlib import crc32

from kawat.press import Press


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A story, and its number among those a set of pages is made of."""

    title: str
    paragraphs: tuple[str, ...]
    number: int


def _texts(part: str) -> list[str]:
    whole = (Path(__file__).parent / "furniture" / "around.txt").read_text("utf-8")
    return whole.partition(f"== {part}\n")[2].partition("\n== ")[0].strip().split("\n")


TEASERS = [(line.partition(" | ")[0], line.partition(" | ")[2]) for line in _texts("teasers")]
REMARKS, LEGAL, (ADVERT,) = _texts("remarks"), _texts("legal"), _texts("advert")


def _teasers(told: Told, count: int, form: str) -> str:
    pool = [TEASERS[(told.number + n) % len(TEASERS)] for n in range(count)]
    return "".join(form.format(n=n, head=escape(head), text=escape(text)) for n, (head, text) in enumerate(pool))


def _remarks(told: Told, count: int) -> list[str]:
    return [REMARKS[(told.number + n) % len(REMARKS)] for n in range(count)]


def _said(told: Told, opening: str = "<p>", closing: str = "</p>") -> str:
    return "".join(f"{opening}{escape(paragraph, quote=False)}{closing}\n" for paragraph in told.paragraphs)


def _page(told: Told, body: str) -> str:
    """A page around a body, every second one with elements around all of it; for two of three stories with the lead as
    its description, for one of three with OpenGraph."""
    meta = f'<meta name="description" content="{escape(told.paragraphs[0][:155])}">' if told.number % 3 else ""
    if told.number % 3 == 1:
        meta += f'<meta property="og:title" content="{escape(told.title)}"><meta property="og:type" content="article">'
    menu = "".join(
        f'<li><a href="/{name}">{name.title()}</a></li>' for name in ("nasional", "ekonomi", "tekno", "olahraga")
    )
    opening, closing = ('<div id="page"><div class="wrap">', "</div></div>") if told.number % 2 else ("", "")
    return (
        f'<!doctype html><html lang="id"><head><meta charset="utf-8">{meta}'
        f"<title>{escape(told.title)} - Harian Contoh</title></head>"
        f"<body>{opening}<ul>{menu}</ul>{body}<div>{escape(LEGAL[1])}</div>{closing}</body></html>"
    )


def breaks(told: Told) -> str:
    """Divs and line breaks only; a column of teasers beside it."""
    text = "<br><br>".join(escape(p, quote=False) for p in told.paragraphs)
    side = _teasers(told, 5, '<div><a href="/{n}">{head}</a><br>{text}</div>')
    return _page(told, f"<div><div><h1>{escape(told.title)}</h1>{text}</div><div>{side}</div></div>")


def single_breaks(told: Told) -> str:
    """The same with single breaks in one cell, as old systems print wires."""
    text = "<br>\n".join(escape(p, quote=False) for p in told.paragraphs)
    return _page(told, f"<div><b>{escape(told.title)}</b><div>{text}</div></div>")


def siblings(told: Told) -> str:
    """Every paragraph in a section of its own class, advertisements between."""
    parts = "".join(
        f'<div class="row r{n}"><div class="c{n}"><p>{escape(p, quote=False)}</p></div></div>'
        + (f'<div class="slot s{n}"><p>{ADVERT}</p></div>' if n % 2 else "")
        for n, p in enumerate(told.paragraphs)
    )
    side = _teasers(told, 4, '<div class="x"><h3><a href="/{n}">{head}</a></h3><p>{text}</p></div>')
    return _page(told, f"<h1>{escape(told.title)}</h1>{parts}<div class=kolom>{side}</div>")


def tables(told: Told) -> str:
    """A page of nested tables: menu, story and column in cells."""
    side = _teasers(told, 5, '<tr><td><a href="/{n}"><b>{head}</b></a><br>{text}</td></tr>')
    rows = _said(told, "<tr><td>", "</td></tr>")
    return _page(
        told,
        f'<table><tr><td width=150><a href="/">Depan</a></td><td><table><tr><td><font size=5>{escape(told.title)}'
        f"</font></td></tr>{rows}</table></td><td><table>{side}</table></td></tr></table>",
    )


def live(told: Told) -> str:
    """A live blog: an entry with time and heading for each paragraph, the youngest first in the markup's order."""
    entries = "".join(
        f'<div class="entry" id="e{n}"><time>{8 + n}.15 WIB</time><p>{escape(p, quote=False)}</p>'
        f'<div class="share"><a href="#">Bagikan</a></div></div>'
        for n, p in enumerate(told.paragraphs)
    )
    side = _teasers(told, 4, '<li><a href="/{n}">{head}</a><p>{text}</p></li>')
    return _page(told, f"<div><h1>{escape(told.title)}</h1><div class=feed>{entries}</div></div><ul>{side}</ul>")


def remarks(told: Told) -> str:
    """Readers' remarks without a telling name, longer than the story."""
    said = "".join(
        f'<div class="u"><b>Pembaca {n}</b><p>{text}</p></div>' for n, text in enumerate(_remarks(told, 8) * 3)
    )
    return _page(
        told,
        f"<div class=w><h1>{escape(told.title)}</h1><div class=a1>{_said(told)}</div></div><div class=k2>{said}</div>",
    )


def misnamed(told: Told) -> str:
    """The story in an element whose class is that of furniture."""
    side = _teasers(told, 6, '<div class="item"><h3><a href="/{n}">{head}</a></h3><p>{text}</p></div>')
    name = ("widget text-widget", "related-wrap sidebar", "popup modal-body", "teaser full")[told.number % 4]
    return _page(
        told, f'<h1>{escape(told.title)}</h1><div class="{name}">{_said(told)}</div><div class="list">{side}</div>'
    )


def hidden(told: Told) -> str:
    """All but the lead folded away until a button is pressed."""
    first, *rest = told.paragraphs
    folded = "".join(f"<p>{escape(p, quote=False)}</p>" for p in rest)
    return _page(
        told,
        f"<article><h1>{escape(told.title)}</h1><p>{escape(first, quote=False)}</p>"
        f'<div class="more" style="display:none">{folded}</div><button>Baca selengkapnya</button></article>',
    )


def custom(told: Told) -> str:
    """Elements that HTML does not know."""
    text = _said(told, "<berita-alinea>", "</berita-alinea>")
    side = _teasers(told, 4, '<kartu-lain><a href="/{n}">{head}</a><span>{text}</span></kartu-lain>')
    return _page(
        told,
        f"<berita-utama><h1>{escape(told.title)}</h1><berita-isi>{text}</berita-isi></berita-utama><samping-kolom>{side}</samping-kolom>",
    )


def spans(told: Told) -> str:
    """Every paragraph a span in a label, blocks by style alone."""
    text = _said(told, '<span style="display:block">', "</span>")
    side = _teasers(told, 4, '<span style="display:block"><a href="/{n}">{head}</a> {text}</span>')
    return _page(told, f"<div><b>{escape(told.title)}</b><div>{text}</div></div><div>{side}</div>")


def items(told: Told) -> str:
    """The story as the items of a list."""
    side = _teasers(told, 5, '<li><a href="/{n}">{head}</a></li>')
    return _page(told, f"<h1>{escape(told.title)}</h1><ol>{_said(told, '<li>', '</li>')}</ol><ul>{side}</ul>")


def questions(told: Told) -> str:
    """An interview as a list of definitions."""
    pairs = "".join(
        f"<{tag}>{escape(p, quote=False)}</{tag}>"
        for n, p in enumerate(told.paragraphs)
        for tag in (("dt", "dd")[n % 2],)
    )
    side = _teasers(told, 5, "<div><h4>{head}</h4><p>{text}</p></div>")
    return _page(told, f"<h1>{escape(told.title)}</h1><dl>{pairs}</dl><div>{side}</div>")


def endless(told: Told) -> str:
    """A second and third story of the same template under the first, as pages without end load them."""
    more = "".join(
        f'<div class="story"><h2>{escape(head)}</h2><div class="text"><p>{escape(text)}</p>'
        + "".join(f"<p>{remark}</p>" for remark in _remarks(told, 5 + n))
        + "</div></div>"
        for n, (head, text) in enumerate(TEASERS[:2])
    )
    return _page(
        told, f'<div class="story"><h1>{escape(told.title)}</h1><div class="text">{_said(told)}</div></div>{more}'
    )


def legal(told: Told) -> str:
    """Terms at the foot, longer than the story, under no name."""
    terms = "".join(f"<p>{text}</p>" for text in LEGAL * 3)
    return _page(told, f"<div><h2>{escape(told.title)}</h2><div>{_said(told)}</div></div><div>{terms}</div>")


def quoted(told: Told) -> str:
    """The story in quotations and preformatted text."""
    half = len(told.paragraphs) // 2
    first = "".join(f"<blockquote>{escape(p, quote=False)}</blockquote>" for p in told.paragraphs[:half])
    rest = "\n\n".join(escape(p, quote=False) for p in told.paragraphs[half:])
    side = _teasers(told, 5, '<div><a href="/{n}">{head}</a><p>{text}</p></div>')
    return _page(told, f"<h1>{escape(told.title)}</h1>{first}<pre>{rest}</pre><div>{side}</div>")


def scattered(told: Told) -> str:
    """The story on two levels: its lead under the headline, the rest in a column far below, remarks between."""
    first, *rest = told.paragraphs
    said = "".join(f"<p>{text}</p>" for text in _remarks(told, 4))
    text = "".join(f"<p>{escape(p, quote=False)}</p>" for p in rest)
    return _page(
        told,
        f"<div class=top><h1>{escape(told.title)}</h1><p>{escape(first, quote=False)}</p></div>"
        f"<div class=mid>{said}</div><div class=low><div class=col>{text}</div></div>",
    )


SHAPES: dict[str, Callable[[Told], str]] = {
    shape.__name__: shape
    for shape in (
        breaks, single_breaks, siblings, tables, live, remarks, misnamed, hidden, custom, spans, items, questions,
        endless, legal, quoted, scattered,
    )
}  # fmt: skip


def hard_pages(stories: Sequence[tuple[str, tuple[str, ...]]], *, turns: int) -> list[tuple[str, str, str]]:
    """Name, HTML and truth of pages made of stories (title and paragraphs): of each story in every `turns`-th shape."""
    made = []
    for number, (title, paragraphs) in enumerate(stories):
        told = Told(title=title, paragraphs=paragraphs, number=number)
        for place, (name, shape) in enumerate(SHAPES.items()):
            if (place + number) % turns == 0:
                made.append((f"{name}-{number}-{crc32(title.encode()):08x}", shape(told), "\n".join(paragraphs)))
    return made


def own_stories() -> list[tuple[str, tuple[str, ...]]]:
    """The stories of the press in a box, printed for a fixed day."""
    found = []
    with Press(datetime(2026, 6, 1, 12, tzinfo=UTC)) as press:
        for story in sorted(press.stories):
            title, *paragraphs = press.read(story).text.split("\n\n")
            found.append((title, tuple(paragraphs)))
    return found


def main(folder: Path) -> None:
    """Write the pages to a folder as `bench/extract.py --pages` reads them."""
    folder.mkdir(parents=True, exist_ok=True)
    pages = hard_pages(own_stories(), turns=4)
    for name, html, _ in pages:
        (folder / f"{name}.html").write_text(html, "utf-8")
    truth = {name: {"articleBody": text} for name, _, text in pages}
    (folder / "truth.json").write_text(json.dumps(truth), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
