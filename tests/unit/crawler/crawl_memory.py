"""The crawl's ports in memory: what a test gives a crawl to remember, and finds again when it has ended."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from pipeline.model import (
    Candidate,
    HostNote,
    Look,
    Page,
    Retry,
    Revisit,
    Run,
    Step,
    Validators,
    Walk,
    WalkKind,
)


@dataclass
class Memory:
    """Frontier and Inbox of the tests; pickled between crawls, so a second crawl finds what the first left."""

    seen: dict[str, Validators] = field(default_factory=dict)
    links: dict[str, Candidate] = field(default_factory=dict)
    due: dict[str, datetime] = field(default_factory=dict)
    fates: list[tuple[str, Retry, bool]] = field(default_factory=list)
    pages: list[Page] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    arrivals: list[Sequence[datetime]] = field(default_factory=list)
    hosts: dict[str, HostNote] = field(default_factory=dict)
    looks: list[tuple[Revisit, Look, str]] = field(default_factory=list)
    walks: list[Walk] = field(default_factory=list)
    walked: dict[int, dict[str, Step]] = field(default_factory=dict)
    late: tuple[datetime, str] | None = None
    baselines: list[bool] = field(default_factory=list)

    def validators(self, source_url: str) -> Validators:
        return self.seen.get(source_url, Validators())

    def known(self, keys: Collection[str], *, before: datetime | None = None) -> set[str]:
        seen = {key for key, link in self.links.items() if before is None or link.discovered_at < before}
        return set(keys) & seen

    def add(self, source_url: str, validators: Validators, candidates: Sequence[Candidate], *, baseline: bool) -> int:
        new = [c for c in candidates if c.key not in self.links]
        for candidate in new:
            self.links[candidate.key] = candidate
            self.due[candidate.key] = candidate.discovered_at
        self.seen[source_url] = validators
        self.baselines.append(baseline)
        return len(new)

    def pending(self, outlets: Collection[str], *, now: datetime, limit: int) -> Sequence[Candidate]:
        keys = sorted((due, key) for key, due in self.due.items() if due <= now)
        keys.sort(key=lambda pair: self.links[pair[1]].walk is not None)
        return [self.links[key] for _, key in keys if self.links[key].outlet in outlets][:limit]

    def failed(self, key: str, outcome: Retry, *, now: datetime, give_up: bool) -> None:
        self.fates.append((self.links[key].url, outcome, give_up))
        self.links[key] = replace(self.links[key], attempts=self.links[key].attempts + 1)
        self.due[key] = now + (outcome.after or timedelta(minutes=5))
        if give_up:
            del self.due[key]

    def first_poll(self, outlet: str) -> bool:
        return not any(run.outlet == outlet for run in self.runs)

    def land(self, page: Page) -> None:
        self.pages.append(page)
        self.due.pop(page.key, None)

    def finish(self, run: Run, arrivals: Sequence[datetime] = ()) -> None:
        self.runs.append(run)
        self.arrivals.append(arrivals)

    def looked(self, revisit: Revisit, look: Look, words: str, *, now: datetime) -> None:
        self.looks.append((revisit, look, words))

    def host(self, netloc: str) -> HostNote:
        return self.hosts.get(netloc, HostNote())

    def note_host(self, netloc: str, note: HostNote) -> None:
        self.hosts[netloc] = note

    def gap_before(self, outlet: str, now: datetime) -> tuple[datetime, str] | None:
        return self.late

    def last_read(self, outlet: str) -> datetime | None:
        return max((run.finished_at for run in self.runs if run.outlet == outlet and run.ok), default=None)

    def declare(self, outlet: str, *, since: datetime, until: datetime, reason: str, torn: bool = False) -> Walk | None:
        return self.open(WalkKind.GAP, outlet, since, until, reason)

    def open(self, kind: WalkKind, outlet: str, since: datetime, until: datetime, reason: str = "") -> Walk:
        walk = Walk(
            id=len(self.walks) + 1, kind=kind, outlet=outlet, since=since, until=until, reason=reason, alert=True,
            opened_at=until,
        )  # fmt: skip
        self.walks.append(walk)
        return walk

    def open_of(self, outlet: str) -> Sequence[Walk]:
        return [walk for walk in self.walks if walk.outlet == outlet and walk.closed_at is None]

    def steps(self, walk: int) -> dict[str, Step]:
        return self.walked.setdefault(walk, {})

    def step(self, walk: Walk, step: Step, candidates: Sequence[Candidate]) -> int:
        self.walked.setdefault(walk.id, {})[step.url] = step
        new = [candidate for candidate in candidates if candidate.key not in self.links]
        for candidate in new:
            self.links[candidate.key] = candidate
            self.due[candidate.key] = candidate.discovered_at
        return len(new)

    def close(self, walk: int, now: datetime, lost: str = "") -> None:
        self.walks[walk - 1] = replace(self.walks[walk - 1], closed_at=now, lost=lost)
