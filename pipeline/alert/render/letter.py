"""What a message says, in the reader's language, before any format: banners, title, one card per agreement, footer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from pipeline.alert.channel import Channel, Recipient
from pipeline.alert.render.card import Card, card
from pipeline.alert.render.hostile import line
from pipeline.alert.render.phrases import say
from pipeline.alert.render.times import day, span, zone
from pipeline.alert.words import Names
from pipeline.model import Alert, AlertKind, Delivery

LATE = timedelta(minutes=10)
"""A message that leaves later than this after it was due says how late it is and why."""

SUBJECT_LIMIT = 180
PREHEADER_LIMIT = 300
BODY_LIMIT = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One message as it is to be read; every string is visible text, not yet escaped."""

    language: str
    kind: AlertKind
    subject: str
    preheader: str
    banners: tuple[str, ...]
    title: str
    intro: tuple[str, ...]
    cards: tuple[Card, ...]
    paragraphs: tuple[str, ...]
    footer: tuple[str, ...]
    operator: str  # e-mail address for replies, "" for none
    alert_key: str
    recipient: str
    due_at: datetime

    @property
    def alone(self) -> bool:
        """Whether the message is about one agreement, whose claim is its title."""
        return len(self.cards) == 1 and self.cards[0].claim == self.title


def letter(
    alert: Alert, delivery: Delivery, channel: Channel, recipient: Recipient, names: Names, *, now: datetime
) -> Letter:
    """The letter of one alert to one recipient. Never raises for what an article says."""
    language = recipient.language
    cards = tuple(card(item, language, recipient.zone, names) for item in alert.items)
    title, short, intro = _title(alert, cards, recipient)
    preheader = cards[0].quote if cards else line(" ".join(intro) or alert.body, PREHEADER_LIMIT)
    test = alert.kind is AlertKind.TEST
    return Letter(
        language=language,
        kind=alert.kind,
        subject=line(f"[TEST] {short}" if test else short, SUBJECT_LIMIT),
        preheader=line(preheader, PREHEADER_LIMIT),
        banners=_banners(alert, delivery, language, now=now),
        title=line(title, SUBJECT_LIMIT),
        intro=intro,
        cards=cards,
        paragraphs=tuple(line(part, 2_000) for part in alert.body[:BODY_LIMIT].split("\n") if line(part, 2_000)),
        footer=(say("alert_id", language, key=alert.key[:12]), say("about", language)),
        operator=channel.operator,
        alert_key=alert.key,
        recipient=recipient.address,
        due_at=alert.due_at,
    )


def _title(alert: Alert, cards: tuple[Card, ...], recipient: Recipient) -> tuple[str, str, tuple[str, ...]]:
    """Title inside the message, subject, and the sentences that stand before the cards."""
    language = recipient.language
    today = day(alert.due_at.astimezone(zone(recipient.zone)).date(), language)
    facts = dict(alert.facts)
    match alert.kind:
        case AlertKind.AGREEMENT | AlertKind.COUNTER if cards:
            first = cards[0].claim
            rest = len(cards) - 1
            short = say("and_more", language, claim=first, number=rest) if rest else first
            if "volume" in facts:
                short = say("volume_subject", language, claim=short)
            return _part(short if rest else first, facts, language), _part(short, facts, language), ()
        case AlertKind.UPDATE if cards:
            first, heading = cards[0].claim, cards[0].heading
            short = say("headed", language, heading=heading, claim=first) if heading else first
            return first, short, ()
        case AlertKind.DIGEST:
            return _digest(alert, language, today)
        case AlertKind.STARTING_PICTURE | AlertKind.CATCH_UP:
            title = _part(say(alert.kind.value, language, day=today), facts, language)
            intro = (say(f"{alert.kind.value}_long", language), *_gap(alert, recipient), *_silenced(facts, language))
            return title, f"{title}: {_count(len(cards), language)}", intro
        case AlertKind.OPERATOR:
            title = alert.subject or say("operator", language)
            return title, f"Kawat: {title}", ()
        case _:
            title = alert.subject or "Kawat"
            return title, title, ()


def _digest(alert: Alert, language: str, today: str) -> tuple[str, str, tuple[str, ...]]:
    facts = dict(alert.facts)
    title = _part(say("weekly" if "weekly" in facts else "digest", language, day=today), facts, language)
    intro: list[str] = []
    parts = [_count(len(alert.items), language)]
    if not alert.items:
        intro.append(say("nothing_long", language))
    if "sources" in facts and "sources_healthy" in facts:
        health = say("healthy", language, healthy=line(facts["sources_healthy"]), sources=line(facts["sources"]))
        intro.append(f"{health[:1].upper()}{health[1:]}.")
        if not alert.items:
            parts.append(health)
    if facts.get("blind"):
        intro.append(say("blind", language, outlets=line(facts["blind"], 1_000)))
    intro += _silenced(facts, language)
    if "absence_after" in facts:
        intro.append(say("absence", language, time=line(facts["absence_after"])))
    return title, f"{title}: {'; '.join(parts)}", tuple(intro)


def _part(title: str, facts: Mapping[str, str], language: str) -> str:
    """The title of a message that came in parts, with its number."""
    return say("part", language, title=title, part=line(facts["part"], 20)) if "part" in facts else title


def _silenced(facts: Mapping[str, str], language: str) -> tuple[str, ...]:
    """What silences keep back, and which there are."""
    said = [say("silence", language, silence=line(each, 300)) for each in facts.get("silences", "").split("\n") if each]
    if "silenced" in facts:
        said.insert(0, say("silenced", language, number=line(facts["silenced"], 20)))
    return tuple(said)


def _gap(alert: Alert, recipient: Recipient) -> tuple[str, ...]:
    """The gap that is caught up on, and what could not be recovered."""
    facts, language = dict(alert.facts), recipient.language
    if "gap_since" not in facts:
        return ()
    here = zone(recipient.zone)
    since, until = (datetime.fromisoformat(facts[name]).astimezone(here) for name in ("gap_since", "gap_until"))
    said = [
        say(
            "gap",
            language,
            since=f"{day(since.date(), language)} {since:%H:%M}",
            until=f"{day(until.date(), language)} {until:%H:%M %Z}",
            outlets=line(facts["gap_outlets"], 600),
        )
    ]
    if "gap_lost" in facts:
        lost = line(facts["gap_lost"], 1_000)
        said.append(say("gap_lost", language, lost=lost, outlets=line(facts["gap_lost_outlets"], 600)))
    else:
        said.append(say("gap_open" if "gap_open_outlets" in facts else "gap_whole", language))
    return tuple(said)


def _count(number: int, language: str) -> str:
    if number == 0:
        return say("nothing", language)
    return say("item", language) if number == 1 else say("items", language, number=number)


def _banners(alert: Alert, delivery: Delivery, language: str, *, now: datetime) -> tuple[str, ...]:
    banners: list[str] = []
    facts = dict(alert.facts)
    if "volume" in facts:
        banners.append(say("held_volume", language))
    if facts.get("held") == "quiet hours":
        banners.append(say("held_quiet", language))
    if alert.kind is AlertKind.COUNTER:  # the message is what it was
        return tuple(banners)
    if alert.kind is AlertKind.TEST:
        banners.append(say("test", language))
    if delivery.possible_repeat:
        banners.append(say("repeat", language))
    late = now - alert.due_at
    if late >= LATE:
        length = span(late, language)
        reason = line(delivery.last_reason, 200)
        if not reason and alert.created_at - alert.due_at >= LATE:
            reason = say("late_composed", language)
        phrase = "late_because" if reason else "late"
        banners.append(say(phrase, language, span=length, reason=reason))
    return tuple(banners)
