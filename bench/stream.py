"""A long stream of articles, three in ten of them copies, through a store: landed, looked up, judged, committed.

    python -m bench.stream [--articles 100000]

Prints, ten times on the way, the processor time that finding copies took an article, the memory of the process and the
share of copies found. Extraction and detection are left out (`bench.pipeline`): what grows with history is here.
"""

from __future__ import annotations

import argparse
import random
import resource
import shutil
import tempfile
import time
from datetime import UTC, datetime, timedelta
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


def memory() -> float:
    """Resident megabytes of this process now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 1e6


def run(wanted: int) -> None:
    """Print everything."""
    folder = Path(tempfile.mkdtemp(prefix="kawat-bench-"))
    try:
        with Store.open(f"sqlite:///{folder}/kawat.db") as store:
            flow(store, wanted)
    finally:
        shutil.rmtree(folder)


def flow(store: Store, wanted: int) -> None:
    words = lexicon(random.Random(20261121), 12_000)
    print(f"{wanted:,} articles through the store, {COPIES:.0%} of them copies")
    looked = committed = 0.0
    planted = found = false = 0
    step = max(1, wanted // 10)
    for number in range(wanted):
        at = START + timedelta(minutes=2 * number)
        rng = random.Random(f"copy {number}")
        origin = copy_of(rng, number)
        paragraphs = original(words, number) if origin is None else copied(rng, words, original(words, origin))
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
        planted += origin is not None
        found += hit and origin is not None
        false += hit and origin is None
        if (number + 1) % step == 0:
            print(
                f"  {number + 1:9,} stored: judged in {looked / step * 1e3:6.3f} ms an article, committed in "
                f"{committed / step * 1e3:5.2f} ms, memory {memory():5.0f} MB, found {found / max(1, planted):.4f}, "
                f"false {false}",
                flush=True,
            )
            looked = committed = 0.0


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    ask.add_argument("--articles", type=int, default=100_000)
    run(ask.parse_args().articles)


if __name__ == "__main__":
    main()
