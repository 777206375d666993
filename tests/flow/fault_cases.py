"""Every case of `docs/reliability.md`: what is broken, how often it is tried, and what came of it."""

from __future__ import annotations

import os
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import count
from pathlib import Path

from aiosmtpd.controller import Controller
from delivery_parts import self_signed
from fault_cycle import READERS, Bench
from fault_instruments import Clock, Strike
from fault_result import Result

from kawat.engine import Engine
from kawat.press.receivers import SLACK_PATH
from pipeline.errors import CrawlError, StoreFull

DAY = timedelta(days=1)
MAIL, SLACK = "mail", "slack"
NAMED = (
    "inside-processing",
    "before-commit",
    "after-commit",
    "before-send",
    "after-accept",
    "after-record",
)
"""The points of `pipeline/faultpoint.py` behind the crawl process."""

CRAWL = ("candidates-committed", "warc-flushed", "page-landed", "run-finished")
"""Those in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """`given_up`: how many messages end as given up, shown as such and tried again by hand."""

    part: str
    words: str
    run: Callable[[Bench], Result]
    given_up: int = 0


def every(one: Callable[[int], Result], step: int = 1) -> Result:
    """Break the first, the second, … operation, until there are no more; all results together."""
    total = Result()
    for n in count(1, step):
        result = one(n)
        if not result.broken:
            return total
        total.add(result)
    raise AssertionError


def store_fails(strike: Strike, *, commits: bool = False) -> Callable[[Bench], Result]:
    """Each operation of the database, or each commit."""
    return lambda bench: every(
        lambda n: bench.attempt(
            breaks=lambda: bench.breaker.arm(n, strike, commits=commits), broken=lambda: bench.breaker.struck
        ),
        step=1 if commits else bench.stride,
    )


def store_kills(strike: Strike) -> Callable[[Bench], Result]:
    """The process, at each commit."""

    def one(bench: Bench, n: int) -> Result:
        bench.anew()
        killed = bench.killed(lambda: bench.breaker.arm(n, strike, commits=True))
        return replace(bench.follow(bench.configuration, restarted=True), broken=killed)

    return lambda bench: every(lambda n: one(bench, n))


def point_kills(point: str) -> Callable[[Bench], Result]:
    """The process, each time that it reaches a named point."""

    def one(bench: Bench, n: int) -> Result:
        bench.anew()
        killed = bench.killed(KAWAT_KILL_AT=f"{point}:{n}")
        return replace(bench.follow(bench.configuration, restarted=True), broken=killed)

    return lambda bench: every(lambda n: one(bench, n))


def crawl_kills(point: str) -> Callable[[Bench], Result]:
    """The crawl process, and it alone."""

    def run(bench: Bench) -> Result:
        bench.crawling = True
        os.environ["KAWAT_KILL_AT"] = point
        try:
            bench.anew()
            with bench.engine(bench.configuration) as engine:
                bench.turn(engine)
            assert any(isinstance(each, CrawlError) for each in bench.errors), f"nothing reached {point}"
            del os.environ["KAWAT_KILL_AT"]
            return bench.follow(bench.configuration, restarted=True)
        finally:
            bench.crawling = False
            os.environ.pop("KAWAT_KILL_AT", None)

    return run


def disk_full(bench: Bench) -> Result:
    """The file may not grow at all, then by one page, by two, …: until a whole cycle fits."""
    return every(
        lambda n: bench.attempt(
            breaks=lambda: bench.breaker.arm(0, pages=n - 1),
            broken=lambda: any(isinstance(each, StoreFull) for each in bench.errors),
        )
    )


def clock_off(off: timedelta, *, once: bool = False) -> Callable[[Bench], Result]:
    """The clock is wrong from its n-th reading on, or at that alone."""

    def one(bench: Bench, n: int) -> Result:
        clock = Clock(now=bench.started, at=n, off=off, once=once)
        return bench.attempt(clock=clock, broken=lambda: clock.count >= n)

    return lambda bench: every(lambda n: one(bench, n))


def cut(which: str) -> Callable[[Bench], Result]:
    """The connection breaks at each event of the conversation."""

    def one(bench: Bench, n: int) -> Result:
        cutter = bench.mail_cutter if which == MAIL else bench.slack_cutter
        return bench.attempt(breaks=lambda: cutter.arm(n), broken=lambda: cutter.cut)

    return lambda bench: every(lambda n: one(bench, n))


def mail(mode: str, recipient: str | None = None, *, revive: bool = False) -> Callable[[Bench], Result]:
    """Five readers; the relay goes wrong for all of the first turn."""
    return lambda bench: bench.attempt(
        configuration=bench.many, breaks=lambda: bench.mailbox.fail(mode, recipient=recipient), revive=revive
    )


def slack(mode: int | str, *, retry_after: int | None = None, revive: bool = False) -> Callable[[Bench], Result]:
    """Slack goes wrong for all of the first turn."""
    return lambda bench: bench.attempt(
        breaks=lambda: bench.hooks.fail(mode, path=SLACK_PATH, retry_after=retry_after), revive=revive
    )


def expired(bench: Bench) -> Result:
    """The relay shows a certificate that ended yesterday; then another relay is named."""
    folder = bench.folder / "certificates"
    folder.mkdir(exist_ok=True)
    with relay(bench, self_signed(folder, timedelta(days=-1))) as (port, pem):
        return bench.attempt(configuration=bench.configured(READERS, tls=(port, pem)), then=bench.many)


def two_senders(bench: Bench) -> Result:
    """Two processes deliver from one outbox, set off at the same instant, ten times."""
    total = Result()
    for _ in range(10):
        bench.anew()
        with bench.engine(bench.many) as engine:
            for step in (lambda: bench.feed(engine), engine.process):
                step()
        hold, release = os.pipe()
        children = [bench.fork(_delivers(hold, release), bench.many) for _ in range(2)]
        os.close(hold)
        os.close(release)
        assert [os.waitstatus_to_exitcode(os.waitpid(each, 0)[1]) for each in children] == [0, 0]
        total.add(bench.follow(bench.many))
    return total


def _delivers(hold: int, release: int) -> Callable[[Engine], None]:
    def work(engine: Engine) -> None:
        os.close(release)
        os.read(hold, 1)  # until the last writer, the parent, closes its end
        engine.deliver()

    return work


@contextmanager
def relay(bench: Bench, pem: Path) -> Iterator[tuple[int, Path]]:
    """A relay that asks for STARTTLS with this certificate, and puts what it accepts into the bench's mailbox."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Controller(bench.mailbox, hostname="127.0.0.1", port=port, tls_context=context, require_starttls=True)
    server.start()
    try:
        yield port, pem
    finally:
        server.stop()


CASES = (
    Case(part="Database", words="its n-th operation fails", run=store_fails(Strike.FAIL)),
    Case(part="Database", words="its n-th commit is done, but reported as failed",
         run=store_fails(Strike.UNSURE, commits=True)),
    Case(part="Database", words="the disk is full: the file can grow by n pages and no more", run=disk_full),
    *(Case(part="Crawl process", words=f"`kill -9` at the point `{point}`", run=crawl_kills(point)) for point in CRAWL),
    Case(part="Process", words="`kill -9` before its n-th commit", run=store_kills(Strike.KILL_BEFORE)),
    Case(part="Process", words="`kill -9` after its n-th commit", run=store_kills(Strike.KILL_AFTER)),
    *(Case(part="Process", words=f"`kill -9` at the point `{point}`, the n-th time", run=point_kills(point))
      for point in NAMED),
    Case(part="Process", words="two processes send at once, to five readers and Slack", run=two_senders),
    Case(part="Clock", words="set back a day at its n-th reading", run=clock_off(-DAY)),
    Case(part="Clock", words="set forward a day at its n-th reading", run=clock_off(DAY)),
    Case(part="Clock", words="only its n-th reading is a day behind", run=clock_off(-DAY, once=True)),
    Case(part="Clock", words="only its n-th reading is a day ahead", run=clock_off(DAY, once=True)),
    Case(part="SMTP", words="the connection breaks at its n-th event", run=cut(MAIL)),
    Case(part="SMTP", words="451 for every message", run=mail("451 4.3.0 try later")),
    Case(part="SMTP", words="451 for one recipient of five", run=mail("451 4.7.1 greylisted", "r1@*")),
    Case(part="SMTP", words="550 for one recipient of five", run=mail("550 5.1.1 no such user", "r3@*", revive=True),
         given_up=1),
    Case(part="SMTP", words="the connection drops before the final 250", run=mail("drop_before")),
    Case(part="SMTP", words="the connection drops after the final 250 was due", run=mail("drop_after")),
    Case(part="SMTP", words="the certificate expired yesterday", run=expired),
    Case(part="Slack", words="the connection breaks at its n-th event", run=cut(SLACK)),
    Case(part="Slack", words="429 with `Retry-After: 600`", run=slack(429, retry_after=600)),
    Case(part="Slack", words="500", run=slack(500)),
    Case(part="Slack", words="404 `channel_not_found`", run=slack(404, revive=True), given_up=1),
    Case(part="Slack", words="200 with `ok: false`", run=slack("ok_false")),
    Case(part="Slack", words="no answer after the bytes went out", run=slack("timeout")),
    Case(part="Slack", words="the connection drops after it was accepted", run=slack("drop_after")),
)  # fmt: skip
