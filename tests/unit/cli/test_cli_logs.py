"""Logs carry pairs, never a secret, and never more lines than were logged."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest

from kawat.logs import MAX_TEXT, Redactor, set_up
from pipeline.alert.channel import Secret
from pipeline.config.settings import LogFormat, LogLevel


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    yield io.StringIO()
    root.handlers[:] = before
    root.setLevel(level)


def test_json_lines_carry_the_pairs(stream: io.StringIO) -> None:
    set_up(LogFormat.JSON, stream=stream)
    logging.getLogger("crawl").info("polled %s", "rri", extra={"outlet": "rri", "new": 12, "level": "x"})
    line = json.loads(stream.getvalue())
    assert (line["event"], line["outlet"], line["new"], line["logger"]) == ("polled rri", "rri", 12, "crawl")
    assert line["level"] == "info"
    assert line["level_"] == "x"
    assert line["time"].endswith("+00:00")


def test_human_lines_are_one_line_each(stream: io.StringIO) -> None:
    set_up(LogFormat.HUMAN, stream=stream)
    logging.getLogger("x").warning("bad\ntitle \x1b[31m", extra={"title": "a\nb \u202ec"})
    assert stream.getvalue().count("\n") == 1
    assert "\x1b" not in stream.getvalue()
    assert "\u202e" not in stream.getvalue()


def test_a_stream_that_is_no_terminal_gets_json_and_a_second_set_up_replaces_the_first(stream: io.StringIO) -> None:
    set_up(stream=io.StringIO())
    set_up(LogFormat.AUTO, LogLevel.WARNING, stream=stream)
    logging.getLogger("x").info("quiet")
    logging.getLogger("x").error("loud")
    assert [json.loads(line)["event"] for line in stream.getvalue().splitlines()] == ["loud"]


@pytest.mark.parametrize(
    "text",
    [
        "login failed for geheim-1",
        "login failed for geheim%2F2 and geheim/2",
        "postgresql://user:s3cr3t@db/kawat refused",
        "POST https://hooks.slack.com/services/T00/B00/s3cr3t answered 404",
        "Authorization: Bearer s3cr3t",
        '{"password": "s3cr3t", "user": "a"}',
        "smtp password=s3cr3t, host=x",
        "api_key: s3cr3t",
    ],
)
def test_secrets_never_reach_a_log(stream: io.StringIO, text: str) -> None:
    set_up(LogFormat.JSON, secrets=[Secret("geheim-1"), Secret("geheim/2"), Secret("")], stream=stream)
    log = logging.getLogger("x")
    log.error(text, extra={"detail": {"deep": [text]}})
    try:
        raise ValueError(text)
    except ValueError:
        log.exception("failed")
    for secret in ("geheim-1", "geheim/2", "geheim%2F2", "s3cr3t"):
        assert secret not in stream.getvalue()


def test_a_long_text_is_cut() -> None:
    assert len(Redactor().text("x" * 10_000)) == MAX_TEXT + 1
