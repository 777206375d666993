"""Captured pages on their way to the pipeline (`ports.Inbox`). The identity of a capture is its WARC record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Update,
    and_,
    bindparam,
    case,
    func,
    or_,
    select,
    text,
    update,
)

from pipeline.model import SILENT, Page, Run, WarcRecord
from pipeline.store.columns import Instant
from pipeline.store.engine import Database, Insert, insert_of
from pipeline.store.outlets import put_trait
from pipeline.store.tables import ARCHIVES, FRONTIER, INBOX, OUTLETS, RUNS, WALKS
from pipeline.store.values import Captured

WAITING = text("state IN ('pending', 'leased')")
"""Spelled as in the partial index, or SQLite does not use it."""


def capture(record: WarcRecord) -> ColumnElement[bool]:
    """The condition that names one capture."""
    return and_(INBOX.c.warc == record.file, INBOX.c.offset == record.offset)


@dataclass(frozen=True, slots=True)
class Inbox:
    """`land` and `finish` are the crawler's (`ports.Inbox`), `claim` and `poison` the pipeline's."""

    database: Database

    def land(self, page: Page) -> None:
        """Store a page whose WARC record is flushed, and close its candidate. Landing it again changes nothing.

        A page found by the outlet's first poll stays baseline, however much later it is fetched.
        """
        with self.database.write() as connection:
            link = connection.execute(_LINK, {"of": page.key}).first()
            row = {
                "warc": page.record.file,
                "offset": page.record.offset,
                "length": page.record.length,
                "outlet": page.outlet,
                "url": page.url,
                "final_url": page.final_url,
                "key": page.key,
                "status": page.status,
                "content_type": page.content_type,
                "fetched_at": page.fetched_at,
                "discovered_at": page.discovered_at,
                "title_hint": page.title_hint,
                "published_hint": page.published_hint,
                "baseline": page.baseline or bool(link and link.baseline),
                "origin": page.origin or (_origin(link.kind, link.alert) if link is not None else ""),
                "state": "pending",
                "attempts": 0,
                "reason": "",
            }
            if not self.database.add(connection, INBOX, row, "warc", "offset"):
                return
            connection.execute(_FETCHED, {"of": page.key})
            self._count_archive(connection, page)

    def _count_archive(self, connection: Connection, page: Page) -> None:
        record, at = page.record, page.fetched_at
        size = record.offset + record.length
        row = {"file": record.file, "first_at": at, "last_at": at, "pages": 1, "bytes": size}
        connection.execute(_longer(self.database.is_sqlite), row)

    def finish(
        self, run: Run, next_check_at: datetime | None = None, traits: Mapping[str, tuple[Any, Any]] | None = None
    ) -> None:
        """Store the counted outcome of one outlet's poll. Without `next_check_at` the outlet stays as due as it was.
        `traits` are noted with it: by name, a type and a value of it (None takes the note away).

        The outlet's baseline ends with its first poll that could read anything; one that read nothing does not end it.
        """
        noted = _polled(
            run.ok, bool(run.ok or run.items or run.unchanged), bool(run.candidates), next_check_at is not None
        )
        values = {"of": run.outlet, "at": run.finished_at, "error": run.reason, "due": next_check_at}
        with self.database.write() as connection:
            row = {"outlet": run.outlet, "started_at": run.started_at, "ok": run.ok, "record": run}
            if not self.database.add(connection, RUNS, row, "outlet", "started_at"):
                return
            if not connection.execute(noted, values).rowcount:
                unseen = {"slug": run.outlet, "enabled": True, "next_check_at": run.finished_at, "failures": 0}
                self.database.add(connection, OUTLETS, unseen | {"last_error": ""}, "slug")
                connection.execute(noted, values)
            for name, (hint, value) in (traits or {}).items():
                put_trait(self.database, connection, (run.outlet, name), hint, value)

    def claim(self, now: datetime, limit: int, lease: timedelta) -> tuple[Captured, ...]:
        """Up to `limit` pages for this process alone until `lease` has run out, oldest first.

        One statement claims; a page whose holder died is claimed again, and its attempts tell how often that happened.
        """
        free = or_(INBOX.c.state == "pending", INBOX.c.lease_until <= now)
        waiting = (
            select(INBOX.c.id).where(WAITING, free).order_by(INBOX.c.id).limit(limit).with_for_update(skip_locked=True)
        )
        claim = (
            update(INBOX)
            .where(INBOX.c.id.in_(waiting.scalar_subquery()))
            .values(state="leased", lease_until=now + lease, attempts=INBOX.c.attempts + 1)
            .returning(INBOX)
        )
        if not self.waiting(now):
            return ()
        with self.database.write() as connection:
            rows = connection.execute(claim).all()
        return tuple(_captured(row) for row in sorted(rows, key=lambda row: row.id))

    def waiting(self, now: datetime) -> bool:
        """Whether anything can be claimed: a look that takes no lock, so that an idle daemon disturbs nobody."""
        free = or_(INBOX.c.state == "pending", INBOX.c.lease_until <= now)
        with self.database.read() as connection:
            return connection.execute(select(INBOX.c.id).where(WAITING, free).limit(1)).first() is not None

    def unfinished(self) -> bool:
        """Whether any page waits or is being read: `waiting` counts those that somebody could claim, this all."""
        with self.database.read() as connection:
            return connection.execute(select(INBOX.c.id).where(WAITING).limit(1)).first() is not None

    def release(self, pages: Sequence[Page]) -> None:
        """Give claimed pages back unread, uncounted: an orderly stop."""
        with self.database.write() as connection:
            for page in pages:
                connection.execute(
                    update(INBOX)
                    .where(capture(page.record), INBOX.c.state == "leased")
                    .values(state="pending", lease_until=None, attempts=INBOX.c.attempts - 1)
                )

    def recover(self) -> None:
        """End all leases: their holders are known to be dead, because the caller is alone on this data directory."""
        with self.database.write() as connection:
            connection.execute(update(INBOX).where(INBOX.c.state == "leased").values(state="pending", lease_until=None))

    def poison(self, page: Page, reason: str) -> None:
        """Take a page out of the queue that no process survives; it stays for an operator to look at."""
        with self.database.write() as connection:
            connection.execute(
                update(INBOX)
                .where(capture(page.record), WAITING)
                .values(state="poison", lease_until=None, reason=reason)
            )

    def counts(self) -> dict[str, int]:
        """How many pages are `pending`, `leased`, `done` and `poison`."""
        with self.database.read() as connection:
            rows = connection.execute(select(INBOX.c.state, func.count()).group_by(INBOX.c.state)).all()
        return dict(sorted((state, number) for state, number in rows))

    def page(self, record: WarcRecord) -> Page | None:
        """The capture that lies in this record; None where it is not known any more."""
        with self.database.read() as connection:
            row = connection.execute(select(INBOX).where(capture(record))).first()
        return None if row is None else _captured(row).page

    def of_url(self, url: str, key: str | None = None) -> tuple[str, str] | None:
        """State and reason of the newest capture of a URL; None where there is none."""
        named = or_(INBOX.c.url == url, INBOX.c.key == (key or ""))
        query = select(INBOX.c.state, INBOX.c.reason).where(named).order_by(INBOX.c.id.desc()).limit(1)
        with self.database.read() as connection:
            row = connection.execute(query).first()
        return (row.state, row.reason) if row else None


@dataclass(frozen=True, slots=True)
class Runs:
    """The counted outcomes of past polls."""

    database: Database

    def latest(self, outlet: str | None = None, *, limit: int = 100) -> tuple[Run, ...]:
        """The newest polls of one outlet, or of all, newest first."""
        query = select(RUNS.c.record).order_by(RUNS.c.started_at.desc(), RUNS.c.id.desc()).limit(limit)
        if outlet is not None:
            query = query.where(RUNS.c.outlet == outlet)
        with self.database.read() as connection:
            return tuple(connection.execute(query).scalars())


_LINK = (
    select(FRONTIER.c.baseline, WALKS.c.kind, WALKS.c.alert)
    .select_from(FRONTIER.outerjoin(WALKS, WALKS.c.id == FRONTIER.c.walk))
    .where(FRONTIER.c.key == bindparam("of"))
)
_FETCHED = update(FRONTIER).where(FRONTIER.c.key == bindparam("of")).values(state="fetched", summary="", body="")


@cache
def _longer(is_sqlite: bool) -> Insert:
    """One page more in an archive file, which is as long as the end of its furthest record."""
    fresh = insert_of(ARCHIVES, is_sqlite=is_sqlite)
    later = case((fresh.excluded.last_at > ARCHIVES.c.last_at, fresh.excluded.last_at), else_=ARCHIVES.c.last_at)
    longer = case((fresh.excluded.bytes > ARCHIVES.c.bytes, fresh.excluded.bytes), else_=ARCHIVES.c.bytes)
    grown = {"last_at": later, "bytes": longer, "pages": ARCHIVES.c.pages + 1}
    return fresh.on_conflict_do_update(index_elements=["file"], set_=grown)


@cache
def _polled(ok: bool, read: bool, new: bool, due: bool) -> Update:
    """What a poll changes of its outlet's row; `of` is the slug, `at` when, `error` why it failed, `due` the next."""
    at = bindparam("at", type_=Instant())
    changes: dict[str, object] = {"last_poll": at, "last_error": bindparam("error")}
    changes |= {"last_ok": at, "failures": 0} if ok else {"failures": OUTLETS.c.failures + 1}
    if read:
        changes["first_polled_at"] = func.coalesce(OUTLETS.c.first_polled_at, at)
    if new:
        changes["last_new_at"] = at
    if due:
        changes["next_check_at"] = bindparam("due")
    return update(OUTLETS).where(OUTLETS.c.slug == bindparam("of")).values(changes)


def _origin(kind: str | None, alert: bool | None) -> str:
    """`Page.origin` of a link that this kind of walk found."""
    return "" if kind is None else kind if alert else SILENT


def page_of(row: Row[Any]) -> Page:
    """The page of an inbox row."""
    return Page(
        outlet=row.outlet,
        url=row.url,
        final_url=row.final_url,
        key=row.key,
        status=row.status,
        content_type=row.content_type,
        fetched_at=row.fetched_at,
        discovered_at=row.discovered_at,
        record=WarcRecord(file=row.warc, offset=row.offset, length=row.length),
        title_hint=row.title_hint,
        published_hint=row.published_hint,
        baseline=row.baseline,
        origin=row.origin,
    )


def _captured(row: Row[Any]) -> Captured:
    return Captured(page=page_of(row), attempts=row.attempts)
