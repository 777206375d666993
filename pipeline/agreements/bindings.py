"""What people decided, as what it binds: which reports belong to which agreement, which slots are set, which is none.

    merge A B ─► every report of both belongs to A        edit A ─► slots of A are what the person says
    split A   ─► some reports belong to a new one         reject A ─► A is no agreement, nor what is linked to it

A decision names the reports that its agreements had. They stay where it puts them, whatever arrives or is read again;
later decisions go before earlier ones, and one that is undone binds nothing. Reports that come later are linked by
their facts, to an agreement as decided.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from pipeline.errors import UsageError
from pipeline.model import Agreement, Decision, DecisionKind, Institution, Instrument, Level, Stage, Standing

MAX_TEXT = 300
MAX_ORGANS = 12
_DAY = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")
_FIELD = re.compile(r"[a-z][a-z_]{1,40}")
_COUNTRY = re.compile(r"[A-Z]{2}")
_ORGAN = re.compile(r"(?P<id>[a-z][a-z0-9_]{0,40})\|(?P<country>[A-Z]{2})\|(?P<name>[^|;]{1,200})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bindings:
    """`pins`: the agreement of a report; `values`: the slots of an agreement, as text; `rejected`: keys."""

    pins: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    rejected: frozenset[str] = frozenset()


UNBOUND = Bindings()


def bindings(decisions: Iterable[Decision]) -> Bindings:
    """What these decisions bind together, in the order in which they were made."""
    pins: dict[str, str] = {}
    values: dict[str, dict[str, str]] = {}
    rejected: set[str] = set()
    for each in sorted(decisions, key=lambda one: one.id):
        if each.undone_at is not None:
            continue
        pins.update(dict.fromkeys(each.reports, each.agreement))
        if each.kind is DecisionKind.SPLIT and each.other is not None:
            pins.update(dict.fromkeys(each.parted, each.other))
        elif each.kind is DecisionKind.EDIT:
            values.setdefault(each.agreement, {}).update(each.values)
        elif each.kind is DecisionKind.REJECT:
            rejected.add(each.agreement)
    return Bindings(pins=pins, values=values, rejected=frozenset(rejected))


def said(key: str, by: Bindings) -> dict[str, Any]:
    """The slots of an agreement that people set, read."""
    slots: dict[str, Any] = {}
    for name, text in by.values.get(key, {}).items():
        slots.update(EDITABLE[name](text))
    return slots


def bound(agreement: Agreement, by: Bindings) -> Agreement:
    """An agreement that its reports make up, with what people say of it."""
    standing = Standing.REJECTED if agreement.key in by.rejected else Standing.STANDS
    slots = said(agreement.key, by)
    return replace(agreement, standing=standing, joined=None, edited=tuple(sorted(slots)), **slots)


def read_values(values: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """An edit's slots as they are stored. Raises UsageError for a slot that is not editable or a value that is none."""
    for name, text in values.items():
        if name not in EDITABLE:
            raise UsageError(f"{name!r} cannot be edited; what can: {', '.join(EDITABLE)}")
        EDITABLE[name](text)
    return tuple(sorted(values.items()))


def _stage(text: str) -> dict[str, Any]:
    return {"stage": _one_of(Stage, "stage", text)}


def _instrument(text: str) -> dict[str, Any]:
    return {"instrument": _one_of(Instrument, "instrument", text)}


def _level(text: str) -> dict[str, Any]:
    return {"level": _one_of(Level, "level", text)}


def _one_of(kind: Any, name: str, text: str) -> Any:
    try:
        return kind(text)
    except ValueError:
        raise UsageError(f"{name} {text!r} is none of {', '.join(kind)}") from None


def _words(name: str) -> Callable[[str], dict[str, Any]]:
    def read(text: str) -> dict[str, Any]:
        if len(text) > MAX_TEXT or not text.isprintable():
            raise UsageError(f"{name} must be one line of at most {MAX_TEXT} characters")
        return {name: text.strip()}

    return read


def _signed_on(text: str) -> dict[str, Any]:
    if not text:
        return {"signed_on": None, "signed_precision": ""}
    found = _DAY.fullmatch(text)
    try:
        if found is None:
            raise ValueError(text)
        day = date(int(found[1]), int(found[2] or 1), int(found[3] or 1))
    except ValueError:
        raise UsageError(f"signed_on {text!r} is no date: write 2026-02-05, 2026-02 or 2026") from None
    return {"signed_on": day, "signed_precision": "day" if found[3] else "month" if found[2] else "year"}


def _fields(text: str) -> dict[str, Any]:
    names = tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    for name in names:
        if not _FIELD.fullmatch(name):
            raise UsageError(f"{name!r} is no field: write lexicon ids such as ai,cybersecurity")
    return {"fields": names}


def _partner(text: str) -> dict[str, Any]:
    if not _COUNTRY.fullmatch(text):
        raise UsageError(f"partner {text!r} is no country: write its two letters, such as NZ")
    return {"partner": text}


def organ_text(organ: Institution) -> str:
    """An organ as an edit stores it: `komdigi|ID|Kementerian Komunikasi dan Digital`."""
    return f"{organ.id}|{organ.country}|{' '.join(re.sub('[|;]', ' ', organ.name).split())}"


def _institutions(text: str) -> dict[str, Any]:
    organs: dict[str, Institution] = {}
    for part in filter(None, map(str.strip, text.split(";"))):
        found = _ORGAN.fullmatch(part)
        if found is None or not found["name"].isprintable():
            raise UsageError(f"{part!r} is no organ: write an id that Kawat knows, or id|COUNTRY|Name, parted by ;")
        organs[found["id"]] = Institution(id=found["id"], name=found["name"].strip(), country=found["country"])
    if len(organs) > MAX_ORGANS:
        raise UsageError(f"an agreement has at most {MAX_ORGANS} institutions")
    return {"institutions": tuple(organs.values())}


EDITABLE: Mapping[str, Callable[[str], dict[str, Any]]] = {
    "stage": _stage,
    "instrument": _instrument,
    "level": _level,
    "partner": _partner,
    "institutions": _institutions,
    "signed_on": _signed_on,
    "fields": _fields,
    "title": _words("title"),
    "place": _words("place"),
}
"""The slots that a person may set, and how their text is read; each raises UsageError."""
