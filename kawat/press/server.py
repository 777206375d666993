"""The press in a box: invented outlets on loopback addresses of their own, answering like real ones.

    with Press(now) as press:
        press.outlet_files(folder)          one YAML per outlet, as under config/outlets, for this run's addresses
        press.fail("kilat", "/inet/*", 503) until press.heal("kilat")
        press.redesign("kilat", "fajar") its pages by another template
        press.requests                      what was asked, by whom, and what it got

It listens on loopback only and prints nothing but its own stories. Where a system knows no 127.0.0.2 and so on, the
outlets share 127.0.0.1 on ports of their own.
"""

from __future__ import annotations

import errno
import selectors
import socket
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from importlib import resources
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from kawat.press import story as stories_module
from kawat.press.desk import Desk
from kawat.press.faults import Fault, Reply, spoil
from kawat.press.furniture import Sheet
from kawat.press.sites import SITES, Told, tell
from kawat.press.story import Story
from kawat.press.templates import page as print_page
from kawat.press.wire import Listener

_TRIES: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request as it came in, and how it was answered. `at` is a monotonic clock's reading."""

    method: str
    outlet: str
    path: str
    status: int
    headers: Mapping[str, str]  # names in lower case
    at: float


class Press:
    """All outlets of one run. `only` names the stories that are out at the start (None: all); `publish` adds more."""

    def __init__(
        self,
        now: datetime,
        *,
        stories: Mapping[str, Story] | None = None,
        only: Iterable[str] | None = None,
        port: int = 0,
    ) -> None:
        if now.tzinfo is None:
            raise ValueError("the press needs an aware time")
        self.now = now
        self.stories: dict[str, Story] = dict(stories_module.shipped() if stories is None else stories)
        self.requests: list[Request] = []
        self.urls: dict[str, str] = {}
        self._out = set(self.stories if only is None else only)
        unknown = self._out - set(self.stories)
        if unknown:
            raise KeyError(f"no such story: {', '.join(sorted(unknown))}")
        self._port = port
        self._edits: dict[str, int] = {}
        self._templates: dict[str, str] = {}
        self._faults: dict[str, list[Fault]] = {}
        self._desks: dict[str, Desk] = {}
        self._listeners: list[Listener] = []
        self._lock = threading.Lock()
        self.stopping = threading.Event()
        self._wake, self._waken = socket.socketpair()
        self._thread = threading.Thread(target=self._accept, name="press", daemon=True)

    # ------------------------------------------------------------------------------------------------ life and death

    def start(self) -> Self:
        """Bind every outlet and answer in the background; returns itself."""
        for slug, (address, listener) in self._bind().items():
            self._listeners.append(listener)
            self.urls[slug] = address
            self._desks[slug] = Desk(SITES[slug], address)
        self._thread.start()
        return self

    def stop(self) -> None:
        """Close every socket, cut every answer short. Safe to call twice."""
        if self.stopping.is_set():
            return
        self.stopping.set()
        self._waken.send(b"x")
        if self._thread.ident is not None:
            self._thread.join()
        for listener in self._listeners:
            listener.hang_up()
        self._wake.close()
        self._waken.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _bind(self) -> dict[str, tuple[str, Listener]]:
        for _ in range(_TRIES):
            port, bound = self._port, dict[str, tuple[str, Listener]]()
            try:
                for number, slug in enumerate(SITES, start=2):
                    listener = self._listen(slug, f"127.0.0.{number}", port)
                    host, own = listener.server_address[:2]
                    bound[slug] = (f"http://{host!s}:{own}", listener)
                    port = port or int(own)
            except OSError as error:
                for _, listener in bound.values():
                    listener.hang_up()
                if error.errno != errno.EADDRINUSE or self._port:
                    raise
                continue
            return bound
        raise OSError(errno.EADDRINUSE, "found no port that is free on every loopback address")

    def _listen(self, slug: str, address: str, port: int) -> Listener:
        try:
            return Listener((address, port), self, slug)
        except OSError as error:
            if error.errno != errno.EADDRNOTAVAIL:
                raise
            return Listener(("127.0.0.1", 0), self, slug)

    def _accept(self) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(self._wake, selectors.EVENT_READ)
            for listener in self._listeners:
                selector.register(listener, selectors.EVENT_READ, listener)
            while not self.stopping.is_set():
                for key, _ in selector.select():
                    if isinstance(key.data, Listener):
                        key.data.handle_request()

    # ----------------------------------------------------------------------------------------------------- newsroom

    def publish(self, *stories: str | Story) -> None:
        """Bring out stories by id, or stories of one's own; one whose id is out already is replaced: an edit."""
        with self._lock:
            for item in stories:
                if isinstance(item, Story):
                    self.stories[item.id] = item
                story = self.stories[item if isinstance(item, str) else item.id]
                self._edits[story.outlet] = self._edits.get(story.outlet, 0) + 1
                self._out.add(story.id)

    def withdraw(self, *story_ids: str) -> None:
        """Take stories back: off the lists, and 404 at their addresses."""
        with self._lock:
            for story_id in story_ids:
                self._out.remove(story_id)
                outlet = self.stories[story_id].outlet
                self._edits[outlet] = self._edits.get(outlet, 0) + 1

    def told(self, outlet: str) -> tuple[Told, ...]:
        """What `outlet` has out, newest first."""
        with self._lock:
            out = [self.stories[i] for i in self.stories if i in self._out and self.stories[i].outlet == outlet]
            site = replace(SITES[outlet], template=self._templates.get(outlet, SITES[outlet].template))
        return tuple(sorted((tell(s, site, self.now) for s in out), key=lambda t: t.published, reverse=True))

    def redesign(self, outlet: str, template: str | None) -> None:
        """From now on print an outlet's article pages by another template (`sites.Site.template`); None: its own."""
        with self._lock:
            if template is None:
                self._templates.pop(outlet, None)
            else:
                self._templates[outlet] = template

    def read(self, story_id: str) -> Told:
        """One story as printed; `.text` is its clean text."""
        story = self.stories[story_id]
        return tell(story, SITES[story.outlet], self.now)

    def url(self, story_id: str) -> str:
        """The canonical address of a story."""
        return self.urls[self.stories[story_id].outlet] + self.read(story_id).path

    def furniture(self, story_id: str) -> tuple[str, ...]:
        """Each piece of furniture on the page: none may be left over, unless it repeats the text (a caption may)."""
        sheet = Sheet(self.read(story_id))
        print_page(sheet, self.urls[self.stories[story_id].outlet], None)
        return tuple(sheet.noted)

    def outlet_files(self, folder: Path) -> list[Path]:
        """Write one outlet file per site into `folder`, with this run's addresses; returns their paths."""
        folder.mkdir(parents=True, exist_ok=True)
        written = []
        for slug, base in self.urls.items():
            text = (resources.files("kawat.press") / "outlets" / f"{slug}.yaml").read_text(encoding="utf-8")
            path = folder / f"{slug}.yaml"
            path.write_text(text.replace("{base}", base), encoding="utf-8")
            written.append(path)
        return written

    # ------------------------------------------------------------------------------------------------------- faults

    def fail(
        self,
        outlet: str,
        path: str = "*",
        mode: int | str = 500,
        *,
        retry_after: str | int | None = None,
        seconds: float = 1.0,
        megabytes: int = 64,
        location: str = "http://169.254.169.254/latest/meta-data/",
        times: int | None = None,
    ) -> None:
        """From now on answer what matches the glob `path` with a fault: an HTTP status or one of `faults.MODES`."""
        if outlet not in SITES:
            raise KeyError(outlet)
        fault = Fault(
            pattern=path,
            mode=mode,
            retry_after=None if retry_after is None else str(retry_after),
            seconds=seconds,
            megabytes=megabytes,
            location=location,
            times=times,
        )
        with self._lock:
            self._faults.setdefault(outlet, []).insert(0, fault)

    def heal(self, outlet: str | None = None) -> None:
        """Take away the faults of one outlet, or all."""
        with self._lock:
            if outlet is None:
                self._faults.clear()
            else:
                self._faults.pop(outlet, None)

    # ------------------------------------------------------------------------------------------- used by the listeners

    def respond(self, outlet: str, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """Note the request and answer it. Nothing can be posted to an outlet."""
        told = self.told(outlet)
        with self._lock:
            fault = next((f for f in self._faults.get(outlet, ()) if f.hits(target)), None)
            if fault is not None and fault.times is not None:
                fault.times -= 1
            edits = self._edits.get(outlet, 0)
        newest = told[0].published if told else self.now - timedelta(days=3)
        changed = newest.replace(microsecond=0) + timedelta(seconds=edits)
        reply = self._desks[outlet].answer(target, headers, told, changed)
        if method == "POST" or body:
            reply = Reply(status=405, headers=(("Allow", "GET, HEAD"),))
        if fault is not None:
            reply = spoil(fault, target, reply)
        status = 0 if reply.cut in {"hang", "refuse"} else reply.status
        with self._lock:
            self.requests.append(
                Request(
                    method=method,
                    outlet=outlet,
                    path=target,
                    status=status,
                    headers=headers,
                    at=time.monotonic(),
                )
            )
        return reply
