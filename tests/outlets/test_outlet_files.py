"""Every shipped outlet file: it loads, its patterns take its own examples and no other's, its facts are graded."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.config.document import read_document, validate
from pipeline.config.outlets import OutletFile, outlet_from, takes
from pipeline.model import Fetch, Outlet, SourceKind, Tier, Trust

FOLDER = Path(__file__).resolve().parents[2] / "config" / "outlets"
FILES = sorted(FOLDER.glob("*.yaml"))
ASKED_FOR = {
    *("antara_id", "antara_en", "rri", "koran_jakarta", "egindo", "kompas", "detik", "cnn_id", "tempo_id"),
    *("republika", "komdigi", "kemlu", "setkab"),
}


@pytest.fixture(params=FILES, ids=lambda path: path.stem)
def path(request: pytest.FixtureRequest) -> Path:
    chosen: Path = request.param
    return chosen


@pytest.fixture
def file(path: Path) -> OutletFile:
    return validate(OutletFile, read_document(path))


@pytest.fixture
def outlet(path: Path) -> Outlet:
    return outlet_from(read_document(path))


def test_the_outlets_that_were_asked_for_are_there() -> None:
    assert {path.stem for path in FILES} >= ASKED_FOR


def test_it_becomes_an_outlet_with_a_poll_and_a_source(outlet: Outlet, path: Path) -> None:
    assert outlet.slug == path.stem
    assert (outlet.every is None) != (outlet.cron is None)
    assert outlet.sources
    assert outlet.country == "ID"
    assert outlet.zone == "Asia/Jakarta"


def test_its_terms_are_noted_with_address_and_date(outlet: Outlet) -> None:
    assert outlet.terms.url
    assert outlet.terms.seen_on is not None
    assert len(outlet.terms.note) > 20


def test_its_patterns_take_its_own_examples_and_nothing_else(file: OutletFile) -> None:
    assert file.article
    assert file.examples
    assert len(file.counter_examples) >= 2
    assert all(takes(file.article, file.not_article, url) for url in file.examples)
    assert not any(takes(file.article, file.not_article, url) for url in file.counter_examples)
    assert not takes(file.article, file.not_article, file.homepage)


def test_no_other_outlet_takes_its_examples(file: OutletFile, path: Path) -> None:
    for other in FILES:
        if other != path:
            theirs = validate(OutletFile, read_document(other))
            for url in file.examples:
                assert not takes(theirs.article, theirs.not_article, url), other.stem


def test_patterns_are_anchored_so_that_no_address_smuggles_another_in(file: OutletFile) -> None:
    assert all(each.startswith("^https?://") for each in (*file.article, *file.not_article))
    for url in file.examples:
        assert not takes(file.article, file.not_article, f"https://evil.example/?u={url}")
        assert not takes(file.article, file.not_article, url.replace("https://", "https://x.example/"))


def test_it_is_polite(outlet: Outlet) -> None:
    assert outlet.politeness.delay.total_seconds() >= 2
    assert outlet.politeness.concurrency == 1
    assert outlet.every is None or outlet.every.total_seconds() >= 600


def test_every_fact_says_how_sure_it_is(path: Path) -> None:
    text = path.read_text("utf-8")
    assert "How sure:" in text
    sources = [line for line in text.splitlines() if "certainty:" in line and not line.strip().startswith("#")]
    assert len(sources) == len(outlet_from(read_document(path)).sources)


def test_sources_lie_on_the_outlets_own_hosts(outlet: Outlet) -> None:
    domain = ".".join(outlet.homepage.split("/")[2].removeprefix("www.").removeprefix("en.").split(".")[-3:])
    for source in outlet.sources:
        assert source.url.split("/")[2].endswith(domain.removeprefix("www."))
        assert source.kind is not SourceKind.API or source.api is not None


def test_antara_is_read_from_its_feeds_only() -> None:
    for slug in ("antara_id", "antara_en"):
        outlet = outlet_from(read_document(FOLDER / f"{slug}.yaml"))
        assert outlet.fetch is Fetch.SUMMARY
        assert {source.kind for source in outlet.sources} == {SourceKind.FEED}
        assert "permission" in outlet.terms.note


def test_the_must_haves_and_the_state_are_marked() -> None:
    outlets = {path.stem: outlet_from(read_document(path)) for path in FILES}
    for slug in ("antara_id", "antara_en", "rri", "koran_jakarta", "egindo"):
        assert outlets[slug].tier is Tier.MUST
    for slug in ("komdigi", "kemlu", "setkab"):
        assert outlets[slug].trust is Trust.OFFICIAL
    assert outlets["antara_id"].trust is Trust.WIRE
