"""The composition root's face: what the command line, and later the pages, ask of one data folder.

`App` is the `Engine` (what works) and the answers a person asks for; every row is made in `listings.py`.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from kawat import boilerplate, listings, proof, silencing, standing
from kawat.archive import erase
from kawat.backfill import backfill
from kawat.cable import cable_of
from kawat.cli.face import Asked, Backfilled, Filter, Progress, Row, Status, Tested
from kawat.corpus import Corpus
from kawat.decided import decided, decision_row, memberships
from kawat.drill import drill
from kawat.engine import Engine
from kawat.explaining import Supposed, explain
from kawat.labels import Labels, judged
from kawat.replay import replay
from kawat.reprocess import Reprocess
from kawat.rulebook import rulebook
from kawat.sampling import sample
from kawat.trial import Trial, drafted
from pipeline.alert.channel import ChannelKind
from pipeline.alert.claim import claim
from pipeline.alert.deliver import try_once
from pipeline.errors import UsageError
from pipeline.files import export_agreements, export_articles
from pipeline.model import Agreement, Level, Stage
from pipeline.net import url_key
from pipeline.store.values import StoredArticle


class App(Engine):
    """See `kawat.cli.face.App` for what each answer holds."""

    def backfill(
        self, *, since: date, until: date | None, outlets: Sequence[str], alert: bool, progress: Progress
    ) -> Backfilled:
        return backfill(self, since=since, until=until, outlets=outlets, alert=alert, progress=progress)

    def reprocess(self, *, since: datetime | None, dry_run: bool, alert: bool, progress: Progress) -> Row:
        """Read the stored pages by today's rules. Raises AlreadyRunning where something else is at work here."""
        run = Reprocess(self.store, self.desk, self.now)
        if dry_run:
            return run.run(since=since, dry_run=True, alert=alert, progress=progress)
        with self.exclusive("reprocess"):
            done = run.run(since=since, dry_run=False, alert=alert, progress=progress)
            self.write_files()
            return done

    def status(self) -> Status:
        return standing.status(self.store, self.configuration, self.issues(), self.now())

    def outlets(self) -> list[Row]:
        return standing.outlet_rows(self.store, self.configuration)

    def boilerplate(self, slug: str) -> list[Row]:
        return boilerplate.rows(self.store, self.configuration, slug)

    def say_boilerplate(self, slug: str, hash_: str, *, cut: bool) -> Row:
        return boilerplate.say(self.store, self.configuration, slug, hash_, cut=cut)

    def articles(self, wanted: Filter) -> list[Row]:
        return listings.articles(self.store, wanted)

    def article(self, key_or_url: str) -> Row | None:
        return listings.article(self.store, key_or_url)

    def export_articles(self, wanted: Filter, to: Path, form: str) -> int:
        return export_articles(self.store, to, form, outlet=wanted.outlet or None, since=wanted.since)

    def agreements(self, wanted: Filter) -> list[Row]:
        return listings.agreements(self.store, wanted, self.desk.names)

    def agreement(self, key: str) -> Row | None:
        row = listings.agreement(self.store, key, self.desk.names)
        return row if row is None else row | memberships(self.desk.deciding, row)

    def cable(self, key: str) -> str | None:
        return cable_of(self.store, self.configuration, key, self.desk.names, now=self.now())

    def decide(self, asked: Asked) -> Row:
        """Take a person's decision. Raises UsageError for one that makes no sense."""
        return decided(self.desk.deciding, asked, self.desk.names)

    def decisions(self, limit: int) -> list[Row]:
        return [decision_row(each) for each in self.store.decisions.list(limit=limit)]

    def export_agreements(self, to: Path, form: str) -> int:
        return export_agreements(self.store, to, form, self._claim)

    def _claim(self, agreement: Agreement, language: str) -> str:
        return claim(agreement, language, self.desk.names)

    def alerts(self, wanted: Filter) -> list[Row]:
        return listings.alerts(self.store, wanted)

    def alert(self, reference: str) -> Row:
        return proof.show(self.store, reference, now=self.now())

    def retry(self, references: Sequence[str], *, all_failed: bool) -> list[Row]:
        return proof.retry(self.store, references, all_failed=all_failed, now=self.now())

    def silence(self, terms: str, *, author: str, reason: str, until: datetime) -> Row:
        return silencing.add(self.store, terms, author=author, reason=reason, until=until, now=self.now())

    def silences(self, *, every: bool) -> list[Row]:
        return silencing.rows(self.store, self.now(), every=every)

    def end_silence(self, number: int, *, by: str) -> None:
        silencing.end(self.store, number, by=by, now=self.now())

    def explain(
        self,
        *,
        at: datetime,
        partner: str,
        fields: tuple[str, ...],
        stage: Stage,
        level: Level,
        confidence: float,
        language: str,
    ) -> list[Row]:
        supposed = Supposed(
            partner=partner, fields=fields, stage=stage, level=level, confidence=confidence, language=language
        )
        return explain(self.configuration.channels, self.store.silences.active(at), supposed, at)

    def replay(self, reference: str) -> Row:
        return replay(self.store, self.configuration, reference)

    def times(self, since: datetime | None) -> list[Row]:
        return proof.times(self.store, since=since)

    def drill(self) -> list[Row]:
        return drill(self.configuration, self.desk.notifiers, self.desk.names, now=self.now)

    def test_channels(self, channel: str = "") -> list[Tested]:
        """Send a TEST over every channel, or the one named, now. Raises UsageError for an unknown name."""
        channels = [each for each in self.configuration.channels if channel in ("", each.name)]
        if not channels:
            known = ", ".join(each.name for each in self.configuration.channels)
            raise UsageError(f"there is no channel {channel!r}; known are: {known}")
        return [
            Tested(
                channel=each.name,
                recipient=alert.recipient,
                attempt=try_once(self.desk.notifiers[each.name], alert, now=self.now()),
                into_file=each.kind is ChannelKind.FILE,
            )
            for each in channels
            for alert in self.desk.telling.trials(each, self.now())
        ]

    def why(self, url: str) -> list[str] | None:
        return listings.why(self.store, url)

    def purge(self, url: str) -> int:
        """Delete every stored copy of an address; how many things went. The files are written anew without it."""
        purged = self.store.retention.purge(
            url, self.now(), url_key(url), erase=lambda record: erase(self.archive, record)
        )
        self.write_files()
        Labels(self.folder).forget(url)
        return purged.articles + purged.rejects + len(purged.records)

    def seed_add(self, paths: Sequence[Path]) -> list[Row]:
        return self._corpus().add(paths, now=self.now(), stdin=sys.stdin)

    def seed_list(self) -> list[Row]:
        return self._corpus().list()

    def seed_remove(self, key: str) -> bool:
        return self._corpus().remove(key)

    def feedback(self, name: str, *, right: bool, label: str, note: str) -> Row:
        """Note what a reader says of an article, or of the first article of an agreement. Raises UsageError."""
        stored = listings.stored_of(self.store, name) or self._first_of(name)
        if stored is None:
            raise UsageError(f"{name} is no article and no agreement that is stored here: kawat articles list")
        labels, rules = Labels(self.folder), self.configuration.digest
        part = labels.drawn().get(stored.head.key, "")
        row = judged(
            self.store, stored, right=right, label=label, note=note, at=self.now(), part=part, rules=rules
        )  # fmt: skip
        labels.add(row)
        return row

    def _first_of(self, name: str) -> StoredArticle | None:
        found = self.store.agreements.get(name)
        alike = (found,) if found is not None else self.store.agreements.beginning(name, 2)
        told = self.store.agreements.reports(alike[0].key) if len(alike) == 1 else ()
        return self.store.articles.by_key(told[0].report.article) if told else None

    def sample(self, *, number: int, since: datetime | None, seed: int) -> Row:
        """Random articles that told nobody, and how many agreements were missed by what was judged of them."""
        labels = Labels(self.folder)
        return sample(self.store, labels, number=number, since=since, seed=seed, now=self.now())

    def try_rules(self, draft: Path, *, since: datetime | None, progress: Progress) -> Row:
        """What a draft of the rules would change over the stored articles. Raises UsageError, ConfigError."""
        return Trial(self.configuration, drafted(self.folder, draft, self._environ)).run(self.store, since, progress)

    def _corpus(self) -> Corpus:
        return Corpus(self.folder, self.configuration, rulebook(self.configuration))
