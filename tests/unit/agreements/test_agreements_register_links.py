"""The register's rows as reports, its hard pairs, and what it knows already."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from linking_desk import TALKS, Desk, at, report

from pipeline.agreements import Member, RegisterEntry, agreement_key
from pipeline.agreements.register import member_of_row
from pipeline.config.register import read_register
from pipeline.model import (
    Level,
    Relation,
    Stage,
    Trust,
)

CONFIG = Path(__file__).resolve().parents[3] / "config"
REGISTER = read_register(CONFIG / "register.csv")


def told_of(row: RegisterEntry, *, key: str, days: int = 0, titled: bool = False, few: bool = False) -> Member:
    """A row as two short reports would have it: one with the title and fewer fields, one without."""
    base = member_of_row(row)
    one = replace(
        base.report,
        key=f"{key}/0",
        article=key,
        title=row.title if titled else "",
        fields=row.fields[:2] if few else row.fields,
        signed_on=None if row.stage in TALKS else row.on,
        relation=Relation.UPDATE if row.relevance == "update" else Relation.NEW,
    )
    assert base.published is not None
    when = base.published + timedelta(days=days, hours=9)
    return replace(base, report=one, outlet=f"outlet{days}", trust=Trust.PRESS, published=when, discovered=when)


def test_the_register_as_reports() -> None:
    """No two threads merged; no row split. The one row that is talk about another paper stands apart."""
    desk, where, rows = Desk(), defaultdict(set), defaultdict(set)
    members = [
        (row, told_of(row, key=f"{row.id}-{n}", days=n, titled=bool(n), few=bool(n)))
        for row in REGISTER
        for n in (0, 1)
    ]
    for row, one in sorted(members, key=lambda pair: pair[1].seen):
        key = desk.take(one).agreement.key
        where[key].add(row.thread)
        rows[row.id].add(key)
    assert [threads for threads in where.values() if len(threads) > 1] == []
    assert [row for row, keys in rows.items() if len(keys) > 1] == []
    split = {
        row.thread for row in REGISTER if len({k for r in REGISTER if r.thread == row.thread for k in rows[r.id]}) > 1
    }
    assert split <= {"IN-2025-01-25-047"}


@pytest.mark.parametrize(
    "pair", [("CN-2024-11-09-042", "CN-2024-11-09-043"), ("MY-2025-07-29-071", "MY-2025-07-29-072")]
)
def test_pairs_of_one_day_are_not_merged(pair: tuple[str, str]) -> None:
    rows = {row.id: row for row in REGISTER}
    for order in (pair, pair[::-1]):
        desk = Desk()
        for name in order:
            desk.take(told_of(rows[name], key=name))
            desk.take(told_of(rows[name], key=f"{name}-later", days=2))
        assert len(desk.threads) == 2


def test_what_the_register_knows_is_not_new_again() -> None:
    for row in REGISTER:
        said = Desk(register=REGISTER).take(told_of(row, key=f"{row.id}-again", days=1))
        if row.known:
            assert said.agreement.told, row.id
            assert said.agreement.register is not None
            assert said.created
        elif row.level in set(Level):
            assert not said.agreement.told, row.id


def test_reports_of_one_register_row_stay_together() -> None:
    desk = Desk(register=REGISTER)
    row = next(row for row in REGISTER if row.id == "IN-2025-01-25-047")
    first = desk.take(told_of(row, key="x"))
    second = desk.take(told_of(row, key="y", days=1))
    assert first.agreement.key == second.agreement.key == agreement_key(row.thread)
    assert not second.created
    assert second.agreement.told
    assert second.agreement.reports == ("x/0", "y/0")
    assert second.agreement.sources == 2
    assert second.agreement.first_published == told_of(row, key="x").published
    late = at(
        report("u/0", partner="IN", abroad="in_meity", fields="ai", stage=Stage.IMPLEMENTED, relation=Relation.UPDATE),
        "2026-01-10",
    )
    assert desk.take(late).agreement.key == first.agreement.key


def test_a_renewal_of_a_known_agreement_is_news() -> None:
    desk = Desk(register=REGISTER)
    row = next(row for row in REGISTER if row.id == "IN-2025-01-25-047")
    old = desk.take(told_of(row, key="x"))
    new = at(
        report("n/0", partner="IN", abroad="in_meity", fields="ai", stage=Stage.RENEWED, on="2028-01-20"), "2028-01-21"
    )
    said = desk.take(new)
    assert said.created
    assert not said.agreement.told
    assert said.agreement.register is None
    assert said.agreement.parent == old.agreement.key


def test_a_known_announcement_does_not_swallow_its_signing() -> None:
    desk = Desk(register=REGISTER)
    row = next(row for row in REGISTER if row.id == "GB-2026-01-20-078")
    assert desk.take(told_of(row, key="x")).agreement.told
    signed = at(
        report("n/0", partner="GB", home="setpres", abroad="gb_fcdo", fields="general_digital", on="2026-04-02"),
        "2026-04-02",
    )
    assert not desk.take(signed).agreement.told
