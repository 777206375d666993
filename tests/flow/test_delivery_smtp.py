"""SMTP as it goes wrong: refusals, silence, missing STARTTLS, certificates that do not hold; and no password told."""

from __future__ import annotations

import logging
import socket
import ssl
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from delivery_parts import READER, attempt, self_signed, smtp

from kawat.press.receivers import Mailbox
from pipeline.alert.channel import Channel, ChannelKind, Recipient, Secret, Security, Smtp
from pipeline.model import Attempt, Permanent, Retry, Sent


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with Mailbox() as opened:
        yield opened


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
    tmp_path: Path, lasts: timedelta, trusted: bool, host: str, sent: bool
) -> None:
    file = self_signed(tmp_path, lasts)
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
