"""A generic webhook: JSON by POST with an idempotency key, signed where a secret is set; and the heartbeat's ping."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import datetime, timedelta

import requests
from urllib3.exceptions import MaxRetryError, NewConnectionError, SSLError

from pipeline.alert.channel import Channel, Secret, Webhook
from pipeline.alert.channels.guard import session
from pipeline.alert.channels.outcome import reason, retry_after
from pipeline.alert.render.letter import letter
from pipeline.alert.render.payload import payload
from pipeline.alert.words import Names
from pipeline.model import Alert, Attempt, Delivery, Permanent, Retry, Sent

ANSWER_LIMIT = 2_048
"""Bytes of an answer that are read: enough for an error's words."""

_UNUSABLE = (
    requests.exceptions.InvalidURL,
    requests.exceptions.InvalidSchema,
    requests.exceptions.MissingSchema,
)

_LATER = frozenset({401, 403, 404, 407, 408, 425})
"""Refusals that an operator mends at the other end while the message waits; retried, not given up."""


class WebhookNotifier:
    """Posts alerts of one channel to one address. Private addresses are refused unless loopback is allowed."""

    def __init__(self, channel: Channel, names: Names) -> None:
        if not isinstance(channel.transport, Webhook):
            raise TypeError(f"channel {channel.name} has no webhook settings")
        self.name = channel.name
        self._channel, self._names, self._webhook = channel, names, channel.transport

    def send(self, alert: Alert, delivery: Delivery, *, now: datetime) -> Attempt:
        """Post one alert; the receiver tells a repeat by the `Idempotency-Key` header, which is the alert's key."""
        recipient = self._channel.recipient(alert.recipient)
        if recipient is None:
            return Permanent(reason=f"{alert.recipient} is no longer a recipient of {self.name}")
        content = letter(alert, delivery, self._channel, recipient, self._names, now=now)
        data = payload(content, alert, delivery, now=now)
        body = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
        headers = {"Content-Type": "application/json; charset=utf-8", "Idempotency-Key": alert.key}
        if self._webhook.secret:
            mac = hmac.new(self._webhook.secret.reveal().encode(), body, hashlib.sha256).hexdigest()
            headers["X-Kawat-Signature"] = f"sha256={mac}"
        return self._post(body, headers, now=now)

    def _post(self, body: bytes, headers: dict[str, str], *, now: datetime) -> Attempt:
        settings = self._webhook
        try:
            with session(loopback=settings.loopback) as client:
                answer = client.post(
                    settings.url.reveal(),
                    data=body,
                    headers={"User-Agent": "kawat", **headers},
                    timeout=settings.timeout / timedelta(seconds=1),
                    allow_redirects=False,
                    stream=True,
                )
                with answer:
                    # read1: what is there already; a receiver that drips its answer is not waited for
                    words = answer.raw.read1(ANSWER_LIMIT, decode_content=False).decode("utf-8", "replace")
        except _UNUSABLE as error:
            return Permanent(reason=self._words("address refused", error))
        except (requests.RequestException, OSError) as error:
            return Retry(reason=self._words("cannot reach it", error), maybe_accepted=went_out(error))
        return self._outcome(answer, words, now=now)

    def _outcome(self, answer: requests.Response, words: str, *, now: datetime) -> Attempt:
        code = answer.status_code
        if 200 <= code < 300:
            return Sent(receipt=str(code))
        text = reason(f"HTTP {code} {words}", self._webhook.url, self._webhook.secret)
        if code == 429 or code >= 500 or code in _LATER:
            return Retry(reason=text, after=retry_after(answer.headers.get("Retry-After"), now=now))
        return Permanent(reason=text)

    def _words(self, where: str, error: Exception) -> str:
        return reason(f"{where}: {type(error).__name__}", self._webhook.url, self._webhook.secret)


def went_out(error: Exception) -> bool:
    """Whether the request may have reached the other side: all but failures to connect."""
    if isinstance(error, requests.exceptions.ConnectTimeout | requests.exceptions.SSLError):
        return False
    cause = error.args[0] if error.args else None
    if isinstance(cause, MaxRetryError):
        return not isinstance(cause.reason, NewConnectionError | SSLError)
    return True


def ping(url: Secret, *, timeout: timedelta = timedelta(seconds=10), loopback: bool = False) -> Attempt:
    """Call the heartbeat address once. It never raises and is never retried: the next beat comes by itself."""
    try:
        with (
            session(loopback=loopback) as client,
            client.get(
                url.reveal(), timeout=timeout / timedelta(seconds=1), allow_redirects=False, stream=True
            ) as answer,
        ):
            code = answer.status_code
    except (requests.RequestException, OSError) as error:
        return Retry(reason=reason(f"heartbeat: {type(error).__name__}", url))
    return Sent(receipt=str(code)) if 200 <= code < 300 else Retry(reason=f"heartbeat: HTTP {code}")
