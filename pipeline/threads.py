"""Reports linked to stored agreements: asks the store for what `agreements.grouping` puts together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pipeline.agreements import Grouped, Member, RegisterEntry, Regrouped, Thread, bindings, linked, member, regroup
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
from pipeline.store.values import AgreementChange, Candidates, Known

NEAR_WINDOW = timedelta(days=2200)
"""How far from a report an agreement may lie to be a candidate for linking: renewals come after five years."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """What linking the reports of one article led to: each report's agreement, and every agreement that it touched."""

    links: tuple[Linked, ...]
    regrouped: tuple[Regrouped, ...]
    candidates: tuple[Candidates, ...] = ()

    @property
    def groups(self) -> Iterator[Grouped]:
        for each in self.regrouped:
            yield from each.groups

    @property
    def moved(self) -> tuple[Grouped, ...]:
        """Agreements to which reports came, because of this article, that were another's or stood alone before."""
        mine = {each.report for each in self.links}
        return tuple(
            each
            for each in self.groups
            if {*each.agreement.reports} - {*(each.before.reports if each.before is not None else ())} - mine
        )

    @property
    def joins(self) -> tuple[Grouped, ...]:
        """Agreements of which other ones became part."""
        return tuple(each for each in self.groups if each.joined)


@dataclass(frozen=True, slots=True, kw_only=True)
class Linker:
    """Links the reports of one article. Reads the store, writes nothing."""

    store: Store
    register: tuple[RegisterEntry, ...]
    outlets: Mapping[str, Outlet]

    def link(
        self,
        reading: Reading,
        article: Article,
        outlet: Outlet,
        *,
        now: datetime,
        duplicate_of: str | None,
        gone: Sequence[Report] = (),
    ) -> Links:
        """The reports of an article among the stored agreements (`agreements.grouping`); `gone` are former ones."""
        named = dict.fromkeys(each.partner for each in (*reading.reports, *gone))
        allies = {partner: self.allied(partner) for partner in named}
        newcomers: dict[tuple[str, ...], list[Member]] = {}
        for report in reading.reports:
            if report.partner and report.label is not Label.OTHER:
                one = member(report, article, outlet, duplicate_of=duplicate_of)
                if one.published is not None and one.published > now:
                    one = replace(one, published=None, until=None)
                newcomers.setdefault(allies[report.partner], []).append(one)
        left: dict[tuple[str, ...], list[str]] = {}
        for each in gone:
            left.setdefault(allies[each.partner], []).append(each.key)
        done = {
            partners: self._regroup(partners, newcomers.get(partners, ()), left.get(partners, ()), article, now)
            for partners in dict.fromkeys((*newcomers, *left))
        }
        regrouped = {partners: each for partners, (_, each) in done.items()}
        every = [one for some in newcomers.values() for one in some]
        order = {report.key: place for place, report in enumerate(reading.reports)}
        return Links(
            links=tuple(
                linked(regrouped[allies[one.report.partner]].of(one.report.key), one)
                for one in sorted(every, key=lambda one: order[one.report.key])
            ),
            regrouped=tuple(regrouped.values()),
            candidates=tuple(among for among, _ in done.values()),
        )

    def _regroup(
        self,
        partners: tuple[str, ...],
        newcomers: Sequence[Member],
        gone: Sequence[str],
        article: Article,
        now: datetime,
    ) -> tuple[Candidates, Regrouped]:
        seen = [each.seen for each in newcomers] or [
            article.published.instant if article.published else article.discovered_at
        ]
        window = min(*seen, now) - NEAR_WINDOW, max(*seen, now) + NEAR_WINDOW
        among = self.store.agreements.among(partners, *window)
        threads = self.threads(partners, *window)
        by = bindings(self.store.decisions.standing(*partners))
        done = regroup(newcomers, threads, self.register, by, gone=gone)
        known = {each.agreement.key for each in threads}
        new = [each.agreement.key for each in done.groups if each.agreement.key not in known]
        further = [found for key in new if (found := self.store.agreements.known(key)) is not None]
        if not further:
            return among, done
        # stored after all, but further off than the candidates reach
        return among, regroup(newcomers, (*threads, *map(self.thread, further)), self.register, by, gone=gone)

    def allied(self, partner: str) -> tuple[str, ...]:
        """The partners whose agreements are put together with those of this one, itself among them."""
        return self.store.decisions.allied(partner)

    def threads(self, partners: Iterable[str], since: datetime, until: datetime) -> tuple[Thread, ...]:
        """The stored agreements with these partners, each with its reports."""
        near = (each for partner in partners for each in self.store.agreements.near(partner, since, until))
        return tuple(map(self.thread, near))

    def thread(self, known: Known) -> Thread:
        """A stored agreement with its reports, as linking wants them."""
        members = (
            member(each.report, each.head.article(), self._outlet(each.head.outlet), duplicate_of=each.duplicate_of)
            for each in known.sources
        )
        return Thread(agreement=known.agreement, members=tuple(members))

    def _outlet(self, slug: str) -> Outlet:
        return self.outlets.get(slug) or unknown_outlet(slug, "")


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


def changes_of(found: Links, told: Mapping[str, str], notices: tuple[Notice, ...] = ()) -> tuple[AgreementChange, ...]:
    """One change per touched agreement, from what was stored of it to what this article makes of it in the end.

    `told` names the agreements that count as told from now on, each with the report on which; `notices` say what is
    told of each and why.
    """
    changes: list[AgreementChange] = []
    for each in found.groups:
        key, stored = each.agreement.key, each.before
        mine = [notice for notice in notices if notice.agreement.key == key]
        links = [link for link in found.links if link.agreement.key == key]
        changed = any(link.changed for link in links)
        after = replace(
            each.agreement,
            told=each.agreement.told or key in told,
            told_on=tuple(sorted({*each.agreement.told_on, *([told[key]] if key in told else ())})),
            decision=_decision(stored, mine, changed=changed, told=key in told),
        )
        if after != stored:
            kind = "created" if each.created else "changed" if changed else "reported" if links else "regrouped"
            why = tuple(why for link in links for why in link.why) or _regrouped(each)
            changes.append(AgreementChange(agreement=after, before=stored, kind=kind, why=why))
    for some in found.regrouped:
        for stored, gone in some.retired:
            why = (f"part of the agreement {gone.joined}",) if gone.joined else ("no report tells of it any longer",)
            changes.append(AgreementChange(agreement=gone, before=stored, kind=str(gone.standing), why=why))
    return tuple(changes)


def _regrouped(group: Grouped) -> tuple[str, ...]:
    """Why an agreement changed that the article does not report."""
    if group.parted is not None:
        return (f"parted from the agreement {group.parted}: a report that was published earlier sets them apart",)
    return ("its reports were put together anew: one that was published earlier came in",)


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
