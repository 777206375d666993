"""`kawat read`: what Kawat makes of given articles, in a throw-away database, sending nothing.

The whole pipeline runs, one article after another in the given order, each as if it arrived at its own time of
publication. An outlet named in an input counts as configured; where none is, the text stands for an ordinary paper.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO
from zoneinfo import ZoneInfo

from kawat.corpus import load_seeds
from kawat.given import Given, coarse, extracted, given, outlet_of, page_of
from kawat.rulebook import rulebook
from kawat.shipped import defaults
from pipeline.alert.plan import SHIPPED
from pipeline.config import Configuration, load
from pipeline.decide import Decider
from pipeline.model import (
    Agreement,
    Alert,
    AlertKind,
    Article,
    Extracted,
    NearTo,
    Notice,
    Outlet,
    Reject,
    Relation,
    Report,
    SameAs,
    Stage,
    Trust,
    Urgency,
    digest,
)
from pipeline.store import Store
from pipeline.store.values import Outcome
from pipeline.threads import unknown_outlet

Row = dict[str, Any]


def read_inputs(
    inputs: Sequence[str], *, register: bool, stdin: TextIO = sys.stdin, folder: Path | None = None
) -> Iterator[Row]:
    """One row per article, in input order (`docs/data.md`, "kawat read"). `folder` is whose configuration to use; None:
    the shipped one. Without `register` neither the register of known agreements nor the seed corpus is known.

    Raises UsageError for an input that is not there, ConfigError for a configuration that is refused.
    """
    shipped = defaults()
    configuration = load(folder or shipped, shipped, os.environ)
    with Store.open("sqlite://") as store:
        if register:
            load_seeds(store, configuration, datetime.now(UTC))
        desk = _Desk(store, configuration, register=register)
        for item in given(inputs, stdin):
            yield desk.read(item)


class _Desk:
    """The pipeline, an input at a time."""

    def __init__(self, store: Store, configuration: Configuration, *, register: bool) -> None:
        rules = rulebook(configuration, register=register)
        self._outlets: dict[str, Outlet] = dict(rules.outlets)
        self._store = store
        self._now = datetime.now(UTC)
        self._ids: dict[str, str] = {}
        self._count = 0
        self._decider = Decider(
            store=store,
            rules=replace(rules, outlets=self._outlets, watches={"": SHIPPED}),
            compose=_would_alert,
            now=lambda: self._now,
            learning=False,  # a given article is read by the rules alone, whatever was given before it
        )

    def read(self, item: Given) -> Row:
        """Decide and store one input; its row."""
        self._count += 1
        arrival = datetime.now(UTC)
        outlet = self._outlet(item)
        page = page_of(item, outlet, arrival, number=self._count)
        read = extracted(item, page, outlet, arrival)
        dated = False
        if isinstance(read, Extracted):
            read = coarse(read, item.published, outlet.zone)
            if read.published is not None:
                arrival = min(arrival, read.published.instant)
                dated = read.published.precision not in ("month", "year")
        self._now = arrival
        page = replace(page, fetched_at=arrival, discovered_at=arrival)
        outcome = self._decider.settle_extracted(read, page, outlet, age_rules=dated)
        self._store.inbox.land(page)
        self._store.commit(outcome)
        row = self._row(item, outlet, outcome)
        if isinstance(outcome.result, Article):
            self._ids.setdefault(outcome.result.key, item.id)
        return row

    def _outlet(self, item: Given) -> Outlet:
        name = item.outlet or "given"
        stranger = replace(
            unknown_outlet(name, item.url), trust=Trust.PRESS, enabled=True, disabled_reason="", name=name
        )
        found = outlet_of(item, self._outlets, stranger)
        return self._outlets.setdefault(found.slug, found)

    # ------------------------------------------------------------------------------------------------------- the row

    def _row(self, item: Given, outlet: Outlet, outcome: Outcome) -> Row:
        result = outcome.result
        if isinstance(result, Reject):
            reason = str(result.reason) + (f": {result.detail}" if result.detail else "")
            return {
                **_head(item, outlet, None),
                "text": "",
                "removed": [],
                "verdict": "reject",
                "reason": reason,
                "duplicate_of": None,
                "similarity": None,
                "label": "other",
                "agreement": None,
                "also": [],
                "alert": False,
                "why": list(outcome.why),
            }
        keys = dict(self._keys(result.key))
        told = [
            _report(each, keys[each.key], self._dated(each, keys[each.key]))
            for each in outcome.reports
            if keys.get(each.key)
        ]
        verdict = outcome.verdict
        copied = verdict.key if isinstance(verdict, SameAs | NearTo) else None
        return {
            **_head(item, outlet, result),
            "text": result.text,
            "removed": [{"text": each.text, "rule": each.rule} for each in result.removed],
            "verdict": {"New": "new", "SameAs": "same", "NearTo": "near", "Revises": "revision"}[
                type(verdict).__name__
            ],
            "reason": None,
            "duplicate_of": self._ids.get(copied, copied) if copied else None,
            "similarity": verdict.similarity if isinstance(verdict, NearTo) else 1.0 if copied else None,
            "label": str(outcome.label),
            "agreement": told[0] if told else None,
            "also": told[1:],
            "alert": any(each.kind is AlertKind.AGREEMENT for each in outcome.alerts),
            "why": list(outcome.why),
        }

    def _dated(self, report: Report, key: str) -> str | None:
        """The act's date as the report has it; of a follow-up that names no day, as the agreement has it."""
        if report.relation is Relation.UPDATE or report.stage is Stage.ENDED:
            known = self._store.agreements.get(key)
            if known is not None and known.signed_precision == "day" and report.signed_precision != "day":
                return _printed_date(known)
        return _printed_date(report)

    def _keys(self, article: str) -> Iterator[tuple[str, str]]:
        for report, agreement in self._store.articles.reports(article):
            if agreement is not None:
                yield report.key, agreement


def _head(item: Given, outlet: Outlet, article: Article | None) -> Row:
    stamp = article.published if article else None
    return {
        "id": item.id,
        "url": item.url or (article.canonical_url if article and not article.url.startswith("input:") else ""),
        "outlet": item.outlet or (outlet.name if outlet.slug != "given" else ""),
        "lang": article.language if article else item.language,
        "title": article.title if article else item.title,
        "published": stamp.instant.astimezone(ZoneInfo(outlet.zone)).isoformat() if stamp else None,
    }


def _report(report: Report, key: str, signed_on: str | None) -> Row:
    return {
        "key": key,
        "relation": str(report.relation),
        "stage": str(report.stage),
        "instrument": str(report.instrument),
        "instrument_printed": report.instrument_printed,
        "title": report.title,
        "partner": report.partner,
        "level": str(report.level),
        "institutions": [{"id": each.id, "name": each.name, "country": each.country} for each in report.institutions],
        "fields": list(report.fields),
        "signatories": [
            {"name": each.name, "post": each.post, "side": each.side, "role": each.role} for each in report.signatories
        ],
        "signed_on": signed_on,
        "place": report.place or None,
        "confidence": round(report.confidence, 4),
        "reasons": list(report.reasons),
        "evidence": [
            {"slot": each.slot, "in": each.where, "quote": each.quote, "start": each.start, "end": each.end}
            for each in report.evidence
        ],
    }


def _printed_date(report: Report | Agreement) -> str | None:
    """The act's date at the precision it is known with: 2025-01-25, 2025-01 or 2025."""
    if report.signed_on is None:
        return None
    whole = report.signed_on.isoformat()
    return {"month": whole[:7], "year": whole[:4]}.get(report.signed_precision, whole)


def _would_alert(notice: Notice, _article: Article, _outlet: Outlet, now: datetime) -> tuple[Alert, ...]:
    """Stands for what would be sent: one alert, which goes nowhere; of what was told before and has ended, an update:
    no new agreement."""
    ended = notice.urgency is Urgency.UPDATE and notice.report.stage is Stage.ENDED
    return (
        Alert(
            key=digest("read", notice.agreement.key, notice.report.key),
            kind=AlertKind.UPDATE if ended else AlertKind.AGREEMENT,
            channel="read",
            recipient="",
            items=(),
            created_at=now,
            due_at=now,
        ),
    )
