"""The commands over a fake App: data on standard output, chatter on standard error, and the exit statuses."""

from __future__ import annotations

import errno
import json
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from command_desk import NOW, STATUS, Desk

from kawat.cli import face
from kawat.cli.face import Filter
from pipeline.errors import AlreadyRunning, ConfigError, Fault, KawatError, StoreBusy, UsageError
from pipeline.model import Issue, Permanent, Sent


def test_run_says_what_happened_with_chatter_apart(kawat: Desk) -> None:
    result = kawat("run")
    assert result.exit_code == 0
    assert "4 pages: 3 articles, 1 rejects, 1 duplicates; 1 new agreements" in result.stdout
    assert "rejected: 1 index page" in result.stdout
    assert "rri: 4 new" in result.stderr
    assert "rri: 4 new" not in result.stdout


def test_run_can_poll_everything_and_speak_json(kawat: Desk) -> None:
    result = kawat("run", "--all", "--json")
    assert ("run", True) in kawat.app.asked
    row = json.loads(result.stdout)
    assert row["runs"][0]["started_at"] == "2026-11-20T07:02:00Z"
    assert row["rejects"] == {"index page": 1}
    assert result.stderr == ""


def test_run_and_status_end_with_three_when_degraded(kawat: Desk) -> None:
    issue = Issue(subject="rri", problem="three polls failed", remedy="look at it", since=NOW)
    kawat.app.stand = replace(STATUS, degraded=True, issues=(issue,))
    assert kawat("run").exit_code == 3
    result = kawat("status")
    assert result.exit_code == 3
    assert "DEGRADED" in result.stdout
    assert "! rri: three polls failed" in result.stdout


def test_status_shows_both_zones_the_disk_and_whether_anything_is_sent(kawat: Desk) -> None:
    result = kawat("status")
    assert result.exit_code == 0
    assert "2026-11-20 14:02 WIB (16:02 JST)" in result.stdout
    assert "free 12.3 GB" in result.stdout
    assert "NOT SENDING" not in result.stdout
    kawat.app.stand = replace(STATUS, sending=False)
    assert "NOT SENDING" in kawat("status").stdout


@pytest.mark.parametrize(
    "args",
    [
        *(["outlets", "list"], ["articles", "list"], ["articles", "search", "mou"], ["articles", "show", "abc"]),
        *(["agreements", "list"], ["agreements", "show", "k"], ["alerts", "list"], ["alerts", "test"], ["status"]),
    ],
    ids=" ".join,
)
def test_every_listing_speaks_json_one_object_per_line(kawat: Desk, args: list[str]) -> None:
    result = kawat(*args, "--json")
    assert result.exit_code == 0
    for line in result.stdout.splitlines():
        assert isinstance(json.loads(line), dict)
    assert result.stdout.strip()


def test_the_list_of_outlets_says_what_each_is_how_it_is_found_and_how_sure_that_is(kawat: Desk) -> None:
    header, *lines = kawat("outlets", "list").stdout.splitlines()
    rows = [dict(zip(header.split("\t"), line.split("\t"), strict=True)) for line in lines]
    assert len(rows) == 68
    by_slug = {row["slug"]: (row["kind"], row["languages"], row["discovery"], row["certainty"]) for row in rows}
    assert by_slug["antara_regional"] == ("regional", "id", "feed ×34", "A, B")
    assert by_slug["detik"] == ("national", "id", "feed ×3", "A")
    assert by_slug["mic_jp"] == ("counterpart", "ja, en", "feed, listing", "A, B")
    assert not [row for row in rows if "–" in (row["kind"], row["languages"], row["discovery"], row["certainty"])]


def test_a_pipe_gets_tab_separated_lines_without_colour_or_steering(kawat: Desk) -> None:
    result = kawat("articles", "list")
    header, line = result.stdout.splitlines()
    assert header.split("\t") == ["published", "outlet", "label", "title", "key"]
    assert line.split("\t")[3] == "Judul [31mmerah tab"
    assert "\x1b" not in result.stdout


def test_filters_reach_the_app(kawat: Desk) -> None:
    kawat("articles", "list", "-n", "5", "--since", "2026-11-01", "--outlet", "rri")
    (_, wanted), *_ = kawat.app.asked
    assert (wanted.limit, wanted.outlet) == (5, "rri")
    assert wanted.since == datetime(2026, 10, 31, 17, 0, tzinfo=UTC)
    kawat("agreements", "list", "--partner", "jp", "--since", "3 days")
    assert kawat.app.asked[-1][1].partner == "JP"
    kawat("alerts", "list", "--state", "waiting")
    assert kawat.app.asked[-1][1].state == "waiting"


@pytest.mark.parametrize(
    "args",
    [
        *(
            ["articles", "list", "--since", "soon"],
            ["agreements", "list", "--partner", "Japan"],
            ["articles", "show", "x"],
        ),
        *(["agreements", "show", "x"], ["why", "https://x.example/"], ["seed", "remove", "x"], ["nonsense"]),
        *(["articles", "list", "--limit", "0"], ["alerts", "list", "--state", "x"], ["articles", "export", "x.doc"]),
        *(["seed", "add", "/nonexistent/file"], ["status", "--dir", "/nonexistent/kawat"], ["read"]),
    ],
    ids=" ".join,
)
def test_what_makes_no_sense_ends_with_two_and_says_why(kawat: Desk, args: list[str]) -> None:
    result = kawat(*args)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.strip()
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("failure", "code"),
    [
        (ConfigError((Fault(path="f.yaml", line=3, key="k", problem="is wrong", remedy="mend it"),)), 2),
        (UsageError("no"), 2),
        (StoreBusy("another process holds the database"), 1),
        (AlreadyRunning("a daemon runs already (process 12)"), 1),
    ],
)
def test_failures_become_words_and_a_status(kawat: Desk, failure: KawatError, code: int) -> None:
    kawat.app.failure = failure
    result = kawat("run")
    assert result.exit_code == code
    assert str(failure) in result.stderr
    assert "Traceback" not in result.stderr


def test_what_the_operating_system_refuses_becomes_words(kawat: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_wanted: Filter, to: Path, _form: str) -> int:
        raise OSError(errno.ENOSPC, "No space left on device", str(to))

    monkeypatch.setattr(kawat.app, "export_articles", full)
    result = kawat("articles", "export", "x.csv")
    assert result.exit_code == 1
    assert result.stderr == "x.csv: No space left on device\n"


@pytest.mark.parametrize("args", [["check", "--defaults"], ["check", "--defaults", "--json"]], ids=" ".join)
def test_output_that_finds_no_room_ends_with_one_and_a_plain_message(args: list[str]) -> None:
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-m", "kawat", *args]
        result = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, timeout=60, check=False)
    assert result.returncode == 1
    assert "the output: No space left on device" in result.stderr
    assert "Traceback" not in result.stderr
    assert "Exception" not in result.stderr


def test_the_folder_may_be_named_at_either_end(kawat: Desk, tmp_path: Path) -> None:
    for args in (["--dir", str(tmp_path), "status"], ["status", "-d", str(tmp_path)], ["status", f"--dir={tmp_path}"]):
        assert kawat(*args, env={"KAWAT_DIR": "/nonexistent"}).exit_code == 0


def test_exports_take_the_format_from_the_ending_or_the_option(kawat: Desk, tmp_path: Path) -> None:
    assert kawat("agreements", "export", str(tmp_path / "a.xlsx")).exit_code == 0
    assert kawat.app.asked[-1] == ("export_agreements", ("a.xlsx", "xlsx"))
    kawat("agreements", "export", str(tmp_path / "a.txt"), "--format", "csv")
    assert kawat.app.asked[-1] == ("export_agreements", ("a.txt", "csv"))
    kawat("articles", "export", str(tmp_path / "a.xlsx"))
    assert kawat.app.asked[-1] == ("export_articles", ("a.xlsx", "xlsx"))
    result = kawat("articles", "export", str(tmp_path / "a.jsonl"))
    assert kawat.app.asked[-1] == ("export_articles", ("a.jsonl", "jsonl"))
    assert "7 articles" in result.stderr


def test_a_test_that_is_refused_ends_with_one(kawat: Desk) -> None:
    assert kawat("alerts", "test").exit_code == 0
    kawat.app.tested = [face.Tested(channel="mail", recipient="a", attempt=Permanent(reason="550 no"))]
    result = kawat("alerts", "test", "mail")
    assert kawat.app.asked[-1] == ("test_channels", "mail")
    assert result.exit_code == 1
    assert "550 no" in result.stdout
    kawat.app.tested = [face.Tested(channel="unsent", recipient="a", attempt=Sent(), into_file=True)]
    result = kawat("alerts", "test")
    assert result.exit_code == 0
    assert "NOT SENDING" in result.stderr


def test_why_tells_the_path_step_by_step(kawat: Desk) -> None:
    assert kawat("why", "https://known.example/").stdout == " 1. found in the feed\n 2. an agreement\n"
    assert json.loads(kawat("why", "https://known.example/", "--json").stdout)["why"][1] == "an agreement"


def test_read_prints_one_object_per_article_and_three_for_rejects(kawat: Desk, tmp_path: Path) -> None:
    kawat.rows = [{"id": "1", "verdict": "new", "title": "é", "label": "other", "why": ["a"]}]
    result = kawat("read", "a.txt", "-", "--json", "--no-register", env={"KAWAT_DIR": ""})
    assert result.exit_code == 0
    assert [json.loads(line) for line in result.stdout.splitlines()] == kawat.rows
    assert "é" in result.stdout
    assert kawat.read == [(["a.txt", "-"], False, None)]
    kawat.rows.append({"id": "2", "verdict": "reject", "reason": "index page"})
    result = kawat("read", "a.txt")
    assert result.exit_code == 3
    assert kawat.read[-1] == (["a.txt"], True, tmp_path)
    assert "reject" in result.stdout


def test_demo_daemon_seed_and_purge(kawat: Desk, tmp_path: Path) -> None:
    result = kawat("demo", str(tmp_path / "demo"), "--json")
    assert json.loads(result.stdout) == {"folder": str(tmp_path / "demo"), "alerts": 2}
    assert kawat("daemon").exit_code == 0
    (tmp_path / "x.txt").write_text("x")
    assert kawat("seed", "add", str(tmp_path / "x.txt")).exit_code == 0
    assert kawat("seed", "list").exit_code == 0
    assert kawat("seed", "remove", "s").exit_code == 0
    assert kawat("purge", "https://x.example/", stdin="n\n").exit_code == 1
    assert ("purge", "https://x.example/") not in kawat.app.asked
    assert kawat("purge", "https://x.example/", "--yes").exit_code == 0
    assert ("purge", "https://x.example/") in kawat.app.asked


def test_help_and_version_need_no_folder(kawat: Desk) -> None:
    for args in (["--help"], ["--version"], ["articles", "--help"], ["init", "-h"]):
        assert kawat(*args, env={"KAWAT_DIR": "/nonexistent"}).exit_code == 0


def test_recurring_lines_are_shown_pinned_and_refused(kawat: Desk) -> None:
    assert "Kabar Pagi" in kawat("outlets", "boilerplate", "rri").output
    assert "nothing recurs" in kawat("outlets", "boilerplate", "new").output
    kawat("outlets", "boilerplate", "rri", "--pin", "a1")
    kawat("outlets", "boilerplate", "rri", "--refuse", "a1", "--json")
    said = [what for name, what in kawat.app.asked if name == "say_boilerplate"]
    assert said == [("rri", "a1", True), ("rri", "a1", False)]
    assert kawat("outlets", "boilerplate", "rri", "--pin", "a", "--refuse", "b").exit_code == 2


def test_a_cable_is_text_as_it_stands(kawat: Desk) -> None:
    shown = kawat("agreements", "show", "k", "--format", "cable")
    assert (shown.exit_code, shown.stdout) == (0, "INDONESIA AND JAPAN SIGN\n\nFACTS\n")
    assert kawat("agreements", "show", "x", "--format", "cable").exit_code == 2


def test_one_alert_is_shown_rebuilt_and_tried_again(kawat: Desk) -> None:
    assert "mail" in kawat("alerts", "show", "1").stdout
    same = kawat("alerts", "replay", "1")
    assert same.exit_code == 0
    assert same.stdout.startswith("identical\n")
    assert "rules  r1: the same today" in same.stdout
    assert "code   c1 (Kawat 0.1.0): changed since" in same.stdout
    other = kawat("alerts", "replay", "2")
    assert other.exit_code == 1
    assert "items[0].quote: was 'a', now 'b'" in other.stdout
    assert kawat("alerts", "list", "--state", "hidden").exit_code == 0
    assert kawat("alerts", "retry").exit_code == 2
    assert "sent" in kawat("alerts", "retry", "1").stdout
    kawat.app.busy = True
    assert "the daemon sends them" in kawat("alerts", "retry", "--failed").stderr
    assert [what for name, what in kawat.app.asked if name == "retry"] == [(("1",), False), ((), True)]
    assert "1.50" in kawat("alerts", "times").stdout


def test_a_drill_that_fails_leaves_with_one(kawat: Desk) -> None:
    assert kawat("drill").exit_code == 0
    kawat.app.drilled = [{"step": "mail: a@x.example", "outcome": "failed", "seconds": 0.1, "detail": "refused"}]
    assert kawat("drill").exit_code == 1
