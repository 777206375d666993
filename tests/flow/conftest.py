"""Fixtures of the flow tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest
from newsroom import Newsroom

from kawat.press import Press
from kawat.press.receivers import Hooks, Mailbox


@pytest.fixture
def newsroom(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Newsroom]:
    """`@pytest.mark.parametrize("newsroom", [(…story ids…)], indirect=True)` says what is out at the start."""
    only = getattr(request, "param", None)
    with ExitStack() as stack:
        press = stack.enter_context(Press(datetime.now(UTC), only=only))
        room = Newsroom(
            folder=tmp_path / "kawat",
            press=press,
            mailbox=stack.enter_context(Mailbox()),
            hooks=stack.enter_context(Hooks()),
        )
        room.furnish(only)
        yield room
