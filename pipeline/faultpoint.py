"""Named places at which a test may kill the process, to prove that nothing is lost there.

The environment variable KAWAT_KILL_AT names one of them, `after-accept`, or the n-th time that it is reached,
`after-accept:3`; without it `reached` does nothing. The kill is SIGKILL: no handler, no `finally`, no flush runs, as
when the machine loses power to one process.
"""

from __future__ import annotations

import os
import signal
from itertools import count

_times = count(1)


def reached(point: str) -> None:
    """Kill this process here if KAWAT_KILL_AT names `point`, at the time that it names."""
    wanted = os.environ.get("KAWAT_KILL_AT")
    if wanted is None:
        return
    name, _, times = wanted.partition(":")
    if name == point and next(_times) >= int(times or 1):
        os.kill(os.getpid(), signal.SIGKILL)
