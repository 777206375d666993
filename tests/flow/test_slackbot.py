"""A Slack bot and an Apprise service as they go wrong, against real listeners on loopback."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from delivery_parts import NAMES, NOW, QUOTE, alerts, attempt

from kawat.press.receivers import Hooks
from kawat.press.workspace import Workspace
from pipeline.alert.channel import Channel, ChannelKind, Recipient, Secret, Service, SlackBot
from pipeline.alert.channels.notifiers import notifier
from pipeline.model import AlertKind, Attempt, Delivery, Permanent, Retry, Sent


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def slack() -> Iterator[Workspace]:
    with Workspace("#ict") as opened:
        yield opened


@pytest.fixture
def hooks() -> Iterator[Hooks]:
    with Hooks() as opened:
        yield opened


def bot(workspace: Workspace, **changes: Any) -> Channel:
    settings = SlackBot(token=Secret(workspace.token), api=workspace.api, timeout=timedelta(seconds=1), loopback=True)
    return Channel(
        name="bot",
        kind=ChannelKind.SLACK,
        transport=replace(settings, **changes),
        recipients=(Recipient(address="#ict"),),
    )


def service(url: str, *, loopback: bool = True) -> Channel:
    return Channel(
        name="chat",
        kind=ChannelKind.APPRISE,
        transport=Service(url=Secret(url), loopback=loopback),
        recipients=(Recipient(address="phones"),),
    )


@pytest.mark.parametrize(
    ("fault", "kind", "maybe"),
    [
        (429, Retry, False),
        (500, Retry, False),
        (503, Retry, False),
        ("ratelimited", Retry, False),
        ("internal_error", Retry, True),
        ("fatal_error", Retry, True),
        ("invalid_auth", Retry, False),
        ("token_revoked", Retry, False),
        ("not_in_channel", Retry, False),
        ("service_unavailable", Retry, False),
        ("channel_not_found", Permanent, False),
        ("is_archived", Permanent, False),
        ("timeout", Retry, True),
        ("drop_before", Retry, True),
        ("drop_after", Retry, True),
    ],
)
def test_what_slack_says_is_mapped(slack: Workspace, fault: int | str, kind: type[Attempt], maybe: bool) -> None:
    slack.fail(fault, retry_after=90)
    outcome = attempt(bot(slack))
    assert isinstance(outcome, kind)
    assert slack.attempts == 1  # no hidden second try
    if isinstance(outcome, Retry):
        assert outcome.maybe_accepted is maybe
        assert outcome.after == {429: timedelta(seconds=90)}.get(
            fault if isinstance(fault, int) else 0,
            timedelta(minutes=15) if fault in {"invalid_auth", "token_revoked", "not_in_channel"} else None,
        )
    assert not isinstance(outcome, Sent) and slack.token not in outcome.reason


def test_a_message_whose_blocks_are_refused_goes_as_plain_text(slack: Workspace) -> None:
    slack.fail("invalid_blocks", times=1)
    assert isinstance(attempt(bot(slack)), Sent)
    (message,) = slack.messages
    assert message.payload["blocks"] == [] and QUOTE in message.payload["text"]


def test_a_wrong_channel_a_private_address_and_a_dead_host(slack: Workspace) -> None:
    elsewhere = replace(bot(slack), recipients=(Recipient(address="#none"),))
    assert isinstance(attempt(elsewhere), Permanent)
    assert isinstance(attempt(bot(slack, loopback=False)), Permanent)
    outcome = attempt(bot(slack, api="http://127.0.0.1:9/api/"))
    assert isinstance(outcome, Retry) and not outcome.maybe_accepted


def test_a_thread_that_is_gone_is_no_reason_to_stay_silent(slack: Workspace) -> None:
    channel = bot(slack)
    (one,) = alerts(channel)
    delivery = Delivery(
        id=1, alert=one, attempts=0, possible_repeat=False, lease="l", thread="t", root="C00000001/1600000000.000001"
    )
    assert isinstance(notifier(channel, NAMES).send(one, delivery, now=NOW), Sent)
    (message,) = slack.messages
    assert message.thread == ""
    edit = replace(one, kind=AlertKind.COUNTER)
    gone = notifier(channel, NAMES).send(edit, replace(delivery, alert=edit), now=NOW)
    assert isinstance(gone, Sent) and "message_not_found" in gone.receipt


def test_the_token_stays_out_of_the_log(slack: Workspace, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    attempt(bot(slack))
    slack.fail("drop_before")
    attempt(bot(slack))
    assert slack.token not in caplog.text and QUOTE not in caplog.text


@pytest.mark.filterwarnings("ignore:.imghdr:DeprecationWarning")  # Apprise imports it
def test_any_service_by_an_apprise_url(hooks: Hooks, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    url = hooks.hook_url.replace("http://", "json://user:geheim-123@")
    assert isinstance(attempt(service(url)), Sent)
    (post,) = hooks.posts
    assert post.payload["title"].startswith("Indonesia and Japan sign")
    assert QUOTE in post.payload["message"] and "Confidence" in post.payload["message"]
    hooks.fail(500)
    refused = attempt(service(url))
    assert isinstance(refused, Retry)
    assert "geheim" not in refused.reason + caplog.text and "127.0.0.1" not in refused.reason


@pytest.mark.filterwarnings("ignore:.imghdr:DeprecationWarning")  # Apprise imports it
def test_apprise_obeys_the_address_policy_and_says_what_it_does_not_know(hooks: Hooks) -> None:
    assert isinstance(attempt(service(hooks.hook_url.replace("http", "json"), loopback=False)), Permanent)
    assert isinstance(attempt(service("json://10.0.0.1/x", loopback=False)), Permanent)
    assert isinstance(attempt(service("nonsense://x")), Permanent)
    assert hooks.attempts == 0
