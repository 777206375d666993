"""Stored agreements, what reports them, and how they came to be what they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, func, select, update

from pipeline.model import Agreement, Stage, Standing
from pipeline.store.candidates import between, counted
from pipeline.store.commit import agreement_row
from pipeline.store.engine import Database
from pipeline.store.frontier import batches
from pipeline.store.tables import AGREEMENTS, ARTICLES, CHANGES, REPORTS, REVISIONS
from pipeline.store.values import Candidates, Change, Known, Sourced, Told

HEXADECIMAL = frozenset("0123456789abcdef")

MOST_CANDIDATES = 500
"""Agreements of one partner that one report is compared with; the most recent ones."""


@dataclass(frozen=True, slots=True)
class Agreements:
    """Reading, and the one mark that is set outside of `commit`: that an agreement was told."""

    database: Database

    def near(self, partner: str, since: datetime, until: datetime) -> tuple[Known, ...]:
        """The agreements with `partner` whose act or reports lie between the two instants, most recent first."""
        query = (
            _record()
            .where(*between((partner,), since, until))
            .order_by(AGREEMENTS.c.until.desc(), AGREEMENTS.c.key)
            .limit(MOST_CANDIDATES)
        )
        with self.database.read() as connection:
            return _known(connection, list(connection.execute(query).scalars()))

    def among(self, partners: Collection[str], since: datetime, until: datetime) -> Candidates:
        """How many agreements there are now that `near` looks among; to be asked before it."""
        found = Candidates(partners=tuple(partners), since=since, until=until, count=0)
        with self.database.read() as connection:
            return replace(found, count=counted(connection, found))

    def known(self, key: str) -> Known | None:
        """One agreement with its reports, as `near` gives them."""
        with self.database.read() as connection:
            found = _known(connection, list(connection.execute(_record().where(AGREEMENTS.c.key == key)).scalars()))
        return found[0] if found else None

    def beginning(self, start: str, limit: int) -> tuple[Agreement, ...]:
        """Agreements whose key, which is hexadecimal, begins so."""
        if not start or set(start) - HEXADECIMAL:
            return ()
        among = (AGREEMENTS.c.key >= start, AGREEMENTS.c.key < f"{start}g")  # the letter after the last digit
        with self.database.read() as connection:
            return tuple(connection.execute(_record().where(*among).order_by(AGREEMENTS.c.key).limit(limit)).scalars())

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
        every: bool = False,
    ) -> tuple[Agreement, ...]:
        """Agreements first discovered from `since` until before `until`, newest first.

        `every`: also those that a person rejected, that are part of another, or that no report tells of any longer.
        `before` is (first_discovered, key) of the last agreement of the page before.
        """
        at, key = AGREEMENTS.c.first_discovered, AGREEMENTS.c.key
        query = select(AGREEMENTS.c.record).where(AGREEMENTS.c.confidence >= min_confidence)
        if not every:
            query = query.where(AGREEMENTS.c.standing == Standing.STANDS)
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
        with self.database.read() as connection:
            rows = connection.execute(_sourced().where(REPORTS.c.agreement == key)).all()
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

    def partners(self) -> tuple[str, ...]:
        """The other countries of stored agreements."""
        with self.database.read() as connection:
            query = select(AGREEMENTS.c.partner).distinct().order_by(AGREEMENTS.c.partner)
            return tuple(connection.execute(query).scalars())

    def count(self) -> int:
        with self.database.read() as connection:
            standing = AGREEMENTS.c.standing == Standing.STANDS
            return connection.execute(select(func.count()).select_from(AGREEMENTS).where(standing)).scalar_one()


def _record() -> Select[Any]:
    return select(AGREEMENTS.c.record)


def _sourced() -> Select[Any]:
    """Reports, each with its article as it now stands."""
    return (
        select(REPORTS.c.agreement, REPORTS.c.record, REVISIONS.c.head, ARTICLES.c.duplicate_of)
        .join(ARTICLES, ARTICLES.c.key == REPORTS.c.article)
        .join(REVISIONS, (REVISIONS.c.article == ARTICLES.c.key) & (REVISIONS.c.revision == ARTICLES.c.revision))
    )


def _known(connection: Connection, found: Sequence[Agreement]) -> tuple[Known, ...]:
    """The agreements with their reports, read together: a query per agreement or report would cost the most."""
    sources: dict[str, list[Sourced]] = defaultdict(list)
    for keys in batches([agreement.key for agreement in found]):
        for row in connection.execute(_sourced().where(REPORTS.c.agreement.in_(keys))).all():
            sources[row.agreement].append(Sourced(report=row.record, head=row.head, duplicate_of=row.duplicate_of))
    return tuple(_with_reports(agreement, sources[agreement.key]) for agreement in found)


def _with_reports(agreement: Agreement, sources: list[Sourced]) -> Known:
    by_key = {each.report.key: each.report for each in sources}
    return Known(
        agreement=agreement,
        reports=tuple(by_key[key] for key in agreement.reports if key in by_key),
        sources=tuple(sorted(sources, key=_age)),
    )


def _age(each: Sourced) -> tuple[datetime, str]:
    published = each.head.published
    return published.instant if published else each.head.discovered_at, each.report.key
