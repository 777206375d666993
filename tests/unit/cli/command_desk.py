"""The command line over a fake App, and what the App would say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TextIO

from typer.testing import CliRunner, Result

from kawat.cli import face
from kawat.cli.face import Filter, Parts, Progress, Row, RunSummary, Status
from kawat.cli.main import app
from pipeline.config import Configuration
from pipeline.errors import AlreadyRunning, KawatError
from pipeline.model import Run, Sent

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
