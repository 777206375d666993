"""Look-ups among many documents: the band table of the store beside the indexes in memory of datasketch and rensa.

    python -m bench.lookups [--documents 1000000] [--peers 100000]

The documents are made up: random signatures and keys, as those of unrelated texts are. Half of the look-ups ask for a
copy of a stored document that shares most of its keys, half for a text nobody has seen. Processor time, the page cache
of the operating system warm, the database freshly opened as `kawat run` does.
"""

from __future__ import annotations

import argparse
import gc
import resource
import shutil
import struct
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from datasketch import MinHash, MinHashLSH
from rensa import RMinHash, RMinHashLSH
from sqlalchemy import text

from pipeline.dedupe import SIGNATURE_VERSION, estimate
from pipeline.model import Fingerprint, digest
from pipeline.store import Store

NOW = datetime(2026, 11, 21, tzinfo=UTC)
KEYS, SIGNATURE = 22, 500
CHUNK = 20_000
ASKED = 4_000
NEIGHBOURS = 32  # as many as the pipeline asks for
PEER_BANDS = 32


def key_of(number: int) -> str:
    return digest("document", str(number), size=12)


def documents(rng: np.random.Generator, start: int, size: int) -> list[Fingerprint]:
    """Fingerprints of texts that have nothing in common."""
    keys = rng.integers(-(1 << 31), 1 << 31, (size, KEYS), dtype=np.int64).tolist()
    blobs = rng.bytes(size * SIGNATURE)
    return [
        Fingerprint(
            key=key_of(start + place),
            version=SIGNATURE_VERSION,
            text_hash=digest("text", str(start + place), size=10),
            signature=blobs[place * SIGNATURE : (place + 1) * SIGNATURE],
            bands=tuple(keys[place]),
            words=400,
        )
        for place in range(size)
    ]


def fill(store: Store, wanted: int, rng: np.random.Generator) -> Iterator[list[Fingerprint]]:
    """Put so many documents into the store's own tables, past its commits of one article each; each chunk of them."""
    with store.database.write() as connection:
        connection.exec_driver_sql("PRAGMA cache_size = -1000000")
    for start in range(0, wanted, CHUNK):
        made = documents(rng, start, min(CHUNK, wanted - start))
        rows = [
            (
                *(start + place + 1, each.key, each.version, "article", each.text_hash, each.signature),
                *(struct.pack(f"<{KEYS}i", *each.bands), each.words, 0),
            )
            for place, each in enumerate(made)
        ]
        bands = sorted((band, row[0]) for row, each in zip(rows, made, strict=True) for band in set(each.bands))
        with store.database.write() as connection:
            connection.exec_driver_sql(
                "INSERT INTO fingerprints (id, key, version, origin, text_hash, signature, band_hashes, words, "
                "stored_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                rows,
            )
            connection.exec_driver_sql("INSERT INTO bands (band, fingerprint) VALUES (?, ?)", bands)
        yield made


def copies(rng: np.random.Generator, known: list[Fingerprint]) -> list[Fingerprint]:
    """Light edits of these: a third of the keys and a fifth of the values are others."""
    made = []
    for each in known:
        keys = [key if rng.random() > 0.33 else int(rng.integers(1 << 31)) for key in each.bands]
        values = np.frombuffer(each.signature, np.uint8).copy()
        other = rng.random(len(values)) < 0.2
        values[other] = rng.integers(0, 256, int(other.sum()), dtype=np.uint8)
        made.append(replace(each, key=f"{each.key}-copy", bands=tuple(keys), signature=values.tobytes()))
    return made


def ask(store: Store, questions: list[Fingerprint]) -> tuple[float, int]:
    """Look-ups a second of processor time, estimates of resemblance included, and how many were answered."""
    start, found = time.process_time(), 0
    for each in questions:
        near = store.fingerprints.by_bands(each.bands, each.version, NEIGHBOURS)
        found += any(estimate(each, other) > 0.6 for other in near)
    return len(questions) / (time.process_time() - start), found


def sizes(store: Store) -> dict[str, int]:
    """Bytes on disk of each table and index of fingerprints."""
    with store.database.read() as connection:
        rows = connection.execute(
            text(
                "SELECT name, sum(pgsize) FROM dbstat WHERE name IN ('bands', 'fingerprints') "
                "OR name LIKE '%fingerprints%' GROUP BY name"
            )
        ).all()
    return {str(name): int(size) for name, size in rows}


def ours(wanted: int, folder: Path) -> None:
    rng = np.random.default_rng(20261121)
    url = f"sqlite:///{folder}/kawat.db"
    kept: list[Fingerprint] = []
    done, steps = 0, {wanted // 100, wanted // 10, wanted}
    print(f"look-ups in the store, {ASKED:,} each time, half of them copies")
    filler = Store.open(url)
    for made in fill(filler, wanted, rng):
        kept += made[:200]
        done += len(made)
        if done in steps:
            questions = copies(rng, [kept[int(at)] for at in rng.integers(0, len(kept), ASKED // 2)])
            questions += documents(rng, 10_000_000 + done, ASKED // 2)
            rng.shuffle(questions)
            with Store.open(url, create=False) as store:
                start = time.perf_counter()
                ask(store, questions[:1])
                first = time.perf_counter() - start
                ask(store, questions[:500])
                speed, found = ask(store, questions)
                print(
                    f"  among {done:9,} documents {speed:8,.0f} a second of processor time "
                    f"({found} of {ASKED // 2} copies found; the first after opening took {first * 1000:.1f} ms)"
                )
    for name, size in sizes(filler).items():
        print(f"  {name:32s} {size / wanted:7.1f} bytes a document on disk")
    filler.close()


def memory() -> int:
    """Resident bytes of this process now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize()


def report(name: str, used: float, asked: float, found: int) -> None:
    print(
        f"  {name:24s} {used:8,.0f} bytes a document in memory, {asked:8,.0f} look-ups a second, "
        f"{found} of 1000 copies found"
    )


def peers(wanted: int) -> None:
    rng = np.random.default_rng(1)
    print(f"the indexes of the peers, in memory and gone with the process, among {wanted:,} documents")
    values = rng.integers(0, 1 << 32, (wanted, 128), dtype=np.uint64)
    asked = rng.integers(0, wanted, 1000)
    altered = values[asked].copy()
    other = rng.random(altered.shape) < 0.2
    altered[other] = rng.integers(0, 1 << 32, int(other.sum()), dtype=np.uint64)
    gc.collect()

    base = memory()
    index = MinHashLSH(params=(PEER_BANDS, 128 // PEER_BANDS), num_perm=128)
    for number in range(wanted):
        index.insert(
            number, MinHash(num_perm=128, seed=1, scheme="legacy", hashvalues=values[number]), check_duplication=False
        )
    gc.collect()
    used = memory() - base
    questions = [MinHash(num_perm=128, seed=1, scheme="legacy", hashvalues=row) for row in altered]
    start = time.process_time()
    found = sum(int(at) in index.query(each) for at, each in zip(asked, questions, strict=True))
    report("datasketch MinHashLSH", used / wanted, 1000 / (time.process_time() - start), found)
    del index, questions
    gc.collect()

    tokens = [[f"{number}-{place}" for place in range(60)] for number in range(wanted)]
    marks = RMinHash.from_token_sets(tokens, num_perm=128, seed=42)
    questions = RMinHash.from_token_sets(
        [[*tokens[int(at)][:54], *(f"other{place}" for place in range(6))] for at in asked], num_perm=128, seed=42
    )
    del tokens
    gc.collect()
    base = memory()
    rust = RMinHashLSH(0.6, 128, PEER_BANDS)
    for number, mark in enumerate(marks):
        rust.insert(number, mark)
    used = memory() - base
    start = time.process_time()
    found = sum(int(at) in rust.query(each) for at, each in zip(asked, questions, strict=True))
    report("rensa RMinHashLSH", used / wanted, 1000 / (time.process_time() - start), found)


def main() -> None:
    given = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    given.add_argument("--documents", type=int, default=1_000_000)
    given.add_argument("--peers", type=int, default=100_000)
    wanted = given.parse_args()
    run(wanted.documents, wanted.peers)


def run(wanted: int, peer_documents: int) -> None:
    """Print everything."""
    folder = Path(tempfile.mkdtemp(prefix="kawat-bench-"))
    try:
        ours(wanted, folder)
    finally:
        shutil.rmtree(folder)
    peers(peer_documents)


if __name__ == "__main__":
    main()
