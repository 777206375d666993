"""A letter as a Slack message: Block Kit blocks and a fallback text, escaped, within Slack's documented limits.

A single agreement stands in six lines: what a reader must know of the message (late, a possible repeat), claim, status,
the quotation as rich text (which Slack does not parse, so nothing in it can become a mention), source and further
reports, confidence with the alert's number and the replies. What changed is a line of its own, in a thread. Limits
(Slack's reference, "Blocks" and "Section block"): 50 blocks a message, 3,000 characters a section. Items beyond them
are counted, never cut in the middle.
"""

from __future__ import annotations

from typing import Any

from pipeline.alert.render.card import Card
from pipeline.alert.render.hostile import cut
from pipeline.alert.render.html import replies
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
    blocks = [_section(_banner(letter.banners))] if letter.banners else []
    if letter.alone:
        blocks += _alone(letter.cards[0], letter)
        return {"text": fallback(letter), "blocks": blocks}
    blocks.append(_section(f"*{_plain(cut(letter.title, CLAIM_SHOWN))}*"))
    told = [*letter.intro, *letter.paragraphs]
    if told:
        blocks.append(_section(_fitting([escape(text) for text in told])))
    shown = min(len(letter.cards), MOST_BLOCKS - 1 - len(blocks))
    blocks += [_section(_fitting(_entry(card, letter.language))) for card in letter.cards[:shown]]
    last = _last(letter)
    if left_off := len(letter.cards) - shown:
        last.insert(0, escape(say("no_room", letter.language, number=left_off)))
    blocks.append(_context(last))
    return {"text": fallback(letter), "blocks": blocks}


def fallback(letter: Letter) -> str:
    """The message in plain words: what a phone shows, and what is sent when Slack refuses the blocks."""
    lines = [*letter.banners, letter.subject]
    if letter.alone:
        lines += [*letter.cards[0].changes, f"“{letter.cards[0].quote}”", letter.cards[0].quoted_from.text]
        if letter.cards[0].quoted_from.url:
            lines.append(letter.cards[0].quoted_from.url)
    else:
        lines += [*letter.intro, *letter.paragraphs, *(f"• {_labelled(card)}" for card in letter.cards)]
    return _fitting([escape(line) for line in lines], "\n", TEXT_LIMIT)


def _labelled(card: Card) -> str:
    return f"[{card.heading}] {card.claim}" if card.heading else card.claim


def _alone(card: Card, letter: Letter) -> list[Block]:
    pieces = [
        {"type": "text", "text": text, **({"style": {"bold": True}} if marked else {})}
        for text, marked in card.pieces
        if text
    ]
    quote = {
        "type": "rich_text",
        "elements": [{"type": "rich_text_quote", "elements": pieces or [{"type": "text", "text": "…"}]}],
    }
    head = [*_head(card), *(escape(text) for text in letter.intro)]
    return [
        _section(_fitting(head)),
        quote,
        _section(_fitting([_sources(card)])),
        _context([_confidence(card, letter.language), *_last(letter)]),
    ]


def _entry(card: Card, language: str) -> list[str]:
    """One agreement among others."""
    return [*_head(card), f">{_verbatim(card)}", _sources(card), _confidence(card, language)]


def _head(card: Card) -> list[str]:
    chip = (escape(card.heading),) if card.heading else ()
    changes = (escape(cut("; ".join(card.changes), 600)),) if card.changes else ()
    return [f"*{_plain(cut(card.claim, CLAIM_SHOWN))}*", " · ".join((*chip, escape(card.status))), *changes]


def _sources(card: Card) -> str:
    """Where the sentence was printed, and who else reports it, on one line."""
    others = card.others
    hidden = len(others) + card.more_reports - MOST_OTHERS
    shown = [_link(cut(report.remark, 90), report.url) for report in others[:MOST_OTHERS]]
    more = [*shown, *([f"+{hidden}"] if hidden > 0 else [])]
    source = _link(card.quoted_from.text, card.quoted_from.url)
    whole = f"{source} + {', '.join(more)}" if more else source
    if len(whole) <= SECTION_LIMIT:
        return whole
    return (
        f"{source} +{len(others) + card.more_reports}" if len(source) < SECTION_LIMIT else escape(card.quoted_from.text)
    )


def _confidence(card: Card, language: str) -> str:
    return _plain(cut(f"{say('confidence', language)}: {'; '.join([card.confidence, *card.notes])}", 400))


def _last(letter: Letter) -> list[str]:
    """The alert's number, and mail to the operator ready to send."""
    return [*(escape(text) for text in letter.footer[:1]), *(_link(text, url) for text, url in replies(letter))]


def _banner(banners: tuple[str, ...]) -> str:
    """All that a reader must know of the message itself, on one line."""
    return f":warning: {escape(cut(' '.join(banners), 900))}"


def _context(parts: list[str]) -> Block:
    text = _fitting(parts, " · ")
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": text}]}


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
