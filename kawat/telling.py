"""From what was decided to what is told: alerts at once, and the messages that gather what waits.

A notice leaves its queue in the transaction that puts its message into the outbox: none can fall between two digests.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from kawat.standing import Health
from pipeline.alert.channel import Audience, Channel
from pipeline.alert.compose import at_once, citation, daily, digest_due, gathered, item, notice_to_operator, trial
from pipeline.model import Agreement, Alert, AlertKind, Article, Citation, Issue, Item, Notice, Outlet, Urgency
from pipeline.store import Store
from pipeline.store.values import Queued, Told
from pipeline.threads import unknown_outlet

GATHERED = {Urgency.STARTING_PICTURE: AlertKind.STARTING_PICTURE, Urgency.CATCH_UP: AlertKind.CATCH_UP}


class Telling:
    """What goes out of one store over the configured readers' channels."""

    def __init__(
        self, store: Store, channels: Iterable[Channel], outlets: Mapping[str, Outlet], *, installed: datetime
    ) -> None:
        self._store = store
        every = tuple(channels)
        self._channels = {each.name: each for each in every if each.audience is Audience.READERS}
        self._operators = [each for each in every if each.audience is Audience.OPERATOR]
        self._outlets = outlets
        self._installed = installed

    def at_once(self, notice: Notice, article: Article, outlet: Outlet, now: datetime) -> tuple[Alert, ...]:
        """One alert per recipient of the channel whose watch the notice fits (`pipeline.decide.Compose`)."""
        channel = self._channels.get(notice.channel)
        if channel is None:
            return ()
        others = self._others(notice, self._store.agreements.reports(notice.agreement.key))
        return at_once(item(notice, citation(article, outlet), others), channel, now=now)

    def digests(self, now: datetime, health: Callable[[], Health]) -> int:
        """Put the digests whose hour has come into the outbox; how many messages. One missed by sleep comes once.

        `health` tells how many sources are well, and which cannot be read.
        """
        made = 0
        for channel in self._channels.values():
            due = digest_due(channel, after=now - timedelta(days=1))
            if due is None or due > now or due <= self._installed:
                continue
            bare = daily((), channel, due_at=due, now=now, healthy=0, sources=0)  # whose keys are the real one's
            if self._store.outbox.known([each.key for each in bare]):
                continue
            waiting = self._waiting(channel, Urgency.DIGEST)
            found = health()
            alerts = daily(
                self._items(waiting),
                channel,
                due_at=due,
                now=now,
                healthy=found.well,
                sources=found.sources,
                blind=found.blind,
            )
            made += len(alerts) if self._store.notices.plan(alerts, [each.id for each in waiting], now) else 0
        return made

    def together(self, urgency: Urgency, now: datetime, facts: tuple[tuple[str, str], ...] = ()) -> int:
        """Put all that waits with this urgency into one message per recipient; how many messages. `facts` are what the
        message says of itself (`kawat.gaps`)."""
        made = 0
        for channel in self._channels.values():
            waiting = self._waiting(channel, urgency)
            if not waiting:
                continue
            items = self._items(waiting)
            alerts = gathered(GATHERED.get(urgency, AlertKind.DIGEST), items, channel, now=now, facts=facts)
            made += len(alerts) if self._store.notices.plan(alerts, [each.id for each in waiting], now) else 0
        return made

    def troubles(self, issues: Callable[[], Iterable[Issue]], now: datetime) -> int:
        """Tell the operator's channels what is wrong, each matter once a day while it lasts; how many messages."""
        if not self._operators:
            return 0
        alerts = [
            alert
            for each in issues()
            for channel in self._operators
            for alert in notice_to_operator(
                f"{each.subject}: {each.problem}",
                f"{each.problem}\n\nSince {each.since:%Y-%m-%d %H:%M} UTC. What to do: {each.remedy}.",
                channel,
                matter=f"{matter(each)}/{now:%Y-%m-%d}",
                now=now,
            )
            if not self._store.outbox.known([alert.key])
        ]
        return self._store.outbox.put(alerts) if alerts else 0

    def trials(self, channel: Channel, now: datetime) -> tuple[Alert, ...]:
        """A TEST message to every recipient of a channel."""
        return trial(channel, now=now)

    def _waiting(self, channel: Channel, urgency: Urgency) -> list[Queued]:
        return [each for each in self._store.notices.pending(urgency) if each.notice.channel in ("", channel.name)]

    def _items(self, waiting: Iterable[Queued]) -> list[Item]:
        """Queued notices with their agreements as they stand now; what several share is read once."""
        known: dict[str, tuple[Agreement | None, tuple[Told, ...]]] = {}
        items = []
        for notice in (each.notice for each in waiting):
            key = notice.agreement.key
            if key not in known:
                known[key] = self._store.agreements.get(key), self._store.agreements.reports(key)
            current, told = known[key]
            items.append(self._item(replace(notice, agreement=current or notice.agreement), told))
        return items

    def _item(self, notice: Notice, told: tuple[Told, ...]) -> Item:
        stored = self._store.articles.by_key(notice.report.article)
        others = self._others(notice, told)
        if stored is None:  # purged since; what was decided stands, without its source
            source = next(iter(others), _lost(notice))
        else:
            source = citation(stored.article, self._outlet(stored.head.outlet, stored.head.url))
        return item(notice, source, others)

    def _others(self, notice: Notice, told: tuple[Told, ...]) -> list[Citation]:
        names = {each.report.article: self._outlet(each.outlet, each.url).name for each in told}
        return [self._cited(each, names) for each in told if each.report.article != notice.report.article]

    def _cited(self, told: Told, names: Mapping[str, str]) -> Citation:
        outlet = self._outlet(told.outlet, told.url)
        return Citation(
            outlet=outlet.slug,
            outlet_name=outlet.name,
            trust=outlet.trust,
            url=told.url,
            title=told.title,
            published=told.published,
            discovered=told.discovered,
            language=told.language,
            summary_only=told.summary_only,
            reprint_of=names.get(told.duplicate_of or ""),
        )

    def _outlet(self, slug: str, url: str) -> Outlet:
        return self._outlets.get(slug) or unknown_outlet(slug, url)


def matter(issue: Issue) -> str:
    """What names a trouble while its numbers and its details change."""
    return f"{issue.subject}/{re.sub('[0-9]+', '', issue.problem.partition(':')[0])}"


def _lost(notice: Notice) -> Citation:
    outlet = unknown_outlet("", "")
    return Citation(
        outlet="",
        outlet_name="(deleted)",
        trust=outlet.trust,
        url="",
        title="",
        published=notice.agreement.first_published,
        discovered=notice.agreement.first_discovered,
        language="",
    )
