"""`channels.yaml`: who is told, where and about what, read into `pipeline.alert.channel`. Secrets only as `${NAME}`."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator, Mapping
from datetime import time
from email.utils import parseaddr
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, PlainValidator

from pipeline.alert import channel
from pipeline.alert.plan import Updates, Watch
from pipeline.config.document import Document, Section, validate
from pipeline.config.explain import Mend
from pipeline.config.hours import digest_time, quiet_hours, rate_limit
from pipeline.config.quantities import (
    Interval,
    MailAddress,
    SecretText,
    WebAddress,
    Zone,
    mail_address,
    web_address,
)
from pipeline.config.settings import Settings
from pipeline.errors import ConfigError, Fault
from pipeline.model import Level, Stage

Share = Annotated[float, Field(ge=0, le=1)]


def mail_sender(value: str) -> str:
    """Who mail is from: an address, with or without a name before it."""
    name, address = parseaddr(value)
    mail_address(address)
    if any(ord(c) < 32 for c in name):
        raise Mend("is no sender", "write it like Kawat <kawat@example.org>")
    return value


def _recipient(value: Any) -> Any:
    """A recipient may be written as the bare address."""
    return {"address": value} if isinstance(value, str) else value


def _web_secret(value: channel.Secret) -> channel.Secret:
    try:
        web_address(value.reveal())
    except Mend:
        raise Mend("the variable holds no web address", "set it to the whole address, https://…") from None
    return value


WebSecret = Annotated[SecretText, AfterValidator(_web_secret)]


class Reader(Section):
    """One entry of `to:`."""

    address: str = Field(min_length=1, max_length=254)
    language: Literal["en", "id"] = "en"
    zone: Zone | None = None


class WatchSection(Section):
    """`watch:`; what is left out keeps the shipped value."""

    confidence: Share = Watch().confidence
    digest_confidence: Share = Watch().digest_confidence
    levels: tuple[Level, ...] = Watch().levels
    stages: tuple[Stage, ...] = Watch().stages
    declared: bool = Watch().declared
    partners: tuple[Annotated[str, Field(pattern=r"^[A-Z]{2}$")], ...] = ()
    fields: tuple[str, ...] = ()
    institutions: tuple[str, ...] = ()
    languages: tuple[Annotated[str, Field(pattern=r"^[a-z]{2}$")], ...] = ()
    max_age: Interval = Watch().max_age
    max_act_age: Interval = Watch().max_act_age
    baseline_window: Interval = Watch().baseline_window
    at_once: bool = Watch().at_once
    updates: Updates | None = None


class _Common(Section):
    to: tuple[Annotated[Reader, BeforeValidator(_recipient)], ...] = Field(default=(), max_length=100)
    audience: channel.Audience = channel.Audience.READERS
    watch: WatchSection = WatchSection()
    digest: Annotated[tuple[time | None, int | None], BeforeValidator(digest_time)] = (None, None)
    quiet: Annotated[channel.Quiet, PlainValidator(quiet_hours)] | None = None
    rate: Annotated[channel.Rate, PlainValidator(rate_limit)] | None = None
    flood: int = Field(default=10, ge=1, le=10_000)
    operator: MailAddress | None = None


class SmtpSection(_Common):
    """`kind: smtp`"""

    kind: Literal["smtp"]
    host: str = Field(min_length=1, max_length=253)
    port: int = Field(default=587, ge=1, le=65535)
    security: channel.Security = channel.Security.STARTTLS
    username: str = ""
    password: SecretText | None = None
    sender: Annotated[str, AfterValidator(mail_sender)] = "Kawat <kawat@localhost>"
    timeout: Interval = channel.Smtp(host="").timeout
    ca_file: Path | None = None


class SlackSection(_Common):
    """`kind: slack`"""

    kind: Literal["slack"]
    url: WebSecret | None = None
    token: SecretText | None = None
    api: WebAddress = channel.SlackBot(token=channel.Secret("")).api
    timeout: Interval = channel.Slack(url=channel.Secret("")).timeout


class WebhookSection(_Common):
    """`kind: webhook`"""

    kind: Literal["webhook"]
    url: WebSecret
    secret: SecretText | None = None
    timeout: Interval = channel.Webhook(url=channel.Secret("")).timeout


class AppriseSection(_Common):
    """`kind: apprise`"""

    kind: Literal["apprise"]
    url: SecretText


class FileSection(_Common):
    """`kind: file`"""

    kind: Literal["file"]
    path: Path = Path("unsent")


AnyChannel = Annotated[
    SmtpSection | SlackSection | WebhookSection | AppriseSection | FileSection, Field(discriminator="kind")
]
ChannelName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]


class ChannelsFile(Section):
    """The whole file."""

    channels: dict[ChannelName, AnyChannel] = Field(default_factory=dict)


def channels_from(
    document: Document, settings: Settings, *, environ: Mapping[str, str], data_dir: Path
) -> tuple[channel.Channel, ...]:
    """The channels of a file, in its order. Raises `ConfigError` with every fault."""
    file = validate(ChannelsFile, document, environ=environ)
    faults = (
        *(fault for name, each in file.channels.items() for fault in _contradictions(name, each, document)),
        *_shared(file.channels, document),
    )
    if faults:
        raise ConfigError(faults)
    return tuple(_channel(name, each, settings, document, data_dir) for name, each in file.channels.items())


def unsent(data_dir: Path, settings: Settings) -> channel.Channel:
    """Where alerts go when no delivery is set: `.eml` files that nobody is sent."""
    return channel.Channel(
        name="unsent",
        kind=channel.ChannelKind.FILE,
        transport=channel.Folder(path=data_dir / "unsent"),
        recipients=(channel.Recipient(address="unsent@localhost", zone=settings.zone),),
        digest=settings.digest,
    )


def _channel(name: str, section: AnyChannel, settings: Settings, document: Document, data_dir: Path) -> channel.Channel:
    written = document.data["channels"][name]
    readers = section.to or (Reader(address=name if section.kind != "file" else "unsent@localhost"),)
    digest, weekday = section.digest if "digest" in written else (settings.digest, None)
    bot = isinstance(section, SlackSection) and section.token is not None
    rules = dict(section.watch)
    if rules["updates"] is None:
        rules["updates"] = Updates.ALL if bot else Watch().updates
    return channel.Channel(
        name=name,
        kind=channel.ChannelKind(section.kind),
        transport=_transport(section, settings, document.path.parent, data_dir),
        recipients=tuple(
            channel.Recipient(address=each.address, language=each.language, zone=each.zone or settings.zone)
            for each in readers
        ),
        watch=Watch(**rules, counts=bot),
        digest=digest,
        digest_weekday=weekday,
        quiet=section.quiet,
        rate=section.rate or (channel.SLACK_RATE if section.kind == "slack" else None),
        flood=section.flood,
        audience=section.audience,
        operator=section.operator or "",
    )


def _transport(section: AnyChannel, settings: Settings, folder: Path, data_dir: Path) -> channel.Transport:
    if isinstance(section, SmtpSection):
        return channel.Smtp(
            host=section.host,
            port=section.port,
            security=section.security,
            username=section.username,
            password=section.password or channel.Secret(""),
            sender=section.sender,
            timeout=section.timeout,
            ca_file=None if section.ca_file is None else folder / section.ca_file,
        )
    if isinstance(section, SlackSection):
        if section.token is not None:
            api = section.api.rstrip("/") + "/"
            return channel.SlackBot(
                token=section.token, api=api, timeout=section.timeout, loopback=settings.allow_loopback
            )
        url = section.url or channel.Secret("")  # one of the two is there, or the file is refused
        return channel.Slack(url=url, timeout=section.timeout, loopback=settings.allow_loopback)
    if isinstance(section, AppriseSection):
        return channel.Service(url=section.url, loopback=settings.allow_loopback)
    if isinstance(section, WebhookSection):
        return channel.Webhook(
            url=section.url,
            secret=section.secret or channel.Secret(""),
            timeout=section.timeout,
            loopback=settings.allow_loopback,
        )
    return channel.Folder(path=data_dir / section.path)


def _contradictions(name: str, section: AnyChannel, document: Document) -> Iterator[Fault]:
    key = ("channels", name)
    if section.watch.digest_confidence > section.watch.confidence:
        yield document.fault(
            (*key, "watch", "digest_confidence"), "is above confidence", "a digest takes what is less sure, not more"
        )
    seen: set[str] = set()
    for n, reader in enumerate(section.to):
        if reader.address in seen:
            yield document.fault((*key, "to", n), "is named twice", "remove one")
        seen.add(reader.address)
        if section.kind == "smtp":
            try:
                mail_address(reader.address)
            except Mend as refused:
                yield document.fault((*key, "to", n), str(refused), refused.remedy)
    if isinstance(section, SlackSection) and (section.url is None) == (section.token is None):
        yield document.fault(
            (*key,), "needs either url or token", "url: an incoming webhook; token: a bot, with threads"
        )
    if isinstance(section, SlackSection) and section.token is not None and not section.to:
        yield document.fault((*key, "to"), "is missing", 'say which Slack channels: to: ["#ict-agreements"]')
    if isinstance(section, AppriseSection) and importlib.util.find_spec("apprise") is None:
        yield document.fault((*key, "kind"), "needs Apprise", 'pip install "kawat[apprise]"')
    if isinstance(section, SmtpSection):
        if not section.to:
            yield document.fault((*key, "to"), "is missing", "say who is told: to: [name@example.org]")
        if (section.password is None) != (not section.username):
            yield document.fault((*key, "username"), "and password go together", "give both, or neither")
        if section.username and section.security is channel.Security.PLAIN:
            yield document.fault((*key, "security"), "would send the password unprotected", "use starttls or tls")


def _shared(sections: Mapping[str, AnyChannel], document: Document) -> Iterator[Fault]:
    """Readers and operators never share a stream: what is wrong with the machine is no news to readers."""
    taken: dict[tuple[channel.Secret, str], tuple[str, channel.Audience]] = {}
    for name, section in sections.items():
        if isinstance(section, SmtpSection | FileSection):
            continue
        bot = isinstance(section, SlackSection) and section.token is not None
        place = section.token if isinstance(section, SlackSection) and bot else section.url
        if place is None:
            continue
        for address in [each.address for each in section.to] if bot else [""]:
            other, audience = taken.setdefault((place, address), (name, section.audience))
            if audience is not section.audience:
                yield document.fault(
                    ("channels", name, "audience"),
                    f"shares its stream with {other}, which is for the {audience}",
                    "give readers and operators a channel each",
                )
