"""When a source is looked at next, and what its failures make of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from pipeline.health import Condition, condition, degrades, next_check, outlet_issue
from pipeline.model import Expectations, Fetch, Outlet, Politeness, Run, Selectors, Terms, Tier, Trust

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
OUTLET = Outlet(
    slug="kawat_uji",
    name="Kawat Uji",
    homepage="https://uji.example/",
    languages=("id",),
    tier=Tier.MUST,
    trust=Trust.PRESS,
    zone="Asia/Jakarta",
    country="ID",
    enabled=True,
    disabled_reason="",
    fetch=Fetch.FULL,
    sources=(),
    every=timedelta(minutes=10),
    cron=None,
    article=(),
    not_article=(),
    selectors=Selectors(),
    politeness=Politeness(),
    expect=Expectations(max_silence=timedelta(hours=24)),
    terms=Terms(),
)
RUN = Run(
    outlet="kawat_uji",
    started_at=NOW,
    finished_at=NOW,
    ok=True,
    sources=1,
    unchanged=0,
    items=3,
    candidates=1,
    fetched=1,
    failed=0,
)


def test_an_interval_is_kept_within_its_jitter() -> None:
    wait = next_check(OUTLET, RUN, 0, NOW) - NOW
    assert timedelta(minutes=9.5) <= wait <= timedelta(minutes=10.5)


def test_a_cron_expression_speaks_in_the_outlets_zone() -> None:
    outlet = replace(OUTLET, every=None, cron="30 7 * * *")
    assert next_check(outlet, RUN, 0, NOW) == datetime(2026, 11, 22, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(("failures", "least"), [(1, 9.5), (2, 20), (3, 40), (9, 60), (400, 60)])
def test_failures_stretch_the_interval_but_never_give_up(failures: int, least: float) -> None:
    wait = next_check(OUTLET, replace(RUN, ok=False), failures, NOW) - NOW
    assert timedelta(minutes=least) <= wait <= timedelta(hours=1)


@pytest.mark.parametrize(
    ("asked", "granted"),
    [(timedelta(hours=2), timedelta(hours=2)), (timedelta(days=900), timedelta(hours=24)), (timedelta(-5), None)],
)
def test_retry_after_is_kept_within_reason(asked: timedelta, granted: timedelta | None) -> None:
    wait = next_check(OUTLET, replace(RUN, retry_after=asked), 1, NOW) - NOW
    assert wait == granted if granted else wait < timedelta(minutes=11)


def state(**changes: object) -> Condition:
    facts: dict[str, object] = {
        "failures": 0,
        "last_poll": NOW,
        "last_error": "",
        "last_new_at": NOW,
        "now": NOW,
    }
    outlet = changes.pop("outlet", OUTLET)
    assert isinstance(outlet, Outlet)
    return condition(outlet, **{**facts, **changes})  # type: ignore[arg-type]


def test_the_states() -> None:
    assert state().state == "ok"
    assert state(last_poll=None).state == "never polled"
    assert state(failures=1, last_error="403").state == "failing"
    assert outlet_issue(OUTLET, state(failures=2, last_error="403"), NOW) is None
    assert not degrades(OUTLET, state(failures=2, last_error="403"))
    assert state(failures=3, last_error="403").state == "failing"
    assert state(last_new_at=NOW - timedelta(hours=25)).state == "quiet"
    assert state(outlet=replace(OUTLET, enabled=False, disabled_reason="dead"), failures=9).state == "disabled"


def test_only_a_failing_must_outlet_degrades() -> None:
    failing = state(failures=3, last_error="403")
    assert degrades(OUTLET, failing)
    assert not degrades(replace(OUTLET, tier=Tier.MAIN), failing)
    assert not degrades(OUTLET, state(last_new_at=NOW - timedelta(hours=25)))
    issue = outlet_issue(OUTLET, failing, NOW)
    assert issue is not None
    assert "403" in issue.problem
    assert outlet_issue(OUTLET, state(), NOW) is None
