"""Two agreements that are one: who was told of either was told of it, hears of it once, below what they were told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from newsdesk import CHANNEL, Newsdesk
from test_agreements_deciding import POWER, SPACE, at, key_of, member

from pipeline.alert.channel import Channel, Folder, Recipient
from pipeline.alert.plan import SHIPPED
from pipeline.model import AlertKind, Stage, Standing, Urgency
from pipeline.store import Store

SECOND = Channel(
    name="second",
    kind=CHANNEL.kind,
    transport=Folder(path=Path("unused")),
    recipients=(Recipient(address="second@x.example"),),
)
SPACE_ONLY = replace(SHIPPED, fields=("space",))
POWER_ONLY = replace(SHIPPED, fields=("renewables",))


@pytest.fixture
def desk() -> Iterator[Newsdesk]:
    """One channel watches space, the other renewable energy."""
    watches = {"desk": (CHANNEL, SPACE_ONLY), "second": (SECOND, POWER_ONLY)}
    made = Newsdesk(store=Store.open("sqlite://"), watches=watches)
    for each in (*SPACE, *POWER):
        made.take(each)
    yield made
    made.store.close()


def told_to(desk: Newsdesk, key: str) -> frozenset[str]:
    return desk.store.notices.told_to(key)


def test_each_channel_was_told_of_the_agreement_that_stays(desk: Newsdesk) -> None:
    desk.deliver()
    space, power = key_of(desk, "/a"), key_of(desk, "/p")
    assert told_to(desk, space) == {"desk"}
    assert told_to(desk, power) == {"second"}
    desk.deciding.merge((space, power), "Wirya", "one paper")
    assert told_to(desk, space) == {"desk", "second"}
    desk.take(member("late", home="esdm", fields="renewables", days=2, stage=Stage.SIGNED))
    assert len(desk.messages(AlertKind.AGREEMENT, "second@x.example")) == 1
    root = desk.store.streams.roots("second", "second@x.example", [space])
    (first,) = desk.messages(AlertKind.AGREEMENT, "second@x.example")
    assert root[space].key == first.key  # what follows goes below what this reader was told


def test_who_was_told_of_one_hears_what_is_otherwise_now(desk: Newsdesk) -> None:
    desk.deliver()
    space, power = key_of(desk, "/a"), key_of(desk, "/p")
    desk.deciding.merge((space, power), "Wirya", "one paper")
    assert [each.body for each in desk.messages(AlertKind.CORRECTION) if "one and the same" in each.body] == []
    desk.deciding.edit(space, {"stage": "announced"}, "Wirya", "only initialled")
    for reader in ("en@x.example", "second@x.example"):
        last = desk.messages(AlertKind.CORRECTION, reader)[-1]
        assert "Stage: announced" in last.body


def test_what_waits_is_told_once_and_corrected_for_nobody() -> None:
    desk = Newsdesk(store=Store.open("sqlite://"))
    for each in (*SPACE, *POWER):
        desk.take(each)
    space, power = key_of(desk, "/a"), key_of(desk, "/p")
    desk.deciding.merge((space, power), "Wirya", "one paper")
    assert desk.deliver() - len(desk.messages(AlertKind.CORRECTION)) * 2 == 2  # one alert to each of two readers
    assert [each for each in desk.messages(AlertKind.CORRECTION) if "one and the same" in each.body] == []
    desk.store.close()


def test_what_waits_over_another_channel_goes_out(desk: Newsdesk) -> None:
    space, power = key_of(desk, "/a"), key_of(desk, "/p")
    desk.deciding.merge((space, power), "Wirya", "one paper")
    desk.deliver()
    states = {(each.alert.recipient, each.alert.kind): each.state for each in desk.store.outbox.list()}
    assert states["second@x.example", AlertKind.AGREEMENT] == "sent"
    assert states["en@x.example", AlertKind.AGREEMENT] == "sent"


def test_a_line_that_waits_for_a_digest_goes_over() -> None:
    talks = [member("t", stage=Stage.EXPLORING), member("u", home="esdm", fields="renewables", stage=Stage.EXPLORING)]
    desk = Newsdesk(store=Store.open("sqlite://"))
    for each in talks:
        desk.take(each)
    one, other = key_of(desk, "/t"), key_of(desk, "/u")
    assert len(desk.store.notices.pending(Urgency.DIGEST)) == 2
    desk.deciding.merge((one, other), "Wirya", "the same talks")
    (left,) = desk.store.notices.pending(Urgency.DIGEST)
    assert left.notice.agreement.key == one
    desk.store.close()


def test_parted_again_each_has_its_own_messages(desk: Newsdesk) -> None:
    desk.deliver()
    space, power = key_of(desk, "/a"), key_of(desk, "/p")
    desk.deciding.merge((space, power), "Wirya", "one paper")
    desk.deciding.split(space, [at(desk, "p"), at(desk, "q")], "Wirya", "two after all")
    found = {each.key: each.standing for each in desk.agreements()}
    assert found == {space: Standing.STANDS, power: Standing.STANDS}

    def reached(key: str) -> set[str]:
        told = desk.store.outbox.list(agreement=key)
        return {each.alert.recipient for each in told if each.alert.kind is AlertKind.AGREEMENT}

    assert (reached(space), reached(power)) == ({"en@x.example", "id@x.example"}, {"second@x.example"})


def test_a_late_report_that_joins_them_does_the_same(desk: Newsdesk) -> None:
    """Two reports that share nothing but the day, told over a channel each, and an earlier one with what both say."""
    both = member("both", fields="space renewables", days=-1)
    organs = (both.report.institutions[0], POWER[0].report.institutions[1])
    one = replace(SPACE[0].report, institutions=organs[:1], signed_on=None, signed_precision="")
    desk = Newsdesk(store=Store.open("sqlite://"), watches=desk.watches)
    left = replace(member("left", days=1), report=replace(one, key="left/0", article="left", fields=("space",)))
    right = replace(
        member("right", days=2),
        report=replace(one, key="right/0", article="right", institutions=organs[1:], fields=("renewables",)),
    )
    (first,), (second,) = desk.take(left), desk.take(right)
    assert first != second
    desk.deliver()
    whole = replace(both.report, institutions=organs)
    (key,) = desk.take(replace(both, report=whole, discovered=both.discovered + timedelta(days=4)))
    assert told_to(desk, key) == {"desk", "second"}
    assert len(desk.agreements()) == 1
    desk.store.close()
