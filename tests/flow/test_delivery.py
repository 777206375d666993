"""From the outbox to real listeners on loopback: SMTP and HTTP that refuse, hang, break off and recover; real kills.

In every case nothing is lost, and what may have arrived before says so.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import os
import signal
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
import requests
from aiosmtpd.controller import Controller

from kawat.press.receivers import Hooks, Mailbox
from pipeline.alert.channel import Channel, ChannelKind, Folder, Recipient, Secret, Security, Slack, Smtp, Webhook
from pipeline.alert.channels import guard
from pipeline.alert.channels.notifiers import notifier, notifiers
from pipeline.alert.channels.webhook import ping
from pipeline.alert.compose import at_once, trial
from pipeline.alert.deliver import Drained, drain
from pipeline.model import (
    Agreement,
    Alert,
    Attempt,
    Citation,
    Delivery,
    Instrument,
    Item,
    Level,
    Permanent,
    Retry,
    Sent,
    Stage,
    Trust,
)
from pipeline.store import Store

NOW = datetime(2025, 3, 26, 8, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=6)
NAMES = {"ID": ("Indonesia", "Indonesia"), "JP": ("Japan", "Jepang")}
QUOTE = "Kedua menteri menandatangani memorandum kerja sama telekomunikasi di Tokyo, Rabu."
READER = "reader@example.org"
FIVE = tuple(Recipient(address=f"r{n}@example.org") for n in range(5))


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path / 'kawat.db'}") as opened:
        yield opened


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with Mailbox() as opened:
        yield opened


@pytest.fixture
def hooks() -> Iterator[Hooks]:
    with Hooks() as opened:
        yield opened


def smtp(box: Mailbox, *recipients: Recipient, **changes: Any) -> Channel:
    settings = Smtp(
        host=box.host,
        port=box.port,
        security=Security.PLAIN,
        sender="Kawat <kawat@example.org>",
        timeout=timedelta(seconds=5),
    )
    return Channel(
        name="mail",
        kind=ChannelKind.SMTP,
        transport=replace(settings, **changes),
        recipients=recipients or (Recipient(address=READER),),
        operator="ops@example.org",
    )


def slack(hooks: Hooks, **changes: Any) -> Channel:
    settings = Slack(url=Secret(hooks.slack_url), timeout=timedelta(seconds=1), loopback=True)
    return Channel(
        name="slack",
        kind=ChannelKind.SLACK,
        transport=replace(settings, **changes),
        recipients=(Recipient(address="#ict"),),
    )


def webhook(hooks: Hooks, **changes: Any) -> Channel:
    settings = Webhook(url=Secret(hooks.hook_url), timeout=timedelta(seconds=1), loopback=True, secret=Secret("k3y"))
    return Channel(
        name="hook",
        kind=ChannelKind.WEBHOOK,
        transport=replace(settings, **changes),
        recipients=(Recipient(address="archive"),),
    )


def told() -> Item:
    source = Citation(
        outlet="kabar",
        outlet_name="Kabar Nusa",
        trust=Trust.PRESS,
        url="https://kabar.example/1",
        title="Indonesia dan Jepang teken memorandum",
        published=NOW - timedelta(hours=1),
        discovered=NOW,
        language="id",
    )
    event = Agreement(
        key="g1",
        partner="JP",
        level=Level.G2G,
        stage=Stage.SIGNED,
        instrument=Instrument.MOC,
        instrument_printed="memorandum kerja sama",
        title="",
        institutions=(),
        fields=("telecom",),
        signatories=(),
        signed_on=None,
        signed_precision="",
        place="Tokyo",
        confidence=0.93,
        reasons=(),
        revision=1,
        first_published=NOW,
        first_discovered=NOW,
        last_reported=NOW,
        sources=1,
        reports=("r1",),
    )
    return Item(agreement=event, quote=QUOTE, quote_source=source, citations=(source,))


def alerts(channel: Channel) -> tuple[Alert, ...]:
    return at_once(told(), channel, now=NOW)


def run(store: Store, *channels: Channel, at: datetime = NOW) -> Drained:
    return drain(store.outbox, notifiers(channels, NAMES), now=lambda: at)


def attempt(channel: Channel) -> Attempt:
    """One try at one alert, without the outbox."""
    (one, *_) = alerts(channel)
    delivery = Delivery(id=1, alert=one, attempts=0, possible_repeat=False, lease="l")
    return notifier(channel, NAMES).send(one, delivery, now=NOW)


# ------------------------------------------------------------------------------------------------------------ the loop


def test_every_channel_once_and_never_again(store: Store, box: Mailbox, hooks: Hooks, tmp_path: Path) -> None:
    folder = Channel(
        name="files",
        kind=ChannelKind.FILE,
        transport=Folder(path=tmp_path / "unsent"),
        recipients=(Recipient(address="anybody", language="id"),),
    )
    channels = (smtp(box), slack(hooks), webhook(hooks), folder)
    queued = [alert for channel in channels for alert in alerts(channel)]
    assert store.outbox.put(queued) == 4
    assert store.outbox.put(queued) == 0
    assert run(store, *channels) == Drained(sent=4)
    assert run(store, *channels, at=NOW + timedelta(days=9)) == Drained()
    (mail,) = box.messages
    assert mail.recipients == (READER,)
    assert mail.message["Subject"] == "Indonesia and Japan sign a memorandum of cooperation on telecommunications"
    assert QUOTE in mail.message.get_body(("html",)).get_content()  # type: ignore[union-attr]
    (file,) = (tmp_path / "unsent").iterdir()
    assert file.suffix == ".eml" and b"Indonesia" in file.read_bytes()
    by_kind = {post.kind: post for post in hooks.posts}
    assert QUOTE in json.dumps(by_kind["slack"].payload, ensure_ascii=False)
    generic = by_kind["generic"]
    assert generic.headers["idempotency-key"] == generic.payload["id"] == alerts(channels[2])[0].key
    mac = hmac.new(b"k3y", generic.raw, hashlib.sha256).hexdigest()
    assert generic.headers["x-kawat-signature"] == f"sha256={mac}"
    assert generic.payload["items"][0]["quote"] == QUOTE


def test_a_channel_that_is_down_keeps_no_other_waiting_and_loses_nothing(
    store: Store, box: Mailbox, hooks: Hooks
) -> None:
    mail, chat = smtp(box, *FIVE), slack(hooks)
    store.outbox.put([*alerts(mail), *alerts(chat)])
    box.fail("drop_before")
    done = run(store, mail, chat)
    assert (done.sent, done.retried) == (1, 5)
    assert box.attempts == 2  # the rest waits for the channel to recover
    box.heal()
    assert run(store, mail, chat, at=NOW + timedelta(minutes=4)) == Drained(sent=5)
    assert sorted(mail.recipients for mail in box.messages) == [(f"r{n}@example.org",) for n in range(5)]


def test_one_recipient_refused_of_five(store: Store, box: Mailbox) -> None:
    mail = smtp(box, *FIVE)
    store.outbox.put(alerts(mail))
    box.fail("550 5.1.1 no such user", recipient="r3@*")
    box.fail("451 4.7.1 greylisted", recipient="r1@*", times=1)
    assert run(store, mail) == Drained(sent=3, retried=1, dead=1)
    assert run(store, mail, at=LATER) == Drained(sent=1)
    assert store.outbox.counts() == {"dead": 1, "sent": 4}
    (dead,) = store.outbox.list(state="dead")
    assert "550 5.1.1 no such user" in dead.tries[-1].detail
    assert len(box.messages) == 4


def test_dropped_after_acceptance_comes_again_marked(store: Store, box: Mailbox) -> None:
    mail = smtp(box)
    store.outbox.put(alerts(mail))
    box.fail("drop_after", times=1)
    assert run(store, mail) == Drained(retried=1)
    assert run(store, mail, at=LATER) == Drained(sent=1)
    first, second = (each.message for each in box.messages)
    assert first["Message-ID"] == second["Message-ID"]
    assert "Possible repeat" not in first.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "Possible repeat" in second.get_body(("plain",)).get_content()  # type: ignore[union-attr]


def test_dropped_before_acceptance_may_have_arrived_too(store: Store, box: Mailbox) -> None:
    mail = smtp(box)
    store.outbox.put(alerts(mail))
    box.fail("drop_before", times=1)
    run(store, mail)
    run(store, mail, at=LATER)
    (only,) = box.messages  # from our side the two cases look alike, so this one is marked as well
    assert "Possible repeat" in only.message.get_body(("plain",)).get_content()  # type: ignore[union-attr]


def test_gives_up_after_five_days_and_says_so(store: Store, box: Mailbox) -> None:
    mail = smtp(box)
    store.outbox.put(alerts(mail))
    box.fail("451 try later")
    moment = NOW
    while store.outbox.counts() == {"pending": 1} and moment < NOW + timedelta(days=9):
        run(store, mail, at=moment)
        moment += timedelta(minutes=10)
    assert timedelta(days=4, hours=20) < moment - NOW < timedelta(days=5, hours=7)
    (dead,) = store.outbox.list(state="dead")
    assert dead.tries[-1].detail.startswith("given up after 5 days: message refused: 451")
    assert 20 < len(dead.tries) < 60


def test_two_senders_never_send_one_row(store: Store, box: Mailbox, tmp_path: Path) -> None:
    mail = smtp(box, *FIVE)
    store.outbox.put(alerts(mail))
    with Store.open(f"sqlite:///{tmp_path / 'kawat.db'}") as second:
        senders = notifiers((mail,), NAMES)
        turns = iter(range(100))

        def interleaved() -> bool:
            if next(turns) % 2 == 0:
                drain(second.outbox, senders, now=lambda: NOW, limit=1)
            return False

        drain(store.outbox, senders, now=lambda: NOW, stop=interleaved)
    assert sorted(each.recipients[0] for each in box.messages) == [f"r{n}@example.org" for n in range(5)]


def test_a_lease_taken_over_is_not_sent(store: Store, box: Mailbox) -> None:
    mail = smtp(box)
    store.outbox.put(alerts(mail))

    class Slow:
        """The store as a sender sees it that slept between claim and send."""

        def claim_due(self, now: datetime, lease_for: timedelta, limit: int) -> tuple[Delivery, ...]:
            mine = store.outbox.claim_due(now, lease_for, limit)
            store.outbox.claim_due(now + timedelta(hours=1), lease_for, limit)
            return mine

        mark_sending = store.outbox.mark_sending
        record = store.outbox.record

    done = drain(Slow(), notifiers((mail,), NAMES), now=lambda: NOW, limit=1)
    assert done == Drained(skipped=1)
    assert not box.messages


def test_a_channel_taken_out_of_the_configuration_waits(store: Store, box: Mailbox) -> None:
    store.outbox.put(alerts(smtp(box)))
    assert run(store) == Drained(retried=1)
    assert run(store, smtp(box), at=NOW + timedelta(minutes=11)) == Drained(sent=1)
    store.outbox.put(trial(smtp(box), now=NOW))
    assert run(store, smtp(box, *FIVE), at=LATER) == Drained(dead=1)


def test_stop_is_asked_between_messages(store: Store, box: Mailbox) -> None:
    mail = smtp(box, *FIVE)
    store.outbox.put(alerts(mail))
    drain(store.outbox, notifiers((mail,), NAMES), now=lambda: NOW, stop=lambda: len(box.messages) >= 2)
    assert len(box.messages) == 2
    assert store.outbox.counts() == {"pending": 3, "sent": 2}


SENDER = """
import sys
from datetime import datetime, timedelta
from pipeline.alert.channel import *
from pipeline.alert.channels.notifiers import notifiers
from pipeline.alert.deliver import drain
from pipeline.store import Store
url, port, at = sys.argv[1], int(sys.argv[2]), datetime.fromisoformat(sys.argv[3])
mail = Channel(name="mail", kind=ChannelKind.SMTP, recipients=(Recipient(address="reader@example.org"),),
    transport=Smtp(host="127.0.0.1", port=port, security=Security.PLAIN, sender="kawat@example.org"))
with Store.open(url) as store:
    drain(store.outbox, notifiers((mail,), {}), now=lambda: at)
"""


@pytest.mark.parametrize(
    ("point", "expected"), [("before-send", (1, True)), ("after-accept", (2, True)), ("after-record", (1, False))]
)
def test_killed(store: Store, box: Mailbox, tmp_path: Path, point: str, expected: tuple[int, bool]) -> None:
    """`expected`: how many messages arrive in all, and whether the last is marked as a possible repeat."""
    store.outbox.put(alerts(smtp(box)))
    root = Path(__file__).parents[2]

    def sender(at: datetime, **environ: str) -> int:
        command = [sys.executable, "-c", SENDER, f"sqlite:///{tmp_path / 'kawat.db'}", str(box.port), at.isoformat()]
        return subprocess.run(
            command, env={**os.environ, "PYTHONPATH": str(root), **environ}, check=False, timeout=60, cwd=tmp_path
        ).returncode

    assert sender(NOW, KAWAT_KILL_AT=point) == -signal.SIGKILL
    assert sender(NOW) == 0  # its lease still runs
    assert sender(LATER) == 0
    last = box.messages[-1].message.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert (len(box.messages), "Possible repeat" in last) == expected
    assert store.outbox.counts() == {"sent": 1}


# ---------------------------------------------------------------------------------------------------------------- SMTP


@pytest.mark.parametrize(
    ("fault", "kind"),
    [("451 4.3.0 later", Retry), ("552 5.3.4 too big", Permanent), ("535 5.7.8 who are you", Retry)],
)
def test_smtp_refusals(box: Mailbox, fault: str, kind: type[Attempt]) -> None:
    box.fail(fault)
    outcome = attempt(smtp(box))
    assert isinstance(outcome, kind) and fault in getattr(outcome, "reason", "")
    assert not (isinstance(outcome, Retry) and outcome.maybe_accepted)


def test_smtp_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    outcome = attempt(_closed(port))
    assert isinstance(outcome, Retry) and not outcome.maybe_accepted


def _closed(port: int, seconds: float = 1) -> Channel:
    settings = Smtp(host="127.0.0.1", port=port, security=Security.PLAIN, timeout=timedelta(seconds=seconds))
    return Channel(name="mail", kind=ChannelKind.SMTP, transport=settings, recipients=(Recipient(address=READER),))


def test_smtp_silent_server_times_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        outcome = attempt(_closed(silent.getsockname()[1], 0.2))
    assert isinstance(outcome, Retry) and not outcome.maybe_accepted


def test_smtp_without_starttls_gets_nothing(box: Mailbox) -> None:
    outcome = attempt(smtp(box, security=Security.STARTTLS))
    assert isinstance(outcome, Retry) and "STARTTLS" in outcome.reason
    assert box.attempts == 0


def test_smtp_password_is_not_told(box: Mailbox, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    outcome = attempt(smtp(box, username="kawat", password=Secret("hunter22hunter")))
    assert isinstance(outcome, Retry)
    assert "hunter22hunter" not in f"{outcome} {caplog.text}"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Callable[[timedelta], Path]:
    """Makes a self-signed certificate for `localhost` that ends so long from now."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    def make(lasts: timedelta) -> Path:
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
        end = datetime.now(UTC) + lasts
        made = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(end - timedelta(days=30))
            .not_valid_after(end)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(key, hashes.SHA256())
        )
        file = tmp_path_factory.mktemp("tls") / "both.pem"
        file.write_bytes(
            made.public_bytes(serialization.Encoding.PEM)
            + key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        return file

    return make


class Accepting:
    """Takes every message."""

    def __init__(self) -> None:
        self.messages: list[bytes] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.messages.append(envelope.content)
        return "250 OK"


@pytest.mark.parametrize(
    ("lasts", "trusted", "host", "sent"),
    [
        (timedelta(days=1), True, "localhost", True),
        (timedelta(days=-1), True, "localhost", False),
        (timedelta(days=1), False, "localhost", False),
        (timedelta(days=1), True, "127.0.0.1", False),
    ],
)
def test_smtp_starttls_checks_the_certificate(
    certificate: Callable[[timedelta], Path], lasts: timedelta, trusted: bool, host: str, sent: bool
) -> None:
    file = certificate(lasts)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    handler = Accepting()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Controller(handler, hostname="127.0.0.1", port=port, tls_context=context, require_starttls=True)
    server.start()
    try:
        channel = _closed(port)
        settings = Smtp(
            host=host,
            port=port,
            security=Security.STARTTLS,
            timeout=timedelta(seconds=5),
            ca_file=file if trusted else None,
        )
        outcome = attempt(replace(channel, transport=settings))
    finally:
        server.stop()
    assert isinstance(outcome, Sent) is sent
    assert bool(handler.messages) is sent
    if not sent:
        assert isinstance(outcome, Retry) and "certificate" in outcome.reason.lower() and not outcome.maybe_accepted


# ---------------------------------------------------------------------------------------------------------------- HTTP


@pytest.mark.parametrize("make", [slack, webhook])
@pytest.mark.parametrize(
    ("fault", "kind", "maybe"),
    [
        (500, Retry, False),
        (503, Retry, False),
        (429, Retry, False),
        ("timeout", Retry, True),
        ("drop_after", Retry, True),
    ],
)
def test_http_troubles(
    hooks: Hooks, make: Callable[..., Channel], fault: int | str, kind: type[Attempt], maybe: bool
) -> None:
    hooks.fail(fault, retry_after=90 if fault == 429 else None)
    outcome = attempt(make(hooks))
    assert isinstance(outcome, kind)
    assert isinstance(outcome, Retry)
    assert outcome.maybe_accepted is maybe
    assert outcome.after == (timedelta(seconds=90) if fault == 429 else None)
    assert hooks.attempts == 1  # no hidden second try
    assert hooks.base not in outcome.reason


def test_slack_channel_not_found_is_final(hooks: Hooks) -> None:
    hooks.fail(404)
    outcome = attempt(slack(hooks))
    assert isinstance(outcome, Permanent) and "channel_not_found" in outcome.reason


def test_slack_address_stays_out_of_the_log(hooks: Hooks, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    assert isinstance(attempt(slack(hooks)), Sent)
    hooks.fail("drop_before")
    attempt(slack(hooks))
    assert "/services/" not in caplog.text


@pytest.mark.parametrize("make", [slack, webhook])
@pytest.mark.parametrize(
    "url",
    ["http://10.0.0.1/x", "http://2130706433/", "http://0x7f.1/", "http://[::ffff:10.0.0.1]/", "file:///etc/passwd"],
)
def test_private_addresses_are_refused(hooks: Hooks, make: Callable[..., Channel], url: str) -> None:
    outcome = attempt(make(hooks, url=Secret(url), loopback=False))
    assert isinstance(outcome, Permanent)


def test_loopback_must_be_allowed(hooks: Hooks) -> None:
    assert isinstance(attempt(webhook(hooks, loopback=False)), Permanent)
    name = hooks.hook_url.replace("127.0.0.1", "localhost")
    assert isinstance(attempt(webhook(hooks, url=Secret(name), loopback=False)), Permanent)
    assert hooks.attempts == 0


def test_a_host_with_one_private_address_is_refused(hooks: Hooks, monkeypatch: pytest.MonkeyPatch) -> None:
    def two(host: str, port: int, **options: Any) -> list[Any]:
        return [(2, 1, 6, "", (address, port)) for address in ("93.184.216.34", "10.0.0.1")]

    monkeypatch.setattr("pipeline.alert.channels.guard.socket.getaddrinfo", two)
    assert isinstance(attempt(webhook(hooks, url=Secret("http://hooks.example/x"), loopback=False)), Permanent)


def test_the_checked_address_is_the_one_called(hooks: Hooks, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    real = socket.getaddrinfo

    def once(host: str, port: Any, *rest: Any, **options: Any) -> Any:
        if host == "hooks.example":
            asked.append(host)
            host = "127.0.0.1"
        return real(host, port, *rest, **options)

    monkeypatch.setattr(socket, "getaddrinfo", once)
    url = hooks.hook_url.replace("127.0.0.1", "hooks.example")
    assert isinstance(attempt(webhook(hooks, url=Secret(url))), Sent)
    assert asked == ["hooks.example"]
    assert hooks.posts[0].headers["host"].startswith("hooks.example:")


@pytest.mark.parametrize(("name", "accepted"), [("localhost", True), ("other.example", False)])
def test_the_certificate_is_checked_against_the_name(
    certificate: Callable[[timedelta], Path], monkeypatch: pytest.MonkeyPatch, name: str, accepted: bool
) -> None:
    file = certificate(timedelta(days=1))
    asked: list[str | None] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    context.sni_callback = lambda _socket, sni, _context: asked.append(sni)
    real = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, *rest, **options: real("127.0.0.1", *rest, **options))
    made = guard.session

    def trusting(*, loopback: bool) -> requests.Session:
        session = made(loopback=loopback)
        session.verify = str(file)
        return session

    monkeypatch.setattr("pipeline.alert.channels.webhook.session", trusting)
    with HTTPServer(("127.0.0.1", 0), Answering) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        channel = Channel(
            name="hook",
            kind=ChannelKind.WEBHOOK,
            transport=Webhook(url=Secret(f"https://{name}:{server.server_port}/x"), loopback=True),
            recipients=(Recipient(address="archive"),),
        )
        outcome = attempt(channel)
        thread.join(10)
    assert asked == [name]
    assert isinstance(outcome, Sent) is accepted
    assert accepted or (isinstance(outcome, Retry) and not outcome.maybe_accepted)


class Answering(BaseHTTPRequestHandler):
    """Says 204 to every post."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Quiet."""


def test_heartbeat(hooks: Hooks) -> None:
    hooks.fail(200)
    assert isinstance(ping(Secret(hooks.base + "/ping/abc"), loopback=True), Sent)
    hooks.heal()
    hooks.fail(500)
    assert isinstance(ping(Secret(hooks.base + "/ping/abc"), loopback=True), Retry)
    assert isinstance(ping(Secret("http://10.0.0.1/ping")), Retry)


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    channel = Channel(
        name="files",
        kind=ChannelKind.FILE,
        transport=Folder(path=tmp_path / "taken"),
        recipients=(Recipient(address="a@example.org"),),
    )
    assert isinstance(attempt(channel), Retry)
