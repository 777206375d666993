"""Shapes of short lines: headline, sub-heading, person's name, sentence; and where a headline ends in a sentence
that was glued behind it. Knows letters, case and a few opening words of Indonesian and English; no outlet."""

from __future__ import annotations

import re

HEADLINE_WORDS = 26
"""Words above which a line without full stop is no headline."""

HEADING_CHARS = 80
"""Characters above which a line is no sub-heading."""

NAME_WORDS = 5
"""Words above which a run of capitals is no person's name."""

_SMALL_WORDS = (
    "dan di ke dari yang untuk pada dalam dengan oleh atau serta soal bagi hingga sampai saat usai demi agar "
    "tak kian jadi vs per para the of in on and for to a an as at by with from or but over into is amid after "
    "via nor its antara tanpa lewat jelang atas bak"
)
_SMALL = frozenset(_SMALL_WORDS.split())
_OPENERS_WORDS = (
    "selain menurut sementara dalam pada di dari untuk dengan namun adapun hal ia dia mereka kedua kerja saat "
    "ini itu sebelumnya sejauh meski meskipun setelah sejak hingga lebih menanggapi sebagai melalui tahun "
    "sebanyak berdasarkan bahkan karena jika bila lalu kemudian nantinya nanti kini ada tidak belum atas kami "
    "kita saya pihak para sejumlah seperti the in it he she they under according both but this that these "
    "those a an on at for as after while however meanwhile we i his her its their since when where with last "
    "earlier officials"
)
_OPENERS = frozenset(_OPENERS_WORDS.split())
_POSTS_WORDS = (
    "menteri presiden wakil direktur kepala ketua dirjen deputi gubernur wali bupati duta pemerintah "
    "kementerian badan juru sekretaris anggota pendiri indonesia minister president ministry deputy director "
    "government"
)
_POSTS = frozenset(_POSTS_WORDS.split())
_TOKEN = re.compile(r"\S+")
_STOPS = frozenset(".!?…。！？")
_CLOSERS = "'\"”’)]」』）"
_NAME_PART = re.compile(r"(?:[A-Z][\w’'-]*\.?|[A-Z]\.|bin|binti|van|de|al-\w+|,|&)$")
_NOT_NAMES_WORDS = (
    "berita nasional politik ekonomi indonesia jakarta presiden menteri komunikasi infrastruktur kerja teknologi"
)
_NOT_NAMES = frozenset(_NOT_NAMES_WORDS.split())
_LABELLED_SENTENCE = re.compile(r"[.!?]['\"”’]?\s+[\"“'‘]?[A-Z]")


def _is_closed(text: str) -> bool:
    """Whether a line ends with a full stop and its like, quotation marks and brackets behind it aside."""
    return text[-1:] in _STOPS or text.rstrip(_CLOSERS)[-1:] in _STOPS or text.endswith(("」", "』"))


def ends_sentence(text: str) -> bool:
    """Whether a line ends as a sentence does (or opens a list or quote)."""
    return _is_closed(text) or text.endswith((":", ";", ",", '"', "”"))


def is_sentence(text: str) -> bool:
    """Whether a paragraph is running text: long enough, and closed by a full stop."""
    return (_is_closed(text) or text.endswith(('"', "”", ":"))) and text.count(" ") >= 4


def is_headline(text: str) -> bool:
    """Whether a line could be a headline: short, no full stop at its end."""
    words = text.count(" ") + 1
    if words > HEADLINE_WORDS or text.endswith((":", ";", ",")) or not text[:1].isprintable():
        return False
    return not _is_closed(text) or text.endswith(("?", "!")) or (words <= 14 and text.endswith(("…", "...")))


def is_titled(text: str) -> bool:
    """Whether a line is in title case: most words that are not small begin with a capital or figure."""
    words = [w for w in text.split() if w.lower() not in _SMALL and any(map(str.isalnum, w))]
    if not words or not any(w[:1].isupper() for w in words):
        return False
    high = sum(not w.lstrip("\"'“‘(")[:1].islower() for w in words)
    return high >= 0.8 * len(words)


def is_name(text: str) -> bool:
    """Whether a line is one to `NAME_WORDS` capitalised words and nothing else, as a person's name is printed."""
    parts = text.replace(",", " ").split()
    if not 1 <= len(parts) <= NAME_WORDS or len(text) > 50 or any(map(str.isdigit, text)):
        return False
    if text.isupper() and len(parts) > 3:
        return False
    return all(_NAME_PART.match(part) for part in parts) and not any(p.lower() in _NOT_NAMES for p in parts)


def headline_end(text: str) -> int:
    """Where the headline that opens `text` ends (see `_boundary`); what would be longer than any headline ends with its
    first sentence, or is none at all (0)."""
    end = _boundary(text)
    if text.count(" ", 0, end) <= HEADLINE_WORDS:
        return end
    stop = _LABELLED_SENTENCE.search(text)
    if stop is not None and text.count(" ", 0, stop.end()) <= HEADLINE_WORDS:
        return stop.end() - 1
    return 0


def _boundary(text: str) -> int:
    """Where the headline that opens `text` ends: `len(text)` where it is all headline, else where the sentence that was
    glued behind it begins.

    In title case the sentence begins at the last capitalised opening word before the first word in lower case, else at
    the word right before it; in sentence case at the first opening word that follows a word in lower case.
    """
    text_words = list(_TOKEN.finditer(text))
    closed = _is_closed(text)
    if (not closed and len(text_words) <= HEADLINE_WORDS) or (closed and text[-1] in "?!" and len(text_words) <= 16):
        inner = _LABELLED_SENTENCE.search(text)
        if inner is None:
            return len(text)
    words = [m.group() for m in text_words]
    for n, word in enumerate(words[:HEADLINE_WORDS]):  # a question or exclamation closes the headline
        if n >= 1 and word[-1] in "?!" and n + 3 < len(words):
            return text_words[n + 1].start()
        if n >= 2 and word[0] in '"“' and words[n - 1][-1] not in ":,":
            return text_words[n].start()
    bare = [w.strip("\"'“”‘’(),.:;!?") for w in words]
    low = next((n for n, w in enumerate(bare) if n >= 1 and w[:1].islower() and w.lower() not in _SMALL), None)
    if low is None:
        return len(text)
    titled = low >= 3
    if titled:
        for openers in (_OPENERS, _POSTS):
            found = [n for n in range(2, low + 1) if bare[n].lower() in openers and bare[n][:1].isupper()]
            if found:
                start = found[-1]
                while openers is _POSTS and start - 1 >= 2 and bare[start - 1].lower() in _POSTS:
                    start -= 1
                return text_words[start].start()
        return text_words[max(1, low - 1)].start() if closed or len(words) > HEADLINE_WORDS else len(text)
    for n in range(3, len(bare) - 2):
        if bare[n][:1].isupper() and bare[n].lower() in (_OPENERS | _POSTS) and words[n - 1][-1] not in ",:;":
            return text_words[n].start()
    for n in range(3, min(len(bare) - 5, HEADLINE_WORDS)):  # no opening word: the first capital behind a full word
        behind = bare[n - 1]
        if bare[n][:1].isupper() and behind[:1].islower() and behind.lower() not in _SMALL:
            return text_words[n].start()
    stop = _LABELLED_SENTENCE.search(text)
    if stop is not None:
        return stop.end() - 1
    return len(text)
