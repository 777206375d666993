"""Builds the rules that the stages are given from a configuration, and the digest that names them in every decision."""

from __future__ import annotations

from datetime import datetime

import orjson

from kawat import __version__
from pipeline.alert.channel import Audience
from pipeline.alert.plan import SHIPPED
from pipeline.config import Configuration
from pipeline.decide import Rulebook
from pipeline.detect.reader import Reader
from pipeline.store import Store

FOLDERS = ("outlets", "lexicon", "seed")
PRIVATE = ("channels.yaml", "settings.yaml")
"""Who is told and where things lie is no rule, and may hold a secret."""


def rulebook(configuration: Configuration, *, register: bool = True) -> Rulebook:
    """The rules of a configuration; without `register` no old agreement is known (`kawat read --no-register`)."""
    watches = {each.name: each.watch for each in configuration.channels if each.audience is Audience.READERS}
    return Rulebook(
        reader=Reader(configuration.lexicon),
        cleaning=configuration.cleaning,
        register=configuration.register if register else (),
        outlets={each.slug: each for each in configuration.outlets},
        digest=configuration.digest,
        watches=watches or {"": SHIPPED},
    )


def keep_snapshot(store: Store, configuration: Configuration, now: datetime) -> None:
    """Store the files behind the rules' digest, so that a decision can be replayed under the rules of its day."""
    if store.rules.get(configuration.digest) is not None:
        return
    files = {
        f"{path.parent.name}/{path.name}" if path.parent.name in FOLDERS else path.name: path.read_text(
            encoding="utf-8", errors="replace"
        )
        for path in configuration.files
        if path.name not in PRIVATE
    }
    snapshot = orjson.dumps({"kawat": __version__, "files": files}).decode()
    store.rules.put(configuration.digest, snapshot, now)
