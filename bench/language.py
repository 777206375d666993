"""Telling languages apart: how often right, and what an article takes, on one core.

Read are our own short texts (`bench/languages.txt`), whole and cut to the length of a headline, and where they stand
beside the checkout the headlines and leads of ordinary Indonesian articles. Time is that of a whole article's lead, as
the pipeline gives it.

    python bench/language.py [--rounds 200]
"""

from __future__ import annotations

import argparse
import csv
import statistics
import sys
import time
from collections import Counter
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parents[1])

from pipeline.extract.language import language_of

HERE = Path(__file__).parent
SHARED = HERE.parents[1] / "shared" / "texts" / "detik-2026.csv"
GOAL = 0.1
"""Milliseconds that one article may take."""

HEADLINE, LEAD = 60, 200
"""Characters of a text cut to a headline's and a lead's length."""


def texts() -> list[tuple[str, str]]:
    """Language and text of each line."""
    lines = (HERE / "languages.txt").read_text("utf-8").splitlines()
    return [(line[:2], line[5:]) for line in lines if not line.startswith("#")]


def report(name: str, rows: list[tuple[str, str]]) -> None:
    wrong = Counter(f"{lang} as {said}" for lang, text in rows if (said := language_of(text)) != lang)
    print(f"{name:42} {len(rows):5} texts  right {1 - wrong.total() / len(rows):.4f}  {dict(wrong.most_common(6))}")


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--rounds", type=int, default=200)
    asked = ask.parse_args()
    ours = texts()
    for name, group in {
        "Indonesian, Malay, English": {"id", "ms", "en"},
        "others": {lang for lang, _ in ours} - {"id", "ms", "en"},
    }.items():
        rows = [(lang, text) for lang, text in ours if lang in group]
        report(name, rows)
        report(f"{name}, cut to {HEADLINE}", [(lang, text[:HEADLINE]) for lang, text in rows])
    articles = [text * 40 for _, text in ours]
    if SHARED.is_file():
        with SHARED.open(encoding="utf-8", newline="") as file:
            stored = list(csv.DictReader(file))
        report("ordinary Indonesian headlines", [("id", row["judul"]) for row in stored])
        report(f"ordinary Indonesian leads, cut to {LEAD}", [("id", row["isi"][:LEAD]) for row in stored])
        articles = [row["isi"] for row in stored]
    rounds = []
    for _ in range(max(1, asked.rounds * 60 // len(articles))):
        begun = time.process_time()
        for text in articles:
            language_of(text)
        rounds.append((time.process_time() - begun) / len(articles) * 1000)
    spent = statistics.median(rounds)
    print(f"{spent:.4f} ms an article (goal {GOAL}): {'kept' if spent <= GOAL else 'MISSED'}")
    sys.exit(0 if spent <= GOAL else 1)


if __name__ == "__main__":
    main()
