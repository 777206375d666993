"""Which agreement does a report speak of? One that stands already, one the register knows, or a new one.

    the best group by facts (`life.belongs`)  ─► that one
    a thread of the register                  ─► an agreement made from its rows, known to all
    else                                      ─► a new agreement, with the one it continues as parent

Two reports of one article are two agreements. Which reports are asked, and in which order, is `grouping`'s.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from pipeline.agreements.life import ENOUGH, belongs, continues
from pipeline.agreements.matching import Facts, Match, Phase, facts_of, phase_of, title_words
from pipeline.agreements.organs import only_described, organs
from pipeline.agreements.quoted import home_signers, marks, signers
from pipeline.agreements.register import ACTS, RegisterEntry, facts_of_rows, member_of_row
from pipeline.agreements.sources import Member, counted
from pipeline.agreements.spans import span_of
from pipeline.model import Institution, Instrument, Level, Relation, Stage

COPY_BONUS = 4.0
"""Points for the group that holds a report of the text this one repeats."""

Rows = tuple[RegisterEntry, ...]

_PHASES = (Phase.ACT, Phase.AFTER, Phase.END, Phase.TALK)


@dataclass(slots=True, kw_only=True, eq=False)
class Group:
    """Reports that speak of one agreement, while they are being put together.

    `key` is given where a person or the register gave it; `rows` are the register's, `said` the slots that a person
    set. `why` says in words, by report,
    what brought it here and how many points that is worth.
    """

    members: list[Member] = field(default_factory=list)
    key: str | None = None
    rows: Rows = ()
    said: Mapping[str, Any] = field(default_factory=dict)
    parent: Group | None = None
    why: dict[str, Match] = field(default_factory=dict)
    known: Facts | None = None

    def add(self, member: Member, why: Match | None = None) -> None:
        """Take a report in."""
        self.members.append(member)
        self.known = None
        if why is not None:
            self.why[member.report.key] = why

    @property
    def facts(self) -> Facts:
        """What is compared of it."""
        if self.known is None:
            self.known = widened(facts_of_group(self.members, self.rows), self.said)
        return self.known

    @property
    def place(self) -> tuple[object, ...]:
        """Sets apart groups that fit a report equally well: the one reported last goes first."""
        newest = max(self.members, key=lambda each: each.place, default=None)
        return newest.place if newest is not None else ()

    def has_article(self, article: str) -> bool:
        return any(each.report.article == article for each in self.members)


def facts_of_member(member: Member) -> Facts:
    """What is compared of one report."""
    return facts_of(member.report, member.day, member.last_day)


def best(newcomer: Member, mine: Facts, groups: Iterable[Group]) -> tuple[Group, Match] | None:
    """The group that a report belongs to by its facts; None where it belongs to none."""
    found: list[tuple[Group, Match]] = []
    for group in groups:
        if group.has_article(newcomer.report.article):
            continue
        if group.rows and group.facts.phase is Phase.TALK and mine.phase is not Phase.TALK:
            continue  # the register knew the announcement only: its signing is news
        match = belongs(mine, group.facts)
        if match is None:
            continue
        if newcomer.duplicate_of and group.has_article(newcomer.duplicate_of):
            match = Match(points=match.points + COPY_BONUS, why=(*match.why, "a copy of a text reporting it"))
        if match.points >= ENOUGH:
            found.append((group, match))
    past = mine.phase in (Phase.AFTER, Phase.END)  # of a paper rather than of mere talks

    def fit(pair: tuple[Group, Match]) -> tuple[float, bool, tuple[object, ...]]:
        group, match = pair
        return match.points, past and group.facts.phase is not Phase.TALK, group.place

    return max(found, key=fit, default=None)


def best_row(mine: Facts, register: Mapping[str, Rows], held: Iterable[Rows]) -> tuple[Rows, Match] | None:
    """The thread of the register that a report belongs to, of those that no group stands for."""
    taken = {rows[0].thread for rows in held if rows}
    found = []
    for thread, rows in register.items():
        if thread in taken:
            continue
        fitting = tuple(row for row in rows if (row.stage in ACTS) == (mine.phase is not Phase.TALK))
        if not fitting:
            continue  # fresh talks are no old act, and a known announcement must not swallow the signing that follows
        match = belongs(mine, facts_of_rows(fitting))
        if match is not None and match.points >= ENOUGH:
            found.append((rows, match))
    return max(found, key=lambda pair: (pair[1].points, pair[0][0].on, pair[0][0].id), default=None)


def parent_of(mine: Facts, groups: Iterable[Group]) -> tuple[Group, Match] | None:
    """The group whose chain a new paper continues."""
    found = [(group, match) for group in groups if (match := continues(mine, group.facts)) is not None]
    return max(found, key=lambda pair: (pair[1].points, pair[0].facts.last, pair[0].place), default=None)


def facts_of_group(members: Sequence[Member], rows: Rows = ()) -> Facts:
    """What is compared of a group: the facts its counted reports give together, and its register rows'.

    Its phase is that of its act, once a report tells of it; dates and days are those of reports in that phase (one past
    its talks is as old as its first report of what followed).
    """
    everyone = (*(member_of_row(row) for row in rows), *members)
    telling = counted(everyone)
    reports = [each.report for each in telling]
    phases = {phase_of(one) for one in reports}
    phase = next(phase for phase in _PHASES if phase in phases)
    spans = (span_of(one.signed_on, one.signed_precision) for one in reports if phase_of(one) is phase)
    timed = [each for each in telling if (phase_of(each.report) is Phase.TALK) == (phase is Phase.TALK)]
    timed = [each for each in timed if each.until is None] or timed  # a bare month says least
    return Facts(
        partners=frozenset(one.partner for one in reports),
        subnational=all(one.level is Level.SUBNATIONAL for one in reports),
        home=organs(one.id for each in reports for one in each.institutions if one.country != each.partner),
        abroad=organs(one.id for each in reports for one in each.institutions if one.country == each.partner),
        instruments=frozenset(one.instrument for one in reports) - {Instrument.NONE},
        fields=frozenset(name for one in reports for name in one.fields),
        title=frozenset().union(*(title_words(one.title) for one in reports)),
        acts=tuple(dict.fromkeys(span for span in spans if span is not None)),
        first=min(each.day for each in timed),
        last=max(each.last_day for each in timed),
        phase=phase,
        relation=Relation.NEW,
        renewed=any(one.stage is Stage.RENEWED for one in reports),
        described=only_described(each for one in reports for each in one.institutions),
        signers=frozenset(name for one in reports for name in home_signers(one)),
        partner_signers=frozenset(name for one in reports for name in signers(one.signatories, one.partner)),
        marks=frozenset(mark for one in reports for mark in marks(one)),
    )


def widened(facts: Facts, said: Mapping[str, Any]) -> Facts:
    """What is compared of an agreement that a person corrected: what its reports say, as further reports may, and what
    the person says."""
    if not said:
        return facts
    partners = facts.partners | {said.get("partner", "")} - {""}
    organs_said: tuple[Institution, ...] = said.get("institutions", ())
    span = span_of(said.get("signed_on"), said.get("signed_precision", ""))
    return replace(
        facts,
        partners=partners,
        home=facts.home | organs(one.id for one in organs_said if one.country not in partners),
        abroad=facts.abroad | organs(one.id for one in organs_said if one.country in partners),
        fields=facts.fields | frozenset(said.get("fields", ())),
        instruments=facts.instruments | {said.get("instrument", Instrument.NONE)} - {Instrument.NONE},
        acts=tuple(dict.fromkeys((*facts.acts, *((span,) if span is not None else ())))),
    )


def register_threads(register: Rows, partners: Collection[str]) -> dict[str, Rows]:
    """The known rows with these partners, by thread, oldest first."""
    threads: dict[str, list[RegisterEntry]] = defaultdict(list)
    for row in register:
        if row.partner in partners and row.known:
            threads[row.thread].append(row)
    return {name: tuple(sorted(rows, key=lambda row: (row.on, row.id))) for name, rows in threads.items()}
