"""Articles per second and core, from stored bytes to a committed row: ours against the usual parts put together.

Both read the same pages (the press in a box, and ../shared/pages where it is there) in this one process, one after the
other, and commit each article on its own to SQLite on disk. The peer is what most projects assemble: trafilatura for
the text, BeautifulSoup for title and date, datasketch MinHash and LSH, a loop of expressions over the same names
and cues, and one SQLAlchemy ORM commit per article. Processor time; fetching is left out.

    python bench/pipeline.py [--rounds 3]
"""

from __future__ import annotations

import argparse
import gzip
import re
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

sys.path[0] = str(Path(__file__).resolve().parents[1])  # this file is named like the package it measures

from bs4 import BeautifulSoup
from datasketch import MinHash, MinHashLSH
from sqlalchemy import Integer, String, create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from kawat.press import Press
from kawat.rulebook import rulebook
from kawat.shipped import defaults
from pipeline.config import Configuration, load
from pipeline.decide import Decider
from pipeline.model import Page, WarcRecord
from pipeline.net import url_key
from pipeline.run import Pipeline, Tally
from pipeline.store import Store

T = TypeVar("T")
Pages = list[tuple[str, str, bytes]]
"""Outlet, address, bytes."""


def press_pages() -> Pages:
    """Every article page of the press in a box, as it serves it."""
    pages = []
    with Press(datetime.now(UTC)) as press:
        for story in press.stories:
            url = press.url(story)
            try:
                with urllib.request.urlopen(url, timeout=10) as answer:
                    raw = answer.read()
                    body = gzip.decompress(raw) if answer.headers.get("Content-Encoding") == "gzip" else raw
            except OSError:
                continue
            pages.append((press.stories[story].outlet, url, body))
    return pages


def shared_pages() -> Pages:
    """Real pages kept beside the project, where they are."""
    folder = Path(__file__).resolve().parents[2] / "shared" / "pages"
    found = []
    for path in sorted(folder.glob("*/*.html*")) if folder.is_dir() else ():
        body = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        found.append(("given", f"https://{path.name}.example/berita/{path.name}", body))
    return found


def ours(pages: Pages, configuration: Configuration, folder: Path) -> float:
    """Processor seconds for all pages through the whole pipeline."""
    now = datetime.now(UTC)
    bodies = {place: body for place, (_, _, body) in enumerate(pages)}
    with Store.open(f"sqlite:///{folder / 'ours.db'}") as store:
        decider = Decider(store=store, rules=rulebook(configuration), compose=lambda *_: (), now=lambda: now)
        pipeline = Pipeline(
            store=store, decider=decider, read_body=lambda page: bodies[page.record.offset], now=lambda: now
        )
        for place, (outlet, url, _) in enumerate(pages):
            store.inbox.land(
                Page(
                    outlet=outlet,
                    url=url,
                    final_url=url,
                    key=url_key(url),
                    status=200,
                    content_type="text/html; charset=utf-8",
                    fetched_at=now,
                    discovered_at=now,
                    record=WarcRecord(file="bench", offset=place, length=1),
                )
            )
        started = time.process_time()
        tally = Tally()
        pipeline.drain(tally)
        spent = time.process_time() - started
        assert tally.pages == len(pages), tally
    return spent


class Base(DeclarativeBase):
    pass


class Row(Base):
    __tablename__ = "articles"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    url: Mapped[str] = mapped_column(String, unique=True)
    title: Mapped[str]
    body: Mapped[str]
    published: Mapped[str]
    hits: Mapped[str]


def peer(pages: Pages, configuration: Configuration, folder: Path) -> tuple[float, float]:
    """Processor seconds for the same pages through the usual parts, and those of the loop of expressions among them."""
    import trafilatura

    terms = sorted({term.text for term in configuration.lexicon.terms if len(term.text) > 3})
    patterns = [re.compile(rf"\b{re.escape(term)}\b", re.IGNORECASE) for term in terms]
    engine = create_engine(f"sqlite:///{folder / 'peer.db'}")
    Base.metadata.create_all(engine)
    index = MinHashLSH(threshold=0.7, num_perm=128)
    looking = 0.0
    started = time.process_time()
    with Session(engine) as session:
        for place, (_, url, body) in enumerate(pages):
            text = trafilatura.extract(body, favor_precision=True) or ""
            soup = BeautifulSoup(body, "html.parser")
            title = soup.title.get_text() if soup.title else ""
            when = soup.find("time")
            words = text.split()
            sketch = MinHash(num_perm=128)
            for shingle in zip(words, words[1:], words[2:], strict=False):
                sketch.update(" ".join(shingle).encode())
            index.query(sketch)
            index.insert(str(place), sketch)
            looked = time.process_time()
            hits = [pattern.pattern for pattern in patterns if pattern.search(text)]
            looking += time.process_time() - looked
            if session.scalar(select(Row).where(Row.url == url)) is None:
                stamp = str(when.get("datetime", "")) if when is not None else ""
                session.add(Row(url=url, title=title, body=text, published=stamp, hits=" ".join(hits)))
                session.commit()
    return time.process_time() - started, looking


def timed(
    run: Callable[[Pages, Configuration, Path], T], rounds: int, pages: Pages, configuration: Configuration
) -> Iterator[T]:
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as folder:
            yield run(pages, configuration, Path(folder))


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--rounds", type=int, default=3)
    rounds = ask.parse_args().rounds
    shipped = defaults()
    configuration = load(shipped, shipped, {})
    for name, pages in (("press in a box", press_pages()), ("real pages", shared_pages())):
        if not pages:
            print(f"{name}: not there, skipped")
            continue
        mine = sorted(timed(ours, rounds, pages, configuration))
        ((theirs, looking),) = timed(peer, 1, pages, configuration)
        fast, slow, without = (len(pages) / spent for spent in (mine[len(mine) // 2], theirs, theirs - looking))
        size = sum(len(body) for _, _, body in pages) / len(pages) / 1000
        print(f"{name}: {len(pages)} pages of {size:.0f} kB on average")
        print(f"  ours          {fast:8.1f} articles/s/core   (median of {rounds} rounds)")
        print(f"  usual parts   {slow:8.1f} articles/s/core   ratio {fast / slow:.1f}x")
        print(f"  without the loop over names and cues {without:8.1f} articles/s/core   ratio {fast / without:.1f}x")


if __name__ == "__main__":
    main()
