"""A reader over the shipped lexicon, and articles made from a headline and paragraphs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from pipeline.config.lexicon import load_lexicon
from pipeline.detect.lexicon import Lexicon
from pipeline.detect.reader import Reader
from pipeline.model import Article, Outlet, Reading, Stamp

NOW = datetime(2026, 11, 21, tzinfo=UTC)
WIB = timezone(timedelta(hours=7))
LEXICON = Path(__file__).parents[3] / "config" / "lexicon"

Read = Callable[..., Reading]


@pytest.fixture(scope="session")
def lexicon() -> Lexicon:
    return load_lexicon(LEXICON)


@pytest.fixture(scope="session")
def reader(lexicon: Lexicon) -> Reader:
    return Reader(lexicon)


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


@pytest.fixture(scope="session")
def read(reader: Reader) -> Read:
    """`read(title, *paragraphs, published=..., language=...)`, every evidence checked against its offsets."""

    def one(
        title: str,
        *paragraphs: str,
        published: str | None = None,
        language: str = "id",
        outlet: Outlet | None = None,
    ) -> Reading:
        made = article(title, *paragraphs, published=published, language=language)
        reading = reader.read(made, outlet)
        for report in reading.reports:
            assert report.quote is not None
            for each in report.evidence:
                source = made.title if each.where == "title" else made.text
                assert source[each.start : each.end] == each.quote
                assert each.quote
        return reading

    return one
