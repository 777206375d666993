"""Gaps in words: what the catch-up message says of them, and what an operator should know of what was not read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from pipeline.model import Issue, Outlet, Walk, WalkKind
from pipeline.store import Store

REMEMBERED = timedelta(days=1)
"""How long a gap that could not be closed stays an issue."""


def gap_facts(gaps: Sequence[Walk], outlets: Mapping[str, Outlet]) -> tuple[tuple[str, str], ...]:
    """The facts of a catch-up message that name the gaps; none where there was none."""
    if not gaps:
        return ()
    lost = [gap for gap in gaps if gap.lost]
    open_ = [gap for gap in gaps if gap.closed_at is None]
    facts = [
        ("gap_since", min(gap.since for gap in gaps).isoformat()),
        ("gap_until", max(gap.until for gap in gaps).isoformat()),
        ("gap_outlets", _names(gaps, outlets)),
    ]
    if lost:
        facts.append(("gap_lost", "; ".join(f"{_name(gap, outlets)}: {gap.lost}" for gap in lost)))
        facts.append(("gap_lost_outlets", _names(lost, outlets)))
    if open_:
        facts.append(("gap_open_outlets", _names(open_, outlets)))
    return tuple(facts)


def gap_issues(store: Store, outlets: Mapping[str, Outlet], now: datetime) -> list[Issue]:
    """Gaps of the last day that could not be closed, and outlets that cannot be read as often as is wanted."""
    found = []
    for walk in store.walks.list(limit=200):
        if walk.kind is WalkKind.GAP and walk.lost and walk.closed_at is not None and now - walk.closed_at < REMEMBERED:
            begin, end = (f"{at:%Y-%m-%d %H:%M} UTC" for at in (walk.since, walk.until))
            found.append(
                Issue(
                    subject=walk.outlet,
                    problem=f"a gap from {begin} to {end} could not be closed ({walk.reason}): {walk.lost}",
                    remedy="name a sitemap or a dated or numbered list in its file, then `kawat backfill`",
                    since=walk.until,
                )
            )
    for slug, words in store.outlets.traits("hindrance", str).items():
        if slug in outlets and outlets[slug].enabled:
            remedy = "ask the outlet for leave, or give it an `every:` that it allows"
            found.append(Issue(subject=slug, problem=str(words), remedy=remedy, since=now))
    return found


def _names(gaps: Sequence[Walk], outlets: Mapping[str, Outlet]) -> str:
    return ", ".join(sorted({_name(gap, outlets) for gap in gaps}))


def _name(gap: Walk, outlets: Mapping[str, Outlet]) -> str:
    return outlets[gap.outlet].name if gap.outlet in outlets else gap.outlet
