"""Named places at which a test may kill the process, to prove that nothing is lost there.

The environment variable KAWAT_KILL_AT names one of them; without it `reached` does nothing. The kill is SIGKILL: no
handler, no `finally`, no flush runs, as when the machine loses power to one process.
"""

from __future__ import annotations

import os
import signal


def reached(point: str) -> None:
    """Kill this process here if KAWAT_KILL_AT equals `point`."""
    if os.environ.get("KAWAT_KILL_AT") == point:
        os.kill(os.getpid(), signal.SIGKILL)
