"""Routing with the real parts: a real store, real listeners on loopback, the real drain; only the clock is ours."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from delivery_parts import NAMES, NOW, READER, smtp, told, webhook

from kawat.press.receivers import Hooks, Mailbox
from kawat.press.workspace import Workspace
from kawat.routing import Routing, deliver
from kawat.standing import Health
from kawat.telling import Telling
from pipeline.alert.channel import Audience, Channel, ChannelKind, Quiet, Rate, Recipient, Secret, SlackBot
from pipeline.alert.channels.notifiers import notifiers
from pipeline.alert.compose import at_once, counter, daily, update
from pipeline.alert.deliver import Drained
from pipeline.model import Agreement, Alert, Item, Stage
from pipeline.store import Store


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path / 'kawat.db'}") as opened:
        yield opened


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with Mailbox() as opened:
        yield opened


@pytest.fixture
def slack() -> Iterator[Workspace]:
    with Workspace("#ict") as opened:
        yield opened


class Desk:
    """A store and channels, at a time that is set by hand."""

    def __init__(self, store: Store, *channels: Channel) -> None:
        self.store, self.channels, self.now = store, channels, NOW
        self.telling = Telling(store, channels, {}, installed=NOW - timedelta(days=9))

    def put(self, *alerts: Alert) -> None:
        assert self.store.outbox.put(alerts) == len(alerts)

    def send(self, after: timedelta = timedelta(), limit: int = 1000) -> Drained:
        self.now += after
        return deliver(
            self.store,
            Routing(self.store, self.channels, NAMES),
            self.telling,
            notifiers(self.channels, NAMES),
            now=lambda: self.now,
            stop=threading.Event(),
            limit=limit,
        )


def bot(workspace: Workspace, **changes: Any) -> Channel:
    channel = Channel(
        name="bot",
        kind=ChannelKind.SLACK,
        transport=SlackBot(token=Secret(workspace.token), api=workspace.api, loopback=True),
        recipients=(Recipient(address="#ict"),),
        operator="ops@example.org",
    )
    return replace(channel, **changes)


def agreement(key: str, partner: str = "JP", **changes: Any) -> Item:
    one = told()
    return replace(one, agreement=replace(one.agreement, key=key, partner=partner, **changes))


def texts(box: Mailbox) -> list[str]:
    return [each.message.get_body(("plain",)).get_content() for each in box.messages]  # type: ignore[union-attr]


def changed(before: Agreement, **changes: Any) -> Item:
    after = replace(before, revision=before.revision + 1, **changes)
    return replace(told(), agreement=after, before=before, heading="update")


def test_papers_with_one_partner_share_a_message_the_foremost_first_and_later_ones_its_thread(
    store: Store, box: Mailbox, slack: Workspace
) -> None:
    mail, chat = smtp(box), bot(slack)
    desk = Desk(store, mail, chat)
    for channel in (mail, chat):
        desk.put(*at_once(agreement("less", confidence=0.85), channel, now=NOW))
        desk.put(*at_once(agreement("most", confidence=0.99, fields=("space",)), channel, now=NOW))
        desk.put(*at_once(agreement("other", "KR"), channel, now=NOW))
    assert desk.send().sent == 4
    assert [str(each.message["Subject"]) for each in box.messages] == [
        "Indonesia and Japan sign a memorandum of cooperation on space (and 1 more)",
        "Indonesia and KR sign a memorandum of cooperation on telecommunications",
    ]
    assert {each.state for each in store.outbox.list(agreement="less")} == {"folded", "sent"}
    for channel in (mail, chat):
        desk.put(*at_once(agreement("later"), channel, now=NOW + timedelta(hours=20)))
    assert desk.send(timedelta(hours=20)).sent == 2
    first, _, later = (each.message for each in box.messages)
    assert later["References"] == later["In-Reply-To"] == first["Message-ID"]
    assert first["References"] is None
    root, _, reply = slack.messages
    assert (reply.thread, reply.broadcast) == (root.ts, True)
    desk.put(*at_once(agreement("next day"), mail, now=NOW + timedelta(hours=50)))
    desk.send(timedelta(hours=30))
    assert box.messages[-1].message["References"] is None


def test_another_report_edits_the_counter_and_pings_nobody(store: Store, slack: Workspace) -> None:
    chat = bot(slack)
    desk = Desk(store, chat)
    one = agreement("g1")
    desk.put(*at_once(one, chat, now=NOW))
    more = [
        replace(
            one,
            citations=(*one.citations, *(replace(one.quote_source, url=f"https://x.example/{n}") for n in range(m))),
        )
        for m in (1, 2)
    ]
    desk.put(*(alert for each in more for alert in counter(each, chat, now=NOW)))
    desk.send()
    desk.send(timedelta(minutes=2))
    (message,) = slack.messages
    assert message.edits == 1  # both reports in one edit
    assert "+ " in str(message.payload["blocks"]) and "x.example/1" in str(message.payload["blocks"])
    assert store.outbox.counts() == {"sent": 2, "folded": 1}


def test_a_new_fact_replies_in_the_thread_and_an_end_is_shown_in_the_channel(store: Store, slack: Workspace) -> None:
    chat = bot(slack)
    desk = Desk(store, chat)
    one = agreement("g1").agreement
    desk.put(*at_once(agreement("g1"), chat, now=NOW))
    desk.put(*update(changed(one, place="Bali"), chat, now=NOW))
    desk.put(*update(changed(replace(one, revision=2), stage=Stage.ENDED), chat, now=NOW))
    desk.send()
    root, fact, end = slack.messages
    assert (root.thread, fact.thread, end.thread) == ("", root.ts, root.ts)
    assert (fact.broadcast, end.broadcast) == (False, True)
    assert "Place: Tokyo → Bali" in str(fact.payload["blocks"])
    assert "Stage: signed → ended" in str(end.payload["blocks"])


def test_what_goes_below_a_message_waits_for_it_and_stands_alone_where_that_was_given_up(
    store: Store, slack: Workspace
) -> None:
    chat = bot(slack)
    desk = Desk(store, chat)
    desk.put(*at_once(agreement("g1"), chat, now=NOW))
    desk.put(*update(changed(agreement("g1").agreement, place="Bali"), chat, now=NOW))
    slack.fail(500)
    assert desk.send() == Drained(retried=1)
    slack.fail("channel_not_found", times=1)
    desk.send(timedelta(hours=1))
    (alone,) = slack.messages
    assert alone.thread == ""
    assert store.outbox.counts() == {"dead": 1, "sent": 1}


def test_a_flood_is_held_a_quarter_of_an_hour_and_told_in_one_message_that_says_so(store: Store, box: Mailbox) -> None:
    mail = smtp(box)
    desk = Desk(store, mail)
    partners = ["JP", "KR", "CN", "IN", "FR", "DE", "AU", "NL", "TR", "BR", "QA"]
    for each in partners[:6]:
        desk.put(*at_once(agreement(each, each), mail, now=NOW))
    assert desk.send().sent == 6
    for each in partners[6:]:
        desk.put(*at_once(agreement(each, each), mail, now=NOW))
    assert desk.send(timedelta(minutes=10)).sent == 0
    desk.put(*at_once(agreement("late", "SA"), mail, now=desk.now))
    assert desk.send(timedelta(minutes=14)).sent == 0
    assert not store.outbox.overdue(desk.now + timedelta(minutes=10))  # held is not late
    assert desk.send(timedelta(minutes=1)).sent == 1
    last = box.messages[-1].message
    assert str(last["Subject"]).startswith("Unusual volume: ")
    text = texts(box)[-1]
    assert all(f"{n}. " in text for n in range(1, 7)) and "Late" not in text
    assert store.outbox.counts() == {"sent": 7, "folded": 5}


def test_three_hundred_agreements_arrive_complete_in_order_and_within_the_limits(
    store: Store, slack: Workspace
) -> None:
    chat = bot(slack)
    desk = Desk(store, chat)
    alerts = [
        alert
        for n in range(300)
        for alert in at_once(agreement(f"g{n:03}", f"{n:03}", confidence=0.5 + n / 1000), chat, now=NOW)
    ]
    desk.put(*alerts)
    assert desk.send().sent == 0
    sent = desk.send(timedelta(minutes=15), limit=2).sent
    while done := desk.send(timedelta(seconds=2), limit=2).sent:  # round by round: what was folded stays as it is
        sent += done
    assert sent == len(slack.messages) == 15
    shown = " ".join(str(each.payload["blocks"]) for each in slack.messages)
    places = [shown.index(f"Indonesia and {n:03} sign") for n in range(299, -1, -1)]
    assert places == sorted(places)


def test_quiet_hours_hold_and_release_in_one_message(store: Store, box: Mailbox) -> None:
    here = Recipient(address=READER, zone="Asia/Jakarta")
    mail = replace(smtp(box, here), quiet=Quiet(start=time(14), end=time(17)))  # NOW is 15:00 WIB
    desk = Desk(store, mail)
    desk.put(*at_once(agreement("a", "JP"), mail, now=NOW), *at_once(agreement("b", "KR"), mail, now=NOW))
    desk.put(*daily((), mail, due_at=NOW, now=NOW, healthy=41, sources=43))
    assert desk.send().sent == 1  # the digest keeps its time
    assert desk.send(timedelta(minutes=119)).sent == 0
    assert not store.outbox.overdue(desk.now)
    assert desk.send(timedelta(minutes=1)).sent == 1
    text = texts(box)[-1]
    assert "Held over your quiet hours" in text and "Japan" in text and "KR" in text and "Late" not in text


def test_a_silence_hides_and_what_it_hid_can_be_seen_and_released(store: Store, box: Mailbox) -> None:
    mail = smtp(box)
    desk = Desk(store, mail)
    store.silences.add("partner=JP", "Rina", "on leave", now=NOW, ends_at=NOW + timedelta(days=1))
    desk.put(*at_once(agreement("a", "JP"), mail, now=NOW), *at_once(agreement("b", "KR"), mail, now=NOW))
    desk.put(*daily((agreement("c", "JP"), agreement("d", "CN")), mail, due_at=NOW, now=NOW, healthy=1, sources=1))
    assert desk.send().sent == 2
    digest = next(text for text in texts(box) if "Kawat digest" in text)
    assert "Japan" not in digest and "1 lines are left out" in digest and "partner=JP until" in digest
    (hidden,) = store.outbox.list(state="silenced")
    assert "silence 1: on leave (Rina)" in hidden.tries[-1].detail
    assert store.silences.list()[0].hid == 2
    assert store.outbox.revive(hidden.id, desk.now)
    assert desk.send().sent == 1
    assert store.silences.end(1, "Rina", desk.now) and not store.silences.active(desk.now)


def test_a_rate_is_kept_and_holds_up_no_other_channel(store: Store, box: Mailbox, slack: Workspace) -> None:
    chat, mail = bot(slack, rate=Rate(messages=2, per=timedelta(minutes=1))), smtp(box)
    desk = Desk(store, chat, mail)
    for partner in ("JP", "KR", "CN", "FR", "DE"):
        desk.put(*(alert for each in (chat, mail) for alert in at_once(agreement(partner, partner), each, now=NOW)))
    assert desk.send() == Drained(sent=7)
    assert len(slack.messages) == 2
    assert desk.send(timedelta(seconds=59)) == Drained()
    assert desk.send(timedelta(seconds=1)) == Drained(sent=2)
    assert desk.send(timedelta(hours=1)) == Drained(sent=1)


def test_what_was_given_up_is_told_to_the_operator_over_another_channel(store: Store, box: Mailbox) -> None:
    with Hooks() as hooks:
        mail, ops = smtp(box), replace(webhook(hooks), name="ops", audience=Audience.OPERATOR)
        desk = Desk(store, mail, ops)
        box.fail("550 5.1.1 no such user")
        desk.put(*at_once(agreement("a"), mail, now=NOW))
        assert desk.send() == Drained(dead=1, sent=1)
        (post,) = hooks.posts
        assert "1 given up on channel mail" in post.payload["subject"]
        text = " ".join(post.payload["text"].split())
        assert "550 5.1.1 no such user" in text and "kawat alerts retry 1" in text
        assert desk.send(timedelta(hours=1)) == Drained()
        box.heal()
        assert store.outbox.revive(1, desk.now)
        assert desk.send() == Drained(sent=1)


def test_a_digest_made_late_is_not_overdue_at_once_and_says_why(store: Store, box: Mailbox) -> None:
    mail = smtp(box)
    desk = Desk(store, mail)
    desk.put(*daily((), mail, due_at=NOW - timedelta(hours=5), now=NOW, healthy=41, sources=43))
    assert not store.outbox.overdue(NOW)
    assert desk.send().sent == 1
    assert "Late by 5 h because: the machine was off or asleep at its hour" in " ".join(texts(box)[0].split())
    assert "41 of 43 sources healthy" in str(box.messages[0].message["Subject"])


def test_a_digest_comes_at_its_hour_in_each_readers_zone_and_nothing_falls_between(store: Store, box: Mailbox) -> None:
    readers = (
        Recipient(address="jakarta@example.org", zone="Asia/Jakarta"),
        Recipient(address="berlin@example.org", zone="Europe/Berlin"),
    )
    mail = replace(smtp(box, *readers), digest=time(7, 30), digest_weekday=0)
    desk = Desk(store, mail)
    monday = datetime(2025, 3, 31, 0, 30, tzinfo=UTC)  # 07:30 in Jakarta

    def due(at: datetime) -> int:
        return desk.telling.digests(at, lambda: Health(well=1, sources=1))

    assert due(monday - timedelta(minutes=1)) == 2  # of the Monday before
    assert due(monday) == 1
    assert due(monday + timedelta(hours=4, minutes=59)) == 0
    assert due(monday + timedelta(hours=5)) == 1  # 07:30 in Berlin, on summer time
    assert due(monday + timedelta(days=6)) == 0
