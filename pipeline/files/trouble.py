"""What the operating system refuses while a file is written, as an exception of ours."""

from __future__ import annotations

import errno
from pathlib import Path

from pipeline.errors import StoreError, StoreFull


def refusal(error: OSError, path: Path) -> StoreError:
    """`StoreFull` where no room is left, else `StoreError`; `path` is named where the error names no file."""
    what = error.filename or path
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return StoreFull(f"no room left for {what}; free some space")
    return StoreError(f"{what} cannot be written: {error.strerror or error}")
