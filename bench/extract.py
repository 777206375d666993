"""Clean text out of whole pages: ours beside the field, over the same pages, in one run, on one core.

Every tool runs in a process of its own, pinned to one core and set up as the pipeline sets up the process that reads
pages, over pages that are already in memory (decoded, but for ours, which finds the encoding itself), after five pages
of warm-up; times are processor time. The tools take turns, a round each, so that all meet the same machine; in the
column `ours` stands how many times as long a tool took as ours, the middle of the rounds. `ours` is the whole of
extraction and cleaning; the others give the text alone, but for `trafilatura-precision-metadata`. Texts are compared as
bags of words with what people marked as the article: per page the overlap, then precision and recall as means over the
pages and F1 of those means, beside it the mean of the pages' own F1. The pages are halved by a hash of their name:
thresholds are chosen on the half called `set`, `held` is only reported.

    python bench/extract.py [--pages FOLDER] [--rounds 3] [--tools ours,trafilatura-precision]
    python bench/extract.py --soak 20000      memory of one process over that many pages of ours

FOLDER holds `<id>.html` or `<id>.html.gz` and `truth.json` ({id: {"articleBody": text}}) or one `<id>.json` each.
"""

from __future__ import annotations

import argparse
import gc
import gzip
import hashlib
import json
import os
import re
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[0] = str(ROOT)  # this file is named like the package it measures

from pipeline.reading import surroundings

WARM_UP = 5
LONGEST = 60.0
"""Seconds that a tool has had from which on it gets no further round."""

WORD = re.compile(r"\w+")
Reader = Callable[[Any], str]


def ours() -> Reader:
    """Extraction and cleaning, as the pipeline runs them; what it refuses is no text."""
    return _ours(whole=True)


def ours_extract() -> Reader:
    """Extraction alone: what it hands to cleaning, without captions."""
    return _ours(whole=False)


def _ours(*, whole: bool) -> Reader:
    from kawat.shipped import defaults
    from pipeline.clean import clean
    from pipeline.config.cleaning import load_cleaning
    from pipeline.threads import unknown_outlet
    from pipeline.extract import Budget, extract
    from pipeline.model import BlockKind, Page, Reject, WarcRecord

    cleaning = load_cleaning(defaults() / "cleaning.yaml")
    now = datetime(2026, 11, 21, tzinfo=UTC)
    url = "https://www.paper.example/news/story"
    outlet = unknown_outlet("given", "https://www.paper.example")
    page = Page(
        outlet="given", url=url, final_url=url, key="k", status=200, content_type="text/html; charset=utf-8",
        fetched_at=now, discovered_at=now, record=WarcRecord(file="bench", offset=0, length=1),
    )  # fmt: skip

    def read(body: bytes) -> str:
        extracted = extract(body, page, outlet, budget=Budget.of(5.0, time.process_time))
        if isinstance(extracted, Reject):
            return ""
        if not whole:
            return "\n".join(block.text for block in extracted.blocks if block.kind is not BlockKind.CAPTION)
        article = clean(extracted, cleaning, key="k", url=url, outlet=outlet, fetched_at=now, discovered_at=now)
        return "" if isinstance(article, Reject) else article.text

    return read


def trafilatura_with(**options: Any) -> Reader:
    import trafilatura

    return lambda html: trafilatura.extract(html, include_comments=False, **options) or ""


def trafilatura_whole() -> Reader:
    """Beside the text what its pages tell of themselves, the date among it, as a pipeline needs them. Ours finds the
    encoding and the language and cuts line by line within its time, too."""
    import trafilatura
    from trafilatura.settings import Document

    def read(html: str) -> str:
        found = trafilatura.bare_extraction(html, include_comments=False, favor_precision=True, with_metadata=True)
        return found.text or "" if isinstance(found, Document) else ""

    return read


def resiliparse() -> Reader:
    from resiliparse.extract.html2text import extract_plain_text

    return lambda html: extract_plain_text(html, main_content=True, comments=False, alt_texts=False)


def readability() -> Reader:
    from lxml import html as markup
    from readability import Document

    def read(html: str) -> str:
        found = Document(html).summary(html_partial=True)
        return "\n".join(markup.fromstring(found).itertext())

    return read


def newspaper() -> Reader:
    from newspaper import Article

    def read(html: str) -> str:
        # other languages ask for further packages; images it would fetch from the network while it parses
        article = Article("https://www.paper.example/news/story", language="en", fetch_images=False)
        article.download(input_html=html)
        article.parse()
        return article.text or ""

    return read


FROM_BYTES = frozenset({"ours", "ours-extract-only"})
"""Tools that read the stored bytes and find their encoding within the time measured; the others are given text."""

TOOLS: dict[str, Callable[[], Reader]] = {
    "ours": ours,
    "ours-extract-only": ours_extract,
    "trafilatura": trafilatura_with,
    "trafilatura-fast": lambda: trafilatura_with(fast=True),
    "trafilatura-precision": lambda: trafilatura_with(favor_precision=True),
    "trafilatura-precision-metadata": trafilatura_whole,
    "resiliparse": resiliparse,
    "readability-lxml": readability,
    "newspaper4k": newspaper,
}


def load(folder: Path) -> list[tuple[str, str, str]]:
    """Name, HTML and true text of every page, by name."""
    told = json.loads((folder / "truth.json").read_text("utf-8")) if (folder / "truth.json").exists() else {}
    pages = []
    for path in sorted(folder.glob("*.html*")):
        name = path.name.partition(".")[0]
        raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        beside = path.parent / f"{name}.json"
        truth = told.get(name) or (json.loads(beside.read_text("utf-8")) if beside.exists() else None)
        if truth and truth.get("articleBody"):
            pages.append((name, raw.decode("utf-8", "replace"), truth["articleBody"]))
    return pages


def half(name: str) -> str:
    """The half that a page is in, by hash of its name."""
    return "held" if hashlib.sha256(name.encode()).digest()[0] % 2 else "set"


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """One page: share of what was said that is true, share of what is true that was said."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def score(said: str, true: str) -> Score:
    """The overlap of two texts as bags of words."""
    mine, want = Counter(WORD.findall(said)), Counter(WORD.findall(true))
    hit = (mine & want).total()
    return Score(
        precision=hit / mine.total() if mine else float(not want),
        recall=hit / want.total() if want else float(not mine),
    )


def resident(field: str) -> float:
    """A figure of this process in MB: `VmHWM` is the peak, `VmRSS` what it holds now."""
    line = next(each for each in Path("/proc/self/status").read_text().splitlines() if each.startswith(field))
    return int(line.split()[1]) / 1024


def child(tool: str, folder: Path) -> None:
    """What runs in a tool's own process: one round over the pages for each line that it is sent, told as a JSON object;
    at the end the texts and the peak of memory."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    read = TOOLS[tool]()
    pages = [html.encode() if tool in FROM_BYTES else html for _, html, _ in load(folder)]
    gc.collect()
    gc.freeze()
    for page in pages[:WARM_UP]:
        read(page)
    texts: list[str] = []
    for _ in sys.stdin:
        texts, each = [], []
        for page in pages:
            begun = time.process_time()
            texts.append(read(page))
            each.append(time.process_time() - begun)
        print(json.dumps(each), flush=True)
    print(json.dumps({"texts": texts, "peak": resident("VmHWM")}))


class Running:
    """A tool in its own process; `rounds` are the seconds that each page took, round by round."""

    def __init__(self, tool: str, folder: Path) -> None:
        order = [sys.executable, str(ROOT / "bench" / "extract.py"), "--child", tool, "--pages", str(folder)]
        self._process = subprocess.Popen(
            order, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=surroundings()
        )
        self.rounds: list[list[float]] = []

    def turn(self) -> None:
        """One more round, unless the tool has ended or had its time."""
        if self._process.poll() is not None or sum(map(sum, self.rounds)) > LONGEST:
            return
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        if told := self._process.stdout.readline():
            self.rounds.append(json.loads(told))

    def end(self) -> dict[str, Any]:
        """The texts and the peak of memory, or the error that ended the tool."""
        told, wrong = self._process.communicate()
        if self._process.returncode:
            return {"error": wrong.strip().rpartition("\n")[2][:120]}
        found: dict[str, Any] = json.loads(told)
        return found


def report(pages: list[tuple[str, str, str]], folder: Path, tools: list[str], rounds: int) -> Iterator[str]:
    weight = sum(len(html) for _, html, _ in pages) / len(pages) / 1000
    parts = ("all", "set", "held")
    halves = {part: [n for n, page in enumerate(pages) if part in {"all", half(page[0])}] for part in parts}
    yield f"{len(pages)} pages of {weight:.0f} kB: {len(halves['set'])} to set by, {len(halves['held'])} held out"
    yield (
        f"{'tool':31} {'pages/s':>8} {'ours':>5} {'text':>5} {'p50 ms':>7} {'p95':>7} {'max':>7} {'MB':>5}   "
        f"{'P':>6} {'R':>6} {'F1':>6} {'mean F1':>7} {'<.5':>4} | F1: {'set':>6} {'held':>6}"
    )
    running = {tool: Running(tool, folder) for tool in tools}
    for _ in range(rounds):
        for tool in tools:
            running[tool].turn()
    ours, text = (running[tool].rounds if tool in running else [] for tool in ("ours", "ours-extract-only"))
    for tool in tools:
        found = running[tool].end()
        if "error" in found:
            yield f"{tool:31} not measured: {found['error']}"
            continue
        scores = [score(text, page[2]) for text, page in zip(found["texts"], pages, strict=True)]

        def means(part: str, scores: list[Score] = scores) -> Score:
            chosen = [scores[n] for n in halves[part]]
            if not chosen:
                return Score(precision=0.0, recall=0.0)
            return Score(
                precision=statistics.fmean(s.precision for s in chosen),
                recall=statistics.fmean(s.recall for s in chosen),
            )

        spent = [sum(each) for each in running[tool].rounds]
        every, ranked = means("all"), sorted(each * 1000 for each in running[tool].rounds[-1])
        yield (
            f"{tool:31} {len(pages) / statistics.median(spent):8.1f} "
            f"{_times(spent, ours):4.1f}x {_times(spent, text):4.1f}x {statistics.median(ranked):7.2f} "
            f"{ranked[int(0.95 * (len(ranked) - 1))]:7.2f} {ranked[-1]:7.1f} {found['peak']:5.0f}   "
            f"{every.precision:6.4f} {every.recall:6.4f} {every.f1:6.4f} {statistics.fmean(s.f1 for s in scores):7.4f} "
            f"{sum(s.f1 < 0.5 for s in scores):4} |     {means('set').f1:6.4f} {means('held').f1:6.4f}"
        )


def _times(spent: list[float], base: list[list[float]]) -> float:
    """How many times as long as the base a tool took: the middle of the rounds, 0 where either was not run."""
    return statistics.median([each / sum(own) for each, own in zip(spent, base, strict=False)] or [0.0])


def soak(folder: Path, count: int) -> Iterator[str]:
    """Resident memory of one process over `count` pages of ours; the same page must read the same at the end."""
    pages = [html.encode() for _, html, _ in load(folder)]
    read = ours()
    first = [read(page) for page in pages]
    for done in range(1, count + 1):
        read(pages[done % len(pages)])
        if done % max(1, count // 10) == 0:
            yield f"{done:8} pages  {resident('VmRSS'):7.1f} MB"
    same = first == [read(page) for page in pages]
    yield f"the same texts at the end as at the beginning: {'yes' if same else 'NO'}"


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--pages", type=Path, default=ROOT.parent / "shared" / "pages" / "news")
    ask.add_argument("--rounds", type=int, default=3)
    ask.add_argument("--tools", default=",".join(TOOLS))
    ask.add_argument("--soak", type=int, default=0)
    ask.add_argument("--child", default="", help=argparse.SUPPRESS)
    asked = ask.parse_args()
    if not asked.pages.is_dir():
        print(f"{asked.pages}: not there, skipped")
        return
    if asked.child:
        child(asked.child, asked.pages)
        return
    lines = (
        soak(asked.pages, asked.soak)
        if asked.soak
        else report(load(asked.pages), asked.pages, asked.tools.split(","), asked.rounds)
    )
    for line in lines:
        print(line, flush=True)


if __name__ == "__main__":
    main()
