"""`kawat backfill`: an outlet's past, read at the same politeness as its present.

    a walk per outlet is opened ─► crawl process: lists ─► links ─► pages ─► inbox ─► read ─► again until nothing is due

All of it is in the store, so that a run that was ended, however, goes on where it was when it is asked for again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from kawat.cli.face import Backfilled
from kawat.engine import Engine
from pipeline.errors import AlreadyRunning, UsageError
from pipeline.model import Outlet, Walk, WalkKind
from pipeline.run import Tally

ROUND = 120.0
"""Seconds of one crawl process, after which what it brought is read."""

FOREVER = 1e9


def backfill(
    engine: Engine,
    *,
    since: date,
    until: date | None = None,
    outlets: Sequence[str] = (),
    alert: bool = False,
    progress: Callable[[str, str], None] = lambda _step, _text: None,
) -> Backfilled:
    """Read what these outlets (none: all enabled ones) printed on the days from `since` to `until` (None: now).

    With `alert` it is told under the usual age rules; else it is stored and tells nobody.
    Raises UsageError for an unknown outlet or a time that makes no sense, CrawlError where a crawl failed as a whole.
    """
    now, zone = engine.now(), ZoneInfo(engine.configuration.settings.zone)
    chosen = _chosen(engine, outlets)
    begin = datetime.combine(since, time(), zone)
    end = None if until is None else datetime.combine(until + timedelta(days=1), time(), zone)
    if end is not None and end > now:
        end = None
    if begin >= (end or now):
        raise UsageError("the first day lies behind the last, or in the future")
    ids = tuple(_walk(engine, each.slug, begin, end, alert=alert).id for each in chosen)
    tally = Tally()
    try:
        with engine.exclusive("backfill"):
            _work(engine, chosen, ids, tally, alert=alert, progress=progress)
    except AlreadyRunning:
        return _summary(engine, ids, tally, waits=True)
    return _summary(engine, ids, tally)


def _chosen(engine: Engine, slugs: Sequence[str]) -> tuple[Outlet, ...]:
    desk = engine.desk
    unknown = [slug for slug in slugs if slug not in desk.by_slug]
    if unknown:
        raise UsageError(f"there is no outlet {', '.join(unknown)}; see `kawat outlets list`")
    disabled = [slug for slug in slugs if not desk.by_slug[slug].enabled]
    if disabled:
        raise UsageError(f"{', '.join(disabled)}: disabled; set enabled: true in its file first")
    return tuple(desk.by_slug[slug] for slug in (slugs or desk.enabled))


def _walk(engine: Engine, slug: str, since: datetime, until: datetime | None, *, alert: bool) -> Walk:
    """The walk that does this: one that was begun and is not done goes on, else a new one."""
    waiting = engine.store.walks.waiting()
    for walk in engine.store.walks.list(limit=1000):
        same = walk.kind is WalkKind.BACKFILL and walk.outlet == slug and walk.alert == alert and walk.since <= since
        unfinished = walk.closed_at is None or (walk.id in waiting and waiting[walk.id].pending > 0)
        if same and unfinished and (until is None or until <= walk.until):
            return walk
    return engine.store.walks.open(
        WalkKind.BACKFILL, slug, since, until or engine.now(), reason="asked for", alert=alert, now=engine.now()
    )


def _work(
    engine: Engine,
    outlets: Sequence[Outlet],
    ids: tuple[int, ...],
    tally: Tally,
    *,
    alert: bool,
    progress: Callable[[str, str], None],
) -> None:
    by_slug = {each.slug: each for each in outlets}

    def step(name: str, text: str) -> None:
        progress(name, f"{text}; {estimate(engine, outlets, ids)}" if name == "walk" else text)

    while True:
        engine.process(tally=tally, progress=progress)  # what a run before this one has landed comes first
        open_ = tuple(by_slug[slug] for slug in engine.store.walks.open_outlets(engine.now()) if slug in by_slug)
        if not open_:
            break
        progress("walk", estimate(engine, outlets, ids))
        if not engine.rounds.crawl(engine.desk, beside=open_, walk_seconds=FOREVER, deadline=ROUND, progress=step):
            break
    if alert:
        engine.compose_due(once=True)
        engine.deliver()
    engine.write_files()
    engine.housekeep()


def estimate(engine: Engine, outlets: Sequence[Outlet], ids: Sequence[int]) -> str:
    """How far it is, and how long the rest takes at the pause that each host is given, in words."""
    waiting = engine.store.walks.waiting()
    walks = [each for each in engine.store.walks.list(limit=1000) if each.id in ids]
    delays = {each.slug: max(each.politeness.delay.total_seconds(), 0.2) for each in outlets}
    total = pending = 0
    longest = 0.0
    for walk in walks:
        if walk.id in waiting:
            total += waiting[walk.id].total
            pending += waiting[walk.id].pending
            longest = max(longest, waiting[walk.id].pending * delays.get(walk.outlet, 2.0))
    reading = sum(each.closed_at is None for each in walks)
    left = f"about {_words(timedelta(seconds=longest))} left" if longest else "nothing left"
    lists = f", {reading} outlets' lists are still being read" if reading else ""
    return f"{total - pending} of {total} pages, {sum(each.lists for each in walks)} lists read, {left}{lists}"


def _summary(engine: Engine, ids: tuple[int, ...], tally: Tally, *, waits: bool = False) -> Backfilled:
    waiting = engine.store.walks.waiting()
    walks = [each for each in engine.store.walks.list(limit=1000) if each.id in ids]
    mine = [waiting[each] for each in ids if each in waiting]
    return Backfilled(
        lists=sum(each.lists for each in walks),
        found=sum(each.found for each in walks),
        pages=tally.pages,
        articles=tally.articles,
        agreements=tally.agreements,
        left=sum(each.pending for each in mine),
        given_up=sum(each.failed for each in mine),
        lost=tuple((each.outlet, each.lost) for each in walks if each.lost),
        waits=waits,
    )


def _words(span: timedelta) -> str:
    minutes = max(1, round(span / timedelta(minutes=1)))
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h"
