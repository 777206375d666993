"""One agreement as a reader sees it: claim, facts, the proving sentence, who else reports it, how sure and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from pipeline.alert.claim import claim
from pipeline.alert.reasons import indonesian
from pipeline.alert.render.hostile import QUOTE_LIMIT, cut, line, link, marked
from pipeline.alert.render.phrases import say
from pipeline.alert.render.times import day, moment, span
from pipeline.alert.words import (
    HEADINGS,
    INDONESIAN,
    INSTRUMENTS,
    LEVELS,
    STAGES,
    TRUSTS,
    Names,
    country,
    field_name,
    joined,
    pick,
)
from pipeline.model import Agreement, Citation, Instrument, Item

MOST_REPORTS = 12
MOST_NAMES = 6
MOST_REASONS = 4
EVERY: frozenset[str] = frozenset()
MAIN = frozenset({"instrument", "stage", "fields", "when", "where"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A line of text that may lead somewhere; `url` None where the address is not one a reader may be sent to."""

    text: str
    url: str | None
    remark: str = ""  # what is said of it after it: outlet, time, how long after the first


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One agreement; `pieces` is the quotation with its highlighted parts, `quote` the same in one string."""

    heading: str
    claim: str
    facts: tuple[tuple[str, str], ...]
    pieces: tuple[tuple[str, bool], ...]
    status: str  # the main facts that are stated, on one line
    quote_language: str
    quoted_from: Link
    reports: tuple[Link, ...]
    more_reports: int
    confidence: str
    notes: tuple[str, ...]
    changes: tuple[str, ...] = ()  # what is not as its reader was told before

    @property
    def others(self) -> tuple[Link, ...]:
        """The reports beside the one that is quoted."""
        return tuple(report for report in self.reports if report.url is None or report.url != self.quoted_from.url)

    @property
    def quote(self) -> str:
        return "".join(text for text, _ in self.pieces)


def card(item: Item, language: str, zone: str, names: Names) -> Card:
    """The card of one item; times in WIB and in `zone` (IANA name)."""
    agreement, source = item.agreement, item.quote_source
    heading = HEADINGS.get(item.heading)
    return Card(
        heading=pick(heading, language) if heading else line(item.heading, 60),
        claim=claim(agreement, language, names),
        facts=_facts(agreement, language, names),
        status=_status(agreement, language, names),
        pieces=marked(item.quote, item.marks, QUOTE_LIMIT),
        quote_language=source.language if source.language.isalpha() else "und",
        quoted_from=Link(text=_printed(source, language, zone), url=link(source.url)),
        reports=_reports(item, language, zone),
        more_reports=max(0, len(item.citations) - MOST_REPORTS),
        confidence=_confidence(item, language),
        notes=(say("summary_only", language),) if source.summary_only else (),
        changes=_changes(item, language, names),
    )


def _changes(item: Item, language: str, names: Names) -> tuple[str, ...]:
    """Each fact that differs from what was told: with both values, or of a list what came and what went. The same body
    or person named in other words is no change."""
    if item.before is None:
        return ()
    before, after = (dict(_facts(each, language, names)) for each in (item.before, item.agreement))
    lists = {
        say("institutions", language): _moves(*(_institutions(each) for each in (item.before, item.agreement))),
        say("signatories", language): _moves(*(_signatories(each) for each in (item.before, item.agreement))),
    }
    unknown = say("not_stated", language)
    found: list[str] = []
    for name in dict.fromkeys((*before, *after)):
        old, new = before.get(name, unknown), after.get(name, unknown)
        if name in lists:
            found += [f"{name}: {cut('; '.join(lists[name]), 320)}"] if lists[name] else []
        elif old != new:
            found.append(say("change", language, name=name, before=cut(old, 160), after=cut(new, 160)))
    return tuple(found)


def _moves(before: dict[str, str], after: dict[str, str]) -> tuple[str, ...]:
    """What is in one list only, by what identifies it."""
    came = (f"+ {text}" for key, text in after.items() if key not in before)
    return (*came, *(f"− {text}" for key, text in before.items() if key not in after))


def _institutions(agreement: Agreement) -> dict[str, str]:
    return {one.id: f"{line(one.name, 120)} ({line(one.country, 2)})" for one in agreement.institutions}


def _signatories(agreement: Agreement) -> dict[str, str]:
    return {one.name.casefold(): _signatory(one.name, one.post) for one in agreement.signatories}


def _facts(
    agreement: Agreement, language: str, names: Names, only: frozenset[str] = EVERY
) -> tuple[tuple[str, str], ...]:
    unknown = say("not_stated", language)
    paper = pick(INSTRUMENTS[agreement.instrument], language) or unknown
    if agreement.instrument_printed and agreement.instrument_printed.casefold() != paper:
        paper = f"{paper} ({say('printed', language, printed=line(agreement.instrument_printed, 80))})"
    day_text = day(agreement.signed_on, language, agreement.signed_precision) if agreement.signed_on else unknown
    fields = tuple(field_name(field, language) for field in agreement.fields)
    facts = [
        ("parties", f"{country(names.home, language, names)} – {country(agreement.partner, language, names)}"),
        ("instrument", paper),
        ("paper", line(agreement.title)),
        ("stage", pick(STAGES[agreement.stage], language)),
        ("fields", joined(fields, language, limit=len(fields)) or unknown),
        ("when", day_text),
        ("where", line(agreement.place, 80) or unknown),
        ("level", pick(LEVELS[agreement.level], language)),
        ("institutions", _names(tuple(_institutions(agreement).values()))),
        ("signatories", _names(tuple(_signatories(agreement).values()))),
    ]
    return tuple((say(name, language), value) for name, value in facts if value and (not only or name in only))


def _status(agreement: Agreement, language: str, names: Names) -> str:
    unknown = say("not_stated", language)
    return " · ".join(
        cut(value, 90) for _, value in _facts(agreement, language, names, MAIN) if not value.startswith(unknown)
    )


def _names(names: tuple[str, ...]) -> str:
    return "; ".join((*names[:MOST_NAMES], *(("…",) if len(names) > MOST_NAMES else ())))


def _signatory(name: str, post: str) -> str:
    return line(f"{name}, {post}" if post else name, 120)


def _printed(source: Citation, language: str, zone: str) -> str:
    instant = source.published or source.discovered
    phrase = "printed_at" if source.published else "undated"
    return say(phrase, language, outlet=line(source.outlet_name, 60), time=moment(instant, zone, language))


def _reports(item: Item, language: str, zone: str) -> tuple[Link, ...]:
    first = min((_time(citation) for citation in item.citations), default=None)
    found: list[Link] = []
    for citation in sorted(item.citations, key=_time)[:MOST_REPORTS]:
        remarks = [_printed(citation, language, zone)]
        if first is not None and (later := _time(citation) - first):
            remarks.append(say("after", language, span=span(later, language)))
        if citation.reprint_of:
            remarks.append(say("reprint", language, outlet=line(citation.reprint_of, 60)))
        title = line(citation.title, 140) or line(citation.outlet_name, 60)
        found.append(Link(text=title, url=link(citation.url), remark=" · ".join(remarks)))
    return tuple(found)


def _time(citation: Citation) -> datetime:
    return citation.published or citation.discovered


def _confidence(item: Item, language: str) -> str:
    agreement = item.agreement
    value = agreement.confidence
    word = "very_sure" if value >= 0.9 else "sure" if value >= 0.8 else "fair" if value >= 0.65 else "low"
    trust = pick(TRUSTS[item.quote_source.trust], language)
    many = agreement.sources > 1
    reasons = [
        say("many_sources", language, number=agreement.sources) if many else say("one_source", language, trust=trust),
        say("act_named", language, stage=pick(STAGES[agreement.stage], language)),
        say("no_instrument" if agreement.instrument is Instrument.NONE else "instrument_named", language),
    ]
    if agreement.signed_on is None:
        reasons.append(say("no_date", language))  # that a day is told is among the computed ones
    computed = agreement.reasons if language != INDONESIAN else filter(None, map(indonesian, agreement.reasons))
    reasons.extend(line(reason, 120) for reason in islice(computed, MOST_REASONS))
    number = f"{value:.2f}".replace(".", "," if language == INDONESIAN else ".")
    return f"{say(word, language)} ({number}): {'; '.join(reasons)}"
