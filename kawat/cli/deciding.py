"""`kawat agreements merge|split|edit|reject|undo|decisions`: people decide last."""

from __future__ import annotations

import getpass
from typing import Annotated

import typer

from kawat.cli.face import Asked, Row
from kawat.cli.opening import Session, session
from kawat.cli.options import Json, Limit
from kawat.cli.screen import counted
from pipeline.errors import UsageError

COLUMNS = ("id", "at", "kind", "agreement", "other", "author", "reason", "undone_at")

Author = Annotated[str, typer.Option("--author", metavar="NAME", help="Who decides. Left out: who is logged in.")]
Reason = Annotated[str, typer.Option("--reason", metavar="WORDS", help="Why. Readers who were told otherwise see it.")]
Key = Annotated[str, typer.Argument(metavar="KEY", help="The agreement, or the beginning of its key.")]


def merge(
    context: typer.Context,
    key: Key,
    other: Annotated[str, typer.Argument(metavar="OTHER", help="The agreement that becomes part of it.")],
    *,
    reason: Reason = "",
    author: Author = "",
    as_json: Json = False,
) -> None:
    """Two agreements are one: every report of both belongs to the first."""
    _decide(context, Asked(kind="merge", keys=(key, other), author=author, reason=reason), as_json)


def split(
    context: typer.Context,
    key: Key,
    articles: Annotated[list[str], typer.Argument(metavar="ARTICLE…", help="Whose reports go: key or address.")],
    *,
    reason: Reason = "",
    author: Author = "",
    as_json: Json = False,
) -> None:
    """Reports of some articles belong to an agreement of their own."""
    _decide(context, Asked(kind="split", keys=(key,), articles=tuple(articles), author=author, reason=reason), as_json)


def edit(
    context: typer.Context,
    key: Key,
    *,
    values: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="SLOT=VALUE",
            help="stage, instrument, level, partner, institutions, signed_on, fields, title or place; repeat.",
        ),
    ] = None,
    reason: Reason = "",
    author: Author = "",
    as_json: Json = False,
) -> None:
    """Set what an agreement is, whatever its reports say: --set stage=signed --set fields=ai,space"""
    slots: dict[str, str] = {}
    for each in values or ():
        name, equals, value = each.partition("=")
        if not equals:
            raise UsageError(f"--set {each!r}: write SLOT=VALUE, such as stage=signed")
        slots[name.strip()] = value.strip()
    _decide(context, Asked(kind="edit", keys=(key,), values=slots, author=author, reason=reason), as_json)


def reject(
    context: typer.Context, key: Key, *, reason: Reason = "", author: Author = "", as_json: Json = False
) -> None:
    """This is no agreement, and what later reports say of it is none."""
    _decide(context, Asked(kind="reject", keys=(key,), author=author, reason=reason), as_json)


def undo(
    context: typer.Context,
    number: Annotated[int, typer.Argument(metavar="DECISION", help="Its number: kawat agreements decisions.")],
    *,
    reason: Reason = "",
    author: Author = "",
    as_json: Json = False,
) -> None:
    """A decision binds no longer; it stays in the list."""
    _decide(context, Asked(kind="undo", number=number, author=author, reason=reason), as_json)


def decisions(context: typer.Context, *, limit: Limit = 50, as_json: Json = False) -> None:
    """What was decided, by whom and why; newest first."""
    here = session(context)
    with here.app() as app:
        here.screen.rows(app.decisions(limit), COLUMNS, as_json=as_json, empty="nothing was decided")


def _decide(context: typer.Context, asked: Asked, as_json: bool) -> None:
    here = session(context)
    if not asked.reason.strip():
        raise UsageError('say why: --reason "…"')
    named = Asked(
        kind=asked.kind,
        keys=asked.keys,
        articles=asked.articles,
        values=asked.values,
        number=asked.number,
        author=asked.author or _login(),
        reason=asked.reason,
    )
    with here.app() as app:
        row = app.decide(named)
    if as_json:
        here.screen.json(row)
        return
    _show(here, row)


def _login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        raise UsageError("nobody is logged in: say who decides with --author NAME") from None


def _show(here: Session, row: Row) -> None:
    here.screen.text(f"decision {row['id']}: {row['kind']}")
    for each in row["agreements"]:
        here.screen.text(f"  {each['key']}  {each['standing']}  {each['claim']}")
    if row["messages"]:
        here.screen.note(f"{counted(row['messages'], 'correction')} to who was told otherwise, with the next delivery")
