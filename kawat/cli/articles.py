"""`kawat articles`."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from kawat.cli.face import Filter
from kawat.cli.opening import session
from kawat.cli.options import Json, Limit, OutletName, Since, instant
from kawat.cli.screen import counted
from pipeline.errors import UsageError

COLUMNS = ("published", "outlet", "label", "title", "key")
app = typer.Typer(no_args_is_help=True, help="The articles that were read.")


class Form(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"
    JSONL = "jsonl"


@app.command("list")
def list_articles(
    context: typer.Context, *, limit: Limit = 50, since: Since = "", outlet: OutletName = "", as_json: Json = False
) -> None:
    """The newest articles, by their publication."""
    here = session(context)
    wanted = Filter(limit=limit, since=instant(since), outlet=outlet)
    with here.app() as opened:
        here.screen.rows(opened.articles(wanted), COLUMNS, as_json=as_json, empty="no articles yet: kawat run")


@app.command("search")
def search_articles(
    context: typer.Context,
    text: str,
    *,
    limit: Limit = 50,
    since: Since = "",
    outlet: OutletName = "",
    as_json: Json = False,
) -> None:
    """Articles that hold these words in title or text."""
    here = session(context)
    wanted = Filter(limit=limit, since=instant(since), outlet=outlet, text=text)
    with here.app() as opened:
        here.screen.rows(opened.articles(wanted), COLUMNS, as_json=as_json, empty="nothing holds these words")


@app.command("show")
def show_article(
    context: typer.Context, article: Annotated[str, typer.Argument(metavar="KEY|URL")], as_json: Json = False
) -> None:
    """One article (the beginning of its key is enough), with what was removed from it and how it was read."""
    here = session(context)
    with here.app() as opened:
        row = opened.article(article)
        if row is None:
            raise UsageError(f"no article {article} is stored: kawat articles search, or kawat why URL")
        here.screen.record(row, as_json=as_json)


@app.command("export")
def export_articles(
    context: typer.Context,
    to: Annotated[Path, typer.Argument(metavar="FILE", dir_okay=False)],
    form: Annotated[Form | None, typer.Option("--format", help="Left out: by the file's ending.")] = None,
    since: Since = "",
    outlet: OutletName = "",
) -> None:
    """Write articles into a file."""
    here = session(context)
    wanted = Filter(limit=1_000_000_000, since=instant(since), outlet=outlet)
    with here.app() as opened:
        count = opened.export_articles(wanted, to, form_of(to, form, Form))
    here.screen.note(f"{counted(count, 'article')} written to {to}")


def form_of(to: Path, form: StrEnum | None, forms: type[StrEnum]) -> str:
    """The format asked for, else the file's ending. Raises `UsageError` where neither says."""
    if form is not None:
        return form.value
    ending = to.suffix.lstrip(".").lower()
    if ending in set(forms):
        return ending
    raise UsageError(f"cannot tell the format of {to}: add --format {'|'.join(forms)}")
