"""The text for a cable: every slot says something, sources are numbered and dated, nothing from a page steers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from unicodedata import category

from hypothesis import given
from hypothesis import strategies as st

from kawat.shipped import defaults
from pipeline.alert.render.cable import Cited, cable
from pipeline.alert.words import Names
from pipeline.config.lexicon import load_lexicon
from pipeline.model import Agreement, Institution, Instrument, Level, Signatory, Stage, Trust

NOW = datetime(2025, 3, 26, 8, 0, tzinfo=UTC)
NAMES = Names({"ID": ("Indonesia", "Indonesia"), "JP": ("Japan", "Jepang")})
OFFICIAL = {"komdigi": "Ministry of Communication and Digital Affairs"}
AGREEMENT = Agreement(
    key="g1",
    partner="JP",
    level=Level.G2G,
    stage=Stage.SIGNED,
    instrument=Instrument.MOC,
    instrument_printed="memorandum kerja sama",
    title="",
    institutions=(
        Institution(id="komdigi", name="Kementerian Kominfo", country="ID"),
        Institution(id="x", name="Kementerian Anu Jepang", country="JP"),
    ),
    fields=("telecom",),
    signatories=(Signatory(name="Budi", post="Menteri", side="ID"),),
    signed_on=date(2025, 3, 1),
    signed_precision="month",
    place="Tokyo",
    confidence=0.93,
    reasons=("date and place (+0.10)",),
    revision=1,
    first_published=NOW,
    first_discovered=NOW,
    last_reported=NOW,
    sources=1,
    reports=("r1",),
)
CITED = Cited(
    outlet="Kabar Nusa",
    title="Indonesia dan Jepang teken memorandum",
    url="https://kabar.example/1",
    published=NOW,
    precision="minute",
    retrieved=NOW,
    language="id",
    trust=Trust.PRESS,
    quote="Kedua menteri menandatangani memorandum kerja sama di Tokyo.",
)


def test_claim_facts_quotation_citations_and_caveats() -> None:
    repeat = replace(CITED, outlet="Lain", reprint_of="Kabar Nusa", published=None, summary_only=True)
    text = cable(AGREEMENT, [CITED, repeat], NAMES, OFFICIAL, now=NOW)
    flat = " ".join(text.split())
    assert text.startswith("INDONESIA AND JAPAN SIGN A MEMORANDUM OF COOPERATION ON")
    assert "Ministry of Communication and Digital Affairs (Indonesia)" in flat
    assert "Kominfo" not in flat  # the official name, and not the printed one
    assert "Kementerian Anu Jepang (Japan; name as printed)" in flat
    assert "QUOTATION (original, Indonesian) [1]" in text
    assert '"Kedua menteri menandatangani memorandum kerja sama di Tokyo."' in flat
    first = '[1] Kabar Nusa, "Indonesia dan Jepang teken memorandum", 26 Mar 2025, 15:00 WIB, https://kabar.example/1,'
    assert f"{first} retrieved 26 Mar 2025, 15:00 WIB." in flat
    assert "Title: not stated" in flat
    assert "time of publication not stated" in flat
    assert "[2] repeats the text of Kabar Nusa" in flat
    assert "[2] was read from the outlet's feed summary only" in flat
    assert "only one independent source" in flat
    assert "known to the month only" in flat
    assert max(len(each) for each in text.splitlines()) <= 76


def test_empty_slots_say_so() -> None:
    bare = replace(
        AGREEMENT, institutions=(), signatories=(), fields=(), place="", signed_on=None, instrument=Instrument.NONE,
        instrument_printed="", stage=Stage.NONE,
    )  # fmt: skip
    text = cable(bare, [], NAMES, {}, now=NOW)
    for slot in ("Instrument", "Title", "Stage", "Date of act", "Place", "Fields", "Institutions", "Signatories"):
        assert f"{slot + ':':<14}not stated" in text
    assert "QUOTATION\nnot stated" in text


@given(st.text(max_size=300))
def test_nothing_printed_breaks_the_form(words: str) -> None:
    hostile = replace(CITED, title=words, outlet=words, url=words, quote=words)
    made = replace(AGREEMENT, title=words, place=words, instrument_printed=words, reasons=(words,))
    text = cable(made, [hostile], NAMES, OFFICIAL, now=NOW)
    assert [each for each in text.splitlines() if each.isupper() and each in {"FACTS", "SOURCES", "CAVEATS"}] == [
        "FACTS",
        "SOURCES",
        "CAVEATS",
    ]
    assert not {category(each) for each in text.replace("\n", "")} & {"Cc", "Cf", "Cs", "Zl", "Zp"}


def test_the_lexicon_knows_official_names() -> None:
    bodies = load_lexicon(defaults() / "lexicon").bodies
    assert bodies["komdigi"].name_en == "Ministry of Communication and Digital Affairs"
    assert sum(bool(each.name_en) for each in bodies.values()) > len(bodies) / 2
