"""`kawat reprocess`: stored pages through other rules, told to nobody unless asked; decisions hold."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from newsroom import READERS, Newsroom

from kawat.app import App
from kawat.cli.face import Asked, Row
from kawat.shipped import defaults

STORIES = ("qa-1", "cl-1", "x-ar", "o-stocks")
pytestmark = [pytest.mark.slow, pytest.mark.parametrize("newsroom", [STORIES], indirect=True)]


def without(folder: Path, country: str) -> None:
    """Rules that know neither a country's name nor its organs."""
    (folder / "lexicon").mkdir(exist_ok=True)
    for name in ("countries", "institutions"):
        known = yaml.safe_load((defaults() / "lexicon" / f"{name}.yaml").read_text(encoding="utf-8"))
        if name == "countries":
            known["countries"][country] = {
                "name": {"id": "Antah", "en": "Nowhere"},
                "names": ["Antah Berantah"],
                "reason": "a test",
            }
        else:
            known["institutions"] = [each for each in known["institutions"] if each["country"] != country]
        text = yaml.safe_dump(known, allow_unicode=True, sort_keys=False)
        (folder / "lexicon" / f"{name}.yaml").write_text(text, encoding="utf-8")


def with_all(folder: Path) -> None:
    """The shipped rules again."""
    for each in (folder / "lexicon").glob("*.yaml"):
        each.unlink()


def silent(step: str, text: str) -> None:
    """Nobody watches."""


def again(newsroom: Newsroom, *, dry_run: bool = False, alert: bool = False) -> Row:
    with newsroom.app() as app:
        return app.reprocess(since=None, dry_run=dry_run, alert=alert, progress=silent)


def partners(rows: list[Row]) -> list[str]:
    return [row["partner"] for row in rows]


def stored(app: App) -> dict[str, tuple[object, ...]]:
    found = app.store.agreements.list(limit=100, every=True)
    return {each.key: (each.stage, each.reports, each.standing, each.told) for each in found}


def test_other_rules_show_what_changes_and_tell_only_where_asked(newsroom: Newsroom) -> None:
    with newsroom.app() as app:
        app.run(everything=True)
        assert len(newsroom.mailbox.messages) == 2 * READERS
        before = stored(app)
    same = again(newsroom)
    assert (same["articles"], same["gained"], same["lost"], same["changed"], same["messages"]) == (0, [], [], [], 0)

    without(newsroom.folder, "QA")
    foreseen = again(newsroom, dry_run=True)
    assert partners(foreseen["lost"]) == ["QA"]
    with newsroom.app() as app:
        assert stored(app) == before
    done = again(newsroom)
    assert {kind: done[kind] for kind in ("gained", "lost", "changed")} == {
        kind: foreseen[kind] for kind in ("gained", "lost", "changed")
    }
    assert done["messages"] == 0
    assert again(newsroom)["lost"] == []

    with_all(newsroom.folder)
    back = again(newsroom, alert=True)
    assert partners(back["gained"]) == ["QA"]
    assert back["messages"] == 0  # its readers were told, and what they were told stands
    with newsroom.app() as app:
        assert stored(app) == before

    without(newsroom.folder, "QA")
    assert again(newsroom, alert=True)["messages"] > 0
    with newsroom.app() as app:
        app.deliver()
    withdrawn = [each.message["Subject"] for each in newsroom.mailbox.messages[2 * READERS :]]
    assert len(withdrawn) == READERS
    assert any(subject.startswith("Withdrawn: Indonesia and Nowhere sign") for subject in withdrawn)
    told = {each.message["Message-ID"] for each in newsroom.mailbox.messages[: 2 * READERS]}
    assert {each.message["References"] for each in newsroom.mailbox.messages[2 * READERS :]} < told


def test_decisions_hold_and_an_ended_run_goes_on(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    with newsroom.app() as app:
        app.run(everything=True)
        (qatar,) = (each for each in app.store.agreements.list() if each.partner == "QA")
        app.decide(Asked(kind="edit", keys=(qatar.key,), values={"title": "Made by hand"}, author="a", reason="b"))
        (chile,) = (each for each in app.store.agreements.list() if each.partner == "CL")
        app.decide(Asked(kind="reject", keys=(chile.key,), author="a", reason="b"))
        before = stored(app)
    monkeypatch.setattr("kawat.reprocess.BATCH", 1)
    pages = 0

    def stop(step: str, text: str) -> None:
        nonlocal pages
        pages += step == "read"
        if pages == 2:
            raise KeyboardInterrupt

    with newsroom.app() as app, pytest.raises(KeyboardInterrupt):
        app.reprocess(since=None, dry_run=False, alert=False, progress=stop)
    done = again(newsroom)
    assert done["resumed"]
    assert (done["gained"], done["lost"], done["changed"]) == ([], [], [])
    with newsroom.app() as app:
        assert stored(app) == before
        row = app.agreement(qatar.key)
        assert row is not None
        assert row["title"] == "Made by hand"
        assert row["reports"][0]["why"] == ["a person placed it here"]
        assert [each["kind"] for each in row["decisions"]] == ["edit"]
