"""How things stand: each outlet's condition, what waits, the disk, and what an operator should know."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from kawat.cli.face import Row, Status
from kawat.gaps import gap_issues
from kawat.lock import holder
from pipeline.config import Configuration
from pipeline.health.remedies import NETWORK_REMEDY
from pipeline.model import Issue, Outlet, Tier
from pipeline.sight import BLIND, WELL, Brief, State
from pipeline.store import Store

DAEMON_ALIVE = timedelta(minutes=3)
"""After so long without a heartbeat a daemon that lives hangs."""

FAILED_IN_A_ROW = 3
"""Polls of a must-tier outlet that must fail in a row before `kawat status` leaves with 3."""

CRAWL_PROBLEM = "crawl_problem"
"""Name in the store's meta table of what the last crawl process failed of as a whole, "" where it did not."""

GIVEN_UP_OVER = timedelta(days=7)
"""How long an alert that was given up is a trouble; after that it is history."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """What a digest says of the sources: how many are well, of how many, and the names of those that cannot be read."""

    well: int
    sources: int
    blind: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The verdict on an outlet as it is shown; `since` is None where there is none yet."""

    state: State
    since: datetime | None = None
    evidence: str = ""
    remedy: str = ""


def findings(store: Store, outlets: Mapping[str, Outlet]) -> dict[str, Standing]:
    """The verdict on every configured outlet, as it was last judged."""
    briefs = store.health.briefs()
    found = {}
    for slug, outlet in outlets.items():
        brief = briefs.get(slug)
        known = brief.finding if brief is not None else None
        if not outlet.enabled:
            found[slug] = Standing(state=State.DISABLED, evidence=outlet.disabled_reason)
        elif known is None or known.state is State.UNKNOWN:
            found[slug] = Standing(state=State.UNKNOWN, evidence=known.evidence if known is not None else "")
        else:
            found[slug] = Standing(state=known.state, since=known.since, evidence=known.evidence, remedy=known.remedy)
    return found


def health(store: Store, outlets: Mapping[str, Outlet]) -> Health:
    """How many of the outlets that are polled are well, of how many, and which cannot be read."""
    active = {slug: each for slug, each in findings(store, outlets).items() if each.state is not State.DISABLED}
    return Health(
        well=sum(each.state in {State.OK, State.QUIET} for each in active.values()),
        sources=len(active),
        blind=tuple(outlets[slug].name for slug, each in active.items() if each.state in BLIND),
    )


def outlet_rows(store: Store, configuration: Configuration) -> list[Row]:
    """One row per outlet: what it is, the verdict on it, and its terms."""
    states = store.outlets.states()
    counts = store.articles.by_outlet()
    found = findings(store, {each.slug: each for each in configuration.outlets})
    return [_outlet_row(each, states.get(each.slug), found[each.slug], counts) for each in configuration.outlets]


def _outlet_row(outlet: Outlet, state: Any, found: Standing, counts: Mapping[str, int]) -> Row:
    return {
        "slug": outlet.slug,
        "name": outlet.name,
        "tier": str(outlet.tier),
        "trust": str(outlet.trust),
        "fetch": str(outlet.fetch),
        "enabled": outlet.enabled,
        "state": str(found.state),
        "since": found.since,
        "evidence": found.evidence,
        "remedy": found.remedy,
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
    return (*machine_issues(store, configuration, now), *outlet_issues(store, configuration, now))


def outlet_issues(store: Store, configuration: Configuration, now: datetime) -> tuple[Issue, ...]:
    """The sources that are not well (when it is our network that is gone, only that), gaps and hindrances: shown and
    not told, for changes of verdict are told by themselves, and the catch-up names the gaps."""
    outage = store.health.horizon().outage
    found = []
    if outage is not None:
        found.append(
            Issue(subject="our network", problem="no source answers", remedy=NETWORK_REMEDY, since=outage.since)
        )
    for slug, each in findings(store, {each.slug: each for each in configuration.outlets}).items():
        if each.state not in WELL and each.state is not State.NETWORK:
            problem = f"{each.state}: {each.evidence}"
            found.append(Issue(subject=slug, problem=problem, remedy=each.remedy, since=each.since or now))
    return (*found, *gap_issues(store, {each.slug: each for each in configuration.outlets}, now))


def machine_issues(store: Store, configuration: Configuration, now: datetime) -> tuple[Issue, ...]:
    """What is wrong with the machine itself, its channels and its configuration: told daily while it lasts."""
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
                remedy="see `kawat alerts list --state failed`, mend the channel, then `kawat alerts retry --failed`",
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
    return (*found, *configuration.issues(now))


def degraded(store: Store, configuration: Configuration, now: datetime) -> bool:
    """Whether a must-tier outlet has failed three polls, our network or half of the must tier cannot be read, no outlet
    can be crawled (for want of room, too), or a delivery is overdue or was given up lately."""
    if store.health.horizon().blind_since is not None or _full(configuration):
        return True
    states, briefs = store.outlets.states(), store.health.briefs()
    blind = any(
        failing(states[each.slug].failures, briefs.get(each.slug))
        for each in configuration.outlets
        if each.enabled and each.tier is Tier.MUST and each.slug in states
    )
    undelivered = bool(store.outbox.overdue(now)) or bool(store.outbox.given_up(now - GIVEN_UP_OVER))
    return blind or undelivered or bool(store.meta.get(CRAWL_PROBLEM))


def _full(configuration: Configuration) -> bool:
    return shutil.disk_usage(configuration.data_dir).free < configuration.settings.disk.min_free


def failing(failures: int, brief: Brief | None) -> bool:
    """Whether a source has failed so many polls in a row that `kawat status` says degraded. One that answers at least
    in part is not failing."""
    return failures >= FAILED_IN_A_ROW and (brief is None or brief.unanswered > 0)


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
    seen = None
    if holder(configuration.data_dir).startswith("kawat daemon"):  # a heartbeat may be younger than its daemon's end
        seen = store.meta.time("daemon") or now
        if now - seen > DAEMON_ALIVE:
            problem = "it holds its lock and has not looked at anything"
            remedy = "see the last lines of its log, then start it anew"
            found = (Issue(subject="daemon", problem=problem, remedy=remedy, since=seen), *found)
    hangs = seen is not None and now - seen > DAEMON_ALIVE
    return Status(
        degraded=hangs or degraded(store, configuration, now),
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
        outlets=outlet_rows(store, configuration),
        last_run=max((at for at in map(store.meta.time, ("last_run", "last_tick")) if at), default=None),
        daemon=seen,
    )
