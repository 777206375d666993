"""Corrections and withdrawals: what readers were told of an agreement and what is so instead. Pure.

One message per reader who was told, in their language, in the thread of what they were told (`render.mail` names the
thread by the agreement of a message with one item).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from pipeline.alert.claim import claim
from pipeline.alert.compose import alert_key
from pipeline.alert.render.times import day
from pipeline.alert.words import INSTRUMENTS, LEVELS, STAGES, Names, Pair, country, field_name, joined, pick
from pipeline.model import Agreement, Alert, AlertKind, Item


class Cause(StrEnum):
    """Why what was told is corrected."""

    REJECTED = "rejected"
    EDITED = "edited"
    JOINED = "joined"
    PARTED = "parted"
    RESTORED = "restored"  # a withdrawal is taken back
    REREAD = "reread"  # today's rules read it otherwise
    LOST = "lost"  # today's rules no longer read it in any article


WITHDRAWALS = frozenset({Cause.REJECTED, Cause.LOST})

SAID: Mapping[Cause, Pair] = {
    Cause.REJECTED: (
        "What Kawat told you of this is withdrawn: it is no technology agreement between the two states.",
        "Kabar Kawat tentang ini ditarik: ini bukan perjanjian teknologi antara kedua negara.",
    ),
    Cause.LOST: (
        "What Kawat told you of this is withdrawn: read again, no report says it.",
        "Kabar Kawat tentang ini ditarik: setelah dibaca ulang, tidak ada berita yang menyatakannya.",
    ),
    Cause.EDITED: ("What Kawat told you of this is corrected.", "Kabar Kawat tentang ini dikoreksi."),
    Cause.JOINED: (
        "Kawat told you of two agreements; they are one and the same.",
        "Kawat mengabarkan dua perjanjian; keduanya satu perjanjian yang sama.",
    ),
    Cause.PARTED: (
        "Kawat told you of one agreement; its reports speak of more than one.",
        "Kawat mengabarkan satu perjanjian; beritanya berbicara tentang lebih dari satu.",
    ),
    Cause.RESTORED: (
        "Kawat withdrew this; it stands after all.",
        "Kawat menarik kabar ini; ternyata kabar ini tetap berlaku.",
    ),
    Cause.REREAD: (
        "What Kawat told you of this is corrected: read again, its reports say otherwise.",
        "Kabar Kawat tentang ini dikoreksi: setelah dibaca ulang, beritanya menyatakan lain.",
    ),
}

_TITLES: Mapping[AlertKind, Pair] = {
    AlertKind.CORRECTION: ("Correction", "Koreksi"),
    AlertKind.WITHDRAWAL: ("Withdrawn", "Ditarik"),
}
_SLOTS: Mapping[str, Pair] = {
    "stage": ("Stage", "Tahap"),
    "instrument": ("Instrument", "Instrumen"),
    "level": ("Level", "Tingkat"),
    "partner": ("Partner", "Mitra"),
    "institutions": ("Institutions", "Lembaga"),
    "signed_on": ("Date of act", "Tanggal"),
    "fields": ("Fields", "Bidang"),
    "title": ("Title", "Judul"),
    "place": ("Place", "Tempat"),
}
_UNKNOWN: Pair = ("not stated", "tidak disebut")
_WAS: Pair = ("{slot}: {after} (told as: {before})", "{slot}: {after} (dikabarkan: {before})")
_ALSO: Pair = ("The same: {claim}", "Yang sama: {claim}")
_APART: Pair = ("Apart from it: {claim}", "Terpisah darinya: {claim}")
_REASON: Pair = ("Reason: {reason}", "Alasan: {reason}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """`told` are the agreements as readers were told of them, `after` what is so now; `others` further agreements that
    it speaks of. `matter` names the occasion: the same matter is told once. `reason` is a person's, as written."""

    matter: str
    cause: Cause
    told: tuple[Agreement, ...]
    after: Agreement
    others: tuple[Agreement, ...] = ()
    reason: str = ""

    @property
    def kind(self) -> AlertKind:
        return AlertKind.WITHDRAWAL if self.cause in WITHDRAWALS else AlertKind.CORRECTION


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Somebody who was told of `agreement` (key): where, and in which language they read."""

    channel: str
    recipient: str
    language: str
    agreement: str


def visible_changes(before: Agreement, after: Agreement) -> tuple[str, ...]:
    """The slots of a message in which two states of an agreement differ. Institutions, of which each report names some,
    count only where a person set them."""
    told = (*before.edited, *after.edited)
    slots = (slot for slot in _SLOTS if slot != "institutions" or slot in told)
    return tuple(slot for slot in slots if getattr(before, slot) != getattr(after, slot))


def corrections(
    correction: Correction, item: Item, readers: Iterable[Reader], names: Names, *, now: datetime
) -> tuple[Alert, ...]:
    """One message per reader; who was told of two agreements gets it once, in the thread of the first named."""
    order = [each.key for each in (*correction.told, correction.after)]
    found: dict[tuple[str, str], Alert] = {}
    for reader in sorted(readers, key=lambda one: order.index(one.agreement) if one.agreement in order else len(order)):
        title, body = _words(correction, reader.language, names)
        shown = item.agreement if correction.cause not in WITHDRAWALS else correction.told[0]
        found.setdefault(
            (reader.channel, reader.recipient),
            Alert(
                key=alert_key(correction.kind, reader.channel, reader.recipient, correction.matter),
                kind=correction.kind,
                channel=reader.channel,
                recipient=reader.recipient,
                items=(replace(item, agreement=replace(shown, key=reader.agreement)),),
                created_at=now,
                due_at=now,
                subject=title,
                body="\n".join(body),
                facts=(("cause", correction.cause.value), ("agreement", correction.after.key)),
            ),
        )
    return tuple(found.values())


def _words(correction: Correction, language: str, names: Names) -> tuple[str, list[str]]:
    """Subject and lines of a correction in the reader's language."""
    after, withdrawn = correction.after, correction.kind is AlertKind.WITHDRAWAL
    stated = correction.told[0] if withdrawn else after
    title = f"{pick(_TITLES[correction.kind], language)}: {claim(stated, language, names)}"
    lines = [pick(SAID[correction.cause], language)]
    if not withdrawn:
        mine = next((each for each in correction.told if each.key == after.key), correction.told[0])
        for slot in visible_changes(mine, after):
            was, now = _value(mine, slot, language, names), _value(after, slot, language, names)
            lines.append(pick(_WAS, language).format(slot=pick(_SLOTS[slot], language), after=now, before=was))
        same = (each for each in correction.told if each.key != after.key)
        lines += [pick(_ALSO, language).format(claim=claim(each, language, names)) for each in same]
    lines += [pick(_APART, language).format(claim=claim(each, language, names)) for each in correction.others]
    if correction.reason:
        lines.append(pick(_REASON, language).format(reason=correction.reason))
    return title, lines


def _value(agreement: Agreement, slot: str, language: str, names: Names) -> str:
    unknown = pick(_UNKNOWN, language)
    match slot:
        case "stage":
            return pick(STAGES[agreement.stage], language) or unknown
        case "instrument":
            return pick(INSTRUMENTS[agreement.instrument], language) or unknown
        case "level":
            return pick(LEVELS[agreement.level], language)
        case "signed_on":
            signed = agreement.signed_on
            return day(signed, language, agreement.signed_precision) if signed is not None else unknown
        case "fields":
            fields = tuple(field_name(field, language) for field in agreement.fields)
            return joined(fields, language, limit=len(fields)) or unknown
        case "partner":
            return country(agreement.partner, language, names) or unknown
        case "institutions":
            organs = tuple(f"{one.name} ({one.country})" for one in agreement.institutions)
            return joined(organs, language, limit=len(organs)) or unknown
        case _:
            return str(getattr(agreement, slot)) or unknown
