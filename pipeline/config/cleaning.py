"""`cleaning.yaml` into compiled rules: unknown keys, unknown words and patterns that RE2 does not take are faults
of the file, named with their line."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from pydantic import Field

from pipeline.clean.rules import LONGEST, Action, BadPattern, Cleaning, Rule, Zone, compile_rules
from pipeline.clean.vocabulary import Vocabulary
from pipeline.config.document import Document, Section, parse_document, read_bytes, validate
from pipeline.errors import ConfigError, Fault

_WORD = re.compile(r"<([a-z_]+)>")


class RuleSection(Section):
    """One rule as a person writes it."""

    name: str = Field(pattern=r"^[a-z][a-z0-9-]{1,40}$")
    action: Action
    patterns: tuple[str, ...] = Field(min_length=1)
    unless: tuple[str, ...] = ()
    zone: Zone = Zone.ANY
    longest: int = Field(default=LONGEST, gt=0, le=5000)
    whole: bool = False
    anywhere: bool = False
    case: bool = False
    credit: bool = False
    examples: tuple[str, ...] = ()
    counter_examples: tuple[str, ...] = ()


class VocabularySection(Section):
    """The page's own words as a person writes them: with spaces between."""

    strong: str = ""
    weak: str = ""
    plain: str = ""
    sections: str = ""
    listing: str = ""
    address: str = ""
    examples: tuple[str, ...] = ()
    counter_examples: tuple[str, ...] = ()


class CleaningFile(Section):
    """The whole file: `words` are lists that patterns name as `<word>`."""

    version: int = Field(ge=1, le=1)
    words: dict[str, str] = Field(default_factory=dict)
    vocabulary: VocabularySection = VocabularySection()
    rules: tuple[RuleSection, ...] = Field(min_length=1)


def _written_out(pattern: str, words: dict[str, str], document: Document, place: tuple[str | int, ...]) -> str:
    def put(match: re.Match[str]) -> str:
        if match[1] not in words:
            known = ", ".join(sorted(words)) or "none"
            raise ConfigError((document.fault(place, f"<{match[1]}> is not under words", f"known words: {known}"),))
        return words[match[1]]

    return _WORD.sub(put, pattern)


def _rule(section: RuleSection, index: int, file: CleaningFile, document: Document) -> Rule:
    def spelled(name: str, patterns: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(
            _written_out(pattern, file.words, document, ("rules", index, name, n)) for n, pattern in enumerate(patterns)
        )

    return Rule(
        name=section.name,
        action=section.action,
        patterns=spelled("patterns", section.patterns),
        unless=spelled("unless", section.unless),
        zone=section.zone,
        longest=section.longest,
        whole=section.whole,
        anywhere=section.anywhere,
        case=section.case,
        credit=section.credit,
        examples=section.examples,
        counter_examples=section.counter_examples,
    )


def _vocabulary(section: VocabularySection) -> Vocabulary:
    return Vocabulary(
        strong=frozenset(section.strong.split()),
        weak=frozenset(section.weak.split()),
        plain=frozenset(section.plain.split()),
        sections=frozenset(section.sections.split()),
        listing=frozenset(section.listing.split()),
        address=frozenset(section.address.split()),
        examples=section.examples,
        counter_examples=section.counter_examples,
    )


def cleaning_of(document: Document) -> Cleaning:
    """The rules of a document that is read already. Raises `ConfigError` with file, line and remedy."""
    file = validate(CleaningFile, document)
    seen: dict[str, int] = {}
    faults: list[Fault] = []
    for index, section in enumerate(file.rules):
        if section.name in seen:
            problem = f"two rules are named {section.name!r}"
            faults.append(document.fault(("rules", index, "name"), problem, "give each rule a name of its own"))
        seen.setdefault(section.name, index)
    if faults:
        raise ConfigError(tuple(faults))
    rules = tuple(_rule(section, index, file, document) for index, section in enumerate(file.rules))
    try:
        return compile_rules(rules, _vocabulary(file.vocabulary))
    except BadPattern as bad:
        index = seen[bad.rule]
        raise ConfigError((document.fault(("rules", index, "patterns"), str(bad), "patterns are RE2"),)) from bad


def load_cleaning(path: Path) -> Cleaning:
    """Read and compile `cleaning.yaml`. Raises `ConfigError`."""
    return _cleaning(path, read_bytes(path))


@lru_cache(maxsize=2)
def _cleaning(path: Path, raw: bytes) -> Cleaning:
    """`load_cleaning` of a file that is read; rules that were compiled before are not compiled again."""
    return cleaning_of(parse_document(raw, path))
