"""Hostile input for a while: extraction, cleaning and dates must neither raise nor outlive their budget.

Pages are grown from fragments of markup, from bytes, and from real pages (where ../shared is) that are cut, doubled and
spoilt. A run prints its seed; any failure is printed with the seed of its input.

    python bench/fuzz.py [--seconds 600] [--seed 0]
    python bench/fuzz.py --guided [--seconds 600]      by coverage, where atheris is installed
"""

from __future__ import annotations

import argparse
import gzip
import os
import random
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import FunctionType

ROOT = Path(__file__).resolve().parents[1]
sys.path[0] = str(ROOT)

import orjson

from kawat.shipped import defaults
from pipeline.clean import Cleaning, clean
from pipeline.config.cleaning import load_cleaning
from pipeline.extract import NEXT_PAGE, Budget, extract, extract_text
from pipeline.extract.dates import date_in_url, is_date_line, read_date
from pipeline.model import ITEM_TYPE, Outlet, Page, Reject, WarcRecord
from pipeline.reading import PAGE_BUDGET
from pipeline.threads import unknown_outlet

NOW = datetime(2026, 11, 21, tzinfo=UTC)
OVERRUN = 3 * PAGE_BUDGET
"""Processor seconds after which a page has overrun: the budget is looked at between steps, so one step may pass it."""

OVERRUN_GUIDED = 4 * OVERRUN
"""The same where every branch is counted: that makes our code four times slower."""

LONGEST_GUIDED = 32_768

_TAGS = (
    "p div span a b i h1 h2 h3 ul ol li table tr td article section main aside nav footer header figure figcaption "
    "blockquote br hr img script style noscript svg template form button select option textarea iframe title meta link "
    "time address pre center font dl dt dd frameset math"
)
TAGS = _TAGS.split()
_WORDS = (
    "Jakarta (ANTARA) - Pemerintah menandatangani nota kesepahaman Baca juga: Simak Editor: Pewarta: © 2026 said the "
    "minister Jum'at, 3 Maret 2025 10.15 WIB kemarin 2 jam lalu \u200b \u202e \x00 \ufffd 日本 ๆ ﷽ ẞ ... … | » "
    "99999999999999 -1"
)
WORDS = _WORDS.split(" ")
LD = '<script type="application/ld+json">'
NAMES = ("article-body", "related", "sidebar", "comments", "x" * 4000, "post-content", "baca-juga", "hidden", "\u0000")


def markup(rng: random.Random) -> str:
    """A page of fragments, mostly broken."""
    parts: list[str] = []
    for _ in range(rng.choice((5, 50, 500, 5000))):
        kind = rng.random()
        tag = rng.choice(TAGS)
        if kind < 0.4:
            style = rng.choice(("", " hidden", ' style="display:none"', ' style="color:#fff"', " aria-hidden=true"))
            parts.append(f'<{tag} class="{rng.choice(NAMES)}" id={rng.choice(NAMES)[:20]}{style}>')
        elif kind < 0.65:
            parts.append(f"</{tag}>")
        elif kind < 0.7:
            parts.append(
                rng.choice(
                    (
                        "<!--", "-->", "<![CDATA[", "<", "&#x110000;", "&nbsp", "<script>", "</SCRIPT ", "<style",
                        NEXT_PAGE.decode(), f'{LD}{{"@type":"NewsArticle","articleBody":{"[" * rng.randrange(9000)}',
                        '<meta property="og:title" content="', "<time datetime='2025-13-45T99:99'>",
                    )
                )
            )  # fmt: skip
        else:
            parts.append(" ".join(rng.choices(WORDS, k=rng.randrange(1, 60))))
    return "".join(parts)


def spoilt(rng: random.Random, pages: list[bytes]) -> bytes:
    """A real page, cut, doubled, or with bytes changed."""
    body = bytearray(rng.choice(pages))
    for _ in range(rng.randrange(1, 30)):
        at = rng.randrange(len(body) + 1)
        kind = rng.random()
        if kind < 0.3:
            del body[at : at + rng.randrange(1, 3000)]
        elif kind < 0.6:
            body[at:at] = body[rng.randrange(len(body) + 1) :][: rng.randrange(1, 20_000)]
        elif kind < 0.8:
            body[at:at] = rng.randbytes(rng.randrange(1, 40))
        else:
            body[at:at] = rng.choice((b"<div>", b"<b>", b"</div></b>", b"<a href=x><p>")) * rng.randrange(1, 3000)
    return bytes(body)


def repeated(rng: random.Random) -> bytes:
    """One fragment many times: what makes quadratic steps show."""
    unit = rng.choice((
        b"<div>", b"<p>x", b"<a><p>y ", b"<li><a href=x>z</a>", b"<span style='display:none'>",
        b"<h2><a>t</a></h2><p>" + b"w " * 50,
        b"<!--", b"<script>", b"Baca juga: ", b"1 Jan ", b"( ", b'"', b"A. ",
        b"<table><tr><td>", b"<div></b>", b"a" * 100 + b"\n",
        b"<meta content=x property=y>", b"<br>", b"- ", b"\xff\xfe",
        b"| ", b"<p hidden>q", b"Editor: A ", b"<time>2 jam lalu</time>",
    ))  # fmt: skip
    return unit * rng.choice((10, 1000, 20_000, 60_000))


def printed(rng: random.Random) -> str:
    """Something like a printed time."""
    pieces = ("Jum'at", "Senin", ",", " ", "3", "31", "Maret", "Feb", "2025", "10.15", "25:61", "WIB",
              "+07:00", "T", "2025-02-30", "kemarin", "2 jam lalu", "|", "/", "-", "Diperbarui", "pukul", "9" * 20,
              "٣", "Ⅳ", "²")  # fmt: skip
    return "".join(rng.choices(pieces, k=rng.randrange(1, 40)))


def real_pages() -> list[bytes]:
    folder = ROOT.parent / "shared" / "pages"
    found = sorted(folder.glob("*/*.html*")) if folder.is_dir() else []
    return [gzip.decompress(each.read_bytes()) if each.suffix == ".gz" else each.read_bytes() for each in found]


KINDS = ("markup", "spoilt", "repeated", "bytes", "text", "item", "dates")
URL = "https://www.g.example/berita/1"


def item(body: str) -> bytes:
    """A captured feed item around some text."""
    half = len(body) // 2
    told = {"title": body[:80], "body": body[:half], "summary": body[half:], "published": body[-60:], "url": body[:40]}
    return orjson.dumps(told)


@dataclass(slots=True, kw_only=True)
class Bench:
    """What inputs are given to, and what came of them."""

    cleaning: Cleaning
    outlet: Outlet
    overrun: float
    tally: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    bad: int = 0

    def read(self, kind: str, body: bytes, name: str) -> None:
        """Give an input to what reads its kind; an exception or overrun is counted and told under `name`."""
        begun = time.process_time()
        try:
            self._read(kind, body)
        except Exception:  # noqa: BLE001 - finding them is what this is for
            self.bad += 1
            print(f"{name} ({kind}) raised:\n{traceback.format_exc(limit=-3)}", flush=True)
        spent = time.process_time() - begun
        self.tally[f"input: {kind}"] += 1
        if spent > self.slowest:
            self.slowest = spent
            print(f"{name} ({kind}): slowest so far, {spent:.3f} s", flush=True)
        if spent > self.overrun:
            self.bad += 1
            print(f"{name} ({kind}): overrun, {spent:.3f} s", flush=True)

    def _read(self, kind: str, body: bytes) -> None:
        if kind == "dates":
            for raw in body.decode("utf-8", "replace").split("\n"):
                read_date(raw, zone="Asia/Jakarta", now=NOW)
                is_date_line(raw)
                date_in_url("https://g.example/" + raw, now=NOW)
            return
        if kind == "text":
            extracted = extract_text(
                body.decode("utf-8", "replace"), title=None, published=None, url=URL, outlet=self.outlet, now=NOW
            )
        else:
            page = Page(
                outlet="g", url=URL, final_url=URL, key="k", status=200, fetched_at=NOW, discovered_at=NOW,
                content_type=ITEM_TYPE if kind == "item" else "text/html",
                record=WarcRecord(file="f", offset=0, length=1),
            )  # fmt: skip
            extracted = extract(body, page, self.outlet, budget=Budget.of(PAGE_BUDGET, time.process_time))
        said: object = extracted
        if not isinstance(extracted, Reject):
            self.tally[f"body by {dict(extracted.steps)['body']}"] += 1
            said = clean(
                extracted, self.cleaning, key="k", url=URL, outlet=self.outlet, fetched_at=NOW, discovered_at=NOW
            )
        self.tally[str(said.reason) if isinstance(said, Reject) else "article"] += 1

    def report(self, inputs: int) -> None:
        print(dict(sorted(self.tally.items())))
        print(f"{inputs} inputs, slowest {self.slowest:.3f} s of {self.overrun} s, {self.bad} exceptions or overruns")


def made(kind: str, rng: random.Random, pages: list[bytes]) -> bytes:
    """An input of a kind."""
    if kind == "dates":
        return "\n".join(printed(rng) for _ in range(50)).encode()
    if kind == "spoilt" and pages:
        return spoilt(rng, pages)
    if kind == "repeated":
        return repeated(rng)
    if kind == "bytes":
        return rng.randbytes(rng.randrange(5000))
    if kind == "item":
        return item(markup(rng).encode("utf-8", "replace").decode())
    return markup(rng).encode("utf-8", "surrogatepass")


def ours() -> Iterator[FunctionType]:
    """The functions and methods of extraction and cleaning."""
    for name, module in list(sys.modules.items()):
        if name.startswith(("pipeline.extract", "pipeline.clean", "pipeline.tangle")):
            for owner in (module, *(each for each in vars(module).values() if isinstance(each, type))):
                for value in vars(owner).values():
                    if isinstance(value, FunctionType) and value.__module__ == name:
                        yield value


def guided(bench: Bench, seconds: float, pages: list[bytes]) -> None:
    """Let atheris change inputs by what new code they reach; the first byte of an input is its kind. Does not return:
    libFuzzer ends the process, and what was found is told when it does."""
    import atheris

    count = 0

    def one(data: bytes) -> None:
        nonlocal count
        count += 1
        kind = KINDS[data[0] % len(KINDS)] if data else "bytes"
        body = data[1:]
        bench.read(kind, item(body.decode("utf-8", "replace")) if kind == "item" else body, f"input {count}")
        if time.monotonic() > ends:
            bench.report(count)
            sys.stdout.flush()
            os._exit(1 if bench.bad else 0)  # libFuzzer would go on to its own end

    rng = random.Random(1)
    with tempfile.TemporaryDirectory() as folder:
        for number in range(300):
            place = number % len(KINDS)
            (Path(folder) / str(number)).write_bytes(bytes([place]) + made(KINDS[place], rng, pages)[:LONGEST_GUIDED])
        for function in ours():
            atheris.instrument_func(function)
        atheris.Setup([sys.argv[0], f"-max_len={LONGEST_GUIDED}", "-verbosity=0", "-timeout=60", folder], one)
        ends = time.monotonic() + seconds
        atheris.Fuzz()


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--seconds", type=float, default=10.0)
    ask.add_argument("--seed", type=int, default=0)
    ask.add_argument("--guided", action="store_true")
    asked = ask.parse_args()
    pages = real_pages()
    bench = Bench(
        cleaning=load_cleaning(defaults() / "cleaning.yaml"),
        outlet=unknown_outlet("g", "https://g.example"),
        overrun=OVERRUN_GUIDED if asked.guided else OVERRUN,
    )
    if asked.guided:
        guided(bench, asked.seconds, pages)
    ends = time.monotonic() + asked.seconds
    seed = asked.seed
    while time.monotonic() < ends:
        seed += 1
        rng = random.Random(seed)
        kind = rng.choice(KINDS)
        bench.read(kind, made(kind, rng, pages), f"seed {seed}")
    bench.report(seed - asked.seed)
    sys.exit(1 if bench.bad else 0)


if __name__ == "__main__":
    main()
