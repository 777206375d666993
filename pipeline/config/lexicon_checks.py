"""What the shapes of the lexicon's files cannot say alone: names that no file has, ids that stand twice, entries that
account for themselves to nobody. Each finding is a Fault with file, line and key.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from pipeline.config.document import Document
from pipeline.config.lexicon_schema import CountriesFile, InstitutionsFile, Sourced
from pipeline.errors import Fault


def unknown_countries(document: Document, countries: CountriesFile, institutions: InstitutionsFile) -> Iterator[Fault]:
    known = {*countries.countries, *countries.blocs}
    for index, each in enumerate(institutions.institutions):
        if each.country not in known:
            key = ("institutions", index, "country")
            yield document.fault(key, f"no country {each.country} in countries.yaml", "use one of its codes")


def unknown_home(document: Document, institutions: InstitutionsFile) -> Iterator[Fault]:
    known = {each.id for each in institutions.institutions}
    for index, each in enumerate(institutions.portfolios):
        if each.home not in known:
            yield document.fault(("portfolios", index, "home"), f"no institution {each.home}", "use an id of this file")


def twice(document: Document, key: str, ids: list[str]) -> Iterator[Fault]:
    seen: set[str] = set()
    for index, each in enumerate(ids):
        if each in seen:
            yield document.fault((key, index, "id"), f"{each} stands here twice", "give every entry its own id")
        seen.add(each)


def unaccounted(
    document: Document, key: str, entries: Iterable[tuple[int | str, Sourced]], sources: Mapping[str, str]
) -> Iterator[Fault]:
    """Entries with neither source nor reason, and sources that the file does not name."""
    known = ", ".join(sources)
    for index, each in entries:
        if not (each.source or each.reason):
            remedy = f"add `source: [...]` ({known}), or a `reason` in your own words"
            yield document.fault((key, index), "says neither its source nor a reason", remedy)
        for name in each.source:
            if name not in sources:
                yield document.fault((key, index, "source"), f"no source {name}", f"use one of {known}, or add it")
