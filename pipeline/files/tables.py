"""Exports as they stand now: agreements and articles as CSV, XLSX or JSON Lines, one row each.

CSV begins with a byte order mark, without which Excel reads the accents wrong; its cells are those of `cells`.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from pipeline.errors import UsageError
from pipeline.files.cells import safe
from pipeline.files.lines import article_data, line, utc, wib
from pipeline.files.trouble import refusal
from pipeline.model import Agreement, Label, Relation
from pipeline.store import Store, StoredArticle, Told

Claim = Callable[[Agreement, str], str]
"""The one-line claim of an agreement in a language, `en` or `id`."""

FORMATS = ("csv", "xlsx", "jsonl")
PAGE = 200
AGREEMENT_COLUMNS = (
    "key",
    "claim_en",
    "claim_id",
    "partner",
    "level",
    "stage",
    "instrument",
    "instrument_printed",
    "title",
    "institutions",
    "signatories",
    "fields",
    "signed_on",
    "signed_precision",
    "place",
    "first_published_utc",
    "first_published_wib",
    "first_discovered_utc",
    "first_discovered_wib",
    "last_reported_utc",
    "source_urls",
    "independent_sources",
    "confidence",
    "confidence_reasons",
    "quote",
    "quote_outlet",
    "quote_url",
    "decision",
    "told",
    "register",
    "parent",
    "revision",
)

ARTICLE_COLUMNS = (
    "key",
    "revision",
    "stored_at",
    "outlet",
    "url",
    "canonical_url",
    "title",
    "text",
    "authors",
    "dateline",
    "section",
    "language",
    "published",
    "published_wib",
    "published_raw",
    "discovered_at",
    "fetched_at",
    "summary_only",
    "label",
    "verdict",
    "duplicate_of",
    "similarity",
    "why",
)


def export_agreements(store: Store, path: Path, form: str, claim: Claim) -> int:
    """Write every agreement as it stands now; how many.

    Raises UsageError for an unknown format, StoreFull and StoreError where the file cannot be written.
    """
    return _write(path, form, "agreements", AGREEMENT_COLUMNS, _agreement_rows(store, claim))


def export_articles(
    store: Store,
    path: Path,
    form: str,
    *,
    outlet: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    label: Label | None = None,
) -> int:
    """Write the newest revision of every article that passes the filters, newest first; how many."""
    rows = map(article_data, _articles(store, outlet=outlet, since=since, until=until, label=label))
    return _write(path, form, "articles", ARTICLE_COLUMNS, rows)


def agreement_data(agreement: Agreement, told: tuple[Told, ...], claim: Claim) -> dict[str, Any]:
    """One row: AGREEMENT_COLUMNS in order, lists as lists."""
    proof = _proof(told)
    quote = proof.report.quote if proof else None
    return {
        "key": agreement.key,
        "claim_en": claim(agreement, "en"),
        "claim_id": claim(agreement, "id"),
        "partner": agreement.partner,
        "level": agreement.level.value,
        "stage": agreement.stage.value,
        "instrument": agreement.instrument.value,
        "instrument_printed": agreement.instrument_printed,
        "title": agreement.title,
        "institutions": [f"{one.name} ({one.country})" for one in agreement.institutions],
        "signatories": [
            ", ".join(filter(None, (one.name, one.post, one.side))) + ("" if one.role == "signed" else f" [{one.role}]")
            for one in agreement.signatories
        ],
        "fields": list(agreement.fields),
        "signed_on": _to_precision(agreement),
        "signed_precision": agreement.signed_precision,
        "place": agreement.place,
        "first_published_utc": utc(agreement.first_published),
        "first_published_wib": wib(agreement.first_published),
        "first_discovered_utc": utc(agreement.first_discovered),
        "first_discovered_wib": wib(agreement.first_discovered),
        "last_reported_utc": utc(agreement.last_reported),
        "source_urls": list(dict.fromkeys(one.url for one in told)),
        "independent_sources": agreement.sources,
        "confidence": agreement.confidence,
        "confidence_reasons": list(agreement.reasons),
        "quote": quote.quote if quote else "",
        "quote_outlet": proof.outlet if proof and quote else "",
        "quote_url": proof.url if proof and quote else "",
        "decision": agreement.decision,
        "told": agreement.told,
        "register": agreement.register,
        "parent": agreement.parent,
        "revision": agreement.revision,
    }


def _agreement_rows(store: Store, claim: Claim) -> Iterator[dict[str, Any]]:
    before: tuple[datetime, str] | None = None
    while page := store.agreements.list(limit=PAGE, before=before):
        for agreement in page:
            yield agreement_data(agreement, store.agreements.reports(agreement.key), claim)
        before = (page[-1].first_discovered, page[-1].key)


def _articles(
    store: Store, *, outlet: str | None, since: datetime | None, until: datetime | None, label: Label | None
) -> Iterator[StoredArticle]:
    before: int | None = None
    while page := store.articles.list(outlet=outlet, since=since, until=until, label=label, limit=PAGE, before=before):
        yield from page
        before = page[-1].seq


def _proof(told: tuple[Told, ...]) -> Told | None:
    """The report whose quote stands for the agreement: of the act itself, the surest, the earliest among equals."""
    quoted = [one for one in told if one.report.quote is not None]
    return max(quoted, key=lambda one: (one.report.relation is Relation.NEW, one.report.confidence), default=None)


def _to_precision(agreement: Agreement) -> str | None:
    if agreement.signed_on is None:
        return None
    length = {"year": 4, "month": 7}.get(agreement.signed_precision, 10)
    return agreement.signed_on.isoformat()[:length]


def _write(path: Path, form: str, title: str, columns: tuple[str, ...], rows: Iterator[dict[str, Any]]) -> int:
    if form not in FORMATS:
        raise UsageError(f"{form!r} is no format; choose one of {', '.join(FORMATS)}")
    beside = path.with_name(f".{path.name}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        number = {"csv": _csv, "xlsx": _xlsx, "jsonl": _jsonl}[form](beside, title, columns, rows)
        beside.replace(path)
    except OSError as error:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise refusal(error, path) from error
    return number


def _csv(path: Path, _title: str, columns: tuple[str, ...], rows: Iterator[dict[str, Any]]) -> int:
    number = 0
    with path.open("w", encoding="utf-8-sig", errors="replace", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        for row in rows:
            number += 1
            writer.writerow([safe(row[column]) for column in columns])
    return number


def _xlsx(path: Path, title: str, columns: tuple[str, ...], rows: Iterator[dict[str, Any]]) -> int:
    from pipeline.files.workbook import write  # noqa: PLC0415 - openpyxl, which nothing else needs

    return write(path, title, columns, rows)


def _jsonl(path: Path, _title: str, _columns: tuple[str, ...], rows: Iterator[dict[str, Any]]) -> int:
    number = 0
    with path.open("wb") as file:
        for row in rows:
            number += 1
            file.write(line(row))
    return number
