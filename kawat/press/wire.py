"""The sockets of the press: one threaded HTTP listener per outlet, which writes a `Reply`, or breaks off as told."""

from __future__ import annotations

import socket
import struct
import sys
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol

from kawat.press.faults import Reply, filling


class Newsroom(Protocol):
    """What a listener needs of the press."""

    stopping: threading.Event

    def respond(self, outlet: str, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Reply: ...


class Listener(ThreadingHTTPServer):
    """One outlet's server. The press itself accepts, so that one thread watches every address."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 64
    allow_reuse_address = True

    def __init__(self, address: tuple[str, int], newsroom: Newsroom, outlet: str) -> None:
        self.newsroom = newsroom
        self.outlet = outlet
        self._open: set[socket.socket] = set()
        self._guard = threading.Lock()
        self._idle = threading.Condition(self._guard)
        super().__init__(address, _Handler)

    def server_bind(self) -> None:
        """Bind without asking a name server who we are."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])

    def process_request(self, request: Any, client_address: Any) -> None:
        """Remember the connection, so that `hang_up` can end it."""
        with self._guard:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Forget and close the connection."""
        super().shutdown_request(request)
        with self._idle:
            self._open.discard(request)
            self._idle.notify_all()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no news; anything else is a fault of ours, and shown."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)

    def hang_up(self) -> None:
        """Stop listening, cut every connection, wait until their threads have let go."""
        self.server_close()
        with self._idle:
            for connection in self._open:
                try:
                    connection.shutdown(socket.SHUT_RDWR)
                except OSError:
                    continue  # it went first
            self._idle.wait_for(lambda: not self._open, timeout=5)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30
    server: Listener
    server_version = "nginx"
    sys_version = ""

    def do_GET(self) -> None:
        self._serve(with_body=True)

    def do_HEAD(self) -> None:
        self._serve(with_body=False)

    def do_POST(self) -> None:
        self._serve(with_body=True)

    def log_message(self, format: str, *args: Any) -> None:
        """The press keeps its own log."""

    def _serve(self, *, with_body: bool) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        length = headers.get("content-length", "0")
        body = self.rfile.read(int(length)) if length.isdecimal() else b""
        stopping = self.server.newsroom.stopping
        reply = self.server.newsroom.respond(self.server.outlet, self.command, self.path, headers, body)
        if reply.cut == "hang":
            stopping.wait(self.timeout)
        if reply.cut in {"hang", "refuse"}:
            self._drop()
            return
        if reply.wait and reply.cut != "drip":
            stopping.wait(reply.wait)
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.content_type)
        for name, value in reply.headers:
            self.send_header(name, value)
        if reply.stream_megabytes:
            self._stream(reply.stream_megabytes, with_body=with_body)
            return
        declared = len(reply.body) + (512 if reply.cut == "short" else 0)
        if reply.status not in {204, 304}:
            self.send_header("Content-Length", str(declared))
        self.end_headers()
        if with_body:
            self._body(reply)

    def _body(self, reply: Reply) -> None:
        match reply.cut:
            case "reset":
                self.wfile.write(reply.body[: len(reply.body) // 2])
                self._drop()
            case "short":
                self.wfile.write(reply.body)
                self.close_connection = True
            case "drip":
                for position in range(len(reply.body)):
                    self.wfile.write(reply.body[position : position + 1])
                    if self.server.newsroom.stopping.wait(reply.wait):
                        break
                self.close_connection = True
            case _:
                self.wfile.write(reply.body)

    def _stream(self, megabytes: int, *, with_body: bool) -> None:
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        if with_body:
            for piece in filling(megabytes):
                if self.server.newsroom.stopping.is_set():
                    break
                self.wfile.write(piece)

    def _drop(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()
