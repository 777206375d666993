"""People decide last: merge, split, edit, reject, undo; stored with author and reason, told to who was told otherwise.

What a decision binds is `pipeline.agreements.bindings`; what follows for later reports, `pipeline.agreements.grouping`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from difflib import get_close_matches

from kawat.correcting import Correcting
from pipeline.agreements import Regrouped, Thread, bindings, regroup
from pipeline.agreements.bindings import Bindings, organ_text, read_values
from pipeline.alert.correction import Cause, Correction, visible_changes
from pipeline.errors import StoreError, UsageError
from pipeline.model import Agreement, Alert, Decision, DecisionKind, Institution, Standing, digest
from pipeline.store import StaleDecision, Store
from pipeline.store.values import AgreementChange
from pipeline.threads import Linker

ALWAYS = datetime(1900, 1, 1, tzinfo=UTC), datetime(2300, 1, 1, tzinfo=UTC)
TRIES = 5
MAX_WORDS = 500

DONE = {
    DecisionKind.MERGE: "merged",
    DecisionKind.SPLIT: "split",
    DecisionKind.EDIT: "edited",
    DecisionKind.REJECT: "rejected",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruled:
    """What came of a decision: the agreements it touched as they now stand, and how many messages it sends."""

    decision: Decision
    agreements: tuple[Agreement, ...]
    messages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Deciding:
    """Decisions over one store. Every call raises UsageError for what makes no sense, StoreError where the store
    refuses; then nothing has changed."""

    store: Store
    linker: Linker
    correct: Correcting
    now: Callable[[], datetime]
    organs: Mapping[str, Institution] = field(default_factory=dict)  # those of the lexicon, by id

    def merge(self, keys: tuple[str, str], author: str, reason: str) -> Ruled:
        """The reports of two agreements belong to the first."""
        return self._settle(lambda: self._merged(self.agreement(keys[0]), self.agreement(keys[1]), author, reason))

    def split(self, key: str, named: Sequence[str], author: str, reason: str) -> Ruled:
        """Some reports of an agreement, named by their article (key, its beginning, address) or by their own key,
        belong to an agreement of their own."""
        return self._settle(lambda: self._split(self.agreement(key), named, author, reason))

    def edit(self, key: str, values: Mapping[str, str], author: str, reason: str) -> Ruled:
        """Slots of an agreement are what a person says, whatever its reports say."""
        if not values:
            raise UsageError("say what to set: --set stage=signed")

        def made() -> Decision:
            found = self.agreement(key)
            whole = {**values, **self._organs_in(found, values)}
            meant = whole.get("partner", "")
            return self._decision(
                DecisionKind.EDIT, found, author, reason, values=read_values(whole), partners=(meant,)
            )

        return self._settle(made)

    def reject(self, key: str, author: str, reason: str) -> Ruled:
        """What was taken for an agreement is none; nor is what later reports say of it."""
        return self._settle(lambda: self._decision(DecisionKind.REJECT, self.agreement(key), author, reason))

    def undo(self, number: int, author: str, reason: str) -> Ruled:
        """A decision no longer binds: its reports go where their facts, and decisions that still stand, put them."""

        def made() -> Decision:
            found = self.store.decisions.get(number)
            if found is None:
                raise UsageError(f"there is no decision {number}: kawat agreements decisions")
            if found.undone_at is not None:
                raise UsageError(f"decision {number} was undone already, by {found.undone_by}")
            why = _words(reason, "reason")
            return replace(found, undone_at=self.now(), undone_by=_words(author, "author"), undone_why=why)

        return self._settle(made)

    def agreement(self, key: str) -> Agreement:
        """The agreement of a key or of the beginning of one. Raises UsageError where none stands there."""
        found = self.store.agreements.get(key)
        alike = (found,) if found is not None else self.store.agreements.beginning(key, 2)
        if len(alike) != 1:
            problem = "begins the keys of more than one agreement" if alike else "is no agreement that is stored"
            raise UsageError(f"{key} {problem}: kawat agreements list")
        if not alike[0].reports:
            joined = f" since it is part of {alike[0].joined}" if alike[0].joined else ""
            raise UsageError(f"{key} no longer stands by itself{joined}")
        return alike[0]

    # -------------------------------------------------------------------------------------------------- what is decided

    def _decision(
        self,
        kind: DecisionKind,
        found: Agreement,
        author: str,
        reason: str,
        *,
        other: str | None = None,
        reports: tuple[str, ...] | None = None,
        parted: tuple[str, ...] = (),
        values: tuple[tuple[str, str], ...] = (),
        partners: tuple[str, ...] = (),
    ) -> Decision:
        """`partners` are those that the decision speaks of beside those that the agreement's reports name."""
        named = (each.report.partner for each in self.store.agreements.reports(found.key))
        every = [one for one in dict.fromkeys((*named, *partners, found.partner)) if one]
        return Decision(
            id=0,
            kind=kind,
            agreement=found.key,
            other=other,
            partner=every[0],
            further=every[1] if len(every) > 1 else "",
            reports=found.reports if reports is None else reports,
            parted=parted,
            values=values,
            author=_words(author, "author"),
            reason=_words(reason, "reason"),
            at=self.now(),
        )

    def _merged(self, one: Agreement, other: Agreement, author: str, reason: str) -> Decision:
        if one.key == other.key:
            raise UsageError(f"{one.key} is one agreement already")
        if one.partner != other.partner:
            raise UsageError(f"agreements with {one.partner} and {other.partner} cannot be one")
        reports = (*one.reports, *other.reports)
        named = tuple(each.report.partner for each in self.store.agreements.reports(other.key))
        return self._decision(
            DecisionKind.MERGE,
            one,
            author,
            reason,
            other=other.key,
            reports=reports,
            parted=other.reports,
            partners=named,
        )

    def _split(self, found: Agreement, named: Sequence[str], author: str, reason: str) -> Decision:
        parted = self._reports_of(found, named)
        left = tuple(key for key in found.reports if key not in parted)
        if not left:
            raise UsageError("a split leaves at least one report where it is")
        return self._decision(
            DecisionKind.SPLIT,
            found,
            author,
            reason,
            other=self._key_for(found, parted),
            reports=left,
            parted=parted,
        )

    def _organs_in(self, found: Agreement, values: Mapping[str, str]) -> dict[str, str]:
        """The institutions of an edit in full, where they are written as ids that the lexicon or a report knows."""
        text = values.get("institutions")
        if text is None or "|" in text:
            return {}
        reports = self.store.agreements.reports(found.key)
        known = {one.id: one for each in reports for one in each.report.institutions} | dict(self.organs)
        names = [name for name in map(str.strip, text.replace(";", ",").split(",")) if name]
        for name in names:
            if name not in known:
                near = ", ".join(get_close_matches(name, known, 3)) or "id|COUNTRY|Name"
                raise UsageError(f"{name!r} is no institution that Kawat knows; perhaps {near}")
        return {"institutions": "; ".join(organ_text(known[name]) for name in names)}

    def _reports_of(self, found: Agreement, named: Sequence[str]) -> tuple[str, ...]:
        told = self.store.agreements.reports(found.key)
        chosen = set()
        for name in named:
            fitting = {
                each.report.key
                for each in told
                if name in (each.url, each.report.key) or (len(name) >= 4 and each.report.article.startswith(name))
            }
            if not fitting:
                raise UsageError(f"{name} names no report of {found.key}: kawat agreements show {found.key[:8]}")
            chosen |= fitting
        if not chosen:
            raise UsageError("say which reports go: by the key or the address of their article")
        return tuple(key for key in found.reports if key in chosen)

    def _key_for(self, found: Agreement, parted: tuple[str, ...]) -> str:
        """The key of what is split off: the one it had before a merge, else its own."""
        for each in self.store.decisions.list():
            same = each.kind is DecisionKind.MERGE and each.agreement == found.key and set(each.parted) == set(parted)
            if same and each.other is not None and self._free(each.other):
                return each.other
        keys = (digest("agreement", found.partner, report) for report in parted)
        return next((key for key in keys if self._free(key)), digest("split", found.key, *parted))

    def _free(self, key: str) -> bool:
        stored = self.store.agreements.get(key)
        return stored is None or not stored.reports

    # ----------------------------------------------------------------------------------------------- what follows of it

    def _settle(self, made: Callable[[], Decision]) -> Ruled:
        for _ in range(TRIES):
            decision = made()
            partners = {*self.linker.allied(decision.partner), *filter(None, (decision.further,))}
            threads = self.linker.threads(sorted(partners), *ALWAYS)
            done = self._regrouped(decision, threads, self.store.decisions.standing(*sorted(partners)))
            kind = DONE[decision.kind] if decision.undone_at is None else "undone"
            changes = changes_of(done, kind, _why(decision), {*decision.reports, *decision.parted})
            changes = _told_apart(decision, threads, changes)
            alerts = self._corrections(decision, changes)
            ends = (Standing.REJECTED, Standing.LOST)
            silenced = [each.agreement.key for each in changes if each.agreement.standing in ends]
            try:
                stored = self.store.decisions.settle(decision, changes, alerts, now=self.now(), silenced=silenced)
            except StaleDecision:
                continue
            return Ruled(decision=stored, agreements=tuple(each.agreement for each in changes), messages=len(alerts))
        raise StoreError("its reports changed each time it was decided; try again")

    def _regrouped(self, decision: Decision, threads: Sequence[Thread], standing: tuple[Decision, ...]) -> Regrouped:
        """What the decision makes of the reports it names. All others stay where they are."""
        if decision.undone_at is None:
            standing = (*standing, replace(decision, id=max((each.id for each in standing), default=0) + 1))
        else:
            standing = tuple(each for each in standing if each.id != decision.id)
        by = bindings(standing)
        mine = {*decision.reports, *decision.parted}
        stay = {
            each.report.key: thread.agreement.key
            for thread in threads
            for each in thread.members
            if each.report.key not in mine
        }
        local = Bindings(pins={**stay, **by.pins}, values=by.values, rejected=by.rejected)
        if decision.undone_at is not None and decision.kind is DecisionKind.MERGE and decision.other is not None:
            threads = _as_before(threads, decision)
        return regroup((), threads, self.linker.register, local, whole=True)

    def _corrections(self, decision: Decision, changes: Sequence[AgreementChange]) -> tuple[Alert, ...]:
        told = tuple(each for each in changes if each.before is not None and each.before.told)
        before = tuple(each.before for each in told if each.before is not None)
        first = next((each for each in changes if each.agreement.key == decision.agreement), None)
        if not before or first is None:
            return ()
        cause = _cause(decision, changes, before)
        if cause is None:
            return ()
        others = tuple(
            each.agreement for each in changes if each is not first and each.agreement.standing is Standing.STANDS
        )
        reason = decision.reason if decision.undone_at is None else decision.undone_why
        at = decision.at if decision.undone_at is None else decision.undone_at
        correction = Correction(
            matter=digest("decision", decision.kind, decision.agreement, decision.other or "", at.isoformat()),
            cause=cause,
            told=before,
            after=first.agreement,
            others=others if cause is Cause.PARTED else (),
            reason=reason,
        )
        return self.correct(correction, self.now())


def changes_of(
    done: Regrouped, kind: str, why: tuple[str, ...], reports: Collection[str]
) -> tuple[AgreementChange, ...]:
    """What is stored of agreements that were put together anew, as far as they hold one of `reports` and changed."""
    made = [
        AgreementChange(agreement=each.agreement, before=each.before, kind=kind, why=why)
        for each in done.groups
        if each.agreement != each.before and not set(reports).isdisjoint(each.agreement.reports)
    ]
    gone = [
        AgreementChange(agreement=now, before=before, kind=str(now.standing), why=why) for before, now in done.retired
    ]
    return (*made, *gone)


def _cause(decision: Decision, changes: Sequence[AgreementChange], told: Sequence[Agreement]) -> Cause | None:
    """Why those who were told are written to; None where nothing that they were told has changed."""
    first = next(each for each in changes if each.agreement.key == decision.agreement)
    seen = first.before is not None and first.before.told
    changed = seen and first.before is not None and bool(visible_changes(first.before, first.agreement))
    rejected = first.agreement.standing is Standing.REJECTED
    was_rejected = first.before is not None and first.before.standing is Standing.REJECTED
    if rejected and not was_rejected:
        return Cause.REJECTED
    if rejected:
        return None
    if was_rejected:
        return Cause.RESTORED
    retired = {each.agreement.key for each in changes if each.agreement.standing is Standing.JOINED}
    if retired & {each.key for each in told}:
        return Cause.JOINED
    if any(each.before is None or not each.before.reports for each in changes) and seen:
        return Cause.PARTED
    return Cause.EDITED if changed else None


def _told_apart(
    decision: Decision, threads: Sequence[Thread], changes: tuple[AgreementChange, ...]
) -> tuple[AgreementChange, ...]:
    """What is split off from an agreement that was told counts as told: the correction says that there are two. What
    stood by itself before keeps what was told of it then."""
    if decision.kind is not DecisionKind.SPLIT or decision.undone_at is not None:
        return changes
    told = any(thread.agreement.key == decision.agreement and thread.agreement.told for thread in threads)
    return tuple(
        replace(each, agreement=replace(each.agreement, told=True, told_on=each.agreement.reports[:1]))
        if told and each.agreement.key == decision.other and each.before is None
        else each
        for each in changes
    )


def _as_before(threads: Sequence[Thread], decision: Decision) -> tuple[Thread, ...]:
    """The threads with the reports of a merge back where they were, so that each finds its key again."""
    moved = set(decision.parted)
    back = tuple(each for thread in threads for each in thread.members if each.report.key in moved)

    def restored(thread: Thread) -> Thread:
        left = tuple(each for each in thread.members if each.report.key not in moved)
        members = (*left, *back) if thread.agreement.key == decision.other else left
        return Thread(agreement=thread.agreement, members=members)

    return tuple(map(restored, threads))


def _why(decision: Decision) -> tuple[str, ...]:
    if decision.undone_at is not None:
        return (f"{decision.undone_by} undid decision {decision.id} ({decision.kind}): {decision.undone_why}",)
    return (f"{decision.author} decided ({decision.kind}): {decision.reason}",)


def _words(text: str, name: str) -> str:
    plain = " ".join(text.split())
    if not plain:
        raise UsageError(f"a decision needs its {name}: --{name}")
    if len(plain) > MAX_WORDS or not plain.isprintable():
        raise UsageError(f"--{name} is one line of at most {MAX_WORDS} characters")
    return plain
