"""E-mail over SMTP: one connection and one message per delivery, step by step, so that it is known how far a try got.

Certificates are verified; a relay that does not offer STARTTLS where it is asked for gets nothing. What is wrong with
our own access (name, password, encryption) is retried: the message is right, and an operator mends the setting.
"""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
from collections.abc import Callable
from datetime import datetime, timedelta

from pipeline.alert.channel import Channel, Security, Smtp
from pipeline.alert.channels.outcome import OWN_FAULT, reason
from pipeline.alert.render.letter import letter
from pipeline.alert.render.mail import UnusableAddress, address, mail
from pipeline.alert.words import Names
from pipeline.model import Alert, Attempt, Delivery, Permanent, Retry, Sent

_DOT = re.compile(rb"(?m)^\.")


class SmtpNotifier:
    """Sends alerts of one channel. `tls` makes the certificate checks (None: the system's authorities)."""

    def __init__(self, channel: Channel, names: Names, *, tls: Callable[[], ssl.SSLContext] | None = None) -> None:
        if not isinstance(channel.transport, Smtp):
            raise TypeError(f"channel {channel.name} has no SMTP settings")
        self.name = channel.name
        self._channel, self._names, self._smtp = channel, names, channel.transport
        self._tls = tls or self._context

    def send(self, alert: Alert, delivery: Delivery, *, now: datetime) -> Attempt:
        """Send one alert. `Permanent` only for what no later try mends: this recipient or this message is refused."""
        recipient = self._channel.recipient(alert.recipient)
        if recipient is None:
            return Permanent(reason=f"{alert.recipient} is no longer a recipient of {self.name}")
        content = letter(alert, delivery, self._channel, recipient, self._names, now=now)
        try:
            message = mail(content, self._smtp.sender, thread=delivery.thread, now=now)
            sender, to = address(self._smtp.sender).addr_spec, address(recipient.address).addr_spec
        except UnusableAddress as error:
            return Permanent(reason=reason(str(error)))
        return self._deliver(message, sender, to)

    def _context(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self._smtp.ca_file) if self._smtp.ca_file else None)

    def _deliver(self, message: bytes, sender: str, to: str) -> Attempt:
        try:
            session = self._open()
        except smtplib.SMTPAuthenticationError as error:
            return Retry(reason=self._words("login refused", error), after=OWN_FAULT)
        except (smtplib.SMTPException, OSError) as error:  # OSError: refused, timed out, name or certificate wrong
            return Retry(reason=self._words(f"cannot reach {self._smtp.host}", error))
        try:
            return self._transfer(session, message, sender, to)
        finally:
            _close(session)

    def _open(self) -> smtplib.SMTP:
        settings, seconds = self._smtp, self._smtp.timeout / timedelta(seconds=1)
        own = socket.gethostname()  # smtplib's default asks DNS for a full name, which can take long
        session: smtplib.SMTP
        if settings.security is Security.TLS:
            session = smtplib.SMTP_SSL(settings.host, settings.port, own, timeout=seconds, context=self._tls())
        else:
            session = smtplib.SMTP(settings.host, settings.port, own, timeout=seconds)
        try:
            if settings.security is Security.STARTTLS:
                session.starttls(context=self._tls())
            session.ehlo_or_helo_if_needed()
            if settings.username:
                session.login(settings.username, settings.password.reveal())
        except (smtplib.SMTPException, OSError):
            _close(session)
            raise
        return session

    def _transfer(self, session: smtplib.SMTP, message: bytes, sender: str, to: str) -> Attempt:
        content = _DOT.sub(b"..", message)
        data_began = False
        try:
            for step, call in (("sender", session.mail), ("recipient", session.rcpt)):
                code, answer = call(sender if step == "sender" else to)
                if code not in (250, 251):
                    return self._refused(step, code, answer)
            code, answer = session.docmd("DATA")
            if code != 354:
                return self._refused("message", code, answer)
            data_began = True
            session.send(content + (b".\r\n" if content.endswith(b"\r\n") else b"\r\n.\r\n"))
            code, answer = session.getreply()
        except (smtplib.SMTPException, OSError) as error:
            where = "no answer after the message was sent" if data_began else "connection lost"
            return Retry(reason=self._words(where, error), maybe_accepted=data_began)
        if code != 250:
            return self._refused("message", code, answer)
        return Sent(receipt=reason(answer.decode("utf-8", "replace"), self._smtp.password))

    def _refused(self, what: str, code: int, answer: bytes) -> Attempt:
        text = reason(f"{what} refused: {code} {answer.decode('utf-8', 'replace')}", self._smtp.password)
        if code in (530, 534, 535, 538):  # RFC 4954: authentication, not this message
            return Retry(reason=text, after=OWN_FAULT)
        return Permanent(reason=text) if 500 <= code < 600 else Retry(reason=text)

    def _words(self, where: str, error: Exception) -> str:
        return reason(f"{where}: {type(error).__name__} {error}", self._smtp.password)


def _close(session: smtplib.SMTP) -> None:
    try:
        session.quit()
    except (smtplib.SMTPException, OSError):
        session.close()
