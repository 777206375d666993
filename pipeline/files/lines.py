"""One stored value as one line of JSON. `docs/data.md` defines every key; SCHEMA_VERSION grows when one changes."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from pipeline.model import Agreement, NearTo
from pipeline.store import Change, StoredArticle
from pipeline.store.codec import encoder

SCHEMA_VERSION = 1

WIB = timezone(timedelta(hours=7), "WIB")
"""Western Indonesian Time: UTC+7, no daylight saving."""

VERDICTS = {"New": "new", "SameAs": "same", "NearTo": "near", "Revises": "revision"}


def utc(at: datetime | None) -> str | None:
    """ISO 8601 in UTC."""
    return None if at is None else at.astimezone(UTC).isoformat()


def wib(at: datetime | None) -> str | None:
    """ISO 8601 in Western Indonesian Time."""
    return None if at is None else at.astimezone(WIB).isoformat()


def line(data: dict[str, Any]) -> bytes:
    """One line, ended by a newline: JSON has none inside."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace") + b"\n"


def article_data(stored: StoredArticle) -> dict[str, Any]:
    """An article revision. `text` is null where retention has cleared it."""
    head, body, decided = stored.head, stored.body, stored.head.decided
    published = head.published
    return {
        "schema_version": SCHEMA_VERSION,
        "key": head.key,
        "revision": stored.revision,
        "stored_at": utc(stored.stored_at),
        "outlet": head.outlet,
        "url": head.url,
        "canonical_url": head.canonical_url,
        "title": head.title,
        "text": "\n\n".join(body.paragraphs) if body else None,
        "headings": list(body.headings) if body else None,
        "authors": list(head.authors),
        "credits": [{"role": credit.role, "name": credit.name} for credit in head.credits],
        "dateline": head.dateline,
        "section": head.section,
        "language": head.language,
        "published": utc(published.instant) if published else None,
        "published_wib": wib(published.instant) if published else None,
        "published_raw": head.published_raw,
        "published_precision": published.precision if published else None,
        "zone_source": published.zone_source if published else None,
        "discovered_at": utc(head.discovered_at),
        "fetched_at": utc(head.fetched_at),
        "summary_only": head.summary_only,
        "baseline": head.baseline,
        "label": decided.label.value,
        "verdict": VERDICTS[type(decided.verdict).__name__],
        "duplicate_of": getattr(decided.verdict, "key", None),
        "similarity": decided.verdict.similarity if isinstance(decided.verdict, NearTo) else None,
        "why": list(decided.why),
        "rules": decided.rules,
        "removed": [{"text": cut.text, "rule": cut.rule, "before": cut.before} for cut in body.removed]
        if body
        else None,
        "steps": dict(head.steps),
        "warc": {"file": stored.record.file, "offset": stored.record.offset, "length": stored.record.length},
    }


def change_data(change: Change) -> dict[str, Any]:
    """One change of an agreement, with the agreement as it stood after it."""
    return {
        "schema_version": SCHEMA_VERSION,
        "seq": change.seq,
        "at": utc(change.at),
        "change": change.kind,
        "why": list(change.why),
        "agreement": encoder(Agreement)(change.agreement),
    }
