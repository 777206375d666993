"""What the shapes of the lexicon's files cannot say alone: names that no file has, ids that stand twice, entries that
account for themselves to nobody. Each finding is a Fault with file, line and key.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from pipeline.config.document import Document, Key
from pipeline.config.explain import nearest
from pipeline.config.lexicon_schema import (
    CountriesFile,
    CuesFile,
    FieldsFile,
    GuardEntry,
    InstitutionsFile,
    InstrumentsFile,
    Sourced,
    WeightsFile,
)
from pipeline.detect.signs import SIGNS
from pipeline.errors import Fault


@dataclass(frozen=True, slots=True)
class Parsed:
    """The files of a lexicon whose entries refer to one another, each valid by itself."""

    countries: CountriesFile
    institutions: InstitutionsFile
    instruments: InstrumentsFile
    fields: FieldsFile
    cues: CuesFile


def findings(files: Mapping[str, Document], parsed: Parsed) -> Iterator[Fault]:
    """Every fault; `files` holds the document of each by its stem."""
    countries, institutions, fields = parsed.countries, parsed.institutions, parsed.fields
    organs, home, topics = files["institutions"], files["countries"], files["fields"]
    yield from _unknown_countries(organs, countries, institutions)
    yield from _unknown_home(organs, institutions)
    yield from _twice(organs, "institutions", [each.id for each in institutions.institutions])
    yield from _twice(topics, "fields", [each.id for each in fields.fields])
    yield from _twice(files["instruments"], "instruments", [each.id for each in parsed.instruments.instruments])
    yield from _twice(files["cues"], "acts", [each.id for each in parsed.cues.acts])
    yield from _unaccounted(home, "countries", countries.countries.items(), countries.sources)
    yield from _unaccounted(organs, "institutions", enumerate(institutions.institutions), institutions.sources)
    yield from _unaccounted(organs, "portfolios", enumerate(institutions.portfolios), institutions.sources)
    yield from _unaccounted(topics, "fields", enumerate(fields.fields), fields.sources)
    yield from _unaccounted(topics, "uses", enumerate(fields.uses), fields.sources)
    yield from _unknown_fields(topics, fields)
    yield from _unaccounted(topics, "not_technology", enumerate(fields.not_technology), fields.sources)
    for key, file, guards, terms in _guarded(parsed):
        yield from _idle(files[file], key, guards, terms)


def weightless(document: Document, weights: WeightsFile) -> Iterator[Fault]:
    """Signs without a weight, and weights of no sign."""
    for name in SIGNS:
        if name not in weights.weights:
            yield document.fault(("weights",), f"{name} has no weight", "add it; 0 lets it count for nothing")
    for name in weights.weights:
        if name not in SIGNS:
            close = nearest(name, SIGNS)
            remedy = f"did you mean {close}?" if close else "take it out"
            yield document.fault(("weights", name), f"{name} is no sign that detection looks for", remedy)


def _guarded(parsed: Parsed) -> Iterator[tuple[Key, str, Sequence[GuardEntry], Iterable[str]]]:
    """Each list of guards: its key, its file, itself, and the names that it may guard."""
    for code, each in parsed.countries.countries.items():
        groups = (each.names, each.demonyms, each.capitals, each.metonyms, each.nicknames, each.regions)
        yield ("countries", code, "guards"), "countries", each.guards, chain(*groups)
    for code, bloc in parsed.countries.blocs.items():
        yield ("blocs", code, "guards"), "countries", bloc.guards, bloc.names
    bodies = parsed.institutions.institutions
    names = chain(*((*each.names, *each.abbr, *each.people, each.name.id or "", each.name.en or "") for each in bodies))
    yield ("guards",), "institutions", parsed.institutions.guards, names
    papers = chain(*((*each.terms, *each.abbr) for each in parsed.instruments.instruments))
    yield ("guards",), "instruments", parsed.instruments.guards, papers
    words = chain(*((*each.terms, *each.abbr) for each in parsed.fields.fields))
    yield ("guards",), "fields", parsed.fields.guards, words
    private = parsed.cues.private
    others = chain(private.company, private.university, private.region, private.civil)
    yield ("private", "guards"), "cues", private.guards, others


def _unknown_countries(document: Document, countries: CountriesFile, institutions: InstitutionsFile) -> Iterator[Fault]:
    known = {*countries.countries, *countries.blocs}
    for index, each in enumerate(institutions.institutions):
        if each.country not in known:
            key = ("institutions", index, "country")
            yield document.fault(key, f"no country {each.country} in countries.yaml", "use one of its codes")


def _unknown_home(document: Document, institutions: InstitutionsFile) -> Iterator[Fault]:
    known = {each.id for each in institutions.institutions}
    for index, each in enumerate(institutions.portfolios):
        if each.home not in known:
            yield document.fault(("portfolios", index, "home"), f"no institution {each.home}", "use an id of this file")


def _unknown_fields(document: Document, fields: FieldsFile) -> Iterator[Fault]:
    known = {each.id for each in fields.fields}
    named: list[tuple[Key, str]] = []
    for index, each in enumerate(fields.fields):
        told = (("folds", each.folds), ("civil", each.civil))
        named += ((("fields", index, key), name) for key, name in told if name)
    named += ((("uses", index, "field"), use.field) for index, use in enumerate(fields.uses))
    for key, name in named:
        if name not in known:
            yield document.fault(key, f"no field {name}", "use an id of this file")


def _twice(document: Document, key: str, ids: list[str]) -> Iterator[Fault]:
    seen: set[str] = set()
    for index, each in enumerate(ids):
        if each in seen:
            yield document.fault((key, index, "id"), f"{each} stands here twice", "give every entry its own id")
        seen.add(each)


def _unaccounted(
    document: Document, key: str, entries: Iterable[tuple[int | str, Sourced]], sources: Mapping[str, str]
) -> Iterator[Fault]:
    """Entries with neither source nor reason, and sources that the file does not name."""
    known = ", ".join(sources)
    for index, each in entries:
        if not (each.source or each.reason):
            remedy = f"add `source: [...]` ({known}), or a `reason` in your own words"
            yield document.fault((key, index), "says neither its source nor a reason", remedy)
        for name in each.source:
            if name not in sources:
                yield document.fault((key, index, "source"), f"no source {name}", f"use one of {known}, or add it")


def _idle(document: Document, key: Key, guards: Sequence[GuardEntry], terms: Iterable[str]) -> Iterator[Fault]:
    """Guards of what does not stand there, and second guards of one term: neither would ever be asked."""
    known = {each.lower() for each in terms}
    seen: set[str] = set()
    for index, each in enumerate(guards):
        if each.term.lower() not in known:
            yield document.fault((*key, index, "term"), f"no name {each.term} stands there to guard", "take it out")
        if each.term in seen:
            yield document.fault((*key, index, "term"), f"{each.term} is guarded twice", "put the rules into one")
        seen.add(each.term)
