"""What can go wrong on the way to an outlet, on demand: errors, lies, answers too slow, too large or cut off."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final

MODES: Final = (
    "slow", "drip", "hang", "refuse", "reset", "short", "bomb", "challenge", "consent", "login", "denied", "captive",
    "garbage", "empty", "huge", "private", "loop",
)  # fmt: skip

_CHALLENGE: Final = (
    "<!DOCTYPE html><html><head><title>Just a moment...</title></head><body><h1>Checking your browser</h1>"
    "<p>Please enable JavaScript and cookies to continue.</p><p>Ray ID: 00aa11bb</p></body></html>"
)
_CAPTIVE: Final = (
    "<!DOCTYPE html><html><head><title>Selamat datang di WiFi Hotel Melati</title></head><body><form action='/login'>"
    "<p>Masukkan nomor kamar untuk memakai internet.</p><input name='kamar'></form></body></html>"
)
_WALLS: Final = {
    "challenge": _CHALLENGE,
    "captive": _CAPTIVE,
    "consent": "<!DOCTYPE html><html><head><title>Persetujuan cookie</title></head><body><h2>Kami menghargai privasi"
    " Anda</h2><p>Kami dan mitra kami menyimpan data pada perangkat.</p><button>Terima semua cookie</button></body>",
    "login": "<!DOCTYPE html><html><head><title>Masuk</title></head><body><h1>Masuk ke akun Anda</h1><form><input name="
    "surel><input type=password name=sandi><button>Masuk</button></form><a href=/lupa>Lupa kata sandi?</a></body>",
    "denied": "<!DOCTYPE html><html><head><title>Akses Ditolak</title></head><body><h1>Akses ditolak</h1><p>Alamat IP"
    " Anda tidak diizinkan membuka halaman ini.</p></body></html>",
}
_GARBAGE: Final = bytes((n * 73 + 41) % 256 for n in range(4096))


@dataclass(slots=True, kw_only=True)
class Fault:
    """One thing that is wrong with the addresses that `pattern` (a glob over the path) names."""

    pattern: str
    mode: int | str  # an HTTP status, or one of `MODES`
    retry_after: str | None = None
    seconds: float = 1.0
    megabytes: int = 64
    location: str = "http://169.254.169.254/latest/meta-data/"
    times: int | None = None  # how often still; None: until healed

    def __post_init__(self) -> None:
        if isinstance(self.mode, str) and self.mode not in MODES:
            raise ValueError(f"{self.mode!r} is no fault; known: an HTTP status, {', '.join(MODES)}")

    def hits(self, target: str) -> bool:
        """Whether the request target, with or without its query, is meant, and the fault not yet used up."""
        meant = fnmatchcase(target, self.pattern) or fnmatchcase(target.partition("?")[0], self.pattern)
        return meant and self.times != 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One answer. `cut` says how the connection ends before the body does: "reset", "short", "drip" or not at all."""

    status: int
    body: bytes = b""
    content_type: str = "text/html; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()
    cut: str = ""
    wait: float = 0.0
    stream_megabytes: int = 0  # so many megabytes of filling instead of `body`


def spoil(fault: Fault, target: str, sound: Reply) -> Reply:
    """The answer under `fault`, given the one that would have been."""
    mode = fault.mode
    if isinstance(mode, int):
        headers = (("Retry-After", fault.retry_after),) if fault.retry_after is not None else ()
        return Reply(status=mode, body=f"<html><body><h1>{mode}</h1></body></html>".encode(), headers=headers)
    match mode:
        case "slow":
            return _with(sound, wait=fault.seconds)
        case "hang" | "refuse":
            return _with(sound, cut=mode)
        case "drip" | "reset" | "short":
            return _with(sound, cut=mode, wait=fault.seconds if mode == "drip" else 0.0)
        case "bomb":
            packed = gzip_bomb(fault.megabytes)
            return Reply(
                status=200,
                body=packed,
                content_type=sound.content_type,
                headers=(("Content-Encoding", "gzip"),),
            )
        case "challenge" | "consent" | "login" | "denied" | "captive":
            headers = (("Server", "cloudflare"),) if mode == "challenge" else ()
            return Reply(status=200, body=_WALLS[mode].encode(), headers=headers)
        case "garbage":
            return Reply(status=200, body=_GARBAGE, content_type=sound.content_type)
        case "empty":
            return Reply(status=200, content_type=sound.content_type)
        case "huge":
            return Reply(status=200, content_type=sound.content_type, stream_megabytes=fault.megabytes)
        case "private":
            return Reply(status=302, headers=(("Location", fault.location),))
        case _:
            path, _, query = target.partition("?")
            hop = int(query.removeprefix("hop=") or 0) if query.startswith("hop=") or not query else 0
            return Reply(status=302, headers=(("Location", f"{path}?hop={hop + 1}"),))


def _with(sound: Reply, *, cut: str = "", wait: float = 0.0) -> Reply:
    return Reply(
        status=sound.status,
        body=sound.body,
        content_type=sound.content_type,
        headers=sound.headers,
        cut=cut,
        wait=wait,
    )


def gzip_bomb(megabytes: int) -> bytes:
    """So many megabytes of blanks, packed a thousandfold."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    chunk = b" " * (1 << 20)
    return b"".join([*(packer.compress(chunk) for _ in range(megabytes)), packer.flush()])


def filling(megabytes: int) -> Iterator[bytes]:
    """The body of a page that does not end, piece by piece."""
    piece = b"<p>" + b"isi " * 16_383 + b"</p>\n"
    for _ in range(megabytes * 16):
        yield piece
