"""When an outlet is asked: what is learned of its rhythm, within which bounds, and what always comes before it."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from loopback import feed_source, outlet

from pipeline.model import Outlet, Rhythm, Run, Tier
from pipeline.rhythm import (
    WIB,
    bounds,
    fresh,
    hindrance,
    hour_of_week,
    interval,
    liveliness,
    next_check,
    observed,
    rate,
    usual_interval,
)  # fmt: skip
from pipeline.store import codec

NOW = datetime(2026, 11, 21, 11, 0, tzinfo=UTC)
MONDAY = datetime(2026, 9, 7, 0, 0, tzinfo=WIB).astimezone(UTC)
HOUR = timedelta(hours=1)


def run_of(**changes: object) -> Run:
    plain = Run(
        outlet="harian", started_at=NOW, finished_at=NOW + timedelta(minutes=1), ok=True, sources=1, unchanged=0,
        items=1, candidates=0, fetched=0, failed=0,
    )  # fmt: skip
    return replace(plain, **changes)  # type: ignore[arg-type]


def test_when_an_outlet_is_due() -> None:
    paper = outlet(every=timedelta(minutes=10))
    end = NOW + timedelta(minutes=1)
    assert next_check(paper, run_of(), failures=0) == NOW + timedelta(minutes=10)
    assert next_check(paper, run_of(ok=False), failures=1) == end + timedelta(minutes=10)
    assert next_check(paper, run_of(ok=False), failures=3) == end + timedelta(minutes=40)
    assert next_check(paper, run_of(ok=False), failures=500) == end + timedelta(hours=6)
    assert next_check(paper, run_of(retry_after=timedelta(hours=20)), failures=0) == end + timedelta(hours=20)
    late = run_of(finished_at=NOW + timedelta(minutes=30))
    assert next_check(paper, late, failures=0) == late.finished_at


def test_cron_is_read_in_the_outlets_zone() -> None:
    paper = outlet(every=None, cron="30 7 * * *")
    assert next_check(paper, run_of(), failures=0) == datetime(2026, 11, 22, 0, 30, tzinfo=UTC)
    assert next_check(paper, run_of(ok=False), failures=9) == datetime(2026, 11, 22, 0, 30, tzinfo=UTC)


def paper(slug: str = "harian", **changes: object) -> Outlet:
    return outlet(feed_source("https://harian.id/rss"), slug=slug, **{"every": None, **changes})


def weeks_of(rate_at: dict[int, int], weeks: int = 4) -> Rhythm:
    """So many articles in each hour of a working day (WIB), polled every hour."""
    rhythm, at = fresh(MONDAY), MONDAY
    for hour in range(weeks * 168):
        local = (MONDAY + hour * HOUR).astimezone(WIB)
        number = rate_at.get(local.hour, 0) if local.weekday() < 5 else 0
        times = [at + HOUR * (n + 1) / (number + 1) for n in range(number)]
        rhythm = observed(rhythm, since=at, until=at + HOUR, arrivals=times)
        at += HOUR
    return rhythm


def test_the_week_begins_on_monday_in_western_indonesia() -> None:
    assert hour_of_week(MONDAY) == 0
    assert hour_of_week(MONDAY - timedelta(seconds=1)) == 167
    assert hour_of_week(datetime(2026, 9, 7, 17, 30, tzinfo=UTC)) == 24


def test_a_rhythm_learns_hours_and_weekdays() -> None:
    rhythm = weeks_of(dict.fromkeys(range(9, 17), 6))
    noon, night = MONDAY + 28 * timedelta(days=1) + 12 * HOUR, MONDAY + 28 * timedelta(days=1) + 3 * HOUR
    sunday = noon + timedelta(days=6)
    assert 4 < rate(rhythm, noon, lately=False) < 7
    assert rate(rhythm, night, lately=False) < 0.5
    assert rate(rhythm, sunday, lately=False) < 2.5
    assert interval(paper(), rhythm, noon) < timedelta(minutes=20)
    assert interval(paper(), rhythm, night) > timedelta(minutes=40)


def test_the_bounds_hold_day_and_night_whatever_was_learned() -> None:
    chance = random.Random(7)
    for tier in Tier:
        kept = paper(tier=tier)
        shortest, longest = bounds(kept)
        assert (shortest, longest) == (
            (timedelta(minutes=5), timedelta(minutes=10)) if tier is Tier.MUST
            else (timedelta(minutes=10), timedelta(minutes=60))
        )  # fmt: skip
        rhythm, at = fresh(NOW), NOW
        for _ in range(300):
            run = replace(run_of(), started_at=at, finished_at=at)
            due = next_check(kept, run, failures=0, rhythm=rhythm)
            assert shortest <= due - at <= longest
            arrivals = [at + (due - at) * chance.random() for _ in range(chance.choice((0, 0, 1, 40)))]
            rhythm = observed(rhythm, since=at, until=due, arrivals=arrivals)
            at = due


def test_outlets_do_not_fall_into_step() -> None:
    dues = {next_check(paper(slug=f"o{n}"), run_of(), failures=0) for n in range(50)}
    assert len(dues) > 40
    assert next_check(paper(), run_of(), failures=0) == next_check(paper(), run_of(), failures=0)


def test_a_burst_and_a_holiday_are_noticed_within_hours() -> None:
    rhythm = weeks_of(dict.fromkeys(range(6, 22), 3))
    noon = rhythm.at + 12 * HOUR
    quiet = busy = rhythm
    for _ in range(4):
        quiet = observed(quiet, since=noon, until=noon + HOUR, arrivals=())
        busy = observed(busy, since=noon, until=noon + HOUR, arrivals=[noon + HOUR * n / 20 for n in range(1, 20)])
        noon += HOUR
    assert liveliness(quiet, quiet.at) < 0.6
    assert liveliness(busy, busy.at) > 2
    assert interval(paper(), busy, noon) < interval(paper(), rhythm, noon) < interval(paper(), quiet, noon)


def test_what_is_learned_fades_and_stays_small() -> None:
    rhythm = weeks_of(dict.fromkeys(range(24), 12), weeks=2)
    later = rhythm.at + timedelta(days=120)
    changed = observed(rhythm, since=later - timedelta(days=6), until=later, arrivals=())
    assert rate(changed, later, lately=False) < rate(rhythm, rhythm.at, lately=False) / 2
    assert len(codec.dumps(Rhythm, rhythm)) < 4000
    assert codec.loads(Rhythm, codec.dumps(Rhythm, rhythm)) == rhythm


def test_an_outlets_first_list_tells_of_the_days_before() -> None:
    times = [NOW - HOUR * n / 4 for n in range(200)]
    rhythm = observed(fresh(NOW), since=min(times), until=NOW, arrivals=times)
    assert rate(rhythm, NOW, lately=False) == pytest.approx(4, rel=0.3)
    ancient = observed(fresh(NOW), since=NOW - timedelta(days=4000), until=NOW, arrivals=[NOW - timedelta(days=3000)])
    assert sum(ancient.hours) <= 168.01
    assert observed(rhythm, since=NOW + HOUR, until=NOW, arrivals=()) == rhythm  # a clock that was set back


def test_what_a_feed_or_a_host_asks_for_comes_before_the_rhythm() -> None:
    kept = paper(tier=Tier.MUST)
    ttl = NOW + timedelta(hours=1)
    assert next_check(kept, run_of(), failures=0, fresh_until=ttl) == ttl
    assert next_check(replace(kept, every=timedelta(minutes=5)), run_of(), failures=0, fresh_until=ttl) == ttl
    patient = run_of(retry_after=timedelta(hours=3))
    assert next_check(kept, patient, failures=0) == patient.finished_at + timedelta(hours=3)


def test_what_makes_the_tiers_interval_impossible_is_said() -> None:
    must = paper(tier=Tier.MUST)
    nothing = timedelta(0)
    assert hindrance(must, delay=timedelta(seconds=2), fresh_for=timedelta(minutes=9), retry_after=None) == ""
    slow = hindrance(must, delay=timedelta(minutes=6), fresh_for=None, retry_after=None)
    assert "360 s" not in slow and "6 min between requests" in slow and "every 10 min" in slow
    assert "1 h" not in hindrance(paper(), delay=nothing, fresh_for=timedelta(hours=1), retry_after=None)
    assert "TTL" in hindrance(must, delay=nothing, fresh_for=timedelta(hours=1), retry_after=None)
    banned = hindrance(must, delay=nothing, fresh_for=None, retry_after=timedelta(hours=24))
    assert "left alone for 24 h" in banned
    assert hindrance(replace(must, cron="0 7 * * *"), delay=HOUR, fresh_for=HOUR, retry_after=HOUR) == ""


def test_the_usual_interval_is_that_of_file_or_tier() -> None:
    assert usual_interval(paper(tier=Tier.MUST), NOW) == timedelta(minutes=10)
    assert usual_interval(outlet(every=timedelta(hours=2)), NOW) == timedelta(hours=2)
    assert usual_interval(paper(cron="30 7 * * *"), NOW) == timedelta(days=1)
