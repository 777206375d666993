"""Extracted to Article: furniture is cut, named and kept; what is left is the story.

    lines ─► whole-line rules, labels, inline and tail cuts ─► repeats ─► head (before the story) ─► foot (after it)
          ─► title, headings, dateline, credits, places of the cuts

Pure; knows no outlet, only language and shape (and the rules of `config/cleaning.yaml`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pipeline.clean.credits import read_credits
from pipeline.clean.dateline import read_dateline
from pipeline.clean.foot import cut_foot, squeezed
from pipeline.clean.headlines import HEADING_CHARS, ends_sentence, is_headline, is_name, is_sentence
from pipeline.clean.learned import LONGEST as LONGEST_LEARNED
from pipeline.clean.learned import line_key
from pipeline.clean.lines import Line, cut_inside, cut_opening, opening_rule, page_rule
from pipeline.clean.rules import Action, Cleaning, Scans
from pipeline.clean.vocabulary import Shape, Vocabulary
from pipeline.extract.budget import UNLIMITED, Budget
from pipeline.extract.dates import is_date_line, read_date
from pipeline.furniture import RULE
from pipeline.model import Article, BlockKind, Credit, Extracted, Outlet, Reject, RejectReason, Removed

HEAD_LINES = 14
"""Lines in which the headline of a plain text is looked for."""

LIST_LINES = 14
"""Lines at most that a list label ("Artikel Terkait") takes with it."""

REST_SHARE = 0.6
"""Share of the text that must stand before a mark such as "Tinggalkan komentar" for all behind it to be cut."""

ALL_LINK = 0.85
"""Share of link text from which a short line is a link to elsewhere."""

DATED_CHARS = 70
"""Characters below which a head line that holds a date is a date line, whatever else it names."""

STORY_CHARS = 200
"""Characters of the story that must stand before a line of the page's own words can take headlines with it."""

LINK_CHARS = 240
REPEAT_CHARS = 30
TITLE_CHARS = 220

_LATE = (RejectReason.TOO_SLOW, "the time for cleaning one page is over")

DATELINE_LINES = 3
"""Paragraphs that may carry the dateline: some outlets print a standfirst before it."""


def _same(text: str, key: str) -> bool:
    """Whether a line reads as `key`, the squeezed form of another; most lines are told apart by length alone."""
    if not key or not len(key) <= len(text) <= 2 * len(key) + 20:
        return False
    return (not text[0].isalnum() or text[0].casefold() == key[0]) and squeezed(text) == key


@dataclass(frozen=True, slots=True, kw_only=True)
class _Story:
    """Where the story stands among the lines: its headline (-1: not in the text) and its first sentence."""

    headline: int
    first: int


def _find_headline(lines: list[Line], want: str) -> int:
    if not want:
        return -1
    for n, line in enumerate(lines[:HEAD_LINES]):
        if _same(line.text, want):
            return n
    return -1


def _is_outlet_line(text: str, outlet: Outlet) -> bool:
    """Whether a short line names the outlet and is no sentence: "Harian Contoh / Industri"."""
    if text.count(" ") >= 12 or is_sentence(text):
        return False
    name = squeezed(outlet.name)
    return len(name) >= 4 and name in squeezed(text)


def _is_head_shape(lines: list[Line], n: int, outlet: Outlet) -> str:
    """Name of the shape that makes a line head furniture, "" where it is none."""
    text = lines[n].text
    if is_date_line(text) or (len(text) <= DATED_CHARS and not is_sentence(text) and read_date(text) is not None):
        return "date-line"
    if _is_outlet_line(text, outlet):
        return "outlet-line"
    if is_name(text) and len(text.split()) <= 4:
        return "name-line"
    return ""


def _cut_head(
    lines: list[Line], scans: Scans, words: Vocabulary, *, want: str, titled: bool, in_text: bool, outlet: Outlet
) -> _Story:
    """Cut what stands before the story, find its headline and its first sentence."""
    headline = _find_headline(lines, want)
    for n in range(max(headline, 0)):
        line = lines[n]
        if line.text and not (is_sentence(line.text) and len(line.text) > TITLE_CHARS):
            pattern = opening_rule(line.text, scans, head=True)
            rule = pattern.rule.name if pattern else _is_head_shape(lines, n, outlet) or "before-headline"
            line.drop(
                rule, credit=rule in {"by-line", "name-line", "outlet-line"} or bool(pattern and pattern.rule.credit)
            )
    seeking = in_text and not titled and headline < 0
    for n in range(headline + 1, min(len(lines), headline + 1 + HEAD_LINES)):
        line = lines[n]
        if not line.text:
            continue
        if is_sentence(line.text) and len(line.text) > 90:
            return _Story(headline=headline, first=n)
        pattern = opening_rule(line.text, scans, head=True)
        shape = _is_head_shape(lines, n, outlet)
        if pattern and pattern.rule.action is not Action.LABEL:
            line.drop(pattern.rule.name, credit=pattern.rule.credit)
        elif words.is_page_talk(line.text):
            line.drop(str(Shape.WORDS))
        elif shape and not (seeking and shape == "name-line" and not _headline_after(lines, n)):
            line.drop(shape, credit=shape in {"name-line"})
        elif seeking:
            headline, seeking = n, False
        elif is_sentence(line.text) or line.kind is BlockKind.ITEM:
            return _Story(headline=headline, first=n)
    return _Story(headline=headline, first=headline + 1)


def _headline_after(lines: list[Line], n: int) -> bool:
    """Whether another line that can be a headline follows a name before the first sentence."""
    for line in lines[n + 1 : n + 5]:
        if line.text and is_sentence(line.text) and len(line.text) > 160:
            return False
        if line.text and line.text.count(" ") >= 3 and not is_date_line(line.text):
            return True
    return False


def _cut_lines(lines: list[Line], scans: Scans, words: Vocabulary, want: str, *, name: str) -> None:
    """Whole-line rules and cuts inside lines; label lists take the headlines that follow them."""
    total = sum(len(line.text) for line in lines) or 1
    kept, listing, names, announced = 0, 0, False, False
    opens, cuts = scans.opens(), scans.cuts()
    for n, line in enumerate(lines):
        if _same(line.text, want):
            listing = 0
            kept += len(line.text)
            continue
        if listing and _goes_on(line, names=names):
            line.drop("related-list" if not names else "credit-block", credit=names)
            listing -= 1
            continue
        listing = 0
        at_foot = not announced and kept >= REST_SHARE * total
        pattern = opening_rule(line.text, scans, foot=at_foot) if opens else None
        if pattern is not None and cut_opening(line, pattern):
            if pattern.rule.action is Action.REST and kept >= REST_SHARE * total:
                for later in lines[n + 1 :]:
                    later.drop(pattern.rule.name)
                return
            bare = pattern.rule.action is Action.LABEL and not line.text and line.cuts[-1][0].count(" ") <= 1
            if pattern.rule.action is Action.LIST or bare:
                listing, names = LIST_LINES, pattern.rule.credit
        if line.text and not announced and (rule := page_rule(line, words, name=name)):
            if rule is not Shape.LABEL and kept >= STORY_CHARS and words.lists(line.text):
                listing, names = LIST_LINES, False
            line.drop(str(rule))
        if line.text:
            if cuts:
                cut_inside(line, scans)
            announced = line.text.endswith(":") or (announced and not is_sentence(line.text))
        if line.text and line.link_share >= ALL_LINK and len(line.text) <= LINK_CHARS and not line.text.endswith("."):
            line.drop("link-line")
        kept += len(line.text)


def _cut_learned(lines: list[Line], learned: frozenset[str]) -> None:
    for line in lines if learned else ():
        if line.text and len(line.text) <= LONGEST_LEARNED and line_key(line.text) in learned:
            line.drop(RULE)


def _goes_on(line: Line, *, names: bool) -> bool:
    """Whether a line belongs to the list above it."""
    text = line.text
    if names:
        return text.count(" ") <= 3 and not ends_sentence(text) and len(text) <= 40
    if line.link_share >= ALL_LINK:
        return True
    return is_date_line(text) or (is_headline(text) and line.kind is not BlockKind.QUOTE)


def _cut_repeats(lines: list[Line]) -> None:
    alike: dict[str, list[Line]] = {}  # lines by how they open: few open as another does
    for line in lines:
        if len(line.text) >= REPEAT_CHARS:
            alike.setdefault(line.text[:REPEAT_CHARS].casefold()[:REPEAT_CHARS], []).append(line)
    for group in alike.values():
        seen: set[str] = set()
        for line in group if len(group) > 1 else ():
            key = line.text.casefold()
            if key in seen:
                line.drop("repeated-paragraph")
            seen.add(key)


def _cut_title(lines: list[Line], want: str, *, keep: int) -> None:
    """Cut the headline where it is repeated among the lines; where it stands in the text, its first place is kept."""
    for n, line in enumerate(lines):
        if n != keep and _same(line.text, want):
            line.drop("headline-repeated")


def _headings(lines: list[Line], story: _Story) -> list[bool]:
    """For each kept line, whether it is a sub-heading."""
    kept = [n for n, line in enumerate(lines) if line.text]
    flags = []
    for place, n in enumerate(kept):
        line = lines[n]
        if n <= story.headline or place + 1 >= len(kept):
            flags.append(False)
        elif line.kind is not BlockKind.PARAGRAPH:
            flags.append(line.kind is BlockKind.HEADING)
        else:
            before = lines[kept[place - 1]].text if place else ""
            short = len(line.text) <= HEADING_CHARS and not ends_sentence(line.text) and line.text[:1].isupper()
            between = n > story.first and not before.endswith((":", ";"))
            flags.append(short and between and is_sentence(lines[kept[place + 1]].text))
    return flags


def _gather(lines: list[Line]) -> tuple[tuple[Removed, ...], tuple[Credit, ...]]:
    removed: list[Removed] = []
    credits: dict[Credit, None] = {}
    place = 0
    for line in lines:
        for text, rule, credit in line.cuts:
            removed.append(Removed(text=text, rule=rule, before=place))
            if credit:
                credits.update(dict.fromkeys(read_credits(text)))
        place += bool(line.text)
    return tuple(removed), tuple(credits)


def clean(
    extracted: Extracted,
    cleaning: Cleaning,
    *,
    key: str,
    url: str,
    outlet: Outlet,
    fetched_at: datetime,
    discovered_at: datetime,
    baseline: bool = False,
    learned: frozenset[str] = frozenset(),
    budget: Budget = UNLIMITED,
) -> Article | Reject:
    """The article of an extraction, or a `Reject` where nothing but furniture was there or the time was over, which is
    looked at between the steps. `learned`: keys of lines that recur in this outlet's articles
    (`pipeline.clean.learned`)."""

    def reject(reason: RejectReason, detail: str) -> Reject:
        return Reject(key=key, outlet=outlet.slug, url=url, reason=reason, detail=detail)

    lines = [Line(text=b.text, kind=b.kind, link_share=b.link_share) for b in extracted.blocks]
    title, steps = extracted.title, extracted.steps
    want = squeezed(title)
    in_text = extracted.headline_in_text
    for line in lines:
        if line.kind is BlockKind.CAPTION:
            line.drop("caption", credit=False)
    scans, words = cleaning.within("\n".join([line.text for line in lines])), cleaning.vocabulary
    if budget.spent():
        return reject(*_LATE)
    _cut_lines(lines, scans, words, want, name=outlet.name)
    _cut_learned(lines, learned)
    if budget.spent():
        return reject(*_LATE)
    story = _cut_head(lines, scans, words, want=want, titled=bool(title), in_text=in_text, outlet=outlet)
    _cut_title(lines, want, keep=story.headline if in_text else -1)
    _cut_repeats(lines)
    cut_foot(lines, story.first, outlet, words)
    if budget.spent():
        return reject(*_LATE)
    kept = [line for line in lines if line.text]
    if not kept:
        return reject(RejectReason.EMPTY, "nothing left after cleaning")
    if in_text and not title and story.headline >= 0 and len(kept) > 1:
        candidate = lines[story.headline].text
        dated = is_sentence(candidate) and read_dateline(candidate)
        if candidate and len(candidate) <= TITLE_CHARS and not dated:
            title, steps = candidate, (*steps, ("title", "first-line"))
    removed, credits = _gather(lines)
    leads = [line.text for n, line in enumerate(lines) if line.text and n > story.headline][:DATELINE_LINES]
    dateline = next((found for lead in leads if (found := read_dateline(lead))), "")
    authors = extracted.authors or tuple(c.name for c in credits if c.role == "reporter")
    return Article(
        key=key,
        outlet=outlet.slug,
        url=url,
        canonical_url=extracted.canonical_url,
        title=title,
        paragraphs=tuple(line.text for line in kept),
        headings=tuple(n for n, flag in enumerate(_headings(lines, story)) if flag),
        removed=removed,
        credits=credits,
        dateline=dateline,
        authors=authors,
        published=extracted.published,
        published_raw=extracted.published_raw,
        section=extracted.section,
        language=extracted.language,
        steps=steps,
        fetched_at=fetched_at,
        discovered_at=discovered_at,
        summary_only=extracted.summary_only,
        baseline=baseline,
    )
