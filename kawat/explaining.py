"""What would go where at a given time, and why: asked of the same rules that decide in earnest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from kawat.cli.face import Row
from pipeline.alert.channel import Audience, Channel
from pipeline.alert.compose import at_once, digest_due, notice_to_operator, update
from pipeline.alert.plan import plan
from pipeline.alert.routing import PUNCTUAL, quiet_until
from pipeline.alert.silencing import silenced_by
from pipeline.model import (
    Agreement,
    Alert,
    Article,
    Citation,
    Fetch,
    Instrument,
    Item,
    Label,
    Level,
    Linked,
    Outlet,
    Relation,
    Report,
    Silence,
    Stage,
    Stamp,
    Trust,
    Urgency,
)
from pipeline.threads import unknown_outlet

TALKS = frozenset({Stage.EXPLORING, Stage.NEGOTIATING})


@dataclass(frozen=True, slots=True, kw_only=True)
class Supposed:
    """An agreement as it is supposed to be reported, fresh, by a trusted outlet."""

    partner: str = "JP"
    fields: tuple[str, ...] = ("telecom",)
    stage: Stage = Stage.SIGNED
    level: Level = Level.G2G
    confidence: float = 0.95
    language: str = "id"


def explain(channels: Iterable[Channel], silences: tuple[Silence, ...], supposed: Supposed, now: datetime) -> list[Row]:
    """One row per channel, recipient and kind of news: what becomes of it at this time, when it goes out, and why."""
    rows: list[Row] = []
    for channel in channels:
        for recipient in channel.recipients:
            alone = replace(channel, recipients=(recipient,))
            if channel.audience is Audience.OPERATOR:
                (notice,) = notice_to_operator("trouble", "", alone, matter="explain", now=now)
                rows.append(_row("what is wrong with the machine", alone, _sent(notice, alone, silences, now)))
                continue
            rows += _of_readers(alone, silences, supposed, now)
    return rows


def _of_readers(channel: Channel, silences: tuple[Silence, ...], supposed: Supposed, now: datetime) -> list[Row]:
    told = replace(_agreement(supposed, now), told=True)
    news: Mapping[str, tuple[Supposed, Agreement, tuple[str, ...]]] = {
        "new agreement": (supposed, _agreement(supposed, now), ()),
        "told before, a fact changed": (supposed, told, ("place",)),
        "told before, ended": (replace(supposed, stage=Stage.ENDED), replace(told, stage=Stage.ENDED), ("stage",)),
        "told before, reported again": (supposed, told, ()),
        "talks": (replace(supposed, stage=Stage.EXPLORING), _agreement(supposed, now), ()),
    }
    return [
        _row(name, channel, _decided(channel, silences, of, agreement, changed=changed, now=now))
        for name, (of, agreement, changed) in news.items()
    ]


def _decided(
    channel: Channel,
    silences: tuple[Silence, ...],
    supposed: Supposed,
    agreement: Agreement,
    *,
    changed: tuple[str, ...],
    now: datetime,
) -> tuple[str, datetime | None, str]:
    report = _report(supposed)
    link = Linked(report=report, agreement=agreement, created=not agreement.told, changed=changed, why=())
    (notice,) = plan((link,), _article(supposed, now), _outlet(), channel.watch, now=now)
    why = "; ".join(notice.why)
    (recipient,) = channel.recipients
    match notice.urgency:
        case Urgency.AT_ONCE | Urgency.UPDATE:
            make = at_once if notice.urgency is Urgency.AT_ONCE else update
            (alert,) = make(_item(agreement, now), channel, now=now)
            outcome, at, routed = _sent(alert, channel, silences, now)
            return outcome, at, f"{why}; {routed}" if routed else why
        case Urgency.COUNTER:
            return "edit, no ping", now, why
        case Urgency.DIGEST:
            due = digest_due(channel, recipient.zone, after=now)
            return ("digest", due, why) if due else ("not told", None, f"{why}; this channel has no digest")
        case _:
            return "not told", None, why


def _sent(
    alert: Alert, channel: Channel, silences: tuple[Silence, ...], now: datetime
) -> tuple[str, datetime | None, str]:
    by = silenced_by(alert, silences)
    if by is not None:
        return "hidden", None, f"silence {by.id} by {by.author} until {by.ends_at.isoformat()}: {by.reason}"
    (recipient,) = channel.recipients
    until = quiet_until(channel.quiet, recipient.zone, now) if alert.kind not in PUNCTUAL else None
    if until is not None and channel.quiet is not None:
        hours = f"{channel.quiet.start:%H:%M}-{channel.quiet.end:%H:%M}"
        return "held", until, f"quiet hours {hours} {recipient.zone}; released with what else waits"
    return "at once", now, ""


def _row(news: str, channel: Channel, decided: tuple[str, datetime | None, str]) -> Row:
    (recipient,) = channel.recipients
    outcome, at, why = decided
    return {
        "channel": channel.name,
        "recipient": recipient.address,
        "audience": channel.audience.value,
        "language": recipient.language,
        "news": news,
        "outcome": outcome,
        "at": at,
        "why": why,
    }


def _agreement(supposed: Supposed, now: datetime) -> Agreement:
    return Agreement(
        key="explain",
        partner=supposed.partner,
        level=supposed.level,
        stage=supposed.stage,
        instrument=Instrument.MOU,
        instrument_printed="",
        title="",
        institutions=(),
        fields=supposed.fields,
        signatories=(),
        signed_on=None,
        signed_precision="",
        place="",
        confidence=supposed.confidence,
        reasons=(),
        revision=1,
        first_published=now,
        first_discovered=now,
        last_reported=now,
        sources=1,
        reports=(),
    )


def _report(supposed: Supposed) -> Report:
    talks = supposed.stage in TALKS
    return Report(
        key="explain",
        article="explain",
        label=Label.EXPLORATORY if talks else Label.AGREEMENT,
        stage=supposed.stage,
        instrument=Instrument.MOU,
        instrument_printed="",
        title="",
        partner=supposed.partner,
        level=supposed.level,
        institutions=(),
        fields=supposed.fields,
        signatories=(),
        signed_on=None,
        signed_precision="",
        place="",
        relation=Relation.NEW,
        confidence=supposed.confidence,
        reasons=(),
        evidence=(),
    )


def _article(supposed: Supposed, now: datetime) -> Article:
    printed = Stamp(raw="", instant=now - timedelta(minutes=30), zone="Asia/Jakarta", zone_source="assumed")
    return Article(
        key="explain",
        outlet="explain",
        url="https://example.org/",
        canonical_url="https://example.org/",
        title="",
        paragraphs=(),
        headings=(),
        removed=(),
        credits=(),
        dateline="",
        authors=(),
        published=printed,
        published_raw="",
        section="",
        language=supposed.language,
        steps=(),
        fetched_at=now,
        discovered_at=now,
    )


def _outlet() -> Outlet:
    return replace(unknown_outlet("explain", "https://example.org/"), trust=Trust.PRESS, fetch=Fetch.FULL)


def _item(agreement: Agreement, now: datetime) -> Item:
    cited = Citation(
        outlet="explain",
        outlet_name="",
        trust=Trust.PRESS,
        url="https://example.org/",
        title="",
        published=now,
        discovered=now,
        language="id",
    )
    return Item(agreement=agreement, quote="", quote_source=cited, citations=(cited,))
