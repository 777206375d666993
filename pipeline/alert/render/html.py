"""A letter as HTML mail: 600 px, one column of tables, inline styles, no images, no scripts, dark mode by media query.

Inline styles carry the light colours (Outlook reads nothing else); the style element only overrides them for the dark.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from urllib.parse import quote

from pipeline.alert.render.card import Card, Link
from pipeline.alert.render.letter import Letter
from pipeline.alert.render.phrases import say

MOST_OTHERS = 4
SIZE_LIMIT = 90_000
"""Bytes of HTML; mail services clip a message at about 102 kB."""

INK, SOFT, LINE, PAPER, GROUND, ACCENT = "#1a1f24", "#57606a", "#d8dee4", "#ffffff", "#f3f4f6", "#0b5cad"
MARK, WARN, WARN_INK = "#fff1b8", "#fff4e5", "#7a4100"
FONT = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;"

_DARK = (
    ":root{color-scheme:light dark;supported-color-schemes:light dark}"
    "@media (prefers-color-scheme:dark){"
    ".ground{background:#0f1318!important}.paper{background:#181d23!important;border-color:#2d343c!important}"
    ".ink{color:#e8ebee!important}.soft{color:#a2abb5!important}.rule{border-color:#2d343c!important}"
    ".mark{background:#5c4a00!important;color:#fff6d6!important}a,.link{color:#7db8f7!important}"
    ".quote{background:#1f262e!important;border-color:#7db8f7!important}"
    ".warn{background:#3a2a12!important;color:#ffd9a3!important}"
    ".chip{background:#22303f!important;color:#b9d8fa!important}}"
    "@media (max-width:620px){.pad{padding-left:16px!important;padding-right:16px!important}"
    ".label{width:92px!important}}"
)


def html(letter: Letter) -> str:
    """The whole document, under `SIZE_LIMIT`: cards are left off from the end, and their number is said."""
    rendered = _cards(letter)
    return _document(letter, rendered, len(letter.cards) - len(rendered))


def shown(letter: Letter) -> int:
    """How many of its cards the document has."""
    return len(_cards(letter))


def _cards(letter: Letter) -> list[str]:
    rendered: list[str] = []
    size = len(_document(letter, (), 0).encode())
    for card in letter.cards:
        part = _card(card, letter) if letter.alone else _entry(card, letter)
        size += len(part.encode())
        if size > SIZE_LIMIT and rendered:
            break
        rendered.append(part)
    return rendered


def _document(letter: Letter, cards: Sequence[str], left_off: int) -> str:
    e = _text
    banners = "".join(_row(f'<div class="warn" style="{_warn()}">{e(banner)}</div>') for banner in letter.banners)
    intro = "".join(_row(_paragraph(text)) for text in letter.intro)
    body = "".join(_row(_paragraph(text)) for text in letter.paragraphs)
    more = _row(_paragraph(say("no_room", letter.language, number=left_off))) if left_off else ""
    return (
        f'<!DOCTYPE html><html lang="{letter.language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">'
        f"<title>{e(letter.subject)}</title><style>{_DARK}</style></head>\n"
        f'<body class="ground" style="margin:0;padding:0;background:{GROUND};">\n'
        '<div style="display:none;max-height:0;overflow:hidden;mso-hide:all;">'
        f"{e(letter.preheader)}</div>\n"
        '<table role="presentation" class="ground" width="100%" cellpadding="0" cellspacing="0" '
        f'style="background:{GROUND};"><tr><td align="center" style="padding:16px 8px;">\n'
        '<table role="presentation" class="paper" width="600" cellpadding="0" cellspacing="0" '
        f'style="width:100%;max-width:600px;background:{PAPER};border:1px solid {LINE};border-radius:8px;">\n'
        f"{_brand(letter)}{banners}{_heading(letter)}{intro}{body}{''.join(cards)}{more}{_footer(letter)}"
        "</table>\n</td></tr></table></body></html>\n"
    )


def _row(inner: str, *, space: str = "8px 28px") -> str:
    return f'<tr><td class="pad" style="padding:{space};{FONT}">{inner}</td></tr>\n'


def _brand(letter: Letter) -> str:
    chip = letter.cards[0].heading if letter.alone else ""
    label = f'<span class="chip" style="{_chip()}">{_text(chip)}</span>' if chip else ""
    name = f'<span class="soft" style="font-size:13px;letter-spacing:.08em;color:{SOFT};">KAWAT</span>'
    return _row(f"{name}&nbsp;&nbsp;{label}", space="22px 28px 4px")


def _heading(letter: Letter) -> str:
    style = f"margin:0;font-size:22px;line-height:1.3;font-weight:650;color:{INK};"
    return _row(f'<h1 class="ink" style="{style}">{_text(letter.title)}</h1>', space="4px 28px 10px")


def _entry(card: Card, letter: Letter) -> str:
    """One agreement among others: claim, main facts and confidence in a few lines, and the quotation."""
    soft = f"margin:4px 0 0;font-size:13px;line-height:1.45;color:{SOFT};"
    title = f"margin:8px 0 0;font-size:17px;line-height:1.35;font-weight:650;color:{INK};"
    rule = f'<div class="rule" style="border-top:1px solid {LINE};height:14px;line-height:14px;">&nbsp;</div>'
    chip = f'<span class="chip" style="{_chip()}">{_text(card.heading)}</span>' if card.heading else ""
    sure = f"{say('confidence', letter.language)}: {card.confidence}"
    lines = [_text(text) for text in (sure, *card.notes)]
    if card.others:
        shown = [f"{_link(report)} ({_text(report.remark)})" for report in card.others[:MOST_OTHERS]]
        hidden = len(card.others) + card.more_reports - len(shown)
        more = [_text(say("more_reports", letter.language, number=hidden))] if hidden > 0 else []
        lines.append(f"{_text(say('also', letter.language))}: {'; '.join([*shown, *more])}")
    return _row(
        f'{rule}{chip}<h2 class="ink" style="{title}">{_text(card.claim)}</h2>'
        f'<p class="soft" style="{soft}margin-bottom:10px;">{_text(card.status)}</p>'
        f"{_changes(card, letter)}{_quote(card)}"
        f'<p class="soft" style="{soft}margin-top:10px;">{"<br>".join(lines)}</p>'
    )


def _card(card: Card, letter: Letter) -> str:
    """The one agreement that the message is about, with every fact."""
    rows = [_row(_changes(card, letter))] if card.changes else []
    rows += [_row(_quote(card)), _row(_grid(card, letter))]
    rows.extend(_row(f'<div class="warn" style="{_warn()}">{_text(note)}</div>') for note in card.notes)
    rows.append(_row(_reports(card, letter)))
    return "".join(rows)


def _changes(card: Card, letter: Letter) -> str:
    if not card.changes:
        return ""
    head = f"margin:0 0 4px;font-size:13px;font-weight:650;color:{SOFT};"
    item = f"margin:0 0 4px;font-size:14px;line-height:1.45;color:{INK};word-break:break-word;"
    lines = "".join(f'<p class="ink" style="{item}">{_text(change)}</p>' for change in card.changes)
    gap = '<div style="height:8px;line-height:8px;">&nbsp;</div>'
    return f'<p class="soft" style="{head}">{_text(say("changed", letter.language))}</p>{lines}{gap}'


def _quote(card: Card) -> str:
    pieces = "".join(
        f'<span class="mark" style="background:{MARK};color:{INK};border-radius:2px;">{_text(text)}</span>'
        if highlighted
        else _text(text)
        for text, highlighted in card.pieces
    )
    box = (
        f"margin:0;padding:12px 16px;border-left:4px solid {ACCENT};background:#f6f8fa;font-size:16px;line-height:1.55;"
    )
    by = f"margin:8px 0 0;font-size:13px;line-height:1.45;color:{SOFT};"
    return (
        f'<blockquote class="quote ink" lang="{_text(card.quote_language)}" style="{box}color:{INK};">“{pieces}”'
        f'<p class="soft" style="{by}">{_link(card.quoted_from)}</p></blockquote>'
    )


def _grid(card: Card, letter: Letter) -> str:
    cell = "padding:5px 0;font-size:14px;line-height:1.45;vertical-align:top;"
    rows = "".join(
        f'<tr><td class="soft label" width="124" style="{cell}width:124px;padding-right:12px;color:{SOFT};">'
        f"{_text(name)}</td>"
        f'<td class="ink" style="{cell}color:{INK};word-break:break-word;">{_text(value)}</td></tr>'
        for name, value in (*card.facts, (say("confidence", letter.language), card.confidence))
    )
    return f'<table role="presentation" width="100%" cellpadding="0" cellspacing="0">{rows}</table>'


def _reports(card: Card, letter: Letter) -> str:
    head = f"margin:4px 0 4px;font-size:13px;font-weight:650;color:{SOFT};"
    item = f"margin:0 0 6px;font-size:14px;line-height:1.45;color:{INK};word-break:break-word;"
    soft = f"font-size:13px;color:{SOFT};"
    lines = [
        f'<p class="ink" style="{item}">{_link(report)}<br>'
        f'<span class="soft" style="{soft}">{_text(report.remark)}</span></p>'
        for report in card.reports
    ]
    if card.more_reports:
        more = say("more_reports", letter.language, number=card.more_reports)
        lines.append(f'<p class="soft" style="{item}">{_text(more)}</p>')
    return f'<p class="soft" style="{head}">{_text(say("reports", letter.language))}</p>{"".join(lines)}'


def _footer(letter: Letter) -> str:
    small = f"margin:0 0 4px;font-size:12px;line-height:1.5;color:{SOFT};"
    lines = [f'<p class="soft" style="{small}">{_text(text)}</p>' for text in letter.footer]
    links = replies(letter)
    if links:
        joined = " &middot; ".join(
            f'<a class="link" href="{escape(url)}" style="color:{ACCENT};">{_text(text)}</a>' for text, url in links
        )
        lines.insert(0, f'<p class="soft" style="{small}">{joined}</p>')
    rule = f'<div class="rule" style="border-top:1px solid {LINE};height:12px;line-height:12px;">&nbsp;</div>'
    return _row(rule + "".join(lines), space="12px 28px 20px")


def replies(letter: Letter) -> tuple[tuple[str, str], ...]:
    """Mail to the operator, ready to send: following such a link changes nothing by itself."""
    if not letter.operator:
        return ()
    about = letter.alert_key[:12]
    names = ("right", "wrong", "missed") if letter.cards else ()
    found = [(say(name, letter.language), _mailto(letter.operator, f"Kawat {name} {about}")) for name in names]
    found.append((say("unsubscribe", letter.language), _mailto(letter.operator, f"Kawat unsubscribe {about}")))
    return tuple(found)


def _mailto(address: str, subject: str) -> str:
    return f"mailto:{quote(address, safe='@')}?subject={quote(subject)}"


def _link(target: Link) -> str:
    if target.url is None:
        return _text(target.text)
    return f'<a class="link" href="{escape(target.url)}" style="color:{ACCENT};">{_text(target.text)}</a>'


def _paragraph(text: str) -> str:
    return f'<p class="ink" style="margin:0;font-size:15px;line-height:1.55;color:{INK};">{_text(text)}</p>'


def _text(text: str) -> str:
    return escape(text, quote=True)


def _warn() -> str:
    return f"padding:8px 12px;border-radius:6px;font-size:14px;line-height:1.45;background:{WARN};color:{WARN_INK};"


def _chip() -> str:
    return f"padding:2px 9px;border-radius:10px;font-size:12px;line-height:1.6;background:#e3eefb;color:{ACCENT};"
