"""The register of known agreements as the press would tell it: core rows are recognised, talks and offers refused."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from pipeline.config.lexicon import load_lexicon
from pipeline.detect.reader import Reader
from pipeline.model import Article, Label

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 11, 21, tzinfo=UTC)
PAPERS = {  # what the register calls an instrument, in both languages
    "mou": ("nota kesepahaman", "memorandum of understanding"),
    "moa": ("nota kesepakatan", "memorandum of agreement"),
    "moc": ("memorandum kerja sama", "memorandum of cooperation"),
    "loi": ("letter of intent", "letter of intent"),
    "arrangement": ("pengaturan pelaksanaan", "implementing arrangement"),
    "plan_of_action": ("rencana aksi", "plan of action"),
    "cepa": ("perjanjian kemitraan ekonomi", "comprehensive economic partnership agreement"),
    "joint_statement": ("pernyataan bersama", "joint statement"),
}
TALKS = {
    "exploring": (
        "{ours} menjajaki kerja sama {title} dengan {theirs}.",
        "Indonesia and {country} explored cooperation on {title}.",
        "{ours} bertemu {theirs} dan membahas {title}. Belum ada dokumen yang diteken.",
    ),
    "negotiating": (
        "{ours} dan {theirs} masih merundingkan {title}.",
        "Indonesia and {country} are still negotiating: {title}.",
        "{ours} membahas draf {title} dengan {theirs}.",
    ),
    "announced": (
        "{ours} dan {theirs} akan menandatangani {title} bulan depan.",
        "Indonesia and {country} are due to sign next month: {title}.",
        "{ours} berencana meneken {title} dengan {theirs}.",
    ),
}


def told(text: str, language: str) -> Article:
    return Article(
        key="register",
        outlet="",
        url="",
        canonical_url="",
        title="",
        paragraphs=(text,),
        headings=(),
        removed=(),
        credits=(),
        dateline="",
        authors=(),
        published=None,
        published_raw="",
        section="",
        language=language,
        steps=(),
        fetched_at=NOW,
        discovered_at=NOW,
    )


def register(kind: str) -> Iterator[dict[str, str]]:
    with (ROOT / "config" / "register.csv").open(encoding="utf-8", newline="") as file:
        yield from (row for row in csv.DictReader(file) if row["relevance"] == kind)


def names(reader: Reader, row: dict[str, str]) -> dict[str, str]:
    """What stands for the two sides, in Indonesian, and the partner in English."""
    lexicon = reader.lexicon
    country = lexicon.countries[row["partner"]]
    ours = lexicon.bodies.get(row["institutions"].split("|")[0])
    theirs = lexicon.bodies.get(row["partner_institutions"].split("|")[0])
    return {
        "ours": ours.name if ours is not None else "Pemerintah Indonesia",
        "theirs": f"{theirs.name} {country.name_id}" if theirs is not None else f"pemerintah {country.name_id}",
        "country": country.name_en,
        "title": row["title"],
        "place": row["place"] or "Jakarta",
    }


def recognised(reader: Reader) -> tuple[int, int]:
    """How many renderings of core rows are read as agreements with the right partner, of how many."""
    right = total = 0
    for row in register("core"):
        words = names(reader, row)
        indonesian, english = PAPERS.get(row["instrument"], ("perjanjian", "agreement"))
        renderings = (
            (
                f"{words['ours']} dan {words['theirs']} menandatangani {indonesian} tentang {row['title']} di "
                f"{words['place']}.",
                "id",
            ),
            (f"Indonesia and {words['country']} signed a {english} on {row['title']} in {words['place']}.", "en"),
            (
                f"{words['ours']} and the {words['country']} minister signed a {english} between Indonesia and "
                f"{words['country']}. It covers {row['title']}.",
                "en",
            ),
        )
        for text, language in renderings:
            reading = reader.read(told(text, language))
            total += 1
            right += reading.label is Label.AGREEMENT and reading.reports[0].partner == row["partner"]
    return right, total


def refused(reader: Reader) -> tuple[int, int]:
    """How many renderings of talks and offers are not read as agreements, of how many."""
    right = total = 0
    for row in register("negative"):
        words = names(reader, row)
        for number, template in enumerate(TALKS[row["stage"]]):
            reading = reader.read(told(template.format(**words), "en" if number == 1 else "id"))
            total += 1
            right += reading.label is not Label.AGREEMENT
    return right, total


def test_core_rows_are_recognised_and_talks_refused() -> None:
    reader = Reader(load_lexicon(ROOT / "config" / "lexicon"))
    right, total = recognised(reader)
    assert right >= 0.95 * total
    right, total = refused(reader)
    assert right >= 0.95 * total
