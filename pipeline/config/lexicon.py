"""The lexicon under `config/lexicon/`: five YAML files, validated together into one frozen `Lexicon`.

    load_lexicon(folder)    raises ConfigError with every fault of every file

Every entry may carry a `reason` (its source, or why it stands there); reasons are for people and are not loaded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field as Slot
from pydantic import StringConstraints

from pipeline.config.document import Document, Section, read_document, validate
from pipeline.detect.lexicon import (
    Body,
    Country,
    Deed,
    Field,
    Kind,
    Lexicon,
    Paper,
    Portfolio,
    Roles,
    Term,
)
from pipeline.errors import ConfigError, Fault
from pipeline.model import Instrument, Stage, digest

Word = Annotated[str, StringConstraints(min_length=1, max_length=120)]
Words = tuple[Word, ...]
Code = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9]{1,7}$")]
Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{1,48}$")]


class _Guard(Section):
    term: Word
    languages: Words = ()
    not_before: Words = ()
    not_after: Words = ()
    needs: Words = ()
    weak: bool = False
    reason: str


class _Name(Section):
    id: Word | None = None
    en: Word | None = None


class _Country(Section):
    name: _Name
    names: Annotated[Words, Slot(min_length=1)]
    demonyms: Words = ()
    capitals: Words = ()
    metonyms: Words = ()
    nicknames: Words = ()
    regions: Words = ()
    guards: tuple[_Guard, ...] = ()


class _Bloc(Section):
    name: _Name
    partner: bool
    names: Annotated[Words, Slot(min_length=1)]
    reason: str


class _Countries(Section):
    version: str
    home: Code
    countries: dict[Code, _Country]
    blocs: dict[Code, _Bloc]


BodyKind = Literal[
    "ministry",
    "agency",
    "regulator",
    "council",
    "bank",
    "body",
    "soe",
    "sovereign_fund",
    "company",
    "university",
    "chamber",
]


class _Body(Section):
    id: Id
    country: Code
    kind: BodyKind
    name: _Name
    names: Words = ()
    abbr: Words = ()
    posts: Words = ()
    people: Words = ()
    needs: Words = ()
    reason: str = ""


class _Portfolio(Section):
    id: Id
    home: Id
    words: Annotated[Words, Slot(min_length=1)]


class _Institutions(Section):
    version: str
    institutions: tuple[_Body, ...]
    portfolios: tuple[_Portfolio, ...]


class _Paper(Section):
    id: Id
    # `class` is Python's word, so the key has an alias
    folded: Instrument = Slot(alias="class")
    rank: Annotated[int, Slot(ge=0, le=20)]
    terms: Words
    abbr: Words = ()
    loose: bool = False
    private: bool = False
    trade: bool = False
    reason: str


class _Instruments(Section):
    version: str
    instruments: tuple[_Paper, ...]
    guards: tuple[_Guard, ...] = ()


class _Field(Section):
    id: Id
    name: _Name
    terms: Words
    abbr: Words = ()
    generic: bool = False
    weak: bool = False
    hidden: bool = False
    folds: str = ""
    reason: str = ""


class _Subject(Section):
    id: Id
    terms: Words


class _Fields(Section):
    version: str
    fields: tuple[_Field, ...]
    not_technology: tuple[_Subject, ...]
    guards: tuple[_Guard, ...] = ()


class _Act(Section):
    id: Id
    stage: Stage
    form: Literal["done", "bare", "noun", "plan", "talk"]
    strong: bool = False
    weak: bool = False
    needs: Literal["instrument"] | None = None
    terms: Words
    reason: str


class _Mark(Section):
    reach: Annotated[int, Slot(ge=1, le=20)] = 5
    terms: Words
    reason: str


class _Terms(Section):
    terms: Words
    weak: Words = ()
    reason: str


class _Private(Section):
    company: Words
    university: Words
    region: Words
    civil: Words
    guards: tuple[_Guard, ...] = ()
    reason: str


class _Roles(Section):
    place: Words
    party: Words
    place_nouns: Words
    reason: str


class _Genres(Section):
    explainer: Words
    opinion: Words
    document: Words
    reason: str


class _Calendar(Section):
    months: dict[int, Words]
    weekdays: dict[int, Words]
    reason: str


class _Places(Section):
    home: Words
    abroad: dict[Word, Code]
    reason: str


class _Cues(Section):
    version: str
    acts: tuple[_Act, ...]
    marks: dict[Id, _Mark]
    cooperation: _Terms
    both: _Terms
    organs: _Terms
    private: _Private
    roles: _Roles
    genres: _Genres
    calendar: _Calendar
    places: _Places


def load_lexicon(folder: Path) -> Lexicon:
    """The lexicon of one folder. Raises `ConfigError`: a file is missing, malformed, or names what no file has."""
    files = {stem: read_document(folder / f"{stem}.yaml") for stem in _FILES}
    countries = validate(_Countries, files["countries"])
    institutions = validate(_Institutions, files["institutions"])
    instruments = validate(_Instruments, files["instruments"])
    fields = validate(_Fields, files["fields"])
    cues = validate(_Cues, files["cues"])
    faults = [
        *_unknown_countries(files["institutions"], countries, institutions),
        *_unknown_home(files["institutions"], institutions),
        *_twice(files["institutions"], "institutions", [each.id for each in institutions.institutions]),
        *_twice(files["fields"], "fields", [each.id for each in fields.fields]),
        *_twice(files["instruments"], "instruments", [each.id for each in instruments.instruments]),
        *_twice(files["cues"], "acts", [each.id for each in cues.acts]),
    ]
    if countries.home not in countries.countries:
        faults.append(files["countries"].fault(("home",), f"{countries.home} is not among the countries", "add it"))
    if faults:
        raise ConfigError(tuple(faults))
    return Lexicon(
        digest=digest(*(f"{stem}\n{files[stem].digest}" for stem in _FILES)),
        home=countries.home,
        terms=tuple(
            _distinct(
                [
                    *_country_terms(countries),
                    *_body_terms(institutions),
                    *_paper_terms(instruments),
                    *_field_terms(fields),
                    *_cue_terms(cues),
                ]
            )
        ),
        countries={
            **{
                code: Country(code=code, name_id=each.name.id or code, name_en=each.name.en or code)
                for code, each in countries.countries.items()
            },
            **{
                code: Country(
                    code=code,
                    name_id=each.name.id or code,
                    name_en=each.name.en or code,
                    bloc=True,
                    partner=each.partner,
                )
                for code, each in countries.blocs.items()
            },
        },
        bodies={
            each.id: Body(
                id=each.id, country=each.country, kind=each.kind, name=each.name.id or each.name.en or each.id
            )
            for each in institutions.institutions
        },
        portfolios=tuple(
            Portfolio(id=each.id, home=each.home, words=tuple(map(str.lower, each.words)))
            for each in institutions.portfolios
        ),
        papers={
            each.id: Paper(
                id=each.id,
                folded=each.folded,
                rank=each.rank,
                loose=each.loose,
                private=each.private,
                trade=each.trade,
            )
            for each in instruments.instruments
        },
        deeds={
            each.id: Deed(
                id=each.id,
                stage=each.stage,
                form=each.form,
                strong=each.strong,
                weak=each.weak,
                needs_instrument=each.needs == "instrument",
            )
            for each in cues.acts
        },
        fields={
            each.id: Field(
                id=each.id,
                name_id=each.name.id or each.id,
                name_en=each.name.en or each.id,
                generic=each.generic,
                weak=each.weak,
                hidden=each.hidden,
                folds=each.folds,
            )
            for each in fields.fields
        },
        reach={name: mark.reach for name, mark in cues.marks.items()},
        roles=Roles(
            place=frozenset(map(str.lower, cues.roles.place)),
            party=frozenset(map(str.lower, cues.roles.party)),
            place_nouns=frozenset(map(str.lower, cues.roles.place_nouns)),
        ),
        genres={
            "explainer": tuple(map(str.lower, cues.genres.explainer)),
            "opinion": tuple(map(str.lower, cues.genres.opinion)),
            "document": tuple(map(str.lower, cues.genres.document)),
        },
        months={word.lower(): number for number, words in cues.calendar.months.items() for word in words},
        weekdays={word.lower(): number for number, words in cues.calendar.weekdays.items() for word in words},
    )


_FILES = ("countries", "institutions", "instruments", "fields", "cues")


def _guarded(term: Term, guards: Iterable[_Guard]) -> Term:
    for guard in guards:
        if guard.term.lower() == term.text.lower() and (not term.exact or guard.term == term.text):
            return Term(
                text=term.text,
                kind=term.kind,
                ref=term.ref,
                exact=term.exact,
                proper=term.proper,
                weak=term.weak or guard.weak,
                languages=guard.languages,
                not_before=guard.not_before,
                not_after=guard.not_after,
                needs=term.needs + guard.needs,
            )
    return term


def _country_terms(countries: _Countries) -> Iterator[Term]:
    for code, each in countries.countries.items():
        groups = (
            (Kind.COUNTRY, each.names, False),
            (Kind.DEMONYM, each.demonyms, False),
            (Kind.CITY, each.capitals, True),
            (Kind.METONYM, each.metonyms, True),
            (Kind.NICKNAME, each.nicknames, True),
            (Kind.REGION, each.regions, False),
        )
        for kind, words, weak in groups:
            for word in words:
                term = Term(text=word, kind=kind, ref=code, exact=len(word) <= 4, proper=True, weak=weak)
                yield _guarded(term, each.guards)
    for code, bloc in countries.blocs.items():
        for word in bloc.names:
            yield Term(text=word, kind=Kind.BLOC, ref=code, exact=len(word) <= 4, proper=True)


def _body_terms(institutions: _Institutions) -> Iterator[Term]:
    for each in institutions.institutions:
        for word in dict.fromkeys((each.name.id, each.name.en, *each.names)):
            if word:
                short = " " not in word
                yield Term(text=word, kind=Kind.INSTITUTION, ref=each.id, exact=short, proper=short, needs=each.needs)
        for word in each.abbr:
            yield Term(text=word, kind=Kind.INSTITUTION, ref=each.id, exact=True, needs=each.needs)
        for word in each.posts:
            yield Term(text=word, kind=Kind.POST, ref=each.id, proper=True)
        for word in each.people:
            yield Term(text=word, kind=Kind.PERSON, ref=each.id, proper=True)


def _paper_terms(instruments: _Instruments) -> Iterator[Term]:
    for each in instruments.instruments:
        for word in each.terms:
            yield _guarded(Term(text=word, kind=Kind.INSTRUMENT, ref=each.id), instruments.guards)
        for word in each.abbr:
            yield _guarded(Term(text=word, kind=Kind.INSTRUMENT, ref=each.id, exact=True), instruments.guards)


def _field_terms(fields: _Fields) -> Iterator[Term]:
    for each in fields.fields:
        for word in each.terms:
            term = Term(text=word, kind=Kind.FIELD, ref=each.id, weak=each.weak)
            yield _guarded(term, (guard for guard in fields.guards if not re.search("[A-Z]", guard.term)))
        for word in each.abbr:
            yield _guarded(Term(text=word, kind=Kind.FIELD, ref=each.id, exact=True), fields.guards)
    for subject in fields.not_technology:
        for word in subject.terms:
            yield Term(text=word, kind=Kind.SUBJECT, ref=subject.id)


def _cue_terms(cues: _Cues) -> Iterator[Term]:
    for act in cues.acts:
        for word in act.terms:
            yield Term(text=word, kind=Kind.ACT, ref=act.id)
    for name, mark in cues.marks.items():
        for word in mark.terms:
            yield Term(text=word, kind=Kind.MARK, ref=name)
    for word in cues.cooperation.terms:
        yield Term(text=word, kind=Kind.COOPERATION, ref="cooperation")
    for word in cues.both.terms:
        yield Term(text=word, kind=Kind.BOTH, ref="both")
    weak = frozenset(cues.organs.weak)
    for word in cues.organs.terms:
        yield Term(text=word, kind=Kind.ORGAN, ref=word.lower(), weak=word in weak, exact=word.isupper())
    groups = (
        ("company", cues.private.company),
        ("university", cues.private.university),
        ("region", cues.private.region),
        ("civil", cues.private.civil),
    )
    for name, words in groups:
        for word in words:
            term = Term(text=word, kind=Kind.PRIVATE, ref=name, exact=word[0].isupper() and len(word) <= 5)
            yield _guarded(term, cues.private.guards)
    for word in cues.places.home:
        yield Term(text=word, kind=Kind.PLACE, ref="", proper=True)
    for word, code in cues.places.abroad.items():
        yield Term(text=word, kind=Kind.PLACE, ref=code, proper=True)


def _distinct(terms: list[Term]) -> Iterator[Term]:
    """Each printed form once per kind and ref."""
    seen: set[tuple[str, Kind, str]] = set()
    for term in terms:
        key = (term.text if term.exact else term.text.lower(), term.kind, term.ref)
        if key not in seen:
            seen.add(key)
            yield term


def _unknown_countries(document: Document, countries: _Countries, institutions: _Institutions) -> Iterator[Fault]:
    known = {*countries.countries, *countries.blocs}
    for index, each in enumerate(institutions.institutions):
        if each.country not in known:
            key = ("institutions", index, "country")
            yield document.fault(key, f"no country {each.country} in countries.yaml", "use one of its codes")


def _unknown_home(document: Document, institutions: _Institutions) -> Iterator[Fault]:
    known = {each.id for each in institutions.institutions}
    for index, each in enumerate(institutions.portfolios):
        if each.home not in known:
            yield document.fault(("portfolios", index, "home"), f"no institution {each.home}", "use an id of this file")


def _twice(document: Document, key: str, ids: list[str]) -> Iterator[Fault]:
    seen: set[str] = set()
    for index, each in enumerate(ids):
        if each in seen:
            yield document.fault((key, index, "id"), f"{each} stands here twice", "give every entry its own id")
        seen.add(each)
