"""Cells of exports: what a spreadsheet takes for a formula, refuses or cuts.

What comes from outside can begin like a formula; in CSV and XLSX such a cell gets an apostrophe in front, which is what
spreadsheets themselves do to show it as text (https://owasp.org/www-community/attacks/CSV_Injection).
"""

from __future__ import annotations

import re
from typing import Any

LONGEST_CELL = 32_767  # characters; https://support.microsoft.com/office/1672b34d-7043-467e-8e27-269d656771c3
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")

INSTANTS = frozenset(
    {
        *("first_published_utc", "first_discovered_utc", "last_reported_utc"),
        *("stored_at", "published", "discovered_at", "fetched_at"),
    }
)
"""Columns of instants in UTC: ISO 8601 in CSV and JSON Lines, dates that Excel knows in XLSX."""

LONG_COLUMNS = frozenset(
    {
        *("claim_en", "claim_id", "title", "institutions", "signatories", "source_urls", "confidence_reasons"),
        *("quote", "quote_url", "decision", "text", "url", "canonical_url", "why"),
    }
)
WIDE, NARROW = 60, 14


def safe(value: Any) -> str | int | float | None:
    """A cell that no spreadsheet takes for a formula, refuses or cuts unseen."""
    if value is None or isinstance(value, (int, float)):
        return ("yes" if value else "no") if isinstance(value, bool) else value
    text = "; ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
    text = UNPRINTABLE.sub("", text)
    if text.lstrip(" \u00a0\ufeff").startswith(FORMULA):
        text = "'" + text
    return text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - 1] + "…"
