"""Makes alerts of notices: one per recipient, with a key that a replay makes again. Pure; the caller stores them.

At once: key of agreement, "first", channel and recipient, so that no agreement can alert twice to one reader whatever
happens. Update: the same with its revision. Digest: key of channel, recipient and day. Starting picture and catch-up:
key of what they tell.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from pipeline.alert.channel import Channel
from pipeline.alert.plan import (
    ALREADY,
    CONFIRMED,
    ENDED,
    FOUND_LATE,
    LESS_SURE,
    PROGRESS,
    RENEWAL,
    TALKS,
    UNCONFIRMED,
    UPDATED,
)
from pipeline.model import (
    Alert,
    AlertKind,
    Article,
    Citation,
    Item,
    Level,
    Notice,
    Outlet,
    Relation,
    Report,
    Stage,
    Trust,
    digest,
)

ORDER = (
    "",
    RENEWAL,
    FOUND_LATE,
    UPDATED,
    CONFIRMED,
    ALREADY,
    UNCONFIRMED,
    LESS_SURE,
    PROGRESS,
    ENDED,
    TALKS,
)
"""Headings in the order in which a digest has them: the foremost first."""

FIRMEST = (
    "",
    RENEWAL,
    FOUND_LATE,
    CONFIRMED,
    ALREADY,
    ENDED,
    UPDATED,
    PROGRESS,
    LESS_SURE,
    TALKS,
    UNCONFIRMED,
)
"""Of two headings of one agreement in one message the earlier here stands: what is new in it is new to its reader."""

AUTHORITY = (Trust.OFFICIAL, Trust.WIRE, Trust.PRESS, Trust.UNVERIFIED)
"""Whose words prove a claim, the best first."""

ABSENCE = timedelta(minutes=15)
"""A digest that has not come so long after its time means that Kawat is down; the digest says so."""


def citation(article: Article, outlet: Outlet, *, reprint_of: str | None = None) -> Citation:
    """An article as a reader sees it cited."""
    return Citation(
        outlet=outlet.slug,
        outlet_name=outlet.name,
        trust=outlet.trust,
        url=article.url,
        title=article.title,
        published=article.published.instant if article.published else None,
        discovered=article.discovered_at,
        language=article.language,
        summary_only=article.summary_only,
        reprint_of=reprint_of,
    )


def item(
    notice: Notice,
    source: Citation,
    others: Iterable[Citation] = (),
    *,
    quotable: Iterable[tuple[Report, Citation]] = (),
    doubted: bool = False,
) -> Item:
    """A notice with its proving sentence. `source` is the report's article; `others` are further reports.

    `quotable` are further reports with their articles: the sentence is that of the most authoritative outlet, among
    equals of the earliest. `doubted`: an earlier message called the agreement unconfirmed or less sure.
    """
    report, quoted = _proof(notice, source, quotable)
    claim = report.quote
    marks: tuple[tuple[int, int], ...] = ()
    if claim is not None:
        marks = tuple(
            (each.start - claim.start, each.end - claim.start)
            for each in report.evidence
            if each.slot != "claim" and each.where == claim.where and claim.start <= each.start < each.end <= claim.end
            if (each.start, each.end) != (claim.start, claim.end)
        )
    reports = {each.url: each for each in (source, *others)}
    return Item(
        agreement=notice.agreement,
        quote=claim.quote if claim is not None else quoted.title,
        quote_source=quoted,
        citations=tuple(reports.values()),
        heading=_heading(notice, doubted=doubted),
        marks=marks,
        before=notice.before,
    )


def _proof(notice: Notice, source: Citation, quotable: Iterable[tuple[Report, Citation]]) -> tuple[Report, Citation]:
    """The report whose sentence proves the agreement as it stands, and where it was printed."""
    own = (notice.report, source)
    fit = [
        (report, cited)
        for report, cited in (own, *quotable)
        if report.quote is not None
        and report.relation is not Relation.BACKGROUND
        and report.stage is notice.agreement.stage
    ]
    return min(fit, key=lambda pair: _authority(pair[1]), default=own)


def _authority(cited: Citation) -> tuple[int, datetime]:
    return AUTHORITY.index(cited.trust), cited.published or cited.discovered


def at_once(told: Item, channel: Channel, *, now: datetime) -> tuple[Alert, ...]:
    """The immediate alert of a new agreement, one per recipient of the channel. What changed since an earlier report
    is news only to a reader who was told of that."""
    said = replace(told, before=told.before if told.heading == CONFIRMED else None)
    return _each(AlertKind.AGREEMENT, channel, (told.agreement.key, "first"), (said,), due_at=now, now=now)


def update(told: Item, channel: Channel, *, now: datetime) -> tuple[Alert, ...]:
    """What changed in an agreement that was told, one per recipient: it goes below the first message."""
    about = (told.agreement.key, f"revision {told.agreement.revision}")
    return _each(AlertKind.UPDATE, channel, about, (told,), due_at=now, now=now)


def counter(told: Item, channel: Channel, *, now: datetime) -> tuple[Alert, ...]:
    """The first message of an agreement with its reports as they are now: it is edited, nothing is sent."""
    about = (told.agreement.key, f"{told.agreement.revision}", *sorted(each.url for each in told.citations))
    return _each(AlertKind.COUNTER, channel, about, (told,), due_at=now, now=now)


def daily(
    items: Sequence[Item],
    channel: Channel,
    *,
    due_at: datetime,
    now: datetime,
    healthy: int,
    sources: int,
    blind: Sequence[str] = (),
) -> tuple[Alert, ...]:
    """The digest of one day or week; without items it says that there is nothing new. `due_at` is its hour
    (`digest_due`) in the zone of its recipients.

    `blind` names the outlets that cannot be read.
    """
    found: list[Alert] = []
    for recipient in channel.recipients:
        local = due_at.astimezone(ZoneInfo(recipient.zone))
        facts = (
            ("sources_healthy", str(healthy)),
            ("sources", str(sources)),
            ("absence_after", f"{local + ABSENCE:%H:%M} {_zone(local)}"),
            *((("blind", ", ".join(blind)),) if blind else ()),
            *((("weekly", "yes"),) if channel.digest_weekday is not None else ()),
        )
        alone = replace(channel, recipients=(recipient,))
        day = local.date().isoformat()
        found += _each(AlertKind.DIGEST, alone, (day,), folded(items), due_at=due_at, now=now, facts=facts)
    return tuple(found)


def gathered(
    kind: AlertKind,
    items: Sequence[Item],
    channel: Channel,
    *,
    now: datetime,
    facts: tuple[tuple[str, str], ...] = (),
) -> tuple[Alert, ...]:
    """A starting picture or a catch-up: everything in one message; none where there is nothing to tell. `facts` name
    the gap that is caught up on, and what could not be recovered."""
    shown = folded(items)
    told = sorted(f"{each.agreement.key}/{each.agreement.revision}" for each in shown)
    return _each(kind, channel, tuple(told), shown, due_at=now, now=now, facts=facts) if shown else ()


def trial(channel: Channel, *, now: datetime, body: str = "", items: Sequence[Item] = ()) -> tuple[Alert, ...]:
    """A message marked TEST to every recipient; each call is a new one."""
    return _each(
        AlertKind.TEST, channel, (now.isoformat(),), tuple(items), due_at=now, now=now, subject="Kawat", body=body
    )


def notice_to_operator(subject: str, body: str, channel: Channel, *, matter: str, now: datetime) -> tuple[Alert, ...]:
    """What is wrong with the machine. `matter` names the trouble and its occurrence: the same matter is told once."""
    return _each(AlertKind.OPERATOR, channel, (matter,), (), due_at=now, now=now, subject=subject, body=body)


def notice_to_readers(
    texts: Mapping[str, tuple[str, str]], channel: Channel, *, matter: str, now: datetime
) -> tuple[Alert, ...]:
    """What readers must know of the machine. `texts` has subject and body by language, "en" for any other."""
    found: list[Alert] = []
    for recipient in channel.recipients:
        subject, body = texts.get(recipient.language) or texts["en"]
        alone = replace(channel, recipients=(recipient,))
        found += _each(AlertKind.NOTICE, alone, (matter,), (), due_at=now, now=now, subject=subject, body=body)
    return tuple(found)


def folded(items: Sequence[Item]) -> tuple[Item, ...]:
    """One item per agreement (the latest notice of it, with the reports of all), the foremost heading first."""
    by_agreement: dict[str, Item] = {}
    for each in items:
        known = by_agreement.pop(each.agreement.key, None)
        by_agreement[each.agreement.key] = each if known is None else _merged(known, each)
    return tuple(sorted(by_agreement.values(), key=importance))


def digest_due(channel: Channel, zone: str, *, after: datetime) -> datetime | None:
    """The next digest hour after an instant, in a recipient's zone (IANA name); None where the channel has no digest.

    An hour that the clocks skip counts as the instant after the gap, one that they repeat as its first.
    """
    if channel.digest is None:
        return None
    here = ZoneInfo(zone)
    local = after.astimezone(here)
    for ahead in range(9):
        day = local.date() + timedelta(days=ahead)
        if channel.digest_weekday is not None and day.weekday() != channel.digest_weekday:
            continue
        due = datetime.combine(day, channel.digest, here).astimezone(after.tzinfo)
        if due > after:
            return due
    raise AssertionError("a week has every day")


def digest_last(channel: Channel, zone: str, *, now: datetime) -> datetime | None:
    """The digest hour that came last; None where the channel has no digest."""
    due = None
    coming = digest_due(channel, zone, after=now - timedelta(days=9))
    while coming is not None and coming <= now:
        due, coming = coming, digest_due(channel, zone, after=coming)
    return due


def alert_key(kind: AlertKind, channel: str, recipient: str, *about: str) -> str:
    """The identity of an alert: the same facts always make the same key."""
    return digest("alert", kind.value, channel, recipient, *about)


def _heading(notice: Notice, *, doubted: bool) -> str:
    heading = _as_told(notice, doubted=doubted)
    return RENEWAL if not heading and notice.agreement.stage is Stage.RENEWED else heading


def _as_told(notice: Notice, *, doubted: bool) -> str:
    """The notice's heading. What was doubtful when it was queued and has alerted since is doubtful no longer; only
    where a reader was told of the doubt is it confirmed."""
    doubtful = notice.heading in {UNCONFIRMED, LESS_SURE} and not notice.tells
    if doubtful and notice.agreement.told:
        return CONFIRMED if doubted else ALREADY
    return CONFIRMED if doubted and notice.tells and not notice.heading else notice.heading


def _merged(earlier: Item, later: Item) -> Item:
    reports = {each.url: each for each in (*earlier.citations, *later.citations)}
    quoted = min((later, earlier), key=lambda each: _authority(each.quote_source))
    return Item(
        agreement=later.agreement,
        quote=quoted.quote,
        quote_source=quoted.quote_source,
        citations=tuple(reports.values()),
        heading=min((later.heading, earlier.heading), key=_firmness),
        marks=quoted.marks,
        before=earlier.before or later.before,
    )


def _firmness(heading: str) -> int:
    return FIRMEST.index(heading) if heading in FIRMEST else len(FIRMEST)


def importance(told: Item) -> tuple[int, int, float, str]:
    """What sorts the foremost first: what is new before what goes on, governments before agencies, the surest first."""
    place = ORDER.index(told.heading) if told.heading in ORDER else len(ORDER)
    return place, tuple(Level).index(told.agreement.level), -told.agreement.confidence, told.agreement.key


def _each(
    kind: AlertKind,
    channel: Channel,
    about: tuple[str, ...],
    items: tuple[Item, ...],
    *,
    due_at: datetime,
    now: datetime,
    subject: str = "",
    body: str = "",
    facts: tuple[tuple[str, str], ...] = (),
) -> tuple[Alert, ...]:
    return tuple(
        Alert(
            key=alert_key(kind, channel.name, recipient.address, *about),
            kind=kind,
            channel=channel.name,
            recipient=recipient.address,
            items=items,
            created_at=now,
            due_at=due_at,
            subject=subject,
            body=body,
            facts=facts,
        )
        for recipient in channel.recipients
    )


def _zone(local: datetime) -> str:
    name = local.tzname() or "UTC"
    return f"UTC{name}" if name[:1] in "+-" else name
