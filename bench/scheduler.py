"""A thousand outlets: what one tick costs the machine beside the fetching, and what the daemon weighs.

    python -m bench.scheduler [--outlets 1000] [--due 60]

`selection` is what the daemon does to start a crawl process: which outlets are due, which second looks and walks wait,
and the order written as JSON. `bookkeeping` is what the crawl process does when the polls of those outlets end: rhythm,
next due time and the run, one commit on disk each (SQLite, synchronous=FULL). `idle` is a look that finds nothing due.
The daemon is the real one in a process of its own, with every job running; the mark is of its resident memory.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

ROUNDS = 7
TICK_MS, DAEMON_MB = 100.0, 250.0
OUTLET = """\
name: Kabar {n}
homepage: https://kabar{n}.example/
languages: [id]
sources:
  - {{kind: feed, url: https://kabar{n}.example/rss}}
  - {{kind: sitemap, url: https://kabar{n}.example/sitemap.xml, poll: false}}
article: ['^https?://kabar{n}\\.example/berita/\\d+/']
not_article: ['/video/', '/foto/']
"""


def furnish(folder: Path, number: int) -> None:
    """A data folder with so many outlets, none of which can be reached."""
    (folder / "outlets").mkdir(parents=True)
    for n in range(number):
        (folder / "outlets" / f"kabar{n}.yaml").write_text(OUTLET.format(n=n), encoding="utf-8")
    only = ", ".join(f"kabar{n}" for n in range(number))
    (folder / "settings.yaml").write_text(
        f"data_dir: data\noperator: {{name: bench, contact: bench@kawat.invalid}}\noutlets: {{only: [{only}]}}\n"
        "log: {level: error}\n",
        encoding="utf-8",
    )
    (folder / "channels.yaml").write_text(
        "channels:\n  told: {kind: file, path: told, to: [desk@kawat.invalid]}\n", encoding="utf-8"
    )


def milliseconds(work: Callable[[], object]) -> float:
    spent = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        work()
        spent.append((time.perf_counter() - began) * 1000)
    return median(spent)


def ticks(folder: Path, due: int) -> dict[str, float]:
    """Milliseconds of each part."""
    from crawler.job import CrawlJob
    from kawat.app import App
    from kawat.archive import with_validators
    from kawat.crawl import CrawlOrder, StoreInbox, dumped
    from pipeline.model import Run

    began = time.perf_counter()
    with App.open(folder) as app:
        opened = time.perf_counter() - began
        now = app.now()
        slugs = app.desk.enabled
        for place, slug in enumerate(slugs):
            app.store.outlets.set_next(slug, now + timedelta(hours=1) if place >= due else now - timedelta(minutes=1))
        polled = {slug: app.desk.by_slug[slug] for slug in slugs[:due]}

        def selection() -> int:
            at = app.now()
            chosen = tuple(app.desk.by_slug[slug] for slug in app.store.outlets.due(at))
            revisits = with_validators(app.store.revisits.due(at), app.archive)
            app.store.walks.open_outlets(at)
            job = CrawlJob(outlets=chosen, revisits=revisits, archive_dir=app.archive, user_agent="Kawat/0 (+bench)")
            return len(dumped(CrawlOrder(database_url=app.configuration.database_url, job=job, now=at)))

        moment = [now]

        def bookkeeping() -> None:
            moment[0] += timedelta(seconds=1)
            inbox = StoreInbox.opened(app.store, polled)
            for slug in polled:
                run = Run(
                    outlet=slug, started_at=moment[0], finished_at=moment[0], ok=True, sources=1, unchanged=0, items=30,
                    candidates=2, fetched=2, failed=0,
                )  # fmt: skip
                inbox.finish(run, [moment[0] - timedelta(seconds=30)] * 2)

        found = {"selection": milliseconds(selection)}
        found["bookkeeping"] = milliseconds(bookkeeping)
        for slug in slugs:
            app.store.outlets.set_next(slug, now + timedelta(days=1))
        found["idle"] = milliseconds(lambda: app.store.outlets.due(app.now()))
        found["open"] = opened * 1000
        return found


def daemon(folder: Path, seconds: float) -> tuple[float, float]:
    """Resident memory of the daemon, now and at its peak, in MB, after so many seconds of all its jobs."""
    with subprocess.Popen([sys.executable, "-m", "kawat", "--dir", str(folder), "daemon"]) as process:
        time.sleep(seconds)
        status = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
        process.send_signal(signal.SIGTERM)
        process.wait()
    said = {name: int(rest.split()[0]) / 1024 for name, _, rest in (x.partition(":") for x in status.splitlines())
            if name in {"VmRSS", "VmHWM"}}  # fmt: skip
    return said["VmRSS"], said["VmHWM"]


def main() -> int:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--outlets", type=int, default=1000)
    arguments.add_argument("--due", type=int, default=60)
    chosen = arguments.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "kawat"
        furnish(folder, chosen.outlets)
        os.environ.pop("KAWAT_DIR", None)
        found = ticks(folder, chosen.due)
        held, peak = daemon(folder, 30.0)
    tick = found["selection"] + found["bookkeeping"]
    print(f"{chosen.outlets} outlets, {chosen.due} of them due, {datetime.now(UTC):%Y-%m-%d}")
    print(f"selection {found['selection']:.1f} ms, bookkeeping {found['bookkeeping']:.1f} ms: one tick {tick:.1f} ms")
    print(f"a look that finds nothing due: {found['idle']:.2f} ms; opening the folder: {found['open']:.0f} ms")
    print(f"daemon: {held:.0f} MB resident, {peak:.0f} MB at its peak")
    good = tick < TICK_MS and peak < DAEMON_MB
    print("promise kept" if good else "PROMISE BROKEN")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
