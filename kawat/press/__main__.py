"""`python -m kawat.press [--port N]`: serve the press until Ctrl-C, and say where."""

from __future__ import annotations

import argparse
import sys
import threading
from datetime import UTC, datetime

from kawat.press.server import Press
from kawat.press.sites import SITES


def main(arguments: list[str] | None = None) -> int:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(prog="python -m kawat.press", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="port on every loopback address; 0 takes a free one")
    port: int = parser.parse_args(arguments).port
    with Press(datetime.now(UTC), port=port) as press:
        for slug, url in press.urls.items():
            sys.stdout.write(
                f"{url:<24} {SITES[slug].name:<28} {len(press.told(slug)):>2} stories  {SITES[slug].source}\n"
            )
        sys.stdout.write("Ctrl-C ends it.\n")
        sys.stdout.flush()
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            sys.stdout.write("\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
