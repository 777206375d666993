"""Walks back over an outlet's lists (`ports.Walks`): gaps and backfills.

Each list page that was read is noted in the transaction that stores the links it named, so a walk goes on after a kill.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select, update

from pipeline.model import Candidate, Step, Walk, WalkKind
from pipeline.store.engine import Database
from pipeline.store.frontier import PENDING, candidate_row
from pipeline.store.tables import FRONTIER, OUTLETS, STEPS, WALKS
from pipeline.store.values import Waiting


@dataclass(frozen=True, slots=True)
class Walks:
    """Open walks are work to do; closed ones wait to be told of, then stay as a record."""

    database: Database

    def open(
        self,
        kind: WalkKind,
        outlet: str,
        since: datetime,
        until: datetime,
        *,
        reason: str,
        alert: bool,
        now: datetime,
    ) -> Walk:
        """A new walk; an open one of the same kind and outlet that begins no later and tells alike goes on instead,
        its end moved."""
        same = (WALKS.c.kind == kind, WALKS.c.outlet == outlet, WALKS.c.closed_at.is_(None), WALKS.c.alert == alert)
        with self.database.write() as connection:
            query = select(WALKS).where(*same, WALKS.c.since <= since, WALKS.c.until >= since).order_by(WALKS.c.id)
            row = connection.execute(query.limit(1)).first()
            if row is None:
                values = {
                    "kind": kind,
                    "outlet": outlet,
                    "since": since,
                    "until": until,
                    "reason": reason,
                    "alert": alert,
                    "opened_at": now,
                    "lost": "",
                    "lists": 0,
                    "found": 0,
                }
                row = connection.execute(self.database.insert(WALKS).values(values).returning(WALKS)).one()
            elif row.until < until and kind is WalkKind.BACKFILL:
                later = update(WALKS).where(WALKS.c.id == row.id).values(until=until).returning(WALKS)
                row = connection.execute(later).one()
        return _walk(row)

    def of(self, outlet: str) -> Sequence[Walk]:
        """The open walks of an outlet, gaps first, oldest first."""
        return self._many(WALKS.c.outlet == outlet, WALKS.c.closed_at.is_(None))

    def open_outlets(self, now: datetime) -> tuple[str, ...]:
        """Outlets with an open walk, or with links that a walk found and that are due to be fetched."""
        walking = select(WALKS.c.outlet).where(WALKS.c.closed_at.is_(None))
        waiting = select(FRONTIER.c.outlet).where(PENDING, FRONTIER.c.walk.is_not(None), FRONTIER.c.due_at <= now)
        with self.database.read() as connection:
            return tuple(sorted(connection.execute(walking.union(waiting)).scalars()))

    def steps(self, walk: int) -> Mapping[str, Step]:
        """The list pages that were read, by address."""
        query = select(STEPS.c.url, STEPS.c.record).where(STEPS.c.walk == walk)
        with self.database.read() as connection:
            return dict(connection.execute(query).all())

    def step(self, walk: Walk, step: Step, candidates: Sequence[Candidate]) -> int:
        """Store one list page that was read with the links it named; how many of them were new."""
        new = 0
        with self.database.write() as connection:
            row = {"walk": walk.id, "url": step.url, "record": step}
            if not self.database.add(connection, STEPS, row, "walk", "url"):
                return 0
            for candidate in candidates:
                entry = candidate_row(candidate, baseline=False) | {"walk": walk.id}
                new += self.database.add(connection, FRONTIER, entry, "key")
            changes = {"lists": WALKS.c.lists + 1, "found": WALKS.c.found + new}
            connection.execute(update(WALKS).where(WALKS.c.id == walk.id).values(changes))
            if new and walk.kind is WalkKind.GAP:
                newest = max(candidate.discovered_at for candidate in candidates)
                connection.execute(update(OUTLETS).where(OUTLETS.c.slug == walk.outlet).values(last_new_at=newest))
        return new

    def close(self, walk: int, now: datetime, lost: str = "") -> None:
        """Nothing is left to read; `lost` says what could not be recovered."""
        with self.database.write() as connection:
            connection.execute(update(WALKS).where(WALKS.c.id == walk).values(closed_at=now, lost=lost[:1000]))

    def untold(self) -> Sequence[Walk]:
        """Gaps that no message has named yet, open ones too."""
        return self._many(WALKS.c.kind == WalkKind.GAP, WALKS.c.told_at.is_(None))

    def told(self, walks: Sequence[int], now: datetime) -> None:
        """These gaps need no further message."""
        with self.database.write() as connection:
            connection.execute(update(WALKS).where(WALKS.c.id.in_(list(walks))).values(told_at=now))

    def last_gap(self, outlet: str) -> datetime | None:
        """When the newest gap of an outlet was declared."""
        query = select(func.max(WALKS.c.opened_at)).where(WALKS.c.outlet == outlet, WALKS.c.kind == WalkKind.GAP)
        with self.database.read() as connection:
            return connection.execute(query).scalar()

    def list(self, *, limit: int = 50) -> Sequence[Walk]:
        """The newest walks, newest first."""
        with self.database.read() as connection:
            rows = connection.execute(select(WALKS).order_by(WALKS.c.id.desc()).limit(limit)).all()
        return tuple(map(_walk, rows))

    def waiting(self) -> Mapping[int, Waiting]:
        """For each walk with links of its own: how many there are, and how many still wait to be fetched."""
        query = (
            select(FRONTIER.c.walk, FRONTIER.c.state, func.count())
            .where(FRONTIER.c.walk.is_not(None))
            .group_by(FRONTIER.c.walk, FRONTIER.c.state)
        )
        found: dict[int, Waiting] = {}
        with self.database.read() as connection:
            for walk, state, number in connection.execute(query):
                before = found.get(walk, Waiting(total=0, pending=0, failed=0))
                found[walk] = Waiting(
                    total=before.total + number,
                    pending=before.pending + (number if state == "pending" else 0),
                    failed=before.failed + (number if state == "failed" else 0),
                )
        return found

    def _many(self, *conditions: Any) -> tuple[Walk, ...]:
        query = select(WALKS).where(*conditions).order_by(WALKS.c.kind.desc(), WALKS.c.id)
        with self.database.read() as connection:
            return tuple(map(_walk, connection.execute(query).all()))


def _walk(row: Row[Any]) -> Walk:
    return Walk(
        id=row.id,
        kind=WalkKind(row.kind),
        outlet=row.outlet,
        since=row.since,
        until=row.until,
        reason=row.reason,
        alert=row.alert,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        lost=row.lost,
        lists=row.lists,
        found=row.found,
    )
