"""What `kawat agreements show KEY --format cable` needs from the store: the reports, and when each page was fetched."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from kawat.listings import found_agreement
from pipeline.alert.compose import AUTHORITY
from pipeline.alert.render.cable import Cited, cable
from pipeline.alert.words import Names
from pipeline.config import Configuration
from pipeline.model import Outlet, Relation
from pipeline.store import Store
from pipeline.store.values import Told
from pipeline.threads import unknown_outlet


def cable_of(store: Store, configuration: Configuration, key: str, names: Names, *, now: datetime) -> str | None:
    """One agreement for a cable, by its key or a unique beginning of it; None where it is not known."""
    agreement = found_agreement(store, key)
    if agreement is None:
        return None
    told = store.agreements.reports(agreement.key)
    outlets = {each.slug: each for each in configuration.outlets}
    printed_in = {each.report.article: each for each in told}

    def proof(each: Told) -> tuple[bool, int]:
        """The quotation is of a report that gives the stage, by the outlet with most authority; among equals first."""
        report = each.report
        tells = report.relation is not Relation.BACKGROUND and report.stage is agreement.stage
        outlet = outlets.get(each.outlet) or unknown_outlet(each.outlet, each.url)
        return report.quote is None or not tells, AUTHORITY.index(outlet.trust)

    first = min(told, key=proof, default=None)
    ordered = [each for each in (first, *(each for each in told if each is not first)) if each is not None]
    return cable(
        agreement,
        [_cited(store, outlets, each, printed_in) for each in ordered],
        names,
        {each.id: each.name_en for each in configuration.lexicon.bodies.values() if each.name_en},
        now=now,
    )


def _cited(store: Store, outlets: Mapping[str, Outlet], told: Told, printed_in: Mapping[str, Told]) -> Cited:
    stored = store.articles.by_key(told.report.article)
    head = stored.head if stored is not None else None
    outlet = outlets.get(told.outlet) or unknown_outlet(told.outlet, told.url)
    origin = printed_in.get(told.duplicate_of or "")
    quote = told.report.quote
    return Cited(
        outlet=outlet.name,
        title=told.title,
        url=told.url,
        published=told.published,
        precision=head.published.precision if head is not None and head.published is not None else "minute",
        retrieved=head.fetched_at if head is not None else None,
        language=told.language,
        trust=outlet.trust,
        quote=quote.quote if quote is not None else "",
        summary_only=told.summary_only,
        reprint_of=""
        if origin is None
        else (outlets[origin.outlet].name if origin.outlet in outlets else origin.outlet),
    )
