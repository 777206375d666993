"""Extraction: what a page, a captured item or a plain text says, before cleaning."""

from pipeline.extract.budget import Budget
from pipeline.extract.page import NEXT_PAGE, extract
from pipeline.extract.plain import extract_text

__all__ = ["NEXT_PAGE", "Budget", "extract", "extract_text"]
