"""What can be proven afterwards: an alert rebuilt, what was given up sent again, a drill, the operator's note."""

from __future__ import annotations

import json
from datetime import UTC, datetime, time, timedelta, timezone

import pytest
from newsroom import READERS, Newsroom

from kawat.app import App
from kawat.cli.face import Filter
from pipeline.errors import UsageError

WIB = timezone(timedelta(hours=7))
STORIES = ("qa-1", "x-ar", "o-stocks")
"""An agreement, talks for the digest, and neither."""


@pytest.mark.slow
@pytest.mark.parametrize("newsroom", [STORIES], indirect=True)
def test_alerts_are_rebuilt_and_what_differs_is_said(newsroom: Newsroom) -> None:
    with newsroom.app() as app:
        app.run(everything=True)
        told = [row for row in app.alerts(Filter(limit=100)) if row["kind"] == "agreement"]
        assert len(told) == READERS + 1
        for row in told:
            again = app.replay(str(row["id"]))
            assert (again["identical"], again["differs"], again["lost"]) == (True, [], [])
            assert (again["rules_changed"], again["code_changed"]) == (False, False)
        shown = app.alert(str(told[0]["id"]))
        legs = shown["latency"]
        assert legs["whole"] >= legs["discovery"] >= 0 and legs["delivery"] >= 0
        assert app.alert(str(shown["key"])[:12])["id"] == shown["id"]
        assert [row["leg"] for row in app.times(None)] == ["discovery", "decision", "delivery", "whole"]
        assert all(row["median"] <= row["p95"] and row["alerts"] == READERS + 1 for row in app.times(None))
        number = str(told[0]["id"])
        (url,) = app.replay(number)["articles"]
        stored = app.store.articles.by_url(url)
        assert stored is not None

    (newsroom.folder / "outlets" / "extra.yaml").write_text(
        "name: Lain\nhomepage: https://lain.example/\nlanguages: [id]\nenabled: false\ndisabled_reason: a test\n"
        "sources: [{kind: feed, url: https://lain.example/rss}]\n",
        encoding="utf-8",
    )
    with newsroom.app() as app:
        again = app.replay(number)
        assert (again["identical"], again["rules_changed"], again["code_changed"]) == (True, True, False)
        history = json.loads(app.store.meta.get("code") or "")
        history[-1][1] = "other"
        app.store.meta.set("code", json.dumps(history))
        assert app.replay(number)["code_changed"] is True

        archive = app.archive / stored.record.file
        archive.rename(archive.with_suffix(".away"))
        gone = app.replay(number)
        assert not gone["identical"]
        assert gone["differs"] and "is gone" in gone["lost"][0]


@pytest.mark.slow
@pytest.mark.parametrize("newsroom", [STORIES], indirect=True)
def test_a_drill_reaches_every_channel_marked_and_leaves_nothing(newsroom: Newsroom) -> None:
    with newsroom.app() as app:
        rows = app.drill()
        assert [row["outcome"] for row in rows] == ["ok"] * (2 + READERS + 1), rows
        assert "Qatar" in rows[1]["detail"]
        assert not list(app.configuration.data_dir.glob("drill-*"))
        assert (app.store.articles.count(), app.store.agreements.count(), app.alerts(Filter())) == (0, 0, [])
    assert len(newsroom.mailbox.messages) == READERS
    for mail in newsroom.mailbox.messages:
        assert mail.message["Subject"].startswith("[TEST] ")
        body = mail.message.get_body(("plain",))
        assert body is not None and "invented" in body.get_content()
    (post,) = newsroom.hooks.posts
    assert "TEST" in post.payload["text"]

    newsroom.hooks.fail(500)
    with newsroom.app() as app:
        failed = [row for row in app.drill() if row["outcome"] == "failed"]
    assert [row["step"] for row in failed] == ["slack: #perjanjian"]
    assert "500" in failed[0]["detail"]


@pytest.mark.slow
@pytest.mark.parametrize("newsroom", [STORIES], indirect=True)
def test_what_was_given_up_is_sent_by_retry(newsroom: Newsroom) -> None:
    newsroom.mailbox.fail("550 5.1.1 no such user", recipient="reader@*")
    assert newsroom.run().returncode == 3  # degraded, and says so
    with newsroom.app() as app:
        (failed,) = app.alerts(Filter(state="failed"))
        assert "no such user" in failed["reason"]
        with pytest.raises(UsageError, match="only what was given up"):
            app.retry([str(row["id"]) for row in app.alerts(Filter(state="sent"))][:1], all_failed=False)
    newsroom.mailbox.heal()
    again = newsroom.run("alerts", "retry", str(failed["id"]), "--json")
    assert again.returncode == 0, again.stderr
    assert json.loads(again.stdout)["state"] == "sent"
    assert sum(mail.recipients == ("reader@demo.invalid",) for mail in newsroom.mailbox.messages) == 1


@pytest.mark.slow
@pytest.mark.parametrize("newsroom", [STORIES], indirect=True)
def test_the_operator_gets_one_note_a_week(newsroom: Newsroom) -> None:
    channels = newsroom.folder / "channels.yaml"
    operator = (
        "  watch:\n    kind: smtp\n    host: 127.0.0.1\n"
        f"    port: {newsroom.mailbox.port}\n    security: plain\n    audience: operator\n    to: [ops@demo.invalid]\n"
    )
    channels.write_text(channels.read_text(encoding="utf-8") + operator, encoding="utf-8")
    with newsroom.app() as app:
        app.run(everything=True)
    newsroom.mailbox.messages.clear()
    started = app.now().astimezone(WIB)
    ends = datetime.combine(started.date() + timedelta(days=7 - started.weekday()), time(7, 30), WIB)
    if ends - started > timedelta(days=7):  # a Monday before the hour
        ends -= timedelta(days=7)
    with App.open(newsroom.folder, now=lambda: (ends + timedelta(minutes=30)).astimezone(UTC)) as app:
        app.compose_due()
        app.compose_due()
        app.deliver()
    notes = [mail.message for mail in newsroom.mailbox.messages if "week to" in mail.message["Subject"]]
    assert [note["To"] for note in notes] == ["ops@demo.invalid"]
    body = notes[0].get_body(("plain",))
    assert body is not None
    text = body.get_content()
    for part in ("Sent:", "Held:", "Hidden:", "Late:", "Given up:", "Blind:", "delivery: median"):
        assert part in text
