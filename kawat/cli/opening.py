"""What every command starts from: the folder, the screen, and the parts it works with, imported when needed."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import typer

from kawat.cli.screen import Screen
from kawat.logs import set_up
from pipeline.config.settings import LogLevel
from pipeline.errors import UsageError

if TYPE_CHECKING:
    from kawat.cli.face import App, Parts


@dataclass(slots=True, kw_only=True)
class Session:
    """One invocation. `chosen` is True where the folder was named and not just happens to be the current one."""

    folder: Path
    chosen: bool
    screen: Screen
    parts: Parts | None = None

    def require(self) -> None:
        """Raises `UsageError` where nothing was set up in the folder."""
        if not (self.folder / "settings.yaml").is_file():
            raise UsageError(
                f"there is no settings.yaml in {self.folder}: set it up with `kawat init {self.folder}`, "
                "or name the right folder with --dir or KAWAT_DIR"
            )

    @contextmanager
    def app(self) -> Iterator[App]:
        """The App of this folder. Raises `UsageError` where nothing was set up there.

        What the log says at level info the commands show themselves, so it starts at warning unless debug is asked for.
        """
        self.require()
        with self.part("open_app", "kawat.app", "App.open")(self.folder) as app:
            settings = app.configuration.settings
            self.screen.zone = settings.zone
            quiet = LogLevel.WARNING if settings.log.level is LogLevel.INFO else settings.log.level
            set_up(settings.log.format, quiet, secrets=app.configuration.secrets)
            yield cast("App", app)

    def part(self, name: str, module: str, attribute: str) -> Any:
        """One of `Parts`: what tests put in, else what is installed."""
        if self.parts is not None:
            return getattr(self.parts, name)
        found: Any = import_module(module)
        for each in attribute.split("."):
            found = getattr(found, each)
        return found


def session(context: typer.Context) -> Session:
    """The session of a command."""
    return cast("Session", context.find_root().obj)


def open_session(context: typer.Context, folder: Path | None) -> None:
    """Make the session; a test's `Parts` may stand in its place."""
    named = folder or (Path(os.environ["KAWAT_DIR"]) if os.environ.get("KAWAT_DIR") else None)
    context.obj = Session(
        folder=(named or Path()).absolute(),
        chosen=named is not None,
        screen=Screen(out=sys.stdout, err=sys.stderr),
        parts=cast("Parts | None", context.obj),
    )
