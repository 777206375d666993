"""Values as people write them: durations ("10m", "2 h 30 min", "30 days"), sizes ("1 GB"), times of day ("07:30"), time
zones, five-field cron expressions, RE2 patterns, secrets, addresses. Pydantic types, each refusing with a remedy."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import Annotated, Any, Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import re2
from cronsim import CronSim, CronSimError
from pydantic import AfterValidator, BeforeValidator, PlainValidator

from pipeline.alert.channel import Secret
from pipeline.config.document import FromEnvironment
from pipeline.config.explain import Mend

_PART: Final = re.compile(r"\s*([0-9]+(?:\.[0-9]+)?)\s*([A-Za-z]+)\s*,?")
_SECONDS: Final = {
    **dict.fromkeys(("ms", "millisecond", "milliseconds"), Decimal("0.001")),
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), Decimal(1)),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), Decimal(60)),
    **dict.fromkeys(("h", "hour", "hours"), Decimal(3600)),
    **dict.fromkeys(("d", "day", "days"), Decimal(86400)),
    **dict.fromkeys(("w", "week", "weeks"), Decimal(604800)),
}
_BYTES: Final = {"b": 1, "bytes": 1} | {
    f"{letter}{suffix}": base**power
    for power, letter in enumerate("kmgt", start=1)
    for suffix, base in (("b", 1000), ("ib", 1024))
}
_ANY_TIME: Final = datetime(2026, 1, 1, tzinfo=UTC)
_LONGEST: Final = timedelta(days=36500)
MAX_PATTERN: Final = 1000


def duration(value: Any) -> timedelta:
    """A `timedelta` from "90s", "10 min", "2h 30m", "30 days". Raises `Mend` for anything else, a bare number too."""
    if isinstance(value, timedelta):
        return value
    text = value.strip().lower() if isinstance(value, str) else ""
    total, at = Decimal(0), 0
    while text and at < len(text):
        part = _PART.match(text, at)
        if part is None or part[2] not in _SECONDS or len(part[1]) > 12:
            break
        total += Decimal(part[1]) * _SECONDS[part[2]]
        at = part.end()
    if not text or at < len(text) or total > Decimal(_LONGEST.total_seconds()):
        raise Mend("is no duration", "write a number and its unit: 30s, 10m, 2h, 30 days")
    return timedelta(seconds=float(total))


def positive(value: timedelta) -> timedelta:
    if value <= timedelta(0):
        raise Mend("must be longer than nothing", "write for example 10m")
    return value


def size(value: Any) -> int:
    """Bytes from "1 GB", "512 MiB" (kB, MB, GB are powers of 1000; KiB, MiB, GiB of 1024)."""
    if isinstance(value, int) and not isinstance(value, bool) and value == 0:
        return 0
    part = _PART.fullmatch(value.strip().lower()) if isinstance(value, str) else None
    if part is None or part[2] not in _BYTES or len(part[1]) > 12:
        raise Mend("is no size", "write a number and its unit: 500 MB, 1 GB, 64 MiB")
    return int(Decimal(part[1]) * _BYTES[part[2]])


def time_of_day(value: Any) -> time:
    """A `time` from "07:30"."""
    if isinstance(value, time):
        return value
    match = re.fullmatch(r"([0-9]{1,2}):([0-9]{2})", value.strip()) if isinstance(value, str) else None
    if match is None or int(match[1]) > 23 or int(match[2]) > 59:
        raise Mend("is no time of day", "write hours and minutes: 07:30")
    return time(int(match[1]), int(match[2]))


def zone(value: str) -> str:
    """An IANA time zone's name."""
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Mend("is no known time zone", "write an IANA name: Asia/Jakarta, Asia/Tokyo, Europe/Berlin") from None
    return value


def cron(value: str) -> str:
    """A five-field cron expression."""
    if len(value.split()) != 5:
        raise Mend("must have five fields", "minute hour day month weekday, for example: */10 5-22 * * *")
    try:
        CronSim(value, _ANY_TIME)
    except CronSimError as error:
        raise Mend(f"is no cron expression: {error}", "for example: */10 5-22 * * *") from None
    return value


def pattern(value: str) -> str:
    """A regular expression that RE2 accepts, so that no input can make it slow."""
    if len(value) > MAX_PATTERN:
        raise Mend(f"is longer than {MAX_PATTERN} characters", "split it into several patterns")
    options = re2.Options()
    options.log_errors = False
    try:
        re2.compile(value, options=options)
    except re2.error as error:
        reason = error.args[0] if error.args else error
        text = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
        raise Mend(f"is no RE2 pattern: {text}", "look-ahead, look-behind and back-references are not in RE2") from None
    return value


def web_address(value: str) -> str:
    """An absolute http or https URL without user name or password."""
    try:
        parts = urlsplit(value)
        good = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.username is None
        _ = parts.port
    except ValueError:
        good = False
    if not good or any(c.isspace() or ord(c) < 32 for c in value):
        raise Mend("is no web address", "write it whole: https://www.example.go.id/rss")
    return value


def mail_address(value: str) -> str:
    """One e-mail address, without a display name."""
    local, at, domain = value.rpartition("@")
    if not at or not local or not domain or any(c.isspace() or c in '<>,;"\\' or ord(c) < 33 for c in value):
        raise Mend("is no e-mail address", "write it like name@example.org")
    return value


def secret(value: Any) -> Secret:
    """A `Secret` from an environment variable, and from nowhere else: files are copied, mailed and committed."""
    if isinstance(value, Secret):
        return value
    if not isinstance(value, FromEnvironment):
        raise Mend(
            "a secret must not stand in the file", "write ${NAME} and set NAME in the environment or secrets.env"
        )
    if not value:
        raise Mend("the secret is empty", "set the environment variable it names")
    return Secret(str(value))


Duration = Annotated[timedelta, BeforeValidator(duration)]
Interval = Annotated[timedelta, BeforeValidator(duration), AfterValidator(positive)]
Size = Annotated[int, BeforeValidator(size)]
TimeOfDay = Annotated[time, BeforeValidator(time_of_day)]
Zone = Annotated[str, AfterValidator(zone)]
Cron = Annotated[str, AfterValidator(cron)]
Pattern = Annotated[str, AfterValidator(pattern)]
WebAddress = Annotated[str, AfterValidator(web_address)]
MailAddress = Annotated[str, AfterValidator(mail_address)]
SecretText = Annotated[Secret, PlainValidator(secret)]
