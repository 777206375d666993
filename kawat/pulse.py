"""The operator's dead-man switch (healthchecks.io and the like): called while all is well, so that silence alarms."""

from __future__ import annotations

from datetime import datetime

from pipeline.alert.channel import Secret
from pipeline.config.settings import Settings
from pipeline.model import Sent
from pipeline.store import Store

LAST = "heartbeat"
"""Name in the store's meta table of the time of the last call that was answered."""


class Pulse:
    """`crawled` is when a look at what is due last ended with nothing left to ask for; None: not since the start."""

    def __init__(self) -> None:
        self.crawled: datetime | None = None

    def beat(self, store: Store, settings: Settings, now: datetime) -> bool:
        """Call the switch where a crawl has finished since the last call, all that it brought is read, and no message
        is more than 15 minutes late (`pipeline.store.outbox.LATE_AFTER`); whether it was called and answered."""
        url, every = settings.heartbeat.url, settings.heartbeat.every
        last = store.meta.time(LAST)
        if url is None or self.crawled is None or (last is not None and (now - last < every or self.crawled <= last)):
            return False
        if store.inbox.unfinished() or store.outbox.overdue(now):
            return False
        from pipeline.alert.channels.webhook import ping  # noqa: PLC0415 - only who set a switch needs its library

        if not isinstance(ping(Secret(url), loopback=settings.allow_loopback), Sent):
            return False
        store.meta.set_time(LAST, now)
        return True
