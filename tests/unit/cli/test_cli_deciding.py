"""Decisions over a fake App: what is asked for, what is shown, what is refused."""

from __future__ import annotations

import json

import pytest
from command_desk import Desk


@pytest.mark.parametrize(
    ("line", "kind", "asked"),
    [
        (("merge", "a1", "b2"), "merge", (("a1", "b2"), (), {}, 0, "one")),
        (("split", "a1", "u1", "u2"), "split", (("a1",), ("u1", "u2"), {}, 0, "one")),
        (
            ("edit", "a1", "--set", "stage=signed", "--set", "title=A = B"),
            "edit",
            (("a1",), (), {"stage": "signed", "title": "A = B"}, 0, "one"),
        ),
        (("reject", "a1"), "reject", (("a1",), (), {}, 0, "one")),
        (("undo", "7"), "undo", ((), (), {}, 7, "one")),
    ],
)
def test_a_decision(kawat: Desk, line: tuple[str, ...], kind: str, asked: object) -> None:
    done = kawat("agreements", *line, "--reason", "one", "--author", "sari")
    assert done.exit_code == 0, done.stderr
    assert kawat.app.asked == [(kind, asked)]
    assert f"decision 7: {kind}" in done.stdout
    assert "2 corrections" in done.stderr
    row = json.loads(kawat("agreements", *line, "--reason", "one", "--json").stdout)
    assert row["messages"] == 2
    assert row["author"]  # who is logged in, where nobody is named


def test_a_decision_without_a_reason_or_with_a_bad_slot_is_refused(kawat: Desk) -> None:
    for line in (("reject", "a1"), ("edit", "a1", "--set", "stage", "--reason", "x")):
        refused = kawat("agreements", *line)
        assert refused.exit_code == 2
        assert "--" in refused.stderr
    assert kawat.app.asked == []


def test_decisions_are_listed(kawat: Desk) -> None:
    assert "sari" in kawat("agreements", "decisions").stdout
    assert json.loads(kawat("agreements", "decisions", "--json").stdout)["id"] == 7


def test_reprocessing_shows_what_came_went_and_changed(kawat: Desk) -> None:
    done = kawat("reprocess", "--dry-run", "--since", "2026-11-01")
    assert done.exit_code == 0
    assert "9 pages read, 2 articles would be read otherwise" in done.stdout
    assert "lost     k1  Indonesia and Japan sign (was told)" in done.stdout
    assert "changed  k1  Indonesia and Japan sign (stage; was told)" in done.stdout
    assert "1 page could not be read" in done.stderr
    ((name, (since, dry_run, alert)),) = kawat.app.asked
    assert (name, since.isoformat(), dry_run, alert) == ("reprocess", "2026-10-31T17:00:00+00:00", True, False)
    assert json.loads(kawat("reprocess", "--alert", "--json").stdout)["messages"] == 3
