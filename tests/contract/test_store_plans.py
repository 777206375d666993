"""What is asked again and again goes through an index: a daemon looks twice a second, whatever has piled up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, text
from store_samples import DAY, FEED, NOW, make_candidate, make_outcome, make_page, url_of

from pipeline.model import Urgency, Validators
from pipeline.store import Store
from pipeline.store.fingerprints import EXACT, sharing
from pipeline.store.tables import METADATA

LEASE = timedelta(minutes=5)

PARTIAL = {
    index.name
    for table in METADATA.tables.values()
    for index in table.indexes
    if index.dialect_options["sqlite"]["where"] is not None
}
"""Indexes over only the rows that wait: those may be read from end to end."""


def ask_plainly(store: Store, question: str, values: tuple[object, ...]) -> None:
    """What `Database.fetch` asks past SQLAlchemy, asked through it, so that it is seen."""
    with store.database.read() as connection:
        connection.exec_driver_sql(question, values)


HOT: dict[str, Callable[[Store], object]] = {
    "frontier.known": lambda store: store.frontier.known(["x"]),
    "frontier.pending": lambda store: store.frontier.pending(["warta"], now=NOW, limit=9),
    "inbox.waiting": lambda store: store.inbox.waiting(NOW),
    "inbox.land": lambda store: store.inbox.land(make_page(9)),
    "inbox.claim": lambda store: store.inbox.claim(NOW, 9, LEASE),
    "commit": lambda store: store.commit(make_outcome(1)),
    "outbox.claim_due": lambda store: store.outbox.claim_due(NOW, LEASE, 9),
    "outbox.overdue": lambda store: store.outbox.overdue(NOW + DAY),
    "notices.pending": lambda store: store.notices.pending(Urgency.DIGEST),
    "notices.held": lambda store: store.notices.held("mail", ["x"]),
    "articles.index_pending": lambda store: store.articles.index_pending(9),
    "articles.by_key": lambda store: store.articles.by_key("x"),
    "articles.by_url": lambda store: store.articles.by_url(url_of(1), "x"),
    "articles.after": lambda store: store.articles.after(5, limit=9),
    "agreements.near": lambda store: store.agreements.near("JP", NOW - DAY, NOW + DAY),
    "agreements.reports": lambda store: store.agreements.reports("x"),
    "agreements.changes": lambda store: store.agreements.changes(5),
    "fingerprints.exact": lambda store: ask_plainly(store, EXACT, ("x", 1)),
    "fingerprints.by_bands": lambda store: ask_plainly(store, sharing(2), (1, 2, 1, 9)),
}


@pytest.mark.parametrize("name", HOT)
def test_hot_questions_scan_no_table(name: str, tmp_path: Path) -> None:
    asked: list[tuple[str, Any]] = []
    with Store.open(f"sqlite:///{tmp_path}/kawat.db") as store:
        store.frontier.add(FEED, Validators(), [make_candidate(1)], baseline=False)
        store.inbox.land(make_page(1))
        if name != "commit":
            store.commit(make_outcome(1))
            store.inbox.land(make_page(2))
        for engine in (store.database._writer, store.database._reader):
            event.listen(engine, "before_cursor_execute", lambda *given: asked.append((given[2], given[3])))
        HOT[name](store)
        seen = [one for one in asked if one[0].split()[0] in ("SELECT", "UPDATE", "DELETE", "INSERT")]
        assert seen
        with store.database.read() as connection:
            tables = {*connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars()}
            for statement, parameters in seen:
                plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
                steps = [str(step[3]).split() for step in plan]
                scanned = [
                    step
                    for step in steps
                    if step[0] == "SCAN" and step[1] in tables - {"article_search"} and step[-1] not in PARTIAL
                ]
                assert not scanned, (statement, steps)
