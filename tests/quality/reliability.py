"""How far the confidence can be trusted: the map from what the rules add up to, judged on what it did not see.

Each set is judged by a map that was fitted to all the others, so that no report speaks for itself. A map that is no
better there than the rules' own value (mean squared error, Brier 1950) is not worth having.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.detect.lexicon import Lexicon
from pipeline.model import Label

PRIOR = 20.0
"""Articles by which each step is drawn towards the rules' own value."""
STEP = 0.05
ORDINARY = 10
"""What ordinary news raises counts so often: the labelled sets are half about agreements, a day's news is not."""
LABELS = (Label.AGREEMENT, Label.EXPLORATORY)
Points = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One report: its label, what the rules added up to, whether the label was right, and how often it counts."""

    label: Label
    value: float
    right: bool
    weight: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A report with the confidence that a map gave it which had not seen its set."""

    said: Said
    confidence: float


def fitted(said: Iterable[Said]) -> Points:
    """Points (value of the rules, share right), ascending in both: shares per step, drawn towards the rules' own value,
    made monotone (pool adjacent violators; Ayer and others 1955)."""
    counts: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for each in said:
        bin_ = min(int(each.value / STEP + 1e-9), round(1 / STEP) - 1)
        counts[bin_][0] += each.weight
        counts[bin_][1] += each.weight * each.right
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
    return tuple(points)


def fit(said: Sequence[Said]) -> dict[Label, Points]:
    """The map of each label."""
    return {label: fitted(each for each in said if each.label is label) for label in LABELS}


def crossed(sets: Mapping[str, Sequence[Said]], lexicon: Lexicon) -> dict[str, list[Judged]]:
    """Each set's reports, with the confidence of a map fitted to the other sets."""
    result: dict[str, list[Judged]] = {}
    for name, reports in sets.items():
        others = [each for other, said in sets.items() if other != name for each in said]
        mapped = replace(lexicon, calibration=fit(others))
        result[name] = [Judged(said=each, confidence=mapped.calibrated(each.label, each.value)) for each in reports]
    return result


def brier(judged: Iterable[Judged], label: Label) -> tuple[float, float, int]:
    """Mean squared error of the rules' own value and of the map, and the number of reports."""
    listed = [each for each in judged if each.said.label is label for _ in range(each.said.weight)]
    if not listed:
        return 0.0, 0.0, 0
    own = sum((each.said.value - each.said.right) ** 2 for each in listed) / len(listed)
    mapped = sum((each.confidence - each.said.right) ** 2 for each in listed) / len(listed)
    return own, mapped, len(listed)
