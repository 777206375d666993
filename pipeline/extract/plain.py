"""Plain text into blocks: what `kawat read` is given as `.txt` or as the `text` of a JSON line.

Furniture is not known here (that is `pipeline.clean`'s), so where no title is given the title stays empty and cleaning
takes the first line that is no furniture.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime

from pipeline.extract.dates import date_in_url, is_date_line, read_date
from pipeline.extract.language import language_of
from pipeline.model import Block, BlockKind, Extracted, Outlet, Reject, RejectReason, Stamp

LONGEST = 1_000_000
"""Characters of one plain-text article; the longest news text seen has 60,000."""

DATE_LINES = 8
"""Lines at the head in which a printed publication time is looked for."""

WRAPPED = 40
"""Characters from which a line without a full stop may go on in the next one."""

_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\ufeff\u00ad\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SPACES = re.compile(r"[^\S\n]+")
_ITEM = re.compile(r"(?:[-•●▪◦‣*–]\s+|\d{1,2}[.)]\s+|[a-z][.)]\s+)\S")


def tidy(text: str) -> str:
    """NFC, without invisible characters, with single spaces; line breaks stay."""
    if not text.isascii() and not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    if text.isprintable():
        return _SPACES.sub(" ", text) if "  " in text else text
    return _SPACES.sub(" ", _INVISIBLE.sub("", text))


def one_line(text: str) -> str:
    """The same for text that may not break: one line, without space around it."""
    text = text.strip()
    if not text.isprintable() or "  " in text:  # all space but " " is unprintable
        text = " ".join(text.split())
        if not text.isprintable():
            text = " ".join(_INVISIBLE.sub("", text).split())
    if not text.isascii() and not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    return text


def paragraphs_of(text: str) -> list[str]:
    """The paragraphs of a text: its lines, but for lines that were wrapped, which go on in lower case."""
    lines: list[str] = []
    blank = True
    for raw in text.split("\n"):
        line = raw.strip()
        if line and not blank and len(lines[-1]) >= WRAPPED and line[:1].islower() and lines[-1][-1:] not in ".!?;:":
            lines[-1] = f"{lines[-1]} {line}"
        elif line:
            lines.append(line)
        blank = not line
    return lines


def block_of_line(line: str) -> Block:
    """A line as a block: an item where it opens with a bullet or number."""
    return Block(text=line, kind=BlockKind.ITEM if _ITEM.match(line) else BlockKind.PARAGRAPH)


def _printed(lines: list[str], zone: str, now: datetime | None) -> Stamp | None:
    for line in lines[:DATE_LINES]:
        if len(line) <= 120 and (is_date_line(line) or _NAMED_DATE.search(line)):
            stamp = read_date(line, zone=zone, now=now)
            if stamp is not None:
                return stamp
    return None


_NAMED_DATE = re.compile(
    r"\d{4}.{0,12}\d{1,2}[:.]\d{2}|(?:\|\|?|•)\s*\S+,?\s+\d{1,2}\s+\w+\s+\d{4}|\|\s*\d{4}-\d\d-\d\d"
)


def extract_text(
    text: str,
    *,
    title: str | None,
    published: str | None,
    url: str,
    outlet: Outlet,
    key: str = "",
    lang: str | None = None,
    now: datetime | None = None,
) -> Extracted | Reject:
    """A plain text as `Extracted`: lines are blocks, headline and dateline stay in them (`headline_in_text`).

    `published` is raw; where it is None a time printed at the head is taken, then one in the URL. `now` refuses future
    times and anchors relative ones; None switches both off.
    """
    if len(text) > LONGEST:
        return Reject(
            key=key, outlet=outlet.slug, url=url, reason=RejectReason.TOO_LARGE, detail=f"{len(text)} characters"
        )
    text = tidy(text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n"))
    lines = paragraphs_of(text)
    if not lines:
        return Reject(key=key, outlet=outlet.slug, url=url, reason=RejectReason.EMPTY, detail="no line of text")
    steps: list[tuple[str, str]] = []
    stamp = None
    if published:
        stamp = read_date(published, zone=outlet.zone, now=now)
        steps.append(("published", "given"))
    if stamp is None:
        stamp = _printed(lines, outlet.zone, now)
        if stamp is not None:
            steps.append(("published", "printed"))
    if stamp is None and not published:
        stamp = date_in_url(url, zone=outlet.zone, now=now)
        if stamp is not None:
            steps.append(("published", "url"))
    steps.append(("body", "plain-text"))
    steps.append(("language", "given" if lang else "stop-words"))
    if title:
        steps.append(("title", "given"))
    return Extracted(
        title=tidy(title).strip() if title else "",
        blocks=tuple(map(block_of_line, lines)),
        authors=(),
        published=stamp,
        published_raw=published or (stamp.raw if stamp else ""),
        section="",
        canonical_url=url,
        language=lang or language_of(text),
        steps=tuple(steps),
        headline_in_text=True,
    )
