"""One full cycle of Kawat on real files and real listeners, and what came of it when something in it broke.

    feed ─► process ─► compose ─► deliver ─► files ─► housekeeping        a turn, each step as the daemon guards it

`Bench` is made once; each try begins with the same data folder, does a first turn in which something breaks, and goes
on, healed, with the clock moving, until nothing waits any more.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import traceback
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

import pytest
from fault_instruments import Breaker, Clock, Cutter
from fault_result import Result

import kawat.desk
from crawler.archive import Archive
from kawat.crawl import StoreInbox
from kawat.demo import furnish
from kawat.engine import Engine
from kawat.press import Press
from kawat.press.receivers import Hooks, Mailbox
from kawat.rulebook import rulebook
from kawat.shipped import defaults
from pipeline.config import Configuration, load
from pipeline.errors import KawatError
from pipeline.model import Candidate, Page, Run, Validators
from pipeline.net import url_key
from pipeline.reading import read_here
from pipeline.store import Store

STORY = "qa-1"
READERS = tuple(f"r{n}@demo.invalid" for n in range(5))
SLACK = "slack"
TURNS = tuple(timedelta(minutes=n) for n in (7, 20, 60, 240, 480, 1440, 2880))
"""When, after the first turn, the next ones come: back-off and a clock that is a day off included."""

CHANNELS = """\
channels:
  mail:
    kind: smtp
    host: 127.0.0.1
    port: {smtp}
    security: plain
    timeout: 5s
    sender: Kawat <kawat@demo.invalid>
    digest: false
    to: [{readers}]
  slack:
    kind: slack
    url: ${{KAWAT_DEMO_SLACK}}
    timeout: 1s
    digest: false
    to: ["#perjanjian"]
"""


class Bench:
    """The press's page, the listeners with cutters before them, and the configuration that leads to them."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.started = datetime.now(UTC).replace(microsecond=0)
        press = stack.enter_context(Press(self.started, only=(STORY,)))
        self.outlet, self.url = press.stories[STORY].outlet, press.url(STORY)
        with urllib.request.urlopen(self.url, timeout=10) as answer:
            self.body: bytes = answer.read()
        self.mailbox = stack.enter_context(Mailbox())
        self.hooks = stack.enter_context(Hooks())
        furnish(folder, press, self.mailbox, self.hooks, outlets=[self.outlet])
        self.mail_cutter = stack.enter_context(Cutter(self.mailbox.port))
        self.slack_cutter = stack.enter_context(Cutter(int(self.hooks.base.rpartition(":")[2])))
        secret = self.hooks.slack_url.replace(self.hooks.base, f"http://127.0.0.1:{self.slack_cutter.port}")
        (folder / "secrets.env").write_text(f"KAWAT_DEMO_SLACK={secret}\n", encoding="utf-8")
        self.folder = folder
        self.configuration = self.configured(READERS[:1])
        self.many = self.configured(READERS)
        rules = rulebook(self.configuration)  # once, not for each of the hundreds of tries
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        patch.setattr(kawat.desk, "rulebook", lambda _configuration: rules)
        patch.setattr(kawat.desk, "ReadingApart", _Here)
        self._fresh = folder / "fresh.db"
        self.breaker = Breaker()
        self.crawling = False  # whether a turn begins with the real crawl process, and not in its stead
        self.stride = 1  # each so many operations of the database one is broken
        self.errors: list[KawatError] = []  # of the last turn
        self.configuration.data_dir.mkdir()
        self._store = Store.open(self.configuration.database_url)  # closed between tries, while its file is replaced
        self.breaker.fit(self._store)
        with self.engine(self.configuration):
            pass
        with closing(sqlite3.connect(self.configuration.data_dir / "kawat.db")) as database:
            database.execute("VACUUM")  # so that a cycle must make the file grow
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.copy(self.configuration.data_dir / "kawat.db", self._fresh)

    @classmethod
    @contextmanager
    def open(cls, folder: Path) -> Iterator[Self]:
        """A bench that works in `folder`."""
        with ExitStack() as stack:
            yield cls(folder, stack)

    def configured(self, readers: tuple[str, ...], *, tls: tuple[int, Path] | None = None) -> Configuration:
        """A configuration with these mail readers; `tls` is the port of another relay, and whom to trust there."""
        text = CHANNELS.format(smtp=self.mail_cutter.port if tls is None else tls[0], readers=", ".join(readers))
        if tls is not None:
            text = text.replace("security: plain", f"security: starttls\n    ca_file: {tls[1]}")
            text = text.replace("127.0.0.1", "localhost")  # the name in the certificate
        (self.folder / "channels.yaml").write_text(text, encoding="utf-8")
        made = load(self.folder, defaults(), {})
        return replace(made, data_dir=made.data_dir / "data")

    @contextmanager
    def engine(self, configuration: Configuration, clock: Callable[[], datetime] | None = None) -> Iterator[Engine]:
        """An engine on the data folder, alone there."""
        with Engine(self.folder, configuration, self._store, clock or (lambda: self.started), {}) as engine:
            yield engine

    def anew(self) -> None:
        """The data folder, the listeners and the cutters as at the beginning."""
        data = self.configuration.data_dir
        shutil.rmtree(data, ignore_errors=True)
        data.mkdir(parents=True)
        shutil.copy(self._fresh, data / "kawat.db")
        self.heal()
        self.mailbox.messages.clear()
        self.hooks.posts.clear()

    def heal(self) -> None:
        """Listeners, cutters and the store's file do their work again."""
        self.breaker.arm(0)
        self.mail_cutter.arm(0)
        self.slack_cutter.arm(0)
        self.mailbox.heal()
        self.hooks.heal()

    # ------------------------------------------------------------------------------------------------------- a turn

    def turn(self, engine: Engine) -> None:
        """Every step once. What fails as it may is tried again by the next turn."""
        steps: tuple[Callable[[], object], ...] = (
            lambda: engine.crawl_due(everything=True) if self.crawling else self.feed(engine),
            engine.process,
            lambda: engine.compose_due(once=True),
            engine.deliver,
            engine.write_files,
            engine.housekeep,
            engine.heartbeat,
        )
        self.errors = []
        for step in steps:
            try:
                step()
            except KawatError as error:
                self.errors.append(error)

    def feed(self, engine: Engine) -> None:
        """What the crawl process does for one outlet with one new article, in its order."""
        store, now = engine.store, engine.now()
        (source,) = (each.sources[0].url for each in engine.configuration.outlets if each.slug == self.outlet)
        found = Candidate(
            outlet=self.outlet, url=self.url, key=url_key(self.url), seen_in=source, discovered_at=self.started
        )
        if not store.frontier.known([found.key]):
            store.frontier.add(source, Validators(etag='"1"'), [found], baseline=False)
        pending = store.frontier.pending([self.outlet], now=now, limit=10)
        with Archive(engine.archive, now=self.started, agent="tests") as archive:
            for each in pending:
                record = archive.resource(each.url, self.body, "text/html", self.started)
                store.inbox.land(
                    Page(
                        outlet=each.outlet,
                        url=each.url,
                        final_url=each.url,
                        key=each.key,
                        status=200,
                        content_type="text/html; charset=utf-8",
                        fetched_at=self.started,
                        discovered_at=each.discovered_at,
                        record=record,
                    )
                )
        inbox = StoreInbox(store, engine.desk.by_slug)
        run = Run(
            outlet=self.outlet, started_at=now, finished_at=now, ok=True, sources=1, unchanged=0, items=1,
            candidates=1, fetched=len(pending), failed=0,
        )  # fmt: skip
        inbox.finish(run)

    # -------------------------------------------------------------------------------------------------------- a try

    def attempt(
        self,
        *,
        configuration: Configuration | None = None,
        clock: Clock | None = None,
        breaks: Callable[[], None] = lambda: None,
        broken: Callable[[], bool] = lambda: True,
        then: Configuration | None = None,
        revive: bool = False,
    ) -> Result:
        """A first turn in which something breaks, then sound ones until nothing waits; what came of it.

        `breaks` sets listeners, cutters and the breaker, `broken` says whether anything did break; all are well again
        after the turn, and the configuration is `then`. `revive`: what was given up is tried again at the end, as
        `kawat alerts retry` does.
        """
        self.anew()
        configuration = configuration or self.configuration
        clock = clock or Clock(now=self.started)
        with suppress(KawatError), self.engine(configuration, clock) as engine:
            breaks()
            self.turn(engine)
        self.settle()
        did = broken()
        self.heal()
        return replace(self.follow(then or configuration, revive=revive), broken=did)

    def killed(self, arm: Callable[[], None] = lambda: None, **environ: str) -> bool:
        """A first turn in a process of its own; whether it was killed with SIGKILL."""
        return self.apart(self.turn, self.configuration, arm, **environ)

    def apart(
        self,
        work: Callable[[Engine], object],
        configuration: Configuration,
        arm: Callable[[], None] = lambda: None,
        **environ: str,
    ) -> bool:
        """Do this in a process of its own, a fork of this one; whether it was killed with SIGKILL."""

        def alone(engine: Engine) -> None:
            with engine.exclusive("run"):
                work(engine)

        def armed() -> None:
            os.environ.update(environ)
            arm()

        _, status = os.waitpid(self.fork(alone, configuration, armed), 0)
        ended = os.waitstatus_to_exitcode(status)
        assert ended in {0, -signal.SIGKILL}, f"the process failed: {ended}"
        return ended == -signal.SIGKILL

    def fork(
        self, work: Callable[[Engine], object], configuration: Configuration, arm: Callable[[], None] = lambda: None
    ) -> int:
        """Set a process off that does this with connections of its own; its id."""
        self._store.close()
        child = os.fork()
        if child:
            return child
        try:
            with self.engine(configuration, Clock(now=self.started)) as engine:
                arm()
                work(engine)
        except BaseException:  # noqa: BLE001 (a fork must not go on with its parent's work)
            traceback.print_exc()
            os._exit(1)
        os._exit(0)

    def settle(self) -> None:
        self.mail_cutter.settle()
        self.slack_cutter.settle()

    def follow(self, configuration: Configuration, *, revive: bool = False, restarted: bool = False) -> Result:
        """Go on, sound, until nothing waits; what came of it. `restarted`: by a new process, alone on the folder."""
        result = Result(tries=1)
        clock = Clock(now=self.started)
        with self.engine(configuration, clock) as engine:
            if restarted:
                with engine.exclusive("run"):
                    self.turn(engine)
            for after in TURNS:
                if self._done(engine):
                    break
                clock.now = self.started + after
                before = self._arrived()
                self.turn(engine)
                if self._arrived() > before:
                    result.latest = after
            if revive:
                for each in engine.store.outbox.list(state="dead"):
                    result.given_up += 1
                    engine.store.outbox.revive(each.id, clock())
                clock.now += timedelta(minutes=7)
                self.turn(engine)
            result.unreadable = self._unreadable(engine)
            dead = {each.alert.recipient for each in engine.store.outbox.list(state="dead")}
        self.settle()
        self._count(configuration, result, dead)
        return result

    def _arrived(self) -> int:
        return len(self.mailbox.messages) + len(self.hooks.posts)

    def _done(self, engine: Engine) -> bool:
        counts = engine.store.outbox.counts()
        return bool(counts) and not counts.keys() - {"sent", "dead"} and not self._unreadable(engine)

    def _unreadable(self, engine: Engine) -> list[str]:
        """What is wrong with what is stored and with the files a person reads."""
        found: list[str] = []
        with closing(sqlite3.connect(str(engine.store.database.path))) as database:
            for pragma in ("integrity_check", "foreign_key_check"):
                answer = database.execute(f"PRAGMA {pragma}").fetchall()
                if answer not in ([("ok",)], []):
                    found.append(f"{pragma}: {answer}")
        for name, number in (
            ("articles", engine.store.articles.count()),
            ("agreements", engine.store.agreements.count()),
        ):
            if number != 1:
                found.append(f"{number} {name}")
        for path in engine.configuration.data_dir.rglob("*.jsonl"):
            lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
            if len({json.dumps([line.get("seq"), line.get("url")]) for line in lines}) != len(lines) or not lines:
                found.append(f"{path.name}: {len(lines)} lines")
        if not (engine.configuration.data_dir / "agreements.jsonl").is_file():
            found.append("no agreements.jsonl")
        return found

    def _count(self, configuration: Configuration, result: Result, dead: set[str]) -> None:
        marks: dict[str, list[bool]] = {}
        for mail in self.mailbox.messages:
            body = mail.message.get_body(("plain",))
            marks.setdefault(mail.recipients[0], []).append(body is not None and _marked(body.get_content()))
        for post in self.hooks.posts:
            marks.setdefault(SLACK, []).append(_marked(json.dumps(post.payload)))
        due = Counter(each.address for channel in configuration.channels[:1] for each in channel.recipients)
        expected = {*due, SLACK}
        given_up = {SLACK if each.startswith("#") else each for each in dead}
        result.given_up += len(given_up - marks.keys())
        result.lost = len(expected - marks.keys() - given_up)
        for copies in marks.values():
            result.marked += sum(copies[1:])
            result.unmarked += len(copies) - 1 - sum(copies[1:])
        result.most_repeats = sum(len(copies) - 1 for copies in marks.values())


def _marked(text: str) -> bool:
    return "ossible repeat" in text


class _Here:
    """Reads in this process: no hanging page is part of these tests, and a child for each of hundreds would be."""

    read = staticmethod(read_here)
