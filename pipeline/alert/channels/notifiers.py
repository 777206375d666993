"""From configured channels to what sends over them. The libraries of a kind are loaded only where it is configured."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.alert.channel import Channel, ChannelKind, SlackBot
from pipeline.alert.words import Names
from pipeline.ports import Notifier


def notifiers(channels: Iterable[Channel], names: Names) -> dict[str, Notifier]:
    """One notifier per channel, by the channel's name. `names` are the countries' names for the readers."""
    return {channel.name: notifier(channel, names) for channel in channels}


def notifier(channel: Channel, names: Names) -> Notifier:
    """The notifier of one channel."""
    match channel.kind:
        case ChannelKind.SMTP:
            from pipeline.alert.channels.smtp import SmtpNotifier  # noqa: PLC0415

            return SmtpNotifier(channel, names)
        case ChannelKind.SLACK if isinstance(channel.transport, SlackBot):
            from pipeline.alert.channels.slackbot import SlackBotNotifier  # noqa: PLC0415

            return SlackBotNotifier(channel, names)
        case ChannelKind.SLACK:
            from pipeline.alert.channels.slack import SlackNotifier  # noqa: PLC0415

            return SlackNotifier(channel, names)
        case ChannelKind.WEBHOOK:
            from pipeline.alert.channels.webhook import WebhookNotifier  # noqa: PLC0415

            return WebhookNotifier(channel, names)
        case ChannelKind.APPRISE:
            from pipeline.alert.channels.services import ServiceNotifier  # noqa: PLC0415

            return ServiceNotifier(channel, names)
        case ChannelKind.FILE:
            from pipeline.alert.channels.file import FileNotifier  # noqa: PLC0415

            return FileNotifier(channel, names)
