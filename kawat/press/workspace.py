"""A stand-in for Slack's Web API on loopback: one workspace that keeps messages, threads and edits.

    with Workspace() as slack:   slack.api, slack.token      slack.messages: as they read now, in order of posting

It checks what Slack checks (token, channel, thread, Block Kit's documented limits) and does wrong on demand.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Final, Self

from kawat.press.faults import Reply
from kawat.press.wire import Listener

CUTS: Final = {"timeout": "hang", "drop_before": "refuse", "drop_after": "refuse"}
MOST_BLOCKS, MOST_TEXT, SECTION, CONTEXT, HEADER = 50, 40_000, 3_000, 10, 150
"""https://docs.slack.dev/reference/block-kit/blocks and https://docs.slack.dev/reference/methods/chat.postMessage"""


@dataclass(slots=True, kw_only=True)
class Message:
    """One message as it reads now. `edits` counts how often it was changed, `calls` are the requests that made it."""

    channel: str
    ts: str
    payload: dict[str, Any]
    thread: str = ""
    broadcast: bool = False
    edits: int = 0
    calls: list[dict[str, Any]] = field(default_factory=list)


class Workspace:
    """One Slack workspace with the channels that it is given."""

    def __init__(self, *channels: str) -> None:
        self.channels = {name: f"C{number:08d}" for number, name in enumerate(channels or ("#ict",), 1)}
        self.token = f"xoxb-{id(self)}-stand-in"
        self.messages: list[Message] = []
        self.attempts = 0
        self.stopping = threading.Event()
        self._fault: tuple[int | str, str | None, int | None] | None = None
        self._lock = threading.Lock()
        self._listener = Listener(("127.0.0.1", 0), self, "slack")
        self.api = f"http://127.0.0.1:{self._listener.server_port}/api/"
        self._thread = threading.Thread(target=self._listener.serve_forever, args=(0.02,), name="slack", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stopping.set()
        self._listener.shutdown()
        self._thread.join()
        self._listener.hang_up()

    def fail(self, mode: int | str, *, retry_after: int | None = None, times: int | None = None) -> None:
        """From now on go wrong: an HTTP status, `timeout`, `drop_before`, `drop_after`, or the name of an error that
        Slack says with `ok: false`."""
        self._fault = (mode, None if retry_after is None else str(retry_after), times)

    def heal(self) -> None:
        """Go right again."""
        self._fault = None

    def respond(self, outlet: str, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """Called by the listener for each request."""
        del outlet, method
        with self._lock:
            self.attempts += 1
            mode, wait, times = self._fault or (None, None, None)
            if times is not None:
                self._fault = (mode, wait, times - 1) if mode is not None and times > 1 else None
            if mode is None or mode == "drop_after":
                answer = self._call(target.rpartition("/")[2], headers, body)
                return _json(answer) if mode is None else Reply(status=200, cut="refuse")
            if isinstance(mode, int):
                extra = () if wait is None else (("Retry-After", wait),)
                words = b'{"ok":false,"error":"ratelimited"}' if mode == 429 else b"upstream trouble"
                return Reply(status=mode, body=words, content_type="text/plain", headers=extra)
            return Reply(status=200, cut=CUTS[mode]) if mode in CUTS else _json({"ok": False, "error": mode})

    def _call(self, method: str, headers: Mapping[str, str], body: bytes) -> dict[str, Any]:
        if headers.get("authorization") != f"Bearer {self.token}":
            return {"ok": False, "error": "invalid_auth"}
        payload = json.loads(body)
        if fault := objection(payload):
            return {"ok": False, "error": fault}
        place = str(payload.get("channel", ""))
        channel = self.channels.get(place, place)
        if channel not in self.channels.values():
            return {"ok": False, "error": "channel_not_found"}
        if method == "chat.postMessage":
            return self._post(channel, payload)
        if method == "chat.update":
            return self._update(channel, payload)
        return {"ok": False, "error": "unknown_method"}

    def _post(self, channel: str, payload: dict[str, Any]) -> dict[str, Any]:
        thread = str(payload.get("thread_ts", ""))
        if thread and not any(each.ts == thread and each.channel == channel for each in self.messages):
            return {"ok": False, "error": "thread_not_found"}
        stamp = f"1700000000.{len(self.messages) + 1:06d}"
        self.messages.append(
            Message(
                channel=channel,
                ts=stamp,
                payload=payload,
                thread=thread,
                broadcast=bool(payload.get("reply_broadcast")),
                calls=[payload],
            )
        )
        return {"ok": True, "channel": channel, "ts": stamp}

    def _update(self, channel: str, payload: dict[str, Any]) -> dict[str, Any]:
        for each in self.messages:
            if each.channel == channel and each.ts == payload.get("ts"):
                each.payload, each.edits = payload, each.edits + 1
                each.calls.append(payload)
                return {"ok": True, "channel": channel, "ts": each.ts}
        return {"ok": False, "error": "message_not_found"}


def objection(payload: Any) -> str | None:
    """What Slack would object to in a message, in its words; None: nothing."""
    text, blocks = payload.get("text", ""), payload.get("blocks", [])
    if not text and not blocks:
        return "no_text"
    if not isinstance(text, str) or len(text) > MOST_TEXT:
        return "msg_too_long"
    if not isinstance(blocks, list) or len(blocks) > MOST_BLOCKS:
        return "invalid_blocks"
    return "invalid_blocks" if any(_malformed(block) for block in blocks) else None


def _malformed(block: Any) -> bool:
    match block:
        case {"type": "section", "text": {"type": "mrkdwn" | "plain_text", "text": str(text)}}:
            return not 1 <= len(text) <= SECTION
        case {"type": "context", "elements": [*elements]}:
            return not 1 <= len(elements) <= CONTEXT or any(
                not isinstance(each, dict) or not 1 <= len(str(each.get("text", ""))) <= SECTION for each in elements
            )
        case {"type": "header", "text": {"type": "plain_text", "text": str(text)}}:
            return not 1 <= len(text) <= HEADER
        case {"type": "divider"}:
            return False
        case {"type": "rich_text", "elements": [*elements]}:
            return not elements or any(
                not inner.get("elements") or any(not piece.get("text") for piece in inner["elements"])
                for inner in elements
            )
        case _:
            return True


def _json(answer: dict[str, Any]) -> Reply:
    return Reply(status=200, body=json.dumps(answer).encode(), content_type="application/json; charset=utf-8")
