"""Whatever stands in a file, reading it ends in values or in a ConfigError."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.config.channels import ChannelsFile
from pipeline.config.document import parse_document, validate
from pipeline.config.outlets import outlet_from
from pipeline.config.settings import Settings
from pipeline.errors import ConfigError

HERE = Path("any.yaml")
PIECES = st.sampled_from(
    [
        *("name", "sources", "kind", "feed", "url", "https://x.example/", "languages", "[id]", "every", "10m", "cron"),
        *(
            ": ",
            ":\n  ",
            "\n",
            "- ",
            "{",
            "}",
            "[",
            "]",
            "&a ",
            "*a",
            "!!x ",
            "'",
            '"',
            "|",
            ">",
            "#",
            "%",
            "---",
            "\t",
        ),
        *("${X}", "${", "$${", "~", "1e999", ".inf", "0x1F", "\ufeff", "\x85", "é", "\U0001f600", "? ", "<<: ", ","),
        *("api", "items", "channels", "smtp", "to", "watch", "retention", "raw", "-5", "null", "true", "2026-11-21"),
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes(raw: bytes) -> None:
    with suppress(ConfigError):
        parse_document(raw, HERE)


@settings(max_examples=400, deadline=None)
@given(st.lists(PIECES, max_size=40).map("".join))
def test_any_pieces_of_yaml(text: str) -> None:
    for model in (Settings, ChannelsFile):
        with suppress(ConfigError):
            validate(model, parse_document(text.encode(), HERE), environ={"X": "x"})
    with suppress(ConfigError):
        outlet_from(parse_document(text.encode(), HERE))


@pytest.mark.parametrize(
    "text", ["[" * 100_000, "- " * 100_000, "a: {" * 50_000, "a:\n" + " a:\n" * 100_000, "x: '" + "a" * 900_000]
)
def test_deep_and_long_files_are_refused_quickly(text: str) -> None:
    with pytest.raises(ConfigError):
        parse_document(text.encode(), HERE)
