"""One line under the knife: what the compiled rules cut of it, with the rule's name and the cut text kept."""

from __future__ import annotations

from dataclasses import dataclass, field

from pipeline.clean.headlines import headline_end, is_headline
from pipeline.clean.rules import START_WINDOW, TAIL_WINDOW, Action, Pattern, Rule, Scans, Zone
from pipeline.clean.vocabulary import LONGEST_NOTICE, Shape, Vocabulary
from pipeline.model import BlockKind

ARROWS = ("→", "►", "▶", "➜", "»", "›", ">>", "➡", "👉")

MAX_CUTS = 8
"""Cuts within one line after which it is left alone: real lines hold one or two."""


@dataclass(slots=True, kw_only=True)
class Line:
    """A block on its way through cleaning. `text` shrinks as cuts are made; "" means the line is gone."""

    text: str
    kind: BlockKind = BlockKind.PARAGRAPH
    link_share: float = 0.0
    cuts: list[tuple[str, str, bool]] = field(default_factory=list)  # cut text, rule, whether it may hold credits

    def drop(self, rule: str, *, credit: bool = False) -> None:
        """Cut the whole line under a rule's name."""
        if self.text:
            self.cuts.append((self.text, rule, credit))
            self.text = ""

    def cut(self, start: int, end: int, rule: Rule) -> None:
        """Cut a span, closing the gap with one space."""
        piece = self.text[start:end].strip()
        before, after = self.text[:start].rstrip(), self.text[end:].lstrip()
        self.text = f"{before} {after}".strip() if before and after else before or after
        if piece:
            self.cuts.append((piece, rule.name, rule.credit))


def _headline_follows(label: str, rest: str) -> bool:
    """Whether what stands behind a label can be a headline: behind a mark anything, else only what opens high."""
    if label.rstrip()[-1:] in "::：»›>→►▶|-–—":
        return not (rest[:1].islower() and rest.endswith("."))
    return not rest or not rest[:1].islower()


def _cut_label(line: Line, pattern: Pattern, start: int, end: int) -> bool:
    rest = line.text[end:]
    stripped = rest.lstrip()
    if not _headline_follows(line.text[start:end], stripped):
        return False
    stop = end + (len(rest) - len(stripped)) + headline_end(stripped)
    line.cut(start, stop, pattern.rule)
    return True


def cut_inside(line: Line, scans: Scans) -> None:
    """Inline rules and labels in the middle of a paragraph, and what is stuck to its end."""
    for _ in range(MAX_CUTS if scans.inside.patterns else 0):
        for pattern in scans.inside.matching(line.text):
            if not all(not u.search(line.text) for u in pattern.unless):
                continue
            match = pattern.compiled.search(line.text)
            if match is None:
                continue
            if pattern.rule.action is Action.LABEL:
                if _cut_label(line, pattern, match.start(1), match.end(1)):
                    break
            else:
                line.cut(match.start(), match.end(), pattern.rule)
                break
        else:
            break
    for _ in range(2 if scans.ends.patterns else 0):
        window = max(0, len(line.text) - TAIL_WINDOW)
        for pattern in scans.ends.matching(line.text[window:]):
            tail = line.text[window:]
            if any(u.search(tail) for u in pattern.unless):
                continue
            match = pattern.compiled.search(tail)
            if match is not None and match.end() > match.start():
                group = 1 if pattern.compiled.groups else 0
                line.cut(window + match.start(group), window + match.end(group), pattern.rule)
                break
        else:
            return


def opening_rule(text: str, scans: Scans, *, head: bool = False, foot: bool = False) -> Pattern | None:
    """The first rule, in the order of the file, that takes a whole line; head and foot rules only there."""
    if not scans.opens():
        return None
    size = len(text)
    window = text[:START_WINDOW] if size > START_WINDOW else text
    found = scans.starts.matching(window, longest=size)
    if size <= START_WINDOW:
        found += [p for p in scans.anywhere.matching(text, longest=size) if head or p.rule.zone is Zone.ANY]
    if head:
        found += scans.heads.matching(window, longest=size)
    if foot:
        found += scans.feet.matching(window, longest=size)
    held = [pattern for pattern in found if pattern.holds(text)]
    return min(held, key=lambda pattern: pattern.order) if held else None


def page_rule(line: Line, vocabulary: Vocabulary, *, name: str) -> Shape | None:
    """What a line that no rule takes is by its words: a label of the page's words with a headline behind it, an arrow
    with one, or nothing but the page's words; None for all else. `name` is the outlet's."""
    text = line.text
    if len(text) > LONGEST_NOTICE:
        return None
    end = vocabulary.label_end(text)
    if end and (text[end:] == "" or not text[end].islower()) and is_headline(text[end:]):
        return Shape.LABEL
    if text.startswith(ARROWS) and is_headline(text):
        return Shape.ARROW
    return vocabulary.shape_of(vocabulary.plain_text(text, name))


def cut_opening(line: Line, pattern: Pattern) -> bool:
    """Apply a rule that a line opens with; False where it turns out not to hold."""
    if pattern.rule.action is not Action.LABEL:
        line.drop(pattern.rule.name, credit=pattern.rule.credit)
        return True
    match = pattern.compiled.search(line.text)
    return match is not None and _cut_label(line, pattern, 0, match.end())
