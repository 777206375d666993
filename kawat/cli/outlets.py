"""`kawat outlets`."""

from __future__ import annotations

import typer

from kawat.cli.opening import session
from kawat.cli.options import Json

app = typer.Typer(no_args_is_help=True, help="The outlets that are read, how they do, and their terms of use.")


@app.command("list")
def list_outlets(context: typer.Context, as_json: Json = False) -> None:
    """Every known outlet."""
    here = session(context)
    with here.app() as opened:
        rows = opened.outlets()
        here.screen.rows(
            rows,
            ("slug", "name", "tier", "trust", "fetch", "state", "last_poll", "last_item", "reason"),
            as_json=as_json,
            empty="no outlets",
        )
    if not as_json:
        here.screen.note("")
        for row in rows:
            terms = " ".join(filter(None, (row.get("terms_url"), row.get("terms_note"))))
            seen = f" (seen {row['terms_seen_on']})" if row.get("terms_seen_on") else ""
            here.screen.note(f"terms of {row['slug']}: {terms or 'not noted'}{seen}", "dim")
