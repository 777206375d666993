"""Content codings taken off, with a bound on what comes out: bombs end as a refusal, not as memory."""

from __future__ import annotations

import zlib

MAX_CODINGS = 2
"""Codings one answer may be wrapped in; each further layer multiplies what a bomb can hold."""


class Undecodable(ValueError):
    """The coding is unknown, broken, or wrapped too often."""


class TooLarge(ValueError):
    """More bytes than the bound."""


def inflated(body: bytes, codings: str, *, limit: int) -> bytes:
    """The body without its `Content-Encoding` (the header's value), at most `limit` bytes long.

    A body that is not in the coding it names but is plain text is taken as it is: some servers name a coding for a page
    that a proxy has already inflated. A gzip stream that breaks off yields what it held.

    Raises:
        Undecodable: an unknown or broken coding, or more than `MAX_CODINGS` of them.
        TooLarge: it grows beyond the bound.
    """
    names = [name for part in codings.split(",") if (name := part.strip().lower()) not in {"", "identity"}]
    if len(names) > MAX_CODINGS:
        raise Undecodable(f"{len(names)} content codings")
    for name in reversed(names):
        if name in {"gzip", "x-gzip"}:
            body = _gunzip(body, limit) if body[:2] == b"\x1f\x8b" else _plain(body, name)
        elif name == "deflate":
            body = _deflate(body, limit)
        else:
            raise Undecodable(f"content coding {name[:20]!r}")
    if len(body) > limit:
        raise TooLarge(f"over {limit} bytes")
    return body


def unpacked(body: bytes, *, limit: int) -> bytes:
    """A file that is itself gzip (`sitemap.xml.gz`), by its magic bytes; anything else unchanged.

    Raises:
        Undecodable, TooLarge: as `inflated`.
    """
    return _gunzip(body, limit) if body[:2] == b"\x1f\x8b" else body


def _plain(body: bytes, name: str) -> bytes:
    if body.lstrip()[:1] in {b"<", b"{", b"[", b""}:
        return body
    raise Undecodable(f"not {name}")


def _gunzip(body: bytes, limit: int) -> bytes:
    out = bytearray()
    while body[:2] == b"\x1f\x8b":  # several members may follow one another
        stream = zlib.decompressobj(31)
        out += _bounded(stream, body, limit - len(out))
        body = stream.unused_data
    return bytes(out)


def _deflate(body: bytes, limit: int) -> bytes:
    try:
        return _bounded(zlib.decompressobj(), body, limit)
    except Undecodable:
        return _bounded(zlib.decompressobj(-15), body, limit)  # raw deflate, as old servers send it


def _bounded(stream: zlib._Decompress, body: bytes, room: int) -> bytes:
    try:
        out = stream.decompress(body, room + 1)
    except zlib.error as error:
        raise Undecodable(str(error)[:100]) from None
    if len(out) > room:
        raise TooLarge(f"over {room} bytes when inflated")
    return out
