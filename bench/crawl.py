# ruff: noqa: ARG002 (the ports name their parameters)
"""Processor time per page of Kawat's spider against a bare Scrapy spider with default settings.

    python bench/crawl.py [--pages 600] [--hosts 20]

All crawl the same pages (64 kB of HTML, gzip) from the same loopback server, each in a process of its own, alternating,
three rounds. What counts is user plus system time of the crawling process from its start to its end, and once more with
the start-up (a crawl of nothing) taken off. `bare` asks for the page addresses it is given and drops what it gets.
`spider` is Kawat's spider with robots.txt, feeds, pace and address policy, WARC on disk (fdatasync), and the frontier
and inbox in memory; `kawat` is the same with the real store, two commits on disk (SQLite, synchronous=FULL) per page.
The server runs in this process, so its cost counts for none.
"""

from __future__ import annotations

import argparse
import gzip
import http.server
import random
import resource
import socketserver
import subprocess
import sys
import tempfile
import threading
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.model import Candidate, HostNote, Look, Page, Retry, Revisit, Run, Step, Validators, Walk

ROUNDS = 3
KINDS = ("bare", "spider", "kawat")


def page(seed: int) -> bytes:
    """A page of about 64 kB with the redundancy of real ones, gzipped to about a quarter."""
    rng = random.Random(seed)
    words = ["".join(rng.choices("abcdefghijklmnopqrstuvwxyz", k=rng.randint(3, 9))) for _ in range(2_000)]
    rows = []
    size = 0
    while size < 64_000:
        text = " ".join(rng.choices(words, k=12))
        row = f'<div class="row card" data-id="{rng.randint(0, 10**6)}"><p>{text}</p></div>\n'
        rows.append(row)
        size += len(row)
    return gzip.compress(("<html><body>" + "".join(rows) + "</body></html>").encode(), 6)


class Server(socketserver.ThreadingTCPServer):
    """Feeds and pages on one port under many loopback addresses."""

    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, pages: int, hosts: int) -> None:
        bodies = [page(seed) for seed in range(20)]
        per_host = pages // hosts

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                if self.path == "/rss":
                    items = "".join(f"<item><link>/berita/{n}</link></item>" for n in range(per_host))
                    self.answer(f"<rss><channel>{items}</channel></rss>".encode(), {})
                elif self.path.startswith("/berita/"):
                    self.answer(bodies[int(self.path.rpartition("/")[2]) % 20], {"Content-Encoding": "gzip"})
                else:
                    self.send_response(404)
                    self.send_header("Content-Length", "0")
                    self.end_headers()

            def answer(self, body: bytes, headers: dict[str, str]) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args: object) -> None:
                pass

        super().__init__(("0.0.0.0", 0), Handler)  # loopback addresses beyond 127.0.0.1 need it; gone when the run ends


class Memory:
    """Frontier and inbox that keep candidates in a dictionary and drop the rest."""

    def __init__(self) -> None:
        self.waiting: dict[str, Candidate] = {}

    def validators(self, source_url: str) -> Validators:
        from pipeline.model import Validators

        return Validators()

    def known(self, keys: Collection[str], *, before: datetime | None = None) -> set[str]:
        return set()

    def add(self, source_url: str, validators: Validators, candidates: Sequence[Candidate], *, baseline: bool) -> int:
        self.waiting.update((candidate.key, candidate) for candidate in candidates)
        return len(candidates)

    def pending(self, outlets: Collection[str], *, now: datetime, limit: int) -> Sequence[Candidate]:
        return [candidate for candidate in self.waiting.values() if candidate.outlet in outlets][:limit]

    def failed(self, key: str, outcome: Retry, *, now: datetime, give_up: bool) -> None:
        raise AssertionError(outcome.reason)

    def first_poll(self, outlet: str) -> bool:
        return False

    def land(self, page: Page) -> None:
        del self.waiting[page.key]

    def finish(self, run: Run, arrivals: Sequence[datetime] = ()) -> None:
        assert run.ok, run.reason

    def looked(self, revisit: Revisit, look: Look, words: str, *, now: datetime) -> None:
        raise AssertionError(words)

    def host(self, netloc: str) -> HostNote:
        from pipeline.model import HostNote

        return HostNote()

    def note_host(self, netloc: str, note: HostNote) -> None:
        pass

    def gap_before(self, outlet: str, now: datetime) -> tuple[datetime, str] | None:
        return None

    def last_read(self, outlet: str) -> datetime | None:
        return None

    def declare(self, outlet: str, *, since: datetime, until: datetime, reason: str, torn: bool = False) -> Walk | None:
        raise AssertionError(reason)

    def open_of(self, outlet: str) -> Sequence[Walk]:
        return ()

    def steps(self, walk: int) -> Mapping[str, Step]:
        return {}

    def step(self, walk: Walk, step: Step, candidates: Sequence[Candidate]) -> int:
        return 0

    def close(self, walk: int, now: datetime, lost: str = "") -> None:
        pass


def bare(urls: list[str]) -> None:
    """The usual spider: default settings, one request per address, nothing kept."""
    import scrapy
    from scrapy.crawler import AsyncCrawlerProcess

    class Bare(scrapy.Spider):
        name = "bare"

        async def start(self):  # type: ignore[no-untyped-def]
            for url in urls:
                yield scrapy.Request(url)

        def parse(self, response):  # type: ignore[no-untyped-def]
            assert len(response.body) > 60_000

    process = AsyncCrawlerProcess({"LOG_LEVEL": "WARNING"})
    process.crawl(Bare)
    process.start()


def ours(addresses: list[str], folder: Path, expected: int, *, stored: bool) -> None:
    """Kawat's spider, with the real store or with its ports in memory."""
    from crawler.job import CrawlJob
    from crawler.spider import crawl
    from pipeline.model import (
        Expectations,
        Fetch,
        Outlet,
        Politeness,
        Selectors,
        Source,
        SourceKind,
        Terms,
        Tier,
        Trust,
    )

    outlets = tuple(
        Outlet(
            slug=f"o{place}", name=f"O{place}", homepage=address, languages=("id",), tier=Tier.MAIN, trust=Trust.PRESS,
            zone="Asia/Jakarta", country="ID", enabled=True, disabled_reason="", fetch=Fetch.FULL,
            sources=(Source(kind=SourceKind.FEED, url=f"{address}/rss"),), every=timedelta(minutes=5), cron=None,
            article=(r"/berita/\d+",), not_article=(), selectors=Selectors(),
            politeness=Politeness(delay=timedelta(0), concurrency=4), expect=Expectations(), terms=Terms(),
        )
        for place, address in enumerate(addresses)
    )  # fmt: skip
    job = CrawlJob(outlets=outlets, archive_dir=folder / "warc", user_agent="Kawat/0.1 (+bench)", allow_loopback=True)
    landed: list[str] = []

    def progress(event: Mapping[str, object]) -> None:
        landed.append(str(event["event"]))

    memory = Memory()
    if stored:
        from kawat.crawl import StoreInbox, StoreWalks
        from pipeline.store import Store

        with Store.open(f"sqlite:///{folder / 'kawat.db'}") as store:
            by_slug = {outlet.slug: outlet for outlet in outlets}
            crawl(job, store.frontier, StoreInbox(store, by_slug), StoreWalks(store, by_slug), progress)
    else:
        crawl(job, memory, memory, memory, progress)
    assert landed.count("fetched") == expected, landed.count("fetched")


def measured(command: list[str]) -> float:
    """Processor seconds of a child process, from its start to its end."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Run both, alternating, and print the medians and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=600)
    parser.add_argument("--hosts", type=int, default=20)
    parser.add_argument("--child", nargs=3)
    args = parser.parse_args()
    if args.child:
        kind, port, hosts = args.child[0], args.child[1], int(args.child[2])
        addresses = [f"http://127.0.0.{n + 1}:{port}" for n in range(hosts)]
        per_host = args.pages // hosts if hosts else 0
        if kind == "bare":
            bare([f"{address}/berita/{n}" for n in range(per_host) for address in addresses])
        else:
            with tempfile.TemporaryDirectory() as folder:
                ours(addresses, Path(folder), per_host * hosts, stored=kind == "kawat")
        return
    pages = args.pages // args.hosts * args.hosts
    with Server(pages, args.hosts) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        port = str(server.server_address[1])
        spent: dict[tuple[str, int], list[float]] = {}
        for _ in range(ROUNDS):
            for kind in KINDS:
                for hosts in (args.hosts, 0):
                    command = [sys.executable, __file__, "--pages", str(pages), "--child", kind, port, str(hosts)]
                    spent.setdefault((kind, hosts), []).append(measured(command))
        server.shutdown()
    total = {kind: median(spent[kind, args.hosts]) for kind in KINDS}
    idle = {kind: median(spent[kind, 0]) for kind in KINDS}
    print(f"{pages} pages of 64 kB on {args.hosts} loopback hosts, median of {ROUNDS} alternating rounds")
    for kind in KINDS:
        whole, start = total[kind] / pages * 1000, idle[kind]
        print(f"{kind:6} {whole:6.2f} ms/page with start-up, {(total[kind] - start) / pages * 1000:6.2f} without"
              f" (start-up {start:.2f} s)")  # fmt: skip
    for kind in KINDS[1:]:
        net = (total[kind] - idle[kind]) / (total["bare"] - idle["bare"])
        print(f"{kind} / bare: {total[kind] / total['bare']:.2f} with start-up, {net:.2f} without")


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    main()
