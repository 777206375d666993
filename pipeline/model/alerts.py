"""What readers are told, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from pipeline.model.agreements import Agreement
from pipeline.model.outlets import Trust
from pipeline.model.reports import Report


class AlertKind(StrEnum):
    AGREEMENT = "agreement"  # at once
    DIGEST = "digest"
    STARTING_PICTURE = "starting_picture"
    CATCH_UP = "catch_up"
    TEST = "test"
    CORRECTION = "correction"  # of what was told of an agreement
    WITHDRAWAL = "withdrawal"  # what was told is no agreement
    OPERATOR = "operator"
    NOTICE = "notice"  # to readers: that Kawat cannot see, and that it sees again
    UPDATE = "update"  # what changed in an agreement that was told: below its first message
    COUNTER = "counter"  # no message: the first one is edited, because another outlet reports the same


class Urgency(StrEnum):
    """What the plan makes of one linked report."""

    AT_ONCE = "at_once"
    DIGEST = "digest"
    STARTING_PICTURE = "starting_picture"
    CATCH_UP = "catch_up"  # would be at once, but the machine slept: told in one message with the rest
    UPDATE = "update"  # told before and changed: said at once, below its first message
    COUNTER = "counter"  # told before and unchanged: its first message counts one report more, nobody is pinged
    STORED = "stored"  # told to nobody


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One thing to tell, channel-independent: what an alert, a digest line or a starting picture is made of."""

    agreement: Agreement
    report: Report
    urgency: Urgency
    why: tuple[str, ...]
    heading: str = ""  # why it is where it is: "found late", "unconfirmed", …
    channel: str = ""  # whose watch decided; "" for all readers
    tells: bool = False  # once this notice is stored the agreement counts as told: no later report alerts at once
    before: Agreement | None = None  # as it stood before this report changed it


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """One report as the reader sees it."""

    outlet: str
    outlet_name: str
    trust: Trust
    url: str
    title: str
    published: datetime | None
    discovered: datetime
    language: str
    summary_only: bool = False
    reprint_of: str | None = None  # outlet name of the origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One agreement as told: the record, the proving sentence, and who else reports it."""

    agreement: Agreement
    quote: str
    quote_source: Citation
    citations: tuple[Citation, ...]
    heading: str = ""
    marks: tuple[tuple[int, int], ...] = ()  # spans of `quote` that prove parties, act and field: code points
    before: Agreement | None = None  # as its reader was told of it before: what changed since is said


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One message to one recipient over one channel. `key` is deterministic, so a replay cannot send it twice."""

    key: str
    kind: AlertKind
    channel: str
    recipient: str
    items: tuple[Item, ...]
    created_at: datetime
    due_at: datetime
    subject: str = ""  # for kinds without items
    body: str = ""
    facts: tuple[tuple[str, str], ...] = ()  # named facts that the message states, e.g. ("sources", "43")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    receipt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """Try again; `after` is the channel's own wish, None leaves it to the back-off."""

    reason: str
    after: timedelta | None = None
    maybe_accepted: bool = False  # bytes went out, the answer did not come: the next try is a possible repeat


@dataclass(frozen=True, slots=True, kw_only=True)
class Permanent:
    reason: str


Attempt = Sent | Retry | Permanent


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """An alert on its way: how far it got."""

    id: int
    alert: Alert
    attempts: int
    possible_repeat: bool
    lease: str
    last_reason: str = ""  # why the try before this one failed: a late message says so
    thread: str = ""  # key of the alert below whose message it goes; "": it stands by itself
    root: str = ""  # what the channel answered when it took that message, "" where it never did
    since: datetime | None = None  # tried again by a person since


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """An alert in the outbox that was never tried: it may still be held, folded, put into a thread or silenced."""

    id: int
    alert: Alert
    thread: str = ""
    next_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Root:
    """The message that told a recipient of an agreement: what is told of it later goes below it."""

    key: str  # of its alert
    state: str
    kind: AlertKind
    thread: str  # "" where it stands by itself
    items: tuple[Item, ...]  # as it reads now, edits included
    facts: tuple[tuple[str, str], ...] = ()

    @property
    def top(self) -> str:
        """Key of the message that the thread hangs from."""
        return self.thread or self.key


@dataclass(frozen=True, slots=True, kw_only=True)
class Arranged:
    """What becomes of a pending alert before it is sent; None keeps what there is."""

    id: int
    alert: Alert | None = None  # as it is to be told
    thread: str | None = None
    next_at: datetime | None = None
    state: str | None = None  # folded (told in another message) | silenced
    why: str = ""
    hides: bool = False  # a silence keeps back some of its lines
    more: tuple[Alert, ...] = ()  # what does not fit into it: messages of their own, right behind it


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """What is not sent for a while. `matcher` as written: `partner=JP,KR field=ai`; all its terms must fit."""

    id: int
    matcher: str
    author: str
    reason: str
    starts_at: datetime
    ends_at: datetime
    ended_by: str = ""  # who ended it before its time
    hid: int = 0  # alerts and lines that it kept back
