"""How each outlet fares, and when it is due: scheduling state is data, so a restart costs nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select, update

from pipeline.model import Outlet
from pipeline.store import codec
from pipeline.store.columns import storable
from pipeline.store.engine import Database
from pipeline.store.frontier import batches
from pipeline.store.tables import OUTLETS, SOURCES, TRAITS
from pipeline.store.values import OutletState, Standing


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

    def state(self, slug: str) -> OutletState | None:
        """The state of one outlet; None for an unknown one."""
        with self.database.read() as connection:
            row = connection.execute(select(OUTLETS).where(OUTLETS.c.slug == slug)).first()
        return None if row is None else OutletState(**row._mapping)

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

    def trait(self, slug: str, name: str, hint: Any) -> Any:
        """What was noted of an outlet under `name`, a value of the type `hint`; None where nothing was."""
        query = select(TRAITS.c.value).where(TRAITS.c.outlet == slug, TRAITS.c.name == name)
        with self.database.read() as connection:
            value = connection.execute(query).scalar()
        return None if value is None else codec.loads(hint, value)

    def traits(self, name: str, hint: Any) -> dict[str, Any]:
        """The same for every outlet that has it, by slug."""
        query = select(TRAITS.c.outlet, TRAITS.c.value).where(TRAITS.c.name == name).order_by(TRAITS.c.outlet)
        with self.database.read() as connection:
            rows = connection.execute(query).all()
        return {row.outlet: codec.loads(hint, row.value) for row in rows}

    def standing(self, slugs: Collection[str], hints: Mapping[str, Any]) -> dict[str, Standing]:
        """State and traits of these outlets, by slug; `hints` gives the type of each trait that is wanted, by name."""
        states: dict[str, OutletState] = {}
        noted: dict[str, dict[str, Any]] = {slug: {} for slug in slugs}
        with self.database.read() as connection:
            for batch in batches(slugs):
                rows = connection.execute(select(OUTLETS).where(OUTLETS.c.slug.in_(batch)))
                states.update((row.slug, OutletState(**row._mapping)) for row in rows)
                named = TRAITS.c.outlet.in_(batch), TRAITS.c.name.in_(tuple(hints))
                for row in connection.execute(select(TRAITS).where(*named)):
                    noted[row.outlet][row.name] = codec.loads(hints[row.name], row.value)
        return {slug: Standing(state=states.get(slug), traits=noted[slug]) for slug in slugs}

    def note(self, slug: str, name: str, hint: Any, value: Any) -> None:
        """Note a value of the type `hint`; None takes the note away."""
        with self.database.write() as connection:
            put_trait(self.database, connection, (slug, name), hint, value)


def put_trait(database: Database, connection: Connection, key: tuple[str, str], hint: Any, value: Any) -> None:
    """`Outlets.note` inside a transaction; `key` is slug and name."""
    slug, name = key
    if value is None:
        connection.execute(delete(TRAITS).where(TRAITS.c.outlet == slug, TRAITS.c.name == name))
        return
    row = {"outlet": slug, "name": name, "value": storable(codec.dumps(hint, value))}
    database.put(connection, TRAITS, row, "outlet", "name")
