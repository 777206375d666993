"""Raw pages in the WARC archive: read back, or erased for good."""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from pipeline.errors import PageLost, StoreError
from pipeline.model import Page, Revisit, WarcRecord

MAX_BODY = 32 * 1024 * 1024
"""Bytes read of one record; the crawler bounds what it writes far below."""


def read_body(folder: Path, page: Page) -> bytes:
    """The payload of a page's record, as it came after transfer and content decoding.

    Raises PageLost where the record is gone or damaged, StoreError where it cannot be read just now.
    """
    path = folder / page.record.file
    try:
        with path.open("rb") as archive:
            archive.seek(page.record.offset)
            for record in ArchiveIterator(archive):
                body = bytes(record.content_stream().read(MAX_BODY))
                if record.raw_stream.limit > 0 and len(body) < MAX_BODY:
                    raise EOFError("it is cut off")
                return body
    except FileNotFoundError as error:
        raise PageLost(f"{path} is gone; the raw page of {page.url} is lost") from error
    except OSError as error:
        raise StoreError(f"{path} cannot be read ({error.strerror}), so {page.url} is not read") from error
    except (ArchiveLoadFailed, AttributeError, EOFError, ValueError, zlib.error) as error:  # warcio raises all of them
        raise PageLost(f"{path} is damaged at byte {page.record.offset} ({error}); {page.url} is lost") from error
    raise PageLost(f"{path} holds no record at byte {page.record.offset}; the raw page of {page.url} is lost")


def with_validators(revisits: Sequence[Revisit], folder: Path) -> tuple[Revisit, ...]:
    """Revisits with the ETag and Last-Modified that their pages had; those whose capture is gone or was made of several
    pages stay without."""
    return tuple(_with_validators(each, folder) for each in revisits)


def _with_validators(revisit: Revisit, folder: Path) -> Revisit:
    if revisit.record is None:
        return revisit
    try:
        with (folder / revisit.record.file).open("rb") as archive:
            archive.seek(revisit.record.offset)
            record = next(iter(ArchiveIterator(archive)), None)
            headers = record.http_headers if record is not None else None
            if headers is None:
                return revisit
            return replace(
                revisit,
                etag=(headers.get_header("ETag") or "")[:500] or None,
                last_modified=(headers.get_header("Last-Modified") or "")[:100] or None,
            )
    except (OSError, ArchiveLoadFailed, AttributeError, EOFError, ValueError, zlib.error):
        return revisit


TOMBSTONE = (
    b"WARC/1.1\r\nWARC-Type: metadata\r\nWARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-000000000000>\r\n"
    b"WARC-Date: 1970-01-01T00:00:00Z\r\nContent-Type: text/plain\r\nContent-Length: 6\r\n\r\nerased\r\n\r\n"
)


def erase(folder: Path, record: WarcRecord) -> bool:
    """Overwrite a record in place by an empty one of the same length, so that all others stay where they are.

    The rest of its gzip member becomes a header comment (RFC 1952, FCOMMENT). False where the file is gone.
    Raises StoreError where it cannot be written.
    """
    path = folder / record.file
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = packer.compress(TOMBSTONE) + packer.flush()
    trailer = struct.pack("<II", zlib.crc32(TOMBSTONE), len(TOMBSTONE))
    room = record.length - 10 - 1 - len(body) - len(trailer)
    member = b"\x1f\x8b\x08\x10" + bytes(4) + b"\x02\xff" + b" " * max(room, 0) + b"\0" + body + trailer
    try:
        with path.open("r+b") as archive:
            archive.seek(record.offset)
            archive.write(member if room >= 0 else bytes(record.length))
            archive.flush()
            os.fsync(archive.fileno())
    except FileNotFoundError:
        return False
    except OSError as error:
        raise StoreError(f"{path} cannot be written ({error.strerror}): the raw page is still in it") from error
    return True


def content_type(folder: Path, record: WarcRecord) -> str:
    """The media type of a record's payload, "" where it says none or cannot be read."""
    try:
        with (folder / record.file).open("rb") as archive:
            archive.seek(record.offset)
            found = next(iter(ArchiveIterator(archive)), None)
            if found is None:
                return ""
            headers = found.http_headers or found.rec_headers
            return (headers.get_header("Content-Type") or "")[:200]
    except (OSError, ArchiveLoadFailed, AttributeError, EOFError, ValueError, zlib.error):
        return ""
