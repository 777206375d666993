"""Articles that may carry an agreement are looked at again for three days: what changed, and what vanished."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from archive_site import ArchiveSite, agreement, plain
from newsroom import Newsroom
from test_gaps import BY_PAGE, HERE, HOUR, MINUTE, Desk

from kawat.cli.face import Filter
from pipeline.model import Agreement, Revises
from pipeline.revisit import LOOKED_AFTER, first_look, next_look

pytestmark = pytest.mark.slow
PATH = "/berita/999/kabar"


def begun(newsroom: Newsroom, site: ArchiveSite) -> Desk:
    """The agreement is read; what is not about one is not looked at again."""
    desk = Desk(newsroom, site, sources=BY_PAGE)
    desk.tick()
    assert desk.kinds() == ["agreement"]
    site.asked.clear()
    site.conditions.clear()
    return desk


def site_of(now: datetime) -> ArchiveSite:
    return ArchiveSite([plain(1, now - 3 * HOUR), plain(2, now - 2 * HOUR), agreement(999, now - HOUR)])


def looks(site: ArchiveSite) -> int:
    return site.asked.count(PATH)


def the_agreement(desk: Desk) -> Agreement:
    (row,) = desk.app.agreements(Filter())
    found = desk.app.store.agreements.get(str(row["key"]))
    assert found is not None
    return found


@HERE
def test_looks_come_at_growing_intervals_for_three_days_and_ask_conditionally(newsroom: Newsroom) -> None:
    with site_of(datetime.now(UTC)) as site:
        desk = begun(newsroom, site)
        with desk.app:
            began = desk.now
            for number, age in enumerate(LOOKED_AFTER, 1):
                if number in {1, 2, len(LOOKED_AFTER)}:
                    desk.tick(after=began + age - MINUTE - desk.now)
                    assert looks(site) == number - 1
                desk.tick(after=began + age + 2 * MINUTE - desk.now)
                assert looks(site) == number
            assert desk.now - began > timedelta(hours=72)
            desk.tick(after=48 * HOUR)
            assert looks(site) == len(LOOKED_AFTER)
            assert len({path for path in site.asked if path.startswith("/berita/")}) == 1
            assert all(known for path, known in site.conditions if path == PATH)
            assert len(desk.app.store.articles.revisions(_key(desk))) == 1
            assert "looked at again: unchanged" in " ".join(desk.app.why(site.base + PATH) or ())
            assert desk.kinds() == ["agreement"]


@HERE
def test_a_mended_slip_is_a_revision_and_does_not_touch_the_agreement(newsroom: Newsroom) -> None:
    with site_of(datetime.now(UTC)) as site:
        desk = begun(newsroom, site)
        with desk.app:
            before = the_agreement(desk)
            site.articles[-1].text += "\nRalat: nama kedua staf protokol di paragraf terakhir telah diperbaiki redaksi."
            desk.tick(after=40 * MINUTE)
            revisions = desk.app.store.articles.revisions(_key(desk))
            assert len(revisions) == 2
            verdict = revisions[-1].head.decided.verdict
            assert isinstance(verdict, Revises) and verdict.changed
            assert the_agreement(desk) == before
            assert desk.kinds() == ["agreement"]
            changes = desk.app.store.agreements.changes(agreement=before.key)
            assert [each.kind for each in changes] == ["created"]


@HERE
def test_a_material_change_changes_the_agreement_and_waits_for_the_digest(newsroom: Newsroom) -> None:
    with site_of(datetime.now(UTC)) as site:
        desk = begun(newsroom, site)
        with desk.app:
            before = the_agreement(desk)
            changed = site.articles[-1]
            changed.text = changed.text.replace("menandatangani nota kesepahaman", "menandatangani perjanjian")
            changed.text = changed.text.replace("Nota kesepahaman antara", "Perjanjian antara")
            changed.title = changed.title.replace("nota kesepahaman", "perjanjian")
            desk.tick(after=40 * MINUTE)
            after = the_agreement(desk)
            assert after.key == before.key and after.revision > before.revision
            assert after.instrument is not before.instrument
            assert desk.kinds() == ["agreement"]


@HERE
def test_a_page_that_vanishes_is_noted_and_kept_and_may_come_back(newsroom: Newsroom) -> None:
    with site_of(datetime.now(UTC)) as site:
        desk = begun(newsroom, site)
        with desk.app:
            before, began = the_agreement(desk), desk.now
            for number, (status, words) in enumerate(
                {404: "HTTP 404", 410: "HTTP 410", 302: f"leads to {site.base}/: "}.items()
            ):
                site.missing[PATH] = status
                desk.tick(after=began + LOOKED_AFTER[2 * number] + 2 * MINUTE - desk.now)
                assert looks(site) == 2 * number + 1
                why = " ".join(desk.app.why(site.base + PATH) or ())
                assert "its page is gone since" in why and "what was read of it stays" in why
                assert words in why
                assert the_agreement(desk) == before
                stored = desk.app.store.articles.by_key(_key(desk))
                assert stored is not None and "Qatar" in stored.head.title
                site.missing.clear()
                desk.tick(after=began + LOOKED_AFTER[2 * number + 1] + 2 * MINUTE - desk.now)
                assert "its page is gone" not in " ".join(desk.app.why(site.base + PATH) or ())
            assert len(desk.app.store.articles.revisions(_key(desk))) == 1
            assert desk.kinds() == ["agreement"]


def _key(desk: Desk) -> str:
    (key,) = (str(row["key"]) for row in desk.app.articles(Filter()) if str(row["url"]).endswith(PATH))
    return key


def test_looks_that_were_missed_are_not_made_up_for() -> None:
    first = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
    assert next_look(first, 1, now=first + HOUR) == first + 90 * MINUTE
    assert next_look(first, 1, now=first + 10 * HOUR) == first + timedelta(minutes=930)
    assert next_look(first, 1, now=first + timedelta(days=9)) is None
    assert next_look(first, len(LOOKED_AFTER), now=first) is None
    assert callable(first_look)
