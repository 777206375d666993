"""`kawat outlets boilerplate`: the lines that recur on an outlet's pages, and a person's word on each."""

from __future__ import annotations

from kawat.cli.face import Row
from pipeline.config import Configuration
from pipeline.errors import UsageError
from pipeline.furniture import Furniture, LineState
from pipeline.store import Store


def rows(store: Store, configuration: Configuration, slug: str) -> list[Row]:
    """The outlet's recurring lines, the most frequent first. Raises UsageError for an unknown outlet."""
    return [_row(each) for each in _lines(store, configuration, slug)]


def say(store: Store, configuration: Configuration, slug: str, hash_: str, *, cut: bool) -> Row:
    """Cut a line from now on, or never. `hash_` may be shortened as long as it names one line.

    Raises UsageError for an unknown outlet, and for a hash that names no line or several.
    """
    lines = _lines(store, configuration, slug)
    named = [each for each in lines if each.hash.startswith(hash_.lower())]
    if len(named) != 1 or not hash_:
        what = "names several lines" if len(named) > 1 else "names no line"
        raise UsageError(f"{hash_!r} {what} of {slug}; `kawat outlets boilerplate {slug}` shows them")
    store.furniture.say(slug, named[0].hash, LineState.PINNED if cut else LineState.REFUSED)
    after = store.furniture.of(slug, [named[0].hash])
    return _row(after[named[0].hash])


def _lines(store: Store, configuration: Configuration, slug: str) -> tuple[Furniture, ...]:
    if slug not in {each.slug for each in configuration.outlets}:
        raise UsageError(f"there is no outlet {slug!r}; `kawat outlets list` shows all")
    return store.furniture.of_outlet(slug)


def _row(line: Furniture) -> Row:
    return {
        "hash": line.hash,
        "state": str(line.state),
        "articles": line.articles,
        "days": len(line.days.split()),
        "first_seen": line.first_seen,
        "last_seen": line.last_seen,
        "text": line.text,
    }
