"""Decides what is told, and when: at once, in the digest, in the starting picture, or not at all. Pure.

    copy? ─ yes ─► stored          relation, label, watch ─ out ─► stored
    baseline? ─ yes ─► starting picture (7 days) or stored
    a new act, sure enough, from a trusted source, not told before ─► at once, if fresh; else digest, "found late"
    everything else worth telling ─► digest
    told to this channel before: changed ─► update or digest; unchanged ─► its message counts it, or stored

What tells readers of an agreement sets `Notice.tells`: whoever stores the notice marks the agreement as told, and no
later report of it alerts at once. Talks and announcements in a digest do not use that up. Every decision is in words.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from pipeline.model import (
    Article,
    Label,
    Level,
    Linked,
    Notice,
    Outlet,
    Relation,
    Report,
    Stage,
    Standing,
    Trust,
    Urgency,
)

FOUND_LATE = "found late"
UNCONFIRMED = "unconfirmed"
TALKS = "talks"
ENDED = "ended"
PROGRESS = "progress"
LESS_SURE = "less sure"
CONFIRMED = "confirmed since"
ALREADY = "told already"
UPDATED = "update"
RENEWAL = "renewal"
"""Headings of digest lines; `words` has them in the reader's language."""


class Updates(StrEnum):
    """Which changes of an agreement that was told are said at once, below its message; others are digest lines."""

    ENDED = "ended"  # that it ended, was cancelled or withdrawn
    ALL = "all"  # each new fact
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """What a channel is told about. The defaults are the shipped watch; an empty tuple restricts nothing.

    `confidence` is what an immediate alert needs, `digest_confidence` what a digest line needs (0 to 1). `levels` and
    `stages` are those that alert at once; others still reach the digest. `declared` lets an agreement that ministers
    or leaders declare without a signing alert like a signing. `max_age` is publication to discovery, `max_act_age` act
    to publication, `baseline_window` how far back an outlet's first poll is told. `at_once` False
    leaves everything to the digest. `counts`: the channel edits what it sent, so that a first message can count the
    outlets that report the same.
    """

    confidence: float = 0.80
    digest_confidence: float = 0.50
    levels: tuple[Level, ...] = (Level.G2G, Level.AGENCY, Level.SOE)
    stages: tuple[Stage, ...] = (Stage.SIGNED, Stage.RENEWED, Stage.IN_FORCE)
    declared: bool = True
    partners: tuple[str, ...] = ()  # ISO 3166-1 alpha-2
    fields: tuple[str, ...] = ()
    institutions: tuple[str, ...] = ()  # ids of the lexicon; of either side
    languages: tuple[str, ...] = ()  # ISO 639-1, of the article
    max_age: timedelta = timedelta(hours=72)
    max_act_age: timedelta = timedelta(days=30)
    baseline_window: timedelta = timedelta(days=7)
    at_once: bool = True
    updates: Updates = Updates.ENDED
    counts: bool = False


SHIPPED = Watch()


def plan(
    linked: tuple[Linked, ...],
    article: Article,
    outlet: Outlet,
    watch: Watch,
    *,
    now: datetime,
    baseline: bool = False,
    copy_of: Trust | None = None,
    repeats: Mapping[str, float] | None = None,
    age_rules: bool = True,
    digested: Collection[str] = (),
    elsewhere: Collection[str] = (),
) -> tuple[Notice, ...]:
    """What to tell of one article's reports, one notice per linked report, in the same order.

    Ages count to the article's discovery, not to `now`, so that a replay decides as on the day; but where the clock was
    set back since, discovery counts as `now`.
    `baseline`: the page was found by its outlet's first poll. `copy_of`: the article is a near-verbatim copy, and this
    is the trust of the outlet that had it first; a copy tells nothing by itself, except that a trusted outlet's copy of
    an unverified text stands for the text. `repeats` has the agreements that the copied text reports too, each with how
    sure it is of it (None: all of them): what only the copy reports, or makes sure, it tells by itself.
    `age_rules` is off where a person asks about one undated text. `digested`
    names agreements whose present revision a digest already holds: without a material change they are not told again.
    `elsewhere` names agreements that were told, but never over this watch's channel: to it they are new.
    """
    case = _Case(
        article=article,
        outlet=outlet,
        watch=watch,
        seen=min(article.discovered_at, now),
        baseline=baseline or article.baseline,
        copy_of=copy_of,
        repeats=repeats,
        age_rules=age_rules,
    )
    notices: list[Notice] = []
    told: set[str] = set()
    for link in linked:
        key = link.agreement.key
        known = (link.agreement.told and key not in elsewhere) or key in told
        decision = _decide(link, case, known=known, digested=key in digested, elsewhere=key in elsewhere)
        if decision.tells:
            told.add(key)
        notices.append(
            Notice(
                agreement=link.agreement,
                report=link.report,
                urgency=decision.urgency,
                why=decision.why,
                heading=decision.heading,
                tells=decision.tells,
            )
        )
    return tuple(notices)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """What is the same for all reports of one article."""

    article: Article
    outlet: Outlet
    watch: Watch
    seen: datetime
    baseline: bool
    copy_of: Trust | None
    repeats: Mapping[str, float] | None
    age_rules: bool

    def repeated(self, link: Linked) -> bool:
        """Whether a report only says again what the copied text says."""
        trusted_now = self.copy_of is Trust.UNVERIFIED and self.outlet.trust is not Trust.UNVERIFIED
        if self.copy_of is None or trusted_now or "stage" in link.changed:  # a re-issue: "will sign" became "signed"
            return False
        if self.repeats is None:
            return True
        said = self.repeats.get(link.agreement.key)
        makes_sure = said is not None and said < self.watch.confidence <= link.report.confidence
        return said is not None and (link.agreement.told or not makes_sure)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Decision:
    urgency: Urgency
    why: tuple[str, ...]
    heading: str = ""
    tells: bool = False


def _decide(link: Linked, case: _Case, *, known: bool, digested: bool, elsewhere: bool) -> _Decision:
    out = _out_of_watch(link, case)
    counts = known and case.watch.counts and not out and not case.baseline
    if case.repeated(link):
        return _untold("a copy of an article that was read before: counted, not told", counts=counts)
    if out:
        return _stored(out)
    if known and not link.changed:
        return _untold("this agreement was told before and the report changes nothing in it", counts=counts)

    obstacles = _obstacles(link, case, known=known)
    reasons = tuple(why for _, why in obstacles) or _merits(link, case.watch)
    if case.baseline:
        heading = obstacles[0][0] if obstacles else ""
        return _starting_picture(case, reasons, heading=heading, tells=not obstacles)
    late, ages = _lateness(link.report, case) if case.age_rules else ((), "its age was not asked about")
    if elsewhere and case.seen - link.agreement.first_discovered > case.watch.max_age:
        late = (*late, f"known for more than {_span(case.watch.max_age)}, and told to others then")
    if not obstacles and not late:
        if not case.watch.at_once:
            return _Decision(urgency=Urgency.DIGEST, why=(*reasons, ages, "this channel has digests only"), tells=True)
        return _Decision(urgency=Urgency.AT_ONCE, why=(*reasons, ages), tells=True)
    if known and not late and _said_at_once(link, case.watch, obstacles):
        heading = ENDED if link.report.stage is Stage.ENDED else UPDATED
        return _Decision(urgency=Urgency.UPDATE, why=(*reasons, ages), heading=heading)
    if digested and not link.created and not link.changed:
        return _stored(*reasons, "a digest already has it and nothing changed")
    heading = obstacles[0][0] if obstacles else FOUND_LATE
    return _Decision(urgency=Urgency.DIGEST, why=(*reasons, *late), heading=heading, tells=not obstacles)


def _said_at_once(link: Linked, watch: Watch, obstacles: list[tuple[str, str]]) -> bool:
    """Whether a change of what was told is said at once: one that is sure, of a kind that the watch asks for."""
    if not watch.at_once or watch.updates is Updates.NONE:
        return False
    if any(heading in {UNCONFIRMED, LESS_SURE, TALKS} for heading, _ in obstacles):
        return False
    return watch.updates is Updates.ALL or link.report.stage is Stage.ENDED


def _untold(why: str, *, counts: bool) -> _Decision:
    return _Decision(urgency=Urgency.COUNTER if counts else Urgency.STORED, why=(why,))


def _stored(*why: str) -> _Decision:
    return _Decision(urgency=Urgency.STORED, why=why)


def _starting_picture(case: _Case, reasons: tuple[str, ...], *, heading: str, tells: bool) -> _Decision:
    """An outlet's first poll: what it printed within the window comes as one message, older is only stored."""
    window, published = case.watch.baseline_window, case.article.published
    if published is not None and case.seen - published.instant > window:
        return _stored(*reasons, f"found by the outlet's first poll, older than {_span(window)}: stored, not told")
    undated = " (undated: counted from discovery)" if published is None else ""
    why = f"found by the outlet's first poll: part of the starting picture{undated}"
    return _Decision(urgency=Urgency.STARTING_PICTURE, why=(*reasons, why), heading=heading, tells=tells)


def _out_of_watch(link: Linked, case: _Case) -> str:
    """Why a report is told to nobody under this watch, "" where it may be told."""
    report, watch = link.report, case.watch
    if link.agreement.standing is Standing.REJECTED:
        return "a person decided that this is no agreement"
    if report.label is Label.OTHER:
        return "no agreement or talks between two states"
    if report.relation is Relation.BACKGROUND:
        return "the article only recalls this agreement"
    if report.confidence < watch.digest_confidence:
        return f"confidence {report.confidence:.2f} is below {watch.digest_confidence:.2f}: stored, not told"
    if watch.partners and report.partner not in watch.partners:
        return f"partner {report.partner or 'unknown'} is not watched"
    if watch.fields and not set(watch.fields) & {*report.fields, *link.agreement.fields}:
        return f"none of its fields ({', '.join(report.fields) or 'none'}) is watched"
    named = {each.id for each in (*report.institutions, *link.agreement.institutions)}
    if watch.institutions and not set(watch.institutions) & named:
        return f"none of its institutions ({', '.join(sorted(named)) or 'none'}) is watched"
    if watch.languages and case.article.language not in watch.languages:
        return f"language {case.article.language} is not watched"
    return ""


def _obstacles(link: Linked, case: _Case, *, known: bool) -> list[tuple[str, str]]:
    """Why a report does not alert at once whatever its age: (heading of the digest line, reason), gravest first."""
    report, agreement, watch = link.report, link.agreement, case.watch
    found: list[tuple[str, str]] = []
    if report.stage is Stage.ENDED:
        found.append((ENDED, "an ending is a change of status, not a new agreement"))
    elif report.label is Label.EXPLORATORY:
        found.append((TALKS, "talks, not an agreement yet"))
    elif report.relation is Relation.UPDATE:
        found.append((PROGRESS, "later progress, not the act itself"))
    elif not (report.stage in watch.stages or (watch.declared and report.stage is Stage.ANNOUNCED)):
        found.append((PROGRESS, f"stage {report.stage} does not alert at once"))
    if known:
        found.append((PROGRESS, f"told before; changed since: {', '.join(link.changed)}"))
    if agreement.register is not None:
        found.append((PROGRESS, f"known from the register ({agreement.register})"))
    if report.level not in watch.levels:
        found.append((LESS_SURE, f"level {report.level} does not alert at once"))
    if case.outlet.trust is Trust.UNVERIFIED and not link.backed:
        found.append((UNCONFIRMED, f"{case.outlet.name} is unverified and never alerts at once alone"))
    if not _sure(link, watch):
        found.append((LESS_SURE, f"confidence {report.confidence:.2f} is below {watch.confidence:.2f}"))
    return found


def _sure(link: Linked, watch: Watch) -> bool:
    """The report is sure enough, or the independent reports of the act together are."""
    return max(link.report.confidence, link.together) >= watch.confidence


def _merits(link: Linked, watch: Watch) -> tuple[str, ...]:
    report = link.report
    act = "declared agreement" if report.stage is Stage.ANNOUNCED else f"stage {report.stage}"
    sure = max(report.confidence, link.together)
    return (
        f"first report of this agreement's act: {act}, level {report.level}",
        f"confidence {sure:.2f} reaches {watch.confidence:.2f}",
    )


def _lateness(report: Report, case: _Case) -> tuple[tuple[str, ...], str]:
    """Why the report is too old for an immediate alert, and what its age is counted from; both in words."""
    seen, watch, published = case.seen, case.watch, case.article.published
    late: list[str] = []
    if published is None:
        reference = seen
        ages = "the page gives no time of publication: its age counts from discovery"
    else:
        reference = published.instant
        end = reference + (timedelta(days=1) if published.precision == "day" else timedelta())
        age = seen - end
        ages = f"published {_span(seen - reference)} before it was discovered"
        if reference - seen > timedelta(days=1):
            ages = "its printed time lies in the future: taken as fresh"
            reference = seen
        elif age > watch.max_age:
            late.append(f"{ages}, more than {_span(watch.max_age)}")
    act = _act_ends(report)
    if act is not None and reference.date() - act > watch.max_act_age:
        late.append(f"the act was {(reference.date() - act).days} days before, more than {watch.max_act_age.days}")
    return tuple(late), ages


def _act_ends(report: Report) -> date | None:
    """The last day on which the act can have been, given the precision with which its date is printed."""
    day = report.signed_on
    if day is None:
        return None
    if report.signed_precision == "year":
        return date(day.year, 12, 31)
    if report.signed_precision == "month":
        return day.replace(day=monthrange(day.year, day.month)[1])
    return day


def _span(span: timedelta) -> str:
    minutes = max(0, round(span / timedelta(minutes=1)))
    if minutes < 120:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 6000 else f"{minutes // 1440} days"
