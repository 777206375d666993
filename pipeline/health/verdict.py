"""The verdict on each source, from what is kept of it and of all others. Pure: no clock, no store, no file.

    our network? ─► lists refused, moved, down ─► articles refused ─► challenges ─► redesigned ─► silent ─► quiet

Every source has exactly one verdict, the first that holds in this order. Nothing here switches a source off.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from pipeline.health import layout, polling
from pipeline.health.calendar import name_of
from pipeline.health.history import with_rhythm
from pipeline.health.remedies import NETWORK_REMEDY, remedy
from pipeline.health.silence import allowed, working_hours
from pipeline.model import Outlet, Tier
from pipeline.sight import BLIND, WELL, Finding, Horizon, Outage, Sight, State

TURNS, OUTAGES = 24, 8
READERS_AFTER = timedelta(hours=2)
"""How long our network, or half of the must tier, is blind before readers are told."""

QUIET_AFTER = timedelta(hours=12)
"""Silence by the clock that is worth a word, where it is within the outlet's rhythm."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A verdict that changed; `outlet` is None for our network as a whole."""

    outlet: str | None
    before: Finding | None
    after: Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """All verdicts, and what changed with them. `readers` is "blind", "seeing" or "" where they are told nothing."""

    sights: Mapping[str, Sight]
    horizon: Horizon
    turns: tuple[Turn, ...]
    readers: str = ""


def assess(
    outlets: Mapping[str, Outlet],
    sights: Mapping[str, Sight],
    horizon: Horizon,
    now: datetime,
    *,
    only: Collection[str] | None = None,
) -> Assessment:
    """The verdict on every enabled outlet of `outlets`, given what is kept of them.

    `only` names those of which something is new (None: all); other verdicts stay, unless our network comes or goes.
    """
    known = {slug: sights.get(slug) or Sight(outlet=slug) for slug, each in outlets.items() if each.enabled}
    horizon, turns = _network(known, horizon)
    judged: dict[str, Sight] = {}
    everyone = only is None or bool(turns)
    for slug, sight in known.items():
        if not everyone and only is not None and slug not in only and sight.finding is not None:
            judged[slug] = sight
            continue
        fresh = with_rhythm(sight, outlets[slug], now)
        judged[slug] = _settled(fresh, *judge(fresh, outlets[slug], known, horizon, now))
        turn = _turn(sight, judged[slug])
        if turn is not None:
            turns.append(turn)
    horizon, readers = _readers(outlets, judged, horizon, now)
    return Assessment(sights=judged, horizon=horizon, turns=tuple(turns), readers=readers)


def judge(
    sight: Sight, outlet: Outlet, others: Mapping[str, Sight], horizon: Horizon, now: datetime
) -> tuple[Finding, layout.Fault | None]:
    """What the outlet's history says of it now, with the fault in its pages where it says redesigned for that."""
    if not sight.polls:
        return _finding(State.UNKNOWN, now, "", outlet), None
    outage, raw = horizon.outage, polling.list_trouble(sight.polls)
    if outage is not None and raw is not None and raw.since >= outage.since:
        words = f"nothing has answered since {_utc(outage.since)}; this source: {raw.words}"
        return _finding(State.NETWORK, outage.since, words, outlet), None
    standing = sight.finding.state if sight.finding is not None else None
    polls = polling.counted(sight.polls, horizon.outages)
    lists = polling.list_trouble(polls)
    if lists is not None:
        if lists.enough and polling.proven(others, sight.outlet, lists.since):
            words = f"{_times(lists.polls)}: {lists.words}"
            return _finding(lists.state, lists.since, words, outlet), None
        if sight.finding is not None and standing in _LASTING:  # only an answer ends it
            return sight.finding, None
    pages = polling.page_trouble(polls)
    if pages is not None and (pages.enough or standing is pages.state):
        words = f"its lists answer, its articles do not: {pages.words}"
        return _finding(pages.state, pages.since, words, outlet), None
    challenge = layout.blocked(sight.pages, standing=standing is State.BLOCKED)
    if challenge is not None:
        words = (
            "challenge, consent or login pages instead of articles, answered with status 200, the first:"
            f" {challenge.url}"
        )
        return _finding(State.BLOCKED, challenge.at, words, outlet), None
    fault = layout.redesigned(sight, outlet, standing=standing is State.REDESIGNED)
    if fault is not None:
        return _finding(State.REDESIGNED, fault.since, fault.evidence, outlet), fault
    return _by_rhythm(sight, outlet, sight.polls[-1].words, now), None


_LASTING = frozenset({State.BLOCKED, State.MOVED, State.DOWN, State.ROBOTS, State.REDESIGNED})


def _by_rhythm(sight: Sight, outlet: Outlet, words: str, now: datetime) -> Finding:
    """`ok`, `quiet` or `silent`. Silence ends with the last answer: what was not asked cannot have been silent."""
    since, until, rhythm = sight.last_new, sight.last_answer, sight.rhythm
    if since is None or until is None or rhythm is None:  # it has never answered, and not been asked often enough
        return _finding(State.UNKNOWN, now, words, outlet)
    hours, limit = working_hours(rhythm, outlet, since, until), allowed(rhythm, outlet, since, until)
    length = until - since
    plain = _span(length)
    learned = "its own history" if rhythm.learned else "what is usual"
    if hours > limit:
        evidence = (
            f"nothing new for {plain}, {hours:.0f} working hours of its own, where {limit:.0f} are the most by"
            f" {learned}; its lists answer"
        )
        return _finding(State.SILENT, since, evidence, outlet)
    if length > max(QUIET_AFTER, timedelta(hours=rhythm.limit)):
        feast = name_of(until.astimezone(ZoneInfo(outlet.zone)).date(), outlet.country)
        because = f" ({feast})" if feast else ""
        evidence = f"nothing new for {plain}, which is within its rhythm{because}"
        return _finding(State.QUIET, since, evidence, outlet)
    return _finding(State.OK, now, words, outlet)


def _finding(state: State, since: datetime, evidence: str, outlet: Outlet) -> Finding:
    return Finding(state=state, since=since, evidence=evidence[:600], remedy=remedy(state, outlet))


def _settled(sight: Sight, found: Finding, fault: layout.Fault | None) -> Sight:
    """The sight with its verdict: one that stands keeps its beginning, a redesign its last good and first bad page.

    While our network is gone the verdict before it is kept: what held then holds again until the next poll.
    """
    standing = sight.finding
    if found.state is State.NETWORK:
        held = sight.before if standing is not None and standing.state is State.NETWORK else standing
        return replace(sight, finding=found, before=held)
    if standing is not None and standing.state is State.NETWORK:
        standing = sight.before
    kept = replace(sight, before=None)
    if found.state is not State.REDESIGNED:
        if sight.first_bad is not None:  # its bad pages are no history
            since, good = sight.first_bad.at, sight.pages[-layout.CLOSING :]
            kept = replace(kept, pages=(*(page for page in sight.pages if page.at < since), *good))
        kept = replace(kept, first_bad=None, last_good=None)
    elif fault is not None and sight.first_bad is None:
        kept = replace(kept, first_bad=fault.first_bad, last_good=fault.last_good)
    if standing is not None and standing.state is found.state:
        return replace(kept, finding=replace(found, since=standing.since))
    turns = (*sight.turns, standing)[-TURNS:] if standing is not None else sight.turns
    return replace(kept, finding=found, turns=turns)


def _turn(sight: Sight, after: Sight) -> Turn | None:
    """The change of verdict that this is. Our network is nobody's own verdict: it comes and goes as one for all."""
    standing = sight.finding
    if standing is not None and standing.state is State.NETWORK:
        standing = sight.before
    found = after.finding
    if found is None or found.state is State.NETWORK or (standing is not None and standing.state is found.state):
        return None
    if standing is None and found.state in WELL:
        return None
    return Turn(outlet=after.outlet, before=standing, after=found)


def _network(sights: Mapping[str, Sight], horizon: Horizon) -> tuple[Horizon, list[Turn]]:
    """The horizon with our own outages as they are now, and the turn where one began or ended."""
    lasting = horizon.outage
    answer = max((each.last_answer for each in sights.values() if each.last_answer), default=None)
    if lasting is None:
        since = polling.our_outage(sights, horizon.outages)
        if since is None:
            return horizon, []
        asked = [each for each in sights.values() if each.polls and not each.polls[-1].answered]
        words = f"none of the {len(asked)} sources asked since {_utc(since)} has answered"
        opened = Finding(state=State.NETWORK, since=since, evidence=words, remedy=NETWORK_REMEDY)
        outages = (*horizon.outages, Outage(since=since))[-OUTAGES:]
        return replace(horizon, outages=outages), [Turn(outlet=None, before=None, after=opened)]
    if answer is None or answer <= lasting.since:
        return horizon, []
    ended = replace(lasting, until=answer)
    closed = Finding(
        state=State.OK, since=answer, evidence=f"sources answer again after {_span(answer - lasting.since)}"
    )
    opened = Finding(state=State.NETWORK, since=lasting.since)
    outages = tuple(ended if each is lasting else each for each in horizon.outages)
    return replace(horizon, outages=outages), [Turn(outlet=None, before=opened, after=closed)]


def _readers(
    outlets: Mapping[str, Outlet], sights: Mapping[str, Sight], horizon: Horizon, now: datetime
) -> tuple[Horizon, str]:
    """Whether readers are to be told that Kawat is blind, or sees again: each once."""
    must = [each for slug, each in sights.items() if outlets[slug].tier is Tier.MUST]
    blind = [each.finding.since for each in must if each.finding is not None and each.finding.state in BLIND]
    outage = horizon.outage
    since = outage.since if outage is not None else None
    if must and 2 * len(blind) >= len(must):
        half = sorted(blind)[(len(must) + 1) // 2 - 1]  # when the half was full
        since = min(since, half) if since is not None else half
    if since is None:
        told = horizon.readers_told is not None
        return replace(horizon, blind_since=None, readers_told=None), "seeing" if told else ""
    since = min(since, horizon.blind_since) if horizon.blind_since is not None else since
    if horizon.readers_told is None and now - since >= READERS_AFTER:
        return replace(horizon, blind_since=since, readers_told=now), "blind"
    return replace(horizon, blind_since=since), ""


def _times(polls: int) -> str:
    return "the last poll failed" if polls == 1 else f"{polls} polls failed in a row"


def _span(length: timedelta) -> str:
    hours = length // timedelta(hours=1)
    if hours < 1:
        return f"{length // timedelta(minutes=1)} min"
    return f"{hours} h" if hours < 72 else f"{hours // 24} days"


def _utc(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
