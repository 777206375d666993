"""Made-up texts for the benchmarks of duplicate search: stories, edited copies, and bulletins of one frame."""

from __future__ import annotations

import random
from functools import lru_cache
from itertools import accumulate

from pipeline.dedupe.signature import shingles
from pipeline.dedupe.words import split


def lexicon(rng: random.Random, size: int) -> list[str]:
    return [
        "".join(rng.choice("aiueo" if n % 2 else "kmnprstlbdgjh") for n in range(rng.randint(3, 11)))
        for _ in range(size)
    ]


@lru_cache(maxsize=4)
def _weights(size: int) -> list[float]:
    return list(accumulate(1 / (rank + 2.7) for rank in range(size)))


def story(rng: random.Random, words: list[str], length: int) -> list[str]:
    """A text with the word frequencies of prose (Zipf and Mandelbrot); some words are numbers or names."""
    made = []
    for place, plain in enumerate(rng.choices(words, cum_weights=_weights(len(words)), k=length)):
        fact = rng.random() < 0.06
        word = str(rng.randint(1, 3000)) if fact and rng.random() < 0.4 else plain.capitalize() if fact else plain
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


BULLETINS = (quake, price, score, weather)
