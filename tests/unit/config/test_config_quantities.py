"""Durations, sizes, times of day and addresses are read as people write them, and refused with a remedy."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

import pytest

from pipeline.config import quantities
from pipeline.config.explain import Mend


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("90s", timedelta(seconds=90)),
        ("10m", timedelta(minutes=10)),
        ("10 min", timedelta(minutes=10)),
        ("2h 30m", timedelta(hours=2, minutes=30)),
        ("1.5 hours", timedelta(minutes=90)),
        ("30 days", timedelta(days=30)),
        ("2 weeks", timedelta(days=14)),
        ("1 day, 2 hours", timedelta(hours=26)),
        ("500ms", timedelta(milliseconds=500)),
        ("0s", timedelta(0)),
    ],
)
def test_durations(text: str, expected: timedelta) -> None:
    assert quantities.duration(text) == expected


@pytest.mark.parametrize(
    "text", ["", "10", 10, None, "-5m", "10 parsecs", "m", "10m x", "1" * 40 + "s", "99999999 days"]
)
def test_what_is_no_duration(text: Any) -> None:
    with pytest.raises(Mend) as refused:
        quantities.duration(text)
    assert refused.value.remedy


@pytest.mark.parametrize(
    ("text", "expected"),
    [("1 GB", 10**9), ("64 MiB", 64 * 2**20), ("1.5 kB", 1500), ("100 bytes", 100), (0, 0)],
)
def test_sizes(text: Any, expected: int) -> None:
    assert quantities.size(text) == expected


@pytest.mark.parametrize("text", ["1", 5, True, "1 XB", "GB", "-1 GB", None])
def test_what_is_no_size(text: Any) -> None:
    with pytest.raises(Mend):
        quantities.size(text)


def test_times_of_day() -> None:
    assert quantities.time_of_day("07:30") == time(7, 30)
    for wrong in ("24:00", "7", "07:60", 450, "7:3"):
        with pytest.raises(Mend):
            quantities.time_of_day(wrong)


@pytest.mark.parametrize(
    "url",
    [
        *("ftp://x.org/", "https://", "//x.org/", "x.org", "https://user:pw@x.org/", "https://x.org/a b"),
        *("javascript:alert(1)", "file:///etc/passwd", "https://x.org:99999/", "https://[::1/"),
    ],
)
def test_what_is_no_web_address(url: str) -> None:
    with pytest.raises(Mend):
        quantities.web_address(url)


@pytest.mark.parametrize(
    "mail", ["a", "@x.org", "a@", "a b@x.org", "a@x.org\r\nBcc: b@x.org", "A <a@x.org>", "a@x.org,b@x.org"]
)
def test_what_is_no_mail_address(mail: str) -> None:
    with pytest.raises(Mend):
        quantities.mail_address(mail)


def test_zones_crons_and_patterns() -> None:
    assert quantities.zone("Asia/Tokyo") == "Asia/Tokyo"
    assert quantities.cron("*/10 5-22 * * *") == "*/10 5-22 * * *"
    assert quantities.pattern(r"^https?://x\.org/\d+") == r"^https?://x\.org/\d+"
    wrongs: list[tuple[Any, str]] = [
        (quantities.zone, "Jakarta"),
        (quantities.zone, "../../etc/passwd"),
        (quantities.zone, ""),
        (quantities.cron, "* * * *"),
        (quantities.cron, "99 * * * *"),
        (quantities.cron, "* * * * * *"),
        (quantities.pattern, "("),
        (quantities.pattern, r"(a)\1"),
        (quantities.pattern, "x" * 2000),
    ]
    for check, wrong in wrongs:
        with pytest.raises(Mend):
            check(wrong)
