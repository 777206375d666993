"""From an outlet's feed to an alert that arrived, with real parts: Scrapy, SQLite, SMTP, HTTP, processes."""

from __future__ import annotations

import json

import pytest
from newsroom import READERS, Newsroom

from kawat.cli.face import Filter
from kawat.press import events

SMALL = ("qa-1", "qa-2", "n-company-1", "n-foreign-2", "x-ca", "o-stocks", "o-museum")
"""One agreement reported in two languages, talks, and news that is neither, at two outlets."""


def told(newsroom: Newsroom) -> list[str]:
    """Partners of the immediate alerts in the outbox of the mail channel's first reader."""
    with newsroom.app() as app:
        rows = [row for row in app.alerts(Filter(limit=1000)) if row["kind"] == "agreement"]
        return sorted(row["subject"] for row in rows if row["recipient"] == "reader@demo.invalid")


@pytest.mark.parametrize("newsroom", [SMALL], indirect=True)
def test_a_story_becomes_one_mail_and_one_slack_message(newsroom: Newsroom) -> None:
    first = newsroom.spawn()
    assert first.returncode == 0, first.stderr
    mails = [mail.message for mail in newsroom.mailbox.messages]
    assert len(mails) == READERS
    english = next(mail for mail in mails if "reader@" in str(mail["To"]))
    indonesian = next(mail for mail in mails if "pembaca@" in str(mail["To"]))
    assert "Qatar" in str(english["Subject"])
    assert "Qatar" in str(indonesian["Subject"])
    plain = english.get_body(("plain",))
    assert plain is not None
    assert newsroom.press.url("qa-1") in plain.get_content() or newsroom.press.url("qa-2") in plain.get_content()
    (post,) = newsroom.hooks.posts
    assert "Qatar" in json.dumps(post.payload, ensure_ascii=False)
    with newsroom.app() as app:
        (agreement,) = [row for row in app.agreements(Filter()) if row["partner"] == "QA"]
        whole = app.agreement(str(agreement["key"]))
        assert whole is not None
        assert {each["outlet"] for each in whole["reports"]} == {"niagakini", "archipelago"}
        assert whole["quote"]
        assert {each["origin"] for each in whole["reports"]} == {each["origin"] for each in whole["origins"]}
        assert {each["cited"] for each in whole["origins"]} <= {each["url"] for each in whole["reports"]}
        assert whole["origins"][0]["first"] == whole["first_published"]
        assert len(app.articles(Filter())) == len(SMALL)


@pytest.mark.parametrize("newsroom", [SMALL], indirect=True)
def test_a_second_run_finds_nothing_and_sends_nothing(newsroom: Newsroom) -> None:
    newsroom.run()
    sent = len(newsroom.mailbox.messages), len(newsroom.hooks.posts)
    newsroom.press.requests.clear()
    second = newsroom.run("run", "--all", "--json")
    assert second.returncode == 0, second.stderr
    summary = json.loads(second.stdout)
    assert (summary["pages"], summary["articles"], summary["sent"]) == (0, 0, 0)
    assert (len(newsroom.mailbox.messages), len(newsroom.hooks.posts)) == sent
    pages = {newsroom.press.read(story).path.split("?")[0] for story in SMALL}
    assert not [request.path for request in newsroom.press.requests if request.path.split("?")[0] in pages]


@pytest.mark.parametrize("newsroom", [SMALL], indirect=True)
def test_a_later_report_adds_to_the_agreement_and_tells_nobody(newsroom: Newsroom) -> None:
    newsroom.press.withdraw("qa-2")
    newsroom.run()
    before = len(newsroom.mailbox.messages)
    newsroom.press.publish("qa-2")
    newsroom.run()
    assert len(newsroom.mailbox.messages) == before
    with newsroom.app() as app:
        (agreement,) = [row for row in app.agreements(Filter()) if row["partner"] == "QA"]
        assert agreement["sources"] == 2
        why = app.why(newsroom.press.url("qa-2"))
        assert why
        assert any("told before" in step for step in why)


@pytest.mark.parametrize("newsroom", [SMALL], indirect=True)
def test_a_channel_that_is_down_loses_nothing(newsroom: Newsroom) -> None:
    newsroom.hooks.fail(500, path="*", times=1)
    first = newsroom.run()
    assert first.returncode == 0, first.stderr
    assert not newsroom.hooks.posts
    with newsroom.app() as app:
        (waiting,) = app.alerts(Filter(state="waiting"))
        assert waiting["channel"] == "slack"
        assert "500" in str(waiting["reason"])


@pytest.mark.parametrize("newsroom", [SMALL], indirect=True)
def test_an_outlet_that_is_down_stops_no_other(newsroom: Newsroom) -> None:
    newsroom.press.fail("archipelago", "*", 503)
    first = newsroom.run("run", "--all", "--json")
    runs = {run["outlet"]: run for run in json.loads(first.stdout)["runs"]}
    assert not runs["archipelago"]["ok"]
    assert "503" in runs["archipelago"]["reason"]
    assert runs["niagakini"]["ok"]
    assert newsroom.mailbox.messages


@pytest.mark.parametrize("newsroom", [SMALL], indirect=True)
def test_a_challenge_page_is_a_reject_and_never_an_article(newsroom: Newsroom) -> None:
    newsroom.press.fail("niagakini", newsroom.press.read("qa-1").path + "*", "challenge")
    summary = json.loads(newsroom.run("run", "--all", "--json").stdout)
    with newsroom.app() as app:
        assert newsroom.press.url("qa-1") not in {row["url"] for row in app.articles(Filter())}
    rejected = sum(summary["rejects"].values())
    failed = sum(run["failed"] for run in summary["runs"])
    assert rejected + failed == 1


@pytest.mark.slow
def test_the_whole_press_is_told_once_each(newsroom: Newsroom) -> None:
    outcome = newsroom.run()
    assert outcome.returncode == 0, outcome.stderr
    expected = [event for event in events(newsroom.press.stories, newsroom.press.now).values() if event.alert]
    assert told(newsroom) == sorted(event.partner for event in expected)
    asked = {request.path for request in newsroom.press.requests if request.outlet == "nusakabar"}
    assert not [path for path in asked if path.startswith(("/rilis-pers/", "/foto/", "/video/", "/tag/"))]
    with newsroom.app() as app:
        kept = {row["url"]: str(row["key"]) for row in app.articles(Filter(limit=1000))}
        for story in newsroom.press.stories:
            key = kept.get(newsroom.press.url(story))
            if key is None or newsroom.press.stories[story].outlet == "fajar":
                continue  # Fajar prints a second story under a sub-heading: it stays, as a section of its own
            text = str((app.article(key) or {})["text"])
            caption = newsroom.press.stories[story].caption
            left = [piece for piece in newsroom.press.furniture(story) if piece in text and piece != caption]
            assert not left, (story, left)
