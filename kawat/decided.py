"""Decisions, and why each report belongs to its agreement, as rows of plain values."""

from __future__ import annotations

from typing import Any

from kawat.cli.face import Asked, Row
from kawat.deciding import Deciding
from pipeline.agreements import bindings, conflicts, sources_of
from pipeline.agreements.grouping import membership
from pipeline.alert.claim import claim
from pipeline.alert.words import ENGLISH, Names
from pipeline.errors import UsageError
from pipeline.model import Decision


def decided(deciding: Deciding, asked: Asked, names: Names) -> Row:
    """Take a decision; what came of it. Raises UsageError for one that makes no sense."""
    author, reason = asked.author, asked.reason
    match asked.kind, asked.keys:
        case "merge", (one, other):
            ruled = deciding.merge((one, other), author, reason)
        case "split", (key,):
            ruled = deciding.split(key, asked.articles, author, reason)
        case "edit", (key,):
            ruled = deciding.edit(key, asked.values, author, reason)
        case "reject", (key,):
            ruled = deciding.reject(key, author, reason)
        case "undo", ():
            ruled = deciding.undo(asked.number, author, reason)
        case _:
            raise UsageError(f"{asked.kind!r} with {len(asked.keys)} agreements is no decision")
    return {
        **decision_row(ruled.decision),
        "agreements": [
            {"key": each.key, "standing": str(each.standing), "claim": claim(each, ENGLISH, names)}
            for each in ruled.agreements
        ],
        "messages": ruled.messages,
    }


def decision_row(decision: Decision) -> Row:
    """A decision as it is listed."""
    return {
        "id": decision.id,
        "at": decision.at,
        "kind": str(decision.kind),
        "agreement": decision.agreement,
        "other": decision.other,
        "author": decision.author,
        "reason": decision.reason,
        "values": dict(decision.values),
        "reports": list(decision.reports),
        "parted": list(decision.parted),
        "undone_at": decision.undone_at,
        "undone_by": decision.undone_by,
        "undone_why": decision.undone_why,
    }


def memberships(deciding: Deciding, row: Row) -> Row:
    """What `agreements show` adds to an agreement: how it stands, of each report why it is here, with its score, and
    where it comes from; and its independent sources, with what stands for each: the time, the text, the citation."""
    known = deciding.store.agreements.known(row["key"])
    if known is None:
        return {}
    thread = deciding.linker.thread(known)
    made = deciding.store.decisions.standing(*deciding.linker.allied(known.agreement.partner))
    why = membership(thread, deciding.linker.register, bindings(made))
    words = {
        each.report.article: max((one.words for one in deciding.store.fingerprints.get(each.report.article)), default=0)
        for each in thread.members
    }
    origins = sources_of(thread.members, words)
    origin = {each.report.key: one.name for one in origins for each in one.members}
    pages = {each["article"]: each["url"] for each in row["reports"]}
    reports: list[dict[str, Any]] = []
    for each in row["reports"]:
        match = why.get(each["key"])
        said = {"points": match.points if match else None, "why": list(match.why) if match else []}
        reports.append(each | said | {"origin": origin.get(each["key"], "")})
    mine = {known.agreement.key, *known.agreement.reports}
    return {
        "reports": reports,
        "origins": [
            {
                "origin": each.name,
                "reports": len(each.members),
                "first": each.first.seen,
                "fullest": pages.get(each.fullest.report.article),
                "cited": pages.get(each.cited.report.article),
            }
            for each in origins
        ],
        "standing": str(known.agreement.standing),
        "joined": known.agreement.joined,
        "edited": list(known.agreement.edited),
        "conflicts": list(conflicts(thread.members)),
        "decisions": [
            decision_row(each) for each in made if mine & {each.agreement, each.other, *each.reports, *each.parted}
        ],
    }
