"""`python -m kawat`, and the command `kawat`."""

from __future__ import annotations

import gc
import sys
from io import TextIOWrapper

GARBAGE = 100_000
"""Objects made until garbage is looked for. Modules and rules stay, and to look through them again and again, as is
done every 700 objects by default, took a quarter of the start."""


def main() -> None:
    """Run the command line; ends the process with its exit status."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    gc.set_threshold(GARBAGE)
    from kawat.cli.main import app  # noqa: PLC0415 - after the streams can take any text

    gc.freeze()
    app()


if __name__ == "__main__":
    main()
