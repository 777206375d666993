"""Who signed: named persons with a post in the sentences that tell the act, each with the state they stand for.

No span, no value: where nothing says for which state somebody signed, the side stays empty.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from pipeline.detect.actor import Actor
from pipeline.detect.analysis import Analysis, View
from pipeline.detect.lexicon import Kind, Lexicon
from pipeline.detect.ruling import Ruling
from pipeline.detect.sentences import Zone
from pipeline.model import Label, Signatory

MOST = 6
"""Signatories that are kept of one report."""

_REACH = 70
"""Characters beside a post in which its holder's name may stand."""

_WORD = r"(?:[A-ZÀ-Þ][\w’'.-]*|(?:bin|binti|van|de|der|von)(?=\s+[A-Z])|al-[A-Z]\w+)"
_NAME = rf"[A-ZÀ-Þ][\w’'.-]*(?:\s+{_WORD}){{1,3}}"
_AFTER = re.compile(rf"^\s*,?\s*(?:\([^)]{{1,20}}\)\s*)?(?P<name>{_NAME})")
_BEFORE = re.compile(rf"(?P<name>{_NAME})\s*,\s*(?:the\s+|a\s+)?$")
_SECOND = re.compile(rf"^\s+(?:and|dan|serta)\s+(?P<name>{_NAME})")
_ACRONYM = re.compile(r"^(?:[A-Z]{3,}\s+)+(?=[A-ZÀ-Þ][\w’'.-]*\s)")
_NO_NAME = re.compile(
    r"(?:Senin|Selasa|Rabu|Kamis|Jumat|Sabtu|Minggu|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|The|In|On|At)\b"
)
_BODY = re.compile(
    r"(?:badan|kementerian|komisi|lembaga|dewan|otoritas|komite|direktorat|ministry|agency)$", re.IGNORECASE
)
_SEVERAL = re.compile(
    r"\b(?:ministers|leaders|presidents|secretaries|heads|kedua menteri|para menteri)\b", re.IGNORECASE
)
_IN_A_ROW = re.compile(
    r"\s*,?\s*(?:(?:bersama|dengan)\s+)*(?:and|dan|serta|dengan|bersama|with)\s+(?:\w+'?s?\s+){0,4}$"
)
_OF = re.compile(r"\s+of\s+(?:the\s+)?")
_WATCHES = re.compile(r"\b(?:in front of|before|di depan)\s+(?:(?:the|both)\s+)?$", re.IGNORECASE)
_SIDE = re.compile(r"\b(?:dari )?pihak\s+$|\bon behalf of\s+(?:the\s+)?$|\batas nama\s+$|\bmewakili\s+$", re.IGNORECASE)
_EXCHANGE = ("exchang", "bertukar", "mempertukar", "pertukaran")


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """A signatory, and where the name stands in the story. `sure`: the side is printed with the post."""

    who: Signatory
    start: int
    end: int
    sure: bool
    post_start: int
    sentence: int


class Signatories:
    """Finds them; holds the words of the names of organs, which are nobody's names."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._countries = tuple(
            name for each in lexicon.countries.values() for name in (each.name_id, each.name_en) if len(name) > 3
        )
        organs = (Kind.INSTITUTION, Kind.POST, Kind.ORGAN)
        names = [each.text for each in lexicon.terms if each.kind in organs]
        names += [word for each in lexicon.portfolios for word in each.words]
        self._offices = frozenset(word.casefold() for name in names for word in re.findall(r"\w{3,}", name))

    def of(self, analysis: Analysis, ruling: Ruling) -> tuple[Signed, ...]:
        """Those of the deal's sentences; who only watches is a witness."""
        if ruling.label is not Label.AGREEMENT:
            return ()
        found: dict[str, Signed] = {}
        for view in ruling.core:
            if view.zone is Zone.TITLE:
                continue
            for one in self._of_view(analysis, view, ruling.partner):
                found.setdefault(one.who.name, one)
        signed = tuple(found.values())[:MOST]
        return tuple(self._sided(analysis, one, signed, ruling.partner) for one in signed)

    def _of_view(self, analysis: Analysis, view: View, partner: str) -> Iterator[Signed]:
        text = analysis.story.text
        exchanged = any(text[each.mention.start : each.mention.end].lower().startswith(_EXCHANGE) for each in view.acts)
        watched = False
        end = view.sentence.start
        for actor in view.actors:
            if actor.what != "organ" or actor.country not in (analysis.home, partner):
                continue
            before = text[view.sentence.start : actor.start]
            watched = bool(_WATCHES.search(before)) or (watched and bool(_IN_A_ROW.fullmatch(text[end : actor.start])))
            for name, start, end in self._persons(analysis, view, actor):
                post, sure, country = _post(text, view, actor, name)
                role = "witnessed" if actor.witness or watched else "exchanged" if exchanged else "signed"
                yield Signed(
                    who=Signatory(name=name, post=post, side=country, role=role),
                    start=start,
                    end=end,
                    sure=sure,
                    post_start=min(actor.start, start),
                    sentence=view.sentence.index,
                )

    def _persons(self, analysis: Analysis, view: View, actor: Actor) -> Iterator[tuple[str, int, int]]:
        """The holder of a post; two where it stands in the plural (`Ministers X and Y`)."""
        first = self._person(analysis, view, actor)
        if first is None:
            return
        yield first
        text = analysis.story.text
        if _SEVERAL.search(text, actor.start, actor.end) and first[1] >= actor.end:
            second = _SECOND.match(text[first[2] : view.sentence.end])
            if second is not None and self._is_name(second["name"]):
                yield second["name"].rstrip(".,"), first[2] + second.start("name"), first[2] + second.end("name")

    def _person(self, analysis: Analysis, view: View, actor: Actor) -> tuple[str, int, int] | None:
        text = analysis.story.text
        if actor.end - actor.start < 60:
            for mention in view.sentence.of(Kind.PERSON):
                if actor.start <= mention.start < actor.end + 3:
                    if any(each is not actor and each.start <= mention.start < each.end for each in view.actors):
                        return None  # stands for himself
                    return text[mention.start : mention.end], mention.start, mention.end
        match = _AFTER.match(text[actor.end : min(view.sentence.end, actor.end + _REACH)])
        if match is not None and self._is_name(match["name"]):
            start, end = actor.end + match.start("name"), actor.end + match.end("name")
            if any(start <= other.start < end for other in view.actors) or _BODY.search(text, actor.start, actor.end):
                return None  # stands for himself; or the rest of a body's name
            acronym = _ACRONYM.match(match["name"] + " ")  # "Presiden UNMZ Pavel Dvorsky"
            start += acronym.end() if acronym is not None else 0
            name = text[start:end].rstrip(".,")
            return name, start, start + len(name)
        before = _BEFORE.search(text, max(view.sentence.start, actor.start - _REACH), actor.start)
        if before is not None and self._is_name(before["name"]):
            return before["name"], before.start("name"), before.end("name")
        return None

    def _is_name(self, name: str) -> bool:
        """Whether capitalised words are a person's: no country, no day, no words of an office."""
        words = [each.strip(".,").casefold() for each in name.split()]
        offices = [each in self._offices for each in words]
        return (
            not _NO_NAME.match(name)
            and not name.startswith(self._countries)
            and not (offices[0] and 2 * sum(offices) >= len(offices))
        )

    def _sided(self, analysis: Analysis, one: Signed, signed: tuple[Signed, ...], partner: str) -> Signed:
        """Whom somebody signed for whose post names no state: who stands beside one that does signed for the other."""
        text, home = analysis.story.text, analysis.home
        view = next(each for each in analysis.views if each.sentence.index == one.sentence)
        named = [
            actor.country
            for actor in view.actors
            if actor.what == "state"
            and actor.end <= one.post_start
            and _SIDE.search(text, view.sentence.start, actor.start)
            and actor.country in (home, partner)
        ]
        if named:
            return replace(one, who=replace(one.who, side=named[-1]))
        if one.sure:
            return one
        beside = {
            each.who.side for each in signed if each.sure and each.sentence == one.sentence and _beside(each, one, text)
        }
        if len(beside) == 1 and one.who.role != "witnessed":
            return replace(one, who=replace(one.who, side=partner if home in beside else home))
        if any(each is not one and each.post_start == one.post_start for each in signed):
            return replace(one, who=replace(one.who, side=""))
        return one


def _post(text: str, view: View, actor: Actor, name: str) -> tuple[str, bool, str]:
    """The post as printed, whether it names its state, and the state: `president of the Saudi Data Authority`."""
    end, sure, country = actor.end, not actor.assumed, actor.country
    for other in view.actors:
        known = actor.assumed and other.what == "organ" and not other.assumed
        if known and _OF.fullmatch(text[actor.end : max(actor.end, other.start)]):
            end, sure, country = other.end, True, other.country
    post = " ".join(text[actor.start : end].split())
    acronym = re.match(rf"\s+((?:[A-Z]{{3,}}\s+)+){re.escape(name)}", text[end : end + _REACH])
    post = f"{post} {acronym[1].strip()}" if acronym is not None else post
    return post.removesuffix(name).strip(" ,"), sure, country


def _beside(one: Signed, other: Signed, text: str) -> bool:
    """Whether two stand in one row: `Kepala BSSN X dan Direktur Jenderal Y`."""
    first, second = sorted((one, other), key=lambda each: min(each.start, each.post_start))
    between = text[max(first.end, first.post_start) : min(second.start, second.post_start)]
    return len(between) < 60 and bool(_IN_A_ROW.search(between) or _IN_A_ROW.fullmatch(between))
