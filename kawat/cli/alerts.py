"""`kawat alerts`."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from kawat.cli.face import Filter, Tested
from kawat.cli.opening import session
from kawat.cli.options import Json, Limit, Since, instant
from kawat.cli.screen import Screen
from kawat.cli.watching import NOT_SENDING
from pipeline.model import Sent

app = typer.Typer(no_args_is_help=True, help="What was told, to whom, and how far it got.")


class State(StrEnum):
    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    HIDDEN = "hidden"  # by a silence
    FOLDED = "folded"  # told in another message


@app.command("list")
def list_alerts(
    context: typer.Context,
    limit: Limit = 50,
    since: Since = "",
    state: Annotated[State | None, typer.Option("--state", help="Only these.")] = None,
    as_json: Json = False,
) -> None:
    """The newest alerts."""
    here = session(context)
    wanted = Filter(limit=limit, since=instant(since), state=state.value if state else "")
    columns = ("created_at", "kind", "channel", "recipient", "state", "subject", "attempts", "reason")
    with here.app() as opened:
        here.screen.rows(opened.alerts(wanted), columns, as_json=as_json, empty="no alerts yet")


@app.command("test")
def test_channels(
    context: typer.Context,
    channel: Annotated[str, typer.Argument(metavar="CHANNEL", help="Only this channel.")] = "",
    as_json: Json = False,
) -> None:
    """Send a TEST message over every channel, now."""
    here = session(context)
    with here.app() as opened:
        outcomes = opened.test_channels(channel)
    if not show_tests(here.screen, outcomes, as_json=as_json):
        raise typer.Exit(1)


def show_tests(screen: Screen, outcomes: list[Tested], *, as_json: bool = False) -> bool:
    """Say how each TEST went; whether all were accepted."""
    rows = [
        {
            "channel": each.channel,
            "recipient": each.recipient,
            "outcome": "written to a file" if each.into_file else type(each.attempt).__name__.lower(),
            "reason": each.attempt.receipt if isinstance(each.attempt, Sent) else each.attempt.reason,
        }
        for each in outcomes
    ]
    screen.rows(rows, ("channel", "recipient", "outcome", "reason"), as_json=as_json, empty="no channel is set")
    if not any(isinstance(each.attempt, Sent) and not each.into_file for each in outcomes):
        screen.warn(NOT_SENDING if all(each.into_file for each in outcomes) else "no TEST was accepted")
    return all(isinstance(each.attempt, Sent) for each in outcomes)
