"""The shape of the files under `config/lexicon/`: unknown keys are refused, each entry says its source or reason."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Literal

from pydantic import AfterValidator, StringConstraints, model_validator
from pydantic import Field as Slot

from pipeline.config.document import Section
from pipeline.config.explain import Mend
from pipeline.model import Instrument, Stage

Word = Annotated[str, StringConstraints(min_length=1, max_length=120)]
Words = tuple[Word, ...]
Code = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9]{1,7}$")]
Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{1,48}$")]
Reason = Annotated[str, StringConstraints(min_length=3)]
Sources = Annotated[dict[Id, Reason], Slot(min_length=1)]


class Sourced(Section):
    """An entry that accounts for itself: `source` names some of the file's `sources`, `reason` says it in words."""

    source: tuple[Id, ...] = ()
    reason: str = ""


class GuardEntry(Section):
    term: Word
    languages: Words = ()
    not_before: Words = ()
    not_after: Words = ()
    needs: Words = ()
    weak: bool = False
    word: bool = False
    reason: Reason

    @model_validator(mode="after")
    def _says_something(self) -> GuardEntry:
        if not (self.languages or self.not_before or self.not_after or self.needs or self.weak or self.word):
            raise Mend(
                "changes nothing", "give it not_before, not_after, needs, languages, weak or word, or take it out"
            )
        return self


class NameEntry(Section):
    id: Word | None = None
    en: Word | None = None


class CountryEntry(Sourced):
    name: NameEntry
    names: Annotated[Words, Slot(min_length=1)]
    demonyms: Words = ()
    capitals: Words = ()
    metonyms: Words = ()
    nicknames: Words = ()
    regions: Words = ()
    guards: tuple[GuardEntry, ...] = ()


class BlocEntry(Section):
    name: NameEntry
    partner: bool
    names: Annotated[Words, Slot(min_length=1)]
    guards: tuple[GuardEntry, ...] = ()
    reason: Reason


class CountriesFile(Section):
    version: str
    sources: Sources
    home: Code
    countries: dict[Code, CountryEntry]
    blocs: dict[Code, BlocEntry]


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


class BodyEntry(Sourced):
    id: Id
    country: Code
    kind: BodyKind
    name: NameEntry
    names: Words = ()
    abbr: Words = ()
    posts: Words = ()
    people: Words = ()
    needs: Words = ()
    field: str = ""


class PortfolioEntry(Sourced):
    id: Id
    home: Id
    words: Annotated[Words, Slot(min_length=1)]


class InstitutionsFile(Section):
    version: str
    sources: Sources
    institutions: tuple[BodyEntry, ...]
    guards: tuple[GuardEntry, ...] = ()
    portfolios: tuple[PortfolioEntry, ...]


class PaperEntry(Section):
    id: Id
    # `class` is Python's word, so the key has an alias
    folded: Instrument = Slot(alias="class")
    rank: Annotated[int, Slot(ge=0, le=20)]
    terms: Words
    abbr: Words = ()
    loose: bool = False
    private: bool = False
    trade: bool = False
    reason: Reason


class InstrumentsFile(Section):
    version: str
    instruments: tuple[PaperEntry, ...]
    guards: tuple[GuardEntry, ...] = ()


class FieldEntry(Sourced):
    id: Id
    name: NameEntry
    terms: Words
    abbr: Words = ()
    generic: bool = False
    weak: bool = False
    hidden: bool = False
    folds: str = ""
    yields: bool = False
    civil: str = ""


class UseEntry(Sourced):
    field: Id
    terms: Words
    early: bool = False


class SubjectEntry(Sourced):
    id: Id
    terms: Words


class FieldsFile(Section):
    version: str
    sources: Sources
    fields: tuple[FieldEntry, ...]
    uses: tuple[UseEntry, ...] = ()
    not_technology: tuple[SubjectEntry, ...]
    guards: tuple[GuardEntry, ...] = ()


class ActEntry(Section):
    id: Id
    stage: Stage
    form: Literal["done", "bare", "noun", "plan", "talk"]
    strong: bool = False
    weak: bool = False
    needs: Literal["instrument"] | None = None
    terms: Words
    reason: Reason


class MarkEntry(Section):
    reach: Annotated[int, Slot(ge=1, le=20)] = 5
    terms: Words
    reason: Reason


class TermsSection(Section):
    terms: Words
    weak: Words = ()
    reason: Reason


class PrivateSection(Section):
    company: Words
    university: Words
    region: Words
    civil: Words
    guards: tuple[GuardEntry, ...] = ()
    reason: Reason


class RolesSection(Section):
    place: Words
    party: Words
    place_nouns: Words
    behind: Words
    ahead: Words
    agencies: Words
    plural: Words
    counterpart: Words
    several: Words
    charges: Words
    offices: Words
    former: Words
    reason: Reason


class GenresSection(Section):
    explainer: Words
    opinion: Words
    study: Words = ()
    speech: Words = ()
    document: Words
    reason: Reason


class CalendarSection(Section):
    months: dict[int, Words]
    weekdays: dict[int, Words]
    reason: Reason


class PlacesSection(Section):
    home: Words
    abroad: dict[Word, Code]
    reason: Reason


class CuesFile(Section):
    version: str
    acts: tuple[ActEntry, ...]
    marks: dict[Id, MarkEntry]
    cooperation: TermsSection
    both: TermsSection
    organs: TermsSection
    private: PrivateSection
    roles: RolesSection
    genres: GenresSection
    calendar: CalendarSection
    places: PlacesSection


class WeightEntry(Section):
    worth: Annotated[float, Slot(ge=-1, le=1)]
    reason: Reason


class WeightsFile(Section):
    version: str
    start: Annotated[float, Slot(ge=0, le=1)]
    weights: dict[Id, WeightEntry]


Point = tuple[Annotated[float, Slot(ge=0, le=1)], Annotated[float, Slot(ge=0, le=1)]]


def _ascending(points: tuple[Point, ...]) -> tuple[Point, ...]:
    pairs = pairwise(points)
    if any(one[0] >= two[0] or one[1] > two[1] for one, two in pairs):
        raise ValueError("must ascend: a larger value of the rules is never less sure")
    return points


Points = Annotated[tuple[Point, ...], Slot(min_length=1, max_length=100), AfterValidator(_ascending)]


class CalibrationFile(Section):
    version: str
    reason: Reason
    agreement: Points
    exploratory: Points
