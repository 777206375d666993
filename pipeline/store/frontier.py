"""The durable list of links worth fetching (`ports.Frontier`), committed with the validators that say "seen"."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import TypeVar

from sqlalchemy import and_, func, or_, select, text, update

from pipeline.model import Candidate, HostNote, Retry, Validators
from pipeline.store.engine import Database
from pipeline.store.tables import FRONTIER, HOSTS, OUTLETS, SOURCES

K = TypeVar("K", str, int)

AT_ONCE = 500
"""Keys per IN list: well below every database's limit on parameters."""

PENDING = text("state = 'pending'")
"""Spelled as in the partial index, or SQLite does not use it."""

FIRST_RETRY, LONGEST_RETRY = timedelta(minutes=5), timedelta(hours=6)
"""When a failed fetch is tried again if the host named no time: doubling from the first to the longest."""


def batches(items: Iterable[K], size: int = AT_ONCE) -> Iterator[list[K]]:
    """`items` in lists of at most `size`."""
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch


def candidate_row(candidate: Candidate, *, baseline: bool) -> dict[str, object]:
    """A new link's columns."""
    return {
        "key": candidate.key,
        "outlet": candidate.outlet,
        "url": candidate.url,
        "seen_in": candidate.seen_in,
        "title": candidate.title,
        "published": candidate.published,
        "summary": candidate.summary,
        "body": candidate.body,
        "discovered_at": candidate.discovered_at,
        "baseline": baseline,
        "state": "pending",
        "attempts": candidate.attempts,
        "due_at": candidate.discovered_at,
        "reason": "",
        "walk": candidate.walk,
    }


@dataclass(frozen=True, slots=True)
class Frontier:
    """See `ports.Frontier` for what each method means. A key is found once, by whichever outlet lists it first."""

    database: Database

    def validators(self, source_url: str) -> Validators:
        query = select(SOURCES).where(SOURCES.c.url == source_url)
        with self.database.read() as connection:
            row = connection.execute(query).first()
        if row is None:
            return Validators()
        return Validators(
            etag=row.etag, last_modified=row.last_modified, fresh_until=row.fresh_until, listed=row.listed or ()
        )

    def known(self, keys: Collection[str], *, before: datetime | None = None) -> set[str]:
        found: set[str] = set()
        earlier = () if before is None else (FRONTIER.c.discovered_at < before,)
        with self.database.read() as connection:
            for batch in batches(keys):
                query = select(FRONTIER.c.key).where(FRONTIER.c.key.in_(batch), *earlier)
                found.update(connection.execute(query).scalars())
        return found

    def add(self, source_url: str, validators: Validators, candidates: Sequence[Candidate], *, baseline: bool) -> int:
        source = {
            "url": source_url,
            "etag": validators.etag,
            "last_modified": validators.last_modified,
            "fresh_until": validators.fresh_until,
            "listed": validators.listed,
        }
        new = 0
        with self.database.write() as connection:
            for candidate in candidates:
                row = candidate_row(candidate, baseline=baseline)
                new += self.database.add(connection, FRONTIER, row, "key")
            self.database.put(connection, SOURCES, source, "url")
            if new:
                connection.execute(
                    update(OUTLETS)
                    .where(OUTLETS.c.slug == candidates[0].outlet)
                    .values(last_new_at=max(candidate.discovered_at for candidate in candidates))
                )
        return new

    def pending(self, outlets: Collection[str], *, now: datetime, limit: int) -> Sequence[Candidate]:
        query = (
            select(FRONTIER)
            .where(PENDING, FRONTIER.c.outlet.in_(list(outlets)), FRONTIER.c.due_at <= now)
            .order_by(FRONTIER.c.walk.is_not(None), FRONTIER.c.discovered_at, FRONTIER.c.key)
            .limit(limit)
        )
        with self.database.read() as connection:
            rows = connection.execute(query).all()
        return tuple(
            Candidate(
                outlet=row.outlet,
                url=row.url,
                key=row.key,
                seen_in=row.seen_in,
                title=row.title,
                published=row.published,
                summary=row.summary,
                body=row.body,
                discovered_at=row.discovered_at,
                attempts=row.attempts,
                walk=row.walk,
            )
            for row in rows
        )

    def untried(self, outlets: Collection[str]) -> bool:
        """Whether links that the first polls of these outlets listed were never asked for yet."""
        mine = FRONTIER.c.baseline, FRONTIER.c.attempts == 0, FRONTIER.c.outlet.in_(list(outlets))
        with self.database.read() as connection:
            return connection.execute(select(FRONTIER.c.key).where(PENDING, *mine).limit(1)).first() is not None

    def failed(self, key: str, outcome: Retry, *, now: datetime, give_up: bool) -> None:
        mine = and_(FRONTIER.c.key == key, FRONTIER.c.state == "pending")
        with self.database.write() as connection:
            attempts = connection.execute(select(FRONTIER.c.attempts).where(mine)).scalar()
            if attempts is None:
                return
            wait = (
                outcome.after if outcome.after is not None else min(FIRST_RETRY * 2 ** min(attempts, 10), LONGEST_RETRY)
            )
            changes = {"attempts": attempts + 1, "reason": outcome.reason, "due_at": now + wait}
            if give_up:
                changes |= {"state": "failed", "summary": "", "body": ""}
            connection.execute(update(FRONTIER).where(mine).values(changes))

    def first_poll(self, outlet: str) -> bool:
        query = select(OUTLETS.c.first_polled_at).where(OUTLETS.c.slug == outlet)
        with self.database.read() as connection:
            return connection.execute(query).scalar() is None

    def last_ok(self, outlet: str) -> datetime | None:
        query = select(OUTLETS.c.last_ok).where(OUTLETS.c.slug == outlet)
        with self.database.read() as connection:
            return connection.execute(query).scalar()

    def host(self, netloc: str) -> HostNote:
        query = select(HOSTS.c.record).where(HOSTS.c.netloc == netloc)
        with self.database.read() as connection:
            return connection.execute(query).scalar() or HostNote()

    def note_host(self, netloc: str, note: HostNote) -> None:
        with self.database.write() as connection:
            statement = self.database.insert(HOSTS).values(netloc=netloc, record=note)
            connection.execute(statement.on_conflict_do_update(index_elements=["netloc"], set_={"record": note}))

    def counts(self) -> dict[str, int]:
        """How many links are `pending`, `fetched`, `failed` and `purged`."""
        with self.database.read() as connection:
            rows = connection.execute(select(FRONTIER.c.state, func.count()).group_by(FRONTIER.c.state)).all()
        return dict(sorted((state, number) for state, number in rows))

    def of_url(self, url: str, key: str | None = None) -> tuple[str, str] | None:
        """State and reason of a link, by its URL as discovered or its key; None where it was never seen."""
        query = select(FRONTIER.c.state, FRONTIER.c.reason).where(
            or_(FRONTIER.c.url == url, FRONTIER.c.key == (key or ""))
        )
        with self.database.read() as connection:
            row = connection.execute(query.limit(1)).first()
        return (row.state, row.reason) if row else None
