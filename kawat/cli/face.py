"""What the command line asks of Kawat, and nothing more: one `App` per data folder, and four functions that need none.

    kawat.app.App.open(folder)                                -> context manager of an App
    kawat.read.read_inputs(inputs, *, register, stdin, folder) -> Iterator[Row]  `kawat read`: one row per article
    kawat.demo.run_demo(folder, *, progress)                   -> Row            `kawat demo`: counts, shown as they are
    scheduler.main(folder)                                     -> int            `kawat daemon`: exit status

They are imported when a command needs them (`kawat.cli.opening`), so that `kawat --help` starts quickly.

A `Row` is a dict of plain values that JSON can hold, plus aware UTC `datetime` and `date`: the command line writes
those in WIB and in the reader's zone, and as ISO 8601 UTC under `--json`. Keys are those named here, in this order;
more may follow (shown by --json, not in tables). All raise only `KawatError`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Protocol, TextIO, TypeAlias

from pipeline.config import Configuration
from pipeline.model import Attempt, Issue, Level, Run, Stage

Row: TypeAlias = dict[str, Any]


class Progress(Protocol):
    """Told of each step: `step` is poll, fetch, process, deliver or demo; `text` one line for a person."""

    def __call__(self, step: str, text: str) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSummary:
    """What one `kawat run` did. `rejects` counts by reason in words; `sending` is False where no delivery is set."""

    runs: tuple[Run, ...]
    pages: int
    articles: int
    rejects: Mapping[str, int]
    duplicates: int
    agreements: int  # new ones
    sent: int
    waiting: int  # to be tried again
    failed: int  # given up
    sending: bool
    seconds: float
    issues: tuple[Issue, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """How things stand. `degraded`: a must-tier outlet failed three polls, or a delivery is overdue; why in `issues`.

    `counts`: articles, rejects, agreements, inbox (pages waiting), outbox (alerts waiting), overdue.
    `disk`: free, database, archive, forecast (bytes after the retention time is filled); in bytes.
    `outlets`: the rows of `App.outlets`.
    """

    degraded: bool
    sending: bool
    issues: tuple[Issue, ...]
    counts: Mapping[str, int]
    disk: Mapping[str, int]
    outlets: Sequence[Row]
    last_run: datetime | None
    daemon: datetime | None  # last heartbeat of the daemon, None where none runs


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What a listing shows. Empty means all; newest first; `text` is searched in titles and texts."""

    limit: int = 50
    since: datetime | None = None
    outlet: str = ""
    partner: str = ""  # ISO 3166-1 alpha-2
    state: str = ""  # alerts: waiting | sent | failed
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tested:
    """The outcome of one TEST message."""

    channel: str
    recipient: str
    attempt: Attempt
    into_file: bool = False  # written to a folder: nobody was told


@dataclass(frozen=True, slots=True, kw_only=True)
class Backfilled:
    """What a backfill came to. `left` pages wait still: they were put back by their hosts. `lost` says, per outlet,
    what its lists do not reach. `waits`: a daemon is at work here and does it beside the news."""

    lists: int
    found: int
    pages: int
    articles: int
    agreements: int
    left: int
    given_up: int
    lost: tuple[tuple[str, str], ...]
    waits: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A decision as a person asks for it: `kind` is merge, split, edit, reject or undo. `articles` are those whose
    reports are split off, `values` the slots of an edit, `number` the decision that is undone."""

    kind: str
    keys: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    number: int = 0
    author: str
    reason: str


class App(Protocol):
    """One opened data folder."""

    @property
    def configuration(self) -> Configuration: ...

    def backfill(
        self, *, since: date, until: date | None, outlets: Sequence[str], alert: bool, progress: Progress
    ) -> Backfilled:
        """Read what outlets (none: all enabled) printed on these days; goes on where an earlier one was ended."""

    def run(self, progress: Progress, *, everything: bool = False) -> RunSummary:
        """Poll what is due once (`everything`: due or not), process, deliver."""

    def reprocess(self, *, since: datetime | None, dry_run: bool, alert: bool, progress: Progress) -> Row:
        """Stored pages through today's rules: dry_run, resumed, pages, articles (read otherwise), lost_pages, unread,
        gained, lost, changed (lists of {key, claim, partner, stage, told, last_reported}), messages, urls"""

    def status(self) -> Status: ...

    def outlets(self) -> list[Row]:
        """slug, name, tier, trust, fetch, enabled, state (a verdict, see docs/outlets.md), since, evidence,
        remedy, last_poll, last_item, next_poll, failures, articles, homepage, terms_url, terms_seen_on, terms_note"""

    def boilerplate(self, slug: str) -> list[Row]:
        """Lines that recur on an outlet's pages: hash, state (counted | learned | pinned | refused), articles, days,
        first_seen, last_seen, text"""

    def say_boilerplate(self, slug: str, hash_: str, *, cut: bool) -> Row:
        """Pin (`cut`) or refuse a line, named by its hash or the beginning of it; its row."""

    def articles(self, wanted: Filter) -> list[Row]:
        """key, outlet, title, published, discovered, language, label, agreement, url, duplicate_of"""

    def article(self, key_or_url: str) -> Row | None:
        """The keys of `articles`, and: text, authors, section, canonical_url, removed (list of {text, rule}), steps"""

    def export_articles(self, wanted: Filter, to: Path, form: str) -> int:
        """Write `jsonl` or `csv`; how many lines."""

    def agreements(self, wanted: Filter) -> list[Row]:
        """key, claim, partner, stage, instrument, level, fields, signed_on, confidence, sources, last_reported, told"""

    def agreement(self, key: str) -> Row | None:
        """The keys of `agreements`, and: instrument_printed, title, institutions, signatories, signed_precision, place,
        reasons, quote, first_published, first_discovered, reports (list of {outlet, url, title, published, quote})"""

    def cable(self, key: str) -> str | None:
        """One agreement as plain text for a cable; None where it is not known."""

    def decide(self, asked: Asked) -> Row:
        """Take a person's decision: the keys of `decisions`, and: agreements (list of {key, standing, claim}), messages
        (how many corrections are on their way)"""

    def decisions(self, limit: int) -> list[Row]:
        """id, at, kind, agreement, other, author, reason, values, reports, parted, undone_at, undone_by, undone_why"""

    def export_agreements(self, to: Path, form: str) -> int:
        """Write `csv`, `xlsx` or `jsonl`: one row per agreement; how many."""

    def alerts(self, wanted: Filter) -> list[Row]:
        """id, kind, channel, recipient, state, subject, created_at, sent_at, attempts, reason, possible_repeat"""

    def alert(self, reference: str) -> Row:
        """The keys of `alerts`, and: key, due_at, next_try, late (seconds), latency (seconds of discovery, decision,
        delivery and whole), told (list of {agreement, revision, partner, heading, quote, source, reports}), body"""

    def retry(self, references: Sequence[str], *, all_failed: bool) -> list[Row]:
        """Queue what was given up once more; the keys of `alerts`."""

    def silence(self, terms: str, *, author: str, reason: str, until: datetime) -> Row:
        """Keep back what has these terms; a row of `silences`. Raises UsageError for terms that make no sense."""

    def silences(self, *, every: bool) -> list[Row]:
        """id, matcher, author, reason, starts_at, ends_at, state (active | over), ended_by, hid; those that are over
        only with `every`"""

    def end_silence(self, number: int, *, by: str) -> None:
        """End a silence. Raises UsageError where there is none that lasts."""

    def now(self) -> datetime:
        """The clock."""

    def explain(
        self,
        *,
        at: datetime,
        partner: str,
        fields: tuple[str, ...],
        stage: Stage,
        level: Level,
        confidence: float,
        language: str,
    ) -> list[Row]:
        """channel, recipient, audience, language, news, outcome (at once | edit, no ping | held | hidden | digest |
        not told), at, why"""

    def replay(self, reference: str) -> Row:
        """Rebuild an alert: id, identical, differs (list of {what, was, now}), articles, lost, rules, rules_today,
        rules_changed, code, code_today, code_changed, version"""

    def times(self, since: datetime | None) -> list[Row]:
        """leg (discovery | decision | delivery | whole), alerts, median, p95 (seconds)"""

    def drill(self) -> list[Row]:
        """step, outcome (ok | failed), seconds, detail"""

    def deliver(self) -> object: ...

    def exclusive(self, role: str) -> AbstractContextManager[None]: ...

    def test_channels(self, channel: str = "") -> list[Tested]:
        """Send a TEST over every channel, or the one named, now."""

    def why(self, url: str) -> list[str] | None:
        """The decision path of one article in words, step by step; None where it is not known."""

    def purge(self, url: str) -> int:
        """Delete every stored copy, raw and read, of an address; how many things went."""

    def seed_add(self, paths: Sequence[Path]) -> list[Row]:
        """Take articles into the seed corpus as fingerprints and facts: key, title, words, source, known"""

    def seed_list(self) -> list[Row]:
        """key, title, source, added_at, words"""

    def seed_remove(self, key: str) -> bool: ...

    def feedback(self, name: str, *, right: bool, label: str, note: str) -> Row:
        """Note a judgement of an article or agreement: the labelled line (`docs/data.md`, "labels/feedback.jsonl")"""

    def sample(self, *, number: int, since: datetime | None, seed: int) -> Row:
        """articles (key, part, outlet, label, title, url, text), estimate (expected, upper, parts)"""

    def try_rules(self, draft: Path, *, since: datetime | None, progress: Progress) -> Row:
        """articles, days, gained, lost, changed (kind, title, now, draft, why, url), alerts (channel, now, draft,
        week_now, week_draft)"""


class OpenApp(Protocol):
    def __call__(self, folder: Path) -> AbstractContextManager[App]: ...


class ReadInputs(Protocol):
    """Rows as the contract of `kawat read` has them, in input order; raises `UsageError` for a missing input.

    `folder` is a person's configuration, None for the shipped one alone.
    """

    def __call__(
        self, inputs: Sequence[str], *, register: bool, stdin: TextIO, folder: Path | None
    ) -> Iterable[Row]: ...


class RunDemo(Protocol):
    def __call__(self, folder: Path, *, progress: Progress) -> Row: ...


class RunDaemon(Protocol):
    def __call__(self, folder: Path) -> int: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The functions above, as tests replace them."""

    open_app: OpenApp
    read_inputs: ReadInputs
    run_demo: RunDemo
    run_daemon: RunDaemon
