"""A letter as a Slack message: Block Kit blocks and a fallback text, escaped, within Slack's documented limits.

A single agreement stands in six lines: claim and status, the quotation as rich text (which Slack does not parse, so
nothing in it can become a mention), source and reports, confidence. Limits (Slack's reference, "Blocks" and "Section
block"): 50 blocks a message, 3,000 characters a section. Items beyond them are counted, never cut in the middle.
"""

from __future__ import annotations

from typing import Any

from pipeline.alert.render.card import Card
from pipeline.alert.render.hostile import cut
from pipeline.alert.render.letter import Letter
from pipeline.alert.render.phrases import say

MOST_BLOCKS = 50
SECTION_LIMIT = 3_000
TEXT_LIMIT = 3_500
QUOTE_SHOWN = 600
CLAIM_SHOWN = 300
MOST_OTHERS = 3

Block = dict[str, Any]


def slack(letter: Letter) -> dict[str, Any]:
    """`text` (fallback, for notifications and screen readers) and `blocks` of one message."""
    blocks = [_section(_lines(banner)) for banner in letter.banners]
    single = letter.alone
    if not single:
        blocks.append(_section(f"*{escape(cut(letter.title, CLAIM_SHOWN))}*"))
    told = [*letter.intro, *letter.paragraphs]
    if told:
        blocks.append(_section(_fitting([escape(text) for text in told])))
    shown = 0
    room = MOST_BLOCKS - 2
    for card in letter.cards:
        if len(blocks) >= room:
            break
        head, foot = _head(card), _foot(card, letter.language)
        blocks += _alone(card, head, foot) if single else [_section(_fitting([*head, f">{_verbatim(card)}", *foot]))]
        shown += 1
    left_off = len(letter.cards) - shown
    last = [escape(text) for text in letter.footer[:1]]
    if left_off:
        last.insert(0, escape(say("no_room", letter.language, number=left_off)))
    blocks.append({"type": "context", "elements": [{"type": "mrkdwn", "text": " · ".join(last)}]})
    return {"text": fallback(letter), "blocks": blocks}


def fallback(letter: Letter) -> str:
    """The message in plain words: what a phone shows, and what is sent when Slack refuses the blocks."""
    lines = [*letter.banners, letter.subject]
    if letter.alone:
        lines += [f"“{letter.cards[0].quote}”", letter.cards[0].quoted_from.text]
        if letter.cards[0].quoted_from.url:
            lines.append(letter.cards[0].quoted_from.url)
    else:
        lines += [*letter.intro, *letter.paragraphs, *(f"• {_labelled(card)}" for card in letter.cards)]
    return _fitting([escape(line) for line in lines], "\n", TEXT_LIMIT)


def _labelled(card: Card) -> str:
    return f"[{card.heading}] {card.claim}" if card.heading else card.claim


def _alone(card: Card, head: list[str], foot: list[str]) -> list[Block]:
    pieces = [
        {"type": "text", "text": text, **({"style": {"bold": True}} if marked else {})}
        for text, marked in card.pieces
        if text
    ]
    quote = {
        "type": "rich_text",
        "elements": [{"type": "rich_text_quote", "elements": pieces or [{"type": "text", "text": "…"}]}],
    }
    return [_section(_fitting(head)), quote, _section(_fitting(foot))]


def _head(card: Card) -> list[str]:
    chip = (escape(card.heading),) if card.heading else ()
    return [f"*{_plain(cut(card.claim, CLAIM_SHOWN))}*", " · ".join((*chip, escape(card.status)))]


def _foot(card: Card, language: str) -> list[str]:
    lines = [_link(card.quoted_from.text, card.quoted_from.url)]
    others = card.others
    if others:
        hidden = len(others) + card.more_reports - MOST_OTHERS
        shown = [_link(cut(report.remark, 90), report.url) for report in others[:MOST_OTHERS]]
        lines.append("+ " + ", ".join([*shown, *([f"+{hidden}"] if hidden > 0 else [])]))
    sure = f"{say('confidence', language)}: {'; '.join([card.confidence, *card.notes])}"
    return [*lines, _plain(cut(sure, 400))]


def escape(text: str) -> str:
    """Slack's three control characters as entities: no mention, no channel ping, no disguised link gets through."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _plain(text: str) -> str:
    """Escaped, and without the characters that would end or start formatting."""
    return escape(text.translate(_UNFORMATTED))


_UNFORMATTED = str.maketrans({"*": "∗", "_": "ˍ", "~": "∼", "`": "ʼ"})


def _verbatim(card: Card) -> str:
    return f"“{escape(cut(card.quote, QUOTE_SHOWN))}”"


def _link(text: str, url: str | None) -> str:
    if url is None:
        return escape(text)
    label = escape(text.replace("|", "∣"))
    return f"<{escape(url)}|{label}>"


def _lines(banner: str) -> str:
    return f":warning: {escape(banner)}"


def _section(text: str) -> Block:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def _fitting(lines: list[str], glue: str = "\n", limit: int = SECTION_LIMIT) -> str:
    """Lines joined up to `limit` characters; whole lines are left off from the end, and an ellipsis says so."""
    kept: list[str] = []
    size = 0
    for line in lines:
        size += len(line) + len(glue)
        if size > limit - 2:
            kept.append("…")
            break
        kept.append(line)
    return glue.join(kept) or "…"
