"""A letter in few lines of plain text: for services that take short messages, cut at item boundaries."""

from __future__ import annotations

from collections.abc import Callable

from pipeline.alert.render.card import Card
from pipeline.alert.render.hostile import cut
from pipeline.alert.render.letter import Letter
from pipeline.alert.render.phrases import say

QUOTE_SHOWN = 600


def brief(letter: Letter, room: int, *, cost: Callable[[str], int] = len) -> str:
    """The message without its subject in at most `room` of what `cost` counts; what is left off is counted."""
    parts = [*letter.banners, *letter.intro, *letter.paragraphs]
    parts += entries(letter)
    last = letter.footer[0] if letter.footer else ""
    kept: list[str] = []
    used = cost(last) + cost(say("no_room", letter.language, number=len(letter.cards))) + 4
    left_off = 0
    for number, part in enumerate(parts):
        size = cost(part) + 2
        if used + size > room:
            left_off = len(parts) - number
            if not kept:
                kept.append(cut(part, max(1, (room - used) // 6)))
                left_off -= 1
            break
        used += size
        kept.append(part)
    if left_off:
        kept.append(say("no_room", letter.language, number=left_off))
    return "\n\n".join([*kept, last])


def entries(letter: Letter) -> list[str]:
    """Each agreement of a letter in a few lines."""
    return ["\n".join(_entry(card, letter)) for card in letter.cards]


def _entry(card: Card, letter: Letter) -> list[str]:
    lines = [] if letter.alone else [f"[{card.heading}] {card.claim}" if card.heading else card.claim]
    if letter.alone and card.heading:
        lines.append(f"[{card.heading}]")
    lines += [card.status, *card.changes, f"“{cut(card.quote, QUOTE_SHOWN)}”", card.quoted_from.text]
    if card.quoted_from.url:
        lines.append(card.quoted_from.url)
    if hidden := len(card.others) + card.more_reports:
        lines.append(f"{say('also', letter.language)}: {say('more_reports', letter.language, number=hidden)}")
    return [*lines, f"{say('confidence', letter.language)}: {card.confidence}"]
