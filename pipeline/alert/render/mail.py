"""A letter as an RFC 5322 message: plain and HTML alternatives, safe headers, stable Message-ID.

The Message-ID follows from the alert's key, so that a repeated delivery collapses in the reader's mailbox; References
name the message that told of the agreement first, so that later news of it lands below.
"""

from __future__ import annotations

from datetime import datetime
from email.errors import MessageError
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from pipeline.alert.render.hostile import line
from pipeline.alert.render.html import html
from pipeline.alert.render.letter import Letter
from pipeline.alert.render.plain import plain
from pipeline.model import AlertKind, digest

POLICY = SMTP.clone(cte_type="7bit", max_line_length=76)
"""Encoded text and encoded words stay within 76 characters (RFC 2045, 2047)."""

UNFOLDED = POLICY.clone(max_line_length=900)
"""For headers that need no encoding: Python may fold them into an empty first line, which some readers show."""


class UnusableAddress(ValueError):
    """An e-mail address that cannot stand in a header."""


def address(text: str) -> Address:
    """`Name <user@host>` or `user@host` as a header address.

    Raises:
        UnusableAddress: it is not one plain ASCII address.
    """
    name, spec = parseaddr(text)
    if any(ord(char) < 32 for char in text):
        raise UnusableAddress(f"{line(text, 80)!r} holds a line break or control character")
    if not spec or not spec.isascii() or spec.count("@") != 1 or any(c.isspace() or not c.isprintable() for c in spec):
        raise UnusableAddress(f"{line(text, 80)!r} is no e-mail address")
    user, host = spec.split("@")
    if not user or not host:
        raise UnusableAddress(f"{line(text, 80)!r} is no e-mail address")
    try:
        return Address(display_name=line(name, 80), addr_spec=spec)
    except (ValueError, IndexError, MessageError) as error:
        raise UnusableAddress(f"{line(text, 80)!r} is no e-mail address") from error


def mail(letter: Letter, sender: str, *, thread: str, now: datetime) -> bytes:
    """The bytes of the message from `sender` to the letter's recipient. `thread` is the key of the alert that it goes
    below, "" for none.

    Raises:
        UnusableAddress: sender or recipient is no e-mail address.
    """
    origin, to = address(sender), address(letter.recipient)
    message = EmailMessage(policy=POLICY)
    message["From"] = origin
    message["To"] = to
    message["Date"] = format_datetime(now)
    message["Message-ID"] = _identity(letter.alert_key, origin.domain)
    if thread:
        message["In-Reply-To"] = message["References"] = _identity(thread, origin.domain)
    if letter.operator:
        operator = address(letter.operator).addr_spec
        message["Reply-To"] = operator
        message["List-Unsubscribe"] = f"<mailto:{operator}?subject=Kawat%20unsubscribe%20{letter.alert_key[:12]}>"
    message["List-ID"] = f"Kawat <kawat.{origin.domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = letter.language
    if letter.kind in {AlertKind.TEST, AlertKind.OPERATOR, AlertKind.NOTICE}:
        message["X-Kawat-Kind"] = letter.kind.value
    message.set_content(plain(letter), cte="quoted-printable")
    message.add_alternative(html(letter), subtype="html", cte="quoted-printable")
    message.set_boundary(f"kawat-{digest('boundary', letter.alert_key, size=12)}")  # same alert, same bytes
    headers = UNFOLDED if origin.display_name.isascii() else POLICY
    return _subject(letter.subject) + message.as_bytes(policy=headers)


def _subject(text: str) -> bytes:
    """The subject's header line, encoded whole: the modern folding loses blanks between words that need encoding."""
    encoded = text if text.isascii() else Header(text, "utf-8", 75, "Subject").encode(linesep="\r\n")
    return f"Subject: {encoded}\r\n".encode("ascii")


def _identity(key: str, domain: str) -> str:
    return f"<kawat.{digest('message', key)}@{domain}>"
