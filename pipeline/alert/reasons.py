"""The reasons of a confidence in Indonesian. They are stored in English, as `detect` and `agreements.merging`
word them; one that is not known here is left out of an Indonesian message, never shown half translated."""

from __future__ import annotations

import re
from collections.abc import Mapping

INDONESIAN_REASONS: Mapping[str, str] = {  # those that no rule gives any more stand in stored agreements
    "a strong verb with its paper": "kata kerja tegas beserta dokumennya",
    "declared agreed": "dinyatakan sepakat",
    "declared agreed in a joint statement": "dinyatakan sepakat dalam pernyataan bersama",
    "a strong verb, its paper named beside it": "kata kerja tegas, dokumennya disebut di dekatnya",
    "a strong verb without a named paper": "kata kerja tegas tanpa nama dokumen",
    "a paper that holds it": "ada dokumen yang memuatnya",
    "named persons of both sides": "pejabat kedua pihak disebut namanya",
    "date and place": "tanggal dan tempat disebut",
    "date or place": "tanggal atau tempat disebut",
    "its day is told": "harinya disebut",
    "its place is told": "tempatnya disebut",
    "its paper is only called an agreement": "dokumennya hanya disebut perjanjian",
    "headline and text agree": "judul dan isi sejalan",
    "organs of both states are named": "lembaga kedua negara disebut",
    "told at the top": "disampaikan di awal berita",
    "organs of both states talk": "lembaga kedua negara berunding",
    "talks": "masih penjajakan",
    "lies ahead": "masih akan datang",
    "official source": "sumber resmi",
    "wire source": "kantor berita",
    "unverified source": "sumber belum terverifikasi",
    "the paper of the package names an organ of each side": "dokumen dalam paket menyebut lembaga tiap pihak",
    "one side is read from the context": "satu pihak disimpulkan dari konteks",
    "a company, campus or region stands at the top": "perusahaan, kampus, atau daerah disebut di awal",
    "the home organ is not said to be the home state's": "lembaga Indonesia tidak disebut sebagai milik negara",
    "a region or party official, not the state": "pejabat daerah atau partai, bukan negara",
    "the printed weekday is not that date's": "hari yang tertulis tidak cocok dengan tanggalnya",
    "told only in a quotation": "hanya disampaikan dalam kutipan",
    "told only in the headline": "hanya disebut di judul",
    "little on technology": "sedikit membahas teknologi",
    "much on other subjects": "banyak membahas hal lain",
    "arms alone, nothing is developed or handed on together": "persenjataan saja, tanpa pengembangan bersama",
    "the text gives instructions to whoever reads it": "naskah memberi perintah kepada pembacanya",
    "the same words over and over": "kata yang sama diulang-ulang",
    "words of agreements heaped without a sentence": "kata perjanjian ditumpuk tanpa kalimat",
    "names {} foreign states": "menyebut {} negara asing",
    "{} independent sources": "{} sumber independen",
    "{} reprint(s) counted with their origin": "{} kutipan dihitung bersama sumber asalnya",
    "only unverified outlets report it": "hanya diberitakan sumber yang belum terverifikasi",
}

_WORTH = re.compile(r" \(([+-]\d\.\d\d)\)$")
_NUMBER = re.compile(r"\d+")


def indonesian(reason: str) -> str | None:
    """One reason in Indonesian, its worth kept; None where there is no translation."""
    worth = _WORTH.search(reason)
    words = reason[: worth.start()] if worth else reason
    number = _NUMBER.search(words)
    found = INDONESIAN_REASONS.get(_NUMBER.sub("{}", words, count=1))
    if found is None:
        return None
    said = found.format(number[0]) if number else found
    return f"{said} ({worth[1].replace('.', ',')})" if worth else said
