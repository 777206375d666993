"""What becomes of alerts between their queue and their sending: silenced, held, folded, put into threads. Pure.

    silenced?      hidden, and seen as such            (digests: line by line)
    quiet hours?   held to their end, then told in one message
    new agreements with one partner    one message, the foremost first; later ones within a day go below it
    more new agreements than usual     held 15 minutes, then told in one message that says so
    changes, corrections               below the message that told of the agreement
    another report of what was told    an edit of that message
    more than fits into a message      several, cut between agreements

Only what was never tried is touched: a message that may have arrived is not changed any more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from pipeline.alert.channel import Channel, Quiet, Recipient
from pipeline.alert.compose import folded, importance
from pipeline.alert.silencing import matcher, silenced_by
from pipeline.model import Alert, AlertKind, Arranged, Item, Pending, Root, Silence, digest

HELD = timedelta(minutes=15)
"""How long a flood is held."""

HOUR = timedelta(hours=1)
TOGETHER = timedelta(hours=24)
"""Papers with one partner within this time share a message or its thread: a state visit is one story."""

PATIENT = timedelta(minutes=1)
PUNCTUAL = frozenset({AlertKind.DIGEST, AlertKind.TEST, AlertKind.COUNTER})
"""Kinds that keep to their own time, quiet hours or not; an edit pings nobody."""

BELOW = frozenset({AlertKind.UPDATE, AlertKind.CORRECTION, AlertKind.WITHDRAWAL})
GATHERED = frozenset({AlertKind.DIGEST, AlertKind.CATCH_UP, AlertKind.STARTING_PICTURE})
QUIET, VOLUME = "quiet hours", "volume"

Fits = Callable[[Alert], int]
"""How many of an alert's items one message of its channel shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """What must be known of one recipient of one channel."""

    channel: Channel
    recipient: Recipient
    silences: tuple[Silence, ...] = ()
    sent_lately: int = 0  # messages of new agreements within the last hour
    threads: Mapping[str, str]  # by partner: key of the alert that told of an agreement with it within a day
    roots: Mapping[str, Root]  # by agreement: the message that told of it


def arrange(pending: Sequence[Pending], stream: Stream, now: datetime, fits: Fits) -> tuple[Arranged, ...]:
    """What is to be changed of a stream's untried alerts before any of them is sent."""
    work = _Work(stream=stream, now=now, fits=fits, changes={})
    rows = work.silence(pending)
    rows = work.keep_quiet(rows)
    moved = work.first_messages([row for row in rows if row.alert.kind is AlertKind.AGREEMENT])
    work.threads([row for row in rows if row.alert.kind in BELOW], moved)
    work.counters([row for row in rows if row.alert.kind is AlertKind.COUNTER])
    work.parts([row for row in rows if row.alert.kind in GATHERED])
    return tuple(work.changes.values())


def quiet_until(quiet: Quiet | None, zone: str, now: datetime) -> datetime | None:
    """The end of the quiet hours that now is in; None where it is in none."""
    if quiet is None:
        return None
    here = ZoneInfo(zone)
    local = now.astimezone(here)
    for ahead in (-1, 0):
        day = local.date() + timedelta(days=ahead)
        start = datetime.combine(day, quiet.start, here)
        end_day = day if quiet.start < quiet.end else day + timedelta(days=1)
        end = datetime.combine(end_day, quiet.end, here).astimezone(now.tzinfo)
        if start.astimezone(now.tzinfo) <= now < end:
            return end
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Work:
    """One pass over one stream; `changes` by id, later ones on top of earlier ones."""

    stream: Stream
    now: datetime
    fits: Fits
    changes: dict[int, Arranged]

    def _change(self, row: Pending, **what: object) -> Pending:
        before = self.changes.get(row.id, Arranged(id=row.id))
        after = replace(before, **what)  # type: ignore[arg-type]
        self.changes[row.id] = after
        return replace(row, alert=after.alert or row.alert, next_at=after.next_at or row.next_at)

    # ------------------------------------------------------------------------------------------------------ silences

    def silence(self, rows: Iterable[Pending]) -> list[Pending]:
        left = []
        for row in rows:
            by = silenced_by(row.alert, self.stream.silences)
            if by is not None:
                self._change(row, state="silenced", why=f"silence {by.id}: {by.reason} ({by.author})")
                continue
            left.append(self._without_lines(row))
        return left

    def _without_lines(self, row: Pending) -> Pending:
        """A message that gathers, without the lines that are silenced; a digest names the silences there are."""
        alert = row.alert
        if alert.kind not in GATHERED or "silences" in dict(alert.facts) or not self.stream.silences:
            return row
        facts: list[tuple[str, str]] = list(alert.facts)
        why: list[str] = []
        hidden: set[str] = set()
        for silence in self.stream.silences:
            lines = [each for each in matcher(silence.matcher).hides(alert) if each.agreement.key not in hidden]
            hidden |= {each.agreement.key for each in lines}
            if lines:
                why.append(f"silence {silence.id}: {len(lines)} lines: {', '.join(e.agreement.key for e in lines)}")
        said = (
            f"{each.id}: {each.matcher} until {each.ends_at:%Y-%m-%d %H:%M} UTC ({each.reason}, {each.author})"
            for each in self.stream.silences
        )
        facts.append(("silences", "\n".join(said)))
        if hidden:
            facts.append(("silenced", str(len(hidden))))
        items = tuple(each for each in alert.items if each.agreement.key not in hidden)
        return self._change(
            row, alert=replace(alert, items=items, facts=tuple(facts)), why="; ".join(why), hides=bool(hidden)
        )

    # --------------------------------------------------------------------------------------------------- quiet hours

    def keep_quiet(self, rows: list[Pending]) -> list[Pending]:
        until = quiet_until(self.stream.channel.quiet, self.stream.recipient.zone, self.now)
        if until is None:
            return rows
        left = []
        for row in rows:
            if row.alert.kind in PUNCTUAL or row.next_at > self.now:
                left.append(row)
            else:
                self._hold(row, until, QUIET)
        return left

    def _hold(self, row: Pending, until: datetime, why: str) -> None:
        facts = (*(each for each in row.alert.facts if each[0] != "held"), ("held", why))
        held = replace(row.alert, due_at=until, facts=facts)
        words = f"{why}: held until {until:%Y-%m-%d %H:%M} UTC"
        self._change(row, alert=held, next_at=until, why=words)

    # ------------------------------------------------------------------------------------------------ new agreements

    def first_messages(self, rows: list[Pending]) -> dict[str, str]:
        """Fold and hold; by the key of an alert that is told in another one, the key of that."""
        rows = [row for row in rows if not _folded(row)]
        held = [row for row in rows if row.next_at > self.now and _held(row) == VOLUME]
        due = [row for row in rows if row.next_at <= self.now and not row.thread]
        overnight = [row for row in due if _held(row) == QUIET]
        released = [row for row in due if _held(row) == VOLUME]
        fresh = [row for row in due if not _held(row)]
        groups = [overnight] if overnight else []
        if held:
            for row in fresh:
                self._hold(row, min(each.next_at for each in held), VOLUME)
        elif released:
            return self._fold([[*released, *fresh, *overnight]], volume=True)
        else:
            by_partner: dict[str, list[Pending]] = {}
            for row in fresh:
                by_partner.setdefault(row.alert.items[0].agreement.partner, []).append(row)
            if fresh and self.stream.sent_lately + len(by_partner) + len(groups) > self.stream.channel.flood:
                for row in fresh:
                    self._hold(row, self.now + HELD, VOLUME)
            else:
                groups += by_partner.values()
        return self._fold(groups)

    def _fold(self, groups: list[list[Pending]], *, volume: bool = False) -> dict[str, str]:
        moved: dict[str, str] = {}
        place = sum(map(len, groups))
        for group in sorted(groups, key=lambda group: min(map(_foremost, group))):
            partners = {each.agreement.partner for row in group for each in row.alert.items}
            thread = self.stream.threads.get(next(iter(partners)), "") if len(partners) == 1 and not volume else ""
            chunks = self._chunks(sorted(group, key=_foremost), volume=volume)
            for number, chunk in enumerate(chunks, 1):
                lead = chunk[0]
                items = folded([each for row in chunk for each in row.alert.items])
                alert = replace(lead.alert, items=items, facts=_facts(lead, number, len(chunks), volume=volume))
                at = self.now - timedelta(microseconds=place)  # due now, in this order
                place -= 1
                if alert != lead.alert or thread or len(groups) > 1:
                    why = f"{len(items)} agreements in one message" if len(chunk) > 1 else ""
                    self._change(lead, alert=alert, thread=thread, next_at=at, why=why)
                for row in chunk[1:]:
                    moved[row.alert.key] = lead.alert.key
                    why = f"told in alert {lead.id}"
                    self._change(row, state="folded", thread=lead.alert.key, why=why)
        return moved

    def _chunks(self, rows: list[Pending], *, volume: bool) -> list[list[Pending]]:
        """The rows of one message each, as many as its channel shows, at least one."""
        chunks = []
        while rows:
            whole = replace(
                rows[0].alert,
                items=folded([each for row in rows for each in row.alert.items]),
                facts=_facts(rows[0], 1, 99, volume=volume),
            )
            room = len(whole.items) if len(whole.items) == 1 else self.fits(whole)
            take, shown = 1, len(rows[0].alert.items)
            while take < len(rows) and shown + len(rows[take].alert.items) <= room:
                shown += len(rows[take].alert.items)
                take += 1
            chunks.append(rows[:take])
            rows = rows[take:]
        return chunks

    # ------------------------------------------------------------------------------------------------------- threads

    def threads(self, rows: list[Pending], moved: Mapping[str, str]) -> None:
        """What is told of an agreement later goes below the message that told of it."""
        for row in rows:
            keys = [each.agreement.key for each in row.alert.items]
            keys += [value for name, value in row.alert.facts if name == "agreement"]
            root = next((self.stream.roots[key] for key in keys if key in self.stream.roots), None)
            if row.thread or root is None or root.key == row.alert.key:
                continue
            self._change(row, thread=moved.get(root.top, root.top))

    def counters(self, rows: list[Pending]) -> None:
        """One edit of each message, with all that was reported since it was sent."""
        by_root: dict[str, list[tuple[Pending, Root]]] = {}
        for row in rows:
            if row.thread:
                continue
            root = self.stream.roots.get(row.alert.items[0].agreement.key)
            if root is None or root.kind is not AlertKind.AGREEMENT:
                self._change(row, state="folded", why="there is no message of its own to edit")
            elif root.state != "sent":
                if row.next_at <= self.now:
                    self._change(row, next_at=self.now + PATIENT)
            else:
                by_root.setdefault(root.key, []).append((row, root))
        for edits in by_root.values():
            *earlier, (last, root) = edits
            newest: dict[str, Item] = {row.alert.items[0].agreement.key: row.alert.items[0] for row, _ in edits}
            items = tuple(
                replace(each, citations=newest[each.agreement.key].citations) if each.agreement.key in newest else each
                for each in root.items
            )
            alert = replace(last.alert, items=items, facts=root.facts)
            self._change(last, alert=alert, thread=root.key, next_at=self.now)
            for row, _ in earlier:
                self._change(row, state="folded", why=f"edited together with alert {last.id}")

    # --------------------------------------------------------------------------------------------------------- parts

    def parts(self, rows: list[Pending]) -> None:
        """A message that gathers more than it can show, as several."""
        for row in rows:
            alert = row.alert
            if len(alert.items) < 2 or "part" in dict(alert.facts):
                continue
            cut: list[tuple[Item, ...]] = []
            rest = alert.items
            while rest:
                room = max(1, self.fits(replace(alert, items=rest, facts=(*alert.facts, ("part", "99/99")))))
                cut.append(rest[:room])
                rest = rest[room:]
            if len(cut) < 2:
                continue
            made = [
                replace(
                    alert,
                    key=alert.key if number == 1 else digest("part", alert.key, str(number)),
                    items=items,
                    facts=(*alert.facts, ("part", f"{number}/{len(cut)}")),
                )
                for number, items in enumerate(cut, 1)
            ]
            self._change(row, alert=made[0], more=tuple(made[1:]))


def _held(row: Pending) -> str:
    return dict(row.alert.facts).get("held", "")


def _folded(row: Pending) -> bool:
    """Whether an earlier pass made this message; it only waits for its channel's rate now."""
    return not dict(row.alert.facts).keys().isdisjoint(("volume", "part"))


def _foremost(row: Pending) -> tuple[int, int, float, str]:
    return min(map(importance, row.alert.items))


def _facts(lead: Pending, number: int, parts: int, *, volume: bool) -> tuple[tuple[str, str], ...]:
    facts = [each for each in lead.alert.facts if each[0] not in {"held", "volume", "part"}]
    if volume:
        facts.append(("volume", "unusual"))
    elif held := _held(lead):
        facts.append(("held", held))
    if parts > 1:
        facts.append(("part", f"{number}/{parts}"))
    return tuple(facts)
