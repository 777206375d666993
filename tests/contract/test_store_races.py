"""Two processes over one store: an agreement that both read of at once is stored once and told once."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from test_store_crash import start, together

from pipeline.model import AlertKind
from pipeline.store import StaleDecision, Store

AGREEMENTS = str(Path(__file__).parents[1] / "unit" / "agreements")
sys.path.append(AGREEMENTS)

from newsdesk import Newsdesk  # noqa: E402
from test_agreements_deciding import member  # noqa: E402

MATTERS = (("komdigi", "space"), ("esdm", "renewables"), ("bssn", "cybersecurity"))

DRAINS = f"""
import sys
sys.path.append({AGREEMENTS!r})
from newsdesk import Newsdesk
from test_agreements_deciding import member
from pipeline.store import StaleDecision, Store

url, mine = sys.argv[1], int(sys.argv[2])
desk = Newsdesk(store=Store.open(url), count=1000 * mine)
members = [
    member(f"{{home}}-{{number}}-{{mine}}", home=home, fields=field, days=number % 3)
    for number in range(3)
    for home, field in {MATTERS!r}
]
print("ready", flush=True)
sys.stdin.readline()
stale = 0
for each in members:
    _, decide = desk.land(each)
    while True:
        try:
            assert desk.store.commit(decide()).stored
            break
        except StaleDecision:
            stale += 1
desk.store.close()
print(stale, flush=True)
"""


def test_an_agreement_that_came_meanwhile_makes_the_decision_stale(opened: Callable[[], Store]) -> None:
    one, other = (Newsdesk(store=opened(), count=1000 * number) for number in range(2))
    _, first = one.land(member("a"))
    _, second = other.land(member("b", days=1))
    late = second()  # both have seen an empty store
    assert one.store.commit(first()).stored
    with pytest.raises(StaleDecision):
        other.store.commit(late)
    assert other.store.commit(second()).stored
    assert one.clusters_by_count() == [2]
    assert len(one.messages(AlertKind.AGREEMENT)) == 1


def test_an_agreement_with_another_partner_makes_no_decision_stale(opened: Callable[[], Store]) -> None:
    one, other = (Newsdesk(store=opened(), count=1000 * number) for number in range(2))
    australian = member("b")
    _, first = one.land(member("a"))
    _, second = other.land(replace(australian, report=replace(australian.report, partner="AU")))
    late = second()
    assert one.store.commit(first()).stored
    assert other.store.commit(late).stored


@pytest.mark.slow
def test_two_processes_drain_one_store(opened: Callable[[], Store], url: str) -> None:
    together([start(DRAINS, url, mine) for mine in ("1", "2")])
    desk = Newsdesk(store=opened())
    assert desk.clusters_by_count() == [6, 6, 6]
    assert len(desk.messages(AlertKind.AGREEMENT)) == len(MATTERS)
    assert desk.store.articles.count() == 18
