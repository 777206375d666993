"""Who was told of an agreement, and what they are sent where it was wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from pipeline.alert.channel import Audience, Channel
from pipeline.alert.correction import Cause, Correction, Reader, corrections, visible_changes
from pipeline.alert.words import Names
from pipeline.model import Alert, AlertKind, Item
from pipeline.store import Store
from pipeline.store.values import Posted

TELLS = frozenset(
    {AlertKind.AGREEMENT, AlertKind.DIGEST, AlertKind.STARTING_PICTURE, AlertKind.CATCH_UP, AlertKind.UPDATE}
)
"""Messages that tell readers of agreements."""

UNSEEN = frozenset({"dead", "silenced"})
"""States of a message that nobody will see."""

MOST_MESSAGES = 10_000


class Correcting:
    """Corrections over the configured readers' channels (`pipeline.decide.Correct`)."""

    def __init__(self, store: Store, channels: Iterable[Channel], names: Names) -> None:
        self._store = store
        self._channels: Mapping[str, Channel] = {
            each.name: each for each in channels if each.audience is Audience.READERS
        }
        self._names = names

    def __call__(self, correction: Correction, now: datetime) -> tuple[Alert, ...]:
        """One message per reader who was told of what is corrected; none where nobody was. Where two agreements are
        one, who was told of both hears so; who was told of one hears what is otherwise now, where a person says so."""
        taken_back = correction.cause is Cause.REJECTED
        told = [
            (each.key, posted)
            for each in correction.told
            for posted in self.messages(each.key)
            if not (taken_back and _unsent(posted))
        ]
        if correction.cause is not Cause.JOINED:
            return self._made(correction, told, now)
        here = correction.after.key
        reached = {_place(posted) for key, posted in told if key == here}
        seen = [each for each in told if each[0] == here or not (_unsent(each[1]) and _place(each[1]) in reached)]
        keys: dict[tuple[str, str], set[str]] = {}
        for key, posted in seen:
            keys.setdefault(_place(posted), set()).add(key)
        both = [each for each in seen if len(keys[_place(each[1])]) > 1]
        alerts = list(self._made(correction, both, now))
        for one in correction.told if correction.reason else ():
            alone = [(key, posted) for key, posted in seen if keys[_place(posted)] == {one.key}]
            if alone and visible_changes(one, correction.after):
                edited = replace(correction, cause=Cause.EDITED, told=(one,))
                alerts += self._made(edited, alone, now)
        return tuple(alerts)

    def _made(self, correction: Correction, told: list[tuple[str, Posted]], now: datetime) -> tuple[Alert, ...]:
        item = next((found for key, posted in told if (found := self._item(posted, key)) is not None), None)
        if item is None:
            return ()
        readers = [reader for key, posted in told if (reader := self._reader(posted, key)) is not None]
        shown = Item(
            agreement=correction.after,
            quote=item.quote,
            quote_source=item.quote_source,
            citations=item.citations,
            marks=item.marks,
        )
        return corrections(correction, shown, readers, self._names, now=now)

    def _item(self, posted: Posted, key: str) -> Item | None:
        """What a message says of an agreement, or of one that has become part of it since."""
        for each in posted.alert.items:
            at: str | None = each.agreement.key
            passed: set[str] = set()
            while at is not None and at not in passed:
                if at == key:
                    return each
                passed.add(at)
                stored = self._store.agreements.get(at)
                at = stored.joined if stored is not None else None
        return None

    def messages(self, key: str) -> tuple[Posted, ...]:
        """The messages that told somebody of an agreement, or are on their way to."""
        every = self._store.outbox.list(agreement=key, limit=MOST_MESSAGES)
        return tuple(each for each in every if each.alert.kind in TELLS and each.state not in UNSEEN)

    def _reader(self, posted: Posted, key: str) -> Reader | None:
        channel = self._channels.get(posted.alert.channel)
        recipient = channel.recipient(posted.alert.recipient) if channel is not None else None
        if channel is None or recipient is None:
            return None
        return Reader(channel=channel.name, recipient=recipient.address, language=recipient.language, agreement=key)


def _unsent(posted: Posted) -> bool:
    """Whether a message was never tried and goes with what it tells: a decision takes it out of the outbox."""
    alone = posted.alert.kind is AlertKind.AGREEMENT and len(posted.alert.items) == 1
    return posted.state == "pending" and alone and not posted.possible_repeat


def _place(posted: Posted) -> tuple[str, str]:
    return posted.alert.channel, posted.alert.recipient
