"""`kawat feedback`, `kawat eval`, `kawat sample`, `kawat rules`: what readers say of what was read."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from kawat.cli.face import Row
from kawat.cli.opening import session
from kawat.cli.options import Json, Since, instant
from kawat.cli.screen import Screen, counted
from kawat.scoring import errors, score
from pipeline.errors import UsageError

LABELS = ("agreement", "exploratory", "other")
rules = typer.Typer(no_args_is_help=True, help="Drafts of the rules, tried before they are put in force.")


def feedback(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="ID", help="Key or address of an article, or key of an agreement.")],
    *,
    right: Annotated[bool, typer.Option("--right/--wrong", help="Whether what Kawat made of it is right.")],
    label: Annotated[str, typer.Option("--label", help="The right label: agreement, exploratory or other.")] = "",
    note: Annotated[str, typer.Option("--note", help="In your own words.")] = "",
    as_json: Json = False,
) -> None:
    """Say whether Kawat read an article rightly; kept in labels/feedback.jsonl, which `kawat eval` scores."""
    here = session(context)
    with here.app() as opened:
        row = opened.feedback(name, right=right, label=label, note=note)
    if as_json:
        here.screen.json(row)
        return
    said = row["judged"]["said"]
    verdict = f"{said} is right" if right else f"{said} is wrong" + (f", {label} is right" if label else "")
    here.screen.note(f"noted of “{row['title']}”: {verdict}")


def evaluate(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Labelled articles, one JSON object per line.")],
    *,
    no_register: Annotated[
        bool, typer.Option("--no-register", help="Leave out the register of known agreements and the seed corpus.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Score what Kawat reads of labelled articles, and list its errors with their explanations."""
    here = session(context)
    gold = labelled(file)
    folder = here.folder if here.chosen else None
    read_inputs = here.part("read_inputs", "kawat.read", "read_inputs")
    said = {
        str(row["id"]): row
        for row in read_inputs([str(file)], register=not no_register, stdin=sys.stdin, folder=folder)
    }
    result, wrong = score(gold, said), errors(gold, said)
    if as_json:
        here.screen.json({**result, "errors": wrong})
        return
    _show_scores(here.screen, result)
    for each in wrong:
        _show_error(here.screen, each)


def labelled(file: Path) -> list[Row]:
    """The labelled rows of a file, the last one of each id. Raises UsageError for a line without id or label."""
    if file.suffix != ".jsonl" or not file.is_file():
        raise UsageError(f"{file}: no such .jsonl file of labelled articles")
    rows: dict[str, Row] = {}
    with file.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                row = _labelled(line, f"{file}:{number}")
                rows[str(row["id"])] = row
    if not rows:
        raise UsageError(f"{file} holds no labelled article")
    return list(rows.values())


def _labelled(line: str, where: str) -> Row:
    try:
        row: Any = json.loads(line)
    except ValueError as error:
        raise UsageError(f"{where}: not JSON ({error})") from None
    if not isinstance(row, dict) or not row.get("id"):
        raise UsageError(f"{where}: a labelled article is a JSON object with an id")
    if row.get("label") not in LABELS and not (row.get("label") is None and row.get("judged")):
        raise UsageError(f"{where}: its label is {row.get('label')!r}, not one of {', '.join(LABELS)}")
    return row


def _show_scores(screen: Screen, result: Row) -> None:
    screen.text(f"articles         {result['articles']}")
    for name in ("agreement", "any_cooperation", "slots", "alerts"):
        told = "  ".join(f"{key} {screen.cell(value)}" for key, value in result[name].items() if key != "false_ids")
        screen.text(f"{name.replace('_', ' '):<16} {told}")
    screen.text("confidence       reports  right  share  95 % interval")
    for row in result["reliability"]:
        if row["reports"]:
            low, high = row["interval"]
            screen.text(
                f"  {row['from']:.1f}-{row['to']:.1f}        {row['reports']:>7}  {row['right']:>5}  "
                f"{row['share']:>5.2f}  {low:.2f}-{high:.2f}"
            )


def _show_error(screen: Screen, each: Row) -> None:
    screen.text()
    what = f"wanted {each['wanted']}, said {each['said']}" if not each["slots"] else ""
    slots = "; ".join(
        f"{slot}: wanted {screen.cell(a)}, said {screen.cell(b)}" for slot, (a, b) in each["slots"].items()
    )
    screen.text(f"{each['id']}  {each['title']}", "bold")
    screen.text(f"    {what or slots}", "yellow")
    for step in each["why"] if what else ():
        screen.text(f"    {step}", "dim")


def sample(
    context: typer.Context,
    number: Annotated[int, typer.Option("--number", "-n", min=0, max=1000, help="How many articles.")] = 10,
    *,
    since: Since = "30 days",
    seed: Annotated[int | None, typer.Option("--seed", help="Draw the same again.")] = None,
    as_json: Json = False,
) -> None:
    """Random articles that told nobody, for your judgement (kawat feedback), and an estimate of what was missed."""
    here = session(context)
    with here.app() as opened:
        chosen = int(datetime.now(UTC).timestamp()) if seed is None else seed
        drawn = opened.sample(number=number, since=instant(since), seed=chosen)
    if as_json:
        here.screen.json(drawn)
        return
    for each in drawn["articles"]:
        here.screen.text(f"{each['key']}  {each['title']}", "bold")
        here.screen.text(f"    {each['part']}, {each['label']}, {each['outlet']}: {each['url']}", "dim")
        here.screen.text(f"    {' '.join((each['text'] or '').split())[:400]}")
    _show_estimate(here.screen, drawn["estimate"])


def _show_estimate(screen: Screen, estimate: Row) -> None:
    for part in estimate["parts"]:
        screen.note(
            f"{part['part']}: {part['judged']} of {counted(part['articles'], 'unalerted article')} judged, "
            f"{part['missed']} missed agreements among them"
        )
    screen.note(f"missed agreements: {estimate['expected']} expected, under {estimate['upper']} at 95 %")


@rules.command("test")
def test_rules(
    context: typer.Context,
    draft: Annotated[Path, typer.Argument(metavar="DRAFT", help="A rules file (cues.yaml, …) or a folder of them.")],
    *,
    since: Since = "",
    as_json: Json = False,
) -> None:
    """Run a draft of the rules over the stored articles: what it gains and loses, and the alerts a week to expect."""
    here = session(context)
    with here.screen.progress(quiet=as_json) as progress, here.app() as opened:
        result = opened.try_rules(draft, since=instant(since), progress=progress)
    if as_json:
        here.screen.json(result)
        return
    for kind in ("gained", "lost", "changed"):
        for each in result[kind]:
            here.screen.text(f"{kind:<8} {each['title']}", "bold")
            here.screen.text(f"         now: {each['now']}")
            here.screen.text(f"         draft: {each['draft']}")
            for step in each["why"]:
                here.screen.text(f"         {step}", "dim")
    here.screen.text(
        f"{counted(result['articles'], 'article')} of {result['days']} days: {len(result['gained'])} gained, "
        f"{len(result['lost'])} lost, {len(result['changed'])} changed"
    )
    for row in result["alerts"]:
        week = (
            ""
            if row["week_now"] is None
            else f"; {row['week_now']:.2f} a week now, {row['week_draft']:.2f} with the draft"
        )
        here.screen.text(f"alerts to {row['channel']}: {row['now']} now, {row['draft']} with the draft{week}")
