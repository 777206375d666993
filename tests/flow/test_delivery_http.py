"""Slack and webhooks as they go wrong: errors, silence, broken connections, addresses that must not be called."""

from __future__ import annotations

import logging
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
import requests
from delivery_parts import attempt, self_signed, slack, webhook

from kawat.press.receivers import Hooks
from pipeline.alert.channel import Channel, ChannelKind, Folder, Recipient, Secret, Webhook
from pipeline.alert.channels import guard
from pipeline.alert.channels.webhook import ping
from pipeline.model import Attempt, Permanent, Retry, Sent


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def hooks() -> Iterator[Hooks]:
    with Hooks() as opened:
        yield opened


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
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, accepted: bool
) -> None:
    file = self_signed(tmp_path, timedelta(days=1))
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
