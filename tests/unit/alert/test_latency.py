"""How long alerts took: legs, median and 95th percentile."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from pipeline.alert.latency import Latency, percentile, spreads

SECOND = timedelta(seconds=1)
ALL = Latency(discovery=SECOND, decision=SECOND, delivery=SECOND, whole=3 * SECOND)


def test_legs_that_are_not_known_do_not_count() -> None:
    undated = Latency(discovery=None, decision=5 * SECOND, delivery=SECOND, whole=None)
    found = {each.leg: each for each in spreads([ALL, undated])}
    assert (found["discovery"].number, found["decision"].number) == (1, 2)
    assert (found["decision"].median, found["decision"].p95) == (SECOND, 5 * SECOND)
    assert spreads([]) == ()


@given(st.lists(st.integers(0, 10_000), min_size=1), st.integers(1, 100))
def test_a_percentile_is_not_exceeded_by_its_share(numbers: list[int], share: int) -> None:
    lengths = sorted(number * SECOND for number in numbers)
    found = percentile(lengths, share)
    assert found in lengths
    assert sum(each <= found for each in lengths) * 100 >= share * len(lengths)
    below = [each for each in lengths if each < found]
    assert len(below) * 100 < share * len(lengths)
