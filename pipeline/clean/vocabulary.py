"""The words with which a page speaks of itself, and what a line made of them is.

Rules name wordings; the wordings of outlets that nobody has seen differ. What they share is their vocabulary: a line
whose every word is the page's own ("Simpan untuk dibaca nanti", "View as single page") is furniture in whatever order
the words stand, and a story always brings in a word from outside. Pure; the words stand in `config/cleaning.yaml`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import chain, filterfalse

STRONG, WEAK = 2, 1

ENOUGH = 2
"""Weight from which a line whose words are all known is furniture: one word that only pages use, or two that they use
often."""

SENTENCE_ENOUGH = 4
"""Weight of a line that ends as a sentence and does not name itself; one less where it speaks to the reader ("you")."""

NOTICE_ENOUGH = 4
"""Weight that a line must have which holds words from outside."""

NOTICE_SHARE = 0.8
"""Share of known words in a line that names itself ("this article"); names (capitalised words) are not counted."""

NOTICE_STRICT = 0.87
"""The same in a line that only speaks to the reader, or that weighs less: readers are spoken to in guides, too."""

NOTICE_NAMED = 0.6
"""Share of known words among all words, names with them."""

ALONE_ENOUGH = 1
"""Weight of a short line that is no sentence: even a sub-heading brings in a word of the story."""

ALONE_LONGEST = 50

FEW_WORDS, AS_THEY_STAND = 10, 0.4
"""From so many words on, a line is looked at only where this share of them is known as it stands, marks and all."""

STRANGE = 0.6
"""Share of words that are not in the list as they stand from which on a line is not looked at more closely."""

OUTSIDE = 4
"""Words from outside, names not counted, from which on a line is the story's."""

LONGEST_LINE = 150
LONGEST_NOTICE = 260
LABEL_WORDS, LABEL_CHARS = 6, 64
NAME_LEAST = 4

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_SAID = re.compile(
    r'["“”«»„]|\b(?:sampai|hingga|saat|ketika|sejak|selama) (?:berita|laporan|artikel|tulisan) ini\b'
    r"|\b(?:kata|ujar|tutur|ucap|jelas|imbuh|menurut|said|says|told|according|added)(?:nya)?\b",
    re.IGNORECASE,
)
_MARK = re.compile("[:：|»›>→►▶➜–—-]")
_MARK_APART = re.compile(r"[:：|»›>→►▶➜]\s|\s[–—-]{1,2}\s")
_LABEL = re.compile(r"[\W_]*([^\W\d_][^:：|»›>→►▶➜]{1,50}?)\s*(?:[:：|»›→►▶➜]+|>>?|\s[–—-]{1,2})\s+(?=\S)")
_SELF = re.compile(
    r"\b(?:this|these) (?:article|story|stories|report|post|page|site|website|piece|content)\b"
    r"|\b(?:artikel|berita|tulisan|naskah|laporan|konten|situs|laman|judul|halaman) ini\b"
)
_PLACE = re.compile(
    r"\S+@\S+\.\S+|(?<!\w)@\w{2,30}|(?:https?://|www\.)\S+"
    r"|\b[\w-]+(?:\.[\w-]+)*\.(?:com|co\.id|id|net|org|my|sg|news|example)\b(?:/\S*)?"
)
_DOTTED = re.compile(r"\.(?<=\w\.)[a-z]")  # opens with what is looked for fastest
PAGE = " site "
"""What stands in for an outlet's own name and for addresses in a line: a word that pages use."""

_EDGES = "".join(map(chr, range(33, 48))) + ":;<=>?@[]{|}·«»‘’“”„…–—•"
_SUFFIXES = ("nya", "mu", "lah", "'s", "’s", "s")


def words_of(text: str) -> list[str]:
    """The words of a text, as `_WORD` finds them, at half its cost: what stands between spaces is mostly one word."""
    words: list[str] = []
    for piece in text.split():
        if piece.isalpha():
            words.append(piece)
        elif (bare := piece.strip(_EDGES)).isalpha():
            words.append(bare)
        elif bare:
            words += _WORD.findall(bare)
    return words


class Shape(StrEnum):
    """What a line of known words is; names the cut."""

    WORDS = "page-words"
    NOTICE = "page-notice"
    LABEL = "page-label"
    ARROW = "arrow-line"


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """Weights of words: what only pages say, what they often say, and what says nothing by itself.

    `sections` weigh one beside a word that weighs ("More in Economy"). `listing` are those behind which headlines of
    other stories follow; with `address` the page speaks to its reader or of itself.
    """

    strong: frozenset[str] = frozenset()
    weak: frozenset[str] = frozenset()
    plain: frozenset[str] = frozenset()
    sections: frozenset[str] = frozenset()
    listing: frozenset[str] = frozenset()
    address: frozenset[str] = frozenset()
    examples: tuple[str, ...] = ()
    counter_examples: tuple[str, ...] = ()
    weights: dict[str, int] = field(init=False, repr=False, compare=False)
    forms: dict[str, int] = field(init=False, repr=False, compare=False)  # the same with the suffixes that they take

    def __post_init__(self) -> None:
        weights = dict.fromkeys(self.plain | self.sections, 0)
        weights.update(dict.fromkeys(self.weak, WEAK))
        weights.update(dict.fromkeys(self.strong, STRONG))
        object.__setattr__(self, "weights", weights)
        suffixed = {word + suffix: weight for suffix in reversed(_SUFFIXES) for word, weight in weights.items()}
        object.__setattr__(self, "forms", suffixed | weights)

    def weight(self, word: str) -> int | None:
        """Weight of a word, None for one from outside; knows short suffixes of both languages."""
        return self.forms.get(word.lower())

    def weigh(self, words: list[str]) -> int | None:
        """Weight of words that are all known, None where one is not."""
        total = 0
        for word in words:
            weight = self.weight(word)
            if weight is None:
                return None
            total += weight
        return total

    def may_be(self, text: str) -> bool:
        """Whether a line is worth a closer look, by its words as they stand: most of a story's paragraphs are not."""
        if len(text) > LONGEST_NOTICE:
            return False
        words = text.split()
        return len(words) < FEW_WORDS or sum(map(self.weights.__contains__, words)) >= AS_THEY_STAND * len(words)

    def shape_of(self, text: str) -> Shape | None:
        """What a line is that no rule takes; None: not furniture by its words."""
        if len(text) > LONGEST_NOTICE or not self.weights or '"' in text or "“" in text or "”" in text:
            return None
        low = text.lower()
        pieces = low.split()
        bared = _WORD.findall(" ".join(filterfalse(str.isalpha, pieces)))
        itself = (" ini" in low or "this " in low or "these " in low) and bool(_SELF.search(low))
        speaks = itself or not (self.address.isdisjoint(pieces) and self.address.isdisjoint(bared))
        each = chain(filter(str.isalpha, pieces), bared)
        if speaks:
            if not self._may_be_notice(list(each), itself=itself):
                return None
        elif len(text) > LONGEST_LINE or not all(map(self.forms.__contains__, each)):
            return None
        if not self.may_be(text):
            return None
        counted = self._count(text)
        if counted is None or _SAID.search(text):
            return None
        words, known, outside, total = counted
        if known == len(words):
            enough = ENOUGH
            if text.endswith(".") and not itself:
                enough = SENTENCE_ENOUGH - speaks
            elif len(text) <= ALONE_LONGEST and not text.endswith((".", "?", "!", ":", "…")):
                enough = ALONE_ENOUGH
            alone = len(words) == 1 and (speaks or text.endswith((".", "…")))
            return Shape.WORDS if total >= enough and len(text) <= LONGEST_LINE and not alone else None
        if not speaks or total < NOTICE_ENOUGH - itself or known < NOTICE_NAMED * len(words):
            return None
        share = known / (known + outside)
        few = not itself or total < NOTICE_ENOUGH
        return Shape.NOTICE if share >= (NOTICE_STRICT if few else NOTICE_SHARE) else None

    def _may_be_notice(self, words: list[str], *, itself: bool) -> bool:
        """Whether words in lower case are all known, or known and heavy enough for a notice."""
        forms = self.forms
        known = [forms[word] for word in words if word in forms]
        if len(known) == len(words):
            return True
        return len(known) >= NOTICE_NAMED * len(words) and sum(known) >= NOTICE_ENOUGH - itself

    def _count(self, text: str) -> tuple[list[str], int, int, int] | None:
        """The words of a line, how many are known, how many are from outside but no names, and what they weigh; None as
        soon as too many are from outside."""
        weights, forms = self.weights, self.forms
        known = lower = outside = total = capitals = 0
        words = words_of(text)
        strange = [word for word in words if word.lower() not in weights]
        if len(strange) > STRANGE * len(words):
            return None
        for n, word in enumerate(words):
            weight = forms.get(word.lower())
            if weight is not None:
                known += 1
                total += weight
                lower += word[0].islower()
            elif n and word[0].isupper():
                capitals += 1
            else:
                outside += 1
                if outside > OUTSIDE:
                    return None
        if lower + outside < 2:
            outside += capitals
        return (words, known, outside, total) if known else None

    def is_page_talk(self, text: str) -> bool:
        """Whether a short line that is no sentence holds known words alone, one of weight: enough before the story."""
        if len(text) > 60 or text.endswith((".", "?", ":")):
            return False
        words = words_of(text)
        return bool(words) and bool(self.weigh(words))

    def is_half(self, text: str) -> bool:
        """Whether half of a short line's words are known and weigh enough: enough behind the last sentence."""
        words = words_of(text) if len(text) <= LONGEST_LINE else []
        weights = [weight for word in words if (weight := self.weight(word)) is not None]
        return 2 * len(weights) >= len(words) > 0 and sum(weights) >= ENOUGH

    def plain_text(self, text: str, name: str) -> str:
        """A line with a word of pages for the outlet's name and for addresses: they say what such a word says."""
        if len(name) >= NAME_LEAST and name in text:
            text = text.replace(name, PAGE)
        if "@" in text or "://" in text or "www." in text or _DOTTED.search(text):
            return _PLACE.sub(PAGE, text)
        return text

    def lists(self, text: str) -> bool:
        """Whether headlines of other stories may follow a line of known words."""
        return len(text) <= 60 and any(word.lower() in self.listing for word in words_of(text))

    def label_end(self, text: str) -> int:
        """Where the label of known words ends that opens `text` ("Also in this section: …"); 0 where there is none."""
        match = _LABEL.match(text) if _MARK.search(text, 0, LABEL_CHARS) and _MARK_APART.search(text) else None
        if match is None:
            return 0
        words = words_of(match[1])
        if not 1 <= len(words) <= LABEL_WORDS:
            return 0
        return match.end() if (self.weigh(words) or 0) >= WEAK else 0
