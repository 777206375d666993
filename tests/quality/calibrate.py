"""Fits the map from what the rules add up to to how often such reports were right: `config/lexicon/calibration.yaml`.

    python tests/quality/calibrate.py [--out config/lexicon/calibration.yaml]

Reads what nobody had read when the rules were made (first readings, held-out parts) and ordinary news: sets whose
errors were mended would promise too much. The map of a label is written only where maps fitted in the same way to the
other sets beat the rules' own value on the set they had not seen; else the straight line is.
"""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path

import test_detection as sets
from reliability import LABELS, PRIOR, brier, crossed, fit
from report import batches, said_by_set

from pipeline.config.lexicon import load_lexicon
from pipeline.detect.reader import Reader

STRAIGHT = ((0.0, 0.0), (1.0, 1.0))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=sets.ROOT / "config" / "lexicon" / "calibration.yaml")
    parser.add_argument("--date", default=datetime.now(UTC).date().isoformat())
    chosen = parser.parse_args()
    lexicon = load_lexicon(sets.ROOT / "config" / "lexicon")
    reader = Reader(lexicon.uncalibrated())
    found = said_by_set(reader, [each for each in batches(reader) if not each.seen])
    everything = [each for said in found.values() for each in said]
    judged = [each for said in crossed(found, lexicon).values() for each in said]
    points = fit(everything)
    for label in LABELS:
        own, mapped, number = brier(judged, label)
        print(f"{label.value}: {number} reports, squared error of the rules {own:.4f}, of maps that had not seen them "
              f"{mapped:.4f}")  # fmt: skip
        if mapped >= own:
            print(f"  no better than the rules: {label.value} keeps their own value")
            points[label] = STRAIGHT
    told = ", ".join(f"{sum(each.label is label for each in everything)} {label.value}" for label in LABELS)
    lines = [
        "# How often reports were right that the rules gave this value: [value of the rules, share right], ascending.",
        "# Written by `python tests/quality/calibrate.py`; between two points the map is straight.",
        f'version: "{chosen.date}"',
        f"reason: fitted to {told} reports of articles nobody had read and of ordinary news, drawn towards the rules' "
        f"own value by {PRIOR:.0f} articles a step",
    ]
    for label in LABELS:
        shown = ", ".join(f"[{x}, {y}]" for x, y in points[label])
        lines.append(f"{label.value}: [{shown}]")
    chosen.out.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
