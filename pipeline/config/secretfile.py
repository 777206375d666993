"""`secrets.env` beside the YAML files: `NAME=value` lines for what must not stand in them. The environment wins."""

from __future__ import annotations

import re
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from pipeline.errors import ConfigError, Fault

NAME: Final = "secrets.env"
MAX_BYTES: Final = 64 * 1024
_LINE: Final = re.compile(r"(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)=(.*)")


def read_secrets(folder: Path) -> Mapping[str, str]:
    """The variables of `secrets.env`, none where there is no such file.

    Blank lines and lines that begin with # are skipped; a value may stand in single or double quotes. Raises
    `ConfigError` for anything else, never repeating what the line holds.
    """
    path = folder / NAME
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
        lines = raw.decode("utf-8-sig").splitlines()
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        problem = f"cannot be read: {error.strerror}" if isinstance(error, OSError) else "is not UTF-8 text"
        raise ConfigError((Fault(path=str(path), line=None, key=None, problem=problem),)) from None
    if len(raw) > MAX_BYTES:
        raise ConfigError((Fault(path=str(path), line=None, key=None, problem="is larger than 64 KiB"),))
    found: dict[str, str] = {}
    faults = []
    for number, line in enumerate(lines, 1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        match = _LINE.fullmatch(text)
        if match is None:
            faults.append(
                Fault(path=str(path), line=number, key=None, problem="is no NAME=value line", remedy="correct it")
            )
        elif match[1] in found:
            faults.append(
                Fault(path=str(path), line=number, key=match[1], problem="is given twice", remedy="keep one of the two")
            )
        else:
            found[match[1]] = _unquoted(match[2].strip())
    if faults:
        raise ConfigError(tuple(faults))
    return found


def readable_by_others(folder: Path) -> bool:
    """Whether other accounts of this machine may read `secrets.env`."""
    try:
        return bool((folder / NAME).stat().st_mode & (stat.S_IRGRP | stat.S_IROTH))
    except OSError:
        return False


def _unquoted(value: str) -> str:
    if len(value) >= 2 and value[0] == value[-1] and value[0] in "'\"":
        return value[1:-1]
    return value
