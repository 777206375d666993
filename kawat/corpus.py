"""The seed corpus: `kawat seed add|list|remove`, and its fingerprints in the store.

Shipped seeds lie with the defaults, a person's own in `seed/own.jsonl`: fingerprints and facts, never text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

from kawat.given import KINDS, Given, extracted, given, outlet_of, page_of
from pipeline.config import Configuration
from pipeline.decide import Rulebook
from pipeline.errors import UsageError
from pipeline.landing import cleaned
from pipeline.model import Article, Reject, digest
from pipeline.seeds import SeedEntry, make_seed, read_seed_files, write_seeds
from pipeline.store import Store
from pipeline.threads import unknown_outlet

OWN = "own.jsonl"
STALE = "made by an older version, knows no copy: add its text again"
LOADED = "seeds"
"""Name in the store's meta table of the digest of what was last put in."""


def load_seeds(store: Store, configuration: Configuration, now: datetime) -> int:
    """Bring the store's seeds up to the files; how many were new. Costs nothing where the files did not change."""
    seeds = read_seed_files(configuration.seed_files)
    state = digest(*(f"{each.key}:{each.fingerprint.version}" for each in seeds))
    if store.meta.get(LOADED) == state:
        return 0
    new = store.fingerprints.put_seeds((each.fingerprint for each in seeds), now)
    store.fingerprints.drop_seeds([each.fingerprint.key for each in seeds])
    store.meta.set(LOADED, state)
    return new


class Corpus:
    """A person's own seeds beside the shipped ones."""

    def __init__(self, folder: Path, configuration: Configuration, rules: Rulebook) -> None:
        self._file = folder / "seed" / OWN
        self._configuration = configuration
        self._rules = rules

    def add(self, paths: Sequence[Path], *, now: datetime, stdin: TextIO) -> list[dict[str, Any]]:
        """Take the articles of these files, and of those in folders, into the corpus. Raises UsageError for one that is
        no article."""
        known = {each.key for each in self._seeds() if not each.stale}
        own = list(self._own())
        rows = []
        for item in given([str(path) for path in _files(paths)], stdin):
            article = self.article(item, now)
            seed = make_seed(article, self._rules.reader.read(article, None))
            rows.append(
                {
                    "key": seed.key,
                    "title": article.title,
                    "words": seed.fingerprint.words,
                    "source": item.id,
                    "known": seed.key in known,
                }
            )
            if seed.key not in known:  # or made by an older version: then in place of that
                known.add(seed.key)
                own = [*(each for each in own if each.key != seed.key), seed]
        write_seeds(self._file, own)
        return rows

    def list(self) -> list[dict[str, Any]]:
        """Every seed; of the text only its facts are known."""
        mine = {each.key for each in self._own()}
        return [
            {
                "key": each.key,
                "title": f"{each.label} {each.partner} {each.stage} {each.instrument}".strip(),
                "source": "own" if each.key in mine else "shipped",
                "outlet": each.outlet,
                "published": each.published,
                "words": each.fingerprint.words,
                "stale": each.stale,
                "note": STALE if each.stale else "",
            }
            for each in self._seeds()
        ]

    def remove(self, key: str) -> bool:
        """Take one of a person's own seeds out; False where it is none. Raises UsageError for a shipped one."""
        own = self._own()
        left = [each for each in own if each.key != key]
        if len(left) == len(own):
            if any(each.key == key for each in self._seeds()):
                raise UsageError(f"{key} ships with Kawat: lay a copy of its file without it into seed/")
            return False
        write_seeds(self._file, left)
        return True

    def article(self, item: Given, now: datetime) -> Article:
        """One given article, read and cleaned. Raises UsageError where it is none."""
        if item.fault:
            raise UsageError(item.fault)
        outlet = outlet_of(item, self._rules.outlets, unknown_outlet(item.outlet or "given", item.url))
        page = page_of(item, outlet, now)
        read = extracted(item, page, outlet, now)
        article = read if isinstance(read, Reject) else cleaned(read, page, outlet, self._rules.cleaning)
        if isinstance(article, Reject):
            raise UsageError(
                f"{item.id}: no article ({article.reason}{': ' + article.detail if article.detail else ''})"
            )
        return article

    def _seeds(self) -> tuple[SeedEntry, ...]:
        """All seeds: those that ship, and the person's own."""
        return read_seed_files(dict.fromkeys((*self._configuration.seed_files, *self._own_file())))

    def _own(self) -> tuple[SeedEntry, ...]:
        return read_seed_files(self._own_file())

    def _own_file(self) -> tuple[Path, ...]:
        return (self._file,) if self._file.is_file() else ()


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    """These files, and those of a kind that is read in the folders among them, by name."""
    for path in paths:
        if path.is_dir():
            yield from sorted(each for each in path.rglob("*") if each.is_file() and each.name.lower().endswith(KINDS))
        else:
            yield path
