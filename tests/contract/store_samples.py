"""Values for the store's tests: an invented outlet, invented articles, invented agreements."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from pipeline.model import (
    Agreement,
    Alert,
    AlertKind,
    Article,
    Candidate,
    Certainty,
    Citation,
    Credit,
    Evidence,
    Expectations,
    Fetch,
    Fingerprint,
    Institution,
    Instrument,
    Item,
    Label,
    Level,
    Notice,
    Outlet,
    Page,
    Politeness,
    Relation,
    Removed,
    Report,
    Run,
    Selectors,
    Signatory,
    Source,
    SourceKind,
    Stage,
    Stamp,
    Terms,
    Tier,
    Trust,
    Urgency,
    WarcRecord,
    digest,
)
from pipeline.store import AgreementChange, Outcome, Store

NOW = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
DAY = timedelta(days=1)
FEED = "https://warta.example/feed"


def url_of(number: int) -> str:
    return f"https://warta.example/berita/{number}"


def make_outlet(slug: str = "warta", *, enabled: bool = True) -> Outlet:
    return Outlet(
        slug=slug,
        name="Warta",
        homepage="https://warta.example/",
        languages=("id",),
        tier=Tier.MAIN,
        trust=Trust.PRESS,
        zone="Asia/Jakarta",
        country="ID",
        enabled=enabled,
        disabled_reason="" if enabled else "resting",
        fetch=Fetch.FULL,
        sources=(Source(kind=SourceKind.FEED, url=FEED, certainty=Certainty.A),),
        every=timedelta(minutes=15),
        cron=None,
        article=(),
        not_article=(),
        selectors=Selectors(),
        politeness=Politeness(),
        expect=Expectations(),
        terms=Terms(),
    )


def make_candidate(number: int, *, outlet: str = "warta", at: datetime = NOW) -> Candidate:
    return Candidate(
        outlet=outlet,
        url=url_of(number),
        key=digest(url_of(number)),
        seen_in=FEED,
        title=f"Berita {number}",
        published="Mon, 02 Mar 2026 11:00:00 +0700",
        summary="<p>Ringkasan</p>",
        discovered_at=at,
    )


def make_page(number: int, *, at: datetime = NOW, file: str = "one.warc.gz", baseline: bool = False) -> Page:
    return Page(
        outlet="warta",
        url=url_of(number),
        final_url=url_of(number),
        key=digest(url_of(number)),
        status=200,
        content_type="text/html",
        fetched_at=at,
        discovered_at=at,
        record=WarcRecord(file=file, offset=number * 1000, length=1000),
        baseline=baseline,
    )


def make_article(
    number: int, *, at: datetime = NOW, text: str = "Kedua menteri menandatangani nota kesepahaman."
) -> Article:
    return Article(
        key=digest("article", str(number), size=10),
        outlet="warta",
        url=url_of(number),
        canonical_url=url_of(number),
        title=f"=Judul “{number}” é",
        paragraphs=("Paragraf pertama.", text),
        headings=(0,),
        removed=(Removed(text="Baca Juga : lain", rule="read-also", before=1),),
        credits=(Credit(role="editor", name="Sari"),),
        dateline="Jakarta (WT)",
        authors=("Budi",),
        published=Stamp(raw="Senin, 2 Maret 2026", instant=at - timedelta(hours=1), zone="WIB", zone_source="printed"),
        published_raw="Senin, 2 Maret 2026",
        section="Teknologi",
        language="id",
        steps=(("title", "og:title"),),
        fetched_at=at,
        discovered_at=at,
    )


def make_fingerprint(number: int, *, bands: tuple[int, ...] = (1, -(2**31), 2**31 - 1)) -> Fingerprint:
    return Fingerprint(
        key=make_article(number).key,
        version=1,
        text_hash=digest("text", str(number)),
        signature=bytes(range(64)),
        bands=bands,
        words=120,
    )


def make_report(number: int, *, partner: str = "JP") -> Report:
    quote = "Kedua menteri menandatangani nota kesepahaman."
    return Report(
        key=digest("report", str(number)),
        article=make_article(number).key,
        label=Label.AGREEMENT,
        stage=Stage.SIGNED,
        instrument=Instrument.MOU,
        instrument_printed="nota kesepahaman",
        title="",
        partner=partner,
        level=Level.G2G,
        institutions=(Institution(id="komdigi", name="Kementerian Komunikasi dan Digital", country="ID"),),
        fields=("ai", "telecom"),
        signatories=(Signatory(name="Budi Santoso", post="Menteri", side="ID"),),
        signed_on=date(2026, 3, 1),
        signed_precision="day",
        place="Tokyo",
        relation=Relation.NEW,
        confidence=0.93,
        reasons=("two ministries",),
        evidence=(Evidence(slot="claim", where="text", start=19, end=19 + len(quote), quote=quote),),
    )


def make_agreement(*numbers: int, partner: str = "JP", at: datetime = NOW, name: str = "one") -> Agreement:
    report = make_report(numbers[0], partner=partner)
    return Agreement(
        key=digest("agreement", name),
        partner=partner,
        level=report.level,
        stage=report.stage,
        instrument=report.instrument,
        instrument_printed=report.instrument_printed,
        title="+62 =Judul",
        institutions=report.institutions,
        fields=report.fields,
        signatories=report.signatories,
        signed_on=report.signed_on,
        signed_precision=report.signed_precision,
        place=report.place,
        confidence=report.confidence,
        reasons=report.reasons,
        revision=1,
        first_published=at - timedelta(hours=1),
        first_discovered=at,
        last_reported=at,
        sources=len(numbers),
        reports=tuple(make_report(number).key for number in numbers),
        decision="told at once",
    )


def make_alert(name: str, *, at: datetime = NOW, agreement: Agreement | None = None, number: int = 1) -> Alert:
    cited = Citation(
        outlet="warta",
        outlet_name="Warta",
        trust=Trust.PRESS,
        url=url_of(number),
        title="Judul",
        published=at,
        discovered=at,
        language="id",
    )
    items = () if agreement is None else (Item(agreement=agreement, quote="…", quote_source=cited, citations=(cited,)),)
    return Alert(
        key=digest("alert", name),
        kind=AlertKind.AGREEMENT,
        channel="mail",
        recipient="reader@example.org",
        items=items,
        created_at=at,
        due_at=at,
    )


def make_notice(number: int, *, urgency: Urgency = Urgency.DIGEST) -> Notice:
    return Notice(
        agreement=make_agreement(number),
        report=make_report(number),
        urgency=urgency,
        why=("found late",),
        heading="found late",
    )


def make_run(*, at: datetime = NOW, ok: bool = True, items: int = 10, reason: str = "") -> Run:
    return Run(
        outlet="warta",
        started_at=at,
        finished_at=at + timedelta(seconds=3),
        ok=ok,
        sources=1,
        unchanged=0,
        items=items,
        candidates=items,
        fetched=items,
        failed=0,
        reason=reason,
        retry_after=timedelta(seconds=90),
    )


def make_outcome(
    number: int, *, at: datetime = NOW, file: str = "one.warc.gz", before: Agreement | None = None
) -> Outcome:
    """An article that reports the first agreement, with an alert and a digest notice."""
    numbers = (number,) if before is None else (*range(1, number), number)
    agreement = (
        make_agreement(*numbers)
        if before is None
        else replace(
            before,
            reports=(*before.reports, make_report(number).key),
            sources=before.sources + 1,
            revision=before.revision + 1,
        )
    )
    return Outcome(
        page=make_page(number, at=at, file=file),
        result=make_article(number, at=at),
        url_key=digest(url_of(number)),
        stored_at=at,
        label=Label.AGREEMENT,
        why=("label: agreement", "partner: JP"),
        rules="r1",
        fingerprint=make_fingerprint(number),
        reports=(make_report(number),),
        agreements=(
            AgreementChange(agreement=agreement, before=before, kind="created" if before is None else "reported"),
        ),
        alerts=(make_alert(f"alert {number}", agreement=agreement, number=number),),
        notices=(make_notice(number),),
    )


def land_and_commit(store: Store, outcome: Outcome) -> None:
    """The way of every page: inbox, then outcome."""
    store.inbox.land(outcome.page)
    assert store.commit(outcome).stored
