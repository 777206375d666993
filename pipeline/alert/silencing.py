"""What a silence is about: `partner=JP,KR field=ai` fits what has every term, with any of its values. Pure.

Terms about an agreement (partner, field, stage, level, agreement, outlet) fit its messages and its lines in messages
that gather; terms about a message (channel, recipient, kind, subject) fit any. `subject` may hold `*`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

from pipeline.errors import UsageError
from pipeline.model import Alert, AlertKind, Item, Silence

OF_MESSAGES = ("channel", "recipient", "kind", "subject")
OF_ITEMS = ("partner", "field", "stage", "level", "agreement", "outlet")
NEVER = frozenset({AlertKind.TEST, AlertKind.DIGEST})
"""Kinds that no silence keeps back whole: a digest's absence would mean that Kawat is down."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matcher:
    """A parsed silence."""

    terms: Mapping[str, tuple[str, ...]]

    def takes(self, alert: Alert) -> bool:
        """Whether it fits a whole message."""
        if alert.kind in NEVER or not self._of_message(alert):
            return False
        if not any(term in self.terms for term in OF_ITEMS):
            return True
        return bool(alert.items) and all(self.takes_item(each) for each in alert.items)

    def hides(self, alert: Alert) -> tuple[Item, ...]:
        """The lines of a message that it fits."""
        if not any(term in self.terms for term in OF_ITEMS) or not self._of_message(alert):
            return ()
        return tuple(each for each in alert.items if self.takes_item(each))

    def takes_item(self, item: Item) -> bool:
        """Whether it fits an agreement; terms about messages aside."""
        agreement = item.agreement
        has: dict[str, Collection[str]] = {
            "partner": (agreement.partner,),
            "field": agreement.fields,
            "stage": (agreement.stage.value,),
            "level": (agreement.level.value,),
            "outlet": (item.quote_source.outlet,),
        }
        for term, wanted in self.terms.items():
            if term == "agreement" and not any(agreement.key.startswith(each) for each in wanted):
                return False
            if term in has and not set(wanted) & set(has[term]):
                return False
        return True

    def _of_message(self, alert: Alert) -> bool:
        has = {"channel": alert.channel, "recipient": alert.recipient, "kind": alert.kind.value}
        for term, wanted in self.terms.items():
            if term in has and has[term] not in wanted:
                return False
            if term == "subject" and not any(fnmatchcase(alert.subject, each) for each in wanted):
                return False
        return True


def matcher(text: str) -> Matcher:
    """The matcher of `partner=JP,KR field=ai`. Raises UsageError."""
    terms: dict[str, tuple[str, ...]] = {}
    for word in text.split():
        name, _, values = word.partition("=")
        given = tuple(each for each in values.split(",") if each)
        if name not in (*OF_ITEMS, *OF_MESSAGES) or not given or name in terms:
            known = ", ".join((*OF_ITEMS, *OF_MESSAGES))
            raise UsageError(f"{word!r} is no term of a silence: write NAME=VALUE[,VALUE…], each name once, of {known}")
        terms[name] = given
    if not terms:
        raise UsageError("a silence needs at least one term, for example partner=JP field=ai")
    return Matcher(terms=terms)


def silenced_by(alert: Alert, silences: Collection[Silence]) -> Silence | None:
    """The silence that keeps a whole message back, None where none does."""
    return next((each for each in silences if matcher(each.matcher).takes(alert)), None)
