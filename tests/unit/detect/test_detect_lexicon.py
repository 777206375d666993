"""The lexicon accounts for itself: a source or reason for every file and entry, and for what is ambiguous a rule."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
import yaml
from detect_samples import LEXICON, article

from pipeline.config.lexicon import load_lexicon
from pipeline.detect.lexicon import Lexicon
from pipeline.detect.reader import Reader
from pipeline.detect.scan import Scanner
from pipeline.errors import ConfigError

FILES = sorted(LEXICON.glob("*.yaml"))


def data(name: str) -> Any:
    return yaml.safe_load((LEXICON / f"{name}.yaml").read_text(encoding="utf-8"))


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
        ("fields", "source: [notes, press], ", "", "fields[0]: says neither its source nor a reason"),
        ("fields", "source: [negatives], ", "", "not_technology[0]: says neither its source nor a reason"),
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


def test_no_printed_form_stands_for_two_states(lexicon: Lexicon) -> None:
    found: dict[str, set[str]] = defaultdict(set)
    for term in lexicon.terms:
        if term.kind.value in ("country", "demonym"):
            found[term.text if term.exact else term.text.lower()].add(term.ref)
    assert {text: refs for text, refs in found.items() if len(refs) > 1} == {}


def guarded() -> list[tuple[str, str, str]]:
    """Every country name with a rule: the term, a text in which it counts, and one in which it does not."""
    rows = []
    for code, each in data("countries")["countries"].items():
        for guard in each.get("guards", ()):
            term = guard["term"]
            if term not in (*each["names"], *each.get("demonyms", ())):
                continue
            needs = " ".join(guard.get("needs", ())[:1])
            counts = f"Pemerintah {term} dan Indonesia bertemu. {needs}"
            gap = " " if guard.get("not_before", "x")[0][0].isalnum() else ""
            if guard.get("not_before"):
                rows.append((str(code), counts, f"Kabar {term}{gap}{guard['not_before'][0]} hari ini."))
            elif guard.get("not_after"):
                rows.append((str(code), counts, f"Kabar {guard['not_after'][0]} {term} hari ini."))
            elif needs:
                rows.append((str(code), counts, f"Kabar {term} hari ini."))
    return rows


@pytest.mark.parametrize(("code", "counts", "not_"), guarded(), ids=lambda each: each[:24])
def test_an_ambiguous_name_counts_by_its_rule_and_not_else(reader: Reader, code: str, counts: str, not_: str) -> None:
    scanner = Scanner(reader.lexicon)
    for text, wanted in ((counts, True), (not_, False)):
        made = article("", text)
        found = {
            each.ref for each in scanner.scan(made.text, "id") if each.kind.value in ("country", "demonym", "city")
        }
        assert (code in found) is wanted, text
