"""A letter as plain text, equal in content to the HTML: for mail, for the cable, and for Slack's fallback."""

from __future__ import annotations

import textwrap

from pipeline.alert.render.card import Card, Link
from pipeline.alert.render.html import MOST_OTHERS, replies
from pipeline.alert.render.letter import Letter
from pipeline.alert.render.phrases import say

WIDTH = 76
SIZE_LIMIT = 60_000
"""Characters of text; cards beyond it are counted, not cut."""


def plain(letter: Letter) -> str:
    """The whole text part, lines of at most 76 characters where words allow it (an address is never broken)."""
    blocks = [*_head(letter), *_cards(letter)]
    if left_off := len(letter.cards) - shown(letter):
        blocks.append(_wrapped(say("no_room", letter.language, number=left_off)))
    foot = [f"{text}: {url}" for text, url in replies(letter)]
    blocks.append("\n".join(("-- ", *map(_wrapped, letter.footer), *foot)))
    return "\n\n".join(blocks) + "\n"


def shown(letter: Letter) -> int:
    """How many of its cards the text has."""
    return len(_cards(letter))


def _head(letter: Letter) -> list[str]:
    return [
        *map(_wrapped, letter.banners),
        _underlined(letter.title),
        *map(_wrapped, (*letter.intro, *letter.paragraphs)),
    ]


def _cards(letter: Letter) -> list[str]:
    size = sum(map(len, _head(letter)))
    blocks: list[str] = []
    for number, card in enumerate(letter.cards):
        block = _card(card, letter) if letter.alone else _entry(card, letter, number + 1)
        size += len(block)
        if size > SIZE_LIMIT and number:
            break
        blocks.append(block)
    return blocks


def _underlined(title: str) -> str:
    wrapped = _wrapped(title)
    return f"{wrapped}\n{'=' * min(WIDTH, max(map(len, wrapped.splitlines()), default=0))}"


def _entry(card: Card, letter: Letter, number: int) -> str:
    """One agreement among others, in a few lines."""
    claim = f"[{card.heading}] {card.claim}" if card.heading else card.claim
    lines = [_indented(claim, f"{number}. ", "   "), _indented(card.status, "   ")]
    lines += (_indented(change, "   * ", "     ") for change in card.changes)
    lines += ["", _quote(card), ""]
    lines.append(_indented(f"{say('confidence', letter.language)}: {card.confidence}", "   "))
    lines += (_indented(note, "   ") for note in card.notes)
    if card.others:
        lines.append(f"   {say('also', letter.language)}:")
        lines += (_report(report) for report in card.others[:MOST_OTHERS])
    if (hidden := len(card.others) + card.more_reports - MOST_OTHERS) > 0:
        lines.append("   - " + say("more_reports", letter.language, number=hidden))
    return "\n".join(lines)


def _quote(card: Card) -> str:
    quote = f"{_indented('“' + card.quote + '”', '  > ')}\n{_indented('– ' + card.quoted_from.text, '    ')}"
    return quote + (f"\n    {card.quoted_from.url}" if card.quoted_from.url else "")


def _report(report: Link) -> str:
    text = _indented(f"{report.text} – {report.remark}", "  - ", "    ")
    return f"{text}\n    {report.url}" if report.url else text


def _card(card: Card, letter: Letter) -> str:
    """The one agreement that the message is about, with every fact."""
    parts = [f"[{card.heading}]"] if card.heading else []
    if card.changes:
        changed = [f"{say('changed', letter.language)}:", *(_indented(each, "  * ", "    ") for each in card.changes)]
        parts.append("\n".join(changed))
    parts.append(_quote(card))
    width = max(len(name) for name, _ in card.facts) + 2
    rows = (*card.facts, (say("confidence", letter.language), card.confidence))
    parts.append("\n".join(_indented(value, f"{name}:".ljust(width), " " * width) for name, value in rows))
    parts += map(_wrapped, card.notes)
    reports = [say("reports", letter.language)]
    reports += map(_report, card.reports)
    if card.more_reports:
        reports.append("  - " + say("more_reports", letter.language, number=card.more_reports))
    parts.append("\n".join(reports))
    return "\n\n".join(parts)


def _wrapped(text: str) -> str:
    return _indented(text, "")


def _indented(text: str, first: str, rest: str | None = None) -> str:
    return textwrap.fill(
        text,
        WIDTH,
        initial_indent=first,
        subsequent_indent=first if rest is None else rest,
        break_long_words=False,
        break_on_hyphens=False,
    )
