"""What is kept of each outlet's health (`pipeline.sight`), and the facts it is made of, in stored order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from pipeline.model import Alert, Article, Reject, RejectReason, Run, WarcRecord
from pipeline.sight import Brief, Horizon, PageSeen, Sight
from pipeline.store import codec
from pipeline.store.columns import storable
from pipeline.store.engine import Database
from pipeline.store.outbox import enqueue
from pipeline.store.tables import REJECTS, REVISIONS, RUNS, TRAITS

SIGHT, BRIEF, HORIZON = "sight", "verdict", "horizon"
AT_ONCE = 500
"""Facts taken in at one time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Polled:
    """A stored poll with its number."""

    number: int
    run: Run


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadPage:
    """A stored article or reject with its number: of its revision, or of the reject."""

    number: int
    read: Article | Reject
    page: PageSeen  # when and where it was captured; its other fields are for the reader to fill


@dataclass(frozen=True, slots=True)
class Health:
    """Verdicts and their messages are stored together: a change is told once, whatever happens between."""

    database: Database

    def sights(self) -> Mapping[str, Sight]:
        """What is kept of each outlet, by slug."""
        query = select(TRAITS.c.outlet, TRAITS.c.value).where(TRAITS.c.name == SIGHT).order_by(TRAITS.c.outlet)
        with self.database.read() as connection:
            return {row.outlet: codec.loads(Sight, row.value) for row in connection.execute(query)}

    def briefs(self) -> Mapping[str, Brief]:
        """The verdict on each outlet, by slug."""
        query = select(TRAITS.c.outlet, TRAITS.c.value).where(TRAITS.c.name == BRIEF).order_by(TRAITS.c.outlet)
        with self.database.read() as connection:
            return {row.outlet: codec.loads(Brief, row.value) for row in connection.execute(query)}

    def sight(self, slug: str) -> Sight | None:
        """What is kept of one outlet."""
        query = select(TRAITS.c.value).where(TRAITS.c.name == SIGHT, TRAITS.c.outlet == slug)
        with self.database.read() as connection:
            value = connection.execute(query).scalar()
        return None if value is None else codec.loads(Sight, value)

    def horizon(self) -> Horizon:
        """What is kept of all outlets together."""
        query = select(TRAITS.c.value).where(TRAITS.c.name == HORIZON, TRAITS.c.outlet == "")
        with self.database.read() as connection:
            value = connection.execute(query).scalar()
        return Horizon() if value is None else codec.loads(Horizon, value)

    def keep(self, sights: Iterable[Sight], horizon: Horizon, alerts: Iterable[Alert]) -> int:
        """Store these sights and put the messages of what changed into the outbox, together; how many messages."""
        with self.database.write() as connection:
            for sight in sights:
                self._put(connection, sight.outlet, SIGHT, codec.dumps(Sight, sight))
                self._put(connection, sight.outlet, BRIEF, codec.dumps(Brief, sight.brief))
            self._put(connection, "", HORIZON, codec.dumps(Horizon, horizon))
            return sum(enqueue(self.database, connection, alert) for alert in alerts)

    def _put(self, connection: Connection, outlet: str, name: str, value: str) -> None:
        row = self.database.insert(TRAITS).values(outlet=outlet, name=name, value=storable(value))
        connection.execute(
            row.on_conflict_do_update(index_elements=["outlet", "name"], set_={"value": row.excluded.value})
        )

    def ends(self) -> tuple[int, int, int]:
        """The numbers of the newest poll, revision and reject: a cheap look whether anything is new."""
        with self.database.read() as connection:
            found = [
                connection.execute(select(func.coalesce(func.max(column), 0))).scalar_one()
                for column in (RUNS.c.id, REVISIONS.c.seq, REJECTS.c.id)
            ]
        return int(found[0]), int(found[1]), int(found[2])

    def polls(self, after: int) -> tuple[Polled, ...]:
        """Polls stored after that number, oldest first, at most `AT_ONCE`."""
        query = select(RUNS.c.id, RUNS.c.record).where(RUNS.c.id > after).order_by(RUNS.c.id).limit(AT_ONCE)
        with self.database.read() as connection:
            return tuple(Polled(number=row.id, run=row.record) for row in connection.execute(query))

    def articles(self, after: int) -> tuple[ReadPage, ...]:
        """Article revisions stored after that number, oldest first, at most `AT_ONCE`."""
        columns = (REVISIONS.c.seq, REVISIONS.c.head, REVISIONS.c.body, REVISIONS.c.warc, REVISIONS.c.offset)
        query = (
            select(*columns, REVISIONS.c.length).where(REVISIONS.c.seq > after).order_by(REVISIONS.c.seq).limit(AT_ONCE)
        )
        with self.database.read() as connection:
            rows = connection.execute(query).all()
        return tuple(
            ReadPage(
                number=row.seq,
                read=row.head.article(row.body),
                page=PageSeen(at=row.head.fetched_at, url=row.head.url, record=_record(row)),
            )
            for row in rows
        )

    def rejects(self, after: int) -> tuple[ReadPage, ...]:
        """Rejected pages stored after that number, oldest first, at most `AT_ONCE`."""
        query = select(REJECTS).where(REJECTS.c.id > after).order_by(REJECTS.c.id).limit(AT_ONCE)
        with self.database.read() as connection:
            rows = connection.execute(query).all()
        return tuple(
            ReadPage(
                number=row.id,
                read=Reject(
                    key=row.key, outlet=row.outlet, url=row.url, reason=RejectReason(row.reason), detail=row.detail
                ),
                page=PageSeen(at=row.stored_at, url=row.url, record=_record(row)),
            )
            for row in rows
        )

    def held(self) -> frozenset[str]:
        """Archive files that a standing verdict points to: they are not swept while it stands."""
        return frozenset(file for brief in self.briefs().values() for file in brief.files)


def _record(row: object) -> WarcRecord | None:
    file = getattr(row, "warc", None)
    if file is None:
        return None
    return WarcRecord(file=file, offset=row.offset, length=row.length)  # type: ignore[attr-defined]
