"""How long an alert took, leg by leg: publication, discovery, decision, delivery. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from math import ceil

from pipeline.model import Alert


@dataclass(frozen=True, slots=True, kw_only=True)
class Latency:
    """The legs of one alert; None where an end of a leg is not known. `whole` is from publication to delivery.

    Where only the day of publication is printed, its leg counts from local midnight of that day.
    """

    discovery: timedelta | None  # from the printed time of publication to the link being seen
    decision: timedelta | None  # from there to the alert in the outbox
    delivery: timedelta | None  # from there to the channel's acceptance
    whole: timedelta | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Median and 95th percentile of one leg over `number` alerts."""

    leg: str
    number: int
    median: timedelta
    p95: timedelta


def latency(alert: Alert, sent_at: datetime | None) -> Latency | None:
    """The legs of an alert that one article led to; None for one that no article or several agreements did."""
    if len(alert.items) != 1 or not alert.items[0].citations:
        return None
    source = alert.items[0].citations[0]  # the article that was decided
    return Latency(
        discovery=_leg(source.published, source.discovered),
        decision=_leg(source.discovered, alert.created_at),
        delivery=_leg(alert.created_at, sent_at),
        whole=_leg(source.published, sent_at),
    )


def spreads(latencies: Iterable[Latency]) -> tuple[Spread, ...]:
    """Median and 95th percentile per leg, of the legs that are known."""
    known = tuple(latencies)
    found = []
    for leg in fields(Latency):
        lengths = sorted(length for each in known if (length := getattr(each, leg.name)) is not None)
        if lengths:
            median, p95 = percentile(lengths, 50), percentile(lengths, 95)
            found.append(Spread(leg=leg.name, number=len(lengths), median=median, p95=p95))
    return tuple(found)


def percentile(ascending: Sequence[timedelta], share: int) -> timedelta:
    """The smallest of these lengths that at least `share` percent do not exceed (nearest rank)."""
    return ascending[max(0, ceil(len(ascending) * share / 100) - 1)]


def _leg(start: datetime | None, end: datetime | None) -> timedelta | None:
    """A clock that was set in between, or a time printed ahead, makes no negative leg."""
    return None if start is None or end is None else max(timedelta(), end - start)
