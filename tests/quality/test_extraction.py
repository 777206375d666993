"""Whole pages to clean text: how much of what people (or the press in a box) call the story comes out, and no more.

The floors stand in `floors.json` and are pinned by `FLOORS`, the digest of that file, so that none is lowered in
passing: who changes them must say so by naming the new digest in the environment variable KAWAT_FLOORS, once, and then
here.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import re
import statistics
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from kawat.press import Press
from pipeline.clean import Cleaning, clean
from pipeline.config.cleaning import load_cleaning
from pipeline.extract import Budget, extract
from pipeline.model import Page, Reject, WarcRecord
from pipeline.threads import unknown_outlet

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared" / "pages"
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
FLOORS = "28ac1a834bb3c6f0"
Pages = list[tuple[str, bytes, str]]
"""Address, bytes, true text."""


def press_pages() -> Pages:
    """Every story of the press in a box: our own pages, printed for a fixed day."""
    pages = []
    with Press(NOW) as press:
        for story in sorted(press.stories):
            url = press.url(story)
            with urllib.request.urlopen(url, timeout=10) as answer:
                raw = answer.read()
                body = gzip.decompress(raw) if answer.headers.get("Content-Encoding") == "gzip" else raw
            pages.append((url, body, press.read(story).text.partition("\n\n")[2]))  # without its headline
    return pages


def kept_pages(folder: Path) -> Pages:
    """Saved pages beside the checkout, where they are; the test is left out where they are not."""
    if not folder.is_dir():
        pytest.skip("the saved pages are not beside this checkout")
    told = json.loads((folder / "truth.json").read_text("utf-8")) if (folder / "truth.json").exists() else {}
    pages = []
    for path in sorted(folder.glob("*.html*")):
        name = path.name.partition(".")[0]
        body = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        truth = told.get(name) or json.loads((folder / f"{name}.json").read_text("utf-8"))
        if truth.get("articleBody"):
            pages.append((f"https://www.paper.example/news/{name}", body, truth["articleBody"]))
    return pages


SETS: dict[str, Callable[[], Pages]] = {
    "press in a box": press_pages,
    "news": lambda: kept_pages(SHARED / "news"),
    "id": lambda: kept_pages(SHARED / "id"),
}


def tokens(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text))


def measured(pages: Pages, cleaning: Cleaning) -> dict[str, float]:
    """Means over the pages: precision and recall of words, F1 of those; the least F1 of a page."""
    outlet = unknown_outlet("given", "https://www.paper.example")
    precisions, recalls, each = [], [], []
    for url, body, truth in pages:
        page = Page(
            outlet="given", url=url, final_url=url, key="k", status=200, content_type="text/html", fetched_at=NOW,
            discovered_at=NOW, record=WarcRecord(file="x", offset=0, length=1),
        )  # fmt: skip
        extracted = extract(body, page, outlet, budget=Budget())
        text = ""
        if not isinstance(extracted, Reject):
            article = clean(extracted, cleaning, key="k", url=url, outlet=outlet, fetched_at=NOW, discovered_at=NOW)
            text = "" if isinstance(article, Reject) else article.text
        have, want = tokens(text), tokens(truth)
        hit = (have & want).total()
        precisions.append(hit / have.total() if have else 0.0)
        recalls.append(hit / want.total())
        each.append(2 * hit / (have.total() + want.total()))
    precision, recall = statistics.fmean(precisions), statistics.fmean(recalls)
    return {
        "precision": precision,
        "recall": recall,
        "token_f1": 2 * precision * recall / (precision + recall),
        "pages_above_half": sum(f1 >= 0.5 for f1 in each) / len(each),
    }


OTHER = "Harga Cabai Rawit Naik Menjelang Lebaran"
READ_ALSO = {
    "paragraph, strong": f'<p><strong>Baca juga: <a href="/x">{OTHER}</a></strong></p>',
    "table": '<table class="linksisip"><tbody><tr><td><div class="lihatjg"><strong>Baca juga: </strong>'
    f'<a href="/x">{OTHER}</a></div></td></tr></tbody></table>',
    "span": f'<span class="baca-juga"><b>Baca juga: </b><a href="/x">{OTHER}</a></span>',
    "breaks": f'<br><b>Baca juga: <a href="/x">{OTHER}</a></b><br>',
    "box": '<div class="baca-juga-collections"><div class="baca-juga-collections__header">BACA JUGA:</div>'
    f'<ul><li><a href="/x">{OTHER}</a></li></ul></div>',
    "editor's choice": f'<p>Pilihan Editor: <a href="/x">{OTHER}</a></p>',
    "aside": f'<aside><h4>Baca juga</h4><a href="/x">{OTHER}</a></aside>',
    "plain": f"<p>Baca juga: {OTHER}</p>",
}
"""The shapes in which this press prints a link to another story within one, as its scrapers and tests tell them."""

OWN_PAGES = 12


def own_pages() -> Pages:
    """A dozen pages of the press in a box, of as many layouts as it has."""
    by_host: dict[str, Pages] = {}
    for page in press_pages():
        by_host.setdefault(page[0].split("/")[2], []).append(page)
    turns = [page for turn in zip(*by_host.values(), strict=False) for page in turn]
    return turns[:OWN_PAGES]


def read_whole(url: str, body: bytes, cleaning: Cleaning) -> tuple[str, ...]:
    """The paragraphs of a page, none where it is refused."""
    outlet = unknown_outlet("given", "https://www.paper.example")
    page = Page(
        outlet="given", url=url, final_url=url, key="k", status=200, content_type="text/html", fetched_at=NOW,
        discovered_at=NOW, record=WarcRecord(file="x", offset=0, length=1),
    )  # fmt: skip
    extracted = extract(body, page, outlet, budget=Budget())
    if isinstance(extracted, Reject):
        return ()
    article = clean(extracted, cleaning, key="k", url=url, outlet=outlet, fetched_at=NOW, discovered_at=NOW)
    return () if isinstance(article, Reject) else article.paragraphs


def put_in(body: bytes, paragraphs: tuple[str, ...], block: str) -> bytes | None:
    """The page with a block behind the second paragraph of its story found in its markup; None where none is."""
    found = 0
    for paragraph in paragraphs:
        end = body.find(paragraph[-40:].encode())
        found += end >= 0 and len(paragraph) > 100
        if found == 2:
            end += len(paragraph[-40:].encode())
            closing = body.find(b"</p>", end, end + 60)
            place = closing + 4 if closing >= 0 else end
            return body[:place] + block.encode() + body[place:]
    return None


@pytest.mark.parametrize("shape", READ_ALSO)
@pytest.mark.parametrize("pages", [own_pages, SETS["id"]], ids=["own", "id"])
def test_a_read_also_block_goes_and_no_paragraph_with_it(pages: Callable[[], Pages], shape: str) -> None:
    cleaning = load_cleaning(ROOT / "config" / "cleaning.yaml")
    tried = 0
    for url, body, _ in pages():
        before = read_whole(url, body, cleaning)
        changed = put_in(body, before, READ_ALSO[shape])
        if changed is None:
            continue
        tried += 1
        after = read_whole(url, changed, cleaning)
        assert not [line for line in after if OTHER in line or line.rstrip(" :").casefold() == "baca juga"], url
        assert set(before) <= set(after), url
    assert tried >= 4


def digest_of(truths: Iterator[str]) -> str:
    found = hashlib.sha256()
    for truth in truths:
        found.update(truth.encode() + b"\0")
    return found.hexdigest()[:16]


@pytest.fixture(scope="module")
def floors() -> Mapping[str, Any]:
    raw = (Path(__file__).parent / "floors.json").read_bytes()
    digest = hashlib.sha256(raw).hexdigest()[:16]
    allowed = os.environ.get("KAWAT_FLOORS", FLOORS)
    assert digest == allowed, (
        f"the floors were changed: set KAWAT_FLOORS={digest} if that is meant, and pin it in FLOORS"
    )
    found: Mapping[str, Any] = json.loads(raw)
    return found


@pytest.mark.parametrize("name", SETS)
def test_the_text_of_whole_pages_does_not_fall_below_its_floors(name: str, floors: Mapping[str, Any]) -> None:
    pages = SETS[name]()
    want = floors[name]
    assert digest_of(truth for _, _, truth in pages) == want["digest"], "this is another set than the floors stand for"
    have = measured(pages, load_cleaning(ROOT / "config" / "cleaning.yaml"))
    print(name, {key: round(value, 4) for key, value in have.items()})
    below = {key: (round(have[key], 4), floor) for key, floor in want["floors"].items() if have[key] < floor}
    assert not below
