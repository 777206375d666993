"""Where everything is kept: one database, by one URL. No driver exception and no row object passes this door."""

from __future__ import annotations

from pipeline.store.commit import StaleDecision
from pipeline.store.exports import Cursor
from pipeline.store.retention import Policy
from pipeline.store.store import Store
from pipeline.store.values import (
    AgreementChange,
    Body,
    Captured,
    Change,
    Committed,
    Decided,
    Growth,
    Head,
    Known,
    Outcome,
    OutletState,
    Posted,
    Purged,
    Queued,
    StoredArticle,
    StoredReject,
    Swept,
    Told,
    Try,
)

__all__ = [
    "AgreementChange",
    "Body",
    "Captured",
    "Change",
    "Committed",
    "Cursor",
    "Decided",
    "Growth",
    "Head",
    "Known",
    "Outcome",
    "OutletState",
    "Policy",
    "Posted",
    "Purged",
    "Queued",
    "StaleDecision",
    "Store",
    "StoredArticle",
    "StoredReject",
    "Swept",
    "Told",
    "Try",
]
