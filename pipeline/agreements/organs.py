"""Do the organs that two reports name for a side agree? Former names, foreign ministries, portfolios, descriptions."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

from pipeline.model import Institution

SUCCESSORS = {
    "lipi": "brin",
    "bppt": "brin",
    "lapan": "brin",
    "batan": "brin",
    "vn_mic": "vn_mst",
}
"""Organs that live on in another one (DOMAIN notes, section 4)."""

PROTOCOL_ORGANS = frozenset(
    {"istana", "kemlu", "setpres", "setneg", "setkab", "dpr", "jp_mofa", "in_mea", "us_state", "gb_fcdo", "au_dfat"}
    | {"fr_meae", "nl_bz", "fi_um", "ca_gac"}
)
"""Foreign ministries and palaces: they host, witness and announce what others sign, so their difference says little."""

PORTFOLIOS = frozenset(
    {"space", "nuclear", "cyber", "data_ai", "digital", "research", "science", "education", "coordinating_economy"}
    | {
        "central_bank",
        "energy",
        "industry",
        "trade",
        "economy",
        "investment",
        "finance",
        "defence",
        "police",
        "health",
        "medicines",
    }
    | {"fisheries", "agriculture", "transport", "weather", "geospatial", "disaster", "standards"}
    | {"administration", "planning", "manpower", "environment", "religion", "home_affairs", "law", "tourism"}
)
"""What a foreign organ that stands in no list is in charge of: its id is country_portfolio, and it may be a listed
organ under another name (`kr_digital` for `kr_msit`)."""

KINDRED = (
    frozenset({"brin", "bapeten"}),
    frozenset({"brin", "kemdiktisaintek"}),
    frozenset({"kemdiktisaintek", "kemendikdasmen"}),
    frozenset({"kemenko_ekon", "kemenko_marves", "den_ekonomi"}),
    frozenset({"bkpm", "kemenko_marves", "danantara"}),
    frozenset({"kkp", "kemenko_marves", "kemenhub", "bakamla"}),
    frozenset({"esdm", "den_energi"}),
    frozenset({"kemenlh", "kemenhut"}),
    frozenset({"kemenkeu", "ojk", "bi"}),
    frozenset({"bmkg", "bnpb", "big"}),
    frozenset({"kemenkes", "bpom"}),
)
"""Organs at home that share a portfolio, at one time or over the years: a paper that only describes one ("the nuclear
agency", "the research minister") may mean any of them."""


class Side(Enum):
    """How the organs of one side compare."""

    SAME = "same"
    UNKNOWN = "unknown"
    OTHER = "other"
    DOUBTFUL = "doubtful"


def organs(ids: object) -> frozenset[str]:
    """Comparable organs: renamed ones under their present id, catch-all ids ("sg_other") left out."""
    known = (str(one) for one in ids)  # type: ignore[attr-defined]
    return frozenset(SUCCESSORS.get(one, one) for one in known if one and not one.endswith("_other"))


def only_described(institutions: Iterable[Institution]) -> frozenset[str]:
    """Comparable organs among these of which none is named."""
    some = tuple(institutions)
    return organs(one.id for one in some if one.described) - organs(one.id for one in some if not one.described)


def sides(a: frozenset[str], b: frozenset[str], described: frozenset[str] = frozenset()) -> Side:
    """Compare the organs of one side. Named organs differ from named ones; two portfolios may be one ministry's, which
    papers call by its first or its last ("Transport and Communications"), so that is only a doubt. Nor does an organ
    that is `described` on either side differ from a kindred one."""
    if a & b:
        return Side.SAME
    one, two = (frozenset(id_ for id_ in organs_ if not _protocol(id_)) for organs_ in (a, b))
    if not one or not two:
        return Side.UNKNOWN
    if any(kindred(x, y) for x in one for y in two if x in described or y in described):
        return Side.UNKNOWN
    named_one, named_two = (frozenset(id_ for id_ in known if id_[3:] not in PORTFOLIOS) for known in (one, two))
    if named_one and named_two:
        return Side.OTHER
    return Side.UNKNOWN if named_one or named_two else Side.DOUBTFUL


def kindred(one: str, other: str) -> bool:
    """Whether a description may mean either of two organs (ids, former ones too)."""
    now = {SUCCESSORS.get(one, one), SUCCESSORS.get(other, other)}
    return any(now <= each for each in KINDRED)


def _protocol(organ: str) -> bool:
    return organ in PROTOCOL_ORGANS or organ.endswith("_foreign")
