"""Duplicate search against datasketch, on the same made-up texts in the same run.

    python -m bench.dedupe [--texts 2000]

Prints signatures per second of processor time (ours; datasketch `update_batch` over the same word shingles), the share
of planted copies found at each true resemblance, copies cut short, and false hits on bulletins of one frame and on
unrelated texts. Nothing outside the checkout is read.
"""

from __future__ import annotations

import argparse
import random
import re
import time
from collections import Counter, defaultdict
from collections.abc import Callable

from datasketch import MinHash

from pipeline.dedupe import Neighbour, fingerprint, likeness
from pipeline.dedupe.signature import shingles
from pipeline.dedupe.words import split
from pipeline.model import Fingerprint

LEVELS = (0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
PAIRS = 150
NEIGHBOURS = 32  # as many as the pipeline asks the store for, those that share most keys first
WORD = re.compile(r"\w+")


def lexicon(rng: random.Random, size: int) -> list[str]:
    return [
        "".join(rng.choice("aiueo" if n % 2 else "kmnprstlbdgjh") for n in range(rng.randint(3, 11)))
        for _ in range(size)
    ]


def story(rng: random.Random, words: list[str], length: int) -> list[str]:
    """A text with the word frequencies of prose: few words often, many seldom; every tenth a number or a name."""
    made = []
    for place in range(length):
        word = words[min(int(rng.paretovariate(0.7)) - 1, len(words) - 1)]
        if rng.random() < 0.06:
            word = str(rng.randint(1, 3000)) if rng.random() < 0.4 else word.capitalize()
        made.append(word + ("." if place % 15 == 14 else ""))
    return made


def resemblance(one: str, two: str) -> float:
    a, b = set(shingles(split(one)).tolist()), set(shingles(split(two)).tolist())
    return len(a & b) / len(a | b)


def edited(rng: random.Random, words: list[str], text: list[str], target: float) -> str:
    """A copy with ordinary words changed here and there until about `target` of the shingles are shared."""
    share = 1 - (2 * target / (1 + target)) ** (1 / 3)
    return " ".join(rng.choice(words) if rng.random() < share and word.islower() else word for word in text)


def quake(rng: random.Random, names: list[str]) -> str:
    place, other = rng.sample(names, 2)
    return (
        f"Gempa bermagnitudo {rng.randint(30, 69) / 10} mengguncang {place} pada tanggal {rng.randint(1, 28)}/2/2026 "
        f"pukul {rng.randint(0, 23):02}.{rng.randint(10, 59)} WIB. Pusat gempa berada di laut pada jarak "
        f"{rng.randint(5, 200)} km dari {place} dengan kedalaman {rng.randint(5, 300)} km. Getaran terasa di {other}. "
        "Belum ada laporan kerusakan maupun korban jiwa. Gempa ini tidak berpotensi menimbulkan gelombang tinggi. "
        "Warga diminta tetap tenang, memeriksa rumah, dan menghindari bangunan yang retak sampai ada kabar berikutnya."
    )


def price(rng: random.Random, names: list[str]) -> str:
    cost = rng.randint(1_400, 2_100)
    table = " ".join(f"Emas {size} gram seharga Rp {cost * size}.{rng.randint(100, 999)}." for size in (1, 2, 3, 5, 10))
    return (
        f"Harga emas batangan hari ini di {rng.choice(names)} tercatat Rp {cost}.000 per gram, berubah "
        f"Rp {rng.randint(1, 40)}.000 dari harga kemarin. Harga beli kembali dipatok Rp {cost - 120}.000 per gram. "
        f"Berikut daftar harga lengkap emas batangan, belum termasuk pajak. {table}"
    )


def score(rng: random.Random, names: list[str]) -> str:
    home, away, first, last = rng.sample(names, 4)
    return (
        f"Pertandingan pekan ke-{rng.randint(2, 34)} antara {home} dan {away} berakhir "
        f"{rng.randint(0, 5)}-{rng.randint(0, 5)}. "
        f"Gol pembuka dicetak {first} pada menit ke-{rng.randint(1, 45)} lewat tendangan keras dari luar kotak. "
        f"Pada babak kedua {last} menambah gol pada menit ke-{rng.randint(46, 90)} sebelum peluit panjang ditiup. "
        f"Dengan hasil itu {home} mengumpulkan {rng.randint(10, 60)} poin dan menempati peringkat {rng.randint(1, 18)}."
    )


def weather(rng: random.Random, names: list[str]) -> str:
    skies = ("cerah", "berawan", "hujan ringan", "hujan lebat", "udara kabur")
    rows = " ".join(
        f"Wilayah {name} diperkirakan {rng.choice(skies)} dengan suhu {rng.randint(20, 26)} sampai "
        f"{rng.randint(28, 36)} derajat."
        for name in rng.sample(names, 5)
    )
    return (
        f"Prakiraan cuaca untuk tanggal {rng.randint(1, 28)}/3/2026 menyebut langit berubah sepanjang hari di banyak "
        f"tempat. {rows} Masyarakat diminta membawa payung dan memantau kabar terbaru sebelum bepergian."
    )


class Index:
    """What the store does with lookup keys, in a dict."""

    def __init__(self) -> None:
        self.keys: dict[int, list[int]] = defaultdict(list)
        self.marks: list[Fingerprint] = []
        self.texts: list[str] = []

    def near(self, mark: Fingerprint, text: str | None) -> list[int]:
        shared = Counter(number for key in mark.bands for number in self.keys[key])
        hits = []
        for number, _ in shared.most_common(NEIGHBOURS):
            known = Neighbour(key=str(number), fingerprint=self.marks[number], text=self.texts[number])
            if likeness(mark, known.fingerprint, text, known.text if text is not None else None).near:
                hits.append(number)
        return hits

    def add(self, mark: Fingerprint, text: str) -> None:
        for key in mark.bands:
            self.keys[key].append(len(self.marks))
        self.marks.append(mark)
        self.texts.append(text)


def per_second(work: Callable[[], int]) -> float:
    best = 0.0
    for _ in range(3):
        start = time.process_time()
        done = work()
        best = max(best, done / (time.process_time() - start))
    return best


def peer(text: str, shared: MinHash) -> MinHash:
    """The usual way: words by a regular expression, shingles as strings, one batch per text."""
    words = WORD.findall(text.lower())
    made = shared.copy()
    made.update_batch([" ".join(words[n : n + 3]).encode() for n in range(len(words) - 2)])
    return made


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    ask.add_argument("--texts", type=int, default=1000)
    size = ask.parse_args().texts
    rng = random.Random(20261121)
    words = lexicon(rng, 12_000)
    names = [word.capitalize() for word in lexicon(rng, 60)]
    stories = [story(rng, words, rng.randint(200, 700)) for _ in range(size)]
    texts = [" ".join(made) for made in stories]
    mean = sum(map(len, texts)) / size / 1000

    fingerprint("warm", texts[0])
    ours = per_second(lambda: len([fingerprint("k", text) for text in texts]))
    blank = MinHash(num_perm=128, seed=1)
    sample = texts[: max(100, size // 4)]
    theirs = per_second(lambda: len([peer(text, blank) for text in sample]))
    print(f"signatures per second of processor time, {size} texts of {mean:.1f} kB")
    print(f"  ours (facts and lookup keys included)  {ours:8,.0f}")
    print(f"  datasketch update_batch                {theirs:8,.0f}   ours is {ours / theirs:.1f} times that")
    mark = fingerprint("k", texts[0])
    print(f"  a fingerprint holds {len(mark.signature) + 8 * len(mark.bands):,} bytes, {len(mark.bands)} lookup keys")

    index = Index()
    for text in texts:
        index.add(fingerprint("k", text), text)
    print(f"planted copies found ({PAIRS} a level; candidates, then accepted with texts, then without)")
    close = [0, 0, 0]
    for level in LEVELS:
        seen = found = blind = 0
        true = 0.0
        for number in range(PAIRS):
            copy = edited(rng, words, stories[number], level)
            alike = resemblance(texts[number], copy)
            true += alike
            mark = fingerprint("k", copy)
            here, there = number in index.near(mark, copy), number in index.near(mark, None)
            seen += bool(set(mark.bands) & set(index.marks[number].bands))
            found += here
            blind += there
            if alike >= 0.7:
                close = [close[0] + 1, close[1] + here, close[2] + there]
        row = "  ".join(f"{share / PAIRS:.3f}" for share in (seen, found, blind))
        print(f"  resemblance {true / PAIRS:.2f}   {row}")
    sure, blind_share = close[1] / close[0], close[2] / close[0]
    print(f"  of {close[0]} pairs at 0.70 and above {sure:.4f} with texts, {blind_share:.4f} without")
    for part in (0.5, 0.6, 0.75):
        seen = found = blind = 0
        for number in range(PAIRS):
            copy = " ".join(stories[number][: int(len(stories[number]) * part)])
            mark = fingerprint("k", copy)
            seen += bool(set(mark.bands) & set(index.marks[number].bands))
            found += number in index.near(mark, copy)
            blind += number in index.near(mark, None)
        print(f"  cut to {part:.0%}          {seen / PAIRS:.3f}  {found / PAIRS:.3f}  {blind / PAIRS:.3f}")

    unrelated = sum(len(index.near(mark, text)) - 1 for mark, text in zip(index.marks, index.texts, strict=True))
    print(f"false hits among {size} unrelated texts: {unrelated}")
    for kind in (quake, price, score, weather):
        bulletins = Index()
        with_texts = without = pairs = 0
        for _ in range(500):
            text = kind(rng, names)
            mark = fingerprint("k", text)
            pairs += min(NEIGHBOURS, len({number for key in mark.bands for number in bulletins.keys[key]}))
            with_texts += len(bulletins.near(mark, text))
            without += len(bulletins.near(mark, None))
            bulletins.add(mark, text)
        hits = f"{with_texts} false hits, {without} without texts"
        print(f"  500 bulletins ({kind.__name__}): {pairs:,} pairs looked at, {hits}")


if __name__ == "__main__":
    main()
