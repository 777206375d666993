"""Slack by incoming webhook, through slack_sdk with its hidden second try switched off.

Slack answers `ok`; every other 200 is judged by its words. A message whose blocks Slack refuses is sent again at once
as plain text, so that a message never dies of its form.
"""

from __future__ import annotations

import json
import logging
from datetime import datetime, timedelta
from http.client import HTTPException
from traceback import clear_frames
from typing import Any
from urllib.error import URLError

from slack_sdk.errors import SlackRequestError
from slack_sdk.webhook import WebhookClient
from slack_sdk.webhook.webhook_response import WebhookResponse

from pipeline.alert.channel import Channel, Slack
from pipeline.alert.channels.outcome import reason, retry_after
from pipeline.alert.render.letter import letter
from pipeline.alert.render.slack import slack
from pipeline.alert.words import Names
from pipeline.errors import AddressRefused
from pipeline.model import Alert, Attempt, Delivery, Permanent, Retry, Sent
from pipeline.net import check_url

FORM = (
    "invalid_blocks",
    "invalid_blocks_format",
    "invalid_payload",
    "no_text",
    "msg_too_long",
    "msg_blocks_too_long",
    "invalid_attachments",
)
"""What Slack says of a message whose form it refuses."""

_GONE = (
    "channel_not_found",
    "channel_is_archived",
    "no_service",
    "no_team",
    "no_active_hooks",
    "action_prohibited",
    "invalid_token",
    "token_revoked",
    "account_inactive",
    "posting_to_general_channel_denied",
    "team_disabled",
    "user_not_found",
)


class SlackNotifier:
    """Sends alerts of one channel to one incoming webhook."""

    def __init__(self, channel: Channel, names: Names) -> None:
        if not isinstance(channel.transport, Slack):
            raise TypeError(f"channel {channel.name} has no Slack settings")
        self.name = channel.name
        self._channel, self._names, self._slack = channel, names, channel.transport
        # the client writes the address, which is the secret, to its log: it gets one that says nothing
        self._silent = logging.Logger("silent", level=logging.CRITICAL + 1)

    def send(self, alert: Alert, delivery: Delivery, *, now: datetime) -> Attempt:
        """Send one alert, as blocks, or as plain text where Slack refuses the blocks."""
        recipient = self._channel.recipient(alert.recipient)
        if recipient is None:
            return Permanent(reason=f"{alert.recipient} is no longer a recipient of {self.name}")
        content = slack(letter(alert, delivery, self._channel, recipient, self._names, now=now))
        outcome = self._post(content, now=now)
        if isinstance(outcome, Permanent) and any(word in outcome.reason for word in FORM):
            return self._post({"text": content["text"]}, now=now)
        return outcome

    def _post(self, body: dict[str, Any], *, now: datetime) -> Attempt:
        url, seconds = self._slack.url.reveal(), self._slack.timeout / timedelta(seconds=1)
        try:
            check_url(url, allow_loopback=self._slack.loopback)
            client = WebhookClient(url, timeout=max(1, round(seconds)), retry_handlers=[], logger=self._silent)
            answer = client.send_dict({**body, "unfurl_links": False, "unfurl_media": False})
        except (AddressRefused, SlackRequestError) as error:
            return Permanent(reason=self._words("address refused", error))
        except URLError as error:  # raised while connecting and writing; what comes later is raised bare
            return Retry(reason=self._words("cannot reach Slack", error))
        except (OSError, HTTPException, UnicodeError, LookupError) as error:
            clear_frames(error.__traceback__)  # the client leaves an answer open whose reading broke: close it now
            return Retry(reason=self._words("no answer from Slack", error), maybe_accepted=True)
        return self._outcome(answer, now=now)

    def _outcome(self, answer: WebhookResponse, *, now: datetime) -> Attempt:
        code, words = answer.status_code, (answer.body or "").strip()[:500]
        if code == 200 and words == "ok":
            return Sent(receipt="ok")
        error = _error(words)
        text = reason(f"Slack {code} {error}", self._slack.url)
        if code == 429 or error in {"rate_limited", "ratelimited"}:
            wish = {name.lower(): value for name, value in answer.headers.items()}.get("retry-after")
            return Retry(reason=text, after=retry_after(wish, now=now))
        if error in FORM or error in _GONE or code in {400, 404, 410}:
            return Permanent(reason=text)
        # 5xx, 403 while an administrator sorts it out, and every answer that Slack does not document
        return Retry(reason=text, maybe_accepted=code == 200)

    def _words(self, where: str, error: Exception) -> str:
        return reason(f"{where}: {type(error).__name__} {error}", self._slack.url)


def _error(words: str) -> str:
    """The error's name, whether it comes as bare text or as JSON with `ok: false`."""
    try:
        data = json.loads(words)
    except ValueError:
        return words
    return str(data.get("error", words)) if isinstance(data, dict) else words
