"""Duplicate search beside datasketch and rensa, on the same made-up texts in one run.

    python -m bench.dedupe [--texts 1000] [--documents 1000000] [--stream 0]

Signatures per second of processor time, memory per document, planted copies found at each true resemblance, copies cut
short, false hits on unrelated texts and on 2,000 bulletins of four frames; then look-ups among many documents
(`bench.lookups`) and, with `--stream`, so many articles through a store (`bench.stream`). Nothing outside the checkout
is read. The peers get what their manuals show: words by a regular expression, shingles as strings, one batch a text,
their own index at a threshold of 0.6 and their own estimate at the same.
"""

from __future__ import annotations

import argparse
import random
import re
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable
from typing import Any, Protocol

from datasketch import MinHash, MinHashLSH
from rensa import RMinHash, RMinHashLSH

from bench import lookups, stream
from bench.texts import BULLETINS, edited, lexicon, resemblance, story
from pipeline.dedupe import Neighbour, fingerprint, likeness
from pipeline.dedupe.verdict import NEAR_RESEMBLANCE
from pipeline.model import Fingerprint

LEVELS = (0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
PAIRS = 150
NEIGHBOURS = 32  # as many as the pipeline asks the store for, those that share most keys first
WORD = re.compile(r"\w+")


def strings(text: str) -> list[str]:
    words = WORD.findall(text.lower())
    return [" ".join(words[n : n + 3]) for n in range(len(words) - 2)]


BLANK = MinHash(num_perm=128, seed=1)


def datasketch_mark(text: str) -> MinHash:
    made = BLANK.copy()
    made.update_batch([each.encode() for each in strings(text)])
    return made


def rensa_mark(text: str) -> Any:
    made = RMinHash(num_perm=128, seed=42)
    made.update(strings(text))
    return made


class Index(Protocol):
    """One way of finding copies; `near` gives the numbers of the texts that it takes for ones."""

    name: str

    def add(self, text: str) -> None: ...

    def near(self, text: str) -> list[int]: ...


class Ours:
    """What the store does with lookup keys, in a dict; `texts`: the stored texts are at hand for verification."""

    def __init__(self, *, texts: bool) -> None:
        self.name = "ours" if texts else "ours, texts gone"
        self.keys: dict[int, list[int]] = defaultdict(list)
        self.marks: list[Fingerprint] = []
        self.texts: list[str] | None = [] if texts else None

    def add(self, text: str) -> None:
        mark = fingerprint("k", text)
        for key in mark.bands:
            self.keys[key].append(len(self.marks))
        self.marks.append(mark)
        if self.texts is not None:
            self.texts.append(text)

    def near(self, text: str) -> list[int]:
        mark = fingerprint("k", text)
        shared = Counter(number for key in mark.bands for number in self.keys[key])
        hits = []
        for number, _ in shared.most_common(NEIGHBOURS):
            stored = self.texts[number] if self.texts is not None else None
            known = Neighbour(key=str(number), fingerprint=self.marks[number], text=stored)
            if likeness(mark, known.fingerprint, text if stored is not None else None, stored).near:
                hits.append(number)
        return hits


class Peer:
    """The index of a peer, its candidates held to its own estimate."""

    def __init__(self, name: str, index: Any, mark: Callable[[str], Any]) -> None:
        self.name, self.index, self.mark = name, index, mark
        self.marks: list[Any] = []

    def add(self, text: str) -> None:
        made = self.mark(text)
        self.index.insert(len(self.marks), made)
        self.marks.append(made)

    def near(self, text: str) -> list[int]:
        made = self.mark(text)
        found: list[int] = self.index.query(made)
        return [number for number in found if made.jaccard(self.marks[number]) >= NEAR_RESEMBLANCE]


def indexes() -> list[Index]:
    return [
        Ours(texts=True),
        Ours(texts=False),
        Peer("datasketch", MinHashLSH(threshold=NEAR_RESEMBLANCE, num_perm=128), datasketch_mark),
        Peer("rensa", RMinHashLSH(NEAR_RESEMBLANCE, 128, 32), rensa_mark),
    ]


def per_second(work: Callable[[str], Hashable | Any], texts: list[str]) -> float:
    best = 0.0
    for _ in range(5):
        start = time.process_time()
        for text in texts:
            work(text)
        best = max(best, len(texts) / (time.process_time() - start))
    return best


def signatures(texts: list[str]) -> None:
    mean = sum(map(len, texts)) / len(texts) / 1000
    sample = texts[: max(100, len(texts) // 4)]
    ready = {text: [each.encode() for each in strings(text)] for text in sample}

    def alone(text: str) -> None:
        BLANK.copy().update_batch(ready[text])

    ours = per_second(lambda text: fingerprint("k", text), texts)
    print(f"signatures per second of processor time, {len(texts)} texts of {mean:.1f} kB")
    print(f"  ours, text to fingerprint with facts and lookup keys  {ours:9,.0f}")
    rows = (
        ("datasketch, text to update_batch", per_second(datasketch_mark, sample)),
        ("datasketch, update_batch alone on ready shingles", per_second(alone, sample)),
        ("rensa (compiled), text to RMinHash", per_second(rensa_mark, sample)),
    )
    for name, theirs in rows:
        print(f"  {name:52s}  {theirs:9,.0f}   ours is {ours / theirs:.2f} times that")
    mark = fingerprint("k", texts[0])
    size = len(mark.signature) + 4 * len(mark.bands)
    print(f"  a signature holds {size:,} bytes with keys and facts (ours), 1,024 (datasketch), 512 (rensa)")


def planted(rng: random.Random, words: list[str], stories: list[list[str]], texts: list[str]) -> None:
    known = indexes()
    for index in known:
        for text in texts:
            index.add(text)
    names = "".join(f"{index.name:>18s}" for index in known)
    print(f"share of planted copies found, {PAIRS} a level\n                  {names}")
    close = [0] * len(known)
    pairs = 0
    for level in LEVELS:
        found, true = [0] * len(known), 0.0
        for number in range(PAIRS):
            copy = edited(rng, words, stories[number], level)
            alike = resemblance(texts[number], copy)
            true += alike
            pairs += alike >= 0.7
            for at, index in enumerate(known):
                hit = number in index.near(copy)
                found[at] += hit
                close[at] += hit and alike >= 0.7
        print(f"  resemblance {true / PAIRS:.2f}" + "".join(f"{share / PAIRS:18.3f}" for share in found))
    print(f"  of {pairs:4d} >= 0.70  " + "".join(f"{share / pairs:18.4f}" for share in close))
    for part in (0.35, 0.5, 0.75):
        cut = [" ".join(stories[number][: int(len(stories[number]) * part)]) for number in range(PAIRS)]
        shares = [sum(number in index.near(copy) for number, copy in enumerate(cut)) / PAIRS for index in known]
        print(f"  cut to {part:4.0%}      " + "".join(f"{share:18.3f}" for share in shares))
    false = [sum(len(index.near(text)) - 1 for text in texts) for index in known]
    print("  false, unrelated " + "".join(f"{number:18,d}" for number in false))


def bulletins(rng: random.Random, names: list[str]) -> None:
    print("false hits, each of 500 bulletins of one frame against those before it")
    for kind in BULLETINS:
        known, hits = indexes(), [0] * 4
        for _ in range(500):
            text = kind(rng, names)
            for at, index in enumerate(known):
                hits[at] += len(index.near(text))
                index.add(text)
        print(f"  {kind.__name__:17s}" + "".join(f"{number:18,d}" for number in hits))


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    ask.add_argument("--texts", type=int, default=1000, help="stories made up")
    ask.add_argument("--documents", type=int, default=1_000_000, help="documents looked up among; 0: not")
    ask.add_argument("--peers", type=int, default=100_000, help="documents in the indexes of the peers")
    ask.add_argument("--stream", type=int, default=0, help="articles through a store; 0: none")
    wanted = ask.parse_args()
    rng = random.Random(20261121)
    words = lexicon(rng, 12_000)
    names = [word.capitalize() for word in lexicon(rng, 60)]
    stories = [story(rng, words, rng.randint(200, 700)) for _ in range(wanted.texts)]
    texts = [" ".join(made) for made in stories]
    signatures(texts)
    planted(rng, words, stories, texts)
    bulletins(rng, names)
    if wanted.documents:
        lookups.run(wanted.documents, wanted.peers)
    if wanted.stream:
        stream.run(wanted.stream)


if __name__ == "__main__":
    main()
