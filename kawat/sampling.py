"""Random articles that told nobody, for a person's judgement; and how many agreements were missed, estimated from that.

The archive is drawn from in two parts: `near` are articles that detection read closely (they name a foreign state, an
act or paper, and technology), `far` all others. Misses are far more frequent in the first, so it gets half of the draw
though it is the smaller; the estimate weighs each part by its size.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from random import Random
from typing import Any

from kawat.labels import Labels
from kawat.listings import article
from pipeline.detect.reader import NOT_READ
from pipeline.store import Store
from pipeline.store.values import StoredArticle

Row = dict[str, Any]
PARTS = ("near", "far")
PAGE = 500


def unalerted(store: Store, since: datetime | None) -> Iterator[tuple[str, str, str]]:
    """Key, part and label of every article since then whose agreements told nobody and whose text is still there.
    Copies are left out: their original stands for them."""
    before: int | None = None
    while page := store.articles.list(since=since, limit=PAGE, before=before):
        before = page[-1].seq
        for each in page:
            if each.body is not None and each.duplicate_of is None and not _told(store, each):
                yield each.head.key, _part(each), str(each.head.decided.label)


def _told(store: Store, stored: StoredArticle) -> bool:
    if str(stored.head.decided.label) == "other":
        return False
    found = (store.agreements.get(key) for _, key in store.articles.reports(stored.head.key) if key is not None)
    return any(each is not None and each.told for each in found)


def _part(stored: StoredArticle) -> str:
    return "far" if any(step in NOT_READ for step in stored.head.decided.why) else "near"


def sample(store: Store, labels: Labels, *, number: int, since: datetime | None, seed: int, now: datetime) -> Row:
    """Draw `number` articles that nobody has judged, note them as drawn, and estimate the misses from what was judged
    of all draws so far."""
    found = list(unalerted(store, since))
    judged, drawn = {str(row["id"]): row for row in labels.rows()}, labels.drawn()
    chance = Random(seed)
    waiting = {part: sorted(key for key, here, _ in found if here == part and key not in judged) for part in PARTS}
    share = {"near": min(len(waiting["near"]), max(number - number // 2, number - len(waiting["far"])))}
    share["far"] = min(len(waiting["far"]), number - share["near"])
    chosen = [(key, part) for part in PARTS for key in chance.sample(waiting[part], share[part])]
    labels.draw({"id": key, "part": part, "at": now.isoformat()} for key, part in chosen if key not in drawn)
    rows = []
    for key, part in chosen:
        row = article(store, key)
        if row is not None:
            rows.append(
                {name: row[name] for name in ("key", "title", "outlet", "label", "url", "text")} | {"part": part}
            )
    sizes = Counter(part for _, part, _ in found)
    return {"articles": rows, "estimate": estimate(sizes, [(row, drawn.get(key)) for key, row in judged.items()])}


def estimate(sizes: Counter[str], judged: Sequence[tuple[Row, str | None]]) -> Row:
    """How many agreements lie untold among the unalerted articles: the expected number, and what it is under at 95 %.

    Only articles count that were drawn and then judged (`part` given): those a reader came upon are no random ones.
    """
    expected, upper, parts = 0.0, 0.0, []
    for part in PARTS:
        seen = [row for row, here in judged if here == part]
        missed = sum(row.get("label") == "agreement" and row.get("stage") != "ended" for row in seen)
        bound = upper_bound(missed, len(seen), 0.05 / len(PARTS))
        expected += sizes[part] * missed / len(seen) if seen else 0.0
        upper += sizes[part] * bound
        parts.append({"part": part, "articles": sizes[part], "judged": len(seen), "missed": missed, "upper": bound})
    return {"expected": round(expected, 1), "upper": math.ceil(upper), "parts": parts}


def upper_bound(hits: int, total: int, doubt: float) -> float:
    """The rate above which so few hits would have a chance under `doubt` (Clopper and Pearson 1934); 1 of nothing."""
    if hits >= total:
        return 1.0
    low, high = hits / total, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if _at_most(hits, total, middle) > doubt:
            low = middle
        else:
            high = middle
    return high


def _at_most(hits: int, total: int, rate: float) -> float:
    return sum(math.comb(total, k) * rate**k * (1 - rate) ** (total - k) for k in range(hits + 1))
