"""The lexicon accounts for itself: a source or reason for every file and entry, and for what is ambiguous a rule."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from detect_samples import LEXICON

from pipeline.config.lexicon import load_lexicon
from pipeline.detect.lexicon import Lexicon
from pipeline.detect.scan import Scanner
from pipeline.errors import ConfigError

FILES = sorted(LEXICON.glob("*.yaml"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.stem))
def test_every_file_says_its_source(path: Any) -> None:
    head = path.read_text(encoding="utf-8").split("version:")[0]
    assert re.search(r"[Ss]ource|Written by", head), "say at the head where its entries are from"


@pytest.mark.parametrize(
    ("file", "entry", "spoilt", "problem"),
    [
        ("institutions", "  - {id: brin,", "  - {id: brin2, country: ID, kind: agency, name: {en: X}}\n  - {id: brin,",
         "institutions[{n}]: says neither its source nor a reason"),
        ("institutions", "source: [charges]", "source: [hearsay]", "portfolios[{n}].source: no source hearsay"),
        ("countries", "  AD:\n    name: {id: Andorra, en: Andorra}\n    source: [cldr, notes]\n",
         "  AD:\n    name: {id: Andorra, en: Andorra}\n", "countries.AD: says neither its source"),
        ("fields", "{id: quantum, source: [notes, press], ", "{id: quantum, ", "fields[{n}]: says neither its source"),
        ("fields", "{id: law, source: [negatives], ", "{id: law, ", "not_technology[{n}]: says neither its source"),
        ("fields", "{field: maritime, source: [notes, press], ", "{field: maritime, ", "uses[{n}]: says neither"),
        ("fields", "{field: maritime, ", "{field: sailing, ", "uses[{n}].field: no field sailing"),
        ("fields", "civil: general_digital", "civil: farming", "fields[{n}].civil: no field farming"),
        ("cues", ", reason: only if}", ', reason: ""}', "marks.condition.reason: must not be empty"),
        ("fields", ", reason: snacks}", "}", "guards[{n}].reason: is missing"),
        ("instruments", ", reason: ceremony", ", because: ceremony", "guards[{n}].because"),
    ],
)  # fmt: skip
def test_an_entry_that_accounts_for_nothing_is_refused_by_its_line(
    tmp_path: Path, file: str, entry: str, spoilt: str, problem: str
) -> None:
    for path in FILES:
        (tmp_path / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    whole = (LEXICON / f"{file}.yaml").read_text(encoding="utf-8")
    assert entry in whole
    line = whole[: whole.index(entry)].count("\n") + 1
    (tmp_path / f"{file}.yaml").write_text(whole.replace(entry, spoilt, 1), encoding="utf-8")
    with pytest.raises(ConfigError) as refused:
        load_lexicon(tmp_path)
    told = [str(each) for each in refused.value.faults]
    wanted = re.compile(re.escape(problem).replace(r"\{n\}", r"\d+"))
    assert any(wanted.search(each) and f"{file}.yaml:{line}" in each for each in told), told


@pytest.mark.parametrize(
    ("guard", "problem"),
    [
        ("{term: Nowhere, needs: [x], reason: such}", "no name Nowhere stands there to guard"),
        ("{term: BIG, reason: such}", "changes nothing"),
        ("{term: BIG, word: true, reason: such}", "BIG is guarded twice"),
    ],
)
def test_a_rule_that_would_never_be_asked_is_refused(tmp_path: Path, guard: str, problem: str) -> None:
    for path in FILES:
        (tmp_path / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    whole = (LEXICON / "institutions.yaml").read_text(encoding="utf-8")
    (tmp_path / "institutions.yaml").write_text(whole.replace("guards:\n", f"guards:\n  - {guard}\n", 1), "utf-8")
    with pytest.raises(ConfigError, match=problem):
        load_lexicon(tmp_path)


def test_no_printed_form_stands_for_two_states(lexicon: Lexicon) -> None:
    found: dict[str, set[str]] = defaultdict(set)
    for term in lexicon.terms:
        if term.kind.value in ("country", "demonym"):
            found[term.text if term.exact else term.text.lower()].add(term.ref)
    assert {text: refs for text, refs in found.items() if len(refs) > 1} == {}


def test_every_term_is_found_where_it_is_printed(lexicon: Lexicon) -> None:
    """No term is dead: none that other terms always hide, that no text can match, or that its own rule refuses."""
    dead = []
    for terms in (lexicon.terms, lexicon.uses):
        scanner = Scanner(replace(lexicon, terms=terms))
        for term in terms:
            language = term.languages[0] if term.languages else "id"
            text = f"Lalu {term.text} hadir. {' '.join(term.needs[:1])}"
            found = {(each.kind, each.ref) for each in scanner.scan(text, language) if each.start == 5}
            if (term.kind, term.ref) not in found:
                dead.append((term.kind.value, term.ref, term.text))
    assert dead == []


def test_every_habit_and_labelling_rule_names_code_and_tests_that_are_there() -> None:
    root = LEXICON.parents[1]
    rows = re.findall(r"^\| (habit|rule) (\d): .*", (root / "docs" / "lexicon.md").read_text(encoding="utf-8"), re.M)
    assert [(kind, int(number)) for kind, number in rows] == [
        *(("habit", number) for number in range(1, 10)), *(("rule", number) for number in range(1, 8))
    ]  # fmt: skip
    known = "\n".join(path.read_text(encoding="utf-8") for path in sorted((root / "tests").rglob("test_*.py")))
    for line in (root / "docs" / "lexicon.md").read_text(encoding="utf-8").splitlines():
        if line.startswith(("| habit", "| rule")):
            _, _, held, tests, _ = line.split("|")
            for name in re.findall(r"`(\w+)`", tests):
                assert f"def {name}(" in known, name
            for place in re.findall(r"`([\w/.]+)`", held):
                assert (root / place).exists() or (root / "pipeline" / place).exists(), place
