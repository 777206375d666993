"""Stored agreements, what reports them, and how they came to be what they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, select, update

from pipeline.model import Agreement, Report, Stage
from pipeline.store.commit import agreement_row
from pipeline.store.engine import Database
from pipeline.store.frontier import batches
from pipeline.store.tables import AGREEMENTS, ARTICLES, CHANGES, REPORTS, REVISIONS
from pipeline.store.values import Change, Known, Told

MOST_CANDIDATES = 500
"""Agreements of one partner that one report is compared with; the most recent ones."""


@dataclass(frozen=True, slots=True)
class Agreements:
    """Reading, and the one mark that is set outside of `commit`: that an agreement was told."""

    database: Database

    def near(self, partner: str, since: datetime, until: datetime) -> tuple[Known, ...]:
        """The agreements with `partner` whose act or reports lie between the two instants, most recent first."""
        query = (
            select(AGREEMENTS.c.record)
            .where(AGREEMENTS.c.partner == partner, AGREEMENTS.c.until >= since, AGREEMENTS.c.since <= until)
            .order_by(AGREEMENTS.c.until.desc(), AGREEMENTS.c.key)
            .limit(MOST_CANDIDATES)
        )
        with self.database.read() as connection:
            found: list[Agreement] = list(connection.execute(query).scalars())
            reports: dict[str, dict[str, Report]] = defaultdict(dict)
            for keys in batches([agreement.key for agreement in found]):
                rows = select(REPORTS.c.agreement, REPORTS.c.key, REPORTS.c.record).where(REPORTS.c.agreement.in_(keys))
                for row in connection.execute(rows).all():
                    reports[row.agreement][row.key] = row.record
        return tuple(
            Known(
                agreement=agreement,
                reports=tuple(
                    reports[agreement.key][key] for key in agreement.reports if key in reports[agreement.key]
                ),
            )
            for agreement in found
        )

    def get(self, key: str) -> Agreement | None:
        """An agreement as it now stands."""
        with self.database.read() as connection:
            return connection.execute(select(AGREEMENTS.c.record).where(AGREEMENTS.c.key == key)).scalar()

    def list(
        self,
        *,
        partner: str | None = None,
        stage: Stage | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        min_confidence: float = 0.0,
        told: bool | None = None,
        limit: int = 50,
        before: tuple[datetime, str] | None = None,
    ) -> tuple[Agreement, ...]:
        """Agreements first discovered from `since` until before `until`, newest first.

        `before` is (first_discovered, key) of the last agreement of the page before.
        """
        at, key = AGREEMENTS.c.first_discovered, AGREEMENTS.c.key
        query = select(AGREEMENTS.c.record).where(AGREEMENTS.c.confidence >= min_confidence)
        if partner is not None:
            query = query.where(AGREEMENTS.c.partner == partner)
        if stage is not None:
            query = query.where(AGREEMENTS.c.stage == stage)
        if since is not None:
            query = query.where(at >= since)
        if until is not None:
            query = query.where(at < until)
        if told is not None:
            query = query.where(AGREEMENTS.c.told == told)
        if before is not None:
            query = query.where((at < before[0]) | ((at == before[0]) & (key < before[1])))
        with self.database.read() as connection:
            return tuple(connection.execute(query.order_by(at.desc(), key.desc()).limit(limit)).scalars())

    def reports(self, key: str) -> tuple[Told, ...]:
        """The reports of an agreement, earliest first, with what a reader must know of each article."""
        query = (
            select(REPORTS.c.record, REVISIONS.c.head, ARTICLES.c.duplicate_of)
            .join(ARTICLES, ARTICLES.c.key == REPORTS.c.article)
            .join(REVISIONS, (REVISIONS.c.article == ARTICLES.c.key) & (REVISIONS.c.revision == ARTICLES.c.revision))
            .where(REPORTS.c.agreement == key)
        )
        with self.database.read() as connection:
            rows = connection.execute(query).all()
        told = [
            Told(
                report=row.record,
                outlet=row.head.outlet,
                url=row.head.canonical_url or row.head.url,
                title=row.head.title,
                published=row.head.published.instant if row.head.published else None,
                discovered=row.head.discovered_at,
                language=row.head.language,
                summary_only=row.head.summary_only,
                duplicate_of=row.duplicate_of,
            )
            for row in rows
        ]
        return tuple(sorted(told, key=lambda one: (one.published or one.discovered, one.report.key)))

    def mark_told(self, keys: Collection[str]) -> None:
        """Note that the one immediate alert of these agreements was planned."""
        with self.database.write() as connection:
            for key in sorted(set(keys)):
                mine = AGREEMENTS.c.key == key
                stored = connection.execute(select(AGREEMENTS.c.record).where(mine).with_for_update()).scalar()
                if stored is not None and not stored.told:
                    row = agreement_row(replace(stored, told=True))
                    connection.execute(update(AGREEMENTS).where(mine).values(row))

    def changes(self, after: int = 0, *, agreement: str | None = None, limit: int = 1000) -> tuple[Change, ...]:
        """The history in commit order, of all agreements or one."""
        query = select(CHANGES).where(CHANGES.c.seq > after).order_by(CHANGES.c.seq).limit(limit)
        if agreement is not None:
            query = query.where(CHANGES.c.agreement == agreement)
        with self.database.read() as connection:
            rows = connection.execute(query).all()
        return tuple(Change(seq=row.seq, agreement=row.record, kind=row.kind, why=row.why, at=row.at) for row in rows)

    def count(self) -> int:
        with self.database.read() as connection:
            return connection.execute(select(func.count()).select_from(AGREEMENTS)).scalar_one()
