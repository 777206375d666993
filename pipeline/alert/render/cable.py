"""An agreement as plain text for a cable: claim, facts, the quotation in the original, numbered citations, caveats.

English; lines of at most 76 characters where words allow it; times in WIB; an empty slot says "not stated".
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pipeline.alert.claim import claim
from pipeline.alert.render.hostile import QUOTE_LIMIT, line, link
from pipeline.alert.render.times import JAKARTA, day, moment
from pipeline.alert.words import ENGLISH, INSTRUMENTS, LEVELS, STAGES, TRUSTS, Names, country, field_name, pick
from pipeline.model import Agreement, Institution, Signatory, Trust

WIDTH = 76
NOT_STATED = "not stated"
LANGUAGES: Mapping[str, str] = {"id": "Indonesian", "en": "English", "ms": "Malay"}
FEW_SOURCES = 2
SURE = 0.80
"""Below this a reader is told that the reading itself is in doubt; the shipped watch alerts at once from here on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """One report as it is cited. `retrieved` is when its page was fetched, None where the page was never kept."""

    outlet: str
    title: str
    url: str
    published: datetime | None
    precision: str  # of `published`: minute | day | month | year
    retrieved: datetime | None
    language: str
    trust: Trust
    quote: str
    summary_only: bool = False
    reprint_of: str = ""  # outlet of the text that it repeats


def cable(
    agreement: Agreement, cited: Sequence[Cited], names: Names, official: Mapping[str, str], *, now: datetime
) -> str:
    """The whole text. `cited` are the reports, the one that is quoted first; `official` English names by id of the
    institution."""
    parts = [
        claim(agreement, ENGLISH, names).upper(),
        _facts(agreement, names, official),
        _quotation(cited),
        _citations(cited),
        _caveats(agreement, cited),
        _wrapped(f"Agreement {agreement.key}, revision {agreement.revision}. Drawn up {_wib(now)} by Kawat."),
    ]
    return "\n\n".join(_wrapped(part) if number == 0 else part for number, part in enumerate(parts)) + "\n"


def _facts(agreement: Agreement, names: Names, official: Mapping[str, str]) -> str:
    paper = pick(INSTRUMENTS[agreement.instrument], ENGLISH)
    if agreement.instrument_printed:
        paper = f'{paper or NOT_STATED} (printed: "{line(agreement.instrument_printed, 120)}")'
    signed = day(agreement.signed_on, ENGLISH, agreement.signed_precision) if agreement.signed_on else ""
    rows = [
        ("Parties", [f"{country(names.home, ENGLISH, names)}; {country(agreement.partner, ENGLISH, names)}"]),
        ("Instrument", [paper]),
        ("Title", [line(agreement.title, 300)]),
        ("Stage", [pick(STAGES[agreement.stage], ENGLISH)]),
        ("Date of act", [signed]),
        ("Place", [line(agreement.place, 120)]),
        ("Level", [pick(LEVELS[agreement.level], ENGLISH)]),
        ("Fields", ["; ".join(field_name(each, ENGLISH) for each in agreement.fields)]),
        ("Institutions", [_institution(each, names, official) for each in agreement.institutions]),
        ("Signatories", [_signatory(each, names) for each in agreement.signatories]),
    ]
    lines = ["FACTS"]
    for name, values in rows:
        for number, value in enumerate([each for each in values if each] or [NOT_STATED]):
            lines.append(_filled(value, f"{name + ':' if number == 0 else '':<14}"))
    return "\n".join(lines)


def _institution(each: Institution, names: Names, official: Mapping[str, str]) -> str:
    of = country(each.country, ENGLISH, names) if each.country else "state not stated"
    if name := official.get(each.id):
        return f"{name} ({of})"
    return f"{line(each.name, 200)} ({of}; name as printed)"


def _signatory(each: Signatory, names: Names) -> str:
    side = country(each.side, ENGLISH, names) if each.side else "side not stated"
    post = line(each.post, 120) or "post not stated"
    return f"{line(each.name, 120)}, {post} ({side}; {line(each.role, 20)})"


def _quotation(cited: Sequence[Cited]) -> str:
    if not cited or not cited[0].quote:
        return f"QUOTATION\n{NOT_STATED}"
    quoted = cited[0]
    language = LANGUAGES.get(quoted.language, f"language code {line(quoted.language, 10)}")
    words = f'"{line(quoted.quote, QUOTE_LIMIT)}"'
    return f"QUOTATION (original, {language}) [1]\n{_filled(words, '  ')}"


def _citations(cited: Sequence[Cited]) -> str:
    lines = ["SOURCES"]
    for number, each in enumerate(cited, 1):
        printed = _printed(each)
        retrieved = f"retrieved {_wib(each.retrieved)}" if each.retrieved else "retrieved: not stated"
        title = f'"{line(each.title, 300)}"' if line(each.title) else f"headline {NOT_STATED}"
        head = f"[{number}]"
        lines.append(_filled(f"{line(each.outlet, 80)}, {title}, {printed},", f"{head:<5}"))
        lines.append(f"     {link(each.url) or f'address {NOT_STATED}'},")
        lines.append(f"     {retrieved}.")
    return "\n".join(lines if cited else [*lines, NOT_STATED])


def _printed(each: Cited) -> str:
    if each.published is None:
        return f"time of publication {NOT_STATED}"
    if each.precision == "minute":
        return _wib(each.published)
    return f"{day(each.published.date(), ENGLISH, each.precision)} (time {NOT_STATED})"


def _caveats(agreement: Agreement, cited: Sequence[Cited]) -> str:
    found = [
        f"Read from press reports by machine, confidence {agreement.confidence:.2f}; no official text was consulted.",
    ]
    if agreement.reasons:
        found.append(f"Why this confidence: {'; '.join(line(each, 200) for each in agreement.reasons)}.")
    if agreement.confidence < SURE:
        found.append("The confidence is low: the reading itself is in doubt.")
    if agreement.sources < FEW_SOURCES:
        found.append("There is only one independent source.")
    if cited and all(each.trust is Trust.UNVERIFIED for each in cited):
        found.append("Only unverified outlets report it.")
    for number, each in enumerate(cited, 1):
        if each.trust in (Trust.OFFICIAL, Trust.UNVERIFIED):
            found.append(f"[{number}] is an {pick(TRUSTS[each.trust], ENGLISH)}.")
        if each.summary_only:
            found.append(f"[{number}] was read from the outlet's feed summary only, not from the full article.")
        if each.reprint_of:
            found.append(f"[{number}] repeats the text of {line(each.reprint_of, 80)} and is no source of its own.")
    if agreement.signed_on and agreement.signed_precision != "day":
        found.append(f"The date of the act is known to the {agreement.signed_precision} only.")
    if not agreement.signed_on:
        found.append("No date of the act is printed.")
    return "\n".join(["CAVEATS", *(_filled(each, "- ", "  ") for each in found)])


def _wib(instant: datetime) -> str:
    return moment(instant, JAKARTA, ENGLISH)


def _wrapped(text: str) -> str:
    return _filled(text, "")


def _filled(text: str, first: str, rest: str | None = None) -> str:
    return textwrap.fill(
        text,
        WIDTH,
        initial_indent=first,
        subsequent_indent=" " * len(first) if rest is None else rest,
        break_long_words=False,
        break_on_hyphens=False,
    )
