"""The inbox, drained: claim, read the bytes back, decide, commit in one transaction. Holds the only broad `except`.

A page that no attempt can read is set aside with its reason, and the rest goes on. What decides is in `decide.py`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from pipeline.decide import Decider
from pipeline.errors import KawatError, StoreBusy, StoreError
from pipeline.faultpoint import reached
from pipeline.model import NearTo, Page, Reject, SameAs
from pipeline.store import Store
from pipeline.store.values import Captured, Outcome

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
"""How long a claimed page is this process's alone."""

BATCH = 20
ATTEMPTS = 3
"""Claims after which a page that no process survives is set aside."""


@dataclass(slots=True, kw_only=True)
class Tally:
    """What a batch came to."""

    pages: int = 0
    articles: int = 0
    duplicates: int = 0
    agreements: int = 0
    alerts: int = 0
    notices: int = 0
    poisoned: int = 0
    rejects: dict[str, int] = field(default_factory=dict)

    def add(self, outcome: Outcome, *, alerts: int, notices: int) -> None:
        self.pages += 1
        self.alerts += alerts
        self.notices += notices
        if isinstance(outcome.result, Reject):
            reason = str(outcome.result.reason)
            self.rejects[reason] = self.rejects.get(reason, 0) + 1
            return
        self.articles += 1
        self.duplicates += isinstance(outcome.verdict, SameAs | NearTo)
        self.agreements += sum(change.before is None for change in outcome.agreements)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipeline:
    """One drain of the inbox after another. `read_body` fetches the raw bytes of a page from the archive."""

    store: Store
    decider: Decider
    read_body: Callable[[Page], bytes]
    now: Callable[[], datetime]

    def drain(self, tally: Tally, *, stop: Callable[[], bool] = lambda: False, limit: int = 10_000) -> int:
        """Process what waits in the inbox until it is empty, `stop` says so, or `limit` pages are done; how many."""
        done = 0
        while done < limit and not stop():
            claimed = self.store.inbox.claim(self.now(), min(BATCH, limit - done), LEASE)
            if not claimed:
                break
            for place, captured in enumerate(claimed):
                if stop():
                    self.store.inbox.release([each.page for each in claimed[place:]])
                    return done
                self._one(captured, tally)
                done += 1
        return done

    def _one(self, captured: Captured, tally: Tally) -> None:
        page = captured.page
        if captured.attempts > ATTEMPTS:
            self.store.inbox.poison(page, f"gave up after {ATTEMPTS} attempts")
            tally.poisoned += 1
            return
        reached("inside-processing")
        try:
            body = self.read_body(page)
        except StoreError as lost:
            self.store.inbox.poison(page, str(lost)[:300])
            tally.poisoned += 1
            return
        try:
            outcome = self.decider.settle(page, body)
            self.commit(outcome, tally)
        except StoreBusy:
            self.store.inbox.release([page])
        except KawatError:
            raise
        except Exception as broken:
            log.exception("page cannot be processed", extra={"url": page.url, "outlet": page.outlet})
            self.store.inbox.poison(page, f"{type(broken).__name__}: {broken}"[:300])
            tally.poisoned += 1

    def commit(self, outcome: Outcome, tally: Tally) -> None:
        reached("before-commit")
        stored = self.store.commit(outcome)
        reached("after-commit")
        if stored.stored:
            tally.add(outcome, alerts=stored.alerts, notices=stored.notices)
