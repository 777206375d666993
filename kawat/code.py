"""Which code decided: a digest of Kawat's own source, noted in the store whenever it is another than before."""

from __future__ import annotations

import json
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

import kawat
import pipeline
from kawat import __version__
from pipeline.store import Store

HISTORY = "code"
"""Name in the store's meta table: JSON list of [since, digest, version], oldest first."""

MOST = 200


@lru_cache(maxsize=1)
def code_digest() -> str:
    """Digest of the modules that read, decide and tell, as they lie on the disk."""
    seen = sha256()
    for package in (pipeline, kawat):
        root = Path(str(package.__file__)).parent
        for path in sorted(root.rglob("*.py")):
            seen.update(f"{root.name}/{path.relative_to(root).as_posix()}\0".encode())
            seen.update(path.read_bytes())
    return seen.hexdigest()[:16]


def note_code(store: Store, now: datetime) -> None:
    """Remember from when on this code works on this store."""
    history = _history(store)
    if history and history[-1][1] == code_digest():
        return
    history.append([now.isoformat(), code_digest(), __version__])
    store.meta.set(HISTORY, json.dumps(history[-MOST:]))


def code_at(store: Store, moment: datetime) -> tuple[str, str] | None:
    """Digest and version of the code that worked at that time; None where it was not noted."""
    known = [each for each in _history(store) if datetime.fromisoformat(each[0]) <= moment]
    return (known[-1][1], known[-1][2]) if known else None


def _history(store: Store) -> list[list[str]]:
    return list(json.loads(store.meta.get(HISTORY) or "[]"))
