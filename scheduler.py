"""The daemon: APScheduler 3.x jobs over one App. Holds no logic of its own, only a clock and a way to stop.

    crawl         what is due? one crawl process at a time
    inbox         captured pages -> articles, agreements, outbox rows      every 0.2 s
    outbox        due deliveries -> channels                               every 0.2 s
    digest        daily digests, starting picture, catch-up
    files         articles/DATE.jsonl and agreements.jsonl from the store
    housekeeping  retention, full-text index, disk forecast
    configuration what changed on the disk is taken over; a broken file leaves the last good one in force
    heartbeat     a ping to the operator's dead-man switch

What is due is data in the store, so a restart costs nothing and missed runs are caught up once. SIGTERM and SIGINT
end the crawl process's group and let the running job finish or roll back.
"""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

from apscheduler.schedulers.background import BackgroundScheduler

from kawat.app import App
from kawat.logs import set_up
from pipeline.errors import ConfigError, KawatError, UsageError

log = logging.getLogger(__name__)

SECONDS = {
    "crawl": 2.0,
    "inbox": 0.2,
    "outbox": 0.2,
    "digest": 5.0,
    "files": 2.0,
    "housekeeping": 60.0,
    "configuration": 5.0,
    "heartbeat": 60.0,
}
STOP_WITHIN = 9.0

QUIET = 60.0
"""Seconds for which a failure that repeats itself is not logged again."""


def guarded(name: str, job: Callable[[], object], clock: Callable[[], float] = time.monotonic) -> Callable[[], None]:
    """A job whose expected failures are logged and tried again at its next turn; the same one is logged once a minute.

    What it does not expect, APScheduler logs with its trace, and the job comes again all the same.
    """
    said: tuple[str, float] = "", 0.0

    def run() -> None:
        nonlocal said
        try:
            job()
        except KawatError as problem:
            text, before = said
            if text != str(problem) or clock() - before >= QUIET:
                said = str(problem), clock()
                log.error("job failed", extra={"job": name, "problem": str(problem)})
        else:
            said = "", 0.0

    return run


def taken_over(app: App) -> None:
    """Take over changed configuration, and what it says of logs: a new secret must not be seen in them."""
    if app.reload():
        logs(app)
        app.warm_up()


def logs(app: App) -> None:
    settings = app.configuration.settings.log
    set_up(settings.format, settings.level, secrets=app.configuration.secrets)
    logging.getLogger("apscheduler").setLevel(logging.ERROR)


def serve(app: App, stop: threading.Event) -> int:
    """Run every job until `stop` is set; 0 after an orderly end, 1 where a job would not end in time."""
    scheduler = BackgroundScheduler(timezone="UTC")
    jobs: dict[str, Callable[[], object]] = {
        "crawl": lambda: app.crawl_due(stop=stop),
        "inbox": lambda: app.process(stop=stop),
        "outbox": lambda: app.deliver(stop=stop),
        "digest": app.compose_due,
        "files": app.write_files,
        "housekeeping": lambda: app.housekeep(stop=stop),
        "configuration": lambda: taken_over(app),
        "heartbeat": app.heartbeat,
    }
    for name, job in jobs.items():
        scheduler.add_job(
            guarded(name, job),
            "interval",
            seconds=SECONDS[name],
            id=name,
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
        )
    app.warm_up()
    scheduler.modify_job("heartbeat", next_run_time=datetime.now(UTC))
    scheduler.start()
    log.info("daemon started", extra={"folder": str(app.folder)})
    stop.wait()
    log.info("daemon stopping")
    ending = threading.Thread(target=scheduler.shutdown, kwargs={"wait": True}, daemon=True)
    ending.start()
    latest = time.monotonic() + STOP_WITHIN
    app.end_crawl()
    ending.join(max(0.0, latest - time.monotonic()))
    log.info("daemon stopped", extra={"in_time": not ending.is_alive()})
    return 1 if ending.is_alive() else 0


def until_signalled() -> threading.Event:
    """An event that SIGTERM or SIGINT sets."""
    stop = threading.Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    return stop


def main(folder: Path) -> int:
    """`kawat daemon`: 0 after an orderly end, 1 where it failed, 2 where the configuration is refused or missing."""
    if not (folder / "settings.yaml").is_file():
        print(f"there is no settings.yaml in {folder.absolute()}: set it up with `kawat init DIR`", file=sys.stderr)
        return 2
    try:
        with App.open(folder) as app, app.exclusive("daemon"):
            logs(app)
            status = serve(app, until_signalled())
            if status:
                leave(status)
            return status
    except (ConfigError, UsageError) as refused:
        print(refused, file=sys.stderr)
        return 2
    except KawatError as failed:
        print(failed, file=sys.stderr)
        return 1


def leave(status: int) -> None:
    """End now, though a job still runs: the interpreter would wait for its thread. The store rolls back what is not
    committed, and what was being sent comes again, marked."""
    logging.shutdown()
    os._exit(status)


if __name__ == "__main__":
    ask = argparse.ArgumentParser(description="The daemon of Kawat: the same as `kawat --dir DIR daemon`.")
    ask.add_argument("folder", nargs="?", type=Path, default=Path(), metavar="DIR", help="what `kawat init` made")
    sys.exit(main(ask.parse_args().folder))
