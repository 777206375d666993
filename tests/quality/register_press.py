"""The register as the press would print it: each row in three short reports of our own words, in both languages.

    python tests/quality/register_press.py > reports.jsonl      what `kawat read --no-register --json` reads

An Indonesian report of the day, an English one of the next day, and an Indonesian one of the day after, which names the
other side by its country alone (`them_id` where it is no state). What a paper is about and how its other side is called
stands in `register_press.csv`.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from pipeline.agreements import RegisterEntry
from pipeline.config.lexicon import load_lexicon
from pipeline.config.register import read_register
from pipeline.detect.lexicon import Lexicon
from pipeline.model import Stage

HERE = Path(__file__).parent
CONFIG = HERE.parents[1] / "config"

PAPERS = {
    "mou": ("nota kesepahaman", "memorandum of understanding"),
    "moa": ("nota kesepakatan", "memorandum of agreement"),
    "moc": ("memorandum kerja sama", "memorandum of cooperation"),
    "loi": ("surat pernyataan minat", "letter of intent"),
    "agreement": ("perjanjian", "agreement"),
    "protocol": ("protokol", "protocol"),
    "cepa": ("perjanjian", "agreement"),
    "arrangement": ("pengaturan pelaksanaan", "implementing arrangement"),
    "plan_of_action": ("rencana aksi", "plan of action"),
    "tor_jwg": ("kelompok kerja bersama", "joint working group"),
    "joint_statement": ("pernyataan bersama", "joint statement"),
    "partnership_label": ("kemitraan", "partnership"),
    "commitment": ("kerja sama", "cooperation"),
    "contract_jv": ("kesepakatan", "deal"),
}
"""What a kind of paper is called in Indonesian and in English."""

MONTHS = (
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober"),
    *("November", "Desember"),
)
DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")

RENAMED = date(2024, 10, 21)
FORMER = {"komdigi": ("Kementerian Komunikasi dan Informatika", "Ministry of Communication and Informatics")}
"""What papers called an organ before it was renamed that day."""

NOBODY = {
    "g2g": ("Pemerintah Indonesia", "the Indonesian government"),
    "b2b": ("Sebuah perusahaan Indonesia", "an Indonesian company"),
}
"""Who stands for our side where the register names none."""

SAID: dict[str, tuple[tuple[str, str], ...]] = {
    "signed": (
        (
            "RI-{negara} Teken {Paper_id} {subject_id}",
            "{ours_id} dan {theirs_id} menandatangani {paper_id} tentang {subject_id} di {place}, {day_id}.",
        ),
        (
            "Indonesia, {country} sign {paper_en}",
            "{ours_en} and {theirs_en} signed {a_paper_en} on {subject_en} in {place} {day_en}.",
        ),
        (
            "",
            "{ours_id} kini terikat {paper_id} dengan {them_id} tentang {subject_id}. Naskahnya ditandatangani "
            "{month_id}.",
        ),
    ),
    "renewed": (
        (
            "RI-{negara} Perpanjang {Paper_id} {subject_id}",
            "{ours_id} dan {theirs_id} memperpanjang {paper_id} tentang {subject_id}, {day_id}.",
        ),
        (
            "Indonesia, {country} renew {paper_en}",
            "{ours_en} and {theirs_en} renewed their {paper_en} on {subject_en} {day_en}.",
        ),
        (
            "",
            "{ours_id} dan {them_id} telah memperpanjang {paper_id} tentang {subject_id} {month_id}.",
        ),
    ),
    "implemented": (
        (
            "RI-{negara} Luncurkan {subject_id}",
            "{ours_id} dan {theirs_id} meluncurkan {subject_id}, {day_id}. Langkah ini pelaksanaan {paper_id} kedua "
            "pihak.",
        ),
        (
            "Indonesia, {country} launch {subject_en}",
            "{ours_en} and {theirs_en} launched {subject_en} {day_en} to implement their {paper_en}.",
        ),
        (
            "",
            "{ours_id} mulai menjalankan {subject_id} bersama {them_id} sebagai pelaksanaan {paper_id} kedua negara.",
        ),
    ),
    "announced": (
        (
            "RI-{negara} Umumkan {Paper_id} {subject_id}",
            "{ours_id} dan {theirs_id} mengumumkan {paper_id} tentang {subject_id} di {place}, {day_id}.",
        ),
        (
            "Indonesia, {country} announce {paper_en}",
            "{ours_en} and {theirs_en} announced {a_paper_en} on {subject_en} {day_en}.",
        ),
        (
            "",
            "{ours_id} menyebut {paper_id} dengan {them_id} tentang {subject_id} diumumkan {month_id}.",
        ),
    ),
    "promised": (
        (
            "RI-{negara} Akan Teken {Paper_id} {subject_id}",
            "{ours_id} dan {theirs_id} akan menandatangani {paper_id} tentang {subject_id} bulan depan.",
        ),
        (
            "Indonesia, {country} to sign {paper_en}",
            "{ours_en} and {theirs_en} will sign {a_paper_en} on {subject_en} next month.",
        ),
        (
            "",
            "{ours_id} berencana menandatangani {paper_id} tentang {subject_id} dengan {them_id} bulan depan.",
        ),
    ),
    "negotiating": (
        (
            "RI-{negara} Rundingkan {Paper_id} {subject_id}",
            "{ours_id} dan {theirs_id} merundingkan rancangan {paper_id} tentang {subject_id}.",
        ),
        (
            "Indonesia, {country} negotiate {paper_en}",
            "{ours_en} and {theirs_en} are negotiating {a_paper_en} on {subject_en}.",
        ),
        (
            "",
            "{ours_id} masih membahas rancangan {paper_id} tentang {subject_id} dengan {them_id}.",
        ),
    ),
    "exploring": (
        (
            "RI-{negara} Jajaki Kerja Sama {subject_id}",
            "{ours_id} dan {theirs_id} menjajaki kerja sama {subject_id} dalam pertemuan di {place}.",
        ),
        (
            "Indonesia, {country} explore cooperation",
            "{ours_en} and {theirs_en} explored cooperation on {subject_en} at a meeting in {place}.",
        ),
        (
            "",
            "{ours_id} membuka peluang kerja sama {subject_id} dengan {them_id}. Pertemuan kedua pihak belum "
            "menghasilkan naskah.",
        ),
    ),
    "followed": (
        (
            "RI-{negara} Tindak Lanjuti {Basis_id}",
            "{ours_id} dan {theirs_id} membahas {subject_id} sebagai tindak lanjut {basis_id} tentang "
            "{basis_subject_id} yang ditandatangani {then_id}.",
        ),
        (
            "Indonesia, {country} follow up {basis_en}",
            "{ours_en} and {theirs_en} met on {subject_en} to follow up the {basis_en} on {basis_subject_en} signed in "
            "{then_en}.",
        ),
        (
            "",
            "Menindaklanjuti {basis_id} dengan {them_id} tentang {basis_subject_id} yang diteken {then_id}, {ours_id} "
            "menggelar pertemuan tentang {subject_id}.",
        ),
    ),
}
"""Headline and text of the three reports, by what they tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """One report of a row, as `kawat read` takes it."""

    row: RegisterEntry
    id: str
    outlet: str
    language: str
    title: str
    text: str
    published: date

    @property
    def line(self) -> str:
        return json.dumps(
            {
                "id": self.id,
                "url": f"https://{self.outlet}/{self.id.lower()}",
                "outlet": self.outlet,
                "lang": self.language,
                "title": self.title,
                "published": f"{self.published}T0{len(self.outlet) % 9}:00:00+07:00",
                "text": self.text,
            }
        )


def printed(config: Path = CONFIG) -> list[Printed]:
    """All reports of the shipped register, oldest first."""
    lexicon, rows = load_lexicon(config / "lexicon"), read_register(config / "register.csv")
    with (HERE / "register_press.csv").open(encoding="utf-8", newline="") as file:
        matters = {each["id"]: each for each in csv.DictReader(file, delimiter="|")}
    by_id = {row.id: row for row in rows}
    found = [one for row in rows for one in _reports(row, by_id[row.thread], lexicon, matters)]
    return sorted(found, key=lambda one: (one.published, one.id))


def told(row: RegisterEntry) -> str:
    """What reports tell of a row: its stage, but for a promise and for news of an act that another row is."""
    if row.relevance == "update":
        return "followed"
    promise = row.stage is Stage.ANNOUNCED and row.relevance == "negative"
    return "promised" if promise else str(row.stage)


def _reports(
    row: RegisterEntry, first: RegisterEntry, lexicon: Lexicon, matters: dict[str, dict[str, str]]
) -> Iterator[Printed]:
    """The reports of a row; `first` is the row that its thread is named after."""
    words = _words(row, first, lexicon) | matters[row.id]
    words |= {f"basis_{name}": matters[first.id][name] for name in ("subject_id", "subject_en")}
    words["them_id"] = words["them_id"] or words["negara"]
    outlets = (("kabarnusa.example", "id"), ("jakartawire.example", "en"), ("suararakyat.example", "id"))
    for number, ((title, text), (outlet, language)) in enumerate(zip(SAID[told(row)], outlets, strict=True)):
        yield Printed(
            row=row,
            id=f"{row.id}-{number}",
            outlet=outlet,
            language=language,
            title=title.format_map(words),
            text=_sentence(text.format_map(words)),
            published=row.on + timedelta(days=number),
        )


def _words(row: RegisterEntry, first: RegisterEntry, lexicon: Lexicon) -> dict[str, str]:
    paper_id, paper_en = PAPERS[row.instrument_kind]
    basis_id, basis_en = PAPERS[first.instrument_kind]
    ours = [_organ(one, row.on, lexicon) for one in row.institutions if one in lexicon.bodies][:1]
    ours_id, ours_en = ours[0] if ours else NOBODY["b2b" if row.level == "b2b" else "g2g"]
    month_id, month_en = f"{MONTHS[row.on.month - 1]} {row.on.year}", f"{row.on:%B %Y}"
    dated = row.precision != "approx"
    country = lexicon.countries[row.partner]
    return {
        "ours_id": ours_id,
        "ours_en": ours_en,
        "negara": country.name_id,
        "country": country.name_en,
        "place": row.place or "Jakarta",
        "paper_id": paper_id,
        "Paper_id": paper_id.title(),
        "paper_en": paper_en,
        "a_paper_en": f"an {paper_en}" if paper_en[0] in "aeiou" else f"a {paper_en}",
        "basis_id": basis_id,
        "Basis_id": basis_id.title(),
        "basis_en": basis_en,
        "then_id": f"{MONTHS[first.on.month - 1]} {first.on.year}",
        "then_en": f"{first.on:%B %Y}",
        "day_id": f"{DAYS[row.on.weekday()]} ({row.on.day}/{row.on.month}/{row.on.year})"
        if dated
        else f"pada {month_id}",
        "day_en": f"on {row.on:%B} {row.on.day}, {row.on.year}" if dated else f"in {month_en}",
        "month_id": f"pada {row.on.day} {month_id}" if dated else f"pada {month_id}",
    }


def _organ(key: str, on: date, lexicon: Lexicon) -> tuple[str, str]:
    if key in FORMER and on < RENAMED:
        indonesian, english = FORMER[key]
    else:
        body = lexicon.bodies[key]
        indonesian, english = body.name, body.name_en or body.name
    return indonesian, english if "Indonesia" in english else f"Indonesia's {english}"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


if __name__ == "__main__":
    sys.stdout.writelines(f"{one.line}\n" for one in printed())
