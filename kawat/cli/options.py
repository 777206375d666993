"""Options that several commands share."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from kawat.cli.screen import WIB
from pipeline.config.quantities import duration
from pipeline.errors import UsageError

Json = Annotated[bool, typer.Option("--json", help="One JSON object per line on standard output.")]
Limit = Annotated[int, typer.Option("--limit", "-n", min=1, max=100_000, help="At most this many, newest first.")]
Since = Annotated[str, typer.Option("--since", metavar="WHEN", help="A date (2026-11-01) or an age (3 days, 12h).")]
OutletName = Annotated[str, typer.Option("--outlet", metavar="NAME", help="Only this outlet.")]
Partner = Annotated[str, typer.Option("--partner", metavar="CC", help="Only this country, as JP or KR.")]
Text = Annotated[str, typer.Option("--text", help="Only what holds these words.")]


def instant(written: str, now: datetime | None = None) -> datetime | None:
    """--since as an instant: a date means its midnight in WIB. Raises `UsageError`."""
    if not written:
        return None
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", written):
            return datetime.fromisoformat(written).replace(tzinfo=ZoneInfo(WIB)).astimezone(UTC)
        age: timedelta = duration(written)
        return (now or datetime.now(UTC)) - age
    except (ValueError, OverflowError):
        raise UsageError(f"--since {written!r} is neither a date like 2026-11-01 nor an age like 3 days") from None


def country(written: str) -> str:
    """--partner as an ISO code. Raises `UsageError`."""
    if written and not re.fullmatch(r"[A-Za-z]{2}", written):
        raise UsageError(f"--partner {written!r} is no two-letter country code, like JP or KR")
    return written.upper()
