"""Articles that may carry an agreement are looked at again for three days: what changed, and what vanished."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from archive_site import WIB, ArchiveSite, Printed, agreement, plain, printed_day
from newsroom import Newsroom
from test_gaps import BY_PAGE, HERE, HOUR, MINUTE, Desk

from kawat.cli.face import Filter
from pipeline.model import Agreement, Instrument, Revises, Stage, Standing
from pipeline.revisit import LOOKED_AFTER, next_look

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
            for number, age in enumerate(LOOKED_AFTER[:2], 1):
                desk.tick(after=began + age - MINUTE - desk.now)
                assert looks(site) == number - 1
                desk.tick(after=began + age + 2 * MINUTE - desk.now)
                assert looks(site) == number
            desk.tick(after=began + LOOKED_AFTER[-1] + 2 * MINUTE - desk.now)
            assert looks(site) == 3  # what was missed in a long sleep is not made up for
            desk.tick(after=48 * HOUR)
            assert looks(site) == 3
            assert len({path for path in site.asked if path.startswith("/berita/")}) == 1
            assert all(known for path, known in site.conditions if path == PATH)
            assert len(desk.app.store.articles.revisions(_key(desk))) == 1
            assert "looked at again: unchanged" in " ".join(desk.app.why(site.base + PATH) or ())
            assert desk.kinds() == ["agreement"]


def rewritten(article: Printed, *pairs: tuple[str, str]) -> None:
    """Its outlet changes the words of an article, in headline and text."""
    before = (article.title, article.text)
    for old, new in pairs:
        article.title, article.text = article.title.replace(old, new), article.text.replace(old, new)
    assert (article.title, article.text) != before


@HERE
def test_a_changed_text_is_a_revision_and_only_a_material_change_touches_the_agreement(newsroom: Newsroom) -> None:
    with site_of(datetime.now(UTC)) as site:
        desk = begun(newsroom, site)
        with desk.app:
            first, article, begin = the_agreement(desk), site.articles[-1], desk.now

            def look(number: int) -> list[str]:
                """Look again; what the reader was told since."""
                known = desk.kinds()
                desk.tick(after=begin + LOOKED_AFTER[number] + 2 * MINUTE - desk.now)
                verdict = desk.app.store.articles.revisions(_key(desk))[-1].head.decided.verdict
                assert isinstance(verdict, Revises) and verdict.changed
                return sorted((Counter(desk.kinds()) - Counter(known)).elements())

            article.text += "\nRalat: nama kedua staf protokol di paragraf terakhir telah diperbaiki redaksi."
            rewritten(article, ("teken", "tandatangani"), ("mencakup", "meliputi"))
            assert look(0) == []
            assert the_agreement(desk) == first
            assert [each.kind for each in desk.app.store.agreements.changes(agreement=first.key)] == ["created"]

            day = article.at.astimezone(WIB)
            rewritten(article, (printed_day(day), printed_day(day - timedelta(days=1))))
            assert look(1) == ["correction"]
            dated = the_agreement(desk)
            assert dated.key == first.key and dated.revision > first.revision
            assert first.signed_on == day.date() and dated.signed_on == day.date() - timedelta(days=1)

            rewritten(article, ("nota kesepahaman", "perjanjian"), ("Nota kesepahaman", "Perjanjian"))
            assert look(2) == ["correction"]
            renamed = the_agreement(desk)
            assert renamed.key == first.key
            assert (dated.instrument, renamed.instrument) == (Instrument.MOU, Instrument.AGREEMENT)

            rewritten(article, ("Qatar", "Oman"))
            assert look(3) == ["catch_up", "withdrawal"]  # the desk slept four hours
            lost = desk.app.store.agreements.get(first.key)
            assert lost is not None and (lost.partner, lost.standing) == ("QA", Standing.LOST)
            other = the_agreement(desk)
            assert (other.partner, other.stage, other.standing) == ("OM", Stage.SIGNED, Standing.STANDS)

            rewritten(article, ("tandatangani", "akan tandatangani"), ("menandatangani", "akan menandatangani"))
            assert look(4) == ["correction"]
            planned = the_agreement(desk)
            assert planned.key == other.key and planned.stage is Stage.ANNOUNCED
            assert not [row for row in desk.app.agreements(Filter()) if row["partner"] == "QA"]


@HERE
def test_a_page_that_vanishes_is_noted_and_kept_and_may_come_back(newsroom: Newsroom) -> None:
    with site_of(datetime.now(UTC)) as site:
        desk = begun(newsroom, site)
        with desk.app:
            before, began = the_agreement(desk), desk.now
            gone = {404: "HTTP 404", 410: "HTTP 410", 302: f"leads to {site.base}/: "}
            for number, (status, words) in enumerate(gone.items()):
                site.missing[PATH] = status
                desk.tick(after=began + LOOKED_AFTER[number] + 2 * MINUTE - desk.now)
                assert looks(site) == number + 1
                why = " ".join(desk.app.why(site.base + PATH) or ())
                assert "its page is gone since" in why and "what was read of it stays" in why
                assert words in why
                assert the_agreement(desk) == before
                stored = desk.app.store.articles.by_key(_key(desk))
                assert stored is not None and "Qatar" in stored.head.title
            site.missing.clear()
            desk.tick(after=began + LOOKED_AFTER[len(gone)] + 2 * MINUTE - desk.now)
            assert "its page is gone" not in " ".join(desk.app.why(site.base + PATH) or ())
            assert len(desk.app.store.articles.revisions(_key(desk))) == 1
            assert desk.kinds() == ["agreement"]


def _key(desk: Desk) -> str:
    (key,) = (str(row["key"]) for row in desk.app.articles(Filter()) if str(row["url"]).endswith(PATH))
    return key


def test_intervals_grow_through_three_days_and_looks_that_were_missed_are_not_made_up_for() -> None:
    first = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
    apart = [later - earlier for earlier, later in pairwise((timedelta(), *LOOKED_AFTER))]
    assert apart[:-1] == sorted(apart[:-1]) and LOOKED_AFTER[-1] == timedelta(hours=72)
    assert next_look(first, 1, now=first + HOUR) == first + 90 * MINUTE
    assert next_look(first, 1, now=first + 10 * HOUR) == first + timedelta(minutes=930)
    assert next_look(first, 1, now=first + timedelta(days=9)) is None
    assert next_look(first, len(LOOKED_AFTER), now=first) is None
