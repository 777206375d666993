"""What the addresses of a site's articles look like, learned from a few of them, as a pattern for its outlet file.

A path is cut at its slashes; each piece becomes its kind: a year, a month or day, a number, a slug of several words, or
the word itself. The kinds in a row are the shape. Articles share one or a few shapes, sections and tags have others.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from pipeline.net import same_site

SLUG_WORDS = 3
ENOUGH = 0.9
MOST_PATTERNS = 4
_NOT_NEWS = frozenset(
    {"tag", "tags", "topik", "topic", "author", "penulis", "category", "kategori", "page", "search", "foto", "photo"}
    | {"video", "videos", "galeri", "gallery", "wp-content", "wp-json", "feed", "amp", "login", "tentang", "about"}
    | {"infografis", "infografik", "indeks", "index", "redaksi", "privacy", "disclaimer", "kontak", "contact", "rss"}
)
_EXTENSION = re.compile(r"\.(?:html?|php|aspx?|shtml)$", re.IGNORECASE)

Shape = tuple[str, ...]


def pieces(url: str) -> list[str]:
    """The pieces of an address's path."""
    try:
        return [piece for piece in urlsplit(url).path.split("/") if piece]
    except ValueError:
        return []


def kind(piece: str) -> str:
    """What sort of piece it is; a plain word stands for itself."""
    stem = _EXTENSION.sub("", piece)
    end = "." if stem != piece else ""
    if re.fullmatch(r"(?:19|20)\d\d", stem):
        return "year" + end
    if re.fullmatch(r"(?:19|20)\d\d-\d\d-\d\d|(?:19|20)\d{6}", stem):
        return "date" + end
    if re.fullmatch(r"\d{1,2}", stem):
        return "day" + end
    if stem.isdecimal():
        return "number" + end
    if len([word for word in re.split(r"[-_]", stem) if word]) >= SLUG_WORDS:
        return "slug" + end
    if re.fullmatch(r"[a-z]{1,3}-\d{4,}", stem):
        return "code" + end
    return piece


def looks_like_article(url: str) -> bool:
    """Whether an address may be an article's by its path alone: a slug, or a number behind a word, and no section."""
    parts = pieces(url)
    if not parts or any(part.lower() in _NOT_NEWS for part in parts[:-1]) or parts[-1].lower() in _NOT_NEWS:
        return False
    kinds = [kind(part).rstrip(".") for part in parts]
    return "slug" in kinds or ("number" in kinds and len(parts) >= 2)


def articles_of(urls: Iterable[str], base: str) -> list[str]:
    """The addresses on `base`'s site that share the commonest shapes of articles, in their order."""
    fitting = [url for url in dict.fromkeys(urls) if same_site(url, base) and looks_like_article(url)]
    if not fitting:
        return []
    shapes = Counter(_loose(url) for url in fitting)
    kept: set[Shape] = set()
    covered = 0
    for shape, number in shapes.most_common(MOST_PATTERNS):
        if covered >= ENOUGH * len(fitting) or (kept and number < 3):
            break
        kept.add(shape)
        covered += number
    return [url for url in fitting if _loose(url) in kept]


def patterns(urls: Sequence[str]) -> tuple[str, ...]:
    """RE2 patterns, one per shape, that fit all these articles."""
    by_shape: dict[Shape, list[str]] = {}
    for url in urls:
        by_shape.setdefault(_loose(url), []).append(url)
    return tuple(_pattern(shape, members) for shape, members in list(by_shape.items())[:MOST_PATTERNS])


def _loose(url: str) -> Shape:
    """The shape with words left open."""
    kinds = [kind(piece) for piece in pieces(url)]
    return tuple(each if each.rstrip(".") in _PIECES else "word" for each in kinds)


_PIECES = {
    "year": r"\d{4}",
    "date": r"\d{4}-?\d\d-?\d\d",
    "day": r"\d{1,2}",
    "number": r"\d+",
    "code": r"[a-z]{1,3}-\d+",
    "slug": r"[^/?#]+[-_][^/?#]+[-_][^/?#]+",
    "word": r"[^/?#]+",
}


def _pattern(shape: Shape, urls: Sequence[str]) -> str:
    host = re.escape(re.sub(r"^(?:www|m|amp)\.", "", urlsplit(urls[0]).netloc.lower())).replace("\\-", "-")
    columns = list(zip(*(pieces(url) for url in urls), strict=False))
    parts = []
    for each, values in zip(shape, columns, strict=False):
        words = sorted(set(values))
        if each == "word" and len(words) == 1 and len(urls) > 1:
            parts.append(re.escape(words[0]).replace("\\-", "-"))
        else:
            end = r"\.[a-z]{3,5}" if each.endswith(".") and each != "slug." else ""
            parts.append(_PIECES[each.rstrip(".")] + end)
    return rf"^https?://(?:www\.|m\.)?{host}/" + "/".join(parts) + "/?(?:[?#].*)?$"
