"""An outlet with furniture that no rule knows comes out clean once thirty of its articles were read, and a person has
the last word. Store, extraction and cleaning are real."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kawat import boilerplate
from kawat.rulebook import rulebook
from kawat.shipped import defaults
from pipeline.config import Configuration, load
from pipeline.decide import Decider, Rulebook
from pipeline.errors import UsageError
from pipeline.model import Article, Page, WarcRecord
from pipeline.net import url_key
from pipeline.store import Store

SLUG = "egindo"
HEAD = "Ombak menjaga pulau, dan pulau menjaga suaranya."
BETWEEN = "Pulau demi pulau kami datangi, ombak demi ombak kami lewati"
FOOT = "Nelayan, petani, dan perajin pulau bertemu di serambi kota tiap Sabtu pekan pertama."
FURNITURE = (HEAD, BETWEEN, FOOT)
SUBJECT_WORDS = "dermaga garam sekolah jembatan rumput mercusuar kapal beras kopi hutan sungai pasar listrik kereta"
SUBJECTS = SUBJECT_WORDS.split()
PLACE_WORDS = "Ambon Bitung Ternate Sorong Palu Kendari Mamuju Waingapu Ende Tual Namlea"
PLACES = PLACE_WORDS.split()
NOUN_WORDS = (
    "angin badai cuaca dana elang fajar gudang hibah iklim jala karang lampu mesin nahkoda obat pukat ranting sampan "
    "tali udang warung yayasan zaitun bambu cengkih damar engsel fosil gelombang haluan intan jagung kemudi lontar"
)
NOUNS = NOUN_WORDS.split()
VERB_WORDS = "membawa menahan memilih mencatat mengubah memeriksa menjual menyimpan mengganti merawat menutup melewati"
VERBS = VERB_WORDS.split()
START = datetime(2025, 3, 1, 3, tzinfo=UTC)


@pytest.fixture(scope="module")
def configuration() -> Configuration:
    return load(defaults(), defaults(), {})


@pytest.fixture(scope="module")
def rules(configuration: Configuration) -> Rulebook:
    return replace(rulebook(configuration, register=False), register=())


def story(number: int) -> tuple[str, list[str]]:
    """A headline and three paragraphs that no other number has."""
    chance = random.Random(number)
    subject, place = chance.choice(SUBJECTS), chance.choice(PLACES)

    def sentence() -> str:
        words = [f"{chance.choice(NOUNS)} {chance.choice(VERBS)} {chance.choice(NOUNS)}" for _ in range(6)]
        return f"Di {place}, {', '.join(words)} ketika {subject} itu tiba."

    return f"{subject.title()} {place} {' '.join(chance.sample(NOUNS, 3))}", [sentence() for _ in range(3)]


def settle(store: Store, rules: Rulebook, number: int, *, learning: bool = True) -> Article:
    now = START + timedelta(hours=number)
    url = f"https://www.egindo.com/berita-{number}/"
    page = Page(
        outlet=SLUG, url=url, final_url=url, key=url_key(url), status=200, content_type="text/html; charset=utf-8",
        fetched_at=now, discovered_at=now, record=WarcRecord(file="a", offset=number, length=1),
    )  # fmt: skip
    title, (lead, second, last) = story(number)
    paragraphs = "".join(f"<p>{each}</p>" for each in (HEAD, lead, BETWEEN, second, last, FOOT))
    body = (
        f"<html><head><title>{title}</title></head><body><article><h1>{title}</h1>{paragraphs}</article></body></html>"
    )
    store.inbox.land(page)
    decider = Decider(store=store, rules=rules, compose=lambda *_: (), now=lambda: now, learning=learning)
    outcome = decider.settle(page, body.encode())
    store.commit(outcome)
    assert isinstance(outcome.result, Article)
    return outcome.result


def furniture_in(article: Article) -> list[str]:
    return [line for line in FURNITURE if line in article.text]


def test_unknown_furniture_is_gone_after_thirty_articles(
    tmp_path: Path, rules: Rulebook, configuration: Configuration
) -> None:
    with Store.open(f"sqlite:///{tmp_path}/kawat.db") as store:
        assert furniture_in(settle(store, rules, 0)) == list(FURNITURE)
        for number in range(1, 30):
            settle(store, rules, number)
        article = settle(store, rules, 30)
        assert article.paragraphs == tuple(story(30)[1])
        assert [each.text for each in article.removed if each.rule == "learned"] == list(FURNITURE)

        lines = {row["text"]: row for row in boilerplate.rows(store, configuration, SLUG)}
        assert {text: row["state"] for text, row in lines.items()} == dict.fromkeys(FURNITURE, "learned")
        assert all(row["articles"] == 31 for row in lines.values())

        assert boilerplate.say(store, configuration, SLUG, lines[HEAD]["hash"][:6], cut=False)["state"] == "refused"
        assert furniture_in(settle(store, rules, 31)) == [HEAD]
        assert boilerplate.say(store, configuration, SLUG, lines[HEAD]["hash"], cut=True)["state"] == "pinned"
        assert furniture_in(settle(store, rules, 32)) == []
        assert boilerplate.rows(store, configuration, SLUG)[0]["articles"] == 33


def test_nothing_is_learned_where_nothing_is_to_be(tmp_path: Path, rules: Rulebook) -> None:
    with Store.open(f"sqlite:///{tmp_path}/kawat.db") as store:
        for number in range(31):
            article = settle(store, rules, number, learning=False)
        assert furniture_in(article) == list(FURNITURE)
        assert store.furniture.of_outlet(SLUG) == ()


def test_the_same_page_again_counts_once(tmp_path: Path, rules: Rulebook) -> None:
    with Store.open(f"sqlite:///{tmp_path}/kawat.db") as store:
        for _ in range(4):
            settle(store, rules, 1)
        assert store.furniture.of(SLUG, [])[""].articles == 1


def test_what_is_not_seen_again_is_forgotten(tmp_path: Path, rules: Rulebook) -> None:
    with Store.open(f"sqlite:///{tmp_path}/kawat.db") as store:
        for number in range(300):
            settle(store, rules, number)
        with store.database.read() as connection:
            rows = connection.exec_driver_sql("SELECT count(*), sum(text != '') FROM furniture").one()
    assert rows[0] <= 600 + 25 * 8
    assert rows[1] >= len(FURNITURE)


def test_a_word_on_what_is_not_there_is_refused(tmp_path: Path, configuration: Configuration) -> None:
    with Store.open(f"sqlite:///{tmp_path}/kawat.db") as store:
        with pytest.raises(UsageError, match="names no line"):
            boilerplate.say(store, configuration, SLUG, "abcd", cut=True)
        with pytest.raises(UsageError, match="there is no outlet"):
            boilerplate.rows(store, configuration, "nobody")
