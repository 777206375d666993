"""Where alerts arrive when nobody else is there: a real mailbox on SMTP, and a real HTTP listener for webhooks.

    with Mailbox(folder) as box:   box.host, box.port      box.messages: what was accepted, each also an .eml file
    with Hooks(folder) as hooks:   hooks.slack_url, hooks.hook_url   hooks.posts: each also a .json file

Both listen on loopback only, on free ports, and do wrong on demand. What they refuse is not kept; what they accept and
then "forget to confirm" is, as in life.
"""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from fnmatch import fnmatchcase
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from aiosmtpd.controller import Controller

from kawat.press.faults import Reply
from kawat.press.wire import Listener

MAIL_MODES: Final = ("drop_before", "drop_after")
POST_MODES: Final = ("timeout", "drop_before", "drop_after", "ok_false")
SLACK_PATH: Final = "/services/T00000000/B00000000/kawat"
HOOK_PATH: Final = "/hook"
_MAX_BLOCKS: Final = 50
_MAX_TEXT: Final = 40_000


@dataclass(slots=True, kw_only=True)
class _Fault:
    mode: str
    pattern: str
    times: int | None

    def take(self) -> None:
        if self.times is not None:
            self.times -= 1


# ---------------------------------------------------------------------------------------------------------------- SMTP


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One accepted message: its envelope, its bytes as they came, and the file they lie in."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes
    file: Path | None

    @property
    def message(self) -> EmailMessage:
        """The message, parsed."""
        return message_from_bytes(self.raw, policy=policy.default)


class Mailbox:
    """An SMTP listener that keeps what it accepts, in memory and, given a folder, as `0001.eml` and so on."""

    def __init__(self, folder: Path | None = None, *, port: int = 0) -> None:
        self.messages: list[Mail] = []
        self.attempts = 0  # messages whose content was handed over, accepted or not
        self._folder = folder
        self._faults: list[_Fault] = []
        self._lock = threading.Lock()
        self._socket = socket.create_server(("127.0.0.1", port))
        self.host = "127.0.0.1"
        self.port = int(self._socket.getsockname()[1])
        self._controller = _Controller(self, self._socket)

    def start(self) -> Self:
        """Listen in the background; returns itself."""
        if self._folder is not None:
            self._folder.mkdir(parents=True, exist_ok=True)
        self._controller.start()
        return self

    def stop(self) -> None:
        """Stop listening. What was received stays."""
        self._controller.stop(no_assert=True)
        self._socket.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def fail(self, mode: str, *, recipient: str | None = None, times: int | None = None) -> None:
        """From now on go wrong. `mode` is an SMTP reply ("451 4.3.0 try later"), given to the recipients that the glob
        `recipient` names, or after the content where there is none; or `drop_before` (the connection breaks before the
        message is accepted) or `drop_after` (it is accepted, the final 250 never arrives)."""
        if mode not in MAIL_MODES and not (mode[:3].isdecimal() and mode[:1] in "45"):
            raise ValueError(f"{mode!r} is neither an SMTP refusal (4xx, 5xx) nor one of {', '.join(MAIL_MODES)}")
        if mode in MAIL_MODES and recipient is not None:
            raise ValueError(f"{mode} concerns a whole message, no recipient")
        with self._lock:
            self._faults.insert(0, _Fault(mode=mode, pattern=recipient or "", times=times))

    def heal(self) -> None:
        """Go right again."""
        with self._lock:
            self._faults.clear()

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        """Called for each recipient."""
        del server, session
        fault = self._next(lambda f: bool(f.pattern) and fnmatchcase(address, f.pattern))
        if fault is not None:
            return fault
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Called with the whole content."""
        del session
        with self._lock:
            self.attempts += 1
        fault = self._next(lambda f: not f.pattern)
        if fault not in {None, *MAIL_MODES}:
            return str(fault)
        if fault != "drop_before":
            self._keep(str(envelope.mail_from), tuple(envelope.rcpt_tos), bytes(envelope.content))
        if fault is not None:
            server.transport.abort()
            await asyncio.Event().wait()  # until the broken connection cancels this very call
        return "250 OK"

    def _next(self, meant: Any) -> str | None:
        with self._lock:
            fault = next((f for f in self._faults if f.times != 0 and meant(f)), None)
            if fault is None:
                return None
            fault.take()
            return fault.mode

    def _keep(self, sender: str, recipients: tuple[str, ...], raw: bytes) -> None:
        with self._lock:
            file = None if self._folder is None else self._folder / f"{len(self.messages) + 1:04d}.eml"
            if file is not None:
                file.write_bytes(raw)
            self.messages.append(Mail(sender=sender, recipients=recipients, raw=raw, file=file))


class _Controller(Controller):
    """Listens on a socket that is bound already, so that its port is known and nobody else's."""

    def __init__(self, box: Mailbox, bound: socket.socket) -> None:
        super().__init__(box, hostname=box.host, port=box.port, server_hostname="mailbox.invalid")
        self._bound = bound

    def _create_server(self) -> Awaitable[asyncio.AbstractServer]:
        return self.loop.create_server(self._factory_invoker, sock=self._bound)


# ------------------------------------------------------------------------------------------------------------ webhooks


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One accepted payload. `kind`: "slack" or "generic"; header names in lower case; `raw` is what is signed."""

    kind: str
    path: str
    headers: Mapping[str, str]
    payload: Any
    raw: bytes
    file: Path | None


class Hooks:
    """Stands in for Slack's incoming webhook (`slack_url`) and for any other (`hook_url`): JSON in, `ok` out."""

    def __init__(self, folder: Path | None = None, *, port: int = 0) -> None:
        self.posts: list[Post] = []
        self.attempts = 0
        self.stopping = threading.Event()
        self._folder = folder
        self._faults: list[tuple[_Fault, str | None]] = []
        self._lock = threading.Lock()
        self._listener = Listener(("127.0.0.1", port), self, "hooks")
        self.base = f"http://127.0.0.1:{self._listener.server_port}"
        self.slack_url = self.base + SLACK_PATH
        self.hook_url = self.base + HOOK_PATH
        self._thread = threading.Thread(target=self._listener.serve_forever, args=(0.02,), name="hooks", daemon=True)

    def start(self) -> Self:
        """Listen in the background; returns itself."""
        if self._folder is not None:
            self._folder.mkdir(parents=True, exist_ok=True)
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop listening; pending answers are cut short. What was received stays."""
        self.stopping.set()
        if self._thread.ident is not None:
            self._listener.shutdown()
            self._thread.join()
        self._listener.hang_up()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def fail(
        self, mode: int | str, *, path: str = "*", retry_after: str | int | None = None, times: int | None = None
    ) -> None:
        """From now on go wrong at the paths that the glob names: an HTTP status (404 says `channel_not_found`, as
        Slack does), `timeout` (no answer), `drop_before` (connection broken, nothing kept), `drop_after` (kept, then
        broken), `ok_false` (200, and the words of a failure)."""
        if isinstance(mode, str) and mode not in POST_MODES:
            raise ValueError(f"{mode!r} is neither an HTTP status nor one of {', '.join(POST_MODES)}")
        wait = None if retry_after is None else str(retry_after)
        with self._lock:
            self._faults.insert(0, (_Fault(mode=str(mode), pattern=path, times=times), wait))

    def heal(self) -> None:
        """Go right again."""
        with self._lock:
            self._faults.clear()

    def respond(self, outlet: str, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """Called by the listener for each request."""
        del outlet
        path = target.partition("?")[0]
        with self._lock:
            self.attempts += 1
            hit = next(((f, w) for f, w in self._faults if f.times != 0 and fnmatchcase(path, f.pattern)), None)
            if hit is not None:
                hit[0].take()
        mode = None if hit is None else hit[0].mode
        match mode:
            case "timeout":
                return Reply(status=200, cut="hang")
            case "drop_before":
                return Reply(status=200, cut="refuse")
            case "ok_false":
                return _say(200, '{"ok": false, "error": "fatal_error"}')
            case None | "drop_after":
                reply = self._accept(method, path, headers, body)
                return reply if mode is None else Reply(status=200, cut="refuse")
            case _:
                after = hit[1] if hit is not None else None
                words = {"404": "channel_not_found", "429": "rate_limited"}.get(mode, "server_error")
                return _say(int(mode), words, retry_after=after)

    def _accept(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        kind = {SLACK_PATH: "slack"}.get(path, "generic")
        if path != SLACK_PATH and not path.startswith(HOOK_PATH):
            return _say(404, "no_service")
        if method != "POST":
            return _say(405, "method_not_allowed")
        if not headers.get("content-type", "").startswith("application/json"):
            return _say(400, "invalid_payload")
        try:
            payload = json.loads(body)
        except ValueError:
            return _say(400, "invalid_payload")
        fault = _slack_fault(payload) if kind == "slack" else None
        if fault is not None:
            return _say(400, fault)
        with self._lock:
            file = None if self._folder is None else self._folder / f"{len(self.posts) + 1:04d}-{kind}.json"
            if file is not None:
                file.write_text(json.dumps(payload, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
            self.posts.append(Post(kind=kind, path=path, headers=headers, payload=payload, raw=body, file=file))
        return _say(200, "ok")


def _slack_fault(payload: Any) -> str | None:
    """What Slack would object to in a payload, in its words; None: nothing."""
    if not isinstance(payload, dict):
        return "invalid_payload"
    text, blocks = payload.get("text", ""), payload.get("blocks", [])
    if not text and not blocks:
        return "no_text"
    if not isinstance(text, str) or len(text) > _MAX_TEXT:
        return "invalid_payload"
    if not isinstance(blocks, list) or len(blocks) > _MAX_BLOCKS:
        return "invalid_blocks"
    if not all(isinstance(block, dict) and "type" in block for block in blocks):
        return "invalid_blocks"
    return None


def _say(status: int, words: str, *, retry_after: str | None = None) -> Reply:
    headers = () if retry_after is None else (("Retry-After", retry_after),)
    return Reply(status=status, body=words.encode(), content_type="text/plain; charset=utf-8", headers=headers)
