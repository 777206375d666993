"""`kawat why`, `kawat read`, `kawat demo`, `kawat purge`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from kawat.cli.face import Row
from kawat.cli.opening import session
from kawat.cli.options import Json
from kawat.cli.screen import Screen
from pipeline.errors import UsageError

REJECTED = 3
Url = Annotated[str, typer.Argument(metavar="URL")]
UrlOrKey = Annotated[str, typer.Argument(metavar="URL|KEY")]


def why(context: typer.Context, url: UrlOrKey, as_json: Json = False) -> None:
    """The decision path of one article in words, alerted or not."""
    here = session(context)
    with here.app() as opened:
        steps = opened.why(url)
    if steps is None:
        raise UsageError(f"{url} is not known: no outlet's feed or page has listed it so far")
    if as_json:
        here.screen.json({"url": url, "why": steps})
        return
    for number, step in enumerate(steps, 1):
        here.screen.text(f"{number:>2}. {here.screen.instants(step)}")


def read(
    context: typer.Context,
    inputs: Annotated[list[str], typer.Argument(metavar="INPUT…", help=".html .txt .jsonl .warc .warc.gz, or -")],
    as_json: Json = False,
    no_register: Annotated[
        bool, typer.Option("--no-register", help="Leave out the register of known agreements and the seed corpus.")
    ] = False,
) -> None:
    """What Kawat makes of given articles; nothing is stored or sent."""
    here = session(context)
    read_inputs = here.part("read_inputs", "kawat.read", "read_inputs")
    rejected = False
    folder = here.folder if here.chosen else None
    for row in read_inputs(inputs, register=not no_register, stdin=sys.stdin, folder=folder):
        rejected = rejected or row.get("verdict") == "reject"
        if as_json:
            here.screen.json(row)
        else:
            _show_reading(here.screen, row)
    if rejected:
        raise typer.Exit(REJECTED)


def demo(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR", file_okay=False)] = Path("kawat-demo"),
    as_json: Json = False,
) -> None:
    """Watch an invented press on this machine: crawl, read, deliver, and show what happened."""
    here = session(context)
    with here.screen.progress(quiet=as_json) as progress:
        outcome = here.part("run_demo", "kawat.demo", "run_demo")(folder.absolute(), progress=progress)
    if as_json:
        here.screen.json(outcome)
    else:
        _show_demo(here.screen, outcome)


def _show_demo(screen: Screen, outcome: Row) -> None:
    failed = outcome["outlets_failed"]
    screen.text(f"outlets      {outcome['outlets']} polled" + (f", {len(failed)} failed" if failed else ""))
    for name, reason in failed.items():
        screen.text(f"             {name}: {reason}", "yellow")
    screen.text(f"pages        {outcome['pages']}, of which {outcome['articles']} are articles")
    for reason, number in outcome["rejects"].items():
        screen.text(f"rejected     {number}: {reason}")
    screen.text(f"duplicates   {outcome['duplicates']} near-verbatim copies")
    screen.text(f"agreements   {outcome['agreements']} new ones stored, talks and announcements among them")
    screen.text(f"alerts       {len(outcome['alerts'])} new agreements told at once")
    for number, told in enumerate(outcome["alerts"], 1):
        screen.text()
        screen.text(f"{number:>3}. {told['claim']}", "bold")
        screen.text(f"     “{told['quote']}”", "italic")
        screen.text(f"     {told['source']}; reported by {', '.join(told['reported_by'])}", "dim")
    screen.text()
    screen.text(f"sent         {outcome['mails']} mails, {outcome['slack_messages']} Slack messages")
    if not outcome["pages"]:
        screen.text("nothing new: this press was read before, and nothing is told twice")
    screen.text(f"look into    {outcome['folder']}")
    screen.note(f"{outcome['note']}; done in {outcome['seconds']} s", "dim")


def purge(
    context: typer.Context,
    url: Url,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Delete every stored copy of an address, raw and read."""
    here = session(context)
    with here.app() as opened:
        if not yes and not typer.confirm(f"Delete all that is stored of {url}?", err=True):
            raise typer.Exit(1)
        count = opened.purge(url)
    deleted = "1 stored copy deleted" if count == 1 else f"{count} stored copies deleted"
    here.screen.note(deleted if count else f"nothing is stored of {url}")


def _show_reading(screen: Screen, row: Row) -> None:
    screen.text(str(row.get("title") or row.get("id") or "untitled"), "bold")
    verdict = f"{row.get('verdict')}, {row.get('label')}"
    if row.get("reason"):
        verdict += f": {row['reason']}"
    if row.get("duplicate_of"):
        verdict += f" of {row['duplicate_of']}"
    screen.text(f"  {verdict}; {'would alert at once' if row.get('alert') else 'no immediate alert'}")
    agreements: list[dict[str, Any]] = [each for each in (row.get("agreement"), *(row.get("also") or ())) if each]
    for each in agreements:
        facts = [each.get(name) for name in ("partner", "stage", "instrument", "level", "signed_on", "place")]
        screen.text(
            "  " + " · ".join(str(fact) for fact in facts if fact) + f" · {screen.cell(each.get('confidence'))}"
        )
        evidence = each.get("evidence") or ()
        for proof in evidence:
            if proof.get("slot") == "claim":
                screen.text(f"  “{proof.get('quote')}”", "italic")
        for name, words in _record(each, evidence):
            screen.text(f"    {name:<10} {words}")
    for step in row.get("why") or ():
        screen.text(f"    {screen.instants(step)}", "dim")
    screen.text()


def _record(report: dict[str, Any], evidence: Iterable[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """The other slots that are filled, each in one line."""
    if report.get("title"):
        yield "title", str(report["title"])
    if report.get("institutions"):
        yield "between", "; ".join(f"{each['name']} ({each['country']})" for each in report["institutions"])
    if report.get("fields"):
        yield "on", ", ".join(report["fields"])
    for each in report.get("signatories") or ():
        post = f", {each['post']}" if each["post"] else ""
        yield str(each["role"]), f"{each['name']}{post} ({each['side']})"
    for each in evidence:
        if each.get("slot") in ("duration", "renewal", "mechanism"):
            yield str(each["slot"]), f"“{each['quote']}”"
