"""Who is told, where and about what: the values that `config/channels.yaml` is read into. Nothing here sends.

A `Channel` is one way out (an SMTP relay, a Slack webhook or bot, a plain webhook, an Apprise service, a folder); its
recipients share its watch.
`Secret` keeps what must not be seen out of `repr`, logs and errors; only a notifier calls `reveal`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import time, timedelta
from enum import StrEnum
from pathlib import Path

from pipeline.alert.plan import SHIPPED, Watch

HIDDEN = "***"


class Secret:
    """A string that shows itself only to who asks for it by `reveal`. Equal secrets compare equal."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return f"Secret({HIDDEN!r})"

    def __str__(self) -> str:
        return HIDDEN

    def __format__(self, spec: str) -> str:
        return HIDDEN

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._text == self._text

    def __hash__(self) -> int:
        return hash(self._text)

    def __bool__(self) -> bool:
        return bool(self._text)

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError("a secret is not pickled")


class ChannelKind(StrEnum):
    SMTP = "smtp"
    SLACK = "slack"
    WEBHOOK = "webhook"
    APPRISE = "apprise"
    FILE = "file"


class Audience(StrEnum):
    """Readers get agreements, the operator gets what is wrong with the machine; they never share a stream."""

    READERS = "readers"
    OPERATOR = "operator"


class Security(StrEnum):
    """How an SMTP connection is protected. `plain` is for a relay on this machine or network."""

    STARTTLS = "starttls"
    TLS = "tls"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Who reads. `address` is an e-mail address, or for other kinds a label such as "#ict-agreements"."""

    address: str
    language: str = "en"  # en | id
    zone: str = "Asia/Jakarta"  # IANA name; times are shown in WIB and in this zone


@dataclass(frozen=True, slots=True, kw_only=True)
class Smtp:
    """One SMTP relay. `sender` is `Name <address>` or an address; `ca_file` an own certificate authority (PEM)."""

    host: str
    port: int = 587
    security: Security = Security.STARTTLS
    username: str = ""
    password: Secret = field(default_factory=lambda: Secret(""))
    sender: str = "Kawat <kawat@localhost>"
    timeout: timedelta = timedelta(seconds=20)
    ca_file: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Slack:
    """One incoming webhook. The address is itself the secret."""

    url: Secret
    timeout: timedelta = timedelta(seconds=15)
    loopback: bool = False  # allow an address on this machine (demo, tests)


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackBot:
    """One Slack app by its bot token (scope `chat:write`): threads, and edits in place. Recipients are Slack channels,
    by name or id. `api` is another address of the same interface (GovSlack, tests)."""

    token: Secret
    api: str = "https://slack.com/api/"
    timeout: timedelta = timedelta(seconds=15)
    loopback: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One Apprise URL, which holds the secret."""

    url: Secret
    loopback: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """One generic JSON webhook. `secret` signs the body (HMAC-SHA256) where it is given."""

    url: Secret
    secret: Secret = field(default_factory=lambda: Secret(""))
    timeout: timedelta = timedelta(seconds=15)
    loopback: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """Where `.eml` files are written when no delivery is set."""

    path: Path


Transport = Smtp | Slack | SlackBot | Webhook | Service | Folder


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """Hours of the day, in the recipient's zone, in which nothing is sent at once; what waits goes out at `end`.

    `start` after `end` means over midnight."""

    start: time
    end: time


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """At most so many messages in so long a time."""

    messages: int
    per: timedelta


SLACK_RATE = Rate(messages=10, per=timedelta(seconds=10))
"""Slack's own limit, a message a second to one channel, short bursts allowed (its reference, "Rate limits")."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One way out.

    `digest` is the wall-clock time of the digest in each recipient's zone, None: no digest here; `digest_weekday` makes
    it a weekly one (0 is Monday). `rate` bounds what is sent, None: nothing does. `flood`: more new agreements than
    this in an hour are held and told in one message.
    """

    name: str
    kind: ChannelKind
    transport: Transport
    recipients: tuple[Recipient, ...]
    watch: Watch = SHIPPED
    digest: time | None = time(7, 30)
    digest_weekday: int | None = None
    quiet: Quiet | None = None
    rate: Rate | None = None
    flood: int = 10
    audience: Audience = Audience.READERS
    operator: str = ""  # address that List-Unsubscribe and the reply links name; "" leaves them out

    def recipient(self, address: str) -> Recipient | None:
        """The recipient with this address; None where it was taken out of the configuration since."""
        return next((r for r in self.recipients if r.address == address), None)
