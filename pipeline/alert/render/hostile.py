"""Text and addresses from outside, made fit for a message: bounded, on one line, without hidden direction marks.

No escaping here: that belongs to each format.
"""

from __future__ import annotations

import unicodedata

from pipeline.errors import AddressRefused
from pipeline.net import check_url

QUOTE_LIMIT = 1_200
TITLE_LIMIT = 200
ELLIPSIS = "…"
_JOINERS = "\u200c\u200d"  # they shape letters and emoji, and hide nothing


def line(text: str, limit: int = TITLE_LIMIT) -> str:
    """One line of visible text: control and direction characters gone, runs of blanks one blank, cut at `limit`."""
    return cut(" ".join(_visible(text).split()), limit)


def cut(text: str, limit: int) -> str:
    """At most `limit` characters, at a word's end where there is one near, with an ellipsis."""
    if len(text) <= limit:
        return text
    head = text[: max(0, limit - 1)]
    word = head.rfind(" ")
    return (head[:word] if word > limit * 2 // 3 else head).rstrip() + ELLIPSIS


def marked(text: str, marks: tuple[tuple[int, int], ...], limit: int = QUOTE_LIMIT) -> tuple[tuple[str, bool], ...]:
    """A quotation as (piece, highlighted) pairs; joined they are what `line` shows. Marks outside it are ignored."""
    flags = bytearray(len(text))
    for start, end in marks:
        for place in range(max(0, start), min(end, len(text))):
            flags[place] = 1
    shown: list[tuple[str, int]] = []
    for char, flag in zip(text, flags, strict=True):
        seen = _visible(char)
        if seen.isspace():
            if shown and shown[-1][0] != " ":
                shown.append((" ", flag))
        elif seen:
            shown.append((seen, flag))
    while shown and shown[-1][0] == " ":
        shown.pop()
    whole = "".join(char for char, _ in shown)
    kept = cut(whole, limit)
    if kept != whole:
        shown = [*shown[: len(kept) - 1], (ELLIPSIS, 0)]
    pieces: list[tuple[str, bool]] = []
    for char, flag in shown:
        if pieces and pieces[-1][1] == bool(flag):
            pieces[-1] = (pieces[-1][0] + char, pieces[-1][1])
        else:
            pieces.append((char, bool(flag)))
    return tuple(pieces)


def link(url: str) -> str | None:
    """The address if a reader may be sent there: http or https, a host, no user name, ASCII; None otherwise.

    A host in other letters is shown as its punycode, so that a look-alike shows itself.
    """
    try:
        parts = check_url(url, allow_loopback=True)
    except AddressRefused:
        return None
    host = parts.hostname or ""
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError:
            return None
    netloc = f"{host}:{parts.port}" if parts.port else host
    if ":" in host:
        netloc = f"[{host}]" + (f":{parts.port}" if parts.port else "")
    return "".join(_ascii(char) for char in parts._replace(netloc=netloc).geturl())


def _ascii(char: str) -> str:
    if char in "\"'<>`|{}^" or not "!" <= char <= "~":
        return "".join(f"%{byte:02X}" for byte in char.encode("utf-8", "replace"))
    return char


def _visible(text: str) -> str:
    return "".join(map(_one, text))


def _one(char: str) -> str:
    if char in _JOINERS or " " <= char <= "~":
        return char
    match unicodedata.category(char):
        case "Cc" | "Zl" | "Zp" | "Zs":
            return " " if char.isspace() else ""
        case "Cf":
            return ""
        case "Cs":
            return "\ufffd"
        case _:
            return char
