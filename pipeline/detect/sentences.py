"""An article as a row of sentences, each with its place in the text and in the story.

Headline, lead, body, list item and quotation weigh differently; what stands under a second sub-heading, or late in a
long text, is background. Offsets are those of the joined text: title, blank line, article text.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise

from pipeline.detect.lexicon import Kind
from pipeline.detect.scan import Mention, fold
from pipeline.model import Article

LIMIT = 60_000
"""Characters of an article that are read; what lies beyond never reports an agreement first."""

MAX_SENTENCES = 400


class Zone(StrEnum):
    TITLE = "title"
    LEAD = "lead"
    BODY = "body"
    ITEM = "item"
    LATE = "late"  # the tail of a long text, or a second story under its own sub-heading


@dataclass(frozen=True, slots=True)
class Sentence:
    """`start` and `end` in the joined text; `quoted` when most of it stands in quotation marks."""

    index: int
    start: int
    end: int
    text: str
    zone: Zone
    quoted: bool
    paragraph: int
    mentions: tuple[Mention, ...] = ()
    kinds: Mapping[Kind, tuple[Mention, ...]] = field(init=False, repr=False, compare=False)
    """The mentions by what they stand for: a rule looks at none but its own, and most find none."""

    def __post_init__(self) -> None:
        kinds: dict[Kind, tuple[Mention, ...]] = {}
        for each in self.mentions:
            kind = each.term.kind
            kinds[kind] = (*kinds[kind], each) if kind in kinds else (each,)
        object.__setattr__(self, "kinds", kinds)

    def of(self, *kinds: Kind) -> tuple[Mention, ...]:
        """The mentions of these kinds, in order."""
        if len(kinds) == 1:
            return self.kinds.get(kinds[0], ())
        found = [mentions for kind, mentions in self.kinds.items() if kind in kinds]
        if len(found) > 1:
            return tuple([each for each in self.mentions if each.term.kind in kinds])
        return found[0] if found else ()

    def marks(self, *names: str) -> list[Mention]:
        """The marks of these names, in order."""
        marks = self.kinds.get(Kind.MARK)
        return [each for each in marks if each.term.ref in names] if marks else []


@dataclass(frozen=True, slots=True)
class Story:
    """What is read: the joined text, where the article text starts in it, and its first `limit` characters'
    sentences.
    """

    text: str
    offset: int
    language: str
    truncated: bool


_STOP = re.compile(
    r"""[.!?…]+["”’')\]]*(?=\s+["“‘'(\[]?[A-Z0-9À-ÞА-Я"“\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af])"""
    r"""|[。！？](?=\S)|[;](?=\s*\d{1,2}[.)]\s)"""
)
_ABBREVIATION = re.compile(
    r"(?:\b(?:Dr|Drs|Prof|Mr|Mrs|Ms|Sdr|Ir|St|No|Jl|vs|Jr|Sr|Gen|Col|Lt|Hj|Tn|Ny|Kol|Brigjen|Pol|Rep|Sen|Gov|Sept|Oct|Nov|Dec|Jan|Feb|Aug)"
    r"|\b[A-Z]|\b[A-Z]\.[A-Z])\.$"
)
_ORDINAL = re.compile(
    r"\D?\d{1,2}\. (?:Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember)\b"
)
"""`am 13. November`: German days are ordinals."""
_QUOTE = re.compile(r"[\"“”]")
_ITEM = re.compile(r"^\s*(?:[-•*·▪–]|\(?\d{1,2}[.)]|[a-z][.)])\s+")
_ENGLISH = re.compile(r" (?:the|of|and|with|has|was|will|for) ")
_INDONESIAN = re.compile(r" (?:dan|yang|di|dengan|untuk|dari|akan|ini) ")


def story(article: Article, tongues: Collection[str] = ()) -> Story:
    """The joined text, bounded, and the language it reads like (`id` or `en`; the article's own word for others).

    `tongues`: other languages that the lexicon knows words of.
    """
    text = article.text
    truncated = len(text) > LIMIT
    if truncated:
        text = text[:LIMIT]
    title = article.title[:500]
    joined = f"{title}\n\n{text}"
    language = article.language
    if language not in ("id", "en", "ms"):
        least = 3 if language in tongues else 0  # Dutch, too, has "of" and "was"
        sample = fold(joined[:3000])
        english, indonesian = len(_ENGLISH.findall(sample)), len(_INDONESIAN.findall(sample))
        if max(english, indonesian) > least:
            language = "en" if english > indonesian else "id"
    return Story(text=joined, offset=len(title) + 2, language=language, truncated=truncated)


def sentences(article: Article, read: Story, mentions: tuple[Mention, ...]) -> tuple[Sentence, ...]:
    """The sentences in order, headline first, each with the mentions inside it."""
    rows = _rows(article, read)
    result: list[Sentence] = []
    at = 0
    for index, (start, end, zone, quoted, paragraph) in enumerate(rows[:MAX_SENTENCES]):
        while at < len(mentions) and mentions[at].start < start:
            at += 1
        inside: list[Mention] = []
        cursor = at
        while cursor < len(mentions) and mentions[cursor].start < end:
            inside.append(mentions[cursor])
            cursor += 1
        at = cursor
        result.append(Sentence(index, start, end, read.text[start:end], zone, quoted, paragraph, tuple(inside)))
    return tuple(result)


def _rows(article: Article, read: Story) -> list[tuple[int, int, Zone, bool, int]]:
    rows: list[tuple[int, int, Zone, bool, int]] = []
    title = article.title[:500]
    if title.strip():
        rows.append((0, len(title), Zone.TITLE, False, -1))
    limit = len(read.text)
    start = read.offset
    headings = frozenset(article.headings)
    body = 0  # sentences of running text so far
    second = False
    length = max(1, limit - read.offset)
    plain_title = _plain(title)
    for number, paragraph in enumerate(article.paragraphs):
        if start >= limit:
            break
        end = min(start + len(paragraph), limit)
        if (number <= 1 and plain_title and _plain(paragraph) == plain_title) or (
            number == 0 and not plain_title and _headline(paragraph, article)
        ):
            rows.append((start, end, Zone.TITLE, False, number))
        elif number in headings and body:
            # a sub-heading in the middle of a story opens its second part
            second = second or body >= 4
            rows.append((start, end, Zone.LATE, False, number))
        else:
            for first, last, quoted in _split(paragraph, start, end):
                long_enough = last - first > 24
                if _ITEM.match(read.text[first:last]):
                    zone = Zone.LATE if second else Zone.ITEM
                elif second or (body >= 6 and (first - read.offset) / length > 0.7):
                    zone = Zone.LATE
                elif body < 2:
                    zone = Zone.LEAD
                else:
                    zone = Zone.BODY
                rows.append((first, last, zone, quoted, number))
                body += long_enough
        start += len(paragraph) + 2
    return rows


def _headline(paragraph: str, article: Article) -> bool:
    return len(article.paragraphs) > 1 and len(paragraph) < 140 and not paragraph.rstrip().endswith((".", "”", '"'))


def _plain(text: str) -> str:
    return " ".join(fold(text).split())


def _split(paragraph: str, start: int, end: int) -> list[tuple[int, int, bool]]:
    text = paragraph[: end - start]
    cuts = [0]
    for stop in _STOP.finditer(text):
        if not _ORDINAL.match(text, max(0, stop.start() - 2)) and not _ABBREVIATION.search(
            text[max(0, stop.end() - 12) : stop.end()].rstrip("\"”’')]")
        ):
            cuts.append(stop.end())
    cuts.append(len(text))
    quotes = [each.start() for each in _QUOTE.finditer(text)]
    rows: list[tuple[int, int, bool]] = []
    for cut, last in pairwise(cuts):
        first = cut
        while first < last and text[first].isspace():
            first += 1
        if first < last:
            rows.append((start + first, start + last, _quoted(quotes, first, last)))
    return rows


def _quoted(quotes: list[int], first: int, last: int) -> bool:
    """Whether more than half of the span lies between quotation marks, taken as alternately opening and closing."""
    if not quotes:
        return False
    inside = 0
    for opening, closing in zip(quotes[::2], [*quotes[1::2], last][: len(quotes[::2])], strict=False):
        inside += max(0, min(closing, last) - max(opening, first))
    return inside * 2 > last - first
