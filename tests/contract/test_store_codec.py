"""Frozen values come back as they went, and nothing else is taken for one."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from store_samples import make_agreement, make_alert, make_notice, make_outcome, make_report, make_run

from pipeline.model import Agreement, Alert, Attempt, NearTo, Notice, Report, Retry, Run, Sent, Verdict
from pipeline.store import Outcome, codec
from pipeline.store.codec import CodecError


@dataclass(frozen=True, slots=True, kw_only=True)
class Every:
    text: str
    number: int
    share: float
    yes: bool
    raw: bytes
    day: date | None
    at: datetime
    span: timedelta
    pair: tuple[str, int]
    many: tuple[tuple[str, ...], ...]
    later: int = 7


@given(
    st.builds(
        Every,
        text=st.text(),
        number=st.integers(),
        share=st.floats(allow_nan=False, allow_infinity=False),
        yes=st.booleans(),
        raw=st.binary(),
        day=st.none() | st.dates(),
        at=st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=7))])),
        span=st.timedeltas(),
        pair=st.tuples(st.text(), st.integers()),
        many=st.lists(st.lists(st.text()).map(tuple)).map(tuple),
    )
)
def test_any_value_comes_back(value: Every) -> None:
    assert codec.loads(Every, codec.dumps(Every, value)) == value


@pytest.mark.parametrize(
    ("hint", "value"),
    [
        (Report, make_report(1)),
        (Agreement, make_agreement(1, 2)),
        (Alert, make_alert("a", agreement=make_agreement(1))),
        (Notice, make_notice(1)),
        (Run, make_run()),
        (Outcome, make_outcome(1)),
        (Verdict, NearTo(key="k", similarity=0.5)),
        (Attempt, Retry(reason="slow", after=timedelta(minutes=1))),
    ],
)
def test_the_nouns_come_back(hint: object, value: object) -> None:
    assert codec.loads(hint, codec.dumps(hint, value)) == value


def test_a_field_with_a_default_may_be_missing() -> None:
    data = json.loads(codec.dumps(Attempt, Sent(receipt="r")))
    del data["receipt"]
    assert codec.loads(Attempt, json.dumps(data)) == Sent()


@pytest.mark.parametrize(
    "damage",
    [
        {"unknown": 1},
        {"stage": "wedded"},
        {"signed_on": "yesterday"},
        {"confidence": "high"},
        {"fields": "ai"},
        {"fields": [1]},
        {"institutions": [{"id": "x"}]},
        {"evidence": None},
    ],
)
def test_what_does_not_fit_is_refused(damage: dict[str, object]) -> None:
    data = json.loads(codec.dumps(Report, make_report(1))) | damage
    with pytest.raises(CodecError):
        codec.loads(Report, json.dumps(data))


def test_damaged_json_is_refused() -> None:
    with pytest.raises(CodecError):
        codec.loads(Report, "{")


def test_a_naive_instant_is_refused() -> None:
    with pytest.raises(CodecError):
        codec.dumps(datetime, datetime(2026, 1, 1))  # noqa: DTZ001
