"""`python -m kawat.press [--port N]`: serve the press until Ctrl-C, and say where."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from datetime import UTC, datetime

from kawat.press.server import Press
from kawat.press.sites import SITES


def main(arguments: list[str] | None = None) -> int:
    """Serve until SIGINT or SIGTERM; a shell that starts it in the background leaves SIGINT ignored otherwise."""
    parser = argparse.ArgumentParser(prog="python -m kawat.press", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="port on every loopback address; 0 takes a free one")
    port: int = parser.parse_args(arguments).port
    ended = threading.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda _number, _frame: ended.set())
    with Press(datetime.now(UTC), port=port) as press:
        for slug, url in press.urls.items():
            sys.stdout.write(
                f"{url:<24} {SITES[slug].name:<28} {len(press.told(slug)):>2} stories  {SITES[slug].source}\n"
            )
        sys.stdout.write("Ctrl-C ends it.\n")
        sys.stdout.flush()
        ended.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
