"""The two sides of an act."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.model import Level


@dataclass(frozen=True, slots=True)
class Pair:
    """`home` whether the home state acts, `foreign` the partner's code or "". `organs` when both act through organs."""

    home: bool = False
    foreign: str = ""
    level: Level = Level.G2G
    excluded: str = ""
    subnational: bool = False
    organs: bool = False
    inherited: bool = False
    assumed: bool = False

    @property
    def complete(self) -> bool:
        return self.home and bool(self.foreign)

    def words(self) -> str:
        home = "the home state" if self.home else "no home side"
        return f"{home} with {self.foreign or 'no foreign state'}" + (" (from the context)" if self.inherited else "")
