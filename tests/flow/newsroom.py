"""A newsroom: the press in a box, a mailbox, a stand-in for Slack, and a data folder that reads and tells them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from typer.testing import CliRunner

from kawat.app import App
from kawat.cli.main import app as kawat_command
from kawat.demo import furnish
from kawat.press import Press
from kawat.press.receivers import Hooks, Mailbox

RUN = ("run", "--all")
READERS = 2
"""Mail recipients of `kawat.demo.CHANNELS`."""


@dataclass(slots=True)
class Newsroom:
    """Everything of one flow test. `run` is the command in this process, `spawn` in one of its own."""

    folder: Path
    press: Press
    mailbox: Mailbox
    hooks: Hooks

    def furnish(self, stories: Collection[str] | None = None) -> None:
        """Write the folder; it reads the outlets of these stories, or all."""
        outlets = {self.press.stories[story].outlet for story in stories} if stories else None
        furnish(self.folder, self.press, self.mailbox, self.hooks, outlets=outlets)

    def app(self) -> App:
        return App.open(self.folder)

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """What `spawn` does, without the two seconds of processor time that a fresh Python takes to start."""
        command = ["--dir", str(self.folder), *(arguments or RUN)]
        done = CliRunner().invoke(kawat_command, command, catch_exceptions=False)
        return subprocess.CompletedProcess(command, done.exit_code, done.stdout, done.stderr)

    def spawn(self, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "kawat", "--dir", str(self.folder), *(arguments or RUN)]
        return subprocess.run(
            command, env={**os.environ, **environ}, capture_output=True, text=True, timeout=120, check=False
        )
