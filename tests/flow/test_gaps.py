"""Gaps: an outlet that was not read, or whose list moved on, is walked back; what is found is told in one message."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from archive_site import ArchiveSite, agreement, days_back, outlet_file, plain
from newsroom import Newsroom

from kawat.app import App
from kawat.cli.face import Filter
from pipeline.model import WalkKind

pytestmark = pytest.mark.slow
HERE = pytest.mark.parametrize("newsroom", [("o-stocks",)], indirect=True)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
BY_PAGE = "  - {{kind: listing, url: '{base}/indeks?page={{n}}', poll: false, links: 'li a'}}\n"


class Desk:
    """The daemon's work, step by step, under a clock of its own, over an outlet that begins with thirty articles."""

    def __init__(self, newsroom: Newsroom, site: ArchiveSite, sources: str = BY_PAGE, extra: str = "") -> None:
        newsroom.furnish(("o-stocks",))
        path = newsroom.folder / "outlets" / "arsip.yaml"
        path.write_text(outlet_file(site.base, sources=sources.format(base=site.base), extra=extra), encoding="utf-8")
        settings = newsroom.folder / "settings.yaml"
        kept = [x for x in settings.read_text(encoding="utf-8").splitlines() if not x.startswith("outlets:")]
        settings.write_text("\n".join(kept) + "\noutlets: {only: [arsip]}\n", encoding="utf-8")
        self.now = datetime.now(UTC)
        self.site = site
        self.newsroom = newsroom
        self.app = App.open(newsroom.folder, now=lambda: self.now)
        self._stop = threading.Event()

    def tick(self, after: timedelta = timedelta()) -> None:
        self.now += after
        self.app.crawl_due(stop=self._stop)
        self.app.process()
        self.app.compose_due()

    def kinds(self) -> list[str]:
        rows = [row for row in self.app.alerts(Filter(limit=100)) if row["recipient"] == "reader@demo.invalid"]
        return sorted(str(row["kind"]) for row in rows if row["kind"] != "digest")

    def letter(self) -> str:
        self.app.deliver()
        mail = next(
            each.message
            for each in reversed(self.newsroom.mailbox.messages)
            if "reader@" in str(each.message["To"]) and "catch-up" in str(each.message["Subject"])
        )
        body = mail.get_body(("plain",))
        assert body is not None
        return " ".join(body.get_content().split())


def site_now(**changes: object) -> ArchiveSite:
    now = datetime.now(UTC)
    return ArchiveSite(days_back(now - HOUR, 30, 10 * DAY), **changes)  # type: ignore[arg-type]


@HERE
def test_a_weekend_asleep_is_walked_back_and_told_in_one_message(newsroom: Newsroom) -> None:
    with site_now() as site:
        desk = Desk(newsroom, site)
        with desk.app:
            desk.tick()
            known = len(site.articles)
            begin = desk.now
            for hour in range(1, 41):  # while nobody reads: many times what the feed holds
                site.articles.append(plain(known + hour, begin + hour * HOUR))
            site.articles.append(agreement(999, begin + 3 * HOUR))  # long out of the feed when we wake
            site.asked.clear()
            desk.tick(after=41 * HOUR)
            assert {each.path for each in site.articles[known:]} <= set(site.asked)
            assert len(site.asked) == len(set(site.asked))
            assert site.asked.count("/indeks?page=3") == 0  # no further than what was seen before
            (gap,) = desk.app.store.walks.list()
            assert gap.kind is WalkKind.GAP and gap.closed_at is not None and gap.lost == ""
            assert desk.kinds() == ["catch_up"]
            letter = desk.letter()
            assert "Qatar" in letter and "The gap:" in letter and "at Arsip" in letter
            assert "Everything in it could be recovered" in letter
            desk.tick(after=20 * MINUTE)
            assert desk.kinds() == ["catch_up"]
            assert len(desk.app.store.walks.list()) == 1


@HERE
def test_a_list_that_moved_on_between_two_polls_in_time_is_a_gap(newsroom: Newsroom) -> None:
    with site_now() as site:
        desk = Desk(newsroom, site)
        with desk.app:
            desk.tick()
            for minute in range(1, 31):
                site.articles.append(plain(2000 + minute, desk.now + minute * MINUTE))
            desk.tick(after=61 * MINUTE)
            (gap,) = desk.app.store.walks.list()
            assert "nothing that it listed before" in gap.reason
            assert desk.app.store.articles.count() == 10 + 30
            assert desk.kinds() == []  # nothing to tell, so no message; and it is not named again later
            assert desk.app.store.walks.untold() == ()
            for minute in range(1, 31):  # a feed that never lists anything twice is not walked every time
                site.articles.append(plain(3000 + minute, desk.now + minute * MINUTE))
            desk.tick(after=61 * MINUTE)
            assert len(desk.app.store.walks.list()) == 1


@HERE
def test_what_cannot_be_recovered_is_said_to_readers_and_operator(newsroom: Newsroom) -> None:
    with site_now(lists=frozenset()) as site:
        desk = Desk(newsroom, site, sources="")
        with desk.app:
            desk.tick()
            for hour in range(1, 41):
                site.articles.append(plain(2000 + hour, desk.now + hour * HOUR))
            site.articles.append(agreement(999, desk.now + 40 * HOUR))
            desk.tick(after=41 * HOUR)
            (gap,) = desk.app.store.walks.list()
            assert "no sitemap, dated index or numbered list" in gap.lost
            assert "Not recovered: Arsip: it has no sitemap" in desk.letter()
            (issue,) = [each for each in desk.app.issues() if "gap" in each.problem]
            assert issue.subject == "arsip" and "could not be closed" in issue.problem
            desk.tick(after=2 * DAY)
            assert not [each for each in desk.app.issues() if "2000" in each.problem]


@HERE
def test_a_sleep_in_which_the_list_lost_nothing_asks_for_nothing_more(newsroom: Newsroom) -> None:
    with site_now() as site:
        desk = Desk(newsroom, site)
        with desk.app:
            desk.tick()
            site.articles.append(agreement(999, desk.now + HOUR))
            site.asked.clear()
            desk.tick(after=9 * HOUR)
            assert sorted(site.asked) == ["/berita/999/kabar", "/rss"]
            assert desk.kinds() == ["catch_up"]


@HERE
def test_a_gap_is_walked_at_most_seven_days_back(newsroom: Newsroom) -> None:
    with site_now() as site:
        desk = Desk(newsroom, site, sources=BY_PAGE.replace("indeks?page={{n}}", "arsip/{{YYYY-MM-DD}}"))
        site.lists = frozenset({"days"})
        with desk.app:
            desk.tick()
            for day in range(1, 20):
                for part in range(12):
                    site.articles.append(plain(2000 + 12 * day + part, desk.now + day * DAY + part * HOUR))
            desk.tick(after=20 * DAY)
            days = [path for path in site.asked if path.startswith("/arsip/")]
            assert len(days) == len(set(days)) == 8
            (gap,) = desk.app.store.walks.list()
            assert gap.until - gap.since == 7 * DAY


@HERE
def test_a_feeds_ttl_is_obeyed_and_what_makes_the_interval_impossible_is_reported(newsroom: Newsroom) -> None:
    with site_now(channel="<ttl>180</ttl>") as site:
        desk = Desk(newsroom, site, extra="tier: must\n")
        with desk.app:
            desk.tick()
            state = desk.app.store.outlets.state("arsip")
            assert state is not None
            assert 3 * HOUR - MINUTE < state.next_check_at - desk.now < 3 * HOUR + MINUTE
            (issue,) = [each for each in desk.app.issues() if "TTL" in each.problem]
            assert issue.subject == "arsip" and "every 10 min" in issue.problem
            site.asked.clear()
            desk.tick(after=2 * HOUR)
            assert site.asked == []
            desk.tick(after=61 * MINUTE)
            assert site.asked == ["/rss"]
            assert desk.app.store.walks.list() == ()  # what the feed asked for is no gap
