"""Every shipped outlet file: it loads, its patterns take its own examples and no other's, its facts are graded, and
what is not known to work is switched off in words."""

from __future__ import annotations

import re
import time
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import outlet_table
import pytest
import re2
from pydantic import BaseModel

from crawler.discover.item import Link
from crawler.gate import Gate
from pipeline.config.document import read_document, validate
from pipeline.config.outlets import OutletFile, outlet_from, takes
from pipeline.model import Certainty, Fetch, Outlet, OutletKind, SourceKind, Tier, Trust

FOLDER = Path(__file__).resolve().parents[2] / "config" / "outlets"
FILES = sorted(FOLDER.glob("*.yaml"))
KNOWN = {
    *("antara_id", "antara_en", "antara_regional", "rri", "koran_jakarta", "egindo", "kompas", "tempo_id", "tempo_en"),
    *("detik", "cnn_id", "cnbc_id", "bisnis", "kontan", "katadata", "republika", "media_indonesia", "liputan6"),
    *("merdeka", "okezone", "sindonews", "suara", "tribunnews", "viva", "jawapos", "jakarta_post", "jakarta_globe"),
    *("idntimes", "kumparan", "beritasatu", "infopublik", "tirto", "validnews", "indonesia_go_id", "voi", "medcom"),
    *("metrotv", "investor_id", "bloomberg_technoz", "inews", "idxchannel", "jpnn", "tvri", "rmid", "komdigi"),
    *("kominfo_old", "kemlu", "setkab", "setneg", "presidenri", "brin", "bssn", "kemenperin", "ekon"),
    *("kemdiktisaintek", "esdm", "pib_in", "mea_in", "mic_jp", "mofa_jp", "msit_kr", "gov_uk", "us_gov"),
    *("xinhua_cgtn", "bernama", "mddi_sg", "digital_my", "google_news"),
}
"""The 68 outlets whose facts were collected on 2026-11-21."""

MUST = {"antara_id", "antara_en", "rri", "koran_jakarta", "egindo"}
MUST_OFFICIAL = {"komdigi", "kemlu", "setkab", "presidenri", "brin", "ekon"}
READ_ON_A_GUESS = {"koran_jakarta", "egindo", "komdigi", "ekon"}
"""Musts of which nothing surer is known: read all the same, and their files say so."""

INDONESIA = {
    "en": "Indonesia",
    "ms": "Indonesia",
    "id": "Indonesia",
    "ja": "インドネシア",
    "ko": "인도네시아",
}


@cache
def file_of(path: Path) -> OutletFile:
    return validate(OutletFile, read_document(path))


@cache
def outlet_of(path: Path) -> Outlet:
    return outlet_from(read_document(path))


@pytest.fixture(params=FILES, ids=lambda path: path.stem)
def path(request: pytest.FixtureRequest) -> Path:
    chosen: Path = request.param
    return chosen


@pytest.fixture
def file(path: Path) -> OutletFile:
    return file_of(path)


@pytest.fixture
def outlet(path: Path) -> Outlet:
    return outlet_of(path)


def test_all_outlets_that_are_known_ship() -> None:
    assert {path.stem for path in FILES} == KNOWN
    assert len(FILES) == 68


def test_it_becomes_an_outlet_with_a_poll_and_a_source(outlet: Outlet, path: Path) -> None:
    assert outlet.slug == path.stem
    assert any(each.poll for each in outlet.sources)
    foreign = outlet.kind in {OutletKind.COUNTERPART, OutletKind.SEARCH}
    assert (outlet.country == "ID") != foreign
    assert (outlet.zone == "Asia/Jakarta") != foreign
    assert "kind" in file_of(path).model_fields_set


def test_names_are_its_own(outlet: Outlet) -> None:
    assert [other.stem for other in FILES if outlet_of(other).name == outlet.name] == [outlet.slug]


def test_its_terms_are_noted_with_address_and_date(outlet: Outlet) -> None:
    assert outlet.terms.url
    assert outlet.terms.seen_on is not None
    assert len(outlet.terms.note) > 20


def test_its_patterns_take_its_own_examples_and_nothing_else(file: OutletFile) -> None:
    assert file.article
    assert file.not_article
    assert file.examples
    assert len(file.counter_examples) >= 2
    assert all(takes(file.article, file.not_article, url) for url in file.examples)
    assert not any(takes(file.article, file.not_article, url) for url in file.counter_examples)
    assert not takes(file.article, file.not_article, file.homepage)
    assert not any(takes(file.article, file.not_article, each.url) for each in file.sources)


def test_the_crawlers_gate_agrees(file: OutletFile, outlet: Outlet) -> None:
    gate = Gate(outlet)
    for source in outlet.sources:
        assert not [url for url in file.examples if gate.refusal(url, seen_in=source.url)]
        assert all(gate.refusal(url, seen_in=source.url) for url in file.counter_examples)


def test_no_other_outlet_takes_its_examples(file: OutletFile, path: Path) -> None:
    for other in FILES:
        if other != path:
            theirs = file_of(other)
            for url in file.examples:
                assert not takes(theirs.article, theirs.not_article, url), other.stem


def test_patterns_are_anchored_so_that_no_address_smuggles_another_in(file: OutletFile) -> None:
    assert all(each.startswith("^https?://") for each in (*file.article, *file.not_article))
    for url in file.examples:
        assert not takes(file.article, file.not_article, f"https://evil.example/?u={url}")
        assert not takes(file.article, file.not_article, url.replace("https://", "https://x.example/"))
        host = urlsplit(url).netloc
        assert not takes(file.article, file.not_article, url.replace(host, f"{host}.evil.example", 1))
        site = site_of(url)
        assert not takes(file.article, file.not_article, url.replace(site, f"evil{site}", 1))


def test_patterns_run_on_a_linear_time_engine(file: OutletFile) -> None:
    long = "/a-1" * 500
    began = time.perf_counter()
    for each in (*file.article, *file.not_article):
        compiled = re2.compile(each)
        for url in file.examples:
            compiled.search(url + long)
    assert time.perf_counter() - began < 1


def test_it_is_polite(outlet: Outlet) -> None:
    assert outlet.politeness.delay.total_seconds() >= 2
    assert outlet.politeness.concurrency == 1
    assert outlet.every is None and outlet.cron is None, "shipped outlets are asked by their own rhythm"


def test_every_fact_says_how_sure_it_is(path: Path) -> None:
    text = path.read_text("utf-8")
    assert "How sure:" in text
    assert "None of it was checked live" in text
    stated = [line for line in text.splitlines() if "certainty:" in line and not line.strip().startswith("#")]
    assert len(stated) == len(outlet_of(path).sources)
    assert not re.search(r"\b(?:verified|confirmed) (?:live|by us)\b", text)


def test_sources_lie_on_hosts_of_the_outlet(file: OutletFile) -> None:
    sites = {site_of(url) for url in (file.homepage, *file.examples)}
    assert {site_of(each.url) for each in file.sources} <= sites
    for source in file.sources:
        assert source.kind is not SourceKind.API or source.api is not None


def site_of(url: str) -> str:
    """The registrable part of an address's host, near enough: what stands before `.co.id`, `.go.id`, `.com`, …"""
    labels = (urlsplit(url).hostname or "").split(".")
    return ".".join(labels[-3:] if labels[-2] in {"co", "go", "gov"} and len(labels) > 2 else labels[-2:])


def test_what_is_only_guessed_or_fails_is_switched_off_in_words(outlet: Outlet, path: Path) -> None:
    guessed = all(each.certainty is Certainty.GUESS for each in outlet.sources)
    if outlet.enabled:
        assert guessed == (outlet.slug in READ_ON_A_GUESS)
        assert not guessed or "on a guess" in path.read_text("utf-8").replace("guesses", "a guess")
    else:
        assert len(outlet.disabled_reason) > 60
        assert outlet.disabled_reason.endswith(".")


def test_a_guess_stands_beside_nothing_sure(outlet: Outlet) -> None:
    certainties = {each.certainty for each in outlet.sources}
    assert certainties == {Certainty.GUESS} or Certainty.GUESS not in certainties


def test_foreign_outlets_and_no_others_must_mention_indonesia(outlet: Outlet) -> None:
    if outlet.country == "ID":
        assert not outlet.must_mention
        return
    assert {"Indonesia", "Indonesian", "Prabowo"} <= set(outlet.must_mention)
    gate = Gate(outlet)
    url = "https://x.example/990123"
    for language in outlet.languages:
        word = INDONESIA[language]
        assert gate.concerns(Link(url=url, title=f"A: {word}, B"))
        assert gate.concerns(Link(url=url, title="A statement", summary=f"<p>On {word}.</p>"))
    assert gate.concerns(Link(url=url, title="Korea, INDONESIA's ministers sign"))
    assert not gate.concerns(Link(url=url, title="Rice prices in Vietnam"))
    assert not gate.concerns(Link(url=url, title="Melanesian and Polynesian fair"))


def test_archives_are_walked_and_never_polled() -> None:
    walked = {each.stem: [s for s in outlet_of(each).sources if not s.poll] for each in FILES}
    for slug, sources in walked.items():
        assert not [each for each in sources if each.certainty is Certainty.GUESS], slug
        assert not [each for each in outlet_of(FOLDER / f"{slug}.yaml").sources if each.poll and "{" in each.url], slug
    assert {slug for slug, sources in walked.items() if any("{" in each.url for each in sources)} == {
        *("detik", "esdm", "kemlu", "kompas", "msit_kr", "us_gov"),
    }
    assert sum(map(bool, walked.values())) >= 20


def test_antara_is_read_from_its_feeds_only() -> None:
    for slug in ("antara_id", "antara_en", "antara_regional"):
        outlet = outlet_of(FOLDER / f"{slug}.yaml")
        assert outlet.fetch is Fetch.SUMMARY
        assert {source.kind for source in outlet.sources} == {SourceKind.FEED}
        assert "permission" in outlet.terms.note


def test_antaras_desks_are_one_outlet_of_many_hosts() -> None:
    outlet = outlet_of(FOLDER / "antara_regional.yaml")
    assert len(outlet.sources) == 34
    assert len({urlsplit(each.url).netloc for each in outlet.sources}) == 34
    assert outlet.kind is OutletKind.REGIONAL


def test_the_must_haves_and_the_state_are_marked() -> None:
    outlets = {path.stem: outlet_of(path) for path in FILES}
    assert {slug for slug, each in outlets.items() if each.tier is Tier.MUST} == MUST | MUST_OFFICIAL
    assert all(outlets[slug].trust is Trust.OFFICIAL for slug in MUST_OFFICIAL)
    assert outlets["antara_id"].trust is Trust.WIRE
    assert all(each.trust is Trust.OFFICIAL for each in outlets.values() if each.kind is OutletKind.OFFICIAL)
    assert {each.trust for each in outlets.values() if each.kind is OutletKind.COUNTERPART} <= {
        Trust.OFFICIAL,
        Trust.WIRE,
    }


def test_former_layouts_lie_in_the_past_and_read_otherwise_than_today() -> None:
    dated = {path.stem: outlet_of(path) for path in FILES if outlet_of(path).former}
    assert {"antara_id", "antara_en", "rri", "koran_jakarta", "tempo_id"} <= set(dated)
    for slug, outlet in dated.items():
        for former in outlet.former:
            assert former.until.isoformat() < "2026-11-21", slug
            assert former.selectors.body != outlet.selectors.body, slug
            assert outlet.selectors_on(former.until) is former.selectors, slug


def test_no_part_of_a_file_is_empty_where_it_is_named(file: OutletFile) -> None:
    for each in file.selectors:
        assert isinstance(each, BaseModel)
        assert each.model_fields_set - {"until"}


def test_the_table_in_the_document_is_that_of_the_files() -> None:
    _, written, _ = outlet_table.parts(outlet_table.DOCUMENT.read_text("utf-8"))
    assert written == outlet_table.table(outlet_table.shipped()), "run: python tests/outlets/outlet_table.py"
