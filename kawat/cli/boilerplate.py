"""`kawat outlets boilerplate`."""

from __future__ import annotations

from typing import Annotated

import typer

from kawat.cli.opening import session
from kawat.cli.options import Json
from pipeline.errors import UsageError

COLUMNS = ("hash", "state", "articles", "days", "last_seen", "text")


def boilerplate(
    context: typer.Context,
    slug: Annotated[str, typer.Argument(metavar="NAME", help="The outlet, as `kawat outlets list` names it.")],
    *,
    pin: Annotated[str, typer.Option("--pin", metavar="HASH", help="Cut this line from now on.")] = "",
    refuse: Annotated[str, typer.Option("--refuse", metavar="HASH", help="Never cut this line again.")] = "",
    as_json: Json = False,
) -> None:
    """Lines that recur on an outlet's pages: `learned` ones are cut without any rule, `counted` ones may yet be.

    What is pinned or refused stays so; articles that are stored already stay as they are.
    """
    if pin and refuse:
        raise UsageError("--pin and --refuse exclude each other")
    here = session(context)
    with here.app() as opened:
        if pin or refuse:
            here.screen.record(opened.say_boilerplate(slug, pin or refuse, cut=bool(pin)), as_json=as_json)
            return
        empty = f"nothing recurs in the articles of {slug} yet"
        here.screen.rows(opened.boilerplate(slug), COLUMNS, as_json=as_json, empty=empty)
