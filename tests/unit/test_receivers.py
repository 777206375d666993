"""The mailbox and the hooks keep what they accept, refuse what they are told to, and lose only the confirmation."""

from __future__ import annotations

import http.client
import json
import smtplib
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from kawat.press.receivers import Hooks, Mailbox


@pytest.fixture
def box(tmp_path: Path) -> Iterator[Mailbox]:
    with Mailbox(tmp_path / "mail") as running:
        yield running


@pytest.fixture
def hooks(tmp_path: Path) -> Iterator[Hooks]:
    with Hooks(tmp_path / "hooks") as running:
        yield running


def letter(*recipients: str) -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = "Perjanjian baru: Indonesia–Finlandia"
    message["From"] = "kawat@example.org"
    message["To"] = ", ".join(recipients)
    message.set_content("Teks – dengan tanda pisah.\n")
    return message


def send(box: Mailbox, *recipients: str) -> dict[str, tuple[int, bytes]]:
    with smtplib.SMTP(box.host, box.port, timeout=10, local_hostname="test.invalid") as client:
        return client.send_message(letter(*recipients))


def post(url: str, payload: object, *, kind: str = "application/json", timeout: float = 10) -> tuple[int, str, str]:
    split = urlsplit(url)
    connection = http.client.HTTPConnection(split.netloc, timeout=timeout)
    try:
        body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        connection.request("POST", split.path, body=body, headers={"Content-Type": kind, "X-Kawat-Signature": "s"})
        response = connection.getresponse()
        return response.status, response.read().decode(), response.headers.get("Retry-After", "")
    finally:
        connection.close()


def test_mail_is_kept_in_memory_and_as_a_file(box: Mailbox) -> None:
    assert send(box, "a@example.org", "b@example.org") == {}
    (mail,) = box.messages
    assert mail.recipients == ("a@example.org", "b@example.org") and mail.sender == "kawat@example.org"
    assert mail.message["Subject"] == "Perjanjian baru: Indonesia–Finlandia"
    assert mail.message.get_content() == "Teks – dengan tanda pisah.\r\n"
    assert mail.file is not None and mail.file.name == "0001.eml" and mail.file.read_bytes() == mail.raw


def test_one_recipient_is_refused_the_others_are_served(box: Mailbox) -> None:
    box.fail("550 5.1.1 no such mailbox", recipient="gone@*")
    refused = send(box, "gone@example.org", "b@example.org")
    assert refused == {"gone@example.org": (550, b"5.1.1 no such mailbox")}
    assert box.messages[0].recipients == ("b@example.org",)


def test_mail_is_put_off_once(box: Mailbox) -> None:
    box.fail("451 4.3.0 try later", times=1)
    with pytest.raises(smtplib.SMTPDataError) as caught:
        send(box, "a@example.org")
    assert caught.value.smtp_code == 451 and box.messages == []
    send(box, "a@example.org")
    assert len(box.messages) == 1 and box.attempts == 2


@pytest.mark.parametrize(("mode", "kept"), [("drop_before", 0), ("drop_after", 1)])
def test_the_connection_breaks_around_the_final_reply(box: Mailbox, mode: str, kept: int) -> None:
    box.fail(mode)
    with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionResetError)):
        send(box, "a@example.org")
    assert len(box.messages) == kept and box.attempts == 1
    box.heal()
    send(box, "a@example.org")
    assert len(box.messages) == kept + 1


def test_a_fault_that_is_none_is_refused(box: Mailbox, hooks: Hooks) -> None:
    for wrong in ("250 OK", "drop", "later"):
        with pytest.raises(ValueError, match="neither"):
            box.fail(wrong)
    with pytest.raises(ValueError, match="whole message"):
        box.fail("drop_after", recipient="a@*")
    with pytest.raises(ValueError, match="neither"):
        hooks.fail("later")


def test_payloads_are_kept(hooks: Hooks) -> None:
    block = {"type": "section", "text": {"type": "mrkdwn", "text": "*Finlandia* – 6G"}}
    assert post(hooks.slack_url, {"text": "Finlandia", "blocks": [block]}) == (200, "ok", "")
    assert post(hooks.hook_url + "/team", [1, 2]) == (200, "ok", "")
    slack, generic = hooks.posts
    assert slack.kind == "slack" and slack.payload["blocks"] == [block] and slack.headers["x-kawat-signature"] == "s"
    assert generic.kind == "generic" and generic.path == "/hook/team" and generic.raw == b"[1, 2]"
    assert slack.file is not None and json.loads(slack.file.read_text()) == slack.payload


@pytest.mark.parametrize(
    ("payload", "words"),
    [
        ({}, "no_text"),
        ([], "invalid_payload"),
        (b"{", "invalid_payload"),
        ({"text": "x" * 40_001}, "invalid_payload"),
        ({"blocks": [{"type": "divider"}] * 51}, "invalid_blocks"),
        ({"blocks": ["x"]}, "invalid_blocks"),
    ],
)
def test_slack_objects_to_a_bad_payload(hooks: Hooks, payload: object, words: str) -> None:
    assert post(hooks.slack_url, payload) == (400, words, "")
    assert hooks.posts == []


def test_other_objections(hooks: Hooks) -> None:
    assert post(hooks.slack_url, {"text": "x"}, kind="text/plain")[0] == 400
    assert post(hooks.base + "/services/T0/B0/wrong", {"text": "x"})[:2] == (404, "no_service")
    assert hooks.posts == []


def test_hooks_go_wrong_on_demand(hooks: Hooks) -> None:
    hooks.fail(429, retry_after=7, times=1)
    assert post(hooks.slack_url, {"text": "x"}) == (429, "rate_limited", "7")
    hooks.fail(404, path="/services/*")
    assert post(hooks.slack_url, {"text": "x"})[:2] == (404, "channel_not_found")
    assert post(hooks.hook_url, {"text": "x"})[0] == 200
    hooks.fail(500)
    assert post(hooks.hook_url, {"text": "x"})[0] == 500
    hooks.heal()
    assert post(hooks.slack_url, {"text": "x"})[0] == 200


@pytest.mark.parametrize(("mode", "kept"), [("drop_before", 0), ("drop_after", 1)])
def test_the_answer_is_lost(hooks: Hooks, mode: str, kept: int) -> None:
    hooks.fail(mode)
    with pytest.raises((ConnectionResetError, http.client.RemoteDisconnected)):
        post(hooks.slack_url, {"text": "x"})
    assert len(hooks.posts) == kept and hooks.attempts == 1


def test_no_answer_at_all(hooks: Hooks) -> None:
    hooks.fail("timeout")
    with pytest.raises(TimeoutError):
        post(hooks.slack_url, {"text": "x"}, timeout=0.05)
    assert hooks.posts == []
