"""The weekly note to the operator: what was sent, held, hidden and late, and which sources could not be read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from kawat.proof import every, seconds, times
from kawat.standing import findings
from pipeline.alert.channel import Audience, Channel
from pipeline.alert.compose import notice_to_operator
from pipeline.config import Configuration
from pipeline.model import AlertKind, Outlet, WalkKind
from pipeline.sight import BLIND
from pipeline.store import Store
from pipeline.store.outbox import LATE_AFTER
from pipeline.store.values import Posted

WEEK = timedelta(days=7)
MOST_NAMED = 15
SENT, WAITING, FAILED = "sent", ("pending", "leased", "sending"), "dead"


def week_before(configuration: Configuration, now: datetime) -> datetime:
    """The last Monday at the digest's hour in the operator's zone: the note of the week that ended then is due."""
    settings = configuration.settings
    here = now.astimezone(ZoneInfo(settings.zone))
    monday = here.date() - timedelta(days=here.weekday())
    due = datetime.combine(monday, settings.digest or time(7, 30), ZoneInfo(settings.zone))
    return (due if due <= here else due - WEEK).astimezone(now.tzinfo)


def weekly(store: Store, configuration: Configuration, outlets: Mapping[str, Outlet], now: datetime) -> int:
    """Put the note of the week that ended last into the operator's channels, once; how many messages."""
    operators = [each for each in configuration.channels if each.audience is Audience.OPERATOR]
    installed = store.meta.time("installed")
    end = week_before(configuration, now)
    if not operators or installed is None or installed >= end:
        return 0
    missing = [channel for channel in operators if not _known(store, channel, end, now)]
    if not missing:
        return 0
    subject, body = note(store, outlets, since=end - WEEK, until=end)
    return store.outbox.put(
        [
            alert
            for channel in missing
            for alert in notice_to_operator(subject, body, channel, matter=_matter(end), now=now)
        ]
    )


def note(store: Store, outlets: Mapping[str, Outlet], *, since: datetime, until: datetime) -> tuple[str, str]:
    """Subject and text of one week's note."""
    made = [each for each in every(store, since=since) if each.alert.created_at < until]
    sent = [each for each in made if each.state == SENT]
    held = [each for each in made if each.state in WAITING]
    failed = [each for each in made if each.state == FAILED]
    other = [each for each in made if each.state not in (SENT, FAILED, *WAITING)]
    late = [each for each in sent if _late(each) >= LATE_AFTER]
    found = store.agreements.list(since=since, until=until, limit=10_000)
    untold = [each for each in found if not each.told]
    queued = sum(store.notices.counts().values())
    blind = _blind(store, outlets, since, until)
    parts = [
        ("Sent", _counted(sent), [f"{name}: {number}" for name, number in _kinds(sent)]),
        ("Held", f"{len(held)} not yet sent, {queued} waiting for a digest", [_line(each) for each in held]),
        (
            "Hidden",
            f"{len(untold)} of {len(found)} new agreements told to nobody at once"
            + (f", {_counted(other)} not sent on purpose" if other else ""),
            [f"{state}: {number}" for state, number in sorted(Counter(each.state for each in other).items())],
        ),
        ("Late", f"{len(late)} later than {LATE_AFTER // timedelta(minutes=1)} min", [_line(each) for each in late]),
        ("Given up", str(len(failed)), [_line(each) for each in failed]),
        ("Blind", f"{len(blind)} sources" if blind else "no source", blind),
        ("Times of what was told at once", "", _times(store, since)),
    ]
    lines: list[str] = []
    for name, count, details in parts:
        lines.append(f"{name}: {count}" if count else f"{name}:")
        lines += [f"- {each}" for each in details[:MOST_NAMED]]
        if len(details) > MOST_NAMED:
            lines.append(f"- and {len(details) - MOST_NAMED} more: kawat alerts list")
    subject = f"week to {until:%Y-%m-%d}: {len(sent)} sent, {len(late)} late, {len(failed)} given up"
    return f"{subject}, {len(blind)} sources blind", "\n".join(lines)


def _known(store: Store, channel: Channel, end: datetime, now: datetime) -> bool:
    alerts = notice_to_operator("", "", channel, matter=_matter(end), now=now)
    return bool(alerts) and store.outbox.known([each.key for each in alerts])


def _matter(end: datetime) -> str:
    return f"weekly/{end:%G-W%V}"


def _counted(posted: Sequence[Posted]) -> str:
    return f"{len(posted)} message{'' if len(posted) == 1 else 's'}"


def _kinds(posted: Iterable[Posted]) -> list[tuple[str, int]]:
    return sorted(Counter(str(each.alert.kind).replace("_", " ") for each in posted).items())


def _late(posted: Posted) -> timedelta:
    if posted.sent_at is None:
        return timedelta()
    return posted.sent_at - max(posted.alert.due_at, posted.alert.created_at)


def _line(posted: Posted) -> str:
    alert = posted.alert
    why = f": {posted.tries[-1].detail}" if posted.tries and posted.state != SENT else ""
    late = f", {seconds(_late(posted)) / 60:.0f} min late" if posted.state == SENT else ""
    return (
        f"number {posted.id}, {str(alert.kind).replace('_', ' ')} to {alert.recipient} over {alert.channel}{late}{why}"
    )


def _blind(store: Store, outlets: Mapping[str, Outlet], since: datetime, until: datetime) -> list[str]:
    """Sources that cannot be read now, and gaps that opened in the week."""
    lines = [
        f"{outlets[slug].name}: {each.state} since {each.since:%Y-%m-%d %H:%M} UTC"
        if each.since is not None
        else f"{outlets[slug].name}: {each.state}"
        for slug, each in findings(store, outlets).items()
        if each.state in BLIND
    ]
    for walk in store.walks.list(limit=1000):
        if walk.kind is WalkKind.GAP and since <= walk.opened_at < until:
            name = outlets[walk.outlet].name if walk.outlet in outlets else walk.outlet
            lost = f"; not recovered: {walk.lost}" if walk.lost else ""
            lines.append(f"{name}: not read {walk.since:%m-%d %H:%M} to {walk.until:%m-%d %H:%M} UTC{lost}")
    return lines


def _times(store: Store, since: datetime) -> list[str]:
    return [
        f"{row['leg']}: median {row['median']:.0f} s, 95 % within {row['p95']:.0f} s ({row['alerts']} messages)"
        for row in times(store, since=since)
    ] or [f"nothing {AlertKind.AGREEMENT} was told at once"]
