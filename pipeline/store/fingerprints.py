"""What is kept of texts so that a copy is known again: exact hash, and the bands of a similarity signature.

The band table is the index, and lives in the database: a process that has just started knows every text. It holds one
row of two small numbers for each key of a text, and is asked for a few rows of each key, so that neither a frame that
ten thousand bulletins share nor a million texts make a question long.
"""

from __future__ import annotations

import struct
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, delete, func, insert, select, text

from pipeline.model import Fingerprint
from pipeline.store.engine import Database
from pipeline.store.frontier import batches
from pipeline.store.tables import BANDS, FINGERPRINTS

ARTICLE, SEED = "article", "seed"
"""Origins: an article's fingerprint is forgotten after its time, a seed's never."""

PER_BAND = 64
"""How many texts of one key are looked at, the oldest first: copies share most of their keys, a frame shares a few."""


@dataclass(frozen=True, slots=True)
class Fingerprints:
    """Every answer is a handful of candidates; what they mean is decided elsewhere."""

    database: Database

    def exact(self, text_hash: str, version: int) -> tuple[Fingerprint, ...]:
        """The stored texts with this hash, oldest first."""
        with self.database.read() as connection:
            rows = self.database.fetch(connection, EXACT, (text_hash, version))
        return tuple(_found(row, version) for row in rows)

    def by_bands(self, bands: Sequence[int], version: int, limit: int) -> tuple[Fingerprint, ...]:
        """The stored texts that share most bands with these, at most `limit`, oldest first."""
        if not bands:
            return ()
        with self.database.read() as connection:
            rows = self.database.fetch(connection, sharing(len(bands)), (*bands, version, limit))
        return tuple(_found(row, version) for row in rows)

    def get(self, key: str) -> tuple[Fingerprint, ...]:
        """The fingerprints of one article or seed, one per version."""
        return self._read(select(FINGERPRINTS).where(FINGERPRINTS.c.key == key).order_by(FINGERPRINTS.c.version))

    def put(self, fingerprints: Iterable[Fingerprint], now: datetime) -> None:
        """Store the fingerprints of articles, each in place of what there was of it."""
        with self.database.write() as connection:
            for fingerprint in fingerprints:
                put(connection, fingerprint, origin=ARTICLE, now=now)

    def outdated(self, version: int, after: int, limit: int) -> tuple[tuple[int, str], ...]:
        """Number and key of articles' fingerprints that are not of this version, those above the number `after`."""
        query = (
            select(FINGERPRINTS.c.id, FINGERPRINTS.c.key)
            .where(FINGERPRINTS.c.version != version, FINGERPRINTS.c.id > after, FINGERPRINTS.c.origin == ARTICLE)
            .order_by(FINGERPRINTS.c.id)
            .limit(limit)
        )
        with self.database.read() as connection:
            return tuple((row.id, row.key) for row in connection.execute(query).all())

    def put_seeds(self, seeds: Iterable[Fingerprint], now: datetime) -> int:
        """Store the seed corpus; how many were new."""
        new = 0
        with self.database.write() as connection:
            known = {tuple(row) for row in connection.execute(select(FINGERPRINTS.c.key, FINGERPRINTS.c.version))}
            for fingerprint in seeds:
                if (fingerprint.key, fingerprint.version) not in known:
                    put(connection, fingerprint, origin=SEED, now=now)
                    new += 1
        return new

    def drop_seeds(self, keep: Collection[str]) -> int:
        """Forget the seeds that are no longer in the corpus; how many there were."""
        seeds = select(FINGERPRINTS.c.id, FINGERPRINTS.c.key).where(FINGERPRINTS.c.origin == SEED)
        kept = frozenset(keep)
        with self.database.write() as connection:
            gone = [row.id for row in connection.execute(seeds).all() if row.key not in kept]
            forget(connection, gone)
        return len(gone)

    def count(self) -> dict[str, int]:
        """How many there are of each origin."""
        query = select(FINGERPRINTS.c.origin, func.count()).group_by(FINGERPRINTS.c.origin)
        with self.database.read() as connection:
            return dict(connection.execute(query).all())

    def _read(self, query: Select[Any]) -> tuple[Fingerprint, ...]:
        with self.database.read() as connection:
            return tuple(map(_fingerprint, connection.execute(query).all()))


def put(connection: Connection, fingerprint: Fingerprint, *, origin: str, now: datetime) -> None:
    """Store a fingerprint in place of any older one of the same text source, of whatever version."""
    forget(connection, list(connection.execute(_OLD, {"of": fingerprint.key}).scalars()))
    row = {
        "key": fingerprint.key,
        "version": fingerprint.version,
        "origin": origin,
        "text_hash": fingerprint.text_hash,
        "signature": fingerprint.signature,
        "band_hashes": _packed(fingerprint.bands),
        "words": fingerprint.words,
        "stored_at": now,
    }
    number = connection.execute(_PUT, row).scalar_one()
    rows = [{"band": band, "fingerprint": number} for band in sorted(set(fingerprint.bands))]
    if rows:
        connection.execute(_PUT_BANDS, rows)


def forget(connection: Connection, numbers: Collection[int]) -> None:
    """Delete fingerprints, and the rows of the band table that they name."""
    for some in batches(numbers):
        prints = select(FINGERPRINTS.c.id, FINGERPRINTS.c.band_hashes).where(FINGERPRINTS.c.id.in_(some))
        rows = [(band, row.id) for row in connection.execute(prints).all() for band in _unpacked(row.band_hashes)]
        if rows:
            connection.execute(_ONE_BAND, [{"of_band": band, "of_print": number} for band, number in rows])
        connection.execute(delete(FINGERPRINTS).where(FINGERPRINTS.c.id.in_(some)))


EXACT = (
    "SELECT key, text_hash, signature, band_hashes, words FROM fingerprints "
    "WHERE text_hash = ? AND version = ? ORDER BY id LIMIT 20"
)
_OLD = select(FINGERPRINTS.c.id).where(FINGERPRINTS.c.key == bindparam("of"))
_PUT = insert(FINGERPRINTS).returning(FINGERPRINTS.c.id)
_PUT_BANDS = insert(BANDS)
_ONE_BAND = delete(BANDS).where(text("band = :of_band AND fingerprint = :of_print"))


@lru_cache(maxsize=128)
def sharing(bands: int) -> str:
    """The question for texts that share one of so many bands: the bands, the version and how many texts at most."""
    arms = " UNION ALL ".join(
        f"SELECT * FROM (SELECT fingerprint FROM bands WHERE band = ? ORDER BY fingerprint LIMIT {PER_BAND}) AS a{n}"
        for n in range(bands)
    )
    most = f"SELECT fingerprint, count(*) AS number FROM ({arms}) AS a GROUP BY fingerprint"
    return (
        "SELECT key, text_hash, signature, band_hashes, words FROM ("
        f"SELECT f.*, s.number FROM ({most}) AS s JOIN fingerprints AS f ON f.id = s.fingerprint "
        "WHERE f.version = ? ORDER BY s.number DESC, f.id LIMIT ?) AS found ORDER BY id"
    )


def _found(row: Sequence[Any], version: int) -> Fingerprint:
    key, text_hash, signature, packed, words = row
    return Fingerprint(
        key=key,
        version=version,
        text_hash=text_hash,
        signature=bytes(signature),
        bands=_unpacked(bytes(packed)),
        words=words,
    )


def _packed(bands: Sequence[int]) -> bytes:
    return struct.pack(f"<{len(bands)}i", *bands)


def _unpacked(blob: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(blob) // 4}i", blob)


def _fingerprint(row: Row[Any]) -> Fingerprint:
    return Fingerprint(
        key=row.key,
        version=row.version,
        text_hash=row.text_hash,
        signature=bytes(row.signature),
        bands=_unpacked(bytes(row.band_hashes)),
        words=row.words,
    )
