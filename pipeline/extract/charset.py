"""Bytes of a page as text: byte-order mark, UTF-16 by its NULs, header, UTF-8, meta declaration, then windows-1252.
Never raises."""

from __future__ import annotations

import codecs
import re

_HEADER = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{2,40})", re.IGNORECASE)
_META = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_AS_BROWSERS = {
    "iso-8859-1": "cp1252",
    "latin-1": "cp1252",
    "latin1": "cp1252",
    "us-ascii": "cp1252",
    "ascii": "cp1252",
}
_TEXT = frozenset({"cp1252", "utf-8", "utf-16-le", "utf-16-be"})
_NO_PAGES = frozenset({"utf-7", "unicode-escape", "raw-unicode-escape", "punycode", "idna", "undefined"})
"""Python's codecs for programs: no browser knows them for pages, and what they give may be no text at all (half
characters), take long, or raise."""
META_WINDOW = 4096
"""Bytes at the head of a page in which a declaration counts."""


def _codec(label: str) -> str | None:
    name = _AS_BROWSERS.get(label.lower(), label.lower())
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    fit = found._is_text_encoding and found.name.replace("_", "-") not in _NO_PAGES
    return found.name if fit else None


def decode(body: bytes, content_type: str = "") -> tuple[str, str]:
    """The text of a page and the step that chose its encoding.

    UTF-8 is tried before any declaration but the byte-order mark: bytes that are valid UTF-8 are UTF-8, whatever an old
    template says. Undecodable bytes become U+FFFD.
    """
    for mark, codec in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(codec, "replace"), "bom"
    for start, codec in ((b"<\0", "utf-16-le"), (b"\0<", "utf-16-be")):
        if body.startswith(start):
            return body.decode(codec, "replace"), "NULs"
    try:
        return body.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as wrong:
        damage = wrong
    header = _HEADER.search(content_type)
    meta = _META.search(body[:META_WINDOW])
    for label, step in ((header and header[1], "header"), (meta and meta[1].decode("ascii"), "meta")):
        codec_name = _codec(label) if label else None
        if codec_name and codec_name not in {"utf-8", "utf_8"}:
            return body.decode(codec_name, "replace"), step
        if codec_name and damage.start > 0 and _mostly_utf8(body):
            return body.decode("utf-8", "replace"), step
    if _mostly_utf8(body):
        return body.decode("utf-8", "replace"), "utf-8 with damage"
    return body.decode("cp1252", "replace"), "windows-1252"


def _mostly_utf8(body: bytes) -> bool:
    """Whether all but a few of the bytes above ASCII form UTF-8: a page cut or spoilt in places."""
    text = body[:200_000].decode("utf-8", "replace")
    bad = text.count("\ufffd")
    good = len(text) - len(text.encode("ascii", "ignore")) - bad
    return bad * 2 <= good
