"""`kawat alerts replay`: an alert rebuilt from the stored bytes under the rules of its day, and compared.

The pages behind it are read again from the archive, decided in the order and at the times of then, under the rules
snapshot that their decision names, in a throw-away database. Recipients and watches are today's: they are no rules.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from kawat.archive import content_type, read_body
from kawat.cli.face import Row
from kawat.code import code_at, code_digest
from kawat.corpus import load_seeds
from kawat.proof import posted
from kawat.rulebook import rulebook
from kawat.telling import GATHERED, Telling
from pipeline.config import Configuration, load
from pipeline.decide import Decider
from pipeline.errors import PageLost, UsageError
from pipeline.model import Alert, AlertKind, Item, Page, Urgency
from pipeline.net import url_key
from pipeline.store import Store
from pipeline.store.values import StoredArticle

SHORT = 12
MOST_SHOWN = 160
"""Characters of a value that a difference shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuilt:
    """What the replay made of the pages; `lost` are those whose bytes are gone."""

    alerts: tuple[Alert, ...]
    lost: tuple[str, ...]


def replay(store: Store, configuration: Configuration, reference: str) -> Row:
    """Rebuild one alert and compare; see `docs/alerts.md`. Raises UsageError for one that no article led to."""
    stored = posted(store, reference)
    alert = stored.alert
    if not alert.items:
        raise UsageError(f"alert {stored.id} ({alert.kind}) tells of no article: there is nothing to rebuild it from")
    revisions = list(_behind(store, alert))
    if not revisions:
        raise UsageError(f"alert {stored.id}: none of its articles is stored any more")
    digest = revisions[-1].head.decided.rules
    snapshot = store.rules.get(digest)
    if snapshot is None:
        raise UsageError(f"alert {stored.id}: the rules snapshot {digest[:SHORT]} is not stored")
    archive = configuration.data_dir / "warc"
    with TemporaryDirectory(prefix="kawat-replay-") as folder:
        rules = _of_then(Path(folder), json.loads(snapshot)["files"], configuration)
        made = _rebuilt(store, rules, archive, alert, revisions)
    differs = _compared(alert, made.alerts)
    code = code_at(store, alert.created_at)
    return {
        "id": stored.id,
        "identical": not differs,
        "differs": differs,
        "articles": [each.head.url for each in revisions],
        "lost": list(made.lost),
        "rules": digest[:SHORT],
        "rules_today": configuration.digest[:SHORT],
        "rules_changed": digest != configuration.digest,
        "code": code[0] if code else None,
        "code_today": code_digest(),
        "code_changed": None if code is None else code[0] != code_digest(),
        "version": code[1] if code else json.loads(snapshot)["kawat"],
    }


def _behind(store: Store, alert: Alert) -> Iterator[StoredArticle]:
    """Every revision, until the alert was made, of every article that reports its agreements or was copied by one that
    does; in the order in which they were stored."""
    keys: set[str] = set()
    for item in alert.items:
        keys |= {told.report.article for told in store.agreements.reports(item.agreement.key)}
        for cited in item.citations:
            found = store.articles.by_url(cited.url, url_key(cited.url))
            keys |= {found.head.key} if found is not None else set()
    copied = {each.duplicate_of for key in keys for each in store.articles.revisions(key) if each.duplicate_of}
    revisions = [each for key in keys | copied for each in store.articles.revisions(key)]
    yield from sorted((each for each in revisions if each.stored_at <= alert.created_at), key=lambda each: each.seq)


def _of_then(folder: Path, files: Mapping[str, str], today: Configuration) -> Configuration:
    """The configuration of that day's rules; who is told, and where things lie, as today."""
    for name, text in files.items():
        path = folder / name
        if not path.resolve().is_relative_to(folder.resolve()):
            raise UsageError(f"the rules snapshot names a file outside of its folder: {name}")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (folder / "settings.yaml").write_text(f"home: {today.settings.home}\n", encoding="utf-8")
    (folder / "channels.yaml").write_text("channels: {}\n", encoding="utf-8")
    return replace(load(folder, folder, {}), channels=today.channels, settings=today.settings)


def _rebuilt(
    store: Store, rules: Configuration, archive: Path, alert: Alert, revisions: list[StoredArticle]
) -> Rebuilt:
    made: list[Alert] = []
    lost: list[str] = []
    book = rulebook(rules)
    first = revisions[0].stored_at
    with Store.open("sqlite://") as room:
        load_seeds(room, rules, first)
        telling = Telling(room, rules.channels, book.outlets, installed=first)
        for each in revisions:
            page = _page(store, archive, each)
            decider = Decider(
                store=room,
                rules=book,
                compose=telling.at_once,
                now=lambda at=each.stored_at: at,  # type: ignore[misc]
                catching_up=lambda: alert.kind is AlertKind.CATCH_UP,
            )
            try:
                body = read_body(archive, page)
            except PageLost as error:
                lost.append(str(error))
                continue
            outcome = decider.settle(page, body)
            room.inbox.land(page)
            room.commit(outcome)
            made += outcome.alerts
        for urgency in (Urgency.DIGEST, *GATHERED):
            telling.together(urgency, alert.created_at)
        made += [each.alert for each in room.outbox.list(limit=1000)]
    return Rebuilt(alerts=tuple(made), lost=tuple(lost))


def _page(store: Store, archive: Path, revision: StoredArticle) -> Page:
    """The capture of a revision, as it landed; once the inbox has forgotten it, as the article and the archive say."""
    page = store.inbox.page(revision.record)
    if page is not None:
        return page
    head = revision.head
    return Page(
        outlet=head.outlet,
        url=head.url,
        final_url=head.url,
        key=revision.url_key,
        status=200,
        content_type=content_type(archive, revision.record),
        fetched_at=head.fetched_at,
        discovered_at=head.discovered_at,
        record=revision.record,
        title_hint=head.title,
        published_hint=head.published_raw,
        baseline=head.baseline,
    )


def _compared(alert: Alert, made: tuple[Alert, ...]) -> list[Row]:
    """What differs: the whole message where it can be made again under its key, else agreement by agreement."""
    same = next((each for each in made if each.key == alert.key), None)
    if same is not None:
        return list(_differences(replace(alert, due_at=same.due_at), same, ""))
    here = (each for each in made if (each.channel, each.recipient) == (alert.channel, alert.recipient))
    items: dict[str, Item] = {item.agreement.key: item for each in here for item in each.items}
    found: list[Row] = []
    for item in alert.items:
        again = items.get(item.agreement.key)
        if again is None:
            found.append(_difference(f"agreement {item.agreement.key[:SHORT]}", "told", "not told to this reader"))
        else:
            found += _differences(item, again, "")
    return found


def _differences(was: Any, now: Any, where: str) -> Iterator[Row]:
    """The innermost values that differ, by their path."""
    if is_dataclass(was) and type(was) is type(now):
        for each in fields(was):
            path = f"{where}.{each.name}" if where else each.name
            yield from _differences(getattr(was, each.name), getattr(now, each.name), path)
    elif isinstance(was, tuple) and isinstance(now, tuple) and len(was) == len(now):
        for number, (one, other) in enumerate(zip(was, now, strict=True)):
            yield from _differences(one, other, f"{where}[{number}]")
    elif was != now:
        yield _difference(where, was, now)


def _difference(what: str, was: object, now: object) -> Row:
    return {"what": what, "was": str(was)[:MOST_SHOWN], "now": str(now)[:MOST_SHOWN]}
