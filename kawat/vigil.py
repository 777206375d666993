"""Watching the sources: takes in what polls and pages brought, has it judged, and tells the operator what changed.

Verdicts and the messages of their changes are stored in one transaction, so each change is told once. When many change
at once they come in one message. Readers hear only of a blindness that lasts, and of its end.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from pipeline.alert.channel import Audience, Channel
from pipeline.alert.compose import notice_to_operator, notice_to_readers
from pipeline.health import Assessment, Turn, assess, page_seen, poll_seen, with_pages, with_polls
from pipeline.model import Alert, Outlet
from pipeline.sight import WELL, Finding, Horizon, PageSeen, PollSeen, Sight, State
from pipeline.store import Store

AT_LEAST_EVERY = timedelta(minutes=1)
"""How often verdicts are looked at where nothing new was stored: silence grows by itself."""

SINGLY = 4
"""Changes that come as messages of their own; more come in one."""

BLIND_TEXTS: Mapping[str, tuple[str, str]] = {
    "en": (
        "Kawat cannot see the press at present",
        "Since {since} UTC Kawat has not been able to read {what}. New agreements may come late. Its operator knows."
        " You will be told when it sees again.",
    ),
    "id": (
        "Kawat sedang tidak dapat membaca pers",
        "Sejak {since} UTC Kawat tidak dapat membaca {what}. Kabar perjanjian baru bisa terlambat. Operatornya sudah"
        " tahu. Anda akan diberi tahu bila sudah pulih.",
    ),
}
SEEING_TEXTS: Mapping[str, tuple[str, str]] = {
    "en": (
        "Kawat sees the press again",
        "Kawat reads its sources again, since {since} UTC. What was missed is being caught up with.",
    ),
    "id": (
        "Kawat dapat membaca pers kembali",
        "Kawat membaca sumber-sumbernya kembali sejak {since} UTC. Yang terlewat sedang disusulkan.",
    ),
}
_WHAT = {
    True: {"en": "any of its sources", "id": "satu pun sumbernya"},
    False: {"en": "half or more of its most important sources", "id": "separuh atau lebih sumber terpentingnya"},
}


class Vigil:
    """One store's watch. `look` is called often and costs little where nothing has changed."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._looked: datetime | None = None
        self._known: tuple[Horizon, Mapping[str, Sight]] | None = None

    def look(self, outlets: Mapping[str, Outlet], channels: Iterable[Channel], now: datetime) -> int:
        """Judge all sources anew where something was stored or a minute has passed; how many messages that made."""
        store = self._store
        horizon = store.health.horizon()
        fresh = store.health.ends() != (horizon.run, horizon.revision, horizon.reject)
        if not fresh and self._looked is not None and timedelta() <= now - self._looked < AT_LEAST_EVERY:
            return 0
        whole = self._looked is None or not timedelta() <= now - self._looked < AT_LEAST_EVERY
        if whole:
            self._looked = now
        kept = store.health.sights() if self._known is None or self._known[0] != horizon else self._known[1]
        sights, ahead = self._taken_in(dict(kept), outlets, horizon)
        only = None if whole else {slug for slug, each in sights.items() if kept.get(slug) is not each}
        found = assess(outlets, sights, ahead, now, only=only)
        changed = [each for slug, each in found.sights.items() if kept.get(slug) != each]
        alerts = messages(found, outlets, tuple(channels), now)
        made = 0
        if changed or alerts or found.horizon != horizon:
            made = store.health.keep(changed, found.horizon, alerts)
        self._known = found.horizon, {**sights, **found.sights}
        return made

    def _taken_in(
        self, sights: dict[str, Sight], outlets: Mapping[str, Outlet], horizon: Horizon
    ) -> tuple[dict[str, Sight], Horizon]:
        """The sights with everything stored since the horizon, and the new horizon."""
        health = self._store.health
        polls: dict[str, list[PollSeen]] = defaultdict(list)
        pages: dict[str, list[PageSeen]] = defaultdict(list)
        while batch := health.polls(horizon.run):
            horizon = replace(horizon, run=batch[-1].number)
            for each in batch:
                if (poll := poll_seen(each.run)) is not None:
                    polls[each.run.outlet].append(poll)
        while articles := health.articles(horizon.revision):
            horizon = replace(horizon, revision=articles[-1].number)
            for article in articles:
                if (page := page_seen(article.read, article.page.at, article.page.record)) is not None:
                    pages[article.read.outlet].append(page)
        while rejects := health.rejects(horizon.reject):
            horizon = replace(horizon, reject=rejects[-1].number)
            for reject in rejects:
                if (page := page_seen(reject.read, reject.page.at, reject.page.record)) is not None:
                    pages[reject.read.outlet].append(page)
        for slug in polls.keys() | pages.keys():
            outlet = outlets.get(slug)
            if outlet is None:
                continue
            sight = sights.get(slug) or Sight(outlet=slug)
            sight = with_polls(sight, outlet, sorted(polls[slug], key=lambda each: each.at))
            sights[slug] = with_pages(sight, outlet, sorted(pages[slug], key=lambda each: each.at))
        return sights, horizon


def messages(
    found: Assessment, outlets: Mapping[str, Outlet], channels: tuple[Channel, ...], now: datetime
) -> tuple[Alert, ...]:
    """What operators are told of the changes, and readers of a blindness."""
    told = [turn for turn in found.turns if concerns(turn)]
    parts = [[turn] for turn in told] if len(told) <= SINGLY else [told]
    alerts: list[Alert] = []
    for channel in channels:
        if channel.audience is Audience.OPERATOR:
            for turns in parts:
                subject, body = _text(turns, found.sights, outlets)
                matter = "/".join(
                    f"{each.outlet or 'network'}:{each.after.state}:{each.after.since.isoformat()}" for each in turns
                )
                alerts += notice_to_operator(
                    subject, body, channel, matter=f"verdict/{matter}/{now.isoformat()}", now=now
                )
        elif found.readers:
            alerts += _to_readers(found, channel, now)
    return tuple(alerts)


def concerns(turn: Turn) -> bool:
    """Whether an operator is told: something went wrong, became something else, or is well again."""
    before = turn.before.state if turn.before is not None else State.UNKNOWN
    return before not in WELL or turn.after.state not in WELL


def _text(turns: list[Turn], sights: Mapping[str, Sight], outlets: Mapping[str, Outlet]) -> tuple[str, str]:
    if len(turns) == 1:
        return _subject(turns[0], outlets), "\n".join(_lines(turns[0], sights))
    lines = []
    for turn in turns:
        lines += [_subject(turn, outlets), *_lines(turn, sights), ""]
    return f"{len(turns)} verdicts on sources changed", "\n".join(lines)


def _subject(turn: Turn, outlets: Mapping[str, Outlet]) -> str:
    if turn.outlet is None:
        return "our network is gone" if turn.after.state is State.NETWORK else "our network is back"
    name = outlets[turn.outlet].name if turn.outlet in outlets else turn.outlet
    if turn.after.state in WELL:
        was = turn.before.state if turn.before is not None else State.UNKNOWN
        return f"{name} is well again (was {was})"
    return f"{name}: {turn.after.state}"


def _lines(turn: Turn, sights: Mapping[str, Sight]) -> list[str]:
    lines = []
    if turn.outlet is not None:
        lines.append(f"Source: {turn.outlet}. Verdict: {turn.after.state}, since {_utc(turn.after)}.")
        if turn.before is not None and turn.before.state not in WELL:
            lines.append(f"Before: {turn.before.state}, since {_utc(turn.before)}.")
    else:
        lines.append(f"Since {_utc(turn.after)}.")
    if turn.after.evidence:
        lines.append(f"Evidence: {turn.after.evidence}.")
    sight = sights.get(turn.outlet or "")
    if sight is not None and turn.after.state is State.REDESIGNED:
        for words, page in (("First bad page", sight.first_bad), ("Last good page", sight.last_good)):
            if page is not None:
                lines.append(f"{words}: {page.url}")
    if turn.after.remedy:
        lines.append(f"What to do: {turn.after.remedy}.")
    return lines


def _to_readers(found: Assessment, channel: Channel, now: datetime) -> tuple[Alert, ...]:
    blind = found.readers == "blind"
    since = found.horizon.blind_since if blind else now
    what = _WHAT[found.horizon.outage is not None]
    texts = {
        language: (subject, body.format(since=f"{since or now:%Y-%m-%d %H:%M}", what=what[language]))
        for language, (subject, body) in (BLIND_TEXTS if blind else SEEING_TEXTS).items()
    }
    return notice_to_readers(texts, channel, matter=f"{found.readers}/{now.isoformat()}", now=now)


def _utc(finding: Finding) -> str:
    return f"{finding.since:%Y-%m-%d %H:%M} UTC"
