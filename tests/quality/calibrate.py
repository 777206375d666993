"""Fits the map from what the rules add up to how often such reports were right: `config/lexicon/calibration.yaml`.

    python tests/quality/calibrate.py [--out config/lexicon/calibration.yaml]

Reads every labelled set at hand. Per label and step of 0.05: the share of right reports, drawn towards the rules' own
value by as much as `PRIOR` articles, then made monotone (pool adjacent violators; Ayer and others 1955).
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import test_detection as sets
from report import batches

from pipeline.config.lexicon import load_lexicon
from pipeline.detect.reader import Reader
from pipeline.model import Label

PRIOR = 20.0
STEP = 0.05
ORDINARY = 10
"""What ordinary news raises counts so often: the labelled sets are half about agreements, a day's news is not."""

Pairs = list[tuple[float, bool]]


def fitted(pairs: Iterable[tuple[float, bool]]) -> list[tuple[float, float]]:
    """Points (value of the rules, share right), ascending in both."""
    counts: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for value, hit in pairs:
        bin_ = min(int(value / STEP + 1e-9), round(1 / STEP) - 1)
        counts[bin_][0] += 1
        counts[bin_][1] += hit
    pools: list[list[float]] = []  # sum of weights, weighted share, number of bins
    for bin_ in range(round(1 / STEP)):
        middle = (bin_ + 0.5) * STEP
        number, right = counts[bin_]
        weight = number + PRIOR
        pools.append([weight, (right + PRIOR * middle) / weight, 1])
        while len(pools) > 1 and pools[-2][1] > pools[-1][1]:
            last, before = pools.pop(), pools.pop()
            weight = last[0] + before[0]
            share = (last[0] * last[1] + before[0] * before[1]) / weight
            pools.append([weight, share, last[2] + before[2]])
    points, at = [], 0
    for _, share, width in pools:
        for _ in range(int(width)):
            points.append((round((at + 0.5) * STEP, 3), round(share, 3)))
            at += 1
    return points


def gathered(reader: Reader) -> dict[Label, Pairs]:
    """Per label what the rules said of each report, and whether the label was right."""
    found: dict[Label, Pairs] = {Label.AGREEMENT: [], Label.EXPLORATORY: []}
    for batch in batches(reader):
        for row, reading in zip(batch.rows, batch.readings, strict=True):
            if reading.reports:
                found[reading.label].append((reading.reports[0].confidence, row["label"] == reading.label.value))
    for reading in (reader.read(sets.article(row)) for row in sets.ordinary()):
        if reading.reports:
            found[reading.label] += [(reading.reports[0].confidence, False)] * ORDINARY
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=sets.ROOT / "config" / "lexicon" / "calibration.yaml")
    parser.add_argument("--date", default=datetime.now(UTC).date().isoformat())
    chosen = parser.parse_args()
    lexicon = load_lexicon(sets.ROOT / "config" / "lexicon")
    found = gathered(Reader(lexicon.uncalibrated()))
    told = ", ".join(f"{len(pairs)} {label.value}" for label, pairs in found.items())
    lines = [
        "# How often reports were right that the rules gave this value: [value of the rules, share right], ascending.",
        "# Written by `python tests/quality/calibrate.py`; between two points the map is straight.",
        f'version: "{chosen.date}"',
        f"reason: fitted to {told} reports of the labelled sets and of ordinary news, drawn towards the rules' own "
        f"value by {PRIOR:.0f} articles a step",
    ]
    for label, pairs in found.items():
        points = ", ".join(f"[{value:g}, {share:g}]" for value, share in fitted(pairs))
        lines.append(f"{label.value}: [{points}]")
    chosen.out.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
