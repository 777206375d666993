"""The one exception tree of Kawat.

    KawatError
    ├── ConfigError        a file a person wrote is wrong: exit status 2
    ├── UsageError         what was asked makes no sense: exit status 2
    ├── StoreError         the database refused or is not usable
    │   ├── StoreBusy      another process holds it; try again
    │   ├── StoreFull      no room on the disk: crawling stops, delivery goes on
    │   └── PageLost       the raw bytes of one page are gone or damaged
    ├── AlreadyRunning     a second daemon on one data directory
    ├── CrawlError         the crawl process as a whole failed (never one page: that is an outcome)
    └── AddressRefused     an address from outside that must not be called

Expected failures of one page, one feed or one delivery are values (`Reject`, `Retry`, `Permanent`), not exceptions.
Every message says what, where and how to mend it.
"""

from __future__ import annotations

from dataclasses import dataclass


class KawatError(Exception):
    """Anything Kawat raises on purpose."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing wrong in one place of a file: what, where, how to mend it."""

    path: str
    line: int | None
    key: str | None
    problem: str
    remedy: str = ""

    def __str__(self) -> str:
        where = f"{self.path}:{self.line}" if self.line is not None else self.path
        key = f" {self.key}:" if self.key else ""
        remedy = f" ({self.remedy})" if self.remedy else ""
        return f"{where}:{key} {self.problem}{remedy}"


class ConfigError(KawatError):
    """Configuration that is refused whole, with every fault found."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        self.faults = faults
        super().__init__("\n".join(map(str, faults)))


class UsageError(KawatError):
    """A request that makes no sense as given."""


class StoreError(KawatError):
    """The database refused, or is not usable."""


class StoreBusy(StoreError):
    """Another process holds the database; the same call may succeed later."""


class StoreFull(StoreError):
    """No room left where the database or the archive lives."""


class PageLost(StoreError):
    """The raw bytes of one page are gone or damaged; no other page is touched by that."""


class AlreadyRunning(KawatError):
    """A second daemon was started on one data directory."""


class CrawlError(KawatError):
    """The crawl process failed as a whole."""


class AddressRefused(KawatError):
    """An address that came from outside and must not be called."""
