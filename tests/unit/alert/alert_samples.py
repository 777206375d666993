"""Invented agreements, articles and outlets for the tests of this room."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from pipeline.alert.channel import Channel, ChannelKind, Recipient, Secret, Smtp
from pipeline.alert.words import Names
from pipeline.model import (
    Agreement,
    Alert,
    AlertKind,
    Article,
    Citation,
    Delivery,
    Evidence,
    Expectations,
    Fetch,
    Institution,
    Instrument,
    Item,
    Label,
    Level,
    Linked,
    Outlet,
    Politeness,
    Relation,
    Report,
    Selectors,
    Signatory,
    Stage,
    Stamp,
    Terms,
    Tier,
    Trust,
)

NOW = datetime(2025, 3, 26, 8, 0, tzinfo=UTC)
NAMES = Names({"ID": ("Indonesia", "Indonesia"), "JP": ("Japan", "Jepang"), "US": ("United States", "Amerika Serikat")})
QUOTE = (
    "Menteri Komunikasi dan Digital menandatangani memorandum kerja sama di bidang telekomunikasi dan penyiaran "
    "dengan Menteri Dalam Negeri Jepang di Tokyo, Rabu."
)


def outlet(**changes: Any) -> Outlet:
    base = Outlet(
        slug="kabar",
        name="Kabar Nusa",
        homepage="https://kabar.example/",
        languages=("id",),
        tier=Tier.MAIN,
        trust=Trust.PRESS,
        zone="Asia/Jakarta",
        country="ID",
        enabled=True,
        disabled_reason="",
        fetch=Fetch.FULL,
        sources=(),
        every=timedelta(minutes=10),
        cron=None,
        article=(),
        not_article=(),
        selectors=Selectors(),
        politeness=Politeness(),
        expect=Expectations(),
        terms=Terms(),
    )
    return replace(base, **changes)


def stamp(instant: datetime, precision: str = "minute") -> Stamp:
    return Stamp(raw="", instant=instant, zone="Asia/Jakarta", zone_source="printed", precision=precision)


def article(**changes: Any) -> Article:
    base = Article(
        key="a1",
        outlet="kabar",
        url="https://kabar.example/1",
        canonical_url="https://kabar.example/1",
        title="Indonesia dan Jepang teken memorandum",
        paragraphs=(QUOTE,),
        headings=(),
        removed=(),
        credits=(),
        dateline="",
        authors=(),
        published=stamp(NOW - timedelta(hours=1)),
        published_raw="",
        section="",
        language="id",
        steps=(),
        fetched_at=NOW,
        discovered_at=NOW,
    )
    return replace(base, **changes)


def report(**changes: Any) -> Report:
    base = Report(
        key="r1",
        article="a1",
        label=Label.AGREEMENT,
        stage=Stage.SIGNED,
        instrument=Instrument.MOC,
        instrument_printed="memorandum kerja sama",
        title="",
        partner="JP",
        level=Level.G2G,
        institutions=(),
        fields=("telecom", "broadcasting"),
        signatories=(),
        signed_on=date(2025, 3, 26),
        signed_precision="day",
        place="Tokyo",
        relation=Relation.NEW,
        confidence=0.93,
        reasons=(),
        evidence=(
            Evidence(slot="claim", where="text", start=0, end=len(QUOTE), quote=QUOTE),
            Evidence(slot="stage", where="text", start=31, end=45, quote=QUOTE[31:45]),
        ),
    )
    return replace(base, **changes)


def agreement(**changes: Any) -> Agreement:
    base = Agreement(
        key="g1",
        partner="JP",
        level=Level.G2G,
        stage=Stage.SIGNED,
        instrument=Instrument.MOC,
        instrument_printed="memorandum kerja sama",
        title="",
        institutions=(
            Institution(id="komdigi", name="Kementerian Komunikasi dan Digital", country="ID"),
            Institution(id="mic", name="Ministry of Internal Affairs and Communications", country="JP"),
        ),
        fields=("telecom", "broadcasting"),
        signatories=(Signatory(name="Rahmat Surya", post="Menteri Komunikasi dan Digital", side="ID"),),
        signed_on=date(2025, 3, 26),
        signed_precision="day",
        place="Tokyo",
        confidence=0.93,
        reasons=("signing verb beside both parties",),
        revision=1,
        first_published=NOW - timedelta(hours=1),
        first_discovered=NOW,
        last_reported=NOW,
        sources=1,
        reports=("r1",),
    )
    return replace(base, **changes)


def linked(r: Report | None = None, a: Agreement | None = None, **changes: Any) -> Linked:
    base = Linked(report=r or report(), agreement=a or agreement(), created=True, changed=(), why=())
    return replace(base, **changes)


def citation(**changes: Any) -> Citation:
    base = Citation(
        outlet="kabar",
        outlet_name="Kabar Nusa",
        trust=Trust.PRESS,
        url="https://kabar.example/1",
        title="Indonesia dan Jepang teken memorandum",
        published=NOW - timedelta(hours=1),
        discovered=NOW,
        language="id",
    )
    return replace(base, **changes)


def item(**changes: Any) -> Item:
    other = citation(
        outlet="antara", outlet_name="Warta Kantor", trust=Trust.WIRE, url="https://warta.example/2", published=NOW
    )
    base = Item(
        agreement=agreement(),
        quote=QUOTE,
        quote_source=citation(),
        citations=(citation(), other),
        marks=tuple((QUOTE.index(w), QUOTE.index(w) + len(w)) for w in ("menandatangani", "telekomunikasi", "Jepang")),
    )
    return replace(base, **changes)


def alert(**changes: Any) -> Alert:
    base = Alert(
        key="k" * 32,
        kind=AlertKind.AGREEMENT,
        channel="mail",
        recipient="reader@example.org",
        items=(item(),),
        created_at=NOW,
        due_at=NOW,
    )
    return replace(base, **changes)


def delivery(a: Alert | None = None, **changes: Any) -> Delivery:
    base = Delivery(id=1, alert=a or alert(), attempts=0, possible_repeat=False, lease="l")
    return replace(base, **changes)


def recipient(**changes: Any) -> Recipient:
    return replace(Recipient(address="reader@example.org", language="en", zone="Europe/Berlin"), **changes)


def channel(**changes: Any) -> Channel:
    base = Channel(
        name="mail",
        kind=ChannelKind.SMTP,
        transport=Smtp(host="localhost", password=Secret("s3cr3t")),
        recipients=(recipient(),),
        operator="ops@example.org",
    )
    return replace(base, **changes)
