"""What outlets put around and into their articles: read-also lines, marks, credits, bars. Every printed piece is noted.

The read-also lines are traps: they name agreements of other countries, none of which is in the article.
"""

from __future__ import annotations

from html import escape
from typing import Final
from zlib import crc32

from kawat.press.sites import Told

_READ_ALSO: Final = {
    "id": (
        "Jepang dan Vietnam teken nota kerja sama kabel laut",
        "Korea Selatan tawarkan beasiswa kecerdasan artifisial",
        "Malaysia perpanjang perjanjian pusat data dengan Inggris",
        "Menlu bertemu mitranya dari Brasil di Jenewa",
        "Tiongkok siap bangun stasiun pengisian daya di Laos",
        "Amerika Serikat dan Filipina sepakati aturan transfer data",
        "Australia luncurkan satelit pemantau kebakaran",
        "Thailand gandeng Belanda kembangkan kota cerdas",
    ),
    "en": (
        "Japan, Vietnam sign cooperation note on submarine cables",
        "South Korea offers scholarships in artificial intelligence",
        "Malaysia and UK extend data center agreement",
        "Foreign minister meets Brazilian counterpart in Geneva",
        "China to build charging stations in Laos",
        "United States, Philippines agree on data transfer rules",
    ),
}
_SECOND_STORIES: Final = (
    (
        "Jaringan Desa",
        "Di tempat terpisah, operator seluler menambah 212 menara 4G di Kalimantan Tengah. Sebagian perangkatnya "
        "didatangkan dari Tiongkok dan Swedia.",
        "Pemerintah daerah meminta tarif listrik menara diturunkan agar layanan tidak padam pada malam hari.",
    ),
    (
        "Listrik Pulau",
        "Sementara itu, perusahaan listrik negara mengganti mesin diesel di empat pulau dengan panel surya "
        "buatan India.",
        "Warga berharap lampu jalan menyala sampai pagi.",
    ),
)


class Sheet:
    """One page being printed: hands out furniture and remembers what it handed out."""

    def __init__(self, told: Told) -> None:
        self.told = told
        self.noted: list[str] = []

    def mark(self, text: str) -> str:
        """`text`, escaped for HTML and noted as furniture."""
        self.noted.append(text)
        return escape(text)

    def read_also(self, nth: int) -> str:
        """The `nth` read-also title of this page, in its language; noted by the caller's `mark`."""
        pool = _READ_ALSO[self.told.site.language]
        return pool[(crc32(self.told.story.id.encode()) + nth * 3) % len(pool)]

    def second_story(self) -> tuple[str, ...]:
        """Heading and paragraphs of a short story that has nothing to do with the page's own."""
        pieces = _SECOND_STORIES[self.told.number % len(_SECOND_STORIES)]
        return tuple(self.mark(piece) for piece in pieces)
