"""Between the outbox and the channels: has what waits arranged, and sent within each channel's rate."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from kawat.telling import Telling
from pipeline.alert.channel import Channel
from pipeline.alert.deliver import SHORT, Drained, Notifiers, drain
from pipeline.alert.render.capacity import capacity
from pipeline.alert.render.letter import letter
from pipeline.alert.routing import HOUR, TOGETHER, Stream, arrange
from pipeline.alert.words import Names
from pipeline.model import Alert, AlertKind, Delivery, Pending
from pipeline.store import Store


class Routing:
    """One store's outbox under one configuration."""

    def __init__(self, store: Store, channels: Iterable[Channel], names: Names) -> None:
        self._store, self._names = store, names
        self._channels = {each.name: each for each in channels}
        self.rates = {each.name: each.rate for each in self._channels.values() if each.rate is not None}

    def arrange(self, now: datetime) -> int:
        """Silence, hold, fold and thread what waits; the highest number in the outbox that this looked at."""
        newest = self._store.outbox.newest()
        streams: dict[tuple[str, str], list[Pending]] = {}
        for row in self._store.streams.pending():
            if row.id <= newest:
                streams.setdefault((row.alert.channel, row.alert.recipient), []).append(row)
        silences = self._store.silences.active(now) if streams else ()
        for (name, address), rows in streams.items():
            channel = self._channels.get(name)
            recipient = channel.recipient(address) if channel is not None else None
            if channel is None or recipient is None:
                continue
            told = {each.agreement.key for row in rows for each in row.alert.items}
            told |= {value for row in rows for fact, value in row.alert.facts if fact == "agreement"}
            first = any(row.alert.kind is AlertKind.AGREEMENT for row in rows)
            later = any(row.alert.kind is not AlertKind.AGREEMENT for row in rows)
            stream = Stream(
                channel=channel,
                recipient=recipient,
                silences=silences,
                sent_lately=self._store.streams.sent_since(name, address, now - HOUR) if first else 0,
                threads=self._store.streams.threads(name, address, now - TOGETHER) if first else {},
                roots=self._store.streams.roots(name, address, told) if told and later else {},
            )
            changes = arrange(rows, stream, now, self._fits)
            if changes:
                self._store.streams.arrange(changes, now)
        return newest

    def _fits(self, alert: Alert) -> int:
        channel = self._channels[alert.channel]
        recipient = channel.recipient(alert.recipient)
        if recipient is None:
            return len(alert.items)
        delivery = Delivery(id=0, alert=alert, attempts=0, possible_repeat=False, lease="")
        return capacity(letter(alert, delivery, channel, recipient, self._names, now=alert.due_at), channel.kind)


def deliver(
    store: Store,
    routing: Routing,
    telling: Telling,
    notifiers: Notifiers,
    *,
    now: Callable[[], datetime],
    stop: threading.Event | None,
    limit: int,
    patience: timedelta = SHORT,
) -> Drained:
    """Send what is due, each channel within its rate, for which it waits up to `patience`; what was given up is told to
    the operator in the same round."""

    def rest(span: timedelta) -> None:
        (stop.wait if stop is not None else time.sleep)(span.total_seconds())

    def once(most: int) -> Drained:
        return drain(
            store.outbox,
            notifiers,
            now=now,
            stop=stop.is_set if stop is not None else lambda: False,
            limit=most,
            arrange=lambda: routing.arrange(now()),
            rates=routing.rates,
            rest=rest,
            patience=patience,
        )

    done = once(limit)
    if done.dead and telling.dead_letters(now()):
        done = done.plus(once(limit))
    return done
