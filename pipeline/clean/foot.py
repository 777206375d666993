"""The end of an article: names, stray headlines, agencies and what speaks of the outlet, behind the last sentence."""

from __future__ import annotations

import re

from pipeline.clean.headlines import ends_sentence, is_name, is_titled
from pipeline.clean.lines import Line
from pipeline.clean.vocabulary import Vocabulary
from pipeline.extract.dates import is_date_line
from pipeline.model import BlockKind, Outlet

PLUG_WORDS = 14
"""Words below which a last line that names the outlet speaks of the outlet."""

_SPEECH = re.compile(r"[\"“”]|\b(?:kepada|kata|ujar|ucap|tutur|jelas|said|told|says)(?:nya)?\b", re.IGNORECASE)
_WORDS = re.compile(r"\w+")
_LABELLED = re.compile(r"[\W_]*[^\W\d_][\w'’ -]{1,30}?\s*(?:[:：|]|\s[-–—])\s*(\S.{1,80})$")
_AGENCY = re.compile(r"[-–—]{1,2}\s?(?:[A-Z][\w.]*(?:[ /][A-Z][\w.]*){0,2})\W*$")
_SEVERAL = re.compile(r"\s*(?:[,;/|&]|\bdan\b|\band\b)\s*")


def squeezed(text: str) -> str:
    """A text without what is no letter or digit, in one case: what two prints of one line have in common."""
    return "".join(_WORDS.findall(text)).casefold()


def _is_plug(text: str, outlet: Outlet) -> bool:
    """Whether a last line speaks of the outlet itself, and quotes nobody."""
    if text.count(" ") >= PLUG_WORDS:
        return False
    name = squeezed(outlet.name)
    return len(name) >= 4 and name in squeezed(text) and not _SPEECH.search(text)


def _is_labelled_name(text: str) -> bool:
    """Whether a line is a label and names, whatever the label says: "Alih bahasa: Sari Wulan"."""
    match = _LABELLED.match(text)
    return match is not None and all(is_name(name) for name in _SEVERAL.split(match[1].rstrip(" .")) if name)


def _rule(line: Line, vocabulary: Vocabulary) -> str:
    """Name of the shape that makes a line behind the last sentence furniture, "" where it is none."""
    text = line.text
    words = text.count(" ") + 1
    if _AGENCY.match(text):
        return "trailing-name"
    if line.kind is BlockKind.ITEM or ends_sentence(text):
        return ""
    if is_name(text) or _is_labelled_name(text):
        return "trailing-name"
    if words <= 2 or (4 <= words <= 18 and is_titled(text)) or is_date_line(text) or vocabulary.is_half(text):
        return "trailing-headline"
    return ""


def cut_foot(lines: list[Line], first: int, outlet: Outlet, vocabulary: Vocabulary) -> None:
    """Cut what stands behind the last sentence, from the end upwards, until a line is part of the story."""
    told = len(lines)  # the nearest line above that ends as a sentence; sought anew only where the walk has passed it
    for n in range(len(lines) - 1, first, -1):
        line = lines[n]
        if not line.text:
            continue
        if _is_plug(line.text, outlet):
            line.drop("outlet-line")
            continue
        if told >= n:
            told = next((m for m in range(n - 1, first - 1, -1) if ends_sentence(lines[m].text)), first - 1)
        before = lines[told].text if told >= first else ""
        rule = "" if before.endswith(":") else _rule(line, vocabulary)
        if not rule:
            return
        line.drop(rule, credit=rule == "trailing-name")
