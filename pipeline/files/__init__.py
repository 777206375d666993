"""Files a person inspects, written from the store. `docs/data.md` defines every column and key."""

from __future__ import annotations

from pipeline.files.daily import DataFiles, Written
from pipeline.files.lines import SCHEMA_VERSION
from pipeline.files.tables import AGREEMENT_COLUMNS, ARTICLE_COLUMNS, Claim, export_agreements, export_articles

__all__ = [
    "AGREEMENT_COLUMNS",
    "ARTICLE_COLUMNS",
    "SCHEMA_VERSION",
    "Claim",
    "DataFiles",
    "Written",
    "export_agreements",
    "export_articles",
]
