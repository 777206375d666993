"""One agreement behind many reports: linked by facts, merged from the set of its reports. Pure."""

from __future__ import annotations

from pipeline.agreements.bindings import Bindings, bindings
from pipeline.agreements.grouping import Grouped, Regrouped, linked, regroup
from pipeline.agreements.merging import changes, conflicts, merge
from pipeline.agreements.register import RegisterEntry, agreement_key
from pipeline.agreements.sources import Member, Origin, Thread, member, origins, sources_of, wire

__all__ = [
    "Bindings",
    "Grouped",
    "Member",
    "Origin",
    "RegisterEntry",
    "Regrouped",
    "Thread",
    "agreement_key",
    "bindings",
    "changes",
    "conflicts",
    "linked",
    "member",
    "merge",
    "origins",
    "regroup",
    "sources_of",
    "wire",
]
