"""Every rule of `config/cleaning.yaml` against its own examples and counter-examples, in an article around them."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests_clean_world import STORY, TITLE, article_of, lines_around

from pipeline.clean import Action, Rule, Zone
from pipeline.clean.vocabulary import Shape
from pipeline.config.cleaning import load_cleaning

ROOT = Path(__file__).parents[3]
CLEANING = load_cleaning(ROOT / "config" / "cleaning.yaml")


def cases(attribute: str) -> list[object]:
    return [
        pytest.param(rule, text, id=f"{rule.name}: {text[:40]}")
        for rule in CLEANING.rules
        for text in getattr(rule, attribute)
    ]


@pytest.mark.parametrize(("rule", "text"), cases("examples"))
def test_an_example_is_cut_by_its_rule(rule: Rule, text: str) -> None:
    article = article_of(lines_around(text, rule), CLEANING)
    cut = {removed.rule: removed.text for removed in article.removed}
    assert text not in article.text
    if rule.action in {Action.INLINE, Action.TAIL}:
        assert rule.name in cut
    else:
        assert " ".join(text.split()) in cut.values()
    assert article.paragraphs == article_of(lines_around("", rule), CLEANING).paragraphs


@pytest.mark.parametrize(("rule", "text"), cases("counter_examples"))
def test_a_counter_example_passes_every_rule(rule: Rule, text: str) -> None:
    for place in (Zone.ANY, Zone.HEAD):
        article = article_of(lines_around(text, rule, head=place is Zone.HEAD), CLEANING)
        assert text in article.text


@pytest.mark.parametrize("text", CLEANING.vocabulary.examples)
def test_a_line_of_the_pages_own_words_is_cut(text: str) -> None:
    article = article_of([TITLE, *STORY[:2], text, STORY[2]], CLEANING)
    assert article.paragraphs == (TITLE, *STORY)
    assert {str(removed.rule) for removed in article.removed} <= {str(shape) for shape in Shape}


@pytest.mark.parametrize("text", CLEANING.vocabulary.counter_examples)
def test_a_line_with_a_word_of_the_story_stays(text: str) -> None:
    assert text in article_of([TITLE, *STORY[:2], text, STORY[2]], CLEANING).paragraphs


def test_a_list_that_a_sentence_announces_may_speak_of_papers() -> None:
    papers = ["Berikut isi situs itu:", "Berita", "Foto dan video"]
    assert article_of([TITLE, *STORY, *papers], CLEANING).paragraphs == (TITLE, *STORY, *papers)


def test_every_rule_has_examples_and_a_name_of_its_own() -> None:
    names = [rule.name for rule in CLEANING.rules]
    assert len(set(names)) == len(names)
    assert all(rule.examples for rule in CLEANING.rules)


def test_the_digest_names_the_rules() -> None:
    again = load_cleaning(ROOT / "config" / "cleaning.yaml")
    assert again.digest == CLEANING.digest
    assert len(CLEANING.digest) == 16
