"""The agreements of one partner as a function of the set of reports: whatever order they arrive in, the same come out.

Reports are put together in the order of their publication (`Member.place`), each by its facts with what went before
(`linking`). A report that arrives late takes its place in that order, and only what was published after it is put
together anew: two threads may become one, or one two. Reports that a person has placed (`bindings`) stand first.

An agreement keeps its key: it goes with the report on which it was told, else with its earliest. Where two become one,
the other is `joined` to it; that it was told goes with the report on which it was.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pipeline.agreements.bindings import UNBOUND, Bindings, bound, said
from pipeline.agreements.life import ENOUGH, belongs
from pipeline.agreements.linking import (
    Group,
    Rows,
    best,
    best_row,
    facts_of_group,
    facts_of_member,
    parent_of,
    register_threads,
    widened,
)
from pipeline.agreements.matching import Match
from pipeline.agreements.merging import (
    FURTHER_SOURCE,
    SECOND_SOURCE,
    UNVERIFIED_CEILING,
    changes,
    conflicts,
    merge,
)
from pipeline.agreements.register import agreement_key, member_of_row
from pipeline.agreements.sources import Member, Thread, origins
from pipeline.model import Agreement, Label, Linked, Relation, Stage, Standing, Trust, digest

FRESH = timedelta(hours=96)
"""How old a report may be when it is found and still count among those that make an act sure: the three days of the
shipped watch and the day that a bare date leaves open."""

ACTS = frozenset({Stage.SIGNED, Stage.RENEWED, Stage.IN_FORCE, Stage.ANNOUNCED})

_DECIDED = Match(points=ENOUGH, why=("a person placed it here",))


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouped:
    """An agreement that these reports touched: as it now stands, as it stood, and its reports.

    `joined` are agreements that became part of it; `parted` is the one that its reports belonged to, where it is new.
    `why` says of each of its reports, in words, why it is here, as far as that was decided now.
    """

    agreement: Agreement
    before: Agreement | None
    members: tuple[Member, ...]
    joined: tuple[Agreement, ...] = ()
    parted: str | None = None
    why: Mapping[str, tuple[str, ...]]

    @property
    def created(self) -> bool:
        """Whether it did not stand before these reports."""
        return self.before is None or not self.before.reports


@dataclass(frozen=True, slots=True, kw_only=True)
class Regrouped:
    """What a set of reports led to. `retired` are agreements that no longer stand by themselves: before, and now."""

    groups: tuple[Grouped, ...]
    retired: tuple[tuple[Agreement, Agreement], ...]

    def of(self, report: str) -> Grouped:
        """The agreement that holds a report (key) that was given. Raises KeyError for one that was not."""
        for each in self.groups:
            if report in each.agreement.reports:
                return each
        raise KeyError(report)


def regroup(
    newcomers: Sequence[Member],
    threads: Sequence[Thread],
    register: Rows = (),
    by: Bindings = UNBOUND,
    *,
    gone: Collection[str] = (),
    whole: bool = False,
) -> Regrouped:
    """Put `newcomers` among the stored agreements with their partner, each with all its reports, retired ones too;
    `gone` are reports that are no longer made. `whole`: put everything together anew, as rules or decisions changed.
    """
    held = {each.report.key: each for thread in threads for each in thread.members}
    members = {key: each for key, each in held.items() if key not in gone}
    members |= {each.report.key: each for each in newcomers}
    moved = {*gone, *(each.report.key for each in newcomers)}
    places = [each.place for each in (*newcomers, *(held[key] for key in moved if key in held))]
    if not (places or whole):
        return Regrouped(groups=(), retired=())
    start = None if whole else min(places)
    groups = _together(members, threads, register, by, start)
    olds = {thread.agreement.key: thread for thread in threads}
    heirs = _keyed(groups, olds)
    touched = [group for group in groups if whole or _touched(group, olds, {each.report.key for each in newcomers})]
    done = tuple(_grouped(group, groups, olds, heirs, by) for group in touched)
    kept = {group.key for group in groups}
    retired = tuple(
        (old.agreement, _retired(old.agreement, heirs.get(key)))
        for key, old in olds.items()
        if key not in kept and old.members
    )
    return Regrouped(groups=done, retired=retired)


def _together(
    members: Mapping[str, Member],
    threads: Sequence[Thread],
    register: Rows,
    by: Bindings,
    start: tuple[datetime, str] | None,
) -> list[Group]:
    """The groups of all reports. What was published before `start` stays as it stands."""
    known = register_threads(register, {each.report.partner for each in members.values()})
    by_key = {agreement_key(name): rows for name, rows in known.items()}
    stood = {report: thread.agreement.key for thread in threads for report in thread.agreement.reports}
    registered = {thread.agreement.key: thread.agreement.register for thread in threads}
    groups: dict[str, Group] = {}
    late: list[Member] = []
    for each in sorted(members.values(), key=lambda one: one.place):
        pinned = by.pins.get(each.report.key)
        place = pinned or stood.get(each.report.key)
        if place is None or (pinned is None and (start is None or each.place >= start)):
            late.append(each)
            continue
        group = groups.setdefault(place, Group(rows=by_key.get(place, ())))
        group.key = place if pinned else group.key
        group.said = said(place, by) if pinned else group.said
        group.add(each, _DECIDED if pinned else None)
    for key, group in groups.items():
        row = registered.get(key)
        rows = next((rows for rows in known.values() if any(one.id == row for one in rows)), ()) if row else ()
        if rows and not group.rows and agreement_key(rows[0].thread) not in groups:
            group.rows = rows
        if key in by_key:
            group.key = key
    found = list(groups.values())
    for each in late:
        _place(each, found, known)
    return found


def _place(newcomer: Member, groups: list[Group], register: Mapping[str, Rows]) -> None:
    mine = facts_of_member(newcomer)
    fit = best(newcomer, mine, groups)
    if fit is not None:
        fit[0].add(newcomer, fit[1])
        return
    row = best_row(mine, register, [group.rows for group in groups])
    if row is not None:
        key = agreement_key(row[0][0].thread)
        group, known = Group(rows=row[0], key=key), f"known from the register ({row[0][0].id})"
        group.add(newcomer, Match(points=row[1].points, why=(known, *row[1].why)))
        groups.append(group)
        return
    parent = parent_of(mine, groups)
    why: tuple[str, ...] = ("no stored agreement has these facts",)
    if parent is not None:
        why = (*why, f"a new paper in a chain: {', '.join(parent[1].why)}")
    group = Group(parent=parent[0] if parent is not None else None)
    group.add(newcomer, Match(points=0.0, why=why))
    groups.append(group)


def _keyed(groups: list[Group], olds: Mapping[str, Thread]) -> dict[str, Group]:
    """Give every group its key; and which group each stored agreement goes on as."""
    taken = {group.key: group for group in groups if group.key is not None}
    holder = {each.report.key: group for group in groups for each in group.members}
    heirs: dict[str, Group] = {}
    for key, old in olds.items():
        left = [each for each in old.members if each.report.key in holder]
        if key in taken:
            heirs[key] = taken[key]
        elif left:
            told_on = old.agreement.told_on
            first = min(left, key=lambda one: (one.report.key not in told_on, one.place))
            heirs[key] = holder[first.report.key]
    for group in groups:
        if group.key is None:
            mine = [old.agreement for key, old in olds.items() if key not in taken and heirs.get(key) is group]
            used = {*taken, *(key for key, old in olds.items() if old.members)}
            group.key = min(mine, key=_seniority).key if mine else _new_key(group, used)
            taken[group.key] = group
    return heirs


def _seniority(agreement: Agreement) -> tuple[object, ...]:
    return not agreement.told, agreement.first_discovered, agreement.key


def _new_key(group: Group, taken: Collection[str]) -> str:
    first = min(group.members, key=lambda one: one.place).report
    key = digest("agreement", first.partner, first.key)
    while key in taken:  # by an agreement that it founded and went out of
        key = digest("agreement", first.partner, key)
    return key


def _touched(group: Group, olds: Mapping[str, Thread], newcomers: Collection[str]) -> bool:
    mine = {each.report.key for each in group.members}
    old = olds.get(group.key or "")
    return old is None or bool(mine & set(newcomers)) or mine != set(old.agreement.reports)


def _grouped(
    group: Group, groups: list[Group], olds: Mapping[str, Thread], heirs: Mapping[str, Group], by: Bindings
) -> Grouped:
    key = group.key or ""
    before = olds[key].agreement if key in olds else None
    mine = [olds[old].agreement for old, heir in heirs.items() if heir is group]
    parent = group.parent.key if group.parent is not None else None
    members = tuple(sorted(group.members, key=lambda each: each.place))
    agreement = bound(agreement_of(members, group.rows, key=key, before=before, parent=parent), by)
    reports = set(agreement.reports)
    everywhere = {each.report.key for one in groups for each in one.members}
    told_on = {
        report
        for old in olds.values()
        for report in old.agreement.told_on
        if report in reports or (old.agreement in mine and report not in everywhere)
    }
    known = bool(group.rows) or any(old.told and not old.told_on for old in mine)
    agreement = replace(agreement, told_on=tuple(sorted(told_on)), told=bool(told_on) or known)
    if before is not None:
        agreement = replace(agreement, revision=before.revision + bool(changes(before, agreement)))
    came = next((thread.agreement.key for thread in olds.values() if set(thread.agreement.reports) & reports), None)
    disputed = conflicts((*map(member_of_row, group.rows), *members))
    return Grouped(
        agreement=agreement,
        before=before,
        members=members,
        joined=tuple(old for old in mine if old.key != key and old.key not in {one.key for one in groups}),
        parted=came if before is None or not before.reports else None,
        why={report: (_opening(match, key), *disputed) for report, match in group.why.items()},
    )


def _opening(match: Match, key: str) -> str:
    words = ", ".join(match.why)
    return f"the agreement {key}: {words} ({match.points:g} points)" if match.points else words


def agreement_of(
    members: tuple[Member, ...], rows: Rows, *, key: str, before: Agreement | None = None, parent: str | None = None
) -> Agreement:
    """The agreement of these reports. The register lends it its facts; when and by whom it was reported is what the
    articles say."""
    if not rows:
        return replace(merge(members, key=key, before=before, parent=parent), register=None)
    merged = merge((*map(member_of_row, rows), *members), key=key, before=before, parent=parent)
    heard = merge(members, key=key)
    return replace(
        merged,
        register=rows[0].id,
        reports=heard.reports,
        sources=heard.sources,
        first_published=heard.first_published,
        first_discovered=heard.first_discovered,
        last_reported=heard.last_reported,
    )


def _retired(agreement: Agreement, heir: Group | None) -> Agreement:
    """An agreement that no longer stands by itself: part of another one, or told by no report any longer."""
    standing = Standing.JOINED if heir is not None else Standing.LOST
    return replace(agreement, reports=(), standing=standing, joined=heir.key if heir is not None else None)


def membership(thread: Thread, register: Rows = (), by: Bindings = UNBOUND) -> dict[str, Match]:
    """Why each report (by its key) belongs to an agreement: the points of its facts against those of all its other
    reports, or that a person placed it there. One that stands alone has none to be compared with."""
    known = register_threads(register, {each.report.partner for each in thread.members})
    row = thread.agreement.register
    rows = next((rows for rows in known.values() if any(one.id == row for one in rows)), ()) if row else ()
    found: dict[str, Match] = {}
    for each in thread.members:
        others = [one for one in thread.members if one is not each]
        if by.pins.get(each.report.key) == thread.agreement.key:
            found[each.report.key] = _DECIDED
        elif not others and not rows:
            found[each.report.key] = Match(points=0.0, why=("the only report of it",))
        else:
            facts = widened(facts_of_group(others, rows), said(thread.agreement.key, by))
            match = belongs(facts_of_member(each), facts)
            alone = Match(points=0.0, why=("not by its facts alone: it was put together with what went before it",))
            found[each.report.key] = match or alone
    return found


def linked(group: Grouped, report: Member) -> Linked:
    """What became of one report, for planning what is told of it."""
    before = group.before
    return Linked(
        report=report.report,
        agreement=group.agreement,
        created=group.created,
        changed=changes(before, group.agreement) if before is not None and not group.created else (),
        why=group.why.get(report.report.key, ()),
        together=together(group.members),
        backed=any(is_act(each) and each.trust is not Trust.UNVERIFIED for each in group.members),
    )


def is_act(member: Member) -> bool:
    """Whether a report tells of the act itself while it was news."""
    report = member.report
    if report.label is not Label.AGREEMENT or report.relation is not Relation.NEW or report.stage not in ACTS:
        return False
    return member.published is None or member.discovered - member.published <= FRESH


def together(members: Sequence[Member]) -> float:
    """How sure the reports of an act make it together: the surest of them and a bonus for each independent source more.
    Unverified outlets count as one, only beside a verified one, and never for more than they may; 0 where no second
    source reports the act."""
    acts = tuple(each for each in members if is_act(each))
    verified = [each for each in acts if each.trust is not Trust.UNVERIFIED]
    if not verified:
        return 0.0
    source = origins(tuple(members))
    sources = {source[each.report.key] for each in verified}
    others = {source[each.report.key] for each in acts} - sources
    number = len(sources) + bool(others)
    if number < 2:
        return 0.0
    surest = max(
        min(each.report.confidence, UNVERIFIED_CEILING if each.trust is Trust.UNVERIFIED else 1.0) for each in acts
    )
    return round(min(0.99, surest + SECOND_SOURCE + FURTHER_SOURCE * min(3, number - 2)), 4)
