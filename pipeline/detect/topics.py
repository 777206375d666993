"""What an agreement is about: fields of technology weighed by where they stand, against subjects that are not
technology.

Evidence comes from the headline and the sentences about the instrument, not from the whole article.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.detect.analysis import View
from pipeline.detect.lexicon import Lexicon
from pipeline.detect.scan import Mention
from pipeline.detect.sentences import Zone

MOST = 5
ENOUGH = 0.75
"""Weight of technology words below which the matter is something else."""
_NEAR = 45
"""Characters behind `tentang` within which the matter is named."""
_ABOUT = re.compile(
    r"^\s*(?:\([^)]{1,20}\)\s*)?(?:tentang|mengenai|soal|di bidang|bidang|on|for|untuk|in the field of)\b[^,;.]*$|^\s$",
    re.IGNORECASE,
)
_BESIDE = re.compile(r"^\s+(?:[a-z][\w-]*\s+){1,2}$")
_ZONE = {Zone.TITLE: 3.0, Zone.LEAD: 2.0, Zone.BODY: 1.0, Zone.ITEM: 1.0, Zone.LATE: 0.0}


@dataclass(frozen=True, slots=True)
class Topics:
    """`fields` in order of prominence, each with the mention that proves it; scores of technology and of other
    subjects.
    """

    fields: tuple[tuple[str, Mention], ...]
    technology: float
    other: float


class Subjects:
    """Weighs topics; holds only the lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon

    def weigh(self, views: Iterable[View], core: Iterable[View]) -> Topics:
        """Topics of the article whose sentences about the deal are `core`.

        What organs are called counts only where nothing else says what it is about.
        """
        views, core = tuple(views), tuple(core)
        about = {each.sentence.index for each in views if scoped(each)} | {each.sentence.index for each in core}
        topics = self._weighed(views, about, named=False)
        told = any(not self._lexicon.fields[name].generic for name, _ in topics.fields)
        if told and topics.technology >= ENOUGH:
            return topics
        named = self._weighed(views, about, named=True)
        best = named if named.technology > topics.technology else topics
        if best.technology >= ENOUGH or best.other:
            return best
        # a story that comes late to its matter
        wide = [each for each in views if each.zone is Zone.BODY and not each.sentence.quoted][:6]
        late = [each for each in wide if any(not self._lexicon.fields[field.ref].hidden for field in each.fields)]
        return self._weighed(views, about | {each.sentence.index for each in late}, named=False) if late else best

    def _weighed(self, views: tuple[View, ...], about: set[int], *, named: bool) -> Topics:
        """`about`: the sentences, by their number, that tell of the deal or of what its paper covers."""
        scores: dict[str, float] = {}
        proof: dict[str, tuple[float, Mention]] = {}
        technology = other = 0.0
        for view in views:
            index = view.sentence.index
            inside = index in about
            worth = _ZONE[view.zone] + (2.0 if inside else 0.0)
            if not worth:
                continue
            if view.zone is Zone.BODY and not inside:
                worth = 1.6 if view.papers or view.both or view.cooperation else 0.7
            seen: set[str] = set()
            found = (*view.fields, *view.named) if named else view.fields
            words = Counter(self._name(each) for each in found)
            # a field's own words before the words that only hint at it
            for mention in sorted(found, key=lambda each: self._lexicon.fields[each.ref].hidden):
                field = self._lexicon.fields[mention.ref]
                name = self._name(mention)
                if name in seen:
                    continue
                seen.add(name)
                top = inside or view.zone in (Zone.TITLE, Zone.LEAD)
                if top:
                    hint = 0.8 if words[name] > 1 and not field.generic else 0.5
                    share = 0.15 if field.weak else hint if field.hidden else 0.8 if field.generic else 1.0
                    share = 0.8 if name == "defence" else share
                    if field.hidden and _titled(view, mention):
                        share = 1.0
                    technology += share * (1.5 if view.zone is Zone.TITLE else 1.0)
                value = worth * (0.2 if field.weak or field.hidden else 1.0)
                scores[name] = scores.get(name, 0.0) + value
                if name not in proof or value > proof[name][0]:
                    proof[name] = (value, mention)
            if inside or view.zone in (Zone.TITLE, Zone.LEAD):
                other += len({each.ref for each in view.subjects}) * (1.5 if view.zone is Zone.TITLE else 1.0)
        return Topics(self._chosen(scores, proof), technology, other)

    def _name(self, mention: Mention) -> str:
        field = self._lexicon.fields[mention.ref]
        return field.folds or field.id

    def of(self, view: View) -> Topics:
        """Topics of one paper that a package lists."""
        scores: dict[str, float] = {}
        proof: dict[str, tuple[float, Mention]] = {}
        for mention in view.fields:
            field = self._lexicon.fields[mention.ref]
            name = field.folds or field.id
            value = 0.3 if field.weak or field.hidden else 3.0
            scores[name] = max(scores.get(name, 0.0), value)
            proof.setdefault(name, (value, mention))
        return Topics(self._chosen(scores, proof), max(scores.values(), default=0.0), 0.0)

    def declared(self, view: View, paper: Mention | None) -> bool:
        """Whether the deciding sentence says that its paper is about technology: right behind `tentang`, `on`, `covers`
        and the like stand fields of technology, more of them than of other subjects.
        """
        if paper is None:
            return False
        scope = _SCOPED.search(view.sentence.text, paper.end - view.sentence.start)
        if scope is None:
            return False
        at = view.sentence.start + scope.end()
        fields = [each for each in view.fields if each.start >= at and self._special(each)]
        if (
            not fields
            or fields[0].start - at > _NEAR
            or "," in view.sentence.text[scope.end() :][: fields[0].start - at]
        ):
            return False
        return len({self._name(each) for each in fields}) > len(
            {each.ref for each in view.subjects if each.start >= at}
        )

    def _special(self, mention: Mention) -> bool:
        field = self._lexicon.fields[mention.ref]
        return not (field.generic or field.weak or field.hidden)

    def enough(self, topics: Topics, core: tuple[View, ...], why: list[str], *, declared: bool = False) -> bool:
        """Whether it is technology at all; says in `why` what is missing. `declared`: a paper of the state says so."""
        if not topics.fields or topics.technology < ENOUGH:
            why.append("not technology: the sentences about it name no field of technology")
            return False
        shared = any(each.ref in ("research_word", "sti_research") for view in core for each in view.fields)
        if all(mention.ref == "defence" for _, mention in topics.fields) and not (declared or shared):
            why.append("not technology: talk of arms alone")
            return False
        if (
            topics.other > topics.technology
            and topics.technology < 2.5
            and not any(view.fields for view in core if view.zone is Zone.TITLE)
        ):
            why.append("not technology: it is about something else, technology is said in passing")
            return False
        return True

    def _chosen(
        self, scores: dict[str, float], proof: dict[str, tuple[float, Mention]]
    ) -> tuple[tuple[str, Mention], ...]:
        ranked = sorted(scores.items(), key=lambda each: -each[1])
        special = [(name, score) for name, score in ranked if not self._lexicon.fields[name].generic]
        top = special[0][1] if special else 0.0
        chosen = [(name, score) for name, score in special if score >= 1.8 and (score >= 3.0 or score >= 0.25 * top)]
        if not chosen and special:
            chosen = special[:2]
        for name, score in ranked:
            # beside a field that says which technology, only the generic field's own words count, not bare "technology"
            plain = not self._lexicon.fields[proof[name][1].ref].hidden
            shown = self._lexicon.fields[name].generic and score >= 0.8 * top
            if shown and (not chosen or (plain and score >= 4.0)):
                chosen.append((name, score))
        chosen.sort(key=lambda each: -each[1])
        return tuple((name, proof[name][1]) for name, _ in chosen[:MOST])


_SCOPE = re.compile(
    r"\b(?:cakupan\w*|mencakup|meliputi|memuat|berisi|mengatur|isinya|isi (?:nota|naskah|dokumen|perjanjian)|"
    r"ruang lingkup|fokus\w*|"
    r"covers?|covering|provides? for|sets? out|its scope|the scope|focus(?:es)?|includes?|list of fields|"
    r"(?:nota|naskah|dokumen|perjanjian|persetujuan|kesepakatan|kerja sama|kesepahaman) (?:itu|tersebut|ini)|"
    r"under (?:it|the (?:memorandum|agreement|deal|pact|accord|plan|document)))\b",
    re.IGNORECASE,
)


_SCOPED = re.compile(
    r"\b(?:tentang|mengenai|soal|terkait|di bidang|bidang|untuk|mencakup|meliputi|mengatur|on|about|concerning|covers?|"
    r"covering|for|in the field of|regarding|to)\b",
    re.IGNORECASE,
)


def scoped(view: View) -> bool:
    """A sentence of the running text that says what the paper covers."""
    return (
        view.zone in (Zone.BODY, Zone.LEAD)
        and not view.sentence.quoted
        and _SCOPE.search(view.sentence.text) is not None
    )


def _titled(view: View, mention: Mention) -> bool:
    """Whether it stands in the paper's own title: `nota kesepahaman tentang …`, `memorandum on …`."""
    for paper in view.papers:
        if 0 <= paper.start - mention.end <= 1:
            return True  # "phosphate-technology memorandum"
        gap = view.sentence.text[paper.end - view.sentence.start : mention.start - view.sentence.start]
        if 0 <= mention.start - paper.end < 60 and _ABOUT.match(gap):
            return True
        strange = any(paper.end <= each.start < mention.start for each in view.subjects)
        if mention.start >= paper.end and _BESIDE.match(gap) and not strange:
            return True  # "nota kesepahaman terowongan cerdas"
    return False
