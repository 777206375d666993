"""Articles per second that detection reads on one core: ordinary news, and news that is all about agreements.

    python -m bench.detect [--news detik.csv] [--agreements articles.jsonl] [--lexicon-times 10]

Beside it, in the same run, spaCy's blank Indonesian pipeline with an entity ruler of the same lexicon (dependency group
`bench`): it finds names and decides nothing. Without spaCy the line says so.

Without files it reads our own test articles alone. `--lexicon-times` adds that many times the lexicon as made-up names,
to show that the size of the lexicon does not matter. Processor time, after one warm pass; the middle of five spans, and
the slowest and the fastest. Every article has the day of publication that its set prints: dates are read against it.
Garbage is looked for as seldom as in the command's own process (`kawat.__main__`).
"""

from __future__ import annotations

import argparse
import csv
import dataclasses
import gc
import json
import re
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

from kawat.__main__ import GARBAGE
from pipeline.config.lexicon import load_lexicon
from pipeline.detect.lexicon import Kind, Lexicon
from pipeline.detect.reader import Reader
from pipeline.extract.dates import read_date
from pipeline.model import Article

ROOT = Path(__file__).resolve().parents[1]
OWN = ROOT / "tests" / "quality" / "detection" / "articles.txt"
NOW = datetime(2026, 11, 21, tzinfo=UTC)
SPANS, SECONDS = 5, 0.6
SPACY_READS, SPACY_SECONDS = 400, 5.0
"""How much spaCy is given to read of each set: it takes long enough."""


def article(key: str, title: str, text: str, language: str, published: str = "") -> Article:
    return Article(
        key=key,
        outlet="bench",
        url="",
        canonical_url="",
        title=title,
        paragraphs=tuple(each.strip() for each in re.split(r"\n+", text) if each.strip()),
        headings=(),
        removed=(),
        credits=(),
        dateline="",
        authors=(),
        published=read_date(published, zone="Asia/Jakarta", now=NOW) if published else None,
        published_raw="",
        section="",
        language=language,
        steps=(),
        fetched_at=NOW,
        discovered_at=NOW,
    )


def own() -> list[Article]:
    blocks = re.split(r"(?m)^=== ", OWN.read_text(encoding="utf-8"))[1:]
    made = []
    for number, block in enumerate(blocks):
        head, _, body = block.partition("\n\n")
        told = dict(line.split(": ", 1) for line in head.split("\n") if ": " in line)
        made.append(article(str(number), told["title"], body, "und", told.get("published", "")))
    return made


def news(path: Path) -> list[Article]:
    csv.field_size_limit(10**7)
    with path.open(encoding="utf-8", newline="") as file:
        return [
            article(str(n), row["judul"], row["isi"], "id", row["tanggal"])
            for n, row in enumerate(csv.DictReader(file))
        ]


def labelled(path: Path) -> list[Article]:
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
    return [article(row["id"], row["title"] or "", row["text"], row["lang"], row["published"] or "") for row in rows]


def swollen(lexicon: Lexicon, times: int) -> Lexicon:
    """The lexicon with `times` as many names, made up."""
    extra = [
        dataclasses.replace(term, text=f"{term.text} zq{number}")
        for number in range(times - 1)
        for term in lexicon.terms
        if term.kind in (Kind.INSTITUTION, Kind.POST, Kind.COUNTRY, Kind.FIELD, Kind.ACT)
    ]
    return dataclasses.replace(lexicon, terms=(*lexicon.terms, *extra))


def rates(reader: Reader, articles: Sequence[Article]) -> list[float]:
    """Articles per second of processor time in each span, slowest first."""
    for each in articles:
        reader.read(each)
    found: list[float] = []
    for _ in range(SPANS):
        count, began = 0, time.process_time()
        while time.process_time() - began < SECONDS:
            for each in articles:
                reader.read(each)
            count += len(articles)
        found.append(count / (time.process_time() - began))
    return sorted(found)


def ruled(lexicon: Lexicon, articles: Sequence[Article]) -> float | None:
    """Articles per second of spaCy's blank Indonesian pipeline with an entity ruler of these terms; None without it."""
    try:
        spacy = import_module("spacy")
    except ImportError:
        return None
    pipeline = spacy.blank("id")
    ruler = pipeline.add_pipe("entity_ruler", config={"phrase_matcher_attr": "LOWER"})
    ruler.add_patterns([{"label": term.kind.upper(), "pattern": term.text} for term in lexicon.terms])
    few = [f"{each.title}\n\n{each.text}" for each in articles[:SPACY_READS]]
    pipeline(few[0])
    count, began = 0, time.process_time()
    while count < len(few) and (count < 5 or time.process_time() - began < SPACY_SECONDS):
        pipeline(few[count])
        count += 1
    return count / (time.process_time() - began)


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--news", type=Path)
    ask.add_argument("--agreements", type=Path)
    ask.add_argument("--lexicon-times", type=int, default=10)
    asked = ask.parse_args()
    sets = {"our own articles": own()}
    if asked.news:
        sets["ordinary news"] = news(asked.news)
    if asked.agreements:
        sets["about agreements"] = labelled(asked.agreements)
    gc.set_threshold(GARBAGE)
    lexicon = load_lexicon(ROOT / "config" / "lexicon")
    for times in (1, asked.lexicon_times):
        sized = swollen(lexicon, times) if times > 1 else lexicon
        began = time.process_time()
        reader = Reader(sized)
        built = time.process_time() - began
        print(f"lexicon x{times}: {len(sized.terms)} terms, compiled in {built:.2f} s")
        for name, articles in sets.items():
            size = sum(len(each.text) for each in articles) / len(articles)
            speed = rates(reader, articles)
            beside = ruled(sized, articles)
            told = "spaCy is not installed" if beside is None else f"spaCy's entity ruler {beside:.0f}"
            pace = f"{speed[SPANS // 2]:6.0f} per second ({speed[0]:.0f} to {speed[-1]:.0f})"
            print(f"  {name:18} {len(articles):5} articles of {size:5.0f} characters {pace}; {told}")


if __name__ == "__main__":
    main()
