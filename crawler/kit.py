"""What every visit of one tick works with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from crawler.archive import Archive
from crawler.fetch import Fetcher
from crawler.job import CrawlJob
from pipeline.ports import Frontier, Inbox, Walks

Progress = Callable[[Mapping[str, object]], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kit:
    """The tick's tools. `room` says whether the disk has room, `clock` what time it is."""

    job: CrawlJob
    fetcher: Fetcher
    frontier: Frontier
    inbox: Inbox
    walks: Walks
    archive: Archive
    clock: Callable[[], datetime]
    progress: Progress
    room: Callable[[], bool]
