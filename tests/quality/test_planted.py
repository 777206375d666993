"""A hundred and more copies planted in our own texts, as papers make them: edited, cut, extended, re-credited, spun.

Every text and every copy is a decoy for all others; follow-ups that open with their own news and tell the old story
again are no copies. `python tests/quality/test_planted.py` prints precision and recall of each kind.
"""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

import pytest

from pipeline.dedupe import body, fingerprint
from pipeline.model import Article, Label, NearTo, Page, SameAs, WarcRecord
from pipeline.past import verdict_on
from pipeline.store import Store
from pipeline.store.values import Outcome

NOW = datetime(2026, 11, 21, tzinfo=UTC)
TEXTS = Path(__file__).parent / "detection"
MIN_TEXT, MOST = 150, 40  # words that a story has at least, and how many stories

FLOORS = {"edited": 1.0, "cut": 1.0, "extended": 1.0, "re-credited": 1.0, "spun": 0.95}
"""Least recall of each kind of copy with the stored texts at hand; precision is held to 1."""

BLIND = {"edited": 1.0, "cut": 1.0, "extended": 1.0, "re-credited": 1.0, "spun": 0.9}
"""The same by fingerprints alone, as for seeds and for what was read more than thirty days ago."""

LIGHT = {"kata": "ujar", "akan": "bakal", "tidak": "tak", "untuk": "guna", "juga": "pula", "said": "stated"}
LIGHT |= {"will": "would", "also": "further", "under": "in", "both": "the two"}
SPUN = LIGHT | {
    "dan": "serta",
    "dengan": "bersama",
    "pada": "di",
    "oleh": "dari",
    "dalam": "di dalam",
    "setelah": "seusai",
}
SPUN |= {"bertemu": "berjumpa", "menyebut": "menyatakan", "kedua": "dua", "pihak": "belah pihak", "sejak": "mulai"}
SPUN |= {"and": "as well as", "on": "this", "which": "that", "each": "every", "after": "following", "for": "over"}


@dataclass(frozen=True, slots=True)
class Text:
    title: str
    paragraphs: tuple[str, ...]


@lru_cache(maxsize=1)
def texts() -> tuple[Text, ...]:
    """Stories of the length that papers print: each of as many of the short texts as it takes, one after the other."""
    found: list[Text] = []
    title, parts = "", list[str]()
    for path in sorted(TEXTS.glob("*.txt")):
        for entry in re.split(r"(?m)^=== .*$", path.read_text(encoding="utf-8")):
            head = re.search(r"(?m)^title: (.+)$", entry)
            title = title or (head.group(1) if head else "")
            parts += [part.strip() for part in entry.split("\n\n")[1:] if part.strip()]
            if len(" ".join(parts).split()) >= MIN_TEXT:
                found.append(Text(title, tuple(parts)))
                title, parts = "", []
    return tuple(found[:MOST])


def swapped(parts: tuple[str, ...], words: dict[str, str], share: float, rng: random.Random) -> tuple[str, ...]:
    return tuple(
        " ".join(words.get(word, word) if rng.random() < share else word for word in part.split()) for part in parts
    )


def edited(text: Text, rng: random.Random) -> Text:
    return Text(text.title + " Hari Ini", swapped(text.paragraphs, LIGHT, 0.8, rng))


def cut(text: Text, rng: random.Random) -> Text:
    keep = max(2, round(len(text.paragraphs) * rng.uniform(0.5, 0.8)))
    return Text(text.title, text.paragraphs[:keep])


def extended(text: Text, rng: random.Random) -> Text:
    more = (
        "Redaksi menambahkan bahwa keterangan lebih lengkap akan dimuat pada kesempatan lain setelah kantor menjawab.",
        "Our correspondents in both capitals contributed to this story, which will be updated as details come in.",
    )
    at = rng.randint(1, len(text.paragraphs))
    return Text(text.title, (*text.paragraphs[:at], rng.choice(more), *text.paragraphs[at:]))


def recredited(text: Text, rng: random.Random) -> Text:
    first = re.sub(r"^[A-Z .,]{3,30} [-–] ", "", text.paragraphs[0])
    city = rng.choice(("PONTIANAK", "MEDAN", "AMBON"))
    last = f"{text.paragraphs[-1]} (ant/{rng.choice(('rd', 'wk', 'sb'))})"
    return Text(f"Kabar Baru: {text.title}", (f"{city}, KabarKita.example - {first}", *text.paragraphs[1:-1], last))


def spun(text: Text, rng: random.Random) -> Text:
    return Text(text.title.upper(), swapped(text.paragraphs, SPUN, 0.5, rng))


KINDS: dict[str, Callable[[Text, random.Random], Text]] = {
    "edited": edited,
    "cut": cut,
    "extended": extended,
    "re-credited": recredited,
    "spun": spun,
}


def follow_up(text: Text, number: int) -> Text:
    fresh = (
        f"Tim teknis gelombang ke-{number} mulai bekerja di lapangan hari ini, dua pekan lebih cepat daripada jadwal "
        "yang diumumkan, kata juru bicara panitia yang menunggu kedatangan alat pertama di pelabuhan sejak subuh tadi.",
        f"Sebanyak {number + 20} petugas dari tiga daerah dilatih selama sepekan sebelum alat itu dinyalakan, dan "
        "warga sekitar diundang melihat cara kerjanya agar tidak terkejut ketika sirene uji coba dibunyikan nanti.",
    )
    return Text("Tim Teknis Mulai Bekerja", (*fresh, *text.paragraphs[:3]))


def article(key: str, text: Text) -> Article:
    url = f"https://koran.example/{key}"
    return Article(
        key=key,
        outlet="koran",
        url=url,
        canonical_url=url,
        title=text.title,
        paragraphs=text.paragraphs,
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
        fetched_at=NOW,
        discovered_at=NOW,
    )


class Desk:
    """A store in memory that reads and keeps articles; without `texts` only their fingerprints."""

    def __init__(self, *, keep: bool) -> None:
        self.store, self.keep, self.number = Store.open("sqlite://"), keep, 0

    def said(self, key: str, text: Text) -> str | None:
        """The key of what this is a copy of; None where it is new. It is kept."""
        made = article(key, text)
        print_ = fingerprint(key, body(made))
        verdict = verdict_on(self.store, made, print_)
        if self.keep:
            self.number += 1
            record = WarcRecord(file="f", offset=self.number, length=1)
            page = Page(
                outlet=made.outlet,
                url=made.url,
                final_url=made.url,
                key=key,
                status=200,
                content_type="text/html",
                fetched_at=NOW,
                discovered_at=NOW,
                record=record,
            )
            self.store.inbox.land(page)
            outcome = Outcome(page=page, result=made, url_key=key, stored_at=NOW, verdict=verdict, label=Label.OTHER)
            self.store.commit(outcome)
        self.store.fingerprints.put([print_], NOW)
        return verdict.key if isinstance(verdict, SameAs | NearTo) else None


@dataclass(frozen=True, slots=True)
class Score:
    planted: int
    found: int
    false: int

    @property
    def recall(self) -> float:
        return self.found / self.planted

    @property
    def precision(self) -> float:
        return self.found / (self.found + self.false) if self.found + self.false else 1.0


def scores(*, keep: bool) -> dict[str, Score]:
    """Of each kind of copy, and of follow-ups, which are none."""
    made = {}
    for kind, make in KINDS.items():
        rng, desk = random.Random(f"planted {kind}"), Desk(keep=keep)
        false = sum(desk.said(f"{number}", text) is not None for number, text in enumerate(texts()))
        planted = found = 0
        for number, text in enumerate(texts()):
            copy = make(text, rng)
            if len(" ".join(copy.paragraphs).split()) < 42 or copy.paragraphs == text.paragraphs:
                continue
            planted += 1
            said = desk.said(f"{kind}-{number}", copy)
            found += said == f"{number}"
            false += said not in (f"{number}", None)
        made[kind] = Score(planted, found, false)
        desk.store.close()
    desk = Desk(keep=keep)
    for number, text in enumerate(texts()):
        desk.said(f"{number}", text)
    false = sum(desk.said(f"next-{n}", follow_up(text, n)) == f"{n}" for n, text in enumerate(texts()))
    desk.store.close()
    made["follow-ups"] = Score(len(texts()), len(texts()), false)
    return made


@pytest.mark.parametrize(("keep", "floors"), [(True, FLOORS), (False, BLIND)])
def test_planted_copies_are_found_and_nothing_else(keep: bool, floors: dict[str, float]) -> None:
    got = scores(keep=keep)
    assert sum(got[kind].planted for kind in KINDS) >= 100
    assert {kind: score.false for kind, score in got.items() if score.false} == {}
    below = {kind: got[kind].recall for kind, floor in floors.items() if got[kind].recall < floor}
    assert not below


if __name__ == "__main__":
    for keep in (True, False):
        sys.stdout.write(f"{'with texts' if keep else 'by fingerprints alone'}, {len(texts())} texts\n")
        for kind, score in scores(keep=keep).items():
            row = (
                f"  {kind:12s} planted {score.planted:3d}  precision {score.precision:.3f}  recall {score.recall:.3f}\n"
            )
            sys.stdout.write(row)
