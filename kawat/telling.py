"""From what was decided to what is told: alerts at once, and the messages that gather what waits.

A notice leaves its queue in the transaction that puts its message into the outbox: none can fall between two digests.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from kawat.standing import Health
from pipeline.alert.channel import Audience, Channel, Recipient
from pipeline.alert.compose import (
    at_once,
    citation,
    counter,
    daily,
    digest_last,
    gathered,
    item,
    notice_to_operator,
    trial,
    update,
)
from pipeline.alert.plan import LESS_SURE, UNCONFIRMED
from pipeline.model import Agreement, Alert, AlertKind, Article, Citation, Issue, Item, Notice, Outlet, Report, Urgency
from pipeline.store import Store
from pipeline.store.values import Posted, Queued, Told
from pipeline.threads import unknown_outlet

GATHERED = {Urgency.STARTING_PICTURE: AlertKind.STARTING_PICTURE, Urgency.CATCH_UP: AlertKind.CATCH_UP}

DEAD_TOLD = "dead_told"
"""Name in the store's meta table: up to when the operator was told of what was given up."""

MOST_LINES = 20


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
        """One alert per recipient of the channel whose watch the notice fits (`pipeline.decide.Compose`): of a new
        agreement, of what changed in one that was told, or the count of its reports."""
        channel = self._channels.get(notice.channel)
        if channel is None:
            return ()
        reports = self._store.agreements.reports(notice.agreement.key)
        told = item(
            notice,
            citation(article, outlet),
            self._others(notice, reports),
            quotable=self._quotable(notice, reports),
            doubted=self._doubted(notice),
        )
        make = {Urgency.UPDATE: update, Urgency.COUNTER: counter}.get(notice.urgency, at_once)
        return make(told, channel, now=now)

    def digests(self, now: datetime, health: Callable[[], Health]) -> int:
        """Put the digests whose hour has come into the outbox; how many messages. One missed by sleep comes once.

        The hour is that of each recipient's zone. `health` tells how many sources are well, and which cannot be read.
        """
        made = 0
        for channel in self._channels.values():
            zones: dict[str, list[Recipient]] = {}
            for recipient in channel.recipients:
                zones.setdefault(recipient.zone, []).append(recipient)
            for zone, here in zones.items():
                due = digest_last(channel, zone, now=now)
                if due is None or due <= self._installed:
                    continue
                elsewhere = [each.address for each in channel.recipients if each.zone != zone]
                made += self._digest(replace(channel, recipients=tuple(here)), elsewhere, due, now, health)
        return made

    def _digest(
        self, channel: Channel, elsewhere: list[str], due: datetime, now: datetime, health: Callable[[], Health]
    ) -> int:
        """One digest, to recipients of one zone; what it tells waits on for those `elsewhere`."""
        bare = daily((), channel, due_at=due, now=now, healthy=0, sources=0)  # whose keys are the real one's
        if self._store.outbox.known([each.key for each in bare]):
            return 0
        here = [each.address for each in channel.recipients]
        waiting = self._waiting(channel, Urgency.DIGEST, here[0] if elsewhere else "")
        found = health()
        alerts = daily(
            self._items(waiting, channel),
            channel,
            due_at=due,
            now=now,
            healthy=found.well,
            sources=found.sources,
            blind=found.blind,
        )
        consumed = [each.id for each in waiting]
        shared = {"recipients": here, "waiting": elsewhere} if elsewhere else {}
        return len(alerts) if self._store.notices.plan(alerts, consumed, now, **shared) else 0

    def together(self, urgency: Urgency, now: datetime, facts: tuple[tuple[str, str], ...] = ()) -> int:
        """Put all that waits with this urgency into one message per recipient; how many messages. `facts` are what the
        message says of itself (`kawat.gaps`)."""
        made = 0
        for channel in self._channels.values():
            waiting = self._waiting(channel, urgency)
            if not waiting:
                continue
            items = self._items(waiting, channel)
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

    def dead_letters(self, now: datetime) -> int:
        """Tell the operator over another channel what was given up since the last look; how many messages."""
        found = self._store.outbox.dead_since(self._store.meta.time(DEAD_TOLD) or self._installed)
        if not found:
            return 0
        made: list[Alert] = []
        for name in dict.fromkeys(each.alert.channel for each in found):
            lost = [each for each in found if each.alert.channel == name]
            others = [each for each in self._operators if each.name != name]
            lines = [f"{each.alert.kind} to {each.alert.recipient}, number {each.id}: {_why(each)}" for each in lost]
            body = "\n".join(
                [*lines[:MOST_LINES], *([f"and {rest} more"] if (rest := len(lost) - MOST_LINES) > 0 else [])]
            )
            remedy = "Mend the channel or its recipient, then: kawat alerts retry " + " ".join(
                str(each.id) for each in lost[:MOST_LINES]
            )
            about = "/".join(f"{each.id}.{len(each.tries)}" for each in lost)
            for channel in others:
                made += notice_to_operator(
                    f"{len(lost)} given up on channel {name}",
                    f"{body}\n\n{remedy}",
                    channel,
                    matter=f"dead/{name}/{about}",
                    now=now,
                )
        put = self._store.outbox.put(made) if made else 0
        self._store.meta.set_time(DEAD_TOLD, max(each.tries[-1].at for each in found))
        return put

    def _waiting(self, channel: Channel, urgency: Urgency, recipient: str = "") -> list[Queued]:
        found = self._store.notices.pending(urgency, recipient)
        return [each for each in found if each.notice.channel in ("", channel.name)]

    def _items(self, waiting: Iterable[Queued], channel: Channel) -> list[Item]:
        """Queued notices with their agreements as they stand now; what several share is read once. Told is only what
        this channel was told."""
        notices = [each.notice for each in waiting]
        elsewhere = self._store.notices.elsewhere(channel.name, {each.agreement.key for each in notices})
        known: dict[str, tuple[Agreement | None, tuple[Told, ...]]] = {}
        items = []
        for notice in notices:
            key = notice.agreement.key
            if key not in known:
                known[key] = self._store.agreements.get(key), self._store.agreements.reports(key)
            current, told = known[key]
            agreement = current or notice.agreement
            if key in elsewhere:
                agreement = replace(agreement, told=False)
            items.append(self._item(replace(notice, agreement=agreement), told))
        return items

    def _item(self, notice: Notice, told: tuple[Told, ...]) -> Item:
        stored = self._store.articles.by_key(notice.report.article)
        others = self._others(notice, told)
        if stored is None:  # purged since; what was decided stands, without its source
            source = next(iter(others), _lost(notice))
        else:
            source = citation(stored.article, self._outlet(stored.head.outlet, stored.head.url))
        quotable = self._quotable(notice, told)
        return item(notice, source, others, quotable=quotable, doubted=self._doubted(notice))

    def _quotable(self, notice: Notice, told: tuple[Told, ...]) -> list[tuple[Report, Citation]]:
        """The other reports of an agreement, whose sentences may prove it better than that of the notice's own."""
        names = {each.report.article: self._outlet(each.outlet, each.url).name for each in told}
        others = (each for each in told if each.report.article != notice.report.article)
        return [(each.report, self._cited(each, names)) for each in others]

    def _doubted(self, notice: Notice) -> bool:
        """Whether a message to the same channel called the agreement unconfirmed or less sure before."""
        key = notice.agreement.key
        return any(
            each.heading in (UNCONFIRMED, LESS_SURE) and each.agreement.key == key
            for posted in self._store.outbox.list(agreement=key)
            if posted.alert.channel == notice.channel and posted.state not in ("dead", "silenced")
            for each in posted.alert.items
        )

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


def _why(posted: Posted) -> str:
    return posted.tries[-1].detail if posted.tries else ""


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
