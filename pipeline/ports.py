"""The ports: what the crawler and the delivery loop ask of the world. Two implementations of each exist (store and test
fakes; e-mail, Slack, webhook and file), so they are interfaces; nothing else is."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from pipeline.model import (
    Alert,
    Attempt,
    Candidate,
    Delivery,
    HostNote,
    Look,
    Page,
    Retry,
    Revisit,
    Run,
    Step,
    Validators,
    Walk,
)


class Frontier(Protocol):
    """The durable list of links worth fetching, and the validators that say what was already seen."""

    def validators(self, source_url: str) -> Validators:
        """What to send with the next conditional GET of a source; empty for an unknown one."""

    def known(self, keys: Collection[str], *, before: datetime | None = None) -> set[str]:
        """Which of these candidate keys were seen (pending, fetched or given up), or seen `before` an instant."""

    def add(self, source_url: str, validators: Validators, candidates: Sequence[Candidate], *, baseline: bool) -> int:
        """Store new candidates and the validators of the poll that found them in one transaction; how many were new."""

    def pending(self, outlets: Collection[str], *, now: datetime, limit: int) -> Sequence[Candidate]:
        """Candidates of these outlets that are due, oldest discovery first."""

    def failed(self, key: str, outcome: Retry, *, now: datetime, give_up: bool) -> None:
        """Note that a fetch failed: try again after `outcome.after`, or never (`give_up`)."""

    def first_poll(self, outlet: str) -> bool:
        """True until a poll of this outlet has finished: what is found now is its baseline."""

    def host(self, netloc: str) -> HostNote:
        """What is remembered of a host; an empty note of an unknown one."""

    def note_host(self, netloc: str, note: HostNote) -> None:
        """Remember this of a host."""


class Inbox(Protocol):
    """Captured pages on their way to the pipeline."""

    def land(self, page: Page) -> None:
        """Store a page whose WARC record is flushed, and close its candidate, in one transaction."""

    def finish(self, run: Run, arrivals: Sequence[datetime] = ()) -> None:
        """Store the counted outcome of one outlet's poll and its next due time. `arrivals` are the printed times of the
        new articles it listed, or when they were found, where they have none."""

    def looked(self, revisit: Revisit, look: Look, words: str, *, now: datetime) -> None:
        """Note what a second look at an article found; a page that was fetched again has landed before."""


class Walks(Protocol):
    """Gaps between polls, and walks back over an outlet's lists."""

    def gap_before(self, outlet: str, now: datetime) -> tuple[datetime, str] | None:
        """Since when this outlet was not read although it should have been, and why that is a gap in words; None where
        the last poll came in its time."""

    def last_read(self, outlet: str) -> datetime | None:
        """When this outlet was last polled in full."""

    def declare(self, outlet: str, *, since: datetime, until: datetime, reason: str, torn: bool = False) -> Walk | None:
        """Open the walk of a gap; None where it is only `torn` lists that speak for one, and one was walked lately."""

    def open_of(self, outlet: str) -> Sequence[Walk]:
        """The open walks of an outlet, gaps first."""

    def steps(self, walk: int) -> Mapping[str, Step]:
        """The list pages of a walk that were read, by address."""

    def step(self, walk: Walk, step: Step, candidates: Sequence[Candidate]) -> int:
        """Store one list page that was read with the links it named, in one transaction; how many were new."""

    def close(self, walk: int, now: datetime, lost: str = "") -> None:
        """Nothing is left to read; `lost` says what could not be recovered."""


class Notifier(Protocol):
    """One channel."""

    name: str

    def send(self, alert: Alert, delivery: Delivery, *, now: datetime) -> Attempt:
        """Send one alert; never raises for what the other side does, says what should happen next."""
