"""`cleaning.yaml` as a person may break it: each fault names file, line and remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.config.cleaning import cleaning_of
from pipeline.config.document import parse_document
from pipeline.errors import ConfigError

HEAD = "version: 1\nwords:\n  verb: 'baca|lihat'\nrules:\n"
RULE = "- name: {name}\n  action: {action}\n  patterns: ['{pattern}']\n"


def load(rules: str) -> None:
    cleaning_of(parse_document((HEAD + rules).encode(), Path("cleaning.yaml")))


def rule(name: str = "ads", action: str = "drop", pattern: str = "iklan") -> str:
    return RULE.format(name=name, action=action, pattern=pattern)


@pytest.mark.parametrize(
    ("rules", "line", "says"),
    [
        (rule(pattern="<nouns> juga"), 7, "<nouns> is not under words"),
        (rule(pattern="(iklan"), 7, "missing )"),
        (rule(pattern="(?=iklan)"), 7, "invalid perl operator"),
        (rule() + rule(), 8, "two rules are named"),
        (rule(action="burn"), 6, "action"),
        (rule() + "  colour: red\n", 8, "colour"),
        ("- name: ads\n  action: drop\n", 5, "patterns"),
        (rule(name="Bad Name"), 5, "name"),
    ],
)
def test_a_fault_names_its_place(rules: str, line: int, says: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(rules)
    assert any(says in str(fault) for fault in caught.value.faults)
    assert any(fault.line is not None and abs(fault.line - line) <= 1 for fault in caught.value.faults)


def test_words_are_written_out() -> None:
    cleaning = cleaning_of(parse_document((HEAD + rule(pattern="(?:<verb>) juga")).encode(), Path("cleaning.yaml")))
    assert cleaning.rules[0].patterns == ("(?:baca|lihat) juga",)
