"""`kawat silences` and `kawat alerts explain` over a real data folder."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from kawat.cli.main import app
from kawat.cli.silences import clock
from pipeline.errors import UsageError

CHANNELS = """\
channels:
  mail:
    kind: smtp
    host: localhost
    security: plain
    to: [{address: reader@example.org, zone: Asia/Tokyo}]
    quiet: "22:00-06:00"
    watch: {partners: [JP, KR]}
  ops: {kind: file, audience: operator}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "settings.yaml").write_text("operator: {name: N, contact: n@example.org}\n", encoding="utf-8")
    (tmp_path / "channels.yaml").write_text(CHANNELS, encoding="utf-8")
    return tmp_path


def kawat(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(app, ["--dir", str(folder), *words])


def rows(result: Result) -> list[dict[str, object]]:
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_a_silence_is_added_listed_obeyed_and_ended(folder: Path) -> None:
    words = ("partner=JP", "channel=mail", "--for", "3 days", "--reason", "on leave", "--by", "Rina")
    (made,) = rows(kawat(folder, "silences", "add", *words, "--json"))
    assert (made["id"], made["matcher"], made["author"], made["hid"]) == (1, "partner=JP channel=mail", "Rina", 0)
    told = rows(kawat(folder, "alerts", "explain", "--json"))
    new = next(row for row in told if row["channel"] == "mail" and row["news"] == "new agreement")
    assert new["outcome"] == "hidden" and "silence 1 by Rina" in str(new["why"])
    assert kawat(folder, "silences", "end", "1", "--by", "Budi").exit_code == 0
    assert rows(kawat(folder, "silences", "list", "--json")) == []
    (over,) = rows(kawat(folder, "silences", "list", "--all", "--json"))
    assert (over["state"], over["ended_by"]) == ("over", "Budi")
    assert kawat(folder, "silences", "end", "1").exit_code == 2


@pytest.mark.parametrize(
    "words",
    [
        ("colour=red", "--for", "1h", "--reason", "x"),
        ("partner", "--for", "1h", "--reason", "x"),
        ("partner=JP", "partner=KR", "--for", "1h", "--reason", "x"),
        ("partner=JP", "--for", "2020-01-01", "--reason", "x"),
        ("partner=JP", "--for", "soon", "--reason", "x"),
        ("partner=JP", "--for", "1h", "--reason", " "),
    ],
)
def test_what_is_no_silence_is_refused(folder: Path, words: tuple[str, ...]) -> None:
    refused = kawat(folder, "silences", "add", *words)
    assert refused.exit_code == 2, refused.output


def test_explain_says_what_goes_where_when_and_why(folder: Path) -> None:
    night = "2026-12-01 23:10"  # WIB; 01:10 in Tokyo
    told = {row["news"]: row for row in rows(kawat(folder, "alerts", "explain", "--at", night, "--json"))}
    new, talks = told["new agreement"], told["talks"]
    assert (new["outcome"], new["at"]) == ("held", "2026-11-30T21:00:00Z".replace("11-30", "12-01"))
    assert "quiet hours 22:00-06:00 Asia/Tokyo" in str(new["why"])
    assert (talks["outcome"], talks["at"]) == ("digest", "2026-12-01T22:30:00Z")  # 07:30 in Tokyo
    assert told["told before, reported again"]["outcome"] == "not told"
    assert told["told before, ended"]["outcome"] == "held"
    assert told["told before, a fact changed"]["outcome"] == "digest"
    assert told["what is wrong with the machine"]["outcome"] == "at once"
    day = rows(kawat(folder, "alerts", "explain", "--at", "2026-12-01 12:00", "--partner", "FR", "--json"))
    new = next(row for row in day if row["news"] == "new agreement")
    assert new["outcome"] == "not told" and "partner FR is not watched" in str(new["why"])


def test_times_of_day_are_read_in_wib() -> None:
    now = datetime(2026, 12, 1, 18, tzinfo=UTC)  # the second of December in Jakarta
    assert clock("", now) == now
    assert clock("3:10", now) == datetime(2026, 12, 1, 20, 10, tzinfo=UTC)
    with pytest.raises(UsageError):
        clock("noon", now)
