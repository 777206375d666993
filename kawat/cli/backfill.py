"""`kawat backfill`."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from kawat.cli.opening import session
from kawat.cli.options import Json
from kawat.cli.screen import as_row
from pipeline.errors import UsageError


def backfill(
    context: typer.Context,
    outlets: Annotated[
        list[str] | None, typer.Argument(metavar="[OUTLET]...", help="Which; none: all enabled.")
    ] = None,
    *,
    since: Annotated[str, typer.Option("--since", metavar="DATE", help="The first day, e.g. 2026-09-01.")] = "",
    until: Annotated[str, typer.Option("--until", metavar="DATE", help="The last day; none: today.")] = "",
    alert: Annotated[bool, typer.Option("--alert", help="Tell what it finds, under the usual age rules.")] = False,
    as_json: Json = False,
) -> None:
    """Read what outlets printed before, from sitemaps, dated and numbered lists. Goes on where it was ended."""
    here = session(context)
    if not since:
        raise UsageError("say from which day: --since 2026-09-01")
    with here.app() as app:
        first, last = _day(since), _day(until) if until else None
        with here.screen.progress(quiet=as_json) as progress:
            done = app.backfill(since=first, until=last, outlets=outlets or (), alert=alert, progress=progress)
    if as_json:
        here.screen.json(as_row(done))
        return
    if done.waits:
        here.screen.text("a daemon is at work here: it reads the past beside the news, as `kawat status` shows")
        return
    here.screen.text(
        f"{done.lists} lists read, {done.found} links found; {done.pages} pages read, "
        f"{done.articles} articles, {done.agreements} new agreements"
    )
    for slug, words in done.lost:
        here.screen.warn(f"{slug}: {words}")
    if done.given_up:
        here.screen.warn(f"{done.given_up} pages were given up: `kawat why URL` says why")
    if done.left:
        here.screen.warn(f"{done.left} pages wait: their hosts put us off; run the same command again later")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{text!r} is no day: write it as 2026-09-01") from None
