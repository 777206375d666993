"""`kawat run`, `kawat daemon`, `kawat status`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from kawat.cli.opening import session
from kawat.cli.options import Json
from kawat.cli.screen import Screen, as_row
from pipeline.model import Issue

if TYPE_CHECKING:
    from kawat.cli.face import RunSummary, Status

DEGRADED = 3
NOT_SENDING = "NOT SENDING: no delivery is set; alerts are only written as .eml files (channels.yaml)"


def run(
    context: typer.Context,
    everything: Annotated[bool, typer.Option("--all", help="Poll every enabled outlet, due or not.")] = False,
    as_json: Json = False,
) -> None:
    """Poll what is due once, process, deliver, and say what happened."""
    here = session(context)
    with here.app() as app:
        with here.screen.progress(quiet=as_json) as progress:
            summary = app.run(progress, everything=everything)
        _show_run(here.screen, summary, as_json=as_json)
        degraded = app.status().degraded
    if degraded:
        here.screen.warn("degraded: see kawat status")
        raise typer.Exit(DEGRADED)


def daemon(context: typer.Context) -> None:
    """The same on schedule, until SIGTERM or Ctrl-C."""
    here = session(context)
    here.require()
    raise typer.Exit(here.part("run_daemon", "scheduler", "main")(here.folder))


def status(context: typer.Context, as_json: Json = False) -> None:
    """How things stand: outlets, what waits, the disk, and whether anything is sent at all."""
    here = session(context)
    with here.app() as app:
        stand = app.status()
        if as_json:
            here.screen.json(as_row(stand))
        else:
            _show_status(here.screen, stand)
    if stand.degraded:
        raise typer.Exit(DEGRADED)


def _show_run(screen: Screen, summary: RunSummary, *, as_json: bool) -> None:
    if as_json:
        screen.json(as_row(summary))
        return
    for each in summary.runs:
        outcome = f"{each.items} listed, {each.candidates} new, {each.fetched} fetched"
        if each.failed:
            outcome += f", {each.failed} failed"
        screen.text(f"{each.outlet:<16} {outcome if each.ok else each.reason or 'failed'}", "" if each.ok else "yellow")
    if not summary.runs:
        stopped = next((each for each in summary.issues if each.subject in {"disk", "crawl"}), None)
        screen.text("no outlet was asked" if stopped else "no outlet was due", "yellow" if stopped else "")
    screen.text(
        f"{summary.pages} pages: {summary.articles} articles, {sum(summary.rejects.values())} rejects, "
        f"{summary.duplicates} duplicates; {summary.agreements} new agreements"
    )
    for reason, count in sorted(summary.rejects.items(), key=lambda pair: -pair[1]):
        screen.text(f"  rejected: {count} {reason}")
    screen.text(f"alerts: {summary.sent} sent, {summary.waiting} waiting, {summary.failed} given up")
    if not summary.sending:
        screen.warn(NOT_SENDING)
    for issue in _others(summary.issues):
        screen.warn(f"{issue.subject}: {issue.problem} ({issue.remedy})")
    screen.note(f"done in {summary.seconds:.1f} s", "dim")


def _show_status(screen: Screen, stand: Status) -> None:
    screen.text("DEGRADED" if stand.degraded else "fine", "bold red" if stand.degraded else "bold green")
    if not stand.sending:
        screen.text(NOT_SENDING, "bold yellow")
    for issue in _others(stand.issues):
        screen.text(f"! {issue.subject}: {issue.problem} (since {screen.stamp(issue.since)}; {issue.remedy})", "yellow")
    screen.text()
    last = "never" if stand.last_run is None else screen.stamp(stand.last_run)
    alive = "not running" if stand.daemon is None else f"alive at {screen.stamp(stand.daemon)}"
    screen.text(f"last run: {last}; daemon: {alive}")
    screen.text("; ".join(f"{name}: {count}" for name, count in stand.counts.items()))
    screen.text("disk: " + ", ".join(f"{name} {size(number)}" for name, number in stand.disk.items()))
    screen.text()
    read = [row for row in stand.outlets if row["state"] != "disabled"]
    screen.rows(
        read,
        ("slug", "tier", "state", "last_poll", "last_item", "next_poll", "since", "evidence"),
        as_json=False,
        empty="no outlets",
    )
    if left := len(stand.outlets) - len(read):
        screen.note(f"{left} more are disabled; `kawat outlets list` says why", "dim")


def _others(issues: Iterable[Issue]) -> Iterator[Issue]:
    """The issues but for the one that NOT_SENDING says already."""
    return (issue for issue in issues if not issue.problem.startswith("NOT SENDING"))


def size(number: int) -> str:
    """Bytes as 1.2 GB."""
    amount = float(number)
    for unit in ("B", "kB", "MB", "GB"):
        if abs(amount) < 1000:
            return f"{amount:.0f} {unit}" if unit == "B" else f"{amount:.1f} {unit}"
        amount /= 1000
    return f"{amount:.1f} TB"
