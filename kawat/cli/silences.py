"""`kawat silences` and `kawat alerts explain`."""

from __future__ import annotations

import getpass
import re
from datetime import UTC, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from kawat.cli.alerts import app as alerts
from kawat.cli.opening import session
from kawat.cli.options import Json, Partner, country
from kawat.cli.screen import WIB
from pipeline.config.quantities import duration
from pipeline.errors import UsageError
from pipeline.model import Level, Stage

app = typer.Typer(no_args_is_help=True, help="What is not sent for a while: by whom, why, until when, and what it hid.")

COLUMNS = ("id", "matcher", "author", "reason", "starts_at", "ends_at", "state", "hid")
Author = Annotated[str, typer.Option("--by", metavar="NAME", help="Who you are; left out: your user name.")]


@app.command("add")
def add_silence(
    context: typer.Context,
    *,
    terms: Annotated[
        list[str],
        typer.Argument(
            metavar="TERM…",
            help="partner=JP,KR field=ai stage=signed level=g2g agreement=KEY outlet=NAME channel=NAME"
            " recipient=ADDRESS kind=operator subject=disk*: what has every term, with any of its values.",
        ),
    ],
    until: Annotated[str, typer.Option("--for", metavar="TIME", help="How long (3 days, 12h), or until (2026-12-01).")],
    reason: Annotated[str, typer.Option("--reason", help="Why; readers of the digest see it.")],
    by: Author = "",
    as_json: Json = False,
) -> None:
    """Keep alerts back for a while. They are stored, shown by `alerts list --state hidden`, and `alerts retry` sends
    them after all; each digest names the silences there are."""
    here = session(context)
    with here.app() as opened:
        row = opened.silence(" ".join(terms), author=by or getpass.getuser(), reason=reason, until=moment(until))
        here.screen.rows([row], COLUMNS, as_json=as_json, empty="")


@app.command("list")
def list_silences(
    context: typer.Context,
    every: Annotated[bool, typer.Option("--all", help="Those that are over too.")] = False,
    as_json: Json = False,
) -> None:
    """The silences there are, and how much each has hidden."""
    here = session(context)
    with here.app() as opened:
        here.screen.rows(opened.silences(every=every), COLUMNS, as_json=as_json, empty="nothing is silenced")


@app.command("end")
def end_silence(
    context: typer.Context,
    number: Annotated[int, typer.Argument(metavar="ID", help="Its number in the listing.")],
    by: Author = "",
) -> None:
    """End a silence before its time."""
    here = session(context)
    with here.app() as opened:
        opened.end_silence(number, by=by or getpass.getuser())
    here.screen.note(f"silence {number} is over")


@alerts.command("explain")
def explain(
    context: typer.Context,
    *,
    at: Annotated[
        str, typer.Option("--at", metavar="TIME", help='"03:10", "2026-12-01 03:10" (WIB); left out: now.')
    ] = "",
    partner: Partner = "JP",
    field: Annotated[
        list[str] | None, typer.Option("--field", help="Fields of the agreement, as in the lexicon.")
    ] = None,
    stage: Annotated[Stage, typer.Option("--stage", help="How far it got.")] = Stage.SIGNED,
    level: Annotated[Level, typer.Option("--level", help="Between whom.")] = Level.G2G,
    confidence: Annotated[float, typer.Option("--confidence", min=0.0, max=1.0, help="How sure.")] = 0.95,
    language: Annotated[str, typer.Option("--language", help="Of the article.")] = "id",
    as_json: Json = False,
) -> None:
    """What would go where at that time, when, and why, if such an agreement were reported then."""
    here = session(context)
    with here.app() as opened:
        rows = opened.explain(
            at=clock(at, opened.now()),
            partner=country(partner),
            fields=tuple(field or ("telecom",)),
            stage=stage,
            level=level,
            confidence=confidence,
            language=language,
        )
        columns = ("channel", "recipient", "news", "outcome", "at", "why")
        here.screen.rows(rows, columns, as_json=as_json, empty="no channel is set")


def moment(written: str) -> datetime:
    """--for as an instant: a length of time from now, or a date or time in WIB. Raises `UsageError`."""
    now = datetime.now(UTC)
    try:
        end = _wall(written) if re.match(r"\d{4}-\d{2}-\d{2}", written) else now + duration(written)
    except (ValueError, OverflowError):
        raise UsageError(f"--for {written!r} is neither a length like 3 days nor a date like 2026-12-01") from None
    if end <= now:
        raise UsageError(f"--for {written!r} is past")
    return end


def clock(written: str, now: datetime) -> datetime:
    """--at as an instant: a time of today, or a date and time, in WIB. Raises `UsageError`."""
    if not written:
        return now
    try:
        if re.fullmatch(r"\d{1,2}:\d{2}", written):
            return _wall(f"{now.astimezone(ZoneInfo(WIB)):%Y-%m-%d} {written.zfill(5)}")
        return _wall(written)
    except ValueError:
        raise UsageError(f'--at {written!r} is no time: write "03:10" or "2026-12-01 03:10"') from None


def _wall(written: str) -> datetime:
    at = datetime.fromisoformat(written)
    return (at if at.tzinfo else at.replace(tzinfo=ZoneInfo(WIB))).astimezone(UTC)
