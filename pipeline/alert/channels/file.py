"""Alerts as `.eml` files in a folder: what happens while no delivery is set, and what the demo leaves to look at."""

from __future__ import annotations

import errno
import os
from dataclasses import replace
from datetime import datetime

from pipeline.alert.channel import Channel, Folder
from pipeline.alert.render.letter import letter
from pipeline.alert.render.mail import UnusableAddress, mail
from pipeline.alert.words import Names
from pipeline.model import Alert, Attempt, Delivery, Permanent, Retry, Sent, digest

SENDER = "Kawat <kawat@localhost>"
NOBODY = "reader@localhost"


class FileNotifier:
    """Writes alerts of one channel as `<date>-<key>.eml`; the same alert is the same file, so nothing is doubled."""

    def __init__(self, channel: Channel, names: Names) -> None:
        if not isinstance(channel.transport, Folder):
            raise TypeError(f"channel {channel.name} has no folder")
        self.name = channel.name
        self._channel, self._names, self._folder = channel, names, channel.transport.path

    def send(self, alert: Alert, delivery: Delivery, *, now: datetime) -> Attempt:
        """Write one alert, whole or not at all; a full disk is tried again."""
        recipient = self._channel.recipient(alert.recipient)
        if recipient is None:
            return Permanent(reason=f"{alert.recipient} is no longer a recipient of {self.name}")
        content = letter(alert, delivery, self._channel, recipient, self._names, now=now)
        try:
            message = mail(content, SENDER, thread=delivery.thread, now=now)
        except UnusableAddress:  # in a folder the reader may go by any name
            message = mail(replace(content, recipient=NOBODY, operator=""), SENDER, thread=delivery.thread, now=now)
        name = f"{alert.created_at:%Y%m%dT%H%M%SZ}-{alert.kind.value}-{digest('file', alert.key, size=6)}.eml"
        part = self._folder / f"{name}.part"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with part.open("wb") as file:
                file.write(message)
                file.flush()
                os.fsync(file.fileno())
            part.replace(self._folder / name)
        except OSError as error:
            why = "no room on the disk" if error.errno == errno.ENOSPC else type(error).__name__
            return Retry(reason=f"cannot write {name}: {why}")
        return Sent(receipt=name)
