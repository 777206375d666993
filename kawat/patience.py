"""Which outlets may be asked before they are due: not those whose hosts asked to be left alone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from urllib.parse import urlsplit

from pipeline.model import Outlet
from pipeline.store import Store


def askable(store: Store, outlets: Iterable[Outlet], now: datetime) -> tuple[str, ...]:
    """The outlets of which at least one list may be asked for: a host's Retry-After holds against `--all` as well."""
    return tuple(
        outlet.slug
        for outlet in outlets
        if not all(_closed(store, source.url, now) for source in outlet.sources if source.poll)
    )


def _closed(store: Store, url: str, now: datetime) -> bool:
    until = store.frontier.host(urlsplit(url).netloc.lower()).closed_until
    return until is not None and until > now
