"""The commands over a fake App: data on standard output, chatter on standard error, and the exit statuses."""

from __future__ import annotations

import errno
import json
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TextIO

import pytest
from typer.testing import CliRunner, Result

from kawat.cli import face
from kawat.cli.face import Filter, Parts, Progress, Row, RunSummary, Status
from kawat.cli.main import app
from kawat.init import SLACK_WEBHOOK, SMTP_PASSWORD
from kawat.shipped import defaults
from pipeline.config import Configuration, load
from pipeline.errors import AlreadyRunning, ConfigError, Fault, KawatError, StoreBusy, UsageError
from pipeline.model import Issue, Permanent, Run, Sent

NOW = datetime(2026, 11, 20, 7, 2, tzinfo=UTC)
ARTICLE: Row = {
    "key": "abc",
    "outlet": "rri",
    "title": "Judul \x1b[31m\u202emerah\ttab",
    "published": NOW,
    "discovered": NOW,
    "language": "id",
    "label": "agreement",
    "agreement": None,
    "url": "https://rri.co.id/a/b/1/c",
    "duplicate_of": None,
}
STATUS = Status(
    degraded=False,
    sending=True,
    issues=(),
    counts={"articles": 3, "inbox": 0},
    disk={"free": 12_300_000_000},
    outlets=({"slug": "rri", "tier": "must", "state": "ok", "last_poll": NOW},),
    last_run=NOW,
    daemon=None,
)
SUMMARY = RunSummary(
    runs=(
        Run(
            outlet="rri",
            started_at=NOW,
            finished_at=NOW,
            ok=True,
            sources=1,
            unchanged=0,
            items=9,
            candidates=4,
            fetched=4,
            failed=0,
        ),
    ),
    pages=4,
    articles=3,
    rejects={"index page": 1},
    duplicates=1,
    agreements=1,
    sent=1,
    waiting=0,
    failed=0,
    sending=True,
    seconds=1.25,
)


class FakeApp:
    """Answers like an App and notes what it was asked."""

    def __init__(self, configuration: Configuration) -> None:
        self.configuration = configuration
        self.asked: list[tuple[str, Any]] = []
        self.stand = STATUS
        self.summary = SUMMARY
        self.tested = [face.Tested(channel="mail", recipient="a@b.example", attempt=Sent(receipt="250 ok"))]
        self.failure: KawatError | None = None
        self.busy = False
        self.drilled: list[Row] = [{"step": "capture", "outcome": "ok", "seconds": 0.1, "detail": "d"}]

    def _note(self, name: str, what: Any = None) -> None:
        if self.failure is not None:
            raise self.failure
        self.asked.append((name, what))

    def run(self, progress: Progress, *, everything: bool = False) -> RunSummary:
        self._note("run", everything)
        progress("poll", "rri: 4 new")
        return self.summary

    def backfill(
        self, *, since: date, until: date | None, outlets: Sequence[str], alert: bool, progress: Progress
    ) -> face.Backfilled:
        self._note("backfill", (since, until, tuple(outlets), alert))
        return face.Backfilled(
            lists=1, found=2, pages=2, articles=2, agreements=0, left=0, given_up=0, lost=(), waits=False
        )

    def reprocess(self, *, since: datetime | None, dry_run: bool, alert: bool, progress: Progress) -> Row:
        self._note("reprocess", (since, dry_run, alert))
        row = {"key": "k1", "claim": "Indonesia and Japan sign", "told": True, "joined": None, "slots": ["stage"]}
        kinds = {kind: [row] for kind in ("gained", "lost", "changed")}
        counts = {"pages": 9, "articles": 2, "lost_pages": 1, "unread": 0, "messages": 3, "resumed": False}
        return {"dry_run": dry_run, **counts, **kinds, "urls": ["https://x.example/1"]}

    def status(self) -> Status:
        self._note("status")
        return self.stand

    def outlets(self) -> list[Row]:
        self._note("outlets")
        known = [{"slug": each.slug, "name": each.name, "state": "ok"} for each in self.configuration.outlets]
        return [row | {"terms_url": "https://rri.co.id/", "terms_note": "look"} for row in known]

    def boilerplate(self, slug: str) -> list[Row]:
        self._note("boilerplate", slug)
        line = {"hash": "a1b2", "state": "learned", "articles": 30, "days": 4, "last_seen": NOW, "text": "Kabar Pagi"}
        return [] if slug == "new" else [line]

    def say_boilerplate(self, slug: str, hash_: str, *, cut: bool) -> Row:
        self._note("say_boilerplate", (slug, hash_, cut))
        return {"hash": "a1b2", "state": "pinned" if cut else "refused", "text": "Kabar Pagi"}

    def articles(self, wanted: Filter) -> list[Row]:
        self._note("articles", wanted)
        return [] if wanted.text == "nothing" else [ARTICLE]

    def article(self, key_or_url: str) -> Row | None:
        return (
            {**ARTICLE, "text": "Satu.\n\nDua.", "removed": [{"text": "x", "rule": "r"}]}
            if key_or_url == "abc"
            else None
        )

    def export_articles(self, wanted: Filter, to: Path, form: str) -> int:
        self._note("export_articles", (to.name, form))
        return 7

    def agreements(self, wanted: Filter) -> list[Row]:
        self._note("agreements", wanted)
        return [{"key": "k", "claim": "Indonesia–Japan", "partner": "JP", "confidence": 0.934, "last_reported": NOW}]

    def agreement(self, key: str) -> Row | None:
        return {"key": key, "fields": ["ai", "telecom"]} if key == "k" else None

    def cable(self, key: str) -> str | None:
        return "INDONESIA AND JAPAN SIGN\n\nFACTS\n" if key == "k" else None

    def decide(self, asked: face.Asked) -> Row:
        self._note(asked.kind, (asked.keys, asked.articles, dict(asked.values), asked.number, asked.reason))
        stands = {"key": "k", "standing": "stands", "claim": "Indonesia–Japan"}
        return {"id": 7, "kind": asked.kind, "author": asked.author, "agreements": [stands], "messages": 2}

    def decisions(self, limit: int) -> list[Row]:
        self._note("decisions", limit)
        return [{"id": 7, "at": NOW, "kind": "merge", "agreement": "k", "author": "sari", "reason": "one"}]

    def export_agreements(self, to: Path, form: str) -> int:
        self._note("export_agreements", (to.name, form))
        return 5

    def alerts(self, wanted: Filter) -> list[Row]:
        self._note("alerts", wanted)
        return [{"id": 1, "state": "sent", "subject": "S", "created_at": NOW}]

    def alert(self, reference: str) -> Row:
        return {"id": int(reference), "state": "sent", "channel": "mail"}

    def retry(self, references: Sequence[str], *, all_failed: bool) -> list[Row]:
        self._note("retry", (tuple(references), all_failed))
        return [{"id": 1, "state": "waiting", "channel": "mail"}]

    def now(self) -> datetime:
        return NOW

    def silence(self, terms: str, *, author: str, reason: str, until: datetime) -> Row:
        self._note("silence", (terms, author, reason))
        return {"id": 3, "matcher": terms, "author": author, "reason": reason, "ends_at": until, "state": "active"}

    def silences(self, *, every: bool) -> list[Row]:
        return [{"id": 3, "matcher": "partner=JP", "author": "sari", "hid": 2}] if every else []

    def end_silence(self, number: int, *, by: str) -> None:
        self._note("end_silence", (number, by))

    def explain(self, **asked: Any) -> list[Row]:
        self._note("explain", asked)
        return [{"channel": "mail", "news": "new agreement", "outcome": "held", "at": NOW, "why": "quiet hours"}]

    def replay(self, reference: str) -> Row:
        return {
            "id": int(reference),
            "identical": reference == "1",
            "differs": [] if reference == "1" else [{"what": "items[0].quote", "was": "a", "now": "b"}],
            "lost": [],
            "articles": ["https://x.example/1"],
            "rules": "r1",
            "rules_today": "r1",
            "rules_changed": False,
            "code": "c1",
            "code_today": "c2",
            "code_changed": True,
            "version": "0.1.0",
        }

    def times(self, since: datetime | None) -> list[Row]:
        self._note("times", since)
        return [{"leg": "whole", "alerts": 3, "median": 1.5, "p95": 2.0}]

    def drill(self) -> list[Row]:
        return self.drilled

    def deliver(self) -> object:
        self._note("deliver")
        return None

    @contextmanager
    def exclusive(self, role: str) -> Iterator[None]:
        if self.busy:
            raise AlreadyRunning("the daemon is at work here")
        yield

    def test_channels(self, channel: str = "") -> list[face.Tested]:
        self._note("test_channels", channel)
        return self.tested

    def why(self, url: str) -> list[str] | None:
        return ["found in the feed", "an agreement"] if "known" in url else None

    def purge(self, url: str) -> int:
        self._note("purge", url)
        return 3

    def seed_add(self, paths: Sequence[Path]) -> list[Row]:
        self._note("seed_add", [path.name for path in paths])
        return [{"key": "s", "title": "t", "words": 300, "source": "x"}]

    def seed_list(self) -> list[Row]:
        return []

    def seed_remove(self, key: str) -> bool:
        return key == "s"

    def feedback(self, name: str, *, right: bool, label: str, note: str) -> Row:
        self._note("feedback", (name, right, label, note))
        return {"id": name, "title": "Judul", "label": label or "agreement", "judged": {"said": "agreement"}}

    def sample(self, *, number: int, since: datetime | None, seed: int) -> Row:
        self._note("sample", (number, seed))
        part = {"part": "near", "articles": 40, "judged": 5, "missed": 1, "upper": 0.66}
        drawn = {"key": "abc", "part": "near", "outlet": "rri", "label": "other", "title": "T", "url": "u", "text": "x"}
        return {"articles": [drawn], "estimate": {"expected": 8.0, "upper": 27, "parts": [part]}}

    def try_rules(self, draft: Path, *, since: datetime | None, progress: Progress) -> Row:
        self._note("try_rules", draft.name)
        gained = {"kind": "gained", "title": "T", "now": "other", "draft": "agreement; JP signed", "why": ["a step"]}
        week = {"channel": "mail", "now": 1, "draft": 2, "week_now": 0.5, "week_draft": 1.0}
        return {"articles": 90, "days": 14.0, "gained": [gained], "lost": [], "changed": [], "alerts": [week]}


class Desk:
    """A folder that was set up, a fake App, and a way to call the command line."""

    def __init__(self, folder: Path, configuration: Configuration) -> None:
        self.folder = folder
        (folder / "settings.yaml").write_text("zone: Asia/Tokyo\n")
        self.app = FakeApp(configuration)
        self.read: list[tuple[Any, ...]] = []
        self.rows: list[Row] = []

    @contextmanager
    def open_app(self, folder: Path) -> Iterator[FakeApp]:
        assert folder.is_absolute()
        yield self.app

    def read_inputs(
        self, inputs: Sequence[str], *, register: bool, stdin: TextIO, folder: Path | None
    ) -> Iterable[Row]:
        self.read.append((list(inputs), register, folder))
        yield from self.rows

    def run_demo(self, folder: Path, *, progress: Progress) -> Row:
        progress("demo", "starting")
        return {"folder": folder, "alerts": 2}

    def run_daemon(self, folder: Path) -> int:
        return 0

    def __call__(self, *args: str, stdin: str = "", env: dict[str, str] | None = None) -> Result:
        parts = Parts(
            open_app=self.open_app, read_inputs=self.read_inputs, run_demo=self.run_demo, run_daemon=self.run_daemon
        )
        variables = {"KAWAT_DIR": str(self.folder), **(env or {})}
        return CliRunner().invoke(app, list(args), obj=parts, env=variables, input=stdin, catch_exceptions=False)


@pytest.fixture(scope="module")
def configuration(tmp_path_factory: pytest.TempPathFactory) -> Configuration:
    folder = tmp_path_factory.mktemp("tokyo")
    (folder / "settings.yaml").write_text("zone: Asia/Tokyo\n")
    return load(folder, defaults(), {})


@pytest.fixture
def kawat(tmp_path: Path, configuration: Configuration) -> Desk:
    return Desk(tmp_path, configuration)


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


def test_check_says_file_line_key_and_remedy(kawat: Desk, tmp_path: Path) -> None:
    result = kawat("check")
    assert result.exit_code == 0
    assert result.stdout.startswith("fine: 51 outlets")
    assert "permission" in result.stderr
    alike = (
        "ANTARA <https://www.antaranews.com/>, ANTARA (regional desks) <https://www.antaranews.com/>, fetch: summary"
    )
    assert alike in result.stderr  # what is known alike stands in one line
    assert "(seen 2026-11-21)" in result.stderr
    assert "1 channel (" in result.stdout
    assert "no contact is named" in result.stderr
    (tmp_path / "settings.yaml").write_text("zone: Asia/Tokyo\nretenton: {}\n")
    result = kawat("check")
    assert result.exit_code == 2
    assert result.stderr.endswith("\n1 fault\n")
    assert f"{tmp_path}/settings.yaml:2: retenton: is no known key (did you mean retention?)" in result.stderr
    fault = json.loads(kawat("check", "--json").stdout)
    assert (fault["line"], fault["key"]) == (2, "retenton")
    assert kawat("check", "--defaults").exit_code == 0


def test_init_takes_options_writes_the_folder_and_sends_a_test(kawat: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "new"
    result = kawat(
        *("init", str(folder), "--to", "desk@example.org", "--smtp", "smtp.example.org:2525", "--smtp-user", "u"),
        *("--slack", "--operator", "ops@example.org", "--contact", "ops@example.org", "--zone", "Asia/Seoul"),
        env={SMTP_PASSWORD: "geheim-pw", SLACK_WEBHOOK: "https://hooks.slack.com/services/T/B/geheim"},
    )
    assert result.exit_code == 0, result.output
    assert ("test_channels", "") in kawat.app.asked
    assert "250 ok" in result.stdout
    assert "permission" in result.stderr
    assert "geheim" not in result.output
    made = load(folder, defaults(), {})
    assert [each.name for each in made.channels] == ["mail", "operator-mail", "slack"]
    assert made.settings.zone == "Asia/Seoul"


def test_init_without_delivery_says_so(kawat: Desk, tmp_path: Path) -> None:
    kawat.app.tested = []
    result = kawat("init", str(tmp_path / "new"))
    assert result.exit_code == 0
    assert "NOT SENDING" in result.stderr


@pytest.mark.parametrize(
    "args",
    [
        *(["--to", "desk"], ["--smtp", "h"], ["--to", "a@b.example", "--smtp", "h:x"], ["--sender", "x"]),
        *(["--to", "a@b.example", "--smtp", "h:"], ["--to", "a@b.example", "--smtp", "h h"]),
        *(["--to", "a@b.example", "--smtp", "h", "--smtp-security", "plain", "--smtp-user", "u"],),
        *(["--zone", "WIB"], ["--slack"], ["--contact", "nobody"], ["--operator", "x"], ["--language", "fr"]),
        *(["--to", "a@b.example", "--smtp", "h", "--smtp-user", "u"],),
    ],
    ids=" ".join,
)
def test_init_refuses_wrong_options_and_writes_nothing(kawat: Desk, tmp_path: Path, args: list[str]) -> None:
    result = kawat("init", str(tmp_path / "new"), *args, env={SMTP_PASSWORD: "", SLACK_WEBHOOK: ""})
    assert result.exit_code == 2
    assert result.stderr.strip()
    assert not (tmp_path / "new").exists()


def test_init_names_the_value_that_it_refuses_but_no_secret(kawat: Desk, tmp_path: Path) -> None:
    result = kawat("init", str(tmp_path / "new"), "--to", "a@b.example", "--to", "desk")
    assert "--to 'desk' is no e-mail address" in result.stderr
    result = kawat("init", str(tmp_path / "new"), "--slack", env={SLACK_WEBHOOK: "geheim"})
    assert result.exit_code == 2
    assert f"{SLACK_WEBHOOK}: is no web address" in result.stderr
    assert "geheim" not in result.output


def test_init_with_a_reader_and_no_relay_keeps_all_answers_and_says_not_sending(
    kawat: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kawat.cli.start.at_terminal", lambda: True)
    kawat.app.tested = [face.Tested(channel="mail", recipient="a", attempt=Sent(), into_file=True)]
    answers = ["desk@example.org", "relay:x", "two words", "", "", "ops@example.org", "", "Asia/Seoul"]
    result = kawat("init", str(tmp_path / "new"), "--language", "id", stdin="\n".join(answers) + "\n")
    assert result.exit_code == 0, result.output
    assert "relay:x has no port number after the colon" in result.stderr
    assert "two words is no mail relay" in result.stderr
    assert "NOT SENDING" in result.stderr
    made = load(tmp_path / "new", defaults(), {})
    assert not made.sending
    mail, operator = made.channels
    assert (mail.kind, operator.kind, operator.audience) == ("file", "file", "operator")
    assert [(each.address, each.language, each.zone) for each in mail.recipients] == [
        ("desk@example.org", "id", "Asia/Seoul")
    ]
    assert made.settings.operator.contact == "ops@example.org"


def test_init_refuses_a_folder_that_is_set_up_before_it_asks(
    kawat: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kawat.cli.start.at_terminal", lambda: True)
    result = kawat("init", str(tmp_path), stdin="")
    assert result.exit_code == 2
    assert "set up already" in result.stderr
    assert "Who reads?" not in result.output


def test_init_asks_on_a_terminal_and_asks_again_after_a_wrong_answer(
    kawat: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kawat.cli.start.at_terminal", lambda: True)
    answers = [
        "desk",
        "desk@example.org",
        "smtp.example.org",
        "me",
        "",
        "ops@example.org",
        "",
        "WIB",
        "Asia/Seoul",
        "pw",
    ]
    result = kawat("init", str(tmp_path / "new"), stdin="\n".join(answers) + "\n")
    assert result.exit_code == 0, result.output
    assert "desk is no e-mail address" in result.stderr
    assert "WIB is no known time zone" in result.stderr
    assert "pw" not in result.stdout
    made = load(tmp_path / "new", defaults(), {})
    assert [each.name for each in made.channels] == ["mail", "operator-mail"]
    assert made.settings.zone == "Asia/Seoul"
    assert made.settings.operator.contact == "ops@example.org"
    assert [secret.reveal() for secret in made.secrets] == ["pw", "pw"]


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
