"""Who says so: the reports of one agreement with their outlets, and which of them are independent of one another.

One ministry release or agency item comes back under many names: its copies are one source. The earliest of them gives
the time, the fullest the text, the most authoritative the citation.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pipeline.model import Agreement, Article, Outlet, Relation, Report, Trust

_SIGNED = re.compile(r"[\s,;()\[\]|]*[,;()\[\]|/&][\s,;()\[\]|]*|-(?=OANA\b)|\s+(?:dan|and)\s+")
"""Parts what stands in a place line or credit: "Beijing (ANTARA/Xinhua-OANA)", "TOKYO, KYODO"."""

_NATIONAL = "antara"
"""Passes on what foreign agencies write: "(ANTARA/Xinhua)" signs a text of Xinhua."""

_AGENCIES = {
    _NATIONAL: ("antaranews", "antaranews.com", "lkbn antara", "kantor berita antara", "ant"),
    "reuters": ("thomson reuters",),
    "afp": ("agence france-presse",),
    "ap": ("associated press", "the associated press"),
    "dpa": (),
    "bloomberg": ("bloomberg news",),
    "xinhua": ("xinhua news", "xinhua news agency"),
    "kyodo": ("kyodo news",),
    "jiji": ("jiji press",),
    "yonhap": ("yonhap news", "yonhap news agency"),
    "bernama": (),
    "vna": ("vietnam news agency", "ttxvn"),
    "pna": ("philippine news agency",),
    "tatoli": (),
    "pti": ("press trust of india",),
    "ani": (),
    "app": ("associated press of pakistan",),
    "anadolu": ("anadolu agency", "anadolu ajansi", "aa"),
    "wam": (),
    "spa": ("saudi press agency",),
    "qna": ("qatar news agency",),
    "irna": (),
    "tass": ("itar-tass",),
    "sputnik": (),
    "ria novosti": (),
    "interfax": (),
    "aap": ("australian associated press",),
    "efe": ("agencia efe",),
    "ansa": (),
}
"""Agencies by what they sign with (lower case), as their own pages and the members' list of OANA have it."""

_SHORT = 3
"""A sign of so few letters counts in capitals only: "Ani" is a reporter, "ANI" an agency."""

_NAMED = {sign: name for name, signs in _AGENCIES.items() for sign in (name, *signs)}

_CITY_ENDS = re.compile(r"[,(]")

_COARSE = {"month": timedelta(days=30), "year": timedelta(days=365)}

_RANK = {Trust.OFFICIAL: 3, Trust.WIRE: 2, Trust.PRESS: 1, Trust.UNVERIFIED: 0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One report with what linking must know of its article.

    `duplicate_of` is the key of the article it repeats word for word; `wire` the agency credited, "" where none is.
    `filed`: its place is only that of the dateline, where the report was filed. `until`: where the page gives a month
    or a year only, the last moment at which it can have been published.
    """

    report: Report
    outlet: str
    trust: Trust
    published: datetime | None
    discovered: datetime
    duplicate_of: str | None = None
    wire: str = ""
    filed: bool = False
    until: datetime | None = None

    @property
    def seen(self) -> datetime:
        """When the world could read it: publication, or discovery where no time is printed or it lies ahead."""
        return self.discovered if self.published is None or self.published > self.discovered else self.published

    @property
    def day(self) -> date:
        return self.seen.date()

    @property
    def last_day(self) -> date:
        return max(self.day, self.until.date()) if self.until is not None else self.day

    @property
    def place(self) -> tuple[datetime, str]:
        """Where it stands in the order in which agreements are made up, whatever order reports arrive in."""
        return self.seen, self.report.key

    @property
    def rank(self) -> int:
        """How authoritative its outlet is: official 3, wire 2, press 1, unverified 0."""
        return _RANK[self.trust]


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """A stored agreement with its reports: a candidate for linking."""

    agreement: Agreement
    members: tuple[Member, ...]


def member(report: Report, article: Article, outlet: Outlet, *, duplicate_of: str | None = None) -> Member:
    """The report of an article of an outlet."""
    printed = article.published
    return Member(
        report=report,
        outlet=outlet.slug,
        trust=outlet.trust,
        published=printed.instant if printed else None,
        until=printed.instant + _COARSE[printed.precision] if printed and printed.precision in _COARSE else None,
        discovered=article.discovered_at,
        duplicate_of=duplicate_of,
        wire=wire(article, outlet),
        filed=filed(report, article),
    )


def filed(report: Report, article: Article) -> bool:
    """Whether the place comes from the dateline: it opens the text, or is the dateline's city away from the claim."""
    place = next((each for each in report.evidence if each.slot == "place" and each.where == "text"), None)
    if place is None or place.start == 0:
        return place is not None
    claim = report.quote
    beside = claim is not None and claim.where == "text" and claim.start <= place.start < claim.end
    city = _CITY_ENDS.split(article.dateline)[0].strip()
    return not beside and place.quote.casefold() == city.casefold()


def wire(article: Article, outlet: Outlet) -> str:
    """The agency an article comes from, by its credits, by its place line, or because the outlet is one; lower case, ""
    where none."""
    signed = [name for credit in article.credits if credit.role in ("wire", "source") for name in agencies(credit.name)]
    found = agency((*signed, *agencies(article.dateline)))
    if found or outlet.trust is not Trust.WIRE:
        return found
    return outlet.slug.split("_")[0]


def agencies(printed: str) -> tuple[str, ...]:
    """The agencies that sign a place line or a credit, in their order: ("xinhua", "antara") of "(Xinhua/Antara)"."""
    parts = (" ".join(part.split()).strip(" .-–—") for part in _SIGNED.split(printed))
    signs = [part.lower() for part in parts if len(part) > _SHORT or part.isupper() or part.lower() == "ant"]
    named = (_NATIONAL if sign.startswith(f"{_NATIONAL} ") else _NAMED.get(sign, "") for sign in signs)  # "Antara Bali"
    return tuple(dict.fromkeys(filter(None, named)))


def agency(signed: Iterable[str]) -> str:
    """Whose text it is that these agencies sign: the first one's, but a foreign one's before the one that passes it on;
    "" where none signs."""
    names = tuple(signed)
    return next((name for name in names if name != _NATIONAL), next(iter(names), ""))


def origins(members: tuple[Member, ...]) -> dict[str, str]:
    """The origin of each report (by its key): reprints of one agency's item or of one text share one.

    Whichever of its copies was read first: a text that an agency has, or that one copy credits to it, is the agency's;
    else one that a ministry has is the ministry's.
    """
    by_article = {each.report.article: each for each in members}
    copies: dict[str, list[Member]] = {}
    for each in sorted(members, key=lambda one: one.place):
        copies.setdefault(_first_copy(each, by_article), []).append(each)
    found: dict[str, str] = {}
    for first, mine in copies.items():
        signed = agency(each.wire for each in mine if each.wire)
        released = next((each.outlet for each in mine if each.trust is Trust.OFFICIAL), "")
        if signed:
            name = f"wire:{signed}"
        elif released or first in by_article:
            name = f"outlet:{released or by_article[first].outlet}"
        else:
            name = f"copy:{first}"
        found |= {each.report.key: name for each in mine}
    return found


def _first_copy(member: Member, by_article: Mapping[str, Member]) -> str:
    """The article (key) that a chain of copies goes back to, among these reports or gone; the smallest of a ring."""
    at, seen = member, [member.report.article]
    while at.duplicate_of is not None:
        if at.duplicate_of in seen:
            return min(seen[seen.index(at.duplicate_of) :])
        seen.append(at.duplicate_of)
        if at.duplicate_of not in by_article:
            break
        at = by_article[at.duplicate_of]
    return seen[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """One source of an agreement: the reports that go back to it, by their publication.

    `first` gives the time, `fullest` the text, `cited` (a ministry's before an agency's before a reprint) the citation.
    """

    name: str
    members: tuple[Member, ...]
    first: Member
    fullest: Member
    cited: Member


def sources_of(members: Iterable[Member], words: Mapping[str, int]) -> tuple[Origin, ...]:
    """The sources of an agreement, the earliest first. `words`: how long each article (key) is, where that is known;
    of equals the earlier counts."""
    ordered = sorted(members, key=lambda each: each.place)
    named = origins(tuple(ordered))
    by_name: dict[str, list[Member]] = {}
    for each in ordered:
        by_name.setdefault(named[each.report.key], []).append(each)
    return tuple(
        Origin(
            name=name,
            members=tuple(mine),
            first=mine[0],
            fullest=max(mine, key=lambda each: words.get(each.report.article, 0)),
            cited=max(mine, key=lambda each: each.rank),
        )
        for name, mine in by_name.items()
    )


def counted(members: tuple[Member, ...]) -> tuple[Member, ...]:
    """The reports that make up an agreement's state: background mentions and unverified outlets only fill in."""
    telling = tuple(each for each in members if each.report.relation is not Relation.BACKGROUND) or members
    return tuple(each for each in telling if each.trust is not Trust.UNVERIFIED) or telling
