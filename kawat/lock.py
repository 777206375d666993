"""The lock of a data folder: held by the one process that works on it, for as long as it lives, however it ends."""

from __future__ import annotations

import fcntl
from pathlib import Path

NAME = "kawat.lock"


def holder(data_dir: Path) -> str:
    """Who is at work on a data folder, as it wrote into the lock: "kawat daemon (process 7)"; "" where nobody is."""
    try:
        with (data_dir / NAME).open(encoding="utf-8", errors="replace") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except OSError:
                return lock.read(100).strip() or "another process"
    except FileNotFoundError:
        pass
    return ""
