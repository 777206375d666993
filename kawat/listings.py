"""What is stored, as rows of plain values: for the command line's tables, for --json, later for the pages."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from kawat.cli.face import Filter, Row
from pipeline.alert.claim import claim
from pipeline.alert.words import ENGLISH, INDONESIAN, Names
from pipeline.model import Agreement
from pipeline.net import url_key
from pipeline.store import Store
from pipeline.store.values import Posted, StoredArticle, Told

STATES = {
    "waiting": ("pending", "leased", "sending"),
    "sent": ("sent",),
    "failed": ("dead",),
    "hidden": ("silenced",),
    "folded": ("folded",),
}


MOST_SEARCHED = 10_000
"""Articles that one search looks through for those of one outlet."""


def articles(store: Store, wanted: Filter) -> list[Row]:
    """The articles stored last, by their publication (else discovery), newest first."""
    if wanted.text:
        found = _searched(store, wanted)
    else:
        found = store.articles.list(outlet=wanted.outlet or None, since=wanted.since, limit=wanted.limit)
    rows = [_article(store, each) for each in found]
    return sorted(rows, key=lambda row: row["published"] or row["discovered"], reverse=True)


def _searched(store: Store, wanted: Filter) -> tuple[StoredArticle, ...]:
    """What the search finds of one outlet and time: looked for further back until there is enough of it."""
    limit = wanted.limit
    while True:
        found = store.articles.search(wanted.text, limit=limit)
        fitting = tuple(
            each
            for each in found
            if (not wanted.outlet or each.head.outlet == wanted.outlet)
            and (wanted.since is None or each.stored_at >= wanted.since)
        )
        enough = len(fitting) >= wanted.limit or len(found) < limit or limit >= MOST_SEARCHED
        if enough or (wanted.since is not None and found[-1].stored_at < wanted.since):
            return fitting[: wanted.limit]
        limit *= 10


def _article(store: Store, stored: StoredArticle) -> Row:
    head = stored.head
    reports = store.articles.reports(head.key)
    return {
        "key": head.key,
        "outlet": head.outlet,
        "title": head.title,
        "published": head.published.instant if head.published else None,
        "discovered": head.discovered_at,
        "language": head.language,
        "label": str(head.decided.label),
        "agreement": next((key for _, key in reports if key), None),
        "url": _address(stored),
        "duplicate_of": stored.duplicate_of,
        "revision": stored.revision,
    }


def stored_of(store: Store, key_or_url: str) -> StoredArticle | None:
    """The article of an address, a key or a unique beginning of a key."""
    stored = store.articles.by_key(key_or_url) or store.articles.by_url(key_or_url, url_key(key_or_url))
    if stored is not None:
        return stored
    alike = store.articles.by_prefix(key_or_url, 2)
    return alike[0] if len(alike) == 1 else None


def _address(stored: StoredArticle) -> str:
    return stored.head.canonical_url or stored.head.url


def _original(store: Store, stored: StoredArticle) -> str | None:
    """The address of the article that this one repeats or revises; None where it is a seed, or gone."""
    original = store.articles.by_key(stored.duplicate_of) if stored.duplicate_of else None
    return _address(original) if original is not None else None


def article(store: Store, key_or_url: str) -> Row | None:
    """One article whole, by its address, its key or a unique beginning of that; None where it is not known."""
    stored = stored_of(store, key_or_url)
    if stored is None:
        return None
    head, whole = stored.head, stored.article
    return {
        **_article(store, stored),
        "original": _original(store, stored),
        "text": whole.text if stored.body is not None else None,
        "authors": list(head.authors),
        "credits": [{"role": each.role, "name": each.name} for each in head.credits],
        "dateline": head.dateline,
        "section": head.section,
        "canonical_url": head.canonical_url,
        "published_raw": head.published_raw,
        "summary_only": head.summary_only,
        "removed": [{"text": each.text, "rule": each.rule} for each in whole.removed],
        "steps": [{"field": field, "step": step} for field, step in head.steps],
        "why": list(head.decided.why),
    }


def agreements(store: Store, wanted: Filter, names: Names) -> list[Row]:
    """The agreements found last, those last reported first."""
    found = store.agreements.list(partner=wanted.partner or None, since=wanted.since, limit=wanted.limit)
    rows = [_agreement(each, names) for each in found]
    return sorted(rows, key=lambda row: row["last_reported"], reverse=True)


def _agreement(each: Agreement, names: Names) -> Row:
    return {
        "key": each.key,
        "claim": claim(each, ENGLISH, names),
        "claim_id": claim(each, INDONESIAN, names),
        "partner": each.partner,
        "stage": str(each.stage),
        "instrument": str(each.instrument),
        "level": str(each.level),
        "fields": list(each.fields),
        "signed_on": each.signed_on,
        "confidence": round(each.confidence, 2),
        "sources": each.sources,
        "last_reported": each.last_reported,
        "told": each.told,
    }


def found_agreement(store: Store, key: str) -> Agreement | None:
    """An agreement by its key or a unique beginning of it; None where it is not known."""
    found = store.agreements.get(key)
    if found is None and len(alike := store.agreements.beginning(key, 2)) == 1:
        return alike[0]
    return found


def agreement(store: Store, key: str, names: Names) -> Row | None:
    """One agreement with all its reports; a unique beginning of its key is enough. None where it is not known."""
    found = found_agreement(store, key)
    if found is None:
        return None
    reports = store.agreements.reports(found.key)
    quotes = [told.report.quote for told in reports if told.report.quote]
    return {
        **_agreement(found, names),
        "instrument_printed": found.instrument_printed,
        "title": found.title,
        "institutions": [{"id": i.id, "name": i.name, "country": i.country} for i in found.institutions],
        "signatories": [{"name": s.name, "post": s.post, "side": s.side, "role": s.role} for s in found.signatories],
        "signed_precision": found.signed_precision,
        "place": found.place,
        "reasons": list(found.reasons),
        "quote": quotes[0].quote if quotes else None,
        "first_published": found.first_published,
        "first_discovered": found.first_discovered,
        "parent": found.parent,
        "register": found.register,
        "reports": [_report(told) for told in reports],
        "history": [
            {"at": change.at, "kind": change.kind, "why": list(change.why)}
            for change in store.agreements.changes(agreement=found.key)
        ],
    }


def _report(told: Told) -> dict[str, Any]:
    quote = told.report.quote
    return {
        "key": told.report.key,
        "article": told.report.article,
        "outlet": told.outlet,
        "url": told.url,
        "title": told.title,
        "published": told.published,
        "stage": str(told.report.stage),
        "confidence": round(told.report.confidence, 2),
        "quote": quote.quote if quote else None,
        "duplicate_of": told.duplicate_of,
    }


def alerts(store: Store, wanted: Filter) -> list[Row]:
    """The outbox, newest first: what was sent, what waits, what was given up."""
    states = STATES.get(wanted.state, (None,))
    found = [each for state in states for each in store.outbox.list(state=state, limit=wanted.limit)]
    rows = [alert_row(each) for each in found if wanted.since is None or each.alert.created_at >= wanted.since]
    return sorted(rows, key=lambda row: -int(row["id"]))[: wanted.limit]


def alert_row(posted: Posted) -> Row:
    """One alert as it stands in the outbox."""
    alert = posted.alert
    last = posted.tries[-1] if posted.tries else None
    shown = {"pending": "waiting", "leased": "waiting", "sending": "waiting", "dead": "failed"}
    return {
        "id": posted.id,
        "kind": str(alert.kind),
        "channel": alert.channel,
        "recipient": alert.recipient,
        "state": shown.get(posted.state, posted.state),
        "subject": alert.subject or ", ".join(dict.fromkeys(each.agreement.partner for each in alert.items)),
        "created_at": alert.created_at,
        "sent_at": posted.sent_at,
        "attempts": posted.attempts,
        "reason": last.detail if last is not None and last.outcome != "sent" else "",
        "possible_repeat": posted.possible_repeat,
        "agreements": [each.agreement.key for each in alert.items],
        "tries": [{"at": each.at, "outcome": each.outcome, "detail": each.detail} for each in posted.tries],
    }


def why(store: Store, url: str) -> list[str] | None:
    """The decision path of one address in words, from discovery to delivery; None where it was never seen.

    Instants are ISO 8601 in UTC, as in every data file: who shows them to a person puts them into WIB and their zone.
    """
    key = url_key(url)
    link = store.frontier.of_url(url, key)
    capture = store.inbox.of_url(url, key)
    stored = stored_of(store, url)
    rejected = store.articles.rejected(url, key)
    if link is None and capture is None and stored is None and rejected is None:
        return None
    steps = []
    if link is not None:
        steps.append("discovered: " + link[0] + (f" ({link[1]})" if link[1] else ""))
    if capture is not None and capture[0] != "done":
        steps.append(f"captured, {capture[0]}" + (f": {capture[1]}" if capture[1] else ": not read yet"))
    if stored is None:
        steps.extend(rejected.why if rejected is not None else ())
        return steps
    original = _original(store, stored)
    steps.extend(
        each.replace(stored.duplicate_of, f"{stored.duplicate_of} ({original})")
        if stored.duplicate_of and original
        else each
        for each in stored.head.decided.why
    )
    steps.append(f"stored {_when(stored.stored_at)} as revision {stored.revision}, label {stored.head.decided.label}")
    last, gone_at, gone_why = store.revisits.state(stored.head.key)
    if last:
        steps.append(f"looked at again: {last}")
    if gone_at is not None:
        steps.append(f"its page is gone since {_when(gone_at)}: {gone_why}; what was read of it stays")
    for report, agreement_key in store.articles.reports(stored.head.key):
        if agreement_key is None:
            continue
        told = store.outbox.list(agreement=agreement_key)
        steps.append(f"reports agreement {agreement_key} with {report.partner}, confidence {report.confidence:.2f}")
        steps.extend(
            f"{each.alert.kind} to {each.alert.recipient} over {each.alert.channel}: {each.state}"
            + (f" {_when(each.sent_at)}" if each.sent_at else "")
            for each in reversed(told)
        )
        if not told:
            steps.append("no message about this agreement has been made")
    return steps


def _when(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")
