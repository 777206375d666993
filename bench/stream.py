"""A long stream of articles, three in ten of them copies, through a store: landed, looked up, judged, committed.

    python -m bench.stream [--articles 100000]

Prints, ten times on the way, the processor time that finding copies took an article, the memory of the process and the
share of copies found; in the end, how both grew. Extraction and detection are left out (`bench.pipeline`): what grows
with history is here. Texts are made up in a process of its own, a few ahead. With TMPDIR on a disk in memory, waiting
for the disk is left out too; the times are processor time either way.
"""

from __future__ import annotations

import argparse
import math
import random
import resource
import shutil
import tempfile
import time
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from bench.texts import lexicon, story
from pipeline.dedupe import body, fingerprint
from pipeline.model import Article, Label, NearTo, Page, SameAs, WarcRecord, digest
from pipeline.past import verdict_on
from pipeline.store import Store
from pipeline.store.values import Outcome

START = datetime(2026, 1, 1, tzinfo=UTC)
COPIES = 0.3
RECENT = 20_000
"""A copy is made of one of so many articles before it."""

AHEAD, TOGETHER = 3, 100
"""How many lots of texts are made ahead, and how many texts are one lot."""

PACED = 20
"""How often the pace of the machine is taken in each tenth."""

Made = tuple[bool, tuple[str, ...]]  # whether it is a copy, and its paragraphs


def article(number: int, paragraphs: tuple[str, ...], at: datetime) -> Article:
    key = digest("stream", str(number), size=12)
    url = f"https://outlet{number % 40}.example/berita/{number}"
    return Article(
        key=key,
        outlet=f"outlet{number % 40}",
        url=url,
        canonical_url=url,
        title=f"Berita {number}",
        paragraphs=paragraphs,
        headings=(),
        removed=(),
        credits=(),
        dateline="",
        authors=(),
        published=None,
        published_raw="",
        section="",
        language="id",
        steps=(),
        fetched_at=at,
        discovered_at=at,
    )


def page(made: Article, number: int, at: datetime) -> Page:
    return Page(
        outlet=made.outlet,
        url=made.url,
        final_url=made.url,
        key=made.key,
        status=200,
        content_type="text/html",
        fetched_at=at,
        discovered_at=at,
        record=WarcRecord(file="stream.warc.gz", offset=number, length=1),
    )


def parted(words: list[str]) -> tuple[str, ...]:
    return tuple(" ".join(words[start : start + 45]) + "." for start in range(0, len(words), 45))


def copied(rng: random.Random, words: list[str], paragraphs: tuple[str, ...]) -> tuple[str, ...]:
    """Word for word, a word changed here and there, cut short, or a paragraph added."""
    kind = rng.randrange(4)
    if kind == 0:
        return paragraphs
    if kind == 1:
        return tuple(
            " ".join(rng.choice(words) if rng.random() < 0.04 and word.islower() else word for word in each.split())
            for each in paragraphs
        )
    if kind == 2:
        return paragraphs[: max(3, len(paragraphs) * 3 // 5)]
    return (*paragraphs, " ".join(rng.choice(words) for _ in range(30)) + ".")


def is_original(number: int) -> bool:
    return number == 0 or random.Random(number).random() >= COPIES


def copy_of(rng: random.Random, number: int) -> int | None:
    """The article that this one is a copy of; nothing is remembered, so that only the store can grow."""
    if is_original(number):
        return None
    while True:
        before = rng.randrange(max(0, number - RECENT), number)
        if is_original(before):
            return before


def original(words: list[str], number: int) -> tuple[str, ...]:
    rng = random.Random(f"story {number}")
    return parted(story(rng, words, rng.randint(150, 500)))


@cache
def vocabulary() -> list[str]:
    return lexicon(random.Random(20261121), 12_000)


def texts(start: int, size: int) -> list[Made]:
    """The articles of these numbers."""
    words = vocabulary()
    made: list[Made] = []
    for number in range(start, start + size):
        rng = random.Random(f"copy {number}")
        origin = copy_of(rng, number)
        if origin is None:
            made.append((False, original(words, number)))
        else:
            made.append((True, copied(rng, words, original(words, origin))))
    return made


def ahead(pool: ProcessPoolExecutor, wanted: int) -> Iterator[Made]:
    """All articles in order; no more than a few lots of them are held."""
    starts = iter(range(0, wanted, TOGETHER))
    waiting: deque[Future[list[Made]]] = deque()
    for start in starts:
        waiting.append(pool.submit(texts, start, min(TOGETHER, wanted - start)))
        if len(waiting) > AHEAD:
            yield from waiting.popleft().result()
    while waiting:
        yield from waiting.popleft().result()


def memory() -> float:
    """Resident megabytes of this process now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 1e6


def run(wanted: int) -> None:
    """Print everything."""
    folder = Path(tempfile.mkdtemp(prefix="kawat-bench-"))
    try:
        with Store.open(f"sqlite:///{folder}/kawat.db") as store, ProcessPoolExecutor(1) as pool:
            flow(store, wanted, pool)
    finally:
        shutil.rmtree(folder)


def flow(store: Store, wanted: int, pool: ProcessPoolExecutor) -> None:
    print(f"{wanted:,} articles through the store, {COPIES:.0%} of them copies")
    looked = committed = 0.0
    paced: list[float] = []
    planted = found = false = 0
    step = max(1, wanted // 10)
    judged: list[float] = []
    held: list[float] = []
    for number, (is_copy, paragraphs) in enumerate(ahead(pool, wanted)):
        at = START + timedelta(minutes=2 * number)
        made = article(number, paragraphs, at)
        start = time.process_time()
        print_ = fingerprint(made.key, body(made))
        verdict = verdict_on(store, made, print_)
        middle = time.process_time()
        looked += middle - start
        captured = page(made, number, at)
        store.inbox.land(captured)
        store.commit(
            Outcome(
                page=captured,
                result=made,
                url_key=made.key,
                stored_at=at,
                verdict=verdict,
                label=Label.OTHER,
                fingerprint=print_,
            )
        )
        committed += time.process_time() - middle
        hit = isinstance(verdict, SameAs | NearTo)
        planted += is_copy
        found += hit and is_copy
        false += hit and not is_copy
        if number % step % max(1, step // PACED) == 0:
            paced.append(pace())
        if (number + 1) % step == 0:
            print(
                f"  {number + 1:9,} stored: judged in {looked / step * 1e3:6.3f} ms an article, committed in "
                f"{committed / step * 1e3:5.2f} ms, memory {memory():5.0f} MB, found {found / max(1, planted):.4f}, "
                f"false {false}",
                flush=True,
            )
            judged.append(looked / step / (sum(paced) / len(paced)))
            held.append(memory())
            looked = committed = 0.0
            paced = []
    grown(judged, held)


def pace() -> float:
    """Seconds of processor time that the signature of one and the same text takes now: a shared machine is now faster,
    now slower, and what grows with history is to be told from that."""
    text = "\n".join(original(vocabulary(), 0))
    start = time.process_time()
    for _ in range(100):
        fingerprint("k", text)
    return (time.process_time() - start) / 100


def grown(judged: list[float], held: list[float]) -> None:
    """Print how the cost of a judgement, in signatures, and the memory grew from the first tenth to the last: where it
    grows with the logarithm of what is stored, each doubling adds the same."""
    steps = range(1, len(judged) + 1)
    logs = [math.log2(step) for step in steps]
    mean_log, mean_time = sum(logs) / len(logs), sum(judged) / len(judged)
    spread = sum((each - mean_log) ** 2 for each in logs) or 1.0
    slope = sum((log - mean_log) * (took - mean_time) for log, took in zip(logs, judged, strict=True)) / spread
    print(
        "  a judgement costs as much as so many signatures of one text: " + " ".join(f"{each:.1f}" for each in judged)
    )
    print(f"  each doubling of what is stored adds {slope:+.2f} to {mean_time:.1f} of them ({slope / mean_time:+.1%})")
    print(f"  memory {held[0]:.0f} MB after the first tenth, {held[-1]:.0f} MB after the last")


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    ask.add_argument("--articles", type=int, default=100_000)
    run(ask.parse_args().articles)


if __name__ == "__main__":
    main()
