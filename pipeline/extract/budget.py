"""What one page may cost: bytes, nodes, depth, and time by a clock that the caller injects."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


def _stopped() -> float:
    return 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """Limits for one page. `clock` answers seconds (`time.monotonic`); `deadline` is in its terms."""

    clock: Callable[[], float] = _stopped
    deadline: float = float("inf")
    max_bytes: int = 5 * 1024 * 1024
    max_nodes: int = 150_000  # opening angle brackets: the largest article page seen has 9,000
    max_depth: int = 800  # open elements: browsers stop at 512

    @classmethod
    def of(cls, seconds: float, clock: Callable[[], float]) -> Budget:
        """A budget that ends `seconds` from now by `clock`."""
        return cls(clock=clock, deadline=clock() + seconds)

    def spent(self) -> bool:
        """Whether the time is over."""
        return self.clock() > self.deadline


UNLIMITED = Budget()
"""No limit of time, for texts that a person gives."""
