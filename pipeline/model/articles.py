"""Pages as they become articles, and whether one was there before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


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
