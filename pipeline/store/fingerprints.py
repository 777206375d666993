"""What is kept of texts so that a copy is known again: exact hash, and the bands of a similarity signature."""

from __future__ import annotations

import struct
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, func, insert, select

from pipeline.model import Fingerprint
from pipeline.store.engine import Database
from pipeline.store.frontier import batches
from pipeline.store.tables import BANDS, FINGERPRINTS

ARTICLE, SEED = "article", "seed"
"""Origins: an article's fingerprint is forgotten after its time, a seed's never."""


@dataclass(frozen=True, slots=True)
class Fingerprints:
    """Every answer is a handful of candidates; what they mean is decided elsewhere."""

    database: Database

    def exact(self, text_hash: str, version: int) -> tuple[Fingerprint, ...]:
        """The stored texts with this hash, oldest first."""
        return self._read(
            select(FINGERPRINTS)
            .where(FINGERPRINTS.c.text_hash == text_hash, FINGERPRINTS.c.version == version)
            .order_by(FINGERPRINTS.c.id)
            .limit(20)
        )

    def by_bands(self, bands: Collection[int], version: int, limit: int) -> tuple[Fingerprint, ...]:
        """The stored texts that share a band, those that share most first, the older first among equals."""
        shared = (
            select(BANDS.c.fingerprint.label("id"), func.count().label("number"))
            .where(BANDS.c.band.in_(list(bands)))
            .group_by(BANDS.c.fingerprint)
            .subquery()
        )
        return self._read(
            select(FINGERPRINTS)
            .join(shared, shared.c.id == FINGERPRINTS.c.id)
            .where(FINGERPRINTS.c.version == version)
            .order_by(shared.c.number.desc(), FINGERPRINTS.c.id)
            .limit(limit)
        )

    def by_url_key(self, url_key: str) -> tuple[Fingerprint, ...]:
        """The stored texts of one canonical URL, oldest first."""
        return self._read(
            select(FINGERPRINTS).where(FINGERPRINTS.c.url_key == url_key).order_by(FINGERPRINTS.c.id).limit(20)
        )

    def get(self, key: str) -> tuple[Fingerprint, ...]:
        """The fingerprints of one article or seed, one per version."""
        return self._read(select(FINGERPRINTS).where(FINGERPRINTS.c.key == key).order_by(FINGERPRINTS.c.version))

    def put_seeds(self, seeds: Iterable[tuple[Fingerprint, str]], now: datetime) -> int:
        """Store the seed corpus, each fingerprint with its URL key ("" for none); how many were new."""
        new = 0
        with self.database.write() as connection:
            known = set(connection.execute(select(FINGERPRINTS.c.key, FINGERPRINTS.c.version)))
            for fingerprint, url_key in seeds:
                if (fingerprint.key, fingerprint.version) not in known:
                    put(connection, fingerprint, origin=SEED, url_key=url_key, now=now)
                    new += 1
        return new

    def drop_seeds(self, keep: Collection[str]) -> int:
        """Forget the seeds that are no longer in the corpus; how many there were."""
        seeds = select(FINGERPRINTS.c.id, FINGERPRINTS.c.key).where(FINGERPRINTS.c.origin == SEED)
        kept = frozenset(keep)
        with self.database.write() as connection:
            gone = [row.id for row in connection.execute(seeds).all() if row.key not in kept]
            for numbers in batches(gone):
                connection.execute(delete(BANDS).where(BANDS.c.fingerprint.in_(numbers)))
                connection.execute(delete(FINGERPRINTS).where(FINGERPRINTS.c.id.in_(numbers)))
        return len(gone)

    def count(self) -> dict[str, int]:
        """How many there are of each origin."""
        query = select(FINGERPRINTS.c.origin, func.count()).group_by(FINGERPRINTS.c.origin)
        with self.database.read() as connection:
            return dict(connection.execute(query).all())

    def _read(self, query: Select[Any]) -> tuple[Fingerprint, ...]:
        with self.database.read() as connection:
            return tuple(map(_fingerprint, connection.execute(query).all()))


def put(connection: Connection, fingerprint: Fingerprint, *, origin: str, url_key: str, now: datetime) -> None:
    """Store a fingerprint in place of an older one of the same text source and version."""
    mine = (FINGERPRINTS.c.key == fingerprint.key, FINGERPRINTS.c.version == fingerprint.version)
    old = connection.execute(select(FINGERPRINTS.c.id).where(*mine)).scalar()
    if old is not None:
        connection.execute(delete(BANDS).where(BANDS.c.fingerprint == old))
        connection.execute(delete(FINGERPRINTS).where(FINGERPRINTS.c.id == old))
    number = connection.execute(
        insert(FINGERPRINTS)
        .values(
            key=fingerprint.key,
            version=fingerprint.version,
            origin=origin,
            url_key=url_key,
            text_hash=fingerprint.text_hash,
            signature=fingerprint.signature,
            band_hashes=struct.pack(f"<{len(fingerprint.bands)}q", *fingerprint.bands),
            words=fingerprint.words,
            stored_at=now,
        )
        .returning(FINGERPRINTS.c.id)
    ).scalar_one()
    rows = [{"band": band, "fingerprint": number} for band in sorted(set(fingerprint.bands))]
    if rows:
        connection.execute(insert(BANDS), rows)


def _fingerprint(row: Row[Any]) -> Fingerprint:
    return Fingerprint(
        key=row.key,
        version=row.version,
        text_hash=row.text_hash,
        signature=bytes(row.signature),
        bands=struct.unpack(f"<{len(row.band_hashes) // 8}q", row.band_hashes),
        words=row.words,
    )
