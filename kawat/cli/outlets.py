"""`kawat outlets`."""

from __future__ import annotations

from collections import Counter
from typing import Any

import typer

from kawat.cli.opening import session
from kawat.cli.options import Json
from pipeline.model import Outlet

app = typer.Typer(no_args_is_help=True, help="The outlets that are read, how they do, and their terms of use.")

COLUMNS = (
    *("slug", "kind", "languages", "discovery", "certainty", "tier", "trust", "fetch"),
    *("state", "last_poll", "last_item", "reason"),
)


@app.command("list")
def list_outlets(context: typer.Context, as_json: Json = False) -> None:
    """Every known outlet: what it is, how it is discovered, how sure that is (A best, G a guess), and how it does."""
    here = session(context)
    with here.app() as opened:
        outlets = {each.slug: each for each in opened.configuration.outlets}
        rows = [row | (_nature(outlets[row["slug"]]) if row["slug"] in outlets else {}) for row in opened.outlets()]
        here.screen.rows(rows, COLUMNS, as_json=as_json, empty="no outlets")
    if not as_json:
        here.screen.note("")
        for row in rows:
            terms = " ".join(filter(None, (row.get("terms_url"), row.get("terms_note"))))
            seen = f" (seen {row['terms_seen_on']})" if row.get("terms_seen_on") else ""
            here.screen.note(f"terms of {row['slug']}: {terms or 'not noted'}{seen}", "dim")


def discovery(outlet: Outlet) -> str:
    """How an outlet's news is found: `feed ×4, listing`. What is only walked for the past does not count."""
    kinds = Counter(str(each.kind) for each in outlet.sources if each.poll)
    return ", ".join(kind if n == 1 else f"{kind} ×{n}" for kind, n in kinds.items())


def certainty(outlet: Outlet) -> str:
    """How sure the sources are that it is polled at, the surest first: `A, B`; A is best, G a guess."""
    return ", ".join(sorted({str(each.certainty) for each in outlet.sources if each.poll}))


def _nature(outlet: Outlet) -> dict[str, Any]:
    """What an outlet is, by its file."""
    return {
        "kind": str(outlet.kind),
        "languages": list(outlet.languages),
        "discovery": discovery(outlet),
        "certainty": certainty(outlet),
    }
