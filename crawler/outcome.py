"""What asking for one address came to: `Fetched` or `Failure`; and how long a failed one is left alone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum

GIVE_UP = 5
"""Attempts after which a link is given up."""
PATIENCE = timedelta(days=7)
"""How long a link whose host only asks for patience (429, 503) is kept trying."""
SHORTEST, LONGEST = timedelta(seconds=1), timedelta(hours=24)
"""Bounds of a Retry-After that is kept to."""


class Trouble(StrEnum):
    """What kind of failure, as `status` names it."""

    BLOCKED = "blocked"
    DOWN = "down"
    LIMITED = "asks for patience"
    MOVED = "moved or gone"
    GARBAGE = "unreadable answer"
    SPARSE = "too few articles listed"
    ROBOTS = "forbidden by robots.txt"
    REFUSED = "address not called"
    STOPPED = "not reached"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A complete answer: 2xx or 304. `body` is inflated, `headers` as received, `url` what was asked for first.

    `plain`: the answer of which this is what its scripts made (`crawler.render`).
    """

    url: str
    final_url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    fetched_at: datetime
    plain: Fetched | None = None

    def header(self, name: str) -> str:
        """The first header of that name, "" where there is none."""
        return next((value for key, value in self.headers if key.lower() == name), "")

    @property
    def content_type(self) -> str:
        return self.header("content-type")[:200]


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """No usable answer. `final` means that asking again is of no use."""

    trouble: Trouble
    words: str
    retry_after: timedelta | None = None
    final: bool = False

    def __str__(self) -> str:
        return f"{self.trouble}: {self.words}"


def backoff(attempts: int) -> timedelta:
    """Pause before the next try after `attempts` failed ones: 5 min, 15 min, 45 min, … at most 6 h."""
    return min(timedelta(minutes=5 * 3 ** min(attempts, 6)), timedelta(hours=6))


def retry_after(value: str, *, now: datetime) -> timedelta | None:
    """A Retry-After header (seconds or HTTP date, RFC 9110) within `SHORTEST` and `LONGEST`; None for anything else."""
    value = value.strip()
    if re.fullmatch(r"[0-9]{1,12}", value):
        wish = timedelta(seconds=min(int(value), 10**8))
    else:
        try:
            moment = parsedate_to_datetime(value)
        except (ValueError, TypeError, IndexError, OverflowError):
            return None
        wish = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - now
    return min(max(wish, SHORTEST), LONGEST)


_WALL = (
    rb"<title>\s*(?:just a moment|attention required|access denied|akses ditolak|one moment, please|ddos-guard"
    rb"|checking your browser|robot check|are you human|security check|please wait)"
    rb"|_incapsula_resource|cf-browser-verification|cf_chl_opt|sucuri_cloudproxy"
    rb"|px-captcha|geo\.captcha-delivery\.com|awswafintegration"
)
_CHALLENGE = re.compile(
    _WALL + rb"|/cdn-cgi/challenge-platform/|g-recaptcha|h-captcha|cf-turnstile",
    re.IGNORECASE,
)
_WALLED = re.compile(_WALL, re.IGNORECASE)


def is_challenge(body: bytes, headers: tuple[tuple[str, str], ...] = ()) -> bool:
    """Whether an answer is a bot check in place of what was asked for: by its header, or by the marks that the usual
    services leave at the beginning of their pages."""
    if any(key.lower() == "cf-mitigated" for key, _ in headers):
        return True
    return _CHALLENGE.search(body[:50_000]) is not None


def is_wall(body: bytes, headers: tuple[tuple[str, str], ...] = ()) -> bool:
    """Whether the whole page is a bot check: marks that ordinary pages hold too (a form's captcha) do not count."""
    return any(key.lower() == "cf-mitigated" for key, _ in headers) or _WALLED.search(body[:50_000]) is not None
