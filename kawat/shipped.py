"""Where the configuration that ships with Kawat lies: package data in a wheel, `config/` in a checkout."""

from __future__ import annotations

from pathlib import Path

from pipeline.errors import KawatError


def defaults() -> Path:
    """The folder of shipped defaults. Raises `KawatError` where the installation lost it."""
    here = Path(__file__).resolve().parent
    for folder in (here / "defaults", here.parent / "config"):
        if (folder / "settings.yaml").is_file():
            return folder
    raise KawatError("the shipped configuration is missing from this installation: install kawat again")
