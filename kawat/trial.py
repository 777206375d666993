"""`kawat rules test`: a draft of the rules over the stored articles, beside the rules in force.

Both read every stored article; what either reports goes through the whole decision (linking, each channel's watch) in
a throw-away database of its own, in the order of arrival, so that copies and second reports tell nobody here either.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from kawat.corpus import load_seeds
from kawat.rulebook import rulebook
from kawat.shipped import defaults
from pipeline.config import Configuration, load
from pipeline.decide import Decider
from pipeline.errors import UsageError
from pipeline.model import Alert, Article, Notice, Outlet, Page, Reading, Report
from pipeline.store import Store
from pipeline.store.values import Outcome, StoredArticle
from pipeline.threads import unknown_outlet

Row = dict[str, Any]
PAGE = 500
WEEK = timedelta(days=7)
LEXICON = ("calibration", "countries", "cues", "fields", "institutions", "instruments", "tongues", "weights")
OWN = ("channels", "cleaning", "settings")


def drafted(folder: Path, draft: Path, environ: Mapping[str, str]) -> Configuration:
    """The configuration of `folder` with the draft in its place: one YAML file, `register.csv`, or a folder laid out
    like a data folder. Raises UsageError for what is no draft, ConfigError where it is refused."""
    with TemporaryDirectory(prefix="kawat-draft-") as made:
        room = Path(made)
        for source, target in (*_files(folder), *_draft(draft)):
            (room / target).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, room / target)
        return load(room, defaults(), environ)


def _files(folder: Path) -> Iterator[tuple[Path, Path]]:
    for pattern in ("*.yaml", "register.csv", "secrets.env", "outlets/*.yaml", "lexicon/*.yaml", "seed/*.jsonl"):
        yield from ((path, path.relative_to(folder)) for path in sorted(folder.glob(pattern)))


def _draft(draft: Path) -> Iterator[tuple[Path, Path]]:
    if draft.is_dir():
        found = list(_files(draft))
        if not found:
            raise UsageError(f"{draft} holds no rules: lay it out like a data folder, as lexicon/cues.yaml")
        yield from found
        return
    if not draft.is_file():
        raise UsageError(f"{draft}: no such file; give a file like cues.yaml, or a folder laid out like a data folder")
    if draft.stem in LEXICON and draft.suffix == ".yaml":
        yield draft, Path("lexicon") / draft.name
    elif (draft.stem in OWN and draft.suffix == ".yaml") or draft.name == "register.csv":
        yield draft, Path(draft.name)
    else:
        names = ", ".join(f"{each}.yaml" for each in (*LEXICON, *OWN))
        raise UsageError(f"{draft} is no file of rules by its name: {names} or register.csv")


class Trial:
    """Two sets of rules side by side over one archive."""

    def __init__(self, present: Configuration, draft: Configuration) -> None:
        self._sides = (present, draft)

    def run(self, store: Store, since: datetime | None, progress: Callable[[str, str], None]) -> Row:
        """What the draft gains and loses. Expected alerts a week are per channel, over the span of the archive."""
        changes: list[Row] = []
        number, first, last = 0, None, None
        with ExitStack() as stack:
            sides = [stack.enter_context(_Side(each)) for each in self._sides]
            for number, stored in enumerate(_archive(store, since), 1):
                first, last = first or stored.stored_at, stored.stored_at
                if number % PAGE == 0:
                    progress("read", f"{number} articles")
                article = stored.article
                readings = [side.read(article) for side in sides]
                if any(reading.reports for reading in readings):
                    told = [side.settle(stored, article) for side in sides]
                    changes += _change(article, readings, told)
            alerts = [side.alerts for side in sides]
        span = last - first if first is not None and last is not None else timedelta()
        return {
            "articles": number,
            "days": round(span / timedelta(days=1), 1),
            "gained": [each for each in changes if each["kind"] == "gained"],
            "lost": [each for each in changes if each["kind"] == "lost"],
            "changed": [each for each in changes if each["kind"] == "changed"],
            "alerts": [
                {
                    "channel": name or "all readers",
                    "now": alerts[0].get(name, 0),
                    "draft": alerts[1].get(name, 0),
                    "week_now": _weekly(alerts[0].get(name, 0), span),
                    "week_draft": _weekly(alerts[1].get(name, 0), span),
                }
                for name in sorted({*alerts[0], *alerts[1]})
            ],
        }


def _weekly(number: int, span: timedelta) -> float | None:
    """None where the archive spans less than a day: no rate follows from that."""
    return None if span < timedelta(days=1) else round(number * (WEEK / span), 2)


def _archive(store: Store, since: datetime | None) -> Iterator[StoredArticle]:
    """Articles whose text is still there, each revision, in the order in which they came."""
    after = 0
    while page := store.articles.after(after, limit=PAGE):
        after = page[-1][1].seq
        for _, each in page:
            if each.body is not None and (since is None or each.stored_at >= since):
                yield each


class _Side:
    """One set of rules with a throw-away store."""

    def __init__(self, configuration: Configuration) -> None:
        self._configuration = configuration
        self._rules = rulebook(configuration)
        self.alerts: dict[str, int] = dict.fromkeys(self._rules.watches, 0)

    def __enter__(self) -> _Side:
        self._store = Store.open("sqlite://")
        load_seeds(self._store, self._configuration, datetime.fromtimestamp(0).astimezone())
        return self

    def __exit__(self, *_: object) -> None:
        self._store.close()

    def read(self, article: Article) -> Reading:
        return self._rules.reader.read(article, self._outlet(article))

    def settle(self, stored: StoredArticle, article: Article) -> Outcome:
        """Decide and store one article in this side's own store."""
        at = stored.stored_at
        decider = Decider(store=self._store, rules=self._rules, compose=self._count, now=lambda: at, learning=False)
        page = Page(
            outlet=article.outlet,
            url=article.url,
            final_url=article.url,
            key=stored.url_key,
            status=200,
            content_type="text/html",
            fetched_at=article.fetched_at,
            discovered_at=article.discovered_at,
            record=stored.record,
        )
        outcome = decider.settle_article(article, page, self._outlet(article), key=stored.url_key)
        self._store.inbox.land(page)
        self._store.commit(outcome)
        return outcome

    def _outlet(self, article: Article) -> Outlet:
        return self._rules.outlets.get(article.outlet) or unknown_outlet(article.outlet, article.url)

    def _count(self, notice: Notice, _article: Article, _outlet: Outlet, _now: datetime) -> tuple[Alert, ...]:
        """Asked for each immediate alert."""
        self.alerts[notice.channel] += 1
        return ()


def _change(article: Article, readings: list[Reading], told: list[Outcome]) -> Iterator[Row]:
    """What the draft reads otherwise, in words."""
    before, after = readings
    sides = [_said(reading, outcome) for reading, outcome in zip(readings, told, strict=True)]
    if sides[0] == sides[1]:
        return
    worth = [_worth(reading, outcome) for reading, outcome in zip(readings, told, strict=True)]
    kind = "gained" if worth[1] > worth[0] else "lost" if worth[1] < worth[0] else "changed"
    why = [step for step in after.why if step not in before.why] or list(after.why)
    yield {
        "kind": kind,
        "key": article.key,
        "title": article.title,
        "outlet": article.outlet,
        "now": sides[0],
        "draft": sides[1],
        "why": why,
        "url": article.canonical_url or article.url,
    }


def _worth(reading: Reading, outcome: Outcome) -> tuple[bool, int]:
    """What a reader gets of it: an alert at once, an agreement, talks, nothing."""
    alerted = any(step.startswith("at once") for step in outcome.why)
    return alerted, ("other", "exploratory", "agreement").index(reading.label.value)


def _said(reading: Reading, outcome: Outcome) -> str:
    alerted = "; alerts at once" if _worth(reading, outcome)[0] else ""
    return "; ".join((reading.label.value, *map(_record, reading.reports))) + alerted


def _record(report: Report) -> str:
    return f"{report.partner} {report.stage} {report.instrument} {report.confidence:.2f}".replace("  ", " ")
