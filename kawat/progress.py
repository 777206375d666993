"""What the crawl process tells, as lines of progress."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any


def show(event: Mapping[str, Any], progress: Callable[[str, str], None]) -> None:
    """One event of the crawl process as a line of progress."""
    outlet = event.get("outlet", "")
    match event.get("event"):
        case "polled":
            problem = f"; {event['problem']}" if event.get("problem") else ""
            progress("poll", f"{outlet}: {event.get('candidates', 0)} new of {event.get('items', 0)} listed{problem}")
        case "walked":
            progress("walk", f"{outlet}: {event.get('candidates', 0)} new of {event.get('listed', 0)} listed")
        case "fetched":
            progress("fetch", f"{outlet}: {event.get('url', '')}")
        case "looked again":
            progress("fetch", f"{outlet}: {event.get('url', '')}: {event.get('found', '')}")
        case "failed":
            progress("fetch", f"{outlet}: {event.get('url', '')}: {event.get('reason', '')}")
        case "finished" if not event.get("ok", True):
            progress("poll", f"{outlet}: {event.get('reason', '')}")
