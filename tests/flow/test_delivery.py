"""From the outbox to real listeners on loopback that refuse, break off and recover, with real kills in between.

In every case nothing is lost, and what may have arrived before says so.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from delivery_parts import FIVE, LATER, NAMES, NOW, QUOTE, READER, alerts, slack, smtp, webhook

from kawat.press.receivers import Hooks, Mailbox
from pipeline.alert.channel import Channel, ChannelKind, Folder, Recipient
from pipeline.alert.channels.notifiers import notifiers
from pipeline.alert.compose import trial
from pipeline.alert.deliver import Drained, drain
from pipeline.model import Delivery
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
def hooks() -> Iterator[Hooks]:
    with Hooks() as opened:
        yield opened


def run(store: Store, *channels: Channel, at: datetime = NOW) -> Drained:
    return drain(store.outbox, notifiers(channels, NAMES), now=lambda: at)


def test_every_channel_once_and_never_again(store: Store, box: Mailbox, hooks: Hooks, tmp_path: Path) -> None:
    folder = Channel(
        name="files",
        kind=ChannelKind.FILE,
        transport=Folder(path=tmp_path / "unsent"),
        recipients=(Recipient(address="anybody", language="id"),),
    )
    channels = (smtp(box), slack(hooks), webhook(hooks), folder)
    queued = [alert for channel in channels for alert in alerts(channel)]
    assert store.outbox.put(queued) == 4
    assert store.outbox.put(queued) == 0
    assert run(store, *channels) == Drained(sent=4)
    assert run(store, *channels, at=NOW + timedelta(days=9)) == Drained()
    (mail,) = box.messages
    assert mail.recipients == (READER,)
    assert mail.message["Subject"] == "Indonesia and Japan sign a memorandum of cooperation on telecommunications"
    assert QUOTE in mail.message.get_body(("html",)).get_content()  # type: ignore[union-attr]
    (file,) = (tmp_path / "unsent").iterdir()
    assert file.suffix == ".eml" and b"Indonesia" in file.read_bytes()
    by_kind = {post.kind: post for post in hooks.posts}
    assert QUOTE in json.dumps(by_kind["slack"].payload, ensure_ascii=False)
    generic = by_kind["generic"]
    assert generic.headers["idempotency-key"] == generic.payload["id"] == alerts(channels[2])[0].key
    mac = hmac.new(b"k3y", generic.raw, hashlib.sha256).hexdigest()
    assert generic.headers["x-kawat-signature"] == f"sha256={mac}"
    assert generic.payload["items"][0]["quote"] == QUOTE


def test_a_channel_that_is_down_keeps_no_other_waiting_and_loses_nothing(
    store: Store, box: Mailbox, hooks: Hooks
) -> None:
    mail, chat = smtp(box, *FIVE), slack(hooks)
    store.outbox.put([*alerts(mail), *alerts(chat)])
    box.fail("drop_before")
    done = run(store, mail, chat)
    assert (done.sent, done.retried) == (1, 5)
    assert box.attempts == 1  # it may have taken that one; the rest waits for the channel to recover
    box.heal()
    assert run(store, mail, chat, at=NOW + timedelta(minutes=4)) == Drained(sent=5)
    assert sorted(mail.recipients for mail in box.messages) == [(f"r{n}@example.org",) for n in range(5)]


def test_one_recipient_refused_of_five(store: Store, box: Mailbox) -> None:
    mail = smtp(box, *FIVE)
    store.outbox.put(alerts(mail))
    box.fail("550 5.1.1 no such user", recipient="r3@*")
    box.fail("451 4.7.1 greylisted", recipient="r1@*", times=1)
    assert run(store, mail) == Drained(sent=3, retried=1, dead=1)
    assert run(store, mail, at=LATER) == Drained(sent=1)
    assert store.outbox.counts() == {"dead": 1, "sent": 4}
    (dead,) = store.outbox.list(state="dead")
    assert "550 5.1.1 no such user" in dead.tries[-1].detail
    assert len(box.messages) == 4


def test_dropped_after_acceptance_comes_again_marked(store: Store, box: Mailbox) -> None:
    mail = smtp(box)
    store.outbox.put(alerts(mail))
    box.fail("drop_after", times=1)
    assert run(store, mail) == Drained(retried=1)
    assert run(store, mail, at=LATER) == Drained(sent=1)
    first, second = (each.message for each in box.messages)
    assert first["Message-ID"] == second["Message-ID"]
    assert "Possible repeat" not in first.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "Possible repeat" in second.get_body(("plain",)).get_content()  # type: ignore[union-attr]


def test_dropped_before_acceptance_may_have_arrived_too(store: Store, box: Mailbox) -> None:
    mail = smtp(box)
    store.outbox.put(alerts(mail))
    box.fail("drop_before", times=1)
    run(store, mail)
    run(store, mail, at=LATER)
    (only,) = box.messages  # from our side the two cases look alike, so this one is marked as well
    assert "Possible repeat" in only.message.get_body(("plain",)).get_content()  # type: ignore[union-attr]


def test_gives_up_after_five_days_and_says_so(store: Store, box: Mailbox) -> None:
    mail = smtp(box)
    store.outbox.put(alerts(mail))
    box.fail("451 try later")
    moment = NOW
    while store.outbox.counts() == {"pending": 1} and moment < NOW + timedelta(days=9):
        run(store, mail, at=moment)
        moment += timedelta(minutes=10)
    assert timedelta(days=4, hours=20) < moment - NOW < timedelta(days=5, hours=7)
    (dead,) = store.outbox.list(state="dead")
    assert dead.tries[-1].detail.startswith("given up after 5 days: message refused: 451")
    assert 20 < len(dead.tries) < 60


def test_two_senders_never_send_one_row(store: Store, box: Mailbox, tmp_path: Path) -> None:
    mail = smtp(box, *FIVE)
    store.outbox.put(alerts(mail))
    with Store.open(f"sqlite:///{tmp_path / 'kawat.db'}") as second:
        senders = notifiers((mail,), NAMES)
        turns = iter(range(100))

        def interleaved() -> bool:
            if next(turns) % 2 == 0:
                drain(second.outbox, senders, now=lambda: NOW, limit=1)
            return False

        drain(store.outbox, senders, now=lambda: NOW, stop=interleaved)
    assert sorted(each.recipients[0] for each in box.messages) == [f"r{n}@example.org" for n in range(5)]


def test_a_lease_taken_over_is_not_sent(store: Store, box: Mailbox) -> None:
    mail = smtp(box)
    store.outbox.put(alerts(mail))

    class Slow:
        """The store as a sender sees it that slept between claim and send."""

        def claim_due(self, now: datetime, lease_for: timedelta, limit: int, **options: Any) -> tuple[Delivery, ...]:
            mine = store.outbox.claim_due(now, lease_for, limit)
            store.outbox.claim_due(now + timedelta(hours=1), lease_for, limit)
            return mine

        mark_sending = store.outbox.mark_sending
        record = store.outbox.record
        sent_since = store.outbox.sent_since
        due_on = store.outbox.due_on

    done = drain(Slow(), notifiers((mail,), NAMES), now=lambda: NOW, limit=1)
    assert done == Drained(skipped=1)
    assert not box.messages


def test_a_channel_taken_out_of_the_configuration_waits(store: Store, box: Mailbox) -> None:
    store.outbox.put(alerts(smtp(box)))
    assert run(store) == Drained(retried=1)
    assert run(store, smtp(box), at=NOW + timedelta(minutes=11)) == Drained(sent=1)
    store.outbox.put(trial(smtp(box), now=NOW))
    assert run(store, smtp(box, *FIVE), at=LATER) == Drained(dead=1)


def test_stop_is_asked_between_messages(store: Store, box: Mailbox) -> None:
    mail = smtp(box, *FIVE)
    store.outbox.put(alerts(mail))
    drain(store.outbox, notifiers((mail,), NAMES), now=lambda: NOW, stop=lambda: len(box.messages) >= 2)
    assert len(box.messages) == 2
    assert store.outbox.counts() == {"pending": 3, "sent": 2}


SENDER = """
import sys
from datetime import datetime, timedelta
from pipeline.alert.channel import *
from pipeline.alert.channels.notifiers import notifiers
from pipeline.alert.deliver import drain
from pipeline.alert.words import Names
from pipeline.store import Store
url, port, at = sys.argv[1], int(sys.argv[2]), datetime.fromisoformat(sys.argv[3])
mail = Channel(name="mail", kind=ChannelKind.SMTP, recipients=(Recipient(address="reader@example.org"),),
    transport=Smtp(host="127.0.0.1", port=port, security=Security.PLAIN, sender="kawat@example.org"))
with Store.open(url) as store:
    drain(store.outbox, notifiers((mail,), Names({})), now=lambda: at)
"""


@pytest.mark.parametrize(
    ("point", "expected"), [("before-send", (1, True)), ("after-accept", (2, True)), ("after-record", (1, False))]
)
def test_killed(store: Store, box: Mailbox, tmp_path: Path, point: str, expected: tuple[int, bool]) -> None:
    """`expected`: how many messages arrive in all, and whether the last is marked as a possible repeat."""
    store.outbox.put(alerts(smtp(box)))
    root = Path(__file__).parents[2]

    def sender(at: datetime, **environ: str) -> int:
        command = [sys.executable, "-c", SENDER, f"sqlite:///{tmp_path / 'kawat.db'}", str(box.port), at.isoformat()]
        return subprocess.run(
            command, env={**os.environ, "PYTHONPATH": str(root), **environ}, check=False, timeout=60, cwd=tmp_path
        ).returncode

    assert sender(NOW, KAWAT_KILL_AT=point) == -signal.SIGKILL
    assert sender(NOW) == 0  # its lease still runs
    assert sender(LATER) == 0
    last = box.messages[-1].message.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert (len(box.messages), "Possible repeat" in last) == expected
    assert store.outbox.counts() == {"sent": 1}
