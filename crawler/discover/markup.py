"""Hostile XML made harmless, then read with lxml in its forgiving mode.

Before a parser sees it, a document loses its DOCTYPE with everything inside (so there is no entity to expand and no
file to open), NUL and control characters, and bare ampersands; HTML entities become the characters they mean. What is
left is bounded in size and depth, and broken tags are mended, so that the items before a fault are still read.
"""

from __future__ import annotations

import codecs
import html.entities
import re

from lxml import etree  # type: ignore[import-untyped,unused-ignore]

MAX_BYTES = 10 * 1024 * 1024
"""Longest document that is parsed, in bytes; the rest is cut off."""

_CDATA = re.compile(r"(<!\[CDATA\[.*?(?:\]\]>|\Z))", re.DOTALL)
_ENTITY = re.compile(r"&(#[0-9]{1,7};|#[xX][0-9a-fA-F]{1,6};|[A-Za-z][A-Za-z0-9]{0,31};)?")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_HEADER = re.compile(r"""charset\s*=\s*["']?([A-Za-z0-9._-]{1,40})""", re.IGNORECASE)
_PROLOGUE = re.compile(r"^\s*<\?xml[^>]{0,300}\?>")
_PROLOGUE_CHARS = 50_000
_DOCTYPE_BEGIN = re.compile(r"<!DOCTYPE", re.IGNORECASE)
# quoted values may hold brackets; the possessive quantifiers keep it linear
_DOCTYPE = re.compile(
    r"""<!DOCTYPE(?:"[^"]*+"|'[^']*+'|[^\[>"'])*+(?:\[(?:"[^"]*+"|'[^']*+'|[^\]"'])*+\][^>]*+)?>""", re.IGNORECASE
)
_ROOT = re.compile(r"<(?:rss|feed|rdf:rdf|channel|urlset|sitemapindex|html)[\s>]", re.IGNORECASE)
_XML_NAMES = frozenset({"amp", "lt", "gt", "quot", "apos"})
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


def decoded(data: bytes, content_type: str = "") -> str:
    """Text of a document whose declarations may contradict one another.

    In this order: a byte order mark; UTF-16 by its NULs; UTF-8 if the bytes are valid UTF-8 (text in another encoding
    hardly ever is); what the header says; what the document says; windows-1252.
    """
    data = data[:MAX_BYTES]
    for bom, name in _BOMS:
        if data.startswith(bom):
            return data[len(bom) :].decode(name, "replace")
    if data[:4:2] == b"\0\0" and data[1:2] == b"<":
        return data.decode("utf-16-be", "replace")
    if data[1:4:2] == b"\0\0" and data[:1] == b"<":
        return data.decode("utf-16-le", "replace")
    try:
        # a cut inside the last character must not make the whole text another encoding
        return data.decode("utf-8") if len(data) < MAX_BYTES else data[:-4].decode("utf-8")
    except UnicodeDecodeError:
        mended = data.decode("utf-8", "replace")
    broken = mended.count("\ufffd")
    if sum(not char.isascii() for char in mended) > 2 * broken:
        return mended  # UTF-8 with a few broken places
    declared = _DECLARED.match(data[:400])
    header = _HEADER.search(content_type)
    names = [header.group(1)] if header else []
    names += [declared.group(1).decode("ascii")] if declared else []
    for name in names:
        try:
            if codecs.lookup(name).name == "utf-8":
                continue
            text = data.decode(_superset(name), "replace")
        except (LookupError, UnicodeError, TypeError):
            continue
        if text.count("\ufffd") * 20 <= len(text):
            return text
    return data.decode("windows-1252", "replace")


def _superset(name: str) -> str:
    """What a name means on the web (WHATWG Encoding Standard): latin-1 and ASCII are windows-1252."""
    return (
        "windows-1252"
        if name.lower().replace("_", "-") in {"iso-8859-1", "latin1", "latin-1", "us-ascii", "ascii"}
        else name
    )


def harmless(text: str) -> str:
    """The document without DOCTYPE, control characters, unknown entities and bare ampersands."""
    text = _CONTROL.sub("", _without_doctype(text))
    text = _PROLOGUE.sub("", text, count=1)
    return "".join(
        piece if piece.startswith("<![CDATA[") else _ENTITY.sub(_entity, piece) for piece in _CDATA.split(text)
    )


def _entity(match: re.Match[str]) -> str:
    name = (match.group(1) or "").rstrip(";")
    if not name:
        return "&amp;"
    if name.startswith("#"):
        number = int(name[2:], 16) if name[1] in "xX" else int(name[1:])
        return match.group(0) if _is_xml_char(number) else ""
    if name in _XML_NAMES:
        return match.group(0)
    char = html.entities.html5.get(name + ";")
    return html.escape(char, quote=False) if char else f"&amp;{name};"


def _is_xml_char(number: int) -> bool:
    """Whether XML 1.0 allows the character (production 2)."""
    return (
        number in {9, 10, 13} or 0x20 <= number <= 0xD7FF or 0xE000 <= number <= 0xFFFD or 0x10000 <= number < 0x110000
    )


def _without_doctype(text: str) -> str:
    """Cut every `<!DOCTYPE …>` in the prologue, with its internal subset; one that does not end within
    `_PROLOGUE_CHARS` is cut up to the first tag that a feed or sitemap begins with."""
    for _ in range(8):
        begin = _DOCTYPE_BEGIN.search(text, 0, _PROLOGUE_CHARS)
        if begin is None:
            return text
        whole = _DOCTYPE.match(text, begin.start(), begin.start() + _PROLOGUE_CHARS)
        if whole is None:
            break
        text = text[: whole.start()] + text[whole.end() :]
    root = _ROOT.search(text)
    return text[root.start() :] if root else ""


def parsed(data: bytes, content_type: str = "") -> etree._Element | None:
    """The root element of a document, mended where it is broken; None where there is nothing to read."""
    text = harmless(decoded(data, content_type)).strip()
    if not text.startswith("<"):
        text = text[text.find("<") :] if "<" in text else ""
    if not text:
        return None
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True,
        remove_pis=True, encoding="utf-8",
    )  # fmt: skip
    try:
        return etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def name_of(element: etree._Element) -> str:
    """Local name in lower case; "" for what is no element."""
    tag = element.tag
    return tag.rpartition("}")[2].rpartition(":")[2].lower() if isinstance(tag, str) else ""


def space_of(element: etree._Element) -> str:
    """Namespace, or the prefix where a broken document declares none; "" for none."""
    tag = element.tag
    if not isinstance(tag, str):
        return ""
    return tag[1:].partition("}")[0].lower() if tag.startswith("{") else tag.rpartition(":")[0].lower()


def text_of(element: etree._Element | None) -> str:
    """All text inside an element."""
    return "" if element is None else "".join(str(piece) for piece in element.itertext()).strip()
