"""`kawat seed add|list|remove` over a real folder: known texts are known to the next run, stale ones are said."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kawat.corpus import OWN, Corpus, load_seeds
from kawat.rulebook import rulebook
from kawat.shipped import defaults
from pipeline.config import Configuration, load
from pipeline.decide import Rulebook
from pipeline.errors import UsageError
from pipeline.seeds import read_seed_files
from pipeline.store import Store

NOW = datetime(2026, 3, 1, tzinfo=UTC)
TEXT = (
    "Pelampung Pintar di Dua Selat\n\nKementerian Perhubungan dan otoritas pelabuhan Selandia Baru meneken pengaturan "
    "tentang pelampung pintar di Wellington, Kamis (5/2/2026). Sebanyak 48 pelampung akan dipasang di Selat Lombok dan "
    "Selat Makassar sampai akhir 2027.\n\nPengaturan itu berlaku empat tahun dan dapat diperpanjang setelah evaluasi "
    "bersama pada 2029, kata Wirya seusai pertemuan yang berlangsung dua jam di kantor pelabuhan."
)


@pytest.fixture(scope="module")
def base() -> tuple[Configuration, Rulebook]:
    configuration = load(defaults(), defaults(), {})
    return configuration, rulebook(configuration, register=False)


def with_own(configuration: Configuration, folder: Path) -> Configuration:
    """What is loaded after something was added: the shipped seeds, and a person's own."""
    return replace(configuration, seed_files=(*configuration.seed_files, folder / "seed" / OWN))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """With two texts to be read, one of them in a folder of its own."""
    (tmp_path / "here").mkdir()
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "one.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "texts" / "picture.png").write_bytes(b"no text")
    (tmp_path / "two.txt").write_text(TEXT.replace("48", "60").replace("Lombok", "Sunda"), encoding="utf-8")
    return tmp_path / "here"


def test_seeds_are_added_listed_loaded_and_removed(folder: Path, base: tuple[Configuration, Rulebook]) -> None:
    shipped, rules = base
    corpus = Corpus(folder, shipped, rules)
    before = len(corpus.list())
    texts = [folder.parent / "texts", folder.parent / "two.txt"]
    added = corpus.add(texts, now=NOW, stdin=io.StringIO())
    assert [row["known"] for row in added] == [False, False]
    assert [row["known"] for row in corpus.add(texts, now=NOW, stdin=io.StringIO())] == [True, True]
    own = [row for row in corpus.list() if row["source"] == "own"]
    assert sorted(row["key"] for row in own) == sorted(row["key"] for row in added)
    assert (len(corpus.list()) - before, {row["note"] for row in own}) == (2, {""})
    assert "pelampung" not in (folder / "seed" / OWN).read_text(encoding="utf-8").lower()

    with Store.open("sqlite://") as store:
        assert load_seeds(store, shipped, NOW) == before
        assert load_seeds(store, with_own(shipped, folder), NOW) == 2
        assert corpus.remove(added[0]["key"])
        assert not corpus.remove(added[0]["key"])
        assert load_seeds(store, with_own(shipped, folder), NOW) == 0
        assert store.fingerprints.count() == {"seed": before + 1}
        assert store.fingerprints.get(added[0]["key"]) == ()


def test_a_shipped_seed_is_not_removed_and_what_is_no_article_not_added(
    folder: Path, base: tuple[Configuration, Rulebook]
) -> None:
    corpus = Corpus(folder, *base)
    with pytest.raises(UsageError, match="ships with Kawat"):
        corpus.remove(corpus.list()[0]["key"])
    (folder.parent / "empty.txt").write_text("Bagikan", encoding="utf-8")
    with pytest.raises(UsageError, match="no article"):
        corpus.add([folder.parent / "empty.txt"], now=NOW, stdin=io.StringIO())
    assert not (folder / "seed").exists()


def test_a_stale_seed_is_said_and_made_anew_from_its_text(folder: Path, base: tuple[Configuration, Rulebook]) -> None:
    corpus = Corpus(folder, *base)
    text = folder.parent / "two.txt"
    (added,) = corpus.add([text], now=NOW, stdin=io.StringIO())
    path = folder / "seed" / OWN
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | {"version": 1}) + "\n", encoding="utf-8")
    (row,) = (each for each in corpus.list() if each["key"] == added["key"])
    assert row["stale"]
    assert "add its text again" in row["note"]
    (again,) = corpus.add([text], now=NOW, stdin=io.StringIO())
    assert (again["key"], again["known"]) == (added["key"], False)
    (seed,) = read_seed_files([path])
    assert not seed.stale
    (row,) = (each for each in corpus.list() if each["key"] == added["key"])
    assert row["note"] == ""
