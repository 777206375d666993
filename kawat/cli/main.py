"""The command tree, and the one place where Kawat's exceptions become a message and an exit status."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

import kawat
from kawat.cli import (
    agreements,
    alerts,
    articles,
    backfill,
    boilerplate,
    deciding,
    judging,
    outlets,
    proof,
    reading,
    reprocessing,
    seeds,
    silences,
    start,
    watching,
)
from kawat.cli.opening import open_session, session
from pipeline.errors import ConfigError, KawatError, UsageError

FAILED, USAGE, DEGRADED = 1, 2, 3


class Guarded(TyperGroup):
    """Turns `KawatError` and what the operating system refuses into words, and takes --dir wherever it stands."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        return super().parse_args(ctx, _folder_first(args))

    def invoke(self, ctx: Any) -> Any:
        try:
            try:
                return super().invoke(ctx)
            finally:
                sys.stdout.flush()  # what is still held back may not fit on a full disk
        except BrokenPipeError:
            raise  # nobody reads on: click ends quietly
        except KawatError as refused:
            screen = session(ctx).screen
            for line in str(refused).splitlines() or [type(refused).__name__]:
                screen.fail(line)
            raise typer.Exit(USAGE if isinstance(refused, ConfigError | UsageError) else FAILED) from None
        except OSError as refused:
            session(ctx).screen.fail(f"{refused.filename or 'the output'}: {refused.strerror or refused}")
            _drop_output()
            raise typer.Exit(FAILED) from None


def _drop_output() -> None:
    """Drop what cannot be written, or Python stumbles over it once more at its end."""
    try:
        sys.stdout.flush()
    except OSError:
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


app = typer.Typer(
    cls=Guarded,
    name="kawat",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Watches the Indonesian press and tells, once and with proof, when Indonesia makes a new technology agreement "
    "with another country.",
    epilog="Exit status: 0 fine, 1 failed, 2 usage or configuration, 3 degraded.",
)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"kawat {kawat.__version__}")
        raise typer.Exit


@app.callback()
def root(
    context: typer.Context,
    folder: Annotated[
        Path | None,
        typer.Option(
            "--dir",
            "-d",
            metavar="DIR",
            help="The folder that `kawat init` made (else KAWAT_DIR, else the current folder)",
        ),
    ] = None,
    _shown: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and end.")
    ] = False,
) -> None:
    open_session(context, folder)


def _folder_first(args: list[str]) -> list[str]:
    """`status --dir X` as `--dir X status`: people write it at either end."""
    front: list[str] = []
    rest: list[str] = []
    waiting = iter(args)
    for each in waiting:
        if each == "--":
            return [*front, *rest, each, *waiting]
        if each in {"--dir", "-d"}:
            front += [each, *([value] if (value := next(waiting, None)) is not None else [])]
        elif each.startswith("--dir="):
            front.append(each)
        else:
            rest.append(each)
    return [*front, *rest]


app.command("init")(start.init)
app.command("check")(start.check)
app.command("run")(watching.run)
app.command("backfill")(backfill.backfill)
app.command("reprocess")(reprocessing.reprocess)
app.command("daemon")(watching.daemon)
app.command("status")(watching.status)
outlets.app.command("boilerplate")(boilerplate.boilerplate)
app.add_typer(outlets.app, name="outlets")
app.add_typer(articles.app, name="articles")
for _decision in (deciding.merge, deciding.split, deciding.edit, deciding.reject, deciding.undo, deciding.decisions):
    agreements.app.command(_decision.__name__)(_decision)
app.add_typer(agreements.app, name="agreements")
app.add_typer(alerts.app, name="alerts")
app.add_typer(silences.app, name="silences")
app.command("drill")(proof.drill)
app.command("why")(reading.why)
app.command("read")(reading.read)
app.command("demo")(reading.demo)
app.command("feedback")(judging.feedback)
app.command("eval")(judging.evaluate)
app.command("sample")(judging.sample)
app.add_typer(judging.rules, name="rules")
app.add_typer(seeds.app, name="seed")
app.command("purge")(reading.purge)
