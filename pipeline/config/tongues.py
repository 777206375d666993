"""Words of other languages: the shape of `tongues.yaml`, what it must agree with, and its terms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated, Literal

from pydantic import Field as Slot
from pydantic import StringConstraints

from pipeline.config.document import Document, Section
from pipeline.config.lexicon_schema import Code, Id, Reason, Words
from pipeline.detect.lexicon import Kind, Term
from pipeline.detect.printed import Days
from pipeline.errors import Fault

Tongue = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]


class DaysSection(Section):
    months: dict[Annotated[int, Slot(ge=1, le=12)], Words] = Slot(default_factory=dict)
    weekdays: dict[Annotated[int, Slot(ge=0, le=6)], Words] = Slot(default_factory=dict)
    today: Words = ()
    yesterday: Words = ()


class TongueEntry(Section):
    language: Tongue
    press: Code | None = None
    reason: Reason
    countries: dict[Code, Words] = Slot(default_factory=dict)
    demonyms: dict[Code, Words] = Slot(default_factory=dict)
    capitals: dict[Code, Words] = Slot(default_factory=dict)
    organs: Words = ()
    private: dict[Literal["company", "university", "region", "civil"], Words] = Slot(default_factory=dict)
    acts: dict[Id, Words] = Slot(default_factory=dict)
    instruments: dict[Id, Words] = Slot(default_factory=dict)
    fields: dict[Id, Words] = Slot(default_factory=dict)
    marks: dict[Id, Words] = Slot(default_factory=dict)
    cooperation: Words = ()
    both: Words = ()
    days: DaysSection = Slot(default_factory=DaysSection)


class TonguesFile(Section):
    version: str
    tongues: tuple[TongueEntry, ...]


def strangers(document: Document, file: TonguesFile, known: dict[str, Iterable[str]]) -> Iterator[Fault]:
    """Names of countries, acts, papers, fields and marks that no other file has. `known`: theirs, by key."""
    for index, tongue in enumerate(file.tongues):
        for key, names in known.items():
            listed = frozenset(names)
            for name in getattr(tongue, key):
                if name not in listed:
                    remedy = "use an id of the other files, or add it there"
                    yield document.fault(("tongues", index, key, name), f"no {name} in the lexicon", remedy)


def press(file: TonguesFile) -> dict[str, str]:
    """Whose press writes a language: the state of an organ that says no other."""
    return {each.language: each.press or "" for each in file.tongues}


def days(file: TonguesFile) -> dict[str, Days]:
    """How each language names days."""
    return {
        each.language: Days(
            months={word.lower(): number for number, words in each.days.months.items() for word in words},
            weekdays={word.lower(): number for number, words in each.days.weekdays.items() for word in words},
            back={
                word.lower(): back
                for back, words in enumerate((each.days.today, each.days.yesterday))
                for word in words
            },
        )
        for each in file.tongues
    }


def tongue_terms(file: TonguesFile, taken: Iterable[Term]) -> Iterator[Term]:
    """Each printed form once, for all the languages that have it; none that counts in every language already."""
    everywhere = {(each.text.lower(), each.kind, each.ref) for each in taken if not each.languages}
    found: dict[tuple[str, Kind, str], set[str]] = {}
    for tongue in file.tongues:
        groups: tuple[tuple[Kind, dict[str, Words]], ...] = (
            (Kind.COUNTRY, tongue.countries),
            (Kind.DEMONYM, tongue.demonyms),
            (Kind.CITY, tongue.capitals),
            (Kind.ACT, tongue.acts),
            (Kind.INSTRUMENT, tongue.instruments),
            (Kind.FIELD, tongue.fields),
            (Kind.MARK, tongue.marks),
            (Kind.COOPERATION, {"cooperation": tongue.cooperation}),
            (Kind.BOTH, {"both": tongue.both}),
            (Kind.PRIVATE, {str(name): words for name, words in tongue.private.items()}),
        )
        for kind, named in groups:
            for ref, words in named.items():
                for word in words:
                    found.setdefault((word if kind is Kind.COUNTRY else word.lower(), kind, ref), set()).add(
                        tongue.language
                    )
        for word in tongue.organs:
            found.setdefault((word.lower(), Kind.ORGAN, word.lower()), set()).add(tongue.language)
    for (word, kind, ref), languages in found.items():
        if (word.lower(), kind, ref) not in everywhere:
            proper = kind is Kind.COUNTRY and word[0].isupper()
            yield Term(
                text=word, kind=kind, ref=ref, proper=proper, weak=kind is Kind.CITY, languages=tuple(sorted(languages))
            )
