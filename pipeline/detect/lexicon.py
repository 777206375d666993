"""What detection knows of the world, as frozen values: terms and what they stand for. Loaded by
`pipeline.config.lexicon`.

A `Term` is one printed form; several terms may share it ("Singapura" is a state and a city). Terms carry their own
rules: exact case, words that refuse them right before or after, words that must stand elsewhere in the article.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise

from pipeline.detect.printed import Days
from pipeline.model import Instrument, Label, Stage


class Kind(StrEnum):
    """What a term stands for; `ref` of the term names which one."""

    COUNTRY = "country"
    DEMONYM = "demonym"
    CITY = "city"  # a capital: venue, weak evidence of the state
    METONYM = "metonym"
    NICKNAME = "nickname"
    REGION = "region"
    BLOC = "bloc"
    INSTITUTION = "institution"
    POST = "post"  # a title bound to one institution
    PERSON = "person"
    ORGAN = "organ"  # ministry, agency, minister: of the country beside it
    PRIVATE = "private"  # company, university, region, civil
    INSTRUMENT = "instrument"
    ACT = "act"
    MARK = "mark"
    COOPERATION = "cooperation"
    BOTH = "both"
    FIELD = "field"
    SUBJECT = "subject"  # what is not technology
    PLACE = "place"


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One printed form. `exact` compares case; `proper` asks for a capital first letter; `word` says that it is an
    ordinary word, too: it counts in no line that is printed all in capitals.
    """

    text: str
    kind: Kind
    ref: str
    exact: bool = False
    proper: bool = False
    weak: bool = False
    word: bool = False
    languages: tuple[str, ...] = ()
    not_before: tuple[str, ...] = ()
    not_after: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Country:
    """A state or bloc. `partner` is False for blocs that only set a multilateral scene."""

    code: str
    name_id: str
    name_en: str
    bloc: bool = False
    partner: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """An institution of the lexicon. `state` is False for companies, universities and chambers."""

    id: str
    country: str
    kind: str
    name: str
    name_en: str = ""  # its official English name, where it has one
    field: str = ""  # what it deals in: evidence of a field where the text names none

    @property
    def state(self) -> bool:
        return self.kind not in ("company", "university", "chamber")

    @property
    def corporate(self) -> bool:
        """A state corporation: counts as the state only beside an organ of the other state."""
        return self.kind in ("soe", "sovereign_fund")


@dataclass(frozen=True, slots=True, kw_only=True)
class Portfolio:
    """What an unlisted organ is in charge of; `home` is the home institution that holds it."""

    id: str
    home: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A class of instrument. `loose` names count only beside a signing, `private` ones are business papers."""

    id: str
    folded: Instrument
    rank: int
    loose: bool = False
    private: bool = False
    trade: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """A group of act words: the stage they make, and how they say it (done, bare, noun, plan, talk)."""

    id: str
    stage: Stage
    form: str
    strong: bool = False
    weak: bool = False
    needs_instrument: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field of technology; `folds` names the field that it is reported as, `civil` the one where nothing military is
    named. `hidden` ones prove technology, not a field; what `yields` says nothing beside a field that says which.
    """

    id: str
    name_id: str
    name_en: str
    generic: bool = False
    weak: bool = False
    hidden: bool = False
    folds: str = ""
    yields: bool = False
    civil: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Roles:
    """Words around a country that decide what it does in its phrase."""

    place: frozenset[str]
    party: frozenset[str]
    place_nouns: frozenset[str]
    behind: frozenset[str]  # words that end an organ's own name
    ahead: frozenset[str]  # words that part a country from the organ behind it
    agencies: frozenset[str]  # organ words that are no ministry
    plural: frozenset[str]  # words that make an organ several
    counterpart: frozenset[str]  # `mitranya dari X`: a party though "dari" stands before
    several: frozenset[str]  # organs of two states, told of together
    charges: frozenset[str]  # what an organ may be in charge of, beside the words of the portfolios
    offices: frozenset[str]  # words that begin a post of their own
    former: frozenset[str]  # who held an office speaks for himself


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """The whole of it, immutable. `digest` identifies the content; `home` is the country whose agreements are
    watched.
    """

    digest: str
    home: str
    terms: tuple[Term, ...]
    countries: Mapping[str, Country]
    bodies: Mapping[str, Body]
    portfolios: tuple[Portfolio, ...]
    papers: Mapping[str, Paper]
    deeds: Mapping[str, Deed]
    fields: Mapping[str, Field]
    reach: Mapping[str, int]  # how many words before an act a mark counts
    roles: Roles
    genres: Mapping[str, tuple[str, ...]]
    months: Mapping[str, int]  # lower-case printed form -> 1..12
    weekdays: Mapping[str, int]  # lower-case printed form -> 0 Monday .. 6 Sunday
    days: Mapping[str, Days]  # language -> its months, weekdays and words for today and yesterday
    press: Mapping[str, str]  # language -> the state whose press writes it, "" where several share it
    start: float  # the confidence of a report before any sign counts
    weights: Mapping[str, float]  # what each sign of `pipeline.detect.signs` adds to it
    calibration: Mapping[Label, tuple[tuple[float, float], ...]]  # value of the rules -> share of such reports right
    uses: tuple[Term, ...] = ()  # what technology is for: second fields of a record, no proof of technology
    early: frozenset[str] = frozenset()  # fields of those that count in the first sentences, too

    def calibrated(self, label: Label, value: float) -> float:
        """How often reports of this label were right to which the rules gave this value: straight between points."""
        points = self.calibration.get(label, ())
        if not points:
            return value
        if value <= points[0][0]:
            return min(value, points[0][1])
        for (left, low), (right, high) in pairwise(points):
            if value <= right:
                return low + (high - low) * (value - left) / (right - left)
        return points[-1][1]

    def uncalibrated(self) -> Lexicon:
        """The same, the confidence being what the rules add up to."""
        return replace(self, calibration={})

    @property
    def institutions(self) -> frozenset[str]:
        """Every id that a report may give an organ: those listed, and `<country>_<portfolio>` of the unlisted."""
        held = (f"{code.lower()}_{each.id}" for code in self.countries for each in self.portfolios)
        return frozenset((*self.bodies, *held))
