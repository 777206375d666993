"""How many agreements one message of a channel shows: more of them come in several messages, cut between agreements."""

from __future__ import annotations

from html import escape

from pipeline.alert.channel import ChannelKind
from pipeline.alert.render.brief import entries
from pipeline.alert.render.html import shown as shown_in_html
from pipeline.alert.render.letter import Letter
from pipeline.alert.render.payload import MOST_ITEMS
from pipeline.alert.render.plain import shown as shown_in_text

SLACK_ITEMS = 20
"""Of the 50 blocks that Slack takes; more than this nobody reads in a chat."""

BRIEF = 2_600
"""Characters of items in a message of an Apprise service."""


def capacity(letter: Letter, kind: ChannelKind) -> int:
    """How many of a letter's cards its channel's message shows; at least one."""
    match kind:
        case ChannelKind.SMTP | ChannelKind.FILE:
            return max(1, min(shown_in_html(letter), shown_in_text(letter)))
        case ChannelKind.SLACK:
            return SLACK_ITEMS
        case ChannelKind.WEBHOOK:
            return MOST_ITEMS
        case ChannelKind.APPRISE:
            used, number = 0, 0
            for entry in entries(letter):
                used += len(escape(entry)) + 2
                if used > BRIEF and number:
                    break
                number += 1
            return max(1, number)
