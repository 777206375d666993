"""What speaks for or against a report, each sign by its id and in the words in which a reason tells of it.

What each is worth is data (`config/lexicon/weights.yaml`). What a text made for machines costs is not: no draft of the
rules shall be able to switch that off (`pipeline.detect.suspicion`).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

SIGNS: Mapping[str, str] = MappingProxyType(
    {
        "strong_verb_with_paper": "a strong verb with its paper",
        "joint_statement": "declared agreed in a joint statement",
        "declared": "declared agreed",
        "strong_verb_beside_paper": "a strong verb, its paper named beside it",
        "strong_verb_alone": "a strong verb without a named paper",
        "paper_that_holds_it": "a paper that holds it",
        "persons_of_both_sides": "named persons of both sides",
        "dated": "its day is told",
        "placed": "its place is told",
        "bare_agreement": "its paper is only called an agreement",
        "headline_agrees": "headline and text agree",
        "organs_of_both": "organs of both states are named",
        "organs_talk": "organs of both states talk",
        "lies_ahead": "lies ahead",
        "official_source": "official source",
        "wire_source": "wire source",
        "unverified_source": "unverified source",
        "paper_names_both": "the paper of the package names an organ of each side",
        "side_from_context": "one side is read from the context",
        "private_at_the_top": "a company, campus or region stands at the top",
        "home_organ_assumed": "the home organ is not said to be the home state's",
        "home_organ_assumed_in_talks": "the home organ is not said to be the home state's",
        "subnational": "a region or party official, not the state",
        "weekday_disagrees": "the printed weekday is not that date's",
        "quotation_only": "told only in a quotation",
        "headline_only": "told only in the headline",
        "little_technology": "little on technology",
        "other_subjects": "much on other subjects",
    }
)
