"""`kawat reprocess`: the stored pages through today's rules.

    read every page again ─► what is read otherwise goes back into the inbox ─► the pipeline decides and stores it
    put every partner's agreements together anew ─► what came, went and changed

Nobody is told of it unless asked. A run that was ended goes on behind what it had read, while the rules are the same.
A dry run stores nothing: what would change follows from the set of reports alone (`agreements.grouping`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from kawat import __version__
from kawat.cli.face import Row
from kawat.deciding import ALWAYS, changes_of
from kawat.desk import Desk
from pipeline.agreements import Member, Regrouped, bindings, member, regroup
from pipeline.alert.claim import claim
from pipeline.alert.correction import visible_changes
from pipeline.alert.words import ENGLISH
from pipeline.errors import PageLost
from pipeline.landing import cleaned
from pipeline.model import (
    REREAD,
    RETOLD,
    Agreement,
    Article,
    Label,
    Reading,
    Reject,
    Standing,
    digest,
)
from pipeline.reading import for_cleaning
from pipeline.run import Tally
from pipeline.store import StaleDecision, Store
from pipeline.store.captures import Capture
from pipeline.store.values import AgreementChange, StoredArticle
from pipeline.threads import unknown_outlet

BATCH = 100
MARK = "reprocess"
"""Name in the store's meta table: how far an unfinished run has read, and under what."""

TRIES = 5

Progress = Callable[[str, str], None]


@dataclass(slots=True, kw_only=True)
class _Tally:
    """What reading came to."""

    pages: int = 0
    lost: int = 0  # their raw bytes are gone
    unread: int = 0  # articles that today's rules cannot read: they stay as they are
    otherwise: list[str] = field(default_factory=list)  # addresses of what is read otherwise
    members: list[Member] = field(default_factory=list)  # what is reported otherwise
    gone: set[str] = field(default_factory=set)
    partners: set[str] = field(default_factory=set)


class Reprocess:
    """One run over a desk's store."""

    def __init__(self, store: Store, desk: Desk, now: Callable[[], datetime]) -> None:
        self._store = store
        self._desk = desk
        self._now = now

    def run(self, *, since: datetime | None, dry_run: bool, alert: bool, progress: Progress) -> Row:
        """What changed, or would. Raises StoreError where the store takes nothing now; the next run goes on."""
        started = self._store.outbox.counts()
        before = self._standing()
        mark = digest(MARK, self._desk.pipeline.decider.rules.digest, __version__, str(since), str(alert))
        tally, done, number = _Tally(), Tally(), 0 if dry_run else self._read_up_to(mark)
        total, resumed = self._store.captures.count(since), number > 0
        while page := self._store.captures.after(number, limit=BATCH, since=since):
            number = page[-1].id
            again = [each.id for each in page if self._otherwise(each, tally)]
            if not dry_run:
                self._store.captures.again(again, RETOLD if alert else REREAD)
                self._desk.pipeline.drain(done)
                self._store.meta.set(MARK, json.dumps({"mark": mark, "read": number}))
            progress("read", f"{tally.pages} of {total} pages, {len(tally.otherwise)} read otherwise")
        if dry_run:
            after = before | self._foreseen(tally, progress)
        else:
            self._anew(progress)
            self._store.meta.set(MARK, "")
            after = self._standing()
        sent = self._store.outbox.counts()
        return {
            "dry_run": dry_run,
            "resumed": resumed,
            "pages": tally.pages,
            "articles": len(tally.otherwise),
            "lost_pages": tally.lost,
            "unread": tally.unread,
            **self._compared(before, after),
            "messages": sum(sent.values()) - sum(started.values()),
            "urls": tally.otherwise,
        }

    def _read_up_to(self, mark: str) -> int:
        held = self._store.meta.get(MARK)
        state = json.loads(held) if held else {}
        return int(state.get("read", 0)) if state.get("mark") == mark else 0

    def _standing(self) -> dict[str, Agreement]:
        found: dict[str, Agreement] = {}
        last: tuple[datetime, str] | None = None
        while page := self._store.agreements.list(limit=500, before=last, every=True):
            found |= {each.key: each for each in page}
            last = page[-1].first_discovered, page[-1].key
        return found

    # ---------------------------------------------------------------------------------------------------------- reading

    def _otherwise(self, capture: Capture, tally: _Tally) -> bool:
        """Whether today's rules read a page otherwise than is stored."""
        page, decider = capture.page, self._desk.pipeline.decider
        outlet = decider.rules.outlets.get(page.outlet) or unknown_outlet(page.outlet, page.url)
        tally.pages += 1
        try:
            body = self._desk.pipeline.read_body(page)
        except PageLost:
            tally.lost += 1
            return False
        read = decider.read(body, page, outlet)
        if isinstance(read, Reject) or (read.partial and not read.summary_only):
            tally.unread += capture.article is not None
            return False
        learned = self._store.furniture.known(outlet.slug)
        article = cleaned(read, page, outlet, decider.rules.cleaning, learned=learned, budget=for_cleaning())
        if isinstance(article, Reject):
            tally.unread += capture.article is not None
            return False
        stored = self._store.articles.by_key(article.key)
        if stored is not None and capture.article != article.key:
            return False  # an article stands there that another capture gave
        reading = decider.rules.reader.read(article, outlet)
        if stored is not None and stored.body is not None and not self._differs(stored, article, reading):
            return False
        self._note(article, reading, stored, tally)
        return True

    def _differs(self, stored: StoredArticle, article: Article, reading: Reading) -> bool:
        held = tuple(report for report, _ in self._store.articles.reports(article.key))
        same = {each.key: each for each in held} == {each.key: each for each in reading.reports}
        return not (same and stored.head.decided.label is reading.label and _text(stored.article) == _text(article))

    def _note(self, article: Article, reading: Reading, stored: StoredArticle | None, tally: _Tally) -> None:
        """Keep what a dry run must know of an article that is read otherwise."""
        decider = self._desk.pipeline.decider
        tally.otherwise.append(article.canonical_url or article.url)
        outlet = decider.rules.outlets.get(article.outlet) or unknown_outlet(article.outlet, article.url)
        made = {each.key for each in reading.reports if each.partner and each.label is not Label.OTHER}
        held = [report for report, key in self._store.articles.reports(article.key) if key is not None]
        tally.gone |= {each.key for each in held if each.key not in made}
        tally.partners |= {each.partner for each in held}
        copied = stored.duplicate_of if stored is not None else None
        for report in reading.reports:
            if report.key in made:
                tally.members.append(member(report, article, outlet, duplicate_of=copied))
                tally.partners.add(report.partner)

    # ------------------------------------------------------------------------------------------------------- agreements

    def _regrouped(self, partners: tuple[str, ...], newcomers: Iterable[Member], gone: Iterable[str]) -> Regrouped:
        linker = self._desk.deciding.linker
        threads = linker.threads(partners, *ALWAYS)
        by = bindings(self._store.decisions.standing(*partners))
        return regroup(tuple(newcomers), threads, linker.register, by, gone=frozenset(gone), whole=True)

    def _allies(self, partners: Iterable[str]) -> list[tuple[str, ...]]:
        """The partners, those together whose agreements are put together."""
        return sorted({self._desk.deciding.linker.allied(partner) for partner in partners})

    def _foreseen(self, tally: _Tally, progress: Progress) -> dict[str, Agreement]:
        """The agreements as they would stand."""
        found: dict[str, Agreement] = {}
        moved = {one.report.key: one.report.partner for one in tally.members}
        for partners in self._allies({*self._store.agreements.partners(), *tally.partners}):
            progress("link", " ".join(partners))
            mine = [one for one in tally.members if one.report.partner in partners]
            gone = {*tally.gone, *(key for key, to in moved.items() if to not in partners)}
            done = self._regrouped(partners, mine, gone)
            found |= {each.agreement.key: each.agreement for each in done.groups}
            found |= {after.key: after for _, after in done.retired}
        return found

    def _anew(self, progress: Progress) -> None:
        """Put the agreements of every partner together anew, each in one transaction."""
        for partners in self._allies(self._store.agreements.partners()):
            progress("link", " ".join(partners))
            for _ in range(TRIES):
                done = self._regrouped(partners, (), ())
                changes = self._changes(done)
                try:
                    self._store.decisions.regroup(changes, (), now=self._now())
                except StaleDecision:
                    continue
                break

    def _changes(self, done: Regrouped) -> tuple[AgreementChange, ...]:
        reports = {key for each in done.groups for key in each.agreement.reports}
        return changes_of(done, "reread", ("put together anew by today's rules",), reports)

    def _compared(self, before: Mapping[str, Agreement], after: Mapping[str, Agreement]) -> Row:
        """What came, went and changed, the told first."""
        gained, lost, changed = [], [], []
        for key in {*before, *after}:
            old, new = before.get(key), after.get(key)
            stood = old is not None and old.standing is Standing.STANDS
            stands = new is not None and new.standing is Standing.STANDS
            if new is not None and stands and not stood:
                gained.append(self._row(new))
            elif old is not None and stood and not stands:
                joined = new.joined if new is not None else None
                lost.append(self._row(old) | {"joined": joined})
            elif old is not None and new is not None and stands:
                slots = visible_changes(old, new)
                moved = old.reports != new.reports
                if slots or moved:
                    was = {slot: getattr(old, slot) for slot in slots}
                    row = {"slots": list(slots), "was": {name: _plain(value) for name, value in was.items()}}
                    reports = {"reports_before": len(old.reports), "reports": len(new.reports)}
                    changed.append(self._row(new) | row | reports)

        def order(row: Row) -> tuple[Any, ...]:
            return not row["told"], str(row["last_reported"]), row["key"]

        return {
            "gained": sorted(gained, key=order),
            "lost": sorted(lost, key=order),
            "changed": sorted(changed, key=order),
        }

    def _row(self, agreement: Agreement) -> Row:
        return {
            "key": agreement.key,
            "claim": claim(agreement, ENGLISH, self._desk.names),
            "partner": agreement.partner,
            "stage": str(agreement.stage),
            "told": agreement.told,
            "last_reported": agreement.last_reported,
        }


def _text(article: Article) -> tuple[Any, ...]:
    return article.title, article.paragraphs, article.published, article.language, article.headings


def _plain(value: Any) -> Any:
    return list(map(str, value)) if isinstance(value, tuple) else None if value is None else str(value)
