"""Which agreement does a report speak of? A stored one, one the register knows, or a new one.

    the report's own thread (a replay, a revised article) ─► that one
    the best thread by facts (`life.belongs`)              ─► that one
    a thread of the register                               ─► an agreement made from its rows, already told
    else                                                   ─► a new agreement, with the one it continues as parent

Two reports of one article are two agreements. `told` is never set here but for the register: planning does that.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from pipeline.agreements.life import ENOUGH, belongs, continues
from pipeline.agreements.matching import Facts, Match, Phase, facts_of, organs, phase_of, title_words
from pipeline.agreements.merging import changes, conflicts, merge
from pipeline.agreements.register import ACTS, RegisterEntry, agreement_key, facts_of_rows, member_of_row
from pipeline.agreements.sources import Member, Thread, counted, member
from pipeline.agreements.spans import span_of
from pipeline.model import Agreement, Article, Instrument, Level, Linked, Outlet, Relation, Report, Stage, digest

COPY_BONUS = 4.0
"""Points for the thread that holds a report of the text this one repeats."""

_PHASES = (Phase.ACT, Phase.AFTER, Phase.END, Phase.TALK)


def link(
    report: Report,
    article: Article,
    outlet: Outlet,
    candidates: tuple[Thread, ...],
    register: tuple[RegisterEntry, ...],
    *,
    now: datetime,
    duplicate_of: str | None = None,
) -> Linked:
    """Link one report of an article. `candidates` are the stored agreements with this partner (or any superset),
    each with all its reports; `duplicate_of` is the key of the article this one repeats. `now` bounds printed times:
    what claims to lie in the future counts from discovery.
    """
    newcomer = member(report, article, outlet, duplicate_of=duplicate_of)
    if newcomer.published is not None and newcomer.published > now:
        newcomer = replace(newcomer, published=None)
    return link_member(newcomer, candidates, register)


def link_member(newcomer: Member, candidates: Sequence[Thread], register: tuple[RegisterEntry, ...] = ()) -> Linked:
    """`link`, for a report that already stands with its source."""
    report = newcomer.report
    known = _register_threads(register, report.partner)
    threads = sorted(candidates, key=lambda thread: thread.agreement.key)
    own = next((thread for thread in threads if report.key in thread.agreement.reports), None)
    if own is not None:
        return _join(newcomer, own, Match(points=ENOUGH, why=("the same report, read again",)), known)
    mine = facts_of(report, newcomer.day)
    best = _best(newcomer, mine, threads, known)
    if best is not None:
        return _join(newcomer, *best, known)
    held = {thread.agreement.register for thread in threads}
    row = _best_row(mine, known, held)
    if row is not None:
        return _from_register(newcomer, *row)
    parent = _parent(mine, threads, known)
    agreement = merge(
        (newcomer,),
        key=digest("agreement", report.partner, report.key),
        parent=parent[0].agreement.key if parent else None,
    )
    why = ["no stored agreement has these facts"]
    if parent:
        why.append(f"a new paper in the chain of {parent[0].agreement.key}: {', '.join(parent[1].why)}")
    return Linked(report=report, agreement=agreement, created=True, changed=(), why=tuple(why))


def _join(newcomer: Member, thread: Thread, match: Match, known: dict[str, tuple[RegisterEntry, ...]]) -> Linked:
    before = thread.agreement
    others = tuple(each for each in thread.members if each.report.key != newcomer.report.key)
    rows = tuple(member_of_row(row) for row in _rows_of(before.register, known))
    everyone = (*rows, *others, newcomer)
    after = merge(everyone, key=before.key, before=before)
    if rows:
        after = _told_by(after, (*others, newcomer))
    return Linked(
        report=newcomer.report,
        agreement=after,
        created=False,
        changed=changes(before, after),
        why=(f"the agreement {before.key}: {', '.join(match.why)}", *conflicts(everyone)),
    )


def _from_register(newcomer: Member, rows: tuple[RegisterEntry, ...], match: Match) -> Linked:
    members = (*(member_of_row(row) for row in rows), newcomer)
    merged = merge(members, key=agreement_key(rows[0].thread))
    agreement = replace(_told_by(merged, (newcomer,)), register=rows[0].id, told=True)
    why = f"known from the register ({rows[0].id}): {', '.join(match.why)}"
    return Linked(report=newcomer.report, agreement=agreement, created=True, changed=(), why=(why,))


def _told_by(agreement: Agreement, members: tuple[Member, ...]) -> Agreement:
    """The register lends an agreement its facts; when and by whom it was reported is what the articles say."""
    heard = merge(members, key=agreement.key)
    return replace(
        agreement,
        reports=heard.reports,
        sources=heard.sources,
        first_published=heard.first_published,
        first_discovered=heard.first_discovered,
        last_reported=heard.last_reported,
    )


def _best(
    newcomer: Member, mine: Facts, threads: list[Thread], known: dict[str, tuple[RegisterEntry, ...]]
) -> tuple[Thread, Match] | None:
    found: list[tuple[Thread, Match]] = []
    for thread in threads:
        if any(each.report.article == newcomer.report.article for each in thread.members):
            continue
        facts = facts_of_thread(thread, _rows_of(thread.agreement.register, known))
        if thread.agreement.register is not None and facts.phase is Phase.TALK and mine.phase is not Phase.TALK:
            continue  # the register knew the announcement only: its signing is news
        match = belongs(mine, facts)
        if match is None:
            continue
        if newcomer.duplicate_of and any(each.report.article == newcomer.duplicate_of for each in thread.members):
            match = Match(points=match.points + COPY_BONUS, why=(*match.why, "a copy of a text reporting it"))
        if match.points >= ENOUGH:
            found.append((thread, match))
    return max(
        found, key=lambda pair: (pair[1].points, pair[0].agreement.last_reported, pair[0].agreement.key), default=None
    )


def _best_row(
    mine: Facts, known: dict[str, tuple[RegisterEntry, ...]], held: set[str | None]
) -> tuple[tuple[RegisterEntry, ...], Match] | None:
    found = []
    for rows in known.values():
        if any(row.id in held for row in rows):
            continue
        fitting = tuple(row for row in rows if (row.stage in ACTS) == (mine.phase is not Phase.TALK))
        if not fitting:
            continue  # fresh talks are no old act, and a known announcement must not swallow the signing that follows
        match = belongs(mine, facts_of_rows(fitting))
        if match is not None and match.points >= ENOUGH:
            found.append((rows, match))
    return max(found, key=lambda pair: (pair[1].points, pair[0][0].on, pair[0][0].id), default=None)


def _parent(
    mine: Facts, threads: list[Thread], known: dict[str, tuple[RegisterEntry, ...]]
) -> tuple[Thread, Match] | None:
    found = []
    for thread in threads:
        facts = facts_of_thread(thread, _rows_of(thread.agreement.register, known))
        match = continues(mine, facts)
        if match is not None:
            found.append((thread, match, facts.last))
    best = max(found, key=lambda each: (each[1].points, each[2], each[0].agreement.key), default=None)
    return best[:2] if best else None


def facts_of_thread(thread: Thread, rows: tuple[RegisterEntry, ...] = ()) -> Facts:
    """What is compared of a thread: the facts its counted reports give together, and its register rows'.

    Its phase is that of its act, once a report tells of it; dates and days are those of reports in that phase (a thread
    past its talks is as old as its first report of what followed).
    """
    everyone = (*(member_of_row(row) for row in rows), *thread.members)
    telling = counted(everyone)
    reports = [each.report for each in telling]
    agreement = thread.agreement
    phases = {phase_of(one) for one in reports}
    phase = next(phase for phase in _PHASES if phase in phases)
    spans = (span_of(one.signed_on, one.signed_precision) for one in reports if phase_of(one) is phase)
    days = [each.day for each in telling if (phase_of(each.report) is Phase.TALK) == (phase is Phase.TALK)]
    return Facts(
        partner=agreement.partner,
        subnational=agreement.level is Level.SUBNATIONAL,
        home=organs(one.id for each in reports for one in each.institutions if one.country == "ID"),
        abroad=organs(one.id for each in reports for one in each.institutions if one.country != "ID"),
        instruments=frozenset(one.instrument for one in reports) - {Instrument.NONE},
        fields=frozenset(name for one in reports for name in one.fields),
        title=frozenset().union(*(title_words(one.title) for one in reports)),
        acts=tuple(dict.fromkeys(span for span in spans if span is not None)),
        first=min(days),
        last=max(days),
        phase=phase,
        relation=Relation.NEW,
        renewed=any(one.stage is Stage.RENEWED for one in reports),
    )


def _register_threads(register: tuple[RegisterEntry, ...], partner: str) -> dict[str, tuple[RegisterEntry, ...]]:
    """The known rows with one partner, by thread, oldest first."""
    threads: dict[str, list[RegisterEntry]] = defaultdict(list)
    for row in register:
        if row.partner == partner and row.known:
            threads[row.thread].append(row)
    return {name: tuple(sorted(rows, key=lambda row: (row.on, row.id))) for name, rows in threads.items()}


def _rows_of(register_id: str | None, known: dict[str, tuple[RegisterEntry, ...]]) -> tuple[RegisterEntry, ...]:
    if register_id is None:
        return ()
    return next((rows for rows in known.values() if any(row.id == register_id for row in rows)), ())
