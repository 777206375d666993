"""All that is built from one configuration, as one value: a reload puts another in its place, between two looks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from kawat.archive import read_body
from kawat.corpus import load_seeds
from kawat.correcting import Correcting
from kawat.deciding import Deciding
from kawat.routing import Routing
from kawat.rulebook import keep_snapshot, rulebook
from kawat.telling import Telling
from pipeline.alert.channels.notifiers import notifiers
from pipeline.alert.words import Names
from pipeline.config import Configuration
from pipeline.decide import Decider
from pipeline.errors import ConfigError, Fault
from pipeline.model import Institution, Outlet
from pipeline.ports import Notifier
from pipeline.reading import ReadingApart
from pipeline.run import Pipeline
from pipeline.store import Store
from pipeline.threads import Linker


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Whoever works takes it once and keeps to it, so that what it holds fits together."""

    configuration: Configuration
    by_slug: Mapping[str, Outlet]
    telling: Telling
    routing: Routing
    names: Names
    notifiers: Mapping[str, Notifier]
    pipeline: Pipeline
    reading: ReadingApart
    deciding: Deciding

    @property
    def enabled(self) -> tuple[str, ...]:
        """The outlets that are polled."""
        return tuple(slug for slug, each in self.by_slug.items() if each.enabled)

    @property
    def archive(self) -> Path:
        """The folder of WARC files."""
        return self.configuration.data_dir / "warc"


def furnished(
    store: Store, configuration: Configuration, *, now: Callable[[], datetime], catching_up: Callable[[], bool]
) -> Desk:
    """The desk of a configuration, after what the store keeps of it is brought up. Raises StoreError."""
    at = now()
    installed = store.meta.time("installed")
    if installed is None:
        installed = at
        store.meta.set_time("installed", at)
    store.outlets.sync(configuration.outlets, at)
    load_seeds(store, configuration, at)
    keep_snapshot(store, configuration, at)
    rules = rulebook(configuration)
    telling = Telling(store, configuration.channels, rules.outlets, installed=installed)
    lexicon = configuration.lexicon
    names = Names({code: (each.name_en, each.name_id) for code, each in lexicon.countries.items()}, lexicon.home)
    correct = Correcting(store, configuration.channels, names)
    reading = ReadingApart()
    decider = Decider(
        store=store,
        rules=rules,
        compose=telling.at_once,
        correct=correct,
        now=now,
        catching_up=catching_up,
        read=reading.read,  # a page that hangs its reader is killed with it, and nothing else is
    )
    archive = configuration.data_dir / "warc"
    return Desk(
        configuration=configuration,
        by_slug=rules.outlets,
        telling=telling,
        routing=Routing(store, configuration.channels, names),
        names=names,
        notifiers=notifiers(configuration.channels, names),
        pipeline=Pipeline(store=store, decider=decider, read_body=lambda page: read_body(archive, page), now=now),
        reading=reading,
        deciding=Deciding(
            store=store,
            linker=Linker(store=store, register=rules.register, outlets=rules.outlets),
            correct=correct,
            now=now,
            organs={
                each.id: Institution(id=each.id, name=each.name, country=each.country)
                for each in configuration.lexicon.bodies.values()
            },
        ),
    )


def refuse_moves(before: Configuration, after: Configuration) -> None:
    """Raises ConfigError where the data would lie elsewhere from now on: the store and the lock are where they were."""
    moved = {
        "data_dir": before.data_dir != after.data_dir,
        "database": before.database_url != after.database_url,
    }
    path = str(after.folder / "settings.yaml")
    faults = tuple(
        Fault(path=path, line=None, key=key, problem="cannot change while Kawat runs", remedy="start the daemon anew")
        for key, changed in moved.items()
        if changed
    )
    if faults:
        raise ConfigError(faults)
