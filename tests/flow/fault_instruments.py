"""What breaks things on purpose: the n-th operation of a real SQLite file, the n-th reading of the clock, the n-th
piece of a real TCP conversation. Each counts in silence until it is armed."""

from __future__ import annotations

import os
import selectors
import signal
import socket
import sqlite3
import struct
import threading
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import TracebackType
from typing import Any, Self

from sqlalchemy import event

from pipeline.store import Store

IOERR = 10
"""SQLITE_IOERR, https://www.sqlite.org/rescode.html"""

RESET = struct.pack("ii", 1, 0)
"""SO_LINGER of no time: closing sends a reset."""


# --------------------------------------------------------------------------------------------------------------- store


class Strike(StrEnum):
    """What happens to the operation that is struck."""

    FAIL = "fails"
    UNSURE = "is done, and reported as failed"
    KILL_BEFORE = "kill -9 before it"
    KILL_AFTER = "kill -9 after it"


@dataclass(slots=True, kw_only=True)
class Breaker:
    """Strikes the `at`-th operation of the store that it is fitted to; only commits of changes where `commits`."""

    at: int = 0  # 0: never
    strike: Strike = Strike.FAIL
    commits: bool = False
    pages: int | None = None
    count: int = 0
    _store: Store | None = None

    @property
    def struck(self) -> bool:
        return 0 < self.at <= self.count

    def operation(self, run: Any, *, commit: bool) -> Any:
        """Run one operation, or strike it."""
        if self.commits and not commit:
            return run()
        self.count += 1
        if self.count != self.at:
            return run()
        if self.strike is Strike.KILL_BEFORE:
            os.kill(os.getpid(), signal.SIGKILL)
        done = run() if self.strike is not Strike.FAIL else None
        if self.strike is Strike.KILL_AFTER:
            os.kill(os.getpid(), signal.SIGKILL)
        del done
        error = sqlite3.OperationalError("disk I/O error")
        error.sqlite_errorcode = IOERR
        raise error

    def arm(self, at: int, strike: Strike = Strike.FAIL, *, commits: bool = False, pages: int | None = None) -> None:
        """Strike the `at`-th operation from now on; 0: none. `pages`: the file may grow by so many pages and no more,
        so that SQLite says that the disk is full, and means it."""
        self.at, self.strike, self.commits, self.pages, self.count = at, strike, commits, pages, 0
        if self._store is not None:
            self._store.close()  # the next connections are made under the new orders

    def fit(self, store: Store) -> None:
        """Stand between a store and its file. Rolling back is never struck: it is what a failure needs."""
        breaker, self._store = self, store

        class Cursor(sqlite3.Cursor):
            def execute(self, *arguments: Any) -> Any:
                return breaker.operation(lambda: super(Cursor, self).execute(*arguments), commit=False)

        class Connection(sqlite3.Connection):
            def cursor(self, *_: Any) -> Any:
                return super().cursor(Cursor)

            def commit(self) -> None:
                breaker.operation(super().commit, commit=self.in_transaction and self.total_changes > self._noted)
                self._noted = self.total_changes

            _noted = 0

        store.close()
        for engine in (store.database._writer, store.database._reader):

            @event.listens_for(engine, "do_connect")
            def connecting(_dialect: Any, _record: Any, _arguments: Any, options: dict[str, Any]) -> None:
                options["factory"] = Connection

            @event.listens_for(engine, "connect")
            def connected(connection: Any, _record: Any) -> None:
                if breaker.pages is not None:
                    (pages,) = connection.execute("PRAGMA page_count").fetchone()
                    connection.execute(f"PRAGMA max_page_count={pages + breaker.pages}")


# --------------------------------------------------------------------------------------------------------------- clock


@dataclass(slots=True, kw_only=True)
class Clock:
    """Set by hand. From the `at`-th reading on (or only then: `once`) it is off by `off`."""

    now: datetime
    at: int = 0
    off: timedelta = timedelta()
    once: bool = False
    count: int = 0

    def __call__(self) -> datetime:
        self.count += 1
        wrong = 0 < self.at <= self.count and (not self.once or self.count == self.at)
        return self.now + (self.off if wrong else timedelta())


# ----------------------------------------------------------------------------------------------------------------- TCP


class Cutter:
    """Stands between a client and a listener on loopback and breaks the connection at the n-th event.

    Events are a connection made, and each piece before and after it is passed on. When it is cut, the client sees a
    reset; the listener reads what had been passed on and then the end, so that what it accepted is known.
    """

    def __init__(self, port: int) -> None:
        self.at = 0
        self.count = 0
        self._upstream = port
        self._lock = threading.Lock()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._socket.getsockname()[1])
        self._threads: list[threading.Thread] = []
        self._accepting = threading.Thread(target=self._accept, daemon=True)

    def __enter__(self) -> Self:
        self._accepting.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._accepting.join()
        self.settle()

    def arm(self, at: int) -> None:
        """Break at the `at`-th event from now on; 0: never."""
        with self._lock:
            self.at, self.count = at, 0

    @property
    def cut(self) -> bool:
        return 0 < self.at <= self.count

    def settle(self) -> None:
        """Wait until every conversation has ended on both sides."""
        for thread in self._threads:
            thread.join(10)
        self._threads = [each for each in self._threads if each.is_alive()]
        assert not self._threads, "a conversation does not end"

    def _event(self) -> bool:
        with self._lock:
            self.count += 1
            return self.count == self.at

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._socket.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._talk, args=(client,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _talk(self, client: socket.socket) -> None:
        server = socket.create_connection(("127.0.0.1", self._upstream))
        with client, server, suppress(OSError), selectors.DefaultSelector() as ready:
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            server.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            ready.register(client, selectors.EVENT_READ, server)
            ready.register(server, selectors.EVENT_READ, client)
            going = not self._event()
            while going and ready.get_map():
                for key, _ in ready.select():
                    source, target = key.fileobj, key.data
                    assert isinstance(source, socket.socket)
                    piece = source.recv(65_536)
                    if hasattr(socket, "TCP_QUICKACK"):  # or its peer waits 40 ms with the next piece
                        source.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
                    if not piece:
                        ready.unregister(source)
                        with suppress(OSError):
                            target.shutdown(socket.SHUT_WR)
                        going = source is client and self._drained(server)
                        continue
                    if self._event():
                        going = False
                        break
                    target.sendall(piece)
                    if self._event():
                        going = False
                        break
            if not going:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
                client.close()
                server.shutdown(socket.SHUT_WR)
                self._drained(server)

    @staticmethod
    def _drained(server: socket.socket) -> bool:
        """Read what a listener still says; one that says nothing is left after a while."""
        server.settimeout(0.5)
        with suppress(OSError):
            while server.recv(65_536):
                pass
        return False
