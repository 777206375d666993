"""Do a report and a thread of reports speak of one agreement? By facts: parties, instrument, fields, dates.

Never by headline. Each comparison gives points and says in words why; a contradiction (other ministries, other fields)
outweighs what a visit's whole package shares (partner, day, place).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import Enum

from pipeline.agreements.organs import Side, only_described, organs, sides
from pipeline.agreements.quoted import home_signers, marks, same_person, signers
from pipeline.agreements.spans import Span, misprint, span_of
from pipeline.model import Instrument, Level, Relation, Report, Stage

BROAD_FIELDS = frozenset({"general_digital", "digital_talent", "digital_economy", "startups", "sti_research"})
"""Fields so broad that one report names them where another names the particular one."""

UMBRELLA = "general_digital"
DIGITAL = frozenset(
    {UMBRELLA, "ai", "telecom", "broadcasting", "postal", "digital_gov", "digital_economy", "digital_payments"}
    | {"cybersecurity", "data_protection", "cloud_dc", "iot_smart_city", "digital_talent", "startups", "online_safety"}
    | {"blockchain"}
)
"""What "digital cooperation" comprises: a report that names nothing more particular may mean any of it."""

KINDRED_FIELDS = (
    frozenset({"maritime", "geo_climate", "renewables"}),  # buoys measure waves, quakes and wind
    frozenset({"space", "geo_climate"}),
    frozenset({"cybersecurity", "online_safety", "data_protection"}),
    frozenset({"digital_payments", "blockchain"}),
    frozenset({"ai", "cloud_dc"}),
    frozenset({"agritech", "biotech_health"}),
    frozenset({"ev_battery", "critical_minerals", "renewables"}),
    frozenset({"nuclear", "biotech_health"}),
    frozenset({"manufacturing", "semiconductors"}),
    frozenset({"maritime", "transport_tech"}),
)
"""Fields that one matter may be told under, by what it is made of or by what it is for: they do not contradict one
another, and share nothing either."""

_RANKS = {
    Instrument.JOINT_STATEMENT: 0,
    Instrument.LOI: 1,
    Instrument.MOU: 2,
    Instrument.MOC: 2,
    Instrument.ARRANGEMENT: 2,
    Instrument.AGREEMENT: 3,
    Instrument.TREATY: 4,
}
_TITLE_WORD = re.compile(r"[^\W\d_]{4,}")
_TITLE_STOP = frozenset(
    {"dengan", "antara", "tentang", "bidang", "kerja", "sama", "kerjasama", "pemerintah", "republik", "indonesia"}
    | {"kementerian", "nota", "memorandum", "kesepahaman", "perjanjian", "persetujuan", "pengembangan", "between"}
    | {"with", "government", "republic", "ministry", "cooperation", "field", "understanding", "agreement"}
    | {"concerning", "including", "framework", "mutual", "development"}
)


class Phase(Enum):
    """Where in an agreement's life a report stands."""

    TALK = "talks"
    ACT = "act"
    AFTER = "afterwards"
    END = "end"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is compared of a report, or of a whole thread. Days are dates in UTC. `described` are those of its organs
    that are never named; a thread has more than one partner where a person says that another one is meant."""

    partners: frozenset[str]
    subnational: bool
    home: frozenset[str]
    abroad: frozenset[str]
    instruments: frozenset[Instrument]
    fields: frozenset[str]
    title: frozenset[str]
    acts: tuple[Span, ...]
    first: date
    last: date
    phase: Phase
    relation: Relation
    renewed: bool
    described: frozenset[str] = frozenset()
    signers: frozenset[str] = frozenset()
    partner_signers: frozenset[str] = frozenset()
    marks: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Points for one agreement, and what they were given for."""

    points: float
    why: tuple[str, ...]


def phase_of(report: Report) -> Phase:
    """The phase a report speaks of. Later progress on a signed paper is `AFTER` even where it names the signing."""
    if report.stage is Stage.ENDED:
        return Phase.END
    if report.stage in (Stage.EXPLORING, Stage.NEGOTIATING, Stage.ANNOUNCED, Stage.NONE):
        return Phase.TALK
    if report.stage is Stage.IMPLEMENTED or report.relation is not Relation.NEW:
        return Phase.AFTER
    return Phase.ACT


def facts_of(report: Report, first: date, last: date) -> Facts:
    """What one report says; it was published between the two days, mostly one."""
    span = span_of(report.signed_on, report.signed_precision)
    return Facts(
        partners=frozenset({report.partner}),
        subnational=report.level is Level.SUBNATIONAL,
        home=organs(one.id for one in report.institutions if one.country != report.partner),
        abroad=organs(one.id for one in report.institutions if one.country == report.partner),
        instruments=frozenset({report.instrument} - {Instrument.NONE}),
        fields=frozenset(report.fields),
        title=title_words(report.title),
        acts=(span,) if span else (),
        first=first,
        last=last,
        phase=phase_of(report),
        relation=report.relation,
        renewed=report.stage is Stage.RENEWED,
        described=only_described(report.institutions),
        signers=frozenset(home_signers(report)),
        partner_signers=frozenset(signers(report.signatories, report.partner)),
        marks=marks(report),
    )


def title_words(title: str) -> frozenset[str]:
    return frozenset(_TITLE_WORD.findall(title.lower())) - _TITLE_STOP


def _by_person(side: Side, a: frozenset[str], b: frozenset[str]) -> Side:
    """Where organs leave it open, who signed settles it; one person may hold two posts."""
    if side is Side.SAME or not any(same_person(one, other) for one in a for other in b):
        return side
    return Side.UNKNOWN if side is Side.OTHER else Side.SAME


def jaccard(a: frozenset[str], b: frozenset[str]) -> float:
    return len(a & b) / len(a | b) if a or b else 0.0


def parties(a: Facts, b: Facts) -> Match:
    """Points for the organs of both sides."""
    points, why = 0.0, []
    home, abroad = sides(a.home, b.home, a.described | b.described), sides(a.abroad, b.abroad)
    if abroad is Side.OTHER and a.partners != b.partners:
        abroad = Side.UNKNOWN  # read as organs of another country than the one that is meant
    home = _by_person(home, a.signers, b.signers)
    abroad = _by_person(abroad, a.partner_signers, b.partner_signers)
    carried_out = Phase.AFTER in (a.phase, b.phase) and Side.SAME in (home, abroad)
    for name, side in (("Indonesian", home), ("partner's", abroad)):
        if side is Side.SAME:
            points += 2
            why.append(f"same {name} organ")
        elif side is Side.OTHER and carried_out:
            points -= 2
            why.append(f"carried out with other {name} organs")
        elif side is Side.OTHER:
            points -= 5
            why.append(f"other {name} organs")
        elif side is Side.DOUBTFUL:
            points -= 1
            why.append(f"{name} organs under different portfolios")
    particular = (a.fields | b.fields) - BROAD_FIELDS
    if not why and not (particular and jaccard(a.fields, b.fields) >= 0.5):
        points -= 1
        why.append("no organ in common to go by")
    return Match(points=points, why=tuple(why))


def _kindred(a: frozenset[str], b: frozenset[str]) -> bool:
    """Whether one matter may be told under the particular fields of two reports; none says anything of it."""
    return not a or not b or any(a & each and b & each for each in KINDRED_FIELDS)


def content(a: Facts, b: Facts) -> Match | None:
    """Points for fields, title and instrument; None where the fields contradict one another."""
    points, why = 0.0, []
    talks = a.phase is Phase.TALK and b.phase is Phase.TALK
    shared_title = a.title & b.title
    titled = len(shared_title) >= 2 or bool(shared_title and min(len(a.title), len(b.title)) == 1)
    if titled:
        points += 1
        why.append(f"title shares {', '.join(sorted(shared_title)[:3])}")
    common = a.fields & b.fields
    if jaccard(a.fields, b.fields) >= 0.3 or (common and len(common) == min(len(a.fields), len(b.fields))):
        points += 2
        why.append(f"fields {', '.join(sorted(common))}")
    elif a.phase is b.phase and {UMBRELLA} in (a.fields, b.fields) and (a.fields | b.fields) <= DIGITAL:
        points += 2
        why.append(f"fields under {UMBRELLA}")
    elif not (common or titled) and not _kindred(a.fields - BROAD_FIELDS, b.fields - BROAD_FIELDS):
        return None
    if talks and a.instruments & b.instruments:
        points += 1
        why.append("the same paper is drafted")
    quoted = a.marks & b.marks
    if quoted:
        points += 1
        why.append(f"both quote {', '.join(sorted(quoted)[:3])}")
    if a.instruments and b.instruments and a.phase is not Phase.TALK and b.phase is not Phase.TALK:
        apart = min(abs(_RANKS[one] - _RANKS[other]) for one in a.instruments for other in b.instruments)
        if apart >= 2:
            points -= 2
            why.append("another class of instrument")
    return Match(points=points, why=tuple(why))


def dates_agree(a: Facts, b: Facts, *, close: bool) -> tuple[int, str] | None:
    """Compare the act dates both name: (points, words), or None where they are too far apart.

    Three days, seven where everything else agrees (`close`), fourteen where only a month is known (DOMAIN notes, 8).
    """
    gap, coarse = min((one.gap(other), one.coarse or other.coarse) for one in a.acts for other in b.acts)
    if gap <= 3:
        return 3, "same act date" if gap == 0 else f"act dates {gap} days apart"
    if gap <= (14 if coarse else 7) and close:
        return 1, f"act dates {gap} days apart"
    published = abs((a.first - b.first).days)
    if close and published <= 14 and any(misprint(one, other) for one in a.acts for other in b.acts):
        return 1, "act dates differ like a misprint"
    return None
