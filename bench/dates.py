"""Printed times: ours against dateparser, on the same strings, in one process.

The strings are every printed form that `tests/unit/extract/test_extract_dates.py` names, of this press and of feeds;
dateparser is told the languages and the zone. Shown are the time a string takes and how many were read as meant.

    python bench/dates.py [--rounds 20]
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
import warnings
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parents[1])

from pipeline.extract.dates import read_date

NOW = datetime(2025, 6, 20, 12, 0, tzinfo=UTC)
GOAL = 0.05
"""Milliseconds that one string may take."""

PRINTED = (
    # form, the instant it means (UTC)
    ("Senin, 16 Juni 2025 10:15 WIB", "2025-06-16T03:15"),
    ("Senin 16 Juni 2025, 10:15 WIB", "2025-06-16T03:15"),
    ("Rabu, 18 Jun 2025 14:26 WIB", "2025-06-18T07:26"),
    ("Jum'at, 13 Juni 2025 | 08.05 WIB", "2025-06-13T01:05"),
    ("Jumat, 13 Jun 2025 - 08:05 WITA", "2025-06-13T00:05"),
    ("13 Juni 2025 pukul 08.05 WIT", "2025-06-12T23:05"),
    ("Kompas.com- 18/06/2025, 20:19 WIB", "2025-06-18T13:19"),
    ("Kompas.com - 18/06/2025, 20:19 WIB", "2025-06-18T13:19"),
    ("Diperbarui 19 Jun 2025, 12:14 WIB", "2025-06-19T05:14"),
    ("Diterbitkan 19 Juni 2025, 12:10 WIB", "2025-06-19T05:10"),
    (",\xa0Jurnalis-Kamis, 19 Juni 2025 |21:05 WIB", "2025-06-19T14:05"),
    ("Kamis , 19 Jun 2025, 21:05 WIB", "2025-06-19T14:05"),
    ("Redaksi - Kamis, 19 Juni 2025 21:05", "2025-06-19T14:05"),
    ("19 Juni 2025 21:05 WIB", "2025-06-19T14:05"),
    ("19 Juni 2025", "2025-06-18T17:00"),
    ("19 Agt 2024", "2024-08-18T17:00"),
    ("Published: Thursday, 19 June 2025 9:05 PM WIB", "2025-06-19T14:05"),
    ("June 19, 2025 09:05 PM GMT+700", "2025-06-19T14:05"),
    ("Thu, June 19 2025", "2025-06-18T17:00"),
    ("19th June 2025", "2025-06-18T17:00"),
    ("2025-06-19 21:05:12", "2025-06-19T14:05"),
    ("2025-06-19T21:05:12+07:00", "2025-06-19T14:05"),
    ("2025-06-19T14:05:12Z", "2025-06-19T14:05"),
    ("2025/06/19 21:05:12", "2025-06-19T14:05"),
    ("Thu, 19 Jun 2025 14:05:00 GMT", "2025-06-19T14:05"),
    ("Thu, 19 Jun 2025 21:05:00 +0700", "2025-06-19T14:05"),
    ("19-06-2025 21:05", "2025-06-19T14:05"),
    ("19.06.2025 21.05 WIB", "2025-06-19T14:05"),
    ("2 jam yang lalu", "2025-06-20T10:00"),
    ("30 menit lalu", "2025-06-20T11:30"),
    ("2 hours ago", "2025-06-20T10:00"),
    ("kemarin 21:05", "2025-06-19T14:05"),
    ("1750341912", "2025-06-19T14:05"),
)


def ours(raw: str) -> datetime | None:
    stamp = read_date(raw, zone="Asia/Jakarta", now=NOW)
    return stamp.instant if stamp is not None else None


def peer() -> Callable[[str], datetime | None]:
    import dateparser

    settings = {"TIMEZONE": "Asia/Jakarta", "RETURN_AS_TIMEZONE_AWARE": True, "RELATIVE_BASE": NOW.replace(tzinfo=None),
                "DATE_ORDER": "DMY"}  # fmt: skip

    def read(raw: str) -> datetime | None:
        found: datetime | None = dateparser.parse(raw, languages=["id", "en"], settings=settings)
        return found

    return read


def run(name: str, read: Callable[[str], datetime | None], rounds: int) -> dict[str, float]:
    """Milliseconds per string, the median over the rounds; prints the summary."""
    spent: dict[str, list[float]] = {}
    right = wrong = none = 0
    for turn in range(rounds + 1):
        for raw, meant in PRINTED:
            begun = time.process_time_ns()
            said = read(raw)
            if turn:
                spent.setdefault(raw, []).append((time.process_time_ns() - begun) / 1e6)
                continue
            none += said is None
            good = (
                said is not None
                and abs((said.astimezone(UTC) - datetime.fromisoformat(meant + "+00:00")).total_seconds()) < 60
            )
            right, wrong = right + good, wrong + (said is not None and not good)
    each = {raw: statistics.median(times) for raw, times in spent.items()}
    worst = max(each, key=lambda raw: each[raw])
    print(
        f"{name:12} {statistics.fmean(each.values()):8.4f} ms a string, slowest {each[worst]:8.4f} ms ({worst!r}); "
        f"{right} of {len(PRINTED)} as meant, {wrong} otherwise, {none} not read"
    )
    return each


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--rounds", type=int, default=20)
    rounds = ask.parse_args().rounds
    warnings.simplefilter("ignore")
    mine = run("ours", ours, rounds * 50)
    theirs = run("dateparser", peer(), rounds)
    over = [raw for raw, spent in mine.items() if spent > GOAL]
    print(f"ours is {sum(theirs.values()) / sum(mine.values()):.0f} times as fast; over {GOAL} ms: {over or 'none'}")
    sys.exit(1 if over else 0)


if __name__ == "__main__":
    main()
