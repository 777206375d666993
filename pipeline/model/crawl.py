"""What the crawl finds and brings home."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A link worth fetching. `url` as discovered, `key` the identity of its canonical form (`canonical_url`)."""

    outlet: str
    url: str
    key: str
    seen_in: str  # the source's URL
    title: str = ""
    published: str = ""  # raw
    summary: str = ""  # HTML or text, as the feed has it
    body: str = ""  # HTML, where the source carries the whole article (JSON API, full-text feed)
    discovered_at: datetime
    attempts: int = 0
    walk: int | None = None  # the walk that found it (`Walk.id`); None: a poll in its time


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What a conditional GET sends, until when the last answer is fresh by its own word, and what it listed."""

    etag: str | None = None
    last_modified: str | None = None
    fresh_until: datetime | None = None
    listed: tuple[str, ...] = ()  # short digests of the newest links


@dataclass(frozen=True, slots=True, kw_only=True)
class WarcRecord:
    """Where the raw bytes lie: file name below the archive folder, byte offset and length of the gzip member."""

    file: str
    offset: int
    length: int


class WalkKind(StrEnum):
    """Why an outlet's lists are walked back: a gap between two polls, or a person's wish to have the past."""

    GAP = "gap"
    BACKFILL = "backfill"


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """An outlet's sitemaps, dated indexes and numbered lists, walked back from `until` to `since`.

    `alert`: what it finds is told under the usual age rules. `lost` says what could not be recovered, "" where nothing
    is missing or nothing is known yet.
    """

    id: int
    kind: WalkKind
    outlet: str
    since: datetime
    until: datetime
    reason: str
    alert: bool
    opened_at: datetime
    closed_at: datetime | None = None
    lost: str = ""
    lists: int = 0  # list pages read
    found: int = 0  # new links


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One list page of a walk that was read: how many articles it named, how many were new, the oldest time it gives,
    and whether the walk may go on behind it."""

    url: str
    listed: int
    found: int
    oldest: datetime | None
    ends: bool  # nothing that the walk wants lies behind this page
    reaches: bool = False  # it goes back to what was seen before, or to where the walk begins
    children: tuple[str, ...] = ()  # the sitemaps that an index names
    lost: str = ""  # why it could not be read


class Look(StrEnum):
    """What a second look at a stored article's page found."""

    UNCHANGED = "unchanged"
    FETCHED = "fetched again"
    GONE = "gone"
    FAILED = "not answered"


@dataclass(frozen=True, slots=True, kw_only=True)
class HostNote:
    """What is remembered of a host between crawl processes, so that each need not ask again."""

    robots: str | None = None  # its robots.txt, "" where it has none
    robots_until: datetime | None = None
    closed_until: datetime | None = None  # its Retry-After
    closed_why: str = ""
    free_at: datetime | None = None  # not before: its Crawl-delay after the last request


@dataclass(frozen=True, slots=True, kw_only=True)
class Revisit:
    """A stored article that is due to be looked at again, as its page may have changed or gone."""

    article: str
    outlet: str
    url: str  # as it was asked for
    key: str
    discovered_at: datetime
    baseline: bool
    attempts: int
    record: WarcRecord | None = None
    etag: str | None = None
    last_modified: str | None = None


REREAD, RETOLD = "reread", "reread, told"
"""Origins of a page that is read again by today's rules: it tells nobody, or what is new in it is told."""


SILENT = "past"
"""Origin of a page that a backfill found which tells nobody."""


ITEM_TYPE = "application/vnd.kawat.item+json"
"""Media type of a captured feed or API item (`fetch: summary`, or an API that carries the body): a JSON object with
`url`, `title`, `published`, `summary`, `body`, `authors`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """An immutable capture. The body is not here but in `record`."""

    outlet: str
    url: str
    final_url: str
    key: str
    status: int
    content_type: str
    fetched_at: datetime
    discovered_at: datetime
    record: WarcRecord
    title_hint: str = ""
    published_hint: str = ""
    baseline: bool = False  # found by the outlet's first poll
    origin: str = ""  # "gap" or "backfill": found by a walk; "past": by a backfill that tells nobody; "" by a poll
