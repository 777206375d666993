"""The lexicon under `config/lexicon/`: eight YAML files, validated together into one frozen `Lexicon`.

    load_lexicon(folder)    raises ConfigError with every fault of every file

Every entry names its `source` or says its `reason`, and is refused without; both are for people and are not loaded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from pipeline.config.document import parse_document, read_bytes, validate
from pipeline.config.lexicon_checks import Parsed, findings, weightless
from pipeline.config.lexicon_schema import (
    CalibrationFile,
    CountriesFile,
    CuesFile,
    FieldsFile,
    GuardEntry,
    InstitutionsFile,
    InstrumentsFile,
    WeightsFile,
)
from pipeline.config.tongues import TonguesFile, days, press, strangers, tongue_terms
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
from pipeline.errors import ConfigError
from pipeline.model import Label, digest


def load_lexicon(folder: Path, home: str | None = None) -> Lexicon:
    """The lexicon of one folder; `home` stands above the one that `countries.yaml` names.

    Raises `ConfigError`: a file is missing, malformed, or names what no file has.
    """
    paths = [folder / f"{stem}.yaml" for stem in _FILES]
    return _lexicon(tuple((path, read_bytes(path)) for path in paths), home)


@lru_cache(maxsize=2)
def _lexicon(contents: tuple[tuple[Path, bytes], ...], home: str | None) -> Lexicon:
    """`load_lexicon` of files that are read; one that was built before is not built again."""
    files = {stem: parse_document(raw, path) for stem, (path, raw) in zip(_FILES, contents, strict=True)}
    countries = validate(CountriesFile, files["countries"])
    institutions = validate(InstitutionsFile, files["institutions"])
    instruments = validate(InstrumentsFile, files["instruments"])
    fields = validate(FieldsFile, files["fields"])
    cues = validate(CuesFile, files["cues"])
    calibration = validate(CalibrationFile, files["calibration"])
    weights = validate(WeightsFile, files["weights"])
    tongues = validate(TonguesFile, files["tongues"])
    faults = list(findings(files, Parsed(countries, institutions, instruments, fields, cues)))
    faults += weightless(files["weights"], weights)
    faults += strangers(
        files["tongues"],
        tongues,
        {
            **dict.fromkeys(("countries", "demonyms", "capitals"), countries.countries),
            "acts": [each.id for each in cues.acts],
            "instruments": [each.id for each in instruments.instruments],
            "fields": [each.id for each in fields.fields],
            "marks": cues.marks,
        },
    )
    home = home or countries.home
    if home not in countries.countries:
        faults.append(files["countries"].fault(("home",), f"{home} is not among the countries", "add it"))
    if faults:
        raise ConfigError(tuple(faults))
    terms = tuple(
        _distinct(
            [
                *_country_terms(countries),
                *_body_terms(institutions),
                *_paper_terms(instruments),
                *_field_terms(fields),
                *_cue_terms(cues),
            ]
        )
    )
    return Lexicon(
        digest=digest(home, *(f"{stem}\n{files[stem].digest}" for stem in _FILES)),
        home=home,
        terms=(*terms, *tongue_terms(tongues, terms)),
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
                id=each.id,
                country=each.country,
                kind=each.kind,
                name=each.name.id or each.name.en or each.id,
                name_en=each.name.en or "",
                field=each.field,
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
                yields=each.yields,
                civil=each.civil,
            )
            for each in fields.fields
        },
        reach={name: mark.reach for name, mark in cues.marks.items()},
        roles=Roles(
            **{
                name: frozenset(map(str.lower, words))
                for name, words in cues.roles.model_dump(exclude={"reason"}).items()
            }
        ),
        genres={
            "explainer": tuple(map(str.lower, cues.genres.explainer)),
            "opinion": tuple(map(str.lower, cues.genres.opinion)),
            "study": tuple(map(str.lower, cues.genres.study)),
            "speech": tuple(map(str.lower, cues.genres.speech)),
            "document": tuple(map(str.lower, cues.genres.document)),
        },
        months={word.lower(): number for number, words in cues.calendar.months.items() for word in words},
        weekdays={word.lower(): number for number, words in cues.calendar.weekdays.items() for word in words},
        days=days(tongues),
        press=press(tongues),
        start=weights.start,
        weights={name: each.worth for name, each in weights.weights.items()},
        calibration={Label.AGREEMENT: calibration.agreement, Label.EXPLORATORY: calibration.exploratory},
        uses=tuple(_distinct(list(_use_terms(fields)))),
        early=frozenset(each.field for each in fields.uses if each.early),
    )


_FILES = ("countries", "institutions", "instruments", "fields", "cues", "tongues", "weights", "calibration")


def _guarded(term: Term, guards: Iterable[GuardEntry]) -> Term:
    for guard in guards:
        if guard.term.lower() == term.text.lower() and (not term.exact or guard.term == term.text):
            return replace(
                term,
                weak=term.weak or guard.weak,
                word=guard.word,
                languages=guard.languages,
                not_before=guard.not_before,
                not_after=guard.not_after,
                needs=guard.needs or term.needs,
            )
    return term


def _country_terms(countries: CountriesFile) -> Iterator[Term]:
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
            term = Term(text=word, kind=Kind.BLOC, ref=code, exact=len(word) <= 4, proper=word[0].isupper())
            yield _guarded(term, bloc.guards)


def _body_terms(institutions: InstitutionsFile) -> Iterator[Term]:
    for each in institutions.institutions:
        for word in dict.fromkeys((each.name.id, each.name.en, *each.names)):
            if word:
                short = " " not in word
                term = Term(text=word, kind=Kind.INSTITUTION, ref=each.id, exact=short, proper=short, needs=each.needs)
                yield _guarded(term, institutions.guards)
        for word in each.abbr:
            term = Term(text=word, kind=Kind.INSTITUTION, ref=each.id, exact=True, needs=each.needs)
            yield _guarded(term, institutions.guards)
        for word in each.posts:
            yield Term(text=word, kind=Kind.POST, ref=each.id, proper=True)
        for word in each.people:
            yield _guarded(
                Term(text=word, kind=Kind.PERSON, ref=each.id, proper=word[0].isupper()), institutions.guards
            )


def _paper_terms(instruments: InstrumentsFile) -> Iterator[Term]:
    for each in instruments.instruments:
        for word in each.terms:
            yield _guarded(Term(text=word, kind=Kind.INSTRUMENT, ref=each.id), instruments.guards)
        for word in each.abbr:
            yield _guarded(Term(text=word, kind=Kind.INSTRUMENT, ref=each.id, exact=True), instruments.guards)


def _field_terms(fields: FieldsFile) -> Iterator[Term]:
    for each in fields.fields:
        for word in each.terms:
            term = Term(text=word, kind=Kind.FIELD, ref=each.id, weak=each.weak)
            yield _guarded(term, (guard for guard in fields.guards if not re.search("[A-Z]", guard.term)))
        for word in each.abbr:
            yield _guarded(Term(text=word, kind=Kind.FIELD, ref=each.id, exact=True), fields.guards)
    for subject in fields.not_technology:
        for word in subject.terms:
            yield Term(text=word, kind=Kind.SUBJECT, ref=subject.id)


def _use_terms(fields: FieldsFile) -> Iterator[Term]:
    for each in fields.uses:
        for word in each.terms:
            yield Term(text=word, kind=Kind.FIELD, ref=each.field, exact=word.isupper())


def _cue_terms(cues: CuesFile) -> Iterator[Term]:
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
            capital = word[0].isupper()
            term = Term(text=word, kind=Kind.PRIVATE, ref=name, exact=capital and len(word) <= 5, proper=capital)
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
