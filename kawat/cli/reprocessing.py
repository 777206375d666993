"""`kawat reprocess`."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from kawat.cli.opening import Session, session
from kawat.cli.options import Json, Since, instant
from kawat.cli.screen import counted

HEADS = {"gained": "gained", "lost": "lost", "changed": "changed"}


def reprocess(
    context: typer.Context,
    *,
    since: Since = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would change.")] = False,
    alert: Annotated[
        bool, typer.Option("--alert", help="Tell what is new by the usual rules, and correct what was told.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Read the stored pages again by today's rules. Decisions of people hold. Goes on where it was ended."""
    here = session(context)
    with here.app() as app, here.screen.progress(quiet=as_json) as progress:
        done = app.reprocess(since=instant(since), dry_run=dry_run, alert=alert, progress=progress)
    if as_json:
        here.screen.json(done)
        return
    would = " would be" if done["dry_run"] else ""
    here.screen.text(
        f"{counted(done['pages'], 'page')} read, {counted(done['articles'], 'article')}{would} read otherwise"
    )
    for kind in HEADS:
        for row in done[kind]:
            here.screen.text(f"{kind:<8} {row['key'][:12]}  {row['claim']}{_details(kind, row)}")
    if not any(done[kind] for kind in HEADS):
        here.screen.text("no agreement" + (" would change" if done["dry_run"] else " changed"))
    _remarks(here, done)


def _details(kind: str, row: dict[str, Any]) -> str:
    said = [f"part of {row['joined'][:12]}"] if kind == "lost" and row.get("joined") else []
    said += [", ".join(row["slots"])] if kind == "changed" and row.get("slots") else []
    said += ["was told"] if row.get("told") else []
    return f" ({'; '.join(said)})" if said else ""


def _remarks(here: Session, done: dict[str, Any]) -> None:
    if done["resumed"]:
        here.screen.note("went on behind what an earlier run had read")
    if done["lost_pages"]:
        here.screen.warn(f"{counted(done['lost_pages'], 'page')} could not be read: the archive no longer has them")
    if done["unread"]:
        here.screen.warn(f"{counted(done['unread'], 'article')} cannot be read by today's rules and stay as they are")
    if done["messages"]:
        here.screen.note(f"{counted(done['messages'], 'message')} wait to be sent: kawat run, or the daemon")
