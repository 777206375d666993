"""The seed corpus: facts and fingerprints in, the same out; broken lines are named; no text ever."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from pipeline.dedupe import estimate
from pipeline.errors import ConfigError
from pipeline.model import (
    Article,
    Institution,
    Instrument,
    Label,
    Level,
    Reading,
    Relation,
    Report,
    Stage,
)
from pipeline.seeds import SeedEntry, make_seed, read_seeds, seed_line, write_seeds

NOW = datetime(2026, 3, 1, tzinfo=UTC)
TEXT = (
    "Kementerian Perhubungan dan otoritas pelabuhan Selandia Baru meneken pengaturan tentang pelampung pintar.",
    "Menurut Wirya, 48 pelampung akan dipasang di Selat Lombok dan Selat Makassar sampai akhir 2027 nanti.",
    "Rewiti menyebut pengaturan itu berlaku empat tahun dan dapat diperpanjang setelah evaluasi bersama pada 2029.",
)


def article(*parts: str) -> Article:
    return Article(
        key="k",
        outlet="o",
        url="https://o.example/k",
        canonical_url="https://o.example/k",
        title="Pelampung pintar",
        paragraphs=parts,
        headings=(),
        removed=(),
        credits=(),
        dateline="",
        authors=(),
        published=None,
        published_raw="",
        section="",
        language="id",
        steps=(),
        fetched_at=NOW,
        discovered_at=NOW,
    )


def reading() -> Reading:
    report = Report(
        key="k/0",
        article="k",
        label=Label.AGREEMENT,
        stage=Stage.SIGNED,
        instrument=Instrument.ARRANGEMENT,
        instrument_printed="pengaturan",
        title="",
        partner="NZ",
        level=Level.G2G,
        institutions=(Institution(id="kemenhub", name="Kementerian Perhubungan", country="ID"),),
        fields=("maritime",),
        signatories=(),
        signed_on=date(2026, 2, 5),
        signed_precision="day",
        place="",
        relation=Relation.NEW,
        confidence=0.9,
        reasons=(),
        evidence=(),
    )
    return Reading(label=Label.AGREEMENT, reports=(report,), why=())


def test_there_and_back(tmp_path: Path) -> None:
    seeds = (make_seed(article(*TEXT), reading()), make_seed(article(*TEXT[::-1]), None))
    write_seeds(tmp_path / "seed" / "mine.jsonl", seeds)
    assert set(read_seeds(tmp_path / "seed")) == set(seeds)
    assert seeds[0].partner == "NZ"
    assert seeds[1].label is Label.OTHER
    assert seeds[0].neighbour.text is None
    write_seeds(tmp_path / "seed" / "again.jsonl", seeds[:1])
    assert len(read_seeds(tmp_path / "seed")) == 2, "a text is one seed, however often it is added"
    assert [path.suffix for path in (tmp_path / "seed").iterdir()] == [".jsonl", ".jsonl"]


def test_a_line_holds_no_text() -> None:
    line = seed_line(make_seed(article(*TEXT), reading()))
    words = {word.strip(".,").lower() for part in (*TEXT, "Pelampung pintar") for word in part.split() if len(word) > 5}
    assert not [word for word in words if word in line.lower()]


def test_the_key_follows_from_the_text() -> None:
    one = make_seed(article(*TEXT), None)
    assert make_seed(article(f"LOMBOK - {TEXT[0]}", *TEXT[1:]), reading()).key == one.key
    assert make_seed(article(*TEXT[:2]), None).key != one.key


def test_an_absent_folder_is_empty(tmp_path: Path) -> None:
    assert read_seeds(tmp_path / "none") == ()


def broken(**change: Any) -> bytes:
    row = json.loads(seed_line(make_seed(article(*TEXT), reading())))
    return json.dumps({key: value for key, value in (row | change).items() if value is not None}).encode()


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (broken(version=3), "version: 3 is no signature version up to 2"),
        (broken(version=True), "version: True is no signature version"),
        (broken(schema=9), "schema: 9 is not 1"),
        (broken(signature="%%%"), "signature: is no base64"),
        (broken(bands=[1 << 70]), "bands: is no list"),
        (broken(bands=["1"]), "bands: is no list"),
        (broken(words=-1), "words: is no count"),
        (broken(label="maybe"), "label: 'maybe' is none of"),
        (broken(signed_on="soon"), "signed_on: 'soon' is no day"),
        (broken(text_hash="xyz"), "text_hash: is no hash"),
        (broken(fields="space"), "fields: is missing or no list"),
        (broken(outlet=None), "outlet: is missing"),
        (b"[]", "is no JSON object"),
        (b"{", "is no JSON"),
        (b"[" * 15_000, "is no JSON"),
        (b"x" * 20_001, "is longer than"),
        (b"\xff\xfe", "is no JSON"),
    ],
)
def test_broken_lines_are_named(tmp_path: Path, line: bytes, words: str) -> None:
    good = seed_line(make_seed(article(*TEXT), reading())).encode()
    (tmp_path / "a.jsonl").write_bytes(good + b"\n\n" + line + b"\n")
    with pytest.raises(ConfigError) as caught:
        read_seeds(tmp_path)
    assert f"a.jsonl:3: {words}" in str(caught.value)
    assert "kawat seed add" in str(caught.value)


def test_seeds_of_an_older_version_are_kept_and_said_to_match_nothing(tmp_path: Path) -> None:
    seed = make_seed(article(*TEXT), reading())
    (tmp_path / "a.jsonl").write_bytes(broken(version=1, bands=[1 << 40]) + b"\n")
    (old,) = read_seeds(tmp_path)
    assert old.stale
    assert not seed.stale
    assert estimate(old.fingerprint, seed.fingerprint) == 0.0


def test_seeds_are_values() -> None:
    seed = make_seed(article(*TEXT), reading())
    assert isinstance(seed, SeedEntry)
    assert hash(seed) == hash(make_seed(article(*TEXT), reading()))
