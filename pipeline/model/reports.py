"""What an article says of an agreement, with its proof."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Label(StrEnum):
    AGREEMENT = "agreement"
    EXPLORATORY = "exploratory"
    OTHER = "other"


class Stage(StrEnum):
    EXPLORING = "exploring"
    NEGOTIATING = "negotiating"
    ANNOUNCED = "announced"
    SIGNED = "signed"
    IN_FORCE = "in_force"
    IMPLEMENTED = "implemented"
    RENEWED = "renewed"
    ENDED = "ended"
    NONE = "none"


class Instrument(StrEnum):
    MOU = "mou"
    MOC = "moc"
    LOI = "loi"
    AGREEMENT = "agreement"
    ARRANGEMENT = "arrangement"
    TREATY = "treaty"
    JOINT_STATEMENT = "joint_statement"
    NONE = "none"


class Level(StrEnum):
    G2G = "g2g"
    AGENCY = "agency"
    SOE = "soe"
    SUBNATIONAL = "subnational"


class Relation(StrEnum):
    """`new`: the article reports the act itself; `update`: later progress; `background`: it only recalls it."""

    NEW = "new"
    UPDATE = "update"
    BACKGROUND = "background"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A verbatim span: `where` is "text" or "title", offsets in code points after NFC, `quote` exactly that slice."""

    slot: str
    where: str
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Institution:
    """An organ named in the article: stable id over renames, name, ISO country.

    `described`: only what it is in charge of is printed ("the research minister"), which another organ may be too.
    """

    id: str
    name: str
    country: str
    described: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Signatory:
    name: str
    post: str
    side: str  # ISO country
    role: str = "signed"  # signed | exchanged | witnessed


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What one article says of one agreement. Every filled slot has evidence; no span, no value.

    `key` is deterministic from the article's key and the report's place in it.
    """

    key: str
    article: str
    label: Label
    stage: Stage
    instrument: Instrument
    instrument_printed: str
    title: str  # the paper's own title as printed, "" where none
    partner: str  # ISO 3166-1 alpha-2
    level: Level
    institutions: tuple[Institution, ...]
    fields: tuple[str, ...]
    signatories: tuple[Signatory, ...]
    signed_on: date | None
    signed_precision: str  # day | month | year | ""
    place: str
    relation: Relation
    confidence: float
    reasons: tuple[str, ...]  # why this confidence, in words
    evidence: tuple[Evidence, ...]

    @property
    def quote(self) -> Evidence | None:
        """The sentence that proves the claim: the evidence of slot `claim`."""
        return next((e for e in self.evidence if e.slot == "claim"), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What detection makes of one article: its label, its reports (the foremost first), and each step in words."""

    label: Label
    reports: tuple[Report, ...]
    why: tuple[str, ...]
