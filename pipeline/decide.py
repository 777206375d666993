"""What one captured page leads to: decided whole, stored nowhere. Reads the store, writes nothing.

    extract ──► Extracted | Reject            within a budget
    clean   ──► Article
    judge   ──► Verdict                       ◄── fingerprints, neighbours        (store)
    read    ──► Reading                       the rules of today
    link    ──► Linked, one per report        ◄── agreements with that partner    (store, register)
    plan    ──► Notice per report             each channel's own watch
    compose ──► Alert per recipient

The outcome is a function of the page, the rules and the stored neighbours, so reading it again changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from pipeline import amends
from pipeline.agreements import Grouped, RegisterEntry, linked
from pipeline.agreements.grouping import is_act
from pipeline.alert.plan import SHIPPED, Watch, plan
from pipeline.clean.learned import countable, counted
from pipeline.clean.rules import Cleaning
from pipeline.dedupe.body import body as body_of
from pipeline.dedupe.signature import fingerprint
from pipeline.detect.reader import Reader
from pipeline.furniture import Furniture
from pipeline.landing import address, cleaned, explain, partial, why_read
from pipeline.model import (
    REREAD,
    RETOLD,
    SILENT,
    Agreement,
    Alert,
    Article,
    Extracted,
    Linked,
    NearTo,
    New,
    Notice,
    Outlet,
    Page,
    Reject,
    Revises,
    SameAs,
    Trust,
    Urgency,
    Verdict,
    WalkKind,
)
from pipeline.net import url_key
from pipeline.past import repeated, verdict_on
from pipeline.reading import for_cleaning, read_here
from pipeline.revisit import first_look
from pipeline.store import Store
from pipeline.store.values import Outcome
from pipeline.threads import Linker, changes_of, unknown_outlet

QUEUED = (Urgency.DIGEST, Urgency.STARTING_PICTURE, Urgency.CATCH_UP)
"""What waits to be told together with others."""

SENT = (Urgency.AT_ONCE, Urgency.UPDATE, Urgency.COUNTER)
"""What goes into the outbox with its article."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rulebook:
    """Everything that decides, but for what is stored. `digest` names it in every decision."""

    reader: Reader
    cleaning: Cleaning
    register: tuple[RegisterEntry, ...]
    outlets: Mapping[str, Outlet]
    digest: str
    watches: Mapping[str, Watch] = field(default_factory=lambda: {"": SHIPPED})  # by channel name


Compose = Callable[[Notice, Article, Outlet, datetime], tuple[Alert, ...]]
"""Turns an immediate notice of an article into one alert per recipient whose watch it fits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """What is told of an article's reports."""

    article: Article
    outlet: Outlet
    notices: tuple[Notice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decider:
    """The stages over one store, under one set of rules."""

    store: Store
    rules: Rulebook
    compose: Compose
    now: Callable[[], datetime]
    correct: amends.Correct = lambda _correction, _now: ()
    catching_up: Callable[[], bool] = lambda: False
    learning: bool = True  # whether lines that recur in an outlet's articles are counted, and cut once they are learned
    read: Callable[[bytes, Page, Outlet], Extracted | Reject] = read_here

    def settle(self, page: Page, body: bytes) -> Outcome:
        """Decide everything about one captured page. Reads the store, writes nothing."""
        outlet = self.rules.outlets.get(page.outlet) or unknown_outlet(page.outlet, page.url)
        return self.settle_extracted(self.read(body, page, outlet), page, outlet)

    def settle_extracted(
        self, extracted: Extracted | Reject, page: Page, outlet: Outlet, *, age_rules: bool = True
    ) -> Outcome:
        """The same from what was read of the page."""
        now = self.now()
        if isinstance(extracted, Reject):
            return self._rejected(extracted, page, now)
        if extracted.partial and not extracted.summary_only:
            return self._rejected(partial(extracted, page, outlet), page, now)
        key = url_key(address(extracted, page, outlet))
        learned = self.store.furniture.known(outlet.slug) if self.learning else frozenset()
        article = cleaned(extracted, page, outlet, self.rules.cleaning, learned=learned, budget=for_cleaning())
        if isinstance(article, Reject):
            return self._rejected(article, page, now)
        return self.settle_article(article, page, outlet, key=key, age_rules=age_rules)

    def settle_article(
        self, article: Article, page: Page, outlet: Outlet, *, key: str, age_rules: bool = True
    ) -> Outcome:
        """The same from the cleaned article; `key` is the identity of its canonical address."""
        now = self.now()
        print_ = fingerprint(article.key, body_of(article))
        again = page.origin in (REREAD, RETOLD)
        verdict = verdict_on(self.store, article, print_)
        if again and isinstance(verdict, SameAs) and verdict.key == article.key:
            verdict = self._verdict_before(verdict)
        copied = verdict.key if isinstance(verdict, SameAs | NearTo) and verdict.key != article.key else None
        reading = self.rules.reader.read(article, outlet)
        linker = Linker(store=self.store, register=self.rules.register, outlets=self.rules.outlets)
        revised = isinstance(verdict, Revises)
        gone = amends.gone(self.store, article, reading, revised=not again) if again or revised else ()
        found = linker.link(reading, article, outlet, now=now, duplicate_of=copied, gone=gone)
        links = found.links
        before = {each.agreement.key: each.before for each in found.groups if each.before is not None}
        notices = self._plan(
            links,
            article,
            outlet,
            before,
            copy_of=self._trust_of(copied),
            repeats=repeated(self.store, copied, links),
            now=now,
            age_rules=age_rules,
            origin=page.origin,
        )
        said = _Said(article=article, outlet=outlet, notices=notices)
        telling = {each.agreement.key for each in notices if each.tells}
        late = tuple(
            self._moved(each, now=now, age_rules=age_rules) for each in found.moved if each.agreement.key not in telling
        )
        owed: tuple[Alert, ...] = ()
        if page.origin == RETOLD:
            owed = tuple(amends.reread(found, self.correct, now))
        elif revised and page.origin not in (SILENT, REREAD):
            owed = tuple(amends.revised(found, self.correct, telling, now))
            corrected = {dict(each.facts)["agreement"] for each in owed}
            said = replace(said, notices=amends.not_twice(said.notices, corrected))
        notices = tuple(notice for each in (said, *filter(None, late)) for notice in each.notices)
        told = {
            each.agreement.key: each.report.key
            for each in reversed(notices)
            if each.tells and each.urgency is not Urgency.STORED
        }
        return Outcome(
            page=page,
            result=article,
            url_key=key,
            stored_at=now,
            verdict=verdict,
            label=reading.label,
            why=(
                *why_read(article),
                explain(verdict),
                *reading.why,
                *(why for each in links for why in each.why),
                *dict.fromkeys(f"{each.urgency.replace('_', ' ')}: {'; '.join(each.why)}" for each in notices),
            ),
            rules=self.rules.digest,
            fingerprint=print_,
            reports=reading.reports,
            agreements=changes_of(found, told, notices),
            alerts=(
                *(alert for each in (said, *filter(None, late)) for alert in self._alerts(each, now)),
                *(
                    alert
                    for each in found.joins
                    if page.origin != REREAD
                    for alert in amends.joined(each, self.correct, now)
                ),
                *owed,
            ),
            notices=tuple(each for each in notices if each.urgency in QUEUED),
            told=tuple(
                (each.channel, each.agreement.key)
                for each in notices
                if each.tells and each.urgency is not Urgency.STORED
            ),
            furniture=self._counted(article, verdict, now) if not again else (),
            look_again=None if again or page.origin == SILENT else first_look(article, page, reading.label),
            candidates=found.candidates,
        )

    def _rejected(self, reject: Reject, page: Page, now: datetime) -> Outcome:
        return Outcome(
            page=page,
            result=reject,
            url_key=url_key(page.final_url or page.url),
            stored_at=now,
            why=(f"no article: {reject.reason}" + (f" ({reject.detail})" if reject.detail else ""),),
            rules=self.rules.digest,
        )

    def _counted(self, article: Article, verdict: Verdict, now: datetime) -> tuple[Furniture, ...]:
        """The outlet's recurring lines after this article; copies and revisions count for nothing."""
        if not self.learning or not isinstance(verdict, New) or article.summary_only:
            return ()
        lines = countable(article)
        return counted(article, lines, self.store.furniture.of(article.outlet, lines), now)

    # ---------------------------------------------------------------------------------------------------- duplicates

    def _verdict_before(self, same: SameAs) -> Verdict:
        """What was decided when the article was read first."""
        stored = self.store.articles.by_key(same.key)
        return stored.head.decided.verdict if stored is not None else New()

    def _trust_of(self, key: str | None) -> Trust | None:
        """The trust of the outlet that had a copied text first; a seed counts as press. None where nothing is."""
        if key is None:
            return None
        stored = self.store.articles.by_key(key)
        outlet = self.rules.outlets.get(stored.head.outlet) if stored is not None else None
        return outlet.trust if outlet is not None else Trust.PRESS

    # ------------------------------------------------------------------------------------------------------ telling

    def _alerts(self, said: _Said, now: datetime) -> Iterator[Alert]:
        for notice in said.notices:
            if notice.urgency in SENT:
                yield from self.compose(notice, said.article, said.outlet, now)

    def _moved(self, group: Grouped, *, now: datetime, age_rules: bool) -> _Said | None:
        """What is told of an agreement to which reports of another one came, by the first of its own that tells of it:
        their telling stays with the other one."""
        if group.agreement.told:
            return None
        for each in group.members:
            stored = self.store.articles.by_key(each.report.article) if is_act(each) and not each.duplicate_of else None
            if stored is None:
                continue
            outlet = self.rules.outlets.get(stored.head.outlet) or unknown_outlet(stored.head.outlet, stored.head.url)
            notices = self._plan(
                (linked(group, each),),
                stored.article,
                outlet,
                {},
                copy_of=None,
                now=now,
                age_rules=age_rules,
                origin="",
            )
            if any(notice.tells for notice in notices):
                return _Said(article=stored.article, outlet=outlet, notices=notices)
        return None

    def _plan(
        self,
        links: tuple[Linked, ...],
        article: Article,
        outlet: Outlet,
        before: Mapping[str, Agreement],
        *,
        copy_of: Trust | None,
        repeats: Mapping[str, float] | None = None,
        now: datetime,
        age_rules: bool,
        origin: str,
    ) -> tuple[Notice, ...]:
        """One notice per report and audience: what each channel's own watch makes of it."""
        keys = [each.agreement.key for each in links]
        notices: list[Notice] = []
        if origin == RETOLD:  # found now, not when its page was
            article = replace(article, discovered_at=now, baseline=False)
        for name, watch in self.rules.watches.items() if links else ():
            planned = plan(
                links,
                article,
                outlet,
                watch,
                now=now,
                copy_of=copy_of,
                repeats=repeats,
                age_rules=age_rules,
                digested=self.store.notices.held(name, keys),
                elsewhere=self.store.notices.elsewhere(name, keys),
            )
            notices.extend(replace(notice, channel=name, before=before.get(notice.agreement.key)) for notice in planned)
        if origin in (SILENT, REREAD):
            why = "found by a backfill that tells nobody" if origin == SILENT else "read again by today's rules"
            return tuple(replace(each, urgency=Urgency.STORED, why=(*each.why, why)) for each in notices)
        if origin == WalkKind.GAP or self.catching_up():
            return tuple(
                replace(notice, urgency=Urgency.CATCH_UP) if notice.urgency is Urgency.AT_ONCE else notice
                for notice in notices
            )
        return tuple(notices)
