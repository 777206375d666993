"""`kawat backfill`: by page, day or sitemap; killed at a random moment, and asked for again.

KAWAT_BACKFILL_PAGES says over how many pages it is killed, at another moment each time (`make faults`: 1,000); else it
is one moment among few pages, the same in every run.
"""

from __future__ import annotations

import collections
import json
import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from archive_site import ArchiveSite, Printed, agreement, days_back, outlet_file
from newsroom import Newsroom

from kawat.cli.face import Filter

ROUTES = {
    "pages": "  - {{kind: listing, url: '{base}/indeks?page={{n}}', poll: false, links: 'li a'}}\n",
    "days": "  - {{kind: listing, url: '{base}/arsip/{{YYYY-MM-DD}}', poll: false, links: 'li a'}}\n",
    "sitemap": "  - {{kind: sitemap, url: '{base}/sitemap.xml', poll: false}}\n",
    "robots": "",
}


def furnish(newsroom: Newsroom, site: ArchiveSite, route: str, extra: str = "") -> None:
    newsroom.furnish(("o-stocks",))
    path = newsroom.folder / "outlets" / "arsip.yaml"
    path.write_text(outlet_file(site.base, sources=ROUTES[route].format(base=site.base), extra=extra), encoding="utf-8")
    settings = newsroom.folder / "settings.yaml"
    lines = settings.read_text(encoding="utf-8").splitlines()
    settings.write_text("\n".join(x for x in lines if not x.startswith("outlets:")) + "\noutlets: {only: [arsip]}\n")


def backfill(newsroom: Newsroom, *arguments: str) -> dict[str, object]:
    done = newsroom.run("backfill", "arsip", "--json", *arguments)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


@pytest.mark.slow
@pytest.mark.parametrize("newsroom", [("o-stocks",)], indirect=True)
@pytest.mark.parametrize("route", list(ROUTES))
def test_the_past_is_read_by_any_list_and_tells_nobody(newsroom: Newsroom, route: str) -> None:
    now = datetime.now(UTC)
    lists = frozenset({route} if route != "robots" else {"robots", "sitemap"})
    articles = days_back(now, 120, timedelta(days=40))
    articles.append(agreement(999, now - timedelta(days=1)))
    with ArchiveSite(articles, lists=lists) as site:
        furnish(newsroom, site, route)
        since = now - timedelta(days=20)
        done = backfill(newsroom, "--since", f"{since:%Y-%m-%d}")
        wanted = {each.path for each in articles if each.at >= since}
        fetched = [path for path in site.asked if path.startswith("/berita/")]
        assert wanted <= set(fetched)
        assert len(fetched) == len(set(fetched))
        assert not [path for path in fetched if path not in wanted and path not in _within(articles, since)]
        assert done["left"] == 0 and done["given_up"] == 0
    with newsroom.app() as app:
        assert app.alerts(Filter()) == []
        assert [row["partner"] for row in app.agreements(Filter())] == ["QA"]
        why = app.why(site.base + "/berita/999/kabar")
        assert why is not None and any("backfill that tells nobody" in step for step in why)
        assert app.store.runs.latest("arsip") == ()  # a walk is no poll


def _within(articles: Sequence[Printed], since: datetime) -> set[str]:
    """What may be fetched too: the walk is a day or a list page generous."""
    return {each.path for each in articles if each.at >= since - timedelta(days=20)}


@pytest.mark.slow
@pytest.mark.parametrize("newsroom", [("o-stocks",)], indirect=True)
def test_with_alert_fresh_news_is_told_under_the_usual_rules(newsroom: Newsroom) -> None:
    now = datetime.now(UTC)
    with ArchiveSite([*days_back(now, 20, timedelta(days=5)), agreement(999, now - timedelta(hours=5))]) as site:
        furnish(newsroom, site, "pages")
        backfill(newsroom, "--since", f"{now - timedelta(days=3):%Y-%m-%d}", "--alert")
    with newsroom.app() as app:
        assert {row["kind"] for row in app.alerts(Filter())} == {"agreement"}


@pytest.mark.slow
@pytest.mark.parametrize("newsroom", [("o-stocks",)], indirect=True)
def test_killed_at_a_random_moment_it_goes_on_and_fetches_no_page_twice(newsroom: Newsroom) -> None:
    now = datetime.now(UTC)
    number = int(os.environ.get("KAWAT_BACKFILL_PAGES", "250"))
    reached = threading.Event()
    moment = random.Random(None if "KAWAT_BACKFILL_PAGES" in os.environ else number).randint(50, number - 100)
    print(f"killed after {moment} pages")  # shown where the test fails
    seen: set[int] = set()

    def count(article: int) -> None:
        seen.add(article)
        if len(seen) >= moment:
            reached.set()

    with ArchiveSite(days_back(now, number, timedelta(days=30)), on_article=count) as site:
        furnish(newsroom, site, "pages")
        command = [sys.executable, "-m", "kawat", "--dir", str(newsroom.folder), "backfill", "arsip", "--json"]
        command += ["--since", f"{now - timedelta(days=31):%Y-%m-%d}"]
        with subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        ) as first:
            assert reached.wait(120)
            crawl = _children(first.pid)
            first.send_signal(signal.SIGKILL)
            first.wait()
            for pid in crawl:
                _kill(pid)
        before = len(site.asked)
        done = subprocess.run(command, capture_output=True, text=True, timeout=500, check=False)
        assert done.returncode == 0, done.stderr
        asked = collections.Counter(site.asked)
        pages = {path: times for path, times in asked.items() if path.startswith("/berita/")}
        assert len(pages) == number
        twice = [path for path, times in asked.items() if times > 1]
        # what was under way at the very moment was never landed: it is the only one that may be asked for again
        assert len(twice) <= 1, twice
        assert before < len(site.asked) <= number + 25
    with newsroom.app() as app:
        assert app.store.articles.count() == number


def _children(pid: int) -> list[int]:
    listing = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(each) for each in listing.read_text().split()] if listing.exists() else []


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def test_what_makes_no_sense_is_refused(newsroom: Newsroom) -> None:
    for arguments in (["--since", "gestern"], [], ["--since", "2999-01-01"], ["nobody", "--since", "2026-01-01"]):
        refused = newsroom.run("backfill", *arguments)
        assert refused.returncode == 2, (arguments, refused.stderr)
        assert refused.stderr.strip()
