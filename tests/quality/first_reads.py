"""How rules fared on articles that nobody had read when they were made: `first_reads.csv`, a report a line.

    python tests/quality/first_reads.py NAME LABELLED.jsonl SAID.jsonl >> tests/quality/first_reads.csv

SAID is what `kawat read LABELLED.jsonl --json` printed. Only a first reading may be kept: once errors of a set were
looked at, its figures flatter. Signs are the ids of `config/lexicon/weights.yaml`; what lowered the confidence beside
them is summed up as `doubts`.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from reliability import Said

from pipeline.detect.lexicon import Lexicon
from pipeline.detect.signs import SIGNS
from pipeline.model import Label

FILE = Path(__file__).with_suffix(".csv")
COLUMNS = ("set", "article", "label", "right", "signs", "doubts")
_REASON = re.compile(r"(.+) \(([+-][\d.]+)\)")


def first_reads(lexicon: Lexicon) -> dict[str, list[Said]]:
    """Per set the reports, with what today's weights make of their signs."""
    found: dict[str, list[Said]] = defaultdict(list)
    with FILE.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            worth = sum(lexicon.weights[sign] for sign in row["signs"].split())
            value = min(0.99, max(0.05, lexicon.start + worth + float(row["doubts"])))
            said = Said(label=Label(row["label"]), value=value, right=row["right"] == "yes")
            found[f"first reading of {row['set']}"].append(said)
    return dict(found)


def recorded(name: str, labelled: Iterable[str], said: Iterable[str]) -> Iterator[dict[str, str]]:
    """The rows of one set: what was said of each article that was called something."""
    right = {row["id"]: row["label"] for row in map(json.loads, labelled)}
    for row in map(json.loads, said):
        if row["agreement"] is None:
            continue
        signs, doubts = _signs(row["agreement"]["reasons"], Label(row["label"]))
        yield {
            "set": name,
            "article": row["id"],
            "label": row["label"],
            "right": "yes" if right[row["id"]] == row["label"] else "no",
            "signs": " ".join(signs),
            "doubts": f"{doubts:.2f}",
        }


def _signs(reasons: Iterable[str], label: Label) -> tuple[list[str], float]:
    signs, doubts = [], 0.0
    for reason in reasons:
        found = _REASON.fullmatch(reason)
        if found is None:
            continue  # what the map made of the sum
        ids = [sign for sign, words in SIGNS.items() if words == found[1]]
        if ids:
            signs.append(ids[0] if label is Label.AGREEMENT else ids[-1])
        else:
            doubts += float(found[2])
    return signs, doubts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name")
    parser.add_argument("labelled", type=Path)
    parser.add_argument("said", type=Path)
    asked = parser.parse_args()
    rows = recorded(
        asked.name, *(path.read_text(encoding="utf-8").splitlines() for path in (asked.labelled, asked.said))
    )
    csv.DictWriter(sys.stdout, COLUMNS, lineterminator="\n").writerows(rows)


if __name__ == "__main__":
    main()
