"""Is this article new, the same as, near to, or a revision of something stored?

Pure: the stored article of the same address, the key of an equal text and the few neighbours that share a lookup key
are handed in. Only near-verbatim copies are duplicates; another paper's own words on the same event are not.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass

import numpy as np

from pipeline.dedupe.body import body
from pipeline.dedupe.facts import Agreement, agreement, slots
from pipeline.dedupe.signature import MIN_WORDS, containment, estimate, lead, lead_of, shingles, slots_of
from pipeline.dedupe.words import normalise, split
from pipeline.model import Article, Fingerprint, NearTo, New, Revises, SameAs, Verdict

NEAR_RESEMBLANCE = 0.60
"""Shingle resemblance from which two texts are copies of one another."""

NEAR_CONTAINMENT = 0.80
"""Share of the shorter text that must stand in the longer one where the texts differ in length."""

MIN_COPIED = 0.50
"""Share of the later text that must come from the earlier one: a round-up that swallows a story is no copy of it."""

MIN_LEAD = 0.40
"""Share of the later text's opening that must stand in the earlier one: a follow-up opens with its own news."""

MIN_KEPT_FACTS = 0.80
"""Share of the facts in common places that must be equal; below it the texts share a frame, not a story."""

MAX_FACTUAL = 0.50
"""Where at least this share of all differences are other facts, the texts are two issues of one bulletin."""

MIN_EXACT_WORDS = 8
"""Equal texts shorter than this ("Watch the video here.") say nothing."""

MIN_STANDING = 0.50
"""Share of a sentence that must stand in a text for it to be that text's."""

MAX_NEIGHBOURS = 64

_ERROR = 0.16
"""Four times the standard error of an estimated resemblance."""

_SHINGLES_PER_WORD = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """A stored text that shares at least one lookup key; `text` is its body where it is still kept."""

    key: str
    fingerprint: Fingerprint
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """How alike a later text is to an earlier one, all shares 0 to 1.

    `copied` is the share of the later text that stands in the earlier one, `lead` the same of its opening; `factual`
    the share of all differences that are facts changed in place. `verified`: from the texts, not from signatures.
    """

    resemblance: float
    containment: float
    copied: float
    lead: float
    facts: Agreement
    factual: float
    verified: bool

    @property
    def similarity(self) -> float:
        return max(self.resemblance, self.containment)

    @property
    def near(self) -> bool:
        alike = self.resemblance >= NEAR_RESEMBLANCE or self.containment >= NEAR_CONTAINMENT
        bulletin = self.facts.share < MIN_KEPT_FACTS or (self.facts.changed > 0 and self.factual >= MAX_FACTUAL)
        return alike and not bulletin and self.copied >= MIN_COPIED and self.lead >= MIN_LEAD


def likeness(later: Fingerprint, earlier: Fingerprint, text: str | None = None, known: str | None = None) -> Likeness:
    """Compare two texts: by their true shingle sets when both are at hand, else by their signatures."""
    if text is None or known is None:
        close = estimate(later, earlier)
        sizes = max(1, later.words - 2), max(1, earlier.words - 2)
        shared = close / (1 + close) * sum(sizes)
        opening = np.isin(lead_of(later), lead_of(earlier))
        facts = agreement(slots_of(later), slots_of(earlier))
        contained = containment(close, later.words, earlier.words)
    else:
        words, known_words = split(text), split(known)
        mine, theirs = shingles(words), shingles(known_words)
        sizes = max(1, len(mine)), max(1, len(theirs))
        shared = float(len(np.intersect1d(mine, theirs, assume_unique=True)))
        close, contained = shared / (sum(sizes) - shared), shared / min(sizes)
        opening = np.isin(lead(words), theirs)
        facts = agreement(slots(words), slots(known_words))
    return Likeness(
        resemblance=close,
        containment=contained,
        copied=min(1.0, shared / sizes[0]),
        lead=float(opening.mean()) if len(opening) else close,
        facts=facts,
        factual=min(1.0, facts.changed * _SHINGLES_PER_WORD / max(1.0, sum(sizes) / 2 - shared)),
        verified=text is not None and known is not None,
    )


def plausible(later: Fingerprint, earlier: Fingerprint) -> bool:
    """Whether two texts may be near by their signatures, errors allowed for: only then are the texts worth reading."""
    most = min(1.0, estimate(later, earlier) + _ERROR)
    return most >= NEAR_RESEMBLANCE or containment(most, later.words, earlier.words) >= NEAR_CONTAINMENT


def stands_in(sentence: str, text: str) -> bool:
    """Whether a text has this sentence, word for word or lightly edited: half of its three-word shingles at least."""
    mine = shingles(split(sentence))
    return bool(len(mine)) and bool(np.isin(mine, shingles(split(text))).mean() >= MIN_STANDING)


def judge(
    article: Article,
    fingerprint: Fingerprint,
    *,
    same_url: Article | None,
    exact: str | None,
    neighbours: tuple[Neighbour, ...],
) -> Verdict:
    """The verdict on one article.

    `same_url` is the stored article of the same canonical address, `exact` the key of a stored text with the same
    `text_hash`, `neighbours` those that share a lookup key, oldest first (the first of equally near ones is named).
    """
    if same_url is not None:
        changed = changes(same_url, article)
        return Revises(key=same_url.key, changed=changed) if changed else SameAs(key=same_url.key)
    if exact is not None and exact != article.key and fingerprint.words >= MIN_EXACT_WORDS:
        return SameAs(key=exact)
    if fingerprint.words < MIN_WORDS:
        return New()
    text = body(article)
    best: NearTo | None = None
    for neighbour in neighbours[:MAX_NEIGHBOURS]:
        if neighbour.key == article.key or neighbour.fingerprint.words < MIN_WORDS:
            continue
        alike = likeness(fingerprint, neighbour.fingerprint, text, neighbour.text)
        similarity = round(alike.similarity, 4)
        if alike.near and (best is None or similarity > best.similarity):
            best = NearTo(key=neighbour.key, similarity=similarity)
    return best or New()


def changes(before: Article, after: Article) -> tuple[str, ...]:
    """What a later version of an article changed, in words; empty where nothing did that a reader would see."""
    said = []
    if normalise(before.title) != normalise(after.title):
        said.append("title")
    old, new = ([normalise(p) for p in each.paragraphs] for each in (before, after))
    if old != new:
        counts = {"insert": 0, "delete": 0, "replace": 0}
        steps = difflib.SequenceMatcher(None, old[:400], new[:400], autojunk=False).get_opcodes()
        for step, low, high, start, end in steps:
            if step != "equal":
                counts[step] += max(high - low, end - start)
        words = (("replace", "changed"), ("insert", "added"), ("delete", "removed"))
        said.extend(f"paragraphs {word}: {counts[step]}" for step, word in words if counts[step])
        if not any(counts.values()):
            said.append("text")
        facts = agreement(slots(split(before.text)), slots(split(after.text)))
        if facts.kept < facts.shared:
            said.append(f"numbers or names: {facts.shared - facts.kept}")
    if (before.published is None) != (after.published is None):
        said.append("published")
    return tuple(said)
