"""When to try a failed delivery again, and when to give up. Pure: the jitter comes from the alert's key."""

from __future__ import annotations

from datetime import datetime, timedelta

from pipeline.model import digest

FIRST = timedelta(minutes=1)
LONGEST = timedelta(hours=6)
GIVE_UP = timedelta(days=5)
"""How long after it was due a message is still tried; mail servers give up after the same time (RFC 5321, 4.5.4.1)."""


def retry_at(
    key: str, attempts: int, *, now: datetime, due_at: datetime, wish: timedelta | None = None
) -> datetime | None:
    """When to try again after the `attempts`-th failed try (1 is the first); None: give up, the message is dead.

    Doubles from 1 minute to 6 hours, less up to a quarter by jitter. `wish` is the channel's own Retry-After, obeyed
    between 1 second and 6 hours.
    """
    if now - due_at >= GIVE_UP:
        return None
    if wish is not None:
        return now + min(max(wish, timedelta(seconds=1)), LONGEST)
    doubled = FIRST * (1 << min(max(0, attempts - 1), 20))
    share = int(digest("jitter", key, str(attempts), size=4), 16) / 0xFFFFFFFF
    return now + max(FIRST * 0.75, min(doubled, LONGEST) * (1 - share / 4))
