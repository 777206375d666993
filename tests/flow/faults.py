"""`make faults`: breaks everything that can break, shows what came of it, and writes the table of docs/reliability.md.

    python tests/flow/faults.py [--check]          --check: write nothing

Leaves with 1 where the promise was not kept.
"""

from __future__ import annotations

import argparse
import logging
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from fault_cases import CASES, Case
from fault_cycle import Bench
from fault_result import Result

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "reliability.md"
BEGIN, END = "<!-- cases: written by `make faults` -->", "<!-- end of cases -->"
COLUMNS = (
    "part",
    "what goes wrong",
    "tries",
    "lost",
    "repeated, marked",
    "repeated, not marked",
    "given up",
    "last one came",
)


def row(case: Case, result: Result) -> tuple[str, ...]:
    given_up = f"{result.given_up}, shown; delivered by `kawat alerts retry`" if result.given_up else "0"
    numbers = (result.tries, result.lost, result.marked, result.unmarked)
    return (case.part, case.words, *map(str, numbers), given_up, _after(result.latest))


def _after(latest: timedelta) -> str:
    """When the last message came after the first turn; turns are 7, 20, 60 minutes and more after it."""
    return f"{latest // timedelta(minutes=1)} min later" if latest else "at once"


def table(rows: list[tuple[str, ...]]) -> str:
    lines = [COLUMNS, ("---",) * len(COLUMNS), *rows]
    return "\n".join(f"| {' | '.join(each)} |" for each in lines)


def main() -> int:
    ask = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    ask.add_argument("--check", action="store_true", help="write nothing")
    check = ask.parse_args().check
    logging.disable(logging.CRITICAL)  # what is broken on purpose is no news
    started, rows, kept = time.monotonic(), [], True
    with tempfile.TemporaryDirectory() as folder, Bench.open(Path(folder)) as bench:
        for case in CASES:
            result = case.run(bench)
            fine = result.kept and result.given_up == case.given_up
            kept = kept and fine
            rows.append(row(case, result))
            print(("kept   " if fine else "BROKEN ") + " · ".join(rows[-1]), flush=True)
            if not fine:
                print(f"        {result}")
    tries = sum(int(each[2]) for each in rows)
    promise = "kept" if kept else "NOT kept"
    print(f"{len(rows)} cases, {tries} tries, {time.monotonic() - started:.0f} s: the promise was {promise}")
    if not check and kept:
        text = DOCUMENT.read_text(encoding="utf-8")
        before, after = text[: text.index(BEGIN)], text[text.index(END) :]
        DOCUMENT.write_text(f"{before}{BEGIN}\n{table(rows)}\n{after}", encoding="utf-8")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
