"""Outlets: what is read, how it is found, and how it is treated."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


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
