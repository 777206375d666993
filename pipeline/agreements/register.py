"""The register of known agreements: what keeps an old agreement from being new again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from pipeline.agreements.matching import Facts, Phase, title_words
from pipeline.agreements.organs import organs
from pipeline.agreements.sources import Member
from pipeline.agreements.spans import Span
from pipeline.model import (
    Institution,
    Instrument,
    Label,
    Level,
    Relation,
    Report,
    Stage,
    Trust,
    digest,
)

ACTS = frozenset({Stage.SIGNED, Stage.RENEWED, Stage.IN_FORCE, Stage.IMPLEMENTED})

_SLACK = {"day": 0, "pm1": 1, "approx": 7}


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterEntry:
    """One row: a stage of a known agreement, facts only.

    `precision` is day, pm1 (a day either way) or approx; `level` may also be b2b or academic; `instrument` is the
    class, `instrument_kind` the finer kind of the register. Rows that are stages of one act share `thread`; `parent`
    names the thread that a renewal or a follow-on paper continues. `relevance` is core, marginal, update, negative,
    b2b or unverified.
    """

    id: str
    thread: str
    parent: str | None
    on: date
    precision: str
    partner: str
    partner_name: str
    institutions: tuple[str, ...]
    partner_institutions: tuple[str, ...]
    level: str
    instrument: Instrument
    instrument_kind: str
    title: str
    fields: tuple[str, ...]
    stage: Stage
    relevance: str
    place: str
    source_url: str
    certainty: str
    note: str

    @property
    def known(self) -> bool:
        """True where the row stands for something that was done between states and is believed."""
        believed = self.relevance in ("core", "marginal", "update") and self.level in set(Level)
        return believed and self.stage in (*ACTS, Stage.ANNOUNCED)

    @property
    def span(self) -> Span:
        slack = timedelta(days=_SLACK.get(self.precision, 0))
        return Span(low=self.on - slack, high=self.on + slack)


def agreement_key(thread: str) -> str:
    """The key of the agreement that a thread of the register stands for."""
    return digest("register", thread)


def facts_of_rows(rows: tuple[RegisterEntry, ...]) -> Facts:
    """What is compared of a thread of the register; `rows` are its known rows, at least one."""
    acts = tuple(row for row in rows if row.stage in ACTS)
    dated = tuple(row for row in acts if row.stage is not Stage.IMPLEMENTED) or acts
    return Facts(
        partners=frozenset({rows[0].partner}),
        subnational=any(row.level == Level.SUBNATIONAL for row in rows),
        home=organs(one for row in rows for one in row.institutions),
        abroad=organs(one for row in rows for one in row.partner_institutions if "_" in one and " " not in one),
        instruments=frozenset(row.instrument for row in rows) - {Instrument.NONE},
        fields=frozenset(name for row in rows for name in row.fields),
        title=frozenset().union(*(title_words(row.title) for row in rows)),
        acts=tuple(row.span for row in dated),
        first=min(row.on for row in rows),
        last=max(row.on for row in rows),
        phase=Phase.ACT if acts else Phase.TALK,
        relation=Relation.NEW,
        renewed=any(row.stage is Stage.RENEWED for row in rows),
    )


def member_of_row(row: RegisterEntry) -> Member:
    """A row as a report among reports, so that merging needs no second rule. It counts as an official source."""
    day = datetime(row.on.year, row.on.month, row.on.day, tzinfo=UTC)
    level = Level(row.level) if row.level in set(Level) else Level.G2G
    abroad = tuple(one for one in row.partner_institutions if "_" in one and " " not in one)
    return Member(
        report=Report(
            key=f"register:{row.id}",
            article=f"register:{row.id}",
            label=Label.AGREEMENT,
            stage=row.stage,
            instrument=row.instrument,
            instrument_printed="",
            title="",
            partner=row.partner,
            level=level,
            institutions=(
                *(Institution(id=one, name=one, country="ID") for one in row.institutions),
                *(Institution(id=one, name=one, country=row.partner) for one in abroad),
            ),
            fields=row.fields,
            signatories=(),
            signed_on=row.on,
            signed_precision="day" if row.precision in ("day", "pm1") else "month",
            place=row.place,
            relation=Relation.NEW,
            confidence={"high": 0.95, "medium": 0.85}.get(row.certainty, 0.6),
            reasons=(f"register {row.id}, certainty {row.certainty}",),
            evidence=(),
        ),
        outlet="register",
        trust=Trust.OFFICIAL,
        published=day,
        discovered=day,
    )
