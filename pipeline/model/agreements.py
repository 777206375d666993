"""One agreement behind many reports, and what people decided of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from pipeline.model.reports import Institution, Instrument, Level, Report, Signatory, Stage


class Standing(StrEnum):
    """Whether an agreement counts: `rejected` by a person; `joined` to another, of which it is part; `lost`: no report
    tells of it any longer."""

    STANDS = "stands"
    REJECTED = "rejected"
    JOINED = "joined"
    LOST = "lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """The event itself: one per real-world agreement, many reports, across outlets and languages.

    `stage` is the furthest stage any counted report gives. `register` names the row of the register it stands for.
    `revision` grows with each material change (party, instrument, stage, date).
    """

    key: str
    partner: str
    level: Level
    stage: Stage
    instrument: Instrument
    instrument_printed: str
    title: str
    institutions: tuple[Institution, ...]
    fields: tuple[str, ...]
    signatories: tuple[Signatory, ...]
    signed_on: date | None
    signed_precision: str
    place: str
    confidence: float
    reasons: tuple[str, ...]
    revision: int
    first_published: datetime | None
    first_discovered: datetime
    last_reported: datetime
    sources: int  # independent ones: reprints of one origin count once
    reports: tuple[str, ...]  # report keys, oldest first
    parent: str | None = None
    register: str | None = None
    told: bool = False  # somebody was told of it as new
    decision: str = ""
    told_on: tuple[str, ...] = ()  # keys of the reports on which it was told
    standing: Standing = Standing.STANDS
    joined: str | None = None  # where it stands no longer by itself: the agreement that it is part of
    edited: tuple[str, ...] = ()  # slots that a person has set


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """The outcome of linking one report: the agreement as it now stands, and in words why it is that one."""

    report: Report
    agreement: Agreement
    created: bool
    changed: tuple[str, ...]  # names of materially changed slots
    why: tuple[str, ...]
    together: float = 0.0  # how sure the fresh reports of its act make it together, where two independent ones do
    backed: bool = False  # an outlet that is not unverified reports the act too


class DecisionKind(StrEnum):
    MERGE = "merge"
    SPLIT = "split"
    EDIT = "edit"
    REJECT = "reject"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a person decided of an agreement: it binds what is read later, and holds when everything is read again.

    `reports` stay with (or come to) `agreement`, `parted` go to `other`. `values` are the slots an edit sets, as text.
    """

    id: int
    kind: DecisionKind
    agreement: str
    other: str | None
    partner: str
    reports: tuple[str, ...]
    parted: tuple[str, ...]
    values: tuple[tuple[str, str], ...]
    author: str
    reason: str
    at: datetime
    undone_at: datetime | None = None
    undone_by: str = ""
    undone_why: str = ""
    further: str = ""  # a second partner that it speaks of, "" where there is none: both are put together as one
