"""The stories of the press: many, of every kind, whole, and true to their own labels at any hour."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime

import pytest

from kawat.press import SITES, Press, Story, events, shipped
from kawat.press.dates import fill
from kawat.press.story import parse

NOW = datetime(2026, 11, 21, 3, 30, tzinfo=UTC)


def test_the_stories_are_many_and_of_every_kind() -> None:
    stories = shipped()
    roles = Counter(s.expected.role for s in stories.values())
    assert len(stories) >= 64
    assert roles["negative"] >= 25
    assert roles["talks"] >= 6
    assert roles["announcement"] >= 1
    assert roles["follow_up"] >= 2
    assert roles["other_language"] >= 5
    assert roles["verbatim"] >= 3
    assert roles["light_edit"] >= 2
    events = {s.expected.event for s in stories.values() if s.expected.label == "agreement"}
    assert len(events) >= 9
    kinds = {s.expected.negative for s in stories.values() if s.expected.role == "negative"}
    assert len(kinds) >= 15
    assert {s.outlet for s in stories.values()} == set(SITES)
    assert {SITES[s.outlet].language for s in stories.values()} == {"id", "en"}


@pytest.mark.parametrize("story_id", list(shipped()))
def test_a_story_is_whole(story_id: str) -> None:
    story = shipped()[story_id]
    words = sum(len(p.split()) for p in story.paragraphs)
    assert 4 <= len(story.paragraphs) <= 11
    assert 85 <= words <= 350
    assert 0 < story.age <= 60
    body = [fill(p, date(2026, 11, 20)) for p in story.paragraphs]
    assert not any("{" in p or "}" in p for p in body)
    expected = story.expected
    if expected.label == "agreement":
        assert expected.event and expected.partner and expected.fields and expected.signed is not None
        assert expected.stage in {"signed", "renewed", "implemented"}
        assert story.day0 >= story.age, "an act is reported after it happened"
    if expected.role == "announcement":
        assert 36 <= story.age <= 60 and story.day0 < story.age and expected.label == "exploratory"
    if expected.role in {"negative", "ordinary"}:
        assert expected.label == "other"


def test_all_reports_of_an_event_agree() -> None:
    by_event: dict[str, list[Story]] = {}
    for story in shipped().values():
        if story.expected.event:
            by_event.setdefault(story.expected.event, []).append(story)
    for event, reports in by_event.items():
        assert len({r.expected.partner for r in reports}) == 1, event
        assert len({r.day0 for r in reports}) == 1, event
        firsts = [r for r in reports if r.expected.role == "original"]
        assert len(firsts) == 1, event
    assert sum(len(reports) >= 2 for reports in by_event.values()) >= 8


def test_every_placeholder_resolves() -> None:
    day = date(2026, 11, 20)
    forms = "{hari}|{hari:+1}|{hari_pendek:-1}|{nama_hari}|{tanggal}|{weekday:-1}|{date_en}|{bulan:+2}|{month_en}"
    forms += "|{tahun:-1}"
    assert fill(forms, day).split("|") == [
        "Jumat (20/11/2026)",
        "Sabtu (21/11/2026)",
        "Kamis (19/11)",
        "Jumat",
        "20 November 2026",
        "Thursday",
        "Nov 20, 2026",
        "Januari",
        "November",
        "2025",
    ]
    for wrong in ("{besok}", "{hari:1}", "{}"):
        with pytest.raises(ValueError, match="unknown placeholder"):
            fill(wrong, day)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("=== a\noutlet: x\nwhat: y\n\nText.", "no such key"),
        ("=== a\noutlet: x\noutlet: y\n\nText.", "given twice"),
        ("=== a\noutlet: x\nage: 1\ntitle: T\nauthor: A\nsection: s\nlabel: other\nrole: negative\n\n", "paragraphs"),
        ("=== a\noutlet: x\nage: 1\ntitle: T\nauthor: A\nsection: s\nlabel: no\nrole: negative\n\nText.", "none of"),
    ],
)
def test_a_broken_story_is_refused(text: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        parse(text)


def test_dates_follow_now_and_the_act_keeps_its_day() -> None:
    for hour in range(0, 24, 5):
        now = datetime(2026, 3, 1, hour, 15, tzinfo=UTC)
        press = Press(now)
        for story in press.stories.values():
            told = press.read(story.id)
            assert told.published <= now
            signed = story.signed_on(now)
            if signed is not None:
                assert signed <= told.published.date()
        days = {press.stories[i].signed_on(now) for i in ("fi-1", "fi-2", "fi-4", "fi-6")}
        assert len(days) == 1
        press.stop()


def test_the_events_and_their_alerts() -> None:
    found = events(shipped(), NOW)
    assert sum(e.alert for e in found.values()) >= 9
    assert not found["ke-wallet"].alert, "a blog alone is not believed"
    finland = found["fi-6g"]
    assert (finland.partner, finland.instrument, finland.stage) == ("FI", "mou", "signed")
    assert finland.reports == ("fi-1", "fi-2", "fi-3", "fi-4", "fi-5") and finland.follow_ups == ("fi-6",)
    assert finland.signed_on == date(2026, 11, 20)
    assert found["kz-space"].announcements == ("kz-0",)
