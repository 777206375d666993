"""The store as one value: its rooms by noun, and the one transaction that ties them together."""

from __future__ import annotations

from datetime import timedelta
from typing import Self

from pipeline.store.agreements import Agreements
from pipeline.store.articles import Articles
from pipeline.store.captures import Captures
from pipeline.store.commit import commit
from pipeline.store.counting import Tallies
from pipeline.store.decisions import Decisions
from pipeline.store.engine import BUSY_AFTER, Database
from pipeline.store.exports import Exports
from pipeline.store.fingerprints import Fingerprints
from pipeline.store.frontier import Frontier
from pipeline.store.furniture import Furnishings
from pipeline.store.health import Health
from pipeline.store.inbox import Inbox, Runs
from pipeline.store.notebook import Meta, Snapshots
from pipeline.store.notices import Notices
from pipeline.store.outbox import Outbox
from pipeline.store.outlets import Outlets
from pipeline.store.retention import Retention
from pipeline.store.revisits import Revisits
from pipeline.store.schema import upgrade
from pipeline.store.silences import Silences
from pipeline.store.streams import Streams
from pipeline.store.values import Committed, Outcome
from pipeline.store.walks import Walks


class Store:
    """Open with `Store.open`; safe to share between threads; close when done (or use `with`)."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.frontier = Frontier(database)
        self.outlets = Outlets(database)
        self.inbox = Inbox(database)
        self.runs = Runs(database)
        self.articles = Articles(database)
        self.fingerprints = Fingerprints(database)
        self.agreements = Agreements(database)
        self.decisions = Decisions(database)
        self.captures = Captures(database)
        self.outbox = Outbox(database)
        self.notices = Notices(database)
        self.silences = Silences(database)
        self.streams = Streams(database)
        self.tallies = Tallies(database)
        self.exports = Exports(database)
        self.rules = Snapshots(database)
        self.meta = Meta(database)
        self.retention = Retention(database)
        self.health = Health(database)
        self.walks = Walks(database)
        self.revisits = Revisits(database)
        self.furniture = Furnishings(database)

    @classmethod
    def open(cls, url: str, *, create: bool = True, busy_after: timedelta = BUSY_AFTER) -> Self:
        """The store at a database URL, brought to the newest schema; `sqlite://` is one in memory.

        Raises UsageError for a URL that cannot be read, StoreError for a database that is missing (without `create`),
        unusable, or written by a newer version.
        """
        database = Database(url, create=create, busy_after=busy_after)
        try:
            upgrade(database, create=create)
        except BaseException:
            database.close()
            raise
        return cls(database)

    def commit(self, outcome: Outcome) -> Committed:
        """Store all that a captured page led to, or nothing; a second time changes nothing.

        Raises StaleDecision where an agreement has changed since `before` was read: decide again.
        """
        return commit(self.database, outcome)

    def close(self) -> None:
        self.database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
