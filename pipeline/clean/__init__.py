"""Cleaning: what is furniture is cut by named rules and kept; what is left is the story."""

from pipeline.clean.article import clean
from pipeline.clean.rules import Action, BadPattern, Cleaning, Rule, Zone, compile_rules

__all__ = ["Action", "BadPattern", "Cleaning", "Rule", "Zone", "clean", "compile_rules"]
