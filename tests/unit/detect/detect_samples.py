"""Articles made from a headline and paragraphs, and where the shipped lexicon lies."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

from pipeline.model import Article, Stamp

NOW = datetime(2026, 11, 21, tzinfo=UTC)
WIB = timezone(timedelta(hours=7))
LEXICON = Path(__file__).parents[3] / "config" / "lexicon"


def article(title: str, *paragraphs: str, published: str | None = None, language: str = "id") -> Article:
    stamp = None
    if published:
        instant = datetime.fromisoformat(published).replace(tzinfo=WIB)
        stamp = Stamp(raw=published, instant=instant.astimezone(UTC), zone="Asia/Jakarta", zone_source="assumed")
    return Article(
        key="k",
        outlet="contoh",
        url="https://contoh.example/a",
        canonical_url="https://contoh.example/a",
        title=title,
        paragraphs=tuple(paragraphs),
        headings=(),
        removed=(),
        credits=(),
        dateline="",
        authors=(),
        published=stamp,
        published_raw=published or "",
        section="",
        language=language,
        steps=(),
        fetched_at=NOW,
        discovered_at=NOW,
    )
