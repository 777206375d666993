"""Where a report comes from: its agency by credit and place line, its copies, and which of them stands for what."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from newsdesk import article_of

from pipeline.agreements import Member, merge, origins, sources_of, wire
from pipeline.agreements.sources import agencies, agency
from pipeline.clean.dateline import read_dateline
from pipeline.model import (
    Credit,
    Instrument,
    Label,
    Level,
    Relation,
    Report,
    Stage,
    Trust,
)
from pipeline.threads import unknown_outlet

DAY = datetime(2026, 2, 5, 3, tzinfo=UTC)
PRESS = replace(unknown_outlet("koran", "https://koran.example"), trust=Trust.PRESS)
WIRE = replace(unknown_outlet("antara_id", "https://antara.example"), trust=Trust.WIRE)


def by(
    name: str, hours: float = 0, trust: Trust = Trust.PRESS, *, copy: str | None = None, wired: str = "", **said: object
) -> Member:
    report = Report(
        key=f"{name}/0",
        article=name,
        label=Label.AGREEMENT,
        stage=Stage.SIGNED,
        instrument=Instrument.MOU,
        instrument_printed="MoU",
        title="",
        partner="NZ",
        level=Level.G2G,
        institutions=(),
        fields=("space",),
        signatories=(),
        signed_on=None,
        signed_precision="",
        place="",
        relation=Relation.NEW,
        confidence=0.8,
        reasons=(),
        evidence=(),
    )
    seen = DAY + timedelta(hours=hours)
    return Member(
        report=replace(report, **said),  # type: ignore[arg-type]
        outlet=name,
        trust=trust,
        published=seen,
        discovered=seen + timedelta(minutes=5),
        duplicate_of=copy,
        wire=wired,
    )


@pytest.mark.parametrize(
    ("opening", "name"),
    [
        ("Jakarta (ANTARA) - Pemerintah Indonesia menandatangani", "antara"),
        ("Denpasar (Antara Bali) - Pemerintah Indonesia menandatangani", "antara"),
        ("Jakarta (Ant) - Pemerintah Indonesia menandatangani", "antara"),
        ("ANTARA, Jakarta - Pemerintah Indonesia menandatangani", "antara"),
        ("TOKYO, KYODO - Jepang dan Indonesia menandatangani", "kyodo"),
        ("TOKYO, JIJI – Japan and Indonesia signed", "jiji"),
        ("JAKARTA (Reuters) - Indonesia on Tuesday signed", "reuters"),
        ("(Reuters) - Indonesia on Tuesday signed", "reuters"),
        ("BEIJING, Nov 20 (Xinhua) -- China and Indonesia signed", "xinhua"),
        ("SEOUL, Nov. 20 (Yonhap) -- South Korea and Indonesia signed", "yonhap"),
        ("Kuala Lumpur, 20 Nov 2026 (Bernama) -- Malaysia dan Indonesia", "bernama"),
        ("Beijing (Xinhua/Antara) - China dan Indonesia menandatangani", "xinhua"),
        ("Beijing (ANTARA/Xinhua) - China dan Indonesia menandatangani", "xinhua"),
        ("Teheran (ANTARA/IRNA-OANA) - Iran dan Indonesia menandatangani", "irna"),
        ("Ankara (AA) - Turki dan Indonesia menandatangani", "anadolu"),
        ("JAKARTA, KOMPAS.com - Pemerintah Indonesia menandatangani", ""),
        ("Jakarta, CNN Indonesia -- Pemerintah menandatangani", ""),
        ("Jakarta (Ani) - Pemerintah menandatangani", ""),
        ("Jakarta - Pemerintah Indonesia menandatangani", ""),
        ("Pemerintah Indonesia (ANTARA) menandatangani", ""),
    ],
)
def test_the_agency_of_a_place_line(opening: str, name: str) -> None:
    article = article_of(by("a"), "k", "https://koran.example/k", dateline=read_dateline(opening))
    assert wire(article, PRESS) == name


@pytest.mark.parametrize(
    ("credits", "dateline", "name"),
    [
        (("wire", "ANTARA"), "", "antara"),
        (("source", "LKBN Antara"), "", "antara"),
        (("source", "Kantor Berita Antara"), "", "antara"),
        (("wire", "Xinhua"), "Beijing (ANTARA)", "xinhua"),
        (("wire", "ANTARA"), "Tokyo (Kyodo)", "kyodo"),
        (("source", "Humas Kementerian"), "Jakarta", ""),
        (("reporter", "Ant"), "Jakarta", ""),
    ],
)
def test_credits_and_place_line_say_whose_text_it_is(credits: tuple[str, str], dateline: str, name: str) -> None:
    role, who = credits
    article = article_of(
        by("a"), "k", "https://koran.example/k", dateline=dateline, credits=(Credit(role=role, name=who),)
    )
    assert wire(article, PRESS) == name
    assert wire(article, WIRE) == (name or "antara"), "an agency's own page that credits nobody is its own"


def test_nobody_signs() -> None:
    assert agencies("") == ()
    assert agency(()) == ""
    assert agency(("antara",)) == "antara"


def test_copies_are_the_agencys_whichever_was_read_first() -> None:
    ours, reprint = by("antara_id", 1, Trust.WIRE, wired="antara"), by("koran")
    for members in ((replace(ours, duplicate_of="koran"), reprint), (ours, replace(reprint, duplicate_of="antara_id"))):
        assert set(origins(members).values()) == {"wire:antara"}
        assert merge(members, key="k").sources == 1
        assert merge(members, key="k").confidence == merge((reprint,), key="k").confidence


def test_one_copy_that_credits_the_agency_speaks_for_all() -> None:
    members = (by("a"), by("b", 1, copy="a"), by("c", 2, copy="b", wired="reuters"), by("d", 3))
    assert origins(members) == {"a/0": "wire:reuters", "b/0": "wire:reuters", "c/0": "wire:reuters", "d/0": "outlet:d"}


def test_a_release_is_its_ministrys_though_a_paper_had_it_first() -> None:
    members = (by("koran"), by("kominfo", 2, Trust.OFFICIAL, copy="koran"), by("warta", 3, copy="koran"))
    assert set(origins(members).values()) == {"outlet:kominfo"}


@pytest.mark.parametrize("order", list(itertools.permutations(range(4))))
def test_copies_in_a_ring_or_chain_are_one_source_in_any_order(order: tuple[int, ...]) -> None:
    members = (by("a", copy="c"), by("b", 1, copy="a"), by("c", 2, copy="b"), by("d", 3, copy="b"))
    given = tuple(members[place] for place in order)
    assert len(set(origins(given).values())) == 1
    assert origins(given) == origins(members)


def test_the_earliest_gives_the_time_the_fullest_the_text_and_the_most_authoritative_the_citation() -> None:
    members = (
        by("warta", 5, copy="koran"),
        by("antara_id", 2, Trust.WIRE, copy="koran", wired="antara"),
        by("kominfo", 9, Trust.OFFICIAL, copy="koran"),
        by("koran"),
        by("other", 1),
    )
    words = {"koran": 120, "antara_id": 300, "kominfo": 260, "warta": 410, "other": 200}
    first, second = sources_of(members, words)
    assert first.name == "wire:antara"
    assert [each.outlet for each in first.members] == ["koran", "antara_id", "warta", "kominfo"]
    assert (first.first.outlet, first.fullest.outlet, first.cited.outlet) == ("koran", "warta", "kominfo")
    assert (second.name, second.first.outlet, second.fullest.outlet) == ("outlet:other", "other", "other")
    (alone,) = sources_of(members[:2], {})
    assert (alone.fullest.outlet, alone.cited.outlet) == ("antara_id", "antara_id"), "of equals the earlier"
    assert merge(members, key="k").first_published == DAY


def test_what_an_authoritative_copy_leaves_out_the_fuller_one_says() -> None:
    """Of one text the official copy is cut short: the slots it lacks come from the whole one, its own stand."""
    cut = by("kominfo", 1, Trust.OFFICIAL, copy="koran", place="Wellington", instrument_printed="nota kesepahaman")
    whole = by("koran", place="Auckland", signed_on=DAY.date(), signed_precision="day", title="On Buoys")
    said = merge((cut, whole), key="k")
    assert (said.place, said.instrument_printed) == ("Wellington", "nota kesepahaman")
    assert (said.signed_on, said.title, said.sources) == (DAY.date(), "On Buoys", 1)
