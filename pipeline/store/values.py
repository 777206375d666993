"""What the store is given and what it gives back, where `pipeline.model` has no noun for it. Frozen, like those."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pipeline.furniture import Furniture
from pipeline.model import (
    Agreement,
    Alert,
    Article,
    Credit,
    Fingerprint,
    Label,
    New,
    Notice,
    Page,
    Reject,
    Removed,
    Report,
    Stamp,
    Verdict,
    WarcRecord,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What was decided about an article: duplicate verdict, label, the path in words, and under which rules."""

    verdict: Verdict
    label: Label
    why: tuple[str, ...]
    rules: str = ""  # digest of the rules snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """An article revision without its text: what is kept when the text is cleared."""

    key: str
    outlet: str
    url: str
    canonical_url: str
    title: str
    credits: tuple[Credit, ...]
    dateline: str
    authors: tuple[str, ...]
    published: Stamp | None
    published_raw: str
    section: str
    language: str
    steps: tuple[tuple[str, str], ...]
    fetched_at: datetime
    discovered_at: datetime
    summary_only: bool
    baseline: bool
    decided: Decided

    def article(self, body: Body | None = None) -> Article:
        """The article as the stages know it; without paragraphs where its text is not given."""
        return Article(
            key=self.key,
            outlet=self.outlet,
            url=self.url,
            canonical_url=self.canonical_url,
            title=self.title,
            paragraphs=body.paragraphs if body else (),
            headings=body.headings if body else (),
            removed=body.removed if body else (),
            credits=self.credits,
            dateline=self.dateline,
            authors=self.authors,
            published=self.published,
            published_raw=self.published_raw,
            section=self.section,
            language=self.language,
            steps=self.steps,
            fetched_at=self.fetched_at,
            discovered_at=self.discovered_at,
            summary_only=self.summary_only,
            baseline=self.baseline,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """The text of an article revision, and what cleaning cut from it."""

    paragraphs: tuple[str, ...]
    headings: tuple[int, ...]
    removed: tuple[Removed, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Captured:
    """A page claimed from the inbox. `attempts` counts this claim too."""

    page: Page
    attempts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementChange:
    """An agreement as it now stands. `before` is what the decision was based on: None where it is new.

    `kind` says in a word what happened: `created`, `reported`, `changed`, `corrected`.
    """

    agreement: Agreement
    before: Agreement | None
    kind: str
    why: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """The agreements among which reports were linked: with these partners, between two instants; how many there were.
    Where there are others by the time of storing, one that the reports speak of may have come meanwhile."""

    partners: tuple[str, ...]
    since: datetime
    until: datetime
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Everything one captured page led to: stored in one transaction, or not at all."""

    page: Page
    result: Article | Reject
    url_key: str  # identity of the canonical URL
    stored_at: datetime
    verdict: Verdict = New()  # noqa: RUF009 - a frozen value
    label: Label = Label.OTHER
    why: tuple[str, ...] = ()
    rules: str = ""
    fingerprint: Fingerprint | None = None
    reports: tuple[Report, ...] = ()
    agreements: tuple[AgreementChange, ...] = ()
    alerts: tuple[Alert, ...] = ()
    notices: tuple[Notice, ...] = ()
    told: tuple[tuple[str, str], ...] = ()  # (channel, agreement) that count as told from now on
    furniture: tuple[Furniture, ...] = ()  # the outlet's recurring lines, counted with this article
    look_again: datetime | None = None  # when its page is looked at for the first time again
    candidates: tuple[Candidates, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Committed:
    """`stored` is False where this capture had been stored before, and nothing was changed."""

    stored: bool
    revision: int
    alerts: int  # new in the outbox
    notices: int  # new in the digest queue


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredArticle:
    """An article revision as stored. `body` is None where retention has cleared the text."""

    head: Head
    body: Body | None
    revision: int
    stored_at: datetime
    record: WarcRecord
    url_key: str
    duplicate_of: str | None
    seq: int

    @property
    def article(self) -> Article:
        """The article as the stages know it; without paragraphs where the text was cleared."""
        return self.head.article(self.body)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredReject:
    """A page that was no article, with the decision path."""

    reject: Reject
    why: tuple[str, ...]
    stored_at: datetime
    record: WarcRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One report of an agreement, with what a reader must know of its article."""

    report: Report
    outlet: str
    url: str
    title: str
    published: datetime | None
    discovered: datetime
    language: str
    summary_only: bool
    duplicate_of: str | None  # article key of the text it repeats


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change of an agreement, in commit order."""

    seq: int
    agreement: Agreement
    kind: str
    why: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Links that a walk found: all, those still to be fetched, those given up."""

    total: int
    pending: int
    failed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OutletState:
    """How an outlet fares."""

    slug: str
    enabled: bool
    next_check_at: datetime
    failures: int  # polls in a row
    last_poll: datetime | None
    last_ok: datetime | None
    last_error: str
    first_polled_at: datetime | None  # None: what is found now is its baseline
    last_new_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What is known of an outlet: its state, None for one never configured, and what was noted of it, by name."""

    state: OutletState | None
    traits: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Try:
    """One attempt at a delivery: outcome is `sent`, `retry`, `permanent` or `unknown` (a crash after sending began)."""

    at: datetime
    outcome: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """An outbox row with its history."""

    id: int
    alert: Alert
    state: str
    attempts: int
    possible_repeat: bool
    next_at: datetime
    sent_at: datetime | None
    tries: tuple[Try, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Queued:
    """A notice that waits for a digest or a starting picture."""

    id: int
    notice: Notice
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Sourced:
    """A report with the article it stands in, without its text."""

    report: Report
    head: Head
    duplicate_of: str | None  # article key of the text it repeats


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A candidate for linking: an agreement, its reports, and where those that are linked to it stand; oldest first."""

    agreement: Agreement
    reports: tuple[Report, ...]
    sources: tuple[Sourced, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """What retention did, and which archive files may now be deleted (then `retention.forget` them)."""

    files: tuple[str, ...]
    texts: int
    fingerprints: int
    pages: int
    links: int
    articles_before: date  # daily article files of earlier days may be deleted


@dataclass(frozen=True, slots=True, kw_only=True)
class Purged:
    """What `purge` removed. `records` are the raw captures that still lie in the archive, to be erased."""

    articles: int
    rejects: int
    agreements: int
    records: tuple[WarcRecord, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """Bytes per day over the measured days, and the sizes last measured."""

    days: int
    database_bytes: int
    archive_bytes: int
    database_per_day: float
    archive_per_day: float
