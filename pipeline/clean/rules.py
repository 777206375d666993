"""Cleaning rules as values, compiled once: what a line of furniture looks like, and what is cut of it.

Patterns are RE2 (linear time). An article is looked at as a whole first: three scans say which patterns hold somewhere
in it, on average less than one of two hundred, and only those are tried on its lines.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache

import re2

from pipeline.clean.vocabulary import Vocabulary

TAIL_WINDOW = 240
"""Characters at the end of a paragraph in which tail rules look."""

START_WINDOW = 480
"""Characters at the start of a paragraph in which drop rules look."""

SET_MEMORY = 64 << 20
"""Bytes that one set of patterns may take when compiled; the shipped rules need about a tenth."""

LONGEST = 200
"""Default length, in characters, above which a paragraph is no furniture however it opens."""


LONG_COUNT = 8
"""Repetitions from which a count is not kept where a text is only looked at as a whole."""

_PART = re.compile(r"\[\^?\]?(?:\\.|\[:\w+:\]|[^\]\\])*\]|\\[xpP]\{\w+\}|\\.|\{(?P<least>\d+)(?:,(?P<most>\d*))?\}")
"""What stands in braces in a pattern, and what else may: classes and escapes."""


class Action(StrEnum):
    """What a match does."""

    DROP = "drop"  # the whole paragraph that opens with it
    LABEL = "label"  # the label and the headline after it; a sentence glued behind the headline stays
    LIST = "list"  # the paragraph, and the headlines, names or links that follow it
    REST = "rest"  # this paragraph and everything after it
    INLINE = "inline"  # the match itself, wherever it stands in a paragraph
    TAIL = "tail"  # the match at the end of a paragraph


class Zone(StrEnum):
    """Where a rule holds."""

    ANY = "any"
    HEAD = "head"  # before the first sentence of the story
    FOOT = "foot"  # behind most of the text


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One named class of furniture. `examples` are cut by this rule, `counter_examples` pass every rule whole."""

    name: str
    action: Action
    patterns: tuple[str, ...]
    unless: tuple[str, ...] = ()
    zone: Zone = Zone.ANY
    longest: int = LONGEST
    whole: bool = False  # the pattern must reach to the paragraph's end
    anywhere: bool = False  # the pattern may stand anywhere in the paragraph
    case: bool = False  # upper and lower case differ
    credit: bool = False  # what is cut is read for names
    examples: tuple[str, ...] = ()
    counter_examples: tuple[str, ...] = ()


class BadPattern(ValueError):
    """A pattern that RE2 does not take; names the rule and the pattern."""

    def __init__(self, rule: str, pattern: str, problem: str) -> None:
        self.rule, self.pattern = rule, pattern
        super().__init__(f"rule {rule!r}: pattern {pattern!r}: {problem}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """One pattern of a rule, ready to run. `order` is the rule's place in the file: the first that holds wins."""

    order: int
    rule: Rule
    compiled: re2._Regexp
    unless: tuple[re2._Regexp, ...]

    def stands_in(self, text: str) -> bool:
        """Whether the pattern matches in a text; a set answers that in a quarter of the time that a match takes."""
        return bool(_alone(self.compiled).Match(text))

    def holds(self, text: str) -> bool:
        """Whether a matching paragraph is not excused by its length or an `unless` pattern."""
        return len(text) <= self.rule.longest and not any(u.search(text) for u in self.unless)


@dataclass(frozen=True, slots=True, kw_only=True)
class PatternSet:
    """Patterns that are tried on a line: in one scan, or, where `compiled` is None because they are few, one by one."""

    patterns: tuple[Pattern, ...]
    compiled: re2.Set | None

    def matching(self, text: str, *, longest: int = 0) -> list[Pattern]:
        """The patterns that match, in the order of the file; those of rules for lines shorter than `longest` need not
        be tried."""
        if self.compiled is None:
            return [p for p in self.patterns if p.rule.longest >= longest and p.stands_in(text)]
        hits = self.compiled.Match(text)
        return [self.patterns[i] for i in sorted(hits)] if hits else []


NO_PATTERNS = PatternSet(patterns=(), compiled=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scans:
    """The patterns by where they may stand in a line: at its start, only before or only behind the story; anywhere in a
    line that goes whole; inside one; at its end."""

    starts: PatternSet = NO_PATTERNS
    heads: PatternSet = NO_PATTERNS
    feet: PatternSet = NO_PATTERNS
    anywhere: PatternSet = NO_PATTERNS
    inside: PatternSet = NO_PATTERNS
    ends: PatternSet = NO_PATTERNS

    def opens(self) -> bool:
        """Whether any pattern is there that takes a whole line."""
        return bool(self.starts.patterns or self.anywhere.patterns or self.heads.patterns or self.feet.patterns)

    def cuts(self) -> bool:
        """Whether any pattern is there that cuts a part of a line."""
        return bool(self.inside.patterns or self.ends.patterns)


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """Patterns of some sets, looked for in all lines of a text at once. Where a scan finds one it may hold; the line
    decides."""

    scan: re2.Set
    patterns: tuple[tuple[str, Pattern], ...]  # the set that a pattern is of, and the pattern


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleaning:
    """All cleaning rules, compiled; `digest` names exactly this set of rules."""

    rules: tuple[Rule, ...]
    vocabulary: Vocabulary = field(repr=False)
    digest: str
    scans: Scans = field(repr=False, compare=False)
    glances: tuple[Glance, ...] = field(repr=False, compare=False)

    def within(self, text: str) -> Scans:
        """The patterns that may hold on one of the lines of `text`."""
        held: dict[str, list[Pattern]] = {}
        raw = text.encode()  # once: a scan of a string would do it by itself
        for glance in self.glances:
            for place in sorted(glance.scan.Match(raw) or ()):
                name, pattern = glance.patterns[place]
                held.setdefault(name, []).append(pattern)
        return Scans(**{name: PatternSet(patterns=tuple(found), compiled=None) for name, found in held.items()})


def _options(case: bool) -> re2.Options:
    options = re2.Options()
    options.case_sensitive = case
    options.log_errors = False
    return options


def _compile(rule: Rule, pattern: str, *, case: bool | None = None) -> re2._Regexp:
    try:
        return re2.compile(pattern, _options(rule.case if case is None else case))
    except re2.error as wrong:
        raise BadPattern(rule.name, pattern, str(wrong)) from wrong


_OPENING = r"[\s\-–—•*·|»›>#▪●►▶(\[\p{So}\x{FE0F}]*"
_CLOSING = r"[\s\-–—•*·|»›>#.…!)\]\"”']*$"


def _anchored(rule: Rule, pattern: str) -> str:
    """The pattern as it is run: anchored where its action asks for it, with room for bullets and brackets."""
    flag = "" if rule.case else "(?i)"
    if rule.action is Action.INLINE or rule.anywhere:
        return f"{flag}(?:{pattern})"
    if rule.action is Action.TAIL:
        return f"{flag}(?:{pattern})$"
    return f"{flag}{_OPENING}(?:{pattern})" + (_CLOSING if rule.whole else "")


def _inside(rule: Rule, pattern: str) -> str:
    """The pattern where it may stand within a paragraph: a label must follow the end of a sentence (its group 1)."""
    if rule.action is Action.LABEL:
        return ("" if rule.case else "(?i)") + r"(?:[.!?:”’)]\s*|\"\s+)(" + pattern + ")"
    return _anchored(rule, pattern)


def _set(
    rules: Iterable[tuple[int, Rule]], spell: Callable[[Rule, str], str] = _anchored, *, anchored: bool = False
) -> PatternSet:
    patterns: list[Pattern] = []
    options = _options_of_sets()
    scan = re2.Set.MatchSet(options) if anchored else re2.Set.SearchSet(options)
    for order, rule in rules:
        unless = tuple(_compile(rule, excuse, case=True) for excuse in rule.unless)
        for source in rule.patterns:
            if spell is _inside and source.endswith("$"):
                continue
            text = spell(rule, source)
            compiled = _compile(rule, f"^(?:{text})" if anchored else text)
            patterns.append(Pattern(order=order, rule=rule, compiled=compiled, unless=unless))
            scan.Add(text)
    if not patterns:
        return NO_PATTERNS
    _compile_set(scan, patterns[-1].rule)
    return PatternSet(patterns=tuple(patterns), compiled=scan)


@cache
def _alone(compiled: re2._Regexp) -> re2.Set:
    """A set of one pattern, made when a text is first asked for it: few ever are."""
    scan = re2.Set.SearchSet(compiled.options)
    scan.Add(compiled.pattern)
    scan.Compile()
    return scan


def _options_of_sets() -> re2.Options:
    options = re2.Options()
    options.max_mem = SET_MEMORY
    options.log_errors = False
    return options


def _compile_set(scan: re2.Set, last: Rule) -> None:
    try:
        scan.Compile()
    except re2.error as wrong:
        raise BadPattern(last.name, "", "all patterns together need too much memory") from wrong


def _loosened(pattern: str) -> str:
    """A pattern that also holds wherever the given one does, without long counts: a scan that counts how far it is into
    `.{0,80}` meets a new state at every character of every new text, and building those costs more than all else."""

    def loosen(part: re.Match[str]) -> str:
        if part["least"] is None:
            return part[0]
        most = part["most"] if part["most"] is not None else part["least"]
        return part[0] if most and int(most) < LONG_COUNT else "+" if int(part["least"]) else "*"

    return _PART.sub(loosen, pattern)


def _glance(sets: dict[str, PatternSet]) -> tuple[Glance, ...]:
    patterns = tuple((name, pattern) for name, each in sets.items() for pattern in each.patterns)
    if not patterns:
        return ()
    scan = re2.Set.SearchSet(_options_of_sets())
    for _, pattern in patterns:
        scan.Add(f"(?m){_loosened(pattern.compiled.pattern)}")
    _compile_set(scan, patterns[-1][1].rule)
    return (Glance(scan=scan, patterns=patterns),)


NO_WORDS = Vocabulary()


def _digest(rules: tuple[Rule, ...], vocabulary: Vocabulary) -> str:
    lists = ("strong", "weak", "plain", "sections", "listing", "address")
    words = [sorted(getattr(vocabulary, name)) for name in lists]
    return hashlib.blake2b(repr((rules, words)).encode(), digest_size=8).hexdigest()


def compile_rules(rules: tuple[Rule, ...], vocabulary: Vocabulary = NO_WORDS) -> Cleaning:
    """The rules, ready to run. Raises `BadPattern` for what RE2 does not take."""
    numbered = list(enumerate(rules))
    opening = [(n, r) for n, r in numbered if r.action not in (Action.INLINE, Action.TAIL) and not r.anywhere]
    scans = Scans(
        starts=_set(((n, r) for n, r in opening if r.zone is Zone.ANY), anchored=True),
        heads=_set(((n, r) for n, r in opening if r.zone is Zone.HEAD), anchored=True),
        feet=_set(((n, r) for n, r in opening if r.zone is Zone.FOOT), anchored=True),
        anywhere=_set((n, r) for n, r in numbered if r.anywhere),
        inside=_set(((n, r) for n, r in numbered if r.action in (Action.INLINE, Action.LABEL)), _inside),
        ends=_set((n, r) for n, r in numbered if r.action is Action.TAIL),
    )
    return Cleaning(
        rules=rules,
        vocabulary=vocabulary,
        digest=_digest(rules, vocabulary),
        scans=scans,
        glances=(
            *_glance({"starts": scans.starts, "heads": scans.heads, "feet": scans.feet}),
            *_glance({"anywhere": scans.anywhere, "inside": scans.inside, "ends": scans.ends}),
        ),
    )
