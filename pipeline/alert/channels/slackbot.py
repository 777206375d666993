"""Slack by bot token, through slack_sdk with its hidden second try switched off: threads, and edits in place.

A first message stands in its channel; what is told later of the same agreement, or of the same partner on the same day,
stands in its thread; another report of what was told only edits the message, which pings nobody. A receipt is Slack's
own name of a message, `channel/ts`.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from http.client import HTTPException
from traceback import clear_frames
from typing import Any
from urllib.error import URLError
from urllib.parse import urlsplit

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from pipeline.alert.channel import Channel, SlackBot
from pipeline.alert.channels.outcome import OWN_FAULT, reason, retry_after
from pipeline.alert.channels.slack import FORM
from pipeline.alert.render.letter import letter
from pipeline.alert.render.slack import slack
from pipeline.alert.words import Names
from pipeline.errors import AddressRefused
from pipeline.model import Alert, AlertKind, Attempt, Delivery, Permanent, Retry, Sent, Stage
from pipeline.net import check_url

_OURS = frozenset(
    {
        "account_inactive",
        "invalid_auth",
        "missing_scope",
        "not_authed",
        "not_in_channel",
        "org_login_required",
        "team_access_not_granted",
        "token_expired",
        "token_revoked",
    }
)
"""Our own access: somebody mends it while the message waits."""

_GONE = frozenset(
    {
        "as_user_not_supported",
        "channel_not_found",
        "is_archived",
        "messages_tab_disabled",
        "no_permission",
        "restricted_action",
        "restricted_action_read_only_channel",
        "restricted_action_thread_locked",
        "restricted_action_thread_only_channel",
        "team_not_found",
        "user_not_found",
    }
)
_LOST = frozenset({"cant_update_message", "edit_window_closed", "message_not_found"})
_NO_THREAD = frozenset({"cannot_reply_to_message", "thread_not_found", "invalid_thread_ts"})
_PERHAPS = frozenset({"fatal_error", "internal_error"})
"""Of these Slack says that some of it may have succeeded."""


class SlackBotNotifier:
    """Sends alerts of one channel as one bot, to Slack channels by name or id."""

    def __init__(self, channel: Channel, names: Names) -> None:
        if not isinstance(channel.transport, SlackBot):
            raise TypeError(f"channel {channel.name} has no Slack bot settings")
        self.name = channel.name
        self._channel, self._names, self._bot = channel, names, channel.transport
        self._silent = logging.Logger("silent", level=logging.CRITICAL + 1)  # the client's own would say what it sends

    def send(self, alert: Alert, delivery: Delivery, *, now: datetime) -> Attempt:
        """Post one alert, in its thread where it has one; or edit the message that it brings up to date."""
        recipient = self._channel.recipient(alert.recipient)
        if recipient is None:
            return Permanent(reason=f"{alert.recipient} is no longer a recipient of {self.name}")
        content = slack(letter(alert, delivery, self._channel, recipient, self._names, now=now))
        place, _, stamp = delivery.root.partition("/")
        if alert.kind is AlertKind.COUNTER:
            if not stamp:
                return Sent(receipt="there is no message to edit")
            return self._fitting("chat.update", {"channel": place, "ts": stamp}, content, now=now)
        if stamp:
            reply = {"channel": place, "thread_ts": stamp, "reply_broadcast": _broadcast(alert)}
            outcome = self._fitting("chat.postMessage", reply, content, now=now)
            if not (isinstance(outcome, Permanent) and any(word in outcome.reason for word in _NO_THREAD)):
                return outcome
        return self._fitting("chat.postMessage", {"channel": recipient.address}, content, now=now)

    def _fitting(self, method: str, where: dict[str, Any], content: dict[str, Any], *, now: datetime) -> Attempt:
        """As blocks, or as plain text where Slack refuses the blocks: a message never dies of its form."""
        outcome = self._call(method, {**where, **content}, now=now)
        if isinstance(outcome, Permanent) and any(word in outcome.reason for word in FORM):
            return self._call(method, {**where, "text": content["text"], "blocks": []}, now=now)
        return outcome

    def _call(self, method: str, body: dict[str, Any], *, now: datetime) -> Attempt:
        seconds = max(1, round(self._bot.timeout / timedelta(seconds=1)))
        try:
            check_url(self._bot.api, allow_loopback=self._bot.loopback)
            client = WebClient(
                token=self._bot.token.reveal(),
                base_url=self._bot.api,
                timeout=seconds,
                retry_handlers=[],
                logger=self._silent,
            )
            answer = client.api_call(method, json={**body, "unfurl_links": False, "unfurl_media": False})
        except SlackApiError as error:
            return self._refused(error, now=now)
        except (AddressRefused, SlackClientError) as error:
            return Permanent(reason=self._words("address refused", error))
        except URLError as error:  # raised while connecting and writing; what comes later is raised bare
            return Retry(reason=self._words("cannot reach Slack", error))
        except (OSError, HTTPException, UnicodeError, LookupError) as error:
            clear_frames(error.__traceback__)  # the client leaves an answer open whose reading broke: close it now
            return Retry(reason=self._words("no answer from Slack", error), maybe_accepted=True)
        return Sent(receipt=reason(f"{answer.get('channel', '')}/{answer.get('ts', '')}", self._bot.token))

    def _refused(self, error: SlackApiError, *, now: datetime) -> Attempt:
        answer = error.response
        code, data = int(getattr(answer, "status_code", 0)), getattr(answer, "data", None)
        name = str(data.get("error", "")) if isinstance(data, dict) else ""
        text = reason(f"Slack {code} {name or 'no reason given'}", self._bot.token)
        if code == 429 or name in {"ratelimited", "rate_limited"}:
            headers = {str(key).lower(): value for key, value in dict(getattr(answer, "headers", {})).items()}
            return Retry(reason=text, after=retry_after(headers.get("retry-after"), now=now))
        if name in _OURS:
            return Retry(reason=text, after=OWN_FAULT)
        if name in _LOST:
            return Sent(receipt=f"not edited: {name}")
        if name in FORM or name in _GONE or name in _NO_THREAD:
            return Permanent(reason=text)
        return Retry(reason=text, maybe_accepted=code == 200 and (name in _PERHAPS or " " in name))

    def _words(self, where: str, error: Exception) -> str:
        host = urlsplit(self._bot.api).hostname or ""
        return reason(f"{where} ({host}): {type(error).__name__} {error}", self._bot.token)


def _broadcast(alert: Alert) -> bool:
    """Whether a reply is shown in the channel too: a new agreement, and the end of one; not each new fact."""
    if alert.kind is not AlertKind.UPDATE:
        return True
    return any(each.agreement.stage is Stage.ENDED for each in alert.items)
