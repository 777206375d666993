"""One agreement behind many reports: linked by facts, merged from the set of its reports. Pure."""

from __future__ import annotations

from pipeline.agreements.linking import link, link_member
from pipeline.agreements.merging import changes, conflicts, merge
from pipeline.agreements.register import RegisterEntry, agreement_key
from pipeline.agreements.sources import Member, Thread, member, origins, wire

__all__ = [
    "Member",
    "RegisterEntry",
    "Thread",
    "agreement_key",
    "changes",
    "conflicts",
    "link",
    "link_member",
    "member",
    "merge",
    "origins",
    "wire",
]
