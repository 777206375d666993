"""`settings.yaml`: where data lie, how often and how gently outlets are read, how long things are kept.

Every default stands twice, here and explained in the shipped `config/settings.yaml`; a test holds them equal.
"""

from __future__ import annotations

import re
from datetime import time, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import AfterValidator, Field, PlainValidator

from pipeline import model
from pipeline.alert.channel import Secret
from pipeline.config.document import FromEnvironment, Section
from pipeline.config.explain import Mend
from pipeline.config.quantities import Duration, Interval, Size, TimeOfDay, WebAddress, Zone, mail_address, web_address

MB: Final = 1_000_000
GB: Final = 1_000_000_000
_PASSWORD: Final = re.compile(r"://[^/@:]*:[^/@]+@")
_DATABASE: Final = re.compile(r"(?:sqlite|postgresql)(?:\+[a-z0-9]+)?://.*", re.DOTALL)


class LogFormat(StrEnum):
    """`auto`: human on a terminal, JSON elsewhere."""

    AUTO = "auto"
    HUMAN = "human"
    JSON = "json"


class LogLevel(StrEnum):
    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


def _contact(value: str) -> str:
    if not value:
        return value
    if "@" in value and "/" not in value:
        return mail_address(value)
    return web_address(value)


def _database(value: Any) -> Secret:
    if isinstance(value, Secret):
        return value
    if not isinstance(value, str):
        raise Mend("must be text", "write postgresql+psycopg://… or leave it empty for SQLite")
    if value and not _DATABASE.fullmatch(value):
        raise Mend("is no database address Kawat knows", "write postgresql+psycopg://… or leave it empty for SQLite")
    if not isinstance(value, FromEnvironment) and _PASSWORD.search(value):
        raise Mend("a password must not stand in the file", "write the address as ${NAME} and set NAME in secrets.env")
    return Secret(value)


class Operator(Section):
    """`operator:` who runs this Kawat."""

    name: str = Field(default="", max_length=100)
    contact: Annotated[str, AfterValidator(_contact)] = ""


class Crawl(Section):
    """`crawl:` bounds of one crawl process and of one fetch."""

    deadline: Interval = timedelta(minutes=10)
    memory: Size = Field(default=1 * GB, ge=100 * MB)
    concurrency: int = Field(default=16, ge=1, le=64)
    fetch_time: Interval = timedelta(seconds=60)


class Politeness(Section):
    """`politeness:` towards one host, where an outlet's file says nothing of its own."""

    delay: Duration = timedelta(seconds=2)
    concurrency: int = Field(default=1, ge=1, le=8)

    def value(self) -> model.Politeness:
        return model.Politeness(delay=self.delay, concurrency=self.concurrency)


class Retention(Section):
    """`retention:` how long things are kept; agreements, and what proves them, for ever."""

    raw: Interval = timedelta(days=30)
    text: Interval = timedelta(days=30)
    fingerprints: Interval = timedelta(days=180)


class Disk(Section):
    """`disk:` below `min_free` crawling stops and delivery goes on."""

    min_free: Size = 1 * GB


class FirstRun(Section):
    """`first_run:` whether an outlet's first poll is a baseline, told in one starting picture."""

    baseline: bool = True


class OutletChoice(Section):
    """`outlets:` which of the known outlets are read."""

    only: tuple[str, ...] = ()
    disabled: tuple[str, ...] = ()


class Log(Section):
    """`log:` on standard error."""

    format: LogFormat = LogFormat.AUTO
    level: LogLevel = LogLevel.INFO


class Heartbeat(Section):
    """`heartbeat:` a ping to a dead-man's switch while all is well."""

    url: WebAddress | None = None
    every: Interval = timedelta(minutes=5)


class Settings(Section):
    """The whole file. `data_dir` is relative to the file's folder; `digest` is wall-clock time in `zone`."""

    data_dir: Path = Path("data")
    database: Annotated[Secret, PlainValidator(_database)] = Field(default_factory=lambda: Secret(""))
    operator: Operator = Operator()
    zone: Zone = "Asia/Jakarta"
    home: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] = "ID"
    digest: TimeOfDay = time(7, 30)
    housekeeping: Interval = timedelta(hours=1)
    crawl: Crawl = Crawl()
    politeness: Politeness = Politeness()
    retention: Retention = Retention()
    disk: Disk = Disk()
    first_run: FirstRun = FirstRun()
    outlets: OutletChoice = OutletChoice()
    heartbeat: Heartbeat = Heartbeat()
    allow_loopback: bool = False
    log: Log = Log()

    def user_agent(self, version: str) -> str:
        """Who we say we are: never a browser; the operator's contact where one is given."""
        contact = self.operator.contact
        address = f"+mailto:{contact}" if "@" in contact and "/" not in contact else f"+{contact}"
        who = f"{self.operator.name}; " if self.operator.name else ""
        return f"Kawat/{version} ({who}{address if contact else 'no contact given'})"
