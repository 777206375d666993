"""`channels.yaml`: who is told, where and about what, read into `pipeline.alert.channel`. Secrets only as `${NAME}`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import time
from email.utils import parseaddr
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from pipeline.alert import channel
from pipeline.alert.plan import Watch
from pipeline.config.document import Document, Section, validate
from pipeline.config.explain import Mend
from pipeline.config.quantities import Interval, MailAddress, SecretText, TimeOfDay, Zone, mail_address, web_address
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


def _no_digest(value: Any) -> Any:
    return None if value is False else value


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


class _Common(Section):
    to: tuple[Annotated[Reader, BeforeValidator(_recipient)], ...] = Field(default=(), max_length=100)
    audience: channel.Audience = channel.Audience.READERS
    watch: WatchSection = WatchSection()
    digest: Annotated[TimeOfDay | None, BeforeValidator(_no_digest)] = None
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
    url: WebSecret
    timeout: Interval = channel.Slack(url=channel.Secret("")).timeout


class WebhookSection(_Common):
    """`kind: webhook`"""

    kind: Literal["webhook"]
    url: WebSecret
    secret: SecretText | None = None
    timeout: Interval = channel.Webhook(url=channel.Secret("")).timeout


class FileSection(_Common):
    """`kind: file`"""

    kind: Literal["file"]
    path: Path = Path("unsent")


AnyChannel = Annotated[SmtpSection | SlackSection | WebhookSection | FileSection, Field(discriminator="kind")]
ChannelName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]


class ChannelsFile(Section):
    """The whole file."""

    channels: dict[ChannelName, AnyChannel] = Field(default_factory=dict)


def channels_from(
    document: Document, settings: Settings, *, environ: Mapping[str, str], data_dir: Path
) -> tuple[channel.Channel, ...]:
    """The channels of a file, in its order. Raises `ConfigError` with every fault."""
    file = validate(ChannelsFile, document, environ=environ)
    faults = tuple(fault for name, each in file.channels.items() for fault in _contradictions(name, each, document))
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
        digest_zone=settings.zone,
    )


def _channel(name: str, section: AnyChannel, settings: Settings, document: Document, data_dir: Path) -> channel.Channel:
    written = document.data["channels"][name]
    readers = section.to or (Reader(address=name if section.kind != "file" else "unsent@localhost"),)
    digest: time | None = section.digest
    if "digest" not in written:
        digest = settings.digest
    return channel.Channel(
        name=name,
        kind=channel.ChannelKind(section.kind),
        transport=_transport(section, settings, document.path.parent, data_dir),
        recipients=tuple(
            channel.Recipient(address=each.address, language=each.language, zone=each.zone or settings.zone)
            for each in readers
        ),
        watch=Watch(**dict(section.watch)),
        digest=digest,
        digest_zone=settings.zone,
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
        return channel.Slack(url=section.url, timeout=section.timeout, loopback=settings.allow_loopback)
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
    if isinstance(section, SmtpSection):
        if not section.to:
            yield document.fault((*key, "to"), "is missing", "say who is told: to: [name@example.org]")
        if (section.password is None) != (not section.username):
            yield document.fault((*key, "username"), "and password go together", "give both, or neither")
        if section.username and section.security is channel.Security.PLAIN:
            yield document.fault((*key, "security"), "would send the password unprotected", "use starttls or tls")
