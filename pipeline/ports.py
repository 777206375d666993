"""The ports: what the crawler and the delivery loop ask of the world. Two implementations of each exist (store and test
fakes; e-mail, Slack, webhook and file), so they are interfaces; nothing else is."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from pipeline.model import Alert, Attempt, Candidate, Delivery, Page, Retry, Run, Validators


class Frontier(Protocol):
    """The durable list of links worth fetching, and the validators that say what was already seen."""

    def validators(self, source_url: str) -> Validators:
        """What to send with the next conditional GET of a source; empty for an unknown one."""

    def known(self, keys: Collection[str]) -> set[str]:
        """Which of these candidate keys were seen before (pending, fetched or given up)."""

    def add(self, source_url: str, validators: Validators, candidates: Sequence[Candidate], *, baseline: bool) -> int:
        """Store new candidates and the validators of the poll that found them in one transaction; how many were new."""

    def pending(self, outlets: Collection[str], *, now: datetime, limit: int) -> Sequence[Candidate]:
        """Candidates of these outlets that are due, oldest discovery first."""

    def failed(self, key: str, outcome: Retry, *, now: datetime, give_up: bool) -> None:
        """Note that a fetch failed: try again after `outcome.after`, or never (`give_up`)."""

    def first_poll(self, outlet: str) -> bool:
        """True until a poll of this outlet has finished: what is found now is its baseline."""


class Inbox(Protocol):
    """Captured pages on their way to the pipeline."""

    def land(self, page: Page) -> None:
        """Store a page whose WARC record is flushed, and close its candidate, in one transaction."""

    def finish(self, run: Run) -> None:
        """Store the counted outcome of one outlet's poll and its next due time."""


class Notifier(Protocol):
    """One channel."""

    name: str

    def send(self, alert: Alert, delivery: Delivery, *, now: datetime) -> Attempt:
        """Send one alert; never raises for what the other side does, says what should happen next."""
