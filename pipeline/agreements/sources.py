"""Who says so: the reports of one agreement with their outlets, and which of them are independent of one another."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pipeline.model import Agreement, Article, Outlet, Relation, Report, Trust

_WORD = re.compile(r"[a-z]+")
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
    """The agency an article comes from, by its credits or because the outlet is one; lower case, "" where none."""
    for credit in article.credits:
        if credit.role == "wire":
            found = _WORD.search(credit.name.lower())
            if found:
                return found.group()
    if outlet.trust is Trust.WIRE:
        return outlet.slug.split("_")[0]
    return ""


def origins(members: tuple[Member, ...]) -> dict[str, str]:
    """The origin of each report (by its key): reprints of one agency's item or of one text share one."""
    by_article = {each.report.article: each for each in members}
    found = {}
    for each in members:
        at, seen = each, {each.report.article}
        while at.duplicate_of in by_article and at.duplicate_of not in seen:
            at = by_article[at.duplicate_of]
            seen.add(at.report.article)
        wired = next((name for name in (each.wire, at.wire) if name), "")
        if wired:
            found[each.report.key] = f"wire:{wired}"
        elif at.duplicate_of:
            found[each.report.key] = f"copy:{at.duplicate_of}"
        else:
            found[each.report.key] = f"outlet:{at.outlet}"
    return found


def counted(members: tuple[Member, ...]) -> tuple[Member, ...]:
    """The reports that make up an agreement's state: background mentions and unverified outlets only fill in."""
    telling = tuple(each for each in members if each.report.relation is not Relation.BACKGROUND) or members
    return tuple(each for each in telling if each.trust is not Trust.UNVERIFIED) or telling
