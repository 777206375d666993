"""How things stand: each outlet's condition, what waits, the disk, and what an operator should know."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from kawat.cli.face import Row, Status
from pipeline.config import Configuration
from pipeline.health import Condition, condition, degrades, outlet_issue
from pipeline.model import Issue, Outlet
from pipeline.store import Store

DAEMON_ALIVE = timedelta(minutes=3)

CRAWL_PROBLEM = "crawl_problem"
"""Name in the store's meta table of what the last crawl process failed of as a whole, "" where it did not."""

GIVEN_UP_OVER = timedelta(days=7)
"""How long an alert that was given up is a trouble; after that it is history."""


def conditions(store: Store, outlets: Mapping[str, Outlet], now: datetime) -> dict[str, Condition]:
    """The condition of every configured outlet."""
    states = store.outlets.states()
    found = {}
    for slug, outlet in outlets.items():
        state = states.get(slug)
        found[slug] = condition(
            outlet,
            failures=state.failures if state else 0,
            last_poll=state.last_poll if state else None,
            last_error=state.last_error if state else "",
            last_new_at=state.last_new_at if state else None,
            now=now,
        )
    return found


def health(store: Store, outlets: Mapping[str, Outlet], now: datetime) -> tuple[int, int]:
    """How many of the outlets that are polled are well, and how many there are."""
    found = conditions(store, outlets, now)
    active = [state for slug, state in found.items() if outlets[slug].enabled]
    return sum(state.state == "ok" for state in active), len(active)


def outlet_rows(store: Store, configuration: Configuration, now: datetime) -> list[Row]:
    """One row per outlet: what it is, how it fares, and its terms."""
    states = store.outlets.states()
    counts = store.articles.by_outlet()
    found = conditions(store, {each.slug: each for each in configuration.outlets}, now)
    return [_outlet_row(each, states.get(each.slug), found[each.slug], counts) for each in configuration.outlets]


def _outlet_row(outlet: Outlet, state: Any, found: Condition, counts: Mapping[str, int]) -> Row:
    return {
        "slug": outlet.slug,
        "name": outlet.name,
        "tier": str(outlet.tier),
        "trust": str(outlet.trust),
        "fetch": str(outlet.fetch),
        "enabled": outlet.enabled,
        "state": found.state,
        "reason": found.reason,
        "last_poll": state.last_poll if state else None,
        "last_item": state.last_new_at if state else None,
        "next_poll": state.next_check_at if state and outlet.enabled else None,
        "failures": state.failures if state else 0,
        "articles": counts.get(outlet.slug, 0),
        "homepage": outlet.homepage,
        "languages": list(outlet.languages),
        "sources": [
            {"kind": str(each.kind), "url": each.url, "certainty": str(each.certainty)} for each in outlet.sources
        ],
        "every_seconds": int(outlet.every.total_seconds()) if outlet.every else None,
        "cron": outlet.cron,
        "terms_url": outlet.terms.url,
        "terms_seen_on": outlet.terms.seen_on,
        "terms_note": outlet.terms.note,
    }


def issues(store: Store, configuration: Configuration, now: datetime) -> tuple[Issue, ...]:
    """Everything an operator should know, the gravest first."""
    found: list[Issue] = []
    free = shutil.disk_usage(configuration.data_dir).free
    if free < configuration.settings.disk.min_free:
        found.append(
            Issue(
                subject="disk",
                problem=f"only {free // 1_000_000} MB free: crawling has stopped, delivery goes on",
                remedy=f"free some space where {configuration.data_dir} lies, or shorten retention",
                since=now,
            )
        )
    crawl = store.meta.get(CRAWL_PROBLEM)
    if crawl:
        found.append(
            Issue(
                subject="crawl",
                problem=crawl,
                remedy="see the log; no outlet is read until it is mended",
                since=store.meta.time("last_tick") or now,
            )
        )
    overdue = store.outbox.overdue(now)
    if overdue:
        found.append(
            Issue(
                subject="delivery",
                problem=f"{len(overdue)} alerts are overdue",
                remedy="see `kawat alerts list` for the reason of each try",
                since=overdue[0].alert.due_at,
            )
        )
    dead = store.outbox.given_up(now - GIVEN_UP_OVER)
    if dead:
        found.append(
            Issue(
                subject="delivery",
                problem=f"{dead} alerts were given up",
                remedy="see `kawat alerts list --state failed`, then mend the channel",
                since=now,
            )
        )
    poisoned = store.inbox.counts().get("poison", 0)
    if poisoned:
        found.append(
            Issue(
                subject="inbox",
                problem=f"{poisoned} pages could not be processed and were set aside",
                remedy="`kawat why URL` says why; the log has the details",
                since=now,
            )
        )
    states = store.outlets.states()
    outlets = {each.slug: each for each in configuration.outlets}
    for slug, each in conditions(store, outlets, now).items():
        state = states.get(slug)
        since = (state.last_ok or state.last_poll or now) if state else now
        issue = outlet_issue(outlets[slug], each, since)
        if issue is not None:
            found.append(issue)
    return (*found, *configuration.issues(now))


def degraded(store: Store, configuration: Configuration, now: datetime) -> bool:
    """Whether a must-tier outlet has failed three polls, no outlet can be crawled, or a delivery is overdue or was
    given up lately."""
    outlets = {each.slug: each for each in configuration.outlets}
    blind = any(degrades(outlets[slug], each) for slug, each in conditions(store, outlets, now).items())
    undelivered = bool(store.outbox.overdue(now)) or bool(store.outbox.given_up(now - GIVEN_UP_OVER))
    return blind or undelivered or bool(store.meta.get(CRAWL_PROBLEM))


def disk(store: Store, configuration: Configuration, now: datetime) -> dict[str, int]:
    """Free space, what is used, and what will be used once the retention time is filled; bytes."""
    growth = store.retention.growth(now)
    keep = configuration.settings.retention
    raw, text = keep.raw / timedelta(days=1), keep.text / timedelta(days=1)
    forecast = growth.archive_per_day * raw + growth.database_bytes + growth.database_per_day * text
    return {
        "free": shutil.disk_usage(configuration.data_dir).free,
        "database": growth.database_bytes,
        "archive": growth.archive_bytes,
        "forecast": int(max(forecast, growth.database_bytes + growth.archive_bytes)),
    }


def status(store: Store, configuration: Configuration, found: tuple[Issue, ...], now: datetime) -> Status:
    """All of it, for `kawat status`."""
    outbox = store.outbox.counts()
    inbox = store.inbox.counts()
    seen = store.meta.time("daemon")
    return Status(
        degraded=degraded(store, configuration, now),
        sending=configuration.sending,
        issues=found,
        counts={
            "articles": store.articles.count(),
            "rejects": store.tallies.total("reject"),
            "agreements": store.agreements.count(),
            "inbox": inbox.get("pending", 0) + inbox.get("leased", 0),
            "outbox": sum(outbox.get(state, 0) for state in ("pending", "leased", "sending")),
            "overdue": len(store.outbox.overdue(now)),
        },
        disk=disk(store, configuration, now),
        outlets=outlet_rows(store, configuration, now),
        last_run=max((at for at in map(store.meta.time, ("last_run", "last_tick")) if at), default=None),
        daemon=seen if seen is not None and now - seen < DAEMON_ALIVE else None,
    )
