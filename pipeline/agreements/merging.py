"""An agreement as a function of the set of its reports: recomputed whole, so arrival order does not matter."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from pipeline.agreements.matching import Phase, phase_of
from pipeline.agreements.organs import kindred
from pipeline.agreements.quoted import papers, same_person, signers
from pipeline.agreements.sources import Member, counted, origins
from pipeline.model import Agreement, Institution, Instrument, Level, Relation, Signatory, Stage, Trust

T = TypeVar("T", bound=Hashable)

MATERIAL = ("partner", "instrument", "stage", "signed_on")
"""Slots whose change makes a new revision."""

MAX_FIELDS = 5
MAX_INSTITUTIONS = 12
MAX_SIGNATORIES = 20
MAX_NAMED = 4
SELDOM = 4
"""A field or organ that fewer than one in this many independent sources name is left out."""

SECOND_SOURCE = 0.10
FURTHER_SOURCE = 0.03
UNVERIFIED_CEILING = 0.75

_STAGES = {stage: place for place, stage in enumerate(Stage) if stage is not Stage.NONE}
_PRECISION = {"day": 3, "month": 2, "year": 1, "": 0}


def merge(
    members: tuple[Member, ...], *, key: str, before: Agreement | None = None, parent: str | None = None
) -> Agreement:
    """The agreement that these reports make up. What is not theirs (told, register, decision, revision) is kept from
    `before`. The majority of independent sources leads each slot; among equals the more authoritative, then earlier.
    Once an act is reported, its day and paper are what reports of the act and of what followed say, not of the talks.

    Raises `ValueError` without reports.
    """
    if not members:
        raise ValueError("an agreement needs a report")
    ordered = tuple(sorted(members, key=lambda each: (each.seen, each.report.key)))
    source = origins(ordered)
    telling = counted(ordered)
    acting = tuple(m for m in telling if phase_of(m.report) is not Phase.TALK) or telling
    instrument = next(
        (found for some in (acting, telling) if (found := _lead(some, source, _instrument, empty=Instrument.NONE))),
        Instrument.NONE,
    )
    dated = _lead(
        acting,
        source,
        lambda m: (m.report.signed_on, m.report.signed_precision) if m.report.signed_on else None,
        finer=lambda value: _PRECISION.get(value[1], 0) if value else 0,
    )
    confidence, reasons = _confidence(ordered, telling, source)
    merged = Agreement(
        key=key,
        partner=_lead(telling, source, lambda m: m.report.partner, empty="") or "",
        level=_lead(telling, source, lambda m: m.report.level) or Level.G2G,
        stage=_stage(telling),
        instrument=instrument,
        instrument_printed=_lead(
            tuple(m for m in telling if m.report.instrument is instrument),
            source,
            lambda m: m.report.instrument_printed,
            empty="",
        )
        or "",
        title=_lead(telling, source, lambda m: m.report.title, empty="") or "",
        institutions=_institutions(telling, source),
        fields=_fields(telling, source),
        signatories=_signatories(telling),
        signed_on=dated[0] if dated else None,
        signed_precision=dated[1] if dated else "",
        place=_place(telling, source),
        confidence=confidence,
        reasons=reasons,
        revision=1,
        first_published=min((m.published for m in ordered if m.published is not None), default=None),
        first_discovered=min(m.discovered for m in ordered),
        last_reported=max(m.seen for m in ordered),
        sources=_origins_of(telling, source),
        reports=tuple(m.report.key for m in ordered),
        parent=parent,
    )
    if before is None:
        return merged
    return replace(
        merged,
        revision=before.revision + bool(changes(before, merged)),
        parent=parent or before.parent,
        register=before.register,
        told=before.told,
        decision=before.decision,
    )


def changes(before: Agreement, after: Agreement) -> tuple[str, ...]:
    """The material slots in which two states of one agreement differ."""
    return tuple(slot for slot in MATERIAL if getattr(before, slot) != getattr(after, slot))


def conflicts(members: tuple[Member, ...]) -> tuple[str, ...]:
    """Where reports contradict one another, and who says what; in words. The day and the class of a paper are those of
    its act, once one is reported; who signed contradicts only where two reports name nobody in common for a side."""
    acting = tuple(m for m in members if phase_of(m.report) is not Phase.TALK) or members
    sides = sorted({one.side for m in acting for one in m.report.signatories if one.side})
    found = (
        _disputed("signed_on", [(m, str(m.report.signed_on)) for m in acting if m.report.signed_on]),
        _disputed(
            "instrument", [(m, m.report.instrument) for m in acting if m.report.instrument is not Instrument.NONE]
        ),
        *(_disputed(f"who signed for {side}", _named(acting, side)) for side in sides),
        _disputed("how many papers", [(m, str(count)) for m in acting if (count := papers(m.report)) is not None]),
    )
    return tuple(filter(None, found))


def _disputed(what: str, answers: Iterable[tuple[Member, str]]) -> str:
    by_value: dict[str, list[str]] = defaultdict(list)
    for each, answer in answers:
        by_value[answer].append(each.outlet)
    if len(by_value) < 2:
        return ""
    parts = (f"{answer} ({', '.join(sorted(set(who))[:MAX_NAMED])})" for answer, who in by_value.items())
    return f"reports differ on {what}: " + "; ".join(sorted(parts))


def _named(members: tuple[Member, ...], side: str) -> Iterator[tuple[Member, str]]:
    """Who signed for a side by each report that names somebody: a person under the fullest of the names."""
    said = [(m, signers(m.report.signatories, side)) for m in members]
    names = sorted({name for _, some in said for name in some}, key=lambda name: (-len(name), name))
    people: list[set[str]] = []
    for name in names:
        mine = [each for each in people if any(same_person(name, one) for one in each)]
        people = [each for each in people if each not in mine] + [{name}.union(*mine)]
    for each, some in said:
        met = [max(one, key=lambda name: (len(name), name)) for one in people if one & set(some)]
        if met:
            yield each, min(met, key=lambda person: (-_backed(person, people, said), person))


def _backed(person: str, people: list[set[str]], said: list[tuple[Member, tuple[str, ...]]]) -> int:
    """How many reports name a person: of two whom a report names, the one that others name too stands for it."""
    mine = next(each for each in people if person in each)
    return sum(bool(mine & set(some)) for _, some in said)


def _lead(
    members: tuple[Member, ...],
    source: dict[str, str],
    value: Callable[[Member], T | None],
    *,
    empty: T | None = None,
    finer: Callable[[T | None], int] = lambda _: 0,
) -> T | None:
    """The value most independent sources give: of each origin its most authoritative report votes."""
    votes: dict[str, Member] = {}
    for each in members:
        if value(each) in (None, empty):
            continue
        held = votes.get(source[each.report.key])
        if held is None or each.rank > held.rank:
            votes[source[each.report.key]] = each
    tally: dict[T | None, list[Member]] = defaultdict(list)
    for each in votes.values():
        tally[value(each)].append(each)
    if not tally:
        return None
    return min(
        tally,
        key=lambda answer: (
            -finer(answer),
            -len(tally[answer]),
            -max(m.rank for m in tally[answer]),
            min((m.seen, m.report.key) for m in tally[answer]),
        ),
    )


def _instrument(member: Member) -> Instrument:
    return member.report.instrument


def _stage(members: tuple[Member, ...]) -> Stage:
    stages = [m.report.stage for m in members if m.report.stage is not Stage.NONE]
    return max(stages, key=lambda stage: _STAGES[stage], default=Stage.NONE)


def _voters(members: tuple[Member, ...], source: dict[str, str], names: Callable[[Member], list[T]]) -> dict[T, int]:
    """How many independent sources name each thing, in order of first mention."""
    who: dict[T, set[str]] = {}
    for each in members:
        for name in names(each):
            who.setdefault(name, set()).add(source[each.report.key])
    return {name: len(origin) for name, origin in who.items()}


def _fields(members: tuple[Member, ...], source: dict[str, str]) -> tuple[str, ...]:
    """What the leading report names, and what at least two independent ones do: a passing mention is none of them."""
    votes = _voters(members, source, lambda m: list(m.report.fields))
    often = _often(votes, _origins_of(members, source))
    lead = min(members, key=_leading).report.fields
    kept = [*lead, *(name for name in votes if name not in lead and votes[name] > 1 and name in often)]
    return tuple(sorted(kept, key=lambda name: -votes[name])[:MAX_FIELDS])


def _leading(member: Member) -> tuple[bool, bool, int, float, datetime, str]:
    """Reports of the act itself that name fields first, by authority, then the surest, then the earliest."""
    report = member.report
    act = report.relation is Relation.NEW
    return not report.fields, not act, -member.rank, -report.confidence, member.seen, report.key


def _place(members: tuple[Member, ...], source: dict[str, str]) -> str:
    """Where most print that it happened, of the act's own reports first; where a paper was filed only if none does."""
    printed = tuple(m for m in members if not m.filed)
    acts = tuple(m for m in printed if m.report.relation is Relation.NEW)
    for some in (acts, printed, members):
        place = _lead(some, source, lambda m: m.report.place, empty="")
        if place:
            return place
    return ""


def _often(votes: dict[T, int], sources: int) -> dict[T, int]:
    return {name: count for name, count in votes.items() if count * SELDOM >= sources}


def _institutions(members: tuple[Member, ...], source: dict[str, str]) -> tuple[Institution, ...]:
    """Those that independent sources name often enough; of kindred ones, one that is named before one that is only
    described."""
    every = [one for each in reversed(members) for one in each.report.institutions]
    first = {one.id: one for one in sorted(every, key=lambda one: not one.described)}
    said = _voters(members, source, lambda m: [one.id for one in m.report.institutions])
    votes = _often(said, _origins_of(members, source))
    named = [key for key in votes if not first[key].described]
    meant = [key for key in votes if not (first[key].described and any(kindred(key, one) for one in named))]
    return tuple(first[key] for key in sorted(meant, key=lambda key: -votes[key])[:MAX_INSTITUTIONS])


def _origins_of(members: tuple[Member, ...], source: dict[str, str]) -> int:
    return len({source[m.report.key] for m in members})


def _signatories(members: tuple[Member, ...]) -> tuple[Signatory, ...]:
    """Everyone who is named as signing, exchanging or witnessing: conflicting names are all kept."""
    kept: dict[tuple[str, str], Signatory] = {}
    for each in sorted(members, key=lambda m: (-m.rank, m.seen, m.report.key)):
        for one in each.report.signatories:
            kept.setdefault((one.name.casefold(), one.side), one)
    return tuple(kept.values())[:MAX_SIGNATORIES]


def _confidence(
    members: tuple[Member, ...], telling: tuple[Member, ...], source: dict[str, str]
) -> tuple[float, tuple[str, ...]]:
    best = min(telling, key=lambda m: (-m.report.confidence, -m.rank, m.seen, m.report.key))
    value, reasons = best.report.confidence, list(best.report.reasons)
    independent = _origins_of(tuple(m for m in telling if m.report.relation is not Relation.BACKGROUND), source)
    if independent > 1:
        value += SECOND_SOURCE + FURTHER_SOURCE * min(3, independent - 2)
        reasons.append(f"{independent} independent sources")
    reprints = len(members) - _origins_of(members, source)
    if reprints:
        reasons.append(f"{reprints} reprint(s) counted with their origin")
    if all(m.trust is Trust.UNVERIFIED for m in members):
        value = min(value, UNVERIFIED_CEILING)
        reasons.append("only unverified outlets report it")
    return round(min(value, 0.99), 4), tuple(dict.fromkeys(reasons))
