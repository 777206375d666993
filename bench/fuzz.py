"""Hostile input for a while: extraction, cleaning and dates must neither raise nor outlive their budget.

Pages are grown from fragments of markup, from bytes, and from real pages (where ../shared is) that are cut, doubled and
spoilt. A run prints its seed; any failure is printed with the seed of its input.

    python bench/fuzz.py [--seconds 600] [--seed 0]
"""

from __future__ import annotations

import argparse
import gzip
import random
import sys
import time
import traceback
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[0] = str(ROOT)

from kawat.shipped import defaults
from pipeline.clean import clean
from pipeline.config.cleaning import load_cleaning
from pipeline.extract import NEXT_PAGE, Budget, extract, extract_text
from pipeline.extract.dates import date_in_url, is_date_line, read_date
from pipeline.model import ITEM_TYPE, Page, Reject, WarcRecord
from pipeline.reading import PAGE_BUDGET
from pipeline.threads import unknown_outlet

NOW = datetime(2026, 11, 21, tzinfo=UTC)
OVERRUN = 3 * PAGE_BUDGET
"""Processor seconds after which a page has overrun: the budget is looked at between steps, so one step may pass it."""

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


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--seconds", type=float, default=10.0)
    ask.add_argument("--seed", type=int, default=0)
    asked = ask.parse_args()
    cleaning, outlet, pages = (
        load_cleaning(defaults() / "cleaning.yaml"),
        unknown_outlet("g", "https://g.example"),
        real_pages(),
    )
    url = "https://www.g.example/berita/1"
    ends, slowest = time.monotonic() + asked.seconds, 0.0
    tally: Counter[str] = Counter()
    bad = 0
    seed = asked.seed
    while time.monotonic() < ends:
        seed += 1
        rng = random.Random(seed)
        kind = rng.choice(("markup", "spoilt", "repeated", "bytes", "text", "item", "dates"))
        begun = time.process_time()
        try:
            if kind == "dates":
                for _ in range(50):
                    raw = printed(rng)
                    read_date(raw, zone="Asia/Jakarta", now=NOW)
                    is_date_line(raw)
                    date_in_url("https://g.example/" + raw, now=NOW)
            else:
                body = (
                    spoilt(rng, pages) if kind == "spoilt" and pages
                    else repeated(rng) if kind == "repeated"
                    else rng.randbytes(rng.randrange(5000)) if kind == "bytes"
                    else markup(rng).encode("utf-8", "surrogatepass")
                )  # fmt: skip
                begun = time.process_time()
                if kind == "text":
                    extracted = extract_text(
                        body.decode("utf-8", "replace"), title=None, published=None, url=url, outlet=outlet, now=NOW
                    )
                else:
                    page = Page(
                        outlet="g", url=url, final_url=url, key="k", status=200, fetched_at=NOW, discovered_at=NOW,
                        content_type=ITEM_TYPE if kind == "item" else "text/html",
                        record=WarcRecord(file="f", offset=0, length=1),
                    )  # fmt: skip
                    if kind == "item":
                        body = b'{"title":"t","body":' + repr(body[:3000])[1:].encode() + b"}"
                    extracted = extract(body, page, outlet, budget=Budget.of(PAGE_BUDGET, time.process_time))
                said: object = extracted
                if not isinstance(extracted, Reject):
                    said = clean(
                        extracted, cleaning, key="k", url=url, outlet=outlet, fetched_at=NOW, discovered_at=NOW
                    )
                tally[str(said.reason) if isinstance(said, Reject) else "article"] += 1
        except Exception:  # noqa: BLE001 - finding them is what this is for
            bad += 1
            print(f"seed {seed} ({kind}) raised:\n{traceback.format_exc(limit=-3)}", flush=True)
        spent = time.process_time() - begun
        tally[f"input: {kind}"] += 1
        if spent > slowest:
            slowest = spent
            print(f"seed {seed} ({kind}): slowest so far, {spent:.3f} s", flush=True)
        bad += spent > OVERRUN
    print(dict(sorted(tally.items())))
    print(f"{seed - asked.seed} inputs, slowest {slowest:.3f} s of {OVERRUN} s, {bad} exceptions or overruns")
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
