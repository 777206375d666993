"""The lexicon accounts for itself: a source or reason for every file and entry, and for what is ambiguous a rule."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any

import pytest
import yaml
from detect_samples import LEXICON, article

from pipeline.detect.lexicon import Lexicon
from pipeline.detect.reader import Reader
from pipeline.detect.scan import Scanner

FILES = sorted(LEXICON.glob("*.yaml"))


def data(name: str) -> Any:
    return yaml.safe_load((LEXICON / f"{name}.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.stem))
def test_every_file_says_its_source(path: Any) -> None:
    head = path.read_text(encoding="utf-8").split("version:")[0]
    assert re.search(r"[Ss]ource|Written by", head), "say at the head where its entries are from"


def test_every_cue_group_and_guard_has_a_reason() -> None:
    cues, fields, countries = data("cues"), data("fields"), data("countries")
    groups = [
        *cues["acts"],
        *cues["marks"].values(),
        *(cues[name] for name in ("organs", "private", "roles", "genres")),
    ]
    guards = [*fields["guards"], *cues["private"]["guards"]]
    guards += [guard for each in countries["countries"].values() for guard in each.get("guards", ())]
    assert len(guards) > 50
    for each in [*groups, *guards]:
        assert each["reason"].strip()


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
