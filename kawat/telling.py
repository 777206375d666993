"""From what was decided to what is told: alerts at once, and the messages that gather what waits.

A notice leaves its queue in the transaction that puts its message into the outbox: none can fall between two digests.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from pipeline.alert.channel import Audience, Channel
from pipeline.alert.compose import at_once, citation, daily, digest_due, gathered, item, notice_to_operator, trial
from pipeline.model import Alert, AlertKind, Article, Citation, Issue, Item, Notice, Outlet, Urgency
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
        return at_once(item(notice, citation(article, outlet), self._others(notice)), channel, now=now)

    def digests(self, now: datetime, *, healthy: int, sources: int) -> int:
        """Put the digests whose hour has come into the outbox; how many messages. One missed by sleep comes once."""
        made = 0
        for channel in self._channels.values():
            due = digest_due(channel, after=now - timedelta(days=1))
            if due is None or due > now or due <= self._installed:
                continue
            waiting = self._waiting(channel, Urgency.DIGEST)
            items = [self._item(each.notice) for each in waiting]
            alerts = daily(items, channel, due_at=due, now=now, healthy=healthy, sources=sources)
            if self._store.outbox.known([each.key for each in alerts]):
                continue
            made += len(alerts) if self._store.notices.plan(alerts, [each.id for each in waiting], now) else 0
        return made

    def together(self, urgency: Urgency, now: datetime) -> int:
        """Put all that waits with this urgency into one message per recipient; how many messages."""
        made = 0
        for channel in self._channels.values():
            waiting = self._waiting(channel, urgency)
            if not waiting:
                continue
            items = [self._item(each.notice) for each in waiting]
            alerts = gathered(GATHERED.get(urgency, AlertKind.DIGEST), items, channel, now=now)
            made += len(alerts) if self._store.notices.plan(alerts, [each.id for each in waiting], now) else 0
        return made

    def troubles(self, issues: Iterable[Issue], now: datetime) -> int:
        """Tell the operator's channels what is wrong, each matter once a day while it lasts; how many messages."""
        if not self._operators:
            return 0
        alerts = [
            alert
            for channel in self._operators
            for each in issues
            for alert in notice_to_operator(
                f"{each.subject}: {each.problem}",
                f"{each.problem}\n\nSince {each.since:%Y-%m-%d %H:%M} UTC. What to do: {each.remedy}.",
                channel,
                matter=f"{each.subject}/{now:%Y-%m-%d}",
                now=now,
            )
        ]
        return self._store.outbox.put(alerts) if alerts else 0

    def trials(self, channel: Channel, now: datetime) -> tuple[Alert, ...]:
        """A TEST message to every recipient of a channel."""
        return trial(channel, now=now)

    def _waiting(self, channel: Channel, urgency: Urgency) -> list[Queued]:
        return [each for each in self._store.notices.pending(urgency) if each.notice.channel in ("", channel.name)]

    def _item(self, notice: Notice) -> Item:
        """A queued notice with the agreement as it stands now."""
        current = self._store.agreements.get(notice.agreement.key) or notice.agreement
        stored = self._store.articles.by_key(notice.report.article)
        others = self._others(notice)
        if stored is None:  # purged since; what was decided stands, without its source
            source = next(iter(others), _lost(notice))
        else:
            source = citation(stored.article, self._outlet(stored.head.outlet, stored.head.url))
        return item(replace(notice, agreement=current), source, others)

    def _others(self, notice: Notice) -> list[Citation]:
        told = self._store.agreements.reports(notice.agreement.key)
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
