"""The inbox, drained: claim, read the bytes back, decide, commit in one transaction. Holds the only broad `except`.

A page that no attempt can read is set aside with its reason, and the rest goes on. An attempt counts only where this
page, and not the store as a whole, is what failed. What decides is in `decide.py`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from pipeline.decide import Decider
from pipeline.errors import KawatError, PageLost, StoreBusy, StoreError, StoreFull
from pipeline.faultpoint import reached
from pipeline.model import NearTo, Page, Reject, SameAs
from pipeline.store import StaleDecision, Store
from pipeline.store.values import Captured, Outcome

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
"""How long a claimed page is this process's alone."""

BATCH = 20
ATTEMPTS = 3
"""Claims after which a page that no process survives is set aside."""

DECISIONS = 5
"""How often one page is decided anew because its agreement changed meanwhile."""


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
        """Process what waits in the inbox until it is empty, `stop` says so, or `limit` pages are done; how many.

        Raises StoreBusy or StoreFull where the store takes nothing now: what was claimed waits on, uncounted.
        """
        done = 0
        while done < limit and not stop():
            claimed = self._claim(min(BATCH, limit - done))
            if not claimed:
                break
            for place, captured in enumerate(claimed):
                if stop():
                    self.store.inbox.release([each.page for each in claimed[place:]])
                    return done
                try:
                    self._one(captured, tally)
                except KawatError:
                    self._give_back(claimed[place:])
                    raise
                done += 1
        return done

    def _claim(self, size: int) -> tuple[Captured, ...]:
        """Pages to read now. One that was claimed before may have ended a process: it comes alone, so that it costs no
        other page an attempt."""
        claimed = self.store.inbox.claim(self.now(), size, LEASE)
        if any(each.attempts > 1 for each in claimed):
            self.store.inbox.release([each.page for each in claimed[1:]])
            return claimed[:1]
        return claimed

    def _give_back(self, claimed: Sequence[Captured]) -> None:
        try:
            self.store.inbox.release([each.page for each in claimed])
        except KawatError:
            log.warning("claimed pages cannot be given back, they wait until their lease runs out")

    def _one(self, captured: Captured, tally: Tally) -> None:
        page = captured.page
        if captured.attempts > ATTEMPTS:
            self._set_aside(page, f"gave up after {ATTEMPTS} attempts", tally)
            return
        reached("inside-processing")
        try:
            self._settle(page, tally)
        except PageLost as lost:
            self._set_aside(page, str(lost), tally)
        except (StoreBusy, StoreFull):
            raise
        except KawatError as refused:
            log.error("page not processed", extra={"url": page.url, "outlet": page.outlet, "problem": str(refused)})
            if captured.attempts >= ATTEMPTS:
                self._set_aside(page, str(refused), tally)  # else it comes again when its lease runs out
        except Exception as broken:
            log.exception("page cannot be processed", extra={"url": page.url, "outlet": page.outlet})
            self._set_aside(page, f"{type(broken).__name__}: {broken}", tally)

    def _settle(self, page: Page, tally: Tally) -> None:
        """Decide and store; again where an agreement changed in between, for nothing was stored then."""
        body = self.read_body(page)
        for _ in range(DECISIONS):
            try:
                self.commit(self.decider.settle(page, body), tally)
            except StaleDecision:
                continue
            return
        raise StoreError(f"an agreement that it reports changed each of the {DECISIONS} times it was decided")

    def _set_aside(self, page: Page, reason: str, tally: Tally) -> None:
        self.store.inbox.poison(page, reason[:300])
        tally.poisoned += 1

    def commit(self, outcome: Outcome, tally: Tally) -> None:
        reached("before-commit")
        stored = self.store.commit(outcome)
        reached("after-commit")
        if stored.stored:
            tally.add(outcome, alerts=stored.alerts, notices=stored.notices)
