"""`kawat outlets`."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlsplit

import typer

from kawat import __version__
from kawat.cli.face import Row
from kawat.cli.opening import session
from kawat.cli.options import Json
from kawat.cli.screen import Screen
from pipeline.errors import UsageError
from pipeline.model import Outlet

if TYPE_CHECKING:
    from kawat.probe import Caller
    from pipeline.config import Configuration

app = typer.Typer(no_args_is_help=True, help="The outlets that are read, how they do, and their terms of use.")

COLUMNS = (
    *("slug", "kind", "languages", "discovery", "certainty", "tier", "trust", "fetch"),
    *("state", "since", "last_poll", "last_item", "evidence"),
)
AT_ONCE = 6
"""Hosts that are looked at side by side."""


@app.command("list")
def list_outlets(context: typer.Context, as_json: Json = False) -> None:
    """Every known outlet: what it is, how it is discovered, how sure that is (A best, G a guess), and how it does."""
    here = session(context)
    with here.app() as opened:
        outlets = {each.slug: each for each in opened.configuration.outlets}
        rows = [row | (_nature(outlets[row["slug"]]) if row["slug"] in outlets else {}) for row in opened.outlets()]
        here.screen.rows(rows, COLUMNS, as_json=as_json, empty="no outlets")
    if not as_json:
        here.screen.note("")
        for row in rows:
            terms = " ".join(filter(None, (row.get("terms_url"), row.get("terms_note"))))
            seen = f" (seen {row['terms_seen_on']})" if row.get("terms_seen_on") else ""
            here.screen.note(f"terms of {row['slug']}: {terms or 'not noted'}{seen}", "dim")


@app.command("add")
def add_outlet(
    context: typer.Context,
    url: Annotated[str, typer.Argument(metavar="URL", help="The site's front page, or one of its feeds.")],
    *,
    slug: Annotated[str, typer.Option("--slug", metavar="NAME", help="Name of its file; left out: by its host.")] = "",
    force: Annotated[bool, typer.Option("--force", help="Replace the file of an outlet that is there.")] = False,
    as_json: Json = False,
) -> None:
    """Look at a site, try three of its articles, and write its file and a test page into this folder.

    Asks slowly, within robots.txt, as Kawat. A site that refuses is reported and not written: exit status 3.
    """
    from kawat.probe import add  # noqa: PLC0415 (half a second that other commands need not spend)

    here = session(context)
    with here.app() as opened, here.screen.progress(quiet=as_json) as progress:
        configuration = opened.configuration
        found = add(
            url,
            folder=here.folder,
            configuration=configuration,
            caller=_caller(configuration),
            progress=progress,
            slug=slug,
            replace_file=force,
        )
    row = found.row()
    if as_json:
        here.screen.json(row)
    else:
        _show_addition(here.screen, row)
    if found.path is None:
        here.screen.warn(f"not added: {found.problem}")
        raise typer.Exit(3)


@app.command("check")
def check_outlets(
    context: typer.Context,
    slugs: Annotated[list[str] | None, typer.Argument(metavar="[NAME]…", help="Left out: all that are read.")] = None,
    as_json: Json = False,
) -> None:
    """Look at outlets as they are now: robots.txt, lists, the newest five items field by field, and a verdict.

    Exit status 3 where one of them cannot be read as it should.
    """
    from kawat.probe import check  # noqa: PLC0415

    here = session(context)
    with here.app() as opened:
        configuration = opened.configuration
        kept = {row["slug"]: row for row in opened.outlets()}
    known = {each.slug: each for each in configuration.outlets}
    unknown = [slug for slug in slugs or () if slug not in known]
    if unknown:
        raise UsageError(f"there is no outlet {unknown[0]!r}; `kawat outlets list` shows all")
    chosen = [known[slug] for slug in slugs] if slugs else [each for each in known.values() if each.enabled]
    hosts: dict[str, list[Outlet]] = defaultdict(list)  # one after the other where they share a host
    for each in chosen:
        hosts[urlsplit(each.homepage).netloc.lower()].append(each)

    def look(outlets: list[Outlet]) -> list[Row]:
        caller = _caller(configuration, outlets[0])
        return [
            check(
                each,
                caller=caller,
                cleaning=configuration.cleaning,
                allow_loopback=configuration.settings.allow_loopback,
                kept=kept.get(each.slug),
            )
            for each in outlets
        ]

    fine = True
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for rows in pool.map(look, hosts.values()):
            for row in rows:
                fine = fine and row["verdict"] == "ok"
                if as_json:
                    here.screen.json(row)
                else:
                    _show_look(here.screen, row)
    if not fine:
        raise typer.Exit(3)


def _caller(configuration: Configuration, outlet: Outlet | None = None) -> Caller:
    from kawat.probe import Caller  # noqa: PLC0415

    settings = configuration.settings
    politeness = outlet.politeness if outlet is not None else settings.politeness.value()
    return Caller(
        user_agent=settings.user_agent(__version__),
        allow_loopback=settings.allow_loopback,
        delay=politeness.delay.total_seconds(),
    )


def _show_addition(screen: Screen, row: Row) -> None:
    for each in row["looked_at"]:
        screen.note(f"{each['url']}: {each['found']}", "dim")
    for each in row["sources"]:
        screen.text(f"{each['kind']}: {each['url']} ({each['articles']} articles; {each['how']})")
    for line in _articles(row["articles"]):
        screen.text(line)
    for path in row["files"]:
        screen.text(f"wrote {path}")
    if row["files"]:
        screen.note(f"Next: kawat check, then kawat run. `kawat outlets check {row['slug']}` shows it again.")


def _show_look(screen: Screen, row: Row) -> None:
    screen.text(f"{row['slug']} ({row['name']}): {row['verdict']} – {row['evidence']}", "bold")
    screen.text(f"  robots.txt: {row['robots']}")
    for each in row["sources"]:
        said = each["problem"] or f"{each['articles']} articles of {each['links']} links"
        screen.text(f"  {each['kind']} {each['url']}: {said}")
    for line in _articles(row["articles"]):
        screen.text(f"  {line}")
    history = row["history"]
    if history and history["state"]:
        since = f" since {screen.cell(history['since'])}" if history["since"] else ""
        screen.text(f"  by its history: {history['state']}{since}; {history['evidence'] or 'nothing to note'}")
        if history["remedy"]:
            screen.text(f"  what to do: {history['remedy']}")


def _articles(articles: list[Row]) -> Iterator[str]:
    """Each tried article, field by field, with the step that produced it."""
    for each in articles:
        degraded = " (degraded: its selectors found no story)" if each["degraded"] else ""
        yield f"{each['url']}{degraded}"
        if each["problem"]:
            yield f"    {each['problem']}"
        for field in each["fields"]:
            yield f"    {field['field']:<12} {field['value'] or '–'}  [{field['step']}]"


def discovery(outlet: Outlet) -> str:
    """How an outlet's news is found: `feed ×4, listing by script`. What is only walked for the past does not count."""
    kinds = Counter(f"{each.kind}{' by script' if each.javascript else ''}" for each in outlet.sources if each.poll)
    return ", ".join(kind if n == 1 else f"{kind} ×{n}" for kind, n in kinds.items())


def certainty(outlet: Outlet) -> str:
    """How sure the sources are that it is polled at, the surest first: `A, B`; A is best, G a guess."""
    return ", ".join(sorted({str(each.certainty) for each in outlet.sources if each.poll}))


def _nature(outlet: Outlet) -> dict[str, Any]:
    """What an outlet is, by its file."""
    return {
        "kind": str(outlet.kind),
        "languages": list(outlet.languages),
        "discovery": discovery(outlet),
        "certainty": certainty(outlet),
    }
