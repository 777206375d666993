"""What a message says has changed since its reader was told."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from alert_samples import NAMES, agreement, item

from pipeline.alert.render.card import card
from pipeline.model import Institution, Signatory, Stage

TOLD = agreement()


def changes(**after: Any) -> tuple[str, ...]:
    return card(item(before=TOLD, agreement=replace(TOLD, **after)), "en", "Asia/Jakarta", NAMES).changes


def test_the_same_body_or_person_in_other_words_is_no_change() -> None:
    again = tuple(replace(each, name=f"the {each.name}") for each in reversed(TOLD.institutions))
    other_post = (replace(TOLD.signatories[0], post="Communications Minister"),)
    assert changes(institutions=again, signatories=other_post) == ()


def test_a_list_says_what_came_and_what_went() -> None:
    bodies = (TOLD.institutions[0], Institution(id="soumu", name="Digital Agency", country="JP"))
    who = (*TOLD.signatories, Signatory(name="Aoki Haruto", post="Minister", side="JP"))
    assert changes(institutions=bodies, signatories=who) == (
        "Institutions: + Digital Agency (JP); − Ministry of Internal Affairs and Communications (JP)",
        "Signatories: + Aoki Haruto, Minister",
    )


def test_a_single_fact_is_shown_with_both_values() -> None:
    assert changes(stage=Stage.IN_FORCE) == ("Stage: signed → in force",)
