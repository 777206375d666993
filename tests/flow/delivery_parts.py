"""What the delivery tests share: channels to the listeners, one invented agreement, a certificate of our own."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from kawat.press.receivers import Hooks, Mailbox
from pipeline.alert.channel import Channel, ChannelKind, Recipient, Secret, Security, Slack, Smtp, Webhook
from pipeline.alert.channels.notifiers import notifier
from pipeline.alert.compose import at_once
from pipeline.alert.words import Names
from pipeline.model import Agreement, Alert, Attempt, Citation, Delivery, Instrument, Item, Level, Stage, Trust

NOW = datetime(2025, 3, 26, 8, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=6)
NAMES = Names({"ID": ("Indonesia", "Indonesia"), "JP": ("Japan", "Jepang")})
QUOTE = "Kedua menteri menandatangani memorandum kerja sama telekomunikasi di Tokyo, Rabu."
READER = "reader@example.org"
FIVE = tuple(Recipient(address=f"r{n}@example.org") for n in range(5))


def smtp(box: Mailbox, *recipients: Recipient, **changes: Any) -> Channel:
    settings = Smtp(
        host=box.host,
        port=box.port,
        security=Security.PLAIN,
        sender="Kawat <kawat@example.org>",
        timeout=timedelta(seconds=5),
    )
    return Channel(
        name="mail",
        kind=ChannelKind.SMTP,
        transport=replace(settings, **changes),
        recipients=recipients or (Recipient(address=READER),),
        operator="ops@example.org",
    )


def slack(hooks: Hooks, **changes: Any) -> Channel:
    settings = Slack(url=Secret(hooks.slack_url), timeout=timedelta(seconds=1), loopback=True)
    return Channel(
        name="slack",
        kind=ChannelKind.SLACK,
        transport=replace(settings, **changes),
        recipients=(Recipient(address="#ict"),),
    )


def webhook(hooks: Hooks, **changes: Any) -> Channel:
    settings = Webhook(url=Secret(hooks.hook_url), timeout=timedelta(seconds=1), loopback=True, secret=Secret("k3y"))
    return Channel(
        name="hook",
        kind=ChannelKind.WEBHOOK,
        transport=replace(settings, **changes),
        recipients=(Recipient(address="archive"),),
    )


def told() -> Item:
    source = Citation(
        outlet="kabar",
        outlet_name="Kabar Nusa",
        trust=Trust.PRESS,
        url="https://kabar.example/1",
        title="Indonesia dan Jepang teken memorandum",
        published=NOW - timedelta(hours=1),
        discovered=NOW,
        language="id",
    )
    event = Agreement(
        key="g1",
        partner="JP",
        level=Level.G2G,
        stage=Stage.SIGNED,
        instrument=Instrument.MOC,
        instrument_printed="memorandum kerja sama",
        title="",
        institutions=(),
        fields=("telecom",),
        signatories=(),
        signed_on=None,
        signed_precision="",
        place="Tokyo",
        confidence=0.93,
        reasons=(),
        revision=1,
        first_published=NOW,
        first_discovered=NOW,
        last_reported=NOW,
        sources=1,
        reports=("r1",),
    )
    return Item(agreement=event, quote=QUOTE, quote_source=source, citations=(source,))


def alerts(channel: Channel) -> tuple[Alert, ...]:
    return at_once(told(), channel, now=NOW)


def attempt(channel: Channel) -> Attempt:
    """One try at one alert, without the outbox."""
    (one, *_) = alerts(channel)
    delivery = Delivery(id=1, alert=one, attempts=0, possible_repeat=False, lease="l")
    return notifier(channel, NAMES).send(one, delivery, now=NOW)


def self_signed(folder: Path, lasts: timedelta) -> Path:
    """A self-signed certificate with its key, for `localhost`, that ends so long from now, as a PEM file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    end = datetime.now(UTC) + lasts
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(end - timedelta(days=30))
        .not_valid_after(end)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file = folder / "both.pem"
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM) + private)
    return file
