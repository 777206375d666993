"""Each verdict arises and clears against the press in a box, with one operator message each way. Time is simulated.

The clock is ours, and the crawl process goes by it; sockets, Scrapy, SQLite and processes are real.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from newsroom import Newsroom

from kawat.app import App
from kawat.cli.face import Filter, Row
from kawat.demo import furnish
from kawat.press import Press
from kawat.press.receivers import Hooks, Mailbox
from kawat.press.story import Story, shipped
from pipeline.model import Run

pytestmark = pytest.mark.slow

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
OPERATOR = """\
  operator:
    kind: file
    path: told
    to: [operator@demo.invalid]
    audience: operator
    digest: false
"""
STORIES = {"niagakini": "o-stocks", "fajar": "o-budget", "kilat": "o-chili"}


class Desk:
    """A newsroom under a clock of its own, with an operator's channel."""

    def __init__(self, room: Newsroom, now: datetime) -> None:
        self.room = room
        self.press = room.press
        self.now = now
        self.app = App.open(room.folder, now=lambda: self.now)

    def poll(self, after: timedelta = timedelta()) -> None:
        """Let time pass, then poll everything, read it, and judge."""
        self.now += after
        self.app.run(everything=True)

    def row(self, slug: str) -> Row:
        return next(row for row in self.app.outlets() if row["slug"] == slug)

    def state(self, slug: str) -> str:
        return str(self.row(slug)["state"])

    def told(self, kind: str = "operator", recipient: str = "operator@demo.invalid") -> list[str]:
        """Subjects of the messages of one kind to one recipient, oldest first; those on deliveries and on the
        week left out, for the clock leaps over the hours of digests."""
        rows = reversed(self.app.alerts(Filter(limit=1000)))
        found = [str(row["subject"]) for row in rows if row["kind"] == kind and row["recipient"] == recipient]
        return [subject for subject in found if not subject.startswith(("delivery:", "week to"))]

    def siblings(self, after: timedelta) -> None:
        """The other outlets print something until then, so that only one is on trial."""
        self.now += after
        for outlet in STORIES.keys() - {"niagakini"}:
            self.publish(outlet, 1, f"{self.now:%m%d%H}")
        self.now -= after

    def publish(self, outlet: str, number: int, mark: str) -> None:
        """Bring out so many ordinary stories of an outlet, fresh at this hour."""
        model = next(story for story in shipped().values() if story.outlet == outlet and not story.expected.event)
        age = (self.press.now - self.now) / HOUR
        for n in range(number):
            self.press.publish(numbered(model, f"{mark}-{n}", age + 0.01 * n))


def numbered(model: Story, name: str, age: float) -> Story:
    """A story of its own in the manner of another."""
    words = [f"{text} Catatan {name} nomor {place}." for place, text in enumerate(model.paragraphs)]
    return replace(
        model, id=f"{model.outlet}-{name}", slug=f"{model.slug}-{name}", title=f"{model.title} {name}", age=age,
        day0=age, paragraphs=tuple(words), pages=1, blocked=False,
    )  # fmt: skip


@pytest.fixture
def desk(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Desk]:
    """`@pytest.mark.parametrize("desk", [instant], indirect=True)` says what time it is."""
    now: datetime = getattr(request, "param", datetime(2026, 8, 11, 5, tzinfo=UTC))  # a Tuesday noon in Jakarta
    with ExitStack() as stack:
        press = stack.enter_context(Press(now, only=set(STORIES.values())))
        mailbox, hooks = stack.enter_context(Mailbox()), stack.enter_context(Hooks())
        room = Newsroom(folder=tmp_path / "kawat", press=press, mailbox=mailbox, hooks=hooks)
        furnish(room.folder, press, mailbox, hooks, outlets=set(STORIES))
        with (room.folder / "channels.yaml").open("a", encoding="utf-8") as file:
            file.write(OPERATOR)
        made = Desk(room, now)
        stack.callback(made.app.close)
        yield made


@pytest.mark.parametrize(
    ("path", "mode", "verdict", "polls"),
    [
        ("*", 403, "blocked", 2),
        ("/feed/", "challenge", "blocked", 2),
        ("/feed/", 404, "moved", 2),
        ("/feed/", "captive", "moved", 3),
        ("*", "refuse", "down", 3),
    ],
)
def test_a_trouble_is_told_once_and_so_is_its_end(
    desk: Desk, path: str, mode: int | str, verdict: str, polls: int
) -> None:
    desk.poll()
    assert desk.state("niagakini") == "ok"
    desk.press.fail("niagakini", path, mode)
    for _ in range(polls):
        assert desk.told() == []
        desk.poll(20 * MINUTE)
    assert desk.state("niagakini") == verdict
    assert desk.row("niagakini")["evidence"]
    assert desk.row("niagakini")["remedy"]
    assert desk.row("niagakini")["since"] <= desk.now
    desk.poll(HOUR)
    assert desk.told() == [f"NiagaKini: {verdict}"]
    desk.press.heal()
    desk.poll(HOUR)
    assert desk.state("niagakini") == "ok"
    desk.poll(HOUR)
    assert desk.told() == [f"NiagaKini: {verdict}", f"NiagaKini is well again (was {verdict})"]


def test_case_15_walls_that_answer_200_are_no_articles_and_their_sources_are_blocked(desk: Desk) -> None:
    desk.poll()
    before = desk.app.store.articles.count()
    for outlet, wall in {"niagakini": "consent", "fajar": "login", "kilat": "denied"}.items():
        desk.press.fail(outlet, "*-dinding-*", wall)
        desk.publish(outlet, 4, "dinding")
    desk.poll(HOUR)
    assert desk.app.store.articles.count() == before
    for outlet in STORIES:
        assert desk.state(outlet) == "blocked"
        assert "instead of articles" in desk.row(outlet)["evidence"]
    names = sorted(str(desk.row(outlet)["name"]) for outlet in STORIES)
    assert sorted(desk.told()) == [f"{name}: blocked" for name in names]
    desk.press.heal()
    for outlet in STORIES:
        desk.publish(outlet, 2, "terbuka")
    desk.poll(HOUR)
    assert {desk.state(outlet) for outlet in STORIES} == {"ok"}
    assert sorted(desk.told()[3:]) == [f"{name} is well again (was blocked)" for name in names]


def test_case_16_a_captive_portal_that_answers_for_everybody_is_our_network(desk: Desk) -> None:
    desk.poll()
    before = desk.app.store.articles.count()
    for outlet in STORIES:
        desk.press.fail(outlet, "*", "captive")
    for _ in range(3):
        desk.poll(20 * MINUTE)
    assert {desk.state(slug) for slug in STORIES} == {"our network"}
    assert desk.told() == ["our network is gone"]
    assert desk.app.store.articles.count() == before
    desk.press.heal()
    desk.poll(HOUR)
    assert {desk.state(slug) for slug in STORIES} <= {"ok", "quiet"}
    assert desk.told() == ["our network is gone", "our network is back"]


def test_case_22_two_articles_under_one_address_are_two_revisions(desk: Desk) -> None:
    model = next(story for story in shipped().values() if story.outlet == "niagakini" and story.expected.event)
    first = numbered(model, "langsung", 0.5)
    desk.press.publish(first)
    desk.poll()
    url = desk.press.url(first.id)
    stored = desk.app.article(url)
    assert stored is not None
    other = tuple(
        f"Pembaruan kedua dari lapangan nomor {n}: hal yang sama sekali lain terjadi di sini." for n in range(6)
    )
    desk.press.publish(replace(first, title="Langsung: kabar yang lain sama sekali", paragraphs=other))
    desk.poll(HOUR)
    now = desk.app.article(url)
    assert now is not None and now["key"] == stored["key"]
    assert [revision.revision for revision in desk.app.store.articles.revisions(str(now["key"]))] == [1, 2]
    assert "Pembaruan kedua" in str(now["text"]) and "Pembaruan kedua" not in str(stored["text"])


def test_our_own_network_gone_is_one_message_and_readers_hear_after_two_hours(desk: Desk) -> None:
    desk.poll()
    for outlet in STORIES:
        desk.press.fail(outlet, "*", "refuse")
    for _ in range(5):
        desk.poll(20 * MINUTE)
    assert {desk.state(slug) for slug in STORIES} == {"our network"}
    assert desk.told() == ["our network is gone"]
    assert desk.told("notice", "reader@demo.invalid") == []
    desk.poll(HOUR)
    desk.poll(HOUR)
    assert desk.told() == ["our network is gone"]
    assert desk.told("notice", "reader@demo.invalid") == ["Kawat cannot see the press at present"]
    assert desk.told("notice", "pembaca@demo.invalid") == ["Kawat sedang tidak dapat membaca pers"]
    desk.press.heal()
    desk.poll(HOUR)
    desk.poll(HOUR)
    assert {desk.state(slug) for slug in STORIES} <= {"ok", "quiet"}
    assert desk.told() == ["our network is gone", "our network is back"]
    assert desk.told("notice", "reader@demo.invalid")[1:] == ["Kawat sees the press again"]


def test_a_redesign_at_noon_is_read_generically_and_keeps_both_pages(desk: Desk) -> None:
    desk.publish("niagakini", 14, "lama")
    desk.poll()
    desk.press.redesign("niagakini", "radio")
    desk.publish("niagakini", 5, "gaya")
    desk.poll(HOUR)
    assert desk.state("niagakini") == "redesigned"
    assert desk.told() == ["NiagaKini: redesigned"]
    row = next(row for row in desk.app.articles(Filter(limit=100)) if "gaya" in row["url"])
    whole = desk.app.article(str(row["key"]))
    assert whole is not None
    assert len(whole["text"]) > 200
    assert "degraded" in {step["field"] for step in whole["steps"]}
    sight = desk.app.store.health.sight("niagakini")
    assert sight is not None
    assert sight.first_bad is not None
    assert sight.last_good is not None
    assert "gaya" in sight.first_bad.url
    assert "gaya" not in sight.last_good.url
    assert sight.first_bad.record is not None
    assert desk.app.store.health.held() >= {sight.first_bad.record.file}
    desk.poll(HOUR)
    assert desk.told() == ["NiagaKini: redesigned"]
    desk.press.redesign("niagakini", None)
    desk.publish("niagakini", 3, "lagi")
    desk.poll(HOUR)
    assert desk.state("niagakini") == "ok"
    assert desk.told() == ["NiagaKini: redesigned", "NiagaKini is well again (was redesigned)"]
    assert desk.app.store.health.held() == frozenset()


def test_a_dead_feed_that_answers_is_silent_and_ends_with_the_next_article(desk: Desk) -> None:
    history(desk, until=desk.now)
    desk.poll()
    for _ in range(3):
        desk.siblings(8 * HOUR)
        desk.poll(8 * HOUR)
    assert desk.state("niagakini") == "silent"
    assert desk.told() == ["NiagaKini: silent"]
    desk.siblings(8 * HOUR)
    desk.poll(8 * HOUR)
    desk.publish("niagakini", 1, "gaya")
    desk.poll(HOUR)
    assert desk.state("niagakini") == "ok"
    assert desk.told() == ["NiagaKini: silent", "NiagaKini is well again (was silent)"]


LEBARAN = datetime(2026, 3, 17, 11, tzinfo=UTC)
"""The evening before Nyepi's and Lebaran's joint leave of 2026."""


@pytest.mark.parametrize("desk", [LEBARAN], indirect=True)
def test_a_quiet_lebaran_is_told_to_nobody_and_a_silent_week_after_it_is(desk: Desk) -> None:
    history(desk, until=desk.now)
    desk.poll()
    for _ in range(7):
        desk.siblings(DAY)
        desk.poll(DAY)
        assert desk.state("niagakini") in {"ok", "quiet"}
    assert desk.state("niagakini") == "quiet"
    assert "within its rhythm" in desk.row("niagakini")["evidence"]
    assert desk.told() == []
    for _ in range(2):
        desk.siblings(DAY)
        desk.poll(DAY)
    assert desk.state("niagakini") == "silent"
    assert desk.told() == ["NiagaKini: silent"]


def history(desk: Desk, *, until: datetime) -> None:
    """Three weeks of polls of outlets that print something every hour of a working day, as the crawler stores them."""
    at = until - 21 * DAY
    while at < until:
        local = at + 7 * HOUR
        new = int(7 <= local.hour <= 20 and local.weekday() < 6)
        for slug in STORIES:
            desk.app.store.inbox.finish(
                Run(
                    outlet=slug, started_at=at, finished_at=at, ok=True, sources=1, unchanged=0, items=20,
                    candidates=new, fetched=0, failed=0,
                )
            )  # fmt: skip
        at += HOUR
