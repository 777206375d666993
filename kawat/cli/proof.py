"""`kawat alerts show | retry | replay | times` and `kawat drill`."""

from __future__ import annotations

from typing import Annotated

import typer

from kawat.cli.alerts import app
from kawat.cli.opening import session
from kawat.cli.options import Json, Since, instant
from kawat.cli.screen import counted
from pipeline.errors import AlreadyRunning, UsageError

Alert = Annotated[
    str, typer.Argument(metavar="ALERT", help="Its number in the listing, or the id that the message prints.")
]


@app.command("show")
def show_alert(context: typer.Context, alert: Alert, as_json: Json = False) -> None:
    """One alert: what it tells, every try, how late it was, and how long each leg took."""
    here = session(context)
    with here.app() as opened:
        here.screen.record(opened.alert(alert), as_json=as_json)


@app.command("retry")
def retry_alerts(
    context: typer.Context,
    alerts: Annotated[list[str] | None, typer.Argument(metavar="ALERT…", help="Numbers or ids.")] = None,
    all_failed: Annotated[bool, typer.Option("--failed", help="All that were given up.")] = False,
    as_json: Json = False,
) -> None:
    """Try again what was given up: mend the channel first."""
    here = session(context)
    if not alerts and not all_failed:
        raise UsageError("name the alerts, or take --failed for all that were given up")
    with here.app() as opened:
        rows = opened.retry(alerts or [], all_failed=all_failed)
        try:
            with opened.exclusive("retry"):
                opened.deliver()
            rows = [opened.alert(str(row["id"])) for row in rows]
        except AlreadyRunning:
            here.screen.note("queued: the daemon sends them")
        columns = ("id", "kind", "channel", "recipient", "state", "reason")
        here.screen.rows(rows, columns, as_json=as_json, empty="nothing was given up")


@app.command("replay")
def replay_alert(context: typer.Context, alert: Alert, as_json: Json = False) -> None:
    """Rebuild an alert from the stored pages under the rules of its day, and say what differs. Leaves with 1 where
    it is not identical."""
    here = session(context)
    with here.app() as opened:
        row = opened.replay(alert)
    if as_json:
        here.screen.json(row)
    else:
        here.screen.text("identical" if row["identical"] else "not identical")
        for each in row["differs"]:
            here.screen.text(f"  {each['what']}: was {each['was']!r}, now {each['now']!r}")
        for each in row["lost"]:
            here.screen.text(f"  {each}")
        changed = {True: "changed since", False: "the same today", None: "not noted at that time"}
        here.screen.text(f"rules  {row['rules']}: {changed[row['rules_changed']]}")
        code = row["code"] or "unknown"
        here.screen.text(f"code   {code} (Kawat {row['version']}): {changed[row['code_changed']]}")
        here.screen.text(
            f"built from {counted(len(row['articles']), 'article revision')}: {', '.join(row['articles'])}"
        )
    if not row["identical"]:
        raise typer.Exit(1)


@app.command("times")
def show_times(context: typer.Context, since: Since = "30 days", as_json: Json = False) -> None:
    """How long it took from publication to discovery to decision to delivery: median and 95th percentile, seconds."""
    here = session(context)
    with here.app() as opened:
        columns = ("leg", "alerts", "median", "p95")
        rows = opened.times(instant(since))
        here.screen.rows(rows, columns, as_json=as_json, empty="nothing was told at once in that time")


def drill(context: typer.Context, as_json: Json = False) -> None:
    """Send an invented article down the real path to every channel, marked TEST, and say how it went."""
    here = session(context)
    with here.app() as opened:
        rows = opened.drill()
    here.screen.rows(rows, ("step", "outcome", "seconds", "detail"), as_json=as_json, empty="no channel is set")
    if any(row["outcome"] != "ok" for row in rows):
        raise typer.Exit(1)
