"""Processes that die, and processes that work beside one another: real ones, on both databases."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from store_samples import NOW, land_and_commit, make_outcome, make_page
from two_desks import EVENTS, PARTNERS, drain_by_two, land

from pipeline.store import Store

HERE = Path(__file__).parent

DIES = """
import os, sys
from pipeline.store import Store
from pipeline.store import commit as module
from store_samples import make_outcome

url, point = sys.argv[1:]
store = Store.open(url)
outcome = make_outcome(1)

def die(*_, **__):
    print("there", flush=True)
    if point.endswith("exit"):
        os._exit(9)
    sys.stdin.read()

setattr(module, point.split(":")[0], die)
store.commit(outcome)
"""

CLAIMS = """
import json, sys
from datetime import timedelta
from pipeline.errors import StoreBusy
from pipeline.store import Store
from store_samples import NOW

store = Store.open(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
mine = []
while claimed := store.inbox.claim(NOW, 3, timedelta(hours=1)):
    mine += [one.page.url for one in claimed]
store.close()
print(json.dumps(mine), flush=True)
"""

OPENS = """
import sys
from pipeline.store import Store

print("ready", flush=True)
sys.stdin.readline()
Store.open(sys.argv[1]).close()
print("done", flush=True)
"""

COUNTS = """
import sys
from dataclasses import replace
from pipeline.store import Store
from store_samples import make_outcome

url, first = sys.argv[1], int(sys.argv[2])
store = Store.open(url)
print("ready", flush=True)
sys.stdin.readline()
for number in range(first, first + 20):
    outcome = replace(make_outcome(number, file=f"{first}.warc.gz"), agreements=())
    store.inbox.land(outcome.page)
    assert store.commit(outcome).stored
store.close()
print("done", flush=True)
"""


def start(program: str, *arguments: str) -> subprocess.Popen[str]:
    path = os.pathsep.join([str(HERE), str(HERE.parents[1])])
    return subprocess.Popen(
        [sys.executable, "-c", program, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": path},
    )


def together(programs: list[subprocess.Popen[str]]) -> list[str]:
    """Let them go at once; the last line each prints."""
    for process in programs:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in programs:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    answers = [process.communicate(timeout=60)[0] for process in programs]
    assert [process.returncode for process in programs] == [0] * len(programs)
    return answers


@pytest.mark.parametrize(
    ("point", "how"),
    [
        ("_put_article", "exit"),
        ("_put_reports", "exit"),
        ("put_agreement", "exit"),
        ("enqueue", "kill"),
        ("wait", "exit"),
        ("tally", "kill"),
    ],
)
def test_a_process_killed_inside_the_transaction_leaves_nothing_of_it(
    opened: Callable[[], Store], url: str, point: str, how: str
) -> None:
    store = opened()
    store.inbox.land(make_page(1))
    process = start(DIES, url, f"{point}:{how}")
    assert process.stdout is not None
    assert process.stdout.readline() == "there\n"
    if how == "kill":
        process.send_signal(signal.SIGKILL)
    process.communicate(timeout=60)
    assert process.returncode == (-9 if how == "kill" else 9)
    assert store.articles.list() == ()
    assert store.agreements.list() == ()
    assert store.agreements.changes() == ()
    assert store.outbox.list() == ()
    assert store.fingerprints.count() == {}
    assert store.tallies.by_reason("article") == {}
    assert store.inbox.counts() == {"pending": 1}
    assert store.commit(make_outcome(1)).stored
    assert [one.seq for one in store.agreements.changes()] == [1]


def test_processes_claim_disjoint_pages(store: Store, url: str) -> None:
    for number in range(40):
        store.inbox.land(make_page(number))
    answers = together([start(CLAIMS, url) for _ in range(3)])
    claimed = [page for answer in answers for page in json.loads(answer)]
    assert len(claimed) == len(set(claimed)) == 40
    assert store.inbox.claim(NOW, 1, NOW - NOW) == ()


def test_processes_commit_side_by_side_without_gaps(store: Store, url: str) -> None:
    together([start(COUNTS, url, first) for first in ("100", "200")])
    assert store.articles.count() == 40
    assert [one.seq for _, one in store.articles.after(0, limit=100)] == list(range(1, 41))
    assert store.tallies.by_reason("article") == {"new": 40}


def test_processes_that_drain_one_inbox_make_each_agreement_once_and_tell_it_once(store: Store, url: str) -> None:
    """Each reads one report of every event at the same time as the other reads another one of it."""
    land(store)
    drain_by_two(url)
    assert store.inbox.counts() == {"done": 2 * EVENTS}
    assert store.articles.count() == 2 * EVENTS
    found = store.agreements.list(limit=1000)
    assert sorted(each.partner for each in found) == list(PARTNERS)
    assert {len(each.reports) for each in found} == {2}
    told = [each.agreement.key for posted in store.outbox.list(limit=1000) for each in posted.alert.items]
    assert sorted(told) == sorted(each.key for each in found)


def test_processes_open_an_empty_database_at_once(tmp_path: Path, request: pytest.FixtureRequest, url: str) -> None:
    empty = (
        f"sqlite:///{tmp_path}/fresh/kawat.db"
        if url.startswith("sqlite")
        else request.getfixturevalue("empty_postgres")
    )
    assert together([start(OPENS, empty) for _ in range(3)]) == ["done\n"] * 3
    with Store.open(empty) as store:
        land_and_commit(store, make_outcome(1))
