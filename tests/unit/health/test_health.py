"""What a source's failures and silence make of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from pipeline.health import Condition, condition, degrades, outlet_issue
from pipeline.model import Expectations, Fetch, Outlet, Politeness, Selectors, Terms, Tier, Trust

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
