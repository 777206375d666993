"""Structured logs on standard error: a sentence and key-value pairs, as JSON lines or for people; secrets never.

Modules log by `logging.getLogger(__name__).info("polled", extra={"outlet": slug, "new": 12})`. What is redacted: the
values of every configured secret wherever they turn up, user names and passwords in addresses, the paths of Slack
webhooks, and what follows password=, token=, secret=, api_key= and Authorization.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final, TextIO
from urllib.parse import quote

from pipeline.alert.channel import HIDDEN, Secret
from pipeline.config.settings import LogFormat, LogLevel

MAX_TEXT: Final = 2000
SHORTEST_SECRET: Final = 4
_OWN: Final = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_USERINFO: Final = re.compile(r"(?i)\b([a-z][a-z0-9+.-]*://)[^/\s@?#]+@")
_SLACK: Final = re.compile(r"(?i)(hooks\.slack(?:-gov)?\.com/)[^\s\"'<>]+")
_NAMED: Final = re.compile(
    r"(?i)([\"']?\b(?:password|passwd|pwd|token|secret|api[_-]?key|authorization)[\"']?\s*[=:]\s*)"
    r"(?:(?:bearer|basic)\s+)?(\"[^\"]*\"|'[^']*'|[^\s,;&\"']+)"
)
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


class Redactor:
    """Takes secrets out of text."""

    def __init__(self, secrets: Iterable[Secret] = ()) -> None:
        plain = {secret.reveal() for secret in secrets if len(secret.reveal()) >= SHORTEST_SECRET}
        longest_first = sorted(plain | {quote(each, safe="") for each in plain}, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, longest_first))) if plain else None

    def text(self, text: str) -> str:
        """`text` without secrets, at most `MAX_TEXT` characters, on lines of its own making only."""
        if self._known is not None:
            text = self._known.sub(HIDDEN, text)
        text = _SLACK.sub(rf"\1{HIDDEN}", _USERINFO.sub(rf"\1{HIDDEN}@", text))
        text = _NAMED.sub(rf"\1{HIDDEN}", text)
        return text if len(text) <= MAX_TEXT else f"{text[:MAX_TEXT]}…"

    def value(self, value: Any) -> Any:
        """A plain value of a log record, without secrets."""
        if value is None or isinstance(value, bool | int | float):
            return value
        if isinstance(value, datetime):
            return value.isoformat()
        if isinstance(value, Mapping):
            return {str(key): self.value(inner) for key, inner in value.items()}
        if isinstance(value, tuple | list | set | frozenset):
            return [self.value(inner) for inner in value]
        return self.text(str(value))


class _Formatter(logging.Formatter):
    def __init__(self, redactor: Redactor) -> None:
        super().__init__()
        self._redactor = redactor

    def _pairs(self, record: logging.LogRecord) -> Iterator[tuple[str, Any]]:
        for key, value in vars(record).items():
            if key not in _OWN and not key.startswith("_"):
                yield key, self._redactor.value(value)

    def _trace(self, record: logging.LogRecord) -> str:
        return self._redactor.text(self.formatException(record.exc_info)) if record.exc_info else ""


class JsonFormatter(_Formatter):
    """One JSON object per line: time (UTC), level, logger, event, and the pairs."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": self._redactor.text(record.getMessage()),
        }
        line.update((key if key not in line else f"{key}_", value) for key, value in self._pairs(record))
        if trace := self._trace(record):
            line["trace"] = trace
        return json.dumps(line, ensure_ascii=False, default=str)


class HumanFormatter(_Formatter):
    """`12:00:01 info  polled  outlet=rri new=12`, times in the machine's zone."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).astimezone().strftime("%H:%M:%S")
        pairs = " ".join(f"{key}={_shown(value)}" for key, value in self._pairs(record))
        event = _CONTROL.sub(" ", self._redactor.text(record.getMessage()).replace("\n", " "))
        line = f"{at} {record.levelname.lower():<7} {event}{'  ' if pairs else ''}{pairs}"
        trace = self._trace(record)
        return f"{line}\n{trace}" if trace else line


def set_up(
    form: LogFormat = LogFormat.AUTO,
    level: LogLevel = LogLevel.INFO,
    *,
    secrets: Iterable[Secret] = (),
    stream: TextIO | None = None,
) -> None:
    """Make the root logger write to `stream` (standard error), replacing what an earlier call set up."""
    target = stream or sys.stderr
    human = form is LogFormat.HUMAN or (form is LogFormat.AUTO and target.isatty())
    redactor = Redactor(secrets)
    handler = logging.StreamHandler(target)
    handler.setFormatter(HumanFormatter(redactor) if human else JsonFormatter(redactor))
    handler.set_name("kawat")
    root = logging.getLogger()
    for each in [each for each in root.handlers if each.get_name() == "kawat"]:
        root.removeHandler(each)
    root.addHandler(handler)
    root.setLevel(level.value.upper())


def _shown(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    text = _CONTROL.sub(" ", text.replace("\n", " "))
    return f'"{text}"' if " " in text or not text else text
