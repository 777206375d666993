"""Silences: who silenced what, why, until when, and what it kept back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, func, insert, select, update

from pipeline.model import Silence
from pipeline.store.engine import Database
from pipeline.store.tables import ATTEMPTS, SILENCES


def words(number: int) -> str:
    """What the history of an alert says where this silence kept it, or a part of it, back."""
    return f"silence {number}: "


@dataclass(frozen=True, slots=True)
class Silences:
    """Kept for ever: what was hidden can be seen."""

    database: Database

    def add(self, matcher: str, author: str, reason: str, *, now: datetime, ends_at: datetime) -> Silence:
        """Silence what fits `matcher` from now on."""
        row = {"matcher": matcher, "author": author, "reason": reason, "starts_at": now, "ends_at": ends_at}
        with self.database.write() as connection:
            number = connection.execute(
                insert(SILENCES).values(**row, ended_by="").returning(SILENCES.c.id)
            ).scalar_one()
        return Silence(id=number, matcher=matcher, author=author, reason=reason, starts_at=now, ends_at=ends_at)

    def end(self, number: int, by: str, now: datetime) -> bool:
        """End one before its time; False where there is none, or it is over."""
        mine = (SILENCES.c.id == number, SILENCES.c.ends_at > now)
        with self.database.write() as connection:
            return bool(connection.execute(update(SILENCES).where(*mine).values(ends_at=now, ended_by=by)).rowcount)

    def active(self, now: datetime) -> tuple[Silence, ...]:
        """What is silenced at this time, oldest first."""
        return tuple(each for each in self.list() if each.starts_at <= now < each.ends_at)

    def list(self, limit: int = 1000) -> tuple[Silence, ...]:
        """All of them, oldest first."""
        with self.database.read() as connection:
            rows = connection.execute(select(SILENCES).order_by(SILENCES.c.id.desc()).limit(limit)).all()
            return tuple(self._silence(row, connection.execute(_hid(row.id)).scalar_one()) for row in reversed(rows))

    def _silence(self, row: Row[Any], hid: int) -> Silence:
        return Silence(
            id=row.id,
            matcher=row.matcher,
            author=row.author,
            reason=row.reason,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            ended_by=row.ended_by,
            hid=hid,
        )


def _hid(number: int) -> Select[int]:
    return (
        select(func.count())
        .select_from(ATTEMPTS)
        .where(ATTEMPTS.c.outcome == "silenced", ATTEMPTS.c.detail.startswith(words(number), autoescape=True))
    )
