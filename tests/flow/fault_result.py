"""What came of breaking a cycle, and whether the promise was kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta


@dataclass(slots=True, kw_only=True)
class Result:
    """What came of the tries of one case, added up."""

    tries: int = 0
    lost: int = 0  # messages that nobody got and that are not shown as given up
    marked: int = 0  # second copies that say so
    unmarked: int = 0  # second copies that do not
    most_repeats: int = 0  # in any one try
    given_up: int = 0  # shown as such, and can be tried again
    latest: timedelta = timedelta()  # how long after the first turn the last message came, at most
    unreadable: list[str] = field(default_factory=list)
    broken: bool = True  # whether what was to break did

    def add(self, other: Result) -> None:
        self.tries += other.tries
        self.lost += other.lost
        self.marked += other.marked
        self.unmarked += other.unmarked
        self.most_repeats = max(self.most_repeats, other.most_repeats)
        self.given_up += other.given_up
        self.latest = max(self.latest, other.latest)
        self.unreadable += other.unreadable

    @property
    def kept(self) -> bool:
        """The promise: nothing lost, at most the one marked repeat, state readable; and that it was tried at all."""
        return self.tries > 0 and not (self.lost or self.unmarked or self.unreadable) and self.most_repeats <= 1
