"""What the outbox can prove: one alert whole, how long alerts took, and what was given up, tried again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from kawat.cli.face import Row
from kawat.listings import alert_row
from pipeline.alert.latency import Latency, latency, spreads
from pipeline.errors import UsageError
from pipeline.model import AlertKind, Item
from pipeline.store import Store
from pipeline.store.values import Posted

SHORTEST = 6
"""Characters of an alert's key that are enough to look it up; messages print twelve."""

PAGE = 500
MOST = 10_000
"""Alerts that one look goes through, newest first."""


def posted(store: Store, reference: str) -> Posted:
    """An alert by its number, its key or the beginning of it that its message prints. Raises UsageError."""
    if reference.isdecimal() and len(reference) < SHORTEST:
        found = [each for each in store.outbox.list(before=int(reference) + 1, limit=1) if each.id == int(reference)]
    else:
        found = [each for each in every(store) if len(reference) >= SHORTEST and each.alert.key.startswith(reference)]
    if len(found) != 1:
        many = "several alerts begin" if found else "no alert begins or is numbered"
        raise UsageError(f"{many} {reference}: kawat alerts list")
    return found[0]


def every(store: Store, *, state: str | None = None, since: datetime | None = None) -> Iterator[Posted]:
    """Alerts newest first, those created before `since` left out."""
    before: int | None = None
    seen = 0
    while seen < MOST and (page := store.outbox.list(state=state, limit=PAGE, before=before)):
        for each in page:
            if since is not None and each.alert.created_at < since:
                return
            yield each
        seen += len(page)
        before = page[-1].id


def show(store: Store, reference: str, *, now: datetime) -> Row:
    """One alert with everything that is known of it. Raises UsageError."""
    found = posted(store, reference)
    alert = found.alert
    legs = latency(alert, found.sent_at)
    return {
        **alert_row(found),
        "key": alert.key,
        "due_at": alert.due_at,
        "next_try": found.next_at if found.state in ("pending", "leased", "sending") else None,
        "late": seconds((found.sent_at or now) - max(alert.due_at, alert.created_at)),
        "latency": {} if legs is None else _legs(legs),
        "told": [_item(each) for each in alert.items],
        "body": alert.body,
        "facts": dict(alert.facts),
    }


def times(store: Store, *, since: datetime | None = None) -> list[Row]:
    """Median and 95th percentile of each leg over the agreements told at once."""
    known = [
        legs
        for each in every(store, state="sent", since=since)
        if each.alert.kind is AlertKind.AGREEMENT and (legs := latency(each.alert, each.sent_at)) is not None
    ]
    return [
        {"leg": each.leg, "alerts": each.number, "median": seconds(each.median), "p95": seconds(each.p95)}
        for each in spreads(known)
    ]


def retry(store: Store, references: Sequence[str], *, all_failed: bool, now: datetime) -> list[Row]:
    """Queue alerts that were given up once more. Raises UsageError for one that was not."""
    chosen = [posted(store, each) for each in references]
    if all_failed:
        chosen += list(every(store, state="dead"))
    for each in chosen:
        if not store.outbox.revive(each.id, now) and each.state != "pending":
            raise UsageError(f"alert {each.id} is {each.state}: only what was given up can be tried again")
    return [alert_row(posted(store, str(each.id))) for each in chosen]


def seconds(length: timedelta) -> float:
    return round(length / timedelta(seconds=1), 1)


def _legs(legs: Latency) -> Row:
    names = ("discovery", "decision", "delivery", "whole")
    return {name: None if getattr(legs, name) is None else seconds(getattr(legs, name)) for name in names}


def _item(each: Item) -> Row:
    return {
        "agreement": each.agreement.key,
        "revision": each.agreement.revision,
        "partner": each.agreement.partner,
        "heading": each.heading,
        "quote": each.quote,
        "source": each.quote_source.url,
        "reports": [cited.url for cited in each.citations],
    }
