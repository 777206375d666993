"""The stored agreements among which a report is linked, and whether they are still as many when it is stored.

Two processes may read at once that an agreement is not known, and each would found it. Who stores first is right: the
other decides anew, among more of them.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, select

from pipeline.store.tables import AGREEMENTS
from pipeline.store.values import Candidates


def between(partners: Collection[str], since: datetime, until: datetime) -> tuple[ColumnElement[bool], ...]:
    """Agreements with these partners whose act or reports lie between the two instants."""
    return AGREEMENTS.c.partner.in_(list(partners)), AGREEMENTS.c.until >= since, AGREEMENTS.c.since <= until


def counted(connection: Connection, among: Candidates) -> int:
    """How many there are now."""
    query = select(func.count()).select_from(AGREEMENTS).where(*between(among.partners, among.since, among.until))
    return connection.execute(query).scalar_one()
