"""Decides what is told, and when: at once, in the digest, in the starting picture, or not at all. Pure.

    copy? ─ yes ─► stored          relation, label, watch ─ out ─► stored
    baseline? ─ yes ─► starting picture (7 days) or stored
    a new act, sure enough, from a trusted source, not told before ─► at once, if fresh; else digest, "found late"
    everything else worth telling ─► digest

What tells readers of an agreement sets `Notice.tells`: whoever stores the notice marks the agreement as told, and no
later report of it alerts at once. Talks and announcements in a digest do not use that up. Every decision is in words.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from pipeline.model import Level, Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """What a channel is told about. The defaults are the shipped watch; an empty tuple restricts nothing.

    `confidence` is what an immediate alert needs, `digest_confidence` what a digest line needs (0 to 1). `levels` and
    `stages` are those that alert at once; others still reach the digest. `declared` lets an agreement that ministers
    or leaders declare without a signing alert like a signing. `max_age` is publication to discovery, `max_act_age` act
    to publication, `baseline_window` how far back an outlet's first poll is told.
    """

    confidence: float = 0.80
    digest_confidence: float = 0.50
    levels: tuple[Level, ...] = (Level.G2G, Level.AGENCY, Level.SOE)
    stages: tuple[Stage, ...] = (Stage.SIGNED, Stage.RENEWED, Stage.IN_FORCE)
    declared: bool = True
    partners: tuple[str, ...] = ()  # ISO 3166-1 alpha-2
    fields: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()  # ISO 639-1, of the article
    max_age: timedelta = timedelta(hours=72)
    max_act_age: timedelta = timedelta(days=30)
    baseline_window: timedelta = timedelta(days=7)
