"""An article against everything that was read before: what the store must be asked so that `dedupe.judge` can say.

Also brings stored fingerprints up to today's definition, from the texts that are still kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from pipeline.dedupe import SIGNATURE_VERSION, Neighbour, body, fingerprint, judge, plausible, stands_in
from pipeline.model import Article, Fingerprint, Linked, Relation, Verdict
from pipeline.store import Store

NEIGHBOURS = 32
"""How many stored texts that share a lookup key are compared, those that share most first."""

ORIGINALS = 4
"""How many texts that those are copies of are compared as well."""

REBUILT = "signatures"
"""Name in the store's meta table of the version that every fingerprint whose text is kept is brought up to."""

AT_ONCE = 200


def verdict_on(store: Store, article: Article, print_: Fingerprint) -> Verdict:
    """Whether an article is new, the same as, near to, or a revision of what is stored."""
    stored = store.articles.by_key(article.key)
    exact = [each for each in store.fingerprints.exact(print_.text_hash, print_.version) if each.key != article.key]
    return judge(
        article,
        print_,
        same_url=stored.article if stored is not None and stored.body is not None else None,
        exact=exact[0].key if exact else None,
        neighbours=_neighbours(store, article, print_),
    )


def repeated(store: Store, original: str | None, links: Iterable[Linked]) -> Mapping[str, float] | None:
    """How sure the text that an article copies is of each agreement (key) that it reports as well; None where all that
    the copy reports counts as read with it, as a seed's text is not kept.

    A copy with a paragraph added, or one that is whole where the first was cut, may be the first to report one. What it
    makes of a sentence that the other has, and that reports another agreement there, is the same sentence misread.
    """
    stored = store.articles.by_key(original) if original is not None else None
    if original is None or stored is None:
        return None
    said: dict[str, float] = {}
    for report, agreement in store.articles.reports(original):
        if agreement is not None and report.relation is not Relation.BACKGROUND:
            said[agreement] = max(said.get(agreement, 0.0), report.confidence)
    if said:
        text = f"{stored.head.title}\n{stored.article.text}"
        for link in links:
            claim = link.report.quote
            if link.created and claim is not None and stands_in(claim.quote, text):
                said.setdefault(link.agreement.key, 1.0)
    return said


def _neighbours(store: Store, article: Article, print_: Fingerprint) -> tuple[Neighbour, ...]:
    """Stored texts that share a lookup key, oldest first, before them what they are copies of: among a hundred equal
    copies the few that are compared need not hold the first, which is the one to name."""
    shared = store.fingerprints.by_bands(print_.bands, print_.version, NEIGHBOURS)
    near = [each for each in shared if plausible(print_, each)]
    known = {each.key: store.articles.by_key(each.key) for each in near}
    copied = {stored.duplicate_of for stored in known.values() if stored is not None and stored.duplicate_of}
    first = [one for key in sorted(copied - known.keys())[:ORIGINALS] for one in store.fingerprints.get(key)]
    known |= {each.key: store.articles.by_key(each.key) for each in first}
    found = []
    for each in (*first, *near):
        stored = known[each.key]
        text = body(stored.article) if stored is not None and stored.body is not None else None
        if each.key != article.key:
            found.append(Neighbour(key=each.key, fingerprint=each, text=text))
    return tuple(found)


def rebuild_fingerprints(store: Store, now: datetime) -> int:
    """Make the fingerprints anew that an older version made, of articles whose text is kept; how many there were.

    Costs one look where nothing is to do, and goes on where it was ended. What has no text any more is left to be
    forgotten in its time: it is compared with nothing.
    """
    if store.meta.get(REBUILT) == str(SIGNATURE_VERSION):
        return 0
    after = done = 0
    while old := store.fingerprints.outdated(SIGNATURE_VERSION, after, AT_ONCE):
        after = old[-1][0]
        kept = [stored for _, key in old if (stored := store.articles.by_key(key)) is not None and stored.body]
        store.fingerprints.put([fingerprint(each.head.key, body(each.article)) for each in kept], now)
        done += len(kept)
    store.meta.set(REBUILT, str(SIGNATURE_VERSION))
    return done
