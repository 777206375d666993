"""Claims, keys of alerts, digests by the clock, back-off, and secrets that do not show."""

from __future__ import annotations

import pickle
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise, permutations
from typing import Any

import pytest
from alert_samples import NAMES, NOW, QUOTE, agreement, article, channel, linked, outlet, recipient, report, stamp
from hypothesis import given
from hypothesis import strategies as st

from pipeline.alert.backoff import GIVE_UP, LONGEST, retry_at
from pipeline.alert.channel import Secret
from pipeline.alert.channels.outcome import reason, retry_after
from pipeline.alert.claim import claim
from pipeline.alert.compose import at_once, citation, daily, digest_due, folded, gathered, item, trial
from pipeline.alert.plan import SHIPPED, plan
from pipeline.alert.words import Names
from pipeline.model import AlertKind, Article, Evidence, Instrument, Notice, Relation, Report, Stage, Trust


def told(**changes: object) -> Notice:
    (notice,) = plan((linked(a=agreement(**changes)),), article(), outlet(), SHIPPED, now=NOW)
    return notice


@pytest.mark.parametrize(
    ("changes", "english", "indonesian"),
    [
        (
            {},
            "Indonesia and Japan sign a memorandum of cooperation on telecommunications and broadcasting",
            "Indonesia–Jepang: memorandum kerja sama telekomunikasi dan penyiaran ditandatangani",
        ),
        (
            {"stage": Stage.IN_FORCE, "instrument": Instrument.AGREEMENT, "partner": "US", "fields": ("space",)},
            "Agreement between Indonesia and the United States on space enters into force",
            "Indonesia–Amerika Serikat: persetujuan antariksa mulai berlaku",
        ),
        (
            {"stage": Stage.EXPLORING, "instrument": Instrument.NONE, "partner": "XX", "fields": ("ai",)},
            "Indonesia and XX explore cooperation on artificial intelligence",
            "Indonesia–XX: penjajakan kerja sama kecerdasan artifisial",
        ),
        (
            {"stage": Stage.ANNOUNCED, "instrument": Instrument.JOINT_STATEMENT, "fields": ("ai", "space")},
            "Indonesia and Japan issue a joint statement on artificial intelligence and space",
            "Indonesia–Jepang: pernyataan bersama tentang kecerdasan artifisial dan antariksa diumumkan",
        ),
        (
            {"stage": Stage.RENEWED, "fields": ("ai", "space", "quantum", "nuclear", "telecom")},
            "Indonesia and Japan renew their memorandum of cooperation on artificial intelligence, space, "
            "quantum technology and 2 more fields",
            "Indonesia–Jepang: memorandum kerja sama kecerdasan artifisial, antariksa, teknologi kuantum "
            "dan 2 bidang lain diperbarui",
        ),
    ],
)
def test_claims(changes: dict[str, object], english: str, indonesian: str) -> None:
    event = agreement(**changes)
    assert claim(event, "en", NAMES) == english
    assert claim(event, "id", NAMES) == indonesian


def test_a_claim_names_the_country_that_is_watched() -> None:
    names = Names({**NAMES.countries, "MY": ("Malaysia", "Malaysia")}, home="MY")
    assert claim(agreement(), "en", names).startswith("Malaysia and Japan sign")
    assert claim(agreement(), "id", names).startswith("Malaysia–Jepang:")


def test_one_alert_per_recipient_with_a_key_that_comes_again() -> None:
    team = channel(recipients=(recipient(), recipient(address="b@example.org")))
    one = item(told(), citation(article(), outlet()))
    first = at_once(one, team, now=NOW)
    later = at_once(item(told(revision=3), citation(article(key="a2"), outlet())), team, now=NOW + timedelta(days=1))
    assert [each.key for each in first] == [each.key for each in later]
    assert len({each.key for each in first}) == 2
    other = channel(name="other", recipients=(recipient(),))
    assert at_once(one, other, now=NOW)[0].key not in {each.key for each in first}


def test_the_quotation_and_its_marks_come_from_evidence() -> None:
    one = item(told(), citation(article(), outlet()))
    assert one.quote == QUOTE
    assert [QUOTE[start:end] for start, end in one.marks] == ["menandatangani"]


def test_digest_is_one_per_day_and_folds_by_agreement() -> None:
    due = datetime(2025, 3, 26, 0, 30, tzinfo=UTC)
    one = item(told(), citation(article(), outlet()))
    here = channel(recipients=(recipient(zone="Asia/Jakarta"),))
    (made,) = daily((one, one), here, due_at=due, now=NOW, healthy=41, sources=43)
    assert len(made.items) == 1
    assert ("absence_after", "07:45 WIB") in made.facts
    (again,) = daily((), channel(), due_at=due, now=NOW + timedelta(hours=3), healthy=1, sources=43)
    assert again.key == made.key
    (next_day,) = daily((), channel(), due_at=due + timedelta(days=1), now=NOW, healthy=1, sources=43)
    assert next_day.key != made.key


def test_what_alerted_since_it_was_queued_is_no_longer_doubtful() -> None:
    (queued,) = plan((linked(report(confidence=0.7)),), article(), outlet(), SHIPPED, now=NOW)
    source = citation(article(), outlet())
    since = replace(queued, agreement=agreement(told=True))
    assert item(queued, source).heading == "less sure"
    assert item(since, source).heading == "told already"


def test_confirmed_is_only_what_a_reader_was_told_as_unconfirmed() -> None:
    (queued,) = plan((linked(report(confidence=0.7)),), article(), outlet(), SHIPPED, now=NOW)
    source = citation(article(), outlet())
    assert item(queued, source, doubted=True).heading == "less sure"
    assert item(replace(queued, agreement=agreement(told=True)), source, doubted=True).heading == "confirmed since"
    assert item(told(), source).heading == ""
    assert item(told(), source, doubted=True).heading == "confirmed since"


BLOG = outlet(slug="blog", name="Blog", trust=Trust.UNVERIFIED)
WIRE = outlet(slug="warta", name="Warta Kantor", trust=Trust.WIRE)


def page(name: str, hours: int) -> Article:
    return article(key=name, url=f"https://{name}.example/1", published=stamp(NOW - timedelta(hours=hours)))


def said(quote: str, **changes: Any) -> Report:
    claim = Evidence(slot="claim", where="text", start=0, end=len(quote), quote=quote)
    return report(key=quote, evidence=(claim, replace(claim, slot="stage", end=4, quote=quote[:4])), **changes)


def test_the_quotation_is_the_most_authoritative_and_then_the_earliest() -> None:
    blog = citation(page("blog", 5), BLOG)
    notice = replace(told(), report=said("Kata blog."))
    wire = (said("Kata kantor berita."), citation(page("warta", 2), WIRE))
    press = (said("Kata pers."), citation(page("pers", 4), outlet()))
    earlier = (said("Kata kantor berita dahulu."), citation(page("warta2", 3), WIRE))
    assert item(notice, blog).quote == "Kata blog."
    assert item(notice, blog, quotable=(press,)).quote == "Kata pers."
    one = item(notice, blog, quotable=(press, wire, earlier))
    assert (one.quote, one.quote_source.url) == ("Kata kantor berita dahulu.", "https://warta2.example/1")
    assert [one.quote[start:end] for start, end in one.marks] == ["Kata"]


def test_no_quotation_of_another_stage_proves_the_claim() -> None:
    official = citation(page("resmi", 9), outlet(trust=Trust.OFFICIAL))
    blog = citation(page("blog", 5), BLOG)
    notice = replace(told(), report=said("Sudah diteken."))
    talks = (said("Akan diteken.", stage=Stage.NEGOTIATING), official)
    recalled = (said("Pernah diteken.", relation=Relation.BACKGROUND), official)
    assert item(notice, blog, quotable=(talks, recalled)).quote == "Sudah diteken."


def test_one_agreement_in_one_message_keeps_the_best_quotation_and_what_is_new_in_it() -> None:
    blog = replace(item(told(), citation(page("blog", 5), BLOG)), heading="unconfirmed", quote="Kata blog.")
    wire = replace(item(told(), citation(page("warta", 2), WIRE)), heading="", quote="Kata kantor berita.")
    follow = replace(item(told(), citation(page("pers", 1), outlet())), heading="progress", quote="Kata pers.")
    for order in permutations((blog, wire, follow)):
        (one,) = folded(order)
        assert (one.heading, one.quote, one.quote_source.outlet) == ("", "Kata kantor berita.", "warta")
        assert len(one.citations) == 3


def test_gathered_is_silent_when_empty_and_trials_differ() -> None:
    assert gathered(AlertKind.STARTING_PICTURE, (), channel(), now=NOW) == ()
    assert trial(channel(), now=NOW)[0].key != trial(channel(), now=NOW + timedelta(seconds=1))[0].key


@pytest.mark.parametrize(
    ("after", "due"),
    [
        (datetime(2025, 3, 26, 0, 29, tzinfo=UTC), datetime(2025, 3, 26, 0, 30, tzinfo=UTC)),
        (datetime(2025, 3, 26, 0, 30, tzinfo=UTC), datetime(2025, 3, 27, 0, 30, tzinfo=UTC)),
        (datetime(2025, 3, 25, 23, 0, tzinfo=UTC), datetime(2025, 3, 26, 0, 30, tzinfo=UTC)),
    ],
)
def test_digest_hour(after: datetime, due: datetime) -> None:
    assert digest_due(channel(), "Asia/Jakarta", after=after) == due
    assert digest_due(channel(digest=None), "Asia/Jakarta", after=after) is None


def test_digest_hour_over_clock_changes() -> None:
    berlin = channel(digest=time(2, 30))
    moment, days = datetime(2025, 3, 28, 12, tzinfo=UTC), []
    for _ in range(4):
        found = digest_due(berlin, "Europe/Berlin", after=moment)
        assert found is not None and found > moment
        days.append(found)
        moment = found
    assert all(timedelta(hours=22) < b - a < timedelta(hours=26) for a, b in pairwise(days))


@given(key=st.text(max_size=20), attempts=st.integers(0, 10_000), minutes=st.integers(0, 7199))
def test_back_off_is_bounded_and_comes_again_the_same(key: str, attempts: int, minutes: int) -> None:
    now = NOW + timedelta(minutes=minutes)
    again = retry_at(key, attempts, now=now, due_at=NOW)
    assert again == retry_at(key, attempts, now=now, due_at=NOW)
    assert again is not None and timedelta(seconds=45) <= again - now <= LONGEST


def test_back_off_grows_obeys_wishes_and_gives_up() -> None:
    waits = [retry_at("k", n, now=NOW, due_at=NOW) for n in range(1, 10)]
    assert waits == sorted(w for w in waits if w is not None)
    assert retry_at("k", 1, now=NOW, due_at=NOW, wish=timedelta(seconds=7)) == NOW + timedelta(seconds=7)
    assert retry_at("k", 1, now=NOW, due_at=NOW, wish=timedelta(days=3)) == NOW + LONGEST
    assert retry_at("k", 1, now=NOW, due_at=NOW, wish=timedelta(seconds=-5)) == NOW + timedelta(seconds=1)
    assert retry_at("k", 50, now=NOW + GIVE_UP, due_at=NOW) is None


@pytest.mark.parametrize(
    ("header", "wish"),
    [
        ("30", timedelta(seconds=30)),
        ("0", timedelta(seconds=1)),
        ("99999999", timedelta(hours=6)),
        ("9" * 400, timedelta(hours=6)),
        ("-1", None),
        ("Thu, 01 Jan 1970 00:00:00 GMT", None),
        ("Wed, 26 Mar 2025 08:02:00 GMT", timedelta(minutes=2)),
        ("soon", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after(header: str | None, wish: timedelta | None) -> None:
    assert retry_after(header, now=NOW) == wish


def test_secrets_do_not_show() -> None:
    secret = Secret("xoxb-123")
    for shown in (repr(secret), str(secret), f"{secret}", f"{secret:>30}", repr(channel()), "%s" % secret):  # noqa: UP031
        assert "xoxb" not in shown and "s3cr3t" not in shown
    assert secret == Secret("xoxb-123") and secret.reveal() == "xoxb-123"
    assert reason("https://x/xoxb-123 failed\r\nbadly", secret) == "https://x/*** failed badly"
    with pytest.raises(TypeError):
        pickle.dumps(secret)
