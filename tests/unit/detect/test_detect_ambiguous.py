"""Names that mean other things, too: each carries its rule as data, and is read both ways here.

The sentences stand in `ambiguous.txt`; which names must stand there is derived from the lexicon: every name with a rule
of its own, every form that two entries share, every abbreviation that our own texts print as an ordinary word.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from detect_samples import LEXICON, article

from pipeline.config.lexicon import load_lexicon
from pipeline.detect.analysis import Analyst
from pipeline.detect.lexicon import Kind, Lexicon, Term
from pipeline.detect.reader import Reader
from pipeline.detect.scan import Scanner
from pipeline.detect.sentences import story

HERE = Path(__file__).parent
BODIES = (Kind.INSTITUTION, Kind.POST, Kind.PERSON)
STATES = (Kind.COUNTRY, Kind.DEMONYM, Kind.CITY, Kind.METONYM, Kind.NICKNAME, Kind.REGION, Kind.BLOC)
OWN_WORDS = (*sorted(HERE.parents[1].glob("quality/detection/*.txt")), *sorted(HERE.parents[2].glob("docs/*.md")))


@dataclass(frozen=True, slots=True)
class Case:
    form: str
    stands_for: str
    language: str
    counts: str
    refused: str


FINE = {("deplu as", "US"), ("state department", "US"), ("european commission", "eu_com")}
"""Shared forms whose two readings are one party: the body of that very state."""


def cases() -> list[Case]:
    lines = (HERE / "ambiguous.txt").read_text(encoding="utf-8").splitlines()
    return [Case(*line.split(" | ")) for line in lines if line and not line.startswith("#")]


CASES = cases()
SHIPPED = load_lexicon(LEXICON)


def name_of(term: Term) -> str:
    """What a term stands for, as the table says it."""
    return term.ref if term.kind in (*BODIES, *STATES) else f"{term.kind.value}:{term.ref}"


def ruled(term: Term) -> bool:
    """Whether it has a rule of its own; words of a third language, which count in that alone, are not ambiguous."""
    ours = {"id", "en"} & set(term.languages)
    return bool(term.needs or term.not_before or term.not_after or term.word or ours)


def needing(lexicon: Lexicon) -> list[Term]:
    """Names that count only where their state stands in the article, too: read both ways by one pattern."""
    listed = {(each.form, each.stands_for) for each in CASES}
    found = {
        (term.text, term.ref): term
        for term in lexicon.terms
        if term.kind in BODIES and term.needs and (term.text, term.ref) not in listed
    }
    return [found[key] for key in sorted(found)]


def found(analyst: Analyst, scanner: Scanner, text: str, language: str) -> set[str]:
    made = article("", text, language=language)
    read = story(made)
    mentions = scanner.scan(read.text, read.language)
    analysis = analyst.analyse(made, read, mentions)
    actors = [each for view in analysis.views for each in view.actors]
    organs = {each.ref for each in actors} | {each.country for each in actors}
    organs |= {each.ref for each in mentions if each.kind is Kind.BLOC}
    return organs | {f"{each.kind.value}:{each.ref}" for each in mentions}


@pytest.fixture(scope="module")
def analyst() -> Analyst:
    return Analyst(SHIPPED)


@pytest.fixture(scope="module")
def scanner(reader: Reader) -> Scanner:
    return Scanner(SHIPPED)


@pytest.mark.parametrize("case", CASES, ids=lambda each: f"{each.form}-{each.stands_for}-{each.language}")
def test_an_ambiguous_name_is_read_both_ways(analyst: Analyst, scanner: Scanner, case: Case) -> None:
    assert case.form in case.counts
    first, _, second = case.language.partition("/")
    assert case.stands_for in found(analyst, scanner, case.counts, first)
    assert case.stands_for not in found(analyst, scanner, case.refused, second or first)


def test_a_name_that_needs_its_state_counts_beside_it_and_not_alone(scanner: Scanner) -> None:
    wrong = []
    for term in needing(SHIPPED):
        language = term.languages[0] if term.languages else "en"
        beside = f"{term.needs[0]} came. The body {term.text} will meet officials."
        alone = f"The body {term.text} will meet officials."
        told = [(term.kind, term.ref) in {(each.kind, each.ref) for each in scanner.scan(text, language)}
                for text in (beside, alone)]  # fmt: skip
        if told != [True, any(f" {each} " in f" {term.text} " for each in term.needs)]:
            wrong.append((term.text, term.ref, told))
    assert wrong == []


def shared(lexicon: Lexicon) -> Iterator[tuple[str, str]]:
    """Forms that two bodies or states share."""
    owners: dict[str, dict[str, Term]] = defaultdict(dict)
    for term in lexicon.terms:
        if term.kind in (*BODIES, *STATES):
            owners[term.text if term.exact else term.text.lower()].setdefault(term.ref, term)
    for holders in owners.values():
        if len(holders) > 1:
            yield from ((term.text, ref) for ref, term in holders.items())


def words(lexicon: Lexicon) -> Iterator[str]:
    """Abbreviations that our own texts, in both languages, print in small letters as an ordinary word."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in OWN_WORDS)
    printed = set(re.findall(r"(?<![\w.@/`_-])[a-z]{2,}(?![\w@/`_(-])", text)) - set(lexicon.bodies)
    for term in lexicon.terms:
        if term.exact and term.kind in (*BODIES, *STATES) and term.text.lower() in printed:
            yield term.text


def test_every_ambiguous_name_stands_in_the_table() -> None:
    forms = {each.form.lower() for each in CASES}
    pairs = {(each.form.lower(), each.stands_for) for each in CASES}
    generated = {(term.text, term.ref) for term in needing(SHIPPED)}
    missing = {
        term.text
        for term in SHIPPED.terms
        if ruled(term) and term.text.lower() not in forms and (term.text, term.ref) not in generated
    }
    missing |= {f"{form} ({ref})" for form, ref in shared(SHIPPED) if (form.lower(), ref) not in pairs | FINE}
    missing |= {form for form in words(SHIPPED) if form.lower() not in forms and (form not in dict(generated))}
    assert missing == set()


def test_the_table_names_what_the_lexicon_has() -> None:
    known = {(term.text.lower(), name_of(term)) for term in SHIPPED.terms}
    assert [each for each in CASES if (each.form.lower(), each.stands_for) not in known] == []
