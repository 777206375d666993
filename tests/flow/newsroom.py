"""A newsroom: the press in a box, a mailbox, a stand-in for Slack, and a data folder that reads and tells them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from kawat.app import App
from kawat.demo import furnish
from kawat.press import Press
from kawat.press.receivers import Hooks, Mailbox

READERS = 2
"""Mail recipients of `kawat.demo.CHANNELS`."""


@dataclass(slots=True)
class Newsroom:
    """Everything of one flow test. `run` is the real command in a process of its own."""

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

    def run(self, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "kawat", "--dir", str(self.folder), *(arguments or ("run", "--all"))]
        return subprocess.run(
            command,
            env={**os.environ, **environ},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
