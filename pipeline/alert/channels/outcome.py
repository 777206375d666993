"""What a channel's answer means: words for the reason without secrets, and how long a `Retry-After` asks to wait."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from pipeline.alert.channel import HIDDEN, Secret
from pipeline.alert.render.hostile import line

REASON_LIMIT = 200
LONGEST_WISH = timedelta(hours=6)
OWN_FAULT = timedelta(minutes=15)
"""How long to wait after our access was refused: a wrong password tried every minute locks accounts."""


def reason(text: str, *secrets: Secret) -> str:
    """One line of at most 200 characters in which no secret stands."""
    for secret in secrets:
        if secret:
            text = text.replace(secret.reveal(), HIDDEN)
    return line(text, REASON_LIMIT)


def retry_after(header: str | None, *, now: datetime) -> timedelta | None:
    """Seconds or an HTTP date as a length of time, between 1 s and 6 h; None where there is none or it is nonsense."""
    if not header:
        return None
    text = header.strip()[:64]
    if text.isascii() and text.isdigit():
        wish = timedelta(seconds=min(int(text), 10**6))
    else:
        try:
            moment = parsedate_to_datetime(text)
        except ValueError:
            return None
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        wish = moment - now
        if wish < timedelta():
            return None
    return min(max(wish, timedelta(seconds=1)), LONGEST_WISH)
