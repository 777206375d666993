"""Every table. One MetaData, the same on SQLite and PostgreSQL; `migrations/` builds it, a test holds the two together.

Enumerations are text. What is looked up stands in columns; what is only read back stands as JSON beside them. The
full-text index (`search.py`) is the one thing that differs by database and is made by the migration alone.
"""

from __future__ import annotations

from pipeline.store.tables.agreements import AGREEMENTS, CHANGES, DECISIONS, REPORTS
from pipeline.store.tables.alerts import ATTEMPTS, DIGESTED, MENTIONS, NOTICES, OUTBOX, SILENCES, TOLD
from pipeline.store.tables.articles import ARTICLES, BANDS, FINGERPRINTS, FURNITURE, REJECTS, REVISIONS, REVISITS
from pipeline.store.tables.crawl import ARCHIVES, FRONTIER, HOSTS, INBOX, OUTLETS, RUNS, SOURCES, STEPS, TRAITS, WALKS
from pipeline.store.tables.schema import COUNTERS, EXPORTS, META, METADATA, RULES, SIZES, TALLIES

__all__ = [
    "AGREEMENTS",
    "ARCHIVES",
    "ARTICLES",
    "ATTEMPTS",
    "BANDS",
    "CHANGES",
    "COUNTERS",
    "DECISIONS",
    "DIGESTED",
    "EXPORTS",
    "FINGERPRINTS",
    "FRONTIER",
    "FURNITURE",
    "HOSTS",
    "INBOX",
    "MENTIONS",
    "META",
    "METADATA",
    "NOTICES",
    "OUTBOX",
    "OUTLETS",
    "REJECTS",
    "REPORTS",
    "REVISIONS",
    "REVISITS",
    "RULES",
    "RUNS",
    "SILENCES",
    "SIZES",
    "SOURCES",
    "STEPS",
    "TALLIES",
    "TOLD",
    "TRAITS",
    "WALKS",
]
