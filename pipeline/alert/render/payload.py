"""A letter as JSON for a generic webhook: the record as data, beside it the same words as in mail."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from pipeline.alert.render.hostile import line, link
from pipeline.alert.render.letter import Letter
from pipeline.alert.render.plain import plain
from pipeline.model import Alert, Citation, Delivery, Item

SCHEMA_VERSION = 1
MOST_ITEMS = 200


def payload(letter: Letter, alert: Alert, delivery: Delivery, *, now: datetime) -> dict[str, Any]:
    """One JSON object; `id` is the idempotency key, the same on every try."""
    return {
        "schema_version": SCHEMA_VERSION,
        "id": alert.key,
        "kind": alert.kind.value,
        "test": alert.kind.value == "test",
        "possible_repeat": delivery.possible_repeat,
        "created_at": _instant(alert.created_at),
        "due_at": _instant(alert.due_at),
        "sent_at": _instant(now),
        "subject": letter.subject,
        "text": plain(letter),
        "items": [
            _item(item, card.claim, card.quote)
            for item, card in zip(alert.items[:MOST_ITEMS], letter.cards[:MOST_ITEMS], strict=True)
        ],
        "left_off": max(0, len(alert.items) - MOST_ITEMS),
        "facts": {line(name, 60): line(value, 200) for name, value in alert.facts},
    }


def _item(item: Item, claim: str, quote: str) -> dict[str, Any]:
    agreement = item.agreement
    return {
        "agreement": agreement.key,
        "revision": agreement.revision,
        "heading": item.heading,
        "claim": claim,
        "partner": agreement.partner,
        "level": agreement.level.value,
        "stage": agreement.stage.value,
        "instrument": agreement.instrument.value,
        "instrument_printed": line(agreement.instrument_printed),
        "title": line(agreement.title),
        "fields": list(agreement.fields),
        "institutions": [
            {"id": i.id, "name": line(i.name), "country": line(i.country, 2)} for i in agreement.institutions[:50]
        ],
        "signatories": [
            {"name": line(s.name), "post": line(s.post), "side": line(s.side, 2)} for s in agreement.signatories[:50]
        ],
        "signed_on": agreement.signed_on.isoformat() if agreement.signed_on else None,
        "signed_precision": agreement.signed_precision,
        "place": line(agreement.place),
        "confidence": agreement.confidence,
        "independent_sources": agreement.sources,
        "quote": quote,
        "quote_source": _citation(item.quote_source),
        "reports": [_citation(citation) for citation in item.citations[:50]],
    }


def _citation(citation: Citation) -> dict[str, Any]:
    return {
        "outlet": citation.outlet,
        "outlet_name": line(citation.outlet_name),
        "trust": citation.trust.value,
        "url": link(citation.url),
        "title": line(citation.title),
        "published": _instant(citation.published) if citation.published else None,
        "discovered": _instant(citation.discovered),
        "language": line(citation.language, 8),
        "summary_only": citation.summary_only,
        "reprint_of": line(citation.reprint_of) if citation.reprint_of else None,
    }


def _instant(value: datetime) -> str:
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
