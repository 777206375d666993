"""What a person hands to `kawat read` or `kawat seed add`: pages, plain texts, JSON lines, archives; as one value."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, TextIO
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from kawat.archive import MAX_BODY
from pipeline.errors import UsageError
from pipeline.extract import extract_text
from pipeline.model import Extracted, Outlet, Page, Reject, RejectReason, Stamp, WarcRecord
from pipeline.net import url_key
from pipeline.reading import read_here

KINDS = (".html", ".htm", ".txt", ".jsonl", ".warc", ".warc.gz")
COARSE = re.compile(r"(\d{4})(?:-(\d{2}))?")
"""A publication given as a year or a month only."""

MAX_LINE = 32 * 1024 * 1024
"""Bytes of one JSON line or one file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """One article as given: `text`, or `html` bytes of a page. `fault` says why a line is no article at all."""

    id: str
    url: str = ""
    outlet: str = ""
    language: str = ""
    title: str = ""
    published: str = ""
    text: str | None = None
    html: bytes | None = None
    content_type: str = "text/html"
    fault: str = ""


def given(inputs: Iterable[str], stdin: TextIO = sys.stdin) -> Iterator[Given]:
    """Every article of the inputs, in order. Raises UsageError for an input that is not there or of no known kind."""
    paths = list(inputs)
    for name in paths:
        if name != "-" and not Path(name).is_file():
            raise UsageError(f"{name}: no such file; give {', '.join(KINDS)} files, or - for JSON lines")
        if name != "-" and not name.lower().endswith(KINDS):
            raise UsageError(f"{name}: not a kind that is read; give {', '.join(KINDS)} files, or - for JSON lines")
    for name in paths:
        yield from _lines(stdin, "-") if name == "-" else _file(Path(name))


def _file(path: Path) -> Iterator[Given]:
    name = path.name.lower()
    if name.endswith((".warc", ".warc.gz")):
        yield from _archive(path)
        return
    if name.endswith(".jsonl"):
        with path.open(encoding="utf-8", errors="replace") as lines:
            yield from _lines(lines, str(path))
        return
    if path.stat().st_size > MAX_LINE:
        yield Given(id=str(path), fault=f"larger than {MAX_LINE} bytes")
        return
    raw = path.read_bytes()
    if name.endswith(".txt"):
        yield Given(id=str(path), text=raw.decode("utf-8-sig", "replace"))
    else:
        yield Given(id=str(path), html=raw)


def _lines(lines: IO[str], name: str) -> Iterator[Given]:
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield _line(line, f"{name}:{number}")


def _line(line: str, where: str) -> Given:
    try:
        row = json.loads(line)
    except ValueError as error:
        return Given(id=where, fault=f"{where}: not JSON ({error})")
    if not isinstance(row, dict):
        return Given(id=where, fault=f"{where}: a line must be a JSON object")
    known = Given(
        id=str(row.get("id") or where),
        url=_word(row, "url"),
        outlet=_word(row, "outlet"),
        title=_word(row, "title"),
        published=_word(row, "published"),
        language=_word(row, "lang"),
    )
    if isinstance(row.get("text"), str):
        return replace(known, text=row["text"])
    if isinstance(row.get("html"), str):
        html = row["html"].encode("utf-8", "surrogatepass")
        return replace(known, html=html, content_type="text/html; charset=utf-8")
    return replace(known, fault=f"{where}: neither text nor html")


def _word(row: Mapping[str, Any], key: str) -> str:
    value = row.get(key)
    return value if isinstance(value, str) else ""


def _archive(path: Path) -> Iterator[Given]:
    try:
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream):
                if record.rec_type not in ("response", "resource"):
                    continue
                headers = record.http_headers or record.rec_headers
                url = record.rec_headers.get_header("WARC-Target-URI") or ""
                yield Given(
                    id=record.rec_headers.get_header("WARC-Record-ID") or url,
                    url=url,
                    html=record.content_stream().read(MAX_BODY),
                    content_type=headers.get_header("Content-Type") or "text/html",
                )
    except ArchiveLoadFailed as error:
        yield Given(id=str(path), fault=f"{path}: not a readable WARC file ({error})")


def outlet_of(item: Given, outlets: Mapping[str, Outlet], stranger: Outlet) -> Outlet:
    """The configured outlet that an input names or whose host its address has; else `stranger` under the given name."""
    wanted = item.outlet.strip().casefold()
    host = (urlsplit(item.url).hostname or "").removeprefix("www.")
    for each in outlets.values():
        if wanted and wanted in (each.slug.casefold(), each.name.casefold()):
            return each
    for each in outlets.values():
        home = (urlsplit(each.homepage).hostname or "").removeprefix("www.")
        if host and home and (host == home or host.endswith(f".{home}")):
            return each
    return stranger


def page_of(item: Given, outlet: Outlet, now: datetime, number: int = 0) -> Page:
    """An input as a captured page; `number` sets apart inputs that come one after another."""
    address = item.url or f"input:{item.id}"
    return Page(
        outlet=outlet.slug,
        url=address,
        final_url=address,
        key=url_key(address),
        status=200,
        content_type=item.content_type,
        fetched_at=now,
        discovered_at=now,
        record=WarcRecord(file=item.id, offset=number, length=0),
        title_hint=item.title,
        published_hint=item.published,
    )


def extracted(item: Given, page: Page, outlet: Outlet, now: datetime) -> Extracted | Reject:
    """What an input says, before cleaning."""
    if item.fault:
        return Reject(key=page.key, outlet=outlet.slug, url=page.url, reason=RejectReason.BROKEN, detail=item.fault)
    if item.text is None:
        return read_here(item.html or b"", page, outlet)
    return extract_text(
        item.text,
        title=item.title or None,
        published=item.published or None,
        url=item.url,
        outlet=outlet,
        key=page.key,
        lang=item.language or None,
        now=now,
    )


def coarse(read: Extracted, published: str, zone: str) -> Extracted:
    """An input whose publication is given only as a year or a month: stamped at its beginning, at that precision."""
    found = COARSE.fullmatch(published.strip())
    if read.published is not None or found is None:
        return read
    year, month = int(found[1]), int(found[2] or 1)
    if not (1900 < year < 2100 and 1 <= month <= 12):
        return read
    stamp = Stamp(
        raw=published,
        instant=datetime(year, month, 1, tzinfo=ZoneInfo(zone)).astimezone(UTC),
        zone=zone,
        zone_source="assumed",
        precision="month" if found[2] else "year",
    )
    return replace(read, published=stamp)
