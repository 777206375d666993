"""Whether articles still come with their fields: the newest pages against the outlet's own history and `expect:`.

A field that was nearly always there and is missing from the newest pages, one after the other, is a redesign; so is a
text that has shrunk to a fraction, boilerplate that has swollen, or pages that are suddenly no articles at all. One odd
page is none: it takes `OPENING` in a row, and `CLOSING` good ones to take it back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from pipeline.model import Outlet, RejectReason
from pipeline.sight import PageSeen, Sight

OPENING, CLOSING = 4, 2
HISTORY = 12
"""Articles from which on an outlet's own history speaks."""

USUALLY = 0.9
SHRUNK = 0.4
SWOLLEN, SWOLLEN_TIMES = 0.3, 3.0
"""How much larger the boilerplate share must be, in itself and in proportion."""

_WALLS = frozenset({str(RejectReason.CHALLENGE), str(RejectReason.PAYWALL)})

_WORDS = {
    "title": "the headline",
    "published": "the time of publication",
    "authors": "the authors",
    "section": "the section",
    "selectors": "the story by the outlet's own selectors (it is read generically, degraded)",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What is wrong with the newest pages, and since which one."""

    since: datetime
    evidence: str
    first_bad: PageSeen
    last_good: PageSeen | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Test:
    """One thing that is compared: whether a page is bad in it, and the words for that."""

    bad: Callable[[PageSeen], bool]
    words: str


def blocked(pages: Sequence[PageSeen], *, standing: bool) -> PageSeen | None:
    """The first of the newest pages that are challenges one after the other, None where they are not. Login pages and
    paywalls count with them, but are believed later: some outlets sell a part of what they print."""
    run = _run(pages, lambda page: page.refused in _WALLS)
    enough = 3 if all(page.refused == RejectReason.CHALLENGE for page in run) else OPENING
    return run[0] if len(run) >= (1 if standing else enough) else None


def redesigned(sight: Sight, outlet: Outlet, *, standing: bool) -> Fault | None:
    """What the newest pages lack, None where they are as ever. `standing`: the outlet counts as redesigned now."""
    pages = [page for page in sight.pages if page.refused != RejectReason.CHALLENGE]
    found: Fault | None = None
    for test in _tests(sight, outlet, pages):
        run = _run(pages, test.bad)
        if not run:
            if not standing or len(_run(pages, lambda page, bad=test.bad: not bad(page))) >= CLOSING:  # type: ignore[misc]
                continue
            run = _older_run(pages, test.bad)  # one good page does not take it back
        if len(run) < (1 if standing else OPENING):
            continue
        place = pages.index(run[0])
        good = pages[place - 1] if place else sight.last_good
        why = f" ({run[-1].refused})" if run[-1].refused else ""
        words = f"{test.words}{why}, on the newest {len(run)} pages"
        if found is None or run[0].at < found.since:
            also = f"; {found.evidence}" if found is not None else ""
            found = Fault(since=run[0].at, evidence=words + also, first_bad=run[0], last_good=good)
        else:
            found = Fault(
                since=found.since,
                evidence=f"{found.evidence}; {words}",
                first_bad=found.first_bad,
                last_good=found.last_good,
            )
    return found


def _tests(sight: Sight, outlet: Outlet, pages: Sequence[PageSeen]) -> Iterator[_Test]:
    """What history and `expect:` say is usual. The newest `OPENING` pages, and those of a redesign, are none."""
    since = sight.first_bad.at if sight.first_bad is not None else None
    older = pages[:-OPENING] if since is None else [page for page in pages if page.at < since]
    read = [page for page in older if not page.refused]
    articles = sum(day.articles for day in sight.days) + len(read)
    seen = sum(day.pages for day in sight.days) + len(older)
    known = articles >= HISTORY
    for name, words in _WORDS.items():
        if name == "selectors" and not outlet.selectors.body:
            continue
        number = sum(dict(day.fields).get(name, 0) for day in sight.days) + sum(name in page.fields for page in read)
        share = number / articles if articles else 0.0
        if known and share >= USUALLY:
            yield _Test(bad=_lacks(name), words=f"{words} is missing; {share:.0%} of the articles before had it")
        elif not known and name in outlet.expect.fields:
            yield _Test(bad=_lacks(name), words=f"{words} is missing, which its file expects")
    if known:
        length = (sum(day.chars for day in sight.days) + sum(page.chars for page in read)) / articles
        removed = (sum(day.removed for day in sight.days) + sum(page.removed for page in read)) / articles
        share = removed / (length + removed) if length + removed else 0.0
        yield _Test(bad=_short(SHRUNK * length), words=f"less than {SHRUNK:.0%} of the usual {length:.0f} characters")
        limit = max(share + SWOLLEN, share * SWOLLEN_TIMES)
        if limit < 1:
            yield _Test(bad=_swollen(limit), words=f"over {limit:.0%} boilerplate, where {share:.0%} is usual")
    if outlet.expect.min_length is not None:
        least = outlet.expect.min_length
        yield _Test(bad=_short(least), words=f"less than the {least} characters that its file expects")
    if not known or articles >= USUALLY * seen:
        yield _Test(bad=lambda page: bool(page.refused), words="pages that are no articles")


def _lacks(name: str) -> Callable[[PageSeen], bool]:
    return lambda page: not page.refused and name not in page.fields


def _short(least: float) -> Callable[[PageSeen], bool]:
    return lambda page: not page.refused and page.chars < least


def _swollen(limit: float) -> Callable[[PageSeen], bool]:
    return lambda page: not page.refused and page.removed > limit * (page.chars + page.removed)


def _run(pages: Sequence[PageSeen], bad: Callable[[PageSeen], bool]) -> list[PageSeen]:
    """The bad pages at the end of the list, one after the other."""
    run: list[PageSeen] = []
    for page in reversed(pages):
        if not bad(page):
            break
        run.insert(0, page)
    return run


def _older_run(pages: Sequence[PageSeen], bad: Callable[[PageSeen], bool]) -> list[PageSeen]:
    """The bad pages that stand before a few good ones at the end."""
    rest = list(pages)
    while rest and not bad(rest[-1]):
        rest.pop()
    return _run(rest, bad)
