"""Scores what was read of labelled articles: labels, slots, alerts and how far the confidence can be trusted. Pure.

A gold row has `id` and `label` (agreement, exploratory, other), and where known `stage`, `instrument`, `fields`,
`country`, `date_signed`, `relation`, `event_id`; a slot that is None is not scored. A row whose label is None says only
in `judged.said` what it is not: it counts wherever that decides. What was said is a row of `kawat read --json`.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

Row = dict[str, Any]
BINS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
Z = 1.96
_SAME_STAGE = {"in_force": "implemented"}


def score(gold: Sequence[Row], said: Mapping[str, Row]) -> Row:
    """Everything as one nested row of plain values; a missing prediction counts as `other`."""
    pairs = [(row, said.get(str(row["id"]), {})) for row in gold]
    labelled = [(row, each) for row, each in pairs if row.get("label")]
    return {
        "articles": len(pairs),
        "agreement": _rates(pairs, lambda label: label == "agreement"),
        "any_cooperation": _rates(pairs, lambda label: label != "other"),
        "label_accuracy": _ratio(sum(row["label"] == label_of(each) for row, each in labelled), len(labelled)),
        "slots": _slots(labelled),
        "alerts": _alerts(labelled),
        "reliability": reliability(pairs),
    }


def label_of(said: Mapping[str, Any]) -> str:
    return str(said.get("label") or "other")


def errors(gold: Sequence[Row], said: Mapping[str, Row]) -> list[Row]:
    """The rows whose label or slots are wrong, with what was said and why."""
    found = []
    for row in gold:
        each = said.get(str(row["id"]), {})
        label = label_of(each)
        wanted = row.get("label")
        wrong = label != wanted if wanted else label == _denied(row)
        slots = {} if wrong else _wrong_slots(row, each)
        if wrong or slots:
            found.append(
                {
                    "id": row["id"],
                    "wanted": wanted or f"not {_denied(row)}",
                    "said": label,
                    "confidence": (each.get("agreement") or {}).get("confidence"),
                    "slots": slots,
                    "title": row.get("title") or str(row.get("text") or "")[:70],
                    "why": list(each.get("why") or ()),
                }
            )
    return found


def reliability(pairs: Iterable[tuple[Row, Mapping[str, Any]]]) -> list[Row]:
    """Per bin of confidence how many reports of an agreement there were, how many right, and the 95 % interval."""
    told = [
        (float((each.get("agreement") or {}).get("confidence") or 0.0), truth)
        for row, each in pairs
        if label_of(each) == "agreement" and (truth := _truth(row, lambda label: label == "agreement")) is not None
    ]
    rows = []
    for low, high in pairwise(BINS):
        inside = [(value, right) for value, right in told if low <= value < high or value == high == BINS[-1]]
        right = sum(each for _, each in inside)
        mean = sum(value for value, _ in inside) / len(inside) if inside else None
        rows.append(
            {
                "from": low,
                "to": high,
                "reports": len(inside),
                "right": right,
                "promised": mean,
                "share": _ratio(right, len(inside)),
                "interval": list(wilson(right, len(inside))) if inside else None,
            }
        )
    return rows


def wilson(hits: int, total: int) -> tuple[float, float]:
    """The 95 % interval of a rate (Wilson 1927)."""
    rate, square = hits / total, Z * Z
    middle = (rate + square / (2 * total)) / (1 + square / total)
    reach = Z * math.sqrt(rate * (1 - rate) / total + square / (4 * total * total)) / (1 + square / total)
    return round(max(0.0, middle - reach), 4), round(min(1.0, middle + reach), 4)


def _truth(row: Row, holds: Callable[[str], bool]) -> bool | None:
    """Whether a statement on the right label holds; None where the judgement leaves it open."""
    if row.get("label"):
        return holds(row["label"])
    denied = _denied(row)
    left = {holds(label) for label in ("agreement", "exploratory", "other") if label != denied}
    return left.pop() if len(left) == 1 else None


def _denied(row: Row) -> str:
    return str((row.get("judged") or {}).get("said") or "")


def _ratio(part: float, whole: float) -> float | None:
    return round(part / whole, 4) if whole else None


def _rates(pairs: Sequence[tuple[Row, Row]], holds: Callable[[str], bool]) -> Row:
    known = [(truth, holds(label_of(each))) for row, each in pairs if (truth := _truth(row, holds)) is not None]
    hit = sum(truth and told for truth, told in known)
    precision, recall = _ratio(hit, sum(told for _, told in known)), _ratio(hit, sum(truth for truth, _ in known))
    f1 = round(2 * precision * recall / (precision + recall), 4) if precision and recall else 0.0
    return {"precision": precision, "recall": recall, "f1": f1}


def _slots(pairs: Sequence[tuple[Row, Row]]) -> Row:
    both = [
        (row, each.get("agreement") or {})
        for row, each in pairs
        if row["label"] != "other" and label_of(each) != "other"
    ]

    def share(rows: Iterable[tuple[Row, Row]], right: Callable[[Row, Row], bool]) -> float | None:
        listed = list(rows)
        return _ratio(sum(right(row, each) for row, each in listed), len(listed))

    scored = [
        (set(row["fields"]), set(each.get("fields") or ())) for row, each in both if row.get("fields") is not None
    ]
    total = sum(len(gold) + len(told) for gold, told in scored)
    return {
        "partner": share(((r, e) for r, e in both if r.get("country")), lambda r, e: e.get("partner") == r["country"]),
        "stage": share(((r, e) for r, e in both if r.get("stage")), lambda r, e: stage(e) == stage(r)),
        "instrument": share(
            ((r, e) for r, e in both if "instrument" in r and (r["instrument"] or not r.get("judged"))),
            lambda r, e: (e.get("instrument") or "none") == (r["instrument"] or "none"),
        ),
        "signed_on": share(
            ((r, e) for r, e in both if len(r.get("date_signed") or "") == 10),
            lambda r, e: e.get("signed_on") == r["date_signed"],
        ),
        "relation": share(
            ((r, e) for r, e in both if r.get("relation")), lambda r, e: e.get("relation") == r["relation"]
        ),
        "fields_f1": _ratio(2 * sum(len(gold & told) for gold, told in scored), total),
    }


def stage(row: Mapping[str, Any]) -> str:
    """Entry into force and implementation count as one."""
    name = str(row.get("stage") or "")
    return _SAME_STAGE.get(name, name)


def _alerts(pairs: Sequence[tuple[Row, Row]]) -> Row:
    worth = [(row, each) for row, each in pairs if row["label"] == "agreement" and row.get("stage") != "ended"]
    due = {row.get("event_id") or row["id"] for row, _ in worth if row.get("relation") in ("new", None)}
    told = Counter(
        event for row, each in worth if each.get("alert") and (event := row.get("event_id") or row["id"]) in due
    )
    right = {str(row["id"]) for row, _ in worth}
    false = [row["id"] for row, each in pairs if each.get("alert") and str(row["id"]) not in right]
    return {
        "events": len(due),
        "alerted": len(told),
        "recall": _ratio(len(told), len(due)),
        "second": sum(count - 1 for count in told.values()),
        "false": len(false),
        "false_ids": false,
    }


def _wrong_slots(row: Row, each: Mapping[str, Any]) -> Row:
    """Slots that differ: [wanted, said]."""
    record = each.get("agreement") or {}
    if label_of(each) == "other":
        return {}
    found: Row = {}
    for slot, told in (("country", record.get("partner")), ("relation", record.get("relation"))):
        if row.get(slot) and row[slot] != told:
            found[slot] = [row[slot], told]
    if row.get("stage") and stage(row) != stage(record):
        found["stage"] = [row["stage"], record.get("stage")]
    if row.get("instrument") and row["instrument"] != (record.get("instrument") or "none"):
        found["instrument"] = [row["instrument"], record.get("instrument")]
    if len(row.get("date_signed") or "") == 10 and row["date_signed"] != record.get("signed_on"):
        found["signed_on"] = [row["date_signed"], record.get("signed_on")]
    if row.get("fields") is not None and set(row["fields"]) != set(record.get("fields") or ()):
        found["fields"] = [sorted(row["fields"]), sorted(record.get("fields") or ())]
    return found
