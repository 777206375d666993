"""How each outlet fares, and when it is due: scheduling state is data, so a restart costs nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update

from pipeline.model import Outlet
from pipeline.store.engine import Database
from pipeline.store.tables import OUTLETS, SOURCES
from pipeline.store.values import OutletState


@dataclass(frozen=True, slots=True)
class Outlets:
    """The state of every outlet that was ever configured."""

    database: Database

    def sync(self, outlets: Iterable[Outlet], now: datetime) -> tuple[str, ...]:
        """Take over the configured outlets; answers the slugs whose next poll is a baseline: new, or enabled again.

        An outlet that is enabled again forgets its sources' validators: its baseline must see the whole list.
        """
        configured = {outlet.slug: outlet for outlet in outlets}
        fresh = []
        with self.database.write() as connection:
            before = dict(connection.execute(select(OUTLETS.c.slug, OUTLETS.c.enabled)).all())
            for slug, outlet in configured.items():
                if slug not in before:
                    connection.execute(
                        self.database.insert(OUTLETS).values(
                            slug=slug, enabled=outlet.enabled, next_check_at=now, failures=0, last_error=""
                        )
                    )
                elif outlet.enabled and not before[slug]:
                    connection.execute(
                        update(OUTLETS)
                        .where(OUTLETS.c.slug == slug)
                        .values(enabled=True, next_check_at=now, failures=0, last_error="", first_polled_at=None)
                    )
                    urls = [source.url for source in outlet.sources]
                    connection.execute(delete(SOURCES).where(SOURCES.c.url.in_(urls)))
                if outlet.enabled and not before.get(slug, False):
                    fresh.append(slug)
            enabled = {slug for slug, outlet in configured.items() if outlet.enabled}
            for slug in before.keys() - enabled:
                connection.execute(update(OUTLETS).where(OUTLETS.c.slug == slug).values(enabled=False))
        return tuple(fresh)

    def states(self) -> Mapping[str, OutletState]:
        """The state of each outlet, by slug in alphabetical order."""
        with self.database.read() as connection:
            rows = connection.execute(select(OUTLETS).order_by(OUTLETS.c.slug)).all()
        return {row.slug: OutletState(**row._mapping) for row in rows}

    def due(self, now: datetime) -> tuple[str, ...]:
        """The enabled outlets whose next check has come, longest overdue first."""
        query = (
            select(OUTLETS.c.slug)
            .where(OUTLETS.c.enabled, OUTLETS.c.next_check_at <= now)
            .order_by(OUTLETS.c.next_check_at, OUTLETS.c.slug)
        )
        with self.database.read() as connection:
            return tuple(connection.execute(query).scalars())

    def set_next(self, slug: str, when: datetime) -> None:
        """Check this outlet at `when`."""
        with self.database.write() as connection:
            connection.execute(update(OUTLETS).where(OUTLETS.c.slug == slug).values(next_check_at=when))
