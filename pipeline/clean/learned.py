"""Which lines of an outlet are boilerplate because they recur, without any rule that names them.

A line is learned when it stands in many distinct articles of one outlet, over days or in most of them, whose headlines
have nothing in common: background paragraphs of one running story recur, too, but under headlines about that story.
Near-verbatim copies are not counted at all (the caller sees to it), quotations never. Pure; counts come and go as
values (`pipeline.furniture`), and the store keeps them.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta, timezone

from pipeline.furniture import RULE, TOTAL, Furniture, LineState
from pipeline.model import Article

LONGEST = 200
"""Characters above which a line is never counted: furniture is short, background paragraphs are long."""

SHORTEST = 4
LINES = 40
"""Lines of one article that are counted at most."""

LEAST_ARTICLES, LEAST_DAYS, LEAST_SHARE, LEAST_TOTAL = 8, 3, 0.25, 12
"""A line is learned when it stands in so many articles, of so many days, that are this share of the outlet's articles
since it was first seen, and those are at least so many."""

OFTEN_ARTICLES, OFTEN_SHARE = 15, 0.5
"""Or, whatever the days, in so many articles that are this share: the first look at an outlet takes many of one day."""

ONE_STORY, BESIDE = 0.6, 1.5
"""Articles are of one story where this share of their headlines has a word in common, and that share is so many times
what the word has among all headlines of the outlet."""

DAYS_KEPT, TOPICS_KEPT, OUTLET_TOPICS = 8, 40, 160
HEADLINE_WORDS = 12

WIB = timezone(timedelta(hours=7), "WIB")

_NUMBER = re.compile(r"\d+")
_DIGIT = re.compile(r"\d")
_PIECE = re.compile(r"[^\W_]+")
_TOPIC = re.compile(r"[^\W\d_]{4,}")
_QUOTED = re.compile(
    r"[\"“”«»„]|\b(?:kata|ujar|ucap|tutur|jelas|imbuh|tegas|papar|ungkap|said|says|told|added)(?:nya)?\b", re.IGNORECASE
)
_COMMON_WORDS = (
    "yang untuk dari dengan pada akan dalam oleh atas saat usai jadi bisa juga lebih serta hingga para soal bagi tidak "
    "belum sudah masih harus agar this that with from will over into after amid more than have says their about"
)
_COMMON = frozenset(_COMMON_WORDS.split())


def line_key(text: str) -> str:
    """What a line is known by: letters alone count, in one case, and one number is as good as another."""
    flat = " ".join(_PIECE.findall(text.casefold()))
    if _DIGIT.search(flat):
        flat = _NUMBER.sub("0", flat)
    return hashlib.blake2b((flat or text).encode(), digest_size=8).hexdigest()


def countable(article: Article) -> dict[str, str]:
    """The lines of an article that are worth counting, by key: short, and no quotation. What was cut as learned counts
    on; the headline does not."""
    texts = [*article.paragraphs, *(removed.text for removed in article.removed if removed.rule == RULE)]
    lines: dict[str, str] = {}
    for text in texts:
        if SHORTEST <= len(text) <= LONGEST and text != article.title and not _QUOTED.search(text):
            lines.setdefault(line_key(text), text)
    return dict(list(lines.items())[:LINES])


def counted(
    article: Article, lines: Mapping[str, str], before: Mapping[str, Furniture], now: datetime
) -> tuple[Furniture, ...]:
    """The rows of an outlet's lines after one more article; `lines` are its countable ones, `before` the rows of their
    keys and of `TOTAL`.

    A line that has become boilerplate says so in its state; what a person has said stays.
    """
    day = (article.published.instant if article.published else article.discovered_at).astimezone(WIB).date().isoformat()
    heard = dict.fromkeys(word for word in _TOPIC.findall(article.title.casefold()) if word not in _COMMON)
    words = tuple(heard)[:HEADLINE_WORDS]
    blank = Furniture(
        outlet=article.outlet,
        hash=TOTAL,
        text="",
        articles=0,
        base=0,
        days="",
        topics="",
        first_seen=now,
        last_seen=now,
    )
    total = before.get(TOTAL, blank)
    after = _one_more(total, "", day, words, now, topics=OUTLET_TOPICS)
    first = replace(_one_more(blank, "", day, words, now, topics=TOPICS_KEPT), base=total.articles)
    rows = [after]
    for key, text in lines.items():
        known = before.get(key)
        if known is None:
            rows.append(replace(first, hash=key))
            continue
        row = _one_more(known, text, day, words, now, topics=TOPICS_KEPT)
        if row.state is LineState.COUNTED and is_boilerplate(row, after):
            row = replace(row, state=LineState.LEARNED)
        rows.append(row)
    return tuple(rows)


def _one_more(row: Furniture, text: str, day: str, words: tuple[str, ...], now: datetime, *, topics: int) -> Furniture:
    heard = _numbers(row.topics)
    for word in words:
        heard[word] = heard.get(word, 0) + 1
    ranked = sorted(heard.items(), key=lambda item: -item[1])[:topics]
    return replace(
        row,
        text=row.text or text,
        articles=row.articles + 1,
        days=row.days if day in row.days or row.days.count(" ") + 1 >= DAYS_KEPT else f"{row.days} {day}".strip(),
        topics=" ".join(f"{word} {number}" for word, number in ranked),
        first_seen=min(row.first_seen, now),
        last_seen=max(row.last_seen, now),
    )


def _numbers(topics: str) -> dict[str, int]:
    parts = topics.split()
    return dict(zip(parts[::2], map(int, parts[1::2]), strict=True))


def is_boilerplate(row: Furniture, total: Furniture) -> bool:
    """Whether a line recurs as only furniture does: often enough, and not with one story."""
    since = total.articles - row.base
    share = row.articles / since if since > 0 else 0.0
    over_days = (
        row.articles >= LEAST_ARTICLES
        and len(row.days.split()) >= LEAST_DAYS
        and since >= LEAST_TOTAL
        and share >= LEAST_SHARE
    )
    often = row.articles >= OFTEN_ARTICLES and share >= OFTEN_SHARE
    return (over_days or often) and not _is_one_story(row, total)


def _is_one_story(row: Furniture, total: Furniture) -> bool:
    everywhere = _numbers(total.topics)
    for word, number in _numbers(row.topics).items():
        share = number / row.articles
        if share < ONE_STORY:
            return False
        if share > BESIDE * everywhere.get(word, 0) / total.articles:
            return True
    return False
