"""`kawat seed`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kawat.cli.opening import session
from kawat.cli.options import Json
from pipeline.errors import UsageError

app = typer.Typer(
    no_args_is_help=True, help="Articles you know already: kept as fingerprints and facts, never as text; no alerts."
)


@app.command("add")
def add_seeds(
    context: typer.Context,
    paths: Annotated[list[Path], typer.Argument(metavar="PATH…", exists=True, help="Text, HTML or JSONL, or folders.")],
    as_json: Json = False,
) -> None:
    """Take articles into the seed corpus."""
    here = session(context)
    with here.app() as opened:
        rows = opened.seed_add(paths)
        here.screen.rows(rows, ("key", "title", "words", "source"), as_json=as_json, empty="nothing was taken in")


@app.command("list")
def list_seeds(context: typer.Context, as_json: Json = False) -> None:
    """The seed corpus."""
    here = session(context)
    with here.app() as opened:
        here.screen.rows(
            opened.seed_list(),
            ("key", "title", "source", "published", "words", "note"),
            as_json=as_json,
            empty="no seeds",
        )


@app.command("remove")
def remove_seed(context: typer.Context, key: Annotated[str, typer.Argument(metavar="KEY")]) -> None:
    """Forget one seed."""
    here = session(context)
    with here.app() as opened:
        if not opened.seed_remove(key):
            raise UsageError(f"no seed {key} is there: kawat seed list")
    here.screen.note(f"{key} removed")
