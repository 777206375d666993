"""Reports linked to stored agreements: asks the store for the neighbours that `agreements.linking` compares."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pipeline.agreements.linking import link
from pipeline.agreements.register import RegisterEntry
from pipeline.agreements.sources import Thread, member
from pipeline.model import (
    Agreement,
    Article,
    Expectations,
    Fetch,
    Label,
    Linked,
    Notice,
    Outlet,
    Politeness,
    Reading,
    Report,
    Selectors,
    Terms,
    Tier,
    Trust,
    Urgency,
)
from pipeline.store import Store
from pipeline.store.values import AgreementChange, Known

NEAR_WINDOW = timedelta(days=2200)
"""How far from a report an agreement may lie to be a candidate for linking: renewals come after five years."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Linker:
    """Links the reports of one article. Reads the store, writes nothing."""

    store: Store
    register: tuple[RegisterEntry, ...]
    outlets: Mapping[str, Outlet]

    def link(
        self, reading: Reading, article: Article, outlet: Outlet, *, now: datetime, duplicate_of: str | None
    ) -> tuple[tuple[Linked, ...], dict[str, Agreement]]:
        """Each report in turn, a later one seeing what an earlier one made; and what was stored of the agreements."""
        case = _Case(linker=self, article=article, outlet=outlet, now=now, duplicate_of=duplicate_of, before={})
        threads: dict[str, dict[str, Thread]] = {}
        linked: list[Linked] = []
        for report in reading.reports:
            if report.partner and report.label is not Label.OTHER:
                if report.partner not in threads:
                    threads[report.partner] = case.threads_with(report.partner)
                linked.append(case.link(report, threads[report.partner]))
        return tuple(linked), case.before

    def thread(self, known: Known) -> Thread:
        """A stored agreement with its reports, as linking wants them."""
        members = (
            member(each.report, each.head.article(), self._outlet(each.head.outlet), duplicate_of=each.duplicate_of)
            for each in known.sources
        )
        return Thread(agreement=known.agreement, members=tuple(members))

    def _outlet(self, slug: str) -> Outlet:
        return self.outlets.get(slug) or unknown_outlet(slug, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """What is the same for all reports of one article; `before` is filled with the agreements as they are stored."""

    linker: Linker
    article: Article
    outlet: Outlet
    now: datetime
    duplicate_of: str | None
    before: dict[str, Agreement]

    def threads_with(self, partner: str) -> dict[str, Thread]:
        published = self.article.published
        seen = published.instant if published else self.article.discovered_at
        since, until = min(seen, self.now) - NEAR_WINDOW, max(seen, self.now) + NEAR_WINDOW
        return {
            known.agreement.key: self._remember(known)
            for known in self.linker.store.agreements.near(partner, since, until)
        }

    def _remember(self, known: Known) -> Thread:
        self.before[known.agreement.key] = known.agreement
        return self.linker.thread(known)

    def link(self, report: Report, threads: dict[str, Thread]) -> Linked:
        """The report's agreement; `threads` then holds it as it now stands."""
        found = self._linked(report, threads.values())
        key = found.agreement.key
        if found.created and key not in threads:
            known = self.linker.store.agreements.known(key)
            if known is not None:  # stored after all, but further off than the candidates reach
                threads[key] = self._remember(known)
                found = self._linked(report, threads.values())
                key = found.agreement.key
        newcomer = member(report, self.article, self.outlet, duplicate_of=self.duplicate_of)
        others = threads[key].members if key in threads else ()
        members = (*(each for each in others if each.report.key != report.key), newcomer)
        threads[key] = Thread(agreement=found.agreement, members=members)
        return found

    def _linked(self, report: Report, threads: Collection[Thread]) -> Linked:
        return link(
            report,
            self.article,
            self.outlet,
            tuple(threads),
            self.linker.register,
            now=self.now,
            duplicate_of=self.duplicate_of,
        )


LATER = " | later "
"""Parts, in an agreement's decision, how it was told from what was told of it afterwards."""

_URGENT = (
    Urgency.AT_ONCE,
    Urgency.CATCH_UP,
    Urgency.STARTING_PICTURE,
    Urgency.UPDATE,
    Urgency.DIGEST,
    Urgency.COUNTER,
    Urgency.STORED,
)


def changes_of(
    links: tuple[Linked, ...], before: dict[str, Agreement], told: set[str], notices: tuple[Notice, ...] = ()
) -> tuple[AgreementChange, ...]:
    """One change per touched agreement, from what was stored of it to what this article makes of it in the end.

    `told` names the agreements that count as told from now on, `notices` say what is told of each and why.
    """
    changes: dict[str, AgreementChange] = {}
    for each in links:
        key = each.agreement.key
        stored = before.get(key)
        mine = [notice for notice in notices if notice.agreement.key == key]
        after = replace(
            each.agreement,
            told=each.agreement.told or key in told,
            decision=_decision(stored, mine, changed=bool(each.changed), told=key in told),
        )
        if after != stored:
            kind = "created" if stored is None else "changed" if each.changed else "reported"
            changes[key] = AgreementChange(agreement=after, before=stored, kind=kind, why=each.why)
    return tuple(changes.values())


def _decision(stored: Agreement | None, notices: list[Notice], *, changed: bool, told: bool) -> str:
    """What is told of an agreement and why, in words; what is told already stands while reports change nothing."""
    held = stored.decision if stored is not None else ""
    if not notices:
        return held
    new = _words(notices)
    if stored is None or not held or (told and not stored.told):
        return new
    if all(each.urgency in {Urgency.STORED, Urgency.COUNTER} for each in notices):
        return held
    if held.startswith(Urgency.STORED.value):
        return new
    if not changed:
        return held
    return f"{held.partition(LATER)[0]}{LATER}{new}" if stored.told else new


def _words(notices: list[Notice]) -> str:
    """The most urgent first; where channels differ, each with its name."""
    by_words: dict[str, list[str]] = {}
    for each in sorted(notices, key=lambda notice: _URGENT.index(notice.urgency)):
        by_words.setdefault(f"{each.urgency.replace('_', ' ')}: {'; '.join(each.why)}", []).append(each.channel)
    if len(by_words) == 1:
        return next(iter(by_words))
    return " / ".join(f"{', '.join(filter(None, dict.fromkeys(who)))}: {what}" for what, who in by_words.items())


def unknown_outlet(slug: str, url: str) -> Outlet:
    """A stand-in for an outlet whose file was taken away after its page was captured: unverified."""
    return Outlet(
        slug=slug,
        name=slug,
        homepage=url,
        languages=("id", "en"),
        tier=Tier.EXTRA,
        trust=Trust.UNVERIFIED,
        zone="Asia/Jakarta",
        country="ID",
        enabled=False,
        disabled_reason="not configured",
        fetch=Fetch.FULL,
        sources=(),
        every=timedelta(hours=1),
        cron=None,
        article=(),
        not_article=(),
        selectors=Selectors(),
        politeness=Politeness(),
        expect=Expectations(),
        terms=Terms(),
    )
