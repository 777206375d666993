"""Each verdict arises by its evidence and clears by its own; our own net is nobody's fault; readers hear it once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from health_facts import ALL, HOUR, NOW, answer, failure, outlet, page, run, seen, steady

from pipeline.health import Assessment, assess, page_seen, poll_seen, with_pages, with_polls
from pipeline.model import Expectations, Outlet, Reject, RejectReason, Tier
from pipeline.sight import Horizon, Sight, State

MINUTE = timedelta(minutes=1)


def judged(sight: Sight, one: Outlet | None = None, now: datetime = NOW, others: tuple[Sight, ...] = ()) -> Sight:
    """The sight after one assessment beside `others`."""
    return together({sight.outlet: sight, **{each.outlet: each for each in others}}, one, now).sights[sight.outlet]


def together(
    sights: Mapping[str, Sight], one: Outlet | None = None, now: datetime = NOW, horizon: Horizon | None = None
) -> Assessment:
    outlets = {slug: outlet(slug) for slug in sights}
    if one is not None:
        outlets[one.slug] = one
    return assess(outlets, sights, horizon or Horizon(), now)


def state(sight: Sight) -> State:
    assert sight.finding is not None
    return sight.finding.state


WITNESS = seen([answer(NOW - HOUR), answer(NOW)], of=outlet("y"))
"""Another outlet, which answers: so our net is there."""


@pytest.mark.parametrize(
    ("kind", "verdict", "polls"),
    [
        ("blocked", State.BLOCKED, 2),
        ("moved or gone", State.MOVED, 2),
        ("forbidden by robots.txt", State.ROBOTS, 2),
        ("unreadable answer", State.MOVED, 3),
        ("too few articles listed", State.REDESIGNED, 3),
        ("down", State.DOWN, 3),
        ("asks for patience", State.BLOCKED, 6),
    ],
)
def test_a_trouble_counts_when_it_lasts_and_ends_with_one_answer(kind: str, verdict: State, polls: int) -> None:
    sight = judged(seen([answer(NOW - 20 * MINUTE, 1)]), others=(WITNESS,))
    assert state(sight) is State.OK
    for number in range(polls):
        assert state(sight) is State.OK
        sight = with_polls(sight, outlet(), [failure(NOW - (15 - number) * MINUTE, kind, f"{kind}: said so")])
        sight = judged(sight, others=(WITNESS,))
    assert state(sight) is verdict
    assert sight.finding is not None
    assert sight.finding.since == NOW - 15 * MINUTE
    assert "said so" in sight.finding.evidence
    assert sight.finding.remedy
    sight = judged(with_polls(sight, outlet(), [answer(NOW)]), others=(WITNESS,))
    assert state(sight) is State.OK
    assert [each.state for each in sight.turns] == [State.OK, verdict]


def test_a_poll_cut_short_says_nothing() -> None:
    assert poll_seen(run(NOW, ok=False, items=0, troubles=("not reached",))) is None
    poll = poll_seen(run(NOW, ok=False, items=0, troubles=("not reached", "down"), reason="down: x"))
    assert poll is not None
    assert poll.kind == "down"
    partly = poll_seen(run(NOW, ok=False, items=3, troubles=("moved or gone",), reason="moved or gone: HTTP 404"))
    assert partly is not None
    assert partly.answered
    assert partly.words == "moved or gone: HTTP 404"


def test_articles_that_are_refused_while_the_lists_answer_are_a_block() -> None:
    polls = [
        poll_seen(run(NOW - n * HOUR, ok=False, failed=2, page_troubles=("blocked",), reason="2 pages failed: 403"))
        for n in (2, 1)
    ]
    sight = judged(seen([answer(NOW - 3 * HOUR, 2), *(each for each in polls if each)]), others=(WITNESS,))
    assert state(sight) is State.BLOCKED
    good = poll_seen(run(NOW, fetched=1))
    assert good is not None
    assert state(judged(with_polls(sight, outlet(), [good]), others=(WITNESS,))) is State.OK


def test_challenges_with_status_200_are_a_block() -> None:
    refusal = Reject(key="k", outlet="x", url="https://x.example/9", reason=RejectReason.CHALLENGE)
    challenge = page_seen(refusal, NOW, None)
    assert challenge is not None
    sight = judged(seen([answer(NOW, 3)], [page(1), challenge, challenge]))
    assert state(sight) is State.OK
    sight = judged(with_pages(sight, outlet(), [challenge]))
    assert state(sight) is State.BLOCKED
    assert state(judged(with_pages(sight, outlet(), [page(2)]))) is State.OK


# --------------------------------------------------------------------------------------------------------- redesigns


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"fields": ("title", "authors", "selectors")}, "time of publication"),
        ({"fields": ("title", "published", "selectors")}, "authors"),
        ({"fields": ("title", "published", "authors")}, "selectors"),
        ({"chars": 200}, "40%"),
        ({"removed": 900}, "boilerplate"),
        ({"refused": "empty body"}, "no articles"),
    ],
)
def test_fields_that_were_always_there_and_are_gone_are_a_redesign(changes: dict[str, object], words: str) -> None:
    good = [page(n, NOW - HOUR * (60 - n)) for n in range(30)]
    sight = judged(seen([answer(NOW, 1)], good))
    assert state(sight) is State.OK
    for number in range(4):
        assert state(sight) is State.OK
        sight = judged(with_pages(sight, outlet(), [page(40 + number, NOW + number * MINUTE, **changes)]))
    assert state(sight) is State.REDESIGNED
    assert sight.finding is not None
    assert words in sight.finding.evidence
    assert sight.first_bad is not None
    assert sight.last_good is not None
    assert (sight.first_bad.url, sight.last_good.url) == ("https://x.example/40", "https://x.example/29")
    for number in range(40):  # however long it lasts it does not become what is usual
        sight = judged(with_pages(sight, outlet(), [page(50 + number, NOW + number * HOUR, **changes)]))
    assert state(sight) is State.REDESIGNED
    assert sight.last_good is not None
    sight = judged(with_pages(sight, outlet(), [page(100)]))
    assert state(sight) is State.REDESIGNED
    sight = judged(with_pages(sight, outlet(), [page(101)]))
    assert state(sight) is State.OK
    assert sight.first_bad is None


def test_a_field_that_was_never_there_is_not_missed_and_one_odd_page_is_no_redesign() -> None:
    pages = [page(n, NOW - HOUR * (60 - n), fields=("title", "published", "selectors")) for n in range(30)]
    sight = judged(seen([answer(NOW, 1)], pages))
    assert state(sight) is State.OK
    assert state(judged(with_pages(sight, outlet(), [page(50, fields=()), page(51, fields=())]))) is State.OK


def test_what_its_file_expects_counts_before_there_is_history() -> None:
    bare = [page(n, fields=("title",)) for n in range(4)]
    assert state(judged(seen([answer(NOW, 1)], bare))) is State.REDESIGNED
    short = outlet(expect=Expectations(min_length=2000))
    assert state(judged(seen([answer(NOW, 1)], [page(n) for n in range(4)], of=short), short)) is State.REDESIGNED


# ----------------------------------------------------------------------------------------------------------- silence


def test_silence_is_measured_in_the_outlets_own_hours() -> None:
    friday = datetime(2026, 2, 27, 13, tzinfo=UTC)  # 20:00 in Jakarta
    sight = steady(friday)
    night = [answer(friday + n * HOUR) for n in range(1, 10)]
    assert state(judged(with_polls(sight, outlet(), night), now=friday + 10 * HOUR)) is State.OK
    saturday = [answer(friday + n * HOUR) for n in range(1, 22)]
    assert state(judged(with_polls(sight, outlet(), saturday), now=friday + 21 * HOUR)) is State.SILENT
    late = steady(datetime(2026, 2, 28, 13, tzinfo=UTC))  # Saturday 20:00, a Sunday before it
    sunday = [answer(datetime(2026, 2, 28, 13, tzinfo=UTC) + n * HOUR) for n in range(1, 27)]
    found = judged(with_polls(late, outlet(), sunday), now=datetime(2026, 3, 1, 15, tzinfo=UTC))
    assert state(found) is State.QUIET
    assert state(judged(with_polls(found, outlet(), [answer(NOW, 1)]))) is State.OK


def test_lebaran_is_quiet_and_the_week_after_is_not() -> None:
    eve = datetime(2026, 3, 17, 13, tzinfo=UTC)  # the evening before Nyepi's and Lebaran's leave
    sight = steady(eve)
    feast = [answer(eve + n * HOUR) for n in range(1, 24 * 7 + 8)]
    found = judged(with_polls(sight, outlet(), feast), now=eve + timedelta(days=7))
    assert state(found) is State.QUIET
    assert found.finding is not None
    assert "within its rhythm" in found.finding.evidence
    after = [answer(eve + timedelta(days=7, hours=n)) for n in range(8, 34)]
    assert state(judged(with_polls(found, outlet(), after), now=eve + timedelta(days=9))) is State.SILENT


def test_without_history_the_file_speaks_and_what_was_not_asked_was_not_silent() -> None:
    declared = outlet(expect=Expectations(max_silence=4 * HOUR))
    sight = seen([answer(NOW - 6 * HOUR, 5), answer(NOW)], of=declared)
    assert state(judged(sight, declared)) is State.SILENT
    asleep = seen([answer(NOW - timedelta(days=3), 5)], of=declared)
    assert state(judged(asleep, declared)) is State.OK


# -------------------------------------------------------------------------------------------------------- our network


def many(number: int, *, failing: int, at: datetime = NOW) -> dict[str, Sight]:
    """So many outlets that answered an hour ago, of which so many have failed since, again and again."""
    sights = {}
    for n in range(number):
        slug = f"o{n}"
        polls = [answer(at - HOUR, 1)]
        if n < failing:
            polls += [failure(at - 20 * MINUTE), failure(at - 10 * MINUTE), failure(at)]
        sights[slug] = seen(polls, of=outlet(slug))
    return sights


def test_when_nothing_answers_it_is_our_network_and_one_message() -> None:
    found = together(many(8, failing=5))
    assert [(turn.outlet, turn.after.state) for turn in found.turns] == [(None, State.NETWORK)]
    assert [state(each) for each in found.sights.values()] == [State.NETWORK] * 5 + [State.OK] * 3
    still = together(found.sights, now=NOW + HOUR, horizon=found.horizon)
    assert still.turns == ()
    back = {
        slug: with_polls(sight, outlet(slug), [answer(NOW + HOUR)]) if slug == "o7" else sight
        for slug, sight in still.sights.items()
    }
    over = together(back, now=NOW + HOUR, horizon=still.horizon)
    assert [(turn.outlet, turn.after.state) for turn in over.turns] == [(None, State.OK)]
    assert {state(each) for each in over.sights.values()} == {State.OK}
    assert together(over.sights, now=NOW + HOUR, horizon=over.horizon).turns == ()


def test_a_source_is_not_judged_before_another_has_answered() -> None:
    found = together(many(8, failing=1))
    assert state(found.sights["o0"]) is State.OK  # nobody else was asked since
    witness = with_polls(found.sights["o5"], outlet("o5"), [answer(NOW)])
    found = together({**found.sights, "o5": witness}, horizon=found.horizon)
    assert state(found.sights["o0"]) is State.DOWN
    assert [turn.outlet for turn in found.turns] == ["o0"]


def test_what_was_wrong_before_our_network_went_is_wrong_after_it_and_not_told_again() -> None:
    sights = many(8, failing=0)
    sights["o0"] = seen([answer(NOW - 5 * HOUR, 1), *(failure(NOW - n * HOUR) for n in (4, 3, 2))], of=outlet("o0"))
    first = together(sights)
    assert state(first.sights["o0"]) is State.DOWN
    gone = {
        slug: with_polls(sight, outlet(slug), [failure(NOW + n * 10 * MINUTE) for n in (1, 2, 3)])
        for slug, sight in first.sights.items()
    }
    out = together(gone, now=NOW + HOUR, horizon=first.horizon)
    assert state(out.sights["o0"]) is State.DOWN
    assert [turn.outlet for turn in out.turns] == [None]
    back = {**out.sights, "o4": with_polls(out.sights["o4"], outlet("o4"), [answer(NOW + HOUR)])}
    over = together(back, now=NOW + HOUR, horizon=out.horizon)
    assert state(over.sights["o0"]) is State.DOWN
    assert [turn.outlet for turn in over.turns] == [None]


def test_a_first_run_without_a_net_is_our_network() -> None:
    sights = {slug: seen([failure(NOW)], of=outlet(slug)) for slug in ("a", "b", "c")}
    found = together(sights)
    assert found.horizon.outage is not None
    assert {state(each) for each in found.sights.values()} == {State.NETWORK}


# ----------------------------------------------------------------------------------------------------------- readers


def test_readers_hear_after_two_hours_and_once_when_it_is_over() -> None:
    found = together(many(8, failing=8))
    assert found.readers == ""
    early = together(found.sights, now=NOW + HOUR, horizon=found.horizon)
    assert early.readers == ""
    late = together(early.sights, now=NOW + 2 * HOUR, horizon=early.horizon)
    assert late.readers == "blind"
    later = together(late.sights, now=NOW + 9 * HOUR, horizon=late.horizon)
    assert later.readers == ""
    back = {slug: with_polls(sight, outlet(slug), [answer(NOW + 9 * HOUR)]) for slug, sight in later.sights.items()}
    over = together(back, now=NOW + 9 * HOUR, horizon=later.horizon)
    assert over.readers == "seeing"
    assert together(over.sights, now=NOW + 9 * HOUR, horizon=over.horizon).readers == ""


def test_half_of_the_must_tier_blind_is_told_and_less_is_not() -> None:
    def blocked(slug: str) -> Sight:
        polls = [answer(NOW - 4 * HOUR, 1), *(failure(NOW - n * HOUR, "blocked") for n in (3, 2))]
        return seen(polls, of=outlet(slug))

    well = {slug: seen([answer(NOW - HOUR), answer(NOW, 1)], of=outlet(slug)) for slug in ("a", "b", "c")}
    assert together({**well, "p": blocked("p")}).readers == ""
    assert together({**well, **{slug: blocked(slug) for slug in ("p", "q", "r")}}).readers == "blind"
    lesser = {**well, **{slug: blocked(slug) for slug in ("p", "q", "r")}}
    outlets = {slug: outlet(slug, tier=Tier.MUST if slug in well else Tier.MAIN) for slug in lesser}
    assert assess(outlets, lesser, Horizon(), NOW).readers == ""


def test_a_disabled_outlet_has_no_verdict_and_a_new_one_is_never_polled() -> None:
    outlets = {"a": outlet("a", enabled=False, disabled_reason="dead"), "b": outlet("b")}
    found = assess(outlets, {}, Horizon(), NOW)
    assert list(found.sights) == ["b"]
    assert state(found.sights["b"]) is State.UNKNOWN
    assert ALL
    assert replace(found.sights["b"], finding=None) == Sight(outlet="b", rhythm=found.sights["b"].rhythm)
