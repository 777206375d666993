"""The stories that the press prints: read from `stories/*.txt`, each with the labels that a reader should reach.

A story is a block that opens with `=== id`, then `key: value` lines, an empty line, and paragraphs parted by empty
lines. `text_of: other` takes the paragraphs of another story (a copy), `without: 2, 5` leaves some out, `swap: old =>
new` edits the rest. Texts hold no dates but placeholders (`dates.py`) and no furniture: that is the
outlet's template's part, so the clean text of every page is known. An unknown key, a missing text, a swap that hits
nothing is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from importlib import resources
from typing import Final

from kawat.press.dates import WIB

LABELS: Final = ("agreement", "exploratory", "other")
ROLES: Final = (
    "original", "verbatim", "light_edit", "rewrite", "other_language",
    "announcement", "follow_up", "talks", "negative", "ordinary",
)  # fmt: skip
STAGES: Final = (
    "exploring", "negotiating", "announced", "signed", "in_force", "implemented", "renewed", "ended", "none",
)  # fmt: skip
INSTRUMENTS: Final = ("mou", "moc", "loi", "agreement", "arrangement", "treaty", "joint_statement", "none")
_KEYS: Final = frozenset(
    [
        "outlet",
        "section",
        "slug",
        "title",
        "author",
        "editor",
        "initials",
        "age",
        "day0",
        "place",
        "caption",
        "pages",
        "blocked",
        "text_of",
        "without",
        "swap",
        "label",
        "event",
        "stage",
        "instrument",
        "partner",
        "fields",
        "signed",
        "role",
        "negative",
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """What a careful reader makes of a story, in the enumerations of the labelled articles."""

    label: str
    role: str
    event: str | None = None
    stage: str = "none"
    instrument: str = "none"
    partner: str | None = None  # ISO 3166-1 alpha-2; on an `other` story it claims nothing
    fields: tuple[str, ...] = ()
    signed: int | None = None  # days from the story's day zero
    copy_of: str | None = None  # the story that this one repeats almost word for word
    negative: str | None = None  # what kind of hard negative


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One article before it is printed. `age` and `day0` are hours before the press's now."""

    id: str
    outlet: str
    section: str
    slug: str
    title: str
    author: str
    paragraphs: tuple[str, ...]
    expected: Labels
    age: float
    day0: float
    place: str = ""
    editor: str = ""
    initials: str = ""
    caption: str = ""
    pages: int = 1
    blocked: bool = False  # stands in a section that robots.txt forbids

    def published(self, now: datetime) -> datetime:
        """When it appeared, to the minute."""
        return (now - timedelta(hours=self.age)).replace(second=0, microsecond=0)

    def day_zero(self, now: datetime) -> date:
        """The day that `{hari}` means, in Western Indonesian time."""
        return (now - timedelta(hours=self.day0)).astimezone(WIB).date()

    def signed_on(self, now: datetime) -> date | None:
        """The day of the act, where there is one."""
        days = self.expected.signed
        return None if days is None else self.day_zero(now) + timedelta(days=days)


def shipped() -> Mapping[str, Story]:
    """Every story that ships with Kawat, by id, in the order of the files."""
    folder = resources.files("kawat.press") / "stories"
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".txt")), key=lambda f: f.name)
    return parse("\n".join(file.read_text(encoding="utf-8") for file in files))


def parse(text: str) -> dict[str, Story]:
    """The stories of one text; ValueError names the story and what is wrong with it."""
    stories: dict[str, Story] = {}
    for chunk in re.split(r"(?m)^=== +", text)[1:]:
        name, _, rest = chunk.partition("\n")
        story_id = name.strip()
        if story_id in stories:
            raise ValueError(f"story {story_id!r} is told twice")
        try:
            stories[story_id] = _story(story_id, rest, stories)
        except (ValueError, KeyError) as error:
            raise ValueError(f"story {story_id!r}: {error}") from error
    return stories


def _story(story_id: str, rest: str, earlier: Mapping[str, Story]) -> Story:
    head, _, body = rest.partition("\n\n")
    one: dict[str, str] = {}
    swaps: list[tuple[str, str]] = []
    for line in head.splitlines():
        key, colon, value = line.partition(":")
        if not colon or key not in _KEYS:
            raise ValueError(f"no such key: {line!r}")
        if key == "swap":
            old, _, new = value.partition("=>")
            swaps.append((old.strip(), new.strip()))
        elif key in one:
            raise ValueError(f"{key} is given twice")
        else:
            one[key] = value.strip()
    own = tuple(" ".join(p.split()) for p in re.split(r"\n\s*\n", body) if p.strip())
    source = one.get("text_of")
    paragraphs = own if source is None else _copy(earlier[source].paragraphs, one.get("without", ""), swaps)
    if not paragraphs or (source and own):
        raise ValueError("a story has paragraphs of its own or those of another")
    age = float(one["age"])
    return Story(
        id=story_id,
        outlet=one["outlet"],
        section=one["section"],
        slug=one.get("slug") or slugify(one["title"]),
        title=one["title"],
        author=one["author"],
        paragraphs=paragraphs,
        expected=_labels(one, source),
        age=age,
        day0=float(one.get("day0", age)),
        place=one.get("place", ""),
        editor=one.get("editor", ""),
        initials=one.get("initials", ""),
        caption=one.get("caption", ""),
        pages=int(one.get("pages", "1")),
        blocked=one.get("blocked") == "yes",
    )


def _copy(paragraphs: tuple[str, ...], without: str, swaps: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    dropped = {int(n) for n in without.split(",") if n.strip()}
    kept = [p for n, p in enumerate(paragraphs, start=1) if n not in dropped]
    for old, new in swaps:
        if not old or not any(old in p for p in kept):
            raise ValueError(f"nothing to swap: {old!r}")
        kept = [p.replace(old, new) for p in kept]
    return tuple(kept)


def _labels(one: Mapping[str, str], source: str | None) -> Labels:
    labels = Labels(
        label=one["label"],
        role=one["role"],
        event=one.get("event"),
        stage=one.get("stage", "none"),
        instrument=one.get("instrument", "none"),
        partner=one.get("partner"),
        fields=tuple(f.strip() for f in one.get("fields", "").split(",") if f.strip()),
        signed=int(one["signed"]) if "signed" in one else None,
        copy_of=source,
        negative=one.get("negative"),
    )
    for value, allowed in (
        (labels.label, LABELS),
        (labels.role, ROLES),
        (labels.stage, STAGES),
        (labels.instrument, INSTRUMENTS),
    ):
        if value not in allowed:
            raise ValueError(f"{value!r} is none of {', '.join(allowed)}")
    return labels


def slugify(title: str) -> str:
    """A title as outlets put it into an address."""
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
