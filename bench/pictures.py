"""Pictures of the real messages: the demo's mails in Chromium at phone and desktop width, light and dark.

    python -m bench.pictures [--to docs/pictures]

Runs `kawat demo` in a folder of its own and takes the HTML of the mails that arrived; nothing is drawn by hand. Needs
`chromium` on the path.
"""

from __future__ import annotations

import argparse
import shutil
import struct
import subprocess
import sys
import tempfile
import zlib
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from itertools import pairwise
from pathlib import Path

from kawat.demo import run_demo

WIDTHS = {"phone": 390, "desktop": 760}
SCHEMES = {"light": 1, "dark": 0}
"""Blink's numbers of what a reader prefers."""

TALL = 3000
"""Pixels of a page that are drawn; what is empty below is cut off."""

LONGEST = 1500
"""Pixels of a picture that are kept of a long message."""

MESSAGES = {
    "agreement": ("reader@", "sign"),
    "agreement-id": ("pembaca@", "ditandatangani"),
    "digest": ("reader@", "digest"),
}
"""Who it is for, and what its subject holds."""


def html_of(mail: EmailMessage) -> str:
    body = mail.get_body(("html",))
    assert body is not None, mail["Subject"]
    return str(body.get_content())


def chosen(mails: list[EmailMessage]) -> Iterator[tuple[str, str]]:
    """One mail for each of `MESSAGES`, the longest that fits: it has most to show."""
    for name, (reader, words) in MESSAGES.items():
        fit = [html_of(each) for each in mails if reader in each["To"] and words in each["Subject"]]
        assert fit, f"no mail to {reader} has {words!r} in its subject"
        yield name, max(fit, key=len) if name != "digest" else fit[-1]


def drawn(html: str, width: int, scheme: int, folder: Path) -> bytes:
    """A page as Chromium draws it, as PNG. It stands in a frame, for no window is as narrow as a phone."""
    (folder / "mail.html").write_text(html, encoding="utf-8")
    frame = f'<body style="margin:0"><iframe src="mail.html" style="border:0;width:{width}px;height:{TALL}px"></iframe>'
    (folder / "frame.html").write_text(frame, encoding="utf-8")
    picture = folder / "picture.png"
    picture.unlink(missing_ok=True)
    command = [
        "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--force-device-scale-factor=1",
        "--allow-file-access-from-files", f"--user-data-dir={folder / 'profile'}",
        f"--blink-settings=preferredColorScheme={scheme}", f"--window-size={max(width, 500)},{TALL}",
        f"--screenshot={picture}", (folder / "frame.html").as_uri(),
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return smaller(picture.read_bytes(), width)


# ------------------------------------------------------------------------------------------------------------------ PNG


def smaller(png: bytes, width: int) -> bytes:
    """The same picture, as wide as asked for and as tall as there is something on it, with at most 256 colours."""
    rows, size = _rows(png)
    cut = [row[: width * size] for row in rows]
    last = max((n for n, (above, row) in enumerate(pairwise(cut)) if row != above), default=0)
    cut = cut[: min(last + 14, LONGEST)]
    colours: dict[bytes, int] = {}
    lines = []
    for row in cut:
        pixels = [row[n : n + 3] for n in range(0, len(row), size)]
        lines.append([colours.setdefault(each, len(colours)) for each in pixels])
    palette = list(colours)
    if len(palette) > 256:
        lines, palette = _fewer(lines, palette)
    return _png(lines, palette, width)


def _fewer(lines: list[list[int]], palette: list[bytes]) -> tuple[list[list[int]], list[bytes]]:
    """The 256 most frequent colours; each other becomes the nearest of them."""
    counts = [0] * len(palette)
    for line in lines:
        for index in line:
            counts[index] += 1
    kept = sorted(range(len(palette)), key=lambda index: -counts[index])[:256]
    place = {index: n for n, index in enumerate(kept)}
    near = {
        index: place[min(kept, key=lambda each: _apart(palette[each], colour))] for index, colour in enumerate(palette)
    }
    return [[near[index] for index in line] for line in lines], [palette[index] for index in kept]


def _apart(one: bytes, other: bytes) -> int:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))


def _rows(png: bytes) -> tuple[list[bytes], int]:
    """The rows of a PNG of 8 bits a channel without interlace, and the bytes of a pixel (RGB or RGBA)."""
    width, _height, depth, kind, _, _, interlace = struct.unpack(">IIBBBBB", png[16:29])
    assert (depth, interlace) == (8, 0) and kind in (2, 6), "Chromium draws RGB or RGBA"
    size = 3 if kind == 2 else 4
    data, at = b"", 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        if png[at + 4 : at + 8] == b"IDAT":
            data += png[at + 8 : at + 8 + length]
        at += 12 + length
    raw = zlib.decompress(data)
    stride = width * size
    rows: list[bytes] = []
    above = bytes(stride)
    for start in range(0, len(raw), stride + 1):
        above = _unfiltered(raw[start], bytearray(raw[start + 1 : start + 1 + stride]), above, size)
        rows.append(above)
    return rows, size


def _unfiltered(kind: int, row: bytearray, above: bytes, size: int) -> bytes:
    """One row without its filter (PNG specification, 9.2)."""
    if kind == 0:
        return bytes(row)
    for n in range(len(row)):
        left = row[n - size] if n >= size else 0
        up, corner = above[n], above[n - size] if n >= size else 0
        if kind == 1:
            guess = left
        elif kind == 2:
            guess = up
        elif kind == 3:
            guess = (left + up) // 2
        else:
            line = left + up - corner
            guess = min((left, up, corner), key=lambda each: abs(line - each))
        row[n] = (row[n] + guess) & 255
    return bytes(row)


def _png(lines: list[list[int]], palette: list[bytes], width: int) -> bytes:
    head = struct.pack(">IIBBBBB", width, len(lines), 8, 3, 0, 0, 0)
    body = zlib.compress(b"".join(b"\0" + bytes(line) for line in lines), 9)
    parts = ((b"IHDR", head), (b"PLTE", b"".join(palette)), (b"IDAT", body), (b"IEND", b""))
    chunks = (
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def main() -> int:
    ask = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    ask.add_argument("--to", type=Path, default=Path("docs/pictures"))
    to: Path = ask.parse_args().to
    if shutil.which("chromium") is None:
        print("chromium is not installed: no pictures", file=sys.stderr)
        return 1
    to.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        run_demo(folder / "demo", progress=lambda *_: None)
        files = sorted((folder / "demo" / "sent" / "mail").glob("*.eml"))
        mails = [message_from_bytes(each.read_bytes(), policy=policy.default) for each in files]
        for name, html in chosen(mails):
            for device, width in WIDTHS.items():
                for scheme, number in SCHEMES.items():
                    path = to / f"{name}-{device}-{scheme}.png"
                    path.write_bytes(drawn(html, width, number, folder))
                    print(f"{path}: {path.stat().st_size // 1000} kB", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
