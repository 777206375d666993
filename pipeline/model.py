"""The nouns of Kawat: frozen values that stages hand to one another. Standard library only.

A new type per stage: an optional field never means "not yet". All instants are aware UTC, the raw string is kept beside
them; collections are tuples. Nothing here computes more than what follows from the fields themselves.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

# ----------------------------------------------------------------------------------------------------------- outlets


class Tier(StrEnum):
    """How much it hurts when the outlet is not read: `must` ones degrade `kawat status` when they fail."""

    MUST = "must"
    MAIN = "main"
    EXTRA = "extra"


class Trust(StrEnum):
    """Who speaks. An `unverified` outlet never alerts at once on its own."""

    OFFICIAL = "official"
    WIRE = "wire"
    PRESS = "press"
    UNVERIFIED = "unverified"


class OutletKind(StrEnum):
    """What sort of outlet it is, as lists of outlets are ordered."""

    NATIONAL = "national"
    REGIONAL = "regional"
    BROADCASTER = "broadcaster"
    OFFICIAL = "official"  # Indonesian ministries and agencies
    COUNTERPART = "counterpart"  # governments and agencies of the other side
    SEARCH = "search"  # finds what others publish


class Fetch(StrEnum):
    """`full` reads the article page; `summary` reads only the feed, and alerts built on it say so."""

    FULL = "full"
    SUMMARY = "summary"


class SourceKind(StrEnum):
    """How candidate links are discovered."""

    FEED = "feed"  # RSS, Atom or RDF
    SITEMAP = "sitemap"  # news sitemap, sitemap or sitemap index, plain or gzip
    LISTING = "listing"  # a section or index page
    API = "api"  # a JSON list


class Certainty(StrEnum):
    """How sure a fact about an outlet is (`docs/outlets.md`): A best, G a guess."""

    A = "A"
    B = "B"
    C = "C"
    GUESS = "G"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiShape:
    """Where things stand in a JSON list: dotted paths, `items` to the list, the others inside one item."""

    items: str
    url: str
    title: str | None = None
    published: str | None = None
    summary: str | None = None
    body: str | None = None  # HTML of the article; where given, no page is fetched
    url_template: str | None = None  # e.g. "https://x.go.id/berita/{id}", `{…}` being dotted paths inside the item


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One address that is polled for candidates."""

    kind: SourceKind
    url: str
    certainty: Certainty = Certainty.GUESS
    links: str | None = None  # CSS selector of article links on a listing; None: every link that fits the pattern
    api: ApiShape | None = None
    poll: bool = True  # False: an archive, walked for gaps and backfills only; `url` may hold places (`crawler.pages`)
    javascript: bool = False  # a listing that a script fills: read through the browser of the extra `javascript`


@dataclass(frozen=True, slots=True, kw_only=True)
class Selectors:
    """The outlet's own CSS selectors, tried before the generic cascade; empty means generic."""

    title: tuple[str, ...] = ()
    body: tuple[str, ...] = ()
    published: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    section: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    next_page: tuple[str, ...] = ()
    whole_page: str | None = None  # query that asks for all pages at once, e.g. "page=all"


@dataclass(frozen=True, slots=True, kw_only=True)
class FormerSelectors:
    """The selectors of an earlier layout, which held through the day `until` in the outlet's zone."""

    until: date
    selectors: Selectors


@dataclass(frozen=True, slots=True, kw_only=True)
class Politeness:
    """Limits towards one host."""

    delay: timedelta = timedelta(seconds=2)
    concurrency: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectations:
    """What is normal, so that its absence is noticed."""

    max_silence: timedelta | None = None
    min_items: int = 1
    min_length: int | None = None  # characters of cleaned text that an article of this outlet has at least, as a rule
    fields: tuple[str, ...] = ("title", "published")  # fields that its articles have, as a rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The outlet's terms of use: where, when seen, what they say of automatic reading."""

    url: str | None = None
    seen_on: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """One source of articles: `config/outlets/<slug>.yaml`."""

    slug: str
    name: str
    homepage: str
    languages: tuple[str, ...]
    tier: Tier
    trust: Trust
    zone: str  # IANA name, used where a printed time names none
    country: str  # ISO 3166-1 alpha-2 of the publisher
    enabled: bool
    disabled_reason: str
    fetch: Fetch
    sources: tuple[Source, ...]
    every: timedelta | None  # at most one of `every` and `cron`; neither: by the outlet's own rhythm
    cron: str | None  # five fields, in `zone`
    article: tuple[str, ...]  # RE2 patterns, any of which an article URL matches; empty: no restriction
    not_article: tuple[str, ...]  # RE2 patterns of URLs that are never fetched
    selectors: Selectors
    politeness: Politeness
    expect: Expectations
    terms: Terms
    must_mention: tuple[str, ...] = ()  # foreign sources: title or summary must hold one of these words
    former: tuple[FormerSelectors, ...] = ()  # earlier layouts, ascending by `until`; `selectors` is today's
    kind: OutletKind = OutletKind.NATIONAL
    javascript: bool = False  # its article pages are filled by a script: read like a source of that kind

    def selectors_on(self, day: date) -> Selectors:
        """The selectors that held on `day` of the outlet's zone, so that an archived page reads as it was."""
        return next((each.selectors for each in self.former if day <= each.until), self.selectors)


# ------------------------------------------------------------------------------------------------------------- crawl


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


# ------------------------------------------------------------------------------------------------------------ extract


class BlockKind(StrEnum):
    PARAGRAPH = "paragraph"
    HEADING = "heading"
    ITEM = "item"
    QUOTE = "quote"
    CAPTION = "caption"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One block of body text in reading order. `link_share` is the share of its characters inside links, 0 to 1."""

    text: str
    kind: BlockKind = BlockKind.PARAGRAPH
    link_share: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """A printed time: the raw string, the instant it means (UTC), and where the zone came from.

    `precision` is `minute`, `day`, `month` or `year` (but for `minute` the instant is local midnight of the first day
    of that span in `zone`).
    """

    raw: str
    instant: datetime
    zone: str
    zone_source: str  # printed | offset | outlet | assumed
    precision: str = "minute"


@dataclass(frozen=True, slots=True, kw_only=True)
class Extracted:
    """What a page says, before cleaning. `steps` names, per field, the step of the cascade that produced it."""

    title: str
    blocks: tuple[Block, ...]
    authors: tuple[str, ...]
    published: Stamp | None
    published_raw: str
    section: str
    canonical_url: str
    language: str  # id | en | ms | other ISO 639-1 | "und"
    steps: tuple[tuple[str, str], ...]
    headline_in_text: bool = False  # plain-text inputs carry headline and dateline inside their text
    summary_only: bool = False
    partial: str = ""  # paywalled | truncated | script-loaded: the page holds more than could be read


# -------------------------------------------------------------------------------------------------------------- clean


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed:
    """A span that was cut: its text, the rule's name, and before which paragraph of the cleaned text it stood."""

    text: str
    rule: str
    before: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """A line of credit turned into a field: role is wire, reporter, editor, translator, photographer or source."""

    role: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """Cleaned and complete. `paragraphs` are NFC; `text` joins them by a blank line."""

    key: str
    outlet: str
    url: str
    canonical_url: str
    title: str
    paragraphs: tuple[str, ...]
    headings: tuple[int, ...]  # indexes of paragraphs that are sub-headings
    removed: tuple[Removed, ...]
    credits: tuple[Credit, ...]
    dateline: str  # city and agency as printed, "" where there is none
    authors: tuple[str, ...]
    published: Stamp | None
    published_raw: str
    section: str
    language: str
    steps: tuple[tuple[str, str], ...]
    fetched_at: datetime
    discovered_at: datetime
    summary_only: bool = False
    baseline: bool = False

    @property
    def text(self) -> str:
        return "\n\n".join(self.paragraphs)


class RejectReason(StrEnum):
    """Why a page is no article."""

    CHALLENGE = "challenge page"
    PAYWALL = "paywall stub"
    PARTIAL = "partial text"
    INDEX = "index page"
    EMPTY = "empty body"
    NOT_HTML = "not HTML"
    TOO_LARGE = "too large"
    TOO_SLOW = "took too long to read"
    STATUS = "HTTP status"
    ENCODING = "unreadable encoding"
    BROKEN = "unreadable page"
    LANGUAGE = "language not read"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reject:
    """A page that ended as no article, with its reason."""

    key: str
    outlet: str
    url: str
    reason: RejectReason
    detail: str = ""


# ------------------------------------------------------------------------------------------------------------- dedupe


@dataclass(frozen=True, slots=True, kw_only=True)
class New:
    """Not seen before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SameAs:
    """The same text as `key` (another URL or outlet)."""

    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NearTo:
    """A near-verbatim copy of `key`; `similarity` is the estimated resemblance or containment, 0 to 1."""

    key: str
    similarity: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Revises:
    """The same article (URL) with changed text."""

    key: str
    changed: tuple[str, ...]


Verdict = New | SameAs | NearTo | Revises


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """What is kept of a text for duplicate search. `version` names the hash definition (`dedupe.signature`)."""

    key: str
    version: int
    text_hash: str  # hex digest of the normalised text
    signature: bytes
    bands: tuple[int, ...]  # signed 64-bit
    words: int


# ------------------------------------------------------------------------------------------------------------- detect


class Label(StrEnum):
    AGREEMENT = "agreement"
    EXPLORATORY = "exploratory"
    OTHER = "other"


class Stage(StrEnum):
    EXPLORING = "exploring"
    NEGOTIATING = "negotiating"
    ANNOUNCED = "announced"
    SIGNED = "signed"
    IN_FORCE = "in_force"
    IMPLEMENTED = "implemented"
    RENEWED = "renewed"
    ENDED = "ended"
    NONE = "none"


class Instrument(StrEnum):
    MOU = "mou"
    MOC = "moc"
    LOI = "loi"
    AGREEMENT = "agreement"
    ARRANGEMENT = "arrangement"
    TREATY = "treaty"
    JOINT_STATEMENT = "joint_statement"
    NONE = "none"


class Level(StrEnum):
    G2G = "g2g"
    AGENCY = "agency"
    SOE = "soe"
    SUBNATIONAL = "subnational"


class Relation(StrEnum):
    """`new`: the article reports the act itself; `update`: later progress; `background`: it only recalls it."""

    NEW = "new"
    UPDATE = "update"
    BACKGROUND = "background"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A verbatim span: `where` is "text" or "title", offsets in code points after NFC, `quote` exactly that slice."""

    slot: str
    where: str
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Institution:
    """An organ named in the article: stable id over renames, name, ISO country.

    `described`: only what it is in charge of is printed ("the research minister"), which another organ may be too.
    """

    id: str
    name: str
    country: str
    described: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Signatory:
    name: str
    post: str
    side: str  # ISO country
    role: str = "signed"  # signed | exchanged | witnessed


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What one article says of one agreement. Every filled slot has evidence; no span, no value.

    `key` is deterministic from the article's key and the report's place in it.
    """

    key: str
    article: str
    label: Label
    stage: Stage
    instrument: Instrument
    instrument_printed: str
    title: str  # the paper's own title as printed, "" where none
    partner: str  # ISO 3166-1 alpha-2
    level: Level
    institutions: tuple[Institution, ...]
    fields: tuple[str, ...]
    signatories: tuple[Signatory, ...]
    signed_on: date | None
    signed_precision: str  # day | month | year | ""
    place: str
    relation: Relation
    confidence: float
    reasons: tuple[str, ...]  # why this confidence, in words
    evidence: tuple[Evidence, ...]

    @property
    def quote(self) -> Evidence | None:
        """The sentence that proves the claim: the evidence of slot `claim`."""
        return next((e for e in self.evidence if e.slot == "claim"), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What detection makes of one article: its label, its reports (the foremost first), and each step in words."""

    label: Label
    reports: tuple[Report, ...]
    why: tuple[str, ...]


# --------------------------------------------------------------------------------------------------------- agreements


class Standing(StrEnum):
    """Whether an agreement counts: `rejected` by a person; `joined` to another, of which it is part; `lost`: no report
    tells of it any longer."""

    STANDS = "stands"
    REJECTED = "rejected"
    JOINED = "joined"
    LOST = "lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """The event itself: one per real-world agreement, many reports, across outlets and languages.

    `stage` is the furthest stage any counted report gives. `register` names the row of the register it stands for.
    `revision` grows with each material change (party, instrument, stage, date).
    """

    key: str
    partner: str
    level: Level
    stage: Stage
    instrument: Instrument
    instrument_printed: str
    title: str
    institutions: tuple[Institution, ...]
    fields: tuple[str, ...]
    signatories: tuple[Signatory, ...]
    signed_on: date | None
    signed_precision: str
    place: str
    confidence: float
    reasons: tuple[str, ...]
    revision: int
    first_published: datetime | None
    first_discovered: datetime
    last_reported: datetime
    sources: int  # independent ones: reprints of one origin count once
    reports: tuple[str, ...]  # report keys, oldest first
    parent: str | None = None
    register: str | None = None
    told: bool = False  # somebody was told of it as new
    decision: str = ""
    told_on: tuple[str, ...] = ()  # keys of the reports on which it was told
    standing: Standing = Standing.STANDS
    joined: str | None = None  # where it stands no longer by itself: the agreement that it is part of
    edited: tuple[str, ...] = ()  # slots that a person has set


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """The outcome of linking one report: the agreement as it now stands, and in words why it is that one."""

    report: Report
    agreement: Agreement
    created: bool
    changed: tuple[str, ...]  # names of materially changed slots
    why: tuple[str, ...]
    together: float = 0.0  # how sure the fresh reports of its act make it together, where two independent ones do
    backed: bool = False  # an outlet that is not unverified reports the act too


class DecisionKind(StrEnum):
    MERGE = "merge"
    SPLIT = "split"
    EDIT = "edit"
    REJECT = "reject"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a person decided of an agreement: it binds what is read later, and holds when everything is read again.

    `reports` stay with (or come to) `agreement`, `parted` go to `other`. `values` are the slots an edit sets, as text.
    """

    id: int
    kind: DecisionKind
    agreement: str
    other: str | None
    partner: str
    reports: tuple[str, ...]
    parted: tuple[str, ...]
    values: tuple[tuple[str, str], ...]
    author: str
    reason: str
    at: datetime
    undone_at: datetime | None = None
    undone_by: str = ""
    undone_why: str = ""
    further: str = ""  # a second partner that it speaks of, "" where there is none: both are put together as one


# ------------------------------------------------------------------------------------------------------------- alerts


class AlertKind(StrEnum):
    AGREEMENT = "agreement"  # at once
    DIGEST = "digest"
    STARTING_PICTURE = "starting_picture"
    CATCH_UP = "catch_up"
    TEST = "test"
    CORRECTION = "correction"  # of what was told of an agreement
    WITHDRAWAL = "withdrawal"  # what was told is no agreement
    OPERATOR = "operator"
    NOTICE = "notice"  # to readers: that Kawat cannot see, and that it sees again
    UPDATE = "update"  # what changed in an agreement that was told: below its first message
    COUNTER = "counter"  # no message: the first one is edited, because another outlet reports the same


class Urgency(StrEnum):
    """What the plan makes of one linked report."""

    AT_ONCE = "at_once"
    DIGEST = "digest"
    STARTING_PICTURE = "starting_picture"
    CATCH_UP = "catch_up"  # would be at once, but the machine slept: told in one message with the rest
    UPDATE = "update"  # told before and changed: said at once, below its first message
    COUNTER = "counter"  # told before and unchanged: its first message counts one report more, nobody is pinged
    STORED = "stored"  # told to nobody


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One thing to tell, channel-independent: what an alert, a digest line or a starting picture is made of."""

    agreement: Agreement
    report: Report
    urgency: Urgency
    why: tuple[str, ...]
    heading: str = ""  # why it is where it is: "found late", "unconfirmed", …
    channel: str = ""  # whose watch decided; "" for all readers
    tells: bool = False  # once this notice is stored the agreement counts as told: no later report alerts at once
    before: Agreement | None = None  # as it stood before this report changed it


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """One report as the reader sees it."""

    outlet: str
    outlet_name: str
    trust: Trust
    url: str
    title: str
    published: datetime | None
    discovered: datetime
    language: str
    summary_only: bool = False
    reprint_of: str | None = None  # outlet name of the origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One agreement as told: the record, the proving sentence, and who else reports it."""

    agreement: Agreement
    quote: str
    quote_source: Citation
    citations: tuple[Citation, ...]
    heading: str = ""
    marks: tuple[tuple[int, int], ...] = ()  # spans of `quote` that prove parties, act and field: code points
    before: Agreement | None = None  # as its reader was told of it before: what changed since is said


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One message to one recipient over one channel. `key` is deterministic, so a replay cannot send it twice."""

    key: str
    kind: AlertKind
    channel: str
    recipient: str
    items: tuple[Item, ...]
    created_at: datetime
    due_at: datetime
    subject: str = ""  # for kinds without items
    body: str = ""
    facts: tuple[tuple[str, str], ...] = ()  # named facts that the message states, e.g. ("sources", "43")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    receipt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """Try again; `after` is the channel's own wish, None leaves it to the back-off."""

    reason: str
    after: timedelta | None = None
    maybe_accepted: bool = False  # bytes went out, the answer did not come: the next try is a possible repeat


@dataclass(frozen=True, slots=True, kw_only=True)
class Permanent:
    reason: str


Attempt = Sent | Retry | Permanent


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """An alert on its way: how far it got."""

    id: int
    alert: Alert
    attempts: int
    possible_repeat: bool
    lease: str
    last_reason: str = ""  # why the try before this one failed: a late message says so
    thread: str = ""  # key of the alert below whose message it goes; "": it stands by itself
    root: str = ""  # what the channel answered when it took that message, "" where it never did
    since: datetime | None = None  # tried again by a person since


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """An alert in the outbox that was never tried: it may still be held, folded, put into a thread or silenced."""

    id: int
    alert: Alert
    thread: str = ""
    next_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Root:
    """The message that told a recipient of an agreement: what is told of it later goes below it."""

    key: str  # of its alert
    state: str
    kind: AlertKind
    thread: str  # "" where it stands by itself
    items: tuple[Item, ...]  # as it reads now, edits included
    facts: tuple[tuple[str, str], ...] = ()

    @property
    def top(self) -> str:
        """Key of the message that the thread hangs from."""
        return self.thread or self.key


@dataclass(frozen=True, slots=True, kw_only=True)
class Arranged:
    """What becomes of a pending alert before it is sent; None keeps what there is."""

    id: int
    alert: Alert | None = None  # as it is to be told
    thread: str | None = None
    next_at: datetime | None = None
    state: str | None = None  # folded (told in another message) | silenced
    why: str = ""
    hides: bool = False  # a silence keeps back some of its lines
    more: tuple[Alert, ...] = ()  # what does not fit into it: messages of their own, right behind it


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """What is not sent for a while. `matcher` as written: `partner=JP,KR field=ai`; all its terms must fit."""

    id: int
    matcher: str
    author: str
    reason: str
    starts_at: datetime
    ends_at: datetime
    ended_by: str = ""  # who ended it before its time
    hid: int = 0  # alerts and lines that it kept back


# ---------------------------------------------------------------------------------------------------------- operation


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One poll of one outlet in one crawl tick, with its counted outcomes."""

    outlet: str
    started_at: datetime
    finished_at: datetime
    ok: bool  # every source answered (200 or 304) with something readable
    sources: int
    unchanged: int  # 304 answers
    items: int  # links listed
    candidates: int  # new ones
    fetched: int
    failed: int
    reason: str = ""  # what went wrong, "" where nothing did
    retry_after: timedelta | None = None
    delay: timedelta = timedelta(0)  # the longest pause between requests that one of its hosts asks for
    fresh_until: datetime | None = None  # before that none of its sources is worth asking again, by their own word
    troubles: tuple[str, ...] = ()  # kinds of what went wrong with its sources (`crawler.outcome.Trouble`)
    page_troubles: tuple[str, ...] = ()  # the same of its articles


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """When an outlet prints, learned from its own past: per hour of the week in WIB (0 is Monday 00:00), how many new
    articles were seen and for how many hours that hour was watched, both fading with age; and the same for the last
    hours. Everything as of `at`."""

    counts: tuple[float, ...]
    hours: tuple[float, ...]
    seen_lately: float
    expected_lately: float
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """Something an operator should know."""

    subject: str
    problem: str
    remedy: str
    since: datetime


def digest(*parts: str, size: int = 16) -> str:
    """Deterministic hex identity of some strings: BLAKE2b over the parts joined by NUL, `size` bytes long."""
    return hashlib.blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=size).hexdigest()


def article_key(outlet: str, url_key: str) -> str:
    """Identity of an article: its outlet and the key of its canonical URL."""
    return digest("article", outlet, url_key, size=10)
