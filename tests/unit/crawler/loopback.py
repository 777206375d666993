"""A small loopback web for the crawl tests: a threaded server whose answers a test writes as functions, and a crawl in
a process of its own over ports that keep everything in memory (`crawl_memory`)."""

from __future__ import annotations

import contextlib
import http.server
import ipaddress
import json
import pickle
import socket
import socketserver
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from crawl_memory import Memory
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from crawler.job import CrawlJob
from crawler.spider import crawl
from pipeline.model import (
    Expectations,
    Fetch,
    Outlet,
    Page,
    Politeness,
    Run,
    Selectors,
    Source,
    SourceKind,
    Terms,
    Tier,
    Trust,
)

AGENT = "Kawat/0.1 (+mailto:desk@example.org)"


@dataclass
class Answer:
    """What the server says: status, headers, body; `drip` seconds between single bytes of the body."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    drip: float = 0.0


Handler = Callable[[str, dict[str, str]], Answer]


@dataclass
class Asked:
    path: str
    headers: dict[str, str]
    at: float


class Web:
    """The server; `asked` is what was asked of it, in order. With a `certificate` (PEM with its key) it speaks TLS."""

    def __init__(self, handler: Handler, *, certificate: Path | None = None) -> None:
        asked: list[Asked] = []
        self.spoken_to = spoken_to = threading.Event()
        self.asked = asked
        stopping = threading.Event()
        self._stopping = stopping

        class Page(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                headers = {name.lower(): value for name, value in self.headers.items()}
                asked.append(Asked(self.path, headers, time.monotonic()))
                spoken_to.set()
                answer = handler(self.path, headers)
                with contextlib.suppress(OSError):
                    self.send_response(answer.status)
                    for name, value in answer.headers.items():
                        self.send_header(name, value)
                    if answer.status != 304 and "content-length" not in {n.lower() for n in answer.headers}:
                        self.send_header("Content-Length", str(len(answer.body)))
                    self.end_headers()
                    if not answer.drip:
                        self.wfile.write(answer.body)
                        return
                    for byte in answer.body:
                        self.wfile.write(bytes([byte]))
                        if stopping.wait(answer.drip):
                            return

            def log_message(self, *args: object) -> None:
                pass

        class Server(socketserver.ThreadingTCPServer):
            allow_reuse_address = True
            daemon_threads = True
            block_on_close = False
            request_queue_size = 64

            def handle_error(self, *args: object) -> None:
                pass  # a client that hangs up is part of the tests

        self._server = Server(("127.0.0.1", 0), Page)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
            self.url = self.url.replace("http:", "https:")
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})

    def paths(self) -> list[str]:
        return [asked.path for asked in self.asked]

    def __enter__(self) -> Web:
        self._thread.start()
        return self

    def __exit__(self, *args: object) -> None:
        self._stopping.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@dataclass
class Crawled:
    """What one crawl in a process of its own left behind."""

    memory: Memory
    events: list[dict[str, object]]
    returncode: int
    seconds: float
    stderr: str
    archive: Path

    def run(self, outlet: str = "harian") -> Run:
        return next(run for run in reversed(self.memory.runs) if run.outlet == outlet)

    def reasons(self) -> dict[str, str]:
        """Why each page was not fetched, by the end of its address."""
        return {url.rpartition("/")[2]: fate.reason for url, fate, _ in self.memory.fates}

    def body(self, page: Page) -> bytes:
        return record_body(self.archive, page)


def record_body(archive: Path, page: Page) -> bytes:
    """Payload of a page's WARC record, read by its offset alone."""
    from warcio.archiveiterator import ArchiveIterator

    with (archive / page.record.file).open("rb") as file:
        file.seek(page.record.offset)
        member = file.read(page.record.length)
    import io

    record = next(iter(ArchiveIterator(io.BytesIO(member))))
    return bytes(record.content_stream().read())


def outlet(*sources: Source, slug: str = "harian", **changes: object) -> Outlet:
    plain = Outlet(
        slug=slug,
        name=slug.title(),
        homepage="http://127.0.0.1/",
        languages=("id",),
        tier=Tier.MAIN,
        trust=Trust.PRESS,
        zone="Asia/Jakarta",
        country="ID",
        enabled=True,
        disabled_reason="",
        fetch=Fetch.FULL,
        sources=sources,
        every=timedelta(minutes=10),
        cron=None,
        article=(r"/berita/\d+",),
        not_article=(r"/video/",),
        selectors=Selectors(),
        politeness=Politeness(delay=timedelta(0), concurrency=1),
        expect=Expectations(),
        terms=Terms(),
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def feed_source(url: str) -> Source:
    return Source(kind=SourceKind.FEED, url=url)


def rss(*paths: str, base: str = "") -> bytes:
    items = "".join(
        f"<item><title>Judul {path}</title><link>{base}{path}</link>"
        "<pubDate>Sat, 21 Nov 2026 10:00:00 +0700</pubDate></item>"
        for path in paths
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Harian</title>{items}</channel></rss>'.encode()


ARTICLE = b"<html><head><title>Berita</title></head><body><article><p>Isi berita.</p></article></body></html>"
HTML = {"Content-Type": "text/html; charset=utf-8"}


def run_crawl(folder: Path, *outlets: Outlet, memory: Memory | None = None, env: dict[str, str] | None = None,
              **changes: object) -> Crawled:  # fmt: skip
    """Crawl in a child process (a reactor starts once per process) and bring back what its fakes hold.

    `room`: pages after which the disk is full; `peak_mb`: memory that may be used; `dns`: what look-ups of names answer
    one after the other, the last for ever; `ahead`: by how much the clock goes before the system's.
    """
    job = CrawlJob(
        outlets=outlets, archive_dir=folder / "warc", user_agent=AGENT, allow_loopback=True, deadline=20.0,
        fetch_timeout=2.0,
    )  # fmt: skip
    aside = {name: changes.pop(name, None) for name in ("room", "peak_mb", "dns", "ahead")}
    job = replace(job, **changes)  # type: ignore[arg-type]
    ticket = folder / "job.pickle"
    ticket.write_bytes(pickle.dumps((job, memory or Memory(), aside)))
    began = time.monotonic()
    import os

    done = subprocess.run(
        [sys.executable, "-W", "error", str(Path(__file__)), str(ticket)],
        capture_output=True, text=True, timeout=60, check=False,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3]), **(env or {})},
    )  # fmt: skip
    seconds = time.monotonic() - began
    left = folder / "job.pickle.out"
    kept = pickle.loads(left.read_bytes()) if left.exists() else Memory()
    events = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    return Crawled(memory=kept, events=events, returncode=done.returncode, seconds=seconds, stderr=done.stderr,
                   archive=folder / "warc")  # fmt: skip


@contextlib.contextmanager
def web(handler: Handler, *, certificate: Path | None = None) -> Iterator[Web]:
    with Web(handler, certificate=certificate) as server:
        yield server


def self_signed(folder: Path) -> Path:
    """A certificate for 127.0.0.1 with its key, as PEM; with SSL_CERT_FILE a crawl trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "tls.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(private + made.public_bytes(Encoding.PEM))
    return path


def plain_site(*paths: str) -> dict[str, Answer]:
    """robots.txt absent, a feed of these paths, and an article behind each."""
    pages = {"/robots.txt": Answer(status=404), "/rss": Answer(rss(*paths))}
    return pages | {path: Answer(ARTICLE, headers=HTML) for path in paths}


def served(pages: dict[str, Answer]) -> Handler:
    return lambda path, _: pages.get(path, Answer(status=404))


@contextlib.contextmanager
def raw_web(pieces: Callable[[], Iterator[bytes]]) -> Iterator[str]:
    """A server that answers every connection with raw pieces until they end or the client hangs up; its address."""

    class Talk(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with contextlib.suppress(OSError):
                self.request.recv(65536)
                for piece in pieces():
                    self.request.sendall(piece)

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        block_on_close = False

    with Server(("127.0.0.1", 0), Talk) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


def answer_names(dns: dict[str, list[str]]) -> list[str]:
    """Stand in for the system's resolver where it is asked for these names; the names that were asked for."""
    by_name, by_info = socket.gethostbyname, socket.getaddrinfo
    asked: list[str] = []

    def lookup(name: str) -> str:
        if name not in dns:
            return by_name(name)
        asked.append(name)
        return dns[name].pop(0) if len(dns[name]) > 1 else dns[name][0]

    def info(host: Any, *rest: Any, **options: Any) -> Any:
        assert host not in dns, "a second way to resolve a name, past the address policy"
        return by_info(host, *rest, **options)

    if dns:
        socket.gethostbyname, socket.getaddrinfo = lookup, info
    return asked


def main(ticket: Path) -> None:
    job, memory, aside = pickle.loads(ticket.read_bytes())
    full_after, peak = aside["room"], aside["peak_mb"]
    now = datetime.now(UTC) + (aside["ahead"] or timedelta())
    looked_up = answer_names(aside["dns"] or {})
    begun = time.monotonic()

    def room() -> bool:
        return full_after is None or len(memory.pages) < full_after

    def clock() -> datetime:
        return now + timedelta(seconds=time.monotonic() - begun)

    try:
        crawl(job, memory, memory, memory, lambda event: print(json.dumps(event, default=str), flush=True), room=room,
              clock=clock)  # fmt: skip
    finally:
        # not getrusage: its peak is inherited from the test process that forked this one
        status = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
        used = next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM"))
        loaded = "playwright" in sys.modules
        print(json.dumps({"event": "looked up", "names": looked_up, "browser": loaded}), flush=True)
        assert peak is None or used < peak, f"{used} MB"
        ticket.with_suffix(".pickle.out").write_bytes(pickle.dumps(memory))


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))
    import loopback  # so that pickles name the module the tests know

    loopback.main(Path(sys.argv[1]))
