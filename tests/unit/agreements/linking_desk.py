"""Reports in a line each, and a desk that links one after the other."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from pipeline.agreements import Member, RegisterEntry, Thread, linked, regroup
from pipeline.model import (
    Institution,
    Instrument,
    Label,
    Level,
    Linked,
    Relation,
    Report,
    Stage,
    Trust,
)

TALKS = (Stage.EXPLORING, Stage.NEGOTIATING, Stage.ANNOUNCED)


def report(
    key: str = "a/0",
    *,
    stage: Stage = Stage.SIGNED,
    partner: str = "NZ",
    home: str = "komdigi",
    abroad: str = "nz_mbie",
    fields: str = "space",
    on: str = "",
    instrument: Instrument = Instrument.MOU,
    relation: Relation = Relation.NEW,
    title: str = "",
    level: Level = Level.G2G,
) -> Report:
    """`~` marks an organ that is only described."""
    return Report(
        key=key,
        article=key.split("/", maxsplit=1)[0],
        label=Label.EXPLORATORY if stage in TALKS else Label.AGREEMENT,
        stage=stage,
        instrument=instrument,
        instrument_printed=instrument,
        title=title,
        partner=partner,
        level=level,
        institutions=(
            *(
                Institution(id=one.lstrip("~"), name=one, country="ID", described=one.startswith("~"))
                for one in home.split()
            ),
            *(Institution(id=one, name=one, country=partner) for one in abroad.split()),
        ),
        fields=tuple(fields.split()),
        signatories=(),
        signed_on=date.fromisoformat((on + "-01-01")[:10]) if on else None,
        signed_precision={10: "day", 7: "month", 4: "year", 0: ""}[len(on)],
        place="",
        relation=relation,
        confidence=0.85,
        reasons=("a signing verb with an instrument",),
        evidence=(),
    )


def at(one: Report, day: str, *, outlet: str = "", trust: Trust = Trust.PRESS, copy: str | None = None) -> Member:
    when = datetime.fromisoformat(day).replace(hour=9, tzinfo=UTC)
    return Member(
        report=one,
        outlet=outlet or f"outlet-{one.key}",
        trust=trust,
        published=when,
        discovered=when + timedelta(minutes=4),
        duplicate_of=copy,
    )


@dataclass
class Desk:
    """Links one report after the other, as `run.py` does with the store's candidates."""

    register: tuple[RegisterEntry, ...] = ()
    threads: dict[str, Thread] = field(default_factory=dict)

    def take(self, one: Member) -> Linked:
        near = tuple(thread for thread in self.threads.values() if thread.agreement.partner == one.report.partner)
        found = regroup((one,), near, self.register)
        for gone, _ in found.retired:
            del self.threads[gone.key]
        for each in found.groups:
            self.threads[each.agreement.key] = Thread(agreement=each.agreement, members=each.members)
        return linked(found.of(one.report.key), one)

    def clusters(self) -> set[frozenset[str]]:
        return {frozenset(each.report.key for each in thread.members) for thread in self.threads.values()}
