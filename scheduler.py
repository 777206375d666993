"""The daemon: APScheduler 3.x jobs over one App. Holds no logic of its own, only a clock and a way to stop.

    crawl         what is due? one crawl process at a time
    inbox         captured pages -> articles, agreements, outbox rows      every 0.5 s
    outbox        due deliveries -> channels                               every 0.5 s
    digest        daily digests, starting picture, catch-up
    files         articles/DATE.jsonl and agreements.jsonl from the store
    housekeeping  retention, full-text index, disk forecast
    configuration what changed on the disk is taken over; a broken file leaves the last good one in force
    heartbeat     a ping to the operator's dead-man switch

What is due is data in the store, so a restart costs nothing and missed runs are caught up once. SIGTERM and SIGINT
end the crawl process's group and let the running job finish or roll back.
"""

from __future__ import annotations

import logging
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from apscheduler.schedulers.background import BackgroundScheduler

from kawat.app import App
from kawat.logs import set_up
from pipeline.errors import AlreadyRunning, ConfigError, KawatError

log = logging.getLogger(__name__)

SECONDS = {
    "crawl": 2.0,
    "inbox": 0.5,
    "outbox": 0.5,
    "digest": 5.0,
    "files": 2.0,
    "housekeeping": 60.0,
    "configuration": 5.0,
    "heartbeat": 60.0,
}
STOP_WITHIN = 9.0


def guarded(name: str, job: Callable[[], object]) -> Callable[[], None]:
    """A job whose expected failures are logged and tried again at its next turn."""

    def run() -> None:
        try:
            job()
        except KawatError as problem:
            log.error("job failed", extra={"job": name, "problem": str(problem)})

    return run


def serve(app: App, stop: threading.Event) -> int:
    """Run every job until `stop` is set; 0 after an orderly end, 1 where a job would not end in time."""
    scheduler = BackgroundScheduler(timezone="UTC")
    jobs: dict[str, Callable[[], object]] = {
        "crawl": lambda: app.crawl_due(stop=stop),
        "inbox": lambda: app.process(stop=stop),
        "outbox": lambda: app.deliver(stop=stop),
        "digest": app.compose_due,
        "files": app.write_files,
        "housekeeping": app.housekeep,
        "configuration": app.reload,
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
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    scheduler.start()
    log.info("daemon started", extra={"folder": str(app.folder)})
    stop.wait()
    log.info("daemon stopping")
    app.end_crawl()
    ending = threading.Thread(target=scheduler.shutdown, kwargs={"wait": True}, daemon=True)
    ending.start()
    ending.join(STOP_WITHIN)
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
    """`kawat daemon`: 0 after an orderly end, 1 where it failed, 2 where the configuration is refused."""
    try:
        with App.open(folder) as app, app.exclusive("daemon"):
            settings = app.configuration.settings.log
            set_up(settings.format, settings.level, secrets=app.configuration.secrets)
            return serve(app, until_signalled())
    except ConfigError as refused:
        print(refused, file=sys.stderr)
        return 2
    except AlreadyRunning as running:
        print(running, file=sys.stderr)
        return 1
    except KawatError as failed:
        print(failed, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else ".")))
