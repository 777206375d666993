"""A store that is fed reports as if they had been read of articles. Store, linking, planning, outbox and decisions are
the real ones; only extraction and detection are left out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

from kawat.correcting import Correcting
from kawat.deciding import Deciding
from pipeline.agreements import Member, RegisterEntry
from pipeline.alert.channel import Channel, ChannelKind, Folder, Recipient
from pipeline.alert.compose import alert_key
from pipeline.alert.plan import SHIPPED, Watch
from pipeline.alert.words import Names
from pipeline.clean.rules import Cleaning
from pipeline.decide import Decider, Rulebook
from pipeline.detect.reader import Reader
from pipeline.model import (
    Agreement,
    Alert,
    AlertKind,
    Article,
    Citation,
    Item,
    Notice,
    Outlet,
    Page,
    Reading,
    Report,
    Sent,
    Stamp,
    WarcRecord,
    article_key,
    digest,
)
from pipeline.net import url_key
from pipeline.store import Store
from pipeline.store.values import Outcome
from pipeline.threads import Linker, unknown_outlet

NAMES = Names(
    {"ID": ("Indonesia", "Indonesia"), "NZ": ("New Zealand", "Selandia Baru"), "AU": ("Australia", "Australia")}
)
CHANNEL = Channel(
    name="desk",
    kind=ChannelKind.FILE,
    transport=Folder(path=Path("unused")),
    recipients=(Recipient(address="en@x.example"), Recipient(address="id@x.example", language="id")),
)


@dataclass
class Newsdesk:
    """`now` is the clock; it stands at the last article's discovery."""

    store: Store
    register: tuple[RegisterEntry, ...] = ()
    readings: dict[str, Reading] = field(default_factory=dict)
    outlets: dict[str, Outlet] = field(default_factory=dict)
    watches: dict[str, tuple[Channel, Watch]] = field(default_factory=lambda: {"": (CHANNEL, SHIPPED)})
    count: int = 0
    now: datetime = datetime(2026, 1, 1, tzinfo=UTC)

    def __post_init__(self) -> None:
        self.correct = Correcting(self.store, (channel for channel, _ in self.watches.values()), NAMES)
        self.decider = Decider(
            store=self.store,
            rules=Rulebook(
                reader=cast(Reader, self),
                cleaning=cast(Cleaning, None),
                register=self.register,
                outlets=self.outlets,
                digest="rules",
                watches={name: watch for name, (_, watch) in self.watches.items()},
            ),
            compose=self.compose,
            correct=self.correct,
            now=lambda: self.now,
            learning=False,
        )
        linker = Linker(store=self.store, register=self.register, outlets=self.outlets)
        self.deciding = Deciding(store=self.store, linker=linker, correct=self.correct, now=lambda: self.now)

    def read(self, article: Article, _outlet: Outlet | None) -> Reading:
        """What detection would have made of an article."""
        return self.readings[article.key]

    def compose(self, notice: Notice, article: Article, outlet: Outlet, now: datetime) -> tuple[Alert, ...]:
        """A message to each reader with the article's title as its proof."""
        cited = Citation(
            outlet=outlet.slug,
            outlet_name=outlet.name,
            trust=outlet.trust,
            url=article.url,
            title=article.title,
            published=article.published.instant if article.published else None,
            discovered=article.discovered_at,
            language=article.language,
        )
        item = Item(agreement=notice.agreement, quote=article.title, quote_source=cited, citations=(cited,))
        channel, _ = self.watches[notice.channel]
        return tuple(
            Alert(
                key=alert_key(AlertKind.AGREEMENT, channel.name, each.address, notice.agreement.key, "first"),
                kind=AlertKind.AGREEMENT,
                channel=channel.name,
                recipient=each.address,
                items=(item,),
                created_at=now,
                due_at=now,
            )
            for each in channel.recipients
        )

    def take(self, *members: Member) -> tuple[str, ...]:
        """Take an article with these reports in; the keys of their agreements."""
        key, decide = self.land(*members)
        self.store.commit(decide())
        held = {report.key: agreement for report, agreement in self.store.articles.reports(key)}
        return tuple(held[each.key] or "" for each in self.readings[key].reports)

    def land(self, *members: Member) -> tuple[str, Callable[[], Outcome]]:
        """Put an article with these reports into the inbox: its key, and what decides it by what is stored then."""
        first = members[0]
        outlet = replace(
            unknown_outlet(first.outlet, "https://x.example"), trust=first.trust, enabled=True, name=first.outlet
        )
        self.outlets[first.outlet] = outlet
        self.count += 1
        self.now = first.discovered
        address = f"https://{first.outlet.replace('/', '-')}.example/{first.report.article}"
        key = article_key(first.outlet, url_key(address))
        reports = tuple(replace(each.report, key=report_key(key, n), article=key) for n, each in enumerate(members))
        self.readings[key] = Reading(label=reports[0].label, reports=reports, why=())
        page = page_of(first, address, self.count)
        self.store.inbox.land(page)
        article = article_of(first, key, address)
        return key, lambda: self.decider.settle_article(article, page, outlet, key=url_key(address))

    def deliver(self) -> int:
        """Everything that is due reaches its reader; how many messages."""
        done = 0
        while claimed := self.store.outbox.claim_due(self.now + timedelta(days=1), timedelta(minutes=5), 100):
            for each in claimed:
                self.store.outbox.mark_sending(each.id, each.lease)
                self.store.outbox.record(each.id, each.lease, Sent(receipt=str(each.id)), self.now, None)
                done += 1
        return done

    def agreements(self) -> tuple[Agreement, ...]:
        """Those that stand."""
        return self.store.agreements.list(limit=1000)

    def clusters(self) -> set[frozenset[str]]:
        """The agreements that stand, each as the reports it has, by the name of their article."""
        return {
            frozenset(
                each.url.rsplit("/", 1)[-1] + "#" + str(self._place(each.report))
                for each in self.store.agreements.reports(one.key)
            )
            for one in self.agreements()
        }

    def clusters_by_count(self) -> list[int]:
        """How many reports each agreement has that stands, fewest first."""
        return sorted(len(each.reports) for each in self.agreements())

    def _place(self, report: Report) -> int:
        return [each.key for each in self.readings[report.article].reports].index(report.key)

    def messages(self, kind: AlertKind, reader: str = "en@x.example") -> list[Alert]:
        """The messages of a kind to one reader, oldest first, without those that go to nobody."""
        every = [each.alert for each in self.store.outbox.list(limit=1000) if each.state != "dead"]
        return [each for each in reversed(every) if each.kind is kind and each.recipient == reader]


def report_key(article: str, number: int) -> str:
    return digest("report", article, str(number), size=10)


def page_of(member: Member, address: str, number: int) -> Page:
    return Page(
        outlet=member.outlet,
        url=address,
        final_url=address,
        key=url_key(address),
        status=200,
        content_type="text/html",
        fetched_at=member.discovered,
        discovered_at=member.discovered,
        record=WarcRecord(file="one.warc.gz", offset=number, length=1),
    )


def article_of(member: Member, key: str, address: str, **changes: Any) -> Article:
    stamp = None
    if member.published is not None:
        stamp = Stamp(raw="", instant=member.published, zone="UTC", zone_source="printed")
    base = Article(
        key=key,
        outlet=member.outlet,
        url=address,
        canonical_url=address,
        title=f"Berita {member.report.article}",
        paragraphs=(f"Isi berita {member.report.article} yang tidak sama dengan isi berita lain di {member.outlet}.",),
        headings=(),
        removed=(),
        credits=(),
        dateline="",
        authors=(),
        published=stamp,
        published_raw="",
        section="",
        language="id",
        steps=(),
        fetched_at=member.discovered,
        discovered_at=member.discovered,
    )
    return replace(base, **changes)


def opened(members: Sequence[Member] = (), register: tuple[RegisterEntry, ...] = ()) -> Newsdesk:
    """A newsdesk over a store in memory that has taken these reports in, each an article of its own."""
    desk = Newsdesk(store=Store.open("sqlite://"), register=register)
    for each in members:
        desk.take(each)
    return desk
