"""When a message that gathers is complete: the starting picture of first polls, and the catch-up after a sleep.

Both wait until what was due has been polled, fetched and read, so that they are one message and not five; but not for
ever: an outlet that fails, a link that is never fetched or a page that is never read holds them at most `LONGEST`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from pipeline.model import Urgency, Walk
from pipeline.store import Store

SLEPT = timedelta(hours=3)
"""A pause between two looks of the daemon that counts as sleep: what is found then is told in one message."""

LONGEST = timedelta(hours=2)
"""How long what is ready to be told may wait for the rest."""

SINCE = "catching_up"
"""Name in the store's meta table: since when a catch-up is under way, "" where none is."""


class Gathering:
    """`catching_up` outlives a restart: what was found before and after it comes in one message."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._since = store.meta.time(SINCE)
        self._polled = False
        self._looked = max(filter(None, map(store.meta.time, ("last_tick", "daemon"))), default=None)

    @property
    def catching_up(self) -> bool:
        return self._since is not None

    def look(self, now: datetime) -> None:
        """The daemon looks at what is due. Where it has not for long, a catch-up begins."""
        if self._looked is not None and now - self._looked > SLEPT and self._since is None:
            self._store.meta.set_time(SINCE, now)
            self._since = now
            self._polled = False
        self._looked = now

    def polled(self) -> None:
        """All that was due has been asked for."""
        self._polled = True

    def complete(self, outlets: Collection[str], now: datetime, *, once: bool) -> bool:
        """Whether what waits may be told now. `outlets` are those that are polled; `once`: no further poll follows."""
        waiting = self._store.notices.oldest(Urgency.STARTING_PICTURE, Urgency.CATCH_UP)
        since = min(filter(None, (waiting, self._since)), default=None)
        if since is None and not self.gaps():
            return False  # nothing to tell, nothing to end
        if since is None:
            return self._settled(outlets, now, once=once)
        return now - since > LONGEST or self._settled(outlets, now, once=once)

    def _settled(self, outlets: Collection[str], now: datetime, *, once: bool) -> bool:
        if self._store.inbox.unfinished():
            return False
        waiting = self._store.walks.waiting() if self.gaps() else {}
        if any(gap.closed_at is None or (gap.id in waiting and waiting[gap.id].pending) for gap in self.gaps()):
            return False
        if self._since is not None and not self._polled and self._store.outlets.due(now):
            return False  # awake, but what was missed has not been asked for yet
        states = self._store.outlets.states()
        for state in (states[slug] for slug in outlets if slug in states):
            if state.first_polled_at is None and not state.failures:
                return False
        return once or not self._store.frontier.untried(outlets)

    def gaps(self) -> Sequence[Walk]:
        """Gaps that no message has named yet."""
        return self._store.walks.untold()

    def told(self, gaps: Sequence[Walk], now: datetime) -> None:
        """What was gathered is in the outbox, with these gaps: from now on everything is told singly again."""
        if gaps:
            self._store.walks.told([gap.id for gap in gaps], now)
        if self._since is not None:
            self._store.meta.set(SINCE, "")
            self._since = None
