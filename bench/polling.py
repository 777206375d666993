"""A week of forty invented outlets: polled by their rhythm, and at fixed intervals with the same number of requests.

    python -m bench.polling [--seed N] [--weeks-before N]

Outlets print like real ones: national papers from dawn to midnight with peaks at ten and four, radio round the clock,
ministries in office hours on weekdays and in batches, wires evenly, foreign governments by their own clock; some days
are lively, some stories come in bursts. Nothing of the rhythm is given away: it is learned, from nothing, in the weeks
before the one that counts. Delay is from publication to discovery. The same printing is polled by every method.
"""

from __future__ import annotations

import argparse
import math
import random
import statistics
import sys
import time
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pipeline.model import (
    Expectations, Fetch, Outlet, Politeness, Run, Selectors, Source, SourceKind, Terms, Tier, Trust,
)  # fmt: skip
from pipeline.rhythm import WIB, fresh, next_check, observed

START = datetime(2026, 9, 6, 17, 0, tzinfo=UTC)  # a Monday, 00:00 WIB
WEEK = timedelta(days=7)
BOUND = {True: 15.0, False: 60.0}  # minutes: the 95th percentile that is promised


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A sort of outlet: articles a day from and to, its hours (WIB) and days, how many come together."""

    name: str
    number: int
    must: bool
    daily: tuple[float, float]
    hours: Callable[[float], float]
    weekend: float
    batch: float


def paper(hour: float) -> float:
    morning, noon, evening = (
        math.exp(-(((hour - peak) / width) ** 2)) for peak, width in ((9, 3), (15, 3.5), (20, 2.5))
    )
    return 0.06 + morning + 0.9 * noon + 0.6 * evening


def office(hour: float) -> float:
    return 0.01 + (1.0 if 9 <= hour < 17 else 0.25 if 17 <= hour < 20 else 0.0)


def wire(hour: float) -> float:
    return 0.25 + paper(hour)


def abroad(hour: float) -> float:
    return office((hour + 5) % 24)


KINDS = (
    Kind(name="wires and large portals", number=6, must=True, daily=(150, 420), hours=wire, weekend=0.75, batch=1.2),
    Kind(name="national papers", number=8, must=False, daily=(60, 260), hours=paper, weekend=0.65, batch=1.3),
    Kind(name="trade and regional papers", number=9, must=False, daily=(8, 70), hours=paper, weekend=0.4, batch=1.5),
    Kind(name="broadcasters", number=3, must=False, daily=(40, 120), hours=wire, weekend=0.8, batch=1.1),
    Kind(name="ministries (must)", number=4, must=True, daily=(2, 12), hours=office, weekend=0.15, batch=2.0),
    Kind(name="agencies", number=5, must=False, daily=(0.5, 5), hours=office, weekend=0.1, batch=2.0),
    Kind(name="counterpart governments", number=5, must=False, daily=(1, 25), hours=abroad, weekend=0.1, batch=2.0),
)


def printed(kind: Kind, chance: random.Random, days: int) -> list[datetime]:
    """When one outlet prints, for so many days."""
    shape = [kind.hours((n + 0.5) / 4) for n in range(96)]
    whole = sum(shape)
    level = math.exp(chance.uniform(math.log(kind.daily[0]), math.log(kind.daily[1])))
    shift = chance.choice((-4, -2, 0, 0, 2, 4))  # quarters of an hour: no newsroom is like another
    out: list[datetime] = []
    for day in range(days):
        lively = math.exp(chance.gauss(-0.05, 0.3)) * (kind.weekend if day % 7 >= 5 else 1.0)
        for quarter in range(96):
            expected = level * lively * shape[(quarter + shift) % 96] / whole / kind.batch
            for _ in range(poisson(expected, chance)):
                at = START + timedelta(days=day, minutes=15 * (quarter + chance.random()))
                out.append(at)
                while chance.random() < 1 - 1 / kind.batch:  # what comes with it
                    at += timedelta(minutes=chance.expovariate(1 / 6))
                    out.append(at)
        if chance.random() < level / 800:  # a big story
            begin = START + timedelta(days=day, hours=chance.uniform(8, 21))
            out += [begin + timedelta(minutes=chance.expovariate(1 / 45)) for _ in range(poisson(18, chance))]
    return sorted(out)


def poisson(mean: float, chance: random.Random) -> int:
    limit, number, product = math.exp(-mean), 0, chance.random()
    while product > limit:
        number += 1
        product *= chance.random()
    return number


def outlet(slug: str, *, must: bool) -> Outlet:
    return Outlet(
        slug=slug, name=slug, homepage="https://kabar.example/", languages=("id",),
        tier=Tier.MUST if must else Tier.MAIN,
        trust=Trust.PRESS, zone="Asia/Jakarta", country="ID", enabled=True, disabled_reason="", fetch=Fetch.FULL,
        sources=(Source(kind=SourceKind.FEED, url="https://kabar.example/rss"),), every=None, cron=None, article=(),
        not_article=(), selectors=Selectors(), politeness=Politeness(), expect=Expectations(), terms=Terms(),
    )  # fmt: skip


def by_rhythm(of: Outlet, times: Sequence[datetime], until: datetime) -> list[datetime]:
    """The polls of one outlet, learned as it goes: at each, only what was printed until then is known."""
    polls: list[datetime] = []
    at = START + timedelta(seconds=random.Random(of.slug).uniform(0, 300))
    rhythm, before, seen = fresh(START), START, 0
    while at < until:
        polls.append(at)
        now = bisect_right(times, at)
        rhythm = observed(rhythm, since=before, until=at, arrivals=times[seen:now])
        seen, before = now, at
        run = Run(
            outlet=of.slug, started_at=at, finished_at=at, ok=True, sources=1, unchanged=0, items=0, candidates=0,
            fetched=0, failed=0,
        )  # fmt: skip
        at = next_check(of, run, failures=0, rhythm=rhythm)
    return polls


def at_intervals(every: float, phase: float, since: datetime, until: datetime) -> list[datetime]:
    """Polls every so many minutes."""
    number = math.ceil((until - since) / timedelta(minutes=every))
    return [since + timedelta(minutes=every * (n + phase)) for n in range(number)]


@dataclass(slots=True)
class Outcome:
    polls: int
    delays: list[tuple[bool, float]]  # must tier?, minutes

    def median(self) -> float:
        return statistics.median(delay for _, delay in self.delays)

    def percentile(self, must: bool) -> float:
        ordered = sorted(delay for tier, delay in self.delays if tier is must)
        return ordered[int(0.95 * len(ordered))]


Printing = list[tuple[Kind, Outlet, list[datetime]]]


def measured(printing: Printing, polls: dict[str, list[datetime]], since: datetime, until: datetime) -> Outcome:
    """What was printed between the two, and how long after it the next poll came."""
    outcome = Outcome(polls=0, delays=[])
    for kind, of, times in printing:
        mine = polls[of.slug]
        outcome.polls += sum(since <= at < until for at in mine)
        for at in times:
            if since <= at < until:
                place = bisect_right(mine, at)
                if place < len(mine):
                    outcome.delays.append((kind.must, (mine[place] - at) / timedelta(minutes=1)))
    return outcome


def main() -> int:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--seed", type=int, default=20260907)
    arguments.add_argument("--weeks-before", type=int, default=2)
    chosen = arguments.parse_args()
    chance = random.Random(chosen.seed)
    since = START + WEEK * chosen.weeks_before
    until = since + WEEK
    printing: Printing = []
    for kind in KINDS:
        for n in range(kind.number):
            times = printed(kind, chance, 7 * (chosen.weeks_before + 1) + 1)
            printing.append((kind, outlet(f"{kind.name.split()[0]}{n}", must=kind.must), times))
    end = until + timedelta(hours=2)
    began = time.perf_counter()
    polls = {of.slug: by_rhythm(of, times, end) for _, of, times in printing}
    seconds = time.perf_counter() - began
    rhythm = measured(printing, polls, since, until)

    def fixed(every: Callable[[bool], float]) -> Outcome:
        return measured(
            printing,
            {of.slug: at_intervals(every(kind.must), chance.random(), since, end) for kind, of, _ in printing},
            since,
            until,
        )

    week = WEEK / timedelta(minutes=1)
    same = week * len(printing) / rhythm.polls
    share = {
        must: sum(sum(since <= at < until for at in polls[of.slug]) for kind, of, _ in printing if kind.must is must)
        for must in (True, False)
    }
    number = {must: sum(kind.number for kind in KINDS if kind.must is must) for must in (True, False)}
    uniform = fixed(lambda _: same)
    tiered = fixed(lambda must: week * number[must] / share[must])
    articles = len(rhythm.delays)
    print(f"{len(printing)} outlets, {articles} articles in the week from {since.astimezone(WIB):%Y-%m-%d}, WIB")
    print(f"{'':34}{'polls':>8}{'requests':>10}{'median':>9}{'p95 must':>10}{'p95 rest':>10}   (minutes)")
    print(f"{'':34}{'':>8}{'/article':>10}")
    rows = (
        ("by rhythm", rhythm),
        (f"fixed, all every {same:.1f} min", uniform),
        (
            f"fixed by tier, {week * number[True] / share[True]:.1f} and {week * number[False] / share[False]:.1f} min",
            tiered,
        ),
    )
    for name, each in rows:
        print(
            f"{name:34}{each.polls:>8}{(each.polls + articles) / articles:>10.2f}{each.median():>9.1f}"
            f"{each.percentile(True):>10.1f}{each.percentile(False):>10.1f}"
        )
    # how often a fixed interval would have to ask for the same median
    even = same
    while fixed(lambda _, even=even: even).median() > rhythm.median():  # type: ignore[misc]
        even *= 0.98
    needed = week * len(printing) / even
    saved, fewer = 1 - rhythm.median() / uniform.median(), 1 - rhythm.polls / needed
    by_tier = 1 - rhythm.median() / tiered.median()
    print(f"median delay {saved:.0%} below fixed intervals with as many requests, {by_tier:.0%} below fixed by tier")
    print(f"as low a median takes {needed:.0f} polls every {even:.1f} min: {fewer:.0%} fewer by rhythm")
    print(f"{seconds / sum(map(len, polls.values())) * 1e6:.0f} µs per poll to learn and decide")
    good = (saved >= 0.30 or fewer >= 0.30) and all(rhythm.percentile(must) <= BOUND[must] for must in (True, False))
    print("promise kept" if good else "PROMISE BROKEN")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
