"""Any other service (Telegram, Teams, Discord, ntfy, …) by an Apprise URL, behind the same interface.

Apprise says only whether a service took a message; why not stands in its log, which is caught and shown without the
address. It does its own networking: addresses of its plain HTTP kinds are checked before, those of named services are
taken as written. The library is optional: `pip install "kawat[apprise]"`.
"""

from __future__ import annotations

import logging
import re
from datetime import datetime, timedelta
from html import escape
from typing import TYPE_CHECKING, Any

import requests

from pipeline.alert.channel import Channel, Secret, Service
from pipeline.alert.channels.guard import resolve
from pipeline.alert.channels.outcome import reason
from pipeline.alert.render.brief import brief
from pipeline.alert.render.letter import letter
from pipeline.alert.words import Names
from pipeline.errors import AddressRefused, UsageError
from pipeline.model import Alert, Attempt, Delivery, Permanent, Retry, Sent

if TYPE_CHECKING:
    from types import ModuleType

WEB = frozenset({"json", "jsons", "xml", "xmls", "form", "forms"})
"""Schemas of Apprise that post to any host."""

LONGEST = 3_500
"""Characters of one message, where the service would take more."""

AGAIN = timedelta(minutes=2)


class ServiceNotifier:
    """Sends alerts of one channel to one Apprise URL. Raises UsageError where Apprise is not installed."""

    def __init__(self, channel: Channel, names: Names) -> None:
        if not isinstance(channel.transport, Service):
            raise TypeError(f"channel {channel.name} has no Apprise URL")
        self.name = channel.name
        self._channel, self._names, self._service = channel, names, channel.transport
        self._apprise = library(channel.name)

    def send(self, alert: Alert, delivery: Delivery, *, now: datetime) -> Attempt:
        """Send one alert as title and plain text within the service's limit, cut at item boundaries."""
        recipient = self._channel.recipient(alert.recipient)
        if recipient is None:
            return Permanent(reason=f"{alert.recipient} is no longer a recipient of {self.name}")
        url = self._service.url.reveal()
        asset = self._apprise.AppriseAsset(app_id="Kawat", async_mode=False)
        service = self._apprise.Apprise.instantiate(url, asset=asset, suppress_exceptions=True)
        if service is None:
            return Permanent(reason="Apprise does not understand the address; see its list of services")
        schema = url.partition(":")[0].lower()
        if schema in WEB:
            try:
                resolve(f"http://{service.host}:{service.port or 80}/", loopback=self._service.loopback)
            except AddressRefused:
                return Permanent(reason="address refused: it is not a public one")
            except OSError as error:
                return Retry(reason=f"cannot resolve the address: {type(error).__name__}")
        content = letter(alert, delivery, self._channel, recipient, self._names, now=now)
        room = min(int(service.body_maxlen or LONGEST), LONGEST) - len(escape(content.subject)) - 20
        text = brief(content, room, cost=lambda line: len(escape(line)))
        return self._notify(service, content.subject[: int(service.title_maxlen or 250)], text)

    def _notify(self, service: Any, title: str, text: str) -> Attempt:
        heard = _Heard()
        log = logging.getLogger("apprise")
        before, propagates, level = list(log.handlers), log.propagate, log.level
        log.handlers, log.propagate = [heard], False  # what it logs may hold the address, which is the secret
        log.setLevel(logging.WARNING)
        try:
            taken = service.notify(body=text, title=title, body_format=self._apprise.NotifyFormat.TEXT)
        except (OSError, ValueError, TypeError, requests.RequestException) as error:
            return Retry(reason=f"the service failed: {type(error).__name__}", maybe_accepted=True)
        finally:
            log.handlers, log.propagate = before, propagates
            log.setLevel(level)
        if taken:
            return Sent(receipt=f"taken by {service.service_name or 'the service'}")
        why = reason("; ".join(heard.lines) or "the service refused it", *self._secrets())
        return Retry(reason=why, after=AGAIN, maybe_accepted="timed out" in why.lower())

    def _secrets(self) -> list[Secret]:
        _, *parts = re.split(r"://|[/@?&:=]", self._service.url.reveal())
        return [self._service.url, *(Secret(part) for part in parts if len(part) > 5)]


class _Heard(logging.Handler):
    """Keeps the lines that Apprise logs."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


def library(channel: str) -> ModuleType:
    """Apprise. Raises UsageError with its remedy where it is not installed."""
    try:
        import apprise  # noqa: PLC0415
    except ImportError:
        raise UsageError(
            f'channel {channel} needs Apprise, which is not installed: pip install "kawat[apprise]"'
        ) from None
    return apprise
