"""`kawat agreements`."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from kawat.cli.articles import form_of
from kawat.cli.face import Filter
from kawat.cli.opening import session
from kawat.cli.options import Json, Limit, Partner, Since, Text, country, instant
from kawat.cli.screen import counted
from pipeline.errors import UsageError

COLUMNS = ("last_reported", "partner", "stage", "instrument", "claim", "confidence", "sources", "key")
app = typer.Typer(no_args_is_help=True, help="The agreements that were found: one per real agreement, many reports.")


class Form(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"
    JSONL = "jsonl"


class Look(StrEnum):
    RECORD = "record"
    CABLE = "cable"


@app.command("list")
def list_agreements(
    context: typer.Context,
    *,
    limit: Limit = 50,
    since: Since = "",
    partner: Partner = "",
    text: Text = "",
    as_json: Json = False,
) -> None:
    """The newest agreements, those last reported first."""
    here = session(context)
    wanted = Filter(limit=limit, since=instant(since), partner=country(partner), text=text)
    with here.app() as opened:
        here.screen.rows(opened.agreements(wanted), COLUMNS, as_json=as_json, empty="no agreements yet")


@app.command("show")
def show_agreement(
    context: typer.Context,
    key: Annotated[str, typer.Argument(metavar="KEY")],
    *,
    form: Annotated[
        Look, typer.Option("--format", help="record: key by key; cable: plain text to quote.")
    ] = Look.RECORD,
    as_json: Json = False,
) -> None:
    """One agreement with everything that is known of it, and the sentences that prove it."""
    here = session(context)
    with here.app() as opened:
        if form is Look.CABLE and not as_json:
            text = opened.cable(key)
            if text is None:
                raise UsageError(f"no agreement {key} is stored: kawat agreements list")
            here.screen.text(text.rstrip("\n"))
            return
        row = opened.agreement(key)
        if row is None:
            raise UsageError(f"no agreement {key} is stored: kawat agreements list")
        here.screen.record(row, as_json=as_json)


@app.command("export")
def export_agreements(
    context: typer.Context,
    to: Annotated[Path, typer.Argument(metavar="FILE", dir_okay=False)],
    form: Annotated[Form | None, typer.Option("--format", help="Left out: by the file's ending.")] = None,
) -> None:
    """Write the current state into a file, one row per agreement."""
    here = session(context)
    with here.app() as opened:
        count = opened.export_agreements(to, form_of(to, form, Form))
    here.screen.note(f"{counted(count, 'agreement')} written to {to}")
