"""`python -m kawat`, and the command `kawat`."""

from __future__ import annotations

import sys
from io import TextIOWrapper


def main() -> None:
    """Run the command line; ends the process with its exit status."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    from kawat.cli.main import app  # noqa: PLC0415 - after the streams can take any text

    app()


if __name__ == "__main__":
    main()
