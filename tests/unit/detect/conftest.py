"""A reader over the shipped lexicon."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from detect_samples import LEXICON, article

from pipeline.config.lexicon import load_lexicon
from pipeline.detect.lexicon import Lexicon
from pipeline.detect.reader import Reader
from pipeline.model import Outlet, Reading

Read = Callable[..., Reading]


@pytest.fixture(scope="session")
def lexicon() -> Lexicon:
    return load_lexicon(LEXICON)


@pytest.fixture(scope="session")
def reader(lexicon: Lexicon) -> Reader:
    return Reader(lexicon)


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
