"""What one crawl process is asked to do; light to import, so that whoever starts the process need not load Scrapy."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pipeline.model import Outlet, Revisit


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlJob:
    """What one crawl process is to do.

    `deadline` ends the tick, `fetch_timeout` bounds one answer from connecting to its last byte (both in seconds);
    `max_concurrency` is how many answers may be under way at once over all hosts; `memory_mb` is the process's limit.
    Without `baseline` an outlet's first poll is told like any other. `beside` are outlets that are not polled but have
    other work: walks over the past, and the `revisits` of stored articles. A visit gives walks at most `walk_seconds`,
    so that news does not wait for the past. `early`: lists are asked for even where they are fresh by their own word.
    `script_seconds` bounds the scripts of one page, where an outlet asks for them.
    """

    outlets: tuple[Outlet, ...]
    beside: tuple[Outlet, ...] = ()
    revisits: tuple[Revisit, ...] = ()
    walk_seconds: float = 60.0
    early: bool = False
    archive_dir: Path
    user_agent: str
    deadline: float = 300.0
    fetch_timeout: float = 30.0
    script_seconds: float = 60.0
    memory_mb: int = 512
    allow_loopback: bool = False
    baseline: bool = True
    max_concurrency: int = 16
